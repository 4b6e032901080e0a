"""Apply does exactly the plan, some hundred records at a time, each time whole or not at all: stopped and run again, it goes on.

    apply(batch, by=user, follow=print)      batch.state is now "applied"

Raises: Refused where the batch is not planned, or its file is no longer the one that was planned.
"""

import json
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from heritage.intake.building import Builder
from heritage.intake.composing import fault
from heritage.intake.ground import laid_ground
from heritage.intake.mapping import parse
from heritage.intake.models import Batch, Outcome, Row, State
from heritage.intake.planning import Progress, files_of, sha256_of
from heritage.intake.recognising import recognised
from heritage.intake.revising import Reviser
from heritage.intake.writing import Writer
from heritage.registry.affected import together
from heritage.registry.steps import Refused

CHUNK = 500
PENDING = [Outcome.NEW, Outcome.CHANGED]


def apply(batch, by=None, follow=None):
    """Put what ``batch`` plans into the register, as drafts; return it. Raises: Refused."""
    follow = follow or (lambda progress: None)
    mapping = parse(batch.mapping_text, batch.mapping_name)
    refuse_other_file(batch, mapping)
    begin(batch)
    ground = laid_ground(mapping, by)
    applier = Applier(batch, ground, by)
    progress = Progress("records applied", Row.objects.filter(batch=batch, outcome__in=PENDING).count())
    progress.done = already = Row.objects.filter(batch=batch, outcome__in=PENDING, applied=True).count()
    while done := applier.next_chunk():
        progress.done += done
        progress.total = max(progress.total, progress.done)
        follow(progress)
    if not progress.total or progress.done == already:
        follow(progress)
    finish(batch)
    return batch


def refuse_other_file(batch, mapping):
    """Raise Refused where the files of ``batch`` are not what they were when it was planned."""
    files = files_of(batch, mapping)
    missing = [path.name for path in files if not Path(path).is_file()]
    if missing:
        raise Refused([_("%(files)s is no longer where it was planned from.") % {"files": ", ".join(missing)}])
    if sha256_of(*files) != batch.sha256:
        raise Refused([_("“%(file)s” was changed since it was planned. Plan it again.") % {"file": batch.file_name}])


@transaction.atomic
def begin(batch):
    """Mark that ``batch`` is being applied. Raises: Refused."""
    state = Batch.objects.select_for_update().values_list("state", flat=True).get(pk=batch.pk)
    if state not in (State.PLANNED, State.APPLYING):
        raise Refused(
            [_("This import is “%(state)s”; only a planned one is applied.") % {"state": State.label_of(state)}]
        )
    batch.state = State.APPLYING
    batch.save(update_fields=["state"])


@transaction.atomic
def finish(batch):
    refused = Row.objects.filter(batch=batch, outcome=Outcome.REFUSED).count()
    batch.counts["applied"] = Row.objects.filter(batch=batch, applied=True).count()
    batch.counts["refused"] = refused
    batch.state, batch.applied_at = State.APPLIED, timezone.now().replace(microsecond=0)
    batch.save(update_fields=["state", "applied_at", "counts"])


class Applier:
    """Applies the rows of one batch."""

    def __init__(self, batch, ground, by):
        self.batch, self.ground, self.by = batch, ground, by
        self.part_column = ground.mapping.identifier.part
        self.builder, self.writer = Builder(ground), Writer(batch, by)
        self.reviser = Reviser(batch, ground, by)

    @transaction.atomic
    def next_chunk(self):
        """Apply the next rows, all or none; return how many."""
        Batch.objects.select_for_update().get(pk=self.batch.pk)
        waiting = Row.objects.filter(batch=self.batch, outcome__in=PENDING, applied=False).order_by("number")
        rows = list(waiting[:CHUNK])
        if not rows:
            return 0
        changed = self.up_to_date(rows)
        fresh = [row for row in changed if row.outcome == Outcome.NEW]
        records = [(row, self.builder.build(json.loads(row.wanted), row.identifier)) for row in fresh]
        for row in changed:
            row.part = self.part_of(row)
        self.writer.write(records)
        for row, built in records:
            row.monument_id = built.monument.pk
            row.done = json.dumps({"made": True})
        with together():
            mark([row for row in changed if row.outcome == Outcome.NEW or self.revised(row)])
        return len(rows)

    def revised(self, row):
        """Do what the plan says of a changed record; tell whether it could be done. What a verb refuses is told of the row."""
        try:
            with transaction.atomic():
                row.done = json.dumps(self.reviser.revise(row), ensure_ascii=False)
        except Refused as refused:
            refuse(row, " ".join(refused.reasons))
            row.save(update_fields=["faults", "outcome"])
            return False
        return True

    def part_of(self, row):
        cells = row.cells if self.part_column else {}
        return next((cells[name].strip()[:300] for name in self.part_column or () if cells.get(name)), "")

    def up_to_date(self, rows):
        """Return the rows of which the register still is as the plan found it; the others become refused."""
        known = recognised(self.ground.scheme, [row.identifier for row in rows])
        current, stale = [], []
        for row in rows:
            monument, supplied = known.get(row.identifier, (None, None))
            as_planned = monument == row.monument_id and (supplied.digest if supplied else "") == row.base
            is_free = row.outcome != Outcome.NEW or row.identifier not in known
            (current if as_planned and is_free else stale).append(row)
        for row in stale:
            refuse(row, _("The register has changed here since the plan was made."))
        Row.objects.bulk_update(stale, ["faults", "outcome"])
        return current


def refuse(row, reason):
    row.faults = json.dumps([fault("", row.identifier, reason, _("Plan the file again."))], ensure_ascii=False)
    row.outcome = Outcome.REFUSED


def mark(rows):
    """Mark ``rows`` as applied, with what was done."""
    table = connection.ops.quote_name(Row._meta.db_table)
    statement = f"UPDATE {table} SET applied = %s, monument_id = %s, done = %s WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(True, row.monument_id, row.done, row.pk) for row in rows])
