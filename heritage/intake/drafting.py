"""The mapping as a form has it: what each column is, and a few questions about the list. To TOML; ``rereading`` is the way back.

A *draft* is a plain dict: the keys of ``PLAIN`` as text, ``columns`` ([{"column", "role", "language", "separator"}] in the
order of the file; of a number in another list ``language`` is the name of that list) and ``words`` ({role: {"words", "ignored", "unmapped"}}, which the page of words fills).
"""

import tomli_w
from django.utils.translation import gettext_lazy as _

#: What a column may be: code and words. Only ``MANY`` may stand at several columns.
ROLES = [
    ("", _("– not used –")),
    ("identifier", _("Number or key in this list")),
    ("name", _("Name")),
    ("other_name", _("Another name")),
    ("former_name", _("Former name")),
    ("number", _("Number in another list")),
    ("type", _("What it is: type")),
    ("kind", _("Monument, cemetery, site or collection")),
    ("latitude", _("Latitude")),
    ("longitude", _("Longitude")),
    ("position", _("Latitude and longitude together, or a geometry")),
    ("footprint", _("Outline (WKT, WKB or GeoJSON)")),
    ("wording", _("Address or place, in words")),
    ("place", _("Place that the register has")),
    ("condition", _("Condition")),
    ("condition_date", _("Date of the condition")),
    ("use", _("Use")),
    ("use_date", _("Date of the use")),
    ("damage", _("What happened to it")),
    ("damage_date", _("Date of what happened")),
    ("protection", _("Legal state")),
    ("protection_date", _("Date of the legal state")),
    ("protection_number", _("Number of the legal act")),
    ("built", _("Built: year or beginning")),
    ("built_until", _("Built: end")),
    ("part", _("Part of the list that the file holds")),
    ("reference", _("Reference: book, report or article")),
    ("note", _("Note for the desk, kept as it is")),
]
MANY = {"", "name", "other_name", "former_name", "number", "wording", "reference", "note"}
NAMES = {"name": "official", "other_name": "alternative", "former_name": "former"}
#: Roles whose words become our codes, with what happens to a row whose word has none yet.
WORDED = {
    "type": "leave_out",
    "kind": "refuse",
    "condition": "refuse",
    "use": "refuse",
    "damage": "refuse",
    "protection": "refuse",
    "place": "leave_out",
}
#: Roles of which a claim is made; a reference is cited by these.
CLAIMING = {"condition", "use", "damage", "protection", "built", "built_until"}
#: Roles that say nothing without another one.
LEANS_ON = {
    "longitude": "latitude", "latitude": "longitude", "condition_date": "condition", "use_date": "use", "damage_date": "damage",
    "protection_date": "protection", "protection_number": "protection",
}  # fmt: skip
DATED = {
    "condition": "condition_date",
    "use": "use_date",
    "damage": "damage_date",
}  # what tells readers nothing without a date
PLAIN = (
    "title", "supplier", "supplier_kind", "source", "licence", "attribution", "language", "url", "list_date", "scheme",
    "repeated", "label", "record_kind", "precision", "empty", "date_languages", "date_order", "window", "geometry", "header",
    "encoding", "delimiter", "sheet", "form",
)  # fmt: skip
SIGN = "|"


def text_of(draft):
    """Return the TOML text of the mapping that ``draft`` stands for; what is empty is left out."""
    return tomli_w.dumps(tables_of(draft))


