"""What a file's columns may be, by their names and first rows: suggestions to look at, never decisions.

    suggestion = suggest(path, choices)      Raises: Unreadable

gives {"columns": [{"column", "role", "language", "separator", "why"}], "empty": [words], "date_languages": [tags],
"geometry": whether the features have one, "label": template}. Roles are those of the form that makes mappings: identifier,
number, name, other_name, former_name, type, kind, latitude, longitude, position, footprint, wording, condition, condition_date,
protection, protection_date, built, built_until, place, reference, note, and empty for a column that is not used.
"""

import re
from collections import Counter
from itertools import islice

from heritage.intake.cells import Unclear
from heritage.intake.composing import script_of_name
from heritage.intake.coordinates import degrees, pair
from heritage.intake.drafting import CLAIMING, LEANS_ON, NAMES
from heritage.intake.headers import ONCE, PART, POINT, WHOLE
from heritage.intake.placing import GEOMETRY
from heritage.intake.readers import open_table
from heritage.intake.when import Habits, edtf

LOOKED_AT = 300
LONG = 120
EMPTY = {
    "null",
    "na",
    "n/a",
    "nb",
    "none",
    "nan",
    "nil",
    "-",
    "--",
    "–",
    "—",
    "?",
    "#n/a",
    "keine angabe",
    "k.a.",
    "inconnu",
    "s/o",
}
SEPARATORS = ("¤", ";", "|", " / ")
PERSONS = re.compile(r"actor|author|auteur|recordedby|enteredby|takenby|assessor|photographer|owner", re.IGNORECASE)
ABOUT_ANOTHER = re.compile(r"[\W_](type|kind|certainty|date)$", re.IGNORECASE)  # of a name or place, not one itself
WHY_PLACE = "its cells are places of the register"
LANGUAGE_OF_SCRIPT = {
    "Arab": "ar",
    "Armn": "hy",
    "Geor": "ka",
    "Hebr": "he",
    "Grek": "el",
    "Cyrl": "ru",
    "Thai": "th",
    "Ethi": "am",
}
OTHER_SCRIPTS = {*LANGUAGE_OF_SCRIPT.values(), "uk"}
TELLING = {
    "fr": "le la les des du et de l' d' église maison rue",
    "de": "der die das und im am von haus kirche straße",
    "es": "el los las y del iglesia casa calle",
    "en": "the of and house church street",
    "uk": "та і р-н обл парк бук дуб їв",
    "ru": "и дом улица область район",
}


def suggest(path, choices=None, places=frozenset()):
    """Return suggestions for the file at ``path``. ``places``: names of those that the register has. Raises: Unreadable."""
    table = open_table(path, choices)
    rows = list(islice(table, LOOKED_AT))
    empty = found_empty(rows)
    columns = [Column(name, [row.cells.get(name, "") for row in rows], empty) for name in table.columns]
    has_geometry = any(row.geometry for row in rows)
    taken = set()
    told = with_identifier(roles(columns, taken, has_geometry), columns, taken)
    told = with_place(with_claims(told), columns, places)
    text = " ".join(value for column in columns for value in column.said[:50])
    language = language_of(text)
    for one in told:
        if one["role"] in NAMES and not one["language"]:
            one["language"] = f"{language}-Latn" if language in OTHER_SCRIPTS else language
    return {
        "columns": told,
        "empty": sorted(empty),
        "date_languages": [language],
        "geometry": has_geometry,
        "label": label_of(told, columns),
    }


def label_of(told, columns):
    """Return the working title: the fullest column of names and, where it has gaps, the number for these."""
    named = [column for one, column in zip(told, columns, strict=True) if one["role"] == "name"]
    number = next((one["column"] for one in told if one["role"] == "identifier"), columns[0].name)
    if not named:
        return f"{{{number}}}"
    fullest = max(named, key=lambda column: len(column.said))
    return f"{{{fullest.name}}}" if len(fullest.said) == fullest.rows else f"{{{fullest.name}|{number}}}"


def roles(columns, taken, has_geometry):
    """Return what is suggested for each column: first by what its cells are or its whole name, then by a part of its name."""
    found = {}
    for way in (by_cells, by_whole_name, by_part_of_name, by_length):
        for column in columns:
            if column.name not in found and (one := way(column, taken, has_geometry)):
                found[column.name] = described(column, one, taken)
    return [found.get(column.name) or described(column, ("", ""), taken) for column in columns]


