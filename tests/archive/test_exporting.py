"""A bag holds what its level may see, the same bytes each time, and nothing half-made is ever taken for a bag."""

import json
import resource
import signal
import time
from collections import namedtuple

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from heritage.archive import exporting
from heritage.archive.bag import Bag, Unbagged
from heritage.archive.exporting import Export
from heritage.archive.models import Deposit
from heritage.archive.verifying import verify
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish, withdraw
from heritage.registry.models import Claim, Custodian, Monument
from heritage.registry.steps import Refused
from tests.archive.shelf import KEEPERS, contents, export, held_items, illustrate, seal_for
from tests.catalogue.scratch import scratch
from tests.registry.make import make_publishable_monument, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(demo, db):
    return illustrate()


def lines(folder, name):
    return (folder / "data" / name).read_text().splitlines()


def test_a_public_bag_has_the_places_that_the_contract_names(shown, tmp_path):
    bag = export(tmp_path / "bag")

    assert sorted(path.name for path in (bag / "data").iterdir()) == [
        "README.txt", "editions.jsonl", "fixtures", "ledger.jsonl", "media", "monuments.geojson", "record.schema.json",
        "ro-crate-metadata.json", "site", "tables", "vocabulary.ttl",
    ]  # fmt: skip
    assert [path.name for path in (bag / "data" / "fixtures").iterdir()] == ["23-catalogue-edition.jsonl"]
    assert (bag / "data" / "site" / "index.html").is_file()
    assert len(list((bag / "data" / "media").iterdir())) == 4


def test_editions_and_ledger_are_what_the_reading_room_gives(shown, tmp_path, client):
    bag = export(tmp_path / "bag", site=False)

    records = list(Edition.objects.order_by("position").values_list("record", flat=True))
    assert lines(bag, "editions.jsonl") == records
    ledger = b"".join(client.get("/ledger.jsonl").streaming_content)
    assert (bag / "data" / "ledger.jsonl").read_bytes() == ledger


def test_a_full_bag_says_so_in_every_file_name_and_in_its_tag_file(shown, tmp_path):
    bag = export(tmp_path / "bag", "full")

    named = [name for name in contents(bag / "data") if "full-" not in name]
    assert named == ["ro-crate-metadata.json"]
    assert "Heritage-Level: full\n" in (bag / "bag-info.txt").read_text()
    drafts = [json.loads(line)["fields"] for line in lines(bag, "fixtures/full-08-registry-monument.jsonl")]
    assert len([one for one in drafts if one["stage"] == "draft"]) == 5


def test_a_full_bag_holds_no_password_and_no_last_visit(shown, tmp_path):
    user = make_user(username="archivist")
    user.last_login = "2026-11-01T10:00:00Z"
    user.save()
    bag = export(tmp_path / "bag", "full", site=False)

    row = next(one for one in lines(bag, "fixtures/full-02-auth-user.jsonl") if "archivist" in one)
    assert json.loads(row)["fields"]["password"] == "!"
    assert json.loads(row)["fields"]["last_login"] is None
    assert user.password.encode() not in b"".join(contents(bag).values())


def test_what_is_sealed_leaves_the_desk_only_in_a_bag_that_is_sealed_as_a_whole(shown, tmp_path):
    claims = list(Claim.objects.order_by("ref")[:2])
    Claim.objects.filter(pk__in=[claim.pk for claim in claims]).update(access_level="sealed")
    make_source("Sealed title", access_level="sealed")

    with pytest.raises(Refused, match=r"holds what is sealed \(2 × claim, 1 × source\).*Name them"):
        export(tmp_path / "bag", "full", custodians=(), site=False)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]

    for custodians in (["Archive"], ["Archive", " ARCHIVE"], ["Archive", " "], ["A", "B", "C"]):
        with pytest.raises(Refused, match="Name two different ones"):
            export(tmp_path / "bag", "full", custodians=custodians, site=False)
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_bag_that_is_sealed_as_a_whole_names_its_two_custodians(shown, tmp_path):
    make_source("Sealed title", access_level="sealed")
    seal_for(KEEPERS)
    out = tmp_path / "sealed"
    call_command("export_archive", out, "--level=full", "--no-site", "--with-sealed", *KEEPERS, verbosity=0)

    info, named = (out / "bag-info.txt").read_text(), [f"Heritage-Custodian: {name}\n" for name in KEEPERS]
    assert "Heritage-Sealed: sealed as a whole\n" + "".join(named) in info
    readme = (out / "data" / "full-README.txt").read_text()
    assert "SEALED AS A WHOLE" in readme
    assert all(name in readme for name in KEEPERS)
    assert Deposit.objects.get().custodians == " · ".join(KEEPERS)
    (out / "bag-info.txt").write_text(info.replace(named[1], ""))
    assert "does not name its two custodians" in str(list(verify(out).faults.sentences()))


def test_a_full_bag_of_a_desk_without_sealed_rows_says_so(shown, tmp_path):
    Custodian.objects.create(sealed_ref="bcdfghjkmnpq", user=make_user())  # of something that was deleted since
    bag = export(tmp_path / "bag", "full", custodians=(), site=False)

    assert not list((bag / "data" / "fixtures").glob("*custodian*"))
    assert "Heritage-Custodian" not in (bag / "bag-info.txt").read_text()
    assert "Heritage-Sealed: nothing sealed\n" in (bag / "bag-info.txt").read_text()
    assert "Nothing at the desk is sealed" in (bag / "data" / "full-README.txt").read_text()
    assert verify(bag).valid


