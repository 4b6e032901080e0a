"""Dates as suppliers write them, as EDTF: words of a language, centuries, decades, ranges, two calendars. Pure Python.

Nothing is guessed: a text with any word that is not known, an order of day and month that could be either, a year of two
digits without a window, or two calendars that disagree is ``Unclear``.

Chosen where words are vague: “early”, “middle”, “late” and “about” keep the whole century or decade; a half, third or quarter
is counted out; “before 1699” may be in 1699, “after 1790” in 1790. A year of the Hijri calendar is the two of ours it touches.
"""

import re
from dataclasses import dataclass

from heritage.intake.cells import DIGITS, Unclear
from heritage.intake.date_words import lexicon
from heritage.intake.prose import Prose
from heritage.intake.reckoning import checked, full_year, joined

__all__ = ["Habits", "edtf", "joined"]

LONGEST = 200  # characters
ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ]\d{2}:\d{2}.*)?")
NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})")
MONTH_YEAR = re.compile(r"(0?[1-9]|1[0-2])[./](\d{4})")
OWN = re.compile(r"(?!~)(?=.*(?:X|~|\.\.))[-0-9X~?%./]+")  # EDTF, as the register writes it
SHORT_RANGE = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True)
class Habits:
    """How a supplier writes dates. ``order``: "dmy" or "mdy"; ``window``: first and last year of those of two digits."""

    languages: tuple = ("en",)
    calendar: str = "gregorian"
    order: str = ""
    window: tuple = ()
    extra: tuple = ()

    @property
    def words(self):
        if self not in KNOWN:
            KNOWN[self] = lexicon(self.languages) | dict(self.extra)
        return KNOWN[self]


KNOWN = {}


def edtf(text, habits):
    """Return the EDTF text of a date. Raises: Unclear."""
    text = text.strip().translate(DIGITS)
    if len(text) > LONGEST:
        raise Unclear("It is too long for a date.", 'Let the mapping keep it in its words: unreadable = "as_stated".')
    if habits.calendar == "gregorian" and OWN.fullmatch(text):
        return checked(text)
    if habits.calendar == "gregorian" and (found := ISO.fullmatch(text)):
        return checked(iso(text, found))
    if habits.calendar != "gregorian" and (NUMERIC.fullmatch(text) or YEAR_FIRST.fullmatch(text)):
        raise Unclear(
            "It is a day of the Hijri calendar, of which only years are reckoned.",
            'Write the year alone, or let the mapping keep it in its words: unreadable = "as_stated".',
        )
    if found := NUMERIC.fullmatch(text):
        return checked(numeric(found, habits))
    if found := YEAR_FIRST.fullmatch(text):
        return checked(f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}")
    if habits.calendar == "gregorian" and (found := MONTH_YEAR.fullmatch(text)):
        return checked(f"{found[2]}-{int(found[1]):02d}")
    return checked(Prose(text, habits).edtf())


def iso(text, found):
    """Return a date in the order of ISO 8601, without a time of day. Raises: Unclear for what may be a range of years."""
    year, month, day = found.groups()
    if month and not day and SHORT_RANGE.fullmatch(text):
        if int(month) > 12 and int(month) > int(year[2:]):
            return f"{year}/{year[:2]}{month}"
        if int(year[2:]) < int(month) <= 12:
            raise Unclear(
                f"It may be a month of {year} or the years {year} to {year[:2]}{month}.",
                f"Write {year}/{year[:2]}{month} for the years, {year}-{month}-01 for a day.",
            )
    return "-".join(part for part in (year, month, day) if part)


def numeric(found, habits):
    """Return a date of three numbers with the year last. Raises: Unclear where it may be either order."""
    first, second, year = found.groups()
    order = habits.order or (
        "dmy" if int(first) > 12 else "mdy" if int(second) > 12 else "dmy" if first == second else ""
    )
    if not order:
        raise Unclear(
            "It may be day, month, year or month, day, year.", 'Say the order in the mapping: dates.order = "dmy".'
        )
    day, month = (first, second) if order == "dmy" else (second, first)
    return f"{full_year(year, habits.window)}-{int(month):02d}-{int(day):02d}"
