"""Dates as suppliers write them, as EDTF: words of a language, centuries, decades, ranges, two calendars. Pure Python.

Nothing is guessed: a text with any word that is not known, an order of day and month that could be either, a year of two
digits without a window, or two calendars that disagree is ``Unclear``.

Chosen where words are vague: “early”, “middle”, “late” and “about” keep the whole century or decade; a half or a quarter is
counted out; “before 1699” may be in 1699, “after 1790” in 1790. A year of the Hijri calendar is the two of ours it touches.
"""

import re
from dataclasses import dataclass

from heritage.intake.calendars import gregorian_years
from heritage.intake.cells import DIGITS, Unclear
from heritage.intake.date_words import lexicon
from heritage.registry import dates

ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ]\d{2}:\d{2}.*)?")
NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})")
MONTH_YEAR = re.compile(r"(0?[1-9]|1[0-2])[./](\d{4})")
SHORT_RANGE = re.compile(r"(\d{4})-(\d{2})")
ROMAN = re.compile(r"(x{0,2})(ix|iv|v?i{0,3})(er|e|ème|-?й|-го)?", re.IGNORECASE)
TOKEN = re.compile(
    r"\d+(?:st|nd|rd|th|er|re|ème|e|\.)?(?:s|'s)?(?![^\W\d_])|до[ -]н\.[еэ]\.|н\.[еэ]\.|j\.-c\.|[ad]\.c\.|a\.d\.|a\.h\.|b\.c\.|l'an|jusqu'à|peut-être|mid-|[^\W\d_]+\.?|[–—-]|=|/|\?|\S",
    re.IGNORECASE,
)
BRACKETS = str.maketrans("", "", "[]()")


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
EXAMPLES = "Write 1804, 1804-05-09, 1804/1860 or words that the mapping knows."


def edtf(text, habits):
    """Return the EDTF text of a date. Raises: Unclear."""
    text = text.strip().translate(DIGITS)
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


def joined(start, end):
    """Return the EDTF text of what began at ``start`` and ended at ``end``, both EDTF texts or empty. Raises: Unclear."""
    if not (start and end) or start == end:
        return start or end
    first, last = start.partition("/")[0], end.rpartition("/")[2]
    return checked(".." if first == last == ".." else f"{first}/{last}")


def checked(text):
    try:
        return dates.parse(text).edtf
    except dates.DateError as fault:
        raise Unclear(str(fault), EXAMPLES) from fault


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
    return f"{full_year(year, habits)}-{int(month):02d}-{int(day):02d}"


def full_year(year, habits):
    """Return a year with four digits. Raises: Unclear for one of two without a window."""
    if len(year) > 2:
        return f"{int(year):04d}"
    if not habits.window:
        raise Unclear(
            f"The year “{year}” has two digits; its century is not known.",
            "Give the mapping a window: dates.window = [1950, 2049].",
        )
    first, last = habits.window
    fitting = [one for one in range(first, last + 1) if one % 100 == int(year)]
    if len(fitting) != 1:
        raise Unclear(f"No single year from {first} to {last} ends in {year}.", "Choose a window of a hundred years.")
    return f"{fitting[0]:04d}"


