"""The happenings in a window of time, a page at a time, in an order that an index holds: by last possible day.

What has no latest date comes last, by first possible day. A page costs the same wherever it lies: what ends in the window
is one stretch of the index, and what may go on beyond it is looked up in the few calendar spans around its end.
"""

from dataclasses import dataclass
from itertools import product

from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Coalesce

from heritage.catalogue.models import Happening
from heritage.catalogue.spans import MONTH, OPEN, frames_around, span_of


@dataclass(frozen=True)
class Window:
    """The days asked for, either end of which may be open; ``surely`` leaves out what may lie outside."""

    first: int | None = None
    last: int | None = None
    surely: bool = False

    def stretches(self):
        """Return lists of conditions in the order of ``until``; the conditions of one list may overlap in it."""
        if self.surely or self.last is None:
            return [[self.ending]]
        month = span_of(MONTH, self.last).last
        beyond = [Q(frame=code, until__gt=self.last, since__lte=self.last) for code in frames_around(self.last)]
        if month > self.last:
            beyond.append(Q(frame__isnull=True, until__gt=self.last, until__lte=month, since__lte=self.last))
        return [[self.ending], beyond, [Q(until__gte=OPEN // 2, until__lte=OPEN + self.last)]]

    @property
    def ending(self):
        """The condition that something ends in the window, and for ``surely`` begins in it too."""
        found = Q()
        if self.first is not None:
            found &= Q(until__gte=self.first)
        if self.last is not None:
            found &= Q(until__lte=self.last)
        if self.surely and self.first is not None:
            found &= Q(since__gte=self.first)
        return found

    @property
    def whole(self):
        """The same as ``stretches`` as one condition on ``begin`` and ``end``, for rows that no index of days finds."""
        surely = self.surely
        found = Q()
        if self.first is not None:
            found &= Q(begin__gte=self.first) if surely else Q(end__gte=self.first)
        if self.last is not None:
            found &= Q(end__lte=self.last) if surely else Q(begin__lte=self.last)
        return found

    def holds(self, since, until):
        """Tell whether all days from ``since`` to ``until`` lie in the window."""
        return (self.first is None or since >= self.first) and (self.last is None or until <= self.last)


@dataclass(frozen=True)
class Happenings:
    """The happenings of the ``entries`` (a queryset), of the ``modes``, causes and effects asked for.

    With ``few`` the entries are few and their happenings are looked at one by one, else the index of days is followed.
    """

    entries: object
    modes: tuple
    few: bool = False
    causes: tuple = ()
    effects: tuple = ()

    def page(self, window, size, place=None, backward=False):
        """Return up to ``size`` happenings after (or before, the nearest first) ``place``, a pair of until and key."""
        found = []
        stretches = [[window.whole]] if self.few else window.stretches()
        for stretch in reversed(stretches) if backward else stretches:
            part = []
            for rows in self.followed(stretch):
                part += read(rows, size - len(found), place, backward)
            part.sort(key=lambda row: (row.until, row.pk), reverse=backward)
            found += part[: size - len(found)]
            if len(found) == size:
                break
        return found

    def followed(self, stretch):
        """Yield the rows of each condition in ``stretch``."""
        if self.few:
            yield from (self.looked_at.filter(condition) for condition in stretch)
            return
        rows = Happening.objects.filter(self.narrowing, Exists(self.entries.filter(pk=OuterRef("entry_id")).order_by()))
        rows = self.with_effects(rows).annotate(begin=F("since"), end=F("until"))
        yield from (rows.filter(condition, mode=mode) for mode, condition in product(self.modes, stretch))

    @property
    def looked_at(self):
        """All happenings of the entries, found by their entries and by nothing else."""
        rows = Happening.objects.filter(entry__in=self.entries.order_by().values("pk")).filter(self.narrowing)
        rows = rows.annotate(told=Coalesce("mode", Value("")), begin=unindexed("since"), end=unindexed("until"))
        return self.with_effects(rows).filter(told__in=self.modes)

    @property
    def narrowing(self):
        return Q(cause__in=self.causes) if self.causes else Q()

    def with_effects(self, rows):
        if not self.effects:
            return rows
        any_of = Q()
        for code in self.effects:
            any_of |= Q(effect_codes__contains=f'"{code}"')
        return rows.alias(effect_codes=Cast("effects", TextField())).filter(any_of)

    def days(self, most):
        """Return pairs of first and last possible day of all these happenings, or ``None`` where they are more than ``most``."""
        found = list(self.looked_at.order_by().values_list("since", "until")[: most + 1])
        return found if len(found) <= most else None


def unindexed(column):
    """Return a column of days as an expression that keeps the planner from an index on it."""
    return ExpressionWrapper(F(column) + 0, output_field=BigIntegerField())


def read(rows, size, place, backward):
    """Return the first ``size`` of ``rows`` by (end, key) beyond ``place``."""
    rows = rows.order_by("-end", "-pk") if backward else rows.order_by("end", "pk")
    if place is None:
        return list(rows[:size])
    end, key = place
    found = list(rows.filter(end=end, **{"pk__lt" if backward else "pk__gt": key})[:size])
    if len(found) < size:
        found += rows.filter(**{"end__lt" if backward else "end__gt": end})[: size - len(found)]
    return found
