"""Search: what is found and in which order, its pages, what it says about why, and what it refuses."""

import contextlib
import datetime
import itertools

import pytest
from django.utils import timezone

from heritage.catalogue import query, search
from heritage.catalogue.models import Edition, Entry, PlaceWord, SearchName, SearchRow, Word
from heritage.catalogue.publish import merge, publish, rebuild, stale_entries, withdraw
from heritage.registry.models import Monument, Name, Place
from tests.registry.make import (
    make_citation,
    make_location,
    make_membership,
    make_monument,
    make_name,
    make_place,
    make_publishable_monument,
    make_source,
    make_status,
    make_term,
)

pytestmark = pytest.mark.django_db


def named(label, *names, types=(), place=None):
    """Make a monument that is found by its label, its names and its place, and publish it."""
    monument = make_monument(label, types=[make_term(code=code) for code in types])
    for language, text in [("en", label), *names]:
        make_name(monument, text, language=language, script="Zyyy")
    if place:
        make_location(monument, place=place)
    publish([monument])
    monument.refresh_from_db()
    return monument


def named_place(label, **fields):
    """Make a place that is found by its label, not published yet."""
    place = make_place(label, **fields)
    make_name(place, label)
    return place


def labels(text, on=None, rows=None):
    found = search.find(text, on=on)
    rows = Entry.objects.known_on(on) if rows is None else rows
    return [entry.label for entry in found.page(rows, 200).entries]


def reasons(text):
    found = search.find(text)
    entries = found.page(Entry.objects.current(), 200).entries
    return {entry.label: found.why(entries)[entry.pk] for entry in entries}


def test_the_exact_name_comes_first_then_its_beginning_then_other_names_then_text():
    place = named_place("Dadi")
    publish([place])
    named("In the village", place=place)
    named("Saint Dadi")
    named("Dadivank")
    named("Dadi")

    assert labels("dadi") == ["Dadi", "Dadivank", "Saint Dadi", "In the village"]


def test_all_words_must_be_found_wherever_each_stands():
    place = named_place("Agdam")
    publish([place])
    named("Blue mosque", place=place)
    named("Blue bridge")

    assert labels("agdam blue") == ["Blue mosque"]
    assert labels("blue agdam bridge") == []


def test_words_of_claims_sources_and_types_are_found():
    monument = make_monument("Nameless", types=[make_term(code="caravanserai")])
    make_name(monument, "Nameless")
    make_citation(make_status(monument, summary="The vault fell in."), make_source("Survey by satellite"))
    publish([monument])

    assert [labels(text) for text in ("vault", "satellite survey", "caravanserai", "telescope")] == [
        ["Nameless"],
        ["Nameless"],
        ["Nameless"],
        [],
    ]


def test_julfa_and_jugha_are_found_through_the_names_recorded_for_the_place():
    place = named_place("Jugha / Julfa")
    for language, text in [("hy", "Ջուղա"), ("az", "Culfa"), ("ru", "Джульфа")]:
        make_name(place, text, language=language, script="Zyyy")
    named("Old cemetery", place=place)
    assert labels("Culfa") == []

    publish([place])
    assert labels("Culfa") == []
    monument = Edition.objects.current().get(label="Old cemetery").ref
    republish(monument)

    assert [labels(text) for text in ("Julfa", "Jugha", "Ջուղա", "Джульфа", "Culfa")] == [["Old cemetery"]] * 5


def republish(ref):
    publish([Monument.objects.get(ref=ref)])


def test_a_place_that_gets_a_name_after_its_monuments_were_published_is_found_by_it_at_once():
    district, village = named_place("District", kind="district"), named_place("Village")
    make_membership(village, district)
    publish([district, village])
    named("Chapel", place=village)
    assert labels("Շուշի") == []

    make_name(district, "Շուշի", language="hy", script="Armn")
    district = Place.objects.get(pk=district.pk)
    publish([district])

    assert labels("Շուշի") == ["Chapel"]
    assert labels("shushi chapel") == ["Chapel"]
    assert [(reason.kind, reason.text, str(reason)) for reason in reasons("Շուշի")["Chapel"]] == [
        ("place", "Շուշի", "matches the place name “Շուշի”")
    ]


