"""The drawn time axis keeps order and bounds; the list beside it carries the words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heritage.public.axis import FIRST, LAST, axis, fraction

days = st.builds(
    lambda year, month, day: year * 10000 + month * 100 + day,
    st.integers(-3000, 2100),
    st.integers(0, 12),
    st.integers(1, 28),
)


def claim(lo, hi):
    return {"dates": {"lo": lo, "hi": hi}}


def test_one_dated_claim_needs_no_axis():
    assert axis([(1, claim(20200101, 20201231)), (2, claim(None, None))]) is None


def test_whole_years_and_months_have_their_first_and_last_day():
    assert fraction(20200000, "lo") == 2020
    assert fraction(20200000, "hi") == pytest.approx(2020.999, abs=0.01)
    assert fraction(20200600, "hi") == pytest.approx(2020.496, abs=0.01)


def test_an_end_that_nobody_dated_is_open():
    drawn = axis([(1, claim(18000101, 18991231)), (2, claim(None, 20220630)), (3, claim(20000101, None))])

    assert [(bar.opens_left, bar.opens_right) for bar in drawn["bars"]] == [
        (False, False),
        (True, False),
        (False, True),
    ]


@given(st.lists(st.tuples(days, days).map(sorted), min_size=2, max_size=12))
def test_bars_lie_on_the_axis_in_the_order_of_their_dates(spans):
    drawn = axis([(number, claim(lo, hi)) for number, (lo, hi) in enumerate(spans)])

    for bar in drawn["bars"]:
        assert 0 <= bar.start <= bar.end <= 100.01
        assert bar.start >= FIRST - 1
    ends = sorted((bar.claim["dates"]["hi"] // 10000, bar.end) for bar in drawn["bars"])
    for (earlier, left), (later, right) in pairwise(ends):
        assert earlier == later or left <= right + 1
    positions = [tick["at"] for tick in drawn["ticks"]]
    assert positions == sorted(positions, reverse=True)
    assert all(at <= LAST for at in positions)
