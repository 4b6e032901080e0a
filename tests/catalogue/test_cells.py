"""The counts of the map: right after every publication, the same ready as live, and honest where they are not all."""

import random
from itertools import product

import pytest
from django.utils import timezone

from heritage.catalogue import cells, tallies
from heritage.catalogue.grid import View, key
from heritage.catalogue.models import Cell, Edition, Entry, EntryTerm
from heritage.catalogue.publish import merge, publish, rebuild, stale_entries, withdraw
from heritage.registry.models import Status
from tests.registry.make import make_citation, make_location, make_monument, make_name, make_status, make_term

pytestmark = pytest.mark.django_db

AGHDAM, SHUSHA, FIJI = (39.99, 46.93), (39.76, 46.75), (-17.7, 179.9)
NEAR_SHUSHA = (46.5, 39.5, 47, 40)


def make_placed(label, position, **fields):
    """Make a monument with its shown point at ``position``, or with none."""
    monument = make_monument(label, **fields)
    make_name(monument, label)
    if position:
        make_location(monument, latitude=f"{position[0]:.6f}", longitude=f"{position[1]:.6f}")
    make_citation(make_status(monument))
    return monument


def republish(monument):
    monument.refresh_from_db()
    publish([monument])


def counts(level, slice="*|*|*"):
    return dict(Cell.objects.filter(level=level, slice=slice).values_list("cell", "count"))


def cell_of(position, level):
    return key(*position) >> 2 * (24 - level)


def groups(zoom, box=None, **asked):
    """Return {(rounded middle): (count, entry of a single one)} of a view, ready."""
    found = cells.ready(cells.slices(**asked), View(zoom, box))
    return {(round(one.latitude, 4), round(one.longitude, 4)): one.count for one in found}


def scatter(size, seed=1):
    """Write ``size`` entries straight into the index, clustered and at random, and count them in."""
    draw, moment = random.Random(seed), timezone.now()
    for number in range(1, size + 1):
        text = f"{number:064}"
        same = {"sha256": text, "content_sha256": text, "link": text, "published_at": moment}
        Edition.objects.create(position=number, subject="monument", ref=f"m{number}", version=1, **same)
        latitude, longitude = draw.choice([SHUSHA, AGHDAM, FIJI, (draw.uniform(-80, 80), draw.uniform(-180, 180))])
        latitude, longitude = round(draw.gauss(latitude, 0.01), 5), round(min(draw.gauss(longitude, 0.01), 180), 5)
        Entry.objects.create(
            edition_id=number, ref=f"m{number}", version=1, published_at=moment, condition_rank=0, contested=False,
            threatened=False, has_image=False, has_before_after=False, has_dated_event=False, has_second_source=False,
            kind=draw.choice(["monument", "cemetery"]), condition=draw.choice(["", "destroyed", "intact"]),
            latitude=latitude, longitude=longitude, cell=key(latitude, longitude), has_location=True,
        )  # fmt: skip
        EntryTerm.objects.create(entry_id=number, facet="type", code=draw.choice(["church", "mosque"]))
    cells.take_in(tallies.stored(range(1, size + 1)))


def test_an_entry_is_counted_once_at_every_level_and_in_every_slice_that_holds_it():
    worship = make_term("monument_type", "place_of_worship")
    chapel = make_term("monument_type", "chapel", broader=worship)

    publish([make_placed("Chapel", SHUSHA, types=[chapel])])

    pk = Entry.objects.get().pk
    slices = {"*|*|*", "monument|*|*", "*|*|destroyed", "monument|*|destroyed"}
    slices |= {f"*|{code}|{value}" for code in ("chapel", "place_of_worship") for value in ("*", "destroyed")}
    rows = set(Cell.objects.values_list("slice", "level", "cell", "count", "latitudes", "longitudes", "entries"))
    assert rows == {
        (slice, level, cell_of(SHUSHA, level), 1, 39760000, 46750000, pk)
        for slice, level in product(slices, (2, 4, 6, 8, 10, 12, 14))
    }


def test_an_entry_without_a_shown_point_is_on_no_cell_but_counted_apart():
    district = make_placed("In a district", AGHDAM, public_precision="district")
    publish([make_placed("Nowhere", None), district, make_placed("Somewhere", SHUSHA)])

    assert cells.nowhere(cells.slices()) == 2
    assert cells.nowhere(cells.slices(kinds=["cemetery"])) == 0
    assert counts(14) == {cell_of(SHUSHA, 14): 1}


