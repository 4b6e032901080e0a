"""Changed records in bulk: the same as the verbs of the desk would do one by one."""

import re
from itertools import count

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from heritage.catalogue.publish import publish
from heritage.intake.applying import Applier, apply
from heritage.intake.building import Builder
from heritage.intake.ground import laid_ground
from heritage.intake.mapping import parse
from heritage.intake.models import Supplied
from heritage.intake.revising import Reviser
from heritage.intake.undoing import undo
from heritage.intake.verbs import Verbs
from heritage.registry import lifecycle
from heritage.registry.models import Journal, Media, Monument, Protection, Status
from heritage.registry.refs import mint_from
from heritage.registry.snapshot import snapshot
from tests.intake.lists import HEADER, MAPPING, listed, mapping, row
from tests.registry.make import date_block, make_citation, make_link, make_source, make_user

pytestmark = pytest.mark.django_db
MORE = (
    MAPPING
    + """
[[name]]
text = "{also}"
language = "en"
kind = "preferred"
optional = true
[[media]]
title = "{photo}"
optional = true
[[protection]]
kind = "local_list"
summary = "{law}"
if = "law"
optional = true
"""
)
WIDE = [*HEADER, "also", "photo", "law"]
BEFORE = [
    [*row(id="1"), "Bridge of sighs", "1.jpg", "Listed."],
    [*row(id="2", name="Mill"), "", "2.jpg", "Listed."],
    [*row(id="3", seen=""), "", "", ""],
    [*row(id="4", type=""), "", "", ""],
    [*row(id="5"), "", "", ""],
]
AFTER = [
    [*row(id="1", name="New bridge", condition="bad", lat="40.5", type="church"), "Bridge", "1.jpg", "Listed again."],
    [*row(id="2", name="Mill", seen="2021-01-01"), "The Mill", "3.jpg", ""],
    [*row(id="3", seen="2022"), "", "3.jpg", "Listed."],
    [*row(id="4", type="bridge", lat="", lon=""), "", "", ""],
    [*row(id="5"), "", "", ""],
]


class OneByOne:
    """The verbs of ``lifecycle`` in the place of those in bulk."""

    def __init__(self, by, reason):
        self.by, self.reason = by, reason

    def revise(self, row, before, added=(), amended=(), types=None):
        terms = None if types is None else {"types": types}
        row._prefetched_objects_cache = {}
        lifecycle.revise(row, self.by, self.reason, before, rows=[*map(new, added), *amended], terms=terms)

    def register(self, row):
        lifecycle.register(new(row), self.by, self.reason)

    def claim(self, told):
        new(told.claim)
        told.citation._state.fields_cache["claim"] = told.claim
        terms = {"effects": told.effects} if isinstance(told.claim, Status) else None
        lifecycle.register(told.claim, self.by, self.reason, [*map(new, told.citations)], terms)
        told.citation.evidence.set(told.evidence)

    def supersede(self, old, new):
        lifecycle.supersede(old, new, self.by, self.reason)

    @staticmethod
    def write(many):
        pass


def new(row):
    row._state.adding = True
    return row


def everything(since):
    """Return all that the register holds, and what the journal says since an entry."""
    rows = [one for model in (Monument, Status, Protection, Media) for one in model.objects.all()]
    found = {one.ref: [snapshot(one), getattr(one, "revision", 0), str(getattr(one, "edited_by", ""))] for one in rows}
    told = [
        [one.who, one.verb, one.subject_kind, one.subject_ref, one.reason, one.before, one.after]
        for one in Journal.objects.filter(pk__gt=since).order_by("pk")
    ]
    waiting = set(Monument.objects.filter(changed_at__isnull=False).values_list("ref", flat=True))
    known = list(Supplied.objects.order_by("identifier").values_list("identifier", "digest", "rows", "batch"))
    return without_refs_of_links([found, told, known]), waiting


