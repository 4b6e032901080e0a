"""Deposits bring in no password and no rights, tell no hash of an original, and lie open to nobody but their owner."""

import csv
import importlib
import json
import os
import stat

import pytest
from django.apps import apps
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse

from heritage.archive.bag import Bag, Unbagged, claim, locked
from heritage.archive.exporting import Export
from heritage.archive.held import WITHHELD_NOTE
from heritage.archive.verifying import verify
from heritage.catalogue.publish import publish
from heritage.intake.models import Batch
from heritage.intake.planning import begin, plan
from heritage.intake.uploads import folder_of, is_ours, keep
from heritage.registry import custody
from heritage.registry.models import Media, Monument
from heritage.registry.steps import Refused
from heritage.registry.uploads import NamelessFileUploadHandler
from tests.archive.shelf import clear, contents, document, export, hold, photograph, restore
from tests.archive.test_verifying import reseal
from tests.intake import lists
from tests.registry.make import make_publishable_monument, make_source
from tests.stock import install_vocabularies
from tests.trust.made_pictures import saved

pytestmark = pytest.mark.django_db
USERS = "data/fixtures/full-02-auth-user.jsonl"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"
    settings.DEPOSITS_DIR = tmp_path / "deposits"
    return settings.MEDIA_ROOT


@pytest.fixture
def umask():
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def people():
    boss = get_user_model().objects.create_superuser("boss", "boss@example.org", "a-long-password-1")
    boss.user_permissions.add(Permission.objects.get(codename="add_user"))
    boss.groups.add(Group.objects.get_or_create(name="administrator")[0])
    return boss


def planted(bag, **fields):
    """Write ``fields`` into every account of the full ``bag`` and make its manifests anew."""
    path = bag / USERS
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    for row in rows:
        row["fields"] |= fields
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    reseal(bag)
    return bag


def test_a_full_bag_has_neither_passwords_nor_rights_that_come_from_no_group(people, tmp_path):
    bag = export(tmp_path / "bag", "full", site=False)

    [row] = [json.loads(line)["fields"] for line in (bag / USERS).read_text().splitlines()]

    assert (row["password"], row["last_login"], row["is_superuser"], row["user_permissions"]) == ("!", None, False, [])
    assert row["groups"] == [["administrator"]]


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        ({"password": make_password("letmein")}, "auth.user.password"),
        ({"password": ""}, "auth.user.password"),
        ({"last_login": "2026-01-01T00:00:00Z"}, "auth.user.last_login"),
    ],
)
def test_a_bag_with_a_password_does_not_verify_and_is_not_restored(people, tmp_path, fields, column):
    bag = planted(export(tmp_path / "bag", "full", site=False), **fields)

    [fault] = verify(bag).faults.as_list()

    assert (fault["kind"], fault["file"]) == ("secret", USERS)
    assert fault["fault"] == f"line 1 has a value for {column}, which is in no bag that this program makes"


def test_a_bag_of_an_earlier_version_is_restored_without_the_rights_that_it_gives(people, tmp_path, capsys):
    bag = planted(
        export(tmp_path / "bag", "full", site=False), is_superuser=True, user_permissions=[["add_user", "auth", "user"]]
    )
    assert verify(bag).valid
    clear()

    call_command("restore_archive", str(bag))

    user = get_user_model().objects.get(username="boss")
    assert (user.is_superuser, user.has_usable_password(), user.user_permissions.count()) == (False, False, 0)
    assert authenticate(username="boss", password="a-long-password-1") is None
    told = capsys.readouterr().out
    assert "No restored account has a password or all rights." in told
    assert "Not taken over from the bag: auth.user.is_superuser of 1 rows." in told
    assert "Not taken over from the bag: auth.user.user_permissions of 1 rows." in told


def test_what_is_never_taken_from_a_bag_is_not_taken_even_where_nobody_verified_it(people, tmp_path, monkeypatch):
    bag = planted(export(tmp_path / "bag", "full", site=False), password=make_password("letmein-letmein"))
    monkeypatch.setattr("heritage.archive.verifying.BLANKED", {})
    clear()

    restore(bag)

    assert authenticate(username="boss", password="letmein-letmein") is None
    assert get_user_model().objects.get(username="boss").password == "!"


def restored_import(tmp_path, **fields):
    """Restore a full bag in whose imports somebody wrote ``fields``; return the import."""
    bag = export(tmp_path / "bag", "full", site=False)
    [path] = bag.glob("data/fixtures/full-*-intake-batch.jsonl")
    row = json.loads(path.read_text())
    row["fields"] |= fields
    path.write_text(json.dumps(row) + "\n")
    reseal(bag)
    clear()
    restore(bag)
    return Batch.objects.get()


