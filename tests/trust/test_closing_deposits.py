"""Deposits hold nothing of what is closed: new bags, those on offer, and those that were being made."""

import json

import pytest

from heritage.archive.depositing import deposit, put_on_offer, remember
from heritage.archive.exporting import Export
from heritage.archive.models import Deposit
from heritage.archive.verifying import verify
from heritage.catalogue import audit
from heritage.catalogue.carriers import carriers
from heritage.catalogue.closing import request_closure
from heritage.catalogue.models import Closure, Edition
from heritage.catalogue.publish import publish, stale_entries, withdraw
from heritage.registry.steps import Refused
from tests.archive.shelf import clear, contents, export, restore
from tests.registry.make import make_name, make_user
from tests.trust.test_closing import MARK, close, make_marked, versions_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]


@pytest.fixture
def closed():
    """Publish a record whose first version and source showed a mark, and close everything that carries it."""
    monument, source = make_marked()
    source.access_level = "sealed"
    source.save()
    make_name(monument, "Without it")
    monument.refresh_from_db()
    publish([monument])
    close(carriers(source.ref).all)
    close(versions_of(monument.ref, 2))
    return monument


def with_mark(bag):
    return [name for name, content in contents(bag).items() if MARK.encode() in content]


def test_a_new_public_bag_holds_hash_and_link_of_a_closed_version_and_nothing_else(closed, tmp_path):
    bag = export(tmp_path / "bag")
    records = (bag / "data" / "editions.jsonl").read_text().splitlines()
    ledger = [json.loads(line) for line in (bag / "data" / "ledger.jsonl").read_text().splitlines()]
    rows = (bag / "data" / "fixtures" / "23-catalogue-edition.jsonl").read_text().splitlines()

    [place] = [n for n, line in enumerate(ledger) if (line["ref"], line["version"]) == (closed.ref, 1)]
    assert ledger[place]["sha256"] == versions_of(closed.ref, 1).get().sha256
    assert records[place] == "null"
    row = json.loads(rows[place])["fields"]
    assert (row["label"], row["reason"], row["record"], row["content_sha256"]) == ("", "", "", "")
    assert row["closed_because"] == "safety"
    assert with_mark(bag) == []
    assert list(verify(bag).faults.sentences()) == []


def test_the_pages_in_a_bag_leave_out_closed_versions_and_lead_to_none(closed, tmp_path):
    bag = export(tmp_path / "bag")
    folder = bag / "data" / "site" / "monuments" / closed.ref[:2]

    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(closed.ref)) == [
        f"{closed.ref}.history.html",
        f"{closed.ref}.html",
        f"{closed.ref}.v3.html",
    ]
    history = (folder / f"{closed.ref}.history.html").read_text()
    assert "This version was closed and can no longer be read." in history
    assert f"{closed.ref}.v1.html" not in history


@pytest.mark.parametrize("level", ["public", "full"])
def test_a_bag_with_closed_versions_is_restored_and_gives_the_same_bytes_again(closed, tmp_path, client, level):
    bag = export(tmp_path / "bag", level, site=False)
    number = Closure.objects.count()
    clear()
    restore(bag)

    assert contents(export(tmp_path / "again", level, site=False)) == contents(bag)
    assert client.get(f"/monuments/{closed.ref}/v1/").status_code == 410
    assert client.get(f"/monuments/{closed.ref}/v3/").status_code == 200
    assert Closure.objects.count() == (number if level == "full" else 0)
    assert [*stale_entries()] == []
    assert [*audit.faults()] == [] or level == "public"


def test_a_full_bag_keeps_the_text_of_what_is_closed_but_not_of_what_was_erased(closed, tmp_path):
    assert with_mark(export(tmp_path / "bag", "full", site=False)) != []
    close(Edition.objects.closed(), erase=True)
    bag = export(tmp_path / "erased", "full", site=False)

    records = (bag / "data" / "full-editions.jsonl").read_text()
    assert MARK not in records
    assert list(verify(bag).faults.sentences()) == []


