"""Centuries, their parts, years of two digits and what “about”, “before” and “after” make of a date. Pure Python."""

import re

from heritage.intake.cells import Unclear
from heritage.registry import dates

EXAMPLES = "Write 1804, 1804-05-09, 1804/1860 or words that the mapping knows; those that mean nothing is said go into file.empty."
ENDING = r"(?:st|nd|rd|th|er|re|e|è|ème|º|ª|\.|-?(?:й|го|ша|га|тя|та|я|е|ті))?"
ORDINAL = re.compile(rf"(\d{{1,2}}){ENDING}")
ROMAN = re.compile(r"(x{0,2})(ix|iv|v?i{0,3})(er|e|ème|-?й|-го)?", re.IGNORECASE)
LETTERS_ALIKE = str.maketrans("хі", "xi")  # Roman numerals are often typed with Cyrillic letters
PARTS = {"half": 2, "third": 3, "quarter": 4}
COUNTED = {"first": 1, "second": 2, "third": 3, "fourth": 4, "quarter": 4}


def checked(text):
    try:
        return dates.parse(text).edtf
    except dates.DateError as fault:
        raise Unclear(str(fault), EXAMPLES) from fault


def joined(start, end):
    """Return the EDTF text of what began at ``start`` and ended at ``end``, both EDTF texts or empty. Raises: Unclear."""
    if not (start and end) or start == end:
        return start or end
    first, last = start.partition("/")[0], end.rpartition("/")[2]
    return checked(".." if first == last == ".." else f"{first}/{last}")


def full_year(year, window):
    """Return a year with four digits. Raises: Unclear for one of two without a ``window``, its first and last year."""
    if len(year) > 2:
        return f"{int(year):04d}"
    if not window:
        raise Unclear(
            f"The year “{year}” has two digits; its century is not known.",
            "Give the mapping a window: dates.window = [1950, 2049].",
        )
    first, last = window
    fitting = [one for one in range(first, last + 1) if one % 100 == int(year)]
    if len(fitting) != 1:
        raise Unclear(f"No single year from {first} to {last} ends in {year}.", "Choose a window of a hundred years.")
    return f"{fitting[0]:04d}"


def roman(piece):
    """Return the number that a Roman numeral up to 29 writes, in Latin or Cyrillic letters; 0 for anything else."""
    found = ROMAN.fullmatch(piece.translate(LETTERS_ALIKE)) if piece else None
    if not found:
        return 0
    low = found[2].lower()
    return len(found[1]) * 10 + {"ix": 9, "iv": 4}.get(low, 5 * low.count("v") + low.count("i"))


def counted(piece):
    """Return the number of an ordinal, a sign, in digits or Roman; 0 for anything else."""
    found = ORDINAL.fullmatch(piece)
    return COUNTED.get(piece) or (int(found[1]) if found else roman(piece))


def century(which, is_before_christ=False):
    """Return the EDTF text of a century by its number, from 1. Raises: Unclear."""
    if not 1 <= which <= (40 if is_before_christ else 21):
        raise Unclear("There is no such century.", EXAMPLES)
    if is_before_christ:
        return f"{astronomical(which * 100)}/{astronomical(which * 100 - 99)}"
    return f"{which - 1:02d}XX"


def astronomical(year):
    """Return a year before Christ as EDTF counts them: 1 BC is the year 0."""
    return f"-{year - 1:04d}" if year > 1 else "0000"


def decade(first_year):
    """Return the EDTF text of “1930s”. Raises: Unclear for “1900s”, which may be ten years or a hundred."""
    if first_year[2:] == "00":
        raise Unclear(
            f"It may be the ten years from {first_year} or the hundred.",
            f"Write {first_year[:3]}X or {first_year[:2]}XX.",
        )
    return f"{first_year[:3]}X"


def portion(which, part, text):
    """Return the EDTF text of a half, third or quarter of a century; ``which``: a number from 1 or "last". Raises: Unclear."""
    parts = PARTS[part]
    which = parts if which == "last" else which
    if not re.fullmatch(r"\d\dXX", text) or not 1 <= which <= parts:
        raise Unclear("Only a century after Christ has halves, thirds or quarters, counted from the first.", EXAMPLES)
    first = int(text[:2]) * 100
    start, end = first + round(100 * (which - 1) / parts), first + round(100 * which / parts) - 1
    return f"{start:04d}/{end:04d}"


def bounded(sign, text):
    """Return a date with “about”, “before” or “after” in front."""
    if sign == "before":
        return f"../{dates.iso(dates.parse(text).hi)}" if "X" in text else f"../{text.rpartition('/')[2]}"
    if sign == "after":
        return f"{dates.iso(dates.parse(text).lo)}/.." if "X" in text else f"{text.partition('/')[0]}/.."
    if "X" in text or text[-1] in "~.":
        return text
    return "/".join(part if part == ".." else f"{part}~" for part in text.split("/"))