def an_import(tmp_path):
    install_vocabularies()
    mapped = lists.mapping(tmp_path)
    return begin(str(lists.listed(tmp_path, lists.row(id="1"), name="list.csv")), mapped)


def test_a_full_bag_does_not_tell_where_the_file_of_an_import_lies(people, tmp_path):
    an_import(tmp_path)

    bag = export(tmp_path / "bag", "full", site=False)

    [path] = bag.glob("data/fixtures/full-*-intake-batch.jsonl")
    assert json.loads(path.read_text())["fields"]["path"] == ""
    assert str(tmp_path) not in path.read_text()


def test_a_restored_import_reads_no_file_that_its_bag_names(people, tmp_path, settings):
    settings.IMPORTS_DIR = tmp_path / "imports"
    secret = tmp_path / "secret.csv"
    secret.write_text("SECRETKEY,b\n1,2\n")
    an_import(tmp_path)

    batch = restored_import(tmp_path, path=str(secret), state="new")

    assert batch.path == ""
    get_user_model().objects.update(is_superuser=True)
    client = Client()
    client.force_login(get_user_model().objects.get())
    for page in ("file", "text", "mapping", "words", "rows", "change"):
        answer = client.get(reverse(f"admin:intake_batch_{page}", args=[batch.pk]), follow=True)
        assert answer.status_code == 200
        assert "SECRETKEY" not in answer.content.decode()
    assert plan(batch).report["problems"] == ["There is no file list.csv. Check the name and the folder."]


def test_the_file_of_a_restored_import_can_be_brought_again(people, tmp_path, settings):
    settings.IMPORTS_DIR = tmp_path / "imports"
    an_import(tmp_path)
    content = (tmp_path / "list.csv").read_bytes()
    batch = restored_import(tmp_path)

    keep(batch, SimpleUploadedFile("list.csv", content))

    assert is_ours(batch)
    assert (plan(batch).state, batch.report.get("problems")) == ("planned", None)


@pytest.mark.parametrize("ref", ["../..", "..", "/etc", ".", "", "a/b", "a\0b"])
def test_an_import_whose_reference_leads_to_another_folder_is_not_restored(people, tmp_path, ref):
    an_import(tmp_path)

    with pytest.raises(Refused, match="it is no reference"):
        restored_import(tmp_path, ref=ref)

    with pytest.raises(ValueError, match="is no reference of an import"):
        folder_of(Batch(ref=ref))


def rows_of_media(bag):
    name = next(bag.glob("data/tables/*media.csv"))
    with name.open(newline="") as file:
        return {row["label"]: row for row in csv.DictReader(file)}


def illustrated():
    monument = make_publishable_monument()
    hold(monument, photograph(), "a.jpg", label="Photograph")
    hold(monument, document(), "b.pdf", "application/pdf", kind="document", label="Report")
    hold(monument, saved("TIFF"), "c.tif", "image/tiff", label="Scan")
    hold(monument, b"Layers", "d.psd", "image/vnd.adobe.photoshop", label="Layers")
    withheld = make_source(access_level="withheld", withheld_because="safety")
    hold(monument, photograph(colour=(9, 9, 9)), "e.jpg", label="Secret title", source=withheld)
    publish([monument])
    return monument


def test_a_public_bag_tells_neither_hash_nor_size_of_an_original(tmp_path):
    illustrated()

    bag = export(tmp_path / "bag")

    everything = b"".join(contents(bag).values()).decode("latin-1") + "".join(contents(bag))
    for item in Media.objects.filter(held=True):
        assert item.sha256 not in everything
    rows = rows_of_media(bag)
    assert set(rows) == {"Photograph", "Report", "Scan", "Layers", "Image"}
    for label in ("Photograph", "Report", "Scan"):
        content = (bag / "data" / rows[label]["file"]).read_bytes()
        assert rows[label]["file"] == f"media/{rows[label]['sha256']}.{rows[label]['file'].rsplit('.')[-1]}"
        assert int(rows[label]["size"]) == len(content)
    assert [(row["file"], row["sha256"], row["size"]) for row in (rows["Layers"], rows["Image"])] == [("", "", "")] * 2
    assert rows["Image"]["file_note"] == WITHHELD_NOTE
    assert (bag / "data" / rows["Scan"]["file"]).suffix == ".png"


def test_a_register_restored_from_a_public_bag_hands_on_the_same_copies(tmp_path):
    illustrated()
    bag = export(tmp_path / "bag")
    clear()
    restore(bag)

    assert contents(export(tmp_path / "again")) == contents(bag)


def test_a_full_bag_names_its_originals_by_their_own_hashes(tmp_path):
    illustrated()

    rows = rows_of_media(export(tmp_path / "bag", "full", site=False))

    held = {item.ref: item for item in Media.objects.filter(held=True)}
    assert len(rows) == 5
    for row in rows.values():
        assert (row["sha256"], int(row["size"])) == (held[row["ref"]].sha256, held[row["ref"]].size)