def test_a_bag_that_adds_to_an_older_one_takes_closed_versions_out_of_it(tmp_path):
    monument, _source = make_marked()
    whole = export(tmp_path / "whole", site=False)
    close(versions_of(monument.ref, 1))
    added = export(tmp_path / "added", site=False, since=whole)
    assert list(verify(added, previous=whole).faults.sentences()) == []
    expected = contents(export(tmp_path / "anew", site=False))["data/editions.jsonl"]
    clear()
    restore(added, whole)

    assert contents(export(tmp_path / "again", site=False))["data/editions.jsonl"] == expected
    assert versions_of(monument.ref, 1).get().record == ""


@pytest.mark.parametrize("meddled", ["text left in", "taken out without a word"])
def test_verifying_notices_a_closed_version_that_still_tells_and_one_that_is_gone_without_being_closed(
    tmp_path, meddled, monkeypatch
):
    monument, _source = make_marked()
    if meddled == "text left in":
        close(versions_of(monument.ref, 1))
        monkeypatch.setattr("heritage.archive.fixtures.CLOSED", "1 = 0")
    else:
        monkeypatch.setattr("heritage.archive.fixtures.CLOSED", f"t.ref = '{monument.ref}' AND t.version = 1")
    found = list(verify(export(tmp_path / "bag", site=False)).faults.sentences())

    said = "it is closed, and its content is still there"
    assert len(found) == 1
    assert (said if meddled == "text left in" else "the record is gone though nothing took it back") in found[0]


# Deposits on offer


def offered(tmp_path, name="deposit.tar"):
    made, _found = deposit(tmp_path / name, site=False, offer=True, verifying=False)
    return made


def on_offer(client, made):
    listed = made.name in client.get("/data/").content.decode()
    answer = client.get(f"/data/deposits/{made.ref}/")
    answer.getvalue()  # which closes the file
    assert listed == (answer.status_code == 200)
    return listed


@pytest.mark.parametrize("how", ["closed", "urgent", "withdrawn"])
def test_deposits_that_may_hold_a_closed_version_are_taken_off_offer_in_the_same_step(
    client, tmp_path, store, django_capture_on_commit_callbacks, how
):
    make_marked()
    older = offered(tmp_path, "older.tar")
    monument, _source = make_marked()
    made = offered(tmp_path)
    assert (on_offer(client, made), on_offer(client, older)) == (True, True)
    file = store / made.file.name
    assert file.exists()
    with django_capture_on_commit_callbacks(execute=True):
        if how == "withdrawn":
            withdraw(monument, None, "safety", "A letter.")
        elif how == "urgent":
            request_closure(versions_of(monument.ref, 1), make_user("reviewer"), "safety", "A letter.", urgent=True)
        else:
            close(versions_of(monument.ref, 1))

    assert (on_offer(client, made), on_offer(client, older)) == (False, True)
    assert not file.exists()
    made.refresh_from_db()
    with pytest.raises(Refused, match="Make a new one"):
        put_on_offer(made, tmp_path / "deposit.tar")
    assert on_offer(client, offered(tmp_path, "newer.tar"))


def test_a_deposit_that_was_not_on_offer_cannot_be_offered_after_a_closing(tmp_path):
    monument, _source = make_marked()
    made, _found = deposit(tmp_path / "kept.tar", site=False, verifying=False)
    close(versions_of(monument.ref, 1))
    made.refresh_from_db()

    with pytest.raises(Refused, match="Make a new one"):
        put_on_offer(made, tmp_path / "kept.tar")


def test_a_deposit_during_whose_making_a_version_was_closed_is_not_offered(tmp_path, store):
    monument, _source = make_marked()
    export_in_hand = Export("public", site=False)
    export_in_hand.run(tmp_path / "bag.tar")
    close(versions_of(monument.ref, 1))
    facts = {"name": "bag.tar", "level": "public", "manifest_sha256": "0" * 64, "ledger_head": export_in_hand.head}
    made = Deposit(at=Edition.objects.first().published_at, editions=1, **facts)
    put_on_offer(made, tmp_path / "bag.tar")
    remember(made, export_in_hand)

    assert (made.file.name, made.recalled_at is None) == ("", False)
    assert not any(path.is_file() for path in store.rglob("*"))


def test_the_list_of_carriers_names_the_deposits_on_offer(tmp_path):
    monument, _source = make_marked()
    made = offered(tmp_path)

    assert [one.name for one in carriers(monument.ref).deposits] == [made.name]
