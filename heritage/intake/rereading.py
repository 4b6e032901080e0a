"""From the TOML of a mapping back to the draft that a form shows (see ``drafting``), where it says no more than one can."""

import tomllib

from heritage.intake.drafting import NAMES, PLAIN, SIGN, text_of
from heritage.intake.mapping import MappingFaulty, parse

ROLE_OF_NAME = {kind: role for role, kind in NAMES.items()}
COLUMNS_OF_POSITION = {"latitude": "latitude", "longitude": "longitude", "position": "column", "footprint": "footprint"}


def draft_of(text, columns):
    """Return (draft, whether it says all) for the mapping ``text`` and a file with these ``columns``. Raises: MappingFaulty.

    Where it does not say all, saving the draft would lose something: such a mapping is edited as text.
    """
    wanted = rules_of(text)
    draft = Rereading(tomllib.loads(text)).draft(columns)
    try:
        return draft, rules_of(text_of(draft)) == wanted
    except MappingFaulty:
        return draft, False


def rules_of(text):
    """Return all that the schema makes of a mapping, defaults filled in."""
    mapping = parse(text)
    return {name: value for name, value in vars(mapping).items() if name not in ("code", "text")}


class Rereading:
    """Finds the role of each column in the tables ``given``; what a draft has no place for is passed over."""

    def __init__(self, given):
        self.given, self.roles, self.words = given, {}, {}
        self.record, self.position = given.get("record", {}), given.get("position", {})
        self.named(given)
        self.recorded()
        self.claimed()
        self.placed()

    def draft(self, columns):
        """Return the draft, with the columns that the file has first."""
        every = [*columns, *(one for one in self.roles if one not in columns)]
        blank = {"role": "", "language": "", "separator": ""}
        return {
            **dict.fromkeys(PLAIN, ""),
            **self.about_file(),
            **self.about_supplier(),
            **self.about_records(),
            "words": self.words,
            "columns": [{"column": one, **blank, **self.roles.get(one, {})} for one in every],
        }

    # Columns

    def is_(self, role, column, **more):
        """Note that ``column`` has ``role``, unless it has one already; tell whether it is so."""
        column = column[0] if isinstance(column, list) and len(column) == 1 else column
        if not isinstance(column, str) or not column:
            return False
        if self.roles.setdefault(column, {"role": role})["role"] != role:
            return False
        self.roles[column] |= more
        return True

    def picked(self, role, value):
        if isinstance(value, dict) and self.is_(role, value.get("column"), separator=value.get("separator", "")):
            self.words[role] = {name: value[name] for name in ("words", "ignored", "unmapped") if name in value}

    def dated(self, role, value):
        self.is_(role, value.get("column") if isinstance(value, dict) else value)

    def named(self, given):
        identifier = given.get("identifier", {})
        self.is_("identifier", identifier.get("column"))
        self.is_("part", identifier.get("part"))
        for one in given.get("name", []):
            role = ROLE_OF_NAME.get(one.get("kind", "alternative"), "other_name")
            language = one.get("language", "")
            self.is_(
                role,
                unbraced(one.get("text")),
                language=language if isinstance(language, str) else "",
                separator=one.get("separator", ""),
            )

        for one in given.get("number", []):
            self.is_("number", one.get("column"), language=one.get("scheme", ""), separator=one.get("separator", ""))

    def recorded(self):
        self.picked("type", self.record.get("types"))
        self.picked("kind", self.record.get("kind"))

    def claimed(self):
        for one in self.given.get("observation", []):
            aspect = one.get("aspect", "condition")
            if aspect in ("condition", "use"):
                self.picked(aspect, one.get("value"))
                self.dated(f"{aspect}_date", one.get("date"))
        for one in self.given.get("event", []):
            if one.get("effects") == "construction":
                date = one.get("date")
                self.dated("built", date)
                self.is_("built_until", date.get("until") if isinstance(date, dict) else "")
            else:
                self.picked("damage", one.get("effects"))
                self.dated("damage_date", one.get("date"))
        for one in self.given.get("protection", []):
            self.picked("protection", one.get("kind"))
            self.dated("protection_date", one.get("date"))
            self.is_("protection_number", unbraced(one.get("reference")))

    def placed(self):
        for role, key in COLUMNS_OF_POSITION.items():
            self.is_(role, self.position.get(key))
        self.picked("place", self.position.get("place"))
        for column in listed(self.position.get("wording")):
            self.is_("wording", column, separator=self.position.get("separator", ""))
        for one in self.given.get("source", []):
            self.is_("reference", unbraced(one.get("title")), separator=one.get("separator", ""))
        for column in listed(self.record.get("note")):
            self.is_("note", column)

    # What is not about columns

    def about_file(self):
        file = self.given.get("file", {})
        return {
            "form": file.get("format", ""),
            **{name: file.get(name, "") for name in ("encoding", "delimiter", "sheet")},
            "header": str(file.get("header", 1)),
            "empty": SIGN.join(listed(file.get("empty"))),
        }

    def about_supplier(self):
        supplier, identifier = self.given.get("supplier", {}), self.given.get("identifier", {})
        return {
            "title": self.given.get("title", ""),
            "supplier": supplier.get("name", ""),
            "supplier_kind": supplier.get("kind", ""),
            **{name: supplier.get(name, "") for name in ("source", "licence", "attribution", "language", "url")},
            "list_date": supplier.get("date", ""),
            "scheme": identifier.get("scheme", ""),
            "repeated": identifier.get("repeated", ""),
        }

    def about_records(self):
        dates, label, kind = self.given.get("dates", {}), self.record.get("label"), self.record.get("kind")
        return {
            "label": label if isinstance(label, str) else "",
            "record_kind": kind if isinstance(kind, str) else "",
            "precision": self.record.get("precision", ""),
            "date_languages": ", ".join(listed(dates.get("language"))),
            "date_order": dates.get("order", ""),
            "window": "-".join(map(str, dates.get("window", []))),
            "geometry": bool(self.position.get("geometry")),
        }


def unbraced(template):
    """Return the column of a template that is a single column; otherwise nothing."""
    is_one = isinstance(template, str) and template[:1] == "{" and template[-1:] == "}" and template.count("{") == 1
    return template[1:-1] if is_one else ""


def listed(value):
    return [value] if isinstance(value, str) else list(value or [])
