"""The map: the entries of the list that have a shown point, no others, in any view and under every filter."""

import re

import pytest
from django.contrib.staticfiles import finders

from heritage.catalogue import cells
from heritage.catalogue.models import Entry
from heritage.catalogue.publish import publish, withdraw
from tests.public.shelves import shelve, shelve_contradiction, shelve_varied
from tests.registry.make import (
    make_citation,
    make_location,
    make_membership,
    make_monument,
    make_name,
    make_publishable_monument,
    make_publishable_place,
    make_status,
)

pytestmark = pytest.mark.django_db

FILTERS = [
    "",
    "kind=monument",
    "kind=monument&kind=site&condition=destroyed",
    "type=place_of_worship",
    "type=chapel&type=bridge",
    "type=chapel&kind=monument",
    "condition=unknown",
    "condition=intact",
    "q=ruin",
    "q=Հովհաննես",
    "cause=infrastructure",
    "effect=restoration",
    "effect=destruction&effect=restoration",
    "happened_from=2021&happened_surely=true",
    "built_to=1900",
    "has=location&has=image",
    "lacks=location",
    "lacks=image",
    "documented_before=2020",
    "threatened=true",
    "contested=false",
    "bbox=46,39,47,40",
    "bbox=46,39,45.5,42",
]


def overview(client, query="", zoom=3):
    answer = client.get(f"/map/cells.json?zoom={zoom}&{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def listed(client, query):
    return client.get(f"/monuments.json?page_size=200&{query}").json()["monuments"]


def refs(page):
    return re.findall(r'class="row-title"><a href="/monuments/([0-9a-z]+)/"', page.content.decode())


def make_placed(label, latitude, longitude, **fields):
    monument = make_monument(label, **fields)
    make_name(monument, label)
    make_location(monument, latitude=latitude, longitude=longitude)
    make_citation(make_status(monument))
    return monument


def test_a_single_entry_is_a_point_and_says_what_a_card_shows(client):
    ruin = shelve_varied()["ruin"]

    view = overview(client, "condition=destroyed")

    [row] = [one for one in listed(client, "") if one["ref"] == ruin.ref]
    assert view == {
        "zoom": 3,
        "cells": [],
        "points": [{name: row[name] for name in ("ref", "url", "label", "kind", "condition", "position")}],
        "without_position": 0,
        "exact": True,
    }
    assert view["points"][0]["condition"]["label"] == "Destroyed"


def test_entries_near_one_another_are_a_cell_with_its_box_and_their_middle(client):
    publish([make_placed("One", "39.990000", "46.930000"), make_placed("Two", "39.760000", "46.750000")])

    assert overview(client) == {
        "zoom": 3,
        "cells": [{"latitude": 39.875, "longitude": 46.84, "count": 2, "bbox": [45.0, 21.943046, 67.5, 40.979898]}],
        "points": [],
        "without_position": 0,
        "exact": True,
    }


def test_the_box_of_a_cell_shows_what_the_cell_counts(client):
    publish([make_placed("One", "39.990000", "46.930000"), make_placed("Two", "39.760000", "46.750000")])
    [cell] = overview(client)["cells"]

    inside = overview(client, "bbox=" + ",".join(map(str, cell["bbox"])), zoom=22)

    assert sum(one["count"] for one in inside["cells"]) + len(inside["points"]) == 2


@pytest.mark.parametrize("zoom", [0, 3, 9, 16, 22])
@pytest.mark.parametrize("query", [query for query in FILTERS if "bbox" not in query])
def test_the_map_holds_the_entries_of_the_list_that_have_a_position(client, query, zoom):
    shelve_varied()

    view, rows = overview(client, f"{query}&bbox=44,38,48,42", zoom), listed(client, query)

    assert view["exact"]
    assert sum(one["count"] for one in view["cells"]) + len(view["points"]) == sum(
        one["position"] is not None for one in rows
    )


@pytest.mark.parametrize("query", [query for query in FILTERS if "bbox" not in query])
def test_what_has_no_position_is_counted_apart(client, query):
    shelve_varied()

    assert overview(client, query)["without_position"] == sum(one["position"] is None for one in listed(client, query))


@pytest.mark.parametrize("query", FILTERS)
def test_the_page_lists_the_entries_of_the_map(client, query):
    shelve_varied()

    page = client.get(f"/map/?{query}")

    rows = [one for one in listed(client, query) if one["position"]]
    assert page.status_code == 200
    assert refs(page) == [one["ref"] for one in rows]
    assert f"{len(rows)} entr{'y' if len(rows) == 1 else 'ies'} on the map" in page.content.decode()


def test_place_source_and_claimant_narrow_the_map(client):
    shelf = shelve_varied()
    claimant = listed(client, "condition=destroyed")[0]["condition"]["according_to"]["ref"]

    for query in (
        f"source={shelf['source'].ref}",
        f"claimant={claimant}",
        f"place={shelf['village'].ref}&kind=monument",
    ):
        assert [one["ref"] for one in overview(client, query)["points"]] == [shelf["ruin"].ref]


def test_contested_entries_are_found_on_the_map(client):
    monument, _destroyed, _standing = shelve_contradiction()

    assert [one["ref"] for one in overview(client, "contested=true")["points"]] == [monument.ref]


@pytest.mark.parametrize("precision", ["district", "withheld"])
def test_an_entry_known_only_to_a_district_is_never_a_point(client, precision):
    publish([make_placed("Chapel", "39.761234", "46.754321", public_precision=precision)])

    answer, page = client.get("/map/cells.json?zoom=22"), client.get("/map/")

    assert answer.json() == {"zoom": 22, "cells": [], "points": [], "without_position": 1, "exact": True}
    assert refs(page) == []
    assert "1 entry has no position that can be shown, and is not on the map." in page.content.decode()


def test_a_position_shown_coarsely_is_nowhere_finer(client):
    publish([make_placed("Chapel", "39.761234", "46.754321", public_precision="km1")])

    text = client.get("/map/cells.json?zoom=22").content.decode()

    assert overview(client, zoom=22)["points"][0]["position"]["latitude"] == 39.76
    assert "39.761" not in text
    assert "46.754" not in text


def test_a_withdrawn_entry_is_on_no_view(client):
    monument = make_publishable_monument()
    publish([monument])

    withdraw(monument, None, "rights", "A letter")

    assert overview(client) == {"zoom": 3, "cells": [], "points": [], "without_position": 0, "exact": True}


def test_the_map_of_a_past_day_is_as_it_was(client):
    shelve(2)
    Entry.objects.update(published_at="2020-01-01T00:00:00Z")
    first = Entry.objects.order_by("pk").first()
    Entry.objects.filter(pk=first.pk).update(replaced_at="2021-01-01T00:00:00Z")

    counts = [
        sum(one["count"] for one in overview(client, f"on={day}")["cells"]) for day in ("2019-12-31", "2020-06-01")
    ]

    assert counts == [0, 2]
    assert [one["ref"] for one in overview(client, "on=2022-01-01")["points"]] != [first.ref]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", {"zoom": ["Give one whole number from 0 to 22."]}),
        ("zoom=", {"zoom": ["Give one whole number from 0 to 22."]}),
        ("zoom=99", {"zoom": ["Give one whole number from 0 to 22."]}),
        ("zoom=23", {"zoom": ["Give one whole number from 0 to 22."]}),
        ("zoom=-1", {"zoom": ["Give one whole number from 0 to 22."]}),
        ("zoom=3.5", {"zoom": ["Give one whole number from 0 to 22."]}),
        ("zoom=٣", {"zoom": ["Give one whole number from 0 to 22."]}),
        ("&".join(["zoom=3"] * 200), {"zoom": ["Give one whole number from 0 to 22."]}),
        ("zoom=3&bbox=1,2,3", {"bbox": ["Write four numbers: west,south,east,north."]}),
        (
            "zoom=3&bbox=0,20,10,10",
            {"bbox": ["West and east lie from -180 to 180, south and north from -90 to 90, south first."]},
        ),
        (
            "zoom=3&bbox=nan,0,1,1",
            {"bbox": ["West and east lie from -180 to 180, south and north from -90 to 90, south first."]},
        ),
        (
            "zoom=3&bbox=-200,0,1,1",
            {"bbox": ["West and east lie from -180 to 180, south and north from -90 to 90, south first."]},
        ),
        ("zoom=3&type=nope", {"type": ["The register knows no “nope” here."]}),
        ("zoom=3&colour=red", {"colour": ["There is no parameter of this name."]}),
        (
            "zoom=99&type=nope",
            {"type": ["The register knows no “nope” here."], "zoom": ["Give one whole number from 0 to 22."]},
        ),
    ],
)
def test_a_mistake_is_refused_with_its_reason(client, query, fields):
    answer = client.get(f"/map/cells.json?{query}")

    assert (answer.status_code, answer.json()) == (
        400,
        {"error": {"status": 400, "message": "Some parameters cannot be understood.", "fields": fields}},
    )


