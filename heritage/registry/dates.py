"""Dates: EDTF text, its two bounds, and the words that readers see. No Django here.

Text and bounds are in ``dates_text`` (what is read, what is refused, units); this module adds the words. English for now:
every word is in ``ENGLISH``.
"""

import re

from heritage.registry.dates_text import (
    DATE,
    DateError,
    Span,
    filled,
    iso,
    marks_of,
    parse,
    shortest,
    unpacked,
)

__all__ = [
    "DateError", "Span", "bound", "from_bounds", "iso", "parse", "possibly_within", "print_bound", "qualified", "surely_within",
]  # fmt: skip

ENGLISH = {
    "undated": "undated", "some_year": "an unknown year", "some_month": "a month in {}", "some_day": "a day in {}",
    "between": "between {} and {}", "range": "{} to {}", "or": "{} or {}", "and": "{} and {}",
    "by": "by {}", "after": "after {}", "after_and_by": "{} and by {}", "since": "since {}", "until": "until {}",
    "in": "in {}", "on": "on {}", "throughout": "throughout {}", "or_later": "{} or later", "or_earlier": "{} or earlier",
    "report_date": "{} (date of the report)", "start_of": "the start of {}", "end_of": "the end of {}", "the": "the {}",
    "?": "perhaps {}", "~": "about {}", "%": "perhaps about {}",
    "bce": "{} BCE", "ce": "{} CE", "decade": "{}s", "century": "{} century", "millennium": "{} millennium",
    "day_in": "{} in {}", "day_month": "{} {}", "with_year": "{} {}",
    "21": "spring {}", "22": "summer {}", "23": "autumn {}", "24": "winter {}",
    "months": [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ],
    "ordinals": {1: "{}st", 2: "{}nd", 3: "{}rd"}, "ordinal": "{}th",
}  # fmt: skip

_PLAIN = re.compile(r"-?[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?)?|Y-?[0-9]+")
_ERA = re.compile(r"-?[0-9]{2}XX|[1-9][0-9]{2}X|-?[0-9]XXX")
_OPEN = ("", "..")


def qualified(qualifier: str, lo: int | None, hi: int | None, hi_basis: str = "stated", edtf: str = "") -> str:
    """The words of a date block: “between 12 April and 18 June 2021”, “by 30 June 2022 (date of the report)”.

    ``edtf`` says how exactly each end is printed; an end that it leaves open is printed from the bound, if there is one.
    Raises: DateError when ``edtf`` is malformed.
    """
    if qualifier == "undated":
        return ENGLISH["undated"]
    start, end = _ends(lo, hi, hi_basis, parse(edtf).edtf if edtf.strip() else shortest(lo, hi))
    if not start and not end:
        return ENGLISH["undated"]
    words = _one(qualifier, start) if start == end else _two(qualifier, start, end)
    return _say("report_date", words) if end and hi is not None and hi_basis == "report_date" else words


def bound(text_iso: str, end: str) -> int:
    """The first (``end="lo"``) or last (``"hi"``) day of a date. Raises: DateError, also where that end is open."""
    span = parse(text_iso)
    day = span.lo if end == "lo" else span.hi
    if day is None:
        raise DateError(text_iso, "is open at this end; write a year, month or day, such as 2021 or 2021-06.")
    return day


def from_bounds(qualifier: str, lo: int | None, hi: int | None) -> str:
    """Canonical EDTF of two bounds; empty for ``undated`` or without bounds. Raises: DateError where EDTF cannot say it."""
    text = "" if qualifier == "undated" else shortest(lo, hi)
    return parse(text).edtf if text else ""


def print_bound(bound: int) -> str:
    """“12 April 2021”, or “April 2021”, “2021” for day and month 00."""
    year, month, day = unpacked(bound)
    return _say("with_year", _day_month(month, day), _year(year)) if month else _year(year)


