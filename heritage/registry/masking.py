"""What is shown in place of rows that are sealed and kept by others: that there is one, and nothing of it."""

from copy import copy

from django.db.models import CharField, TextField
from django.utils.translation import gettext as _

#: What else a row tells of the source that it rests on.
TOLD_WITH_SOURCE = ("locator",)


def stand_in_words():
    return _("(sealed)")


def stand_in(row):
    """Return a copy of ``row`` with the same key and none of its words or dates, to be shown and never saved."""
    copied = copy(row)
    for field in row._meta.concrete_fields:
        if isinstance(field, CharField | TextField) and not field.choices and field.name != "ref":
            setattr(copied, field.attname, "")
    named_by = next(name for name in ("title", "label", "summary") if hasattr(copied, name))
    setattr(copied, named_by, stand_in_words())
    if hasattr(copied, "lo"):
        copied.lo = copied.hi = None
    return copied


def masked_snapshot(value, sealed):
    """Return a snapshot of the journal (see ``snapshot``) without what it tells of the references ``sealed``."""
    if isinstance(value, list):
        return [masked_snapshot(one, sealed) for one in value if not (isinstance(one, str) and one in sealed)]
    if not isinstance(value, dict):
        return value
    if value.get("ref") in sealed and set(value) == {"ref", "label"}:
        return stand_in_words()
    shown = {name: masked_snapshot(one, sealed) for name, one in value.items() if not is_sealed_row(one, sealed)}
    if leads_to(value, "source", sealed):
        shown |= {name: "" for name in TOLD_WITH_SOURCE if name in value}
    return shown


def is_sealed_row(value, sealed):
    """Tell whether ``value`` is a row that belongs to a snapshot and is about something sealed: a citation, a relation, a link."""
    if not isinstance(value, dict):
        return False
    is_citation = "role" in value and leads_to(value, "source", sealed)
    return is_citation or any(leads_to(value, name, sealed) for name in ("other", "parent"))


def leads_to(row, name, sealed):
    other = row.get(name)
    return isinstance(other, dict) and other.get("ref") in sealed
