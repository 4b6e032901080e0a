"""A publication that is killed leaves all of it or nothing, and can be run again: real processes, databases on disk."""

import json
import time

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests.catalogue.scratch import LONGEST, scratch
from tests.registry.make import make_publishable_monument

pytestmark = pytest.mark.django_db  # to make the drafts; the processes have databases of their own

MONUMENTS = 200
PUBLISHED = "SELECT count(*) FROM catalogue_edition WHERE subject = 'monument'"
EDITIONS = "SELECT count(*) FROM catalogue_edition"


@pytest.fixture(scope="module")
def registers(tmp_path_factory):
    made = scratch(connection.vendor, tmp_path_factory.mktemp("registers"))
    yield made
    made.clear()


@pytest.fixture(scope="module")
def drafts(registers, tmp_path_factory, django_db_setup, django_db_blocker):
    """The register ``drafts`` with monuments that can be published; return their references."""
    rows = tmp_path_factory.mktemp("rows") / "drafts.json"
    with django_db_blocker.unblock(), transaction.atomic():
        refs = [make_publishable_monument().ref for _ in range(MONUMENTS)]
        call_command(
            "dumpdata", "registry", use_natural_foreign_keys=True, use_natural_primary_keys=True, output=str(rows)
        )
        transaction.set_rollback(True)
    registers.make("drafts")
    for command in (["migrate", "-v0"], ["loaddata", str(rows)]):
        assert registers.manage("drafts", *command)[0] == 0
    return refs


@pytest.fixture(scope="module")
def undisturbed(registers, drafts):
    """Publish all drafts in peace; return how long the transaction took (seconds) and how many editions it made."""
    registers.make("undisturbed", "drafts")
    process = registers.start("undisturbed", "publish", *drafts)
    wait_until(lambda: registers.publishing("undisturbed"), process)
    began = time.monotonic()
    wait_until(lambda: not registers.publishing("undisturbed"), process)
    took = time.monotonic() - began
    process.communicate(timeout=LONGEST)
    assert registers.ask("undisturbed", PUBLISHED) == MONUMENTS
    return took, registers.ask("undisturbed", EDITIONS)


def wait_until(condition, process):
    until = time.monotonic() + LONGEST
    while not condition() and process.poll() is None:
        assert time.monotonic() < until, "the publication takes too long"
        time.sleep(0.002)


def killed_while_publishing(registers, name, drafts, delay):
    """Publish ``drafts`` and kill the process ``delay`` seconds into its transaction; tell whether it was still in it."""
    with registers.start(name, "publish", *drafts) as process:
        wait_until(lambda: registers.publishing(name), process)
        time.sleep(delay)
        inside = process.poll() is None and registers.publishing(name)
        process.kill()
        process.communicate(timeout=LONGEST)
    return inside


def assert_sound(registers, name):
    for command in ("verify_ledger", "audit", "rebuild_catalogue"):
        status, said = registers.manage(name, command, *(["--check"] if command == "rebuild_catalogue" else []))
        assert status == 0, said


@pytest.mark.parametrize("moment", [0, 15, 35, 55, 75, 95])
def test_killed_within_its_transaction_a_publication_leaves_all_or_nothing_and_runs_again(
    registers, drafts, undisturbed, moment
):
    took, editions = undisturbed
    delay = took * moment / 100
    for attempt in range(8):  # a busy machine may be faster this time than in peace: then earlier, in a fresh register
        name = f"killed_{moment}_{attempt}"
        registers.make(name, "drafts")
        if killed_while_publishing(registers, name, drafts, delay * 0.6**attempt):
            break
    else:
        pytest.fail("the publication was never killed within its transaction")

    assert registers.ask(name, PUBLISHED) in {0, MONUMENTS}  # all, if the commit was the last thing it did
    assert_sound(registers, name)
    status, said = registers.manage(name, "publish", *drafts, "--json")
    assert status == 0, said
    assert json.loads(said)["considered"] == MONUMENTS
    assert registers.ask(name, EDITIONS) == editions
    assert_sound(registers, name)


def test_killed_after_its_transaction_a_publication_is_there(registers, drafts, undisturbed):
    registers.make("killed_late", "drafts")

    with registers.start("killed_late", "publish", *drafts) as process:
        wait_until(lambda: registers.publishing("killed_late"), process)
        wait_until(lambda: not registers.publishing("killed_late"), process)
        process.kill()
        process.communicate(timeout=LONGEST)

    assert registers.ask("killed_late", EDITIONS) == undisturbed[1]
    assert_sound(registers, "killed_late")
