"""The public pages as files: asked of the reading room by address, as any visitor asks, and made to open from a disk.

The archive may not import the reading room. It needs not: what stands at an address is found through the addresses that
the application serves, so the copy shows what a visitor saw and nothing that only code could reach.
"""

import html
import io
import re
import sqlite3
import tempfile
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIRequest
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from heritage.archive import fixtures
from heritage.archive.copying import HOST, Copier
from heritage.catalogue.folding import fold
from heritage.catalogue.models import Edition

SINGLE = {
    "/": "index.html",
    "/about/": "about.html",
    "/vocabulary/": "vocabulary.html",
    "/data/": "data.html",
}
LISTS = {
    "/monuments/": "monuments",
    "/places/": "places",
    "/sources/": "sources",
    "/figures/": "figures",
    "/changes/": "changes",
    "/ledger/": "ledger",
    "/timeline/": "timeline",
}
STATIC = ("public/register.css", "public/timeline.css", "public/emblem.svg")
FOLDERS = {"monument": "monuments", "place": "places", "source": "sources"}
SUBJECT = re.compile(r"/(monuments|places|sources)/([0-9a-z]{2,40})/(?:(history)/|v([1-9][0-9]{0,8})/)?\Z")
BANNER = re.compile(r'<div class="banner" role="status">.*?</div></div>', re.DOTALL)
NEXT = re.compile(r'<a rel="(prev|next)" href="([^"]*)"')
NAMES_A_PAGE = 500
PART = 20  #: subjects that one of the two processes takes at a time
REMEMBERED = 100_000  #: subjects
TOLD = ("version", "action", "closed_because")


class Visit(WSGIRequest):
    """A request by nobody, from nowhere."""

    def __init__(self, address):
        path, _mark, query = address.partition("?")
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": io.BytesIO()}
        super().__init__(environ | {"SERVER_NAME": "register.invalid", "SERVER_PORT": "80", "wsgi.url_scheme": "http"})

    def get_host(self):
        return HOST.removeprefix("http://")

    @property
    def scheme(self):
        return "http"


def visit(address):
    """Return (status, page) at ``address``."""
    request = Visit(address)
    request.resolver_match = match = resolve(request.path_info)
    answer = match.func(request, *match.args, **match.kwargs)
    return answer.status_code, answer.content.decode()


