"""What a list of monuments found: the rows of one page, their number, the counts beside the filters, or the mistakes."""

import json
from functools import cached_property

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from heritage.catalogue import facets
from heritage.catalogue.models import Edition, EntryTerm
from heritage.public import paging, shelf
from heritage.public.answers import Mistakes
from heritage.public.filters import MonumentFilter
from heritage.public.matching import Match
from heritage.public.parameters import FILTERS, NOT_FILTERS
from heritage.public.reading import CLAIMS
from heritage.public.stamps import remembered
from heritage.registry import vocabulary

COUNTED_TO = 1000
SMALL = 2000
FACET_LENGTH = 12
VOCABULARIES = {"type": "monument_type", "cause": "cause", "effect": "effect"}
SUBJECTS = {"place": "place", "source": "source"}

PAGED = ("after", "page_size")
DIMENSIONS = {"kind": "kinds", "type": "types", "condition": "conditions", "place": "places"}
SORTS = {
    "name": lazy("By name"),
    "-changed": lazy("Latest changes first"),
    "condition": lazy("Worst condition first"),
    "built": lazy("Oldest first"),
    "relevance": lazy("Nearest to the words"),
}
PARAMETERS = {
    "q": lazy("Words"),
    "kind": lazy("Kind"),
    "type": lazy("Type"),
    "condition": lazy("Condition"),
    "use": lazy("Use"),
    "access": lazy("Access"),
    "custody": lazy("Custody"),
    "inscription": lazy("Inscriptions"),
    "setting": lazy("Setting"),
    "threatened": lazy("Under threat"),
    "contested": lazy("Sources disagree"),
    "place": lazy("Place"),
    "source": lazy("Source"),
    "claimant": lazy("Claimant"),
    "cause": lazy("Cause"),
    "effect": lazy("Effect"),
    "happened_from": lazy("Happened from"),
    "happened_to": lazy("Happened to"),
    "happened_surely": lazy("Surely within"),
    "built_from": lazy("Built from"),
    "built_to": lazy("Built to"),
    "documented_before": lazy("Not documented since"),
    "has": lazy("Has"),
    "lacks": lazy("Lacks"),
    "bbox": lazy("Box"),
    "on": lazy("As it stood on"),
}


