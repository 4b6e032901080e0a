"""Monuments a second through the door: ``python -m tests.bench.bench_publication [--monuments 20000] [--database URL]``.

Without ``--database`` each part has a SQLite file of its own in a temporary folder; the one named must be empty, and only the
second part is then measured. CPU time is given beside the clock's, since other programs slow the clock, not the work.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
REREAD = 2_000
PUBLISH_DRAFTS = f"""
import django; django.setup()
from heritage.catalogue.publish import publish
from heritage.registry.models import Monument, Place
publish(Place.objects.all())
import time; began = time.perf_counter(); used = time.process_time()
publish(Monument.objects.order_by("pk")[:{REREAD}])
print(time.perf_counter() - began, time.process_time() - used)
"""


def run(url, *command):
    """Run a command on the database ``url``; return (seconds, CPU seconds and peak memory in MB of its processes, output)."""
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "heritage.settings"}
    began, most = time.perf_counter(), 0
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, cwd=HOUSE, env=environment, stdout=said) as process,
    ):
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            most = max(most, memory_of(process.pid))
            time.sleep(0.1)
        _pid, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        passed = time.perf_counter() - began
        said.seek(0)
        if process.returncode:
            sys.exit(f"{' '.join(command[1:3])} ended with {process.returncode}.")
        return passed, usage.ru_utime + usage.ru_stime, most / 1024, said.read()


def memory_of(pid):
    """Return the memory in kB of a process and of those that it began, what they share counted once (Linux)."""
    try:
        begun = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    own = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return own + sum(memory_of(int(one)) for one in begun)


def generated(url, monuments, *more):
    run(url, sys.executable, "manage.py", "migrate", "-v0")
    arguments = ["generate_register", "--monuments", str(monuments), *more]
    passed, used, peak, _said = run(url, sys.executable, "manage.py", *arguments)
    what = "generated and published" if more else "generated, drafts only"
    tell(what, monuments, passed, used, f"{peak:,.0f} MB at most")


def tell(what, monuments, passed, used, more=""):
    cost = f"{used / monuments * 1e6:,.0f} µs of CPU each"
    print(f"{what:<32} {monuments / passed:>7,.0f} a second, {cost}  {more}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--monuments", type=int, default=20_000)
    parser.add_argument("--database", metavar="URL", help="an empty database")
    asked = parser.parse_args()
    if asked.database:
        generated(asked.database, asked.monuments, "--publish")
        return
    with tempfile.TemporaryDirectory() as folder:
        drafts, published = (f"sqlite:///{folder}/{name}" for name in ("drafts", "published"))
        generated(drafts, asked.monuments)
        generated(published, asked.monuments, "--publish")
        _passed, _used, _peak, said = run(drafts, sys.executable, "-c", PUBLISH_DRAFTS)
        tell("published from the desk's rows", REREAD, *map(float, said.split()))


if __name__ == "__main__":
    main()
