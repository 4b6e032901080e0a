"""Pages follow one another without gap or repetition, in every order, forwards and backwards."""

import pytest

from heritage.catalogue.models import Entry
from heritage.catalogue.publish import publish
from heritage.public import paging
from heritage.public.answers import Mistakes
from heritage.public.parameters import ORDERS
from tests.public.shelves import shelve
from tests.registry.make import make_publishable_monument

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    """25 entries; some share a value, some have none."""
    shelve(25)
    for number, entry in enumerate(Entry.objects.order_by("ref")):
        entry.built_lo = None if number % 4 == 0 else 18000101 + number % 3 * 10000
        entry.condition_rank = number % 3
        entry.sort_label = f"chapel {number % 5}"
        entry.save()


def walk(rows, order, size):
    """Return the pages of ``rows`` forwards, and then back from the last."""
    forwards, cursor = [], ""
    while cursor is not None:
        page = paging.page(rows, order, cursor, size)
        forwards.append(page)
        cursor = page.next
    backwards, cursor = [forwards[-1]], forwards[-1].previous
    while cursor is not None:
        page = paging.page(rows, order, cursor, size)
        backwards.insert(0, page)
        cursor = page.previous
    return forwards, backwards


@pytest.mark.parametrize("name", ["name", "-changed", "condition", "built"])
def test_pages_hold_every_row_once_and_are_the_same_backwards(shelf, name):
    order = ORDERS[name]
    rows = Entry.objects.all()

    forwards, backwards = walk(rows, order, 10)

    whole = [entry.ref for entry in order.arranged(rows, paging.FORWARD)]
    assert [entry.ref for page in forwards for entry in page.rows] == whole
    assert [[entry.ref for entry in page.rows] for page in backwards] == [
        [entry.ref for entry in page.rows] for page in forwards
    ]
    assert [len(page.rows) for page in forwards] == [10, 10, 5]
    assert (forwards[0].previous, forwards[-1].next) == (None, None)


def test_entries_without_a_date_of_building_come_last(shelf):
    values = [entry.built_lo for entry in ORDERS["built"].arranged(Entry.objects.all(), paging.FORWARD)]

    assert None not in values[:18]
    assert values[18:] == [None] * 7


def test_a_page_stays_where_it_was_when_something_is_published_before_it(client, shelf):
    second = client.get("/monuments.json?page_size=10").json()["next"]
    before = [row["ref"] for row in client.get(second).json()["monuments"]]

    publish([make_publishable_monument("Aardvark chapel")])

    assert [row["ref"] for row in client.get(second).json()["monuments"]] == before


def test_a_place_in_one_order_is_none_in_another(shelf):
    cursor = paging.page(Entry.objects.all(), ORDERS["name"], "", 10).next

    with pytest.raises(Mistakes) as mistakes:
        paging.page(Entry.objects.all(), ORDERS["condition"], cursor, 10)

    assert list(mistakes.value.fields) == ["after"]


def test_the_address_of_the_next_page_keeps_the_filters(client, shelf):
    answer = client.get("/monuments.json?page_size=10&kind=monument&q=").json()

    assert answer["next"].startswith("/monuments.json?page_size=10&kind=monument&after=")
    assert answer["previous"] is None
    assert client.get(answer["next"]).json()["previous"] is not None


@pytest.mark.parametrize("address", ["/places/", "/sources/", "/changes/", "/ledger/"])
def test_every_long_list_can_be_leafed_through(client, address):
    shelve(51)

    first = client.get(address)
    second = client.get(paging_link(first, "next"))

    assert first.status_code == second.status_code == 200
    assert client.get(paging_link(second, "prev")).content == client.get(paging_link(second, "prev")).content
    assert 'rel="prev"' not in first.content.decode()
    assert client.get(address, {"after": "x"}).status_code == 400


def paging_link(page, way):
    text = page.content.decode()
    start = text.index(f'<a rel="{way}" href="') + len(f'<a rel="{way}" href="')
    return text[start : text.index('"', start)].replace("&amp;", "&")
