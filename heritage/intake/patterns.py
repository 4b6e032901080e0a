r"""Regular expressions that people write into mappings. They run on RE2: the time grows with the text, never faster. No Django here.

    found = pattern(r"id=(\d+)").search(text)       Raises: PatternFaulty

They mean what they mean in Python: digits, letters and blanks (``\d``, ``\w``, ``\s``) are those of every script. What RE2
does not have, or would take for something else, is refused with what to write instead.
Source: https://github.com/google/re2/wiki/Syntax; Python's ``re``.
"""

import re
import sys
from functools import lru_cache

import re2

LONGEST = 1_000  # characters of a pattern
LARGEST = 20_000  # instructions that RE2 makes of it
STEPS = 4_000_000  # instructions times characters: a tenth of a second at worst
LETTERS = r"\p{L}\p{N}_"
BLANKS = r"\t\n\x0b\f\r\x1c-\x1f\x{85}\p{Z}"
CLASSES = {"d": r"\p{Nd}", "w": LETTERS, "s": BLANKS}
LITERAL = {"a", "f", "n", "r", "t", "v", "A", "z"}
FLAGS = re.compile(r"\(\?[ims]*(?:-[ims]+)?[:)]")
NAMED = re.compile(r"\(\?P?<[^\W\d]\w*>")
CODE = re.compile(r"\\x([0-9A-Fa-f]{2})|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
PROPERTY = re.compile(r"\\[pP](?:[A-Z]|\{\^?[A-Za-z_]+\})")
UP_TO = re.compile(r"\{,\d+\}")
#: What a bracket with a question mark begins, and what to write instead.
REFUSED = {
    "(?=": "it looks ahead; write what follows behind the group, such as '(\\d+)(?: m)'",
    "(?!": "it looks ahead; name the signs that may follow, such as '(\\d+)(?:[^\\d]|$)'",
    "(?<=": "it looks behind; write what stands in front of the group, such as 'id=(\\d+)'",
    "(?<!": "it looks behind; name the signs that may stand in front, such as '(?:^|[^\\d])(\\d+)'",
    "(?P=": "it refers to a group; write out what it stands for",
    "(?>": "it is an atomic group; write (?:…), which takes no longer here",
    "(?(": "it asks whether a group was found; write both ways out with | between",
    "(?#": "it is a comment; write a line that begins with # above the key",
}


class PatternFaulty(ValueError):
    """A pattern that is not taken; the message says why and what to write instead."""


class Pattern:
    """A pattern made ready. Texts that are too long for it are not looked at: nothing is found in them."""

    def __init__(self, text):
        options = re2.Options()
        options.log_errors = False
        try:
            self.made = re2.compile(translated(text), options)
        except re2.error as fault:
            raise PatternFaulty(in_words(fault)) from fault
        if self.made.programsize > LARGEST:
            raise PatternFaulty("it repeats too much; lower the numbers in braces")
        self.groups, self.names = self.made.groups, frozenset(self.made.groupindex)
        self.longest = STEPS // max(self.made.programsize, 1)

    def search(self, text):
        """Return the first match anywhere in ``text``, or None."""
        return self.made.search(text) if self.takes(text) else None

    def fullmatch(self, text):
        """Return the match of the whole of ``text``, or None."""
        return self.made.fullmatch(text) if self.takes(text) else None

    def takes(self, text):
        return len(text) <= self.longest and not any("\ud800" <= sign <= "\udfff" for sign in text)


@lru_cache(maxsize=100)
def pattern(text):
    """Return the ``Pattern`` that ``text`` writes. Raises: PatternFaulty."""
    return Pattern(text)


def in_words(fault):
    """Return what RE2 says of a pattern, in words."""
    told = fault.args[0] if fault.args else ""
    told = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    if "too large" in told or "repetition size" in told:
        return "it repeats too much; lower the numbers in braces"
    if "bad repetition operator" in told:
        return f"{told}; one of the signs * + ? follows another, write one of them"
    return told


def translated(text):
    """Return a pattern of Python's as RE2 has it. Raises: PatternFaulty."""
    if len(text) > LONGEST:
        raise PatternFaulty(f"it has {len(text):,} characters; at most {LONGEST:,} are taken")
    if any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in text):
        raise PatternFaulty("it has a sign that is no text")
    parts, place = [], 0
    while place < len(text):
        part, place = one_part(text, place)
        parts.append(part)
    return "".join(parts)


