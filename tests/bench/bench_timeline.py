"""Milliseconds of the timeline: ``DATABASE_URL=… python -m tests.bench.bench_timeline 10000 1000000 3000000``.

Entries of three happenings each are written straight into an empty, migrated scratch database, then more of them up to each
number of happenings. Beside the views: what it costs to count a batch of 500 entries in.
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

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402

from heritage.catalogue import tallies, timeline  # noqa: E402
from heritage.catalogue.models import Edition, Entry, EntryTerm, Happening  # noqa: E402
from heritage.catalogue.spans import extent, frame_code  # noqa: E402
from heritage.public.timeline import happenings, page  # noqa: E402

BATCH, EACH, TIMES = 500, 3, 15
KINDS = ["monument"] * 6 + ["cemetery"] * 3 + ["site", "collection"]
CONDITIONS = ["", "intact", "damaged", "minor_damage", "major_damage", "destroyed", "ruined", "under_works"]
CAUSES = ["", "", "infrastructure", "development", "armed_conflict", "vandalism", "looting", "policy"]
EFFECTS = ["demolition", "structural_damage", "defacement", "restoration", "change_of_use"]
QUESTIONS = {
    "all time": "",
    "a century": "happened_from=1900&happened_to=1999",
    "a decade": "happened_from=2020&happened_to=2029",
    "a year": "happened_from=2020&happened_to=2020",
    "a year long ago": "happened_from=1750&happened_to=1750",
    "a month": "happened_from=2020-11&happened_to=2020-11",
    "from one day to another": "happened_from=2019-03-15&happened_to=2020-10-07",
    "surely a year": "happened_from=2020&happened_to=2020&happened_surely=true",
    "all modes": "mode=event&mode=observation&mode=threat",
    "kind and condition": "kind=cemetery&condition=destroyed",
    "kind and condition, a year": "kind=cemetery&condition=destroyed&happened_from=2020&happened_to=2020",
    "cause": "cause=infrastructure",
    "rare cause": "cause=rare",
    "effect": "effect=demolition",
    "two effects": "effect=demolition&effect=defacement",
    "rare place (live)": "place=rare",
    "rare place, a year (live)": "place=rare&happened_from=2020&happened_to=2020",
    "common place (left out)": "place=common",
    "common place, a year (left out)": "place=common&happened_from=2020&happened_to=2020",
    "past day": "on=2026-11-21",
}


def day(draw, year):
    return year * 10000 + draw.randint(1, 12) * 100 + draw.randint(1, 28)


def bounds(draw):
    """Return (lo, hi) of one happening: mostly days and spans of the last years, some of old centuries, some open."""
    shape = draw.random()
    if shape < 0.10:
        first = draw.randrange(100, 1900, 100)
        return first * 10000 + 101, (first + draw.choice((99, 199))) * 10000 + 1231
    if shape < 0.16:
        year = draw.randint(1600, 1990)
        return year * 10000 + 101, (year + draw.choice((0, 0, 3, 20))) * 10000 + 1231
    year = draw.choice((2020, 2020, 2020, 2021, draw.randint(1988, 2025)))
    if shape < 0.28:
        return None, day(draw, year)
    if shape < 0.32:
        return day(draw, year), None
    if shape < 0.50:
        return year * 10000 + 101, year * 10000 + 1231
    first, second = day(draw, year), day(draw, year + (draw.random() < 0.3))
    return min(first, second), max(first, second)


def happening(draw, entry, number):
    lo, hi = bounds(draw)
    since, until = extent(lo, hi)
    return Happening(
        entry_id=entry,
        claim=f"c{number}",
        mode=draw.choice(("event",) * 6 + ("observation",) * 3 + ("threat",)),
        aspect="condition",
        value=draw.choice(CONDITIONS),
        qualifier="once_between",
        lo=lo,
        hi=hi,
        since=since,
        until=until,
        frame=frame_code(since, until),
        dated="between 12 April and 18 June 2021",
        cause="rare" if number % 40_000 == 1 else draw.choice(CAUSES),
        effects=draw.sample(EFFECTS, draw.choice((1, 1, 2))),
        claimant="A body that documents monuments",
        text="Destroyed between 12 April and 18 June 2021 in connection with the building of a road, on two images.",
    )


def entry_row(draw, number, moment):
    return Entry(
        edition_id=number,
        ref=f"m{number}",
        version=1,
        published_at=moment,
        label=f"Chapel {number}",
        sort_label=f"chapel {number}",
        kind=draw.choice(KINDS),
        condition=draw.choice(CONDITIONS),
        condition_rank=1,
        contested=False,
        threatened=False,
        has_location=False,
        has_image=False,
        has_before_after=False,
        has_dated_event=True,
        has_second_source=False,
        row="{}",
    )


def fill(first, size, draw):
    """Write entries ``first`` to ``size`` with their happenings; return the milliseconds a batch took to be counted in."""
    moment, took = timezone.now().replace(year=2026, month=1, day=1), []
    for start in range(first, size, BATCH):
        numbers = range(start + 1, start + BATCH + 1)
        with transaction.atomic():
            Edition.objects.bulk_create(
                Edition(pk=n, subject="monument", ref=f"m{n}", version=1, published_at=moment, link=f"{n:064}")
                for n in numbers
            )
            Entry.objects.bulk_create(entry_row(draw, n, moment) for n in numbers)
            rows = [happening(draw, n, n * EACH + part) for n in numbers for part in range(EACH)]
            Happening.objects.bulk_create(rows)
            EntryTerm.objects.bulk_create(terms(rows), batch_size=5000)
            began = time.process_time()
            timeline.take_in(tallies.stored(numbers))
            took.append((time.process_time() - began) * 1000)
    return took


def terms(rows):
    found = {("cause", row.cause, row.entry_id) for row in rows if row.cause}
    found |= {("effect", code, row.entry_id) for row in rows for code in row.effects}
    found |= {("place", "rare", row.entry_id) for row in rows if row.entry_id % 5000 == 3}
    found |= {("place", "common", row.entry_id) for row in rows if row.entry_id % 4 == 1}
    return [EntryTerm(facet=facet, code=code, entry_id=entry) for facet, code, entry in sorted(found)]


def vocabularies(moment):
    """Write what the filters' codes are checked against."""
    known = {"cause": {*CAUSES, "rare"} - {""}, "effect": set(EFFECTS), "monument_type": set()}
    for number, (code, terms_known) in enumerate(known.items(), 10**9):
        record = json.dumps({"terms": [{"code": one, "label": one} for one in sorted(terms_known)]})
        Edition.objects.create(
            pk=number,
            subject="vocabulary",
            ref=code,
            version=1,
            published_at=moment,
            link=f"{number:064}",
            record=record,
        )
    for number, code in enumerate(("rare", "common"), 10**9 + 10):
        Edition.objects.create(
            pk=number, subject="place", ref=code, version=1, published_at=moment, link=f"{number:064}", label=code
        )


