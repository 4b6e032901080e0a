"""The timeline's pages: numbers by hand, links that lead to what they count, bad input, and its cost."""

import re
from xml.etree import ElementTree

import pytest

from heritage.catalogue.models import Entry
from heritage.catalogue.publish import publish
from heritage.public import timeline as timeline_module
from tests.public.shelves import shelve, shelve_varied
from tests.registry.make import make_actor, make_citation, make_monument, make_name, make_status, make_term

pytestmark = pytest.mark.django_db


def asked(client, query=""):
    return client.get(f"/timeline.json?{query}").json()


def numbers(answer):
    """Return (surely, possibly) by the first date of each bin that holds anything."""
    return {one["from"]: (one["surely"], one["possibly"]) for one in answer["bins"] if one["possibly"]}


def summaries(answer):
    return [one["summary"] for one in answer["happenings"]]


@pytest.fixture
def shelf():
    """One monument with three events in 2020 and 2021, one of an open date, a threat and an observation."""
    monument = make_monument("Chapel of Saint John")
    make_name(monument, monument.label)
    watch, cause = make_actor("Watch"), make_term("cause", "looting")
    for edtf, fields in {
        "2020-11-08": {"summary": "A day.", "value": "damaged", "cause": cause},
        "2020-10-10/2020-11-20": {"summary": "Two months.", "value": "damaged"},
        "2020-12-01/2021-03-25": {"summary": "Two years."},
        "../2021-05-01": {"summary": "Open.", "effects": [make_term("effect", "theft")]},
        "2021-02": {"summary": "A threat.", "mode": "threat"},
        "2021-03": {"summary": "An observation.", "mode": "observation", "value": "intact"},
    }.items():
        make_citation(make_status(monument, edtf=edtf, claimant=watch, **fields))
    publish([monument])
    return monument


def test_years_have_what_surely_and_what_possibly_lies_in_them(client, shelf):
    answer = asked(client)

    assert answer["unit"] == "month"
    assert numbers(answer) == {
        "2020-01": (0, 1), "2020-02": (0, 1), "2020-03": (0, 1), "2020-04": (0, 1), "2020-05": (0, 1), "2020-06": (0, 1),
        "2020-07": (0, 1), "2020-08": (0, 1), "2020-09": (0, 1), "2020-10": (0, 2), "2020-11": (1, 3), "2020-12": (0, 2),
        "2021-01": (0, 2), "2021-02": (0, 2), "2021-03": (0, 2), "2021-04": (0, 1), "2021-05": (0, 1),
    }  # fmt: skip
    assert summaries(answer) == ["A day.", "Two months.", "Two years.", "Open."]
    assert (answer["next"], answer["previous"]) == (None, None)


def test_a_bin_counts_what_asking_for_it_lists(client):
    shelve_varied()
    answer = asked(client)

    assert answer["unit"] == "decade"
    for one in answer["bins"]:
        window = f"happened_from={one['from']}&happened_to={one['to']}"
        possible = asked(client, window)["happenings"]
        sure = asked(client, f"{window}&happened_surely=true")["happenings"]
        assert (len(sure), len(possible)) == (one["surely"], one["possibly"])
        assert sum(happening["surely"] for happening in possible) == one["surely"]


def test_a_happening_is_given_with_what_it_says_and_who_says_it(client, shelf):
    [happening] = asked(client, "happened_from=2020-11&happened_to=2020-11&happened_surely=true")["happenings"]
    claim = shelf.claims.get(summary="A day.")

    assert happening == {
        "claim": claim.ref,
        "url": f"/monuments/{shelf.ref}/#{claim.ref}",
        "monument": {
            "ref": shelf.ref,
            "label": "Chapel of Saint John",
            "kind": {"code": "monument", "label": "Monument"},
        },
        "mode": {"code": "event", "label": "Event"},
        "aspect": {"code": "condition", "label": "Physical condition"},
        "value": {"code": "damaged", "label": "Damaged, degree not stated"},
        "effects": [{"code": "destruction", "label": "Destruction"}],
        "cause": {"code": "looting", "label": "Looting"},
        "dates": {"qualifier": "on", "lo": 20201108, "hi": 20201108, "text": "8 November 2020"},
        "surely": True,
        "claimant": {"label": "Watch"},
        "summary": "A day.",
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("mode=threat", ["A threat."]),
        ("mode=observation&mode=threat", ["A threat.", "An observation."]),
        ("cause=looting", ["A day."]),
        ("effect=theft", ["Open."]),
        ("effect=theft&effect=destruction", ["A day.", "Two months.", "Two years.", "Open."]),
        ("cause=looting&effect=theft", []),
        ("cause=looting&kind=monument", ["A day."]),
        ("kind=cemetery", []),
        ("kind=monument&kind=cemetery", ["A day.", "Two months.", "Two years.", "Open."]),
        ("q=chapel&effect=theft", ["Open."]),
        ("q=mosque", []),
        ("happened_to=2020-09", ["Open."]),
        ("happened_from=2021-04", ["Open."]),
        ("happened_from=2021-03&happened_surely=true", []),
        ("happened_from=2020-11-10&happened_to=2020-11-15", ["Two months.", "Open."]),
        ("on=2020-01-01", []),
        ("sort=-changed&cause=looting", ["A day."]),
    ],
)
def test_filters_choose_among_the_happenings(client, shelf, query, expected):
    assert summaries(asked(client, query)) == expected


