"""The demonstration content: complete, sound by every rule of the desk, and free of private persons' names."""

import hashlib
import json
import re
import unicodedata

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.db import connection, transaction

from heritage.record import record_of
from heritage.registry import dates, visibility
from heritage.registry.lifecycle import readiness
from heritage.registry.models import (
    Actor,
    Attribution,
    Citation,
    Claim,
    ClaimLink,
    Count,
    Location,
    Media,
    Monument,
    Name,
    Place,
    PlaceMembership,
    Protection,
    Relation,
    Source,
    Status,
    Term,
)
from heritage.registry.refs import is_well_formed, mint_from
from heritage.registry.rules import check_claim

pytestmark = pytest.mark.django_db  # without a marked test there would be no test database to load into
CONTENT = settings.BASE_DIR.parent / "shared" / "content" / "register.yaml"
FILES = [settings.BASE_DIR / "fixtures" / name for name in ("vocabularies.json", "demo.json")]
FILLED = {
    Term: 147, Actor: 35, Source: 80, Place: 37, PlaceMembership: 16, Monument: 59, Name: 177, Location: 76, Relation: 13,
    Media: 7, Claim: 228, Status: 166, Attribution: 20, Protection: 11, Count: 31, Citation: 269, ClaimLink: 25,
}  # fmt: skip
#: Names of private persons that were taken out, so written that they are not named here either.
TAKEN_OUT = {"65df141095b8db81", "96251eab50ead6b0", "827961b48d1f730d"}
DRAFTS = ["m-038", "m-039", "m-040", "m-060", "m-061"]


