"""Dates in words, and their bounds as text."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from heritage.registry.dates import (
    DateError,
    bound,
    from_bounds,
    iso,
    possibly_within,
    print_bound,
    qualified,
    surely_within,
)
from tests.registry.test_dates_text import TEXTS, accepted, bounds

WORDS = [
    ("on", "2020-11-10", "10 November 2020"),
    ("once_between", "2020-11-10", "on 10 November 2020"),
    ("once_between", "2020-11", "in November 2020"),
    ("once_between", "2021-04-12/2021-06-18", "between 12 April and 18 June 2021"),
    ("once_between", "2023-12-28/2024-04-04", "between 28 December 2023 and 4 April 2024"),
    ("once_between", "2020-11-10/2020-11-15", "between 10 and 15 November 2020"),
    ("once_between", "1992-05/1992", "between May 1992 and the end of 1992"),
    ("once_between", "2021/2021-06", "between the start of 2021 and June 2021"),
    ("once_between", "197X/1982", "between the 1970s and 1982"),
    ("once_between", "2020-10~/2021-01-12", "between about October 2020 and 12 January 2021"),
    ("once_between", "20X1/2100", "between 1 January 2001 and 2100"),
    ("before", "../2022-06", "by June 2022"),
    ("before", "../1991~", "by about 1991"),
    ("before", "2022-06", "by June 2022"),
    ("after", "2020-11-10/..", "after 10 November 2020"),
    ("after", "2022/..", "2022 or later"),
    ("after", "2020-11-10/2022-06", "after 10 November 2020 and by June 2022"),
    ("throughout", "2021", "throughout 2021"),
    ("throughout", "1858/1887", "1858 to 1887"),
    ("throughout", "2021-08/2021-09", "August to September 2021"),
    ("throughout", "2020-11-10/..", "since 10 November 2020"),
    ("throughout", "../1991", "until 1991"),
    ("throughout", "17XX/18XX", "18th to 19th century"),
    ("throughout", "03XX/1858", "4th century to 1858"),
    ("throughout", "-0099/12XX", "100 BCE to the 13th century"),
    ("throughout", "-1500~/-0500~", "about 1501 BCE to about 501 BCE"),
    ("throughout", "../..", "undated"),
    ("undated", "-1500~/-0500~", "undated"),
    ("on", "17XX", "18th century"),
    ("on", "11XX", "12th century"),
    ("on", "20XX", "21st century"),
    ("on", "-00XX", "1st century BCE"),
    ("on", "1XXX", "2nd millennium"),
    ("on", "XXXX", "an unknown year"),
    ("on", "201X", "2010s"),
    ("on", "156X-12-25", "25 December in the 1560s"),
    ("on", "1868~", "about 1868"),
    ("on", "1868?", "perhaps 1868"),
    ("on", "1868%", "perhaps about 1868"),
    ("on", "2021?-06~-12", "perhaps about 12 June 2021"),
    ("on", "2021-21", "spring 2021"),
    ("on", "2021-24", "winter 2021–22"),
    ("on", "2004-XX", "a month in 2004"),
    ("on", "2004-XX-XX", "a day in 2004"),
    ("on", "2004-06-XX", "a day in June 2004"),
    ("on", "2004-1X", "October to December 2004"),
    ("on", "-0043", "44 BCE"),
    ("on", "0043", "43 CE"),
    ("on", "Y-12000", "12,001 BCE"),
    ("on", "[1667,1668]", "1667 or 1668"),
    ("on", "[1667,1668,1670..1672]", "1667, 1668 or 1670 to 1672"),
    ("on", "[..1667]", "1667 or earlier"),
    ("on", "{1960,1961-12}", "1960 and December 1961"),
]


REAL_BOUNDS = st.builds(
    lambda year, month, day: year * 10000 + month * 100 + day,
    st.integers(-9999, 9999),
    st.integers(1, 12),
    st.integers(1, 28),
)


@pytest.mark.parametrize(("qualifier", "text", "words"), WORDS)
def test_a_date_in_words(qualifier, text, words):
    assert qualified(qualifier, *bounds(text), edtf=text) == words


@pytest.mark.parametrize(
    ("qualifier", "lo", "hi", "basis", "edtf", "words"),
    [
        ("before", None, 20220630, "report_date", "", "by 30 June 2022 (date of the report)"),
        ("before", None, 20220630, "report_date", "../2022-06", "by June 2022 (date of the report)"),
        ("after", 20201110, 20220630, "report_date", "2020-11-10/..", "after 10 November 2020 and by 30 June 2022 (date of the report)"),
        ("after", 20110000, 20230000, "report_date", "2011/2020", "2011 or later and by 2023 (date of the report)"),
        ("once_between", 20210412, 20210618, "stated", "", "between 12 April and 18 June 2021"),
        ("once_between", 20201101, 20201130, "stated", "", "in November 2020"),
        ("on", 18680000, 18680000, "stated", "", "1868"),
        ("on", 17000101, 17991231, "stated", "", "18th century"),
        ("throughout", 18580000, 18871231, "stated", "", "1858 to 1887"),
        ("throughout", 20201110, None, "stated", "", "since 10 November 2020"),
        ("once_between", None, None, "stated", "", "undated"),
    ],
)  # fmt: skip
def test_bounds_in_words(qualifier, lo, hi, basis, edtf, words):
    assert qualified(qualifier, lo, hi, basis, edtf) == words


@given(st.sampled_from(["on", "once_between", "before", "after", "throughout"]), TEXTS)
def test_every_date_has_words_without_digits_missing(qualifier, text):
    assume(accepted(text))

    assert not set("X?~%/[]{}") & set(qualified(qualifier, *bounds(text), edtf=text))


@pytest.mark.parametrize(
    ("qualifier", "lo", "hi", "text"),
    [
        ("once_between", 20210412, 20210618, "2021-04-12/2021-06-18"),
        ("before", None, 20220630, "../2022-06-30"),
        ("after", 20201110, None, "2020-11-10/.."),
        ("on", 20210412, 20210412, "2021-04-12"),
        ("on", 20210401, 20210430, "2021-04"),
        ("on", 20210000, 20210000, "2021"),
        ("on", 17000101, 17991231, "17XX"),
        ("throughout", 18580101, 18871231, "1858/1887"),
        ("throughout", 17500101, 18491231, "1750/1849"),
        ("on", -3000000000 + 101, -3000000000 + 1231, "Y-300000"),
        ("undated", 20210412, 20210412, ""),
    ],
)
def test_bounds_as_canonical_text(qualifier, lo, hi, text):
    assert from_bounds(qualifier, lo, hi) == text


@given(REAL_BOUNDS, REAL_BOUNDS)
def test_bounds_written_as_text_read_as_the_same_bounds(one, other):
    lo, hi = sorted([one, other])

    assert bounds(from_bounds("throughout", lo, hi)) == (lo, hi)


def test_bounds_that_edtf_cannot_write_are_refused():
    with pytest.raises(DateError):
        from_bounds("after", -120000101, None)


def test_bounds_order_as_the_years_do():
    days = [
        bound(text, "lo")
        for text in ("Y-12000", "-0002", "-0001-01", "-0001-12-31", "0000", "0001-01-01", "2021", "Y12000")
    ]

    assert all(earlier < later for earlier, later in pairwise(days))


@pytest.mark.parametrize(
    ("day", "text", "words"),
    [
        (20210412, "2021-04-12", "12 April 2021"),
        (20210400, "2021-04", "April 2021"),
        (20210000, "2021", "2021"),
        (-430000 + 315, "-0043-03-15", "15 March 44 BCE"),
        (-120000000, "Y-12000", "12,001 BCE"),
    ],
)
def test_one_bound_as_text_and_in_words(day, text, words):
    assert (iso(day), print_bound(day)) == (text, words)


def test_a_bound_is_the_first_or_last_day_of_a_text():
    assert (bound("2020-02", "lo"), bound("2020-02", "hi")) == (20200201, 20200229)


def test_an_open_end_has_no_bound():
    with pytest.raises(DateError, match="is open at this end"):
        bound("2021/..", "hi")


@pytest.mark.parametrize(
    ("lo", "hi", "from_", "to", "surely", "possibly"),
    [
        (20210412, 20210618, 20210000, 20210000, True, True),
        (20210412, 20210618, 20210501, None, False, True),
        (20210412, 20210618, 20210618, 20210701, False, True),
        (20210412, 20210618, 20210619, None, False, False),
        (None, 20210618, None, 20211231, True, True),
        (None, 20210618, 20210101, None, False, True),
        (20210412, None, None, 20201231, False, False),
        (None, None, 20210101, 20211231, False, True),
    ],
)
def test_a_date_lies_in_a_window_surely_or_possibly(lo, hi, from_, to, surely, possibly):
    assert (surely_within(lo, hi, from_, to), possibly_within(lo, hi, from_, to)) == (surely, possibly)
