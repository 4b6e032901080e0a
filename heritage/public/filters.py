"""What a query asks of the list of monuments: page, JSON and GeoJSON, map and timeline share it.

A mistake finds nothing: see ``Finding.mistakes``. The parameters are in ``parameters``.
"""

from functools import cached_property
from itertools import chain

from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext as _

from heritage.catalogue import borne, search
from heritage.catalogue.happened import Window, unindexed
from heritage.catalogue.models import Entry, EntryTerm, Happening, end_of
from heritage.public import paging
from heritage.public.answers import Mistakes
from heritage.public.paging import SIZE
from heritage.public.parameters import BLANK, FEW, FILTERS, LONGEST_LIST, NOT_FILTERS, ORDERS, among, bears

TOGETHER = 100_000  # entries of a code that are rather looked up than waited for, where another filter may let few of them through


class MonumentFilter:
    """What a query asks: its clean values by parameter, the order, and the entries that it finds.

    A library's filter set would copy its thirty fields for every request, which costs as much as the page.
    """

    def __init__(self, asked):
        self.data = without_blanks(asked)
        self.known, self.common = {}, {}

    @cached_property
    def asked(self):
        """The clean value of every parameter; where a text is no such value, the blank one."""
        return self.cleaned[0]

    @cached_property
    def cleaned(self):
        """The clean values, and the messages by parameter."""
        values, mistakes = dict(BLANK), {}
        for name in self.data:
            if name in FILTERS:
                try:
                    values[name] = FILTERS[name].clean(self.data.getlist(name))
                except forms.ValidationError as mistake:
                    mistakes[name] = mistake.messages
        return values, mistakes

    def bearing(self, facet, codes):
        """Return the condition that an entry has one of ``codes``; worked out once, however many counts ask for it."""
        if (facet, codes) not in self.known:
            self.known[facet, codes] = self.worked_out(facet, codes)
        return self.known[facet, codes]

    def worked_out(self, facet, codes):
        terms = EntryTerm.objects.filter(facet=facet, code__in=codes)
        if self.asked["on"] is not None:
            return among(terms, "entry")
        self.common[facet, codes] = sum(borne.counts(facet, codes).values())
        return among(terms, "entry") if self.common[facet, codes] <= FEW else bears(terms, "entry")

    @cached_property
    def borne_by(self):
        """The number of current entries found where that is a ready count: one code is asked for and nothing else; or ``None``."""
        asked = [name for name in self.data if name not in NOT_FILTERS]
        if self.asked["on"] is not None or len(asked) != 1 or len(self.data.getlist(asked[0])) != 1:
            return None
        self.rows()
        return next(iter(self.common.values()), None)

    def counted_over(self, without=""):
        """Return ``rows``, for counting them: by way of the rarest code asked for, since no order is asked for."""
        return self.by_way(self.rows(without).order_by(), without)

    def by_way(self, rows, without, most=None):
        """Return ``rows`` looked up from the rarest of the common codes asked for, if it has no more than ``most`` entries."""
        number, way = min(self.ways(without), default=(0, None))
        if way is None or (most is not None and number > most):
            return rows
        facet, codes = way
        return rows.filter(pk__in=EntryTerm.objects.filter(facet=facet, code__in=codes).values("entry"))

    def ways(self, without):
        return [(number, term) for term, number in self.common.items() if number > FEW and term[0] != without]

    def is_led(self, without=""):
        """Tell whether a code leads to what is found, so that not all entries need be looked at to count it."""
        return any(term[0] != without for term in self.common)

    @property
    def order(self):
        """The order asked for; with words the nearest first, without any by name."""
        name = self.asked["sort"] or ("relevance" if self.asked["q"] else "name")
        return ORDERS[name if self.asked["q"] or name != "relevance" else "name"]

    @cached_property
    def found(self):
        """What the words find, or ``None`` without words. Raises: Unsearchable, Mistakes."""
        if not self.asked["q"]:
            return None
        return search.find(self.asked["q"], on=self.asked["on"], beyond=self.leaf and self.leaf[1])

    @cached_property
    def leaf(self):
        """Where the page asked for begins in the order of relevance: (way, rank), or ``None``. Raises: Mistakes."""
        if self.order.name != "relevance" or not self.asked["after"]:
            return None
        way, values, _tie = self.order.after(self.asked["after"])
        match values:
            case [int(), str(), int(), int() | None]:
                return way, search.Rank(*values)
        raise paging.nowhere()

    def page(self, **narrowing):
        """Return the page asked for, narrowed further by ``narrowing``. Raises: Mistakes."""
        if self.order.name != "relevance":
            return paging.page(
                listed(self.rows().filter(**narrowing), self.order), self.order, self.asked["after"], self.size
            )
        backward = bool(self.leaf) and self.leaf[0] == paging.BACKWARD
        rows = self.rows(without="q").filter(**narrowing)
        turned = self.found.page(rows, self.size, backward=backward)
        follows, precedes = (True, turned.more) if backward else (turned.more, bool(self.leaf))
        return paging.Page(
            turned.entries,
            self.cursor(paging.FORWARD, turned.ranks[-1]) if turned.ranks and follows else None,
            self.cursor(paging.BACKWARD, turned.ranks[0]) if turned.ranks and precedes else None,
        )

    def chunks(self, size):
        """Yield every entry found in lists of ``size``, in the order asked for, with what the order needs and its row."""
        if self.order.name == "relevance":
            yield from self.nearest_first(size)
        else:
            yield from paging.chunks(listed(self.rows(), self.order), self.order, size)

    def nearest_first(self, size):
        rows, beyond, more = self.rows(without="q"), None, True
        while more:
            turned = search.find(self.asked["q"], on=self.asked["on"], beyond=beyond).page(rows, size)
            yield turned.entries
            beyond, more = turned.ranks and turned.ranks[-1], turned.more

    def cursor(self, way, rank):
        return self.order.signer.sign_object([way, [rank.tier, rank.text, rank.pk, rank.until], rank.pk])

    @property
    def size(self):
        return self.asked["page_size"] or SIZE

    def mistakes(self):
        """Return the messages by parameter: unknown names, several values where one is meant, values that are no such."""
        found = dict(self.cleaned[1])
        for name in self.data:
            if name not in FILTERS:
                found[name[:40]] = [_("There is no parameter of this name.")]
            elif len(self.data.getlist(name)) > (LONGEST_LIST if FILTERS[name].takes_many else 1):
                found.setdefault(name, []).append(_("Give this parameter fewer times."))
        return found or self.unsearchable()

    def unsearchable(self):
        """Return the mistake in the words, if nothing can be searched for, or in the place of the page."""
        try:
            self.found  # noqa: B018 worked out here for its mistakes
        except search.Unsearchable as mistake:
            return {"q": [str(mistake)]}
        except Mistakes as mistakes:
            return mistakes.fields
        return {}

    def rows(self, without=""):
        """Return the entries found, as known on the day asked for; ``without`` names a parameter to leave aside."""
        rows = Entry.objects.known_on(self.asked["on"]).filter(self.known_by_then)
        narrowing = [name for name in self.data if name != without]
        for name in narrowing:
            rows = FILTERS[name].narrow(rows, self.asked[name], self)
        rows = self.built(rows.filter(self.happened))
        return self.by_way(rows, without, TOGETHER) if len({*narrowing} - NOT_FILTERS) > 1 else rows

    @cached_property
    def known_by_then(self):
        """The condition that an entry was there on the day asked for, where the register was small then."""
        if self.asked["on"] is None:
            return Q()
        few = list(
            Entry.objects.filter(published_at__lt=end_of(self.asked["on"]))
            .order_by()
            .values_list("pk", flat=True)[: FEW + 1]
        )
        return Q(pk__in=few) if len(few) <= FEW else Q()

    @cached_property
    def happened(self):
        """The condition that an event may have happened in the span asked for, or surely did."""
        begin, end = self.asked["happened_from"], self.asked["happened_to"]
        if begin is None and end is None:
            return Q()
        window = Window(begin, end, self.asked["happened_surely"] == ["true"])
        events, few = Happening.objects.filter(mode="event").order_by(), set()
        followed = events.annotate(begin=F("since"), end=F("until")).values_list("entry", flat=True)
        parts = [followed.filter(condition) for condition in chain.from_iterable(window.stretches())]
        for events_of_part in parts:
            part = list(events_of_part[: FEW + 1])
            few.update(part)
            if len(part) > FEW or len(few) > FEW:
                looked_at = events.annotate(begin=unindexed("since"), end=unindexed("until"))
                return bears(looked_at.filter(window.whole), "entry")
        return Q(pk__in=few)

    def built(self, rows):
        begin, end = self.asked["built_from"], self.asked["built_to"]
        if begin is None and end is None:
            return rows
        known = Q(built_lo__isnull=False) | Q(built_hi__isnull=False)
        return rows.filter(known, possibly_within("built_lo", "built_hi", begin, end))


def listed(rows, order):
    """Return ``rows`` with just what a list needs of each; a whole model instance costs as much as its place in a page."""
    return rows.values_list("pk", "ref", "label", "row", *{order.field} - {"ref", "label"}, named=True)


def possibly_within(lo, hi, begin, end):
    """Return the condition that the dates in the columns ``lo`` and ``hi`` may lie in a span."""
    found = Q()
    if begin is not None:
        found &= Q(**{f"{hi}__gte": begin}) | Q(**{f"{hi}__isnull": True})
    if end is not None:
        found &= Q(**{f"{lo}__lte": end}) | Q(**{f"{lo}__isnull": True})
    return found


def without_blanks(asked):
    """Return a copy of ``asked`` without empty values, which forms send for every field left alone."""
    kept = asked.copy()
    for name in list(kept):
        values = [value for value in kept.getlist(name) if value.strip()]
        if values:
            kept.setlist(name, values)
        else:
            del kept[name]
    return kept
