"""A served demonstration register, a browser, and the outside programs that judge pages; missing ones skip with the reason."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from tests.browser.addresses import PAGES, TILES, known

START = 60  # seconds that the demonstration may take to answer
PACKAGES = Path(os.environ.get("NODE_PACKAGES", settings.BASE_DIR / "node_modules"))
TILE = bytes.fromhex(  # a picture of one transparent dot
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da63606000000003"
    "00012b094d840000000049454e44ae426082"
)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"]
QUIET += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@dataclass
class Site:
    """The demonstration as a stranger gets it: an address, and the passwords that the command printed."""

    url: str
    passwords: dict = field(default_factory=dict)

    def read(self, address):
        """Return (status, content type, text) of ``address``."""
        try:
            answer = urlopen(self.url + address, timeout=20)
        except HTTPError as refusal:
            answer = refusal
        with answer:
            return answer.status, answer.headers.get_content_type(), answer.read().decode()

    def json(self, address):
        return json.loads(self.read(address)[2])


@pytest.fixture(scope="package")
def site(tmp_path_factory):
    """Run ``manage.py demo`` on a database of its own and a free port; end it afterwards."""
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}",
        "IMPORTS_DIR": str(folder / "imports"),
        "DEPOSITS_DIR": str(folder / "deposits"),
        "SECRET_KEY": settings.SECRET_KEY,
    }
    command = [sys.executable, "-u", str(settings.BASE_DIR / "manage.py"), "demo", "--port", str(port)]
    said = folder / "said"
    with said.open("w") as output:
        server = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        made = Site(f"http://127.0.0.1:{port}")
        wait_for(made, server, said)
        accounts = [line.split() for line in said.read_text().splitlines() if line.startswith("Account ")]
        made.passwords = {name: password for _, name, _, password in accounts}
        yield made
    finally:
        server.terminate()
        server.wait(20)


def wait_for(site, server, said):
    until = time.monotonic() + START
    while True:
        try:
            return site.read("/health/")
        except URLError:
            assert server.poll() is None, said.read_text()
            assert time.monotonic() < until, said.read_text()
            time.sleep(0.1)


@pytest.fixture(scope="package")
def address(site):
    """Return the address of a page by its name in the list."""
    refs = known(site)
    return lambda name: PAGES[name].format(**refs)


@pytest.fixture(scope="package")
def chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def axe():
    """The text of axe-core, which finds barriers for people who use assistive technology."""
    program = PACKAGES / "axe-core" / "axe.min.js"
    if not program.exists():
        pytest.skip("the npm package axe-core is not installed")
    return program.read_text()


@pytest.fixture(scope="package")
def nu_checker():
    """The command of the Nu HTML checker."""
    program = PACKAGES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    if not program.exists():
        pytest.skip("the npm package vnu-jar is not installed")
    return ["java", "-jar", str(program)]


@pytest.fixture
def tab(chromium, site):
    """Return a new page of a browser with the given settings; addresses are relative to the site."""
    opened = []

    def open_tab(width=1280, scheme="light", **options):
        context = chromium.new_context(
            **{"base_url": site.url, "viewport": {"width": width, "height": 900}, "color_scheme": scheme} | options
        )
        opened.append(context)
        context.set_default_timeout(15_000)
        context.route(f"{TILES}**", lambda route: route.fulfill(content_type="image/png", body=TILE))
        return context.new_page()

    yield open_tab
    for context in opened:
        context.close()
