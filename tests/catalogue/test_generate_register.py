"""The invented register: rich, the same for the same seed, published as all publications are, stopped and continued."""

import io
import json
from collections import Counter
from contextlib import ExitStack

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from heritage.catalogue.generation import Maker
from heritage.catalogue.models import Edition, Entry, EntryTerm, Happening
from heritage.registry.models import (
    Actor,
    Citation,
    Journal,
    Location,
    Monument,
    Name,
    Place,
    PlaceMembership,
    Review,
    Source,
    Status,
    Term,
)
from heritage.registry.refs import is_well_formed
from heritage.registry.synthetic import World

MONUMENTS = 200


def generate(*arguments):
    said = io.StringIO()
    call_command("generate_register", *map(str, arguments), stdout=said)
    return said.getvalue()


def refusal(*arguments):
    with pytest.raises(CommandError) as refused:
        generate(*arguments)
    return str(refused.value), refused.value.returncode


def world(seed=1):
    made = World(seed, {(term.vocabulary, term.code): term for term in Term.objects.woven().values()})
    for place in made.places:
        place.stage = "published"
    return made


@pytest.fixture(scope="module")
def register(django_db_setup, django_db_blocker):
    """The register of seed 1 with 200 monuments, published: first 120 of them, then the rest."""
    with ExitStack() as held:
        with django_db_blocker.unblock():
            held.enter_context(transaction.atomic())
            generate("--monuments", 120, "--publish")
            said = generate("--monuments", MONUMENTS, "--publish")
        yield said
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            held.close()


def count(model, **about):
    return model.objects.filter(**about).count()


@pytest.mark.django_db
def test_every_table_has_the_rows_it_should_have(register):
    assert [count(model) for model in (Monument, Status, Location, Actor, Source, Place)] == [
        200,
        600,
        200,
        30,
        400,
        966,
    ]
    assert [count(model) for model in (PlaceMembership, Name, Citation)] == [1103, 2747, 821]
    assert count(Monument, stage="published") == 200
    assert count(Review, monument__isnull=False) == count(Journal, verb="publish", subject_kind="monument") == 200


@pytest.mark.django_db
def test_every_monument_and_what_it_rests_on_has_one_edition_and_the_index_all_its_rows(register):
    cited = set(Citation.objects.values_list("source", flat=True))
    cited |= set(Location.objects.exclude(source=None).values_list("source", flat=True))
    cited |= set(PlaceMembership.objects.values_list("source", flat=True))

    editions = Counter(Edition.objects.values_list("subject", "version"))

    assert editions == {("monument", 1): 200, ("place", 1): 966, ("source", 1): len(cited), ("vocabulary", 1): 11}
    assert [count(Entry), count(Happening)] == [200, 600]
    typed = [monument.types.get().lineage() for monument in Monument.objects.prefetch_related("types__broader")]
    assert count(EntryTerm, facet="type") == sum(map(len, typed))
    assert count(EntryTerm, facet="type", code="place_of_worship") == sum("place_of_worship" in one for one in typed)


@pytest.mark.django_db
def test_audit_ledger_and_index_find_no_fault(register):
    for command in (["audit"], ["verify_ledger"], ["rebuild_catalogue", "--check"]):
        call_command(*command, stdout=io.StringIO())


@pytest.mark.django_db
def test_in_two_runs_it_becomes_what_it_would_have_been_in_one(register):
    made = Maker(world(), publishing=True)(range(MONUMENTS))

    hashes = dict(Edition.objects.monuments().values_list("ref", "content_sha256"))

    assert hashes == {proof.edition.ref: proof.edition.content_sha256 for proof, _sources in made.proofs}
    assert "120 monuments are there; going on from them." in register
    assert "The register has 200 monuments, published." in register


@pytest.mark.django_db
def test_a_seed_gives_the_same_rows_in_any_batches_and_another_seed_others(register):
    whole = Maker(world(), publishing=False)(range(30)).tables
    parts = [Maker(world(), publishing=False)(span).tables for span in (range(10), range(10, 30))]
    other = Maker(world(2), publishing=False)(range(30)).tables

    for (table, names, values), first, second in zip(whole, *parts, strict=True):
        assert (table, names, values) == (table, names, first[2] + second[2])
    assert not {row[1] for row in whole[0][2]} & {row[1] for row in other[0][2]}


@pytest.mark.django_db
def test_references_are_well_formed_and_every_name_is_found_in_its_script(register):
    ranges = {"Armn": "Ա-և", "Cyrl": "Ѐ-ӿ", "Arab": "؀-ۿ", "Geor": "ა-ჿ"}
    names = Name.objects.words().filter(monument__isnull=False)

    assert all(is_well_formed(ref) for ref in Monument.objects.values_list("ref", flat=True))
    assert set(names.values_list("script", flat=True)) == {"Latn", *ranges}
    assert set(Counter(names.values_list("monument", flat=True)).values()) == {1, 2, 3}
    for script, letters in ranges.items():
        first, last = letters.split("-")
        for text in names.filter(script=script).values_list("text", flat=True):
            assert all(first <= letter <= last or not letter.isalpha() for letter in text)


@pytest.mark.django_db
def test_summaries_come_to_about_four_hundred_characters_a_monument(register):
    lengths = Counter()
    for monument, summary in Status.objects.values_list("monument", "summary"):
        lengths[monument] += len(summary)

    assert 380 < sum(lengths.values()) / len(lengths) < 440
    assert max(map(len, Status.objects.values_list("summary", flat=True))) <= 300


@pytest.mark.django_db
def test_a_place_lies_in_a_district_and_that_in_a_region(register):
    record = json.loads(Edition.objects.monuments().first().record)

    kinds = [step["kind"]["code"] for step in record["locations"][0]["place"]["within"]]

    assert kinds[0] == "district"
    assert kinds[-1] == "region"


def test_every_type_and_kind_occurs_in_a_larger_register(register, django_db_blocker):
    with django_db_blocker.unblock():
        made = Maker(world(), publishing=False)(range(4000))
    kinds = Counter(row[made.tables[0][1].index("kind")] for row in made.tables[0][2])
    types = Counter(term for _monument, term in made.tables[1][2])

    assert len(types) == 25
    assert types.most_common()[0][1] > 50 * types.most_common()[-1][1]
    assert set(kinds) == {"monument", "cemetery", "site", "collection"}


# What it refuses


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--monuments", 300], "This register was generated with --seed 1 and published; go on with the same."),
        (
            ["--monuments", 300, "--publish", "--seed", 2],
            "This register was generated with --seed 1 and published; go on with the same.",
        ),
        (["--monuments", 100, "--publish"], "There are 200 monuments already. Generate into an empty database."),
    ],
)
def test_it_goes_on_only_as_it_began(register, arguments, reason):
    assert refusal(*arguments) == (reason, 1)
    assert count(Monument) == 200


@pytest.mark.django_db
def test_it_does_not_go_on_where_somebody_worked(register):
    Monument.objects.first().delete()

    assert refusal("--monuments", 300, "--publish") == (
        "This register was worked in since it was generated. Generate into an empty database.",
        1,
    )
