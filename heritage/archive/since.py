"""Bags that hold only what is new since another one, and putting the two together again. No Django.

Files that are as they were are listed in ``unchanged.txt``, those that are no more in ``removed.txt``. Of the files that grow with the ledger only the new lines are
there, and in ``since/`` the older lines that changed, each with its number; ``since.json`` has the hashes of the whole
files, so that joining the two gives the very bytes that a whole bag would have had.
"""

import json
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path

from heritage.archive.bag import CHUNK, Bag, file_hash
from heritage.registry.private import make_folder, opener

SEALED = "tagmanifest-sha512.txt"
OWN = ("since.json", "unchanged.txt", "removed.txt")


class Unjoinable(Exception):
    """Two bags that do not belong together, and why."""


def growing(prefix):
    """Return the paths (below ``data/``) of records, ledger and their database rows."""
    return [
        f"{prefix}editions.jsonl",
        f"{prefix}ledger.jsonl",
        f"fixtures/{prefix}23-catalogue-edition.jsonl",
    ]


class Subtraction:
    """Takes from a bag in the making what the folder ``previous`` holds already."""

    def __init__(self, bag, previous, prefix):
        self.bag, self.previous, self.prefix = bag, Path(previous), prefix

    def run(self, head):
        """Drop files and lines; write ``since.json``, ``unchanged.txt`` and ``removed.txt``. ``head``: of ``previous``."""
        listing = self.bag.listing
        listing.compare_with(manifest(self.previous))
        tails = {path: sha256 for path, sha256 in listing.changed() if path in growing(self.prefix)}
        told = {
            "previous": {"manifest_sha256": file_hash(self.previous / SEALED, "sha256"), "ledger_head": head},
            "whole": tails,
        }
        with self.bag.sheet(f"{self.prefix}removed.txt") as removed:
            for (path,) in listing.vanished():
                removed.write(f"{path}\n".encode())
        for path in tails:
            self.cut(path)
        with self.bag.sheet(f"{self.prefix}unchanged.txt") as unchanged:
            for path, sha256 in listing.same():
                unchanged.write(f"{sha256}  {path}\n".encode())
                (self.bag.work / "data" / path).unlink()
        listing.forget_same()
        content = json.dumps(told, indent=1, sort_keys=True) + "\n"
        self.bag.put(f"{self.prefix}since.json", content.encode())

    def cut(self, path):
        """Keep only the lines after those that the previous bag has, and those of them that changed apart."""
        whole = self.bag.work / "data" / path
        kept = whole.with_name(f"{whole.name}.tail")
        with (
            (self.previous / "data" / path).open("rb") as before,
            whole.open("rb") as now,
            open(kept, "xb", opener=opener) as tail,
            self.bag.sheet(changed_lines(path)) as changed,
        ):
            for number, (old, new) in enumerate(zip_longest(before, now), 1):
                if old is None:
                    tail.write(new)
                elif new != old:
                    changed.write(b"%d " % number + new)
        self.drop(path)
        hashes = [file_hash(kept, name) for name in ("sha256", "sha512")]
        make_folder(whole.parent)
        self.bag.listing.add(path, kept.stat().st_size, *hashes)
        kept.rename(whole)

    def drop(self, path):
        (self.bag.work / "data" / path).unlink()
        self.bag.listing.remove(path)


def manifest(folder):
    """Yield (path below ``data/``, SHA-256) of every file of a bag, in the order of the manifest."""
    with (folder / "manifest-sha256.txt").open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n")[66:].removeprefix("data/"), line[:64]


def told_since(folder):
    """Return what a bag says of the one it adds to, or ``None`` for a whole bag. Raises: Unjoinable."""
    for name in ("since.json", "full-since.json"):
        path = folder / "data" / name
        if path.is_file():
            try:
                told = json.loads(path.read_text(encoding="utf-8"))
                told["previous"]["manifest_sha256"], told["previous"]["ledger_head"], told["whole"].items()
                return told
            except (ValueError, KeyError, TypeError, AttributeError) as broken:
                raise Unjoinable(f"{name} does not say what the bag adds to") from broken
    return None


@contextmanager
def joined(previous, folder, place):
    """Give the whole bag that ``folder`` and the ``previous`` one make together, in ``place``. Raises: Unjoinable.

    Both were verified each by itself. Files are linked, not copied, where the disk allows it.
    """
    told = told_since(folder)
    if told is None:
        raise Unjoinable("the bag is whole; it adds to nothing")
    if told["previous"]["manifest_sha256"] != file_hash(previous / SEALED, "sha256"):
        raise Unjoinable("the bag adds to another one than this")
    prefix = "full-" if (folder / "data" / "full-since.json").is_file() else ""
    with Bag(place) as bag:
        with (folder / "data" / f"{prefix}unchanged.txt").open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                take(bag, previous, line.rstrip("\n")[66:], line[:64])
        for path, sha256 in manifest(folder):
            if path in told["whole"]:
                join(bag, previous, folder, path, told["whole"][path])
            elif path not in {f"{prefix}{name}" for name in OWN} and not path.startswith("since/"):
                take(bag, folder, path, sha256)
        bag.finish(info(folder), {"bagit-profile.json": (folder / "bagit-profile.json").read_bytes()})
    yield place


def info(folder):
    """Return the labels of the whole bag."""
    lines = (folder / "bag-info.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(": ", 1) for line in lines]
    return [pair for pair in pairs if pair[0] not in ("Payload-Oxum", "Heritage-Previous")]


def take(bag, folder, path, sha256):
    """Put a file of ``folder`` into the bag."""
    there = folder / "data" / path
    if not there.is_file() or file_hash(there, "sha256") != sha256:
        raise Unjoinable(f"{path} is not there as it should be")
    with bag.sheet(path) as sheet, there.open("rb") as file:
        while some := file.read(CHUNK):
            sheet.write(some)


def join(bag, previous, folder, path, sha256):
    """Write the older lines, as they are now, and the new ones; the hash of the whole tells whether that was right."""
    with bag.sheet(path) as sheet, (folder / "data" / changed_lines(path)).open("rb") as changes:
        changed = (line.split(b" ", 1) for line in changes)
        number, text = next(changed, (b"0", b""))
        with (previous / "data" / path).open("rb") as lines:
            for place, line in enumerate(lines, 1):
                if place == int(number):
                    line = text
                    number, text = next(changed, (b"0", b""))
                sheet.write(line)
        with (folder / "data" / path).open("rb") as file:
            while some := file.read(CHUNK):
                sheet.write(some)
    if file_hash(bag.work / "data" / path, "sha256") != sha256:
        raise Unjoinable(f"{path} put together is not what it was when the bag was made")


def changed_lines(path):
    """Return the path of the older lines of ``path`` that changed."""
    return f"since/{path.rsplit('/', 1)[-1]}.changed"


__all__ = ["Subtraction", "Unjoinable", "growing", "joined", "told_since"]
