"""Writing a bag: a folder whose manifests list every file with its hashes. Knows nothing of heritage, and no Django.

A bag is made in a hidden folder beside its place and takes its name as the last thing, so whatever has the name is whole.
Source: RFC 8493 (BagIt 1.0).
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
import time
from pathlib import Path

from heritage.registry.private import make_folder, opener

HASHES = ("sha256", "sha512")
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*\Z")
CHUNK = 1 << 20
TURNS, PAUSE = 5, 0.05  #: of trying to claim a folder; seconds


class Unbagged(Exception):
    """A bag that cannot be made, and why."""


class Sheet:
    """One file of a bag while it is written: bytes go in, size and hashes come out."""

    def __init__(self, path):
        make_folder(path.parent)
        self.file = open(path, "xb", buffering=0, opener=opener)  # noqa: SIM115 closed in close()
        self.hashes = [hashlib.new(name) for name in HASHES]
        self.size, self.waiting, self.held = 0, [], 0

    def __enter__(self):
        return self

    def __exit__(self, *_trouble):
        self.file.close()

    def write(self, some):
        """Add ``some`` bytes."""
        self.waiting.append(some)
        self.held += len(some)
        if self.held > CHUNK:
            self.flush()

    def flush(self):
        some = b"".join(self.waiting)
        self.waiting.clear()
        self.held = 0
        for one in self.hashes:
            one.update(some)
        rest = memoryview(some)
        while rest:
            rest = rest[self.file.write(rest) :]
        self.size += len(some)

    def close(self):
        """Return size and hexadecimal hashes, in the order of ``HASHES``."""
        self.flush()
        self.file.close()
        return self.size, *(one.hexdigest() for one in self.hashes)


class Listing:
    """What a bag holds, by path; kept in a file, since a large register has millions of pages."""

    def __init__(self, path):
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = OFF")
        self.database.execute("PRAGMA synchronous = OFF")
        self.database.execute("PRAGMA cache_size = -16000")
        self.database.execute("CREATE TABLE file (path TEXT PRIMARY KEY, size, sha256, sha512) WITHOUT ROWID")
        self.database.execute("BEGIN")

    def add(self, path, size, *hashes):
        self.database.execute("INSERT INTO file VALUES (?, ?, ?, ?)", (path, size, *hashes))

    def remove(self, path):
        self.database.execute("DELETE FROM file WHERE path = ?", (path,))

    def all(self):
        """Yield (path, size, sha256, sha512) in the order of paths."""
        yield from self.database.execute("SELECT * FROM file ORDER BY path")

    def totals(self):
        """Return the number of bytes and of files."""
        return self.database.execute("SELECT coalesce(sum(size), 0), count(*) FROM file").fetchone()

    def compare_with(self, known):
        """Take in what another bag holds: pairs of path and SHA-256."""
        self.database.execute("CREATE TABLE known (path TEXT PRIMARY KEY, sha256) WITHOUT ROWID")
        self.database.executemany("INSERT INTO known VALUES (?, ?)", known)

    def same(self):
        """Yield (path, sha256) of the files that the other bag holds as they are here, in the order of paths."""
        yield from self.database.execute("SELECT path, sha256 FROM file JOIN known USING (path, sha256) ORDER BY path")

    def forget_same(self):
        self.database.execute("DELETE FROM file WHERE (path, sha256) IN (SELECT path, sha256 FROM known)")

    def changed(self):
        """Yield (path, sha256) of the files that are otherwise in the other bag, in the order of paths."""
        both = "SELECT path, file.sha256 FROM file JOIN known USING (path) WHERE file.sha256 <> known.sha256"
        yield from self.database.execute(f"{both} ORDER BY path")

    def vanished(self):
        """Yield (path,) of the files that only the other bag holds, in the order of paths."""
        gone = "SELECT path FROM known WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.path = known.path)"
        yield from self.database.execute(f"{gone} ORDER BY path")

    def close(self):
        self.database.close()


class Bag:
    """A bag in the making, used as a context: it appears when ``finish`` was called, and otherwise leaves nothing."""

    def __init__(self, folder):
        """``folder`` is where the bag will be. Raises: Unbagged, when something is there or another run makes it."""
        self.folder = Path(os.path.abspath(folder))
        self.work = self.folder.with_name(f".{self.folder.name}.unfinished")
        if not self.folder.parent.is_dir():
            raise Unbagged(f"The folder {self.folder.parent} does not exist. Make it first.")
        self.refuse_overwriting()
        remove_leftovers(self.folder.parent)
        self.held = claim(self.work)
        self.listing = Listing(self.work / ".listing")
        self.finished = False

    def refuse_overwriting(self):
        if os.path.lexists(self.folder):
            raise Unbagged(f"{self.folder} is there already. Nothing is overwritten: choose another name.")

    def __enter__(self):
        return self

    def __exit__(self, *_trouble):
        self.listing.close()
        if not self.finished:
            shutil.rmtree(self.work, ignore_errors=True)
        self.held.__exit__()

    @contextlib.contextmanager
    def sheet(self, path):
        """Give a ``Sheet`` for the payload file ``path`` (below ``data/``), listed when the context ends."""
        with self.unlisted(path) as sheet:
            yield sheet
            self.listing.add(path, *sheet.close())

    def unlisted(self, path):
        if not PLAIN_NAME.match(path):
            raise Unbagged(f"“{path}” is not a plain ASCII name.")
        return Sheet(self.work / "data" / path)

    def put(self, path, content):
        """Write the payload file ``path`` with ``content``, bytes."""
        with self.sheet(path) as sheet:
            sheet.write(content)

    def finish(self, info, tags=None, seal=None):
        """Write the tag files and give the bag its name.

        ``info``: pairs of label and value for ``bag-info.txt``; ``tags``: further tag files, bytes by name;
        ``seal``: called with the folder once all is there, to add signatures over the tag manifests.
        """
        for position, algorithm in enumerate(HASHES):
            name = self.work / f"manifest-{algorithm}.txt"
            with open(name, "x", encoding="utf-8", newline="\n", opener=opener) as manifest:
                manifest.writelines(f"{one[2 + position]}  data/{one[0]}\n" for one in self.listing.all())
        octets, files = self.listing.totals()
        lines = [*info, ("Payload-Oxum", f"{octets}.{files}")]
        self.tag("bagit.txt", DECLARATION.encode())
        self.tag("bag-info.txt", "".join(f"{label}: {one_line(value)}\n" for label, value in lines).encode())
        for name, content in (tags or {}).items():
            self.tag(name, content)
        self.list_tags()
        if seal:
            seal(self.work)
        self.listing.close()
        (self.work / ".listing").unlink()
        make_folder(self.work / "data")
        self.refuse_overwriting()
        self.work.rename(self.folder)
        self.finished = True

    def tag(self, name, content):
        with open(self.work / name, "xb", opener=opener) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def list_tags(self):
        names = sorted(path.name for path in self.work.iterdir() if path.is_file() and path.name != ".listing")
        for algorithm in HASHES:
            lines = [f"{file_hash(self.work / name, algorithm)}  {name}\n" for name in names]
            self.tag(f"tagmanifest-{algorithm}.txt", "".join(lines).encode())


class Claim:
    """An open folder that no other process may use meanwhile."""

    def __init__(self, handle):
        self.handle = handle

    def __enter__(self):
        return self

    def __exit__(self, *_trouble):
        os.close(self.handle)


def claim(folder):
    """Make the empty ``folder`` for this process alone and return its ``Claim``.

    What a run that was killed left there is removed. Raises: Unbagged, when a living process has it.
    """
    for _turn in range(TURNS):  # another process may be looking whether this is a leftover
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if handle := locked(folder):
            for left in folder.iterdir():
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
            return Claim(handle)
        time.sleep(PAUSE)
    raise Unbagged(f"Another run is making this bag in {folder}. Wait for it or choose another name.")


def locked(folder):
    """Return the handle of the ``folder``, which no other process holds; ``None`` where one does or it is not there."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), os.stat(folder)):
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(handle)
    return None


def remove_leftovers(parent):
    """Remove what runs that were killed left in the folder ``parent``: it may hold what is sealed."""
    for folder in parent.glob(".*.unfinished"):
        is_own = folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.getuid()
        if is_own and (handle := locked(folder)):
            if is_bag_begun(folder):
                shutil.rmtree(folder, ignore_errors=True)
            os.close(handle)


def is_bag_begun(folder):
    """Tell whether a folder is one in which a bag was begun: empty, or with what a bag has, perhaps one folder deeper."""
    signs = (name for place in ("", "*/", ".*/") for name in (f"{place}.listing", f"{place}bagit.txt"))
    return not any(folder.iterdir()) or any(any(folder.glob(sign)) for sign in signs)


def file_hash(path, algorithm):
    """Return the hexadecimal hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def one_line(value):
    """Return ``value`` as the value of a label in ``bag-info.txt``: one line."""
    return " ".join(str(value).split())