@pytest.fixture(scope="module", autouse=True)
def register(django_db_setup, django_db_blocker):
    """Load the content once for all tests of this file, which only read, and take it back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", "vocabularies", "demo", verbosity=0)
        yield
        transaction.set_rollback(True)


def ref(key):
    return mint_from(f"demo:{key}")


def written(file):
    return json.loads(file.read_text("utf-8"))


def identity(row):
    """Return model and reference of a fixture row; a sort of claim is known by its claim."""
    fields = row["fields"]
    return row["model"], fields.get("ref") or fields["claim_ptr"][0]


def texts(value):
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)
    elif isinstance(value, str):
        yield value


def test_everything_is_there():
    assert {model: model.objects.count() for model in FILLED} == FILLED
    assert Claim.objects.filter(place__isnull=False).count() == 15 + 26 + 3
    assert Status.objects.filter(place__isnull=False).count() == 15
    assert Count.objects.filter(monument__isnull=False).count() == 5


def test_nothing_else_is_there():
    others = [model for model in apps.get_app_config("registry").get_models() if model not in FILLED]

    assert [model for model in others if not model._meta.proxy and model.objects.exists()] == []


def test_every_row_is_valid_by_itself():
    for model in FILLED:
        for row in model.objects.all():
            row.full_clean()


def test_every_claim_agrees_with_its_effects_and_citations():
    for claim in [*Status.objects.all(), *Claim.objects.filter(status__isnull=True)]:
        effects = list(claim.effects.all()) if isinstance(claim, Status) else []
        assert check_claim(claim, effects, list(claim.citations.select_related("source"))) == []


def test_every_constraint_of_the_database_holds():
    connection.check_constraints()


def test_loading_it_again_makes_nothing_twice():
    call_command("loaddata", "vocabularies", "demo", verbosity=0)

    assert {model: model.objects.count() for model in FILLED} == FILLED


def test_what_is_dumped_is_what_was_loaded():
    """A row that is dumped has all fields; those that the fixture leaves out have their default."""
    rows = [row for model in FILLED for row in model.objects.all()]
    text = serializers.serialize("json", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True)
    dumped = {identity(row): sorted_lists(row["fields"]) for row in json.loads(text)}
    loaded = {identity(row): sorted_lists(with_defaults(row)) for file in FILES for row in written(file)}

    assert dumped == loaded


def with_defaults(row):
    """Return the fields of a fixture row with the default of each that it leaves out."""
    model = apps.get_model(row["model"])
    blank = {field.name: plain(field) for field in model._meta.local_fields if not field.primary_key}
    blank |= {
        field.name: [] for field in model._meta.local_many_to_many if field.remote_field.through._meta.auto_created
    }
    return blank | row["fields"]


def plain(field):
    return None if field.is_relation else json.loads(json.dumps(field.get_default()))


def sorted_lists(fields):
    return {name: sorted(value) if isinstance(value, list) else value for name, value in fields.items()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_file_is_written_in_one_way(file):
    rows = written(file)

    assert file.read_text("utf-8") == json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
    assert all(unicodedata.is_normalized("NFC", text) for text in texts(rows))
    assert len({identity(row) for row in rows}) == len(rows)
    for row in rows:
        assert set(row) == {"model", "fields"}
        assert is_well_formed(identity(row)[1])


def test_no_private_person_is_named():
    words = {word for file in FILES for text in texts(written(file)) for word in re.findall(r"\w+", text.casefold())}

    assert TAKEN_OUT.isdisjoint(hashlib.sha256(word.encode()).hexdigest()[:16] for word in words)


def test_a_scholar_is_named_as_the_author_of_a_source_only():
    scholar = "Ayvazyan"
    rows = [row for row in written(FILES[1]) if any(scholar in text for text in texts(row))]

    assert [row["model"] for row in rows] == ["registry.source"]
    assert [name for name, value in rows[0]["fields"].items() if scholar in str(value)] == ["authors"]
    assert Actor.objects.get(ref=ref("a-ayvazyan")).label == "Field inventory of Nakhchivan, 1964–1987"


def test_the_five_monuments_from_general_knowledge_are_drafts_and_say_why():
    assert set(Monument.objects.drafts().values_list("ref", flat=True)) == {ref(key) for key in DRAFTS}
    assert all(draft.hold.startswith("General knowledge only: ") for draft in Monument.objects.drafts())
    assert not Monument.objects.in_review().exclude(hold="").exists()


def test_all_else_waits_for_publication_and_nothing_stops_it():
    waiting = [*Place.objects.in_review(), *Monument.objects.in_review()]

    assert len(waiting) == 37 + 54
    assert [subject for subject in waiting if readiness(subject).blockers] == []


def test_claims_without_a_source_that_was_read_are_left_out():
    claims = Claim.objects.prefetch_related("citations__source")
    hidden = {claim.ref for claim in claims if visibility.why_hidden(claim, list(claim.citations.all()))}

    unread = [
        "m-016-a1",
        "m-038-r1",
        "m-039-r1",
        "m-048-r1",
        "m-048-r3",
        "m-058-r3",
        "m-060-r1",
        "m-061-r1",
        "m-061-r2",
    ]
    assert hidden == {ref(key) for key in unread}


def test_a_position_without_a_source_that_was_read_is_left_out_and_the_place_stays():
    shown = Location.objects.filter(shown=True).select_related("source")
    unread = Location.objects.filter(source__read_state="not_read")

    assert set(Monument.objects.values_list("ref", flat=True)) == {location.monument.ref for location in shown}
    assert all(location.place_id and visibility.rests_on_public_source(location) for location in shown)
    assert unread.count() == 15
    assert not unread.filter(shown=True).exists()
    assert not Location.objects.filter(latitude__isnull=False, source__isnull=True).exists()


def test_every_monument_has_a_name_and_every_claim_a_citation():
    assert not Monument.objects.lacking_name().exists()
    assert not Claim.objects.uncited().exists()


def test_media_are_cited_never_held_and_two_are_not_public():
    assert set(Media.objects.values_list("held", "file")) == {(False, "")}
    restricted = Media.objects.filter(access_level="registered")
    assert set(restricted.values_list("ref", flat=True)) == {ref("v-005"), ref("v-006")}


def test_only_what_was_dated_in_the_record_has_a_date():
    for model in (Claim, Source, Name, Media, PlaceMembership):
        assert not model.objects.filter(qualifier="undated").exclude(edtf="").exists()
        assert not model.objects.exclude(qualifier="undated").filter(edtf="").exists()


def test_every_date_is_canonical_and_its_bounds_are_days():
    for row in [*Claim.objects.exclude(edtf=""), *Source.objects.exclude(edtf=""), *Media.objects.exclude(edtf="")]:
        assert dates.parse(row.edtf).edtf == row.edtf
        assert all(bound % 100 and bound // 100 % 100 for bound in (row.lo, row.hi) if bound is not None)


def test_bounds_differ_from_the_text_only_where_a_curator_knew_more_or_the_text_is_approximate():
    for claim in Claim.objects.exclude(edtf=""):
        span = dates.parse(claim.edtf)
        lo_fits = span.lo is None or claim.lo >= span.lo or "~" in claim.edtf
        hi_fits = span.hi is None or claim.hi <= span.hi or "~" in claim.edtf or claim.hi_basis == "report_date"
        assert (lo_fits, hi_fits) == (True, True), claim


def test_the_later_statement_of_a_ministry_supersedes_the_earlier():
    link = ClaimLink.objects.get(kind="supersedes")

    assert (link.claim.ref, link.other.ref) == (ref("g-005"), ref("g-004"))
    assert (link.claim.standing, link.other.standing) == ("standing", "superseded")


def test_court_measures_are_interim_and_name_a_class():
    measures = Protection.objects.filter(kind__code="court_measure")

    assert set(measures.values_list("ref", "interim")) == {(ref("x-001"), True), (ref("x-002"), True)}
    assert not measures.filter(covers="").exists()
    assert set(Protection.objects.filter(interim=True)) == set(measures)


@pytest.mark.parametrize(
    ("key", "aspect", "value", "since", "worst"),
    [
        ("m-002", "condition", "destroyed", (20231228, 20240404), None),
        ("m-004", "condition", "destroyed", (20201101, 20210325), None),
        ("m-006", "condition", "destroyed", (20210412, 20210618), None),
        ("m-010", "condition", "damaged", (None, 20220630), None),
        ("m-034", "condition", "under_works", (20220706, None), "destroyed"),
        ("m-053", "condition", "intact", (20201120, 20240430), "major_damage"),
        ("m-018", "custody", "controlled_by_named_party", (20201110, 20220630), None),
    ],
)
def test_the_state_is_derived_from_the_content_as_expected(key, aspect, value, since, worst):
    state = record_of(Monument.objects.get(ref=ref(key)))["state"][aspect]

    assert state["value"] == value
    assert (state["since"]["lo"], state["since"]["hi"]) == since
    assert (state["worst"] and state["worst"]["code"]) == worst


@pytest.mark.skipif(not CONTENT.exists(), reason=f"the curated content is not there: {CONTENT}")
def test_every_key_of_the_curated_content_is_registered():
    content = yaml.safe_load(CONTENT.read_text())
    tables = {
        Actor: content["actors"],
        Source: content["sources"],
        Place: content["places"],
        Monument: content["monuments"],
        Media: content["media"],
        Count: content["counts"],
        Status: [*content["regional_records"], *(one for m in content["monuments"] for one in m.get("records", []))],
        Attribution: [one for m in content["monuments"] for one in m.get("attributions", [])],
    }
    for model, given in tables.items():
        assert set(model.objects.values_list("ref", flat=True)) == {ref(one["key"]) for one in given}
    assert {ref(one["key"]) for one in content["protections"]} < set(Protection.objects.values_list("ref", flat=True))
    assert {frozenset((ref(one["claim"]), ref(one["other"]))) for one in content["claim_links"]} == {
        frozenset((link.claim.ref, link.other.ref)) for link in ClaimLink.objects.all()
    }
