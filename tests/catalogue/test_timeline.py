"""Counts of happenings by span: worked by hand, kept up at publication, and equal to counting each one anew."""

import datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heritage.catalogue import timeline
from heritage.catalogue.models import Entry, Happening, HappeningCount
from heritage.catalogue.publish import merge, publish, rebuild, stale_entries, withdraw
from heritage.catalogue.spans import UNITS, Span, extent, span_of, spans_between
from heritage.catalogue.timeline import Counts, choices, choices_of, counted, counted_live
from heritage.registry import dates
from tests.registry.make import (
    make_citation,
    make_monument,
    make_name,
    make_publishable_monument,
    make_source,
    make_status,
    make_term,
    make_user,
)

TEN = [
    (20200000, 20200000),  # all of 2020
    (20200412, 20200412),  # a day
    (20200412, 20200618),  # within a year
    (20201110, 20210331),  # over the turn of a year
    (19920508, 20201108),  # over a century's turn
    (19900101, 19991231),  # a decade, whole
    (17000101, 17991231),  # a century, whole
    (17000101, 18991231),  # two centuries
    (None, 20210325),  # by
    (20190101, None),  # after
]


def numbers(pairs, spans):
    """Return (surely, possibly, of these with one date) for each of ``spans``."""
    counts = Counts(counted_live([extent(lo, hi) for lo, hi in pairs]))
    touching = counts.touching(spans)
    return [(surely, both + one, one) for surely, (both, one) in zip(counts.within(spans), touching, strict=True)]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("year", {2018: (0, 2, 1), 2019: (0, 3, 2), 2020: (3, 7, 2), 2021: (0, 3, 2), 2022: (0, 1, 1)}),
        ("year", {1699: (0, 1, 1), 1700: (0, 3, 1), 1799: (0, 3, 1), 1800: (0, 2, 1), 1900: (0, 1, 1)}),
        ("year", {1989: (0, 1, 1), 1990: (0, 2, 1), 1992: (0, 3, 1), 1999: (0, 3, 1), 2000: (0, 2, 1)}),
        ("decade", {198: (0, 1, 1), 199: (1, 3, 1), 200: (0, 2, 1), 201: (0, 3, 2), 202: (4, 7, 2)}),
        ("century", {16: (0, 1, 1), 17: (1, 3, 1), 18: (0, 2, 1), 19: (1, 3, 1), 20: (4, 7, 2)}),
        ("millennium", {0: (0, 1, 1), 1: (3, 5, 1), 2: (4, 7, 2)}),
    ],
)
def test_ten_happenings_are_counted_as_by_hand(unit, expected):
    spans = [Span(unit, number) for number in expected]

    assert dict(zip(expected, numbers(TEN, spans), strict=True)) == expected


def test_the_months_of_a_year_are_counted_as_by_hand():
    months = spans_between(20200101, 20201231)

    assert numbers(TEN, months) == [
        (0, 4, 2),
        (0, 4, 2),
        (0, 4, 2),
        (1, 6, 2),
        (0, 5, 2),
        (0, 5, 2),
        (0, 4, 2),
        (0, 4, 2),
        (0, 4, 2),
        (0, 4, 2),
        (0, 5, 2),
        (0, 4, 2),
    ]


bounds = st.one_of(st.none(), st.dates(datetime.date(1, 1, 1), datetime.date(2100, 1, 1)))


def pair(first, second):
    lo, hi = (one and one.year * 10000 + one.month * 100 + one.day for one in (first, second))
    return (hi, lo) if lo and hi and lo > hi else (lo, hi)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.builds(pair, bounds, bounds).filter(any), min_size=1, max_size=12),
    st.dates(datetime.date(1, 1, 1), datetime.date(2100, 1, 1)),
)
def test_counts_agree_with_asking_each_happening(pairs, day):
    day = day.year * 10000 + day.month * 100 + day.day
    for unit in UNITS:
        span = span_of(unit, day)
        sure = sum(dates.surely_within(lo, hi, span.first, span.last) for lo, hi in pairs)
        possible = sum(dates.possibly_within(lo, hi, span.first, span.last) for lo, hi in pairs)

        [(surely, possibly, _one_sided)] = numbers(pairs, [span])

        assert (unit, surely, possibly) == (unit, sure, possible)


def test_a_happening_costs_the_same_however_long_it_may_have_lasted():
    assert len(timeline.marks(17000101, 18990101)) == len(timeline.marks(20200101, 20240101)) == 5


def test_a_happening_is_counted_under_each_filter_that_the_table_holds():
    found = choices("site", "", "looting", ("theft", "demolition"))

    assert found == (
        "",
        "kind:site",
        "condition:unknown",
        "kind:site condition:unknown",
        "cause:looting",
        "effect:demolition",
        "effect:theft",
    )


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ({}, [""]),
        ({"kind": ["site"]}, ["kind:site"]),
        ({"kind": ["site", "cemetery", "site"]}, ["kind:site", "kind:cemetery"]),
        (
            {"kind": ["site"], "condition": ["intact", "ruined"]},
            ["kind:site condition:intact", "kind:site condition:ruined"],
        ),
        ({"cause": ["looting", "policy"]}, ["cause:looting", "cause:policy"]),
        ({"effect": ["theft"]}, ["effect:theft"]),
        ({"effect": ["theft", "theft"]}, ["effect:theft"]),
        ({"effect": ["theft", "demolition"]}, None),
        ({"cause": ["looting"], "kind": ["site"]}, None),
        ({"cause": ["looting"], "effect": ["theft"]}, None),
    ],
)
def test_what_the_table_holds_is_said_and_what_it_does_not_is_not_made_up(asked, held):
    assert choices_of(asked) == held


