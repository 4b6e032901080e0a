"""A bag that was tampered with is refused, with the first fault of each kind and its file, and without a database."""

import hashlib
import json
import os
import re
import shutil
import tarfile
import zipfile
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from heritage.archive.packing import pack
from heritage.archive.reading import is_inside
from heritage.archive.verifying import verified, verify
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish, withdraw
from heritage.registry.models import Monument
from heritage.registry.steps import Refused
from tests.archive.shelf import clear, contents, export, held_items, illustrate, restore
from tests.registry.make import make_name, make_user


@pytest.fixture(scope="module")
def original(demo, django_db_blocker, tmp_path_factory):
    """A whole public bag, with held files."""
    with django_db_blocker.unblock():
        kept, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("store")
        illustrate()
        made = export(tmp_path_factory.mktemp("original") / "bag", site=False)
        settings.MEDIA_ROOT = kept
    return made


@pytest.fixture
def bag(original, tmp_path):
    return shutil.copytree(original, tmp_path / "bag")


def faults(bag, **choices):
    return {one["kind"]: one for one in verify(bag, **choices).faults.as_list()}


def reseal(bag):
    """Make every manifest anew, as somebody would who wants to deceive."""
    octets = number = 0
    for algorithm in ("sha256", "sha512"):
        paths = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
        octets, number = sum(path.stat().st_size for path in paths), len(paths)
        lines = [
            f"{hashlib.new(algorithm, path.read_bytes()).hexdigest()}  {path.relative_to(bag)}\n" for path in paths
        ]
        (bag / f"manifest-{algorithm}.txt").write_text("".join(lines))
    info = (bag / "bag-info.txt").read_text()
    (bag / "bag-info.txt").write_text(re.sub(r"Payload-Oxum: .*", f"Payload-Oxum: {octets}.{number}", info))
    for algorithm in ("sha256", "sha512"):
        names = ["bag-info.txt", "bagit-profile.json", "bagit.txt", "manifest-sha256.txt", "manifest-sha512.txt"]
        lines = [f"{hashlib.new(algorithm, (bag / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
        (bag / f"tagmanifest-{algorithm}.txt").write_text("".join(lines))


def test_a_bag_as_it_was_made_is_valid_and_says_what_it_holds(bag):
    found = verify(bag)

    assert found.faults.as_list() == []
    assert found.level == "public"
    assert found.counts["editions.jsonl"] == found.counts["ledger.jsonl"]
    assert found.counts["tables/monuments.csv"] == found.counts["monuments.geojson"] == 54


def test_a_resealed_bag_is_valid_so_the_next_tests_can_fail(bag):
    reseal(bag)

    assert verify(bag).valid


def test_a_changed_byte_is_told_with_its_file(bag):
    path = bag / "data/tables/names.csv"
    path.write_bytes(path.read_bytes().replace(b"church", b"mosque", 1))

    assert faults(bag)["hash"]["file"] == "data/tables/names.csv"


def test_a_changed_tag_file_is_told(bag):
    (bag / "bag-info.txt").write_text(
        (bag / "bag-info.txt").read_text().replace("Heritage Register", "Another Register")
    )

    assert faults(bag)["hash"]["file"] == "bag-info.txt"


@pytest.mark.parametrize("name", ["data/added.txt", "data/tables/added.csv", "added.txt"])
def test_an_added_file_is_told(bag, name):
    (bag / name).write_text("x")

    assert faults(bag)["unlisted"]["file"] == name


def test_a_missing_file_is_told(bag):
    (bag / "data/vocabulary.ttl").unlink()

    assert faults(bag)["missing"]["file"] == "data/vocabulary.ttl"


@pytest.mark.parametrize(
    "name", ["bagit.txt", "manifest-sha256.txt", "tagmanifest-sha512.txt", "bag-info.txt", "bagit-profile.json"]
)
def test_a_missing_tag_file_is_told(bag, name):
    (bag / name).unlink()

    assert name in {one["file"] for one in faults(bag).values()}


def without_line(path, number):
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:number] + lines[number + 1 :]))


GROWING = ["data/editions.jsonl", "data/ledger.jsonl", "data/fixtures/23-catalogue-edition.jsonl"]


def test_a_removed_edition_shows_also_with_every_hash_made_anew(bag):
    for name in GROWING:
        without_line(bag / name, 7)
    reseal(bag)

    assert "line 8 (" in faults(bag)["ledger"]["fault"] or "line 8" in faults(bag)["ledger"]["fault"]


def test_a_removed_last_edition_shows_in_the_ledger_head(bag):
    last = len((bag / GROWING[0]).read_bytes().splitlines()) - 1
    for name in GROWING:
        without_line(bag / name, last)
    reseal(bag)

    assert "does not end at the head" in faults(bag)["ledger"]["fault"]


