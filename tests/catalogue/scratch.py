"""Scratch registers in databases of their own, for tests that run and kill real processes."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import psycopg
from django.conf import settings

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
LONGEST = 300  # seconds that a command may take, on a machine that does other work


class Scratch:
    """Registers by name; ``manage`` runs a command on one of them."""

    def start(self, name, *command):
        """Start a management command in a process of its own."""
        environment = os.environ | {"DATABASE_URL": self.url(name), "SECRET_KEY": settings.SECRET_KEY}
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen([*MANAGE, *command], env=environment, text=True, **streams)

    def manage(self, name, *command):
        """Run a management command; return its exit status and what it said."""
        with self.start(name, *command) as process:
            said, _ = process.communicate(timeout=LONGEST)
            return process.returncode, said


class OnSqlite(Scratch):
    """Registers as database files in ``folder``."""

    def __init__(self, folder):
        self.folder = folder

    def url(self, name):
        return f"sqlite:///{self.folder / name}"

    def make(self, name, original=None):
        if original:
            for file in self.folder.glob(f"{original}*"):
                shutil.copy(file, self.folder / file.name.replace(original, name, 1))

    def ask(self, name, question):
        """Return the one value that answers the SQL ``question``."""
        with closing(sqlite3.connect(self.folder / name, timeout=10)) as database:
            return database.execute(question).fetchone()[0]

    def publishing(self, name):
        """Tell whether a process holds the write lock."""
        with closing(sqlite3.connect(self.folder / name, timeout=0, isolation_level=None)) as database:
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
        return False

    def clear(self):
        """Nothing to do: the folder goes with the test run."""


class OnPostgresql(Scratch):
    """Registers as databases beside the one that the tests run on."""

    def __init__(self, folder):
        self.server = settings.DATABASES["default"]
        self.made = []

    def database(self, name):
        return f"{self.server['NAME']}_{name}"

    def url(self, name):
        login = "{USER}:{PASSWORD}@{HOST}:{PORT}".format(**self.server)
        return f"postgres://{login}/{self.database(name)}"

    def make(self, name, original=None):
        template = self.database(original) if original else "template1"
        self.made.append(self.database(name))
        self.tell("postgres", f'CREATE DATABASE "{self.database(name)}" TEMPLATE "{template}"')

    def ask(self, name, question):
        """Return the one value that answers the SQL ``question``."""
        return self.tell(self.database(name), question)[0][0]

    def publishing(self, name):
        """Tell whether a process holds the lock of the ledger."""
        held = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.locktype = 'advisory'"
        return bool(self.tell("postgres", f"{held} AND d.datname = '{self.database(name)}'")[0][0])

    def clear(self):
        for database in self.made:
            self.tell("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def tell(self, database, statement):
        names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        login = {ours: self.server[theirs] for ours, theirs in names.items() if self.server[theirs]}
        with psycopg.connect(dbname=database, autocommit=True, **login) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


def scratch(vendor, folder):
    """Return the scratch registers for the database engine of this test run."""
    return {"sqlite": OnSqlite, "postgresql": OnPostgresql}[vendor](folder)


def wait_until(condition, longest=LONGEST):
    """Wait until ``condition()`` is true, at most ``longest`` seconds, and return what it gave."""
    until = time.monotonic() + longest
    while not (found := condition()):
        assert time.monotonic() < until, "it takes too long"
        time.sleep(0.05)
    return found


def process_of(words):
    """Return the process whose command has these ``words``, or ``None``."""
    found = subprocess.run(["pgrep", "-f", words], capture_output=True, text=True).stdout.split()
    return int(found[0]) if found else None