def surely_within(lo, hi, from_, to):
    """Whether every day from ``lo`` to ``hi`` lies in the window. None is open, at either."""
    begins = from_ is None or (lo is not None and filled(lo, "lo") >= filled(from_, "lo"))
    return begins and (to is None or (hi is not None and filled(hi, "hi") <= filled(to, "hi")))


def possibly_within(lo, hi, from_, to):
    """Whether any day from ``lo`` to ``hi`` lies in the window. None is open, at either."""
    reaches = from_ is None or hi is None or filled(hi, "hi") >= filled(from_, "lo")
    return reaches and (to is None or lo is None or filled(lo, "lo") <= filled(to, "hi"))


def _say(key, *words):
    return ENGLISH[key].format(*words)


def _ends(lo, hi, hi_basis, text):
    """The two ends of a text, "" where unknown; the same text twice for a single date. A report's own date is always said."""
    start, slash, end = text.partition("/")
    start, end = ("" if side in _OPEN else side for side in (start, end if slash else start))
    if not start and lo is not None:
        start = iso(lo)
    unsaid = hi is not None and (not end or (hi_basis == "report_date" and parse(end).hi != filled(hi, "hi")))
    return start, iso(hi) if unsaid else end


def _one(qualifier, text):
    """A single date: bare unless the qualifier needs a preposition."""
    words = _words(text)
    if qualifier == "before":
        return _say("by", _with_article(text))
    if qualifier == "after":
        return _later(text)
    if not _PLAIN.fullmatch(text) or qualifier == "on":
        return words
    is_day = text.count("-", 1) == 2
    if qualifier == "throughout":
        return words if is_day else _say("throughout", words)
    return _say("on" if is_day else "in", words)


def _two(qualifier, start, end):
    """Two ends, either of which may be unknown."""
    if not start:
        return _say("until" if qualifier == "throughout" else "by", _upper(end))
    if not end:
        return _say("since", _lower(start)) if qualifier == "throughout" else _later(start)
    if qualifier == "after":
        return _say("after_and_by", _later(start), _upper(end))
    if qualifier in ("on", "throughout") or (_ERA.fullmatch(start) and _ERA.fullmatch(end)):
        return _range(start, end)
    return _say("between", *_shared(start, end, _lower(start)))


def _later(text):
    """After a day, but “2022 or later” for what is not known to the day: it may lie within."""
    precise = text[0] not in "Y[{" and text.count("-", 1) == 2 and "X" not in text
    return _say("after", _words(text)) if precise else _say("or_later", _lower(text, bare=True))


def _range(start, end):
    if start[-2:] == end[-2:] == "XX" and len(start) == len(end) == 4 and start[1] != "X" and end[1] != "X":
        return _say("range", _ordinal(int(start[:2]) + 1), _words(end))
    return _say("range", *_shared(start, end, _lower(start, bare=True)))


def _shared(start, end, lower):
    """Both ends in words, without repeating a year or month that they share."""
    upper = _upper(end)
    if not (_PLAIN.fullmatch(start) and _PLAIN.fullmatch(end)):
        return lower, upper
    if end.startswith(start + "-"):
        return _say("start_of", lower), upper
    if start.startswith(end + "-"):
        return lower, _say("end_of", upper)
    if start[:-3] == end[:-3] and start.count("-", 1) == 2:
        return str(int(start[-2:])), upper
    year = -6 if start.count("-", 1) == 2 else -3
    if start.count("-", 1) == end.count("-", 1) > 0 and start[:year] == end[:year]:
        _, month, day = unpacked(bound(start, "lo"))
        return _day_month(month, day if year == -6 else 0), upper
    return lower, upper


def _lower(text, bare=False):
    return _words(text) if bare and not _is_odd(text) else _with_article(text, "lo")


def _upper(text):
    return _with_article(text, "hi")


def _with_article(text, end=None):
    """Words that can follow a preposition; digits missing in odd places are spoken as the bound at that end."""
    if end and _is_odd(text):
        return print_bound(bound(text, end))
    return _say("the", _words(text)) if _ERA.fullmatch(text) else _words(text)


