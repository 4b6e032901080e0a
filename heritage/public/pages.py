"""The pages of the reading room that are about more than one subject. Those about one are in ``subjects``."""

import json

from django.shortcuts import render

from heritage.catalogue import borne
from heritage.catalogue.models import Edition, Entry
from heritage.catalogue.offers import offered
from heritage.public import paging, shelf, totals
from heritage.public.answers import reader
from heritage.public.concepts import CONCEPTS
from heritage.public.finding import Finding
from heritage.public.paging import BY_LABEL, Order
from heritage.public.sketch import sketch
from heritage.public.stamps import published, remembered
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

NEWEST_FIRST = Order("newest", "position", descending=True, tie="position")
LATEST = 7


@reader(follows=published)
def home(request):
    latest = Edition.objects.monuments().defer("record").order_by("-position")[:LATEST]
    known = {"totals": remembered(request, totals.totals), "dots": remembered(request, sketch)}
    context = known | {"latest": latest, "section": "home"}
    return render(request, "public/home.html", context)


@reader(follows=published)
def monuments(request):
    finding = Finding(request)
    context = {"finding": finding, "section": "monuments"}
    return render(request, "public/monuments.html", context, status=400 if finding.mistakes else 200)


@reader(follows=published)
def places(request):
    page, records = shelved(request, "place")
    context = {"records": records, "links": paging.links(request, page), "section": "places"}
    return render(request, "public/places.html", context | {"counts": counts("place", records)})


@reader(follows=published)
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
    return borne.counts(facet, [record["ref"] for record in records])


@reader(follows=published)
def figures(request):
    page, groups = totals.claimed_counts(request.GET.get("after", ""))
    links = paging.links(request, page)
    known = remembered(request, totals.totals)
    context = {"groups": groups, "links": links, "totals": known, "section": "figures"}
    return render(request, "public/figures.html", context)


@reader(follows=published)
def changes(request):
    editions = Edition.objects.defer("record")
    page = paging.page(editions, NEWEST_FIRST, request.GET.get("after", ""))
    context = {"editions": page.rows, "links": paging.links(request, page), "section": "changes"}
    return render(request, "public/changes.html", context)


@reader(follows=published)
def ledger(request):
    page = paging.page(Edition.objects.defer("record"), NEWEST_FIRST, request.GET.get("after", ""))
    head = Edition.objects.defer("record").order_by("-position").first()
    context = {"editions": page.rows, "head": head, "links": paging.links(request, page), "section": "ledger"}
    return render(request, "public/ledger.html", context)


@reader(follows=published)
def vocabulary(request):
    context = {"vocabularies": shelf.vocabularies().values(), "concepts": CONCEPTS, "section": "vocabulary"}
    return render(request, "public/vocabulary.html", context)


@reader
def about(request):
    context = {"section": "about", "signing_key": offered("signing_key", "")}
    return render(request, "public/about.html", context)


@reader
def data(request):
    example = Entry.objects.current().order_by("sort_label", "ref").values_list("ref", flat=True).first()
    deposits = list(offered("deposits", [])[:LATEST])
    return render(request, "public/data.html", {"example": example, "deposits": deposits, "section": "data"})
