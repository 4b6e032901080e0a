"""The counts beside the filters: a small cube kept up at publication, and counts made on the spot for the rest.

``Facet`` holds how many current entries are of a kind, of a type (or a narrower one), in a condition and in a region, for
every combination that occurs; an empty code means "any". Regions are the places of kind region, historical unit or
district, which a register has hundreds of, not thousands. Questions that the cube cannot answer are counted from the
entries found, while those are few.
"""

import json
from collections import Counter
from dataclasses import dataclass

from django.db import connection, connections, router

from heritage.catalogue.models import Entry, Facet
from heritage.registry.vocabulary import Condition, Kind

FEW = 10_000
ANY = ""
UNTOLD = "unknown"
COLUMNS = "kind, type, condition, place, count"

# ``facet || ''`` keeps the databases from reading a whole facet where they should look up the terms of a few entries.
GIVEN = """
WITH chosen AS (
    SELECT edition_id, kind, CASE condition WHEN '' THEN 'unknown' ELSE condition END AS condition
    FROM catalogue_entry WHERE {which}
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
KEEP = """
INSERT INTO catalogue_facet (kind, type, condition, place, count)
{given}
SELECT kind, type, condition, place, {sign} count FROM given WHERE true
ON CONFLICT (kind, type, condition, place) DO UPDATE SET count = catalogue_facet.count + excluded.count
"""

# ``facet || ''`` keeps the databases from reading all of a facet where they should look up the terms of a few entries.
LIVE = {
    **{
        name: f"SELECT {name}, COUNT(*) FROM catalogue_entry WHERE edition_id {{among}} GROUP BY 1"  # noqa: S608
        for name in ("kind", "condition")
    },
    **{
        name: f"SELECT code, COUNT(*) FROM catalogue_entryterm WHERE facet || '' = '{name}' AND entry_id {{among}} GROUP BY 1"  # noqa: S608
        for name in ("type", "place")
    },
}


@dataclass(frozen=True)
class Question:
    """What the cube is asked: codes by dimension, of which kinds and conditions may be several, types and regions one."""

    kinds: tuple = ()
    types: tuple = ()
    conditions: tuple = ()
    places: tuple = ()

    def without(self, dimension):
        return Question(**{**vars(self), dimension: ()})


def counts(dimension, question, length=None):
    """Return count by code of ``dimension`` ("kinds", "types", "conditions", "places") under the rest of ``question``.

    ``None`` where the cube does not hold the answer; otherwise in order of count, the first ``length`` only.
    """
    rest = question.without(dimension)
    if not answerable(rest):
        return None
    column = dimension[:-1]
    rows = cube(rest, open_column=column).filter(count__gt=0).exclude(**{column: ANY})
    found = {}
    for code, count in rows.values_list(column, "count"):
        found[code] = found.get(code, 0) + count
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ranked[:length])


def total(question):
    """Return the number of current entries that answer ``question``, or ``None`` where the cube does not hold it."""
    if not answerable(question):
        return None
    return sum(cube(question).values_list("count", flat=True))


def answerable(question):
    """Tell whether the cube holds ``question``: several types or places would count an entry twice, small places are not in it."""
    if len(question.types) > 1 or len(question.places) > 1:
        return False
    return (
        not question.places
        or Facet.objects.filter(kind=ANY, type=ANY, condition=ANY, place=question.places[0]).exists()
    )


def cube(question, open_column=None):
    """Return the cells for the codes of ``question``, in which no code is "any"; ``open_column`` may hold whatever it likes."""
    asked = {
        "kind": question.kinds or (ANY,),
        "type": question.types or (ANY,),
        "condition": question.conditions or (ANY,),
        "place": question.places or (ANY,),
    }
    if open_column == "kind":
        asked["kind"] = Kind.values
    elif open_column == "condition":
        asked["condition"] = Condition.values
    elif open_column:
        del asked[open_column]
    return Facet.objects.filter(**{f"{column}__in": codes for column, codes in asked.items()})


def few(rows):
    """Return the primary keys of the entries ``rows``, or ``None`` where they are more than ``FEW``."""
    entries = list(rows.order_by().values_list("pk", flat=True)[: FEW + 1])
    return entries if len(entries) <= FEW else None


def live(entries, facet, length=None):
    """Return count by code of ``facet`` over the entries with these primary keys, the commonest ``length``."""
    alias = router.db_for_read(Entry)
    among = "= ANY(%s)" if connections[alias].vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    with connections[alias].cursor() as cursor:
        cursor.execute(LIVE[facet].format(among=among), [entries if "ANY" in among else json.dumps(entries)])
        counted = cursor.fetchall()
    found = Counter()
    for code, count in counted:
        found[code or UNTOLD] += count
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:length])


def take_in(entries):
    """Count the entries with these primary keys in."""
    keep(entries, "+")


def leave_out(entries):
    """Count the entries with these primary keys out again, while they are as they were when they were counted in."""
    keep(entries, "-")


def keep(entries, sign):
    entries = list(entries)
    if entries:
        which = f"edition_id IN ({', '.join(['%s'] * len(entries))})"
        with connection.cursor() as cursor:
            cursor.execute(KEEP.format(given=GIVEN.format(which=which), sign=sign), entries)


def clear():
    Facet.objects.all().delete()


def differences():
    """Yield a sentence if the cube is not what the current entries give."""
    fresh = GIVEN.format(which="replaced_at IS NULL") + f"SELECT {COLUMNS} FROM given"  # noqa: S608 no values in it
    stored = f"SELECT {COLUMNS} FROM catalogue_facet WHERE count <> 0"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM (SELECT * FROM ({fresh}) AS a EXCEPT {stored}) AS lacking")  # noqa: S608
        lacking = cursor.fetchone()[0]
        cursor.execute(f"SELECT COUNT(*) FROM ({stored} EXCEPT SELECT * FROM ({fresh}) AS a) AS wrong")  # noqa: S608
        wrong = cursor.fetchone()[0]
    if lacking or wrong:
        yield f"Counts beside the filters: {lacking} are lacking or differ, {wrong} should not be so."
