"""Rows in bulk: made without asking the database, and written as plain values; for programs that write thousands at once.

The database keeps every constraint. What a form or ``clean`` would refuse is the caller's care, and so are text in normal
form C and primary keys.
"""

import json
from operator import attrgetter

from django.db import connection, models


class Form:
    """Makes rows of one table by its field names, without asking the database and without minting references."""

    def __init__(self, model):
        self.model = model
        fields = model._meta.concrete_fields
        self.names = [field.attname for field in fields]
        self.blank = [
            None if field.name == "ref" or not field.has_default() else field.get_default() for field in fields
        ]
        self.blank = [
            "" if value is None and field.empty_strings_allowed and not field.null and not field.is_relation else value
            for value, field in zip(self.blank, fields, strict=True)
        ]
        self.places = {name: place for place, name in enumerate(self.names)}

    def __call__(self, related=None, **values):
        """Return a row; ``related`` holds the rows that its foreign keys point to, whose keys are taken from them."""
        row = self.blank.copy()
        for name, value in values.items():
            row[self.places[name]] = value
        for name, other in (related or {}).items():
            row[self.places[f"{name}_id"]] = other and other.pk
        made = self.model.from_db(None, self.names, row)
        if related:
            made._state.fields_cache.update(related)
        return made


def values_of(model, rows):
    """Return the column values of ``rows``, a tuple each; of a row of a derived table only those in ``model``'s own table."""
    fields = model._meta.local_concrete_fields
    taken = map(attrgetter(*(field.attname for field in fields)), rows)
    written = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
    if not written:
        return list(taken)
    return [
        tuple(json.dumps(value) if place in written else value for place, value in enumerate(values))
        for values in taken
    ]


def insert(model, values, columns=None):
    """Write ``values``, tuples of ``columns`` (field names); by default of every column of ``model``'s own table."""
    fields = [model._meta.get_field(name) for name in columns] if columns else model._meta.local_concrete_fields
    quoted = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", values)  # noqa: S608
