"""Dates in words, read from the left: years, months, decades, centuries and their parts, ranges, two calendars. Pure Python."""

import re

from heritage.intake.calendars import gregorian_years
from heritage.intake.cells import Unclear
from heritage.intake.reckoning import (
    EXAMPLES,
    PARTS,
    astronomical,
    bounded,
    century,
    counted,
    decade,
    full_year,
    joined,
    portion,
)

TOKEN = re.compile(
    r"\d+-(?:й|го|ша|га|тя|та|я|е|ті|х)(?![^\W\d_])|\d+(?:st|nd|rd|th|er|re|ème|e|º|ª|\.)?(?:s|'s)?(?![^\W\d_])"
    r"|до[ -]н\.[еэ]\.|н\.[еэ]\.|j\.-c\.|[ad]\.c\.|a\.d\.|a\.h\.|b\.c\.|l'an|jusqu'à|peut-être|mid-|[^\W\d_]+\.?|[–—-]|=|/|\?|\S",
    re.IGNORECASE,
)
BRACKETS = str.maketrans("", "", "[]()")
GLUED = re.compile(r"(?<=\d)(?=[^\W\d_]{4,})")  # 11August 2022
DECADE = re.compile(r"(\d{3}0)(?:'?s|er|-е|-ті|-х)")
YEAR_OR_DAY = re.compile(r"(\d{1,4})(?:st|nd|rd|th|er|\.|º|-?го)?")
VAGUE, BOUNDS, ERAS = ("early", "middle", "late"), ("about", "before", "after"), ("AD", "BC")


