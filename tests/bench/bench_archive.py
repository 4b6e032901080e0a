"""Deposits against ``dumpdata`` and ``loaddata`` of the same rows: ``python -m tests.bench.bench_archive [--monuments 2000]``.

Each step is a process of its own on a SQLite file in a temporary folder. A figure is rows a second by the clock, and by the
processor time of the step in brackets: other programs slow the clock, not the work. ``--database`` takes a register that is
there already (``generate_register --publish``); it is copied, not changed. With ``--ours-only`` Django's two commands, which
take hours for a large register, are left out, for a run beside one that measured them.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench.bench_publication import HOUSE, run

MANAGE = [sys.executable, str(HOUSE / "manage.py")]
TABLES = ["auth.group", "auth.user", "registry", "catalogue.edition", "intake"]
NATURAL = ["--natural-foreign", "--natural-primary", "--format", "jsonl"]
ROWS_ONLY = """
from heritage.archive.exporting import Export
from heritage.archive.shelves import EDITIONS, SHELVES
class Rows(Export):
    def write(self):
        self.editions()
        for shelf in SHELVES:
            if shelf is not EDITIONS:
                self.fixture(shelf)
Rows("full", media=False, site=False).run({out!r})
"""


def main():
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--monuments", type=int, default=2_000)
    chosen.add_argument("--database", help="path of a SQLite register to copy instead of making one")
    chosen.add_argument("--ours-only", action="store_true", help="leave out dumpdata and loaddata")
    chosen.add_argument("--without-pages", action="store_true", help="leave out the public bag with its pages")
    options = chosen.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Bench(Path(folder), options).all()


class Bench:
    """All steps in one folder."""

    def __init__(self, folder, options):
        self.folder, self.options = folder, options
        self.rows = 1

    def url(self, name):
        return f"sqlite:///{self.folder / name}.sqlite3"

    def manage(self, database, *command):
        return run(self.url(database), *MANAGE, *map(str, command))

    def all(self):
        self.make()
        dumped, base = self.folder / "dumped.jsonl", None
        if not self.options.ours_only:
            result = self.manage("first", "dumpdata", *TABLES, *NATURAL, "-o", dumped)
        rows_only = self.manage("first", "shell", "-c", ROWS_ONLY.format(out=str(self.folder / "rows")))
        self.rows = rows_in(self.folder / "rows" / "bag-info.txt")
        print(f"{self.rows:,} rows")
        if not self.options.ours_only:
            base = self.tell("dumpdata", result)
        self.against(base, "editions and fixtures", rows_only)
        bag = self.folder / "bag"
        result = self.manage(
            "first", "export_archive", bag, "--level", "full", "--no-site", "--no-verify", "--no-media"
        )
        self.against(base, "the whole bag without pages", result)
        self.tell("verify_archive", self.manage("first", "verify_archive", bag))
        if not self.options.without_pages:
            self.pages()
        restored = self.fresh("restored", "restore_archive", bag)
        if not self.options.ours_only:
            base = self.tell("loaddata", self.fresh("loaded", "loaddata", dumped))
        self.against(base, "restore_archive", restored)

    def make(self):
        if self.options.database:
            shutil.copyfile(self.options.database, self.folder / "first.sqlite3")
        self.manage("first", "migrate", "-v0")
        if not self.options.database:
            self.manage("first", "generate_register", "--monuments", self.options.monuments, "--publish")

    def fresh(self, name, *command):
        self.manage(name, "migrate", "-v0")
        return self.manage(name, *command)

    def pages(self):
        site = self.folder / "site"
        seconds, used, memory, _said = self.manage("first", "export_archive", site, "--no-verify", "--no-media")
        number = sum(1 for _page in (site / "data" / "site").rglob("*.html"))
        print(
            f"{'pages, with the public bag':28} {number / seconds:10,.0f} pages/s ({number / used:,.0f} by processor time), {memory:,.0f} MB"
        )

    def tell(self, name, result):
        seconds, used, memory, _said = result
        print(
            f"{name:28} {self.rows / seconds:10,.0f} rows/s ({self.rows / used:,.0f} by processor time), {memory:,.0f} MB",
            flush=True,
        )
        return seconds, used

    def against(self, base, name, result):
        seconds, used = self.tell(name, result)
        if base is None:
            return
        print(f"{'':28} {base[0] / seconds:10.1f} times as fast ({base[1] / used:.1f} by processor time)", flush=True)


def rows_in(bag_info):
    """Return how many database rows a bag has, by its ``bag-info.txt``."""
    lines = bag_info.read_text().splitlines()
    return sum(int(line.rpartition(" ")[2]) for line in lines if line.startswith("Heritage-Rows: fixtures/"))


if __name__ == "__main__":
    main()
