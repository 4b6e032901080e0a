"""Files that the register writes are its own user's alone, whatever the umask; what is open is told."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import TemporaryUploadedFile

from heritage.accounts import checks
from heritage.accounts.site import clear


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def run(folder, *command, **environment):
    return subprocess.run(
        ["sh", "-c", 'umask 000; exec "$@"', "sh", sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"SECRET_KEY": "for the test", "DATABASE_URL": f"sqlite:///{folder / 'register.sqlite3'}"}
        | {"IMPORTS_DIR": str(folder / "imports"), "DEPOSITS_DIR": str(folder / "deposits")}
        | environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


WORK = """
import heritage.wsgi, os, pathlib
from django.db import connection
connection.cursor().execute("CREATE TABLE one (two)")
print({path.name: oct(path.stat().st_mode & 0o777) for path in sorted(pathlib.Path(os.environ["FOLDER"]).iterdir())})
"""


def test_the_database_and_the_files_beside_it_are_closed_whatever_the_umask_of_the_server(tmp_path):
    said = run(tmp_path, "-c", WORK, FOLDER=str(tmp_path))

    assert said.strip() == str({f"register.sqlite3{ending}": "0o600" for ending in ("", "-shm", "-wal")})


def test_files_that_are_kept_are_closed_with_their_folders(tmp_path):
    storage = FileSystemStorage(tmp_path / "media")
    before = os.umask(0)
    try:
        storage.save("held/ab/original.jpg", ContentFile(b"a picture"))
    finally:
        os.umask(before)

    held = tmp_path / "media" / "held" / "ab"
    assert [mode(held / "original.jpg"), mode(held), mode(held.parent), mode(tmp_path / "media")] == [
        0o600,
        0o700,
        0o700,
        0o700,
    ]


@pytest.mark.django_db
def test_what_a_killed_upload_left_behind_is_deleted_after_a_day(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    uploads = [TemporaryUploadedFile(name, "image/jpeg", 1, None) for name in ("a.jpg", "b.jpg")]
    old, fresh = (Path(one.temporary_file_path()) for one in uploads)
    other = tmp_path / "tmp-of-another-program.jpg"
    other.touch()
    for path in (old, other):
        os.utime(path, (0, 0))

    clear()

    assert sorted(tmp_path.iterdir()) == sorted([fresh, other])
    assert mode(fresh) == 0o600
    for one in uploads:
        one.close()


@pytest.fixture
def house(tmp_path, monkeypatch):
    """Folders of a register in a folder that others can enter."""
    tmp_path.chmod(0o755)
    nowhere = tmp_path / "nowhere"
    given = SimpleNamespace(
        STATE_DIR=tmp_path / "var", MEDIA_ROOT=tmp_path / "media", IMPORTS_DIR=nowhere, DEPOSITS_DIR=nowhere
    )
    given.DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "register.sqlite3"}}
    monkeypatch.setattr(checks, "settings", given)
    given.STATE_DIR.mkdir(mode=0o700)
    given.MEDIA_ROOT.mkdir(mode=0o700)
    (tmp_path / "register.sqlite3").touch(mode=0o600)
    return tmp_path


@pytest.mark.parametrize(("name", "open_mode"), [("register.sqlite3", 0o644), ("media", 0o755), ("var", 0o750)])
def test_what_others_can_open_is_told_with_the_command_that_closes_it(house, name, open_mode):
    assert checks.open_files(None) == []

    (house / name).chmod(open_mode)

    (told,) = checks.open_files(None)
    assert told.msg == f"Other users of this machine can open {house / name}."
    assert told.hint == f"Close it: chmod -R go= {house / name}"


def test_what_lies_in_a_closed_folder_is_closed(house):
    (house / "register.sqlite3").chmod(0o644)
    house.chmod(0o700)

    assert checks.open_files(None) == []
