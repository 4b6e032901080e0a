"""A current entry as the ready counts beside filters, on the map and along the timeline see it; and how counts are kept."""

import json
from functools import lru_cache
from typing import NamedTuple

from heritage.catalogue.models import Entry, EntryTerm, Happening
from heritage.registry.rows import insert

OF_ENTRY = ("pk", "kind", "condition", "cell", "latitude", "longitude")
OF_HAPPENING = ("mode", "cause", "effects", "since", "until")


class Counted(NamedTuple):
    """``terms`` are pairs of facet and code, ``happenings`` the values of ``OF_HAPPENING``, effects as a tuple."""

    pk: int
    kind: str
    condition: str
    cell: int | None
    latitude: float | None
    longitude: float | None
    terms: list
    happenings: list

    def codes(self, facet):
        return [code for one, code in self.terms if one == facet]


def stored(pks):
    """Return the entries with these primary keys as the database has them."""
    pks = list(pks)
    terms, happenings = {}, {}
    for pk, *term in EntryTerm.objects.filter(entry__in=pks).values_list("entry", "facet", "code"):
        terms.setdefault(pk, []).append(tuple(term))
    for pk, mode, cause, effects, *days in (
        Happening.objects.filter(entry__in=pks).order_by().values_list("entry", *OF_HAPPENING)
    ):
        happenings.setdefault(pk, []).append((mode, cause, tuple(effects), *days))
    entries = Entry.objects.filter(pk__in=pks).order_by().values_list(*OF_ENTRY)
    return [Counted(*values, terms.get(values[0], []), happenings.get(values[0], [])) for values in entries]


class Reader:
    """Reads entries from rows that were just written, so that they need not be read back."""

    def __init__(self, entry, happening):
        """``entry`` and ``happening`` are the names of the columns of such rows."""
        self.of_entry = [entry.index(name) for name in OF_ENTRY[1:]]
        self.of_happening = [happening.index(name) for name in OF_HAPPENING]

    def __call__(self, pk, entry, terms, happenings):
        mode, cause, effects, since, until = self.of_happening
        dated = [(row[mode], row[cause], parsed(row[effects]), row[since], row[until]) for row in happenings]
        return Counted(pk, *[entry[place] for place in self.of_entry], terms, dated)


@lru_cache(maxsize=1_000)
def parsed(effects):
    return tuple(json.loads(effects))


def keep(model, key, counts, sign):
    """Add to (``sign`` 1) or subtract from (-1) the rows of ``model``, whose ``key`` columns are unique, the ``counts``.

    ``counts`` holds numbers in a list by key, in the order of the columns that are not of the key; a row that is not
    there yet is made.
    """
    table = model._meta.db_table
    columns = [field.name for field in model._meta.local_concrete_fields if field.name not in key]
    added = ", ".join(f"{column} = {table}.{column} + excluded.{column}" for column in columns)
    rows = ((*found, *(sign * number for number in counts[found])) for found in sorted(counts))
    insert(model, [*key, *columns], rows, conflict=f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {added}")
