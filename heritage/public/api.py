"""The same answers for programs: JSON, GeoJSON and JSON lines. The list as a whole is in ``downloads``."""

import json

from django.db import connection
from django.http import StreamingHttpResponse

from heritage.catalogue.ledger import START, stamp
from heritage.catalogue.models import Edition, Entry
from heritage.public import shelf
from heritage.public.answers import Mistakes, data, reader, verbatim
from heritage.public.downloads import GEOJSON, feature
from heritage.public.finding import Finding
from heritage.public.stamps import published, record_of

LINES = 2_000  # of the ledger read at once


def found(request):
    """Return the ``Finding`` of a query. Raises: Mistakes."""
    finding = Finding(request)
    if finding.mistakes:
        raise Mistakes(finding.mistakes)
    return finding


@reader(follows=published)
def monuments(request):
    return data(found(request).as_json)


@reader(tagged=record_of)
def monument(request, ref):
    return verbatim(shelf.current("monument", ref))


@reader
def monument_geojson(request, ref):
    edition = shelf.current("monument", ref)
    row = Entry.objects.values_list("row", flat=True).get(pk=edition.pk)
    return data(feature(json.loads(row)), GEOJSON)


@reader
def version(request, ref, version):
    edition, _newest = shelf.pinned(ref, version)
    return verbatim(edition)


@reader
def place(request, ref):
    return verbatim(shelf.current("place", ref))


@reader
def source(request, ref):
    return verbatim(shelf.current("source", ref))


@reader
def ledger(request):
    """One line an edition, in the order of the chain; the ETag is the last link."""
    head = Edition.objects.order_by("-position").values_list("link", flat=True).first()
    lines = ledger_lines() if request.method == "GET" else ()
    headers = {"ETag": f'"{head or START}"'}
    return StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8", headers=headers)


def ledger_lines():
    """Yield the lines, read some at a time: no cursor is held while a slow reader takes them."""
    fields = ("subject", "ref", "version", "action", "published_at", "sha256", "link")
    editions, last = Edition.objects.order_by("position").values("position", *fields), 0
    while rows := list(editions.filter(position__gt=last)[:LINES]):
        last = rows[-1]["position"]
        for row in rows:
            shown = {name: row[name] for name in fields} | {"published_at": stamp(row["published_at"])}
            yield json.dumps(shown) + "\n"


@reader
def health(request):
    """Whether the register can read its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return data({"status": "ok"})
