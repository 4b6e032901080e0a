"""The counts beside the filters: right after every change, each entry once, and honest where they are not kept."""

import pytest

from heritage.catalogue import facets
from heritage.catalogue.facets import Question
from heritage.catalogue.models import Entry, Facet
from heritage.catalogue.publish import merge, publish, rebuild, stale_entries, withdraw
from tests.registry.make import (
    make_citation,
    make_location,
    make_membership,
    make_monument,
    make_name,
    make_publishable_place,
    make_status,
    make_term,
)

pytestmark = pytest.mark.django_db


def counts(dimension, question):
    return facets.ask(question).counts[dimension]


def total(question):
    return facets.ask(question).total


@pytest.fixture
def region():
    return make_publishable_place("Region", kind="region")


@pytest.fixture
def town(region):
    town = make_publishable_place("Town", kind="town")
    make_membership(town, region)
    return town


def make_entry(town, label, *types, kind="monument", value="destroyed"):
    """Make a monument in ``town`` of the types with these codes, which are all places of worship."""
    worship = make_term("monument_type", "place_of_worship")
    monument = make_monument(label, [make_term("monument_type", code, broader=worship) for code in types], kind=kind)
    make_name(monument, label)
    make_location(monument, place=town)
    if value:
        make_citation(make_status(monument, value=value))
    return monument


@pytest.fixture
def register(region, town):
    monuments = [
        make_entry(town, "First", "church", "mosque"),
        make_entry(town, "Second", "church", value="intact"),
        make_entry(town, "Third", "mosque", kind="site", value=""),
    ]
    publish([region, town, *monuments])
    return monuments


def test_an_entry_of_two_types_counts_once_under_the_broader_one(register):
    assert counts("types", Question()) == {"place_of_worship": 3, "church": 2, "mosque": 2}
    assert total(Question(types=("place_of_worship",))) == 3


def test_each_dimension_is_counted_under_the_others(register, region):
    question = Question(types=("church",), places=(region.ref,), conditions=("destroyed",))

    assert counts("conditions", question) == {"destroyed": 1, "intact": 1}
    assert counts("types", question) == {"church": 1, "mosque": 1, "place_of_worship": 1}
    assert counts("kinds", question) == {"monument": 1}
    assert counts("places", question) == {region.ref: 1}
    assert total(question) == 1


def test_no_condition_told_counts_as_unknown(register):
    assert counts("conditions", Question()) == {"destroyed": 1, "intact": 1, "unknown": 1}


def test_several_kinds_or_conditions_are_added_but_several_types_are_not(register):
    assert total(Question(kinds=("monument", "site"))) == 3
    assert total(Question(conditions=("destroyed", "unknown"))) == 2
    assert total(Question(types=("church", "mosque"))) is None
    assert counts("kinds", Question(types=("church", "mosque"))) is None


def test_a_town_is_not_in_the_cube(register, town):
    assert total(Question(places=(town.ref,))) is None


def test_the_commonest_come_first_then_by_code(register):
    assert list(counts("types", Question())) == ["place_of_worship", "church", "mosque"]


def test_what_the_cube_does_not_hold_is_counted_over_the_entries_found(register, region, town):
    found = facets.few(Entry.objects.current().filter(label__in=["First", "Second"]))

    assert facets.live(found) == {
        "kind": {"monument": 2},
        "condition": {"destroyed": 1, "intact": 1},
        "type": {"church": 2, "place_of_worship": 2, "mosque": 1},
        "place": {town.ref: 2, region.ref: 2},
    }


def test_more_than_a_few_entries_are_not_counted(register, monkeypatch):
    monkeypatch.setattr(facets, "FEW", 2)

    assert facets.few(Entry.objects.current()) is None


def test_what_is_not_told_and_what_is_told_to_be_unknown_are_counted_together(register):
    Entry.objects.filter(condition="intact").update(condition="unknown")

    assert facets.live(facets.few(Entry.objects.current()))["condition"] == {"unknown": 2, "destroyed": 1}


def test_the_cube_follows_a_new_version_a_withdrawal_and_a_merger(register):
    first, second, third = register
    make_citation(make_status(second, value="destroyed", edtf="2023"))
    publish([refreshed(second)])
    assert counts("conditions", Question()) == {"destroyed": 2, "unknown": 1}

    withdraw(refreshed(third), None, "error", "Entered twice")
    assert counts("conditions", Question()) == {"destroyed": 2}

    merge(refreshed(first), refreshed(second), None, "The same")
    assert total(Question()) == 1
    assert list(stale_entries()) == []


def refreshed(monument):
    monument.refresh_from_db()
    return monument


def test_a_meddled_cube_is_noticed_and_rebuilt(register):
    Facet.objects.filter(kind="", type="", condition="", place="").update(count=99)
    assert list(stale_entries()) == ["Counts beside the filters: 1 are lacking or differ, 1 should not be so."]

    rebuild()

    assert total(Question()) == 3
    assert list(stale_entries()) == []