def altered(bag, with_hash):
    lines = (bag / GROWING[0]).read_text().splitlines()
    record = json.loads(lines[-3])
    record["label"] = "Something else"
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    entries = [json.loads(line) for line in (bag / GROWING[1]).read_text().splitlines()]
    rows = [json.loads(line) for line in (bag / GROWING[2]).read_text().splitlines()]
    lines[-3], rows[-3]["fields"]["record"] = text, text
    if with_hash:
        entries[-3]["sha256"] = rows[-3]["fields"]["sha256"] = sha256
    for name, made in zip(GROWING, (lines, map(json.dumps, entries), map(json.dumps, rows)), strict=True):
        (bag / name).write_text("".join(f"{line}\n" for line in made))
    reseal(bag)


def test_an_altered_edition_shows_against_the_ledger(bag):
    altered(bag, with_hash=False)

    assert "not the record whose SHA-256 the ledger holds" in faults(bag)["edition"]["fault"]


def test_an_altered_edition_with_its_hash_made_anew_breaks_the_chain(bag):
    altered(bag, with_hash=True)

    assert "its link does not follow from the one before" in faults(bag)["ledger"]["fault"]


def test_a_database_row_that_differs_from_its_edition_is_told(bag):
    path = bag / GROWING[2]
    path.write_bytes(path.read_bytes().replace(b'\\"label\\":\\"', b'\\"label\\":\\"X', 1))
    reseal(bag)

    assert "differs from its edition" in faults(bag)["edition"]["fault"]


def test_a_record_that_is_gone_without_a_withdrawal_is_told(bag):
    lines = (bag / GROWING[0]).read_text().splitlines()
    rows = [json.loads(line) for line in (bag / GROWING[2]).read_text().splitlines()]
    lines[4], rows[4]["fields"]["record"] = "null", ""
    (bag / GROWING[0]).write_text("".join(f"{line}\n" for line in lines))
    (bag / GROWING[2]).write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    reseal(bag)

    assert "nothing took it back" in faults(bag)["edition"]["fault"]


def test_a_lost_row_of_a_table_is_told(bag):
    without_line(bag / "data/tables/places.csv", 3)
    reseal(bag)

    assert faults(bag)["count"]["file"] == "data/tables/places.csv"


def test_a_held_file_that_the_table_names_and_that_is_not_there_is_told(bag):
    next((bag / "data/media").iterdir()).unlink()
    reseal(bag)

    assert faults(bag)["media"]["fault"] == "is named in tables/media.csv but is not there"


def test_a_held_file_under_the_name_of_another_is_told(bag):
    path = next((bag / "data/media").iterdir())
    path.write_bytes(b"something else")
    reseal(bag)

    assert faults(bag)["media"]["fault"] == "does not have the SHA-256 that is its name"


def test_a_schema_that_allows_more_is_told(bag):
    (bag / "data/record.schema.json").write_text("{}")
    reseal(bag)

    assert faults(bag)["schema"]["file"] == "data/record.schema.json"


def test_a_bag_of_a_newer_format_is_told_and_not_judged(bag):
    info = (bag / "bag-info.txt").read_text().replace("Heritage-Format: 1", "Heritage-Format: 2")
    (bag / "bag-info.txt").write_text(info)
    reseal(bag)

    assert list(faults(bag)) == ["format"]
    assert "use the program of that time or a newer one" in faults(bag)["format"]["fault"]


def test_a_link_in_a_bag_is_never_followed(bag, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (bag / "data/vocabulary.ttl").unlink()
    os.symlink(secret, bag / "data/vocabulary.ttl")

    found = faults(bag)
    assert found["structure"]["file"] == "data/vocabulary.ttl"
    assert found["missing"]["file"] == "data/vocabulary.ttl"


@pytest.mark.parametrize("name", ["data/../../outside", "/etc/passwd", "data/a\\b", "data//x", "data/%2e%2e/%2e%2e/x"])
def test_a_path_that_leads_out_of_the_bag_is_told(bag, name):
    with (bag / "manifest-sha256.txt").open("a") as file:
        file.write(f"{'0' * 64}  {name}\n")

    assert "not a place in this bag" in faults(bag)["structure"]["fault"]


@pytest.mark.parametrize("ending", [".tar", ".zip"])
def test_a_packed_bag_is_the_same_file_each_time_and_verifies(bag, tmp_path, ending):
    for name in ("one", "two"):
        pack(bag, tmp_path / f"{name}{ending}")
        shutil.copytree(bag, tmp_path / "again")
        shutil.rmtree(bag)
        (tmp_path / "again").rename(bag)

    assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"two{ending}").read_bytes()
    assert verify(tmp_path / f"one{ending}").valid


