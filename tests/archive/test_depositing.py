"""Deposits are remembered and offered; held files are watched."""

import hashlib
import json

import pytest
from django.core.management import CommandError, call_command

from heritage.archive import held
from heritage.archive.depositing import deposit
from heritage.archive.management.commands.export_archive import progress
from heritage.archive.models import Deposit
from heritage.catalogue import audit
from heritage.registry.models import CustodyEvent
from tests.archive.shelf import contents, export, held_items, illustrate
from tests.registry.conftest import signed_in
from tests.registry.make import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(demo, db):
    return illustrate()


def test_a_deposit_is_remembered_with_what_it_adds_to(shown, tmp_path):
    make_user(username="archivist")
    call_command(
        "export_archive", tmp_path / "a.tar", site=False, for_whom="State archive", by="archivist", verbosity=0
    )
    call_command("export_archive", tmp_path / "b", site=False, since=str(tmp_path / "a.tar"), verbosity=0)

    second, first = Deposit.objects.all()
    assert (first.name, first.level, first.for_whom, first.made_by.username) == (
        "a.tar",
        "public",
        "State archive",
        "archivist",
    )
    packed = (tmp_path / "a.tar").read_bytes()
    assert (first.size, first.sha256) == (len(packed), hashlib.sha256(packed).hexdigest())
    assert (second.previous, second.size) == (first, None)
    assert (
        second.manifest_sha256 == hashlib.sha256((tmp_path / "b" / "tagmanifest-sha512.txt").read_bytes()).hexdigest()
    )


def test_making_a_deposit_changes_no_later_bag(shown, tmp_path):
    call_command("export_archive", tmp_path / "a.tar", offer=True, verbosity=0)
    first = contents(export(tmp_path / "first", "full"))
    call_command("export_archive", tmp_path / "b.tar", offer=True, verbosity=0)

    assert contents(export(tmp_path / "second", "full")) == first


def test_an_offered_deposit_can_be_downloaded_and_checked(shown, tmp_path, client):
    call_command("export_archive", tmp_path / "deposit.zip", site=False, offer=True, verbosity=0)
    made = Deposit.objects.get()

    page = client.get("/data/").content.decode()
    assert f"/data/deposits/{made.ref}/" in page
    assert made.sha256 in page
    answer = client.get(f"/data/deposits/{made.ref}/")
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == made.sha256
    assert answer["Content-Disposition"] == 'attachment; filename="deposit.zip"'
    assert answer["Content-Type"] == "application/zip"


def test_what_is_not_offered_is_not_found(shown, tmp_path, client):
    call_command("export_archive", tmp_path / "secret.tar", level="full", site=False, verbosity=0)
    call_command("export_archive", tmp_path / "quiet.tar", site=False, verbosity=0)

    for made in Deposit.objects.all():
        assert client.get(f"/data/deposits/{made.ref}/").status_code == 404
        assert made.name not in client.get("/data/").content.decode()


@pytest.mark.parametrize(("name", "level"), [("folder", "public"), ("full.tar", "full")])
def test_only_a_public_bag_in_one_file_is_offered(shown, tmp_path, name, level):
    with pytest.raises(CommandError, match=r"Only a public bag in one file"):
        call_command("export_archive", tmp_path / name, level=level, offer=True)

    assert not (tmp_path / name).exists()
    assert Deposit.objects.count() == 0


def test_the_result_for_scripts_is_that_of_the_contract(shown, tmp_path, capsys):
    call_command("export_archive", tmp_path / "bag", site=False, json=True)

    printed = json.loads(capsys.readouterr().out)
    assert {"bag", "level", "valid", "counts", "ledger_head", "faults"} == printed.keys()
    assert (printed["valid"], printed["level"], printed["faults"]) == (True, "public", [])


@pytest.mark.parametrize(("group", "status"), [("administrator", 200), ("reviewer", 200), ("contributor", 403)])
def test_deposits_are_listed_at_the_desk_and_changed_by_nobody(shown, tmp_path, group, status):
    out = tmp_path / "deposit.tar"
    call_command("export_archive", out, site=False, for_whom="State archive", offer=True, verbosity=0)
    client, made = signed_in(group), Deposit.objects.get()

    listed = client.get("/admin/archive/deposit/")
    assert listed.status_code == status
    assert ("deposit.tar" in listed.content.decode()) == ("State archive" in listed.content.decode()) == (status == 200)
    assert client.post(f"/admin/archive/deposit/{made.pk}/change/", {"name": "other.tar"}).status_code == 403
    assert client.post(f"/admin/archive/deposit/{made.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Deposit.objects.get().name == "deposit.tar"
    if status == 200:
        page = client.get(f"/admin/archive/deposit/{made.pk}/change/").content.decode()
        assert f'<a href="/data/deposits/{made.ref}/">' in page
        assert b"".join(client.get(f"/data/deposits/{made.ref}/").streaming_content) == out.read_bytes()


def test_a_fixity_check_is_written_into_the_custody_log_and_the_chain_holds(shown, capsys):
    call_command("check_fixity")
    call_command("check_fixity")

    assert capsys.readouterr().out.splitlines()[-1] == "4 held files are as they were taken in."
    assert CustodyEvent.objects.count() == 8
    assert set(CustodyEvent.objects.values_list("what", flat=True)) == {"Fixity checked: unchanged"}
    assert list(audit.custody_faults()) == []


def test_a_changed_and_a_missing_file_are_told_and_written_down(shown, store):
    changed, missing = held_items().order_by("ref")[:2]
    path = store / changed.file.name
    path.write_bytes(path.read_bytes() + b"x")
    (store / missing.file.name).unlink()

    with pytest.raises(CommandError) as told:
        call_command("check_fixity")

    assert f"Media item {changed.ref}: its file has changed" in str(told.value)
    assert f"Media item {missing.ref}: its file cannot be read (No such file or directory)" in str(told.value)
    assert held.fault(changed) != ""
    assert CustodyEvent.objects.filter(media=missing).get().what.startswith("Fixity checked: its file cannot be read")


def test_a_full_bag_brings_the_custody_log_back(shown, tmp_path):
    call_command("check_fixity", verbosity=0)
    bag = export(tmp_path / "bag", "full", site=False)

    lines = (bag / "data/fixtures/full-13-registry-custodyevent.jsonl").read_text().splitlines()
    assert [json.loads(line)["fields"]["sha256"] for line in lines] == list(
        CustodyEvent.objects.order_by("pk").values_list("sha256", flat=True)
    )


@pytest.mark.parametrize(
    ("done", "total", "said"),
    [
        (500, 2000, "500 of 2,000, 50 a second, 30 s left"),
        (500, None, "500, 50 a second"),
        (2100, 2000, "2,100 of 2,100, 210 a second, 0 s left"),
    ],
)
def test_progress_tells_how_much_of_how_much_how_fast_and_the_time_left(done, total, said):
    assert progress(done, total, 10) == said


def test_what_is_waited_for_is_told_with_its_total(shown, tmp_path):
    told = {}

    def watch(what, number, total=None):
        known = told.get(what, (0, 0))[0]
        told[what] = known + number, total

    made, _found = deposit(tmp_path / "bag", "full", watch=watch)

    pages, estimated = told.pop("pages (total estimated)")
    assert 0.8 < estimated / pages < 1.3
    assert [what for what, (done, total) in told.items() if done != total] == []
    assert told["editions.jsonl"] == told["editions checked"] == (made.editions, made.editions)
    assert {"files checked", "media", "tables", "fixtures/08-registry-monument.jsonl"} <= told.keys()
