"""Mappings: how the files of a supplier become records. Parsed from TOML and checked against ``schema``.

    names()                      those that come with the program and those made here
    mapping = load("quebec")     Raises: MappingFaulty
    mapping = parse(text)        Raises: MappingFaulty

``fitting`` says whether it fits a file, ``suggesting`` makes one from a file's columns.
"""

import difflib
import hashlib
import re
import tomllib
from functools import cached_property
from pathlib import Path

from heritage.intake import schema
from heritage.intake.checking import Checker, Rules, UsedChecker
from heritage.intake.file_names import shown
from heritage.intake.models import Mapping as StoredMapping
from heritage.intake.readers import Choices
from heritage.intake.when import Habits

OWN = Path(__file__).resolve().parent / "mappings"
NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
LONGEST = 500_000  # characters of a mapping
DEEP = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){20}")  # a key of many parts, which takes tomllib long


class MappingFaulty(Exception):
    """A mapping that cannot be used. ``faults``: sentences, each with the place in the file."""

    def __init__(self, faults):
        self.faults = list(faults)
        super().__init__(" ".join(self.faults))


class Mapping:
    """A mapping that keeps to the schema. Tables are attributes (``mapping.supplier.name``), lists of tables are lists.

    ``code`` is what it is called by; ``name`` are its rules for names.
    """

    def __init__(self, code, text, tables):
        self.code, self.text = code, text
        self.title = tables.get("title", "") or code
        for table, keys in schema.TABLES.items():
            setattr(self, table, Rules(tables.get(table, {}), keys, table))
        for table, keys in schema.LISTS.items():
            found = [Rules(one, keys, f"{table} {n}") for n, one in enumerate(tables.get(table, []), 1)]
            setattr(self, table, found)
        self.has_position = "position" in tables

    @property
    def digest(self):
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def choices(self):
        """What the mapping says about the file, for ``readers.open_table``."""
        file = self.file
        return Choices(file.format or "", file.encoding or "", file.delimiter or "", file.sheet or "", file.header)

    @cached_property
    def habits(self):
        """How its supplier writes dates."""
        rules = self.dates
        return Habits(
            tuple(rules.language), rules.calendar, rules.order or "", tuple(rules.window), tuple(rules.words.items())
        )

    def claims(self):
        """Yield (sort, number, rules) of every rule that makes claims."""
        for sort in schema.CLAIMS:
            for number, rules in enumerate(getattr(self, sort), 1):
                yield sort, number, rules


def names():
    """Return {name: title} of all mappings; one made here stands before one of the same name that comes with the program."""
    found = {path.stem: path.read_text() for path in sorted(OWN.glob("*.toml"))}
    found |= dict(StoredMapping.objects.values_list("name", "text"))
    return {name: title_of(text) or name for name, text in sorted(found.items())}


def title_of(text):
    try:
        return str(loads(text).get("title", ""))
    except MappingFaulty:
        return ""


def text_of(name):
    """Return the TOML text of the mapping called ``name``, never of a file elsewhere. Raises: MappingFaulty."""
    if NAME.fullmatch(name):
        stored = StoredMapping.objects.filter(name=name).first()
        if stored:
            return stored.text
        own = OWN / f"{name}.toml"
        if own.is_file():
            return own.read_text()
    near = difflib.get_close_matches(name[:100], names())
    hint = f" Do you mean “{near[0]}”?" if near else f" There are: {', '.join(names())}."
    raise MappingFaulty([f"There is no mapping “{shown(name)}”.{hint}"])


def text_at(name):
    """Return the text of the mapping called ``name`` or, if it ends in .toml, of the file there: for commands, whose user may
    read that file anyway. Raises: MappingFaulty.
    """
    given = Path(name)
    if NAME.fullmatch(name) or given.suffix != ".toml" or not given.is_file():
        return text_of(name)
    try:
        return given.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise MappingFaulty([f"The mapping {name} cannot be read: {fault}."]) from fault


def load(name):
    """Return the mapping called ``name``. Raises: MappingFaulty."""
    return parse(text_of(name), name)


def loads(text):
    """Return the tables of the TOML ``text``. Raises: MappingFaulty."""
    if len(text) > LONGEST:
        raise MappingFaulty([f"The mapping has {len(text):,} characters; at most {LONGEST:,} are taken."])
    if DEEP.search(text):
        raise MappingFaulty(["The mapping is no TOML that can be read: it has a key of more than 20 parts."])
    try:
        return tomllib.loads(text)
    except ValueError as fault:  # a number with thousands of digits is no TOMLDecodeError
        raise MappingFaulty([f"The mapping is no TOML: {fault}."]) from fault
    except RecursionError:
        raise MappingFaulty(["The mapping is no TOML that can be read: its brackets are nested too deeply."]) from None


def parse(text, name="mapping"):
    """Return the ``Mapping`` that the TOML ``text`` declares. Raises: MappingFaulty."""
    return checked(text, name, Checker())


def parse_used(text, name="mapping"):
    """Return the ``Mapping`` by which something was planned before, to look up what it says of the supplier. No file may be
    read by it: names of files and patterns, which earlier versions took otherwise, are not checked. Raises: MappingFaulty.
    """
    return checked(text, name, UsedChecker())


def checked(text, name, check):
    tables = check.whole(loads(text))
    if check.faults:
        raise MappingFaulty(check.faults)
    return Mapping(name, text, tables)