def medians(size):
    factory = RequestFactory()
    print(f"{size:,} happenings: HTML, JSON (processor ms, median of {TIMES})")
    for name, query in QUESTIONS.items():
        numbers = [
            median(view, factory.get(f"{path}?{query}"))
            for view, path in ((page, "/timeline/"), (happenings, "/timeline.json"))
        ]
        print(f"  {name:34} {numbers[0]:8.1f} {numbers[1]:8.1f}", flush=True)


def median(view, request):
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        response = view(request)
        took.append((time.process_time() - began) * 1000)
        if sum(took) > 5000:
            break
    if response.status_code != 200:
        raise SystemExit(f"{request.get_full_path()}: {response.status_code} {response.content[:400]}")
    return statistics.median(took)


def main():
    call_command("migrate", verbosity=0)
    draw = random.Random(3)
    if not Edition.objects.filter(subject="vocabulary").exists():
        vocabularies(timezone.now().replace(year=2026, month=1, day=1))
    written = Entry.objects.count()
    for size in map(int, sys.argv[1:]):
        entries = size // EACH // BATCH * BATCH
        took = fill(written, entries, draw)
        written = max(written, entries)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        if took:
            print(f"counting {BATCH} entries in: {statistics.median(took[-40:]):.1f} ms")
        medians(size)


if __name__ == "__main__":
    main()
