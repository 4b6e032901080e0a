"""What the pages call the places of a mapping, and the slots and values of a record."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from heritage.intake.fitting import picks
from heritage.registry.vocabulary import Aspect, Precision

SLOTS = {
    "record": _l("The record itself"),
    "name": _l("Name"),
    "position": _l("Position"),
    "observation": _l("What was seen"),
    "event": _l("What happened"),
    "threat": _l("Threat"),
    "protection": _l("Legal state"),
    "attribution": _l("Attribution"),
    "number": _l("Number in another list"),
    "count": _l("Count"),
    "media": _l("Picture or document"),
}
FIELDS = {
    "label": _l("title"),
    "note": _l("note for the desk"),
    "precision": _l("readers see its position"),
    "text": _l("name"),
    "as_stated": _l("date in its own words"),
    "hi_basis": _l("end of the date"),
    "qualifier": _l("date means"),
    "grade": _l("in its own scale"),
    "part": _l("part"),
    "extent": _l("share (%)"),
    "uncertainty": _l("uncertain by (m)"),
    "wording": _l("in words"),
    "footprint": _l("outline"),
    "reference": _l("number"),
    "scheme": _l("list"),
    "locator": _l("where in the list"),
    "how": _l("how it was made"),
}
CODES = {"aspect", "value", "effects", "types", "kind", "cause", "precision", "scope", "certainty", "evidence", "facet"}
CODES |= {"probability", "hi_basis", "qualifier", "argued_from", "directness", "predicate", "number_qualifier"}
#: What a claim has where the file tells nothing about it.
UNTOLD = [("certainty", "not_assessed"), ("directness", "primary"), ("hi_basis", "stated"), ("scope", "whole")]


def frequent(numbers):
    """Return the pairs of a dict of numbers, the largest first."""
    return sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))


def places_of(mapping):
    """Return {place as the plan names it: (words for people, what happens to rows whose word has no code)}."""
    told = {
        "refuse": _("rows with such a word are refused"),
        "leave_out": _("rows with such a word are taken without it"),
    }
    return {pick.where: (title_of(rules, name, pick), told[pick.unmapped]) for rules, name, pick in picks(mapping)}


def title_of(rules, name, pick):
    """Return what the words of a pick are about, and their column."""
    sort = rules.where.strip("[]").split("]")[0].split()[0]
    titles = {
        "types": _("Type"),
        "effects": _("What happened"),
        "cause": _("Cause"),
        "certainty": _("Certainty"),
        "probability": _("Threat"),
        "predicate": _("What is counted"),
        "place": _("Place"),
        "value": Aspect.label_of(rules["aspect"]) if rules.get("aspect") else "",
        "kind": _("Monument, cemetery, site or collection") if sort == "record" else _("Legal state"),
    }
    column = " | ".join(pick.column or ())
    return f"{titles.get(name) or name} ({column})" if column else str(titles.get(name) or name)


def slots_in_words(wanted):
    """Return [(what it is, [(name of a value, the value in words)])] of all that is wanted, the record itself first."""
    ordered = sorted(wanted.items(), key=lambda pair: pair[0] != "record")
    return [(slot_in_words(slot), said(values)) for slot, values in ordered]


def said(values):
    """Return [(name, words)] of what is said in a slot."""
    full = [(name, value) for name, value in values.items() if value not in ("", None, [], [None, None])]
    return [(field_in_words(name), in_words(name, value)) for name, value in full if (name, value) not in UNTOLD]


def in_words(name, value):
    if name == "precision":
        return str(Precision.label_of(value))
    words = ", ".join(str(one) for one in value if one is not None) if isinstance(value, list) else str(value)
    return words.replace("_", " ") if name in CODES else words


def slot_in_words(slot):
    sort, _sep, rest = slot.partition(" ")
    return f"{SLOTS.get(sort, sort)} {rest}".strip()


def field_in_words(name):
    return str(FIELDS.get(name, name.replace("_", " ")))


def change_in_words(field):
    """Return the field of a change (see ``comparing.differences``) in words."""
    slot, colon, name = field.partition(": ")
    return f"{slot_in_words(slot)}{colon}{field_in_words(name)}"
