"""Two things that are never mixed: the register's own totals, and the counts that claimants give."""

import json
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count

from heritage.catalogue import facets
from heritage.catalogue.models import Edition
from heritage.registry.vocabulary import Condition, Kind


@dataclass(frozen=True)
class Total:
    """One of the register's own numbers, with what it counts."""

    code: str
    label: str
    definition: str
    value: int


def totals():
    """Return ``{"all", "kinds", "conditions", "subjects"}``, from the ready counts. Queries: 4."""
    everything = facets.Question()
    shelves = Edition.objects.current().published().filter(subject__in=["place", "source"]).order_by()
    return {
        "all": facets.total(everything),
        "kinds": in_words(Kind, facets.counts("kinds", everything)),
        "conditions": in_words(Condition, facets.counts("conditions", everything)),
        "subjects": {"place": 0, "source": 0} | dict(shelves.values_list("subject").annotate(Count("pk"))),
    }


def in_words(concepts, counts):
    return [
        Total(concept.value, str(concept.label), str(concept.definition), counts[concept.value])
        for concept in concepts
        if counts.get(concept.value)
    ]


def claimed_counts():
    """Return (predicate label, [(subject record, claim)]) of every published count, side by side. Queries: 1."""
    pairs = sorted(published_counts(), key=lambda pair: (pair[1]["predicate"]["label"], *place_in_group(*pair)))
    return [(label, list(group)) for label, group in groupby(pairs, key=lambda pair: pair[1]["predicate"]["label"])]


def place_in_group(record, claim):
    return record["label"], claim["counted"], claim["claimant"]["label"], claim["ref"]


def published_counts():
    """Yield (record, claim) for the counts in the current records of places and monuments."""
    with_counts = Edition.objects.current().published().filter(counted__gt=0)
    for text in with_counts.values_list("record", flat=True).iterator(200):
        record = json.loads(text)
        yield from ((record, claim) for claim in record["counts"])
