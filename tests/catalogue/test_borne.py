"""Ready counts of places and sources are what the current entries give, whatever is published after."""

import pytest

from heritage.catalogue import borne
from heritage.catalogue.models import TermCount
from heritage.catalogue.publish import publish, rebuild, withdraw
from tests.registry.make import (
    make_citation,
    make_location,
    make_publishable_monument,
    make_publishable_place,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    village, source = make_publishable_place("Village"), make_source()
    monuments = [make_publishable_monument() for _ in range(3)]
    for monument in monuments[:2]:
        make_location(monument, place=village, shown=False)
        make_citation(monument.claims.get().status, source)
    publish([village, *monuments])
    return village, source, monuments


def both(village, source):
    return borne.counts("place", [village.ref]), borne.counts("source", [source.ref])


def test_each_current_entry_counts_once(shelf):
    village, source, [first, *_] = shelf
    first.refresh_from_db()
    first.label = "Renamed"
    first.save()
    publish([first])

    assert both(village, source) == ({village.ref: 2}, {source.ref: 2})
    assert list(borne.differences()) == []


def test_what_is_withdrawn_counts_no_longer(shelf):
    village, source, [first, *_] = shelf
    first.refresh_from_db()
    withdraw(first, make_user("administrator"), "safety", "It led looters there.")

    assert both(village, source) == ({village.ref: 1}, {source.ref: 1})


def test_a_rebuilding_counts_the_same(shelf):
    before = sorted(TermCount.objects.values_list("facet", "code", "count"))

    rebuild()

    assert sorted(TermCount.objects.values_list("facet", "code", "count")) == before
    assert borne.counts("place", ["zzzzzzzzzzzz"]) == {}


def test_a_count_that_is_wrong_is_told(shelf):
    village, _source, _monuments = shelf
    TermCount.objects.filter(code=village.ref).update(count=7)

    assert list(borne.differences()) == [f"place {village.ref}: the count of its entries differs from the entries."]