def modes(folder):
    """Return the modes of all folders and of all files in ``folder``, itself included."""
    paths = [folder, *folder.rglob("*")]
    found = [(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in paths]
    return {mode for is_dir, mode in found if is_dir}, {mode for is_dir, mode in found if not is_dir}


@pytest.mark.parametrize("level", ["public", "full"])
def test_a_bag_lies_open_to_its_owner_alone_whatever_the_umask(umask, tmp_path, level):
    illustrated()

    assert modes(export(tmp_path / "bag", level)) == ({0o700}, {0o600})


@pytest.mark.parametrize("ending", [".tar", ".zip"])
def test_a_packed_bag_lies_open_to_its_owner_alone_and_has_the_same_bytes_whatever_the_umask(umask, tmp_path, ending):
    publish([make_publishable_monument()])
    Export("public").run(tmp_path / f"bag{ending}")
    os.umask(0o027)
    (tmp_path / "more").mkdir()
    Export("public").run(tmp_path / "more" / f"bag{ending}")

    assert stat.S_IMODE((tmp_path / f"bag{ending}").stat().st_mode) == 0o600
    assert (tmp_path / f"bag{ending}").read_bytes() == (tmp_path / "more" / f"bag{ending}").read_bytes()


def test_what_adds_to_another_bag_lies_open_to_its_owner_alone(umask, tmp_path):
    publish([make_publishable_monument()])
    first = export(tmp_path / "first")
    publish([make_publishable_monument()])

    assert modes(export(tmp_path / "next", since=first)) == ({0o700}, {0o600})


def test_held_originals_and_restored_copies_lie_open_to_their_owner_alone(umask, tmp_path, store):
    illustrated()
    bag = export(tmp_path / "bag")
    assert modes(store / "held") == ({0o700}, {0o600})
    clear()
    restore(bag)

    assert modes(store / "published") == ({0o700}, {0o600})


def left_behind(folder, name):
    """Leave what a run that was killed leaves, and let go of it."""
    work = folder / f".{name}.unfinished"
    (work / "data").mkdir(parents=True)
    (work / ".listing").write_bytes(b"")
    (work / "data" / "sealed.jsonl").write_text("sealed")
    return work


@pytest.mark.parametrize("name", ["next", "next.tar"])
def test_what_a_killed_run_left_goes_with_the_next_run_of_whatever_name(tmp_path, name):
    publish([make_publishable_monument()])
    left = left_behind(tmp_path, "other")

    Export("public", site=False).run(tmp_path / name)

    assert not left.exists()


def test_what_a_living_run_has_begun_and_what_is_no_bag_stays(tmp_path):
    living = left_behind(tmp_path, "living")
    other = tmp_path / ".letter.unfinished"
    other.mkdir()
    (other / "letter.txt").write_text("Dear")
    handle = locked(living)
    try:
        with Bag(tmp_path / "bag") as bag:
            bag.finish([("External-Description", "test")])
        with pytest.raises(Unbagged, match="Another run"):
            claim(living)
    finally:
        os.close(handle)

    assert (living / "data" / "sealed.jsonl").exists()
    assert (other / "letter.txt").exists()


def test_an_upload_on_its_way_to_the_disk_has_no_name_that_a_killed_process_could_leave(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    handler = NamelessFileUploadHandler(RequestFactory().post("/"))
    handler.new_file("file", "IMG_1.jpg", "image/jpeg", 6, None)
    handler.receive_data_chunk(b"abc", 0)
    handler.receive_data_chunk(b"def", 3)

    assert list(tmp_path.iterdir()) == []
    upload = handler.file_complete(6)
    assert (upload.name, upload.size, b"".join(upload.chunks())) == ("IMG_1.jpg", 6, b"abcdef")
    item = Media(label="A view", kind="image")
    custody.take_in(item, upload)
    upload.close()
    with default_storage.open(item.file.name) as kept:
        assert kept.read() == b"abcdef"


def test_an_upload_that_is_interrupted_leaves_nothing(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    handler = NamelessFileUploadHandler(RequestFactory().post("/"))
    handler.new_file("file", "IMG_1.jpg", "image/jpeg", 6, None)

    handler.upload_interrupted()

    assert handler.file.closed
    assert list(tmp_path.iterdir()) == []


def test_records_that_tell_less_than_before_are_marked_when_the_program_is_renewed():
    illustrated_one, other = illustrated(), make_publishable_monument()
    publish([other])
    mark = importlib.import_module("heritage.registry.migrations.0005_mark_records_that_tell_less_of_sources").mark

    mark(apps, None)

    assert Monument.objects.get(pk=illustrated_one.pk).changed_at is not None
    assert Monument.objects.get(pk=other.pk).changed_at is None
