"""Every parameter finds what it says, combines with the others, and refuses nonsense without showing everything."""

import pytest

from heritage.catalogue.publish import publish
from heritage.public.parameters import ORDERS
from tests.public.shelves import shelve_contradiction, shelve_varied
from tests.registry.make import make_publishable_monument

pytestmark = pytest.mark.django_db

NONSENSE = [
    ("q", "!!!"),
    ("q", "a\x00b"),
    ("q", "x" * 201),
    ("kind", "castle"),
    ("type", "no_such_type"),
    ("type", "<script>"),
    ("condition", "sad"),
    ("use", "x"),
    ("access", "x"),
    ("custody", "x"),
    ("inscription", "x"),
    ("setting", "x"),
    ("threatened", "perhaps"),
    ("contested", "1"),
    ("place", "nowhere"),
    ("source", "' OR 1=1"),
    ("claimant", "nobody"),
    ("cause", "gremlins"),
    ("effect", "x"),
    ("happened_from", "2021-02-30"),
    ("happened_from", "../2021"),
    ("happened_to", "soon"),
    ("happened_to", "2021/.."),
    ("happened_surely", "yes"),
    ("built_from", "18th century"),
    ("built_to", "2021-13"),
    ("documented_before", "yesterday"),
    ("has", "charm"),
    ("lacks", "x"),
    ("bbox", "1,2,3"),
    ("bbox", "a,b,c,d"),
    ("bbox", "0,50,10,40"),
    ("bbox", "0,0,181,10"),
    ("bbox", "nan,0,0,0"),
    ("on", "2021-02-30"),
    ("on", "2999-01-01"),
    ("sort", "beauty"),
    ("after", "x"),
    ("after", "WyJuZXh0IiwiYSIsImIiXQ:forged"),
    ("page_size", "9"),
    ("page_size", "201"),
    ("page_size", "many"),
    ("page_size", "9" * 5000),
    ("colour", "red"),
    ("q", "x" * 10_000),
    ("q", '"*-()'),
    ("q", "🏛 🕌"),
    ("q", "word " * 13),
    ("bbox", "-181,0,10,10"),
    ("bbox", "0,-91,10,10"),
    ("bbox", "0,0,inf,10"),
    ("bbox", "1e999,0,10,10"),
    ("bbox", "0,0,10,10,20"),
    ("page_size", "0"),
    ("page_size", "-1"),
    ("page_size", "1000000000"),
    ("after", "x" * 2001),
    ("type", "x" * 41),
]
ODD = [
    '"chapel', "chapel*", "NEAR(chapel", "chapel NOT x", "-chapel", "names:chapel", "chapel OR bridge", "{names}: x", "a", "ß",
    "chapel 🏛", "\u202echapel\u202c سورب", "שלום chapel", "%", "_a", "a%b", "ա", "x" * 200, "1", "^chapel", "a\u0301" * 60,
]  # fmt: skip


@pytest.fixture
def shelf():
    return shelve_varied()


def labels(client, **asked):
    answer = client.get("/monuments.json", asked)
    assert answer.status_code == 200, answer.content
    return [row["label"] for row in answer.json()["monuments"]]


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_is_a_mistake_in_data_and_shows_nothing_on_the_page(client, shelf, name, value):
    data = client.get("/monuments.json", {name: value})
    page = client.get("/monuments/", {name: value})

    assert (data.status_code, page.status_code) == (400, 400)
    error = data.json()["error"]
    assert (error["status"], list(error["fields"])) == (400, [name])
    assert all(message and isinstance(message, str) for message in error["fields"][name])
    assert f"<code>{name}</code>" in page.content.decode()
    assert "Ruin</a>" not in page.content.decode()


@pytest.mark.parametrize("words", ODD)
def test_odd_words_are_words_or_a_mistake(client, shelf, words):
    answer = client.get("/monuments.json", {"q": words})

    assert answer.status_code == (400 if words == "%" else 200)
    assert client.get("/monuments/", {"q": words}).status_code == answer.status_code


def test_the_language_of_the_database_is_not_spoken(client, shelf):
    assert labels(client, q='"ruin" -bridge* NEAR(') == []
    assert labels(client, q='"ruin"*') == ["Ruin"]


