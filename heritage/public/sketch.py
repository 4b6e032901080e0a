"""A sketch of where the entries lie, drawn from the ready counts of the map: dots only, no borders and no coasts."""

import math
from dataclasses import dataclass

from heritage.catalogue.cells import slices
from heritage.catalogue.models import Cell

LEVELS = (14, 12, 10, 8, 6, 4)
MOST = 300
WIDTH, HEIGHT, MARGIN = 640, 300, 16
SMALLEST, LARGEST = 3, 11


@dataclass(frozen=True)
class Dot:
    """The entries of one cell: where they are drawn, and how large by their number."""

    x: float
    y: float
    radius: float


def sketch():
    """Return the dots, those of few entries last so that none is covered. Queries: 6 at most, of no more than ``MOST`` rows each."""
    rows = cells()
    if not rows:
        return []
    points = [(east / count / 1e6, mercator(north / count / 1e6), count) for count, north, east in rows]
    west, east = min(x for x, _, _ in points), max(x for x, _, _ in points)
    south, north = min(y for _, y, _ in points), max(y for _, y, _ in points)
    scale = min(ratio(WIDTH, east - west), ratio(HEIGHT, north - south))
    left, top = (WIDTH - (east - west) * scale) / 2, (HEIGHT - (north - south) * scale) / 2
    most = max(count for _, _, count in points)
    return [
        Dot(round(left + (x - west) * scale, 1), round(top + (north - y) * scale, 1), size(count, most))
        for x, y, count in sorted(points, key=lambda point: -point[2])
    ]


def cells():
    """Return (count, latitudes, longitudes) of the finest cells that are no more than ``MOST``."""
    found = []
    for level in LEVELS:
        ready = Cell.objects.filter(slice__in=slices(), level=level, count__gt=0)
        found = list(ready.values_list("count", "latitudes", "longitudes")[: MOST + 1])
        if len(found) <= MOST:
            break
    return found[:MOST]


def mercator(latitude):
    """Return how far north a latitude is drawn, in degrees of longitude."""
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


def ratio(length, span):
    return (length - 2 * MARGIN) / max(span, 0.01)


def size(count, most):
    return round(SMALLEST + (LARGEST - SMALLEST) * math.log1p(count - 1) / math.log1p(max(most - 1, 1)), 1)
