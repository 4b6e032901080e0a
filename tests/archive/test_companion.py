"""Two processes make the pages that one would make, and when one of them dies there is no bag."""

import pytest
from django.db import connection

from tests.archive.shelf import contents
from tests.catalogue.scratch import scratch

TOGETHER = """
from multiprocessing import active_children
from heritage.archive.companion import Companion
from heritage.archive.exporting import Export

class Together(Export):
    def describe(self):
        while not self.second.wire.poll(0.1):
            pass
        {before}
        super().describe()

made = []
ready = Companion.ready
Companion.ready = lambda *asked, **how: (made.append(pages) or pages for pages in ready(*asked, **how))
Together("public").run("{out}")
print("by the second", len(made))
"""
ALONE = """
from heritage.archive import exporting
exporting.ALONE = 10**6
exporting.Export("public").run("{out}")
"""


@pytest.fixture(scope="module")
def registers(django_db_setup, tmp_path_factory):
    """A demonstration register in a database of its own."""
    made = scratch(connection.vendor, tmp_path_factory.mktemp("registers"))
    made.make("pair")
    assert made.manage("pair", "demo", "--no-serve")[0] == 0
    yield made
    made.clear()


def test_two_processes_give_the_same_bytes_as_one(registers, tmp_path):
    status, said = registers.manage("pair", "shell", "-c", TOGETHER.format(before="", out=tmp_path / "two"))
    assert status == 0, said
    assert int(said.split()[-1]) > 20
    assert registers.manage("pair", "shell", "-c", ALONE.format(out=tmp_path / "one"))[0] == 0

    assert contents(tmp_path / "two") == contents(tmp_path / "one")


def test_a_second_process_that_dies_is_told_and_leaves_no_bag(registers, tmp_path):
    kill = "active_children()[0].kill()"
    status, said = registers.manage("pair", "shell", "-c", TOGETHER.format(before=kill, out=tmp_path / "bag"))

    assert (status, "The second process, which makes pages, has ended." in said) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_second_process_that_sees_another_state_is_done_without(registers, tmp_path):
    other = 'import heritage.archive.companion as here; here.state = lambda: ("another head", None)'
    status, said = registers.manage("pair", "shell", "-c", TOGETHER.format(before=other, out=tmp_path / "bag"))

    assert (status, said.split()[-1]) == (0, "0")
    assert (tmp_path / "bag" / "bagit.txt").is_file()