@pytest.mark.parametrize("name", ["q", "kind", "type", "place", "bbox", "sort", "after", "page_size", "on", "colour"])
def test_a_parameter_given_two_hundred_times_is_a_mistake(client, shelf, name):
    answer = client.get("/monuments.json", {name: ["x"] * 200})

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [name])


def test_a_box_across_the_180th_meridian_or_of_one_point_is_a_box(client, shelf):
    assert labels(client, bbox="46,30,-170,50") == ["Ruin"]
    assert labels(client, bbox="180,-90,-180,90") == []
    assert labels(client, bbox="45,41,45,41") == ["Bridge"]


CONTENTS = [
    ["next", "bridge", None], ["next", None, "a"], ["sideways", "bridge", "a"], ["next", "bridge"], "next", {}, None, 7,
    ["next", ["bridge"], ["a"], "b"], ["next", [3, "bridge", 1], 1], ["next", ["3", "bridge", 1, None], 1], ["next", [], 1],
    ["next", "not a number", "a"], ["next", "yesterday", "a"],
]  # fmt: skip


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("sort", list(ORDERS))
def test_a_cursor_of_another_form_is_a_mistake_or_a_page(client, shelf, sort, content):
    cursor = ORDERS[sort].signer.sign_object(content)

    answer = client.get("/monuments.json", {"q": "ruin", "sort": sort, "after": cursor})

    good = {"name": CONTENTS[-2:], "built": CONTENTS[1:2]}.get(sort, [])
    assert answer.status_code == (200 if content in good else 400), answer.content


@pytest.mark.parametrize("sort", list(ORDERS))
def test_a_cursor_of_another_order_is_a_mistake(client, shelf, sort):
    for other in set(ORDERS) - {sort}:
        cursor = ORDERS[other].signer.sign_object(["next", "a", "b"])
        answer = client.get("/monuments.json", {"q": "ruin", "sort": sort, "after": cursor})
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["after"])


def test_every_mistake_is_told_at_once(client, shelf):
    fields = client.get("/monuments.geojson?bbox=x&kind=castle&colour=red").json()["error"]["fields"]

    assert set(fields) == {"bbox", "kind", "colour"}


def test_a_parameter_that_means_one_thing_is_not_taken_twice(client, shelf):
    assert client.get("/monuments.json?q=ruin&q=bridge").json()["error"]["fields"] == {
        "q": ["Give this parameter fewer times."]
    }


def test_empty_values_are_no_filters(client, shelf):
    assert labels(client, q="", kind="", happened_from=" ", bbox="", sort="") == [
        "Bridge",
        "Cemetery",
        "Museum",
        "Ruin",
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "rui"}, ["Ruin"]),
        ({"q": "RUIN"}, ["Ruin"]),
        ({"q": "uin"}, []),
        ({"q": "սուրբ"}, ["Ruin"]),
        ({"q": "Հովհաննես Սուրբ"}, ["Ruin"]),
        ({"q": "ruin bridge"}, []),
        ({"kind": "site"}, ["Bridge"]),
        ({"kind": ["site", "cemetery"]}, ["Bridge", "Cemetery"]),
        ({"type": "chapel"}, ["Ruin"]),
        ({"type": "place_of_worship"}, ["Ruin"]),
        ({"type": ["bridge", "place_of_worship"]}, ["Bridge", "Ruin"]),
        ({"condition": "destroyed"}, ["Ruin"]),
        ({"condition": "unknown"}, ["Cemetery", "Museum"]),
        ({"condition": ["destroyed", "intact"]}, ["Bridge", "Ruin"]),
        ({"threatened": "true"}, ["Cemetery"]),
        ({"threatened": "false"}, ["Bridge", "Museum", "Ruin"]),
        ({"contested": "true"}, []),
        ({"cause": "infrastructure"}, ["Ruin"]),
        ({"effect": ["restoration", "construction"]}, ["Bridge", "Museum"]),
        ({"happened_from": "2021-05", "happened_to": "2021-05"}, ["Ruin"]),
        ({"happened_from": "2021-05", "happened_to": "2021-05", "happened_surely": "true"}, []),
        ({"happened_from": "2021", "happened_to": "2021", "happened_surely": "true"}, ["Ruin"]),
        ({"happened_to": "2019-06"}, ["Bridge", "Museum"]),
        ({"happened_from": "2022"}, []),
        ({"built_from": "1855", "built_to": "1856"}, ["Museum"]),
        ({"built_to": "18XX"}, ["Museum"]),
        ({"built_from": "1900"}, []),
        ({"has": "location"}, ["Bridge", "Ruin"]),
        ({"lacks": "location"}, ["Cemetery", "Museum"]),
        ({"lacks": ["location", "dated_event"]}, ["Cemetery", "Museum"]),
        ({"has": "image"}, []),
        ({"bbox": "46,39,47,40"}, ["Ruin"]),
        ({"bbox": "170,-90,46,90"}, ["Bridge"]),
        ({"kind": "monument", "condition": "intact"}, []),
        ({"sort": "condition"}, ["Ruin", "Bridge"]),
        ({"sort": "built"}, ["Museum"]),
    ],
)
def test_a_filter_finds_what_it_says(client, shelf, asked, found):
    assert labels(client, **asked)[: len(found) or None if "sort" in asked else None] == found


