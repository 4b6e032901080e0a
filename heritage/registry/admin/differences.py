"""What changed between two snapshots, as rows that a person can read."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Change:
    """One value that changed."""

    field: str
    before: str
    after: str


def with_differences(entries):
    """Yield (entry, its changes)."""
    return [(entry, changes(entry.before, entry.after)) for entry in entries]


def changes(before, after, prefix=""):
    """Return the changes from one snapshot to another; either may be None."""
    before, after = before or {}, after or {}
    found = []
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        if old == new or (old in (None, "", [], {}) and new in (None, "", [], {})):
            continue
        if is_nested(old) or is_nested(new):
            found += changes(old, new, f"{prefix}{spoken(name)}: ")
        else:
            found.append(Change(prefix + spoken(name), worded(old), worded(new)))
    return found


def is_nested(value):
    return isinstance(value, dict) and set(value) != {"ref", "label"}


def spoken(name):
    """Return a field name as words."""
    return name.replace("_", " ")


def worded(value):
    """Return a snapshot's value in words."""
    if value in (None, "", []):
        return _("(empty)")
    if isinstance(value, dict):
        return f"{value['label']} ({value['ref']})"
    if isinstance(value, list):
        return ", ".join(worded(one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
