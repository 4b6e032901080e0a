"""Reading a bag that somebody sent: nothing in it is trusted, neither names nor links nor sizes. No Django.

Source: RFC 8493 (BagIt 1.0), sections 2 and 3.
"""

import hashlib
import os
import re
import sqlite3
import tempfile
from pathlib import Path
from urllib.parse import unquote

from heritage.archive.bag import CHUNK, DECLARATION, HASHES

LINE = re.compile(r"([0-9a-fA-F]+) [ *]?(.+)\Z")
LABEL = re.compile(r"([^\s:][^:]*?) *: ?(.*)\Z")
LONGEST_TAG = 50_000_000  #: bytes of a tag file that is read whole


def unwatched(what, number, total=None):
    """Be told of progress, where nobody watches."""


class Faults:
    """What is wrong, the first of each kind told and all counted."""

    def __init__(self):
        self.first, self.numbers = {}, {}

    def add(self, kind, file, sentence):
        self.first.setdefault(kind, (file, sentence))
        self.numbers[kind] = self.numbers.get(kind, 0) + 1

    def __bool__(self):
        return bool(self.first)

    def as_list(self):
        """Return what ``--json`` prints: the kind, its first file and sentence, and how many there are."""
        return [
            {"kind": kind, "file": file, "fault": sentence, "number": self.numbers[kind]}
            for kind, (file, sentence) in self.first.items()
        ]

    def sentences(self):
        for one in self.as_list():
            more = f" ({one['number']} of this kind)" if one["number"] > 1 else ""
            yield f"{one['kind']}: {one['file']}: {one['fault']}{more}"