class Finding:
    """The answer to one query. Nothing but ``mistakes`` is to be asked for where there are any."""

    parameters = PARAMETERS

    def __init__(self, request):
        self.request = request
        self.filter = MonumentFilter(request.GET)
        self.mistakes = self.filter.mistakes()
        if not self.mistakes:
            self.mistakes = self.unknown_codes()
        if not self.mistakes:
            try:
                self.page = self.turned()
            except Mistakes as mistakes:
                self.mistakes = mistakes.fields

    def turned(self):
        return self.filter.page()

    def unknown_codes(self):
        """Return a message for each parameter with a code that the register does not know."""
        found = {}
        for name in (*VOCABULARIES, *SUBJECTS, "claimant"):
            unknown = [code for code in self.filter.asked[name] if code not in self.labels[name]]
            if unknown:
                found[name] = [_("The register knows no “%s” here.") % code for code in unknown]
        return found

    @cached_property
    def terms(self):
        return remembered(self.request, shelf.term_labels, *VOCABULARIES.values())

    @cached_property
    def labels(self):
        """Label by code, by parameter: all terms, and those places, sources and claimants that were asked for."""
        asked = self.filter.asked
        found = {name: self.terms[code] for name, code in VOCABULARIES.items()}
        for name, subject in SUBJECTS.items():
            found[name] = shelf.labels(subject, asked[name]) if asked[name] else {}
        found["claimant"] = claimant_labels(asked["claimant"]) if asked["claimant"] else {}
        return found

    @cached_property
    def monuments(self):
        """The list items of this page; with words each says what it was found by."""
        return [json.loads(row) for row in self.rows]

    @property
    def rows(self):
        """The list items of this page as JSON texts: those of the catalogue as they are, with words each with its match."""
        if not self.matches:
            return [entry.row for entry in self.page.rows]
        return [f'{entry.row[:-1]},"match":{compact(self.matches[entry.ref].as_json)}}}' for entry in self.page.rows]

    @cached_property
    def matches(self):
        """What in each entry of this page matches the words, by reference; empty without words."""
        if not self.filter.found:
            return {}
        because = self.filter.found.why(self.page.rows)
        return {entry.ref: Match(because[entry.pk]) for entry in self.page.rows}

    @cached_property
    def question(self):
        """What the ready counts are asked, or ``None`` where they do not know one of the filters in use."""
        asked = self.filter.asked
        if set(self.filter.data) - NOT_FILTERS - set(DIMENSIONS):
            return None
        return facets.Question(**{dimension: tuple(asked[name]) for name, dimension in DIMENSIONS.items()})

    @cached_property
    def ready(self):
        """The ready counts (see ``facets.Answer``), or ``None`` where they do not know one of the filters in use."""
        return remembered(self.request, facets.ask, self.question) if self.question else None

    @cached_property
    def total(self):
        """The number found, exact up to ``COUNTED_TO`` and beyond where it is known all the same."""
        if self.ready and self.ready.total is not None:
            return {"value": self.ready.total, "exact": True}
        if self.filter.found:
            narrowed = set(self.filter.data) - NOT_FILTERS - {"q", "on"}
            value, exact = self.filter.found.count(self.filter.rows(without="q") if narrowed else None)
            return {"value": value, "exact": exact}
        if self.filter.borne_by is not None:
            return {"value": self.filter.borne_by, "exact": True}
        few = self.few_without("")
        if few is not None:
            return {"value": len(few), "exact": True}
        count = self.filter.counted_over()[: COUNTED_TO + 1].count()
        return {"value": min(count, COUNTED_TO), "exact": count <= COUNTED_TO}

    @cached_property
    def links(self):
        return paging.links(self.request, self.page)

    @cached_property
    def facets(self):
        """Counts by kind, condition, type and place, each under all filters but its own; ``None`` where they would cost."""
        return {
            "kind": self.column_facet("kind", vocabulary.Kind),
            "condition": self.column_facet("condition", vocabulary.Condition),
            "type": self.term_facet("type", lambda codes: self.labels["type"]),
            "place": self.term_facet("place", self.place_labels),
        }

    def place_labels(self, codes):
        return remembered(self.request, shelf.labels, "place", tuple(codes))

    @property
    def is_counted(self):
        """Tell whether every choice has its count beside it."""
        return all(option["count"] is not None for options in self.facets.values() for option in options)

    @property
    def options(self):
        """What can be ticked: the facets, or after a mistake the fixed choices without counts."""
        if not self.mistakes:
            return self.facets
        fixed = {"kind": vocabulary.Kind, "condition": vocabulary.Condition}
        return {"type": [], "place": []} | {
            name: [{"code": code, "label": label, "count": None} for code, label in concepts.choices]
            for name, concepts in fixed.items()
        }

    def counts(self, name, length=None):
        """Return count by code of a facet: the ready ones, or counted over what is found while that is little, or ``None``."""
        ready = self.ready.counts[DIMENSIONS[name]] if self.ready else None
        if ready is not None and not (name == "place" and self.is_small):
            return dict(list(ready.items())[:length])
        counted = self.counted_without(name if name in self.filter.data else "")
        return None if counted is None else dict(list(counted[name].items())[:length])

    def counted_without(self, name):
        """Return the counts over all that is found when the parameter ``name`` is left aside, or ``None`` where that is too much."""
        if name not in self.counted:
            few = self.few_without(name)
            self.counted[name] = None if few is None else facets.live(few)
        return self.counted[name]

    @cached_property
    def counted(self):
        return {}

    @cached_property
    def fews(self):
        return {}

    def few_without(self, name):
        """Return the primary keys of what is found without the parameter ``name``, or ``None`` where that is too much."""
        if name not in self.fews:
            self.fews[name] = self.looked_up(name)
        return self.fews[name]

    def looked_up(self, name):
        if self.filter.found is None:
            if not name and (self.filter.borne_by or 0) > facets.FEW:
                return None
            rows = self.filter.counted_over(without=name)
            return facets.few(rows, facets.FEW if self.filter.is_led(without=name) else SMALL)
        if not self.filter.found.is_few:
            return None
        others = set(self.filter.data) - NOT_FILTERS - {"q", "on", name}
        return facets.few(self.filter.rows(without=name)) if others else self.filter.found.few

    @cached_property
    def is_small(self):
        """Tell whether so few entries are published that all places are counted on the spot, not only those with ready counts."""
        return remembered(self.request, facets.ask, facets.Question()).total <= SMALL

    def column_facet(self, name, concepts):
        counts = self.counts(name)
        return [
            {"code": code, "label": str(label), "count": None if counts is None else counts.get(code, 0)}
            for code, label in concepts.choices
            if counts is None or counts.get(code) or code in self.filter.asked[name]
        ]

    def term_facet(self, name, labels):
        """The commonest codes, and those asked for; without counts all terms, of places only those asked for."""
        asked = self.filter.asked[name]
        counts = self.counts(name, FACET_LENGTH + len(asked))
        if counts is None:
            counts = dict.fromkeys([*self.terms[VOCABULARIES[name]]] if name in VOCABULARIES else asked)
        counts = {**counts, **{code: 0 for code in asked if code not in counts}}
        known = labels(list(counts))
        return [{"code": code, "label": known.get(code, code), "count": count} for code, count in counts.items()]

    def choices(self, name):
        """Return pairs of code and label for a parameter: its fixed choices, or the terms of its vocabulary."""
        if name == "sort":
            return self.sorts
        if name in VOCABULARIES:
            return sorted(self.terms[VOCABULARIES[name]].items(), key=lambda pair: pair[1])
        return FILTERS[name].field.choices

    @property
    def sorts(self):
        """The orders to choose from. The usual one comes first and has no code: it changes when words are added."""
        usual = "relevance" if "q" in self.filter.data else "name"
        others = [name for name in SORTS if name not in (usual, "relevance")]
        return [("", SORTS[usual]), *((name, SORTS[name]) for name in others)]

    def opens(self, *names):
        """Tell whether a fold of the form holds something that was asked for."""
        return any(name in self.filter.data for name in names)

    @cached_property
    def chips(self):
        """The filters in use, each with the list without it."""
        asked = self.filter.data
        return [self.chip(name, value) for name in asked if name not in NOT_FILTERS for value in asked.getlist(name)]

    def chip(self, name, value):
        asked = self.filter.data.copy()
        asked.setlist(name, [one for one in asked.getlist(name) if one != value])
        asked.pop("after", None)
        query = f"?{asked.urlencode()}" if asked.urlencode() else ""
        address = reverse("monuments") + query
        return {"name": PARAMETERS.get(name, name), "label": self.label_of(name, value), "without": address}

    def address(self, name):
        """Return the address of this very list in another format; formats that give all of it know no pages."""
        asked = self.filter.data.copy()
        for paged in () if name == "monuments-json" else PAGED:
            asked.pop(paged, None)
        return f"{reverse(name)}?{asked.urlencode()}".rstrip("?")

    def label_of(self, name, value):
        """Return how the value of a parameter reads in words."""
        choices = dict(getattr(FILTERS[name].field, "choices", ()))
        return self.labels.get(name, {}).get(value) or choices.get(value) or value

    @property
    def as_json(self):
        """The list as the contract gives it, as a text."""
        around = compact({"facets": self.facets, "next": self.links["next"], "previous": self.links["previous"]})
        return f'{{"total":{compact(self.total)},"monuments":[{",".join(self.rows)}],{around[1:]}'


def compact(content):
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def claimant_labels(refs):
    """Return label by reference of those ``refs`` that claim something, as the newest record with a claim of each gives it."""
    newest = (
        EntryTerm.objects.filter(facet="claimant", code__in=refs).values_list("code").annotate(Max("entry")).order_by()
    )
    newest = dict(newest)
    records = dict(Edition.objects.filter(pk__in=newest.values()).values_list("pk", "record"))
    return {ref: claimant_label(ref, json.loads(records[pk])) for ref, pk in newest.items()}


def claimant_label(ref, record):
    claims = (claim for kind in CLAIMS for claim in record[kind])
    return next(claim["claimant"]["label"] for claim in claims if claim["claimant"]["ref"] == ref)
