"""A bag that somebody sent is told what is wrong with its names and manifests, and nothing in it is followed."""

import hashlib
import os

import pytest

from heritage.archive.bag import Bag
from heritage.archive.reading import Faults, Opened


@pytest.fixture
def folder(tmp_path):
    with Bag(tmp_path / "bag") as bag:
        bag.put("README.txt", b"Read me.")
        bag.put("tables/a.csv", b"ref\n")
        bag.finish([("Heritage-Level", "public")])
    return tmp_path / "bag"


def faults(folder):
    """Return {kind: (file, what is wrong)}, the first of each."""
    with Opened(folder, found := Faults()) as bag:
        bag.read()
    return found.first


def listed(folder, name, content=b"x"):
    """Add a line to every manifest."""
    for algorithm in ("sha256", "sha512"):
        with (folder / f"manifest-{algorithm}.txt").open("a") as manifest:
            manifest.write(f"{hashlib.new(algorithm, content).hexdigest()}  {name}\n")


def test_a_bag_as_it_was_made_has_no_fault(folder):
    assert faults(folder) == {}


def test_names_that_differ_in_capitals_alone_are_told(folder):
    (folder / "data" / "ReadMe.txt").write_text("x")
    listed(folder, "data/ReadMe.txt")

    assert faults(folder)["structure"] == ("data/ReadMe.txt", "differs from another name in capitals alone")


def test_a_file_that_a_manifest_names_twice_is_told(folder):
    listed(folder, "data/README.txt")

    assert faults(folder)["structure"] == ("manifest-sha256.txt", "line 3 names “data/README.txt” a second time")


def test_a_name_that_is_no_text_is_told(folder):
    with open(os.fsencode(folder / "data") + b"/a\xff", "wb") as file:
        file.write(b"x")

    assert faults(folder) == {"structure": ("data/a\\udcff", "has a name that is not UTF-8")}


def test_a_pipe_is_never_opened(folder):
    os.mkfifo(folder / "data" / "pipe")

    assert "no ordinary file" in faults(folder)["structure"][1]


@pytest.mark.parametrize("name", ["data", "data/tables"])
def test_a_folder_that_is_a_link_is_never_followed(folder, tmp_path, name):
    (folder / name).rename(tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", folder / name)

    found = faults(folder)
    assert found["structure"] == (name, "is a link or no ordinary file; a bag holds files only")
    assert found["missing"][0].startswith("data/")
