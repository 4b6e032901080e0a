"""The grid of the map: the world in Web Mercator, halved both ways at each level. Pure Python.

A position has one integer, its *key*: the cell that it lies in at level 24 (about two metres wide) in Z-order, so that the
cell around it at level n is ``key >> 2 * (24 - n)`` and every cell is one range of keys.

*Source*: G. M. Morton, A Computer Oriented Geodetic Data Base (1966), for the order of the keys.
"""

import math
from copy import copy
from itertools import product

DEEPEST = 24
FINER = 2
MOST_CELLS = 300
NORTHERNMOST = 85.051128


def key(latitude, longitude):
    """Return the key of a position in degrees; beyond 85° it is that of the outermost cell."""
    return interleaved(*(min(max(math.floor(part), 0), (1 << DEEPEST) - 1) for part in projected(latitude, longitude)))


def projected(latitude, longitude):
    """Return a position as columns from the west and rows from the north of the deepest level, with fractions."""
    latitude = math.radians(min(max(latitude, -NORTHERNMOST), NORTHERNMOST))
    side = 1 << DEEPEST
    return (longitude + 180) / 360 * side, (1 - math.asinh(math.tan(latitude)) / math.pi) / 2 * side


def degrees(column, row, level):
    """Return (latitude, longitude) of the north-west corner of a cell."""
    side = 1 << level
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / side)))), column / side * 360 - 180


def interleaved(column, row):
    return spread(column) | spread(row) << 1


def spread(number):
    """Return ``number`` with a zero bit before each of its bits."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
    ):
        number = (number | number << shift) & mask
    return (number | number << 1) & 0x5555555555555555


def gathered(number):
    """Return every second bit of ``number``: the reverse of ``spread``."""
    number &= 0x5555555555555555
    for shift, mask in (
        (1, 0x3333333333333333),
        (2, 0x0F0F0F0F0F0F0F0F),
        (4, 0x00FF00FF00FF00FF),
        (8, 0x0000FFFF0000FFFF),
        (16, 0x00000000FFFFFFFF),
    ):
        number = (number | number >> shift) & mask
    return number


class View:
    """A box of the world as whole cells: those of the zoom, or larger ones where there would be too many.

    ``box`` is (west, south, east, north) in degrees and may cross the 180th meridian; ``None`` is the world.
    """

    def __init__(self, zoom, box=None):
        west, south, east, north = box or (-180, -90, 180, 90)
        spans = [(west, east)] if west <= east else [(west, 180), (-180, east)]
        corners = [(projected(north, left), projected(south, right)) for left, right in spans]
        self.deep_columns = [within(left, right) for (left, _), (right, _) in corners]
        self.deep_rows = within(corners[0][0][1], corners[0][1][1])
        self.level = min(zoom + FINER, DEEPEST)
        while self.size > MOST_CELLS:
            self.level -= 1

    def at_level(self, level):
        """Return the same box in the cells of another level."""
        other = copy(self)
        other.level = level
        return other

    def shifted(self, span, level):
        return range(span[0] >> DEEPEST - level, (span[1] >> DEEPEST - level) + 1)

    @property
    def size(self):
        columns = sum(len(self.shifted(span, self.level)) for span in self.deep_columns)
        return columns * len(self.shifted(self.deep_rows, self.level))

    def __contains__(self, cell):
        column, row = gathered(cell), gathered(cell >> 1)
        in_columns = any(column in self.shifted(span, self.level) for span in self.deep_columns)
        return in_columns and row in self.shifted(self.deep_rows, self.level)

    def ranges(self):
        """Return few ranges of keys that cover the view, and a little more."""
        level = max(self.level - FINER, 0)
        blocks = sorted(
            {
                interleaved(column, row)
                for span in self.deep_columns
                for column, row in product(self.shifted(span, level), self.shifted(self.deep_rows, level))
            }
        )
        found = []
        for block in blocks:
            if found and found[-1][1] == block:
                found[-1][1] = block + 1
            else:
                found.append([block, block + 1])
        shift = 2 * (DEEPEST - level)
        return [(first << shift, (beyond << shift) - 1) for first, beyond in found]

    def box_of(self, cell):
        """Return (west, south, east, north) of a cell of this view."""
        column, row = gathered(cell), gathered(cell >> 1)
        north, west = degrees(column, row, self.level)
        south, east = degrees(column + 1, row + 1, self.level)
        return west, south, east, north


def within(start, end):
    """Return the first and the last of the deepest cells between two projected ends; the end itself lies outside."""
    last = (1 << DEEPEST) - 1
    first = min(max(math.floor(start + 1e-6), 0), last)
    return first, min(max(math.ceil(end - 1e-6) - 1, first), last)
