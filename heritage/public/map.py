"""The map: a view of it for programs, and the page with the same entries as a list beside it.

Entries without a shown point are never on it; their number is given apart.
"""

import json
import re
from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from heritage.catalogue import cells
from heritage.catalogue.grid import View
from heritage.catalogue.models import Entry
from heritage.public import paging, wording
from heritage.public.answers import Mistakes, data, reader
from heritage.public.finding import COUNTED_TO, Finding
from heritage.public.parameters import NOT_FILTERS, RARE
from heritage.public.stamps import published
from heritage.registry.vocabulary import Condition

ZOOM = re.compile(r"[0-9]|1[0-9]|2[0-2]")
READY = {"kind", "type", "condition"}
NOT_NARROWING = NOT_FILTERS | {"bbox"}
TERMS = ("type", "place", "source", "claimant", "cause", "effect", "use", "access", "custody", "inscription", "setting")
MARKS = ("contested", "threatened")
SHOWN = ("ref", "url", "label", "kind", "condition", "position")
DIGITS = 6
UNKNOWN = "unknown"
WORDS = {
    "entries": lazy("{count} entries here. Look closer"),
    "at_least": lazy("At least {count} entries here. Look closer"),
    "together": lazy("{count} entries at one position"),
    "list": lazy("All of them in the list"),
    "no_condition": lazy("Condition: no information"),
    "beginning": lazy("beginning {date}"),
    "according_to": lazy("according to"),
    "disagree": lazy("Sources disagree"),
    "open": lazy("Open the record"),
    "zoom_in": lazy("Look closer"),
    "zoom_out": lazy("Look from further away"),
    "close": lazy("Close"),
    "inexact": lazy(
        "These filters match very many entries: numbers with + are those of the entries looked at. Look closer for exact ones."
    ),
    "no_tiles": lazy("The background map cannot be reached; everything of the register is here."),
    "no_answer": lazy("The register does not answer just now. The map shows what was there before."),
}


class OnMap(Finding):
    """Those entries found that have a shown point, and how many have none."""

    def turned(self):
        if self.box is None or self.filter.order.name == "relevance":
            return self.filter.page(cell__isnull=False)
        rows, _small = cells.within(self.filter.rows(without="bbox"), self.box, past=self.is_past)
        return paging.page(rows, self.filter.order, self.filter.asked["after"], self.filter.size)

    @property
    def box(self):
        return self.filter.asked["bbox"]

    @property
    def is_past(self):
        return self.filter.asked["on"] is not None

    @cached_property
    def total(self):
        """The number of entries on the map; where it is not exact there are at least so many."""
        if self.box is None and self.slices is not None:
            return {"value": sum(one.count for one in cells.ready(self.slices, View(0))), "exact": True}
        if self.filter.found:
            value, exact = self.filter.found.count(self.filter.rows(without="q").filter(cell__isnull=False))
            return {"value": value, "exact": exact}
        if self.box is None:
            rows, whole = self.filter.rows().filter(cell__isnull=False), True
        else:
            rows, whole = cells.first_within(self.filter.rows(without="bbox"), self.box, past=self.is_past)
        count = rows.order_by()[: COUNTED_TO + 1].count()
        return {"value": min(count, COUNTED_TO), "exact": whole and count <= COUNTED_TO}

    @property
    def in_use(self):
        """The number of filters that the form holds, beside the box."""
        return len(set(self.filter.data) - NOT_NARROWING)

    def chip(self, name, value):
        chip = super().chip(name, value)
        return chip | {"without": chip["without"].replace(reverse("monuments"), reverse("map"), 1)}

    @property
    def slices(self):
        """The slices of the ready counts that answer the question, or ``None``."""
        if set(self.filter.data) - NOT_NARROWING - READY:
            return None
        asked = self.filter.asked
        conditions = [*asked["condition"], ""] if "unknown" in asked["condition"] else asked["condition"]
        return cells.slices(*(sorted(set(codes)) for codes in (asked["kind"], asked["type"], conditions)))

    @property
    def narrowing(self):
        """What leads to few entries where no slice does."""
        return {"terms": list(self.bearing()), "past": self.is_past, "words": bool(self.filter.asked["q"])}

    def bearing(self):
        """Yield the codes that every entry found has one of, by facet: a way to few entries."""
        asked = self.filter.asked
        for name in TERMS:
            if asked[name] and "unknown" not in asked[name]:
                yield name, asked[name]
        for name in MARKS:
            if asked[name] == ["true"]:
                yield "mark", [name]
        if asked["has"] and set(asked["has"]) <= RARE:
            yield "mark", asked["has"]

    @cached_property
    def without_position(self):
        """The number of entries found that have no shown point, wherever the view is; ``None`` for very many."""
        if self.slices is not None:
            return cells.nowhere(self.slices)
        return cells.without_cell(self.filter.rows(without="bbox"), **self.narrowing)

    @property
    def without_position_address(self):
        """The list of the entries without a shown point; none where ``lacks`` is asked for, which repeated means "or"."""
        if "lacks" in self.filter.data:
            return None
        asked = self.filter.data.copy()
        for name in NOT_NARROWING & set(asked):
            del asked[name]
        asked["lacks"] = "location"
        return f"{reverse('monuments')}?{asked.urlencode()}"


