"""Rows in bulk: made without asking the database, and written as plain values; for programs that write thousands at once.

The database keeps every constraint. What a form or ``clean`` would refuse is the caller's care.
"""

import json
import unicodedata
from functools import cache, lru_cache
from itertools import chain, islice
from operator import attrgetter

from django.db import connection, models
from django.db.models.base import ModelState, model_unpickle

MOST_PARAMETERS = 30_000  # of one statement, which both databases take


class Form:
    """Makes rows of one table by its field names, without asking the database and without minting references."""

    def __init__(self, model):
        self.model = model
        fields = model._meta.concrete_fields
        self.names = [field.attname for field in fields]
        self.blank = [blank(field) for field in fields]
        self.places = {name: place for place, name in enumerate(self.names)}

    def __call__(self, related=None, **values):
        """Return a row; ``related`` holds the rows that its foreign keys point to, whose keys are taken from them."""
        row = self.blank.copy()
        for name, value in values.items():
            row[self.places[name]] = value
        for name, other in (related or {}).items():
            row[self.places[f"{name}_id"]] = other and other.pk
        made = self.of(row)
        if related:
            made._state.fields_cache.update(related)
        return made

    def of(self, values):
        """Return the row that has these column values, made as if it were unpickled: without asking for defaults."""
        made = model_unpickle(self.model)
        made.__dict__.update(zip(self.names, values, strict=True))
        made._state = ModelState()
        made._state.adding = False
        return made


@cache
def form_of(model):
    return Form(model)


def stored_rows(model, found):
    """Return the rows of the queryset ``found`` in a list, made at half the cost."""
    form = form_of(model)
    return [form.of(values) for values in found.values_list(*form.names)]


def blank(field):
    """Return what ``field`` holds when nothing is said: plain text where it has choices, and never a new reference."""
    value = field.get_default() if field.has_default() and field.name != "ref" else None
    if isinstance(value, str):
        return str(value)
    is_text = field.empty_strings_allowed and not field.null and not field.is_relation
    return "" if value is None and is_text else value


class Columns:
    """Some fields of a table: takes their values from rows as the database's own driver wants them."""

    def __init__(self, fields):
        self.names = [field.attname for field in fields]
        self.taken = attrgetter(*self.names)
        self.turned = [(place, turn) for place, turn in enumerate(map(turn_of, fields)) if turn]

    def __call__(self, row):
        """Return the values of ``row`` in a list."""
        return self.stored(list(self.taken(row)))

    def of(self, values):
        """Return the values, given by name, in a list."""
        return self.stored([values[name] for name in self.names])

    def stored(self, values):
        for place, turn in self.turned:
            values[place] = turn(values[place])
        return values


@cache
def every_column(model):
    """Return all columns of ``model``'s own table; of a derived table not those of its base."""
    return Columns(model._meta.local_concrete_fields)


@cache
def given_columns(model, owner=None):
    """Return the columns that the database does not fill itself, without the one named ``owner``."""
    fields = model._meta.local_concrete_fields
    return Columns([one for one in fields if not isinstance(one, models.AutoField) and one.attname != owner])


def turn_of(field):
    """Return what makes a value of ``field`` one that the driver takes, or ``None`` where it is one already."""
    if isinstance(field, models.JSONField):
        return lambda value: "[]" if value == [] else None if value is None else json.dumps(value)
    if isinstance(field, models.DateField):
        return lru_cache(maxsize=100)(lambda value: field.get_db_prep_save(value, connection))
    if isinstance(field, models.FileField):
        return str
    return normal if getattr(field, "in_normal_form", False) else None


def normal(text):
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def write(rows):
    """Write ``rows`` of one table; the primary keys that the database gives them stay unknown to them."""
    if rows:
        columns = given_columns(type(rows[0]))
        insert(type(rows[0]), columns.names, map(columns, rows))


def write_alike(pattern, differing):
    """Write rows that are like ``pattern``, which is not written itself, but for the values that each of ``differing`` names."""
    columns = given_columns(type(pattern))
    common = dict(zip(columns.names, columns(pattern), strict=True))
    insert(type(pattern), columns.names, [list((common | own).values()) for own in differing])


def rewrite(rows):
    """Write all columns of ``rows``, stored ones of one table, again; of a derived table those of its base, too."""
    if not rows:
        return
    model = type(rows[0])
    quote = connection.ops.quote_name
    for table in [*model._meta.get_parent_list(), model]:
        key = table._meta.pk
        columns = Columns([one for one in table._meta.local_concrete_fields if not one.primary_key])
        setting = ", ".join(f"{quote(table._meta.get_field(name).column)} = %s" for name in columns.names)
        statement = f"UPDATE {quote(table._meta.db_table)} SET {setting} WHERE {quote(key.column)} = %s"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.executemany(statement, [[*columns(row), row.pk] for row in rows])


def insert(model, names, values, together=False, conflict=""):
    """Write ``values``, a sequence each for the columns ``names`` of ``model``.

    ``together``: many with one statement. PostgreSQL wants it, since it answers each statement, and so does a table of
    SQLite with full-text search behind it, which closes its books after each. Elsewhere SQLite is better off without: it
    keeps a copy of every page that a statement changes until the statement has come through. ``conflict`` is what SQL
    says to do with a row that is there already.
    """
    quote = connection.ops.quote_name
    columns = ", ".join(quote(model._meta.get_field(name).column) for name in names)
    row = f"({', '.join(['%s'] * len(names))})"
    beginning = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "  # noqa: S608 values are parameters
    with connection.cursor() as cursor:
        values = iter(values)
        if connection.vendor == "sqlite" and not together:
            for first in values:  # of no rows at all the database need not hear
                cursor.executemany(f"{beginning}{row} {conflict}", chain([first], values))
            return
        while some := list(islice(values, MOST_PARAMETERS // len(names))):
            rows = ", ".join([row] * len(some))
            cursor.execute(f"{beginning}{rows} {conflict}", list(chain.from_iterable(some)))
