"""The timeline: happenings by year and month, as a drawing, a table and a list, and the same for programs.

It takes every filter of the list of monuments. Cause, effect and the dates asked for choose among the happenings
themselves; ``mode`` (event, observation, threat; events if not said) is its own.
"""

from dataclasses import replace
from functools import cache, cached_property

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from heritage.catalogue import timeline as counting
from heritage.catalogue.facets import FEW
from heritage.catalogue.happened import Happenings, Window
from heritage.catalogue.models import Entry, EntryTerm
from heritage.catalogue.spans import MILLENNIUM, MONTH, YEAR, Span, enclosing, spans_between
from heritage.public import paging, wording
from heritage.public.answers import Mistakes, data, reader
from heritage.public.chart import Bin, bar, chart
from heritage.public.filters import MonumentFilter
from heritage.public.finding import Finding
from heritage.public.parameters import NOT_FILTERS
from heritage.public.stamps import published
from heritage.registry import vocabulary
from heritage.registry.vocabulary import Mode

ORDER = paging.Order("timeline", "until", tie="pk")
COUNTED = {"kind", "condition", "cause", "effect"}
DATES = {"happened_from", "happened_to", "happened_surely"}
UNITS = {
    "month": lazy("Month"),
    "year": lazy("Year"),
    "decade": lazy("Decade"),
    "century": lazy("Century"),
    "millennium": lazy("Millennium"),
}


