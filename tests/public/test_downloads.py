"""The whole list in one file: complete, in order, harmless in a spreadsheet, and read piece by piece."""

import csv
import io
import json
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heritage.catalogue.publish import publish
from heritage.public import downloads
from heritage.public.downloads import COLUMNS, harmless
from tests.public.shelves import shelve, shelve_varied
from tests.registry.make import make_name, make_publishable_monument

pytestmark = pytest.mark.django_db


def body(answer):
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content).decode()


def table(client, **asked):
    return list(csv.DictReader(io.StringIO(body(client.get("/monuments.csv", asked)))))


def test_the_table_tells_each_monument_on_one_line(client):
    shelf = shelve_varied()

    [line] = table(client, type="chapel")

    ref = shelf["ruin"].ref
    claimant = shelf["ruin"].claims.get().claimant.label
    published_at = client.get(f"/monuments/{ref}.json").json()["published_at"]
    assert tuple(line) == COLUMNS
    assert line == {
        "ref": ref,
        "url": f"http://testserver/monuments/{ref}/",
        "version": "1",
        "label": "Ruin",
        "kind": "monument",
        "types": "chapel",
        "names": "Ruin (en) | Սուրբ Հովհաննես (hy)",
        "places": "Village",
        "condition": "destroyed",
        "condition_label": "Destroyed",
        "condition_since": "between 12 April and 18 June 2021",
        "condition_according_to": claimant,
        "condition_contested": "false",
        "latitude": "39.7",
        "longitude": "46.7",
        "precision": "km1",
        "published_at": published_at,
    }


def test_a_monument_of_which_little_is_known_leaves_cells_empty(client):
    shelve_varied()

    [line] = table(client, kind="collection")

    assert [name for name in COLUMNS if line[name] == ""] == [
        "types", "places", "condition", "condition_label", "condition_since", "condition_according_to",
        "condition_contested", "latitude", "longitude", "precision",
    ]  # fmt: skip


def test_the_table_is_utf8_with_a_header_row_and_is_saved_under_its_name(client):
    answer = client.get("/monuments.csv")

    assert answer["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert answer["Content-Disposition"] == 'attachment; filename="monuments.csv"'
    assert body(answer) == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  ="])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(sign):
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("value", ["Chapel", "1-2", "", -46.75, 0, None, "'quoted'"])
def test_other_texts_and_all_numbers_stay_as_they_are(value):
    assert harmless(value) == value


def test_a_formula_in_a_label_or_a_name_is_harmless_in_the_table(client):
    monument = make_publishable_monument('=HYPERLINK("http://example.org","x")')
    make_name(monument, "@SUM(1+1)")
    publish([monument])

    [line] = table(client)

    assert line["label"] == '\'=HYPERLINK("http://example.org","x")'
    assert line["names"].startswith("'=HYPERLINK")
    assert client.get("/monuments.json").json()["monuments"][0]["label"] == '=HYPERLINK("http://example.org","x")'


def test_the_features_are_valid_json_with_a_null_where_no_position_is_shown(client):
    shelf = shelve_varied()

    features = json.loads(body(client.get("/monuments.geojson")))["features"]

    assert [(one["properties"]["label"], one["geometry"]) for one in features] == [
        ("Bridge", {"type": "Point", "coordinates": [45.0, 41.0]}),
        ("Cemetery", None),
        ("Museum", None),
        ("Ruin", {"type": "Point", "coordinates": [46.7, 39.7]}),
    ]
    assert features[3]["id"] == shelf["ruin"].ref


def test_nothing_found_is_an_empty_collection(client):
    assert json.loads(body(client.get("/monuments.geojson"))) == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize("sort", ["", "name", "-changed", "condition", "built", "relevance"])
@pytest.mark.parametrize("words", ["", "chapel"])
def test_the_file_holds_every_page_of_the_list_in_its_order(client, monkeypatch, sort, words):
    monkeypatch.setattr(downloads, "CHUNK", 4)
    shelve(23)

    paged, address = [], f"/monuments.json?page_size=10&sort={sort}&q={words}"
    while address:
        page = client.get(address).json()
        paged += [row["ref"] for row in page["monuments"]]
        address = page["next"]

    assert len(paged) == 23
    assert [line["ref"] for line in table(client, sort=sort, q=words)] == paged


@pytest.mark.parametrize("suffix", ["csv", "geojson"])
@pytest.mark.parametrize(("asked", "each"), [("", 2), ("?sort=built", 1), ("?q=chapel", 5)])
def test_each_chunk_costs_the_same_however_many_there_are(client, monkeypatch, suffix, asked, each):
    monkeypatch.setattr(downloads, "CHUNK", 10)
    costs = []
    for _third in range(3):
        publish([make_publishable_monument(f"Chapel {number:02}") for number in range(20)])
        costs.append(queries(client, f"/monuments.{suffix}{asked}"))

    assert [later - before for before, later in pairwise(costs)] == [2 * each, 2 * each]


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        body(client.get(address))
    return len(captured)


def test_no_more_than_a_chunk_is_read_before_it_is_sent(client, monkeypatch):
    monkeypatch.setattr(downloads, "CHUNK", 10)
    shelve(30)

    with CaptureQueriesContext(connection) as captured:
        lines = iter(client.get("/monuments.csv").streaming_content)
        for _line in range(11):
            next(lines)

    assert sum('"row"' in query["sql"] for query in captured.captured_queries) == 1


@pytest.mark.parametrize("suffix", ["csv", "geojson"])
@pytest.mark.parametrize(("name", "value"), [("page_size", "50"), ("after", "x"), ("bbox", "here"), ("colour", "red")])
def test_pages_and_mistakes_are_refused_before_anything_is_sent(client, suffix, name, value):
    answer = client.get(f"/monuments.{suffix}", {name: value})

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [name])


@pytest.mark.parametrize("suffix", ["csv", "geojson"])
def test_the_file_has_the_same_etag_until_something_is_published(client, suffix):
    shelve(2)
    first = client.get(f"/monuments.{suffix}?sort=built")
    again = client.get(f"/monuments.{suffix}?sort=built", headers={"If-None-Match": first["ETag"]})

    publish([make_publishable_monument()])
    later = client.get(f"/monuments.{suffix}?sort=built", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, later.status_code) == (304, 200)
    assert client.get(f"/monuments.{suffix}?sort=name")["ETag"] != later["ETag"]


def test_the_addresses_of_the_files_leave_the_page_out(client):
    shelve(12)
    second = client.get("/monuments.json?page_size=10&kind=monument").json()["next"]

    page = client.get(second.replace(".json", "/")).content.decode()

    assert 'href="/monuments.csv?kind=monument"' in page
    assert 'href="/monuments.geojson?kind=monument"' in page
    assert 'href="/monuments.json?page_size=10&amp;kind=monument&amp;after=' in page