class Site:
    """All pages of the copy as of ``date`` (RFC 3339). ``held_files``: (path in the payload, what it shows) by reference."""

    def __init__(self, date, held_files):
        self.day = parse_datetime(date)
        self.held_files = held_files
        self.known = Known()
        with override("en-gb"):
            note = _(
                "A page of the deposit of %(day)s. Search and filters need the register itself; this copy has an"
            ) % {"day": f"{self.day:%Y-%m-%d}"}
            sprite = Path(finders.find("public/icons.svg")).read_text(encoding="utf-8")
            self.copy = Copier(self.place_of, sprite, (note, _("index of all names.")))

    def place_of(self, address):
        """Return the file of an address, or ``None``."""
        if address in SINGLE:
            return SINGLE[address]
        if address in LISTS:
            return f"{LISTS[address]}.html"
        if address.startswith("/static/"):
            return address[1:] if address.removeprefix("/static/") in STATIC else None
        found = SUBJECT.match(address)
        return self.subject_file(*found.groups()) if found else None

    def subject_file(self, folder, ref, history, version):
        known = self.known[folder, ref]
        if known is None:
            return None
        versions, action = known
        if action != "publish" and (history or version):
            return None
        if version and int(version) not in versions:
            return None
        part = ".history" if history else f".v{version}" if version else ""
        return f"{folder}/{ref[:2]}/{ref}{part}.html"

    def pages(self, second):
        """Yield lists of (path, content in bytes); ``second``, a ``Companion``, makes some of them."""
        parts = iter(self.parts())
        for made in chain(self.own_pages(), self.remaining_pages(parts), self.name_pages()):
            yield made
            second.feed(parts)
            yield from second.ready()
        yield from second.ready(to_the_end=True)

    def own_pages(self):
        """Yield the pages that are not about one subject, but for the names."""
        with override("en-gb"):
            yield [(f"static/{name}", Path(finders.find(name)).read_bytes()) for name in STATIC]
            for address, place in SINGLE.items():
                yield [self.single(address, place)]
            for address, name in LISTS.items():
                yield from self.list_pages(address, name)

    def remaining_pages(self, parts):
        for part in parts:
            yield from self.parts_pages(part)

    def single(self, address, place):
        _status, page = visit(address)
        return place, self.copy(page, place).encode()

    def list_pages(self, address, name):
        """Yield the pages of a list one after another, as its links lead on."""
        number, here = 1, address
        while here:
            status, page = visit(here)
            links = {way: html.unescape(link) for way, link in NEXT.findall(page)}
            known = {links.get("next"): numbered(name, number + 1), links.get("prev"): numbered(name, number - 1)}
            onward = links.get("next") if status == 200 else None
            yield [(numbered(name, number), self.copy(page, numbered(name, number), known).encode())]
            here, number = onward, number + 1

    def parts(self):
        """Yield lists of ``PART`` (folder, reference, what is known of it): every monument, place and source."""
        rows = chain.from_iterable(fixtures.batches(SUBJECTS.format(bytewise=fixtures.dialect().bytewise)))
        subjects = (
            (FOLDERS[subject], ref, known(some)) for (ref, subject), some in groupby(rows, key=itemgetter(0, 1))
        )
        while part := list(islice(subjects, PART)):
            yield part

    def parts_pages(self, part):
        """Yield the pages of some subjects, with the versions and history of monuments, in a list for each."""
        with override("en-gb"):
            for folder, ref, known in part:
                self.known[folder, ref] = known
                yield list(self.pages_of(folder, ref))

    def pages_of(self, folder, ref):
        address = f"/{folder}/{ref}/"
        place = self.place_of(address)
        if folder == "monuments" and self.known[folder, ref][-1] == "publish":
            yield from self.monument_pages(address, ref)
        elif folder == "sources":
            yield from chain.from_iterable(self.list_pages(address, place.removesuffix(".html")))
        else:
            status, page = visit(address)
            yield (
                place,
                self.fate(ref, status, page, place) if status in (301, 410) else self.copied(page, place).encode(),
            )

    def monument_pages(self, address, ref):
        """Yield versions, the current page and the history. That page is the newest version's but for a banner."""
        versions, _action = self.known["monuments", ref]
        for number in versions:
            page = self.copied(visit(f"{address}v{number}/")[1], place := self.place_of(f"{address}v{number}/"))
            yield place, page.encode()
        yield self.place_of(address), BANNER.sub("", page, count=1).encode()
        place = self.place_of(f"{address}history/")
        yield place, self.copied(visit(f"{address}history/")[1], place).encode()

    def copied(self, page, place):
        return self.illustrated(self.copy(page, place), place)

    def fate(self, ref, status, page, place):
        """Return the page of a withdrawn record, or the one that leads from a merged record to the other."""
        if status == 301:
            record = Edition.objects.current().get(ref=ref).record
            into = re.search(r'"merged_into":"([0-9a-z]+)"', record)[1]
            page = render_to_string("archive/merged.html", {"ref": ref, "into": into, "section": ""})
        return self.copy(page, place).encode()

    def illustrated(self, page, place):
        """Put the held pictures into a page, and links to other held files."""
        if not self.held_files or '<section aria-labelledby="media">' not in page:
            return page
        up = "../" * (place.count("/") + 1)
        return re.sub(
            r'(<li id="([0-9a-z]+)">.*?</h3>)', lambda hit: hit[1] + self.shown(hit[2], up), page, flags=re.DOTALL
        )

    def shown(self, ref, up):
        if ref not in self.held_files:
            return ""
        file, says = self.held_files[ref]
        if file.endswith((".jpg", ".jpeg", ".png", ".gif", ".webp")):
            return f'\n<p><img src="{up}{file}" alt="{html.escape(says)}" style="max-width:100%;height:auto"></p>'
        return f'\n<p><a href="{up}{file}">{html.escape(_("The file held"))}</a></p>'

    def name_pages(self):
        """Yield the index of all names of monuments and places, in every script, by alphabet: search without a program."""
        with override("en-gb"), tempfile.NamedTemporaryFile() as file, sqlite3.connect(file.name) as sorter:
            self.gather(sorter)
            spans, number = [], 0
            rows = iter(sorter.execute("SELECT name, folder, ref, label FROM name ORDER BY folded, name, ref"))
            while names := list(islice(rows, NAMES_A_PAGE)):
                number += 1
                spans.append((number, names[0][0], names[-1][0]))
                yield [
                    self.names("archive/names.html", f"names/{number}.html", {"names": linked(names), "number": number})
                ]
            by_letter = [(letter, list(some)) for letter, some in groupby(spans, key=lambda span: span[1][:1].upper())]
            yield [self.names("archive/names_index.html", "names/index.html", {"letters": by_letter})]

    def gather(self, sorter):
        sorter.execute("PRAGMA journal_mode = OFF")
        sorter.execute("CREATE TABLE name (folded, name, folder, ref, label)")
        for batch in fixtures.current_names():
            sorter.executemany(
                "INSERT INTO name VALUES (?, ?, ?, ?, ?)", [(fold(name), name, *rest) for name, *rest in batch]
            )
        sorter.commit()

    def names(self, template, place, context):
        known = {f"/names/{number}.html": f"names/{number}.html" for number, *_span in numbers_in(context)}
        page = render_to_string(template, context | {"section": "names"})
        return place, self.copy(page, place, known).encode()


def numbers_in(context):
    return [span for _letter, spans in context.get("letters", []) for span in spans]


def linked(names):
    return [{"name": name, "address": f"/{folder}/{ref}/", "label": label} for name, folder, ref, label in names]


def numbered(name, number):
    return f"{name}.html" if number == 1 else f"{name}.page-{number}.html"


class Known(dict):
    """What became of subjects: (versions that can be read, action of the newest) or ``None``, by (folder, reference)."""

    def __missing__(self, subject):
        folder, ref = subject
        name = next(name for name, plural in FOLDERS.items() if plural == folder)
        self[subject] = found = known(Edition.objects.of(ref).filter(subject=name).values_list("ref", "subject", *TOLD))
        return found

    def __setitem__(self, subject, known):
        if len(self) >= REMEMBERED:
            self.clear()
        super().__setitem__(subject, known)


def known(rows):
    """Return what ``Known`` holds of the editions ``rows`` of one subject; ``None`` where there is none."""
    found = [(version, action, closed) for _ref, _subject, version, action, closed in rows]
    if not found:
        return None
    readable = tuple(version for version, action, closed in found if action == "publish" and not closed)
    return readable, found[-1][1]


SUBJECTS = """SELECT ref, subject, version, action, closed_because FROM catalogue_edition
    WHERE subject IN ('monument', 'place', 'source') ORDER BY ref {bytewise}, version"""
