"""Long work: one at a time, in a process of its own where a request would take too long, and gone on with after a kill."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connection

from heritage.intake import working
from heritage.intake.models import Batch
from heritage.registry.models import Monument
from heritage.registry.steps import Refused
from tests.catalogue.scratch import process_of, wait_until
from tests.intake.desk import do, fresh, ready

LONGEST = 60
ROWS = 6_000
MAPPING = """
[supplier]
name = "Office"
kind = "state_body"
source = "List"
licence = "CC0"
attribution = "Office"
[identifier]
scheme = "Numbers"
column = "id"
[record]
label = "{name}"
[[name]]
text = "{name}"
language = "en"
"""
#: Begins to apply an import as a request does that has no patience, and ends as a request ends.
BEGIN = """
import django, sys
django.setup()
from heritage.intake import working
from heritage.intake.models import Batch
working.PATIENCE = 0
print(working.start(Batch.objects.get(), sys.argv[1], None))
"""


@pytest.mark.django_db
def test_an_import_is_worked_on_by_one_at_a_time(contributor):
    batch = ready(contributor)

    with working.held(batch):
        assert working.is_worked_on(batch)
        with pytest.raises(Refused, match="is being worked on"):
            working.start(batch, "apply", contributor.user)
        _batch, said = do(contributor, batch, "apply")

    assert "Planning" in said  # the page shows the last work, and that somebody works
    assert not working.is_worked_on(batch)
    assert Monument.objects.count() == 0


@pytest.mark.django_db
def test_work_that_stops_in_between_is_told_and_can_be_gone_on_with(contributor):
    batch = ready(contributor)
    Batch.objects.filter(pk=batch.pk).update(state="applying")

    said = contributor.get(f"/admin/intake/batch/{batch.pk}/change/").content.decode()
    assert "It stopped before it was done" in said
    batch, _said = do(contributor, batch, "apply")

    assert (fresh(batch).state, Monument.objects.count()) == ("applied", 3)


@pytest.fixture
def register(tmp_path):
    """A register in a file of its own, and a function that runs a program on it."""
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'register'}",
        "IMPORTS_DIR": str(tmp_path / "imports"),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
    }

    def run(*arguments):
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=LONGEST, check=True
        ).stdout

    run("manage.py", "migrate", "-v0")
    run("manage.py", "loaddata", "vocabularies", "-v0")
    (tmp_path / "list.csv").write_text("id,name\n" + "".join(f"{n},House {n}\n" for n in range(ROWS)))
    (tmp_path / "list.toml").write_text(MAPPING)
    run("manage.py", "import_monuments", str(tmp_path / "list.csv"), "--mapping", str(tmp_path / "list.toml"))
    return run


only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite: its register is a file")


def asked(tmp_path, question):
    with closing(sqlite3.connect(tmp_path / "register", timeout=10)) as database:
        return database.execute(question).fetchone()[0]


def worker_of(ref):
    """Return the process that works on the import ``ref``, or None."""
    return process_of(f"work_on_import {ref} apply")


@only_sqlite
def test_a_request_without_patience_leaves_it_to_a_process_which_may_be_killed_and_gone_on_with(register, tmp_path):
    made = "SELECT count(*) FROM registry_monument"
    ref = asked(tmp_path, "SELECT ref FROM intake_batch")

    assert register("-c", BEGIN, "apply").strip() == "False"  # the request has ended; a process goes on
    worker = wait_until(lambda: worker_of(ref), LONGEST)
    wait_until(lambda: asked(tmp_path, made) > 500, LONGEST)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: worker_of(ref) is None, LONGEST)
    halfway = asked(tmp_path, made)
    assert 0 < halfway < ROWS
    assert asked(tmp_path, "SELECT state FROM intake_batch") == "applying"

    register("-c", BEGIN, "apply")
    wait_until(lambda: asked(tmp_path, "SELECT state FROM intake_batch") == "applied", LONGEST)
    assert asked(tmp_path, made) == ROWS
    assert asked(tmp_path, "SELECT count(DISTINCT text) FROM registry_name WHERE kind = 'register_number'") == ROWS
    wait_until(lambda: worker_of(ref) is None, LONGEST)


@only_sqlite
def test_the_command_does_it_by_hand(register, tmp_path):
    ref = asked(tmp_path, "SELECT ref FROM intake_batch")

    register("manage.py", "work_on_import", ref, "apply")

    assert asked(tmp_path, "SELECT count(*) FROM registry_monument") == ROWS
