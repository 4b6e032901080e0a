"""Positions as people write them, in degrees of WGS 84: decimals, degrees with minutes and seconds, two in one cell. Pure Python."""

import re
from decimal import Decimal

from heritage.intake.cells import DIGITS, Unclear, number

PARTS = re.compile(
    r"""^\s*(?P<sign>[+-]?)\s*(?P<before>[^\W\d_]*)\.?\s*
    (?P<deg>\d+(?:[.,]\d+)?)\s*(?:°|º|˚|d|deg|г|\s|$)\s*
    (?:(?P<min>\d+(?:[.,]\d+)?)\s*(?:'|′|’|‘|´|`|m|min|м|$|\s)\s*)?
    (?:(?P<sec>\d+(?:[.,]\d+)?)\s*(?:"|″|”|“|''|′′|’’|sec|$)?\s*)?
    (?P<after>[^\W\d_]*)\.?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
SIDES = {
    "latitude": {"n": 1, "s": -1, "с": 1, "пн": 1, "сш": 1, "пнш": 1, "ю": -1, "юш": -1, "пд": -1, "пдш": -1, "north": 1, "south": -1, "nord": 1, "sud": -1, "süd": -1},
    "longitude": {
        **{"e": 1, "w": -1, "в": 1, "вд": 1, "сх": 1, "сд": 1, "схд": 1, "з": -1, "зх": -1, "зд": -1, "зхд": -1},
        **{"east": 1, "west": -1, "est": 1, "ouest": -1, "ost": 1, "leste": 1, "este": 1, "oeste": -1, "ovest": -1},
    },
}  # fmt: skip
EITHER = {"o": "It may be east (Ost) or west (ouest, oeste, ovest)."}
APART = re.compile(r"(\d{1,3})\s*[-:]\s*(\d{1,2})\s*[-:]\s*(\d{1,2}(?:[.,]\d+)?)")  # 49-17-44, 49:17:44
POINTS = re.compile(r"(?<=[^\W\d_])\.\s*(?=[^\W\d_]|$)")  # в. д.
MOST = {"latitude": 90, "longitude": 180}
NUMERAL = re.compile(r"[-+]?\d+[.,]?\d*")
LONGEST = 200  # characters of a cell with a position
SIXTH = Decimal("0.000001")


def degrees(text, which, comma=None, sides=None):
    """Return the ``which`` ("latitude" or "longitude") that ``text`` writes, in degrees. Raises: Unclear.

    ``sides``: further letters of the sides of the world and what they stand for, {"O": "W"}.
    """
    refuse_long(text)
    plain = text.strip().translate(DIGITS).replace("−", "-").replace("\u00a0", " ")
    if not NUMERAL.fullmatch(plain):
        plain = POINTS.sub("", APART.sub(r"\1 \2 \3", plain))
    found = PARTS.match(plain)
    if found is None or (not found["min"] and not found["before"] and not found["after"] and "°" not in plain):
        value = number(plain, comma)
    else:
        value = sexagesimal(found, which, sides or {})
    if abs(value) > MOST[which]:
        raise Unclear(out_of_range(value, which), out_of_range_mend(value))
    return value


def refuse_long(text):
    """Raise Unclear for a text that is longer than any position: reading it would take long."""
    if len(text) > LONGEST:
        raise Unclear(f"It is too long for a position: {len(text):,} characters.", "Write degrees, such as 49.2956.")


def out_of_range(value, which):
    return f"A {which} lies between −{MOST[which]} and {MOST[which]} degrees, this is {value:g}."


def out_of_range_mend(value):
    if abs(value) > 1000:
        return "It looks like metres of a projected system. Export the file in WGS 84 (EPSG:4326)."
    return "Are latitude and longitude exchanged? Say so in the mapping, or mend the cell."


def sexagesimal(found, which, sides):
    """Return the decimal degrees of matched ``PARTS``. Raises: Unclear."""
    whole, minutes, seconds = (float((found[part] or "0").replace(",", ".")) for part in ("deg", "min", "sec"))
    if minutes >= 60 or seconds >= 60:
        raise Unclear("Minutes and seconds are below 60.", "Check the degrees, minutes and seconds.")
    value = whole + minutes / 60 + seconds / 3600
    side = (found["before"] or found["after"] or "").lower()
    if not side:
        return -value if found["sign"] == "-" else value
    side = {given.lower(): meant.lower() for given, meant in sides.items()}.get(side, side)
    if side in EITHER:
        raise Unclear(
            f"“{side.upper()}” is said of both sides. {EITHER[side]}",
            f'Say which in the mapping: position.sides = {{ "{side.upper()}" = "W" }}.',
        )
    if side not in SIDES[which]:
        other = "longitude" if which == "latitude" else "latitude"
        is_other = side in SIDES[other]
        raise Unclear(
            f"“{side.upper()}” is no side of a {which}.",
            f"It is a {other}: are the two columns exchanged?"
            if is_other
            else f'Write N, S, E or W, or say what it means: position.sides = {{ "{side.upper()}" = "E" }}.',
        )
    return value * SIDES[which][side]


def pair(text, order="latitude longitude", comma=None, sides=None):
    """Return (latitude, longitude) of one cell that holds both, in ``order``. Raises: Unclear."""
    refuse_long(text)
    parts = halves(text.strip().strip("()[]").strip())
    if len(parts) != 2:
        raise Unclear("It does not hold two numbers.", "Write latitude and longitude with a semicolon between.")
    first, second = order.split()
    values = {
        first: degrees(parts[0], first, comma, sides),
        second: degrees(parts[1], second, comma, sides),
    }
    return values["latitude"], values["longitude"]


def halves(text):
    """Return the two halves of a cell with a position."""
    for sign in (";", "|", "/"):
        if text.count(sign) == 1:
            return text.split(sign)
    if text.count(",") == 1:
        return text.split(",")
    if text.count(", ") == 1:
        return text.split(", ")
    sides = re.fullmatch(r"(.*?[NSns])[\s,]+(.*[EWOewo])|([NSns].*?)[\s,]+([EWOewo].*)", text)
    if sides:
        return [part for part in sides.groups() if part]
    return text.split()


def six(value):
    """Return degrees with six decimals, as the register keeps them."""
    return Decimal(repr(value)).quantize(SIXTH)
