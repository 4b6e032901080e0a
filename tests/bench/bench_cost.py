"""What the most expensive public requests cost: processor time of the server and of its database, worst first.

    DATABASE_URL=… python -m tests.bench.bench_cost --unbounded --most 40

The database must hold a register made by ``generate_register --publish``; nothing is written. ``--unbounded`` lets every
request run to its end, to see what would come without the limit. Streams are read to their end and marked.
"""

import argparse
import itertools
import os
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from heritage.catalogue.models import Edition, Entry, EntryTerm  # noqa: E402
from heritage.public import cost  # noqa: E402
from heritage.public.parameters import ORDERS  # noqa: E402

LISTS = ("/monuments/", "/monuments.json")
VIEWS = (
    "/map/",
    "/map/cells.json?zoom=3",
    "/map/cells.json?zoom=9&bbox=-40,-40,40,40",
    "/map/cells.json?zoom=17&bbox=-40,-40,40,40",
)
TIMELINES = (
    "/timeline/",
    "/timeline.json",
    "/timeline.json?mode=observation",
    "/timeline.json?mode=threat&mode=event&mode=observation",
)
TICKS = os.sysconf("SC_CLK_TCK")


def commonest(facet):
    """Return the commonest code of a facet."""
    row = (
        EntryTerm.objects.filter(facet=facet)
        .values_list("code")
        .annotate(n=django.db.models.Count("*"))
        .order_by("-n")
        .first()
    )
    return row[0] if row else "none"


def questions():
    """Return the questions that are asked of every list, map and timeline."""
    today = timezone.now().date()
    label = Entry.objects.values_list("label", flat=True).order_by("pk").first()
    word = label.split()[0]
    common = [
        "church",
        "a",
        "s",
        "the",
        "of",
        word,
        word[:2],
        "a b c d e f g h i j k l",
        "church monastery",
        "ch*",
        "%",
        "stone",
        "upper church",
        "zzzzzz",
        "chruch",
    ]
    parts = {
        "q": [f"q={one.replace(' ', '+').replace('%', '%25')}" for one in common],
        "on": [f"on={today}", f"on={today - timedelta(days=1)}"],
        "kind": ["kind=cemetery", "kind=monument&kind=cemetery&kind=site"],
        "type": [f"type={commonest('type')}"],
        "condition": ["condition=intact", "condition=unknown", "condition=intact&condition=ruined&condition=destroyed"],
        "place": [f"place={commonest('place')}"],
        "source": [f"source={commonest('source')}"],
        "claimant": [f"claimant={commonest('claimant')}"],
        "cause": [f"cause={commonest('cause')}"],
        "effect": [f"effect={commonest('effect')}"],
        "use": ["use=unknown"],
        "mark": ["threatened=true", "contested=false", "threatened=false&contested=true"],
        "happened": [
            "happened_from=1900&happened_to=2024",
            "happened_from=2000",
            "happened_to=2010&happened_surely=true",
        ],
        "built": ["built_from=1000&built_to=1500"],
        "documented": ["documented_before=2020"],
        "has": ["has=location", "has=image&has=second_source", "has=dated_event"],
        "lacks": ["lacks=image", "lacks=location&lacks=dated_event"],
        "bbox": ["bbox=-180,-90,180,90", "bbox=-40,-40,40,40", "bbox=170,-90,-170,90"],
    }
    single = list(itertools.chain.from_iterable(parts.values()))
    pairs = [
        f"{one}&{other}"
        for (_, ones), (_, others) in itertools.combinations(parts.items(), 2)
        for one in ones[:2]
        for other in others[:2]
    ]
    on, words = parts["on"][0], parts["q"][:6]
    threes = [
        f"{on}&{one}&{other}" for one in words for name in parts if name not in ("q", "on") for other in parts[name][:2]
    ]
    return ["", *single, *pairs, *threes]


def addresses(sample):
    """Return the addresses to be asked for: each question in ``sample`` steps of each list, map and timeline."""
    asked = questions()
    orders = ["", *(f"sort={name}" for name in ORDERS)]
    found = []
    for number, question in enumerate(asked):
        if number % sample and number > 60:
            continue
        for order in orders:
            found.append(joined(LISTS[number % 2], question, order, "page_size=200"))
        found += [
            joined(view, question) for view in (*VIEWS, *TIMELINES) if not ("bbox" in view and "bbox" in question)
        ]
    rest = [
        "/",
        "/figures/",
        "/changes/",
        "/changes.atom",
        "/ledger/",
        "/places/",
        "/sources/",
        "/vocabulary/",
        "/data/",
        "/about/",
    ]
    rest += [f"/suggest.json?q={word}" for word in ("a", "s", "church", "zz", "chruch", "a+b+c+d+e+f+g+h+i+j+k+l")]
    for subject, name in (("place", "places"), ("source", "sources"), ("monument", "monuments")):
        refs = [commonest(subject)] if subject != "monument" else []
        refs += (
            Edition.objects.current()
            .filter(subject=subject)
            .order_by("-version", "position")
            .values_list("ref", flat=True)[:2]
        )
        rest += [f"/{name}/{ref}/" for ref in refs] + [f"/{name}/{ref}.json" for ref in refs]
        rest += [f"/{name}/{ref}/history/" for ref in refs if subject == "monument"]
    rest += [
        joined("/monuments.json", "&".join(f"{name}={number:x}" for number in range(100)))
        for name in ("place", "source", "type")
    ]
    rest += [joined("/monuments.json", "&".join(f"{name}=x" for _ in range(990))) for name in ("kind", "nothing", "q")]
    return found + rest


def joined(address, *queries):
    query = "&".join(part for part in queries if part)
    return address + ("&" if "?" in address else "?") * bool(query) + query


def backend():
    """Return the seconds of processor time of the database's own process for this connection (Linux; SQLite has none)."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    with open(f"/proc/{pid}/stat") as file:
        spent = file.read().rpartition(")")[2].split()[11:13]
    return sum(map(int, spent)) / TICKS


def measured(client, address):
    """Return (processor seconds, status, bytes) of one request."""
    before, began = backend(), time.thread_time()
    answer = client.get(address)
    size = sum(map(len, answer.streaming_content)) if answer.streaming else len(answer.content)
    return time.thread_time() - began + backend() - before, answer.status_code, size


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unbounded", action="store_true", help="let every request run to its end")
    parser.add_argument("--sample", type=int, default=1, metavar="N", help="ask every Nth question only")
    parser.add_argument("--most", type=int, default=30, metavar="N", help="print the N worst")
    parser.add_argument("--seconds", type=float, default=600, help="stop asking after so long")
    given = parser.parse_args()
    if given.unbounded:
        cost.SECONDS = 100_000
    client, results, began = Client(SERVER_NAME="127.0.0.1"), [], time.monotonic()
    for address in addresses(given.sample):
        if time.monotonic() - began > given.seconds:
            break
        results.append((*measured(client, address), address))
    results.sort(reverse=True)
    print(f"{len(results)} requests of {Entry.objects.current().count():,} entries on {connection.vendor}:")
    for limit in (0.1, 0.5, 1, 2):
        print(f"  {sum(spent > limit for spent, *_rest in results):5} took more than {limit} s of processor time")
    print(f"  {sum(status == 503 for _spent, status, *_rest in results):5} were stopped")
    print(f"  {sum(status >= 500 and status != 503 for _spent, status, *_rest in results):5} failed")
    for spent, status, size, address in results[: given.most]:
        print(f"{spent:7.2f} s  {status}  {size:9,}  {address[:150]}")


if __name__ == "__main__":
    main()
