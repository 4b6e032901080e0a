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
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Formatter

from heritage.intake import schema
from heritage.intake.cells import Unclear
from heritage.intake.file_names import shown, why_not_plain
from heritage.intake.models import Mapping as StoredMapping
from heritage.intake.patterns import PatternFaulty, pattern
from heritage.intake.readers import Choices
from heritage.intake.when import Habits

OWN = Path(__file__).resolve().parent / "mappings"
NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
LONGEST = 500_000  # characters of a mapping
GREATEST = 1_000_000  # of whole numbers: metres, and rows above the header
LAST_YEAR = 9999


class MappingFaulty(Exception):
    """A mapping that cannot be used. ``faults``: sentences, each with the place in the file."""

    def __init__(self, faults):
        self.faults = list(faults)
        super().__init__(" ".join(self.faults))


class Rules(dict):
    """One table of a mapping: its keys are attributes, those left out have their defaults. ``where``: its place in the file."""

    def __init__(self, values, keys, where):
        super().__init__({name: values.get(name, key.default) for name, key in keys.items()})
        self.where = where
        for name, key in keys.items():
            if key.kind == "pick" and isinstance(self[name], str):  # the same code for all rows
                self[name] = Rules({"without": self[name]}, schema.PICK, f"{where} {name}")
        self.__dict__.update(self)


@dataclass(frozen=True)
class Template:
    """A text with columns in it. ``parts``: texts and tuples of alternative columns."""

    source: str
    parts: tuple

    @classmethod
    def of(cls, source):
        """Raises: Unclear."""
        try:
            pieces = list(Formatter().parse(source))
        except ValueError as fault:
            raise Unclear(
                f"“{source}” has a brace out of place.", "Write {{ and }} for braces that are meant."
            ) from fault
        parts = []
        for literal, column, form, turn in pieces:
            if form or turn:
                column = f"{column}{'!' + turn if turn else ''}{':' + form if form else ''}"
            parts += [literal] if literal else []
            parts += [tuple(name.strip() for name in column.split("|"))] if column is not None else []
        return cls(source, tuple(parts))

    @property
    def columns(self):
        return [part for part in self.parts if isinstance(part, tuple)]


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