class Column:
    """One column with what its first rows say."""

    def __init__(self, name, values, empty):
        self.name = name
        self.said = [value.strip() for value in values if value.strip() and value.strip() not in empty]
        self.rows = len(values)

    def share(self, read):
        """Return the share of cells that ``read`` takes."""
        taken = 0
        for value in self.said[:50]:
            try:
                taken += read(value) is not None
            except Unclear:
                continue
        return taken / max(len(self.said[:50]), 1)

    @property
    def is_unique(self):
        return len(self.said) > 1 and len(set(self.said)) >= 0.9 * self.rows

    @property
    def is_worded(self):
        """Whether a few words come again and again."""
        return 0 < len(set(self.said)) <= max(len(self.said) // 3, 1) and max(map(len, self.said)) <= LONG


def found_empty(rows):
    """Return the words of cells that seem to mean that nothing is said."""
    seen = Counter(value.strip() for row in rows for value in row.cells.values() if len(value) < 15)
    return {word for word, n in seen.items() if word and word.lower() in EMPTY and n > 1}


def by_cells(column, taken, has_geometry):
    """Return (role, why) where the cells tell by themselves, else None."""
    if not column.said:
        return "", "it is empty"
    if column.share(lambda value: GEOMETRY.match(value) if len(value) > 9 else None) > 0.8:
        return ("footprint" if has_geometry or "position" in taken else "position"), "its cells are geometries"
    if has_geometry and POINT.fullmatch(column.name.strip().casefold()):
        return "", "each feature has its position"
    return ("", "it may name persons") if PERSONS.search(column.name) else None


def by_whole_name(column, taken, has_geometry):
    return by_name(WHOLE, "fullmatch", column, taken, has_geometry)


def by_part_of_name(column, taken, has_geometry):
    return by_name(PART, "search", column, taken, has_geometry)


def by_length(column, taken, has_geometry):
    return ("note", "its cells are long") if max(map(len, column.said)) > LONG else None


def by_name(patterns, match, column, taken, has_geometry):
    bare = column.name.strip().casefold()
    for role, pattern in patterns:
        if getattr(pattern, match)(bare) and role not in taken & ONCE and fits(role, column, has_geometry):
            return role, f"its name is “{column.name}”"
    return None


def fits(role, column, has_geometry):
    """Tell whether what the cells say can be of that role."""
    if role in ("latitude", "longitude"):
        return not has_geometry and column.share(lambda value: degrees(value, role)) > 0.5
    if role == "position":
        return not has_geometry and column.share(pair) > 0.5
    if role == "footprint":
        return False
    if role == "identifier":
        return column.is_unique
    if role in ("type", "condition", "protection"):
        return column.is_worded or len(column.said) < 10
    if role in ("built", "built_until", "condition_date", "protection_date"):
        languages = ("en", "fr", "de", "es", "uk", "ru")
        return column.share(lambda value: edtf(value, Habits(languages, order="dmy", window=(1930, 2029)))) > 0.5
    if role in ("name", "other_name", "former_name", "wording", "reference"):
        if ABOUT_ANOTHER.search(column.name.strip()):
            return False
        return sum(any(map(str.isalpha, value)) for value in column.said) > len(column.said) / 2
    return True


def described(column, found, taken):
    role, why = found
    taken.add(role)
    separator = ""
    if role in ("type", "name", "other_name", "condition", "number", "wording", "reference"):
        signs = ("\n", *SEPARATORS) if role == "reference" else SEPARATORS
        separator = next(
            (sign for sign in signs if sum(sign in value for value in column.said) > len(column.said) / 50), ""
        )
    is_name = role in ("name", "other_name", "former_name")
    return {
        "column": column.name,
        "role": role,
        "language": language_of_names(column.said) if is_name else "",
        "separator": separator,
        "why": why,
    }


def with_identifier(told, columns, taken):
    """Return ``told`` with an identifier: if no column was found, the first that tells the rows apart and has no other use."""
    for place, column in enumerate(columns):
        if "identifier" in taken:
            break
        if told[place]["role"] in ("", "note") and column.is_unique and max(map(len, column.said)) <= 40:
            told[place] |= {"role": "identifier", "why": "its cells tell the rows apart"}
            taken.add("identifier")
    return told


def with_claims(told):
    """Return ``told`` without what says nothing by itself, such as a date without a state; references that nothing could
    cite are kept as a note.
    """
    given = {one["role"] for one in told}
    alone = {role for role, needed in LEANS_ON.items() if needed not in given}
    kept = [one | {"role": "", "why": ""} if one["role"] in alone else one for one in told]
    if CLAIMING & given:
        return kept
    return [one | {"role": "note"} if one["role"] == "reference" else one for one in kept]


def with_place(told, columns, places):
    """Return ``told`` with the first column in words of which most cells are places of the register as that place."""
    for one, column in zip(told, columns, strict=True):
        if one["role"] == "wording" and sum(value in places for value in column.said) > len(column.said) / 2:
            return [other | {"role": "place", "why": WHY_PLACE} if other is one else other for other in told]
    return told


def language_of_names(names):
    """Return the language that the script of most names points to; empty for Latin letters."""
    scripts = Counter(script_of_name(name) for name in names[:100])
    script = scripts.most_common(1)[0][0] if scripts else ""
    if script == "Cyrl" and re.search("[іїєґ]", "".join(names[:100]).casefold()):
        return "uk"
    return LANGUAGE_OF_SCRIPT.get(script, "")


def language_of(text):
    """Return the language whose small words are most frequent; English where none is."""
    words = Counter(re.findall(r"[^\W\d_]+'?", text.casefold()))
    weights = {tag: sum(words[word] for word in small.split()) for tag, small in TELLING.items()}
    tag, most = max(weights.items(), key=lambda pair: pair[1])
    return tag if most else "en"
