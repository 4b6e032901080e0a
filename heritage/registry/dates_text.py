"""EDTF text ↔ two integer bounds. Pure Python; the rest of the house imports it through ``dates``.

Units: a bound is ``year×10000 + month×100 + day`` in astronomical years (0 = 1 BCE) of the proleptic Gregorian calendar; None is
an open or unknown end. ``parse`` gives bounds with a real month and day; month 00 and day 00 ("whole year", "whole month")
are understood wherever a bound is read.

Source: Extended Date/Time Format, Library of Congress, 2019 (ISO 8601-2:2019 clause 4), levels 0 and 1, and of level 2
marks on single components, any unspecified digit, one-of ``[…]`` and all-of ``{…}`` sets, intervals between such dates.

Seasons are those of the northern hemisphere: 21 March to May, 22 June to August, 23 September to November, 24 December to
February of the next year.

Refused on purpose, though EDTF has them: a time of day, exponents (``Y17E7``), significant digits (``1950S2``), seasons
25 to 41, seasons in a set, years of over 14 digits, texts over ``LONGEST``; days that no calendar has (``2021-02-29``),
reversed ranges (``[1670..1667]``). An interval is reversed only when it begins after its last day: ``1992-05/1992`` is not.
"""

import re
from dataclasses import dataclass
from itertools import product

LONGEST = 80
DATE = re.compile(r"([?~%]?)(-?[0-9X]{4})([?~%]?)(?:-([?~%]?)([0-9X]{2})([?~%]?)(?:-([?~%]?)([0-9X]{2})([?~%]?))?)?")
_LONG_YEAR = re.compile(r"Y(-?[1-9][0-9]{4,13})")
_BESIDE_OPEN = re.compile(r"-?[0-9]{4}(?:-[0-9]{2}){0,2}[?~%]?")
_PLAIN = re.compile(r"-?[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?)?")
_LONGEST_MONTH = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SEASONS = {"21": (301, 531), "22": (601, 831), "23": (901, 1130)}
_SEASON = re.compile(r"-?[0-9]{4}-2[1-4][?~%]?")
_OPEN = ("", "..")


def _agreeing(numbers):
    """Every two-character mask over digits and X, with the numbers it can stand for, in order."""
    masks = {}
    for number in numbers:
        tens, ones = f"{number:02d}"
        for mask in {tens + ones, tens + "X", "X" + ones, "XX"}:
            masks.setdefault(mask, []).append(number)
    return masks


_MONTHS = _agreeing(range(1, 13))
_DAYS = _agreeing(range(1, 32))


class DateError(ValueError):
    """A text that is no date; the message quotes it, says what is wrong and how to mend it."""

    def __init__(self, text, wrong):
        shown = text if len(text) <= 60 else text[:59] + "…"
        super().__init__(f"“{shown}” {wrong}")


@dataclass(frozen=True, slots=True)
class Span:
    """A date as read: canonical text and its first and last day."""

    edtf: str
    lo: int | None
    hi: int | None


def parse(text: str) -> Span:
    """The date that ``text`` writes. Raises: DateError."""
    text = text.strip()
    if len(text) > LONGEST:
        raise DateError(text, f"is longer than {LONGEST} characters; write a shorter date or interval.")
    if "/" in text:
        return _interval(text)
    if text[:1] in ("[", "{"):
        return _set(text)
    if match := _LONG_YEAR.fullmatch(text):
        year = int(match[1]) * 10000
        return Span(text, year + 101, year + 1231)
    return Span(*_single(text, text))


def iso(bound: int) -> str:
    """``2021-04-12``; ``2021-04``, ``2021`` for day, month 00. A year of five digits or more prints alone: ``Y12000``."""
    year, month, day = unpacked(bound)
    if not -9999 <= year <= 9999:
        return f"Y{year}"
    text = f"{year:04d}" if year >= 0 else f"-{-year:04d}"
    return text + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")


def shortest(lo, hi):
    """The shortest text with these bounds: whole centuries, years and months collapse."""
    if lo is None or hi is None:
        return "" if lo is hi else f"{'..' if lo is None else iso(lo)}/{'..' if hi is None else iso(hi)}"
    lo, hi = filled(lo, "lo"), filled(hi, "hi")
    (first, *begins), (last, *ends) = unpacked(lo), unpacked(hi)
    if begins == [1, 1] and ends == [12, 31]:
        if first % 100 == 0 and last == first + 99 and 0 <= first <= 9900:
            return f"{first // 100:02d}XX"
        lo, hi = first * 10000, last * 10000
    elif begins[1] == 1 and ends[1] == _days_in(last, ends[0]):
        lo, hi = lo - 1, hi - ends[1]
    return iso(lo) if lo == hi else f"{iso(lo)}/{iso(hi)}"


def unpacked(bound):
    """Year, month and day of a bound."""
    year, rest = divmod(bound, 10000)
    return year, rest // 100, rest % 100


