"""The tables that a full bag holds, in an order in which each refers only to those before it (or to itself).

Each row is known by its natural key. Where the order of rows is their history they stand in that order, else by that key.
"""

from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import models

from heritage.catalogue.audit import TABLES
from heritage.catalogue.models import Closure, Edition
from heritage.registry import models as desk
from heritage.registry.models.journal import NOT_OF_RECORDS

#: What imports leave behind, each row of a supplier's file as it came: known by name, since archive and intake do not know
#: one another.
IMPORTS = [
    apps.get_model("intake", name)
    for name in ("mapping", "batch", "row", "supplier", "supplied", "resemblance", "verdict")
]
#: Custodians come last, so that the numbers of the tables before are those of bags made without them.
ORDER = [Group, get_user_model(), *TABLES, Edition, Closure, *IMPORTS, desk.Custodian]
HISTORIES = {desk.CustodyEvent, desk.Review, desk.Journal, Edition, *IMPORTS, desk.Custodian}
#: Rows that stay out of a bag: who logged in, whose account was changed by whom, and who took what out of the desk.
LEFT_BEHIND = {desk.Journal: ("subject_kind", NOT_OF_RECORDS)}
KEYS = {
    get_user_model(): ["username"],
    Group: ["name"],
    Edition: ["ref", "version"],
    apps.get_model("intake.row"): ["batch__ref", "number", "identifier"],
}
PERMISSION = "permission"


@dataclass(frozen=True)
class Shelf:
    """One table as a fixture. ``number`` sorts the files so that ``loaddata`` takes them in order."""

    number: int
    model: type

    @property
    def label(self):
        return self.model._meta.label_lower

    @property
    def name(self):
        """The file's name without its ending."""
        return f"{self.number:02d}-{self.label.replace('.', '-')}"

    @cached_property
    def fields(self):
        """Return the concrete fields that a fixture holds, by name: all but a primary key that the database gives."""
        own = self.model._meta.local_concrete_fields
        return sorted((one for one in own if not isinstance(one, models.AutoField)), key=lambda one: one.name)

    @cached_property
    def many(self):
        """Return the many-to-many fields that a fixture holds: those without a table of their own."""
        own = self.model._meta.local_many_to_many
        return sorted((one for one in own if one.remote_field.through._meta.auto_created), key=lambda one: one.name)

    @property
    def keys(self):
        return keys_of(self.model)

    def rows(self):
        """Return the rows that a bag holds."""
        column, values = LEFT_BEHIND.get(self.model, ("pk", ()))
        return self.model._base_manager.exclude(**{f"{column}__in": values})

    @property
    def is_history(self):
        return self.model in HISTORIES


def keys_of(model):
    """Return the natural key of ``model`` as lookups, of a derived table that of its base."""
    return [PERMISSION] if model is Permission else KEYS.get(model, ["ref"])


#: In a full bag only where it is sealed as a whole: what custodians keep tells that something is sealed.
OF_SEALED = {desk.Custodian}
SHELVES = [Shelf(number, model) for number, model in enumerate(ORDER, 1)]
EDITIONS = next(shelf for shelf in SHELVES if shelf.model is Edition)


#: Tables that no bag holds, with the reason: those of the catalogue but editions are made anew from these.
LEFT_OUT = {
    "accounts.passkey": "keys of persons; a restored register asks for new ones",
    "admin.logentry": "the journal says more",
    "archive.deposit": "no bag can hold its own entry, and making one is to leave the register as it was",
    "auth.permission": "made by migrate",
    "contenttypes.contenttype": "made by migrate",
    "axes.accessattempt": "of the day",
    "axes.accessattemptexpiration": "not used",
    "axes.accessfailurelog": "not used: the journal says it",
    "axes.accesslog": "not used: the journal says it",
    "otp_static.staticdevice": "secrets; a restored register asks for new ones",
    "otp_static.statictoken": "secrets; a restored register asks for new ones",
    "otp_totp.totpdevice": "secrets; a restored register asks for new ones",
    "sessions.session": "of the day",
}


def left_out():
    """Return the tables that no bag holds, by label."""
    held = set(ORDER) | {model for model in apps.get_models() if model._meta.proxy}
    return sorted(model._meta.label_lower for model in apps.get_models() if model not in held)