class Prose:
    """A date in words, read from the left."""

    def __init__(self, text, habits):
        self.text, self.habits = text, habits
        plain = text.casefold().replace("’", "'").translate(BRACKETS)
        self.tokens = [self.sign(piece) for piece in TOKEN.findall(plain)]
        self.tokens = [piece for piece in self.tokens if piece not in ("nothing", ",", ".", ";", ":")]
        self.is_sure = True

    def sign(self, piece):
        """Return what a piece stands for: a sign, ("number", text), or the piece itself."""
        words = self.habits.words
        if piece in words:
            return words[piece]
        if piece[0].isdigit():
            return piece
        return words.get(piece.rstrip("."), piece)

    def edtf(self):
        if not self.tokens:
            self.unknown()
        if "AH" in self.tokens or self.habits.calendar == "hijri":
            return self.of_two_calendars()
        return self.whole(self.tokens)

    def unknown(self, piece=""):
        known = f"The word “{piece}” is not known." if piece else "It is not a date that can be read."
        raise Unclear(known, EXAMPLES)

    def whole(self, tokens):
        """Return the EDTF text of tokens that may be two dates with "to" or "or" between."""
        if tokens[0] == "from":
            tokens = ["to" if piece == "and" else piece for piece in tokens[1:]]
        for between in ("to", "or", "/"):
            if between in tokens[1:-1]:
                place = tokens.index(between, 1)
                return self.two(tokens[:place], tokens[place + 1 :], between)
        return self.single(tokens)

    def two(self, first, last, between):
        if between == "or" and last[0] == "after":
            raise Unclear("It leaves the end open in words.", EXAMPLES)
        if first[-1] in ("early", "middle", "late", "first", "second") and "century" in last:
            first = [*first, *[piece for piece in last if piece == "century" or is_ordinal(piece)]]
        start, end = self.single(first, last), self.single(last)
        return joined(start, end)

    def single(self, tokens, other=()):
        """Return the EDTF text of one date. ``other`` lends a century or a month's year where only the later date names it."""
        if tokens and tokens[0] in ("about", "before", "after"):
            inner = self.single(tokens[1:], other)
            return bounded(tokens[0], inner)
        if tokens and tokens[-1] == "?":
            return bounded("about", self.single(tokens[:-1], other))
        if tokens and tokens[0] in ("early", "middle", "late"):
            return self.single(tokens[1:], other)
        if len(tokens) > 2 and tokens[0] in ("first", "second") and tokens[1] in ("half", "quarter"):
            return portion(tokens[0], tokens[1], self.single(tokens[2:], other))
        if len(tokens) == 2 and tokens[1] in ("century", "about") and is_ordinal(tokens[0]):
            return century(tokens[0], self)
        if len(tokens) == 2 and tokens[0] == "century":
            return century(tokens[1], self)
        if len(tokens) == 1 and "century" in other and (is_ordinal(tokens[0])):
            return century(tokens[0], self)
        return self.calendar_date(tokens)

    def calendar_date(self, tokens):
        """Return a year, a month with its year, or a day."""
        tokens = ["1" if piece == "first" else piece for piece in tokens if piece != "AD"]
        if "BC" in tokens and len(tokens) == 2:
            year = next(piece for piece in tokens if piece != "BC")
            return f"-{int(digits(year, self)) - 1:04d}" if int(digits(year, self)) > 1 else "0000"
        months = [int(piece.split()[1]) for piece in tokens if piece.startswith("month ")]
        rest = [piece for piece in tokens if not piece.startswith("month ")]
        if len(months) == 1 and 1 <= len(rest) <= 2:
            day = f"-{int(digits(rest[0], self)):02d}" if len(rest) == 2 else ""
            return f"{full_year(digits(rest[-1], self), self.habits)}-{months[0]:02d}{day}"
        if len(rest) == 1 and not months:
            if found := re.fullmatch(r"(\d{3})0'?s", rest[0]):
                return f"{found[1]}X"
            return full_year(digits(rest[0], self), self.habits)
        for piece in tokens:
            if not piece[0].isdigit():
                self.unknown(piece)
        return self.unknown()

    def of_two_calendars(self):
        """Return the date of a text with Hijri years, alone or beside ours, which must agree."""
        tokens = [piece for piece in self.tokens if piece not in ("=", "/")]
        marks = {piece for piece in tokens if piece in ("about", "before", "after")}
        years = self.labelled([piece for piece in tokens if piece not in marks and piece != "?"])
        if len(marks) > 1 or not 1 <= len(years["AH"]) <= 1 or len(years["AD"]) > 1:
            self.unknown()
        first, last = gregorian_years(years["AH"][0])
        if years["AD"]:
            [ours] = years["AD"]
            if not first <= ours <= last:
                raise Unclear(
                    f"The two years disagree: AH {years['AH'][0]} is {first}–{last}, not {ours}.",
                    "Ask the supplier which is right.",
                )
            inner = f"{ours:04d}"
        else:
            inner = f"{first:04d}" if first == last else f"{first:04d}/{last:04d}"
        mark = next(iter(marks), "about" if "?" in tokens else "")
        return bounded(mark, inner) if mark else inner

    def labelled(self, tokens):
        """Return {"AH": years, "AD": years}: each number belongs to the era before or after it, or to the file's calendar."""
        years, eras = {"AH": [], "AD": []}, [piece for piece in tokens if piece in ("AH", "AD")]
        numbers = [piece for piece in tokens if piece not in ("AH", "AD")]
        for piece in numbers:
            digits(piece, self)
        if not eras and self.habits.calendar == "hijri" and len(numbers) == 1:
            eras = ["AH"]
        if len(eras) != len(numbers):
            self.unknown()
        for era, piece in zip(eras, numbers, strict=True):
            years[era].append(int(piece))
        return years


def digits(piece, prose):
    """Return the digits of a year or day, ordinals without their ending. Raises: Unclear."""
    found = re.fullmatch(r"(\d{1,4})(?:st|nd|rd|th|er|\.)?", piece)
    if not found:
        prose.unknown(piece)
    return found[1]


def is_ordinal(piece):
    return bool(re.fullmatch(r"\d{1,2}(st|nd|rd|th|er|e|ème|\.)?", piece) or (piece and ROMAN.fullmatch(piece)))


def century(piece, prose):
    """Return the EDTF text of a century by its number or Roman numeral."""
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|er|e|ème|\.)?", piece)
    if found:
        which = int(found[1])
    elif (roman := ROMAN.fullmatch(piece)) and piece:
        which = len(roman[1]) * 10 + {"ix": 9, "iv": 4}.get(
            roman[2].lower(), 5 * roman[2].lower().count("v") + roman[2].lower().count("i")
        )
    else:
        prose.unknown(piece)
    if not 1 <= which <= 21:
        prose.unknown(piece)
    return f"{which - 1:02d}XX"


def portion(which, part, text):
    """Return the first or second half or quarter of a century."""
    if not re.fullmatch(r"\d\dXX", text):
        raise Unclear("Only a century is halved or quartered.", EXAMPLES)
    length = 50 if part == "half" else 25
    start = int(text[:2]) * 100 + (length if which == "second" else 0)
    return f"{start:04d}/{start + length - 1:04d}"


def bounded(sign, text):
    """Return a date with “about”, “before” or “after” in front."""
    if sign == "before":
        return f"../{dates.iso(dates.parse(text).hi)}" if "X" in text else f"../{text.rpartition('/')[2]}"
    if sign == "after":
        return f"{dates.iso(dates.parse(text).lo)}/.." if "X" in text else f"{text.partition('/')[0]}/.."
    if "X" in text or text[-1] in "~.":
        return text
    return "/".join(part if part == ".." else f"{part}~" for part in text.split("/"))