@pytest.mark.parametrize(
    ("ready", "live"),
    [
        ("", "has=dated_event&has=location&lacks=location"),
        ("cause=looting", "cause=looting&q=chapel"),
        ("effect=theft", "effect=theft&q=chapel"),
        ("mode=event&mode=threat", "mode=event&mode=threat&q=chapel"),
        ("happened_from=2020&happened_to=2020", "happened_from=2020&happened_to=2020&q=chapel"),
    ],
)
def test_ready_and_live_counts_draw_the_same(client, shelf, ready, live):
    assert asked(client, ready)["bins"] == asked(client, live)["bins"] != []


def test_where_there_are_too_many_to_count_the_list_goes_on_without_a_drawing(client, shelf, monkeypatch):
    monkeypatch.setattr(timeline_module, "FEW", 0)

    answer = asked(client, "q=chapel")
    page = client.get("/timeline/?q=chapel").content.decode()

    assert (answer["unit"], answer["bins"]) == (None, None)
    assert summaries(answer) == ["A day.", "Two months.", "Two years.", "Open."]
    assert "So many happenings match" in page
    assert "timechart" not in page.split("<main")[1]


@pytest.mark.parametrize("filters", ["", "&kind=monument", "&q=Chapel"])
def test_pages_follow_one_another_in_both_directions(client, filters):
    shelve(25)
    first = asked(client, f"page_size=10{filters}")
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    back = client.get(third["previous"]).json()

    pages = [first, second, third]
    assert [len(page["happenings"]) for page in pages] == [10, 10, 5]
    assert len({one["claim"] for page in pages for one in page["happenings"]}) == 25
    assert (first["previous"], third["next"]) == (None, None)
    assert back["happenings"] == second["happenings"]
    assert client.get(back["previous"]).json()["happenings"] == first["happenings"]
    assert client.get(back["next"]).json()["happenings"] == third["happenings"]


def test_the_drawing_and_the_table_behind_it_have_the_numbers_of_the_json(client, shelf):
    page = client.get("/timeline/").content.decode()
    expected = [(surely, possibly) for surely, possibly in numbers(asked(client)).values()]

    drawn = re.findall(r"<title>[^<]*: surely within (\d+), possibly within (\d+)</title>", page)
    rows = re.findall(r'<td class="figure">(\d+)</td><td class="figure">(\d+)</td><td class="figure">\d+</td>', page)

    assert [(int(surely), int(possibly)) for surely, possibly in drawn] == expected
    assert [(int(surely), int(possibly)) for surely, possibly in rows if possibly != "0"] == expected


def test_the_drawing_is_well_formed_named_and_without_inline_style(client, shelf):
    page = client.get("/timeline/").content.decode()
    [drawing] = re.findall(r'<svg class="timechart-drawing".*?</svg>\s*(?:<text.*?</text>\s*)+</svg>', page, re.DOTALL)
    tree = ElementTree.fromstring(drawing)

    assert tree.get("aria-labelledby") == "chart-title chart-desc"
    assert [tree.find(name).get("id") for name in ("title", "desc")] == ["chart-title", "chart-desc"]
    assert all(link.get("aria-label") for link in tree.iter("a"))
    assert "style=" not in page


def test_the_page_says_that_claims_are_not_events_or_monuments(client, shelf):
    page = client.get("/timeline/").content.decode()

    assert "several may speak of the same event" in page
    assert "not to be added up" in page


