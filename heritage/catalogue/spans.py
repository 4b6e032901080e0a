"""Spans of the calendar that happenings are counted by: months, years, decades, centuries, millennia.

*Units*: days are ``year×10000 + month×100 + day``, years are astronomical (0 = 1 BCE). A span has a number: a month
``year×12 + month - 1``; a longer one is numbered from 0 for the years 1 to 9 (99, 999), so that 17 is the 18th century,
and from -1 backwards for those before the common era, which mirror them: -1 is the 1st century BCE.
"""

from dataclasses import dataclass

from heritage.registry import dates
from heritage.registry.dates_text import filled

MONTH, YEAR, DECADE, CENTURY, MILLENNIUM = "month", "year", "decade", "century", "millennium"
YEARS = {YEAR: 1, DECADE: 10, CENTURY: 100, MILLENNIUM: 1000}
UNITS = (MONTH, *YEARS)
MOST_YEARS_BY_MONTH = 3

#: The first day of what has no earliest date; the last day of what has no latest is OPEN plus its first day.
NEVER = -(10**15)
OPEN = 10**15


@dataclass(frozen=True, order=True)
class Span:
    """One month, year, decade, century or millennium."""

    unit: str
    number: int

    @property
    def first(self):
        """Its first day."""
        if self.unit == MONTH:
            year, month = divmod(self.number, 12)
            return year * 10000 + (month + 1) * 100 + 1
        return first_year(self.unit, self.number) * 10000 + 101

    @property
    def last(self):
        """Its last day."""
        if self.unit == MONTH:
            return filled(self.first - 1, "hi")
        return last_year(self.unit, self.number) * 10000 + 1231

    @property
    def edtf(self):
        """Pair of texts for its first and last year or month, as the date filters take them."""
        if self.unit == MONTH:
            text = f"{year_text(self.number // 12)}-{self.number % 12 + 1:02}"
            return text, text
        return year_text(first_year(self.unit, self.number)), year_text(last_year(self.unit, self.number))

    @property
    def words(self):
        """How it reads: “September 2020”, “2020”, “1990s”, “18th century”."""
        if self.unit == MONTH:
            return dates.print_bound(self.first - 1)
        if self.unit == YEAR:
            return dates.print_bound(self.number * 10000)
        start, end = self.edtf
        digits = {DECADE: 3, CENTURY: 2, MILLENNIUM: 1}[self.unit]
        plain = self.number >= 100 if self.unit == DECADE else True
        if plain and "Y" not in start + end:
            return dates.qualified("on", None, None, edtf=f"{start[: digits - 4]}{'X' * (4 - digits)}")
        return f"{dates.print_bound(self.first // 10000 * 10000)} – {dates.print_bound(self.last // 10000 * 10000)}"

    def holds(self, since, until):
        return self.first <= since and until <= self.last


def span_of(unit, day):
    """Return the span of ``unit`` that ``day`` lies in."""
    year, month = divmod(day // 100, 100)
    if unit == MONTH:
        return Span(MONTH, year * 12 + month - 1)
    if unit == YEAR:
        return Span(YEAR, year)
    size = YEARS[unit]
    return Span(unit, year // size if year > 0 else -(-year // size) - 1)


def first_year(unit, number):
    size = YEARS[unit]
    if unit == YEAR:
        return number
    return max(number * size, 1) if number >= 0 else (number + 1) * size - size + 1


def last_year(unit, number):
    size = YEARS[unit]
    if unit == YEAR:
        return number
    return number * size + size - 1 if number >= 0 else (number + 1) * size


def year_text(year):
    """Return ``year`` in EDTF."""
    if abs(year) > 9999:
        return f"Y{year}"
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def extent(lo, hi):
    """Return (since, until): the first and last day of a date block that has at least one bound, months and years filled."""
    since = NEVER if lo is None else filled(lo, "lo")
    return since, (OPEN + since if hi is None else filled(hi, "hi"))


def frame(since, until):
    """Return the smallest span that holds both days, or ``None``: it is longer than a millennium or an end is open."""
    if since == NEVER or until >= OPEN // 2:
        return None
    return next((span for unit in UNITS if (span := span_of(unit, since)) == span_of(unit, until)), None)


def frame_code(since, until):
    """Return the frame as the index keeps it: “year 2020” …, “none” where there is no frame.

    ``None`` for what lies within a month or has no latest date: those are found by ``until`` alone.
    """
    if until >= OPEN // 2:
        return None
    span = frame(since, until)
    if span is None:
        return "none"
    return None if span.unit == MONTH else f"{span.unit} {span.number}"


def frames_around(day):
    """Return the codes of all frames that something which goes on beyond ``day`` may have; those within its month apart."""
    return [*(f"{unit} {span_of(unit, day).number}" for unit in YEARS if span_of(unit, day).last > day), "none"]


def spans_between(first, last, most=60):
    """Return the spans that divide the days from ``first`` to ``last``: whole ones, so the outer two may reach beyond.

    Months for up to three years, else the shortest spans of which no more than ``most`` are needed; of millennia the latest.
    Years of five digits have no months: EDTF cannot name them.
    """
    year, end = first // 10000, last // 10000 + 1
    if end - year <= MOST_YEARS_BY_MONTH and year >= -9999 and end <= 10000:
        return [Span(MONTH, number) for number in range(year * 12, end * 12)]
    for unit in YEARS:
        found = range(span_of(unit, first).number, span_of(unit, last).number + 1)
        if len(found) <= most or unit == MILLENNIUM:
            return [Span(unit, number) for number in found[-most:]]
    return []


def enclosing(first, last):
    """Return the spans that hold both days, the longest first."""
    found = [span_of(unit, first) for unit in UNITS if span_of(unit, first) == span_of(unit, last)]
    return found[::-1]