def one_part(text, place):
    """Return (the part of a pattern that begins at ``place`` as RE2 has it, where the next begins). Raises: PatternFaulty."""
    sign = text[place]
    if sign == "\\":
        return escaped(text, place)
    if sign == "[":
        return bracketed(text, place)
    if sign == "{" and (found := UP_TO.match(text, place)):
        return found[0].replace("{,", "{0,"), found.end()
    if text.startswith("(?", place):
        return opened(text, place)
    return sign, place + 1


def opened(text, place):
    """Return the beginning of a group that is more than a bracket. Raises: PatternFaulty."""
    found = FLAGS.match(text, place) or NAMED.match(text, place)
    if found:
        return found[0], found.end()
    for beginning, why in REFUSED.items():
        if text.startswith(beginning, place):
            raise PatternFaulty(f"“{beginning}” is not taken: {why}")
    raise PatternFaulty(f"“{text[place : place + 4]}” is not taken: after (? come :, P<name> or the flags i, m and s")


def escaped(text, place, in_class=False):
    """Return the sign after a backslash as RE2 has it, and where the next part begins. Raises: PatternFaulty."""
    sign = text[place + 1 : place + 2]
    for form in (CODE, PROPERTY):
        if found := form.match(text, place):
            return code_of(found) if form is CODE else found[0], found.end()
    if sign.lower() in CLASSES:
        return (class_inside if in_class else class_outside)(sign), place + 2
    if sign == "Z" and not in_class:
        return r"\z", place + 2
    if sign == "b" and in_class:
        return r"\x08", place + 2
    if sign in LITERAL or sign == "0":
        return f"\\{sign}", place + 2
    if sign in ("b", "B"):
        why = r"write what may stand there, such as (?:^|\W) in front or (?:\W|$) behind"
        raise PatternFaulty(f"“\\{sign}” (the edge of a word) is not taken: {why}")
    if sign.isdigit():
        raise PatternFaulty(f"“\\{sign}” is not taken: it refers to a group; write out what it stands for")
    if not sign or (sign.isascii() and sign.isalnum()):
        raise PatternFaulty(f"“\\{sign}” is not taken: a sign that means itself is written without the backslash")
    return f"\\{sign}" if sign.isascii() else sign, place + 2


def code_of(found):
    """Return a sign that was written as its number. Raises: PatternFaulty."""
    number = int(found[1] or found[2] or found[3], 16)
    if number > sys.maxunicode or 0xD800 <= number <= 0xDFFF:
        raise PatternFaulty(f"“{found[0]}” is not taken: there is no such sign")
    return f"\\x{{{number:x}}}"


def class_outside(sign):
    return f"[{'^' if sign.isupper() else ''}{CLASSES[sign.lower()]}]"


def class_inside(sign):
    if sign == "D":
        return r"\P{Nd}"
    return without(sign) if sign.isupper() else CLASSES[sign]


def bracketed(text, place):
    """Return a class in square brackets as RE2 has it, and where the next part begins. Raises: PatternFaulty."""
    is_negated = text.startswith("^", place + 1)
    parts, begun = ["[^" if is_negated else "["], place + 1 + is_negated
    place = begun
    while place < len(text) and (text[place] != "]" or place == begun):
        if text[place] == "\\":
            part, place = escaped(text, place, in_class=True)
        else:
            part, place = (f"\\{text[place]}" if text[place] in "[]" else text[place]), place + 1
        parts.append(part)
    if place >= len(text):
        raise PatternFaulty("a square bracket is not closed; write \\[ for one that is meant")
    return "".join([*parts, "]"]), place + 1


@lru_cache(maxsize=2)
def without(sign):
    r"""Return all signs but those of ``\w`` or ``\s`` as ranges, for inside a class, where RE2 cannot say it otherwise."""
    found = re.finditer(rf"\{sign}+", "".join(map(chr, [*range(0xD800), *range(0xE000, sys.maxunicode + 1)])))
    return "".join(part for run in found for part in ranges(ord(run[0][0]), ord(run[0][-1])))


def ranges(first, last):
    """Yield the range as RE2 writes it, in two where the half letters of UTF-16 lie inside."""
    if first < 0xD800 and last > 0xDFFF:
        yield from (f"\\x{{{first:x}}}-\\x{{d7ff}}", f"\\x{{e000}}-\\x{{{last:x}}}")
    else:
        yield f"\\x{{{first:x}}}-\\x{{{last:x}}}"
