"""Every query parameter of the list of monuments, stated once: page, JSON and GeoJSON share it.

Repeated values mean "or"; different parameters mean "and". A mistake finds nothing: see ``Finding.mistakes``.
"""

from functools import cached_property

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django_filters import FilterSet
from django_filters.filters import Filter

from heritage.catalogue import cells, search
from heritage.catalogue.models import Entry, EntryTerm, Happening
from heritage.public import paging
from heritage.public.answers import Mistakes
from heritage.public.fields import BoxField, CodesField, PastDayField, SpanField
from heritage.public.paging import LEAST, MOST, SIZE, Order
from heritage.registry import vocabulary

ORDERS = {
    "name": Order("name", "sort_label"),
    "-changed": Order("-changed", "published_at", descending=True),
    "condition": Order("condition", "condition_rank"),
    "built": Order("built", "built_lo", nullable=True),
    "relevance": Order("relevance", "rank"),
}
POSSESSIONS = {
    "location": lazy("A position"),
    "image": lazy("An image"),
    "before_after": lazy("Images before and after"),
    "dated_event": lazy("An event with both dates stated"),
    "second_source": lazy("A second first-hand source"),
}
RARE = {"image", "before_after"}
ANSWERS = [("true", lazy("Yes")), ("false", lazy("No"))]
LONGEST_LIST = 100
FEW = 2000


class Asked(Filter):
    """A parameter that does not narrow the rows by itself."""

    def __init__(self, field_class, **kwargs):
        self.field_class = field_class
        super().__init__(**kwargs)

    def filter(self, rows, value):
        return rows


class AnyOf(Filter):
    """One of a fixed list of codes, or several."""

    field_class = forms.MultipleChoiceField

    def filter(self, rows, value):
        return rows.filter(**{f"{self.field_name}__in": value}) if value else rows


class State(AnyOf):
    """The value of an aspect; "unknown" also finds monuments of which nobody has said anything."""

    def filter(self, rows, value):
        return super().filter(rows, [*value, ""] if "unknown" in value else value)


class Coded(Filter):
    """A code in ``EntryTerm``: the facet bears the name of the parameter."""

    field_class = CodesField

    def filter(self, rows, value):
        return rows.filter(self.bearing(tuple(value))) if value else rows

    def bearing(self, codes):
        """Return the condition that an entry has one of ``codes``; worked out once, however many counts ask for it."""
        if codes not in self.known:
            terms = EntryTerm.objects.filter(facet=self.field_name, code__in=codes)
            self.known[codes] = among(terms, "entry")
        return self.known[codes]

    @cached_property
    def known(self):
        return {}


class Told(Coded):
    """The value of an aspect that is told of few; "unknown" as with ``State``."""

    field_class = forms.MultipleChoiceField

    def filter(self, rows, value):
        if "unknown" in value:
            return rows.filter(**{f"{self.field_name}__in": [*value, ""]})
        return super().filter(rows, value)


class Mark(Coded):
    """A yes or no, of which yes is rare."""

    field_class = forms.MultipleChoiceField

    def filter(self, rows, value):
        if value == ["true"]:
            return rows.filter(self.marked(self.field_name))
        return rows.filter(**{self.field_name: False}) if value == ["false"] else rows

    def marked(self, code):
        if code not in self.known:
            self.known[code] = among(EntryTerm.objects.filter(facet="mark", code=code), "entry")
        return self.known[code]


class Possession(Mark):
    """What an entry has, or with ``exclude`` lacks."""

    def filter(self, rows, value):
        narrowed = Q()
        for name in value:
            rare = name in RARE and not self.exclude
            narrowed |= self.marked(name) if rare else Q(**{f"has_{name}": not self.exclude})
        return rows.filter(narrowed)


class Words(Filter):
    """All the words, in any script: see ``catalogue.search``."""

    field_class = forms.CharField

    def filter(self, rows, value):
        return self.parent.found.restrict(rows) if value else rows


class Box(Filter):
    """Entries whose shown position lies in the box."""

    field_class = BoxField

    def filter(self, rows, value):
        if not value:
            return rows
        found, _looked_up = cells.within(rows, value, past=self.parent.asked["on"] is not None)
        return found


class DocumentedBefore(Filter):
    """Entries last documented before a date; nobody having documented it at all counts too."""

    field_class = SpanField

    def filter(self, rows, value):
        return rows if value is None else rows.filter(Q(documented__lt=value) | Q(documented__isnull=True))