@pytest.mark.parametrize("query", ["bbox=0,20,10,10", "type=nope", "zoom=3", "on=2999-01-01"])
def test_the_page_shows_nothing_where_it_cannot_understand(client, query):
    shelve(1)

    page = client.get(f"/map/?{query}")

    assert page.status_code == 400
    assert refs(page) == []
    assert 'id="map"' not in page.content.decode()
    assert "This cannot be answered, so nothing is shown" in page.content.decode()


@pytest.mark.parametrize("bbox", ["170,-30,-170,0", "179.5,-17.8,-179.5,-17.6", "-180,-90,180,90"])
def test_a_box_across_the_180th_meridian_finds_both_sides(client, bbox):
    publish(
        [make_placed("West of it", "-17.700000", "179.900000"), make_placed("East of it", "-17.700000", "-179.900000")]
    )

    view = overview(client, f"bbox={bbox}")

    assert sorted(one["label"] for one in view["points"]) == ["East of it", "West of it"]


def test_the_parameters_of_the_list_that_mean_nothing_here_are_let_be(client):
    shelve_varied()

    assert overview(client, "sort=-changed&page_size=10") == overview(client)


def test_the_list_beside_has_pages_that_keep_the_box(client):
    shelve(12)

    first = client.get("/map/?page_size=10&bbox=46,39,47,40")
    second = client.get(re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1].replace("&amp;", "&"))

    assert (len(refs(first)), len(refs(second))) == (10, 2)
    assert not set(refs(first)) & set(refs(second))
    assert second.request["PATH_INFO"] == "/map/"