class Timeline(Finding):
    """The happenings of the monuments found. Nothing but ``mistakes`` is to be asked for where there are any."""

    SPAN = ("happened_from", "happened_to")
    parameters = Finding.parameters | {"mode": lazy("Reported as")}

    def __init__(self, request):
        self.request = request
        asked = request.GET.copy()
        self.modes = list(dict.fromkeys(mode for mode in asked.pop("mode", []) if mode.strip())) or [Mode.EVENT.value]
        self.cursors = [cursor for cursor in asked.pop("after", []) if cursor.strip()]
        self.filter = MonumentFilter(asked)
        self.mistakes = self.filter.mistakes() | self.mode_mistakes()
        if not self.mistakes:
            self.mistakes = self.unknown_codes() | self.window_mistakes()
        if not self.mistakes:
            try:
                self.page = self.turned()
            except Mistakes as mistakes:
                self.mistakes = mistakes.fields

    def mode_mistakes(self):
        unknown = [mode for mode in self.modes if mode not in Mode.values]
        return {"mode": [_("The register knows no “%s” here.") % mode[:40] for mode in unknown[:5]]} if unknown else {}

    def window_mistakes(self):
        first, last = self.window.first, self.window.last
        if first is not None and last is not None and first > last:
            return {"happened_to": [_("The latest date lies before the earliest.")]}
        return {}

    @cached_property
    def window(self):
        asked = self.filter.asked
        return Window(asked["happened_from"], asked["happened_to"], asked["happened_surely"] == ["true"])

    @cached_property
    def narrowing(self):
        """The filters in use that choose among monuments or happenings, but for the dates."""
        return set(self.filter.data) - NOT_FILTERS - DATES

    @cached_property
    def choice(self):
        """The ready counts that hold the answer, or ``None``."""
        if not self.narrowing <= COUNTED:
            return None
        return counting.choices_of({name: self.filter.asked[name] for name in self.narrowing})

    @cached_property
    def entries(self):
        """The entries whose happenings are meant: found by every filter but the dates."""
        if not self.narrowing:
            return Entry.objects.current()
        asked = self.filter.data.copy()
        for name in set(asked) & (DATES | NOT_FILTERS | ({"cause", "effect"} if self.choice else set())):
            del asked[name]
        rows = MonumentFilter(asked)
        return rows.rows().order_by()

    @cached_property
    def few(self):
        """Whether the entries, or their happenings, are so few that they can be looked at one by one."""
        if not self.narrowing:
            return False
        if self.choice is not None:
            return self.kept.total <= FEW
        return self.entries[: FEW + 1].count() <= FEW

    @cached_property
    def happenings(self):
        asked = self.filter.asked
        causes, effects = tuple(asked["cause"]), tuple(asked["effect"])
        entries = self.entries
        if self.few and self.choice is not None and causes + effects:
            facet = "cause" if causes else "effect"
            terms = EntryTerm.objects.filter(facet=facet, code__in=causes + effects)
            entries = entries.filter(pk__in=terms.values("entry"))
        return Happenings(entries, tuple(self.modes), self.few, causes, effects)

    @cached_property
    def kept(self):
        """The ready counts of all years."""
        return counting.Counts(counting.counted(self.choice, self.modes))

    @cached_property
    def counts(self):
        """The counts of all happenings found whenever they were, or ``None`` where they are too many to be counted."""
        if self.choice is not None:
            return self.kept
        days = self.happenings.days(FEW) if self.few else None
        return None if days is None else counting.Counts(counting.counted_live(days))

    @cached_property
    def bins(self):
        """The columns of the drawing: whole spans that cover the dates asked for, else all dates."""
        spans = self.spans
        if spans and spans[0].unit == MONTH and self.choice is not None:
            first, last = spans[0].number, spans[-1].number
            self.counts.take(counting.counted(self.choice, self.modes, range(first, last + 1)))
        within, touching = self.counts.within(spans), self.counts.touching(spans)
        return [
            Bin(span, surely, both + one_sided, one_sided, self.window.holds(span.first, span.last))
            for span, surely, (both, one_sided) in zip(spans, within, touching, strict=True)
        ]

    @cached_property
    def spans(self):
        counts, window = self.counts, self.window
        if counts.first_year is None:
            return []
        first = Span(YEAR, counts.first_year).first if window.first is None else window.first
        last = Span(YEAR, counts.last_year).last if window.last is None else window.last
        return spans_between(min(first, last), max(first, last))

    @property
    def has_window(self):
        return self.window.first is not None or self.window.last is not None

    @property
    def drawn(self):
        return self.counts is not None and bool(self.spans)

    @property
    def total(self):
        """The number of happenings, where all time is asked for and they are counted; else ``None``."""
        return None if self.has_window or self.counts is None else self.counts.total

    @cached_property
    def chips(self):
        """The filters in use; the dates stand above the drawing where they are one span."""
        return [chip for chip in super().chips if not (self.chosen and chip["parameter"] in self.SPAN)]

    @cached_property
    def chart(self):
        return chart(self.bins)

    @property
    def unit(self):
        return self.spans[0].unit if self.spans else YEAR

    @property
    def unit_label(self):
        return UNITS[self.unit]

    @cached_property
    def chosen(self):
        """The one span that the dates asked for are exactly, or ``None``."""
        first, last = self.window.first, self.window.last
        if first is None or last is None:
            return None
        return next((span for span in enclosing(first, last) if (span.first, span.last) == (first, last)), None)

    @cached_property
    def numbers(self):
        """How many happenings surely and how many possibly lie in the chosen span; ``None`` where that is not known."""
        if self.chosen is None or self.counts is None:
            return None
        if self.chosen.unit == MONTH:
            return next((one for one in self.bins if one.span == self.chosen), None)
        [(both, one_sided)] = self.counts.touching([self.chosen])
        [surely] = self.counts.within([self.chosen])
        return Bin(self.chosen, surely, both + one_sided, one_sided, True)

    @property
    def way_up(self):
        """The spans around the dates asked for, the longest first."""
        first, last = self.window.first, self.window.last
        spans = [] if first is None or last is None else enclosing(first, last)
        return [span for span in spans if span.unit != MILLENNIUM or span == self.chosen]

    def turned(self):
        """Return the page of happenings at the cursor. Raises: Mistakes."""
        size = self.filter.size
        if len(self.cursors) > 1:
            raise Mistakes({"after": [_("Give this parameter fewer times.")]})
        way, *place = ORDER.after(self.cursors[0]) if self.cursors else (paging.FORWARD,)
        backward = way == paging.BACKWARD
        found = self.happenings.page(self.window, size + 1, tuple(place) or None, backward)
        more, found = len(found) > size, found[:size]
        found = found[::-1] if backward else found
        follows, precedes = (True, more) if backward else (more, bool(self.cursors))
        return paging.Page(
            found,
            ORDER.cursor(paging.FORWARD, found[-1]) if found and follows else None,
            ORDER.cursor(paging.BACKWARD, found[0]) if found and precedes else None,
        )

    @cached_property
    def rows(self):
        """The happenings of the page, worded."""
        entries = Entry.objects.filter(pk__in={row.entry_id for row in self.page.rows})
        monuments = {pk: fields for pk, *fields in entries.values_list("pk", "ref", "label", "kind")}
        return [self.worded(row, *monuments[row.entry_id]) for row in self.page.rows]

    def worded(self, row, ref, label, kind):
        return {
            "claim": row.claim,
            "url": f"/monuments/{ref}/#{row.claim}",
            "monument": {"ref": ref, "label": label, "kind": concept(vocabulary.Kind, kind)},
            "mode": concept(Mode, row.mode),
            "aspect": concept(vocabulary.Aspect, row.aspect),
            "value": term(row.value, vocabulary.value_label(row.aspect, row.value)),
            "effects": [term(code, self.labels["effect"].get(code, code)) for code in row.effects],
            "cause": term(row.cause, self.labels["cause"].get(row.cause, row.cause)),
            "dates": {"qualifier": row.qualifier, "lo": row.lo, "hi": row.hi, "text": row.dated},
            "surely": self.window.holds(row.since, row.until),
            "claimant": {"label": row.claimant},
            "summary": row.text,
        }

    @cached_property
    def bars(self):
        """The small bars of the page, each on one line from the first to the last day drawn; none without a drawing."""
        if not self.drawn:
            return [None] * len(self.page.rows)
        first, last = self.spans[0].first, self.spans[-1].last
        return [bar(row.since, row.until, first, last) for row in self.page.rows]

    def headline(self, row):
        return wording.headline(row)

    def to(self, span=None):
        """Return the address of this timeline for one span, or for all time."""
        if span is None:
            return self.all_time
        first, last = span.edtf
        return f"{self.all_time}{'&' if '?' in self.all_time else '?'}happened_from={first}&happened_to={last}"

    @cached_property
    def all_time(self):
        asked = self.without_page()
        for name in set(self.SPAN) & set(asked):
            del asked[name]
        return self.of(asked)

    def beside(self, by):
        """Return the span before (-1) or after (1) the chosen one, or ``None`` where no happening that is counted lies that way."""
        if self.chosen is None or self.counts is None or self.counts.first_year is None:
            return None
        span = replace(self.chosen, number=self.chosen.number + by)
        first, last = Span(YEAR, self.counts.first_year).first, Span(YEAR, self.counts.last_year).last
        return span if span.first <= last and span.last >= first else None

    def without_page(self):
        asked = self.request.GET.copy()
        for name in [name for name in asked if name == "after" or not any(asked.getlist(name))]:
            del asked[name]
        return asked

    @staticmethod
    def of(asked, name="timeline"):
        return f"{reverse(name)}?{asked.urlencode()}".rstrip("?")

    def address(self, name):
        """Return the address of this very timeline in another format, or of the list of the same monuments."""
        asked = self.without_page()
        if name == "monuments":
            asked.pop("mode", None)
        return self.of(asked, name)

    def chip(self, name, value):
        asked = self.without_page()
        asked.setlist(name, [one for one in asked.getlist(name) if one != value])
        return super().chip(name, value) | {"parameter": name, "without": self.of(asked)}

    @property
    def kept_fields(self):
        """Pairs of name and value of the filters in use that the form of this page has no field for."""
        own = COUNTED | DATES
        return [
            (name, value) for name in self.filter.data if name not in own for value in self.filter.data.getlist(name)
        ]

    @property
    def as_json(self):
        bins = None if self.counts is None else self.bins
        return {
            "unit": self.unit if bins is not None else None,
            "bins": None if bins is None else [as_bin(one) for one in bins],
            "happenings": self.rows,
            **self.links,
        }


def as_bin(one):
    first, last = one.span.edtf
    return {"from": first, "to": last, "surely": one.surely, "possibly": one.possibly}


def concept(concepts, code):
    return {"code": code, "label": labels_of(concepts, get_language()).get(code, code)}


@cache
def labels_of(concepts, language):
    """Return label by code in the language of the page."""
    return {code: str(label) for code, label in concepts.choices}


def term(code, label):
    return {"code": code, "label": str(label)} if code else None


@reader(follows=published)
def page(request):
    timeline = Timeline(request)
    context = {"timeline": timeline, "finding": timeline, "modes": Mode.choices, "section": "timeline"}
    return render(request, "public/timeline.html", context, status=400 if timeline.mistakes else 200)


@reader(follows=published)
def happenings(request):
    timeline = Timeline(request)
    if timeline.mistakes:
        raise Mistakes(timeline.mistakes)
    return data(timeline.as_json)
