"""Fixtures back into an empty database: rows in bulk, references looked up by natural key, nothing guessed.

Primary keys are given in the order of the lines, so that the next export finds the rows in the same order.
"""

import re
from collections import Counter
from itertools import islice

import orjson
from django.db import DatabaseError, connection, models
from django.utils.translation import gettext as _

from heritage.archive.columns import Column, Unfit, found
from heritage.archive.fixtures import keyed, quoted
from heritage.archive.profile import BLANKED
from heritage.registry.steps import Refused

BATCH = 250
REF = re.compile(r"[\w-]+")  # addresses and names of folders are made of it
SEQUENCE = """
SELECT setval('{sequence}', GREATEST((SELECT COALESCE(MAX("{column}"), 1) FROM "{table}"), (SELECT last_value FROM {sequence})))
"""


class Loader:
    """Loads one shelf from the file ``name``, whose lines ``opened`` gives anew each time it is called."""

    def __init__(self, shelf, name, opened, keys, watch):
        self.shelf, self.name, self.opened, self.keys, self.watch = shelf, name, opened, keys, watch
        self.model = shelf.model
        self.pk = self.model._meta.pk
        self.is_derived = self.pk.remote_field is not None
        self.columns = [self.column(field) for field in shelf.fields]
        self.wanted = {field.name for field in [*shelf.fields, *shelf.many]}
        own = {name: f"{shelf.label}.{name}" for name in self.wanted}
        self.blank = {name: BLANKED[label] for name, label in own.items() if label in BLANKED}
        self.blanked = Counter()  # rows whose value was not taken over, by column
        self.nulls = [0] * len(self.columns)

    def column(self, field):
        other = field.remote_field and keyed(field.remote_field.model)
        return Column(
            field, other, other is not None and other is keyed(self.model) and field is not self.pk, self.keys
        )

    def load(self):
        """Write every row. Raises: Refused, saying file, line and field."""
        names = [column.field.column for column in self.columns]
        marks = [column.mark for column in self.columns]
        if not self.is_derived:
            names, marks = [self.pk.column, *names], ["%s", *marks]
        try:
            for batch in batched(self.rows()):
                insert(self.model._meta.db_table, names, marks, [row for row, _fields in batch])
                for field in self.shelf.many:
                    self.load_many(field, batch)
                self.watch(len(batch))
            self.refer_to_itself()
        except DatabaseError as refused:
            raise Refused(
                [_("%(file)s: the database refuses it: %(why)s") % {"file": self.name, "why": str(refused).strip()}]
            ) from refused
        self.refuse_lost()
        self.reset_sequence()

    def rows(self):
        """Yield (values, fields) of every line."""
        for number, line in enumerate(self.opened(), 1):
            fields = self.parsed(number, line)
            row = [] if self.is_derived else [number]
            for place, column in enumerate(self.columns):
                value = fields[column.field.name]
                if value is None or column.is_own:
                    self.nulls[place] += 1
                try:
                    column.add(row, value)
                except Unfit as why:
                    raise self.refusal(number, column.field.name, why) from why
            yield row, (number, fields)

    def parsed(self, number, line):
        """Return the fields of a line. Raises: Refused."""
        try:
            one = orjson.loads(line)
            model, fields = one["model"], one["fields"]
        except (ValueError, TypeError, KeyError) as broken:
            raise self.refusal(number, "", _("it is not a row of a fixture")) from broken
        if model != self.shelf.label or one.keys() != {"model", "fields"}:
            raise self.refusal(number, "", _("it is a row of “%(model)s”") % {"model": str(model)[:80]})
        if fields.keys() != self.wanted:
            odd = ", ".join(sorted(fields.keys() ^ self.wanted))[:200]
            raise self.refusal(
                number, odd, _("it is unknown here or missing; the bag may be of another version of this program")
            )
        if "ref" in self.wanted and not REF.fullmatch(str(fields["ref"])):
            raise self.refusal(number, "ref", _("it is no reference"))
        self.blanked.update(name for name, blank in self.blank.items() if fields[name] != blank)
        return fields | self.blank

    def refusal(self, number, field, why):
        where = f"{self.name}, line {number}" + (f", {field}" if field else "")
        return Refused([f"{where}: {why}."])

    def load_many(self, field, batch):
        """Write the many-to-many rows of a batch."""
        through, other = field.remote_field.through, field.remote_field.model
        near, far = (
            through._meta.get_field(name).column for name in (field.m2m_field_name(), field.m2m_reverse_field_name())
        )
        own = Column(self.pk, keyed(self.model), False, self.keys) if self.is_derived else None
        there = Column(through._meta.get_field(field.m2m_reverse_field_name()), other, False, self.keys)
        rows = []
        for _row, (number, fields) in batch:
            for key in fields[field.name]:
                row = []
                try:
                    own.add(row, fields[self.pk.name]) if own else row.append(number)
                    there.add(row, key)
                except Unfit as why:
                    raise self.refusal(number, field.name, why) from why
                rows.append(row)
        insert(through._meta.db_table, [near, far], [own.mark if own else "%s", there.mark], rows)

    def refer_to_itself(self):
        """Set what points to rows of the same table, which all are there only now."""
        for column in self.columns:
            if column.is_own:
                table, key = quoted(self.model._meta.db_table), quoted(self.pk.column)
                setting = f"UPDATE {table} SET {quoted(column.field.column)} = {found(column.other)} WHERE {key} = "  # noqa: S608 no values
                setting += found(keyed(self.model)) if self.is_derived else "%s"
                place = self.columns.index(column)
                for batch in batched(self.own_references(column)):
                    with connection.cursor() as cursor:
                        cursor.executemany(setting, batch)
                    self.nulls[place] -= len(batch)

    def own_references(self, column):
        for number, line in enumerate(self.opened(), 1):
            fields = orjson.loads(line)["fields"]
            if fields[column.field.name] is not None:
                yield [*fields[column.field.name], fields[self.pk.name][0] if self.is_derived else number]

    def refuse_lost(self):
        """Raise Refused where a reference found nothing: the database then holds nothing instead."""
        for column, expected in zip(self.columns, self.nulls, strict=True):
            if column.other is not None and column.field.null:
                found = self.model._base_manager.filter(**{f"{column.field.name}__isnull": True}).count()
                if found != expected:
                    told = {"file": self.name, "number": found - expected, "field": column.field.name}
                    raise Refused(
                        [
                            _("%(file)s: %(number)d rows refer by “%(field)s” to something that is not in the bag.")
                            % told
                        ]
                    )

    def reset_sequence(self):
        """Let the next key follow those that were loaded. It never goes back: a transaction that is undone does not undo this."""
        if connection.vendor != "postgresql" or not isinstance(self.model._meta.pk, models.AutoField):
            return
        table, column = self.model._meta.db_table, self.model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', column])
            [sequence] = cursor.fetchone()
            cursor.execute(SEQUENCE.format(sequence=sequence, table=table, column=column))


def insert(table, names, marks, rows):
    """Write ``rows``, flat lists of parameters, in the way that suits the database."""
    if not rows:
        return
    columns = ", ".join(map(quoted, names))
    beginning = f"INSERT INTO {quoted(table)} ({columns}) VALUES "  # noqa: S608 values are parameters
    row = f"({', '.join(marks)})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(beginning + row, rows)
        else:
            cursor.execute(beginning + ", ".join([row] * len(rows)), [value for one in rows for value in one])


def batched(rows):
    rows = iter(rows)
    while some := list(islice(rows, BATCH)):
        yield some
