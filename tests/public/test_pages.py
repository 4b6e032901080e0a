"""Every page of the reading room: what it costs, and what it must say."""

import pytest

from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish
from tests.public.shelves import shelve, shelve_varied
from tests.registry.make import (
    make_citation,
    make_count,
    make_location,
    make_membership,
    make_publishable_monument,
    make_publishable_place,
    make_source,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", [1, 30])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/", 6),
        ("/monuments/", 7),
        ("/monuments.json", 7),
        ("/monuments.geojson", 1),
        ("/monuments.csv", 1),
        ("/monuments/?kind=monument&type=church", 10),
        ("/monuments/?kind=monument&type=church&condition=destroyed&happened_from=2021", 15),
        ("/places/", 3),
        ("/sources/", 3),
        ("/figures/", 5),
        ("/changes/", 2),
        ("/changes.atom", 2),
        ("/ledger/", 3),
        ("/vocabulary/", 2),
        ("/about/", 0),
        ("/data/", 2),
    ],
)
def test_a_page_costs_the_same_however_much_is_published(client, django_assert_num_queries, size, address, queries):
    shelve(size)

    with django_assert_num_queries(queries):
        answer = client.get(address)

    assert answer.status_code == 200


@pytest.mark.parametrize("size", [30, 60])
def test_a_search_costs_the_same_however_much_it_finds(client, django_assert_num_queries, size):
    shelve(size)

    with django_assert_num_queries(9):
        answer = client.get("/monuments.json?q=chapel")

    assert answer.json()["total"] == {"value": size, "exact": True}


@pytest.mark.parametrize("size", [1, 30])
def test_the_page_of_a_subject_costs_the_same_however_much_it_holds(client, django_assert_num_queries, size):
    region, monument, source = make_publishable_place("Region"), make_publishable_monument(), make_source()
    subjects = [region, monument]
    for number in range(size):
        village, chapel = make_publishable_place(), make_publishable_monument()
        make_membership(village, region)
        make_location(chapel, place=village, shown=False)
        for subject in (monument, region, chapel):
            make_citation(make_count(subject, value=number), source)
        subjects += [village, chapel]
    publish(subjects)

    for address, queries in [
        (f"/monuments/{monument.ref}/", 2),
        (f"/monuments/{monument.ref}/v1/", 2),
        (f"/monuments/{monument.ref}/history/", 2),
        (f"/monuments/{monument.ref}.json", 1),
        (f"/monuments/{monument.ref}.geojson", 2),
        (f"/places/{region.ref}/", 6),
        (f"/sources/{source.ref}/", 6),
    ]:
        with django_assert_num_queries(queries, info=address):
            assert client.get(address).status_code == 200


def test_an_empty_register_has_all_its_pages(client):
    for address in (
        "/",
        "/monuments/",
        "/places/",
        "/sources/",
        "/figures/",
        "/changes/",
        "/ledger/",
        "/vocabulary/",
        "/data/",
    ):
        assert client.get(address).status_code == 200
    assert client.get("/monuments.json").json() == {
        "total": {"value": 0, "exact": True},
        "monuments": [],
        "facets": {"kind": [], "condition": [], "type": [], "place": []},
        "next": None,
        "previous": None,
    }


def test_counts_stand_side_by_side_and_are_not_added_up(client):
    place = make_publishable_place("Hadrut")
    for value in (1200, 65):
        make_citation(make_count(place, value=value, number_qualifier="at_least"))
    publish([place])

    page = client.get("/figures/").content.decode()

    assert page.count("at least 1\u202f200</td>") == 1
    assert page.count("at least 65</td>") == 1
    assert "1\u202f265" not in page


def test_totals_are_of_published_records_only(client):
    shelve_varied()
    make_publishable_monument("Draft")

    page = client.get("/").content.decode()

    assert '<dt>monuments and sites</dt><dd class="key">4</dd>' in page
    assert '<dt>reported destroyed</dt><dd class="key">1</dd>' in page
    assert '<dt>without news of their condition</dt><dd class="key">2</dd>' in page


def test_changes_give_the_reason_and_lead_to_what_changed(client):
    monument = make_publishable_monument("Chapel")
    publish([monument], reason="First publication")
    monument.label = "Chapel of Saint John"
    monument.save()
    publish([monument], reason="The title was too short.")

    page = client.get("/changes/").content.decode()

    assert "The title was too short." in page
    assert f'/monuments/{monument.ref}/history/#v2"' in page
    assert f'<a href="/monuments/{monument.ref}/v1/">Chapel</a>' in page


def test_the_feed_leads_to_versions(client):
    monument = make_publishable_monument("Chapel & <tower>")
    publish([monument])

    feed = client.get("/changes.atom")

    assert feed["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "Chapel &amp; &lt;tower&gt;: version 1, Published" in feed.content.decode()
    assert f"http://testserver/monuments/{monument.ref}/v1/" in feed.content.decode()


def test_a_source_lists_what_rests_on_it(client):
    shelf = shelve_varied()

    page = client.get(f"/sources/{shelf['source'].ref}/").content.decode()

    claim = shelf["ruin"].claims.get()
    assert f'<a href="/monuments/{shelf["ruin"].ref}/#{claim.ref}">It was destroyed.</a>' in page
    assert "Bridge" not in page


def test_a_place_lists_its_monuments_and_the_places_within(client):
    shelf = shelve_varied()
    region = make_publishable_place("Larger region")
    make_membership(shelf["village"], region)
    shelf["village"].refresh_from_db()
    shelf["ruin"].refresh_from_db()
    publish([region, shelf["village"], shelf["ruin"]])

    page = client.get(f"/places/{region.ref}/").content.decode()

    assert f'<a href="/places/{shelf["village"].ref}/">Village</a>' in page
    assert f'<a href="/monuments/{shelf["ruin"].ref}/">Ruin</a>' in page


def test_every_vocabulary_is_explained(client):
    publish([make_publishable_monument()])

    page = client.get("/vocabulary/").content.decode()

    assert '<h2 id="monument_type">Monument types</h2>' in page
    assert '<h2 id="condition-terms">Physical condition</h2>' in page
    assert "The monument no longer stands or the ground no longer holds it; see completeness." in page


def test_pages_speak_of_the_register_by_its_name(client, settings):
    settings.REGISTER_NAME = "Register of <Stones>"

    assert "<title>Register of &lt;Stones&gt;</title>" in client.get("/").content.decode()
    assert Edition.objects.count() == 0
