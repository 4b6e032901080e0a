"""Whoever sends or reads slowly stops nobody: the server as the first command starts it, and twice as many slow clients as it has threads."""

import contextlib
import json
import os
import re
import select
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings

from heritage.catalogue.management.commands.demo import SERVER
from heritage.middleware import DOWNLOADS
from heritage.server import STREAMING_THREADS, THREADS

WORKERS = int(SERVER[SERVER.index("--workers") + 1])
SOCKETS = 2 * WORKERS * (THREADS + STREAMING_THREADS)
PROMPTLY = 2  # seconds
DEPOSIT = 24_000_000  # bytes: more than the server and the machine take in between them
CSRF = "a" * 32

PREPARE = f"""
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.utils import timezone
from heritage.archive.models import Deposit
from heritage.registry.models import Media
user = get_user_model().objects.get(username="curator")
session = SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
deposit = Deposit(at=timezone.now(), level="public", name="bag.tar", manifest_sha256="0" * 64, ledger_head="0" * 64, editions=1)
deposit.sha256 = "0" * 64
deposit.file.save("bag.tar", ContentFile(bytes({DEPOSIT})))
item = Media.objects.first()
item.file.save("original.bin", ContentFile(bytes({DEPOSIT})), save=False)
Media.objects.filter(pk=item.pk).update(held=True, file=item.file.name, sha256="0" * 64, size={DEPOSIT}, media_type="image/png")
print(json.dumps({{"session": session.session_key, "deposit": deposit.ref, "media": item.pk}}))
"""


