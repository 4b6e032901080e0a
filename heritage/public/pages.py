"""The pages of the reading room that are about more than one subject. Those about one are in ``subjects``."""

import json

from django.db.models import Count
from django.shortcuts import render

from heritage.catalogue.models import Edition, Entry, EntryTerm
from heritage.public import paging, shelf, totals
from heritage.public.answers import reader
from heritage.public.concepts import CONCEPTS
from heritage.public.finding import Finding
from heritage.public.paging import Order
from heritage.public.subjects import preview

__all__ = [
    "about",
    "changes",
    "data",
    "figures",
    "home",
    "ledger",
    "monuments",
    "places",
    "preview",
    "sources",
    "vocabulary",
]

BY_LABEL = Order("label", "label")
NEWEST_FIRST = Order("newest", "position", descending=True, tie="position")
LATEST = 7


@reader
def home(request):
    latest = Edition.objects.monuments().defer("record").order_by("-position")[:LATEST]
    context = {"totals": totals.totals(), "latest": latest, "section": "home"}
    return render(request, "public/home.html", context)


@reader
def monuments(request):
    finding = Finding(request)
    context = {"finding": finding, "section": "monuments"}
    return render(request, "public/monuments.html", context, status=400 if finding.mistakes else 200)


@reader
def places(request):
    page, records = shelved(request, "place")
    context = {"records": records, "links": paging.links(request, page), "section": "places"}
    return render(request, "public/places.html", context | {"counts": counts("place", records)})


@reader
def sources(request):
    page, records = shelved(request, "source")
    context = {"records": records, "links": paging.links(request, page), "section": "sources"}
    return render(request, "public/sources.html", context | {"counts": counts("source", records)})


def shelved(request, subject):
    """Return a page of the current editions of ``subject`` by label, and their records."""
    editions = Edition.objects.current().published().filter(subject=subject)
    page = paging.page(editions, BY_LABEL, request.GET.get("after", ""))
    return page, [json.loads(edition.record) for edition in page.rows]


def counts(facet, records):
    """Return the number of current monuments by reference, for the places or sources on a page."""
    refs = [record["ref"] for record in records]
    rows = EntryTerm.objects.filter(facet=facet, code__in=refs, entry__replaced_at__isnull=True)
    return dict(rows.values_list("code").annotate(Count("pk")))


@reader
def figures(request):
    context = {"groups": totals.claimed_counts(), "totals": totals.totals(), "section": "figures"}
    return render(request, "public/figures.html", context)


@reader
def changes(request):
    editions = Edition.objects.defer("record")
    page = paging.page(editions, NEWEST_FIRST, request.GET.get("after", ""))
    context = {"editions": page.rows, "links": paging.links(request, page), "section": "changes"}
    return render(request, "public/changes.html", context)


@reader
def ledger(request):
    page = paging.page(Edition.objects.defer("record"), NEWEST_FIRST, request.GET.get("after", ""))
    head = Edition.objects.defer("record").order_by("-position").first()
    context = {"editions": page.rows, "head": head, "links": paging.links(request, page), "section": "ledger"}
    return render(request, "public/ledger.html", context)


@reader
def vocabulary(request):
    context = {"vocabularies": shelf.vocabularies().values(), "concepts": CONCEPTS, "section": "vocabulary"}
    return render(request, "public/vocabulary.html", context)


@reader
def about(request):
    return render(request, "public/about.html", {"section": "about"})


@reader
def data(request):
    example = Entry.objects.current().order_by("sort_label", "ref").values_list("ref", flat=True).first()
    return render(request, "public/data.html", {"example": example, "section": "data"})
