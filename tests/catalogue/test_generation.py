"""The invented register from nothing: where it may begin, and what is left of it when it is stopped."""

import io
import os
import signal
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from heritage.catalogue.generation import BATCH
from heritage.catalogue.models import Edition
from heritage.registry.models import Monument, Place
from tests.catalogue.scratch import LONGEST, scratch
from tests.registry.make import make_monument


def generate(*arguments):
    said = io.StringIO()
    call_command("generate_register", *map(str, arguments), stdout=said)
    return said.getvalue()


def refusal(*arguments):
    with pytest.raises(CommandError) as refused:
        generate(*arguments)
    return str(refused.value), refused.value.returncode


@pytest.mark.django_db
def test_it_does_not_mix_with_content_of_another_origin():
    make_monument()

    assert refusal("--monuments", 10) == ("The register has content of its own. Generate into an empty database.", 1)
    assert Monument.objects.count() == 1


@pytest.mark.parametrize(("number", "seed"), [(0, 1), (-5, 1), (10, -1)])
def test_numbers_that_mean_nothing_are_wrong_use(number, seed):
    assert refusal("--monuments", number, "--seed", seed)[1] == 2


@pytest.mark.django_db
def test_without_publishing_all_are_drafts_and_nothing_is_public():
    assert "The register has 25 monuments.\n" in generate("--monuments", 25)

    assert [Monument.objects.drafts().count(), Place.objects.drafts().count(), Edition.objects.count()] == [25, 966, 0]
    call_command("audit", stdout=io.StringIO())


@pytest.mark.django_db
def test_the_database_has_counted_what_it_holds():
    generate("--monuments", 30)

    counted = {
        "sqlite": "SELECT stat FROM sqlite_stat1 WHERE idx = 'sqlite_autoindex_registry_monument_1'",
        "postgresql": "SELECT CAST(reltuples AS bigint) FROM pg_class WHERE relname = 'registry_monument'",
    }
    with connection.cursor() as cursor:
        cursor.execute(counted[connection.vendor])
        [[found]] = cursor.fetchall()
    assert str(found).split()[0] == "30"


@pytest.fixture(scope="module")
def registers(tmp_path_factory, django_db_setup):
    made = scratch(connection.vendor, tmp_path_factory.mktemp("registers"))
    yield made
    made.clear()


@pytest.mark.django_db
def test_killed_it_leaves_whole_batches_no_process_and_can_go_on(registers):
    registers.make("killed")
    assert registers.manage("killed", "migrate", "-v0")[0] == 0
    total = 2 * BATCH + 100
    command = ["generate_register", "--monuments", str(total), "--publish"]
    published = "SELECT count(*) FROM catalogue_edition WHERE subject = 'monument'"
    with registers.start("killed", *command) as process:
        wait_until(lambda: registers.ask("killed", published) > 0)
        [helper] = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=LONGEST)
    wait_until(lambda: not Path(f"/proc/{helper}").exists())
    left = registers.ask("killed", published)

    assert left in (BATCH, 2 * BATCH, total)
    status, said = registers.manage("killed", *command)
    assert (status, f"{left:,} monuments are there" in said) == (0, True)
    assert registers.ask("killed", published) == total
    assert registers.manage("killed", "rebuild_catalogue", "--check")[0] == 0


def wait_until(condition):
    until = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.05)