def test_a_position_that_changed_leaves_its_old_cell():
    monument = make_placed("Chapel", SHUSHA)
    publish([monument])
    monument.locations.update(latitude="39.990000", longitude="46.930000")

    republish(monument)

    assert counts(14) == {cell_of(AGHDAM, 14): 1}
    assert counts(2) == {cell_of(AGHDAM, 2): 1}


def test_a_condition_that_changed_leaves_its_old_slice():
    monument = make_placed("Chapel", SHUSHA)
    publish([monument, make_placed("Other", SHUSHA)])
    Status.objects.filter(monument=monument).update(value="intact")

    republish(monument)

    assert counts(8, "*|*|destroyed") == {cell_of(SHUSHA, 8): 1}
    assert counts(8, "*|*|intact") == {cell_of(SHUSHA, 8): 1}
    assert counts(8) == {cell_of(SHUSHA, 8): 2}


def test_nothing_is_left_of_a_withdrawn_monument():
    monument = make_placed("Chapel", SHUSHA)
    publish([monument])

    withdraw(monument, None, "rights", "A letter")

    assert not Cell.objects.exists()


def test_a_merged_monument_is_not_counted():
    double, survivor = make_placed("Double", SHUSHA), make_placed("Survivor", AGHDAM)
    publish([double, survivor])

    merge(double, survivor, None, "The same chapel")

    assert counts(14) == {cell_of(AGHDAM, 14): 1}


def test_a_rebuilt_index_has_the_same_counts():
    monument = make_placed("Chapel", SHUSHA)
    publish([monument, make_placed("Other", AGHDAM), make_placed("Nowhere", None)])
    make_name(monument, "Second name")
    republish(monument)
    before = set(Cell.objects.values_list())

    rebuild()

    assert set(Cell.objects.values_list()) == before
    assert list(stale_entries()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"count": 2}, "Map, level 10: 1 counts are lacking or differ, 1 should not be so."),
        ({"latitudes": 0}, "Map, level 10: 1 counts are lacking or differ, 1 should not be so."),
    ],
)
def test_a_wrong_count_is_found(change, told):
    publish([make_placed("Chapel", SHUSHA)])
    Cell.objects.filter(slice="*|*|*", level=10).update(**change)

    assert list(stale_entries()) == [told]


def test_a_lacking_and_a_needless_count_are_found():
    publish([make_placed("Chapel", SHUSHA)])
    Cell.objects.filter(slice="*|*|*", level=10).delete()
    Cell.objects.create(slice="*|*|*", level=12, cell=5, count=1, latitudes=0, longitudes=0, entries=1)

    assert list(stale_entries()) == [
        "Map, level 10: 1 counts are lacking or differ, 0 should not be so.",
        "Map, level 12: 0 counts are lacking or differ, 1 should not be so.",
    ]


def test_entries_near_one_another_are_one_group_in_the_middle_and_apart_when_looked_at_closely():
    publish([make_placed("Shusha", SHUSHA), make_placed("Aghdam", AGHDAM), make_placed("Fiji", FIJI)])

    assert groups(3) == {(39.875, 46.84): 2, FIJI: 1}
    assert groups(9, (46, 39, 48, 41)) == {SHUSHA: 1, AGHDAM: 1}
    assert groups(3, (170, -30, -170, 0)) == {FIJI: 1}


def test_a_single_entry_is_known_by_its_key():
    publish([make_placed("Shusha", SHUSHA), make_placed("Fiji", FIJI)])

    keys = {one.entry for one in cells.ready(cells.slices(), View(2))}

    assert keys == set(Entry.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("asked", "slices"),
    [
        ({}, ["*|*|*"]),
        ({"kinds": ["site"], "conditions": ["", "intact"]}, ["site|*|", "site|*|intact"]),
        ({"types": ["church"], "conditions": ["intact"]}, ["*|church|intact"]),
        ({"types": ["church", "mosque"]}, None),
        ({"kinds": ["site"], "types": ["church"]}, None),
    ],
)
def test_slices_hold_each_entry_asked_for_once_or_there_are_none(asked, slices):
    assert cells.slices(**asked) == slices