class Prose:
    """A date in words; ``habits`` are those of its supplier (``when.Habits``)."""

    def __init__(self, text, habits):
        self.text, self.habits = text, habits
        plain = GLUED.sub(" ", text.casefold().replace("’", "'").translate(BRACKETS))
        pieces = TOKEN.findall(plain)
        signs = [self.sign(piece) for piece in pieces]
        if len(signs) > 1 and signs[0] == "to" and pieces[0].isalpha():
            signs[0] = "before"  # “bis 1900”, not “-500”
        self.tokens = settled([piece for piece in signs if piece not in ("nothing", ",", ".", ";", ":")])

    def sign(self, piece):
        """Return what a piece stands for: a sign, ("number", text), or the piece itself."""
        words, piece = self.habits.words, piece.replace(" ", "-")  # "до н.е." is one word
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
        if re.fullmatch(r"\d{5}", piece):
            raise Unclear(
                f"“{piece}” is no year; it may be how a spreadsheet program counts days.",
                "Let the program show the column as dates, and export it again.",
            )
        is_word = piece and piece not in self.habits.words.values()
        raise Unclear(
            f"The word “{piece}” is not known." if is_word else "It is not a date that can be read.", EXAMPLES
        )

    def whole(self, tokens):
        """Return the EDTF text of tokens that may be two dates with "to" or "or" between."""
        if tokens[0] == "from":
            tokens = ["to" if piece == "and" else piece for piece in tokens[1:]]
        tokens = [piece for piece in tokens if piece != "from"]  # 5 de mayo de 1900
        for between in ("to", "or", "/"):
            if between in tokens[1:-1]:
                place = tokens.index(between, 1)
                return self.two(tokens[:place], tokens[place + 1 :], between)
        return self.single(tokens)

    def two(self, first, last, between):
        if between == "or" and last[0] == "after":
            raise Unclear("It leaves the end open in words.", EXAMPLES)
        if first[-1] in (*VAGUE, "first", "second") and "century" in last:
            first = [*first, *[piece for piece in last if piece == "century" or counted(piece)]]
        if "BC" in last and not set(ERAS) & set(first):
            first = [*first, "BC"]
        if re.fullmatch(r"\d{4}", first[-1]) and len(last) == 1 and re.fullmatch(r"\d{2}", last[0]):
            last = [first[-1][:2] + last[0]]  # 1850/60
        return joined(self.single(first, last), self.single(last, first))

    def single(self, tokens, other=()):
        """Return the EDTF text of one date. ``other`` lends a century where only the other of two dates names it."""
        if not tokens:
            self.unknown()
        if tokens[0] in BOUNDS:
            return bounded(tokens[0], self.single(tokens[1:], other))
        if tokens[-1] in ("?", "about"):
            return bounded("about", self.single(tokens[:-1], other))
        if tokens[0] in VAGUE or (tokens[0] in PARTS and tokens[1:] and tokens[1] not in PARTS):
            return self.single(tokens[1:], other)
        if len(tokens) > 2 and tokens[1] in PARTS and (tokens[0] == "last" or counted(tokens[0])):
            return portion(
                tokens[0] if tokens[0] == "last" else counted(tokens[0]), tokens[1], self.single(tokens[2:], other)
            )
        return self.of_many_years(tokens, other) or self.calendar_date(tokens)

    def of_many_years(self, tokens, other):
        """Return the EDTF text of a century or decade; an empty one for anything else."""
        plain = [piece for piece in tokens if piece not in ERAS]
        ordinals = [counted(piece) for piece in plain if piece != "century" and counted(piece)]
        if len(ordinals) == 1 and (sorted(map(bool, map(counted, plain))) == [False, True] and "century" in plain):
            return century(ordinals[0], "BC" in tokens)
        if len(plain) == 1 and ordinals and "century" in other:
            return century(ordinals[0], "BC" in tokens)
        if len(plain) == 2 and plain[0] == "decade" and re.fullmatch(r"\d{3}0", plain[1]):
            return decade(plain[1])
        found = DECADE.fullmatch(plain[0]) if len(plain) == 1 else None
        return decade(found[1]) if found else ""

    def calendar_date(self, tokens):
        """Return a year, a month with its year, or a day."""
        in_era = bool(set(ERAS) & set(tokens))
        tokens = [{"first": "1", "second": "2"}.get(piece, piece) for piece in tokens if piece != "AD"]
        if "BC" in tokens and len(tokens) == 2:
            return astronomical(int(self.digits(next(piece for piece in tokens if piece != "BC"))))
        months = [int(piece.split()[1]) for piece in tokens if piece.startswith("month ")]
        rest = [piece for piece in tokens if not piece.startswith("month ")]
        if len(months) == 1 and 1 <= len(rest) <= 2:
            day = f"-{int(self.digits(rest[0])):02d}" if len(rest) == 2 else ""
            return f"{self.year(rest[-1], in_era)}-{months[0]:02d}{day}"
        if len(rest) == 1 and not months:
            return self.year(rest[0], in_era)
        for piece in tokens:
            if not piece[0].isdigit():
                self.unknown(piece)
        return self.unknown()

    def year(self, piece, in_era):
        """Return a year with four digits; of one with an era all are told."""
        digits = self.digits(piece)
        return f"{int(digits):04d}" if in_era else full_year(digits, self.habits.window)

    def digits(self, piece):
        """Return the digits of a year or day, ordinals without their ending. Raises: Unclear."""
        found = YEAR_OR_DAY.fullmatch(piece)
        if not found or (len(found[1]) == 4 and piece.endswith("er")):
            self.unknown(piece)
        return found[1]

    def of_two_calendars(self):
        """Return the date of a text with Hijri years, alone or beside ours, which must agree."""
        tokens = [piece for piece in self.tokens if piece not in ("=", "/")]
        marks = {piece for piece in tokens if piece in BOUNDS}
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
            self.digits(piece)
        if not eras and self.habits.calendar == "hijri" and len(numbers) == 1:
            eras = ["AH"]
        if len(eras) != len(numbers):
            self.unknown()
        for era, piece in zip(eras, numbers, strict=True):
            years[era].append(int(piece))
        return years


def settled(tokens):
    """Return ``tokens`` with “c.”, which is a century after its number and “about” before a year, as the one or the other."""
    found = []
    for place, piece in enumerate(tokens):
        if piece == "about" and found and counted(found[-1]):
            piece = "century"
        elif piece == "century" and place + 1 < len(tokens) and re.fullmatch(r"\d{3,4}", tokens[place + 1]):
            piece = "about"
        found.append(piece)
    return found
