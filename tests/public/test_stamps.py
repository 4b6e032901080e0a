"""What the reader has already is told at the cost of one tiny query, and never when it is no longer so."""

import pytest

from heritage.catalogue.publish import merge, publish, rebuild, withdraw
from heritage.public import stamps
from tests.public.shelves import shelve_two_versions
from tests.registry.make import make_publishable_monument, make_user

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "/", "/monuments/", "/monuments/?q=chapel&sort=name", "/monuments.json", "/monuments.csv", "/monuments.geojson",
    "/monuments/{ref}/", "/monuments/{ref}/v1/", "/monuments/{ref}/history/", "/places/", "/sources/", "/figures/",
    "/changes/", "/changes.atom", "/ledger/", "/vocabulary/",
]  # fmt: skip


@pytest.fixture
def ref():
    return shelve_two_versions().ref


def ask(client, address, tag):
    return client.get(address, headers={"If-None-Match": tag})


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unchanged_answer_costs_one_query(client, django_assert_num_queries, ref, address):
    tag = client.get(address.format(ref=ref))["ETag"]

    with django_assert_num_queries(1):
        again = ask(client, address.format(ref=ref), tag)

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert again["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.parametrize("asked", ["W/{tag}", '"other", {tag}'])
def test_weak_and_several_tags_are_understood(client, ref, asked):
    tag = client.get("/monuments/")["ETag"]

    assert ask(client, "/monuments/", asked.format(tag=tag)).status_code == 304


def test_a_publication_changes_lists_and_leaves_the_pages_of_other_monuments(client, ref):
    tags = {address: client.get(address.format(ref=ref))["ETag"] for address in ADDRESSES}

    publish([make_publishable_monument("Another")])

    assert [address for address in ADDRESSES if ask(client, address.format(ref=ref), tags[address]).status_code == 304] == [
        "/monuments/{ref}/", "/monuments/{ref}/v1/", "/monuments/{ref}/history/",
    ]  # fmt: skip


def test_a_new_version_changes_every_page_of_its_monument(client):
    monument = shelve_two_versions()
    addresses = [f"/monuments/{monument.ref}/{rest}" for rest in ("", "v1/", "v2/", "history/")]
    tags = {address: client.get(address)["ETag"] for address in addresses}
    monument.refresh_from_db()
    monument.label = "Renamed"
    monument.save()

    publish([monument])

    assert [ask(client, address, tag).status_code for address, tag in tags.items()] == [200] * 4


@pytest.mark.parametrize("rest", ["", "v1/", "history/"])
def test_who_has_a_page_is_told_that_it_was_withdrawn_or_merged(client, rest):
    gone, moved, other = (make_publishable_monument() for _ in range(3))
    publish([gone, moved, other])
    tags = [client.get(f"/monuments/{one.ref}/{rest}")["ETag"] for one in (gone, moved)]
    administrator = make_user("administrator")
    for one in (gone, moved):
        one.refresh_from_db()

    withdraw(gone, administrator, "safety", "It led looters there.")
    merge(moved, other, administrator, "The same chapel")

    answers = [ask(client, f"/monuments/{one.ref}/{rest}", tag) for one, tag in zip((gone, moved), tags, strict=True)]
    assert [answer.status_code for answer in answers] == [410, 200 if rest == "v1/" else 301]


@pytest.mark.parametrize("address", ["/monuments/zzzzzzzzzzzz/", "/monuments/?colour=red", "/places/zzzzzzzzzzzz/"])
def test_a_star_asks_for_any_answer_and_there_is_none(client, ref, address):
    answer = ask(client, address, "*")

    assert answer.status_code in (400, 404)
    assert not answer.has_header("ETag")


def test_a_star_is_met_by_an_answer(client, ref):
    assert ask(client, "/monuments/", "*").status_code == 304


def test_an_index_made_anew_changes_lists(client, ref):
    tag = client.get("/monuments/")["ETag"]

    rebuild()

    assert ask(client, "/monuments/", tag).status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [("REGISTER_NAME", "Another"), ("REVIEWERS_NEEDED", 7), ("SECRET_KEY", "another"), ("TILES_URL", "")],
)
def test_settings_that_pages_show_change_the_tag(client, settings, ref, name, value):
    tag = client.get("/monuments/")["ETag"]

    setattr(settings, name, value)

    assert ask(client, "/monuments/", tag).status_code == 200


def test_other_code_another_host_and_another_query_change_the_tag(client, monkeypatch, ref):
    tag = client.get("/monuments/")["ETag"]

    assert client.get("/monuments/", headers={"host": "localhost"})["ETag"] != tag
    assert client.get("/monuments/?sort=built")["ETag"] != tag
    monkeypatch.setattr(stamps, "BUILD", "another")
    assert client.get("/monuments/")["ETag"] != tag


def test_the_hash_of_parts_does_not_take_two_for_one():
    assert stamps.digest([b"ab", b"c"]) != stamps.digest([b"a", b"bc"])


def test_the_record_keeps_its_hash_for_a_tag(client, ref):
    answer = client.get(f"/monuments/{ref}.json")

    publish([make_publishable_monument("Another")])

    assert ask(client, f"/monuments/{ref}.json", answer["ETag"]).status_code == 304