def _words(text):
    """One date or set in words, without preposition."""
    if text[0] in "[{":
        return _set(text)
    if text[0] == "Y":
        return _year(int(text[1:]))
    match = DATE.fullmatch(text)
    words = _masked(text, *match.group(2, 5, 8)) if "X" in text else _plain(*match.group(2, 5, 8))
    marks = "".join(marks_of(match))
    uncertain, approximate = "?" in marks or "%" in marks, "~" in marks or "%" in marks
    return _say("%" if uncertain and approximate else "?" if uncertain else "~", words) if marks else words


def _plain(year, month, day):
    number = int(year)
    if month and month > "12":
        return _say(month, _winter(number) if month == "24" else _year(number))
    return print_bound(number * 10000 + int(month or 0) * 100 + int(day or 0))


def _winter(year):
    """A winter runs into the next year: 2021–22."""
    if year < 100:
        return _year(year)
    return f"{year}–{year + 1}" if year % 100 == 99 else f"{year}–{(year + 1) % 100:02d}"


def _masked(text, year, month, day):
    """Unspecified digits: “18th century”, “a month in 2004”, else the days they can stand for."""
    if _is_odd(text):
        return _say("range", *_shared(*_odd_ends(text)))
    if not month:
        return _era(year)
    if month == "XX":
        return _say("some_day" if day else "some_month", _article_year(year))
    if day == "XX":
        return _say("some_day", _month_year(month, 0, year))
    return _month_year(month, int(day or 0), year)


def _odd_ends(text):
    span = parse(text)
    start, _, end = shortest(span.lo, span.hi).partition("/")
    return start, end or start, _words(start)


def _is_odd(text):
    """Whether digits are missing elsewhere than from the end of the year, in a whole month or in a whole day."""
    match = "X" in text and text[0] not in "[{" and DATE.fullmatch(text)
    if not match:
        return False
    year, month, day = match.group(2, 5, 8)
    year_is_odd = "X" in year and not _ERA.fullmatch(year) and year != "XXXX"
    return (
        year_is_odd
        or any(part and "X" in part and part != "XX" for part in (month, day))
        or (month == "XX" and day not in (None, "XX"))
    )


def _era(year):
    if year == "XXXX":
        return ENGLISH["some_year"]
    digits = year.lstrip("-")
    count = int(digits.rstrip("X")) + 1
    kind = {2: "century", 3: "millennium"}.get(digits.count("X"))
    words = _say(kind, _ordinal(count)) if kind else _say("decade", (count - 1) * 10)
    return _say("bce", words) if year[0] == "-" else words


def _article_year(year):
    if "X" not in year:
        return _year(int(year))
    return _say("the", _era(year)) if _ERA.fullmatch(year) else _era(year)


def _month_year(month, day, year):
    words = _day_month(int(month), day)
    return _say("day_in" if "X" in year else "with_year", words, _article_year(year))


def _day_month(month, day):
    name = ENGLISH["months"][month - 1]
    return _say("day_month", day, name) if day else name


def _year(number):
    if number <= 0:
        number = 1 - number
        return _say("bce", f"{number:,}" if number > 9999 else number)
    if number > 9999:
        return f"{number:,}"
    return _say("ce", number) if number < 100 else str(number)


def _ordinal(number):
    usual = ENGLISH["ordinal"]
    return (usual if 10 <= number % 100 <= 20 else ENGLISH["ordinals"].get(number % 10, usual)).format(number)


def _set(text):
    """“1667 or 1668” for one of a set, “1667 and 1668” for all of it."""
    *others, last = (_element(part) for part in text[1:-1].split(","))
    return _say("or" if text[0] == "[" else "and", ", ".join(others), last) if others else last


def _element(part):
    start, dots, end = part.partition("..")
    if not dots:
        return _words(part)
    if start and end:
        return _say("range", *_shared(start, end, _words(start)))
    return _say("or_later", _words(start)) if start else _say("or_earlier", _words(end))
