"""A full disk, a database or a folder that cannot be written: said in words with 503 or 507, nothing half-written, what was typed stays."""

import errno
import os
import resource
import signal
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from heritage.registry.models import Journal, Media, Source
from heritage.storage_errors import DISK_FULL, LOCKED, NOT_WRITABLE, storage_error
from tests.registry.make import PASSWORD, make_source, make_user
from tests.trust.page_forms import sent_by_browser

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def read_only():
    """Let the database refuse whatever writes."""
    on, off = {
        "sqlite": ("PRAGMA query_only = 1", "PRAGMA query_only = 0"),
        "postgresql": ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(on)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(off)


@contextmanager
def full():
    """Let the database of SQLite have no page more than it has."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


def curator(**fields):
    browser = Client(raise_request_exception=False)
    browser.user = make_user(is_superuser=True, **fields)
    browser.force_login(browser.user)
    return browser


def change(client, row, **typed):
    """Return (address, what a browser sends) of a change of the source ``row``."""
    address = reverse("admin:registry_source_change", args=[row.pk])
    return address, sent_by_browser(client.get(address)) | typed


def said(answer):
    return " ".join(answer.content.decode().split())


def test_a_save_on_a_read_only_database_shows_the_form_with_what_was_typed():
    client, row = curator(), make_source("As it was")
    address, given = change(client, row, title="Typed title", note="Typed note")

    with read_only():
        answer = client.post(address, given)

    row.refresh_from_db()
    assert (answer.status_code, row.title, Journal.objects.count()) == (503, "As it was", 0)
    assert 'value="Typed title"' in said(answer)
    assert "Typed note" in said(answer)
    assert str(NOT_WRITABLE.message) in said(answer)


def test_once_the_database_can_be_written_the_same_form_is_saved():
    client, row = curator(), make_source("As it was")
    address, given = change(client, row, title="Typed title")
    with read_only():
        again = client.post(address, given)

    answer = client.post(address, sent_by_browser(again))

    row.refresh_from_db()
    assert (answer.status_code, row.title) == (302, "Typed title")


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite: the disk of a PostgreSQL server is its own")
def test_a_save_on_a_full_disk_shows_the_form_with_what_was_typed():
    client, row = curator(), make_source("As it was")
    address, given = change(client, row, title="Typed title", note="Typed note " * 20_000)

    with full():
        answer = client.post(address, given)

    row.refresh_from_db()
    assert (answer.status_code, row.title, Journal.objects.count()) == (507, "As it was", 0)
    assert "Typed note Typed note" in said(answer)
    assert str(DISK_FULL.message) in said(answer)


def test_a_log_in_on_a_read_only_database_says_so():
    make_user(username="curator", is_superuser=True)
    client = Client(raise_request_exception=False)

    with read_only():
        answer = client.post("/admin/login/", {"username": "curator", "password": PASSWORD})
        home, lists = client.get("/"), client.get("/monuments/")

    assert answer.status_code == 503
    assert "This could not be saved" in said(answer)
    assert (home.status_code, lists.status_code) == (200, 200)


def add_media(client, size):
    """Fill in the form for a new item; return what a browser sends, with a file of ``size`` bytes."""
    given = sent_by_browser(client.get("/admin/registry/media/add/"))
    upload = SimpleUploadedFile("view.gif", b"GIF89a" + b"0" * size)
    return given | {"label": "Typed label", "kind": "image", "access_level": "curators", "upload": upload}


def nowhere(folder):
    """Return a folder in which nobody can make a file, whoever they are."""
    (folder / "file").write_text("no folder")
    return folder / "file" / "folder"


def test_a_file_that_cannot_be_written_is_told_and_leaves_no_item(settings, tmp_path):
    settings.MEDIA_ROOT = nowhere(tmp_path)
    client = curator()

    answer = client.post("/admin/registry/media/add/", add_media(client, 99))

    assert (answer.status_code, Media.objects.count()) == (503, 0)
    assert 'value="Typed label"' in said(answer)
    assert str(NOT_WRITABLE.message) in said(answer)


def test_a_file_that_does_not_fit_is_told_and_nothing_is_left_of_it(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = curator()
    given = add_media(client, 90_000)

    with largest_file(40_000):
        answer = client.post("/admin/registry/media/add/", given)

    assert answer.status_code == 507
    assert 'value="Typed label"' in said(answer)
    assert (Media.objects.count(), [path for path in tmp_path.rglob("*") if path.is_file()]) == (0, [])


@contextmanager
def largest_file(size):
    """Let no file grow beyond ``size`` bytes, as on a disk that has no more room."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_deposit_that_cannot_be_ordered_is_told_on_its_page(settings, tmp_path):
    settings.DEPOSITS_DIR = nowhere(tmp_path)
    client = curator()

    answer = client.post("/admin/archive/deposit/add/", {"level": "public", "ending": ".tar"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (200, ["__all__"])
    assert str(NOT_WRITABLE.message) in said(answer)


@pytest.mark.parametrize(
    ("number", "found"),
    [
        (errno.ENOSPC, DISK_FULL),
        (errno.EDQUOT, DISK_FULL),
        (errno.EROFS, NOT_WRITABLE),
        (errno.EACCES, NOT_WRITABLE),
        (errno.ENOENT, None),
        (errno.EPIPE, None),
    ],
)
def test_what_the_system_says_is_told_apart(number, found):
    assert storage_error(OSError(number, os.strerror(number))) is found


def test_other_faults_are_no_matter_of_storage():
    assert [storage_error(fault) for fault in (ValueError("disk full"), None, Source.DoesNotExist())] == [None] * 3
    assert LOCKED.status == 503