class Opened:
    """A bag as it lies in a folder. ``info`` is a list of (label, value); ``files`` knows path, size and hashes."""

    def __init__(self, folder, faults, watch=unwatched):
        self.folder, self.faults, self.watch = Path(folder), faults, watch
        self.info = []
        self.temporary = tempfile.NamedTemporaryFile(prefix="bag-")  # noqa: SIM115 closed in close()
        self.files = sqlite3.connect(self.temporary.name, isolation_level=None)
        self.files.execute("PRAGMA journal_mode = OFF")
        self.files.execute("PRAGMA synchronous = OFF")
        self.files.execute(
            "CREATE TABLE file (path TEXT PRIMARY KEY, size, sha256, sha512, found DEFAULT 0) WITHOUT ROWID"
        )
        self.files.execute("CREATE TABLE latest (ref TEXT PRIMARY KEY, version) WITHOUT ROWID")

    def close(self):
        self.files.close()
        self.temporary.close()

    def __enter__(self):
        return self

    def __exit__(self, *_trouble):
        self.close()

    def path(self, name):
        return self.folder / name

    def value(self, label):
        """Return the first value of ``label`` in ``bag-info.txt``, or an empty text."""
        return next((value for known, value in self.info if known == label), "")

    def values(self, label):
        return [value for known, value in self.info if known == label]

    def text(self, name):
        """Return a tag file as text; ``None``, with a fault, where it cannot be read."""
        path = self.path(name)
        try:
            if path.is_symlink() or path.stat().st_size > LONGEST_TAG:
                raise OSError("it is a link or far too long")
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as trouble:
            self.faults.add("structure", name, f"cannot be read: {trouble}")
            return None

    def read(self):
        """Check structure and hashes. Returns whether the content is worth looking at."""
        if self.path("bagit.txt").is_symlink() or not self.path("bagit.txt").is_file():
            self.faults.add("structure", "bagit.txt", "is not there, so this is no bag or a part of one")
            return False
        if (self.text("bagit.txt") or "").replace("\r\n", "\n") != DECLARATION:
            self.faults.add("structure", "bagit.txt", "does not declare BagIt 1.0 in UTF-8")
        self.read_info()
        self.files.execute("BEGIN")
        for algorithm in HASHES:
            self.read_manifest(f"manifest-{algorithm}.txt", algorithm, payload=True)
            self.read_manifest(f"tagmanifest-{algorithm}.txt", algorithm, payload=False)
        self.check_names()
        self.walk()
        for (path,) in self.files.execute("SELECT path FROM file WHERE NOT found ORDER BY path"):
            self.faults.add("missing", path, "is listed in a manifest but is not there")
        self.check_oxum()
        return True

    def read_info(self):
        for line in (self.text("bag-info.txt") or "").splitlines():
            found = LABEL.match(line)
            if found:
                self.info.append(found.groups())
            elif line.strip() and self.info and line[:1].isspace():
                self.info[-1] = self.info[-1][0], f"{self.info[-1][1]} {line.strip()}"
            elif line.strip():
                self.faults.add("structure", "bag-info.txt", f"has a line without a label: {line[:80]}")

    def read_manifest(self, name, algorithm, payload):
        path = self.path(name)
        if path.is_symlink() or not path.is_file():
            self.faults.add("missing", name, "is not there")
            return
        with path.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                found = LINE.match(line.rstrip("\r\n"))
                if not found:
                    self.faults.add("structure", name, f"line {number} is not a hash and a path")
                    continue
                self.list(name, number, algorithm, found[1].lower(), unquote(found[2]).removeprefix("./"), payload)

    def list(self, name, number, algorithm, digest, path, payload):
        if not is_inside(path) or path.startswith("data/") != payload:
            self.faults.add("structure", name, f"line {number} names “{path[:100]}”, which is not a place in this bag")
            return
        column = algorithm
        done = self.files.execute(
            f"INSERT INTO file (path, {column}) VALUES (?, ?) "  # noqa: S608 of HASHES
            f"ON CONFLICT (path) DO UPDATE SET {column} = excluded.{column} WHERE {column} IS NULL",
            (path, digest),
        )
        if not done.rowcount:
            self.faults.add("structure", name, f"line {number} names “{path[:100]}” a second time")

    def check_names(self):
        """Tell of names that differ in capitals alone: on many disks they are one file."""
        seen, capital = set(), "SELECT path, lower(path) FROM file WHERE path <> lower(path) ORDER BY path"
        for path, low in self.files.execute(capital).fetchall():
            if low in seen or self.files.execute("SELECT 1 FROM file WHERE path = ?", (low,)).fetchone():
                self.faults.add("structure", path, "differs from another name in capitals alone")
            seen.add(low)

    def walk(self):
        """Compare every file that is there with the manifests."""
        [listed] = self.files.execute("SELECT count(*) FROM file").fetchone()
        for base, folders, names in os.walk(self.folder, followlinks=False):
            folders.sort()
            for name in [one for one in folders if os.path.islink(os.path.join(base, one))] + sorted(names):
                whole = os.path.join(base, name)
                path = os.path.relpath(whole, self.folder).replace(os.sep, "/")
                if not is_text(path):
                    self.faults.add("structure", shown(path), "has a name that is not UTF-8")
                elif os.path.islink(whole) or not os.path.isfile(whole):
                    self.faults.add("structure", path, "is a link or no ordinary file; a bag holds files only")
                elif self.compare(path, whole):
                    self.watch("files checked", 1, listed)

    def compare(self, path, whole):
        """Compare one file with its hashes; tell whether it is listed."""
        row = self.files.execute("SELECT sha256, sha512 FROM file WHERE path = ?", (path,)).fetchone()
        if row is None:
            if path.startswith("data/"):
                self.faults.add("unlisted", path, "is in no manifest; it was added or renamed")
            return False
        size, *found = measured(whole)
        self.files.execute("UPDATE file SET found = 1, size = ? WHERE path = ?", (size, path))
        for algorithm, wanted, got in zip(HASHES, row, found, strict=True):
            if wanted is None:
                self.faults.add("unlisted", path, f"is not in the manifest of {algorithm}")
            elif wanted != got:
                self.faults.add(
                    "hash", path, f"does not have the {algorithm.upper()} that the manifest gives; it was changed"
                )
        return True

    def check_oxum(self):
        totals = self.files.execute(
            "SELECT coalesce(sum(size), 0), count(*) FROM file WHERE found AND path GLOB 'data/*'"
        ).fetchone()
        if self.value("Payload-Oxum") != f"{totals[0]}.{totals[1]}":
            self.faults.add(
                "count", "bag-info.txt", f"Payload-Oxum does not say {totals[0]}.{totals[1]}, which is there"
            )

    def holds(self, path):
        """Tell whether a listed file is there."""
        row = self.files.execute("SELECT found FROM file WHERE path = ?", (path,)).fetchone()
        return bool(row and row[0])

    def hash_of(self, path):
        """Return the SHA-256 that the manifest gives for ``path``, or ``None``."""
        row = self.files.execute("SELECT sha256 FROM file WHERE path = ?", (path,)).fetchone()
        return row and row[0]

    def below(self, folder):
        """Yield the paths of the listed files in ``folder``, in order."""
        for (path,) in self.files.execute("SELECT path FROM file WHERE path GLOB ? ORDER BY path", (f"{folder}/*",)):
            yield path


def is_inside(path):
    """Tell whether ``path`` is relative, plain and stays below the folder."""
    parts = path.split("/")
    return not path.startswith("/") and "\\" not in path and "\0" not in path and not {"", ".", ".."} & set(parts)


def is_text(name):
    """Tell whether the name of a file is UTF-8, and not just bytes that the system handed on."""
    return shown(name) == name


def shown(name):
    """Return ``name`` in what can be printed."""
    return name.encode("utf-8", "backslashreplace").decode()


def measured(path):
    """Return size, SHA-256 and SHA-512 of a file, read once."""
    hashes, size = [hashlib.new(name) for name in HASHES], 0
    with open(path, "rb") as file:
        while some := file.read(CHUNK):
            size += len(some)
            for one in hashes:
                one.update(some)
    return size, *(one.hexdigest() for one in hashes)
