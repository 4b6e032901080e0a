"""The verbs of the desk. Each is one transaction with one journal entry for each record it changes; refused, it changes nothing.

What curators should know of the rules
- Saving at the desk never changes what the public sees. A published record that is edited stays published and is
  listed as "changed since published" until a reviewer publishes it again; it need not be submitted for that.
- The last author of a record is the last who edited it, its names, locations, relations or claims. A reviewer does
  not publish a record whose last author they are, unless the register needs no reviewers (``REVIEWERS_NEEDED=0``).
- What a review found about a claim (``verification``) is the reviewer's own word: noting it makes nobody an author.
- Saving a form in which nothing changed changes nothing: no journal entry, no new author.
- A merged monument keeps its reference as an alias. Its claims, names, locations, relations and media move to the
  survivor; a name or relation that the survivor already has stays behind. The journals of both say what moved.

``by`` is a user, or None for a command run at the machine itself, which may do everything.
"""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from heritage.registry.affected import touch, touch_parted
from heritage.registry.approval import (
    Readiness,
    approve,
    approve_all,
    blockers,
    note_published,
    readiness,
    refuse_blocked,
)
from heritage.registry.custodians import keep_closed, sealed_along
from heritage.registry.locking import hold_for_edit, lock, stored
from heritage.registry.merging import move_to, why_merger_opens
from heritage.registry.models import ClaimLink
from heritage.registry.models.base import Edited, Subject
from heritage.registry.models.sealing import belonging, sealed_from
from heritage.registry.snapshot import changed_fields, known, snapshot
from heritage.registry.steps import (
    Refused,
    Stale,
    edited,
    may_not_publish,
    move,
    note,
    refuse_if,
    refuse_sealed,
    review,
    stage_of,
    stamp,
    subject_of,
)
from heritage.registry.vocabulary import AccessLevel, Decision, LinkKind, Stage, Standing, WithdrawalReason

__all__ = [
    "Readiness",
    "Refused",
    "Stale",
    "approve",
    "approve_all",
    "blockers",
    "discard",
    "may_be_discarded",
    "merge",
    "note_published",
    "readiness",
    "refuse_blocked",
    "register",
    "reopen",
    "retract",
    "return_",
    "revise",
    "submit",
    "supersede",
    "touch",
    "withdraw",
]


DECIDED_BY_VERBS = ("stage", "changed_at", "merged_into")

# Writing


@transaction.atomic
def register(row, by, reason="", rows=(), terms=None):
    """Save the new ``row``, then ``rows`` that belong to it and the ``terms`` of its many-to-many fields."""
    hold_for_edit()
    stamp(row, by)
    row.save()
    save_with(rows, terms, row)
    note(row, "register", by, reason, None, snapshot(row))
    edited(subject_of(row), by, row)
    return row


@transaction.atomic
def revise(row, by, reason="", before=None, expected_revision=None, rows=(), terms=None):
    """Save the changed ``row`` if nobody saved a newer one since ``expected_revision``. Raises Stale, Refused."""
    hold_for_edit()
    before = before or snapshot(stored(row))
    refuse_sealed(by, stored(row))
    begin(row, expected_revision)
    row.save()
    save_with(rows, terms, row)
    finish(row, by, reason, before)
    return row


def begin(row, expected_revision=None):
    """Take the next revision of ``row``: of two who began from the same one, only one gets it. Raises Stale.

    What the verbs alone decide about a monument or place, its stage above all, is as it is stored from here on: it may
    have been published, withdrawn or merged since ``row`` was read.
    """
    hold_for_edit()
    adopt_stored_stage(row)
    refuse_if(*why_not_revised(row))
    if not isinstance(row, Edited):
        return
    expected = row.revision if expected_revision is None else expected_revision
    table = row._meta.get_field("revision").model
    if not table.objects.filter(pk=row.pk, revision=expected).update(revision=F("revision") + 1):
        raise Stale([_("Someone saved a newer version since you opened this one.")])
    row.revision = expected + 1


def adopt_stored_stage(row):
    """Give a monument or place what only verbs change, as it is stored, and hold it until the transaction ends."""
    if isinstance(row, Subject):
        names = [name for name in DECIDED_BY_VERBS if hasattr(row, name)]
        row.refresh_from_db(fields=names, from_queryset=type(row)._base_manager.select_for_update())


def why_not_revised(row):
    """Yield why ``row`` takes no more edits."""
    if getattr(row, "merged_into_id", None):
        yield _("It is merged into “%(other)s”; edit that record.") % {"other": row.merged_into}


