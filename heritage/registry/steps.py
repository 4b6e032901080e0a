"""The steps that the verbs of the desk share: hold a row, sign it, write journal and review, mark what is affected."""

from django.conf import settings
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from heritage.registry.affected import touch
from heritage.registry.models import Claim, Journal, Place, Review
from heritage.registry.models.base import Edited, Subject
from heritage.registry.models.journal import ACCESS
from heritage.registry.vocabulary import Stage

COMMAND_LINE = "command line"


class Refused(Exception):
    """A verb that was not done. ``reasons`` are sentences for the curator."""

    def __init__(self, reasons):
        self.reasons = [str(reason) for reason in reasons]
        super().__init__(" ".join(self.reasons))


class Stale(Refused):
    """Someone else saved the row since it was read."""


def now():
    """Return the present in whole seconds."""
    return timezone.now().replace(microsecond=0)


def who(by):
    """Return the name that the journal keeps."""
    return COMMAND_LINE if by is None else by.get_username()


def stamp(row, by):
    """Make ``by`` the last author of ``row``."""
    if isinstance(row, Edited):
        row.edited_by, row.edited_at = by, now()


def subject_of(row):
    """Return the monument or place that an edit of ``row`` is an edit of, or None."""
    if isinstance(row, Subject):
        return row
    return row.subject if isinstance(row, Claim) else None


def edited(subject, by, row, authored=True):
    """Make ``by`` the last author of ``subject``, if there is one, and mark all that ``row`` shows on.

    It is the stored subject that is marked, whatever its stage was when it was read.
    """
    if subject is not None:
        signature = {"edited_by": by, "edited_at": now()} if authored else {}
        changed = Case(When(stage=Stage.PUBLISHED, then=Value(now())), default=F("changed_at"))
        type(subject)._base_manager.filter(pk=subject.pk).update(changed_at=changed, **signature)
        subject.refresh_from_db(fields=["stage", "changed_at", "edited_by", "edited_at"])
    touch(row)


def edited_in_hand(subject, by, authored=True):
    """Do so without saving it; ``subject`` was read after ``hold_for_edit``."""
    if authored:
        subject.edited_by, subject.edited_at = by, now()
    if subject.stage == Stage.PUBLISHED:
        subject.changed_at = now()


def note(row, verb, by, reason, before, after):
    """Write the journal entry."""
    entry(row, verb, by, reason, before, after).save()


def entry(row, verb, by, reason, before, after):
    """Return the journal entry, not yet written."""
    return Journal(
        at=now(),
        who=who(by),
        verb=verb,
        subject_kind=row._meta.concrete_model._meta.model_name,
        subject_ref=row.ref,
        reason=reason,
        before=before,
        after=after,
    )


def note_access(by, verb, ref, after=None):
    """Write that ``by`` took something of the record or deposit ``ref`` out of the desk."""
    Journal(at=now(), who=who(by), verb=verb, subject_kind=ACCESS, subject_ref=ref, after=after).save()


def review(subject, by, decision, rationale="", harm_check="", checks=()):
    """Write the reviewer's decision."""
    verdict(subject, by, decision, rationale, harm_check, checks).save()


def verdict(subject, by, decision, rationale="", harm_check="", checks=()):
    """Return the reviewer's decision, not yet written."""
    return Review(
        **{"place" if isinstance(subject, Place) else "monument": subject},
        reviewer=by,
        reviewer_name=who(by),
        at=now(),
        decision=decision,
        checks=list(checks),
        harm_check=harm_check,
        rationale=rationale,
    )


def move(subject, stage, verb, by, reason="", more=None):
    """Change the stage and journal it."""
    before = {"stage": str(subject.stage)}
    if stage != subject.stage or verb == "publish":
        subject.changed_at = None
    subject.stage = stage
    subject.save(update_fields=["stage", "changed_at"])
    note(subject, verb, by, reason, before, {"stage": str(stage), **(more or {})})


def stage_of(subject):
    return {"stage": subject.get_stage_display()}


def refuse_if(*sentences):
    """Raise Refused with those of the sentences that are not empty."""
    if reasons := [sentence for sentence in sentences if sentence]:
        raise Refused(reasons)


def refuse_sealed(by, *rows):
    """Raise Refused where one of ``rows`` is sealed and kept by others than ``by``, in the words of what is not there."""
    if not all(row.is_visible_to(by) for row in rows):
        raise Refused([_("There is no such record.")])


def may_not_publish(subject, by):
    """Return why ``by`` may not decide about ``subject``, or an empty string."""
    permission = "registry.publish_place" if isinstance(subject, Place) else "registry.publish_monument"
    if by is None or by.has_perm(permission):
        return ""
    return _("Only a reviewer may do this.")


def not_reviewed(subject, by):
    """Return why the review that a publication needs has not taken place, or an empty string.

    What ``by`` wrote of a published record since its last publication the journal knows (see ``catalogue.release``).
    """
    if by is None or settings.REVIEWERS_NEEDED == 0:
        return ""
    if subject.stage == Stage.DRAFT:
        return _("It has not been submitted for review.")
    if subject.stage != Stage.PUBLISHED and subject.edited_by_id == by.pk:
        return _("You edited this record last; a second person must review it.")
    return ""
