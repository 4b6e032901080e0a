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
from heritage.intake.drafting import CLAIMING
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
#: Words of headers by role, in several languages; the first role that fits wins, whole words before parts of words.
HEADERS = [
    ("number", r"wikidata.*|.*[_ ]wikidata|geonames([_ ]?id)?|osm[_ ]?id|pleiades.*|viaf.*|inspire[_ ]?id|unesco[_ ]?(id|no|number|nr)|whc[_ ]?id|(old|former|previous)[_ ](number|no|id|code)|ancien numéro|alte nummer|старый номер"),
    ("latitude", r"lat|latitude|latitud|breite|breitengrad|широта|coordinaten|y_coord|ycoord|enlem|breedte|breedtegraad|latitudine|szerokość|enlik|լայնություն|خط العرض|عرض جغرافیایی"),
    ("longitude", r"lon|lng|long|longitude|longitud|länge|längengrad|довгота|долгота|coordinatee|x_coord|xcoord|boylam|lengte|lengtegraad|longitudine|długość|uzunluq|երկայնություն|خط الطول|طول جغرافیایی"),
    ("position", r"coord|coords|coordinates|coordonnées|koordinaten|geom|geometry|wkt|point|координати|координаты|position"),
    ("footprint", r"polygon|footprint|outline|geometrie|perimeter|périmètre|emprise|umriss"),
    ("identifier", r"id|ref|identifier|code|number|nummer|nr|no|num|objektnr|objektnummer|inventory|uid|номер|реєстраційний номер|bien_id|key|nº|n°|codice|código|numer|sıra no|nömrə|համար|الرقم|رقم|شماره|מספר"),
    ("former_name", r"former name|ancien nom|früherer name|old name"),
    ("name", r"name|title|nom|nom_bien|titre|bezeichnung|objekt|denomination|denominación|nombre|назва|название|ad|label|attribution|naam|benaming|nome|nazwa|adı|անուն|անվանում|სახელი|الاسم|اسم|نام|שם"),
    ("other_name", r"other name|alternative name|autre nom|alias|латиницею|transliteration"),
    ("condition_date", r"condition date|recordeddate|assessment date|date assessed|assessment activity date|survey date|date de visite"),
    ("condition", r"condition|state|état|zustand|estado|стан|состояние|overall condition state type|toestand|stato|estado de conserva.*|durum|vəziyyət|վիճակ|الحالة|حالة|وضعیت"),
    ("protection_date", r"date of listing|listing date|protection date|date_attribution.*|designation from date|date de protection|datum der unterschutzstellung"),
    ("protection", r"status|legal status|statut|statut_juridique|protection|schutz|designation|listed|статус"),
    ("built_until", r"a|to|until|built to|bis|end"),
    ("built", r"de|from|built|construction|date|year|datebuilt|baujahr|datierung|époque|année|рік|год|bouwjaar|anno|ano|año|rok|yıl|տարեթիվ|تاريخ البناء|سال ساخت"),
    ("type", r"type|category|catégorie|categorie|kind|art|gattung|objekttyp|sous_usage|fonction|function|вид|тип|heritage place type|soort|tipo|typ|tür|növ|տեսակ|categoria|categoría|النوع|نوع"),
    ("wording", r"address|adresse|anschrift|municipality|municipalite|municipalité|commune|gemeinde|ort|town|city|region|region_admin|district|район|oblast|область|country|place|location|dirección|adres|gemeente|plaats|indirizzo|comune|endereço|município|municipio|gmina|miejscowość|ilçe|rayon|ünvan|հասցե|մարզ|العنوان|المحافظة|نشانی|استان|شهر"),
    ("reference", r"references?|référence bibliographique|bibliograph.*|bibliografía|literatur[ea]?|literatuur|sources?|quellen?|citations?|література|литература|джерел[ао]|источник.*|kaynakça"),
    ("note", r"description|description_bien|beschreibung|notes?|remarks?|bemerkung|comment|history|historique|synthese_historique|опис|url|link|omschrijving|opmerkingen|descrizione|descrição|descripción|opis|açıklama|təsvir|նկարագրություն|وصف|ملاحظات|توضیحات"),
]  # fmt: skip
POINT = re.compile("|".join(words for role, words in HEADERS if role in ("latitude", "longitude")), re.IGNORECASE)
WHY_PLACE = "its cells are places of the register"
WHOLE = [(role, re.compile(rf"(?:{words})", re.IGNORECASE)) for role, words in HEADERS]
PART = [
    (role, re.compile(rf"(?:^|[\W_])(?:{words})(?:$|[\W_])", re.IGNORECASE))
    for role, words in HEADERS
    if role not in ("built_until", "built", "name")
] + [
    (role, re.compile(rf"(?:^|[\W_])(?:{words})(?:$|[\W_])", re.IGNORECASE))
    for role, words in HEADERS
    if role == "name"
]
ONCE = {
    "identifier",
    "latitude",
    "longitude",
    "position",
    "footprint",
    "type",
    "condition",
    "condition_date",
    "built",
    "built_until",
}
ONCE |= {"protection", "protection_date"}
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
        if one["role"] in ("name", "other_name", "former_name") and not one["language"]:
            one["language"] = language
    label = next((one["column"] for one in told if one["role"] == "name"), "") or next(
        (one["column"] for one in told if one["role"] == "identifier"), table.columns[0]
    )
    return {
        "columns": told,
        "empty": sorted(empty),
        "date_languages": [language],
        "geometry": has_geometry,
        "label": f"{{{label}}}",
    }


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
    """Return ``told`` with references only where something is suggested that could cite them; else they are kept as a note."""
    if CLAIMING & {one["role"] for one in told}:
        return told
    return [one | {"role": "note"} if one["role"] == "reference" else one for one in told]


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