def finish(row, by, reason, before):
    """Journal what changed since ``before`` and mark whom it concerns; without a change give the revision back."""
    after = snapshot(stored(row))
    refuse_if(
        by is not None and is_lowered(before, after) and _("What is sealed is lowered by two of its custodians."),
        by is not None
        and leaves_what_is_sealed(row, before, after)
        and _(
            "It belongs to something that is sealed and stays with it. Two custodians can lower that, or seal this first."
        ),
    )
    if after == before:
        if isinstance(row, Edited):
            row.revision -= 1
            row.save(update_fields=["revision"])
        return False
    stamp(row, by)
    if isinstance(row, Edited):
        row.save(update_fields=["edited_by", "edited_at"])
    note(row, "revise", by, reason, before, after)
    edited(subject_of(row), by, row, authored=changed_fields(before, after) != {"verification"})
    touch_parted(before, after)
    return True


def is_lowered(before, after):
    """Tell whether a row that was sealed is no longer so."""
    return before.get("access_level") == AccessLevel.SEALED != after.get("access_level")


def leaves_what_is_sealed(row, before, after):
    """Tell whether ``row`` belonged to something sealed, goes elsewhere, and is not sealed there."""
    table = type(row)
    left = [name for name in belonging(table) if before.get(name) and before.get(name) != after.get(name)]
    for name in left:
        owner = table._meta.get_field(name).related_model
        if owner._base_manager.filter(sealed_from(None, owner), ref=before[name]["ref"]).exists():
            return not table._base_manager.filter(sealed_from(None, table), pk=row.pk).exists()
    return False


def save_with(rows, terms, row):
    """Save the ``rows`` that are edited together with ``row`` and set its many-to-many ``terms``."""
    for one in rows:
        one.save()
    for name, chosen in (terms or {}).items():
        getattr(row, name).set(chosen)


@transaction.atomic
def discard(row, by, reason=""):
    """Delete a row that never was published. A monument or place goes with all that was entered for it."""
    hold_for_edit()
    subject = subject_of(row)
    refuse_sealed(by, row)
    refuse_if(
        sealed_along(row, by)
        and _("Something that is sealed belongs to it. Only the custodians of that may delete it.")
    )
    refuse_if(not may_be_discarded(row) and _("Only what never was submitted or published can be deleted."))
    touch(row)
    note(row, "discard", by, reason, snapshot(row), None)
    keep_closed(row)
    row.delete()
    if subject is not None and subject != row:
        edited(subject, by, subject)


def may_be_discarded(row):
    """Tell whether ``row`` belongs to a draft that no reviewer has seen, or to none."""
    subject = subject_of(row)
    return subject is None or (subject.stage == Stage.DRAFT and not subject.reviews.exists())


# The way to the reading room


@transaction.atomic
def submit(subject, by):
    """Hand a draft to the reviewers."""
    lock(subject)
    refuse_sealed(by, subject)
    if subject.stage == Stage.PUBLISHED:
        raise Refused([_("It is published already; a reviewer can publish its changes as they are.")])
    if subject.stage != Stage.DRAFT:
        raise Refused([_("Only a draft can be submitted; this record is “%(stage)s”.") % stage_of(subject)])
    move(subject, Stage.IN_REVIEW, "submit", by)


@transaction.atomic
def return_(subject, by, reason):
    """Send a submitted record, or the changes to a published one, back to the author with the reason."""
    lock(subject)
    refuse_sealed(by, subject)
    under_review = subject.stage == Stage.IN_REVIEW or (subject.stage == Stage.PUBLISHED and subject.changed_at)
    refuse_if(
        may_not_publish(subject, by),
        not under_review and _("Only a record in review, or a published one with changes, can be returned."),
        not reason.strip() and _("Give the reason; the author needs it."),
    )
    review(subject, by, Decision.RETURN, reason)
    move(subject, Stage.DRAFT if subject.stage == Stage.IN_REVIEW else subject.stage, "return", by, reason)


@transaction.atomic
def withdraw(subject, by, reason_class, reason, along=False):
    """Take a published record out of the reading room. ``along``: it goes with what it shows, whoever may know of it."""
    lock(subject)
    if not along:
        refuse_sealed(by, subject)
    refuse_if(
        may_not_publish(subject, by),
        subject.stage != Stage.PUBLISHED
        and _("Only a published record can be withdrawn; this one is “%(stage)s”.") % stage_of(subject),
        reason_class not in WithdrawalReason.values
        and _("Choose the class of the reason, which readers see: %(classes)s.")
        % {"classes": ", ".join(WithdrawalReason.values)},
        not reason.strip() and _("Give the reason for the withdrawal."),
    )
    review(subject, by, Decision.WITHDRAW, reason)
    move(subject, Stage.WITHDRAWN, "withdraw", by, reason, {"reason_class": str(reason_class)})
    touch(subject)


