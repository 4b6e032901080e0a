"""What the front page of the desk says of imports."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from heritage.intake.admin.seen import subtract_sealed
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
    """Imports that are not in the register yet, and those of which readers do not have all."""

    name = "imports"
    title = _("Imports not finished")

    def __init__(self, user):
        self.user = user
        seen = user.has_perm("intake.add_batch") or user.has_perm("intake.view_batch")
        begun = ~Q(state__in=[State.APPLIED, State.UNDONE])
        found = (
            Batch.objects.filter(begun | Q(state=State.APPLIED, counts__waiting__gt=0))
            if seen
            else Batch.objects.none()
        )
        self.rows = found.order_by("made_at", "pk").only("file_name", "made_at", "state", "counts")

    def __len__(self):
        return self.rows.count()

    def __getitem__(self, part):
        found = list(self.rows[part])
        subtract_sealed(found, self.user)
        return [Waiting(one.pk, one.file_name, one.made_at, said(one)) for one in found]


def said(batch):
    """Return in a few words where an import stands."""
    if batch.state == State.APPLIED:
        number = batch.counts["waiting"]
        told = ngettext("Readers do not have %(n)d record yet.", "Readers do not have %(n)d records yet.", number)
        return told % {"n": number}
    if batch.state == State.NEW:
        return _g("The file is here; there is no plan yet.")
    if batch.state != State.PLANNED:
        return State(batch.state).label
    counts = {"new": batch.counts.get("new", 0), "changed": batch.counts.get("changed", 0)}
    return _g("Planned: %(new)d new, %(changed)d changed. Nothing is in the register yet.") % counts
