"""A row and the rows it is edited with, as plain values for the journal."""

from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import FileField, ForeignKey, OneToOneField

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
                taken[name] = {child.ref: own_values(child, without=model) for child in getattr(row, name).all()}
    return taken


def own_values(row, without=None):
    """Return the fields of ``row`` itself; foreign keys to ``without`` (its owner) are left out."""
    taken = {}
    for field in row._meta.concrete_fields:
        is_owner = without is not None and field.is_relation and issubclass(without, field.related_model)
        if field.name not in PASSED_OVER and not (is_owner and field.name == without._meta.model_name):
            taken[field.name] = plain(field, row)
    for field in row._meta.many_to_many:
        if field.remote_field.through._meta.auto_created:
            taken[field.name] = sorted(
                (known(one) for one in getattr(row, field.name).all()), key=lambda one: one["ref"]
            )
    return taken


def plain(field, row):
    """Return the value of ``field`` in ``row`` as JSON can hold it."""
    if isinstance(field, ForeignKey | OneToOneField):
        other = getattr(row, field.name)
        return None if other is None else known(other)
    value = field.value_from_object(row)
    if isinstance(field, FileField):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def known(row):
    """Return how another row is named in a journal: by reference and label."""
    if isinstance(row, AbstractBaseUser):
        return {"ref": row.get_username(), "label": row.get_username()}
    return {"ref": row.ref, "label": str(row)}