def filled(bound, end):
    """The same bound with a real month and day."""
    year, month, day = unpacked(bound)
    if month and day:
        return bound
    month = month or (1 if end == "lo" else 12)
    return year * 10000 + month * 100 + (day or (1 if end == "lo" else _days_in(year, month)))


def marks_of(match):
    """Each component's mark in a matched ``DATE``: one on its left is its own, one on its right is for all before it too."""
    before, after = match.group(1, 4, 7), match.group(3, 6, 9)
    count = 3 if match[8] else 2 if match[5] else 1
    return [_joined(before[i] or "", *(mark or "" for mark in after[i:count])) for i in range(count)]


def _days_in(year, month):
    common = year % 4 or (year % 100 == 0 and year % 400)
    return 28 if common and month == 2 else _LONGEST_MONTH[month]


def _joined(*marks):
    marks = "".join(marks)
    return "%" if "%" in marks or ("?" in marks and "~" in marks) else marks[:1]


def _interval(text):
    start, _, end = text.partition("/")
    if "/" in end or text == "/":
        raise DateError(text, _diagnosis(text))
    if start in _OPEN or end in _OPEN:
        return Span(*_half_open(start, end, text))
    first, lo, _ = _single(start, text)
    last, _, hi = _single(end, text)
    if lo > hi:
        raise DateError(text, f"runs backwards; if both dates are right, write {last}/{first}.")
    return Span(f"{first}/{last}", lo, hi)


def _half_open(start, end, text):
    for side in (start, end):
        if side not in _OPEN and DATE.fullmatch(side) and not _BESIDE_OPEN.fullmatch(side):
            raise DateError(text, "joins an open end with missing digits or an inner mark; write 1700/.. or ../1799.")
    first, lo, _ = (start, None, None) if start in _OPEN else _single(start, text)
    last, _, hi = (end, None, None) if end in _OPEN else _single(end, text)
    return f"{first}/{last}", lo, hi


def _set(text):
    parts = [part.strip(" ") for part in text[1:-1].split(",")]
    if text[0] + text[-1] not in ("[]", "{}") or "" in parts:
        raise DateError(text, "is not closed or has an empty place; write a set as [1667,1668] or {1667,1668}.")
    members = [_member(part, text) for part in parts]
    if len(parts) == 1 and ".." not in text:
        raise DateError(text, f"is a set of one; write {parts[0]} without brackets, or add the other dates.")
    if any(lo is None for _, lo, _ in members[1:]) or any(hi is None for _, _, hi in members[:-1]):
        raise DateError(text, "is open in the middle; “..” goes before the first date or after the last.")
    lo = None if members[0][1] is None else min(lo for _, lo, _ in members)
    hi = None if members[-1][2] is None else max(hi for _, _, hi in members)
    return Span(text[0] + ",".join(canonical for canonical, _, _ in members) + text[-1], lo, hi)


def _member(part, text):
    """One element of a set: a date, or a range that may be open at one end."""
    if ".." not in part:
        if _SEASON.fullmatch(part):
            raise DateError(text, "has a season in a set; write its months instead, such as 2021-03..2021-05.")
        return _single(part, text)
    start, _, end = part.partition("..")
    if not (start or end) or not all(not side or _PLAIN.fullmatch(side) for side in (start, end)):
        raise DateError(text, "has a range that is not between plain dates; write it as 1667..1670.")
    if start and end and start.count("-", 1) != end.count("-", 1):
        raise DateError(text, "has a range between dates of unlike precision; write both as years, months or days.")
    lo = _single(start, text)[1] if start else None
    hi = _single(end, text)[2] if end else None
    if start and end and lo > hi:
        raise DateError(text, f"has a range that runs backwards; write {end}..{start}.")
    return part, lo, hi


def _single(text, whole):
    """Canonical text, first and last day of one date; ``whole`` is the text to quote when it is refused."""
    match = DATE.fullmatch(text)
    if not match:
        raise DateError(whole, _diagnosis(text))
    year, month, day = match.group(2, 5, 8)
    if year == "-0000":
        raise DateError(whole, "has a year -0000; the year 0 (1 BCE) is written 0000.")
    if "?" in text or "~" in text or "%" in text:
        text = _settled(text, match, whole)
    if "X" in text:
        return text, *_masked_bounds(year, month, day, whole)
    start = int(year) * 10000
    if month is None:
        return text, start + 101, start + 1231
    if month not in _MONTHS:
        return text, *_season_bounds(start, month, day, whole)
    start += int(month) * 100
    length = _days_in(int(year), int(month))
    if day is None:
        return text, start + 1, start + length
    if not 1 <= int(day) <= length:
        raise DateError(whole, f"names a day that {year}-{month} does not have; it has days 01 to {length}.")
    return text, start + int(day), start + int(day)


