"""The grid of the map: every position in its cell, every view whole, and never too many cells."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heritage.catalogue.grid import DEEPEST, MOST_CELLS, View, degrees, gathered, interleaved, key

LATITUDES = st.floats(-85, 85)
LONGITUDES = st.floats(-180, 180)
ZOOMS = st.integers(0, 22)


@st.composite
def boxes(draw):
    south, north = sorted([draw(st.floats(-90, 90)), draw(st.floats(-90, 90))])
    return draw(LONGITUDES), south, draw(LONGITUDES), north


def cell_at(latitude, longitude, level):
    return key(latitude, longitude) >> 2 * (DEEPEST - level)


@pytest.mark.parametrize(
    ("latitude", "longitude", "cell"),
    [(60, -90, 0), (60, 90, 1), (-60, -90, 2), (-60, 90, 3), (0, 0, 3), (90, -180, 0), (-90, 180, 3)],
)
def test_the_first_level_has_four_cells_in_reading_order(latitude, longitude, cell):
    assert cell_at(latitude, longitude, 1) == cell


@given(st.integers(0, 2**24 - 1), st.integers(0, 2**24 - 1))
def test_columns_and_rows_come_back_from_a_key(column, row):
    number = interleaved(column, row)

    assert (gathered(number), gathered(number >> 1)) == (column, row)


@given(LATITUDES, LONGITUDES, st.integers(0, DEEPEST))
def test_a_position_lies_in_the_box_of_its_cell(latitude, longitude, level):
    cell = cell_at(latitude, longitude, level)
    column, row = gathered(cell), gathered(cell >> 1)
    (north, west), (south, east) = degrees(column, row, level), degrees(column + 1, row + 1, level)

    assert west - 1e-9 <= longitude <= east + 1e-9
    assert south - 1e-9 <= latitude <= north + 1e-9


@given(ZOOMS, boxes())
def test_no_view_has_more_cells_than_allowed(zoom, box):
    view = View(zoom, box)

    assert 1 <= view.size <= MOST_CELLS
    assert view.level <= min(zoom + 2, DEEPEST)


@given(ZOOMS, boxes(), st.floats(0, 1), st.floats(0, 1))
def test_every_position_of_a_box_is_in_its_view_and_in_its_ranges(zoom, box, across, up):
    west, south, east, north = box
    width = east - west if west <= east else east - west + 360
    longitude = west + across * width
    position = south + up * (north - south), longitude - 360 if longitude > 180 else longitude
    view = View(zoom, box)

    assert any(least <= key(*position) <= most for least, most in view.ranges()) or at_an_edge(position, box)
    assert cell_at(*position, view.level) in view or at_an_edge(position, box)


def at_an_edge(position, box):
    """Tell whether the position is on the eastern or southern side: that belongs to the next cell."""
    return abs(position[0] - box[1]) < 1e-4 or abs(position[1] - box[2]) < 1e-4


@given(ZOOMS, boxes())
def test_ranges_are_few_and_do_not_meet(zoom, box):
    ranges = View(zoom, box).ranges()

    assert len(ranges) <= 80
    assert all(first[1] < second[0] - 1 for first, second in pairwise(ranges))


def test_the_world_is_one_range():
    assert View(0).ranges() == View(22).ranges() == [(0, 4**DEEPEST - 1)]
    assert (View(0).level, View(22).level) == (2, 4)


def test_a_box_across_the_180th_meridian_has_cells_on_both_sides_only():
    view = View(4, (179, -1, -179, 1))

    cells = {cell_at(latitude, longitude, view.level) for latitude in (0.5, -0.5) for longitude in (179.5, -179.5)}
    assert view.size == len(cells) == 4
    assert all(cell in view for cell in cells)
    assert cell_at(0.5, 0.5, view.level) not in view


def test_the_box_of_a_cell_is_a_view_of_that_cell_alone():
    view = View(6, (46, 39, 47, 40))
    cell = cell_at(39.5, 46.5, view.level)
    inside = View(22, tuple(round(side, 6) for side in view.box_of(cell)))

    assert inside.size == 256
    assert inside.ranges() == [(cell << 2 * (DEEPEST - view.level), (cell + 1 << 2 * (DEEPEST - view.level)) - 1)]