class Checker:
    """Turns what TOML gives into what the schema says; ``faults`` are sentences about what does not fit."""

    def __init__(self):
        self.faults = []

    def whole(self, given):
        known = {**schema.TOP, **schema.TABLES, **schema.LISTS}
        self.unknown(given, known, "the mapping")
        tables = {}
        for name in schema.NEEDED:
            if name not in given:
                self.faults.append(f"The table [{name}] is missing.")
        for name, value in given.items():
            if name in schema.TABLES:
                tables[name] = self.table(value, schema.TABLES[name], f"[{name}]")
            elif name in schema.LISTS:
                tables[name] = self.listed(value, name)
            elif name in schema.TOP:
                tables[name] = self.value(value, schema.TOP[name], name)
        self.numbered(tables)
        return tables

    def numbered(self, tables):
        scheme = (tables.get("identifier") or {}).get("scheme")
        for n, rules in enumerate(tables.get("number", []), 1):
            if scheme and rules.get("scheme") == scheme:
                self.faults.append(f"[[number]] {n} has the scheme of [identifier]; it is for numbers of other lists.")

    def listed(self, value, name):
        if not isinstance(value, list):
            self.faults.append(f"[{name}] may be there several times; write [[{name}]].")
            return []
        return [self.table(one, schema.LISTS[name], f"[[{name}]] {n}") for n, one in enumerate(value, 1)]

    def unknown(self, given, known, where):
        for name in given:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"do you mean “{near[0]}”?" if near else f"it can have: {', '.join(known)}."
                self.faults.append(f"{where} has “{name}”, which is not known; {hint}")

    def table(self, given, keys, where):
        if not isinstance(given, dict):
            self.faults.append(f"{where} must be a table.")
            return {}
        self.unknown(given, keys, where)
        for name, key in keys.items():
            if key.needed and name not in given:
                self.faults.append(f"{where} lacks “{name}”{f': {key.says}' if key.says else ''}.")
        return {name: self.value(value, keys[name], f"{where} {name}") for name, value in given.items() if name in keys}

    def value(self, value, key, where):
        turned = getattr(self, f"as_{key.kind}")(value, where)
        if key.choices and turned is not None and turned not in key.choices:
            choices = ", ".join(choice for choice in key.choices if choice)
            self.faults.append(f"{where} is “{turned}”; it can be: {choices}.")
        return turned

    def wrong(self, where, wanted):
        self.faults.append(f"{where} must be {wanted}.")

    def as_text(self, value, where):
        return value if isinstance(value, str) else self.wrong(where, "a text in quotation marks")

    def as_flag(self, value, where):
        return value if isinstance(value, bool) else self.wrong(where, "true or false")

    def as_whole(self, value, where):
        ok = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= GREATEST
        return value if ok else self.wrong(where, f"a whole number up to {GREATEST:,}")

    def as_row(self, value, where):
        ok = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= GREATEST
        return value if ok else self.wrong(where, f"the number of a row, from 1 to {GREATEST:,}")

    def as_texts(self, value, where):
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            return self.wrong(where, "a text or a list of texts")
        return tuple(listed)

    def as_columns(self, value, where):
        listed = self.as_texts(value, where)
        return listed and tuple(one.strip() for one in listed)

    def as_window(self, value, where):
        ok = isinstance(value, list) and len(value) == 2 and all(type(one) is int for one in value)
        ok = ok and 0 <= value[0] <= value[1] <= LAST_YEAR
        return tuple(value) if ok else self.wrong(where, "two years, such as [1950, 2049]")

    def as_words(self, value, where):
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            return self.wrong(where, 'a table such as { "Good" = "intact" }')
        return value

    def as_tongue(self, value, where):
        if isinstance(value, dict):
            return self.as_words(value, where)
        return self.as_text(value, where)

    def as_template(self, value, where):
        listed = self.as_texts(value, where)
        try:
            return listed and tuple(Template.of(one) for one in listed)
        except Unclear as fault:
            return self.wrong(where, f"a text with columns in braces: {fault}")

    def as_parting(self, value, where):
        text = self.as_text(value, where)
        made = self.made(text, where)
        if made and "title" not in made.names:
            self.faults.append(f"{where} needs a group named title, such as '(?P<title>.*?), (?P<locator>p\\..*)'.")
        return text

    def as_pick(self, value, where):
        if isinstance(value, str):
            return value
        table = self.table(value, schema.PICK, where)
        if table and not (table.get("column") or table.get("text") or table.get("without")):
            self.faults.append(f"{where} lacks “column”.")
        return Rules(table, schema.PICK, where)

    def as_date(self, value, where):
        if isinstance(value, str):
            value = {"column": value}
        return Rules(self.table(value, schema.DATE, where), schema.DATE, where)

    def as_pattern(self, value, where):
        text = self.as_text(value, where)
        made = self.made(text, where)
        if made and made.groups != 1:
            self.faults.append(f"{where} needs one group in brackets, such as 'id=(\\d+)'.")
        return text

    def made(self, text, where):
        """Return the ``Pattern`` of a text; None for an empty one and for what is not taken, which is noted."""
        try:
            return pattern(text) if text else None
        except PatternFaulty as fault:
            self.faults.append(f"{where} is no regular expression that can be used: {fault}.")
            return None

    def as_file(self, value, where):
        text = self.as_text(value, where)
        if text is not None and (wrong := why_not_plain(text)):
            told = f"{where} is “{shown(text)}”, which is no plain name of a file. {wrong}"
            self.faults.append(f"{told} Give the name of a file that lies beside the list, such as states.csv.")
        return text


class UsedChecker(Checker):
    """Takes the names of files and the patterns of a mapping as they are."""

    def as_pattern(self, value, where):
        return self.as_text(value, where)

    as_parting = as_file = as_pattern
