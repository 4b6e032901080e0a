"""Asking for the closing of versions, and deciding about it: one reviewer asks, another confirms. See ``versions``."""

from django.db import transaction
from django.utils.translation import gettext as _

from heritage.catalogue import versions
from heritage.catalogue.carriers import carriers
from heritage.catalogue.models import Closure, Edition
from heritage.registry.locking import hold_ledger
from heritage.registry.models import Journal
from heritage.registry.refs import mint
from heritage.registry.steps import Refused, now, refuse_if, who
from heritage.registry.vocabulary import WithdrawalReason

MOST = 10_000  #: versions of one closing


@transaction.atomic
def request_closure(editions, by, reason_class, reason, urgent=False, about=None):
    """Ask for the closing of ``editions``, an iterable of past versions, each of any record; return the ``Closure``.

    ``about`` is (kind of record, reference) of what it is for, which is the first edition's unless told. Readers see the
    versions until a second reviewer confirms; with ``urgent`` they are closed at once, and the second confirms or lifts.
    Versions that are closed already may be among them, so that their text can be erased. Raises: Refused.
    """
    hold_ledger()
    keys = {edition.pk for edition in editions}
    refuse_if(
        len(keys) > MOST
        and _("Close at most %(most)d versions at a time; manage.py close_versions does more.") % {"most": MOST}
    )
    chosen = list(Edition.objects.filter(pk__in=keys).defer("record"))
    refuse_if(
        why_not_decide(by, {edition.subject for edition in chosen}),
        not chosen and _("Choose at least one version to close."),
        reason_class not in WithdrawalReason.values
        and _("Choose the class of the reason, which readers see: %(classes)s.")
        % {"classes": ", ".join(WithdrawalReason.values)},
        not reason.strip() and _("Give the reason for closing, for the journal."),
        *map(why_not_closed, chosen),
    )
    subject, ref = about or (chosen[0].subject, chosen[0].ref)
    closure = Closure(
        subject=subject,
        subject_ref=ref,
        versions=versions.by_reference(chosen),
        reason_class=str(reason_class),
        reason=reason,
        urgent=urgent,
        requested_by=by,
        requested_by_name=who(by),
        requested_at=now(),
    )
    if urgent:
        found = Edition.objects.filter(pk__in=keys)
        released = versions.release(found)
        closure.kept = merged_reasons(released, versions.close(found, reason_class))
    closure.save()
    journal(closure, "close_now" if urgent else "ask_to_close", by, reason)
    return closure


@transaction.atomic
def close_carriers(ref, by, reason_class, reason, about=None):
    """Close at once every past version that carries ``ref``, of a source, claim, media item, record or place.

    What readers see now is to be published again or withdrawn before. Returns the urgent closings, which wait for a second
    person; none where every such version is closed already. Raises: Refused.
    """
    found = [edition for edition in carriers(ref).all if not edition.closed_because]
    return [
        request_closure(found[start : start + MOST], by, reason_class, reason, urgent=True, about=about)
        for start in range(0, len(found), MOST)
    ]


@transaction.atomic
def confirm_closure(closure, by, erase=False):
    """Close the versions of ``closure`` for good, as another reviewer than the one who asked; with ``erase`` erase them.

    Raises: Refused.
    """
    closure = held(closure)
    refuse_if(why_not_decided(closure, by), why_not_confirmed(closure, by))
    found = editions_of(closure)
    versions.release(found)
    versions.close(found, closure.reason_class)
    if erase:
        versions.erase(found)
    decide(closure, "confirmed", by, erased=erase)
    journal(closure, "close_and_erase" if erase else "close", by)
    return closure


@transaction.atomic
def decline_closure(closure, by, reason):
    """Decide against ``closure``: what it closed at once is open again. Raises: Refused.

    Whoever asked may take a request back, but not lift an urgent closing, which takes a second person as well.
    """
    closure = held(closure)
    refuse_if(
        why_not_decided(closure, by),
        closure.urgent and why_not_confirmed(closure, by),
        not reason.strip() and _("Give the reason; whoever asked needs it."),
    )
    if closure.kept:
        versions.reopen(list(versions.numbered(closure.kept)), closure.kept)
    decide(closure, "declined", by, decision_reason=reason)
    journal(closure, "lift_closing" if closure.urgent else "decline_closing", by, reason)
    return closure


def held(closure):
    """Return ``closure`` as it is stored, held until the transaction ends."""
    hold_ledger()
    return Closure.objects.select_for_update().get(pk=closure.pk)


def decide(closure, decision, by, **more):
    for name, value in {"decision": decision, "decided_by": by, "kept": {}, **more}.items():
        setattr(closure, name, value)
    closure.decided_by_name, closure.decided_at = who(by), now()
    closure.save()


def why_not_decide(by, subjects):
    """Return why ``by`` may not ask for or decide a closing of records of the kinds ``subjects``, or an empty text."""
    if by is None:
        return _("Closing takes two people. Say who asks and who confirms.")
    needed = ["registry.publish_monument"] + ["registry.publish_place"] * ("place" in subjects)
    return "" if by.is_active and by.has_perms(needed) else _("Only a reviewer may do this.")


def why_not_decided(closure, by):
    if closure.decision:
        return _("It is decided already: %(decision)s, by %(who)s.") % {
            "decision": closure.get_decision_display().lower(),
            "who": closure.decided_by_name,
        }
    return why_not_decide(by, set(editions_of(closure).values_list("subject", flat=True)))


def why_not_confirmed(closure, by):
    """Return why ``by`` is not the second person, or an empty text. Names are compared, too: accounts come and go."""
    same = by is not None and (closure.requested_by_id == by.pk or closure.requested_by_name == who(by))
    return _("You asked for this yourself. A second reviewer decides.") if same else ""


def why_not_closed(edition):
    """Return why ``edition`` cannot be closed, or an empty text."""
    if edition.replaced_at is None and edition.action == "publish":
        return _(
            "Version %(version)d of %(ref)s is the current one. Publish the record again without what is to go, or withdraw "
            "it; then this version can be closed."
        ) % {"version": edition.version, "ref": edition.ref}
    if edition.action != "publish":
        return _("Version %(version)d of %(ref)s holds nothing that could be closed.") % {
            "version": edition.version,
            "ref": edition.ref,
        }
    return ""


def editions_of(closure):
    """Return the editions that ``closure`` is about."""
    return versions.numbered(closure.versions)


def merged_reasons(one, other):
    return {ref: one.get(ref, {}) | other.get(ref, {}) for ref in sorted(one.keys() | other.keys())}


def journal(closure, verb, by, reason=""):
    """Write an entry in the journal of what the closing is for, and of every other record with versions in it."""
    subjects = dict(Edition.objects.filter(ref__in=list(closure.versions)).values_list("ref", "subject"))
    subjects |= {closure.subject_ref: closure.subject}
    told = {"closing": closure.ref, "reason_class": closure.reason_class}
    Journal.objects.bulk_create(
        Journal(
            ref=mint(),
            at=now(),
            who=who(by),
            verb=verb,
            subject_kind=subjects[ref],
            subject_ref=ref,
            reason=reason,
            after=told | {"versions": ", ".join(map(str, closure.versions.get(ref, [])))},
        )
        for ref in sorted(subjects)
    )


__all__ = [
    "Refused",
    "carriers",
    "close_carriers",
    "confirm_closure",
    "decline_closure",
    "editions_of",
    "request_closure",
]
