"""Find entries by words in any script, ranked: the exact name, its beginning, another name, any text; then what is similar.

A query costs the same however many entries it matches. What matches at most ``RANKED`` is ranked in whole; of a commoner
word the best ``RANKED`` come first, and all others follow in the order of their publication. ``Found.restrict`` narrows
any queryset of entries to the matches, ``Found.page`` turns the pages in order of relevance (keyset, both ways).
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, islice

from django.db import router

from heritage.catalogue.engines import ANYWHERE, NAMES, engine
from heritage.catalogue.folding import fold
from heritage.catalogue.models import Entry, end_of
from heritage.catalogue.query import Query, Unsearchable
from heritage.catalogue.reasons import Reason, reasons

RANKED = 200
FEW = 10_000
COUNTED_TO = 1_000
SIMILAR_UNDER, MOST_SIMILAR = 20, 40
CHUNKS = (RANKED, 2_000)
LISTED = ("pk", "ref", "label", "row")
FAR = 50

EXACT, BEGINNING, NAME, TEXT, SIMILAR, REST = range(6)


@dataclass(frozen=True, order=True)
class Rank:
    """The place of an entry in the order of relevance: the key of its pages.

    ``until`` is the newest entry when the first page was turned: later ones do not push others out of the best.
    """

    tier: int
    text: str
    pk: int
    until: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Page:
    """Entries in order, each with its rank, and whether more follow in the way the page was turned."""

    entries: list
    ranks: list
    more: bool


@dataclass(frozen=True)
class Suggestion:
    """A monument whose name begins like what was typed: ``text`` is that name as its record spells it."""

    ref: str
    label: str
    text: str
    language: str
    spans: tuple


def find(text, *, on=None, beyond=None):
    """Return what ``text`` finds, as known at the end of the day ``on`` (``None``: now). Raises: Unsearchable.

    ``beyond`` is the ``Rank`` that the page to be turned to lies beyond, if it is not the first (or last).
    """
    return Found(Query(text, using=router.db_for_read(Entry)), on, beyond)


def suggest(text, limit=8):
    """Return at most ``limit`` suggestions for what has been typed so far; none where nothing can be searched for."""
    try:
        found = Found(Query(text, using=router.db_for_read(Entry)), ranked=limit, names_only=True)
    except Unsearchable:
        return []
    page = found.page(Entry.objects.current(), limit)
    because = found.why(page.entries)
    return [suggestion(entry, because[entry.pk][0]) for entry in page.entries]


def suggestion(entry, reason):
    if reason.kind not in {"label", "name", "similar"}:
        reason = Reason("label", entry.label)
    return Suggestion(entry.ref, entry.label, reason.text, reason.language, reason.spans)


class Found:
    """The entries that a query matches."""

    def __init__(self, query, on=None, beyond=None, *, ranked=RANKED, names_only=False):
        self.query, self.on, self.beyond, self.most, self.names_only = query, on, beyond, ranked, names_only
        self.until = beyond.until if beyond else None
        self.moment = end_of(on) if on else None
        self.engine = engine(query.using)
        self.expression = self.engine.expression(query.clauses, ANYWHERE)

    @property
    def is_whole(self):
        """Tell whether everything found is ranked: otherwise the rest follows in the order of publication."""
        return self.gathered[1]

    @property
    def direct(self):
        """The tier of each of the best matches by primary key, at most ``most`` of them."""
        return self.gathered[0]

    @cached_property
    def gathered(self):
        """``direct``, and whether that is all there is. Words common in texts but not in names are not sought in the names
        of the whole register, only of about ``FAR`` times as many entries as are ranked.
        """
        found = {}
        for tier, name, pk in sorted(self.query.entries_by_name(self.most, self.moment, self.until)):
            found.setdefault(pk, (tier, name))
        anywhere = [] if self.names_only else self.engine.ids(self.expression, self.moment, self.most)
        whole = not self.names_only and len(anywhere) < self.most
        if len(found) < self.most:
            if not whole or any(pk not in found for pk in anywhere):
                named = self.engine.expression(self.query.clauses, NAMES)
                last = None if whole or self.names_only else anywhere[-1] * FAR
                for pk in self.engine.ids(named, self.moment, self.most, last=last):
                    found.setdefault(pk, (NAME, ""))
            for pk in anywhere:
                found.setdefault(pk, (TEXT, ""))
            whole = whole or (self.names_only and len(found) < self.most)
        if not whole and self.until is not None:
            found = {pk: tier for pk, tier in found.items() if pk <= self.until}
        return dict(islice(found.items(), self.most)), whole

    @cached_property
    def similar(self):
        """Some entries of similar names, where few or none have what was typed."""
        if not self.is_whole or len(self.direct) >= min(SIMILAR_UNDER, self.most):
            return {}
        clauses = self.query.similar_clauses(none_found=not self.direct)
        if not clauses:
            return {}
        expression = self.engine.expression(clauses, ANYWHERE)
        return {
            pk: (SIMILAR, "")
            for pk in self.engine.ids(expression, self.moment, len(self.direct) + MOST_SIMILAR)
            if pk not in self.direct
        }

    @cached_property
    def ranks(self):
        """The ranks of the best matches, in order."""
        tiers = self.direct | self.similar
        unnamed = [pk for pk, (tier, _name) in tiers.items() if tier >= NAME]
        labels = dict(self.engine.labels(unnamed)) if unnamed else {}
        return sorted(Rank(tier, labels.get(pk, name), pk) for pk, (tier, name) in tiers.items())

    @cached_property
    def pks(self):
        """The primary keys of the best matches."""
        return {rank.pk for rank in self.ranks}

    @cached_property
    def number(self):
        """The number of what is found, counted no further than one more than ``FEW`` or ``COUNTED_TO``."""
        most = max(FEW, COUNTED_TO) + 1
        return len(self.pks) if self.is_whole else self.engine.count(self.expression, self.moment, most)

    @cached_property
    def few(self):
        """The primary keys of all that is found where counting over it is cheap, else ``None``."""
        if self.is_whole:
            return sorted(self.pks)
        return self.engine.ids(self.expression, self.moment, FEW) if self.is_few else None

    @cached_property
    def first(self):
        """The primary keys of what is found, the first of it where it is more than ``FEW``."""
        return self.engine.ids(self.expression, self.moment, FEW + 1) if self.few is None else self.few

    @property
    def is_few(self):
        """Tell whether so little is found that counting over it is cheap."""
        return self.number <= FEW

    def restrict(self, rows):
        """Narrow a queryset of entries to those found; for any order and any other filter."""
        if self.is_few:
            return rows.filter(self.engine.among(self.few))
        return rows.filter(self.engine.probe(self.expression, self.eras))

    @property
    def eras(self):
        return ("now", "past") if self.on else ("now",)

    def count(self, rows=None, most=COUNTED_TO):
        """Return (number, whether it is exact): of all that is found, or of those of ``rows`` (already narrowed otherwise)."""
        if rows is None:
            number = self.number
        else:
            number = rows.filter(self.engine.among(self.first)).order_by()[: most + 1].count()
            if number <= most and not self.is_few:
                number = self.restrict(rows).order_by()[: most + 1].count()
        return min(number, most), number <= most

    def page(self, rows, size, *, backward=False):
        """Return the ``Page`` of ``rows`` after (or before) ``beyond`` in the order of relevance."""
        found = list(islice(self.walk(rows, size, backward), size + 1))
        more, found = len(found) > size, found[:size]
        if backward:
            found.reverse()
        self.read(rows, [rank.pk for rank in found])
        entries = [self.entries[rank.pk] for rank in found]
        return Page(entries, [replace(rank, until=self.newest) for rank in found], more)

    @cached_property
    def entries(self):
        """What was read of the entries on the pages turned, by primary key."""
        return {}

    def read(self, rows, pks):
        """Read what a list shows of those of ``rows`` with the primary keys ``pks``, and return which of them are there."""
        lacking = [pk for pk in pks if pk not in self.entries]
        if lacking:
            listed = rows.filter(self.engine.among(lacking)).order_by().values_list(*LISTED, named=True)
            self.entries.update((entry.pk, entry) for entry in listed)
        return [pk for pk in pks if pk in self.entries]

    @cached_property
    def newest(self):
        if self.is_whole or self.until is not None:
            return self.until
        return self.engine.newest()

    def walk(self, rows, size, backward):
        """Yield the ranks of those of ``rows`` that are found, from ``beyond`` on."""
        parts = [self.best(rows, size, backward)]
        if not self.is_whole and not self.names_only:
            parts.append(self.rest(rows, size, backward))
        return chain.from_iterable(reversed(parts) if backward else parts)

    def best(self, rows, size, backward):
        ranks, beyond = self.ranks, self.beyond
        if beyond is not None:
            ranks = ranks[: bisect_left(ranks, beyond)] if backward else ranks[bisect_right(ranks, beyond) :]
        ranks = ranks[::-1] if backward else ranks
        for start in range(0, len(ranks), size + 1):
            step = {rank.pk: rank for rank in ranks[start : start + size + 1]}
            yield from (step[pk] for pk in self.read(rows, list(step)))

    def rest(self, rows, size, backward):
        """Yield the ranks of what is not among the best, by primary key: from the index of words first, in bounded
        steps; where the other filters let too little through, then from the entries that pass those.
        """
        last = self.beyond.pk if self.beyond is not None and self.beyond.tier == REST else None
        if last is None and backward and self.beyond is not None:
            return
        for most in CHUNKS:
            pks = self.engine.ids(self.expression, self.moment, most, last, backward)
            kept = set(rows.filter(self.engine.among(pks)).order_by().values_list("pk", flat=True)) - self.pks
            yield from (Rank(REST, "", pk) for pk in pks if pk in kept)
            if len(pks) < most:
                return
            last = pks[-1]
        yield from self.probed(rows, last, size, backward)

    def probed(self, rows, last, size, backward):
        probe = self.engine.probe(self.expression, self.eras)
        passing = rows.filter(probe, **{"pk__lt" if backward else "pk__gt": last})
        pks = passing.order_by("-pk" if backward else "pk").values_list("pk", flat=True)
        yield from (Rank(REST, "", pk) for pk in pks[: size + 1 + len(self.pks)] if pk not in self.pks)

    def why(self, entries):
        """Return by primary key of each of ``entries`` its ``Reason``s, the one that explains most first."""
        return reasons(self.query, entries, self.similar)


__all__ = ["Found", "Page", "Rank", "Reason", "Suggestion", "Unsearchable", "find", "fold", "suggest"]
