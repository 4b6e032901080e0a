"""What TOML gives, checked against ``schema`` and made ready: tables as ``Rules``, texts with columns as ``Template``."""

from dataclasses import dataclass
from string import Formatter

from heritage.intake import schema
from heritage.intake.cells import Unclear
from heritage.intake.file_names import shown, why_not_plain
from heritage.intake.nearness import Hints
from heritage.intake.patterns import PatternFaulty, pattern

GREATEST = 1_000_000  # of whole numbers: metres, and rows above the header
LAST_YEAR = 9999


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


class Checker:
    """Turns what TOML gives into what the schema says; ``faults`` are sentences about what does not fit."""

    def __init__(self):
        self.faults, self.hints = [], Hints()

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
                near = self.hints.near(name, known)
                hint = f"do you mean “{near}”?" if near else f"it can have: {', '.join(known)}."
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
