"""The plan: read everything, store nothing in the register, and say row by row what would happen.

    batch = begin("list.csv", "quebec", by=user, choices={"sheet": "Data"})
    plan(batch, follow=print)          batch.state is now "planned" or "refused"

``batch.counts``: read, new, changed, same, vanished, repeated, refused, joined, blank, possible_duplicates.
``batch.report``: ``problems`` (sentences, of a refused file), ``unmapped`` ({place: {word: how often}}), ``changed_fields``
({field: how often}), ``repeated`` ([{identifier, rows}], the first hundred), ``unused`` (tables beside the file: rows that
belong to no record), ``columns_unused`` (columns that the mapping does not read), ``seconds``.
"""

import hashlib
import time
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from heritage.intake import schema
from heritage.intake.beside import Beside, files_beside
from heritage.intake.checking import Template
from heritage.intake.composing import Composer
from heritage.intake.file_names import file_in
from heritage.intake.fitting import validate
from heritage.intake.ground import planned_ground
from heritage.intake.mapping import MappingFaulty, parse, text_at
from heritage.intake.models import Batch, Row, State
from heritage.intake.preparing import Preparer
from heritage.intake.readers import Choices, Unreadable, open_table
from heritage.intake.settling import settle
from heritage.intake.sifting import Sifting
from heritage.intake.uploads import main_file
from heritage.registry.rows import insert
from heritage.registry.second_hand import Ended, may_begin, second_hand
from heritage.registry.steps import Refused, who

CHUNK = 1000
MOST_ABOVE = 1_000_000  # rows above the header and itself
LARGE = 500_000  # bytes of a file for which a second process is worth beginning
COLUMNS = (
    "batch_id", "number", "line", "identifier", "label", "outcome", "part_of", "monument_id",
    "raw", "wanted", "base", "changes", "faults", "remarks", "applied", "done",
)  # fmt: skip


class Progress:
    """How far a long work is: ``done`` of ``total`` (None: not known), its ``rate`` a second, and the seconds ``left``."""

    def __init__(self, what, total=None):
        self.what, self.total, self.done, self.began = what, total, 0, time.monotonic()

    @property
    def rate(self):
        return self.done / max(time.monotonic() - self.began, 1e-6)

    @property
    def left(self):
        return None if not self.total or not self.done else (self.total - self.done) / self.rate


def begin(path, mapping_name, by=None, choices=None, mapping_text=None, file_name=None):
    """Return a new batch for the file at ``path``, stored, not planned. Raises: MappingFaulty where there is no such mapping."""
    text = text_at(mapping_name) if mapping_text is None else mapping_text
    return Batch.objects.create(
        mapping_name=Path(mapping_name).stem if mapping_name.endswith(".toml") else mapping_name,
        mapping_text=text,
        file_name=file_name or Path(path).name,
        path=str(Path(path).resolve()),
        choices=choices or {},
        made_by=by,
        who=who(by),
    )


def plan(batch, follow=None):
    """Plan ``batch`` and return it, planned or refused with its reasons. ``follow`` is told of a ``Progress`` now and then."""
    began = time.monotonic()
    if batch.state not in (State.NEW, State.PLANNING, State.PLANNED, State.REFUSED):
        raise Refused([_("This import is applied already; plan the file anew as another one.")])
    clear(batch)
    try:
        Planner(batch, follow or (lambda progress: None)).run()
    except MappingFaulty as faulty:
        refuse(batch, faulty.faults)
    except Unreadable as unreadable:
        refuse(batch, [str(unreadable)])
    except Refused as refused:
        refuse(batch, refused.reasons)
    batch.report["seconds"] = round(time.monotonic() - began, 2)
    batch.planned_at = timezone.now().replace(microsecond=0)
    batch.save()
    return batch


def clear(batch):
    """Make ``batch`` as if it never had been planned."""
    Row.objects.filter(batch=batch).delete()
    batch.state, batch.counts, batch.report, batch.found = State.PLANNING, {}, {}, {}
    batch.save()


def refuse(batch, reasons):
    Row.objects.filter(batch=batch).delete()
    batch.state, batch.counts, batch.report = State.REFUSED, {}, {"problems": [str(reason) for reason in reasons]}


def choices_of(batch, mapping):
    """Return the ``Choices`` for a batch: what a person chose stands before what the mapping says."""
    return choices_from(batch.chosen, mapping.choices)


def choices_from(given, otherwise=None):
    """Return the ``Choices`` of a batch as they are stored; what is missing, or no text or row, is as in ``otherwise``."""
    otherwise = otherwise or Choices()
    known = {name: given.get(name) for name in Choices.__dataclass_fields__}
    kept = {name: value for name, value in known.items() if value and type(value) is type(getattr(otherwise, name))}
    if not 1 <= kept.get("header", 1) <= MOST_ABOVE:
        del kept["header"]
    return replace(otherwise, **kept)


def sha256_of(*paths):
    """Return the SHA-256 of a file, or of several one after the other."""
    whole = hashlib.sha256()
    for path in paths:
        with Path(path).open("rb") as file:
            while piece := file.read(1 << 20):
                whole.update(piece)
    return whole.hexdigest()


