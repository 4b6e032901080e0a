"""The happenings in a window: which, in what order, page by page in both directions, however they are found."""

from itertools import product

import pytest

from heritage.catalogue.happened import Happenings, Window
from heritage.catalogue.models import Entry, Happening
from heritage.catalogue.publish import publish
from heritage.registry import dates
from tests.registry.make import make_citation, make_monument, make_name, make_source, make_status, make_term

BOUNDS = [
    (20200000, 20200000),
    (20200412, 20200412),
    (20200412, 20200618),
    (20201110, 20210331),
    (19920508, 20201108),
    (19900101, 19991231),
    (17000101, 17991231),
    (17000101, 18991231),
    (-989899, 12991231),
    (None, 20210325),
    (None, 19911231),
    (20190101, None),
    (20220101, None),
    (20200930, 20201001),
    (19991231, 20000101),
]
WINDOWS = [
    (None, None),
    (20200101, 20201231),
    (20201101, 20201130),
    (20200415, 20200930),
    (19900101, 19991231),
    (17000101, 17991231),
    (17500101, 17501231),
    (18000101, None),
    (None, 19991231),
    (None, 20200413),
    (20210401, 20211231),
    (30000101, 30001231),
]


@pytest.fixture
def shelf(db):
    """A monument with an event of each of the ``BOUNDS``, each with a summary that is its number."""
    monument, source = make_monument("Of all shapes"), make_source()
    make_name(monument, monument.label)
    for number, (lo, hi) in enumerate(BOUNDS):
        qualifier = "before" if lo is None else "after" if hi is None else "once_between"
        fields = {"qualifier": qualifier, "lo": lo, "hi": hi, "summary": str(number)}
        if number % 3 == 0:
            fields["cause"] = make_term("cause", "looting")
        effects = [make_term("effect", code) for code in ("demolition", "theft")[: 1 + number % 2]]
        make_citation(make_status(monument, effects=effects, **fields), source)
    make_citation(make_status(monument, mode="threat", edtf="2020-05", summary="a threat"), source)
    publish([monument])
    return monument


def found(window, few=False, modes=("event",), **fields):
    happenings = Happenings(Entry.objects.current(), modes, few, **fields)
    return happenings.page(window, 100)


def numbers(rows):
    return [int(row.text) for row in rows]


@pytest.mark.parametrize(("few", "surely"), list(product([False, True], repeat=2)))
@pytest.mark.parametrize(("first", "last"), WINDOWS)
def test_a_window_holds_what_lies_in_it_possibly_or_surely(shelf, first, last, few, surely):
    within = dates.surely_within if surely else dates.possibly_within
    expected = {number for number, (lo, hi) in enumerate(BOUNDS) if within(lo, hi, first, last)}

    rows = numbers(found(Window(first, last, surely), few))

    assert (set(rows), len(rows)) == (expected, len(expected))


@pytest.mark.parametrize("few", [False, True])
def test_order_is_by_last_possible_day_and_what_has_none_comes_last_by_its_first(shelf, few):
    rows = found(Window(20200101, 20201231), few)

    assert [BOUNDS[number] for number in numbers(rows)] == [
        (20200412, 20200412),
        (20200412, 20200618),
        (20200930, 20201001),
        (19920508, 20201108),
        (20200000, 20200000),
        (None, 20210325),
        (20201110, 20210331),
        (20190101, None),
    ]


@pytest.mark.parametrize(("few", "size"), list(product([False, True], [1, 2, 3, 7])))
@pytest.mark.parametrize(("first", "last"), WINDOWS)
def test_pages_joined_are_the_whole_in_both_directions(shelf, first, last, few, size):
    window, happenings = Window(first, last), Happenings(Entry.objects.current(), ("event", "threat"), few)
    whole = [row.pk for row in happenings.page(window, 100)]

    onward, place = [], None
    while len(onward) <= len(whole) and (page := happenings.page(window, size, place)):
        onward += page
        place = (page[-1].until, page[-1].pk)
    back = []
    while place and len(back) <= len(whole) and (page := happenings.page(window, size, place, backward=True)):
        back += page
        place = (page[-1].until, page[-1].pk)

    assert [row.pk for row in onward] == whole
    assert [row.pk for row in back] == whole[-2::-1]


@pytest.mark.parametrize("few", [False, True])
def test_modes_causes_and_effects_choose_among_happenings(shelf, few):
    everything = Window()

    assert [row.text for row in found(everything, few, modes=("threat",))] == ["a threat"]
    assert len(found(everything, few, modes=("event", "threat"))) == len(BOUNDS) + 1
    assert sorted(numbers(found(everything, few, causes=("looting",)))) == [0, 3, 6, 9, 12]
    assert sorted(numbers(found(everything, few, effects=("theft",)))) == [1, 3, 5, 7, 9, 11, 13]
    assert sorted(numbers(found(everything, few, effects=("theft", "demolition")))) == list(range(len(BOUNDS)))
    assert sorted(numbers(found(everything, few, causes=("looting",), effects=("theft",)))) == [3, 9]
    assert numbers(found(everything, few, effects=("thef_",))) == []


@pytest.mark.parametrize("few", [False, True])
def test_entries_that_were_replaced_have_no_happenings_now(shelf, few):
    make_name(shelf, "Another name")
    shelf.refresh_from_db()
    publish([shelf])

    assert Happening.objects.filter(mode="event").count() == 2 * len(BOUNDS)
    assert len(found(Window(), few)) == len(BOUNDS)


def test_days_are_given_only_of_few(shelf):
    happenings = Happenings(Entry.objects.current(), ("event",), few=True)

    assert len(happenings.days(len(BOUNDS))) == len(BOUNDS)
    assert happenings.days(len(BOUNDS) - 1) is None
