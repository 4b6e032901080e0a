"""Making a bag: the register at one access level, as files. Public bags are made from editions alone.

Nothing in a bag comes from the clock, the machine or the order in which a database happens to give its rows.
"""

import json
import shutil
from collections import Counter
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import chain

from django.conf import settings
from django.utils.translation import gettext as _

from heritage.archive import crate, describe, fixtures, held, skos, withheld
from heritage.archive.bag import Bag, Unbagged, file_hash, one_line
from heritage.archive.companion import Companion, companion
from heritage.archive.copies import Store
from heritage.archive.expected import Expected
from heritage.archive.packing import is_packed, place_for
from heritage.archive.profile import FORMAT, IDENTIFIER, PROFILE, SEALED_WORDS
from heritage.archive.reading import unwatched
from heritage.archive.readme import readme
from heritage.archive.sealing import SEALED, Seal
from heritage.archive.shelves import EDITIONS, OF_SEALED, SHELVES
from heritage.archive.since import Subtraction, told_since
from heritage.archive.site import Site
from heritage.archive.snapshot import last_rebuilding, snapshot
from heritage.archive.tables import TABLES, Lines, rows, written
from heritage.catalogue import ledger
from heritage.catalogue.models import Edition
from heritage.registry.models import Journal
from heritage.registry.steps import Refused

SCHEMA = settings.BASE_DIR / "heritage" / "record.schema.json"
UNTITLED = "1970-01-01T00:00:00Z"
ALONE = 100  #: subjects whose pages one process makes as fast as two would
SPARE = 50_000_000  #: bytes that are to stay free on the disk


