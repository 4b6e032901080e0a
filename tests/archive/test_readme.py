"""The bag's own README says of every kind of bag what is in it and how to check it."""

import json

import pytest

from heritage.catalogue.publish import publish
from tests.archive.shelf import export, illustrate
from tests.archive.test_judges import asked, long_commands, short_commands
from tests.registry.make import make_name, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("level", ["public", "full"])
def test_its_commands_check_a_bag_that_adds_to_another_as_it_stands(demo, tmp_path, level):
    monument = illustrate()
    first = export(tmp_path / "first", level, site=False)
    make_name(monument, "Newly found name")
    publish([monument], make_user("reviewer"), "A name.")
    added = export(tmp_path / "added", level, site=False, since=first)
    prefix = "full-" if level == "full" else ""
    readme = (added / f"data/{prefix}README.txt").read_text()
    every, chain = long_commands(readme)
    head = json.loads((added / f"data/{prefix}ledger.jsonl").read_text().splitlines()[-1])["link"]

    for silent in [*short_commands(readme)[:3], every]:
        assert asked("sh", "-c", silent, folder=added) == (0, "")
    assert asked("sh", "-c", chain, folder=added) == (0, f"{head}\n")
    assert f"data/{prefix}since.json" in readme


def test_every_file_that_it_names_is_there(demo, tmp_path):
    illustrate()
    bag = export(tmp_path / "bag")
    readme = (bag / "data/README.txt").read_text()
    listed = readme.split("How to read it\n")[1].split("\n\n")[0]
    named = [line.split()[0] for line in listed.splitlines() if line[2:3].strip() and line.startswith("  ")]

    assert named[0] == "site/index.html"
    assert [name for name in named if not (bag / "data" / name).exists()] == []
