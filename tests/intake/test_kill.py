"""An import that is killed, or whose disk is full, has stored whole records or none, and goes on: real processes."""

import os
import resource
import signal
import subprocess
import time

import pytest
from django.conf import settings
from django.db import connection

from tests.catalogue.scratch import LONGEST, MANAGE, scratch
from tests.intake.lists import listed, mapping, row

ROWS = 2600
COUNTED = {
    "monuments": "SELECT count(*) FROM registry_monument",
    "numbers": "SELECT count(DISTINCT text) FROM registry_name WHERE kind = 'register_number'",
    "names": "SELECT count(*) FROM registry_name",
    "locations": "SELECT count(*) FROM registry_location",
    "claims": "SELECT count(*) FROM registry_status",
    "citations": "SELECT count(*) FROM registry_citation",
    "journal": "SELECT count(*) FROM registry_journal",
    "told": "SELECT count(*) FROM intake_supplied",
    "applied": "SELECT count(*) FROM intake_row WHERE applied",
}


@pytest.fixture(scope="module")
def registers(tmp_path_factory, django_db_setup):
    made = scratch(connection.vendor, tmp_path_factory.mktemp("registers"))
    made.make("planned")
    assert made.manage("planned", "migrate", "-v0")[0] == 0
    assert made.manage("planned", "loaddata", "-v0", "vocabularies")[0] == 0
    yield made
    made.clear()


@pytest.fixture(scope="module")
def command(registers, tmp_path_factory):
    """Plan a list of many rows in the register ``planned``; return the command that applies it."""
    folder = tmp_path_factory.mktemp("list")
    path = listed(folder, *(row(id=f"{n:05}", name=f"Bridge {n}", lat=f"{40 + n / 1e5:.6f}") for n in range(ROWS)))
    told = ["import_monuments", str(path), "--mapping", mapping(folder)]
    status, said = registers.manage("planned", *told)
    assert status == 0, said
    return [*told, "--apply", "--json"]


def counted(registers, name):
    return {what: registers.ask(name, question) for what, question in COUNTED.items()}


def whole(records):
    """Return what is counted where this many records are in: each with a number, a name, a position and a cited claim."""
    return {
        **dict.fromkeys(("monuments", "numbers", "locations", "claims", "citations", "told", "applied"), records),
        "names": 2 * records,
        "journal": 2 * records + 2,  # the supplier and its list, too
    }


@pytest.mark.parametrize("after", [1, 900, 1900])
def test_killed_at_any_point_it_has_whole_records_and_goes_on_to_the_same_end(registers, command, after):
    name = f"killed_{after}"
    registers.make(name, "planned")
    with registers.start(name, *command) as process:
        until = time.monotonic() + LONGEST
        while registers.ask(name, COUNTED["applied"]) < after and process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        process.kill()
        process.communicate(timeout=LONGEST)

    there = counted(registers, name)
    assert there["monuments"] >= after
    assert there == whole(there["monuments"])
    status, said = registers.manage(name, *command)
    assert status == 0, said
    assert counted(registers, name) == whole(ROWS)
    assert registers.manage(name, "audit")[0] == 0


REVISED = {
    "superseded": "SELECT count(*) FROM registry_claim WHERE standing = 'superseded'",
    "links": "SELECT count(*) FROM registry_claimlink",
    "claims": "SELECT count(*) FROM registry_status",
    "renamed": "SELECT count(*) FROM registry_name WHERE text LIKE 'New %'",
    "titled": "SELECT count(*) FROM registry_monument WHERE label LIKE 'New %' AND revision = 1",
    "told": "SELECT count(*) FROM intake_supplied WHERE told LIKE '%New %'",
    "revisions": "SELECT count(*) FROM registry_journal WHERE verb = 'revise'",
    "applied": "SELECT count(*) FROM intake_row WHERE applied AND outcome = 'changed'",
}


def test_killed_while_records_are_changed_it_has_whole_changes_and_goes_on_to_the_same_end(
    registers, command, tmp_path
):
    registers.make("changed", "planned")
    assert registers.manage("changed", *command)[0] == 0
    rows = (row(id=f"{n:05}", name=f"New {n}", lat=f"{41 + n / 1e5:.6f}", condition="bad") for n in range(ROWS))
    later = ["import_monuments", str(listed(tmp_path, *rows)), *command[2:]]
    assert registers.manage("changed", *later[:-2])[0] == 0

    with registers.start("changed", *later) as process:
        until = time.monotonic() + LONGEST
        while (
            registers.ask("changed", REVISED["applied"]) < 900 and process.poll() is None and time.monotonic() < until
        ):
            time.sleep(0.005)
        process.kill()
        process.communicate(timeout=LONGEST)

    there = {what: registers.ask("changed", question) for what, question in REVISED.items()}
    done = there["applied"]
    assert done >= 900
    assert there == dict.fromkeys(there, done) | {"claims": ROWS + done}
    status, said = registers.manage("changed", *later)
    assert status == 0, said
    there = {what: registers.ask("changed", question) for what, question in REVISED.items()}
    assert there == dict.fromkeys(there, ROWS) | {"claims": 2 * ROWS}
    assert registers.manage("changed", "audit")[0] == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite: the disk of a PostgreSQL server is its own")
def test_on_a_full_disk_it_stops_says_so_and_goes_on_once_there_is_room(registers, command):
    registers.make("full", "planned")
    room = (registers.folder / "full").stat().st_size + 2_500_000

    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    environment = os.environ | {"DATABASE_URL": registers.url("full"), "SECRET_KEY": settings.SECRET_KEY}
    done = subprocess.run(
        [*MANAGE, *command],
        env=environment,
        preexec_fn=limited,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )

    assert done.returncode == 1
    assert "Nothing is stored half-way" in done.stderr
    there = counted(registers, "full")
    assert there == whole(there["monuments"]) | ({"journal": there["journal"]} if not there["monuments"] else {})
    status, said = registers.manage("full", *command)
    assert status == 0, said
    assert counted(registers, "full") == whole(ROWS)
