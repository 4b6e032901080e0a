"""Deposits that are ordered at the desk are made by a process of their own, and nothing that it leaves half made is one."""

import json
import os
import re
import signal
import subprocess
import sys
import tarfile

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from heritage.archive import making
from heritage.archive.models import Deposit
from heritage.archive.verifying import verify
from heritage.registry import background
from heritage.registry.steps import Refused
from tests.archive.shelf import illustrate
from tests.catalogue.scratch import LONGEST, process_of, scratch, wait_until
from tests.registry.make import make_user

ORDER = {"ending": ".tar", "for_whom": "State archive", "media": True, "site": False, "offer": False}
ORDER |= {"previous": "", "custodians": []}


@pytest.fixture
def kept_in(settings, tmp_path):
    settings.DEPOSITS_DIR = tmp_path / "deposits"
    return settings.DEPOSITS_DIR


def ordered(ref, level="public", **said):
    """Write an order down as the page does, without beginning it."""
    folder = making.folder_of(ref)
    folder.mkdir()
    told = {**ORDER, "level": level, "name": f"{ref}-{level}.tar", "who": "somebody", "at": "2026-11-01T10:00:00+00:00"}
    del told["ending"]
    (folder / making.ORDER).write_text(json.dumps(told | said))
    return ref


@pytest.mark.django_db
class TestMaking:
    """In this process."""

    @pytest.fixture(autouse=True)
    def shown(self, demo, kept_in):
        return illustrate()

    def test_what_was_ordered_is_made_kept_verified_and_remembered(self, kept_in):
        by = make_user("reviewer")
        ref = ordered("bcdfghj")
        assert [found for found, _told in making.open_orders()] == [ref]
        making.do(ref, "make", by)

        made = Deposit.objects.get()
        assert (made.ref, made.made_by, made.for_whom, made.wrong) == (ref, by, "State archive", "")
        assert made.checked_at is not None
        assert making.kept(made) == kept_in / ref / "bcdfghj-public.tar"
        assert verify(making.kept(made)).valid
        assert making.open_orders() == []
        assert background.how_far(kept_in / ref)["ended"] is True

    def test_a_bag_that_a_killed_process_left_is_no_deposit_and_is_made_anew(self, kept_in):
        ref = ordered("bcdfghj")
        (kept_in / ref / "bcdfghj-public.tar").write_bytes(b"whole or not, nobody knows")
        left = kept_in / ref / ".bcdfghj-public.tar.unfinished"
        left.mkdir()
        (left / "half").write_text("half")

        assert making.ordered(ref) is not None
        making.do(ref, "make", None)
        assert verify(making.kept(Deposit.objects.get())).valid
        assert not left.exists()

    def test_why_none_was_made_is_told_and_the_order_stays(self, kept_in, store):
        for path in (store / "held").iterdir():
            path.unlink()
        ref = ordered("bcdfghj", "full")
        with pytest.raises(Refused):
            making.do(ref, "make", None)

        far = background.how_far(kept_in / ref)
        assert (far["ended"], far["reasons"][0][:47]) == (True, "Held files are not as they were taken in. Mend ")
        assert making.open_orders() != []
        making.discard(ref)
        assert not (kept_in / ref).exists()

    def test_a_deposit_can_add_to_one_that_is_kept(self):
        making.do(ordered("first"), "make", None)
        making.do(ordered("second", previous="first"), "make", None)
        second, first = Deposit.objects.order_by("-pk")

        assert second.previous == first
        making.do(second.ref, "check", None)
        making.kept(first).unlink()
        with pytest.raises(Refused, match="no longer kept here"):
            making.do(ordered("third", previous="first"), "make", None)

    def test_a_deposit_is_verified_again_and_a_changed_byte_is_told_and_noted(self):
        making.do(ordered("bcdfghj"), "make", None)
        made = Deposit.objects.get()
        making.do(made.ref, "check", None)
        path = making.kept(made)
        content = path.read_bytes()
        place = content.index(b"Mosque")
        path.write_bytes(content[:place] + b"m" + content[place + 1 :])
        with pytest.raises(Refused, match="The file has changed"):
            making.do(made.ref, "check", None)

        made.refresh_from_db()
        assert made.wrong.splitlines()[0].startswith("The file has changed")
        assert "hash: data/" in made.wrong.splitlines()[1]
        path.unlink()
        with pytest.raises(Refused, match="not here any longer"):
            making.do(made.ref, "check", None)

    def test_a_second_work_is_refused_while_one_goes_on_and_leaves_nothing(self, kept_in):
        with (
            background.held(making.folder_of(ordered("bcdfghj")), "busy"),
            pytest.raises(Refused, match="Another deposit"),
        ):
            making.order(None, "public", **ORDER)

        assert [path.name for path in kept_in.iterdir() if path.is_dir()] == ["bcdfghj"]

    def test_the_command_makes_it_by_hand(self, kept_in):
        call_command("work_on_deposit", ordered("bcdfghj"), "make")
        assert Deposit.objects.get().ref == "bcdfghj"
        with pytest.raises(CommandError, match="Nothing is ordered"):
            call_command("work_on_deposit", "bcdfghj", "make")
        with pytest.raises(CommandError, match="no deposit with the reference nothing"):
            call_command("work_on_deposit", "nothing", "make")