def tables_of(draft):
    """Return the tables of the mapping."""
    by_role = {}
    for one in draft["columns"]:
        by_role.setdefault(one["role"], []).append(one)
    column = {role: found[0]["column"] for role, found in by_role.items()}
    told = {name: draft.get(name) or "" for name in PLAIN}
    tables = {
        "title": told["title"],
        "file": filled(
            format=told["form"],
            encoding=told["encoding"],
            delimiter=told["delimiter"],
            sheet=told["sheet"],
            header=int(told["header"] or 1) if str(told["header"] or 1) != "1" else None,
            empty=parts(told["empty"]),
        ),
        "supplier": filled(
            name=told["supplier"],
            kind=told["supplier_kind"],
            source=told["source"],
            language=told["language"],
            url=told["url"],
            licence=told["licence"],
            attribution=told["attribution"],
            date=told["list_date"],
        ),
        "identifier": filled(
            scheme=told["scheme"], column=column.get("identifier"), part=column.get("part"), repeated=told["repeated"]
        ),
        "record": filled(
            label=told["label"],
            kind=pick(draft, by_role, "kind") or told["record_kind"],
            types=pick(draft, by_role, "type"),
            precision=told["precision"],
            note=[one["column"] for one in by_role.get("note", [])],
        ),
        "dates": filled(
            language=parts(told["date_languages"], ","),
            order=told["date_order"],
            window=[int(year) for year in parts(told["window"], "-")],
        ),
        "name": [name_of(role, one) for role in NAMES for one in by_role.get(role, [])],
        "number": [number_of(one) for one in by_role.get("number", [])],
        "position": position_of(draft, column, by_role, told),
        "observation": [
            filled(aspect=aspect, value=found, date=date_of(column, f"{aspect}_date") or dated_by_list(told))
            for aspect in ("condition", "use")
            if (found := pick(draft, by_role, aspect))
        ],
        "event": events_of(draft, by_role, column, told),
        "protection": [
            filled(
                kind=found, date=date_of(column, "protection_date"), reference=braced(column.get("protection_number"))
            )
            for found in [pick(draft, by_role, "protection")]
            if found
        ],
        "source": [
            filled(title=braced(one["column"]), separator=one.get("separator")) for one in by_role.get("reference", [])
        ],
    }
    return {name: value for name, value in tables.items() if value or name in ("supplier", "identifier", "record")}


def filled(**values):
    """Return those of ``values`` that say something."""
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def parts(text, sign=SIGN):
    return [part.strip() for part in str(text).split(sign) if part.strip()]


def braced(column):
    return f"{{{column}}}" if column else ""


def name_of(role, one):
    return filled(
        text=braced(one["column"]),
        language=one.get("language") or "und",
        kind=NAMES[role],
        separator=one.get("separator"),
    )


def number_of(one):
    """Return the table for numbers in another list; without a name it is called as the column is."""
    return filled(scheme=one.get("language") or one["column"], column=one["column"], separator=one.get("separator"))


def pick(draft, by_role, role):
    """Return the table by which the words of a column become codes, or None without such a column."""
    if role not in by_role:
        return None
    [one] = by_role[role]
    known = draft.get("words", {}).get(role, {})
    more = filled(separator=one.get("separator"), ignored=known.get("ignored"))
    return {
        "column": one["column"],
        "unmapped": known.get("unmapped") or WORDED[role],
        **more,
        "words": known.get("words", {}),
    }


def date_of(column, role):
    return {"column": column[role], "unreadable": "as_stated"} if role in column else None


def position_of(draft, column, by_role, told):
    worded = by_role.get("wording", [])
    return filled(
        latitude=column.get("latitude"),
        longitude=column.get("longitude"),
        column=column.get("position"),
        footprint=column.get("footprint"),
        geometry=bool(told["geometry"]) or None,
        wording=[one["column"] for one in worded],
        separator=next((one["separator"] for one in worded if one.get("separator")), ""),
        place=pick(draft, by_role, "place"),
    )


def dated_by_list(told):
    """Return the date of a statement that has none of its own: the list says so at its date, and it was so then or before."""
    return {"fixed": told["list_date"], "report": True} if told["list_date"] else None


def events_of(draft, by_role, column, told):
    found = []
    if damage := pick(draft, by_role, "damage"):
        found.append(filled(effects=damage, date=date_of(column, "damage_date") or dated_by_list(told)))
    if "built" in column or "built_until" in column:
        when = {name: column[role] for name, role in (("column", "built"), ("until", "built_until")) if role in column}
        only = [column[role] for role in ("built", "built_until") if role in column]
        found.append({"effects": "construction", "if": only, "date": when | {"unreadable": "as_stated"}})
    return found
