"""Putting a bag back into an empty database: a working desk from a full one, a read-only register from a public one.

Everything is one transaction: a run that is killed or refused leaves the database as empty as it was.
"""

import csv
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.exceptions import SuspiciousOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.utils import OperationalError, ProgrammingError
from django.utils.translation import gettext as _

from heritage.archive import held
from heritage.archive.cleansing import CLEANSED
from heritage.archive.columns import Keys
from heritage.archive.loading import Loader
from heritage.archive.reading import measured, unwatched
from heritage.archive.shelves import EDITIONS, SHELVES
from heritage.archive.snapshot import hold_little
from heritage.archive.verifying import Trust, verified
from heritage.catalogue.generation import lean
from heritage.catalogue.publish import rebuild
from heritage.registry.steps import Refused


class Restoration:
    """One bag on its way back. ``watch(what, number, total)`` is told of every batch."""

    def __init__(self, held_open, path, previous=None, trust=Trust(), watch=unwatched):  # noqa: B008
        """``path``: a folder or packed file; ``held_open``: the ``ExitStack`` that keeps it unpacked. Raises: Refused."""
        self.watch, self.held_open = watch, held_open
        self.written = []
        refuse_content()
        found = verified(held_open, path, trust, previous, watch)
        if not found.valid:
            raise Refused([_("The bag is not as it was made, so nothing is restored."), *found.faults.sentences()])
        if found.since:
            raise Refused([_("The bag adds to another one. Name that one too, with --previous.")])
        self.folder, self.level = found.bag.folder, found.level
        self.has_files = found.bag.value("Heritage-Media") == "held files"
        self.prefix = "full-" if self.level == "full" else ""
        self.rows = found.counts
        self.blanked = Counter()  # values of the bag that were not taken over, by column

    def run(self):
        """Write everything. Raises: Refused, with nothing stored."""
        hold_little()
        try:
            with lean(), transaction.atomic(), checked_at_once():
                keys = Keys()
                for shelf in SHELVES if self.level == "full" else [EDITIONS]:
                    self.load(shelf, keys)
                self.files()
                rebuild(lambda number, total: self.watch("index", number, total))
        except BaseException:
            for name in self.written:
                default_storage.delete(name)
            raise

    def load(self, shelf, keys):
        name = f"data/fixtures/{self.prefix}{shelf.name}.jsonl"
        path = self.folder / name
        if not path.is_file():  # the bag verifies, so the table was empty
            return

        def opened():
            with path.open(encoding="utf-8", newline="\n") as lines:
                yield from lines

        rows = self.rows[name.removeprefix("data/")]
        loader = Loader(shelf, name, opened, keys, lambda number: self.watch(shelf.label, number, rows))
        loader.load()
        self.blanked.update({f"{shelf.label}.{column}": number for column, number in loader.blanked.items()})

    def files(self):
        """Put the held files where the register looks for them."""
        if not self.has_files:
            return
        if self.level == "full":
            for item in held.held().iterator():
                name = f"data/media/full-{item.sha256}.{held.ending(item.file.name)}"
                if not (self.folder / name).is_file():
                    raise Refused(
                        [
                            _("Media item %(ref)s: its file %(file)s is not in the bag.")
                            % {"ref": item.ref, "file": name}
                        ]
                    )
                self.keep(item.file.name, self.folder / name)
            return
        table = self.folder / "data" / "tables" / "media.csv"
        with table.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows):
                if row["file"]:
                    path = self.folder / "data" / row["file"]
                    own, suffix = path.name.split(".")
                    # bags of earlier versions give the hash of the original: of their copies new ones are made
                    key = row["ref"] if row["sha256"] == own else row["sha256"]
                    self.keep_copy(f"{key}.{own}.{suffix}", path)
                elif row["file_note"] and row["media_type"] in CLEANSED:
                    self.keep_note(row["ref"], row["file_note"].encode())

    def keep_copy(self, name, path):
        """Keep a public copy, whose name comes from the bag."""
        if not held.KEPT.match(name):
            raise Refused([_("“%(name)s” is not a place for a file in the store.") % {"name": name[:200]}])
        self.keep(f"{held.PUBLISHED}/{name}", path)

    def keep_note(self, ref, note):
        """Keep why the bag has no copy of a file, since the next bag says the same."""
        path = Path(self.held_open.enter_context(TemporaryDirectory())) / "note"
        path.write_bytes(note)
        self.keep_copy(f"{ref}.{held.sha256_of(note)}.{held.NOTE}", path)

    def keep(self, name, path):
        """Copy ``path`` into the store as ``name``. What is there already must be the same."""
        try:
            if default_storage.exists(name):
                with default_storage.open(name) as there:
                    if not same(there, path):
                        raise Refused(
                            [_("The store holds another file as %(name)s. Restore into an empty one.") % {"name": name}]
                        )
                return
            with path.open("rb") as content:
                stored = default_storage.save(name, File(content))
        except SuspiciousOperation as outside:
            raise Refused([_("“%(name)s” is not a place for a file in the store.") % {"name": name[:200]}]) from outside
        self.written.append(stored)
        if stored != name:
            raise Refused([_("The store does not take a file as “%(name)s”.") % {"name": name[:200]}])


def same(there, path):
    return held.sha256_of(there.read()) == measured(path)[1]


def refuse_content():
    """Raise Refused unless every table that a bag fills is there and empty."""
    try:
        full = [shelf.model._meta.verbose_name_plural for shelf in SHELVES if shelf.rows().exists()]
    except (OperationalError, ProgrammingError) as missing:
        raise Refused([_("The database has no tables of this register yet. Run manage.py migrate first.")]) from missing
    if full:
        listed = ", ".join(str(name) for name in full)
        raise Refused([_("The database is not empty (%(tables)s). Restore into an empty one.") % {"tables": listed}])


@contextmanager
def checked_at_once():
    """Let PostgreSQL check references as rows come, instead of keeping a list of millions of checks for the end."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # for whatever else the transaction does


__all__ = ["Restoration"]
