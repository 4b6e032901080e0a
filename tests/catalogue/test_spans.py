"""Spans of the calendar: their numbers, days, words, and how a stretch of time is divided by them."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from heritage.catalogue.spans import (
    NEVER,
    OPEN,
    UNITS,
    Span,
    enclosing,
    extent,
    frame,
    frame_code,
    frames_around,
    span_of,
    spans_between,
)
from heritage.registry import dates

days = st.builds(
    lambda year, month, day: year * 10000 + month * 100 + day,
    st.integers(-12000, 12000),
    st.integers(1, 12),
    st.integers(1, 28),
)


@pytest.mark.parametrize(
    ("span", "first", "last", "edtf", "words"),
    [
        (Span("month", 2020 * 12 + 1), 20200201, 20200229, ("2020-02", "2020-02"), "February 2020"),
        (Span("year", 2020), 20200101, 20201231, ("2020", "2020"), "2020"),
        (Span("year", -99), -989899, -988769, ("-0099", "-0099"), "100 BCE"),
        (Span("decade", 199), 19900101, 19991231, ("1990", "1999"), "1990s"),
        (Span("decade", 0), 10101, 91231, ("0001", "0009"), "1 CE – 9 CE"),
        (Span("century", 17), 17000101, 17991231, ("1700", "1799"), "18th century"),
        (Span("century", 0), 10101, 991231, ("0001", "0099"), "1st century"),
        (Span("century", -1), -989899, 1231, ("-0099", "0000"), "1st century BCE"),
        (Span("century", -2), -1989899, -998769, ("-0199", "-0100"), "2nd century BCE"),
        (Span("millennium", 1), 10000101, 19991231, ("1000", "1999"), "2nd millennium"),
        (Span("millennium", -12), -119989899, -109998769, ("Y-11999", "Y-11000"), "12,000 BCE – 11,001 BCE"),
    ],
)
def test_a_span_has_days_texts_and_words(span, first, last, edtf, words):
    assert (span.first, span.last, span.edtf, span.words) == (first, last, edtf, words)


@given(days, st.sampled_from(UNITS))
def test_every_day_lies_in_the_span_found_for_it_and_in_no_neighbour(day, unit):
    span = span_of(unit, day)

    assert span.first <= day <= span.last
    assert Span(unit, span.number - 1).last < span.first
    assert Span(unit, span.number + 1).first > span.last


@given(days, st.sampled_from(UNITS))
@example(20200229, "month")
def test_the_texts_of_a_span_are_its_first_and_last_day_to_the_date_filters(day, unit):
    assume(unit != "month" or -9999 <= day // 10000 <= 9999)
    span = span_of(unit, day)

    assert (dates.bound(span.edtf[0], "lo"), dates.bound(span.edtf[1], "hi")) == (span.first, span.last)


@pytest.mark.parametrize(
    ("lo", "hi", "since", "until"),
    [
        (20210412, 20210618, 20210412, 20210618),
        (20200000, 20200000, 20200101, 20201231),
        (20200200, 20200200, 20200201, 20200229),
        (None, 20220630, NEVER, 20220630),
        (20220101, None, 20220101, OPEN + 20220101),
    ],
)
def test_bounds_become_days_and_what_is_open_lies_beyond_all_days(lo, hi, since, until):
    assert extent(lo, hi) == (since, until)


@pytest.mark.parametrize(
    ("lo", "hi", "span", "code"),
    [
        (20210412, 20210412, Span("month", 2021 * 12 + 3), None),
        (20210412, 20210618, Span("year", 2021), "year 2021"),
        (20201110, 20210331, Span("decade", 202), "decade 202"),
        (19920508, 19991108, Span("decade", 199), "decade 199"),
        (19890508, 19991108, Span("century", 19), "century 19"),
        (19920508, 20201108, None, "none"),
        (17000101, 18991231, Span("millennium", 1), "millennium 1"),
        (-989899, 12991231, None, "none"),
        (None, 20210325, None, "none"),
        (20220101, None, None, None),
    ],
)
def test_the_frame_is_the_smallest_span_that_holds_both_days(lo, hi, span, code):
    assert frame(*extent(lo, hi)) == span
    assert frame_code(*extent(lo, hi)) == code


def test_only_frames_that_reach_beyond_a_day_are_looked_up():
    assert frames_around(20201231) == ["decade 202", "century 20", "millennium 2", "none"]
    assert frames_around(19991231) == ["none"]
    assert frames_around(20200615) == ["year 2020", "decade 202", "century 20", "millennium 2", "none"]


@pytest.mark.parametrize(
    ("first", "last", "unit", "count"),
    [
        (20201108, 20201108, "month", 12),
        (20181231, 20200101, "month", 36),
        (20170101, 20200101, "year", 4),
        (-119989899, -119988769, "year", 1),
        (19610101, 20201231, "year", 60),
        (19600101, 20201231, "decade", 7),
        (17000101, 20251231, "decade", 33),
        (10101, 20251231, "century", 21),
        (-989899, 20251231, "century", 22),
        (-99980101, 20251231, "millennium", 13),
        (-999980101, 20251231, "millennium", 60),
    ],
)
def test_a_stretch_of_time_is_divided_by_the_shortest_spans_that_are_not_too_many(first, last, unit, count):
    spans = spans_between(first, last)

    assert ({span.unit for span in spans}, len(spans)) == ({unit}, count)
    assert spans[-1].last >= last


def test_the_spans_around_a_month_are_given_longest_first():
    found = [span.words for span in enclosing(20201101, 20201130)]

    assert found == ["3rd millennium", "21st century", "2020s", "2020", "November 2020"]
