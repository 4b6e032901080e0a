"""How many happenings fall into each year and month: counts kept up at publication, and how they are read.

A happening costs the same however long it may have lasted: only where it begins and where it ends is counted. What may lie
in a span is what has begun by its last day and has not ended before its first.
"""

from collections import Counter
from functools import lru_cache
from itertools import product

from heritage.catalogue import tallies
from heritage.catalogue.models import Happening, HappeningCount
from heritage.catalogue.spans import MONTH, NEVER, OPEN, YEAR, YEARS, Span, frame, span_of

COLUMNS = ("begun", "ended", "opening", "closing", "within")
BEGUN, ENDED, OPENING, CLOSING, WITHIN = range(len(COLUMNS))
COUNTED = ("entry__kind", "entry__condition", "mode", "cause", "effects", "since", "until")


def take_in(entries):
    """Count the happenings of ``entries`` (see ``tallies``)."""
    keep(entries, 1)


def leave_out(entries):
    """Count the happenings of ``entries`` no longer."""
    keep(entries, -1)


def keep(entries, sign):
    told = ((one.kind, one.condition, *happening) for one in entries for happening in one.happenings)
    tallies.keep(HappeningCount, ("choice", "mode", "unit", "number"), changes_of(told), sign)


def clear():
    HappeningCount.objects.all().delete()


def changes_of(happenings):
    """Return the five numbers by (choice, mode, unit, number) that ``happenings``, values of ``COUNTED``, amount to."""
    alike = Counter()
    for kind, condition, mode, cause, effects, since, until in happenings:
        alike[mode, choices(kind, condition, cause, tuple(effects)), month_of(since), month_of(until)] += 1
    changes = {}
    for (mode, chosen, since, until), number in alike.items():
        for unit, span, column in marks(since, until):
            for choice in chosen:
                row = changes.get((choice, mode, unit, span))
                if row is None:
                    row = changes[choice, mode, unit, span] = [0] * len(COLUMNS)
                row[column] += number
    return changes


@lru_cache(maxsize=10_000)
def choices(kind, condition, cause, effects):
    """Return the choices of filters that a happening is counted under."""
    condition = condition or "unknown"
    found = ["", f"kind:{kind}", f"condition:{condition}", f"kind:{kind} condition:{condition}"]
    found += [f"cause:{cause}"] if cause else []
    return (*found, *(f"effect:{effect}" for effect in sorted(set(effects))))


def choices_of(asked):
    """Return the counted choices that together are what is ``asked`` (codes by filter), or ``None`` where none are.

    The choices of one filter exclude each other, but for effects, of which a happening may have several.
    """
    named = {name: codes for name, codes in asked.items() if codes}
    parts = [
        [f"{name}:{code}" for code in dict.fromkeys(named[name])] for name in ("kind", "condition") if name in named
    ]
    if set(named) <= {"kind", "condition"}:
        return [" ".join(pair) for pair in product(*parts)]
    if len(named) > 1 or len(set(named.get("effect", ()))) > 1:
        return None
    return [f"{name}:{code}" for name in ("cause", "effect") for code in dict.fromkeys(named.get(name, ()))] or None


def month_of(day):
    """Return the first day of the month of ``day``; what has no date stays as it is, the day left aside."""
    return day if day == NEVER else day // 100 * 100 + 1


@lru_cache(maxsize=10_000)
def marks(since, until):
    """Return (unit, number, column): where a happening between two days, of which one may be open, is counted."""
    if until >= OPEN // 2:
        found = [(span_of(unit, since), OPENING) for unit in (MONTH, YEAR)]
    elif since == NEVER:
        found = [(span_of(unit, until), CLOSING) for unit in (MONTH, YEAR)]
    else:
        found = [(span_of(unit, since), BEGUN) for unit in (MONTH, YEAR)]
        found += [(span_of(unit, until), ENDED) for unit in (MONTH, YEAR)]
        smallest = frame(since, until)
        found += [(smallest, WITHIN)] if smallest else []
        found += [(span_of(YEAR, since), WITHIN)] if smallest and smallest.unit == MONTH else []
    return [(span.unit, span.number, column) for span, column in found]


