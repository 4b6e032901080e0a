"""How many entries lie where on the map: ready counts, kept up at publication, and counts made on the spot for the rest.

``Cell`` holds counts at every second level down to 14 for *slices*: all entries, and those of a kind, a condition, a type,
a kind in a condition, a type in a condition. Any view of any number of entries reads some hundred rows of it. Views that
are closer, and questions that no slice answers, are counted from the entries while those are few.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from heritage.catalogue import tallies
from heritage.catalogue.engines import engine
from heritage.catalogue.grid import DEEPEST, View
from heritage.catalogue.models import Cell

LEVELS = (2, 4, 6, 8, 10, 12, 14)
NOWHERE = -1
FEW = 5_000
SOME = 3_000
CLOSE = 2_000
PARTS = 60
ANY = "*"

# CROSS JOIN and ``facet || ''`` keep the databases from reading all types where they should look up those of a few entries.
GIVEN = """
WITH placed AS (
    SELECT edition_id, kind, condition, cell, CAST(ROUND(latitude * 1000000) AS BIGINT) AS latitude,
        CAST(ROUND(longitude * 1000000) AS BIGINT) AS longitude FROM catalogue_entry WHERE {which}
), sorted AS (
    SELECT '*|*|*' AS slice, placed.* FROM placed
    UNION ALL SELECT kind || '|*|*', placed.* FROM placed
    UNION ALL SELECT '*|*|' || condition, placed.* FROM placed
    UNION ALL SELECT kind || '|*|' || condition, placed.* FROM placed
    UNION ALL SELECT '*|' || code || '|*', placed.* FROM placed
        CROSS JOIN catalogue_entryterm WHERE entry_id = edition_id AND facet || '' = 'type'
    UNION ALL SELECT '*|' || code || '|' || condition, placed.* FROM placed
        CROSS JOIN catalogue_entryterm WHERE entry_id = edition_id AND facet || '' = 'type'
), levels (level) AS (VALUES {levels}), given AS (
    SELECT slice, level, cell >> 2 * (24 - level) AS cell, COUNT(*) AS count, SUM(latitude) AS latitudes,
        SUM(longitude) AS longitudes, SUM(edition_id) AS entries
    FROM sorted CROSS JOIN levels WHERE cell IS NOT NULL AND level <> -1 GROUP BY 1, 2, 3
    UNION ALL
    SELECT slice, level, 0, COUNT(*), 0, 0, SUM(edition_id)
    FROM sorted CROSS JOIN levels WHERE cell IS NULL AND level = -1 GROUP BY 1, 2
)
"""
COLUMNS = "slice, level, cell, count, latitudes, longitudes, entries"
READY = """
WITH part (slice, least, most) AS (VALUES {parts})
SELECT cell >> %s, SUM(count), SUM(latitudes), SUM(longitudes), SUM(entries) FROM part CROSS JOIN catalogue_cell
WHERE catalogue_cell.slice = part.slice AND level = %s AND cell BETWEEN least AND most GROUP BY 1
"""
INSIDE = "SELECT edition_id FROM catalogue_entry WHERE replaced_at IS {past} NULL AND cell BETWEEN %s AND %s"
NO_CELL = "SELECT edition_id FROM catalogue_entry WHERE replaced_at IS {past} NULL AND cell IS NULL"
OF_TERM = "SELECT entry_id FROM catalogue_entryterm WHERE facet = %s AND code IN ({codes})"
LIVE = """
SELECT cell >> %s, COUNT(*), AVG(latitude), AVG(longitude), MIN(edition_id) FROM ({found}) AS found GROUP BY 1
"""


@dataclass(frozen=True)
class Group:
    """Entries of one cell: how many, the middle of their positions, and of a single entry its primary key."""

    cell: int
    count: int
    latitude: float
    longitude: float
    entry: int


def slices(kinds=(), types=(), conditions=()):
    """Return the slices that together hold the entries asked for, each once, or ``None`` where the table has none such."""
    if len(types) > 1 or (kinds and types):
        return None
    return ["|".join(parts) for parts in product(kinds or [ANY], types or [ANY], conditions or [ANY])]


def ready(asked, view):
    """Return the groups of a view by the ready counts of ``slices``, or ``None`` if it is closer than they reach."""
    level = next((level for level in LEVELS if level >= view.level), None)
    if level is None:
        return None
    drop = 2 * (DEEPEST - level)
    parts = [(one, least >> drop, most >> drop) for one in asked for least, most in view.ranges()]
    with connection.cursor() as cursor:
        sql = READY.format(parts=", ".join(["(%s, %s, %s)"] * len(parts)))
        cursor.execute(sql, [*(value for part in parts for value in part), 2 * (level - view.level), level])
        rows = cursor.fetchall()
    return [
        Group(cell, int(count), int(north) / count / 1e6, int(east) / count / 1e6, int(entries))
        for cell, count, north, east, entries in ((row[0], int(row[1]), *row[2:]) for row in rows)
        if cell in view
    ]


def counted(rows, asked, view, **narrowing):
    """Return the view, its groups and whether their counts are exact: ready ones for the slices ``asked``, else live ones.

    A view too close for the ready counts, with too many entries to count, is given in the closest cells that are ready.
    """
    groups = asked and ready(asked, view)
    if groups is not None:
        return view, groups, True
    if asked and few([inside(view, past=False)], CLOSE) is None:
        view = view.at_level(LEVELS[-1])
        return view, ready(asked, view), True
    return view, *live(rows, view, **narrowing, most=FEW)


def nowhere(asked):
    """Return the number of entries in slices that have no shown point."""
    return sum(Cell.objects.filter(slice__in=asked, level=NOWHERE).values_list("count", flat=True))


def without_cell(rows, terms=(), *, past=False, words=False):
    """Return the number of the entries ``rows`` that have no shown point, or ``None`` where it would take too long."""
    found = rows.filter(cell__isnull=True).order_by()
    nowhere = " UNION ALL ".join(NO_CELL.format(past=word) for word in ("", "NOT")[: 1 + past])
    candidates = few([*(of_term(*term) for term in terms), (nowhere, [])], FEW)
    if candidates:
        return found.filter(pk__in=RawSQL(*candidates)).count()  # noqa: S611
    count = found[: FEW + 1].count() if words else FEW + 1
    return count if count <= FEW else None


def live(rows, view, terms=(), *, past=False, words=False, most=FEW):
    """Return the groups of the entries ``rows`` in a view, counted now, and whether that is all of them.

    No more than ``most`` entries are looked at: those in the view, those with one of the ``terms`` (facet, codes) or those
    with the ``words`` if they are so few, else ``SOME`` of every part of the view. ``past`` includes replaced entries.
    """
    found = rows.filter(cell__isnull=False).order_by()
    candidates = few([inside(view, past), *(of_term(*term) for term in terms)], most)
    complete = candidates is not None
    if candidates is None and words:
        groups = grouped(found[: most + 1], view)
        complete = sum(one.count for one in groups) <= most
    else:
        sql, parameters = candidates or some(view, past, min(most, SOME))
        groups = grouped(found.filter(pk__in=RawSQL(sql, parameters)), view)  # noqa: S611 made of our own words
    return [one for one in groups if one.cell in view], complete


def few(ways, most):
    """Return that of some queries (SQL, parameters) for primary keys which gives the fewest, or ``None`` if all give over ``most``."""
    best = None
    for sql, parameters in ways:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({sql} LIMIT {most + 1}) AS them", parameters)  # noqa: S608
            [count] = cursor.fetchone()
        if count <= most:
            best, most = (sql, parameters), count - 1
        if most < 0:
            break
    return best


def inside(view, past):
    parts = [(INSIDE.format(past=word), pair) for pair in view.ranges() for word in ("", "NOT")[: 1 + past]]
    return " UNION ALL ".join(sql for sql, _ in parts), [bound for _, pair in parts for bound in pair]


def within(rows, box, *, past=False):
    """Return those of ``rows`` that lie in a box, and whether they were looked up there because the box holds few.

    Where it holds many they are cheapest found in the order of a page; no index of positions is to tempt the database then.
    """
    west, south, east, north = box
    rows = rows.alias(up=F("latitude") + 0.0, across=F("longitude") + 0.0).filter(up__gte=south, up__lte=north)
    between = Q(across__gte=west), Q(across__lte=east)
    rows = rows.filter(*between) if west <= east else rows.filter(between[0] | between[1])
    candidates = few([inside(View(DEEPEST, box), past)], FEW)
    return (rows.filter(pk__in=RawSQL(*candidates)) if candidates else rows), candidates is not None  # noqa: S611


def first_within(rows, box, *, past=False):
    """Return those of ``rows`` that are among the first ``FEW`` entries in a box, and whether that is all of them."""
    rows, whole = within(rows, box, past=past)
    if whole:
        return rows, True
    sql, parameters = inside(View(DEEPEST, box), past)
    # Looked up beforehand: PostgreSQL takes a part with a limit for a single row, and reads it anew for each entry.
    first = [pk for (pk,) in engine(connection.alias).rows(f"{sql} LIMIT {FEW}", parameters)]
    return rows.filter(engine(connection.alias).among(first)), False


def of_term(facet, codes):
    return OF_TERM.format(codes=", ".join(["%s"] * len(codes))), [facet, *codes]


def some(view, past, most):
    """Return SQL with parameters of ``most`` primary keys from all over the view, as many of each part."""
    parts = [(INSIDE.format(past=word), pair) for pair in occupied(view) for word in ("", "NOT")[: 1 + past]]
    share = f"SELECT * FROM ({{}} LIMIT {most // len(parts)}) AS part"  # noqa: S608
    return " UNION ALL ".join(share.format(sql) for sql, _ in parts), [bound for _, pair in parts for bound in pair]


def occupied(view):
    """Return the ranges of at most ``PARTS`` cells of a view that hold anything; those of the view where it is too close."""
    level, found = view.level, {group.cell for group in ready(slices(), view) or ()}
    while len(found) > PARTS:
        level, found = level - 1, {cell >> 2 for cell in found}
    shift = 2 * (DEEPEST - level)
    return [(cell << shift, (cell + 1 << shift) - 1) for cell in sorted(found)] or view.ranges()


def grouped(found, view):
    """Return the groups of a view that the entries ``found`` form."""
    try:
        sql, parameters = found.values_list("cell", "latitude", "longitude", "edition_id").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(LIVE.format(found=sql), [2 * (DEEPEST - view.level), *parameters])
        return [Group(*row) for row in cursor.fetchall()]


def take_in(entries):
    """Count ``entries`` (see ``tallies``) in."""
    keep(entries, 1)


def leave_out(entries):
    """Count ``entries`` out again."""
    keep(entries, -1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_cell WHERE count = 0")


def keep(entries, sign):
    tallies.keep(Cell, ("slice", "level", "cell"), sums(entries), sign)


def sums(entries):
    """Return count, latitudes, longitudes and primary keys, added up, by slice, level and cell of ``entries``."""
    nowhere, placed = [], []
    for one in entries:
        parts = slices_of(one.kind, one.condition, tuple(one.codes("type")))
        if one.cell is None:
            nowhere += [(part, 0, 1, 0, 0, one.pk) for part in parts]
        else:
            north, east = round(one.latitude * 1_000_000), round(one.longitude * 1_000_000)
            placed += [(part, one.cell, 1, north, east, one.pk) for part in parts]
    found, finer = {NOWHERE: added(nowhere, 0)}, DEEPEST
    for level in reversed(LEVELS):
        found[level] = added(placed, 2 * (finer - level))
        placed, finer = [(*key, *row) for key, row in found[level].items()], level
    return {(part, level, cell): row for level in found for (part, cell), row in found[level].items()}


def added(rows, drop):
    """Return the numbers of ``rows``, added up by slice and by the cell that is left without ``drop`` bits."""
    found = {}
    for part, cell, count, north, east, keys in rows:
        key = part, cell >> drop
        row = found.get(key)
        if row is None:
            found[key] = [count, north, east, keys]
        else:
            row[0] += count
            row[1] += north
            row[2] += east
            row[3] += keys
    return found


@lru_cache(maxsize=10_000)
def slices_of(kind, condition, types):
    """Return the slices that an entry is counted in."""
    return [
        "|".join(parts)
        for parts in [
            *product((ANY, kind), (ANY,), (ANY, condition)),
            *product((ANY,), types, (ANY, condition)),
        ]
    ]


def given(which, levels):
    """Return the SQL of the cells that some entries give."""
    return GIVEN.format(which=which, levels=", ".join(f"({level})" for level in levels))


def clear():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_cell")


def differences():
    """Yield a sentence for each level whose counts are not those of the current entries."""
    stored = f"SELECT {COLUMNS} FROM catalogue_cell WHERE level = %s"  # noqa: S608
    for level in [NOWHERE, *LEVELS]:
        fresh = given("replaced_at IS NULL", [level]) + f"SELECT {COLUMNS} FROM given"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM (SELECT * FROM ({fresh}) AS a EXCEPT {stored}) AS lacking", [level])  # noqa: S608
            lacking = cursor.fetchone()[0]
            cursor.execute(f"SELECT COUNT(*) FROM ({stored} EXCEPT SELECT * FROM ({fresh}) AS a) AS wrong", [level])  # noqa: S608
            wrong = cursor.fetchone()[0]
        if lacking or wrong:
            yield f"Map, level {level}: {lacking} counts are lacking or differ, {wrong} should not be so."
