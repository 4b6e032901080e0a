"""Apply does exactly the plan, some hundred records at a time, each time whole or not at all: stopped and run again, it goes on.

    apply(batch, by=user, follow=print)      batch.state is now "applied"

Raises: Refused where the batch is not planned, or its file is no longer the one that was planned.
"""

import json

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from heritage.intake.beside import lacking
from heritage.intake.building import Builder
from heritage.intake.composing import fault
from heritage.intake.ground import laid_ground
from heritage.intake.mapping import MappingFaulty, parse
from heritage.intake.models import Batch, Outcome, Row, State, Supplied
from heritage.intake.numbering import taken_since
from heritage.intake.planning import Progress, files_of, sha256_of
from heritage.intake.recognising import keys_closed_to, recognised
from heritage.intake.revising import Reviser
from heritage.intake.uploads import main_file
from heritage.intake.writing import Writer
from heritage.registry.locking import hold_for_edit
from heritage.registry.rows import stored_rows
from heritage.registry.steps import Refused

CHUNK = 500
PENDING = [Outcome.NEW, Outcome.CHANGED]


def apply(batch, by=None, follow=None):
    """Put what ``batch`` plans into the register, as drafts; return it. Raises: Refused."""
    follow = follow or (lambda progress: None)
    try:
        mapping = parse(batch.mapping_text, batch.mapping_name)
    except MappingFaulty as faulty:
        told = _("The mapping cannot be used any more, so nothing was applied. Mend it and plan the import again.")
        raise Refused([told, *faulty.faults]) from faulty
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
    missing = lacking(main_file(batch).parent, mapping)
    missing += [] if main_file(batch).is_file() else [main_file(batch).name]
    if missing:
        raise Refused([_("%(files)s is no longer where it was planned from.") % {"files": ", ".join(missing)}])
    files = files_of(batch, mapping)
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
    batch.counts["waiting"] = batch.counts["applied"]
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
        self.last = 0  # key of the row up to which all are done; keys are in the order of the file

    @transaction.atomic
    def next_chunk(self):
        """Apply the next rows, all or none; return how many."""
        hold_for_edit()
        Batch.objects.select_for_update().get(pk=self.batch.pk)
        waiting = Row.objects.filter(batch=self.batch, outcome__in=PENDING, applied=False, pk__gt=self.last)
        rows = of_different_monuments(stored_rows(Row, waiting.order_by("pk")[:CHUNK]))
        if not rows:
            return 0
        self.last = rows[-1].pk
        current = self.up_to_date(rows)
        for row in current:
            row.part = self.part_of(row)
        self.register([row for row in current if row.outcome == Outcome.NEW])
        changed = [row for row in current if row.outcome == Outcome.CHANGED]
        refused = self.reviser.revise(changed)
        refuse([row for row in changed if row.pk in refused], refused)
        mark([row for row in current if row.pk not in refused])
        return len(rows)

    def register(self, rows):
        """Enter new records."""
        records = [(row, self.builder.build(json.loads(row.wanted), row.identifier)) for row in rows]
        self.writer.write(records)
        for row, built in records:
            row.monument_id = built.monument.pk
            row.done = json.dumps({"made": True})

    def part_of(self, row):
        cells = row.cells if self.part_column else {}
        return next((cells[name].strip()[:300] for name in self.part_column or () if cells.get(name)), "")

    def up_to_date(self, rows):
        """Return the rows of which the register still is as the plan found it; the others become refused."""
        identifiers = [row.identifier for row in rows]
        held = Supplied.objects.filter(scheme=self.ground.scheme, identifier__in=identifiers).select_for_update()
        list(held.values_list("pk"))
        known = recognised(self.ground.scheme, identifiers)
        self.closed = keys_closed_to(self.by)
        current, stale = [], []
        for row in rows:
            monument, row.known = known.get(row.identifier, (None, None))
            as_planned = monument == row.monument_id and (row.known.digest if row.known else "") == row.base
            is_free = row.outcome != Outcome.NEW or row.identifier not in known
            is_open = row.monument_id not in self.closed
            (current if as_planned and is_free and is_open else stale).append(row)
        told = _("The register has changed here since the plan was made.")
        taken = taken_since(current) if self.ground.mapping.number else set()
        stale += [row for row in current if row.pk in taken]
        current = [row for row in current if row.pk not in taken]
        refuse(stale, dict.fromkeys((row.pk for row in stale), told))
        return current


def of_different_monuments(rows):
    """Return the first of ``rows``, up to one that is about the same monument as an earlier one."""
    found, met = [], set()
    for row in rows:
        if row.monument_id in met:
            break
        found.append(row)
        met |= {row.monument_id} - {None}
    return found


def refuse(rows, reasons):
    """Store that ``rows`` are refused; ``reasons`` are by their key."""
    for row in rows:
        told = fault("", row.identifier, reasons[row.pk], _("Plan the file again."))
        row.faults, row.outcome = json.dumps([told], ensure_ascii=False), Outcome.REFUSED
    Row.objects.bulk_update(rows, ["faults", "outcome"])


def mark(rows):
    """Mark ``rows`` as applied, with what was done."""
    table = connection.ops.quote_name(Row._meta.db_table)
    statement = f"UPDATE {table} SET applied = %s, monument_id = %s, done = %s WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(True, row.monument_id, row.done, row.pk) for row in rows])