def files_of(batch, mapping):
    """Return the paths of all files of a batch: the main one, then the tables beside it. Raises: Unreadable."""
    main = main_file(batch)
    return [main, *(file_in(main.parent, name, "The mapping names it.") for name in files_beside(mapping))]


class Planner:
    """Plans one batch."""

    def __init__(self, batch, follow):
        self.batch, self.follow = batch, follow
        self.mapping = parse(batch.mapping_text, batch.mapping_name)
        self.unmapped, self.used = defaultdict(Counter), defaultdict(set)

    def run(self):
        batch, mapping = self.batch, self.mapping
        table = open_table(main_file(batch), choices_of(batch, mapping))
        if faults := validate(mapping, table.columns):
            raise MappingFaulty(faults)
        beside = Beside(mapping, main_file(batch).parent) if mapping.lookup or mapping.media or mapping.join else None
        files = files_of(batch, mapping)
        batch.sha256, batch.size = sha256_of(*files), files[0].stat().st_size
        batch.found = table.found | {"columns": table.columns}
        batch.save()
        self.composer = Composer(mapping, beside)
        self.preparer = Preparer(planned_ground(mapping, batch.made_by), self.composer)
        self.sifting = Sifting(batch, mapping)
        self.read(table)
        with transaction.atomic():
            settle(self.sifting, self.preparer)
        if sha256_of(*files) != batch.sha256:
            raise Unreadable(f"{batch.file_name} was changed while it was read.", mend="Plan it again.")
        self.conclude(table, beside)

    def read(self, table):
        """Prepare and sift all rows, a chunk at a time."""
        progress = Progress("rows read")
        for prepared in self.prepared(self.chunks(table)):
            self.take(*prepared)
            progress.done = self.sifting.read
            progress.total = table.estimate(progress.done)
            self.follow(progress)
        progress.total = progress.done
        self.follow(progress)

    def chunks(self, table):
        groups = self.groups(table)
        while chunk := list(islice(groups, CHUNK)):
            yield chunk

    def prepared(self, chunks):
        """Yield what is prepared of each chunk, in their order; of a large file a second process prepares every other one."""
        asks_database = self.mapping.source  # references are looked for in the register
        if asks_database or self.batch.size < LARGE or not may_begin():
            yield from map(self.preparer, chunks)
            return
        try:
            with second_hand(self.preparer) as hand:
                for own in chunks:
                    other = next(chunks, None)
                    if other:
                        hand.give(other)
                    yield self.preparer(own)
                    if other:
                        yield hand.taken()
        except Ended as ended:
            raise Refused([_("The second process, which reads with this one, has ended. Plan it again.")]) from ended

    def groups(self, table):
        """Yield lists of rows that follow one another and make one record."""
        group, current = [], None
        joining = self.mapping.identifier.repeated == "join"
        for line in table:
            identifier = self.composer.identifier(line.cells)
            continues = self.mapping.file.continues and not identifier and not line.fault
            if group and (continues or (joining and identifier and identifier == current)):
                group.append(line)
                continue
            if group:
                yield group
            group, current = [line], identifier
        if group:
            yield group

    def take(self, prepared, unmapped, used):
        """Store what is planned for some prepared records, and what was found on the way (see ``Preparer``)."""
        with transaction.atomic():
            insert(Row, COLUMNS, self.sifting.sift(prepared), together=connection.vendor != "sqlite")
            self.sifting.compare_with_others()
        for place, words in unmapped.items():
            self.unmapped[place].update(words)
        for table, keys in used.items():
            self.used[table] |= keys

    def conclude(self, table, beside):
        """Write down the numbers and what concerns the whole file."""
        batch, sifting = self.batch, self.sifting
        if not sifting.read:
            raise Unreadable(f"{batch.file_name} has a header but no rows.", mend="Check that it is the right file.")
        batch.counts = sifting.counts()
        batch.report = {
            "unmapped": {place: dict(words) for place, words in self.unmapped.items()},
            "changed_fields": dict(sifting.changed_fields),
            "repeated": sifting.repetitions()[:100],
            "unused": [{"file": file, "key": key, "rows": n} for file, key, n in beside.unused(self.used)][:100]
            if beside
            else [],
            "columns_unused": sorted(set(table.columns) - columns_read(self.mapping)),
        }
        batch.state = State.PLANNED


def columns_read(mapping):
    """Return the names of the columns that a mapping reads."""
    read = set()
    tables = [getattr(mapping, name) for name in schema.TABLES] + [
        r for name in schema.LISTS for r in getattr(mapping, name)
    ]
    for rules in tables:
        if rules.get("file") and "value" not in rules:
            continue  # the columns of another table
        for name, value in rules.items():
            read |= named(name, value)
    return read


def named(name, value):
    """Return the columns that one value of a mapping names."""
    if isinstance(value, dict):
        return {column for key, part in value.items() for column in named(key, part)}
    if not isinstance(value, tuple):
        return {value} if name == "column" and isinstance(value, str) else set()
    texts = {one for one in value if isinstance(one, str)}
    return texts | {
        column for one in value if isinstance(one, Template) for columns in one.columns for column in columns
    }


__all__ = ["Progress", "begin", "files_of", "plan", "sha256_of"]
