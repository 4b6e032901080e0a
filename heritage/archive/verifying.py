"""Verifying a bag by itself: structure, hashes, profile, ledger, editions, counts and held files. No Django, no database."""

import csv
import hashlib
import json
import re
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import jsonschema_rs
import orjson

from heritage.archive import signing, stamping
from heritage.archive.packing import Unpackable, unpacked
from heritage.archive.profile import BLANKED, FORMAT, LEVELS, ONCE_WRITTEN, PROFILE, SEALED_WORDS
from heritage.archive.reading import Faults, Opened, is_inside, unwatched
from heritage.archive.signing import KeyTrouble
from heritage.archive.since import SEALED, Unjoinable, joined, told_since
from heritage.archive.stamping import StampTrouble

SCHEMA = Path(__file__).resolve().parent.parent / "record.schema.json"
START = "0" * 64
LEDGER_KEYS = {"subject", "ref", "version", "action", "published_at", "sha256", "link"}
LABEL = re.compile(r"fixtures/(?:full-)?[0-9]+-(.+)\.jsonl\Z")  #: the table of a fixture
CLOSED = ("record", "label", "reason")  #: what a public bag does not have of a closed edition
LONGEST_LINE = 50_000_000  #: bytes


@dataclass(frozen=True)
class Trust:
    """What seals are checked with: the ``key`` of the signer (minisign), the ``authority`` of the stamping service (a file)."""

    key: str = ""
    authority: str = ""


def verify(path, trust=Trust(), previous=None, watch=unwatched):
    """Return the ``Verified`` bag at ``path``, a folder or a packed file; with ``previous``, of both put together.

    ``watch(what, number, total)`` is told of every file and edition that is checked.
    """
    with ExitStack() as held:
        return verified(held, path, trust, previous, watch)


def verified(held, path, trust=Trust(), previous=None, watch=unwatched):
    """The same, with its folder there until ``held`` (an ``ExitStack``) is closed."""
    faults = Faults()
    try:
        folder = held.enter_context(unpacked(path))
        if previous is None:
            return look(folder, path, faults, trust, watch)
        before = held.enter_context(unpacked(previous))
    except Unpackable as why:
        faults.add("structure", str(path), str(why))
        return Verified(None, faults, path, trust)
    for one, name in ((before, previous), (folder, path)):
        alone = look(one, name, Faults(), trust if one == folder else Trust(), watch)
        if not alone.valid:
            return alone
    place = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="bag-"))) / "joined"
    try:
        held.enter_context(joined(before, folder, place))
    except Unjoinable as why:
        faults.add("previous", str(path), str(why))
        return Verified(None, faults, path, trust)
    return look(place, path, faults, Trust(), watch)


def look(folder, name, faults, trust, watch):
    with Opened(folder, faults, watch) as bag:
        found = Verified(bag, faults, name, trust)
        if bag.read():
            found.look()
    return found