def test_a_place_is_found_by_a_rare_word_together_with_a_very_common_one(monkeypatch):
    monkeypatch.setattr(query, "RARE", 3)
    monkeypatch.setattr(query, "MOST_PLACES", 3)
    places = [named_place(f"Village {number}") for number in range(8)]
    for number, place in enumerate(places):
        make_name(place, f"Верхний {'Агулис' if number == 7 else number}", language="ru", script="Cyrl")
    publish(places)
    named("Chapel", place=places[7])

    assert labels("верхний агулис") == ["Chapel"]


def test_a_withdrawn_place_leaves_none_of_its_names():
    place = named_place("Mirikvillage")
    publish([place])
    named("Chapel")
    assert PlaceWord.objects.filter(ref=place.ref).exists()

    withdraw(Place.objects.get(pk=place.pk), None, "rights", "Asked for.")

    assert not PlaceWord.objects.filter(ref=place.ref).exists()
    assert not Word.objects.filter(word="mirikvilage").exists()


def test_a_row_says_which_name_has_the_words_and_where_they_stand():
    named("Cathedral", ("az", "Qazançı kilsəsi"), ("hy", "Ղազանչեցոց"))

    [reason] = reasons("Qazancı")["Cathedral"]

    assert (str(reason), reason.language, reason.spans) == (
        "matches the Azerbaijani name “Qazançı kilsəsi”",
        "az",
        ((0, 7),),
    )


def test_the_name_with_the_very_letters_explains_better_than_one_with_the_sound():
    named("Shushi cathedral", ("hy", "Շուշի տաճար"))

    assert [(reason.kind, reason.spans) for reason in reasons("շուշի")["Shushi cathedral"]] == [("name", ((0, 5),))]
    assert [(reason.kind, reason.spans) for reason in reasons("shushi")["Shushi cathedral"]] == [("label", ((0, 6),))]


def test_spans_are_positions_in_the_name_as_it_is_written_and_hold_no_markup():
    named("<b>Saint</b> John’s (old) church")

    [reason] = reasons("johns church")["<b>Saint</b> John’s (old) church"]

    assert [reason.text[start:end] for start, end in reason.spans] == ["John’s", "church"]
    assert reason.text == "<b>Saint</b> John’s (old) church"


def test_a_monument_is_found_by_its_whole_reference_and_by_its_number_in_a_list():
    monument = named("Chapel")
    make_name(monument, "AZ-4.217", kind="register_number", scheme="State list")
    publish([Monument.objects.get(pk=monument.pk)])

    assert [labels(text) for text in (monument.ref, monument.ref.upper(), "az-4.217")] == [["Chapel"]] * 3
    assert str(reasons(monument.ref)["Chapel"][0]) == f"matches the reference {monument.ref}"
    assert labels(monument.ref[:6]) == []


def test_several_reasons_explain_words_found_in_several_places():
    place = named_place("Agdam")
    publish([place])
    named("Blue house", types=["mosque"], place=place)

    found = reasons("blue mosque agdam")["Blue house"]

    assert [(reason.kind, reason.text) for reason in found] == [
        ("label", "Blue house"),
        ("place", "Agdam"),
        ("type", "Mosque"),
    ]


def test_a_name_that_only_sounds_alike_says_so_and_comes_last():
    named("Ghazanchetsots")
    named("Kazanchet")

    assert labels("Казанчец") == ["Ghazanchetsots"]
    assert labels("Казанчецоц") == ["Ghazanchetsots"]
    assert str(reasons("Казанчецоц")["Ghazanchetsots"][0]) == "sounds like “Ghazanchetsots”"


def test_similar_names_are_left_out_where_a_page_of_others_has_the_word():
    for number in range(search.SIMILAR_UNDER):
        named(f"Kanach Zham {number}")
    named("Ganaj Sham")

    assert "Ganaj Sham" not in labels("Kanach")
    Name.objects.all().delete()
    withdraw(published("Kanach Zham 1"), None, "error", "Double.")
    assert "Ganaj Sham" in labels("Kanach")


def published(label):
    return Monument.objects.get(label=label)


def test_prefixes_of_two_letters_find_words_of_names_and_longer_ones_words_anywhere():
    named("Old Ghazanchetsots", types=["monastery"])

    assert [labels(text) for text in ("gh", "Ղա", "monast", "pt")] == [["Old Ghazanchetsots"]] * 3 + [[]]


@pytest.mark.parametrize(
    "text",
    ["🙂", "—", '"', "* - ()", "", "   ", "\u202e\u200f", "x" * 201, "a" * 10_000, '" OR ' * 3000, "of " * 20],
)
def test_what_cannot_be_searched_for_is_refused_with_a_reason(text):
    named("Chapel")
    with pytest.raises(search.Unsearchable) as refusal:
        labels(text)
    assert str(refusal.value).endswith(("at most.", "letter or digit."))
    assert search.suggest(text) == []


