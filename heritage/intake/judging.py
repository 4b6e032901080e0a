"""The rules of the register for rows that were built, not typed: those that the forms ask, without a query a row.

A form asks the fields of its model, its constraints, its ``clean`` and ``rules``; so does ``Judge``, from the same definitions.
Check constraints are read from the models and worked out here as the database would. Those that compare rows with one
another (a number once, one name preferred, one location shown) the plan sees to.
"""

import re
from functools import lru_cache
from operator import attrgetter

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db.models import CheckConstraint, DecimalField, F, FileField, Model, Q

from heritage.registry.dated_form import FIELD_OF_CONSTRAINT
from heritage.registry.models import Attribution, Citation, Count, Location, Media, Monument, Name, Protection, Status
from heritage.registry.models.base import plain_text
from heritage.registry.rules import faults_of

EMPTY = (None, "", [], ())
TEXTS = {"CharField", "TextField"}
LONGEST_TEXT = 1_000_000_000
MOST_REMEMBERED = 50_000
HARMLESS = {MaxLengthValidator, ProhibitNullCharactersValidator}  # to a printable text of the right length
DATED = ["qualifier", "edtf"]
CLAIMED = ["summary", "certainty", "as_stated", *DATED]
#: The fields that an import gives, by table.
ASKED = {
    Monument: ["label", "kind", "public_precision", "note"],
    Name: ["text", "language", "script", "kind", "scheme", "locator", *DATED],
    Location: ["latitude", "longitude", "uncertainty", "method", "wording", "footprint", "locator"],
    Media: ["label", "kind", "locator", "how", "credit", "licence", "as_stated", *DATED],
    Citation: ["role", "locator", "directness"],
    Status: [
        *(
            "mode",
            "aspect",
            "value",
            "scope",
            "part_affected",
            "extent_min",
            "extent_max",
            "probability",
            "reported_grade",
        ),
        *CLAIMED,
    ],
    Protection: ["reference_number", "covers", "ended", *CLAIMED],
    Count: ["counted", "value", "number_qualifier", "scope_note", *CLAIMED],
    Attribution: ["facet", "value", "argued_from", *CLAIMED],
}


class Judge:
    """What one table asks of its rows; ``names`` are the fields that an import gives.

    Rows that differ only in free texts get the same answer but for those texts, so it is remembered.
    """

    def __init__(self, model, names):
        tables = [model, *model._meta.get_parent_list()]
        checks = {
            one.name: one for table in tables for one in table._meta.constraints if isinstance(one, CheckConstraint)
        }
        fields = [model._meta.get_field(name) for name in names]
        self.free = [(field.name, asked(field)) for field in fields if is_free(field)]
        self.fixed = [(field.name, asked(field)) for field in fields if not is_free(field)]
        self.constraints = [(truth(one.condition, model), one) for one in checks.values()]
        self.has_clean = model.clean is not Model.clean
        compared = [leaf for one in checks.values() for leaf in leaves(one.condition)]
        looked_at = {name for name, is_blank_test in compared if not is_blank_test}
        every = {name for name, _test in compared} | set(names)
        self.traits = [trait(model._meta.get_field(name), name in looked_at) for name in sorted(every)]
        self.repeats = not any(isinstance(field, DecimalField) for field in fields)
        self.sound = set()

    def faults(self, row):
        """Return [(field, message)] of what the register refuses in ``row``."""
        found = self.asked_of(row, self.free)
        key = tuple([take(row) for take in self.traits]) if self.repeats else None
        if key not in self.sound:
            more = [*self.asked_of(row, self.fixed), *self.broken(row)]
            if self.repeats and not more and len(self.sound) < MOST_REMEMBERED:
                self.sound.add(key)
            found += more
        if self.has_clean and not found:
            try:
                row.clean()
            except ValidationError as error:
                found += named(error)
        return found

    def asked_of(self, row, fields):
        found = []
        for name, clean in fields:
            try:
                clean(getattr(row, name), row)
            except ValidationError as error:
                found += [(name, message) for message in error.messages]
        return found

    def broken(self, row):
        """Yield (field, message) of each check constraint that does not hold."""
        for holds, constraint in self.constraints:
            if holds(row) is False:
                own = constraint.name.partition("_")[2]
                field = FIELD_OF_CONSTRAINT.get(constraint.name) or FIELD_OF_CONSTRAINT.get(own) or ""
                yield field, str(constraint.violation_error_message)