ASKED = [{}, {"kinds": ["monument"]}, {"conditions": ["", "intact"]}, {"types": ["church"], "conditions": ["intact"]}]
VIEWS = [(0, None), (3, (30, 20, 60, 60)), (5, (170, -40, -170, 0)), (9, NEAR_SHUSHA), (12, (46.7, 39.7, 46.8, 39.8))]


@pytest.fixture
def scattered():
    scatter(150)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("view", VIEWS)
def test_ready_counts_are_the_live_ones(scattered, asked, view):
    names = {"kinds": "kind__in", "conditions": "condition__in"}
    rows = Entry.objects.current().filter(**{names[name]: codes for name, codes in asked.items() if name in names})
    if "types" in asked:
        rows = rows.filter(terms__facet="type", terms__code__in=asked["types"])
    ready = cells.ready(cells.slices(**asked), View(*view))

    live, complete = cells.live(rows, View(*view))

    assert complete
    assert ready != []
    assert {one.cell: one.count for one in live} == {one.cell: one.count for one in ready}
    assert {one.entry for one in live if one.count == 1} == {one.entry for one in ready if one.count == 1}
    middles = {one.cell: (one.latitude, one.longitude) for one in ready}
    assert all((one.latitude, one.longitude) == pytest.approx(middles[one.cell]) for one in live)


def test_a_close_view_of_few_is_counted_now(scattered):
    view, found, exact = cells.counted(Entry.objects.current(), cells.slices(), View(15, (46.74, 39.75, 46.76, 39.77)))

    assert (view.level, exact) == (17, True)
    inside = Entry.objects.filter(cell__isnull=False)
    assert sum(one.count for one in found) == sum((one.cell >> 14) in view for one in inside)


def test_a_close_view_of_very_many_is_given_in_larger_cells_and_still_exact(scattered, monkeypatch):
    monkeypatch.setattr(cells, "CLOSE", 5)
    box = (46.74, 39.75, 46.76, 39.77)

    view, found, exact = cells.counted(Entry.objects.current(), cells.slices(), View(15, box))

    assert (view.level, exact) == (14, True)
    assert sum(one.count for one in found) == sum((one.cell >> 20) in view for one in Entry.objects.all())


def test_what_no_slice_holds_is_counted_now_while_it_is_few(scattered):
    rows = Entry.objects.current().filter(terms__facet="type", terms__code="church", kind="monument")

    _view, found, exact = cells.counted(rows, None, View(2), terms=[("type", ["church"])])

    assert exact
    assert sum(one.count for one in found) == rows.count()


def test_of_very_many_some_of_every_part_are_counted_and_not_called_all(scattered, monkeypatch):
    monkeypatch.setattr(cells, "FEW", 60)
    rows = Entry.objects.current().filter(kind="monument")
    whole = {one.cell: one.count for one in cells.ready(cells.slices(kinds=["monument"]), View(1))}

    found, exact = cells.live(rows, View(1), most=60)

    assert not exact
    assert 0 < sum(one.count for one in found) <= 60
    assert all(one.count <= whole[one.cell] for one in found)


def test_terms_of_few_lead_to_all_of_them_even_in_a_view_of_many(scattered):
    EntryTerm.objects.create(entry_id=7, facet="place", code="rare")
    rows = Entry.objects.current().filter(terms__facet="place", terms__code="rare")

    found, exact = cells.live(rows, View(1), [("place", ["rare"])], most=5)

    assert ([one.entry for one in found], exact) == ([7], True)


def test_words_that_find_few_are_all_counted_in_a_view_of_many(scattered):
    found, exact = cells.live(Entry.objects.filter(ref__in=["m3", "m4"]), View(1), words=True, most=5)

    assert (sum(one.count for one in found), exact) == (2, True)


def test_a_past_day_counts_what_was_known_then():
    monument = make_placed("Chapel", SHUSHA)
    publish([monument])
    monument.locations.update(latitude="39.990000", longitude="46.930000")
    republish(monument)
    old = Entry.objects.filter(replaced_at__isnull=False)

    found, exact = cells.live(old, View(9, (46, 39, 48, 41)), past=True)

    assert [(one.count, round(one.latitude, 2), exact) for one in found] == [(1, 39.76, True)]


def test_nothing_found_is_nothing(scattered):
    assert cells.live(Entry.objects.none(), View(3)) == ([], True)