@dataclass
class Site:
    """A server of the demonstration, with a deposit that readers may download and a curator who is signed in."""

    folder: Path
    port: int
    session: str
    deposit: str
    media: int

    def ask(self, address, method="GET", body=None, **headers):
        """Return (status, headers, seconds until the whole answer was there)."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        began = time.monotonic()
        with contextlib.closing(connection):
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers, time.monotonic() - began

    @property
    def cookie(self):
        return f"sessionid={self.session}; csrftoken={CSRF}"

    @contextlib.contextmanager
    def hold(self, request, count=SOCKETS):
        """Keep ``count`` connections that have sent ``request`` and read nothing."""
        with contextlib.ExitStack() as held:
            for _ in range(count):
                client = held.enter_context(contextlib.closing(socket.socket()))
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.connect(("127.0.0.1", self.port))
                client.sendall(request)
            time.sleep(0.3)
            self.ask("/health/")  # comes when the pages that all of them asked for are made; never, if threads are held
            yield

    def is_prompt(self):
        """Tell whether monitoring and a page are answered promptly."""
        answers = [self.ask(address) for address in ("/health/", "/monuments/", "/health/")]
        return all(status == 200 and took < PROMPTLY for status, _headers, took in answers)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'register.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "tests.trust.served_settings",
        "IMPORTS_DIR": str(folder / "imports"),
        "TMPDIR": str(folder / "temporary"),
    }
    (folder / "temporary").mkdir()
    where = {"cwd": settings.BASE_DIR, "env": environment, "stdin": subprocess.DEVNULL}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "demo", "--no-serve"], check=True, capture_output=True, **where)
    said = subprocess.run([*manage, "shell", "-v0", "-c", PREPARE], check=True, capture_output=True, text=True, **where)
    server = subprocess.Popen(
        [sys.executable, "-m", *SERVER, "--host", "127.0.0.1", "--port", str(port)], stdout=subprocess.DEVNULL, **where
    )
    made = Site(folder, port, **json.loads(said.stdout.splitlines()[-1]))
    try:
        wait_for(made)
        yield made
    finally:
        server.terminate()
        server.wait(20)


def wait_for(site):
    until = time.monotonic() + 60
    while True:
        try:
            return site.ask("/health/")
        except OSError:
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.1)


def get(address, cookie=""):
    return f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}\r\n".encode()


def half_a_form(cookie=""):
    head = f"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}Content-Length: 30000\r\n"
    return f"{head}Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n".encode()


@pytest.mark.parametrize(
    "address",
    [
        "/monuments.csv",
        "/monuments.geojson",
        "/ledger.jsonl",
        "/monuments/?page_size=200",
        "/monuments.json?page_size=200",
        "/static/js_lib_leaflet/leaflet.js",
        "/data/deposits/{deposit}/",
        "/admin/registry/media/{media}/file/",
    ],
)
def test_twice_as_many_readers_as_there_are_threads_read_nothing_and_pages_come_promptly(site, address):
    cookie = f"Cookie: {site.cookie}\r\n" if address.startswith("/admin/") else ""
    with site.hold(get(address.format(**vars(site)), cookie)):
        assert site.is_prompt()


@pytest.mark.parametrize(
    "chunks", [b"zz\r\nabcde\r\n", b"5;" + b"a" * 100_000 + b"\r\nabcde\r\n", b"-1\r\n", b"5\r\nabcdefgh\r\n"]
)
def test_a_body_that_is_none_is_a_fault_of_its_sender(site, chunks):
    head = b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as client:
        client.sendall(head + chunks + b"0\r\n\r\n")
        answer = client.recv(100)

    assert int(answer.split()[1]) == 400


@pytest.mark.parametrize(
    "request_begun",
    [half_a_form(), half_a_form(f"Cookie: csrftoken={CSRF}\r\n"), b"GET / HTTP/1.1\r\nHost: 127", b"P"],
    ids=["half a form", "half a form with a CSRF cookie", "half a head", "one letter"],
)
def test_twice_as_many_senders_as_there_are_threads_send_no_more_and_pages_come_promptly(site, request_begun):
    with site.hold(request_begun):
        assert site.is_prompt()


def test_one_download_too_many_is_told_when_to_come_again_and_the_slots_are_free_when_the_readers_have_gone(site):
    address = f"/data/deposits/{site.deposit}/"
    with site.hold(get(address), count=4 * WORKERS * DOWNLOADS):
        answers = [site.ask("/monuments.csv") for _ in range(4 * WORKERS)]
        assert {status for status, _headers, _took in answers} == {503}
        assert {headers["Retry-After"] for _status, headers, _took in answers} == {"15"}
        assert site.ask(f"/admin/registry/media/{site.media}/file/", Cookie=site.cookie)[0] == 200
        assert site.is_prompt()

    until = time.monotonic() + 5
    while site.ask(address)[0] != 200 or site.ask("/monuments.csv")[0] != 200:
        assert time.monotonic() < until


def test_a_curator_saves_while_others_hold_all_they_can_hold(site):
    form = {"label": "Monument Watch", "kind": "academic_project", "csrfmiddlewaretoken": CSRF}
    with site.hold(half_a_form()), site.hold(get(f"/data/deposits/{site.deposit}/")):
        status, headers, took = site.ask(
            "/admin/registry/actor/add/",
            "POST",
            urlencode(form),
            **{"Cookie": site.cookie, "Content-Type": "application/x-www-form-urlencoded"},
        )

    assert (status, headers["Location"]) == (302, "/admin/registry/actor/")
    assert took < PROMPTLY


@pytest.mark.parametrize(
    ("address", "size", "status"),
    [
        ("/admin/login/", 70_000, 413),
        ("/admin/login/", 60_000, 403),
        ("/admin/", 3_000_000, 413),
        ("/admin/", 2_000_000, 403),
        ("/monuments/", 3_000_000, 413),
        ("/monuments/", 2_000_000, 405),
    ],
)
def test_a_body_whose_length_is_not_said_is_read_no_further_than_its_sender_may_send(site, address, size, status):
    head = f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as client:
        client.sendall(head.encode())
        for _ in range(size // 10_000):
            client.sendall(b"2710\r\n" + bytes(10_000) + b"\r\n")
            if select.select([client], [], [], 0)[0]:
                break
        else:
            client.sendall(b"0\r\n\r\n")
        answer = client.recv(100)

    assert int(answer.split()[1]) == status


def test_a_large_file_of_a_curator_arrives_whole_and_nothing_of_it_is_left_in_the_temporary_folder(site):
    rows = b"name\n" + b"Chapel of the bridge\n" * 300_000
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{CSRF}\r\n'.encode(),
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="list.csv"\r\n\r\n',
        rows,
        b"\r\n--x--\r\n",
    ]

    status, _headers, _took = site.ask(
        "/admin/intake/batch/add/",
        "POST",
        b"".join(parts),
        **{"Cookie": site.cookie, "Content-Type": "multipart/form-data; boundary=x"},
    )

    [arrived] = site.folder.glob("imports/*/list.csv")
    assert (status, arrived.read_bytes() == rows) == (302, True)
    assert list((site.folder / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    "request_begun", [b"", b"GET /health/ HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
)
def test_a_thousand_connections_that_send_no_request_keep_nobody_out(site, request_begun):
    with contextlib.ExitStack() as held:
        for _ in range(1_200):
            client = held.enter_context(contextlib.closing(socket.socket()))
            client.connect(("127.0.0.1", site.port))
            with contextlib.suppress(ConnectionError):  # closed at once
                client.sendall(request_begun)

        assert site.is_prompt()


def test_the_documented_command_is_that_of_the_demonstration():
    readme = (settings.BASE_DIR / "README.md").read_text()

    [documented] = re.findall(r"^\.venv/bin/(granian .*)$", readme, re.MULTILINE)

    assert documented.replace(" --host 127.0.0.1 --port 8000", "").split() == SERVER