#: A curator's browser: fills in the page, or presses a button, and prints where it leads.
BROWSE = """
import django, sys
django.setup()
from django.contrib.auth import get_user_model
from django.test import Client
client = Client(SERVER_NAME="localhost")
client.force_login(get_user_model().objects.get(username="administrator"))
address, *fields = sys.argv[1:]
answer = client.post(address, dict(one.split("=") for one in fields)) if fields else client.get(address)
print(answer.status_code, answer.headers.get("Location", ""))
print(answer.content.decode())
"""
MAKING = "/admin/archive/deposit/making/"


@pytest.fixture(scope="module")
def register(django_db_setup, tmp_path_factory):
    """The demonstration register in a database of its own, and a function that asks for a page of its desk."""
    folder = tmp_path_factory.mktemp("making")
    made = scratch(connection.vendor, folder)
    made.make("demo")
    assert made.manage("demo", "demo", "--no-serve")[0] == 0
    environment = os.environ | {
        "DATABASE_URL": made.url("demo"),
        "DEPOSITS_DIR": str(folder / "deposits"),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "SECOND_FACTOR": "optional",  # as in the demonstration
    }

    def browse(*arguments):
        said = subprocess.run(
            [sys.executable, "-c", BROWSE, *arguments],
            env=environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=True,
        ).stdout
        status, _mark, rest = said.partition(" ")
        address, _mark, page = rest.partition("\n")
        return int(status), address.strip(), page

    yield browse, folder / "deposits"
    made.clear()


def worker_of(ref):
    """Return the process that works on the deposit ``ref``, or ``None``."""
    return process_of(f"work_on_deposit {ref} ")


def test_a_killed_process_leaves_no_deposit_and_the_page_says_so_and_makes_it_again(register):
    browse, folder = register
    status, address, _page = browse("/admin/archive/deposit/add/", "level=public", "ending=.tar", "site=on")
    assert (status, address.startswith(MAKING)) == (302, True)
    ref = address.removeprefix(MAKING).strip("/")
    worker = wait_until(lambda: worker_of(ref))
    wait_until(lambda: list((folder / ref).glob(".*.unfinished/*/data/site")) or list(folder.glob(f"{ref}/.*/.*/data")))
    os.kill(worker, signal.SIGSTOP)  # it makes the bag faster than a page is asked for
    page = browse(address)[2]
    assert "It goes on without this page" in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: worker_of(ref) is None)
    wait_until(lambda: not background.is_worked_on(folder / ref))

    assert list((folder / ref).glob("*.tar")) == []
    page = browse(address)[2]
    assert "It stopped before it was done" in page
    assert "Not made yet" in browse("/admin/archive/deposit/")[2]

    assert browse(f"{address}do/make/", "again=yes")[:2] == (302, address)
    status, at, _page = wait_until(lambda: (found := browse(address))[0] == 302 and found)
    [made] = (folder / ref).glob("*.tar")
    assert re.fullmatch(rf"heritage-register-public-\d{{4}}-\d\d-\d\d-{ref}\.tar", made.name)
    assert tarfile.is_tarfile(made)
    assert verify(made).valid
    wait_until(lambda: worker_of(ref) is None)
    assert "Whole and unaltered when last verified" in browse(at)[2]
    assert "Not made yet" not in browse("/admin/archive/deposit/")[2]
