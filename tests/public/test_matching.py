"""Rows say why they were found and show where, and data never becomes markup."""

import pytest

from heritage.catalogue import facets
from heritage.catalogue.publish import publish
from heritage.public.matching import pieces
from tests.registry.make import make_name, make_publishable_monument

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("spans", "cut"),
    [
        ((), [("Old tower", False)]),
        (((0, 3),), [("Old", True), (" tower", False)]),
        (((4, 9), (0, 3)), [("Old", True), (" ", False), ("tower", True)]),
        (((0, 5), (3, 7)), [("Old t", True), ("ow", True), ("er", False)]),
        (((0, 99),), [("Old tower", True)]),
        (((50, 60),), [("Old tower", False)]),
    ],
)
def test_a_text_is_cut_where_it_matches_and_stays_whole(spans, cut):
    assert pieces("Old tower", spans) == cut


@pytest.fixture
def church():
    monument = make_publishable_monument("Cathedral of the Holy Saviour")
    make_name(monument, "Qazançı kilsəsi", language="az")
    publish([monument, make_publishable_monument("Chapel & <b>tower</b>")])
    return monument


def test_a_row_says_which_other_name_matches_and_marks_the_word(client, church):
    page = client.get("/monuments/?q=ghazanchi").content.decode()

    assert "matches the Azerbaijani name “Qazançı kilsəsi”" in page
    assert "<mark>Qazançı</mark> kilsəsi</bdi>" in page


def test_a_label_that_shows_the_words_needs_no_reason(client, church):
    page = client.get("/monuments/?q=cathedral").content.decode()

    assert "<mark>Cathedral</mark> of the Holy Saviour</a>" in page
    assert 'class="small why"' not in page


def test_marks_are_put_around_text_that_is_never_markup(client, church):
    page = client.get("/monuments/?q=tower").content.decode()

    assert "Chapel &amp; &lt;b&gt;<mark>tower</mark>&lt;/b&gt;</a>" in page


def test_data_tells_what_matches_where_there_are_words_only(client, church):
    [found] = client.get("/monuments.json?q=ghazanchi").json()["monuments"]

    assert found["match"] == [{"kind": "name", "text": "Qazançı kilsəsi", "language": "az"}]
    assert all("match" not in one for one in client.get("/monuments.json").json()["monuments"])


def orders(client, query):
    page = client.get(f"/monuments/{query}").content.decode()
    select = page[page.index('<select id="f-sort"') :]
    return [line for line in select[: select.index("</select>")].splitlines() if "<option" in line]


def test_nearness_is_the_usual_order_with_words_and_none_without(client, church):
    nearest, by_name = '<option value="">Nearest to the words</option>', '<option value="">By name</option>'

    assert orders(client, "?q=tower")[:2] == [nearest, '<option value="name">By name</option>']
    assert orders(client, "")[0] == by_name
    assert not any("Nearest" in one for one in orders(client, "?sort=relevance"))
    assert '<option value="name" selected>By name</option>' in orders(client, "?q=tower&sort=name")


def test_choices_without_numbers_say_why(client, church, monkeypatch):
    sentence = "Too many are found to count beside each choice"
    assert sentence not in client.get("/monuments/?kind=monument").content.decode()
    monkeypatch.setattr("heritage.catalogue.facets.FEW", 1)

    page = client.get("/monuments/?has=location").content.decode()

    assert sentence in page
    assert "<span>Monument</span></label>" in page


def test_the_ready_count_is_given_in_full(client, church, monkeypatch):
    found = facets.Answer(1_000_000, facets.ask(facets.Question()).counts)
    monkeypatch.setattr(facets, "ask", lambda question: found)

    assert "1\u202f000\u202f000 found</h2>" in client.get("/monuments/").content.decode()
