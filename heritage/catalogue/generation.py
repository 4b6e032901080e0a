"""Filling an empty register with the invented monuments, batch by batch, through the door that every publication takes.

Each batch is one transaction and leaves a mark in the journal, so that a run that was stopped goes on from the last one.
A second process makes rows and records one batch ahead; this one writes them.
"""

import gc
import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from heritage import record as records
from heritage.catalogue.models import Edition
from heritage.catalogue.proofs import proof
from heritage.catalogue.publish import publish
from heritage.registry.dossier import in_batches
from heritage.registry.models import Actor, Journal, Monument, Name, Place, PlaceMembership, Source, Term
from heritage.registry.rows import insert
from heritage.registry.second_hand import Ended, second_hand
from heritage.registry.steps import COMMAND_LINE, Refused, now
from heritage.registry.synthetic import Monuments, World, monument, values_by_table, whole
from heritage.registry.vocabulary import Stage

BATCH = 400  # of 1,000 the two processes hold some 50 MB more, and are no faster
AT_ONCE = 100  # dossiers in hand; what becomes of them takes far less memory
WRITTEN_AHEAD = 32_768  # pages of 4 kB
LOOKED_AT = 1000  # rows of an index that SQLite looks at; without a limit it reads the whole register
VERB = "generate"
POOL = {"actors": Actor, "sources": Source, "places": Place, "memberships": PlaceMembership, "names": Name}
REASON = "Synthetic register for tests of scale"


@dataclass
class Batch:
    """What the second process hands over: (label of a table, columns, values), monuments first; proofs, each with the keys of its sources."""

    tables: list
    proofs: list


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
            worked = Journal.objects.of_records().exists()
            if worked or any(table.objects.exists() for table in (*POOL.values(), Monument, Edition)):
                raise Refused(["The register has content of its own. Generate into an empty database."])
            return
        begun = {"seed": self.seed, "published": self.publishing, "monuments": self.done}
        if self.mark.after != begun:
            how = "published" if self.mark.after["published"] else "not published"
            raise Refused(
                [f"This register was generated with --seed {self.mark.after['seed']} and {how}; go on with the same."]
            )
        worked = Journal.objects.of_records().exclude(verb__in=[VERB, "publish"]).exists()
        if worked or Monument.objects.count() != self.done:
            raise Refused(["This register was worked in since it was generated. Generate into an empty database."])

    def run(self, total):
        """Yield the number of monuments that are there, after each batch, until there are ``total``."""
        if self.mark is None:
            self.lay_foundation()
        for place in self.world.places:
            place.stage = Stage.PUBLISHED if self.publishing else Stage.DRAFT
        spans = [range(start, min(start + BATCH, total)) for start in range(self.done, total, BATCH)]
        try:
            with lean(), second_hand(Maker(self.world, self.publishing)) as hand:
                for number, (span, batch) in enumerate(zip(spans, hand.ahead(spans), strict=True)):
                    self.write(batch, span.stop)
                    if number % 10 == 9:
                        gc.collect()
                    yield span.stop
        except Ended as ended:
            raise Refused(["The process that makes the rows has ended; run the command again to go on."]) from ended
        self.take_stock()

    def take_stock(self):
        """Let the database count what is there now, so that it chooses its ways through full tables and not through empty ones."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
            cursor.execute("ANALYZE")

    @transaction.atomic
    def lay_foundation(self):
        """Write what all monuments share."""
        self.write_rows([whole(model, getattr(self.world, name)) for name, model in POOL.items()])
        if self.publishing:
            publish(self.world.places, reason=REASON)
        self.set_mark(0)

    @transaction.atomic
    def write(self, batch, done):
        """Write a batch and publish it."""
        self.write_rows(batch.tables)
        if self.publishing:
            subjects = [monument.of(values) for values in batch.tables[0][-1]]
            drafts = {one.ref: self.draft(one, *made) for one, made in zip(subjects, batch.proofs, strict=True)}
            proofs = {made.edition.ref: made for made, _sources in batch.proofs}
            publish(subjects, reason=REASON, drafts=lambda some: [drafts[one.ref] for one in some], proofs=proofs)
        self.set_mark(done)

    def draft(self, subject, made, sources):
        return DraftOf(subject, made.edition, {key: self.world.sources[key - 1] for key in sources})

    def write_rows(self, tables):
        models = [apps.get_model(label) for label, _names, _values in tables]
        for model, (_label, names, values) in zip(models, tables, strict=True):
            insert(model, names, values)
        with connection.cursor() as cursor:  # the database counts on from the primary keys that were given
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)

    def set_mark(self, done):
        after = {"seed": self.seed, "published": self.publishing, "monuments": done}
        about = {"subject_kind": "register", "subject_ref": f"synthetic-{self.seed}"}
        Journal.objects.create(at=now(), who=COMMAND_LINE, verb=VERB, reason=REASON, after=after, **about)


class DraftOf(records.Draft):
    """The draft that an edition was made of; its record is decoded only if someone asks for it."""

    def __init__(self, subject, edition, sources):
        self.subject, self.text, self.sources = subject, edition.record, sources
        self.ref, self.content_sha256 = edition.ref, edition.content_sha256

    @cached_property
    def record(self):
        return {key: value for key, value in json.loads(self.text).items() if key not in records.ADDED}


class Maker:
    """Makes batches from the world alone, without the database."""

    def __init__(self, world, publishing):
        self.monuments, self.publishing = Monuments(world), publishing
        self.described = {}

    def __call__(self, span):
        moment, tables, proofs = now(), {}, []
        for numbers in in_batches(span, AT_ONCE):
            folders = [self.monuments.dossier(number) for number in numbers]
            drafts = records.drafted(folders, self.described) if self.publishing else ()
            proofs += [(proof(draft, 1, "publish", moment), list(draft.sources)) for draft in drafts]
            for label, names, values in values_by_table(folders):
                tables.setdefault(label, (label, names, []))[-1].extend(values)
        return Batch(list(tables.values()), proofs)


def hold_no_file():
    """Let SQLite keep neither the register's file in memory nor what it needs to undo a statement, which grows with it.

    It copies what it has written into the register less often, too, since batch after batch changes the same pages. For
    processes of their own: the connection stays so.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:  # within a transaction it takes no such orders
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size = 0")
            cursor.execute("PRAGMA temp_store = FILE")
            cursor.execute(f"PRAGMA wal_autocheckpoint = {WRITTEN_AHEAD}")


@contextmanager
def lean():
    """Hold no file in memory and look for circles of garbage only between batches: they hold a million objects, all in use."""
    hold_no_file()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


__all__ = ["Generation"]
