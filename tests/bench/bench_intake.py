"""Rows a second through an import: ``python -m tests.bench.bench_intake [--rows 200000] [--baseline 5000] [--database URL]``.

A list of invented monuments (name, position, type, dated condition) is planned and applied by ``import_monuments``; records have
two names, a position, a status claim and its citation, journal entries, and the row as it came. In the same run Django's own
``loaddata`` loads the first ``--baseline`` of the very same records, as the import left them in the register, into an empty
database. CPU time is given beside the clock's, since other programs slow the clock, not the work.
"""

import argparse
import csv
import random
import sys
import tempfile
from pathlib import Path

from tests.bench.bench_publication import run as run_on

PARTS = ["ba", "ko", "ri", "ta", "mu", "le", "na", "shi", "vo", "gra", "del", "par", "min", "sol"]
KINDS, CONDITIONS = ["church", "bridge", "fort"], ["good", "fair", "bad"]
MAPPING = """
[supplier]
name = "Synthetic Office"
kind = "state_body"
source = "Synthetic list"
licence = "CC0"
attribution = "Nobody"
[identifier]
scheme = "Synthetic list"
column = "id"
[record]
label = "{name}"
types = { column = "type", words = { church = "church", bridge = "bridge", fort = "fortress" } }
[[name]]
text = "{name}"
language = "en"
kind = "official"
[position]
latitude = "lat"
longitude = "lon"
[[observation]]
value = { column = "condition", words = { good = "intact", fair = "minor_damage", bad = "major_damage" } }
date = "seen"
"""
DUMP = """
import django; django.setup()
from django.core import serializers
from heritage.registry.models import *
monuments = Monument.objects.order_by("pk")[:{rows}]
keys = [one.pk for one in monuments]
claims = Claim.objects.filter(monument__in=keys)
cited = Citation.objects.filter(claim__in=claims)
def rows():
    yield from Actor.objects.all(); yield from Source.objects.all(); yield from monuments
    for table in (Name, Location):
        yield from table.objects.filter(monument__in=keys)
    yield from claims; yield from Status.objects.filter(monument__in=keys); yield from cited
    refs = [one.ref for one in monuments] + list(claims.values_list("ref", flat=True))
    yield from Journal.objects.filter(subject_ref__in=refs)
with open({path!r}, "w") as file:
    serializers.serialize("jsonl", rows(), stream=file)
"""


def write_list(path, rows):
    """Write the list of ``rows`` invented monuments, always the same."""
    choose = random.Random(7)
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["id", "name", "type", "lat", "lon", "condition", "seen"])
        for n in range(rows):
            name = "".join(choose.choice(PARTS) for _part in range(4)).capitalize()
            place = [f"{choose.uniform(-60, 60):.6f}", f"{choose.uniform(-170, 170):.6f}"]
            seen = f"20{choose.randint(10, 24)}-0{choose.randint(1, 9)}-1{choose.randint(0, 9)}"
            kind, condition = choose.choice(KINDS), choose.choice(CONDITIONS)
            lines.writerow([f"{n:07}", f"{name} {kind}", kind, *place, condition, seen])


def run(url, what, rows, *command):
    """Run a command on the database ``url`` and tell its rate, its CPU time and its peak memory."""
    passed, used, memory, _said = run_on(url, sys.executable, *command)
    if what:
        print(
            f"{what:<34} {rows / passed:>7,.0f} rows a second, {used / rows * 1e6:>6,.0f} µs of CPU each, {memory:,.0f} MB",
            flush=True,
        )
    return rows / passed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--baseline", type=int, default=5_000)
    parser.add_argument(
        "--database", metavar="URL", help="an empty database; without it a SQLite file in a temporary folder"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        url, stock = asked.database or f"sqlite:///{folder / 'import'}", f"sqlite:///{folder / 'stock'}"
        for database in (url, stock):
            run(database, "", 1, "manage.py", "migrate", "-v0")
            run(database, "", 1, "manage.py", "loaddata", "-v0", "vocabularies")
        (folder / "how.toml").write_text(MAPPING)
        write_list(folder / "list.csv", asked.rows)
        told = ["manage.py", "import_monuments", str(folder / "list.csv"), "--mapping", str(folder / "how.toml")]
        run(url, "plan", asked.rows, *told)
        ours = run(url, "apply the plan", asked.rows, *told, "--apply")
        run(url, "plan the same file again", asked.rows, *told)
        dump = str(folder / "rows.jsonl")
        run(url, "", 1, "-c", DUMP.format(rows=asked.baseline, path=dump))
        theirs = run(stock, "loaddata of the same records", asked.baseline, "manage.py", "loaddata", "-v0", dump)
        print(f"apply is {ours / theirs:.1f} times as fast as loaddata, which checks nothing")


if __name__ == "__main__":
    main()