@transaction.atomic
def reopen(subject, by, reason):
    """Make a withdrawn record a draft again, to be reviewed and published anew."""
    lock(subject)
    refuse_sealed(by, subject)
    refuse_if(
        may_not_publish(subject, by),
        (subject.stage != Stage.WITHDRAWN or getattr(subject, "merged_into_id", None))
        and _("Only a withdrawn record that was not merged can be reopened."),
        not reason.strip() and _("Give the reason for reopening it."),
    )
    move(subject, Stage.DRAFT, "reopen", by, reason)


@transaction.atomic
def merge(monument, into, by, reason):
    """Make ``monument`` an alias of ``into``, which gets its claims, names, locations, relations and media."""
    lock(monument)
    lock(into)
    refuse_sealed(by, monument, into)
    refuse_if(
        (monument.access_level == AccessLevel.SEALED) != (into.access_level == AccessLevel.SEALED)
        and _("One of the two is sealed. A sealed record is merged only with another sealed one."),
        may_not_publish(monument, by),
        monument.pk == into.pk and _("A monument is not merged into itself."),
        monument.merged_into_id and _("It is merged already, into “%(other)s”.") % {"other": monument.merged_into},
        monument.stage == Stage.WITHDRAWN
        and not monument.merged_into_id
        and _("It was withdrawn. Reopen it before you merge it."),
        (into.merged_into_id or into.stage == Stage.WITHDRAWN)
        and _("“%(other)s” is withdrawn or itself merged; choose the record that stands.") % {"other": into},
        monument.stage == Stage.PUBLISHED
        and into.stage != Stage.PUBLISHED
        and _("“%(other)s” is not published; readers would be led nowhere.") % {"other": into},
        not reason.strip() and _("Give the reason for the merger."),
        *why_merger_opens(monument, into),
    )
    before, survivor_before = snapshot(monument), snapshot(into)
    moved = move_to(monument, into)
    monument.stage, monument.merged_into, monument.changed_at = Stage.WITHDRAWN, into, None
    monument.save(update_fields=["stage", "merged_into", "changed_at"])
    review(monument, by, Decision.WITHDRAW, reason)
    note(monument, "merge", by, reason, before, snapshot(stored(monument)) | {"moved": moved})
    note(into, "receive", by, reason, survivor_before, snapshot(stored(into)) | {"moved": moved})
    edited(into, by, into)
    touch(monument)


# Claims


@transaction.atomic
def retract(claim, by, reason, by_claimant=False):
    """Record that the claimant took ``claim`` back, or that the registry withdraws it."""
    lock(claim)
    refuse_sealed(by, claim)
    refuse_if(
        claim.standing != Standing.STANDING and _("This claim no longer stands."),
        not reason.strip() and _("Give the reason; readers of the history see it."),
    )
    standing = Standing.WITHDRAWN_BY_CLAIMANT if by_claimant else Standing.WITHDRAWN_BY_REGISTRY
    fall(claim, standing, "retract", by, reason)


@transaction.atomic
def supersede(old, new, by, reason):
    """Record that ``new`` replaces the same claimant's ``old`` statement about the same subject."""
    lock(old)
    lock(new)
    refuse_sealed(by, old, new)
    refuse_if(*why_not_superseded(old, new))
    ClaimLink.objects.get_or_create(claim_id=new.pk, kind=LinkKind.SUPERSEDES, other_id=old.pk)
    fall(old, Standing.SUPERSEDED, "supersede", by, reason, {"superseded_by": known(new)})


def why_not_superseded(old, new):
    """Return the sentences, empty where there is none, that say why ``new`` does not replace ``old``."""
    return (
        old.ref == new.ref and _("A claim does not supersede itself."),
        old.standing != Standing.STANDING and _("The earlier claim no longer stands."),
        new.standing != Standing.STANDING and _("The later claim no longer stands."),
        old.claimant_id != new.claimant_id
        and _("Only the same claimant supersedes a statement; link the claims as contradicting instead."),
        (old.monument_id, old.place_id) != (new.monument_id, new.place_id)
        and _("The two claims are about different subjects."),
    )


def fall(claim, standing, verb, by, reason, more=None):
    """Change the standing of a claim and journal it."""
    before = {"standing": str(claim.standing)}
    claim.standing, claim.revision = standing, claim.revision + 1
    stamp(claim, by)
    claim.save(update_fields=["standing", "revision", "edited_by", "edited_at"])
    note(claim, verb, by, reason, before, {"standing": str(standing), **(more or {})})
    edited(claim.subject, by, claim)