def _settled(text, match, whole):
    """The shortest text with the same marks on the same components."""
    if "X" in text:
        raise DateError(
            whole, "has both unspecified digits and a mark; X is inexact already: leave out “?”, “~” or “%”."
        )
    if any(match[i - 1] and match[i + 1] for i in (2, 5, 8)):
        raise DateError(whole, "has a mark on both sides of one part; write it once.")
    if (match[5] or "") > "12" and (match[1] or match[3] or match[4]):
        raise DateError(whole, "has a mark inside a season; write it at the end, such as 2021-21~.")
    marks = marks_of(match)
    parts = [part for part in match.group(2, 5, 8) if part]
    leading = 1
    while leading < len(marks) and marks[leading] == marks[0]:
        leading += 1
    rest = [mark + part for mark, part in zip(marks[leading:], parts[leading:], strict=True)]
    return "-".join(["-".join(parts[:leading]) + marks[0], *rest])


def _season_bounds(start, season, day, whole):
    if day is None and season in _SEASONS:
        first, last = _SEASONS[season]
        return start + first, start + last
    if day is None and season == "24":
        following = start // 10000 + 1
        return start + 1201, following * 10000 + 200 + _days_in(following, 2)
    if season.isdecimal() and 25 <= int(season) <= 41:
        raise DateError(whole, f"has the season or group {season}; write its months, or 21 to 24 (spring to winter).")
    raise DateError(whole, f"has no month {season}; months are 01 to 12, seasons 21 to 24 without a day.")


def _masked_bounds(year, month, day, whole):
    """First and last real day that agree with every given digit."""
    lowest, highest = int(year.replace("X", "0")), int(year.replace("X", "9"))
    lowest, highest = min(lowest, highest), max(lowest, highest)
    if month is None:
        return lowest * 10000 + 101, highest * 10000 + 1231
    months, days = _MONTHS.get(month, []), _DAYS.get(day or "XX", [])
    if not days or all(days[0] > _LONGEST_MONTH[month] for month in months):
        raise DateError(whole, "fits no day of the calendar; months are 01 to 12, days 01 to 28, 29, 30 or 31.")
    if day is None or day == "XX":
        start, end = lowest * 10000 + months[0] * 100, highest * 10000 + months[-1] * 100
        return start + 1, end + _days_in(highest, months[-1])
    ends = [_first_fitting(year, months, days, step) for step in (1, -1)]
    if None in ends:
        raise DateError(whole, "has 29 February in years that are no leap years; check the day or the year.")
    return min(ends), max(ends)


def _first_fitting(year, months, days, step):
    """The first day that fits, walking the years' digits upward (``step`` 1) or downward (-1)."""
    sign = -1 if year[0] == "-" else 1
    inner = step * sign
    for digits in product(*("0123456789"[::step] if c == "X" else c for c in year.lstrip("-"))):
        number = sign * int("".join(digits))
        for month in months[::inner]:
            for day in days[::inner]:
                if day <= _days_in(number, month):
                    return number * 10000 + month * 100 + day
    return None


_FAULTS = [
    (r"", "is empty; write a year, month or day: 2021, 2021-06 or 2021-06-12."),
    (r".*\s.*", "has a space inside; write it without, such as 2021-04-12/2021-06-18."),
    (r".*[0-9]T[0-9].*", "has a time of day; write the day alone, such as 2021-06-12."),
    (r"[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}", "is not in the order year, month, day; write 2021-06-12."),
    (r"/", "has no date on either side; write 2021/.. or ../2021."),
    (r".*/.*/.*", "has more than one “/”; write one interval, such as 2021/2022."),
    (r"Y?-?[0-9]+(E[0-9]+)?S[0-9]+", "has significant digits; write an interval instead, such as 1900/1999."),
    (r"Y-?[0-9]+E[0-9]+", "has an exponent; write the year out, such as Y-300000."),
    (r"Y-?[0-9]{15,}", "is beyond the years that can be kept; write at most 14 digits."),
    (r"Y-?[0-9]{1,4}", "has a Y before a year of four digits; write the four digits alone, such as 0301."),
    (r"Y.*", "has a Y where a year such as Y-12000 cannot stand; it is written alone, not in an interval or set."),
    (r"-?[0-9]{1,3}", "has fewer than four digits; write the year with four, such as 0301."),
    (r"-?[0-9]{5,}", "has more than four digits; write a day as 2021-06-12, a longer year as Y12000."),
    (
        r"-?[0-9uxX]+(-[0-9uxX]+)*",
        "is not written year-month-day; write 2021-06-12, unspecified digits as a capital X.",
    ),
]


def _diagnosis(text):
    other = "is not a date; write 2021, 2021-06, 2021-06-12, 17XX, 1868~ or an interval such as 2021-04/2021-06."
    return next((wrong for pattern, wrong in _FAULTS if re.fullmatch(pattern, text)), other)
