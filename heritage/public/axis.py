"""A time axis drawn on the server: dated claims as bars whose ends are their bounds. The list beside it says the same in words.

The scale is logarithmic, looking back from the latest date, because what is known of most monuments lies in the last years.
*Units*: positions are per cent of the width; bounds are ``year×10000 + month×100 + day``.
"""

import math
from dataclasses import dataclass

FIRST, LAST = 4.0, 96.0
LEAST_BAR = 0.7
OPEN_BAR = 12.0
LEAST_TICKS_APART = 11.0
SOFTNESS = 1.2
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class Bar:
    """One claim on the axis. An end that is not known is drawn open."""

    number: int
    claim: dict
    start: float
    width: float
    opens_left: bool
    opens_right: bool

    @property
    def end(self):
        return self.start + self.width

    @property
    def label_is_left(self):
        """Whether the label stands before the end of the bar, for want of room after its start."""
        return self.start > 50


def fraction(bound, end):
    """Return ``bound`` as a year with a fraction; month or day 00 stands for the whole year or month."""
    year, rest = divmod(bound, 10000)
    month, day = divmod(rest, 100)
    if not month:
        month, day = (1, 1) if end == "lo" else (12, 31)
    if not day:
        day = 1 if end == "lo" else 30
    return year + (month - 1) / 12 + (day - 1) / 365


def axis(claims):
    """Return ``{"bars", "ticks"}`` for the numbered ``claims`` (pairs of number and claim), or ``None`` if nothing is to be drawn."""
    dated = [pair for pair in claims if pair[1]["dates"]["lo"] is not None or pair[1]["dates"]["hi"] is not None]
    if len(dated) < 2:
        return None
    years = [year for _number, claim in dated for year in ends(claim) if year is not None]
    scale = Scale(min(years), max(years))
    return {"bars": [bar(number, claim, scale) for number, claim in dated], "ticks": scale.ticks()}


def ends(claim):
    lo, hi = claim["dates"]["lo"], claim["dates"]["hi"]
    return (None if lo is None else fraction(lo, "lo"), None if hi is None else fraction(hi, "hi"))


def bar(number, claim, scale):
    lo, hi = ends(claim)
    start = max(scale.at(hi) - OPEN_BAR, 0) if lo is None else scale.at(lo)
    end = min(start + OPEN_BAR, 100) if hi is None else scale.at(hi)
    width = max(end - start, LEAST_BAR)
    return Bar(number, claim, round(min(start, 100 - width), 2), round(width, 2), lo is None, hi is None)


class Scale:
    """From years to per cent."""

    def __init__(self, first, last):
        self.first, self.last = min(first, last - 1), last
        self.span = math.log1p((self.last - self.first) / SOFTNESS)

    def at(self, year):
        back = math.log1p(max(self.last - year, 0) / SOFTNESS) / self.span
        return LAST - back * (LAST - FIRST)

    def ticks(self):
        """Return ``{"at", "year"}`` from the latest back: round years, as far apart as their labels need."""
        found, at_least = [], 200.0
        year = math.floor(self.last)
        while year >= self.first:
            position = self.at(year)
            if at_least - position >= LEAST_TICKS_APART:
                found.append({"at": round(position, 2), "year": year})
                at_least = position
            year = self.rounder(year)
        return found

    def rounder(self, year):
        """Return the next earlier year that is round enough for how far back it lies."""
        back = self.last - year
        step = next((step for step in STEPS if step * 8 > back), STEPS[-1])
        return (year - 1) // step * step