def without_refs_of_links(value):
    """Return ``value`` with links between claims as a list, since their references are drawn by lot."""
    if isinstance(value, list | tuple):
        return [without_refs_of_links(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: sorted(f"{link['kind']} {link['other']['ref']}" for link in one.values())
        if key == "links"
        else without_refs_of_links(one)
        for key, one in value.items()
    }


@pytest.fixture
def how(tmp_path):
    return mapping(tmp_path, MORE)


@pytest.fixture
def second(tmp_path, how, applied, planned):
    """A plan in which every record changed but the last; curators have been at work in between."""
    applied(listed(tmp_path, *BEFORE, header=WIDE, name="before.csv"), how)
    bridge, mill, third = Monument.objects.filter(label__in=["Old bridge", "Mill"]).order_by("pk")[:3]
    publish([bridge, mill])
    curator = make_user("contributor")
    make_user("contributor", username="importer")
    bridge.note = "Seen again."
    lifecycle.revise(bridge, curator)
    seen = third.claims.first().status
    seen.note = "Ask again."
    lifecycle.revise(seen, curator)
    make_citation(seen, make_source())
    make_link(*(one.claims.filter(status__isnull=False).first().status for one in (bridge, mill)))
    return planned(listed(tmp_path, *AFTER, header=WIDE, name="after.csv"), how)


def revised(batch, verbs):
    """Revise all changed records of ``batch`` by ``verbs``; return what is in the register then, and take it back."""
    since, minted = Journal.objects.latest("pk").pk, count()
    by = User.objects.get(username="importer")
    applier = Applier(batch, laid_ground(parse(batch.mapping_text), by), by)
    applier.reviser = Reviser(batch, applier.ground, by, verbs)
    applier.reviser.builder = Builder(applier.ground, ref=lambda: mint_from(f"made {next(minted)}"))
    with transaction.atomic():
        while applier.next_chunk():
            pass
        found = everything(since)
        done = [re.sub(r'"made": .*?\]\]', "", one) for one in batch.rows.order_by("pk").values_list("done", flat=True)]
        transaction.set_rollback(True)
    return found, done


@pytest.mark.django_db(transaction=True)
def test_in_bulk_it_is_the_same_as_verb_by_verb(second):
    assert (second.counts["changed"], second.counts["same"]) == (4, 1)

    in_bulk, one_by_one = revised(second, Verbs), revised(second, OneByOne)

    assert {entry[1] for entry in in_bulk[0][0][1]} == {"revise", "register", "supersede"}
    assert in_bulk == one_by_one


def test_every_changed_record_of_a_long_list_costs_the_same_number_of_queries(
    tmp_path, applied, planned, django_assert_num_queries
):
    def plan_of(number):
        rows = [row(id=f"{number}-{n}") for n in range(number)]
        applied(listed(tmp_path, *rows, name=f"{number}.csv"), mapping(tmp_path))
        others = [row(id=f"{number}-{n}", name="New bridge", lat="40.5", condition="bad") for n in range(number)]
        return planned(listed(tmp_path, *others, name=f"{number}.csv"), mapping(tmp_path))

    costs = []
    for number in (2, 60):
        batch = plan_of(number)
        assert batch.counts["changed"] == number
        with CaptureQueriesContext(connection) as asked:
            apply(batch)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_two_rows_about_one_monument_are_told_of_it_one_after_the_other(tmp_path, applied):
    how = mapping(tmp_path)
    applied(listed(tmp_path, row(id="1"), row(id="2", name="Mill"), name="first.csv"), how)
    bridge, mill = Monument.objects.get(label="Old bridge"), Monument.objects.get(label="Mill")
    publish([bridge, mill])
    lifecycle.merge(mill, bridge, None, "The same building.")

    batch = applied(
        listed(tmp_path, row(id="1", condition="bad"), row(id="2", name="Water mill", lat="41"), name="later.csv"), how
    )

    assert (batch.counts["applied"], batch.counts["refused"]) == (2, 0)
    assert set(bridge.names.words().values_list("text", flat=True)) == {"Old bridge", "Water mill"}
    bridge.refresh_from_db()
    verbs = Journal.objects.filter(subject_ref=bridge.ref, verb="revise", reason__contains=batch.ref)
    assert verbs.count() == 1


def test_what_was_told_then_not_and_now_again_is_not_doubled(tmp_path, applied):
    how, rows = mapping(tmp_path), [row(id="1"), row(id="1", lat="", lon=""), row(id="1")]
    for n, one in enumerate(rows):
        applied(listed(tmp_path, one, name=f"{n}.csv"), how)

    monument = Monument.objects.get()
    assert (monument.locations.count(), monument.names.count(), monument.claims.count()) == (1, 2, 1)


def test_what_the_rules_refuse_after_a_curators_edit_is_told_of_its_row_alone(tmp_path, applied, planned):
    how = mapping(
        tmp_path, MAPPING.split("[[observation]]")[0] + '[[event]]\neffects = "construction"\ndate = "seen"\n'
    )
    applied(listed(tmp_path, row(id="1", seen=""), row(id="2", name="Mill"), name="first.csv"), how)
    batch = planned(listed(tmp_path, row(id="1", seen="2022"), row(id="2", name="Water mill"), name="later.csv"), how)
    claim = Monument.objects.get(label="Old bridge").claims.get()
    cited = claim.citations.get()
    cited.source = make_source(**date_block("2019"))
    cited.save()

    apply(batch)

    assert (batch.counts["applied"], batch.counts["refused"]) == (1, 1)
    [told] = batch.rows.get(identifier="1").fault_list
    assert "It is dated up to 31 December 2022, but the newest source cited" in told["reason"]
    claim.refresh_from_db()
    assert claim.edtf == ""
    assert Monument.objects.filter(label="Water mill").exists()


def test_media_that_come_later_have_their_own_entry_and_go_with_the_batch(tmp_path, how, applied):
    applied(listed(tmp_path, BEFORE[4], header=WIDE, name="first.csv"), how)
    batch = applied(listed(tmp_path, [*BEFORE[4][:-2], "5.jpg", ""], header=WIDE, name="later.csv"), how)

    picture = Media.objects.get()
    assert Journal.objects.get(subject_ref=picture.ref).verb == "register"
    undo(batch)
    assert not Media.objects.exists()
    assert set(Journal.objects.filter(subject_ref=picture.ref).values_list("verb", flat=True)) == {
        "register",
        "discard",
    }
