"""What the front page of the desk says of imports."""

from dataclasses import dataclass

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.intake.models import Batch, State


@dataclass(frozen=True)
class Waiting:
    """One import that waits, shaped as ``registry.worklist.Waiting``."""

    pk: int
    label: str
    edited_at: object
    said: str
    page: str = "admin:intake_batch_change"


class Imports:
    """Imports that were begun and are not in the register yet."""

    name = "imports"
    title = _("Imports not finished")

    def __init__(self, user):
        seen = user.has_perm("intake.add_batch") or user.has_perm("intake.view_batch")
        open_ones = Batch.objects.exclude(state__in=[State.APPLIED, State.UNDONE]).order_by("made_at", "pk")
        self.rows = open_ones.only("file_name", "made_at", "state", "counts") if seen else open_ones.none()

    def __len__(self):
        return self.rows.count()

    def __getitem__(self, part):
        return [Waiting(one.pk, one.file_name, one.made_at, said(one)) for one in self.rows[part]]


def said(batch):
    """Return in a few words where an import stands."""
    if batch.state != State.PLANNED:
        return State(batch.state).label
    counts = {"new": batch.counts.get("new", 0), "changed": batch.counts.get("changed", 0)}
    return _g("Planned: %(new)d new, %(changed)d changed. Nothing is in the register yet.") % counts
