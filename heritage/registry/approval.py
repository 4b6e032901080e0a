"""The reviewer's yes: what stops a publication, and letting one record or thousands into the reading room under the same rules."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from heritage.registry.affected import touch
from heritage.registry.locking import lock_all
from heritage.registry.models import Claim, Journal, Monument, Name, Place
from heritage.registry.refs import mint
from heritage.registry.rows import write_alike
from heritage.registry.steps import (
    Refused,
    entry,
    may_not_publish,
    not_reviewed,
    now,
    verdict,
    who,
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


def readiness(subject, by=None):
    """Return what stops the publication of ``subject`` and which claims, of those that ``by`` may know of, it would leave out."""
    claims = subject.claims.visible_to(by).select_related("claimant").prefetch_related("citations__source")
    reasons = [(claim, why_hidden(claim, list(claim.citations.all()))) for claim in claims]
    return Readiness(blockers(subject), [(claim, reason) for claim, reason in reasons if reason])


def blockers(subject, facts=None):
    """Return the sentences that say why ``subject`` cannot be published. ``facts`` spare the look where they are known."""
    facts = facts or Facts.of([subject])
    found = [
        getattr(subject, "merged_into_id", None)
        and _("It is merged into “%(other)s”; publish that record.") % {"other": subject.merged_into},
        subject.stage == Stage.WITHDRAWN and _("It was withdrawn; reopen it first."),
        subject.hold.strip() and _("It is held back: %(reason)s") % {"reason": subject.hold.strip()},
        subject.access_level != AccessLevel.PUBLIC
        and _("Its access level is “%(level)s”; only public records are published.")
        % {"level": subject.get_access_level_display()},
        not facts.is_named(subject) and _("It has no name. A register number alone is not one."),
        facts.is_mute(subject)
        and _("None of its claims can be published yet: %(reasons)s") % {"reasons": why_mute(subject)},
        isinstance(subject, Monument)
        and subject.kind not in Kind.values
        and _("There is no kind “%(kind)s”.") % {"kind": subject.kind},
    ]
    return [sentence for sentence in found if sentence]


@dataclass(frozen=True)
class Facts:
    """Which of many subjects have a name in words, and which would tell nothing; each known by its table and key."""

    named: set
    mute: set

    @classmethod
    def of(cls, subjects):
        """Look both up, with two queries for each table.

        Mute is a record that is not published yet and has claims, of which readers would see none. Sealed ones do not count:
        whoever publishes may not know of them. One that is published
        already may fall silent: a publication is how readers stop seeing what was restricted since.
        """
        facts = cls(set(), set())
        for model, field in ((Monument, "monument"), (Place, "place")):
            keys = [subject.pk for subject in subjects if isinstance(subject, model)]
            if not keys:
                continue
            names = Name.objects.words().filter(**{f"{field}__in": keys})
            facts.named.update((model, key) for key in names.values_list(field, flat=True))
            own = Claim.objects.filter(**{field: OuterRef("pk")})
            told = own.maintained().exclude(access_level=AccessLevel.SEALED)
            mute = model.objects.filter(Exists(told), ~Exists(own.shown()), pk__in=keys)
            facts.mute.update((model, key) for key in mute.values_list("pk", flat=True))
        return facts

    def is_named(self, subject):
        return (type(subject)._meta.concrete_model, subject.pk) in self.named

    def is_mute(self, subject):
        known = (type(subject)._meta.concrete_model, subject.pk) in self.mute
        return known and subject.stage != Stage.PUBLISHED


def why_mute(subject):
    """Return why readers would see no claim of ``subject``, each reason once."""
    claims = subject.claims.maintained().exclude(access_level=AccessLevel.SEALED)
    return " ".join(sorted({why_hidden(claim) for claim in claims}))


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
        refuse_blocked(batch, by, not_reviewed)
        let_in(batch, by, reason, harm_check, checks)


def refuse_blocked(subjects, by, *rules):
    """Raise Refused with the reasons of the first of ``subjects`` that readers may not have or ``by`` may not publish.

    ``rules``: further functions of (subject, by) that return a sentence or an empty text.
    """
    facts = Facts.of(subjects)
    for subject in subjects:
        found = [may_not_publish(subject, by), *(rule(subject, by) for rule in rules), *blockers(subject, facts)]
        if stop := [sentence for sentence in found if sentence]:
            raise Refused(stop if len(subjects) == 1 else [f"“{subject}”: {sentence}" for sentence in stop])


def note_published(editions, by, reason):
    """Journal that ``editions`` of sources and vocabularies went out: what was written of them is reviewed up to here."""
    if not editions:
        return
    pattern = Journal(at=now(), who=who(by), verb="publish", reason=reason)
    write_alike(
        pattern,
        [{"ref": mint(), "subject_kind": one.subject, "subject_ref": one.ref} for one in editions],
    )


def let_in(subjects, by, reason, harm_check, checks):
    """Move ``subjects`` to the reading room, with review and journal; mark what mentions those that were not there."""
    after = {"stage": str(Stage.PUBLISHED)}
    for model, field in ((Monument, "monument_id"), (Place, "place_id")):
        group = [subject for subject in subjects if isinstance(subject, model)]
        if not group:
            continue
        pattern = verdict(group[0], by, Decision.PUBLISH, reason, harm_check, checks)
        write_alike(pattern, [{"ref": mint(), field: subject.pk} for subject in group])
        for stage in sorted({str(subject.stage) for subject in group}):
            pattern = entry(group[0], "publish", by, reason, {"stage": stage}, after)
            alike = [subject for subject in group if subject.stage == stage]
            write_alike(pattern, [{"ref": mint(), "subject_ref": subject.ref} for subject in alike])
        came_in = [subject for subject in group if subject.stage != Stage.PUBLISHED]
        model.objects.filter(pk__in=[subject.pk for subject in group]).update(stage=Stage.PUBLISHED, changed_at=None)
        for subject in group:
            subject.stage, subject.changed_at = Stage.PUBLISHED, None
        if came_in:
            touch(*came_in)
