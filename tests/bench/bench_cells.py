"""Milliseconds of a view of the map: ``DATABASE_URL=… python -m tests.bench.bench_cells 10000 1000000``.

The rows of a synthetic index are written straight into an empty, migrated scratch database, then more of them up to each
size; settlements are of very unequal size. Beside the views: what it costs to count a batch of 500 entries in. On SQLite
the time is that of the processor, whatever else the machine does; on PostgreSQL, which is another process, that of the clock.
"""

import json
import os
import random
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402

from heritage.catalogue import cells, tallies  # noqa: E402
from heritage.catalogue.grid import key  # noqa: E402
from heritage.catalogue.models import Edition, Entry, EntryTerm  # noqa: E402
from heritage.public.map import Overview  # noqa: E402

TYPES = ["church", "mosque", "cemetery", "house", "bridge", "fortress", "mill", "spring", "school", "museum"]
CONDITIONS = ["", "intact", "damaged", "minor_damage", "major_damage", "destroyed", "ruined", "under_works", "unknown"]
KINDS = ["monument", "cemetery", "site", "collection"]
BATCH = 500
TIMES = 15
DENSE = (46.75, 39.76)
ZOOMS = (3, 8, 14)
QUESTIONS = {
    "everything": "",
    "kind, condition (ready)": "kind=monument&condition=destroyed&condition=damaged",
    "type, condition (ready)": "type=church&condition=destroyed",
    "rare place (live)": "place=rare",
    "common place (live)": "place=common",
    "two types (live)": "type=church&type=mosque",
    "image (live)": "has=image",
    "contested (live)": "contested=true",
    "last seen before (live)": "documented_before=2020",
    "past day (live)": "on=2026-01-02",
}


def clock():
    return time.process_time() if connection.vendor == "sqlite" else time.perf_counter()


def settlements(draw, count=3000):
    return [(draw.uniform(38.5, 41.5), draw.uniform(43.5, 49.5)) for _ in range(count)]


def fill(first, size, draw, places):
    """Write the rows of entries ``first`` to ``size``; return the milliseconds a batch took to be counted in."""
    moment = timezone.now().replace(year=2026, month=1, day=1)
    took = []
    for start in range(first, size, BATCH):
        numbers = range(start + 1, start + BATCH + 1)
        with transaction.atomic():
            Edition.objects.bulk_create(edition(number, moment) for number in numbers)
            Entry.objects.bulk_create(entry(number, moment, draw, places) for number in numbers)
            EntryTerm.objects.bulk_create(term for number in numbers for term in terms(number, draw))
            begun = clock()
            cells.take_in(tallies.stored(numbers))
            took.append(1000 * (clock() - begun))
    return took


def edition(number, moment):
    text = f"{number:064}"
    same = {"sha256": text, "content_sha256": text, "link": text, "published_at": moment}
    return Edition(position=number, subject="monument", ref=f"m{number}", version=1, label=f"Entry {number}", **same)


def entry(number, moment, draw, places):
    latitude, longitude = places[int(len(places) * draw.random() ** 3)]
    placed = draw.random() < 0.9
    latitude = round(draw.gauss(latitude, 0.01), 5) if placed else None
    longitude = round(draw.gauss(longitude, 0.013), 5) if placed else None
    kind, condition = draw.choices(KINDS, [70, 15, 10, 5])[0], draw.choice(CONDITIONS)
    position = placed and {"latitude": latitude, "longitude": longitude, "precision": "exact"}
    row = {
        "ref": f"m{number}",
        "url": f"/monuments/m{number}/",
        "label": f"Entry {number}",
        "names": [{"text": "x" * 300}],
    }
    row |= {"kind": {"code": kind, "label": kind}, "condition": None, "position": position or None}
    return Entry(
        edition_id=number, ref=f"m{number}", version=1, published_at=moment, label=f"Entry {number}",
        sort_label=f"entry {number:09}", kind=kind, condition=condition, condition_rank=CONDITIONS.index(condition),
        contested=number % 97 == 0, threatened=False, latitude=latitude, longitude=longitude,
        cell=key(latitude, longitude) if placed else None, precision="exact" if placed else "", has_location=placed,
        has_image=number % 3 == 0, has_before_after=False, has_dated_event=False, has_second_source=False,
        row=json.dumps(row),
    )  # fmt: skip


def terms(number, draw):
    yield EntryTerm(entry_id=number, facet="type", code=draw.choice(TYPES))
    yield EntryTerm(entry_id=number, facet="place", code="rare" if number % 5000 == 0 else "common")
    if number % 97 == 0:
        yield EntryTerm(entry_id=number, facet="mark", code="contested")
    if number % 3 == 0:
        yield EntryTerm(entry_id=number, facet="mark", code="image")


def vocabulary():
    terms = [{"code": code, "label": code} for code in TYPES]
    for number, (subject, ref) in enumerate(
        [
            ("vocabulary", "monument_type"),
            ("vocabulary", "cause"),
            ("vocabulary", "effect"),
            ("place", "rare"),
            ("place", "common"),
        ],
        start=10**9,
    ):
        text = f"{number:064}"
        same = {"sha256": text, "content_sha256": text, "link": text, "published_at": timezone.now()}
        record = json.dumps({"terms": terms})
        Edition.objects.create(position=number, subject=subject, ref=ref, version=1, label=ref, record=record, **same)


def view(zoom, question):
    """Return the milliseconds of one answer as it is made for a reader, without HTTP, and the answer."""
    width, height = 1280 / 256 * 360 / 2**zoom, 700 / 256 * 280 / 2**zoom
    west, south = max(DENSE[0] - width / 2, -180), max(DENSE[1] - height / 2, -90)
    east, north = min(DENSE[0] + width / 2, 180), min(DENSE[1] + height / 2, 90)
    request = RequestFactory().get(f"/map/cells.json?zoom={zoom}&bbox={west},{south},{east},{north}&{question}")
    begun = clock()
    answer = Overview(request).as_json
    return 1000 * (clock() - begun), answer


def main(sizes):
    call_command("migrate", verbosity=0)
    draw = random.Random(5)
    places = [(DENSE[1], DENSE[0]), *settlements(draw)]
    print(f"{settings.DATABASES['default']['ENGINE'].rsplit('.', 1)[1]}, median of {TIMES}, milliseconds")
    if not Edition.objects.filter(subject="vocabulary").exists():
        vocabulary()
    for size in sizes:
        took = fill(Entry.objects.count(), size, draw, places)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        if took:
            print(f"\n{size:,} entries; a batch of {BATCH} counted in: {statistics.median(took[-50:]):.1f}")
        for name, question in QUESTIONS.items():
            for zoom in ZOOMS:
                tries = [view(zoom, question) for _ in range(TIMES)]
                answer, median = tries[0][1], statistics.median(took for took, _ in tries)
                told = f"{len(answer['cells'])} cells, {len(answer['points'])} points{'' if answer['exact'] else ', inexact'}"
                print(f"  {name:26} zoom {zoom:2} {median:9.2f}   {told}")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
