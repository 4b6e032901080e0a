"""The counts beside the filters: a small cube kept up at publication, and counts made on the spot for the rest.

``Facet`` holds how many current entries are of a kind, of a type (or a narrower one), in a condition and in a region, for
every combination that occurs; an empty code means "any". Regions are the places of kind region, historical unit or
district, which a register has hundreds of, not thousands. Questions that the cube cannot answer are counted from the
entries found, while those are few.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import product

from django.db import connection, connections, router

from heritage.catalogue import tallies
from heritage.catalogue.engines import engine
from heritage.catalogue.models import Entry, Facet
from heritage.registry.vocabulary import Condition, Kind

FEW = 10_000
ANY = ""
UNTOLD = "unknown"
COLUMNS = "kind, type, condition, place, count"
DIMENSIONS = ("kinds", "types", "conditions", "places")
TERMS = ("type", "place")
FIXED = {"kind": Kind.values, "condition": Condition.values}
HELD = "kind = '' AND type = '' AND condition = '' AND place = %s"

# ``facet || ''`` keeps the databases from reading a whole facet where they should look up the terms of a few entries.
GIVEN = """
WITH chosen AS (
    SELECT edition_id, kind, CASE condition WHEN '' THEN 'unknown' ELSE condition END AS condition
    FROM catalogue_entry WHERE replaced_at IS NULL
), typed AS (
    SELECT edition_id, '' AS code FROM chosen
    UNION ALL SELECT entry_id, code FROM catalogue_entryterm WHERE facet || '' = 'type' AND entry_id IN (SELECT edition_id FROM chosen)
), placed AS (
    SELECT edition_id, '' AS code FROM chosen
    UNION ALL SELECT entry_id, code FROM catalogue_entryterm WHERE facet || '' = 'region' AND entry_id IN (SELECT edition_id FROM chosen)
), spread AS (
    SELECT edition_id, kind, condition FROM chosen
    UNION ALL SELECT edition_id, '', condition FROM chosen
    UNION ALL SELECT edition_id, kind, '' FROM chosen
    UNION ALL SELECT edition_id, '', '' FROM chosen
), given AS (
    SELECT kind, typed.code AS type, condition, placed.code AS place, COUNT(*) AS count
    FROM spread JOIN typed ON typed.edition_id = spread.edition_id JOIN placed ON placed.edition_id = spread.edition_id
    GROUP BY 1, 2, 3, 4
)
"""


@dataclass(frozen=True)
class Question:
    """What the cube is asked: codes by dimension, of which kinds and conditions may be several, types and regions one."""

    kinds: tuple = ()
    types: tuple = ()
    conditions: tuple = ()
    places: tuple = ()

    def without(self, dimension):
        return Question(**{**vars(self), dimension: ()})


@dataclass(frozen=True)
class Answer:
    """What the cube says: the number of entries, and count by code of each dimension under the other filters.

    ``None`` stands for what the cube does not hold. Codes come in order of count, those of no entry not at all.
    """

    total: int | None
    counts: dict


def ask(question):
    """Return the ``Answer`` to ``question``, in one query of as many cells as it has codes."""
    parts, values = [], []
    for name in ("total", *DIMENSIONS):
        column = name[:-1]
        among, given = within(question.without(name) if name in DIMENSIONS else question, column)
        shown = f"{column}, SUM(count)" if name in DIMENSIONS else "'', COALESCE(SUM(count), 0)"
        grouped = f" AND {column} <> '' GROUP BY {column}" if name in DIMENSIONS else ""
        parts.append(f"SELECT '{name}', {shown} FROM catalogue_facet WHERE {among}{grouped}")  # noqa: S608
        values += given
    if question.places:
        parts.append(f"SELECT 'held', '', COUNT(*) FROM catalogue_facet WHERE {HELD}")  # noqa: S608
        values.append(question.places[0])
    found = {name: {} for name in ("total", *DIMENSIONS, "held")}
    with connections[router.db_for_read(Facet)].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for name, code, count in cursor.fetchall():
            if count or name == "total":
                found[name][code] = int(count)
    return Answer(
        found["total"][ANY] if answerable(question, found["held"]) else None,
        {
            name: ranked(found[name]) if answerable(question.without(name), found["held"]) else None
            for name in DIMENSIONS
        },
    )


def within(question, open_column):
    """Return the condition, with its values, of the cells for the codes of ``question``; ``open_column`` may hold any code."""
    conditions, values = [], []
    for name in DIMENSIONS:
        column, codes = name[:-1], getattr(question, name) or (ANY,)
        if column == open_column and column in FIXED:
            codes = FIXED[column]
        if column != open_column or column in FIXED:
            conditions.append(f"{column} IN ({', '.join(['%s'] * len(codes))})")
            values += codes
    return " AND ".join(conditions), values


def answerable(question, held):
    """Tell whether the cube holds ``question``: several types or places would count an entry twice, small places are not in it."""
    return len(question.types) < 2 and (not question.places or (len(question.places) == 1 and bool(held)))


def ranked(counts):
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def few(rows, most=None):
    """Return the primary keys of the entries ``rows``, or ``None`` where they are more than ``most`` (``FEW``)."""
    most = FEW if most is None else min(most, FEW)
    entries = list(rows.order_by().values_list("pk", flat=True)[: most + 1])
    return entries if len(entries) <= most else None


def live(entries):
    """Return, for each of "kind", "condition", "type" and "place", count by code over the entries with these primary keys.

    In order of count, in one query.
    """
    found = {name: Counter() for name in ("kind", "condition", *TERMS)}
    for (name, code), count in engine(router.db_for_read(Entry)).tally(entries, TERMS):
        if name in TERMS:
            found[name][code] += count
        else:
            found["kind"][name] += count
            found["condition"][code or UNTOLD] += count
    return {name: ranked(counts) for name, counts in found.items()}


def take_in(entries):
    """Count ``entries`` (see ``tallies``) in."""
    keep(entries, 1)


def leave_out(entries):
    """Count ``entries`` out again."""
    keep(entries, -1)


def keep(entries, sign):
    tallies.keep(Facet, ("kind", "type", "condition", "place"), given(entries), sign)


def given(entries):
    """Return the count, in a list, by kind, type, condition and place that ``entries`` give."""
    found = Counter()
    for one in entries:
        kinds, conditions = (ANY, one.kind), (ANY, one.condition or UNTOLD)
        found.update(product(kinds, (ANY, *one.codes("type")), conditions, (ANY, *one.codes("region"))))
    return {cell: [count] for cell, count in found.items()}


def clear():
    Facet.objects.all().delete()


def differences():
    """Yield a sentence if the cube is not what the current entries give."""
    fresh = GIVEN + f"SELECT {COLUMNS} FROM given"  # noqa: S608 no values in it
    stored = f"SELECT {COLUMNS} FROM catalogue_facet WHERE count <> 0"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM (SELECT * FROM ({fresh}) AS a EXCEPT {stored}) AS lacking")  # noqa: S608
        lacking = cursor.fetchone()[0]
        cursor.execute(f"SELECT COUNT(*) FROM ({stored} EXCEPT SELECT * FROM ({fresh}) AS a) AS wrong")  # noqa: S608
        wrong = cursor.fetchone()[0]
    if lacking or wrong:
        yield f"Counts beside the filters: {lacking} are lacking or differ, {wrong} should not be so."