def test_the_list_of_what_was_withheld_names_classes_only_and_is_in_the_full_bag_only(shown, tmp_path):
    public, full = export(tmp_path / "public", site=False), export(tmp_path / "full", "full", site=False)

    assert not (public / "data" / "withheld.csv").exists()
    told = lines(full, "full-withheld.csv")
    assert "monument,draft: not reviewed yet,5" in told
    refs = set(Monument.objects.values_list("ref", flat=True))
    assert not [ref for ref in refs if any(ref in line for line in told)]


def test_the_record_of_a_withdrawn_monument_is_not_in_a_public_bag_but_its_hash_is(shown, tmp_path):
    before = Edition.objects.current().get(ref=shown.ref)
    withdraw(Monument.objects.get(pk=shown.pk), make_user("reviewer"), "rights", "Asked to.")
    bag = export(tmp_path / "bag")

    everything = b"".join(contents(bag).values())
    assert before.record.encode() not in everything
    assert before.sha256.encode() in everything
    assert before.content_sha256.encode() not in everything
    assert lines(bag, "editions.jsonl").count("null") == before.version
    assert before.record in (export(tmp_path / "full", "full", site=False) / "data" / "full-editions.jsonl").read_text()


def test_what_a_source_said_before_it_was_withheld_is_not_in_a_public_bag(demo, tmp_path):
    source = make_source("A title that endangers somebody")
    monument = make_publishable_monument("Tower")
    claim = monument.claims.get()
    claim.citations.update(source=source)
    Monument.objects.filter(pk=monument.pk).update(stage="in_review", edited_by=make_user("contributor"))
    monument.refresh_from_db()
    publish([monument], make_user("reviewer"))
    source.access_level, source.withheld_because = "withheld", "safety"
    source.save()
    publish([monument], make_user("reviewer"))
    withdraw(monument, make_user("reviewer"), "rights", "Asked to.")

    bag = export(tmp_path / "bag", site=False)

    assert b"A title that endangers somebody" not in b"".join(contents(bag).values())


def test_nothing_of_a_bag_is_overwritten(shown, tmp_path):
    (tmp_path / "bag").mkdir()

    with pytest.raises(Unbagged, match="is there already"):
        export(tmp_path / "bag")

    assert list((tmp_path / "bag").iterdir()) == []


@pytest.mark.parametrize("level", ["public", "full"])
def test_a_changed_byte_of_a_held_file_stops_the_export_with_its_reference(shown, tmp_path, store, level):
    item = held_items().order_by("label").first()
    path = store / item.file.name
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(Refused, match=f"{item.ref}.*has changed"):
        export(tmp_path / "bag", level, site=False)

    assert not (tmp_path / "bag").exists()
    assert export(tmp_path / "without", level, site=False, media=False).is_dir()


def test_a_missing_held_file_stops_the_export(shown, tmp_path, store):
    item = held_items().first()
    (store / item.file.name).unlink()

    with pytest.raises(Refused, match=f"{item.ref}.*cannot be read"):
        export(tmp_path / "bag", "full", site=False)


def test_a_disk_that_is_too_small_is_told_before_anything_is_written(shown, tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(exporting.shutil, "disk_usage", lambda _folder: usage(100, 99, 1))

    for name in ("bag", "bag.tar"):
        with pytest.raises(Refused, match=r"needs about \d+ MB and 0 MB are free"):
            export(tmp_path / name)

    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_a_disk_that_fills_up_leaves_nothing(shown, tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        with pytest.raises(CommandError, match="The disk does not take it"):
            call_command("export_archive", tmp_path / "bag", site=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)

    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_two_exports_of_one_bag_at_once_are_refused(shown, tmp_path):
    with Bag(tmp_path / "bag"), pytest.raises(Unbagged, match="Another run"):
        Export("public").run(tmp_path / "bag")


def test_what_a_killed_run_left_is_no_bag_and_is_in_nobodys_way(shown, tmp_path):
    left = tmp_path / ".bag.unfinished"
    (left / "data").mkdir(parents=True)
    (left / "data" / "editions.jsonl").write_text("half")
    (left / "bagit.txt").write_text("half")

    bag = export(tmp_path / "bag", site=False)

    assert len(lines(bag, "editions.jsonl")) == Edition.objects.count()
    assert not left.exists()


@pytest.fixture(scope="module")
def registers(django_db_setup, tmp_path_factory):
    """A demonstration register in a database of its own."""
    made = scratch(connection.vendor, tmp_path_factory.mktemp("registers"))
    made.make("demo")
    assert made.manage("demo", "demo", "--no-serve")[0] == 0
    yield made
    made.clear()


def test_another_place_time_zone_language_and_hash_seed_give_the_same_bytes(registers, tmp_path, monkeypatch):
    assert registers.manage("demo", "export_archive", str(tmp_path / "here"), "--level", "full")[0] == 0
    for name, value in {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "7",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONUTF8", "0")
    assert registers.manage("demo", "export_archive", str(tmp_path / "there"), "--level", "full")[0] == 0

    assert contents(tmp_path / "here") == contents(tmp_path / "there")


def test_a_run_that_is_killed_leaves_no_bag_and_the_next_starts_clean(registers, tmp_path):
    process = registers.start("demo", "export_archive", str(tmp_path / "bag"))
    work = tmp_path / ".bag.unfinished" / "data" / "site"
    for _wait in range(600):
        if work.exists() or process.poll() is not None:
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (tmp_path / "bag").exists()
    assert work.exists()

    assert registers.manage("demo", "export_archive", str(tmp_path / "bag"))[0] == 0
    assert registers.manage("demo", "verify_archive", str(tmp_path / "bag"))[0] == 0
    assert [path.name for path in tmp_path.iterdir() if path.name != "store"] == ["bag"]
