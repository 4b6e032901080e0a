"""A row and the rows it is edited with, as plain values for the journal."""

from decimal import Decimal
from functools import cache
from operator import attrgetter

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import DateField, DecimalField, FileField, ForeignKey, OneToOneField

from heritage.registry.models import Claim, Monument, Place

PASSED_OVER = {"id", "claim_ptr", "revision", "edited_by", "edited_at", "changed_at"}
CHILDREN = {
    Monument: ["names", "locations", "relations"],
    Place: ["names", "memberships"],
    Claim: ["citations", "links"],
}


def snapshot(row):
    """Return ``row`` as a dict of JSON values; what is edited on its form (names, citations …) is nested by reference."""
    taken = own_values(row)
    for model, names in CHILDREN.items():
        if isinstance(row, model):
            for name in names:
                taken[name] = {child.ref: own_values(child, without=model) for child in related(row, name)}
    return taken


def changed_fields(before, after):
    """Return the names of the fields in which two snapshots differ."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def own_values(row, without=None):
    """Return the fields of ``row`` itself; foreign keys to ``without`` (its owner) are left out."""
    taken = {name: plain(row) for name, plain in ways(type(row), without)}
    for name in many(type(row)):
        taken[name] = sorted((known(one) for one in related(row, name)), key=lambda one: one["ref"])
    return taken


def related(row, name):
    """Return the rows on the many side, those in hand where there are any (a manager for each would cost more than the rest)."""
    held = getattr(row, "_prefetched_objects_cache", {})
    return held[name] if name in held else getattr(row, name).all()


@cache
def ways(model, without):
    """Return [(name of a field, function that takes its value from a row as JSON can hold it)] of a table."""
    found = []
    for field in model._meta.concrete_fields:
        is_owner = without is not None and field.is_relation and issubclass(without, field.related_model)
        if field.name not in PASSED_OVER and not (is_owner and field.name == without._meta.model_name):
            found.append((field.name, way(field)))
    return found


@cache
def many(model):
    """Return the names of the many-to-many fields of a table that have no rows of their own."""
    return [field.name for field in model._meta.many_to_many if field.remote_field.through._meta.auto_created]


def way(field):
    """Return the function that takes the value of ``field`` from a row as JSON can hold it."""
    value = attrgetter(field.attname)
    if isinstance(field, ForeignKey | OneToOneField):
        other = attrgetter(field.name)
        return lambda row: None if value(row) is None else known(other(row))
    if isinstance(field, FileField):
        return lambda row: str(value(row))
    if isinstance(field, DateField):
        return lambda row: None if value(row) is None else value(row).isoformat()
    if isinstance(field, DecimalField):
        return lambda row: decimal(value(row))
    return value


def decimal(value):
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def known(row):
    """Return how another row is named in a journal: by reference and label."""
    if isinstance(row, AbstractBaseUser):
        return {"ref": row.get_username(), "label": row.get_username()}
    return {"ref": row.ref, "label": str(row)}