class Counts:
    """The counts of one choice of happenings: five numbers by span, and those of the years apart."""

    def __init__(self, rows):
        self.spans = {}
        self.take(rows)

    def take(self, rows):
        """Take in ``rows`` of (unit, number, begun, ended, opening, closing, within); those of one span are added up."""
        for unit, number, *values in rows:
            held = self.spans.get((unit, number))
            self.spans[unit, number] = [a + b for a, b in zip(held, values, strict=True)] if held else values
        self.years = {number: values for (unit, number), values in self.spans.items() if unit == YEAR and any(values)}

    @property
    def total(self):
        return sum(values[BEGUN] + values[OPENING] + values[CLOSING] for values in self.years.values())

    @property
    def first_year(self):
        """The first year in which anything begins or ends, or ``None``."""
        return min(self.years, default=None)

    @property
    def last_year(self):
        return max(self.years, default=None)

    def touching(self, spans):
        """Return for each of ``spans`` (of one unit, in order) how many may lie in it: (with both dates, with one)."""
        running, found = Running(self.events(spans)), []
        for span in spans:
            running.go(span.first)
            ended, closed = running.sums[ENDED], running.sums[CLOSING]
            running.go(span.last + 1)
            both, opened = running.sums[BEGUN] - ended, running.sums[OPENING]
            found.append((both, opened + running.totals[CLOSING] - closed))
        return found

    def events(self, spans):
        """Return (day, numbers) in order: by year, but by month in the years of ``spans`` that are months."""
        monthly = range(0)
        if spans and spans[0].unit == MONTH:
            monthly = range(spans[0].number // 12, spans[-1].number // 12 + 1)
        found = [(Span(YEAR, year).first, values) for year, values in self.years.items() if year not in monthly]
        for (unit, number), values in self.spans.items():
            if unit == MONTH and number // 12 in monthly:
                found.append((Span(MONTH, number).first, values))
        return sorted(found, key=lambda event: event[0])

    def within(self, spans):
        """Return how many lie whole in each of ``spans``, which are of one unit."""
        unit, found = spans[0].unit if spans else YEAR, Counter()
        inner = [one for one in YEARS if YEARS[one] <= YEARS[unit]] if unit != MONTH else [MONTH]
        for (of, number), values in self.spans.items():
            if of in inner and values[WITHIN]:
                found[span_of(unit, Span(of, number).first)] += values[WITHIN]
        return [found[span] for span in spans]


class Running:
    """Sums over events in order of their days."""

    def __init__(self, events):
        self.events, self.next = events, 0
        self.sums = [0] * len(COLUMNS)
        self.totals = [sum(values[column] for _day, values in events) for column in range(len(COLUMNS))]

    def go(self, day):
        """Add up all events before ``day``."""
        while self.next < len(self.events) and self.events[self.next][0] < day:
            self.sums = [a + b for a, b in zip(self.sums, self.events[self.next][1], strict=True)]
            self.next += 1


def counted(chosen, modes, months=None):
    """Return the kept rows that ``Counts`` is made of: by year and longer span, or those of ``months`` (a range)."""
    rows = HappeningCount.objects.filter(choice__in=chosen, mode__in=modes)
    if months is None:
        rows = rows.filter(unit__in=list(YEARS))
    else:
        rows = rows.filter(unit=MONTH, number__gte=months.start, number__lt=months.stop)
    return rows.values_list("unit", "number", *COLUMNS)


def counted_live(days):
    """Return the same rows, months included, for happenings given as pairs of first and last possible day."""
    changes = {}
    for (since, until), number in Counter((month_of(since), month_of(until)) for since, until in days).items():
        for unit, span, column in marks(since, until):
            changes.setdefault((unit, span), [0] * len(COLUMNS))[column] += number
    return [(*key, *values) for key, values in changes.items()]


def differences():
    """Yield a sentence for each count that is not what the happenings of the current entries give."""
    current = Happening.objects.filter(entry__replaced_at__isnull=True).order_by()
    expected = changes_of(current.values_list(*COUNTED).iterator(2000))
    for choice, mode, unit, number, *values in HappeningCount.objects.values_list(
        "choice", "mode", "unit", "number", *COLUMNS
    ).iterator(2000):
        right = expected.pop((choice, mode, unit, number), [0] * len(COLUMNS))
        if values != right:
            yield f"Timeline, {mode} {choice or 'all'}, {unit} {number}: {values} are counted, there are {right}."
    for choice, mode, unit, number in expected:
        yield f"Timeline, {mode} {choice or 'all'}, {unit} {number}: nothing is counted."
