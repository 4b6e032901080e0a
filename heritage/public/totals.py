"""Two things that are never mixed: the register's own totals, and the counts that claimants give."""

import json
from dataclasses import dataclass
from itertools import groupby

from heritage.catalogue import facets
from heritage.catalogue.models import Edition
from heritage.public import paging
from heritage.public.finding import COUNTED_TO
from heritage.public.paging import BY_LABEL
from heritage.registry.vocabulary import Condition, Kind

RECORDS = 100


@dataclass(frozen=True)
class Total:
    """One of the register's own numbers, with what it counts."""

    code: str
    label: str
    definition: str
    value: int


def totals():
    """Return ``{"all", "kinds", "conditions", "subjects"}``, from the ready counts. Queries: 3."""
    everything = facets.ask(facets.Question())
    return {
        "all": everything.total,
        "kinds": in_words(Kind, everything.counts["kinds"]),
        "conditions": in_words(Condition, everything.counts["conditions"]),
        "subjects": {subject: shelved(subject) for subject in ("place", "source")},
    }


def shelved(subject):
    """Return the number of current records of ``subject`` and whether it is exact: none are counted beyond ``COUNTED_TO``."""
    count = Edition.objects.current().published().filter(subject=subject).order_by()[: COUNTED_TO + 1].count()
    return {"value": min(count, COUNTED_TO), "exact": count <= COUNTED_TO}


def in_words(concepts, counts):
    return [
        Total(concept.value, str(concept.label), str(concept.definition), counts[concept.value])
        for concept in concepts
        if counts.get(concept.value)
    ]


def claimed_counts(cursor=""):
    """Return a page of the records with counts, by label, and [(predicate label, [(record, claim)])] of it, side by side.

    Raises: Mistakes. Queries: 1.
    """
    page = paging.page(Edition.objects.current().filter(counted__gt=0), BY_LABEL, cursor, RECORDS)
    records = [json.loads(edition.record) for edition in page.rows if edition.action == "publish"]
    pairs = sorted(((record, claim) for record in records for claim in record["counts"]), key=place_on_page)
    return page, [(label, list(group)) for label, group in groupby(pairs, key=predicate_of)]


def predicate_of(pair):
    return pair[1]["predicate"]["label"]


def place_on_page(pair):
    record, claim = pair
    return predicate_of(pair), record["label"], claim["counted"], claim["claimant"]["label"], claim["ref"]
