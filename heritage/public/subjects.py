"""The pages of one subject: monument, version, history, place, source; and the desk's preview of one."""

import json

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from heritage.catalogue import borne, gazetteer
from heritage.catalogue.models import Edition, Entry, EntryTerm
from heritage.public import paging, shelf
from heritage.public.answers import reader
from heritage.public.carrying import carried
from heritage.public.differences import history_of
from heritage.public.environment import day, register_name
from heritage.public.parameters import ORDERS, among
from heritage.public.reading import Reading
from heritage.public.stamps import edition_of, published

SHORT, CARRIED, CITING, SMALLER = 10, 25, 100, 200


@reader(follows=edition_of)
def monument(request, ref):
    edition = shelf.current("monument", ref)
    return render(request, "public/monument.html", about(request, edition))


@reader(follows=edition_of)
def version(request, ref, version):
    edition, newest = shelf.pinned(ref, version)
    newer = newest.version if newest.version > version else None
    return render(request, "public/monument.html", about(request, edition) | {"pinned": True, "newer": newer})


@reader(follows=edition_of)
def history(request, ref):
    versions = history_of(shelf.versions(ref))
    return render(request, "public/history.html", {"versions": versions, "newest": versions[0], "section": "monuments"})


@reader(follows=published)
def place(request, ref):
    edition = shelf.current("place", ref)
    smaller = list(gazetteer.within(ref).order_by("label", "ref").values_list("ref", "label")[: SMALLER + 1])
    context = about(request, edition) | few(ref) | {"smaller": smaller[:SMALLER], "many": len(smaller) > SMALLER}
    return render(request, "public/place.html", context)


@reader(follows=published)
def source(request, ref):
    edition = shelf.current("source", ref)
    page = paging.page(bearing("source", ref), ORDERS["name"], request.GET.get("after", ""), CARRIED)
    records = Edition.objects.filter(pk__in=[entry.pk for entry in page.rows]).order_by("label", "ref")
    context = about(request, edition) | {"links": paging.links(request, page)}
    places = list(place_records_citing(ref)[: CITING + 1])
    context["carried"] = carried(ref, [*records.values_list("record", flat=True), *places[:CITING]])
    context["more_places"] = len(places) > CITING
    return render(request, "public/source.html", context)


def preview(request, record):
    """Answer how ``record`` would look if it were published; for the desk, which has checked who asks."""
    context = {"reading": Reading(record), "preview": True, "pinned": False, "newer": None, "section": ""}
    template = "public/place.html" if record["subject"] == "place" else "public/monument.html"
    answer = render(request, template, context | {"monuments": [], "more": False, "smaller": [], "many": False})
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def about(request, edition):
    """Return what the page of every subject is given."""
    record = json.loads(edition.record)
    subject = edition.subject
    pinned = (
        reverse("version", args=[edition.ref, edition.version])
        if subject == "monument"
        else reverse(subject, args=[edition.ref])
    )
    return {
        "reading": Reading(record) if "statuses" in record else None,
        "record": record,
        "sha256": edition.sha256,
        "citation": citation(record, edition.sha256, request.build_absolute_uri(pinned)),
        "pinned_url": pinned,
        "data_url": pinned.rstrip("/"),
        "base": request.build_absolute_uri("/").rstrip("/"),
        "section": f"{subject}s",
        "preview": False,
        "pinned": False,
        "newer": None,
    }


def citation(record, sha256, address):
    """Return the plain text by which this version can be cited."""
    return _(
        "%(register)s, “%(label)s” (%(ref)s), version %(version)s, published %(day)s. %(address)s. SHA-256 %(sha256)s."
    ) % {
        "register": register_name(),
        "label": record["label"],
        "ref": record["ref"],
        "version": record["version"],
        "day": day(record["published_at"]),
        "address": address,
        "sha256": sha256,
    }


def bearing(facet, code):
    """Return the current entries that bear a code, found the shorter way, be they few or many."""
    return Entry.objects.current().filter(among(EntryTerm.objects.filter(facet=facet, code=code), "entry"))


def few(ref):
    """Return the first entries in a place by name as list items, how many there are, and whether there are more."""
    rows = ORDERS["name"].arranged(bearing("place", ref), paging.FORWARD).values_list("row", flat=True)[:SHORT]
    total = borne.counts("place", [ref]).get(ref, 0)
    return {"monuments": [json.loads(row) for row in rows], "more": total > SHORT, "total": total}


def place_records_citing(ref):
    """Return the current records of places that speak of the source ``ref``."""
    return gazetteer.citing(ref).order_by("label", "ref").values_list("record", flat=True)
