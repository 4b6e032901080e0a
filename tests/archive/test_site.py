"""The copy of the pages shows what stands at their addresses."""

import pytest

from heritage.archive.companion import Companion
from heritage.archive.site import Site, visit
from heritage.catalogue import ledger
from heritage.catalogue.models import Edition
from tests.archive.shelf import illustrate

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(demo, db):
    illustrate()
    return Site(ledger.stamp(ledger.head().published_at), {})


def test_the_page_of_a_monument_is_a_copy_of_the_one_at_its_address(site):
    pages = dict(page for batch in site.pages(Companion()) for page in batch)
    refs = set(Edition.objects.monuments().current().published().values_list("ref", flat=True))

    assert len(refs) == 54
    for ref in refs:
        place = site.place_of(f"/monuments/{ref}/")
        assert pages[place] == site.copied(visit(f"/monuments/{ref}/")[1], place).encode()


def test_a_version_says_that_it_is_one_and_the_current_page_does_not(site):
    ref = Edition.objects.monuments().get(version=2).ref
    pages = dict(page for batch in site.parts_pages([("monuments", ref, ((1, 2), "publish"))]) for page in batch)

    said = {
        place.removeprefix(f"monuments/{ref[:2]}/{ref}"): b"You are reading" in page for place, page in pages.items()
    }
    assert said == {".v1.html": True, ".v2.html": True, ".html": False, ".history.html": False}
