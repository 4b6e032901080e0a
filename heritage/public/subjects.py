"""The pages of one subject: monument, version, history, place, source; and the desk's preview of one."""

import json

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from heritage.catalogue.models import Edition, Entry, EntryTerm
from heritage.public import paging, shelf
from heritage.public.answers import reader
from heritage.public.carrying import carried
from heritage.public.differences import history_of
from heritage.public.environment import day, register_name
from heritage.public.filters import ORDERS
from heritage.public.finding import COUNTED_TO
from heritage.public.reading import Reading

SHORT, CARRIED = 10, 25


@reader
def monument(request, ref):
    edition = shelf.current("monument", ref)
    return render(request, "public/monument.html", about(request, edition))


@reader
def version(request, ref, version):
    edition, newest = shelf.pinned(ref, version)
    newer = newest.version if newest.version > version else None
    return render(request, "public/monument.html", about(request, edition) | {"pinned": True, "newer": newer})


@reader
def history(request, ref):
    versions = history_of(shelf.versions(ref))
    return render(request, "public/history.html", {"versions": versions, "newest": versions[0], "section": "monuments"})


@reader
def place(request, ref):
    edition = shelf.current("place", ref)
    within = entries_of("place", ref)
    inside = EntryTerm.objects.filter(facet="place", entry__in=within).exclude(code=ref)
    smaller = shelf.labels("place", list(inside.values_list("code", flat=True).distinct()[:200]))
    context = about(request, edition) | few(within)
    context["smaller"] = sorted(lying_within(smaller, ref), key=lambda pair: pair[1])
    return render(request, "public/place.html", context)


@reader
def source(request, ref):
    edition = shelf.current("source", ref)
    page = paging.page(entries_of("source", ref), ORDERS["name"], request.GET.get("after", ""), CARRIED)
    records = Edition.objects.filter(pk__in=[entry.pk for entry in page.rows]).order_by("label", "ref")
    context = about(request, edition) | {"links": paging.links(request, page)}
    context["carried"] = carried(ref, [*records.values_list("record", flat=True), *place_records_citing(ref)])
    return render(request, "public/source.html", context)


def preview(request, record):
    """Answer how ``record`` would look if it were published; for the desk, which has checked who asks."""
    context = {"reading": Reading(record), "preview": True, "pinned": False, "newer": None, "section": ""}
    template = "public/place.html" if record["subject"] == "place" else "public/monument.html"
    answer = render(request, template, context | {"monuments": [], "more": False, "smaller": []})
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


def entries_of(facet, code):
    return Entry.objects.current().filter(terms__facet=facet, terms__code=code)


def few(entries):
    """Return the first entries by name as list items, how many there are, and whether there are more."""
    rows = list(ORDERS["name"].arranged(entries, paging.FORWARD).values_list("row", flat=True)[: SHORT + 1])
    total = entries.order_by()[: COUNTED_TO + 1].count()
    return {"monuments": [json.loads(row) for row in rows[:SHORT]], "more": len(rows) > SHORT, "total": total}


def lying_within(places, ref):
    """Return those of ``places`` (label by reference) whose published record says that they lie in ``ref``."""
    records = Edition.objects.current().filter(subject="place", ref__in=places).values_list("ref", "record")
    for smaller, record in records:
        if any(membership["parent"]["ref"] == ref for membership in json.loads(record)["memberships"]):
            yield smaller, places[smaller]


def place_records_citing(ref):
    """Return the current records of places that speak of the source ``ref``."""
    citing = Edition.objects.current().published().filter(subject="place", record__contains=f'"{ref}"')
    return citing.order_by("label", "ref").values_list("record", flat=True)
