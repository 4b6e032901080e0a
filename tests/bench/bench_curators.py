"""Many curators at once: edits, restrictions, publications, withdrawals of the same few records, and what is left in the end.

DATABASE_URL=… python -m tests.bench.bench_curators --curators 16 --seconds 60

The database is migrated and filled first and must be empty. Prints JSON: what was done, what was refused, and what is wrong
with the audit, the ledger or the chain of edits (an edit that another one overwrote unseen). Exit status 1 if anything is.
"""

import argparse
import collections
import json
import os
import random
import subprocess
import sys
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connections  # noqa: E402

from heritage.catalogue import audit  # noqa: E402
from heritage.catalogue.publish import publish, withdraw  # noqa: E402
from heritage.catalogue.release import Release  # noqa: E402
from heritage.registry import lifecycle  # noqa: E402
from heritage.registry.models import Journal, Monument, Source, Status  # noqa: E402
from tests.registry.make import make_citation, make_publishable_monument, make_source, make_status, make_user  # noqa: E402

MONUMENTS, THREADS = 6, 4
DECISIONS = {"publish", "withdraw", "reopen"}


def fill():
    """Make and publish six monuments, each with claims and a source of its own, and make the accounts."""
    call_command("migrate", verbosity=0)
    for number in range(MONUMENTS):
        monument = make_publishable_monument(f"Chapel {number}")
        make_citation(
            make_status(monument, summary=f"The dome of chapel {number} fell."), make_source(f"Survey {number}")
        )
    for number in range(THREADS):
        make_user("reviewer", username=f"reviewer-{number}")
        make_user("contributor", username=f"contributor-{number}")
    publish(Monument.objects.all())


def edit(row, by, **fields):
    """Open ``row``, think for a moment, and save it as a form would."""
    row = type(row).objects.get(pk=row.pk)
    opened = row.revision
    time.sleep(random.uniform(0, 0.02))
    for name, value in fields.items():
        setattr(row, name, value)
    lifecycle.revise(row, by, expected_revision=opened)


def publish_as_seen(monument, by):
    seen = Release(monument).digest
    time.sleep(random.uniform(0, 0.02))
    publish([monument], by, seen=seen)


def reopened(monument, by):
    lifecycle.reopen(monument, by, "Again.")
    lifecycle.submit(monument, None)


VERBS = [
    ("claim", 5, lambda monument, by: edit(random.choice(Status.objects.filter(monument=monument)), by, note=token())),
    (
        "summary",
        5,
        lambda monument, by: edit(random.choice(Status.objects.filter(monument=monument)), by, summary=token()),
    ),
    (
        "precision",
        3,
        lambda monument, by: edit(monument, by, public_precision=random.choice(["exact", "km1", "withheld"])),
    ),
    ("level", 2, lambda monument, by: edit(monument, by, access_level=random.choice(["public", "public", "curators"]))),
    ("seal", 2, lambda monument, by: edit(source_of(monument), by, access_level=random.choice(["public", "sealed"]))),
    ("title", 2, lambda monument, by: edit(source_of(monument), by, title=token())),
    ("publish", 8, publish_as_seen),
    ("withdraw", 1, lambda monument, by: withdraw(monument, by, "safety", "Danger.")),
    ("reopen", 2, reopened),
]


def token():
    return f"words {random.randrange(10**9)}"


def source_of(monument):
    return random.choice(
        Source.objects.filter(citations__claim__monument=monument, title__startswith="Survey") or Source.objects.all()
    )


def curate(number, until, counts):
    """Do one thing after another to any of the monuments until the time is over."""
    accounts = {role: User.objects.get(username=f"{role}-{number % THREADS}") for role in ("reviewer", "contributor")}
    while time.time() < until:
        [(name, _weight, verb)] = random.choices(VERBS, [weight for _name, weight, _verb in VERBS])
        monument = Monument.objects.order_by("?").first()
        try:
            verb(monument, accounts["reviewer" if name in DECISIONS else "contributor"])
        except lifecycle.Stale:
            counts[f"{name} stale"] += 1
        except lifecycle.Refused:
            counts[f"{name} refused"] += 1
        except OperationalError as trouble:
            counts[f"FAILED {name}: {trouble}"] += 1
        else:
            counts[name] += 1
    connections.close_all()


def work(first, number, seconds):
    """Be ``number`` curators in this process, once all processes are ready; print what they did."""
    print("ready", flush=True)
    sys.stdin.readline()
    until, counts = time.time() + seconds, collections.Counter()
    threads = [threading.Thread(target=curate, args=(one, until, counts)) for one in range(first, first + number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(counts))


def overwritten():
    """Yield a sentence for each edit that did not begin from what the edit before it left."""
    last = {}
    for entry in Journal.objects.filter(verb="revise").order_by("pk"):
        before = {name: value for name, value in (entry.before or {}).items() if name not in ("stage", "standing")}
        known = last.get(entry.subject_ref)
        if known is not None and any(
            before.get(name) != known.get(name) for name in ("label", "summary", "note", "title")
        ):
            yield f"journal entry {entry.pk} of {entry.subject_ref} began from something else than the one before left"
        last[entry.subject_ref] = entry.after


def is_pending(kind, sentence):
    """Tell whether a fault only says what somebody still has to publish, take off the site, or name custodians of."""
    return kind in ("sealed", "naming") or "readers see" in sentence


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--curators", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--work", nargs=3, metavar=("FIRST", "NUMBER", "SECONDS"), help="used by itself")
    given = parser.parse_args()
    if given.work:
        first, number, seconds = given.work
        return work(int(first), int(number), float(seconds))
    fill()
    shares = [min(THREADS, given.curators - first) for first in range(0, given.curators, THREADS)]
    command = [sys.executable, "-m", "tests.bench.bench_curators", "--work"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    working = [
        subprocess.Popen([*command, str(THREADS * place), str(share), str(given.seconds)], **pipes)
        for place, share in enumerate(shares)
    ]
    for process in working:
        process.stdout.readline()
    for process in working:
        process.stdin.write("go\n")
        process.stdin.flush()
    counts = collections.Counter()
    for process in working:
        counts.update(json.loads(process.communicate()[0]))
    wrong = [
        *(f"{kind}: {sentence}" for kind, sentence in audit.faults() if not is_pending(kind, sentence)),
        *overwritten(),
        *(name for name in counts if name.startswith("FAILED")),
    ]
    print(json.dumps({"done": dict(sorted(counts.items())), "wrong": wrong}, indent=1))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
