"""Values of a PDF that a copy for readers may take over: numbers, and names out of known lists. No Django.

Source: ISO 32000-2.
"""

from decimal import Decimal

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, StreamDecodeLevel

from heritage.archive.pictures import Uncleansed

LOSSY = {"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"}
BROKEN = "the document is damaged; open it and save it as a PDF again"


class Copy:
    """The document that is made, and what of the old one is in it already."""

    def __init__(self, old):
        self.old, self.new = old, pikepdf.new()
        self.made = {}

    def once(self, kind, thing, make):
        """Return what ``make()`` gives for the ``thing`` of the old document, the same each time. Raises: Uncleansed."""
        key = kind, thing.objgen if isinstance(thing, pikepdf.Object) else (0, 0)
        if key[1] == (0, 0):
            return make()
        if key not in self.made:
            self.made[key] = None
            self.made[key] = make()
        if self.made[key] is None:
            raise Uncleansed("a part of the document holds itself")
        return self.made[key]

    def stream(self, content, **entries):
        """Return a new indirect stream."""
        made = Stream(self.new, content)
        for name, value in entries.items():
            made[f"/{name}"] = value
        return self.new.make_indirect(made)


def is_number(value):
    return isinstance(value, int | Decimal | float) and not isinstance(value, bool)


def number(value):
    """Return a number. Raises: Uncleansed."""
    if not is_number(value):
        raise Uncleansed(BROKEN)
    return value


def numbers(value, least=0, most=1_000_000):
    """Return an array of numbers. Raises: Uncleansed."""
    if not isinstance(value, Array) or not least <= len(value) <= most:
        raise Uncleansed(BROKEN)
    return Array([number(one) for one in value])


def nested_numbers(value, depth=2):
    """Return an array of numbers and arrays of numbers. Raises: Uncleansed."""
    if not isinstance(value, Array) or not depth:
        raise Uncleansed(BROKEN)
    return Array([number(one) if is_number(one) else nested_numbers(one, depth - 1) for one in value])


def boolean(value):
    if not isinstance(value, bool):
        raise Uncleansed(BROKEN)
    return value


def booleans(value):
    if not isinstance(value, Array):
        raise Uncleansed(BROKEN)
    return Array([boolean(one) for one in value])


def one_of(*names):
    """Return a rule that lets only these names through. Raises: Uncleansed."""

    def rule(value):
        if not isinstance(value, Name) or str(value)[1:] not in names:
            raise Uncleansed(f"it has a value that is not understood (one of {', '.join(names)[:80]} was expected)")
        return Name(str(value))

    return rule


def taken(old, rules, new=None):
    """Return a dictionary of what ``rules`` (entry → rule) let through of ``old``; other entries are left behind."""
    new = Dictionary() if new is None else new
    for entry, rule in rules.items():
        value = old.get(f"/{entry}")
        if value is not None:
            new[f"/{entry}"] = rule(value)
    return new


def filters(stream):
    """Return the names of the filters of a stream, with the parameters of each."""
    names, given = stream.get("/Filter"), stream.get("/DecodeParms")
    names = [names] if isinstance(names, Name) else list(names or [])
    given = list(given) if isinstance(given, Array) else [given, *[None] * len(names)][: len(names)]
    if not all(isinstance(one, Name) for one in names) or len(given) != len(names):
        raise Uncleansed(BROKEN)
    return [str(one) for one in names], given


def unpacked(old, stream):
    """Return (bytes, name of the lossy filter that is left or ""). Raises: Uncleansed."""
    if not isinstance(stream, Stream):
        raise Uncleansed(BROKEN)
    if "/F" in stream:
        raise Uncleansed("a part of it lies in another file")
    names, given = filters(stream)
    if any(name in LOSSY for name in names[:-1]) or "/Crypt" in names:
        raise Uncleansed("a part of it is packed in a way that is not understood")
    if not names or names[-1] not in LOSSY:
        return stream.read_bytes(StreamDecodeLevel.specialized), ""
    content = stream.read_raw_bytes()
    if names[1:]:
        inner = Stream(old, content)
        inner["/Filter"] = Array([Name(name) for name in names[:-1]])
        inner["/DecodeParms"] = Array(given[:-1])
        content = inner.read_bytes(StreamDecodeLevel.specialized)
    return content, names[-1]


def plain_bytes(old, stream):
    """Return the bytes of a stream that no lossy filter packs. Raises: Uncleansed."""
    content, left = unpacked(old, stream)
    if left:
        raise Uncleansed(BROKEN)
    return content
