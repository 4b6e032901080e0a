"""The registers that are measured, each made once with ``manage.py generate_register``: the seed decides all of them."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg

HOUSE = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(HOUSE / "manage.py")]
SECRET = (
    "a key for measurements only, never for a register that anybody reads"  # pages are asked for with cursors made here
)
ENGINES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Register:
    """One published register. ``made`` tells how: seconds, monuments a second, peak megabytes, size on disk."""

    engine: str
    size: int
    url: str
    made: dict

    @property
    def name(self):
        return f"{self.engine} {self.size:,}"

    @property
    def environment(self):
        """The environment of every process that works on it."""
        return environment(self.url)

    def connect(self):
        """Return a connection of the database's own driver, as fast as the register's own settings make it."""
        if self.engine == "postgres":
            return psycopg.connect(self.url, autocommit=True)
        connection = sqlite3.connect(self.url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("cache_size=-65536", "mmap_size=1073741824", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        return connection


class Shelf:
    """Makes registers in ``folder`` and in the PostgreSQL at ``server``, and knows those that an earlier run kept."""

    def __init__(self, folder, server, seed):
        self.folder, self.server, self.seed = Path(folder), server.rstrip("/"), seed
        self.folder.mkdir(parents=True, exist_ok=True)

    def register(self, engine, size, tell=print):
        """Return the register of ``size`` monuments, generated and published unless it is there already."""
        note = self.folder / f"{engine}-{size}-{self.seed}.json"
        url = self.url(engine, size)
        if not note.exists():
            tell(f"Generating {size:,} monuments on {engine} …")
            self.clear(engine, size)
            note.write_text(json.dumps(self.generated(engine, size, url)))
        else:
            self.migrate(url)
        return Register(engine, size, url, json.loads(note.read_text()))

    def url(self, engine, size):
        if engine == "postgres":
            return f"{self.server}/bench_{size}"
        return f"sqlite:///{(self.folder / f'register-{size}-{self.seed}.sqlite3').resolve()}"

    def clear(self, engine, size):
        """Take away what an earlier run left half done, and make an empty database."""
        if engine == "postgres":
            with psycopg.connect(f"{self.server}/postgres", autocommit=True) as server:
                server.execute(f"DROP DATABASE IF EXISTS bench_{size} WITH (FORCE)")
                server.execute(f"CREATE DATABASE bench_{size} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
            return
        for file in self.folder.glob(f"register-{size}-{self.seed}.sqlite3*"):
            file.unlink()

    def migrate(self, url):
        subprocess.run([*MANAGE, "migrate", "--verbosity", "0"], env=environment(url), cwd=HOUSE, check=True)

    def generated(self, engine, size, url):
        """Fill the database; return how that went."""
        self.migrate(url)
        command = [*MANAGE, "generate_register", "--monuments", str(size), "--seed", str(self.seed), "--publish"]
        began = time.monotonic()
        process = subprocess.Popen(command, env=environment(url), cwd=HOUSE, stdout=sys.stderr)
        most = watched(process)
        seconds = time.monotonic() - began
        if process.returncode:
            sys.exit(f"generate_register ended with status {process.returncode}.")
        register = Register(engine, size, url, {})
        with closing(register.connect()) as connection:
            connection.execute("ANALYZE")
        made = {"seconds": round(seconds, 1), "monuments_a_second": round(size / seconds)}
        return made | {"peak_mb": most, "disk_mb": self.megabytes(register)}

    def megabytes(self, register):
        if register.engine == "postgres":
            with closing(register.connect()) as connection:
                [bytes_used] = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        else:
            bytes_used = Path(register.url.removeprefix("sqlite:///")).stat().st_size
        return round(bytes_used / 1e6)

    def drop(self, register):
        """Take a register away."""
        if register.engine == "postgres":
            with psycopg.connect(f"{self.server}/postgres", autocommit=True) as server:
                server.execute(f"DROP DATABASE IF EXISTS bench_{register.size} WITH (FORCE)")
        else:
            self.clear(register.engine, register.size)
        (self.folder / f"{register.engine}-{register.size}-{self.seed}.json").unlink(missing_ok=True)


def environment(url):
    return os.environ | {"DATABASE_URL": url, "SECRET_KEY": SECRET}


def watched(process):
    """Wait for a process to end; return the most megabytes that it and its children held, without pages of mapped files.

    Source: RssAnon in /proc (Linux), looked at twice a second; ``None`` elsewhere.
    """
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(held, family(process.pid))))
        time.sleep(0.5)
    return round(most / 1000) or None


def family(pid):
    """Return a process and those that it started, by their numbers."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        children = []
    return [pid, *(one for child in children for one in family(child))]


def held(pid):
    """Return the kilobytes of memory of its own that a process holds."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("RssAnon")), 0)
