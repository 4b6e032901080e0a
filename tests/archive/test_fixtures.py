"""Fixtures are what ``dumpdata`` writes, to the last digit, and every table goes through ``dumpdata`` and ``loaddata``."""

import io
import json

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from heritage.archive import fixtures
from heritage.archive.depositing import deposit
from heritage.archive.models import Deposit
from heritage.archive.profile import BLANKED
from heritage.archive.shelves import LEFT_OUT, SHELVES, left_out
from heritage.catalogue import audit, index
from heritage.catalogue.models import Edition, Entry
from heritage.catalogue.publish import rebuild
from heritage.intake.models import Batch
from heritage.registry.models import Custodian, Journal, Location, Term
from heritage.registry.steps import now
from tests.archive.shelf import hide_secrets, illustrate, take_in_lists
from tests.registry.make import make_monument, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(demo, db):
    hide_secrets("MARK")
    return illustrate()


@pytest.fixture
def filled(shown, tmp_path):
    take_in_lists(tmp_path)


def dumped(*labels):
    out = io.StringIO()
    natural = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    call_command("dumpdata", *labels, format="jsonl", stdout=out, **natural)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def emptied():
    """Empty the database. PostgreSQL empties no table of which it has something left to check."""
    connection.check_constraints()
    call_command("flush", interactive=False, verbosity=0)


def comparable(row, label):
    """Return a row as text, without what no bag holds; the order of many-to-many rows has no meaning."""
    kept = {name: value for name, value in row["fields"].items() if f"{label}.{name}" not in BLANKED}
    kept.pop("date_joined", None)  # Django rounds it to milliseconds, a bag does not
    plain = {
        name: sorted(value) if name in ("types", "effects", "evidence", "permissions") else value
        for name, value in kept.items()
    }
    return json.dumps([row["model"], plain], sort_keys=True)


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.label)
def test_a_fixture_says_what_dumpdata_says(filled, shelf):
    ours = [json.loads(line) for batch in fixtures.lines(shelf, "full") for line in batch]
    theirs = dumped(shelf.label)

    assert sorted(comparable(row, shelf.label) for row in ours) == sorted(
        comparable(row, shelf.label) for row in theirs
    )
    assert ours != [] or not shelf.model._base_manager.exists()


@pytest.mark.parametrize("shelf", [shelf for shelf in SHELVES if not shelf.is_history], ids=lambda shelf: shelf.label)
def test_lines_stand_in_the_order_of_their_natural_keys(shown, shelf):
    rows = [json.loads(line)["fields"] for batch in fixtures.lines(shelf, "full") for line in batch]
    key = "claim_ptr" if "claim_ptr" in rows[0] else shelf.keys[0] if rows else ""

    assert [row[key] for row in rows] == sorted(row[key] for row in rows)


def test_no_digit_of_a_moment_or_a_position_is_lost(db):
    moment = timezone.now().replace(microsecond=123_456)
    user = make_user(username="exact")
    user.date_joined = moment
    user.save()
    Location.objects.create(monument=make_monument(), latitude="-0.000001", longitude="179.100000")
    rows = {
        shelf.label: [json.loads(line)["fields"] for batch in fixtures.lines(shelf, "full") for line in batch]
        for shelf in SHELVES[:11]
    }

    joined = next(row["date_joined"] for row in rows["auth.user"] if row["username"] == "exact")
    assert joined == moment.strftime("%Y-%m-%dT%H:%M:%S.123456Z")
    assert ("-0.000001", "179.100000") in [(row["latitude"], row["longitude"]) for row in rows["registry.location"]]


def test_hostile_text_comes_through(db):
    text = "quote \" back \\ tab \t line\nend \x7f \u2028 𒀀 é %s %% {x} '; DROP TABLE x; --"
    Journal.objects.create(
        at=now(),
        who="x",
        verb="note",
        subject_kind="x",
        subject_ref="x",
        reason=text,
        after={"b": text, "a": [1.5, None]},
    )
    line = [line for batch in fixtures.lines(SHELVES[21], "full") for line in batch][-1]

    assert json.loads(line)["fields"]["reason"] == text
    assert json.loads(line)["fields"]["after"] == {"a": [1.5, None], "b": text}
    assert line.count(b"\n") == 1


def test_every_table_is_in_a_full_bag_or_left_out_for_a_reason():
    made_anew = [label for label in left_out() if label not in LEFT_OUT]

    assert set(LEFT_OUT) < set(left_out())
    assert made_anew == [
        "catalogue.cell", "catalogue.entry", "catalogue.entryterm", "catalogue.facet", "catalogue.happening",
        "catalogue.happeningcount", "catalogue.placeterm", "catalogue.placeword", "catalogue.rebuilding",
        "catalogue.searchname", "catalogue.searchrow", "catalogue.termcount", "catalogue.word",
    ]  # fmt: skip


def own_tables():
    return [app.label for app in apps.get_app_configs() if app.name.startswith("heritage.")]


def set_apart():
    """Leave gaps between the positions of editions, as refused publications do, and make the index of them anew."""
    index.clear()
    Edition.objects.update(position=F("position") * 1000)
    rebuild()


def use_up_keys():
    """Let the keys that the database gives begin elsewhere."""
    for _turn in range(9):
        make_monument().delete()
        Term.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_every_table_goes_through_dumpdata_and_loaddata_into_a_database_whose_keys_begin_elsewhere(tmp_path):
    emptied()
    call_command("demo", no_serve=True, stdout=io.StringIO())
    illustrate()
    take_in_lists(tmp_path)
    Custodian.objects.create(sealed_ref="bcdfghjkmnpq", user=make_user())
    call_command("check_fixity", verbosity=0)
    whole, _found = deposit(tmp_path / "whole.tar", site=False, for_whom="State archive", verifying=False)
    deposit(tmp_path / "added.tar", site=False, since=tmp_path / "whole.tar", by=make_user("reviewer"))
    made = dict(Batch.objects.values_list("ref", "made_at"))
    set_apart()
    before = dumped("auth", *own_tables())
    file = tmp_path / "all.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in before))
    emptied()
    use_up_keys()
    call_command("loaddata", str(file), verbosity=0)
    after = dumped("auth", *own_tables())

    assert {row["model"] for row in before} >= {shelf.label for shelf in SHELVES} | {"archive.deposit"}
    assert sorted(comparable(row, row["model"]) for row in after) == sorted(
        comparable(row, row["model"]) for row in before
    )
    assert list(audit.faults()) == []
    assert [one.previous and one.previous.ref for one in Deposit.objects.all()] == [whole.ref, None]
    assert dict(Batch.objects.values_list("ref", "made_at")) == made
    assert [entry for entry in Entry.objects.select_related("edition") if entry.ref != entry.edition.ref] == []