def test_a_chosen_month_has_ways_up_and_beside(client, shelf):
    page = client.get("/timeline/?happened_from=2020-11&happened_to=2020-11&cause=looting").content.decode()
    [nav] = re.findall(r'<nav class="way-up".*?</nav>', page, re.DOTALL)

    assert re.findall(r'href="([^"]*)"[^>]*>([^<]*)</a>', nav) == [
        ("/timeline/?cause=looting", "All time"),
        ("/timeline/?cause=looting&amp;happened_from=2000&amp;happened_to=2099", "21st century"),
        ("/timeline/?cause=looting&amp;happened_from=2020&amp;happened_to=2029", "2020s"),
        ("/timeline/?cause=looting&amp;happened_from=2020&amp;happened_to=2020", "2020"),
        ("/timeline/?cause=looting&amp;happened_from=2020-11&amp;happened_to=2020-11", "November 2020"),
        ("/timeline/?cause=looting&amp;happened_from=2020-10&amp;happened_to=2020-10", "← October 2020"),
        ("/timeline/?cause=looting&amp;happened_from=2020-12&amp;happened_to=2020-12", "December 2020 →"),
    ]


def test_filters_the_form_has_no_field_for_are_kept_in_it(client, shelf):
    page = client.get("/timeline/?q=chapel&has=dated_event&has=location&cause=looting").content.decode()
    [form] = re.findall(r'<form class="filters".*?</form>', page, re.DOTALL)

    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form)
    assert hidden == [("q", "chapel"), ("has", "dated_event"), ("has", "location")]
    assert '<option value="looting" selected>' in form


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("mode=event&mode=rumour", "mode"),
        ("mode=" + "x" * 10_000, "mode"),
        ("happened_from=2021&happened_to=2020", "happened_to"),
        ("happened_from=2021-13", "happened_from"),
        ("happened_from=../2021", "happened_from"),
        ("cause=nothing_like_it", "cause"),
        ("effect=%00", "effect"),
        ("kind=castle", "kind"),
        ("after=forged", "after"),
        ("after=1&after=2", "after"),
        ("after=" + "x" * 10_000, "after"),
        ("page_size=0", "page_size"),
        ("page_size=1000000000", "page_size"),
        ("bbox=here", "bbox"),
        ("unknown=1", "unknown"),
        ("on=3000-01-01", "on"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_shown(client, shelf, query, field):
    data, page = client.get(f"/timeline.json?{query}"), client.get(f"/timeline/?{query}")

    assert (data.status_code, page.status_code) == (400, 400)
    assert list(data.json()["error"]["fields"]) == [field]
    assert "This cannot be answered" in page.content.decode()
    assert "timechart" not in page.content.decode().split("<main")[1]


@pytest.mark.parametrize(
    "query", ["happened_from=Y-200000&happened_to=Y200000", "happened_from=Y90000", "happened_to=-9999"]
)
def test_dates_far_away_are_answered(client, shelf, query):
    answer = client.get(f"/timeline.json?{query}")

    assert answer.status_code == 200
    assert len(answer.json()["bins"]) <= 60
    assert client.get(f"/timeline/?{query}").status_code == 200


def test_a_cursor_of_another_list_is_not_understood(client):
    shelve(11)
    other = client.get("/monuments.json?page_size=10").json()["next"]
    cursor = re.search(r"after=([^&]*)", other)[1]

    assert client.get(f"/timeline.json?after={cursor}").status_code == 400


def test_an_empty_register_has_an_empty_timeline(client):
    assert client.get("/timeline.json").json() == {
        "unit": "year",
        "bins": [],
        "happenings": [],
        "next": None,
        "previous": None,
    }
    assert "Nothing to draw." in client.get("/timeline/").content.decode()


@pytest.mark.parametrize("path", ["/timeline/", "/timeline.json", "/timeline/?happened_from=2021&happened_to=2021"])
def test_it_has_an_etag_that_it_honours(client, shelf, path):
    first = client.get(path)

    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("size", [1, 30])
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 6),
        ("happened_from=2021&happened_to=2021", 11),
        ("kind=monument", 6),
        ("has=location", 6),
    ],
)
def test_it_costs_the_same_number_of_queries_however_much_there_is(
    client, django_assert_num_queries, size, query, count
):
    shelve(size)
    assert Entry.objects.count() == size

    with django_assert_num_queries(count):
        client.get(f"/timeline/?{query}")
