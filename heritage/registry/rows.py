"""Rows in bulk: made without asking the database, and written as plain values; for programs that write thousands at once.

The database keeps every constraint. What a form or ``clean`` would refuse is the caller's care.
"""

import json
import unicodedata
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
        made = self.of(row)
        if related:
            made._state.fields_cache.update(related)
        return made

    def of(self, values):
        """Return the row that has these column values."""
        return self.model.from_db(None, self.names, values)


def values_of(model, rows, fields=None):
    """Return the column values of ``rows``, a tuple each; of a row of a derived table only those in ``model``'s own table."""
    fields = fields or model._meta.local_concrete_fields
    taken = map(attrgetter(*(field.attname for field in fields)), rows)
    turned = [(place, turn) for place, turn in enumerate(map(turn_of, fields)) if turn]
    return [as_stored(values, turned) for values in taken]


def as_stored(values, turned):
    values = list(values)
    for place, turn in turned:
        values[place] = turn(values[place])
    return values


def turn_of(field):
    """Return what makes a value of ``field`` one that the database's own driver takes, or ``None`` where it is one already."""
    if isinstance(field, models.JSONField):
        return lambda value: None if value is None else json.dumps(value)
    if isinstance(field, models.DateField | models.DecimalField):
        return lambda value: field.get_db_prep_save(value, connection)
    return normal if getattr(field, "in_normal_form", False) else None


def normal(text):
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def write(rows):
    """Write ``rows`` of one table, whose primary keys the database gives unless they are foreign keys; the rows do not learn them."""
    if rows:
        model = type(rows[0])
        fields = [field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField)]
        insert(model, values_of(model, rows, fields), [field.name for field in fields])


def insert(model, values, columns=None):
    """Write ``values``, a sequence each of ``columns`` (field names); by default of every column of ``model``'s own table."""
    fields = [model._meta.get_field(name) for name in columns] if columns else model._meta.local_concrete_fields
    quoted = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", values)  # noqa: S608
