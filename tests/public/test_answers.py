"""How the reading room answers: methods, ETags, errors in the asked format, withdrawn and merged records."""

import hashlib

import pytest

from heritage.catalogue.models import Edition
from heritage.catalogue.publish import merge, publish, withdraw
from tests.public.shelves import shelve_two_versions
from tests.registry.make import make_publishable_monument, make_user

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/monuments/",
    "/monuments.json",
    "/monuments.geojson",
    "/monuments/{ref}/",
    "/monuments/{ref}.json",
    "/monuments/{ref}.geojson",
    "/monuments/{ref}/history/",
    "/monuments/{ref}/v1/",
    "/monuments/{ref}/v1.json",
    "/places/",
    "/sources/",
    "/sources/{source}/",
    "/sources/{source}.json",
    "/figures/",
    "/changes/",
    "/changes.atom",
    "/ledger/",
    "/ledger.jsonl",
    "/about/",
    "/vocabulary/",
    "/data/",
    "/health/",
]


@pytest.fixture
def shelf():
    monument = shelve_two_versions()
    source = monument.claims.first().citations.get().source
    return {"ref": monument.ref, "source": source.ref}


@pytest.mark.parametrize("address", PAGES)
def test_every_address_has_a_strong_etag_that_it_honours_and_no_cookie(client, shelf, address):
    address = address.format(**shelf)

    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    other = client.get(address, headers={"If-None-Match": '"other"'})

    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert first["ETag"].startswith('"')
    assert again.content == b""
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")


@pytest.mark.parametrize("address", PAGES)
def test_every_address_answers_head_and_refuses_to_be_written_to(client, shelf, address):
    address = address.format(**shelf)

    head = client.head(address)
    written = [getattr(client, method)(address).status_code for method in ("post", "put", "patch", "delete", "options")]

    assert (head.status_code, b"".join(head)) == (200, b"")
    assert head["ETag"] == client.get(address)["ETag"]
    assert written == [405] * 5


def test_the_json_of_a_record_is_the_edition_byte_for_byte(client, shelf):
    answer = client.get(f"/monuments/{shelf['ref']}.json")

    digest = hashlib.sha256(answer.content).hexdigest()
    assert answer["ETag"] == f'"{digest}"'
    assert answer.json()["version"] == 2
    assert answer["Content-Type"] == "application/json"


def test_a_pinned_version_is_the_same_bytes_after_the_next_publication(client):
    monument = make_publishable_monument()
    publish([monument])
    before = client.get(f"/monuments/{monument.ref}/v1.json").content
    monument.label = "Renamed"
    monument.save()

    publish([monument])

    assert client.get(f"/monuments/{monument.ref}/v1.json").content == before
    assert "Read the current version (2)" in client.get(f"/monuments/{monument.ref}/v1/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/monuments/{ref}/v9/",
        "/monuments/{ref}/v0/",
        "/monuments/{ref}/v01/",
        "/monuments/{ref}/v99999999999999999999/",
        "/monuments/{ref}.xml",
        "/monuments/{ref}.json.json",
        "/monuments/{ref}/v1.geojson",
        "/monuments/{source}/",
        "/places/{ref}/",
        "/sources/{ref}/",
        "/monuments.xml",
        "/monuments/b000000000nn/",
        "/nowhere/",
    ],
)
def test_what_is_not_there_is_not_found(client, shelf, address):
    answer = client.get(address.format(**shelf))

    assert answer.status_code == 404
    assert ("<h1>Not found</h1>" in answer.content.decode()) == (not address.endswith("json"))


def test_a_draft_is_answered_like_an_unknown_reference(client):
    draft = make_publishable_monument("Kept at the desk")

    answers = [client.get(f"/monuments/{ref}/") for ref in (draft.ref, "zzzzzzzzzzzz")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_a_missing_record_is_told_in_json_where_json_was_asked(client):
    answer = client.get("/monuments/zzzzzzzzzzzz.json")

    assert answer.status_code == 404
    assert answer.json() == {
        "error": {
            "status": 404,
            "message": "Nothing is published at this address. It may never have been, or the address may be mistyped.",
            "fields": {},
        }
    }


@pytest.mark.parametrize("suffix", ["/", ".json", ".geojson", "/history/", "/v1/", "/v1.json", "/v2/"])
def test_a_withdrawn_record_is_gone_in_every_version_and_says_why_by_class(client, suffix):
    monument = make_publishable_monument("Withdrawn chapel")
    publish([monument])
    monument.refresh_from_db()
    withdraw(monument, make_user("administrator"), "safety", "A secret of the desk")

    answer = client.get(f"/monuments/{monument.ref}{suffix}")

    assert answer.status_code == 410
    assert "Class of the reason: Safety." in answer.content.decode()
    assert "secret" not in answer.content.decode()
    assert "Withdrawn chapel" not in answer.content.decode()


@pytest.mark.parametrize(
    ("suffix", "there"),
    [
        ("/", "/"),
        (".json", ".json"),
        (".geojson", ".geojson"),
        ("/history/", "/history/"),
        ("/v2/", "/"),
        ("/v2.json", ".json"),
    ],
)
def test_a_merged_record_leads_to_the_other_in_the_same_format(client, suffix, there):
    one, other = make_publishable_monument("One"), make_publishable_monument("Other")
    publish([one, other])
    one.refresh_from_db()
    merge(one, other, make_user("administrator"), "The same chapel")

    answer = client.get(f"/monuments/{one.ref}{suffix}")

    assert (answer.status_code, answer["Location"]) == (301, f"/monuments/{other.ref}{there}")
    assert client.get(f"/monuments/{one.ref}/v1/").status_code == 200


def test_no_page_lets_a_script_or_a_style_in_from_elsewhere(client, shelf):
    for address in ("/", "/monuments/", f"/monuments/{shelf['ref']}/"):
        answer = client.get(address)
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert " style=" not in answer.content.decode()
        assert " onclick" not in answer.content.decode()
        assert answer.content.decode().count("<script") == 1


def test_the_geojson_of_a_record_is_its_shown_position(client, shelf):
    feature = client.get(f"/monuments/{shelf['ref']}.geojson").json()

    assert (feature["type"], feature["id"]) == ("Feature", shelf["ref"])
    assert feature["geometry"] == {"type": "Point", "coordinates": [46.75, 39.76]}
    assert feature["properties"]["label"] == "Chapel of Saint John"


def test_the_ledger_has_a_line_for_each_edition_and_its_etag_is_the_last_link(client, shelf):
    answer = client.get("/ledger.jsonl")

    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == len(set(lines))
    assert answer["ETag"].strip('"') in lines[-1]
    assert any(f'"ref": "{shelf["ref"]}", "version": 2' in line for line in lines)
    assert all("position" not in line for line in lines)


def test_health_reads_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert client.get("/health/").json() == {"status": "ok"}


def test_the_current_edition_is_what_the_page_cites(client, shelf):
    page = client.get(f"/monuments/{shelf['ref']}/").content.decode()

    edition = Edition.objects.current().get(ref=shelf["ref"])
    assert f"version 2, published {edition.published_at.day} " in page
    assert f"http://testserver/monuments/{shelf['ref']}/v2/. SHA-256 {edition.sha256}." in page
