"""Where a record is on its way to the reading room, in words."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from heritage.registry.models import Place
from heritage.registry.vocabulary import Decision, Stage


@dataclass(frozen=True)
class Whereabouts:
    """The stage in words, the reviewer's reason for returning it, why it is held back, its public page, and what it became."""

    stage: str
    returned: str = ""
    hold: str = ""
    public_url: str = ""
    merged_into: object = None
    merged_url: str = ""


def whereabouts(subject):
    """Return where ``subject`` is, for the head of its page."""
    published = subject.stage == Stage.PUBLISHED
    address = "place" if isinstance(subject, Place) else "monument"
    survivor = getattr(subject, "merged_into", None)
    return Whereabouts(
        stage_of(subject),
        returned(subject),
        subject.hold.strip(),
        reverse(address, args=[subject.ref]) if published else "",
        survivor,
        reverse(f"admin:registry_{survivor.kind}_change", args=[survivor.pk]) if survivor else "",
    )


def stage_of(subject):
    """Return the stage and what is particular about it, short enough for a list."""
    words = subject.get_stage_display()
    if getattr(subject, "merged_into_id", None):
        return _("%(stage)s, merged") % {"stage": words}
    if subject.stage == Stage.PUBLISHED and subject.changed_at:
        words = _("%(stage)s, changed since") % {"stage": words}
    return _("%(stage)s, held back") % {"stage": words} if subject.hold else words


def returned(subject):
    """Return who sent ``subject`` back, when and why, while that is still to be mended."""
    if subject.stage not in (Stage.DRAFT, Stage.IN_REVIEW) and not subject.changed_at:
        return ""
    last = subject.reviews.first()
    if last is None or last.decision != Decision.RETURN:
        return ""
    day = date_format(last.at, "j F Y")
    return _("Returned by %(who)s on %(day)s: %(why)s") % {"who": last.reviewer_name, "day": day, "why": last.rationale}