class Export:
    """One bag in the making. ``watch(what, number, total)`` is told of every batch of rows and pages that is written."""

    def __init__(self, level, media=True, site=True, custodians=(), watch=unwatched):
        """``custodians``: the two who keep a full bag that holds what is sealed at the desk, which is then sealed as a whole."""
        self.level, self.media, self.site, self.watch = level, media, site, watch
        self.custodians, self.holds_sealed = named_custodians(custodians), False
        self.prefix = "full-" if level == "full" else ""
        self.rows = Counter()
        self.files = []  # (path, title) for the list of contents
        self.measures = {}
        self.originals = {}  # (path, SHA-256, size) by reference of the media item
        self.previous_sha256 = ""
        self.held_files = {}  # (path, what it shows) by reference of the media item

    def look(self):
        """Read which state of the register it is."""
        self.last_rebuilding = last_rebuilding()
        last = ledger.head()
        if last is None and self.level == "public":
            raise Refused([_("Nothing is published yet, so there is nothing public to deposit.")])
        self.head = last.link if last else ledger.START
        self.date = ledger.stamp(last.published_at) if last else self.last_entry()
        self.organisation = (last and last.organisation) or settings.REGISTER_NAME

    @staticmethod
    def last_entry():
        entry = Journal.objects.of_records().order_by("-pk").first()
        return ledger.stamp(entry.at) if entry else UNTITLED

    def run(self, out, since=None):
        """Make the bag ``out``, a folder or a packed file; ``since``: the folder of a verified bag that is not to be repeated.

        Raises: Refused, Unbagged, OSError (of the disk).
        """
        seal = Seal()
        self.times = 2 if is_packed(out) else 1  # the folder, and beside it for a while the packed file
        with place_for(out) as folder:
            self.make(folder, since, seal)

    def make(self, folder, since, seal):
        with Bag(folder) as bag, snapshot() as is_own, self.company(is_own) as self.second:
            self.look()
            self.refuse_sealed()
            self.refuse_gaps()
            self.expected = Expected(self.media)
            self.refuse_small_disk(bag.work)
            self.bag = bag
            self.write()
            info = self.info()
            if since:
                self.previous_sha256 = self.subtract(since)
                info.append(("Heritage-Previous", self.previous_sha256))
            comment = f"{self.date} level {self.level} ledger {self.head}"
            tags = {"bagit-profile.json": describe.as_bytes(PROFILE)}
            bag.finish(info, tags, lambda work: self.sealed(work, seal, comment))

    def company(self, is_own):
        """Give the second process where there are pages enough for two and it can see what this one sees."""
        worth_it = self.site and is_own and Edition.objects.filter(version=1)[ALONE:].exists()
        return companion() if worth_it else nullcontext(Companion())

    def sealed(self, folder, seal, comment):
        seal(folder, comment)
        self.manifest_sha256 = file_hash(folder / SEALED, "sha256")
        self.is_signed = (folder / f"{SEALED}.minisig").exists()

    def subtract(self, previous):
        """Leave out what the bag ``previous`` holds; return the hash of its manifest. Raises: Refused."""
        labels = dict(
            line.split(": ", 1) for line in (previous / "bag-info.txt").read_text(encoding="utf-8").splitlines()
        )
        head = labels["Heritage-Ledger-Head"]
        if labels["Heritage-Level"] != self.level:
            raise Refused([_("The bag that this one is to add to is of another level.")])
        if told_since(previous):
            raise Refused([_("The bag that this one is to add to adds to another itself. Name the whole one.")])
        if head != ledger.START and not Edition.objects.filter(link=head).exists():
            raise Refused(
                [_("The bag that this one is to add to is of another register: its ledger head is not known here.")]
            )
        Subtraction(self.bag, previous, self.prefix).run(head)
        return file_hash(previous / SEALED, "sha256")

    def refuse_sealed(self):
        """Raise Refused where the bag would hold what is sealed without anybody having said that it may."""
        found = [f"{number} × {what}" for what, number in withheld.sealed()] if self.level == "full" else []
        self.holds_sealed = bool(found)
        if found and not self.custodians:
            told = _(
                "The desk holds what is sealed (%(found)s), which is never exported with other levels. A full deposit of this "
                "desk is to be kept as what is sealed is: by two named custodians. Name them (--with-sealed)."
            )
            raise Refused([told % {"found": ", ".join(found)}])
        if found and (wrong := list(withheld.not_kept_by(self.custodians))):
            raise Refused(wrong)

    def kept_by(self):
        """Return the names of the two custodians of a bag that is sealed as a whole; of any other none."""
        return self.custodians if self.holds_sealed else ()

    def refuse_gaps(self):
        wrong = [f"{item.ref}: {why}" for item, why in held.faults()] if self.media and self.level == "full" else []
        if wrong:
            raise Refused(
                [_("Held files are not as they were taken in. Mend them, or leave files out with --no-media."), *wrong]
            )

    def refuse_small_disk(self, folder):
        needed, free = self.times * self.expected.size(self.level, self.site) + SPARE, shutil.disk_usage(folder).free
        if needed > free:
            raise Refused(
                [
                    _("The bag needs about %(needed)d MB and %(free)d MB are free at %(folder)s.")
                    % {"needed": needed // 10**6, "free": free // 10**6, "folder": folder.parent}
                ]
            )

    def named(self, path):
        """Return ``path`` with the level in the file's name, where the bag is not for everyone."""
        folder, slash, name = path.rpartition("/")
        return f"{folder}{slash}{self.prefix}{name}"

    def write(self):
        self.put("record.schema.json", SCHEMA.read_bytes(), "What a record is made of (JSON Schema)")
        self.editions()
        if self.level == "full" and self.media:
            self.put_originals()
        for shelf in SHELVES if self.level == "full" else ():
            is_written = shelf is EDITIONS  # beside the ledger
            if not is_written and (self.holds_sealed or shelf.model not in OF_SEALED):
                self.fixture(shelf)
        self.tables()
        self.describe()
        self.vocabulary()
        if self.level == "full":
            self.withheld()
        folders = [("fixtures/", "Database rows as Django fixtures"), ("tables/", "The current statements as tables")]
        if any(path.startswith("media/") for path, *_ in self.bag.listing.all()):
            folders.append(("media/", "Held files, named by their SHA-256"))
        if self.site:
            folders.append(self.pages())
        self.contents(folders)

    @contextmanager
    def sheet(self, path, title=""):
        """Give a sheet for the file ``path``, whose measures are kept for the descriptions."""
        name = self.named(path)
        with self.bag.unlisted(name) as sheet:
            yield sheet
            measure = sheet.close()
        self.bag.listing.add(name, *measure)
        self.measures[name] = measure
        if title:
            self.files.append((name, title))

    def put(self, path, content, title=""):
        with self.sheet(path, title) as sheet:
            sheet.write(content)

    def lines(self, path, batches, total):
        """Write batches of lines in bytes and count them."""
        with self.sheet(path) as sheet:
            for batch in batches:
                sheet.write(b"".join(batch))
                self.rows[self.named(path)] += len(batch)
                self.watch(path, len(batch), total)

    def editions(self):
        """Write records, ledger and database rows of all editions in one pass."""
        titles = {
            "editions.jsonl": "Every published record, in the order of publication",
            "ledger.jsonl": "The chain of hashes over all editions",
            f"fixtures/{EDITIONS.name}.jsonl": "",
        }
        with ExitStack() as opened:
            sheets = [opened.enter_context(self.sheet(path, title)) for path, title in titles.items()]
            for batch in fixtures.editions(self.level):
                for path, sheet, some in zip(titles, sheets, zip(*batch, strict=True), strict=True):
                    sheet.write(b"".join(some))
                    self.rows[self.named(path)] += len(some)
                self.watch("editions.jsonl", len(batch), self.expected.editions)
        for path in titles:
            self.rows[self.named(path)] += 0

    def put_originals(self):
        """Put every held file into the bag as it was taken in."""
        for item in held.held().iterator():
            name = f"media/{item.sha256}.{held.ending(item.file.name)}"
            if self.named(name) not in self.measures:
                with self.sheet(name) as sheet:
                    for some in held.chunks(item):
                        sheet.write(some)
                self.watch("media", 1, self.expected.files)
            self.originals[item.ref] = self.named(name), item.sha256, self.measures[self.named(name)][0]

    def fixture(self, shelf):
        """Write the rows of one table; of an empty one no file, since ``loaddata`` takes an empty file for a mistake."""
        batches = fixtures.lines(shelf, self.level)
        if first := next(batches, None):
            total = shelf.model._base_manager.count()
            self.lines(f"fixtures/{shelf.name}.jsonl", chain([first], batches), total)

    def tables(self):
        """Write all tables, the map and the held files in one pass over the current editions."""
        with ExitStack() as opened:
            lines = {table.name: Lines(table) for table in TABLES}
            sheets = {
                table.name: opened.enter_context(self.sheet(f"tables/{table.name}.csv", table.title))
                for table in TABLES
            }
            for name, sheet in sheets.items():
                sheet.write(lines[name].head())
            features = Features(opened.enter_context(self.sheet("monuments.geojson", "Shown positions (GeoJSON)")))
            for name, row in self.statements():
                sheets[name].write(lines[name](row))
                if name == "monuments":
                    features.add(row)
            features.end()
        for name, made in lines.items():
            self.rows[self.named(f"tables/{name}.csv")] = made.rows
        self.rows[self.named("monuments.geojson")] = lines["monuments"].rows

    def statements(self):
        """Yield (table, row) of every current record. Sources that only other records describe are added."""
        shelf, store = set(), Store(self)
        for batch in fixtures.current_records():
            for (text,) in batch:
                record = json.loads(text)
                for one in record.get("sources", []):
                    if one["ref"] not in shelf and not self.has_edition(one["ref"], shelf):
                        yield from rows(one | {"subject": "source"}, None)
                        shelf.add(one["ref"])
                yield from rows(record, store)
            self.watch("tables", len(batch), self.expected.records)

    def has_edition(self, ref, shelf):
        """Tell whether the source ``ref`` has a current edition, which then gives its row."""
        known = Edition.objects.current().published().filter(subject="source", ref=ref).exists()
        if known:
            shelf.add(ref)
        return known

    def describe(self):
        title = self.title()
        sizes = {}
        for table in TABLES:
            octets, sha256, _sha512 = self.measures[self.named(f"tables/{table.name}.csv")]
            sizes[table.name] = octets, sha256, self.rows[self.named(f"tables/{table.name}.csv")]
        package = describe.datapackage(title, self.date, self.table_name, sizes)
        self.put("tables/datapackage.json", describe.as_bytes(package), "The tables for programs (Frictionless)")
        self.put(
            "tables/csv-metadata.json",
            describe.as_bytes(describe.csvw(title, self.date, self.table_name)),
            "The tables for programs (CSVW)",
        )

    def table_name(self, table):
        return self.named(f"{table.name}.csv")

    def title(self):
        return f"{self.organisation}: deposit of {self.date[:10]}, level {self.level}"

    def vocabulary(self):
        found = Edition.objects.current().published().filter(subject="vocabulary").order_by("ref")
        records = [json.loads(text) for text in found.values_list("record", flat=True)]
        self.put("vocabulary.ttl", skos.turtle(records), "All terms with their definitions (SKOS)")

    def withheld(self):
        lines = [Lines.line(one) for one in (withheld.HEAD, *withheld.rows())]
        self.put("withheld.csv", b"".join(lines), "What readers do not see, by class")

    def pages(self):
        """Write the static pages; return their folder with its title."""
        folder = f"{self.prefix}site"
        facts = self.date, self.held_files
        self.second.begin(*facts)
        for batch in Site(*facts).pages(self.second):
            for path, content in batch:
                with self.bag.sheet(f"{folder}/{path}") as sheet:
                    sheet.write(content)
            self.watch("pages (total estimated)", len(batch), self.expected.pages)
        return f"{folder}/", "Every public page, to be opened in a browser: index.html"

    def contents(self, folders):
        site = folders[-1][0].rstrip("/") if self.site else ""
        words = {"organisation": self.organisation, "date": self.date, "head": self.head}
        self.put(
            "README.txt",
            readme(self.title(), self.level, self.prefix, site, self.kept_by(), **words),
            "What this is and how to check it",
        )
        files = [(path, title, *self.measures[path][:2]) for path, title in sorted(self.files)]
        about = "What a register of monuments in dispute or danger published: attributed, dated and cited claims."
        metadata = crate.crate(self.title(), about, self.organisation, self.date[:10], files, sorted(folders))
        self.bag.put("ro-crate-metadata.json", describe.as_bytes(metadata))

    def info(self):
        counts = [("Heritage-Rows", f"{path} {number}") for path, number in sorted(self.rows.items())]
        return [
            ("BagIt-Profile-Identifier", IDENTIFIER),
            ("Source-Organization", self.organisation),
            ("External-Description", f"Deposit of a heritage register, level {self.level}"),
            ("External-Identifier", f"urn:heritage-register:{self.level}:{self.head}"),
            ("Bagging-Date", self.date[:10]),
            ("Heritage-Format", FORMAT),
            ("Heritage-Level", self.level),
            ("Heritage-Ledger-Head", self.head),
            ("Heritage-Media", "held files" if self.media else "left out"),
            ("Heritage-Site", "pages" if self.site else "left out"),
            *([("Heritage-Sealed", SEALED_WORDS[self.holds_sealed])] if self.level == "full" else []),
            *(("Heritage-Custodian", name) for name in self.kept_by()),
            *counts,
        ]


def named_custodians(names):
    """Return the names of two accounts, or none. Raises: Refused, where there is one, or twice the same."""
    names = tuple(one_line(name) for name in names)
    if names and (len({name.casefold() for name in names}) != 2 or not all(names)):
        raise Refused([_("What is sealed is kept by two custodians. Name two different ones.")])
    return names


class Features:
    """Writes a GeoJSON feature collection. Source: RFC 7946."""

    def __init__(self, sheet):
        self.sheet, self.between = sheet, b"\n"
        sheet.write(b'{"type":"FeatureCollection","features":[')

    def add(self, row):
        self.sheet.write(self.between + written(describe.feature(row)).encode())
        self.between = b",\n"

    def end(self):
        self.sheet.write(b"\n]}\n")


__all__ = ["Export", "Unbagged"]
