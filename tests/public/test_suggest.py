"""Names are offered while somebody types, in any script, and nothing typed is an error."""

import pytest

from heritage.catalogue.publish import publish, withdraw
from tests.registry.make import make_name, make_publishable_monument, make_user

pytestmark = pytest.mark.django_db
NOTHING = ["", " ", "!!!", "🏛", "\x00", '"', "*", "NEAR(", "-", "x" * 10_000, "a " * 60, "zzzzqqqq"]


@pytest.fixture
def cathedral():
    monument = make_publishable_monument("Cathedral of the Holy Saviour")
    make_name(monument, "Ղազանչեցոց", language="hy", script="Armn")
    publish([monument])
    return monument


@pytest.mark.parametrize("typed", ["ghazan", "Ղազան", "Казанчецоц", "qazan"])
def test_the_name_that_begins_so_is_offered_as_it_is_written(client, cathedral, typed):
    assert client.get("/suggest.json", {"q": typed}).json() == {
        "suggestions": [
            {
                "ref": cathedral.ref,
                "url": f"/monuments/{cathedral.ref}/",
                "label": "Cathedral of the Holy Saviour",
                "text": "Ղազանչեցոց",
                "language": "hy",
                "parts": [{"text": "Ղազանչեցոց", "matches": True}],
            }
        ]
    }


def test_the_page_is_a_list_of_links(client, cathedral):
    page = client.get("/suggest/", {"q": "cathe"}).content.decode()

    assert f'<a href="/monuments/{cathedral.ref}/"><bdi><mark>Cathedral</mark> of the Holy Saviour</bdi></a>' in page
    assert '<a href="/monuments/?q=cathe">' in page


@pytest.mark.parametrize("typed", NOTHING)
def test_what_cannot_be_searched_for_gives_nothing_and_no_error(client, cathedral, typed):
    data, page = client.get("/suggest.json", {"q": typed}), client.get("/suggest/", {"q": typed})

    assert (data.status_code, data.json()) == (200, {"suggestions": []})
    assert (page.status_code, "No published name begins so." in page.content.decode()) == (200, True)


def test_what_was_withdrawn_is_not_offered(client, cathedral):
    cathedral.refresh_from_db()
    withdraw(cathedral, make_user("administrator"), "safety", "It led looters there.")

    assert client.get("/suggest.json?q=cathedral").json() == {"suggestions": []}


def test_no_more_than_eight_are_offered_at_the_same_cost(client, django_assert_num_queries):
    publish([make_publishable_monument(f"Chapel {number:02}") for number in range(30)])

    with django_assert_num_queries(5):
        offered = client.get("/suggest.json?q=chap").json()["suggestions"]

    assert [one["label"] for one in offered] == [f"Chapel {number:02}" for number in range(8)]


@pytest.mark.parametrize("address", ["/", "/monuments/"])
def test_the_search_boxes_know_where_names_are_offered(client, address):
    assert 'data-suggest="/suggest.json"' in client.get(address).content.decode()
