"""The query parameters of the list of monuments, each stated once: how it is read, and how it narrows the entries.

Repeated values mean "or"; different parameters mean "and". What is asked with them is in ``filters``.
"""

from abc import ABC, abstractmethod

from django import forms
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as lazy

from heritage.catalogue import cells, facets
from heritage.catalogue.models import Entry
from heritage.public.fields import BoxField, CodesField, PastDayField, SpanField
from heritage.public.paging import LEAST, MOST, Order
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
NOT_FILTERS = {"sort", "after", "page_size"}
FEW = 2000


class Filter(ABC):
    """One parameter: the form field that reads it, and how it narrows a queryset of entries. Shared by all requests.

    ``narrow(rows, value, asking)`` gets the clean value and the ``MonumentFilter`` that asks.
    """

    field_class = forms.CharField

    def __init__(self, **kwargs):
        self.field = self.field_class(required=False, **kwargs)
        self.blank = self.field.clean(None)

    def __set_name__(self, owner, name):
        self.name = name

    @property
    def takes_many(self):
        return isinstance(self.field, forms.MultipleChoiceField)

    def clean(self, values):
        """Return what the texts ``values`` mean. Raises: ValidationError."""
        return self.field.clean(values if self.takes_many else values[-1])

    @abstractmethod
    def narrow(self, rows, value, asking):
        """Return those of ``rows`` that the parameter lets through."""


class Asked(Filter):
    """A parameter that does not narrow the rows by itself."""

    def __init__(self, field_class, **kwargs):
        self.field_class = field_class
        super().__init__(**kwargs)

    def narrow(self, rows, value, asking):
        return rows


class AnyOf(Filter):
    """One of a fixed list of codes, or several; ``facet`` is the dimension of the ready counts that knows how many have them.

    An index holds the entries of one code by name. In other orders, and of several codes, the few are looked up; of the many
    some soon come by.
    """

    field_class = forms.MultipleChoiceField

    def __init__(self, facet, **kwargs):
        super().__init__(**kwargs)
        self.facet = facet

    def codes(self, value):
        return value

    def narrow(self, rows, value, asking):
        codes = self.codes(value)
        having = Q(**{f"{self.name}__in": codes})
        if asking.asked["on"] is not None or (len(codes) == 1 and asking.order.name == "name"):
            return rows.filter(having)
        if facets.ask(facets.Question(**{self.facet: tuple(value)})).total <= FEW:
            return rows.filter(among(Entry.objects.current().filter(having), "pk"))
        return rows.alias(**{f"{self.name}_told": Coalesce(self.name, Value(""))}).filter(
            **{f"{self.name}_told__in": codes}
        )


class State(AnyOf):
    """The value of an aspect; "unknown" also finds monuments of which nobody has said anything."""

    def codes(self, value):
        return [*value, ""] if "unknown" in value else value


class Coded(Filter):
    """A code in ``EntryTerm``: the facet bears the name of the parameter."""

    field_class = CodesField

    def narrow(self, rows, value, asking):
        return rows.filter(asking.bearing(self.name, tuple(value)))


class Told(Coded):
    """The value of an aspect that is told of few; "unknown" as with ``State``."""

    field_class = forms.MultipleChoiceField

    def narrow(self, rows, value, asking):
        if "unknown" in value:
            return rows.filter(**{f"{self.name}__in": [*value, ""]})
        return super().narrow(rows, value, asking)


class Mark(Coded):
    """A yes or no, of which yes is rare."""

    field_class = forms.MultipleChoiceField

    def narrow(self, rows, value, asking):
        if value == ["true"]:
            return rows.filter(asking.bearing("mark", (self.name,)))
        return rows.filter(**{self.name: False}) if value == ["false"] else rows


class Possession(Filter):
    """What an entry has, or ``lacking`` lacks. An index holds the entries that lack it by name; where they are few, they are looked up."""

    field_class = forms.MultipleChoiceField

    def __init__(self, *, lacking=False, **kwargs):
        super().__init__(**kwargs)
        self.lacking = lacking

    def narrow(self, rows, value, asking):
        narrowed = Q()
        for name in value:
            narrowed |= self.without(name, asking) if self.lacking else self.having(name, asking)
        return rows.filter(narrowed)

    def having(self, name, asking):
        return asking.bearing("mark", (name,)) if name in RARE else Q(**{f"has_{name}": True})

    def without(self, name, asking):
        lacking = Q(**{f"has_{name}": False})
        if asking.asked["on"] is not None:
            return lacking
        few = list(Entry.objects.current().filter(lacking).order_by().values_list("pk", flat=True)[: FEW + 1])
        return lacking if len(few) > FEW else Q(pk__in=few)


class Words(Filter):
    """All the words, in any script: see ``catalogue.search``."""

    def narrow(self, rows, value, asking):
        return asking.found.restrict(rows)


class Box(Filter):
    """Entries whose shown position lies in the box."""

    field_class = BoxField

    def narrow(self, rows, value, asking):
        found, _looked_up = cells.within(rows, value, past=asking.asked["on"] is not None)
        return found


class DocumentedBefore(Filter):
    """Entries last documented before a date; nobody having documented it at all counts too."""

    field_class = SpanField

    def narrow(self, rows, value, asking):
        return rows.filter(Q(documented__lt=value) | Q(documented__isnull=True))


class Filters:
    """The parameters of the list of monuments."""

    q = Words()
    kind = AnyOf("kinds", choices=vocabulary.Kind.choices)
    type = Coded()
    condition = State("conditions", choices=vocabulary.Condition.choices)
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
    lacks = Possession(choices=list(POSSESSIONS.items()), lacking=True)
    bbox = Box()
    on = Asked(PastDayField, input_formats=["%Y-%m-%d"])
    sort = Asked(forms.ChoiceField, choices=[(name, name) for name in ORDERS])
    after = Asked(forms.CharField, max_length=2000)
    page_size = Asked(forms.IntegerField, min_value=LEAST, max_value=MOST)


FILTERS = {name: one for name, one in vars(Filters).items() if isinstance(one, Filter)}
BLANK = {name: one.blank for name, one in FILTERS.items()}


def among(rows, key):
    """Return the condition that an entry is named by the column ``key`` of ``rows``.

    A page of what is common is found soonest by walking the entries in order, one of what is rare by fetching its entries.
    """
    few = list(rows.order_by().values_list(key, flat=True)[: FEW + 1])
    return Q(pk__in=set(few)) if len(few) <= FEW else bears(rows, key)


def bears(rows, key):
    """Return the condition that an entry is named by the column ``key`` of ``rows``, asked of one entry after another."""
    return Q(Exists(rows.filter(**{key: OuterRef("pk")})))
