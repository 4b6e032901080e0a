"""Two things that are never mixed: the register's own totals, and the counts that claimants give."""

import json
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q

from heritage.catalogue.models import Edition, Entry
from heritage.registry.vocabulary import Condition, Kind


@dataclass(frozen=True)
class Total:
    """One of the register's own numbers, with what it counts."""

    code: str
    label: str
    definition: str
    value: int


def totals():
    """Return ``{"all", "kinds", "conditions", "subjects", "contested", "threatened"}``. Queries: 3."""
    current = Entry.objects.current().order_by()
    kinds = dict(current.values_list("kind").annotate(Count("pk")))
    conditions = dict(current.values_list("condition").annotate(Count("pk")))
    conditions["unknown"] = conditions.get("unknown", 0) + conditions.pop("", 0)
    subjects = Edition.objects.current().published().order_by().values_list("subject").annotate(Count("pk"))
    return {
        "all": sum(kinds.values()),
        "kinds": in_words(Kind, kinds),
        "conditions": in_words(Condition, conditions),
        "subjects": {"place": 0, "source": 0} | dict(subjects),
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
    subjects = Q(subject="place") | Q(subject="monument")
    with_counts = Edition.objects.current().published().filter(subjects, record__contains='"counts":[{')
    for text in with_counts.values_list("record", flat=True).iterator(200):
        record = json.loads(text)
        yield from ((record, claim) for claim in record["counts"])
