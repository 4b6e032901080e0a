"""Places are found by the place that they lie in and by the sources that they speak of, as their current editions say."""

import pytest

from heritage.catalogue import gazetteer
from heritage.catalogue.models import PlaceTerm
from heritage.catalogue.publish import publish, rebuild, stale_entries, withdraw
from tests.registry.make import (
    make_citation,
    make_count,
    make_membership,
    make_publishable_place,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    region, source = make_publishable_place("Region"), make_source()
    village = make_publishable_place("Village")
    make_membership(village, region)
    make_citation(make_count(village), source)
    publish([region, village])
    village.refresh_from_db()
    village.region, village.source = region, source
    return village


def found(village):
    within, citing = gazetteer.within(village.region.ref), gazetteer.citing(village.source.ref)
    return [list(editions.values_list("label", flat=True)) for editions in (within, citing)]


def test_a_place_is_found_by_where_it_lies_and_what_it_rests_on(village):
    assert found(village) == [["Village"], ["Village"]]


def test_what_a_later_edition_no_longer_says_is_not_found(village):
    village.memberships.all().delete()
    publish([village])

    assert found(village) == [[], ["Village"]]


def test_a_withdrawn_place_is_not_found(village):
    withdraw(village, make_user("administrator"), "duplicate", "Entered twice.")

    assert found(village) == [[], []]
    assert not PlaceTerm.objects.filter(ref=village.ref).exists()


def test_a_rebuilding_finds_the_same(village):
    rebuild()

    assert found(village) == [["Village"], ["Village"]]


def test_terms_that_are_lacking_are_told(village):
    PlaceTerm.objects.filter(ref=village.ref).delete()

    assert list(stale_entries()) == [f"{village.ref}: its terms in the index differ from its record."]
