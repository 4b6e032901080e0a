"""Custodians: who keeps what is sealed, and how its access level is lowered by two of them."""

from django.contrib.admin.utils import NestedObjects
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from heritage.registry.locking import lock
from heritage.registry.models import Custodian
from heritage.registry.models.base import Edited
from heritage.registry.models.custodian import NEEDED
from heritage.registry.models.sealing import SEALED, can_be_sealed
from heritage.registry.steps import edited, note, refuse_if, stamp, subject_of


def eligible():
    """Return the accounts that can be custodians."""
    return get_user_model().objects.filter(is_active=True, is_staff=True).order_by("username")


def custodians_of(row):
    """Return the custodians of ``row``, each with its account."""
    return Custodian.objects.filter(sealed_ref=row.ref).select_related("user")


def active(custodians):
    return [one for one in custodians if one.user.is_active and one.user.is_staff]


def names_of(users):
    return sorted(user.get_username() for user in users)


@transaction.atomic
def name_custodians(row, users, by, reason=""):
    """Make ``users`` the custodians of the sealed ``row``, in place of those that it has. Raises: Refused."""
    before = {one.user: one for one in custodians_of(row).select_for_update(of=("self",))}
    users = list(dict.fromkeys(users))
    refuse_if(
        row.access_level != SEALED and _("Only what is sealed has custodians."),
        too_few(users),
        bool(before) and by is not None and by not in before and _("Only a custodian may name others."),
    )
    if set(users) == set(before):
        return
    Custodian.objects.filter(pk__in=[one.pk for user, one in before.items() if user not in users]).delete()
    for user in users:
        if user not in before:
            Custodian.objects.create(sealed_ref=row.ref, user=user)
    told = {"custodians": names_of(before)}, {"custodians": names_of(users)}
    note(row, "custodians", by, reason, *told)


def too_few(users):
    """Return why ``users`` are not enough to keep what is sealed, or an empty text."""
    if len([user for user in users if user.is_active and user.is_staff]) >= NEEDED:
        return ""
    return _("What is sealed has at least two custodians, each an active account of the desk. Choose two or more.")


# Lowering the level: one asks, another confirms


@transaction.atomic
def ask_to_lower(row, by, level, reason):
    """Ask the other custodians to lower ``row`` to ``level``; it stays sealed until one of them confirms. Raises: Refused."""
    own, others = kept(row, by)
    levels = dict(row._meta.get_field("access_level").flatchoices)
    refuse_if(
        level not in levels and _("Choose the access level."),
        level == SEALED and _("It is sealed already."),
        not reason.strip() and _("Give the reason; the other custodians need it."),
        not active(others) and _("There is no other active custodian who could confirm it. Name one first."),
        any(one.lower_to for one in others) and _("Another custodian asked already. Confirm or decline that first."),
        *faults_at(row, level),
    )
    own.lower_to, own.lower_reason = level, reason.strip()
    own.save(update_fields=["lower_to", "lower_reason"])
    note(row, "ask_to_lower", by, reason, {"access_level": SEALED}, {"access_level": SEALED, "asked_for": str(level)})


@transaction.atomic
def lower(row, by, level):
    """Confirm that ``row`` is lowered to ``level``, as another custodian asked. Raises: Refused."""
    _own, others = kept(row, by)
    asked = next((one for one in others if one.lower_to), None)
    refuse_if(
        asked is None and _("No other custodian asks to lower it."),
        asked is not None and asked.lower_to != level and _("What is asked for has changed. Look at it again."),
        asked is not None and asked not in active(others) and _("The account that asked is no longer active."),
        *(faults_at(row, level) if asked is not None and asked.lower_to == level else ()),
    )
    row.access_level = level
    fields = ["access_level"]
    if isinstance(row, Edited):
        row.revision += 1
        stamp(row, by)
        fields += ["revision", "edited_by", "edited_at"]
    row.save(update_fields=fields)
    told = {"access_level": str(level), "asked_by": asked.user.get_username()}
    note(row, "lower", by, asked.lower_reason, {"access_level": SEALED}, told)
    custodians_of(row).delete()
    edited(subject_of(row), by, row)


@transaction.atomic
def decline(row, by):
    """Decline what another custodian asked for, or take back what ``by`` asked for. Raises: Refused."""
    own, others = kept(row, by)
    asked = [one for one in (own, *others) if one.lower_to]
    refuse_if(not asked and _("Nobody asks to lower it."))
    for one in asked:
        note(row, "decline_to_lower", by, "", {"asked_for": one.lower_to}, {"asked_for": ""})
        one.lower_to = one.lower_reason = ""
        one.save(update_fields=["lower_to", "lower_reason"])


def kept(row, by):
    """Hold ``row`` and return (what makes ``by`` its custodian, the other custodians). Raises: Refused."""
    lock(row)
    found = list(custodians_of(row).select_for_update(of=("self",)))
    own = next((one for one in found if one.user_id == by.pk), None)
    refuse_if(
        row.access_level != SEALED and _("It is not sealed."),
        own is None and _("Only its custodians may do this."),
    )
    return own, [one for one in found if one is not own]


def faults_at(row, level):
    """Return what the table's constraints would say of ``row`` at ``level``."""
    kept_level, row.access_level = row.access_level, level
    try:
        row.validate_constraints()
    except ValidationError as fault:
        return fault.messages
    finally:
        row.access_level = kept_level
    return []


# Deleting


def sealed_along(row, by):
    """Tell whether something that ``by`` may not know of would go with ``row``, or keeps it from being deleted."""
    if by is None:
        return False
    found = NestedObjects(using=row._state.db)
    found.collect([row])
    rows = [*(one for some in found.data.values() for one in some), *found.protected]
    return any(can_be_sealed(type(one)) and not one.is_visible_to(by) for one in rows if hasattr(one, "ref"))


def keep_closed(row):
    """Let the journal of what goes with the sealed ``row``, which is about to be deleted, stay with its custodians."""
    users = [one.user for one in custodians_of(row)]
    refs = [
        ref
        for name in ("claims", "media")
        if hasattr(row, name)
        for ref in getattr(row, name).values_list("ref", flat=True)
    ]
    for ref in refs:
        for user in users:
            Custodian.objects.get_or_create(sealed_ref=ref, user=user)