def leaves(condition):
    """Yield (name of a field, whether it is only asked if it is blank) of each comparison in a condition."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from leaves(child)
            continue
        name, _sep, lookup = child[0].partition("__")
        yield name, child[1] == "" and not lookup
        if isinstance(child[1], F):
            yield child[1].name, False


def trait(field, is_looked_at):
    """Return what of a field decides an answer: of a free text mostly whether there is one, of a foreign key whether it is set."""
    column = attrgetter(field.attname)
    if is_free(field) and not is_looked_at:
        return lambda row: bool(column(row))
    if field.is_relation:
        return lambda row: (
            column(row),
            field.name in row._state.fields_cache and row._state.fields_cache[field.name] is None,
        )
    if isinstance(field, FileField):
        return lambda row: str(column(row))
    return column


def is_free(field):
    """Tell whether a field takes any printable text that is not too long."""
    is_text = field.get_internal_type() in TEXTS and not field.choices
    return is_text and all(one is plain_text or type(one) in HARMLESS for one in field.validators)


def asked(field):
    """Return what ``Model.clean_fields`` asks of one field; answers to the same short value are remembered."""
    longest = field.max_length or LONGEST_TEXT
    is_plain = is_free(field)

    def clean(value, row):
        if value in EMPTY:
            if not field.blank:
                raise ValidationError(field.error_messages["blank"])
        elif is_plain:  # most texts: short enough and without any sign that a validator could refuse
            if len(value) > longest or not value.isprintable():
                field.clean(value, row)
        else:
            remembered(value)

    @lru_cache(maxsize=5000)
    def remembered(value):
        return field.clean(value, None)

    return clean


def named(error):
    """Return [(field, message)] of a validation error."""
    if not hasattr(error, "error_dict"):
        return [("", message) for message in error.messages]
    by_field = error.message_dict.items()
    return [
        ("" if field == NON_FIELD_ERRORS else field, message) for field, messages in by_field for message in messages
    ]


def claim_faults(told):
    """Return [(field, message)] of what does not agree between a claim, its effects and its citation."""
    found = faults_of(told.claim, told.effects, [told.citation])
    return [(field, message) for field, messages in found.items() for message in messages]


# Conditions of constraints, worked out as SQL does: true, false or unknown


def truth(condition, model):
    """Return a function that tells of a row of ``model`` whether the ``Q`` holds: True, False, or None where SQL would not know."""
    if not isinstance(condition, Q):
        return leaf(*condition, model)
    parts = [truth(child, model) for child in condition.children]
    if len(parts) == 1:
        return opposite(parts[0]) if condition.negated else parts[0]
    whole = together(parts, deciding=condition.connector == Q.OR)
    return opposite(whole) if condition.negated else whole


def together(parts, deciding):
    """Return whether ``parts`` hold together: one that answers ``deciding`` decides (true: any of them, false: all), else
    one that does not know (``None``) leaves it open.
    """

    def holds(row):
        unknown = False
        for part in parts:
            answer = part(row)
            if answer is deciding:
                return deciding
            unknown = unknown or answer is None
        return None if unknown else not deciding

    return holds


def opposite(part):
    def holds(row):
        answer = part(row)
        return None if answer is None else not answer

    return holds


COMPARED = {
    "exact": lambda own, other: own == other,
    "lte": lambda own, other: own <= other,
    "lt": lambda own, other: own < other,
    "gte": lambda own, other: own >= other,
    "gt": lambda own, other: own > other,
    "in": lambda own, other: own in other,
    "regex": lambda own, other: re.search(other, own) is not None,
    "range": lambda own, other: other[0] <= own <= other[1],
}


def leaf(path, wanted, model):
    """Return the function for one comparison, such as ``("lo__lte", F("hi"))``; of a foreign key its own value is compared."""
    name, _sep, lookup = path.partition("__")
    column = attrgetter(model._meta.get_field(name).attname)
    if lookup == "isnull":
        return is_unset(name, column, wanted, model)
    compare = COMPARED[lookup or "exact"]
    if lookup == "in":
        wanted = frozenset(wanted)
    if isinstance(wanted, F):
        other_column = attrgetter(model._meta.get_field(wanted.name).attname)

        def against_field(row):
            own, other = column(row), other_column(row)
            return None if own is None or other is None else compare(own, other)

        return against_field

    def against_value(row):
        own = column(row)
        return None if own is None else compare(own, wanted)

    return against_value


def is_unset(name, column, wanted, model):
    """Return the function for ``isnull``; a foreign key to a row that has no key yet is not unset."""
    if model._meta.get_field(name).is_relation:
        return lambda row: (column(row) is None and row._state.fields_cache.get(name) is None) is wanted
    return lambda row: (column(row) is None) is wanted
