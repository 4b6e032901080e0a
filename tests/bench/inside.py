"""What can only be measured inside: publishing one monument, queries of an answer, profiles. Prints JSON (or a profile).

DATABASE_URL=… python -m tests.bench.inside publish 20
DATABASE_URL=… python -m tests.bench.inside queries ADDRESS…
DATABASE_URL=… python -m tests.bench.inside profile ADDRESS…
"""

import cProfile
import json
import os
import pstats
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from heritage.catalogue.publish import publish  # noqa: E402
from heritage.registry import lifecycle  # noqa: E402
from heritage.registry.models import Monument  # noqa: E402

TIMES, LINES = 100, 40
MARK = " (checked)"


def publishing(times):
    """Change and publish one monument after another, as a curator's edit would be; return the milliseconds of each."""
    took = []
    for monument in Monument.objects.published().order_by("pk")[: int(times) + 2]:
        changed = monument.label.endswith(MARK)
        monument.label = monument.label.removesuffix(MARK) if changed else monument.label + MARK
        monument.save()
        lifecycle.revise(monument, None)
        began = time.perf_counter()
        editions = publish([monument])
        took.append(1000 * (time.perf_counter() - began))
        if not editions:
            sys.exit(f"Publishing {monument.ref} made no edition.")
    return took[2:]


def queries(*addresses):
    """Return how many queries the answers take, once what all share is in memory."""
    client, found = Client(SERVER_NAME="127.0.0.1"), {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        found[address] = {"status": answer.status_code, "queries": len(captured)}
    return found


def profile(*addresses):
    """Print where the time of the answers goes."""
    client = Client(SERVER_NAME="127.0.0.1")
    for address in addresses:
        client.get(address)
    profiler = cProfile.Profile()
    began = time.perf_counter()
    profiler.enable()
    for number in range(TIMES):
        client.get(addresses[number % len(addresses)])
    profiler.disable()
    print(f"{1000 * (time.perf_counter() - began) / TIMES:.2f} ms an answer under the profiler")
    for order in ("tottime", "cumtime"):
        pstats.Stats(profiler).strip_dirs().sort_stats(order).print_stats(LINES)


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    said = {"publish": publishing, "queries": queries, "profile": profile}[verb](*rest)
    if said is not None:
        print(json.dumps(said))