@pytest.mark.parametrize("ending", [".tar", ".zip"])
def test_a_packed_bag_that_is_cut_off_is_told(bag, tmp_path, ending):
    pack(bag, tmp_path / f"bag{ending}")
    whole = (tmp_path / f"bag{ending}").read_bytes()
    (tmp_path / f"bag{ending}").write_bytes(whole[: len(whole) // 2])

    assert "cut off" in faults(tmp_path / f"bag{ending}")["structure"]["fault"]


def hostile_tar(path, name, kind=tarfile.REGTYPE):
    with tarfile.open(path, "w") as packed:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc/passwd"
        packed.addfile(member)


def hostile_zip(path, name):
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(name, "x")


@pytest.mark.parametrize("name", ["../outside", "/outside", "bag/../../outside", "plain"])
def test_a_packed_bag_never_writes_outside(tmp_path, name):
    hostile_tar(tmp_path / "bag.tar", name)
    hostile_zip(tmp_path / "bag.zip", name)

    for ending in ("tar", "zip"):
        assert "does not lie in the bag's folder" in faults(tmp_path / f"bag.{ending}")["structure"]["fault"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_packed_bag_with_a_link_is_refused(tmp_path, kind):
    hostile_tar(tmp_path / "bag.tar", "bag/x", kind)

    assert "no ordinary file" in faults(tmp_path / "bag.tar")["structure"]["fault"]


def test_places_inside():
    assert is_inside("data/a.txt")
    assert not any(map(is_inside, ["", "..", "a/../b", "/a", "a//b", "a\\b", "./a", "a\0"]))


def test_verification_asks_no_database(bag, capsys):
    call_command("verify_archive", bag)  # this test may not use one

    assert "is whole and unaltered: level public" in capsys.readouterr().out


def test_the_command_tells_every_kind_of_fault(bag, capsys):
    (bag / "data/vocabulary.ttl").unlink()
    with pytest.raises(CommandError, match=r"missing: data/vocabulary.ttl: .*") as told:
        call_command("verify_archive", bag, json=True)

    assert "count: bag-info.txt: Payload-Oxum" in str(told.value)
    printed = json.loads(capsys.readouterr().out)
    assert (printed["valid"], printed["level"]) == (False, "public")
    assert [one["kind"] for one in printed["faults"]] == ["missing", "count"]


@pytest.mark.django_db
class TestSince:
    """Bags that hold only what is new."""

    @pytest.mark.parametrize("level", ["public", "full"])
    def test_two_bags_put_together_are_the_whole_one(self, demo, tmp_path, level):
        monument = illustrate()
        first = export(tmp_path / "first", level)
        make_name(monument, "Newly found name")
        publish([monument], make_user("reviewer"), "A name.")
        gone = Monument.objects.published().exclude(pk=monument.pk).order_by("ref").first()
        withdraw(gone, make_user("reviewer"), "rights", "Asked to.")
        added = export(tmp_path / "added", level, since=first)
        whole = export(tmp_path / "whole", level)

        assert sum(map(len, contents(added).values())) < sum(map(len, contents(whole).values())) / 3
        assert verify(added).valid
        with ExitStack() as held_open:
            together = verified(held_open, added, previous=first)
            assert together.faults.as_list() == []
            assert contents(together.bag.folder) == contents(whole)
            clear()
            restore(added, previous=first)
        assert contents(export(tmp_path / "again", level)) == contents(whole)

    def test_what_is_not_new_is_not_repeated(self, demo, tmp_path):
        first = export(tmp_path / "first")
        added = export(tmp_path / "added", since=first)

        assert sorted(name for name in contents(added) if name.startswith("data/")) == [
            "data/removed.txt",
            "data/since.json",
            "data/unchanged.txt",
        ]

    def test_an_increment_alone_is_not_restored(self, demo, tmp_path):
        first = export(tmp_path / "first", site=False)
        added = export(tmp_path / "added", site=False, since=first)
        clear()

        with pytest.raises(Refused, match="adds to another one"):
            restore(added)

    def test_it_fits_only_the_bag_that_it_was_made_for(self, demo, tmp_path):
        first = export(tmp_path / "first", site=False)
        other = export(tmp_path / "other", site=False, media=False)
        added = export(tmp_path / "added", site=False, since=first)

        assert "adds to another one" in faults(added, previous=other)["previous"]["fault"]

    def test_a_bag_of_another_register_or_level_is_refused(self, demo, tmp_path):
        first = export(tmp_path / "first", site=False)
        with pytest.raises(Refused, match="another level"):
            export(tmp_path / "full", "full", site=False, since=first)
        Edition.objects.filter(position=Edition.objects.latest("position").position).delete()
        with pytest.raises(Refused, match="another register"):
            export(tmp_path / "next", site=False, since=first)
        assert held_items().count() == 0
