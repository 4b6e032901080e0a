"""Filling an empty register with the invented monuments, batch by batch, through the door that every publication takes.

Each batch is one transaction and leaves a mark in the journal, so that a run that was stopped goes on from the last one.
A second process makes rows and records one batch ahead; this one writes them.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from heritage import record as records
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish
from heritage.registry.models import Actor, Journal, Monument, Name, Place, PlaceMembership, Source, Term
from heritage.registry.rows import insert, values_of
from heritage.registry.steps import COMMAND_LINE, Refused, now
from heritage.registry.synthetic import COLUMNS, TABLES, Monuments, World, monument, values_by_table
from heritage.registry.vocabulary import Stage

BATCH = 1000
VERB = "generate"
POOL = {"actors": Actor, "sources": Source, "places": Place, "memberships": PlaceMembership, "names": Name}
REASON = "Synthetic register for tests of scale"


@dataclass
class Batch:
    """What the second process hands over: column values by table, and of each record (pieces, SHA-256, keys of its sources)."""

    values: dict
    records: list


class Generation:
    """One invented register: what of it is there, and the next batches. Raises Refused where something else is there."""

    def __init__(self, seed, publishing):
        self.seed, self.publishing = seed, publishing
        self.mark = Journal.objects.filter(verb=VERB).first()
        self.done = self.mark.after["monuments"] if self.mark else 0
        self.refuse_others()
        if not Term.objects.exists():
            call_command("loaddata", "vocabularies", verbosity=0)
        self.world = World(seed, {(term.vocabulary, term.code): term for term in Term.objects.woven().values()})

    def refuse_others(self):
        """Raise Refused unless the register is empty, or is this very one and nobody has worked in it."""
        if self.mark is None:
            if any(table.objects.exists() for table in (*POOL.values(), Monument, Journal, Edition)):
                raise Refused(["The register has content of its own. Generate into an empty database."])
            return
        begun = {"seed": self.seed, "published": self.publishing, "monuments": self.done}
        if self.mark.after != begun:
            how = "published" if self.mark.after["published"] else "not published"
            raise Refused(
                [f"This register was generated with --seed {self.mark.after['seed']} and {how}; go on with the same."]
            )
        worked = Journal.objects.exclude(verb__in=[VERB, "publish"]).exists()
        if worked or Monument.objects.count() != self.done:
            raise Refused(["This register was worked in since it was generated. Generate into an empty database."])

    def run(self, total):
        """Yield the number of monuments that are there, after each batch, until there are ``total``."""
        if self.mark is None:
            self.lay_foundation()
        for place in self.world.places:
            place.stage = Stage.PUBLISHED if self.publishing else Stage.DRAFT
        spans = [range(start, min(start + BATCH, total)) for start in range(self.done, total, BATCH)]
        with ahead(Maker(self.world, self.publishing), spans) as batches:
            for span, batch in zip(spans, batches, strict=True):
                self.write(batch, span.stop)
                yield span.stop

    @transaction.atomic
    def lay_foundation(self):
        """Write what all monuments share."""
        for name, model in POOL.items():
            insert(model, values_of(model, getattr(self.world, name)))
        keep_sequences(POOL.values())
        if self.publishing:
            publish(self.world.places, reason=REASON)
        self.set_mark(0)

    @transaction.atomic
    def write(self, batch, done):
        """Write a batch and publish it."""
        for name, values in batch.values.items():
            insert(TABLES[name], values, COLUMNS.get(name))
        keep_sequences(TABLES.values())
        if self.publishing:
            monuments = [monument.of(values) for values in batch.values["monuments"]]
            drafts = {one.ref: self.draft(one, *made) for one, made in zip(monuments, batch.records, strict=True)}
            publish(monuments, reason=REASON, drafts=lambda some: [drafts[one.ref] for one in some])
        self.set_mark(done)

    def draft(self, subject, record, pieces, sha256, sources):
        """Return the draft that the second process made, with the sources of this one."""
        draft = records.Draft(subject, record, {key: self.world.sources[key - 1] for key in sources})
        draft.pieces, draft.content_sha256 = pieces, sha256
        return draft

    def set_mark(self, done):
        after = {"seed": self.seed, "published": self.publishing, "monuments": done}
        about = {"subject_kind": "register", "subject_ref": f"synthetic-{self.seed}"}
        Journal.objects.create(at=now(), who=COMMAND_LINE, verb=VERB, reason=REASON, after=after, **about)


class Maker:
    """Makes batches from the world alone, without the database."""

    def __init__(self, world, publishing):
        self.monuments, self.publishing = Monuments(world), publishing

    def __call__(self, span):
        folders = [self.monuments.dossier(number) for number in span]
        drafts = records.drafted(folders) if self.publishing else ()
        made = [(draft.record, draft.pieces, draft.content_sha256, list(draft.sources)) for draft in drafts]
        return Batch(values_by_table(folders), made)


@contextmanager
def ahead(make, parts):
    """Give an iterator of ``make(part)`` for each of ``parts``, which another process makes one part ahead.

    If either process dies, the other one's end of the pipe breaks and it ends too.
    """
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=send_all, args=(make, parts, receiver, sender), daemon=True)
    process.start()
    sender.close()
    try:
        yield (receiver.recv() for _part in parts)
    finally:
        receiver.close()
        process.join()


def send_all(make, parts, receiver, sender):
    """Send what ``make`` makes of ``parts``. Runs in a process of its own, which must leave the database alone."""
    receiver.close()
    try:
        for part in parts:
            sender.send(make(part))
    except BrokenPipeError:
        return


def keep_sequences(models):
    """Let the database count on from the primary keys that were given."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


__all__ = ["Generation"]
