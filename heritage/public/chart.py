"""The drawn timeline: one column a span, and a small bar for each happening. Drawn on the server, in per cent of the width.

A column stands for what may lie in its span; the solid part at its foot for what surely does. The two are never added up.
"""

import math
from dataclasses import dataclass

from heritage.catalogue.spans import DECADE, MONTH, OPEN, YEAR, Span

HEIGHT = 200
GAP = 0.16  # of a column's place
LEAST_HEIGHT = 3
LEAST_BAR = 1.2
STEPS = (1, 2, 5)
LABELS, FEWER_LABELS = 12, 5


@dataclass(frozen=True)
class Bin:
    """One span with its numbers; ``one_sided`` of those that may lie in it have but one date."""

    span: Span
    surely: int
    possibly: int
    one_sided: int
    chosen: bool


def chart(bins):
    """Return what the drawing needs: columns, labels below, lines with their numbers; ``None`` where all is empty."""
    most = max((one.possibly for one in bins), default=0)
    if not most:
        return None
    lines = scale(most)
    top, place = lines[-1], 100 / len(bins)
    return {
        "height": HEIGHT,
        "columns": [column(one, number * place, place, top) for number, one in enumerate(bins)],
        "labels": list(labels(bins, place)),
        "lines": [{"number": number, "y": round(HEIGHT - number * HEIGHT / top, 1)} for number in lines],
    }


def column(one, start, place, top):
    """Return where one column and its three parts lie: heights from the foot, each part containing the ones below."""
    heights = {
        "surely": one.surely,
        "both": max(one.possibly - one.one_sided, one.surely),
        "possibly": one.possibly,
    }
    return {
        "bin": one,
        "x": round(start + place * GAP / 2, 3),
        "width": round(place * (1 - GAP), 3),
        "start": round(start, 3),
        "place": round(place, 3),
        "heights": {
            name: round(max(number * HEIGHT / top, LEAST_HEIGHT), 1) if number else 0
            for name, number in heights.items()
        },
    }


def scale(most):
    """Return round numbers from 0 to at least ``most``, four or five of them."""
    rough = max(most / 4, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next((step * power for step in (*STEPS, 10) if step * power >= rough), power)
    return list(range(0, int(math.ceil(most / step) * step) + 1, int(step)))


def labels(bins, place):
    """Yield the labels below: as many as there is room for, ``wide`` where they are too many for a narrow screen."""
    shown = step_of(bins, LABELS)
    fewer = step_of(bins, FEWER_LABELS, of=shown)
    for number, one in enumerate(bins):
        counted = one.span.number if one.span.unit in (YEAR, DECADE) else number
        if counted % shown == 0:
            yield {
                "text": short(one.span, len(bins)),
                "at": round((number + 0.5) * place, 3),
                "wide": counted % fewer != 0,
            }


def step_of(bins, most, of=0):
    """Return every how manieth label is shown: a step that fits the unit, and is a multiple of ``of``."""
    steps = (1, 2, 3, 4, 6, 12, 24) if bins[0].span.unit == MONTH else (1, 2, 5, 10, 20, 50)
    if of:
        steps = [step for step in sorted({*steps, 4, 40}) if step % of == 0]
    return next((step for step in steps if len(bins) / step <= most), steps[-1])


def short(span, count):
    """Return the few letters that stand below a column."""
    if span.unit == MONTH:
        month = span.words.split()[0][:3]
        return f"{month} {span.number // 12}" if count > 12 else month
    if span.unit == YEAR:
        return str(span.number) if span.number > 0 else span.words
    return span.words.replace("century", "c.").replace("millennium", "mill.").split(" – ")[0]


@dataclass(frozen=True)
class Bar:
    """One happening between the first and last day drawn; an end beyond them or not known is open."""

    start: float
    width: float
    opens_left: bool
    opens_right: bool


def bar(since, until, first, last):
    """Return the ``Bar`` of a happening on a line from ``first`` to ``last`` (days)."""
    opens_left, opens_right = since < first, until > last
    begin = 0.0 if opens_left else share(since, first, last)
    end = 100.0 if opens_right else share(until, first, last, whole=True)
    width = max(end - begin, LEAST_BAR)
    begin = max(min(begin, 100 - width), 0.0)
    return Bar(round(begin, 2), round(min(width, 100), 2), opens_left, opens_right or until >= OPEN // 2)


def share(day, first, last, whole=False):
    """Return the place of ``day`` (of its end with ``whole``) between ``first`` and ``last`` in per cent."""
    begin, end = moment(first), moment(last, True)
    return min(max((moment(day, whole) - begin) * 100 / (end - begin), 0.0), 100.0)


def moment(day, whole=False):
    """Return a day as a year with a fraction, near enough for a drawing."""
    year, rest = divmod(day, 10000)
    month, number = divmod(rest, 100)
    return year + (month - 1) / 12 + (number - (0 if whole else 1)) / 372