@pytest.mark.parametrize("sort", ["name", "built", "condition"])
@pytest.mark.parametrize("few", [0, 2, 1000])
def test_what_is_lacking_is_found_alike_whether_few_lack_it_or_many(client, shelf, monkeypatch, few, sort):
    monkeypatch.setattr("heritage.public.parameters.FEW", few)

    assert sorted(labels(client, lacks="location", sort=sort)) == ["Cemetery", "Museum"]
    assert labels(client, lacks=["location", "dated_event"], has="location", sort=sort) == []


def test_places_sources_and_claimants_are_found_by_reference(client, shelf):
    everything = client.get("/monuments.json").json()["monuments"]
    claimant = shelf["ruin"].claims.get().claimant.ref

    assert len(everything) == 4
    assert labels(client, place=shelf["village"].ref) == ["Bridge", "Ruin"]
    assert labels(client, source=shelf["source"].ref) == ["Ruin"]
    assert labels(client, claimant=claimant) == ["Ruin"]


def test_nearest_to_the_words_comes_first_by_relevance(client):
    publish([make_publishable_monument(label) for label in ("Old tower", "Tower", "Tower of the old town")])

    assert labels(client, q="tower", sort="name") == ["Old tower", "Tower", "Tower of the old town"]
    assert labels(client, q="tower", sort="relevance") == ["Tower", "Tower of the old town", "Old tower"]
    assert labels(client, q="tower") == ["Tower", "Tower of the old town", "Old tower"]


def test_where_sources_disagree_can_be_asked_for(client):
    monument, _destroyed, _standing = shelve_contradiction()

    assert labels(client, contested="true") == [monument.label]


def test_before_the_first_publication_nothing_was_known(client, shelf):
    assert labels(client, on="2020-01-01") == []


def test_facets_count_under_the_other_filters_but_not_their_own(client, shelf):
    facets = client.get("/monuments.json?kind=site").json()["facets"]

    assert facets["kind"] == [
        {"code": "monument", "label": "Monument", "count": 1},
        {"code": "cemetery", "label": "Cemetery", "count": 1},
        {"code": "site", "label": "Site", "count": 1},
        {"code": "collection", "label": "Collection", "count": 1},
    ]
    assert facets["condition"] == [{"code": "intact", "label": "No damage known", "count": 1}]
    assert facets["type"] == [{"code": "bridge", "label": "Bridge", "count": 1}]
    assert facets["place"] == [{"code": shelf["village"].ref, "label": "Village", "count": 1}]


def test_filters_in_use_can_be_taken_off_one_by_one(client, shelf):
    page = client.get("/monuments/?kind=site&kind=monument&condition=intact").content.decode()

    assert '<a href="/monuments/?kind=monument&amp;condition=intact">Kind: Site' in page
    assert '<a href="/monuments/?kind=site&amp;kind=monument">Condition: No damage known' in page