@pytest.mark.parametrize(
    "text",
    [
        '"chapel"',
        "chapel*",
        "-chapel",
        "NEAR(chapel old, 2)",
        "chapel AND",
        "chapel:old",
        "^chapel",
        "{names} : chapel",
        "chapel' OR '1'='1",
        "chapel & !old | (",
        "chapel:*A",
        "chapel\\",
        "cha\x00pel",
        "chapel 🙂",
        "\u202echapel\u202c",
        "chapel שלום",
        "礼拝堂",
        "%",
        "_",
        "chapel%",
        "a",
        "ა",
        "١",
        "\ud800",
    ],
)
def test_no_text_is_an_error_of_the_database(text):
    named("Old chapel")
    with contextlib.suppress(search.Unsearchable):
        assert set(labels(text)) <= {"Old chapel"}
    search.suggest(text)


def test_syntax_of_the_databases_has_no_meaning():
    named("Old chapel")
    assert labels('"chapel"*') == labels("chapel -") == labels("^chapel") == ["Old chapel"]
    assert labels("chapel OR zebra") == []


def many(count, text="Church of {}"):
    """Publish ``count`` monuments in one go."""
    monuments = [make_monument(text.format(number)) for number in range(count)]
    for monument in monuments:
        make_name(monument, monument.label)
    publish(monuments)


@pytest.fixture
def small(monkeypatch):
    """Rank ten only, so that a few dozen matches are many."""
    monkeypatch.setattr(search, "CHUNKS", (3, 5))
    monkeypatch.setattr(search, "FEW", 15)
    monkeypatch.setattr(search.Found.__init__, "__kwdefaults__", {"ranked": 10, "names_only": False})


def walked(text, rows, size, backward=False):
    """Return the pages of ``text`` from one end to the other."""
    pages, beyond = [], None
    while True:
        page = search.find(text, beyond=beyond).page(rows, size, backward=backward)
        pages.append([entry.label for entry in page.entries])
        if not page.more:
            return pages
        beyond = page.ranks[0 if backward else -1]


@pytest.mark.parametrize("size", [1, 4, 7, 50])
def test_pages_hold_every_match_once_and_are_the_same_both_ways(small, size):
    many(30)
    many(3, "Old church {}")
    rows = Entry.objects.current()

    forward = list(itertools.chain.from_iterable(walked("church", rows, size)))
    backward = list(itertools.chain.from_iterable(reversed(walked("church", rows, size, backward=True))))

    assert len(forward) == len(set(forward)) == 33
    assert forward == backward
    assert forward[:3] == ["Church of 0", "Church of 1", "Church of 10"]


def test_pages_of_a_common_word_keep_to_the_other_filters(small):
    many(30)
    Entry.objects.filter(label__endswith="7").update(kind="site")
    rows = Entry.objects.current().filter(kind="site")

    assert sorted(itertools.chain.from_iterable(walked("church", rows, 2))) == [
        "Church of 17",
        "Church of 27",
        "Church of 7",
    ]
    assert search.find("church").count(rows) == (3, True)


def test_a_publication_between_two_pages_neither_repeats_nor_drops_a_row(small):
    many(30)
    rows = Entry.objects.current()
    first = search.find("church").page(rows, 12)
    many(5, "Church also {}")

    rest, beyond = [], first.ranks[-1]
    while beyond:
        page = search.find("church", beyond=beyond).page(rows, 12)
        rest += [entry.label for entry in page.entries]
        beyond = page.ranks[-1] if page.more else None

    seen = [entry.label for entry in first.entries] + rest
    assert {f"Church of {number}" for number in range(30)} <= set(seen)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("count", [5, 13, 30])
def test_matches_can_be_put_in_any_order_and_narrowed_whatever_their_number(small, count):
    many(count)
    named("Bridge")
    found = search.find("church")

    rows = found.restrict(Entry.objects.current()).order_by("-sort_label")

    assert [row.label for row in rows] == sorted((f"Church of {number}" for number in range(count)), reverse=True)
    assert found.restrict(Entry.objects.filter(label="Bridge")).count() == 0
    assert found.is_few == (count < 30)


