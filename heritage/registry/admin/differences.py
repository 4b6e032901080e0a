"""What changed between two snapshots, as rows that a person can read."""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from heritage.registry.dates import print_bound
from heritage.registry.masking import masked_snapshot
from heritage.registry.vocabulary import WithdrawalReason, value_label

VERBS = {
    "register": lazy("Registered"),
    "revise": lazy("Revised"),
    "discard": lazy("Deleted"),
    "submit": lazy("Submitted for review"),
    "return": lazy("Returned to the author"),
    "publish": lazy("Published"),
    "withdraw": lazy("Withdrawn"),
    "reopen": lazy("Reopened"),
    "merge": lazy("Merged into another"),
    "receive": lazy("Received another"),
    "retract": lazy("Retracted"),
    "supersede": lazy("Superseded"),
    "take_down": lazy("Published again without what was taken off the site"),
    "ask_to_close": lazy("Asked to close versions"),
    "close_now": lazy("Closed versions at once"),
    "close": lazy("Closed versions"),
    "close_and_erase": lazy("Closed versions and erased their text"),
    "decline_closing": lazy("Declined to close versions"),
    "lift_closing": lazy("Opened versions again"),
    "custodians": lazy("Custodians named"),
    "ask_to_lower": lazy("Asked to lower the access level"),
    "lower": lazy("Lowered the access level"),
    "decline_to_lower": lazy("Declined to lower the access level"),
}
#: Of accounts, and of who took what out of the desk.
ACCESS_VERBS = {
    "log_in": lazy("Logged in"),
    "log_in_failed": lazy("Could not log in"),
    "lock_out": lazy("Locked after too many attempts"),
    "unlock": lazy("Unlocked"),
    "log_out": lazy("Logged out"),
    "time_out": lazy("Session ended by itself"),
    "second_factor_set_up": lazy("Set up a second factor"),
    "second_factor_given": lazy("Gave the second factor"),
    "second_factor_failed": lazy("Gave a wrong second factor"),
    "second_factor_removed": lazy("Removed a second factor"),
    "second_factor_reset": lazy("Second factor reset"),
    "recovery_codes_made": lazy("Made recovery codes"),
    "make_account": lazy("Account made"),
    "change_account": lazy("Account changed"),
    "invite": lazy("Invited with a link"),
    "send_link": lazy("Link to set a password made"),
    "link_requested": lazy("Asked for a link by mail"),
    "set_password": lazy("Set a password with a link"),
    "change_password": lazy("Changed the password"),
    "make_group": lazy("Group made"),
    "change_group": lazy("Group changed"),
    "delete_group": lazy("Group deleted"),
    "make_deposit": lazy("Deposit made"),
    "download_deposit": lazy("Deposit downloaded"),
    "offer_deposit": lazy("Deposit offered to readers"),
    "withhold_deposit": lazy("Deposit taken off offer"),
    "download_original": lazy("Original downloaded"),
    "download_report": lazy("Report of an import downloaded"),
}
BOUNDS = {"lo", "hi", "anchored_on"}
NAMED_BY = ("text", "place", "other", "source", "parent", "wording")


@dataclass(frozen=True)
class Change:
    """One value that changed."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """A journal entry in words. ``about`` is empty where it is about the record whose journal is read."""

    entry: object
    verb: str
    about: str
    changes: list

    @property
    def is_long(self):
        """Tell whether it lists a whole new or deleted row, which readers of the journal seldom want to see at once."""
        return not (self.entry.before and self.entry.after)


def told(entries, of, sealed=frozenset()):
    """Return the journal ``entries`` of the row ``of`` in words, without what they tell of the references ``sealed``."""
    return [
        Told(
            entry,
            str(VERBS.get(entry.verb, entry.verb)),
            "" if entry.subject_ref == of.ref else about(entry),
            changes_of(entry, sealed),
        )
        for entry in entries
    ]


def about(entry):
    """Return the row that ``entry`` is about: its kind, and its title where the entry holds it."""
    model = model_of(entry.subject_kind)
    kind = str(model._meta.verbose_name) if model else entry.subject_kind
    held = entry.after or entry.before or {}
    return f"{kind} “{held.get('summary') or held.get('label') or entry.subject_ref}”"


def changes_of(entry, sealed=frozenset()):
    before, after = (masked_snapshot(one, sealed) if sealed else one for one in (entry.before, entry.after))
    return changes(before, after, model_of(entry.subject_kind))


def model_of(kind):
    try:
        return apps.get_model("registry", kind)
    except LookupError:
        return None


def changes(before, after, model=None, prefix=""):
    """Return the changes from one snapshot of a ``model`` to another; either may be None."""
    before, after = before or {}, after or {}
    found = []
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        if name == "ref" or old == new or (old in (None, "", [], {}) and new in (None, "", [], {})):
            continue
        field = field_of(model, name)
        label = prefix + spoken(name, field)
        if is_nested(old) or is_nested(new):
            found += of_rows(old or {}, new or {}, field, label)
        else:
            row = (before | after).get("aspect", "")
            found.append(Change(label, worded(old, name, field, row), worded(new, name, field, row)))
    return found


def of_rows(before, after, field, label):
    """Return the changes of the rows that belong to a snapshot, each named by what tells it from the others."""
    found = []
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if isinstance(old or new, dict):
            named = named_by({**(old or {}), **(new or {})}) or key
            found += changes(old, new, field and field.related_model, f"{label} “{named}”: ")
        elif old != new:
            found.append(Change(f"{label}: {spoken(key, None)}", worded(old, key), worded(new, key)))
    return found


def named_by(row):
    """Return what a row of names, locations, relations or citations is best known by."""
    found = next((row[name] for name in NAMED_BY if row.get(name)), "")
    return found["label"] if isinstance(found, dict) else found


def is_nested(value):
    return isinstance(value, dict) and set(value) != {"ref", "label"}


def field_of(model, name):
    """Return the field or the reverse relation ``name`` of ``model``, or None."""
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def spoken(name, field):
    """Return a field as words."""
    if field is not None and field.one_to_many:
        return capfirst(str(field.related_model._meta.verbose_name))
    return capfirst(str(getattr(field, "verbose_name", None) or name.replace("_", " ")))


def worded(value, name="", field=None, aspect=""):
    """Return a snapshot's value in words."""
    if value in (None, "", []):
        return _("(empty)")
    if isinstance(value, dict):
        return f"{value['label']} ({value['ref']})"
    if isinstance(value, list):
        return ", ".join(worded(one, name, field) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in BOUNDS:
        return print_bound(value)
    if name == "reason_class":
        return WithdrawalReason.label_of(value)
    if name == "value" and aspect:
        return value_label(aspect, value)
    return str(dict(getattr(field, "flatchoices", None) or ()).get(value, value))