class MonumentFilter(FilterSet):
    """The parameters of the list of monuments."""

    q = Words()
    kind = AnyOf(choices=vocabulary.Kind.choices)
    type = Coded()
    condition = State(choices=vocabulary.Condition.choices)
    use = Told(choices=vocabulary.Use.choices)
    access = Told(choices=vocabulary.Access.choices)
    custody = Told(choices=vocabulary.Custody.choices)
    inscription = Told(choices=vocabulary.Inscription.choices)
    setting = Told(choices=vocabulary.Setting.choices)
    threatened = Mark(choices=ANSWERS)
    contested = Mark(choices=ANSWERS)
    place = Coded()
    source = Coded()
    claimant = Coded()
    cause = Coded()
    effect = Coded()
    happened_from = Asked(SpanField, end="lo")
    happened_to = Asked(SpanField, end="hi")
    happened_surely = Asked(forms.MultipleChoiceField, choices=ANSWERS)
    built_from = Asked(SpanField, end="lo")
    built_to = Asked(SpanField, end="hi")
    documented_before = DocumentedBefore(end="lo")
    has = Possession(choices=list(POSSESSIONS.items()))
    lacks = Possession(choices=list(POSSESSIONS.items()), exclude=True)
    bbox = Box()
    on = Asked(PastDayField, input_formats=["%Y-%m-%d"])
    sort = Asked(forms.ChoiceField, choices=[(name, name) for name in ORDERS])
    after = Asked(forms.CharField, max_length=2000)
    page_size = Asked(forms.IntegerField, min_value=LEAST, max_value=MOST)

    class Meta:
        model = Entry
        fields = []

    def __init__(self, asked):
        super().__init__(without_blanks(asked), Entry.objects.all())

    @property
    def asked(self):
        return self.form.cleaned_data

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
            return paging.page(self.rows().filter(**narrowing), self.order, self.asked["after"], self.size)
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
            columns = (self.order.field, self.order.tie, "row")
            yield from paging.chunks(self.rows().values_list(*columns, named=True), self.order, size)

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
        found = {name: list(messages) for name, messages in self.form.errors.items()}
        for name in self.data:
            if name not in self.filters:
                found[name[:40]] = [_("There is no parameter of this name.")]
            elif len(self.data.getlist(name)) > (LONGEST_LIST if self.takes_many(name) else 1):
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

    def takes_many(self, name):
        return isinstance(self.form.fields[name], forms.MultipleChoiceField)

    def rows(self, without=""):
        """Return the entries found, as known on the day asked for; ``without`` names a parameter to leave aside."""
        rows = Entry.objects.known_on(self.asked["on"])
        for name, value in self.asked.items():
            if name != without:
                rows = self.filters[name].filter(rows, value)
        return self.built(rows.filter(self.happened))

    @cached_property
    def happened(self):
        """The condition that an event may have happened in the span asked for, or surely did."""
        begin, end = self.asked["happened_from"], self.asked["happened_to"]
        if begin is None and end is None:
            return Q()
        surely = self.asked["happened_surely"] == ["true"]
        return among(Happening.objects.filter(within_span("lo", "hi", begin, end, surely), mode="event"), "entry")

    def built(self, rows):
        begin, end = self.asked["built_from"], self.asked["built_to"]
        if begin is None and end is None:
            return rows
        known = Q(built_lo__isnull=False) | Q(built_hi__isnull=False)
        return rows.filter(known, within_span("built_lo", "built_hi", begin, end, surely=False))


def among(rows, key):
    """Return the condition that an entry is named by the column ``key`` of ``rows``.

    A page of what is common is found soonest by walking the entries in order, one of what is rare by fetching its entries.
    """
    few = list(rows.order_by().values_list(key, flat=True)[: FEW + 1])
    return Q(pk__in=set(few)) if len(few) <= FEW else Q(Exists(rows.filter(**{key: OuterRef("pk")})))


def within_span(lo, hi, begin, end, surely):
    """Return the condition that the dates in the columns ``lo`` and ``hi`` lie in a span, possibly or surely."""
    found = Q()
    if begin is not None:
        found &= Q(**{f"{lo}__gte": begin}) if surely else Q(**{f"{hi}__gte": begin}) | Q(**{f"{hi}__isnull": True})
    if end is not None:
        found &= Q(**{f"{hi}__lte": end}) if surely else Q(**{f"{lo}__lte": end}) | Q(**{f"{lo}__isnull": True})
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