def test_the_number_found_is_exact_up_to_a_thousand_and_says_when_it_is_not(small):
    many(30)

    assert search.find("church").count() == (30, True)
    assert search.find("church").count(most=29) == (29, False)
    assert search.find("church").count(Entry.objects.filter(label__contains="1"), most=5) == (5, False)
    assert search.find("zebra").count() == (0, True)


def test_a_search_on_a_past_day_finds_the_words_of_that_day():
    monument = named("Old name")
    yesterday = timezone.now() - datetime.timedelta(days=1)
    Edition.objects.update(published_at=yesterday)
    Entry.objects.update(published_at=yesterday)
    monument.names.all().delete()
    make_name(monument, "New name")
    monument.label = "New name"
    monument.save()
    publish([monument])

    assert labels("old") == []
    assert labels("new") == ["New name"]
    assert labels("old", on=yesterday.date()) == ["Old name"]
    assert labels("old name", on=yesterday.date()) == ["Old name"]
    assert labels("new", on=yesterday.date()) == []
    assert labels("old", on=yesterday.date() - datetime.timedelta(days=1)) == []
    assert search.find("old", on=yesterday.date()).restrict(Entry.objects.known_on(yesterday.date())).count() == 1


def test_a_withdrawn_monument_leaves_no_word_behind():
    kept, gone = named("Kept chapel"), named("Vanished zikkurat")

    withdraw(gone, None, "legal", "Order of a court.", erase=True)

    assert labels("zikkurat") == []
    assert not Word.objects.filter(word__contains="zikurat").exists()
    assert list(SearchRow.objects.values_list("entry__ref", flat=True)) == [kept.ref]
    assert labels("chapel") == ["Kept chapel"]
    assert search.suggest("vanis") == []


def test_a_merged_monument_is_not_found_any_longer():
    double, survivor = make_publishable_monument("Double zikkurat"), make_publishable_monument("Survivor")
    publish([double, survivor])

    merge(double, survivor, None, "The same.")

    assert labels("double") == []


def test_rebuilding_gives_the_same_words_and_meddling_with_them_is_noticed():
    place = named_place("Agdam")
    publish([place])
    named("Blue mosque", ("az", "Göy məscid"), place=place)
    before = snapshot()
    SearchRow.objects.update(names="tampered")
    SearchName.objects.all().delete()
    PlaceWord.objects.all().delete()
    ref = Entry.objects.get().ref
    assert list(stale_entries()) == [
        f"{ref} version 1: its search row rows differ from its record.",
        f"{ref} version 1: its search name rows differ from its record.",
        f"{place.ref}: its words in the index differ from the names of the place.",
    ]
    assert labels("tampered") == ["Blue mosque"]

    rebuild()

    assert snapshot() == before
    assert labels("tampered") == []
    assert labels("agdam mescid") == ["Blue mosque"]


def snapshot():
    return [
        sorted(
            model.objects.values_list(*(field.attname for field in model._meta.concrete_fields if field.name != "id"))
        )
        for model in (SearchRow, SearchName, PlaceWord, Word)
    ]


def test_suggestions_are_names_as_they_are_spelt_with_their_monument():
    monument = named("Cathedral", ("az", "Qazançı kilsəsi"), ("hy", "Ղազանչեցոց"))
    named("Khachkar")

    assert [(one.text, one.label, one.ref, one.language) for one in search.suggest("qaza")] == [
        ("Qazançı kilsəsi", "Cathedral", monument.ref, "az")
    ]
    assert [one.text for one in search.suggest("Ղա")] == ["Ղազանչեցոց"]
    assert [one.text for one in search.suggest("ca")] == ["Cathedral"]


def test_suggestions_begin_with_what_is_typed_and_are_as_many_as_asked_for():
    many(12)
    named("Old church")

    assert [one.text for one in search.suggest("chur", limit=3)] == ["Church of 0", "Church of 1", "Church of 10"]
    assert len(search.suggest("chur")) == 8
    assert [one.text for one in search.suggest("old ch")] == ["Old church"]


def test_a_search_costs_the_same_number_of_queries_at_three_and_at_thirty_matches(django_assert_max_num_queries):
    named("Church of 0")
    with django_assert_max_num_queries(9):
        page_with_everything("church")
    many(40)

    with django_assert_max_num_queries(9):
        page_with_everything("church")


def page_with_everything(text):
    found = search.find(text)
    page = found.page(Entry.objects.current(), 30)
    return found.count(), found.why(page.entries)