def test_filters_in_use_are_taken_away_on_the_map(client):
    shelve_varied()

    text = client.get("/map/?kind=monument&condition=destroyed&bbox=46,39,47,40").content.decode()

    chips = re.search(r'<ul class="chips".*?</ul>', text, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', chips) == [
        "/map/?condition=destroyed&amp;bbox=46%2C39%2C47%2C40",
        "/map/?kind=monument&amp;bbox=46%2C39%2C47%2C40",
        "/map/?kind=monument&amp;condition=destroyed",
    ]
    assert 'action="/map/"' in text


@pytest.mark.parametrize("sort", ["name", "-changed", "condition", "built"])
def test_a_box_of_many_lists_the_same_as_one_of_few(client, monkeypatch, sort):
    shelve(12)
    address = f"/map/?page_size=10&bbox=46,39,47,40&sort={sort}&kind=monument"
    few = client.get(address)
    monkeypatch.setattr(cells, "FEW", 5)

    many = client.get(address)

    assert len(refs(many)) == 10
    assert refs(many) == refs(few)
    assert "12 entries on the map" in few.content.decode()
    assert "At least 5 entries on the map" in many.content.decode()


def test_those_without_a_position_are_one_link_away(client):
    shelve_varied()

    text = client.get("/map/?kind=cemetery&kind=collection&bbox=0,0,1,1").content.decode()

    assert "2 entries have no position that can be shown, and are not on the map." in text
    address = re.search(r'<p class="apart">.*?href="([^"]+)"', text, re.DOTALL)[1].replace("&amp;", "&")
    assert address == "/monuments/?kind=cemetery&kind=collection&lacks=location"
    assert len(refs(client.get(address))) == 2


def test_no_link_to_them_is_given_where_it_would_lead_to_others(client):
    shelve_varied()

    text = client.get("/map/?lacks=image").content.decode()

    assert "2 entries have no position that can be shown" in text
    assert "lacks=location" not in text


def test_counts_that_are_not_all_are_said_to_be_such(client, monkeypatch):
    shelve(12)
    monkeypatch.setattr(cells, "FEW", 5)

    view = overview(client, "lacks=image")

    assert (view["exact"], view["without_position"]) == (False, 0)
    assert [one["count"] for one in view["cells"]] == [5]


@pytest.mark.parametrize("size", [1, 30])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/map/cells.json?zoom=3", 5),
        ("/map/cells.json?zoom=3&kind=monument&condition=destroyed", 5),
        ("/map/cells.json?zoom=16&bbox=46.7,39.7,46.8,39.8", 6),
        ("/map/cells.json?zoom=3&lacks=image", 8),
    ],
)
def test_a_view_costs_the_same_however_much_is_published(client, django_assert_max_num_queries, size, address, queries):
    shelve(size)

    with django_assert_max_num_queries(queries):
        assert client.get(address).status_code == 200


def test_a_view_that_has_not_changed_is_not_sent_again(client):
    shelve(1)
    first = client.get("/map/cells.json?zoom=3")

    again = client.get("/map/cells.json?zoom=3", headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_places_of_every_size_lead_to_the_map(client):
    village, region = make_publishable_place("Village"), make_publishable_place("Region", kind="region")
    make_membership(village, region)
    monument = make_monument("Chapel")
    make_name(monument, "Chapel")
    make_location(monument, place=village)
    publish([region, village, monument])

    assert [one["ref"] for one in overview(client, f"place={region.ref}")["points"]] == [monument.ref]


def test_what_the_script_is_told_is_there_for_it(client, settings):
    settings.TILES_URL, settings.TILES_CREDIT = "https://tiles.example.org/{z}/{x}/{y}.png", "Example's <maps>"

    text = client.get("/map/").content.decode()

    assert "fetched from tiles.example.org" in text
    assert "Example\\u0027s \\u003cmaps\\u003e" in text
    assert "js_lib_leaflet/leaflet.js" in text
    assert text.count('<svg class="icon "') >= 6


@pytest.mark.parametrize(
    "name", ["js_lib_leaflet/leaflet.js", "js_lib_leaflet/leaflet.css", "public/map.js", "public/map.css"]
)
def test_the_scripts_and_styles_of_the_map_are_the_registers_own(name):
    assert finders.find(name)
