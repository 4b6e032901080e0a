"""What a cell says: nothing, a text, a list of texts, a number. Pure Python."""

import json
import re


class Unclear(ValueError):
    """A cell that cannot be taken as it stands: the ``reason``, and how to ``mend`` it."""

    def __init__(self, reason, mend=""):
        self.reason, self.mend = reason, mend
        super().__init__(f"{reason} {mend}".strip())


BREAKS = re.compile(r"(?<![ \t])[ \t]*+(?:\r\n|\r|\n|\u2028|\u2029)\s*+")
LONGEST_NUMBER = 100  # characters of a cell that is a number or a share
DIGITS = {
    ord(digit): str(value) for zero in "٠۰०" for value, digit in enumerate(map(chr, range(ord(zero), ord(zero) + 10)))
}
GROUPED = re.compile(r"[+-]?\d{1,3}([  .,'’\u202f]\d{3})+([.,]\d+)?")
HALF = re.compile("[\0\ud800-\udfff]")  # what JSON can write and no database takes
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


def one_line(text):
    """Return ``text`` on one line: breaks become blanks, blanks at the ends go; blanks inside stay as they are."""
    text = text.strip()
    return BREAKS.sub(" ", text) if "\n" in text or "\r" in text or "\u2028" in text or "\u2029" in text else text


def several(text, separator):
    """Return the parts of a cell that lists several values, blanks around them cut; empty ones keep their place.

    ``separator``: a sign or word; "JSON" for a list in JSON; a separator inside brackets parts nothing. Raises: Unclear.
    """
    if separator == "JSON":
        return from_json(text)
    if not separator:
        return [text.strip()]
    if "(" not in text or separator not in text:
        return [part.strip() for part in text.split(separator.strip() or separator)]
    parts, depth, start, step = [], 0, 0, len(separator)
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")" and depth > 0)
        if not depth and place >= start and text.startswith(separator, place):
            parts.append(text[start:place])
            start = place + step
    return [part.strip() for part in [*parts, text[start:]]]


def from_json(text):
    try:
        value = json.loads(text)
        value = value if isinstance(value, list) else [value]
        parts = [part.strip() if isinstance(part, str) else json.dumps(part, ensure_ascii=False) for part in value]
    except (ValueError, RecursionError) as fault:
        told = fault if isinstance(fault, ValueError) else "it is nested too deeply"
        raise Unclear(f"“{text[:40]}” is no list in JSON ({told}).", 'Write ["one", "another"].') from fault
    return [HALF.sub("\ufffd", part) for part in parts]


def number(text, comma=None):
    """Return the number that ``text`` writes. ``comma``: True where the comma is the decimal sign, False where the point is.

    Without it a single sign is taken for the decimal sign, and numbers with groups of thousands are refused.
    Raises: Unclear.
    """
    if len(text) > LONGEST_NUMBER:
        raise Unclear("It is too long for a number.", "Write digits, such as 49.2956.")
    plain = text.strip().translate(DIGITS).replace("−", "-").replace("\u00a0", " ").replace("٫", ",")
    if comma is not None:
        sign, group = (",", ".") if comma else (".", ",")
        if GROUPED.fullmatch(plain) and group in plain:
            plain = plain.replace(group, "")
        if group in plain:
            raise Unclear(f"“{group}” is not the decimal sign that the mapping names.", f"Write it with “{sign}”.")
        plain = plain.replace(" ", "")
    if not NUMBER.fullmatch(plain):
        raise Unclear(
            "It is not a number.", "Write digits, such as 49.2956; words that mean nothing is said go into file.empty."
        )
    return float(plain.replace(",", "."))


def percent(text):
    """Return (least, most) of a share such as “31-60%”, “>90 %” or “50%”. Raises: Unclear."""
    if len(text) > LONGEST_NUMBER:
        raise Unclear("It is too long for a share.", "Write it as 31-60%.")
    found = [int(part) for part in re.findall(r"\d+", text.translate(DIGITS))]
    if len(found) == 1:
        least, most = found[0], found[0]
        if text.strip()[0] in ">≥":
            most = 100
        elif text.strip()[0] in "<≤":
            least = 0
    elif len(found) == 2 and found[0] <= found[1]:
        least, most = found
    else:
        raise Unclear("It is not a share.", "Write it as 31-60%.")
    if most > 100:
        raise Unclear("A share is at most 100 per cent.", "Write it as 31-60%.")
    return least, most
