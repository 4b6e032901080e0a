"""What imports write can be read by the register alone: folders 0700, files 0600, whatever the umask says."""

import os
import stat

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from heritage.intake import uploads, working
from heritage.registry.private import make_folder, write_text
from tests.trust.imports import LIST, LOOKUP, MAPPING, at, bring, contributor_at, fresh, preview


@pytest.fixture
def client(db, settings, tmp_path):
    settings.IMPORTS_DIR = tmp_path / "imports"
    return contributor_at(settings, tmp_path)


@pytest.fixture(params=[0o022, 0o000])
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder):
    """Return {path: mode} of a folder and all that is in it."""
    return {
        str(path.relative_to(folder.parent)): stat.S_IMODE(path.lstat().st_mode)
        for path in [folder, *folder.rglob("*")]
    }


def test_uploads_their_folders_locks_and_progress_are_private(client, settings, umask):
    batch = bring(client, LIST)
    client.post(at("file", batch), {"do": "beside", "beside": SimpleUploadedFile("states.csv", b"k,v\n1,good\n")})
    preview(client, batch, MAPPING + LOOKUP % '"states.csv"', do="plan")
    client.post(at("do", batch, verb="apply"))

    assert fresh(batch).state == "applied"
    assert modes(settings.IMPORTS_DIR) == {
        "imports": 0o700,
        f"imports/{batch.ref}": 0o700,
        f"imports/{batch.ref}/list.csv": 0o600,
        f"imports/{batch.ref}/states.csv": 0o600,
        f"imports/{batch.ref}/lock": 0o600,
        f"imports/{batch.ref}/progress": 0o600,
    }


def test_what_a_process_says_that_works_on_an_import_is_private(client, settings, umask, monkeypatch):
    batch = bring(client, LIST)
    preview(client, batch, MAPPING, do="plan")
    settings.SETTINGS_MODULE = "heritage.settings"
    monkeypatch.setattr("sys.executable", "/bin/true")  # the process itself is not what is asked here

    with working.held(batch) as lock:
        working.hand_over(fresh(batch), "apply", None, lock)

    assert modes(settings.IMPORTS_DIR)[f"imports/{batch.ref}/said"] == 0o600


def test_large_uploads_wait_in_private_files(client, settings, umask, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    handler = uploads.TemporaryFiles()
    handler.new_file("file", "list.csv", "text/csv", None)

    waiting = os.fstat(handler.file.fileno())
    assert (stat.S_IMODE(waiting.st_mode), waiting.st_nlink) == (0o600, 0)  # no name by which anybody could open it
    batch = bring(client, LIST)
    assert modes(settings.IMPORTS_DIR)[f"imports/{batch.ref}/list.csv"] == 0o600
    handler.upload_interrupted()


def test_the_report_of_a_plan_is_private_and_one_that_is_there_keeps_its_mode(client, tmp_path, umask):
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "m.toml").write_text(MAPPING)
    shared = tmp_path / "shared.csv"
    shared.touch()
    shared.chmod(0o640)

    for name in ("plan.csv", "shared.csv"):
        call_command(
            "import_monuments", str(tmp_path / "list.csv"), mapping=str(tmp_path / "m.toml"), report=tmp_path / name
        )

    found = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plan.csv", "shared.csv")]
    assert (found, "Chapel" in shared.read_text()) == ([0o600, 0o640], True)


def test_every_folder_that_is_made_on_the_way_is_private(tmp_path, umask):
    (tmp_path / "there").mkdir(mode=0o755)
    before = stat.S_IMODE((tmp_path / "there").stat().st_mode)

    make_folder(tmp_path / "there" / "a" / "b")
    write_text(tmp_path / "there" / "a" / "b" / "told", "é")

    found = modes(tmp_path / "there")
    assert found == {"there": before, "there/a": 0o700, "there/a/b": 0o700, "there/a/b/told": 0o600}