class Overview(OnMap):
    """What a view of the map holds at a zoom."""

    def __init__(self, request):
        request.GET = request.GET.copy()
        zooms = request.GET.pop("zoom", [])
        super().__init__(request)
        if len(zooms) != 1 or not ZOOM.fullmatch(zooms[0]):
            self.mistakes = {**self.mistakes, "zoom": [_("Give one whole number from 0 to 22.")]}
        if self.mistakes:
            raise Mistakes(self.mistakes)
        self.zoom = int(zooms[0])

    def turned(self):
        """Read no page: a view has none."""

    @property
    def as_json(self):
        rows, view = self.filter.rows(without="bbox"), View(self.zoom, self.box)
        view, groups, exact = cells.counted(rows, self.slices, view, **self.narrowing)
        return {
            "zoom": self.zoom,
            "cells": [cell(one, view) for one in groups if one.count > 1],
            "points": points([one.entry for one in groups if one.count == 1]),
            "without_position": self.without_position,
            "exact": exact,
        }


def cell(group, view):
    """Return a group as the address gives it: the middle of its positions, its number and the cell's box."""
    return {
        "latitude": round(group.latitude, DIGITS),
        "longitude": round(group.longitude, DIGITS),
        "count": group.count,
        "bbox": [round(side, DIGITS) for side in view.box_of(group.cell)],
    }


def points(keys):
    """Return the list items of single entries, trimmed to what a map says of them."""
    rows = Entry.objects.filter(pk__in=keys).order_by("pk").values_list("row", flat=True)
    return [{name: row[name] for name in SHOWN} for row in map(json.loads, rows)]


@reader(follows=published)
def overview(request):
    return data(Overview(request).as_json)


@reader(follows=published)
def page(request):
    finding = OnMap(request)
    context = {"finding": finding, "section": "map", "view": view(), "conditions": marks(), "in_use": finding.in_use}
    return render(request, "public/map.html", context, status=400 if finding.mistakes else 200)


def marks():
    """Return the conditions that have a symbol of their own, and what the symbol of all others means."""
    seen = [(code, label) for code, label in Condition.choices if wording.icon("condition", code) != UNKNOWN]
    return [*seen, (UNKNOWN, _("Not known, or no information"))]


def view():
    """Return what the script of the map is told: addresses, looks by condition as in the list, and its words."""
    codes = ["", *Condition.values]
    host = urlsplit(settings.TILES_URL).hostname if "://" in settings.TILES_URL else ""
    return {
        "cells": reverse("map-cells"),
        "monuments": reverse("monuments-json"),
        "icons": static("public/icons.svg"),
        "tiles": {"url": settings.TILES_URL, "credit": settings.TILES_CREDIT, "host": host or _("this register")},
        "looks": {code: {"icon": wording.icon("condition", code), "tone": wording.tone(code)} for code in codes},
        "words": {name: str(text) for name, text in WORDS.items()},
    }
