"""What search costs: microseconds a query, and the time and size of its index, over a synthetic catalogue.

    DATABASE_URL=sqlite:////tmp/bench.sqlite3 SECRET_KEY=x python -m tests.bench.bench_search --entries 100000

The database must be empty or hold what an earlier run with the same number made. The rows are written directly (editions
without content, entries, terms), the words by the same code as in a publication.
"""

import argparse
import hashlib
import json
import os
import random
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from heritage.catalogue import concordance, index, search  # noqa: E402
from heritage.catalogue.folding import fold  # noqa: E402
from heritage.catalogue.models import Edition, Entry, EntryTerm, PlaceWord  # noqa: E402
from heritage.registry.refs import mint_from  # noqa: E402

SCRIPTS = {
    "hy": [
        "աղ",
        "բերդ",
        "գան",
        "դադ",
        "երև",
        "զոր",
        "խաչ",
        "ծաղ",
        "կար",
        "հով",
        "մեծ",
        "նոր",
        "շուշ",
        "սար",
        "վան",
        "տիգ",
        "ջուղ",
        "քար",
        "ավան",
        "ակ",
    ],
    "az": [
        "ağ",
        "qara",
        "gən",
        "dağ",
        "şah",
        "xan",
        "çay",
        "kənd",
        "yux",
        "aşa",
        "cəb",
        "məm",
        "əli",
        "süd",
        "göy",
        "bəy",
        "dərə",
        "təpə",
        "qala",
        "lı",
    ],
    "ru": [
        "бел",
        "черн",
        "гор",
        "град",
        "мост",
        "ново",
        "верх",
        "ниж",
        "крас",
        "зел",
        "джуль",
        "шуш",
        "ков",
        "ино",
        "ский",
        "сара",
        "таш",
        "кала",
        "юж",
        "сев",
    ],
    "en": [
        "ash",
        "black",
        "cold",
        "dale",
        "east",
        "ford",
        "green",
        "high",
        "king",
        "long",
        "mill",
        "north",
        "old",
        "red",
        "stone",
        "thorn",
        "west",
        "wood",
        "well",
        "ton",
    ],
    "ka": ["ვარ", "ძია", "მცხ", "თბი", "სვე", "გორ", "ქუთ", "ბათ", "რუს", "თელ"],
}
TYPES = [
    ("church", "եկեղեցի", "kilsəsi", "церковь"),
    ("monastery", "վանք", "monastırı", "монастырь"),
    ("mosque", "մզկիթ", "məscidi", "мечеть"),
    ("cemetery", "գերեզմանոց", "qəbristanlığı", "кладбище"),
    ("bridge", "կամուրջ", "körpüsü", "мост"),
    ("khachkar", "խաչքար", "xaçkarı", "хачкар"),
]
WEIGHTS = [40, 20, 15, 15, 6, 4]
TEXT = [
    "damaged",
    "destroyed",
    "roof",
    "wall",
    "reported",
    "satellite",
    "image",
    "between",
    "report",
    "restored",
    "inscription",
    "removed",
    "survey",
    "visit",
    "photograph",
    "dated",
    "evidence",
    "minister",
    "decree",
]
QUERIES = {
    "rare word": "Thornfordwell",
    "rare word of a text": "rarity77",
    "common word": "church",
    "two common words": "church damaged",
    "common and rare word": "church thornford",
    "common word of texts": "satellite",
    "one letter": "s",
    "prefix of two letters": "gh",
    "prefix of five letters": "kings",
    "other script (direct)": "Цаханоц",
    "other script: Armenian for a Latin name": "քինգստոն",
    "place by another name": "Վայր հարյուր",
    "misspelt": "thronfordwel",
    "nothing": "zzyzzxqq",
    "ten words": "church of the old north mill near the red stone",
    "syntax": '"church" NEAR( -* OR',
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument(
        "--cpu", action="store_true", help="processor time of this process, where others disturb (SQLite)"
    )
    asked = parser.parse_args()
    call_command("migrate", verbosity=0)
    if not Entry.objects.exists():
        fill(asked.entries)
    if Entry.objects.count() != asked.entries:
        parser.error(f"the database holds {Entry.objects.count()} entries: use an empty one")
    measure(asked.rounds, time.process_time if asked.cpu else time.perf_counter)


def fill(entries):
    """Write the synthetic catalogue and print what its words cost."""
    chance, spent, moment = random.Random(1), 0.0, timezone.now().replace(microsecond=0)
    places = [place(number) for number in range(max(10, entries // 200))]
    with transaction.atomic():
        concordance.name_places([placed(one) for one in places])
    for start in range(0, entries, 1000):
        pairs = [monument(number, chance, places, moment) for number in range(start, min(start + 1000, entries))]
        with transaction.atomic():
            Edition.objects.bulk_create([edition for edition, _record in pairs])
            Entry.objects.bulk_create([entry(*pair) for pair in pairs])
            EntryTerm.objects.bulk_create(
                EntryTerm(entry_id=edition.pk, facet="place", code=record["locations"][0]["place"]["ref"])
                for edition, record in pairs
            )
            begin = time.perf_counter()
            concordance.add(pairs)
            spent += time.perf_counter() - begin
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(
        f"{connection.vendor}: {entries:,} entries; words indexed in {spent:.1f} s, {spent / entries * 1e6:.0f} µs an entry"
    )


def place(number):
    ref = mint_from(f"place {number}")
    names = [{"text": f"Village {number}", "language": "en"}, {"text": f"Վայր {number}", "language": "hy"}]
    if number == 7:
        names.append({"text": "Վայր հարյուր", "language": "hy"})
    return {
        "ref": ref,
        "label": f"Village {number}",
        "names": names,
        "within": [{"ref": mint_from("land"), "label": "Landskap"}],
    }


def placed(one):
    return Edition(ref=one["ref"], record=json.dumps(one))


def name_in(language, chance):
    return "".join(chance.choices(SCRIPTS[language], k=chance.choice([2, 2, 3, 3, 4]))).capitalize()


def monument(number, chance, places, moment):
    """Return an unsaved edition and the parts of its record that words come from."""
    kinds = chance.choices(TYPES, WEIGHTS)[0]
    names = [{"text": f"{name_in('en', chance)} {kinds[0]}", "language": "en", "script": "Latn"}]
    for language, column in (("hy", 1), ("az", 2), ("ru", 3)):
        if chance.random() < 0.5:
            names.append({"text": f"{name_in(language, chance)} {kinds[column]}", "language": language, "script": ""})
    if chance.random() < 0.1:
        names.append({"text": name_in("ka", chance), "language": "ka", "script": "Geor"})
    rare = [f"rarity{number % 5000}"]
    claims = [
        {
            "claimant": {"label": f"Observatory {number % 50}"},
            "summary": " ".join(chance.choices(TEXT, k=20) + rare + chance.choices(SCRIPTS["en"], k=10)),
        }
        for _claim in range(3)
    ]
    record = {
        "ref": mint_from(f"monument {number}"),
        "label": names[0]["text"],
        "kind": {"code": "monument", "label": "Monument"},
        "names": [name | {"kind": {"code": "alternative"}} for name in names],
        "types": [{"code": kinds[0], "label": kinds[0].capitalize(), "lineage": [kinds[0], "building"]}],
        "locations": [{"place": chance.choice(places)}],
        "state": {},
        "statuses": claims,
        "attributions": [],
        "protections": [],
        "counts": [],
        "sources": [{"title": f"Report {number % 3000} of the survey", "publisher": "Heritage Watch"}],
        "published_at": "2026-01-01T00:00:00Z",
        "version": 1,
    }
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    edition = Edition(
        subject="monument",
        ref=record["ref"],
        version=1,
        published_at=moment,
        label=record["label"],
        sha256=digest,
        content_sha256=digest,
        link=digest,
    )
    return edition, record


def entry(edition, record):
    flags = {field.name: False for field in Entry._meta.fields if field.get_internal_type() == "BooleanField"}
    return Entry(
        edition=edition,
        ref=edition.ref,
        version=1,
        published_at=edition.published_at,
        label=record["label"],
        sort_label=fold(record["label"]),
        kind="monument",
        condition_rank=9,
        row=json.dumps(index.row(record, None), ensure_ascii=False),
        **flags,
    )


def measure(rounds, clock):
    print(f"{'median µs (p95)':<46}{'page of 50':>18}{'+ total, reasons':>18}{'by name':>18}{'suggest':>18}  found")
    for label, text in QUERIES.items():
        found = search.find(text)
        cells = "".join(
            f"{clocked(path, text, rounds=rounds, clock=clock):>18}" for path in (page, whole, by_name, search.suggest)
        )
        number, exact = found.count()
        print(
            f"{label + ': ' + text[:22]:<46}{cells}  {number}{'' if exact else '+'}{' similar' if found.similar else ''}"
        )
    deep(clock)
    print(f"size an entry: {size() / Entry.objects.count():.0f} bytes for words, names and places")


def page(text, beyond=None, backward=False):
    return search.find(text, beyond=beyond).page(Entry.objects.current(), 50, backward=backward)


def whole(text):
    found = search.find(text)
    entries = found.page(Entry.objects.current(), 50).entries
    return found.count(), found.why(entries)


def by_name(text):
    return list(search.find(text).restrict(Entry.objects.current()).order_by("sort_label", "ref")[:51])


def deep(clock):
    """Print the cost of the page after the 30,000th match of a common word, both ways."""
    found = search.find("church")
    last = found.engine.ids(found.expression, None, 30_000)[-1]
    rank = search.Rank(search.REST, "", last, last)
    for backward in (False, True):
        label = "deep page of a common word" + (", backward" if backward else "")
        print(f"{label:<46}{clocked(page, 'church', rank, backward, rounds=10, clock=clock):>18}")


def clocked(work, *asked, rounds, clock):
    taken = []
    for _round in range(rounds):
        begin = clock()
        work(*asked)
        taken.append((clock() - begin) * 1e6)
    return f"{statistics.median(taken):,.0f} ({sorted(taken)[int(rounds * 0.95) - 1]:,.0f})"


def size():
    """Return the bytes of every table and index that search has of its own."""
    tables = [
        model._meta.db_table
        for model in (search.Entry.search_row.related.related_model, Entry.search_names.rel.related_model, PlaceWord)
    ]
    tables.append("catalogue_word")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT sum(pg_total_relation_size(relname::regclass)) FROM unnest(%s::text[]) relname", [tables]
            )
            return int(cursor.fetchone()[0])
        own = " OR ".join(["name LIKE 'catalogue_search_%'", *("tbl_name = %s" for _table in tables)])
        try:
            cursor.execute(
                f"SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_master WHERE {own})", tables
            )
            return cursor.fetchone()[0]
        except django.db.utils.OperationalError:
            cursor.execute("SELECT sum(length(block)) FROM catalogue_search_now_data")
            words = cursor.fetchone()[0]
            cursor.execute(
                "SELECT sum(length(names) + length(starts) + length(places) + length(text) + 20) FROM catalogue_searchrow"
            )
            return words + cursor.fetchone()[0]


if __name__ == "__main__":
    main()