class Verified:
    """What was found. ``counts`` is rows by file; ``valid`` tells whether nothing is wrong."""

    def __init__(self, bag, faults, name, trust):
        self.bag, self.faults, self.name, self.trust = bag, faults, name, trust
        self.signed_by, self.since = "", None
        self.level, self.counts, self.head = "", {}, ""

    @property
    def valid(self):
        return not self.faults

    def as_json(self):
        return {
            "bag": str(self.name),
            "level": self.level,
            "valid": self.valid,
            "counts": self.counts,
            "ledger_head": self.head,
            "faults": self.faults.as_list(),
        }

    def look(self):
        bag = self.bag
        self.level = bag.value("Heritage-Level")
        newer = bag.value("Heritage-Format")
        if newer != FORMAT:
            told = f"has the format “{newer}”, this program reads {FORMAT}; use the program of that time or a newer one"
            self.faults.add("format", "bag-info.txt", told)
            return
        self.prefix = "full-" if self.level == "full" else ""
        self.check_profile()
        self.check_seals()
        if self.level in LEVELS:
            self.read_since()
            if self.since and not self.bag.holds(f"data/{self.prefix}ledger.jsonl"):
                self.head = self.since["previous"]["ledger_head"]  # nothing was published since
            else:
                self.check_ledger()
            if self.since is None:
                self.check_counts()
                self.check_media()
            self.check_blanked()

    def read_since(self):
        try:
            self.since = told_since(self.bag.folder)
        except Unjoinable as why:
            self.faults.add("previous", "data", str(why))

    def check_seals(self):
        """Check signature and time stamp with what the caller trusts; without that only that they are of this bag."""
        sealed = self.bag.path(SEALED)
        signature, stamp = (sealed.with_name(f"{SEALED}.{ending}") for ending in ("minisig", "tsr"))
        try:
            if self.trust.key and not signature.is_file():
                raise KeyTrouble("The bag is not signed.")
            if signature.is_file() and self.trust.key:
                self.signed_by = signing.check(sealed, signature.read_bytes(), self.trust.key)
        except KeyTrouble as why:
            self.faults.add("signature", signature.name, str(why))
        try:
            if self.trust.authority and not stamp.is_file():
                raise StampTrouble("The bag has no time stamp.")
            if stamp.is_file():
                stamping.check(sealed, stamp.read_bytes())
            if self.trust.authority:
                stamping.check_signer(sealed, stamp, self.trust.authority)
        except StampTrouble as why:
            self.faults.add("signature", stamp.name, str(why))

    def check_profile(self):
        """Compare labels and tag files with the profile that this program knows."""
        for label, rule in PROFILE["Bag-Info"].items():
            values = self.bag.values(label)
            if rule["required"] and not values:
                self.faults.add("profile", "bag-info.txt", f"has no {label}")
            if len(values) > 1 and not rule["repeatable"]:
                self.faults.add("profile", "bag-info.txt", f"has {label} more than once")
            for value in values:
                if rule.get("values") and value not in rule["values"]:
                    self.faults.add(
                        "profile", "bag-info.txt", f"has {label} “{value}”; known are {', '.join(rule['values'])}"
                    )
        custodians = {name.casefold() for name in self.bag.values("Heritage-Custodian")}
        if self.bag.value("Heritage-Sealed") == SEALED_WORDS[True] and len(custodians) != 2:
            told = "is sealed as a whole and does not name its two custodians (Heritage-Custodian)"
            self.faults.add("profile", "bag-info.txt", told)
        known = {"bagit.txt", "bag-info.txt", *PROFILE["Tag-Files-Allowed"]}
        known |= {f"{kind}manifest-{name}.txt" for kind in ("", "tag") for name in ("sha256", "sha512")}
        for path in sorted(self.bag.folder.iterdir()):
            if path.name not in known and path.name != "data":
                self.faults.add("unlisted", path.name, "is no file of a bag like this")
        for name in PROFILE["Tag-Files-Required"]:
            if not self.bag.holds(name):
                self.faults.add("profile", name, "is not there")

    def lines(self, name):
        """Yield the lines of a payload file as bytes, without their ends; nothing, with a fault, where it is not there."""
        path = f"data/{name}"
        if not self.bag.holds(path):
            self.faults.add("missing", path, "is not there")
            return
        with self.bag.path(path).open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                yield line.rstrip(b"\n")

    def check_ledger(self):
        """Follow the chain with the records beside it."""
        editions, ledger = f"{self.prefix}editions.jsonl", f"{self.prefix}ledger.jsonl"
        schema = f"data/{self.prefix}record.schema.json"
        if self.bag.holds(schema) and self.bag.path(schema).read_bytes() != SCHEMA.read_bytes():
            self.faults.add("schema", schema, "is not the schema of this format")
        validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text(encoding="utf-8")))
        chain = Chain(self.bag, self.faults, f"data/{editions}", f"data/{ledger}", validator)
        chain.is_public = self.level == "public"
        if self.since is not None:
            chain.link, chain.is_tail = self.since["previous"]["ledger_head"], True
        told = self.rows_told().get(editions)
        fixture = self.lines(f"fixtures/{self.prefix}23-catalogue-edition.jsonl")
        for number, rows in enumerate(zip_longest(self.lines(editions), self.lines(ledger), fixture), 1):
            chain.follow(number, *rows)
            self.bag.watch("editions checked", 1, told)
        chain.end()
        self.head = chain.link
        if chain.link != self.bag.value("Heritage-Ledger-Head"):
            self.faults.add(
                "ledger",
                f"data/{ledger}",
                "does not end at the head that bag-info.txt gives; something is missing or was added",
            )

    def check_counts(self):
        """Compare the rows of every file with ``bag-info.txt``."""
        told = self.rows_told()
        for path in self.bag.below("data"):
            name = path.removeprefix("data/")
            if (name.endswith((".jsonl", ".csv", ".geojson")) and "/" not in name) or name.startswith(
                ("fixtures/", "tables/")
            ):
                number = self.count(name)
                if number is None:
                    continue
                self.counts[name] = number
                if told.get(name) != number:
                    self.faults.add(
                        "count", path, f"has {number} rows, bag-info.txt says {told.get(name, 'nothing of it')}"
                    )
        for name in sorted(told.keys() - self.counts.keys()):
            self.faults.add("count", "bag-info.txt", f"speaks of {name[:100]}, which is not there")

    def rows_told(self):
        """Return rows by file as ``bag-info.txt`` gives them; what is no number is none."""
        parted = (value.rpartition(" ") for value in self.bag.values("Heritage-Rows"))
        return {path: int(number) if number.isdecimal() else None for path, _, number in parted}

    def count(self, name):
        """Return the number of rows in a file; ``None`` for one that has none."""
        if name.endswith(".csv") and not name.endswith("withheld.csv"):
            with self.bag.path(f"data/{name}").open(encoding="utf-8", errors="replace", newline="") as file:
                return sum(1 for _row in csv.reader(file)) - 1
        if name.endswith(".jsonl"):
            return sum(1 for _line in self.lines(name))
        if name.endswith(".geojson"):
            return sum(1 for line in self.lines(name) if line.startswith(b'{"geometry":'))
        return None

    def check_media(self):
        """Check that the held files that the tables name are there, under the name of their content."""
        name = f"tables/{self.prefix}media.csv"
        if not self.bag.holds(f"data/{name}"):
            self.faults.add("missing", f"data/{name}", "is not there")
            return
        with self.bag.path(f"data/{name}").open(encoding="utf-8", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                path = f"data/{row.get('file') or ''}"
                if path != "data/" and not (is_inside(path) and self.bag.holds(path)):
                    self.faults.add("media", path[:200], f"is named in {name} but is not there")
        for path in self.bag.below("data/media"):
            own = path.rsplit("/", 1)[1].removeprefix("full-").split(".")[0]
            if own != self.bag.hash_of(path):
                self.faults.add("media", path, "does not have the SHA-256 that is its name")

    def check_blanked(self):
        """Check that the rows hold no password and nothing else that never is in a bag."""
        for path in self.bag.below("data/fixtures"):
            name = path.removeprefix("data/")
            table = LABEL.match(name)
            columns = [one for one in BLANKED if table and one.rpartition(".")[0] == table[1].replace("-", ".")]
            for number, line in enumerate(self.lines(name) if columns else (), 1):
                for column in columns:
                    if column not in ONCE_WRITTEN and value_in(line, column) != BLANKED[column]:
                        told = f"line {number} has a value for {column}, which is in no bag that this program makes"
                        self.faults.add("secret", path, told)


def value_in(line, column):
    """Return the value of ``column`` (application, table and column) in the line of a fixture; ``None`` where it has none."""
    try:
        row = orjson.loads(line)
        return row["fields"].get(column.rpartition(".")[2])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


class Chain:
    """The ledger, link by link. ``editions`` and ``ledger`` are the paths that faults are told of."""

    def __init__(self, bag, faults, editions, ledger, validator):
        self.bag, self.faults, self.validator = bag, faults, validator
        self.editions, self.ledger = editions, ledger
        self.link = START
        self.is_tail = False  # of a bag that adds to another
        self.is_public = True
        self.gone = {}  # version and line of records that are not there, by reference

    def follow(self, number, record, line, fixture):
        """Check edition ``number``: its record and its line in the ledger, and the database row beside them."""
        if record is None or line is None or fixture is None:
            self.faults.add(
                "ledger",
                self.ledger,
                f"line {number}: records, ledger and fixture do not have the same number of lines",
            )
            return
        try:
            entry, row = orjson.loads(line), orjson.loads(fixture)["fields"]
        except (ValueError, TypeError, KeyError):
            self.faults.add("ledger", self.ledger, f"line {number} is not JSON")
            return
        if not isinstance(entry, dict) or entry.keys() != LEDGER_KEYS or not isinstance(entry["version"], int):
            self.faults.add("ledger", self.ledger, f"line {number} does not have the members of a ledger line")
            return
        self.check_link(number, entry)
        self.check_version(number, entry)
        self.check_record(number, record, entry, row)
        self.check_row(number, record, entry, row)

    def check_link(self, number, entry):
        facts = [self.link, *(str(entry[key]) for key in ("sha256", "ref", "version", "published_at"))]
        self.link = entry["link"]
        if hashlib.sha256("\n".join(facts).encode()).hexdigest() != self.link:
            self.faults.add(
                "ledger", self.ledger, f"line {number} ({named(entry)}): its link does not follow from the one before"
            )

    def check_version(self, number, entry):
        ref, version = entry["ref"], entry["version"]
        known = self.bag.files.execute("SELECT version FROM latest WHERE ref = ?", (ref,)).fetchone()
        begins = self.is_tail and not known
        if version != (known[0] if known else 0) + 1 and not begins:
            self.faults.add("ledger", self.ledger, f"line {number} ({named(entry)}): an earlier version is missing")
        self.bag.files.execute("INSERT OR REPLACE INTO latest VALUES (?, ?)", (ref, version))
        if entry["action"] == "withdraw":
            self.gone.pop(ref, None)

    def check_record(self, number, record, entry, row):
        if record == b"null":
            if not row.get("closed_because"):
                self.gone.setdefault(entry["ref"], number)
            return
        if hashlib.sha256(record).hexdigest() != entry["sha256"]:
            self.faults.add(
                "edition",
                self.editions,
                f"line {number} ({named(entry)}): not the record whose SHA-256 the ledger holds",
            )
            return
        content = orjson.loads(record)
        if not self.validator.is_valid(content):
            wrong = next(iter(self.validator.iter_errors(content))).message[:200]
            self.faults.add("schema", self.editions, f"line {number} ({named(entry)}): {wrong}")
            return
        if any(content[key] != entry[key] for key in ("ref", "version", "published_at")):
            self.faults.add(
                "edition", self.editions, f"line {number} ({named(entry)}): the record names itself otherwise"
            )
        if content.get("withheld"):
            self.gone.pop(entry["ref"], None)

    def check_row(self, number, record, entry, row):
        same = all(row.get(key) == entry[key] for key in LEDGER_KEYS)
        stored = row.get("record", "").encode() if isinstance(row.get("record"), str) else b""
        if not same or (stored or b"null") != record:
            self.faults.add(
                "edition",
                "data/fixtures",
                f"the database row of {named(entry)} (line {number}) differs from its edition",
            )

        if self.is_public and row.get("closed_because") and any(row.get(name) for name in CLOSED):
            self.faults.add(
                "edition",
                self.editions,
                f"line {number} ({named(entry)}): it is closed, and its content is still there",
            )

    def end(self):
        for ref, number in self.gone.items():
            self.faults.add(
                "edition", self.editions, f"line {number} ({ref}): the record is gone though nothing took it back"
            )


def named(entry):
    return f"{str(entry['ref'])[:40]} version {entry['version']}"
