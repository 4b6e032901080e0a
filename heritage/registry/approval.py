"""The reviewer's yes: what stops a publication, and letting one record or thousands into the reading room under the same rules."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from heritage.registry.affected import touch
from heritage.registry.models import Claim, Monument, Name, Place
from heritage.registry.rows import write
from heritage.registry.steps import (
    entry,
    lock_all,
    may_not_publish,
    not_reviewed,
    refuse_if,
    verdict,
)
from heritage.registry.visibility import why_hidden
from heritage.registry.vocabulary import AccessLevel, Decision, Kind, Stage

BATCH = 1000  # rows named in one query, which both databases take


@dataclass(frozen=True)
class Readiness:
    """What stops a publication, and the claims that it would leave out, each with the reason."""

    blockers: list[str]
    left_out: list[tuple[Claim, str]]

    @property
    def ready(self):
        return not self.blockers


def readiness(subject):
    """Return what stops the publication of ``subject`` and which claims it would leave out."""
    claims = subject.claims.select_related("claimant").prefetch_related("citations__source")
    reasons = [(claim, why_hidden(claim, list(claim.citations.all()))) for claim in claims]
    return Readiness(blockers(subject), [(claim, reason) for claim, reason in reasons if reason])


def blockers(subject, has_name=None):
    """Return the sentences that say why ``subject`` cannot be published. ``has_name`` spares the look where it is known."""
    if has_name is None:
        has_name = subject.names.words().exists()
    found = [
        getattr(subject, "merged_into_id", None)
        and _("It is merged into “%(other)s”; publish that record.") % {"other": subject.merged_into},
        subject.stage == Stage.WITHDRAWN and _("It was withdrawn; reopen it first."),
        subject.access_level != AccessLevel.PUBLIC
        and _("Its access level is “%(level)s”; only public records are published.")
        % {"level": subject.get_access_level_display()},
        not has_name and _("It has no name. A register number alone is not one."),
        isinstance(subject, Monument)
        and subject.kind not in Kind.values
        and _("There is no kind “%(kind)s”.") % {"kind": subject.kind},
    ]
    return [sentence for sentence in found if sentence]


def approve(subject, by, reason="", harm_check="", checks=()):
    """Let ``subject`` into the reading room as it stands now."""
    approve_all([subject], by, reason, harm_check, checks)


@transaction.atomic
def approve_all(subjects, by, reason="", harm_check="", checks=()):
    """Let ``subjects`` into the reading room as they stand now, all or none, with queries by the thousand.

    Raises Refused with the reasons of the first that may not be published.
    """
    for start in range(0, len(subjects), BATCH):
        batch = subjects[start : start + BATCH]
        lock_all(batch)
        named = with_names(batch)
        for subject in batch:
            stop = blockers(subject, (type(subject)._meta.concrete_model, subject.pk) in named)
            refuse_if(may_not_publish(subject, by), not_reviewed(subject, by), *stop)
        let_in(batch, by, reason, harm_check, checks)


def with_names(subjects):
    """Return (model, primary key) of those of ``subjects`` that have a name in words."""
    found = set()
    for model, key in ((Monument, "monument"), (Place, "place")):
        keys = [subject.pk for subject in subjects if isinstance(subject, model)]
        if keys:
            names = Name.objects.words().filter(**{f"{key}__in": keys})
            found |= {(model, pk) for pk in names.values_list(key, flat=True)}
    return found


def let_in(subjects, by, reason, harm_check, checks):
    """Move ``subjects`` to the reading room, with review and journal; mark what mentions those that were not there."""
    write([verdict(subject, by, Decision.PUBLISH, reason, harm_check, checks) for subject in subjects])
    after = {"stage": str(Stage.PUBLISHED)}
    write([entry(subject, "publish", by, reason, {"stage": str(subject.stage)}, after) for subject in subjects])
    for model in (Monument, Place):
        group = [subject for subject in subjects if isinstance(subject, model)]
        came_in = [subject for subject in group if subject.stage != Stage.PUBLISHED]
        model.objects.filter(pk__in=[subject.pk for subject in group]).update(stage=Stage.PUBLISHED, changed_at=None)
        for subject in group:
            subject.stage, subject.changed_at = Stage.PUBLISHED, None
        if came_in:
            touch(*came_in)