def kept():
    """Return the counts kept that are not nothing."""
    rows = HappeningCount.objects.values_list("mode", "choice", "unit", "number", *timeline.COLUMNS)
    return {row[:4]: row[4:] for row in rows if any(row[4:])}


@pytest.mark.django_db
class TestKeptAtPublication:
    def test_a_first_edition_is_counted(self):
        publish([make_publishable_monument()])

        assert {key[2:]: row for key, row in kept().items() if key[:2] == ("event", "")} == {
            ("month", 2021 * 12 + 3): (1, 0, 0, 0, 0),
            ("month", 2021 * 12 + 5): (0, 1, 0, 0, 0),
            ("year", 2021): (1, 1, 0, 0, 1),
        }
        assert {key[1] for key in kept()} == {
            "",
            "kind:monument",
            "condition:destroyed",
            "kind:monument condition:destroyed",
            "effect:destruction",
        }

    def test_a_second_edition_replaces_what_the_first_counted(self):
        monument = make_publishable_monument()
        publish([monument])
        make_citation(
            make_status(monument, edtf="2022-05", value="intact", effects=[make_term("effect", "restoration")])
        )
        monument.refresh_from_db()
        publish([monument])

        assert {key[2:]: row for key, row in kept().items() if key[:2] == ("event", "")} == {
            ("month", 2021 * 12 + 3): (1, 0, 0, 0, 0),
            ("month", 2021 * 12 + 5): (0, 1, 0, 0, 0),
            ("month", 2022 * 12 + 4): (1, 1, 0, 0, 1),
            ("year", 2021): (1, 1, 0, 0, 1),
            ("year", 2022): (1, 1, 0, 0, 1),
        }
        assert ("event", "condition:destroyed", "year", 2021) not in kept()

    def test_what_is_withdrawn_or_merged_is_counted_no_longer(self):
        first, second, third = (make_publishable_monument() for _ in range(3))
        publish([first, second, third])
        withdraw(first, make_user("reviewer"), "error", "It was a mistake.")
        merge(second, third, make_user("administrator"), "The same thing.")

        assert kept()["event", "", "year", 2021] == (1, 1, 0, 0, 1)

    def test_a_claim_that_stands_no_longer_has_not_happened(self):
        monument = make_publishable_monument()
        make_citation(make_status(monument, edtf="2019", standing="withdrawn_by_claimant"))
        publish([monument])

        assert list(Happening.objects.values_list("lo", flat=True)) == [20210412]

    def test_rebuilding_makes_the_same_counts(self):
        publish([make_publishable_monument(), of_all_shapes()])
        before = kept()
        rebuild()

        assert kept() == before
        assert len(before) > 20

    def test_the_check_tells_of_a_count_that_is_wrong_missing_or_too_many(self):
        publish([make_publishable_monument()])
        assert list(stale_entries()) == []
        rows = HappeningCount.objects.filter(mode="event", choice="")
        rows.filter(unit="year").update(within=2)
        rows.filter(unit="month", number=2021 * 12 + 3).delete()
        HappeningCount.objects.create(mode="threat", choice="", unit="year", number=1999, begun=1)

        assert sorted(stale_entries()) == [
            "Timeline, event all, month 24255: nothing is counted.",
            "Timeline, event all, year 2021: [1, 1, 0, 0, 2] are counted, there are [1, 1, 0, 0, 1].",
            "Timeline, threat all, year 1999: [1, 0, 0, 0, 0] are counted, there are [0, 0, 0, 0, 0].",
        ]

    def test_kept_and_live_counts_are_the_same(self):
        publish([make_publishable_monument(), of_all_shapes()])
        days = Happening.objects.filter(mode="event").values_list("since", "until")
        years = [Span("year", year) for year in range(1690, 2030)]
        months = spans_between(20200101, 20211231)
        ready = Counts(counted([""], ["event"]))
        ready.take(counted([""], ["event"], range(months[0].number, months[-1].number + 1)))
        live = Counts(counted_live(days))

        for spans in (years, months, [Span("century", number) for number in range(16, 21)]):
            assert ready.touching(spans) == live.touching(spans)
            assert ready.within(spans) == live.within(spans)
        assert ready.total == live.total == len(TEN) + 1
        assert (ready.first_year, ready.last_year) == (1700, 2021)


def of_all_shapes():
    """Make a monument with an event of each of the ``TEN`` shapes of dates."""
    monument = make_monument("Of all shapes")
    make_name(monument, monument.label)
    source = make_source()
    for (lo, hi), value in zip(TEN, ["destroyed", "intact"] * 5, strict=True):
        qualifier = "before" if lo is None else "after" if hi is None else "once_between"
        make_citation(make_status(monument, qualifier=qualifier, lo=lo, hi=hi, value=value), source)
    return monument


def test_every_choice_that_is_counted_can_be_asked_for():
    kinds, conditions = ["site", "cemetery"], ["intact", "unknown"]
    askable = {
        *choices_of({}),
        *choices_of({"kind": kinds}),
        *choices_of({"condition": conditions}),
        *choices_of({"kind": kinds, "condition": conditions}),
        *choices_of({"cause": ["looting"]}),
        *choices_of({"effect": ["theft"]}),
    }

    counted_under = {
        choice
        for kind, condition in product(kinds, conditions)
        for choice in choices(kind, condition, "looting", ("theft",))
    }

    assert askable == counted_under


@pytest.mark.django_db
def test_only_current_entries_are_counted():
    monument = make_publishable_monument()
    publish([monument])
    make_name(monument, "Another name")
    monument.refresh_from_db()
    publish([monument])

    assert Entry.objects.count() == Happening.objects.count() == 2
    assert Counts(counted([""], ["event"])).total == 1
