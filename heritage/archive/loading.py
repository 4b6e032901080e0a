"""Fixtures back into an empty database: rows in bulk, references looked up by natural key, nothing guessed.

Primary keys are given in the order of the lines, so that the next export finds the rows in the same order.
"""

import json
from functools import cached_property
from itertools import islice

from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, models
from django.utils.translation import gettext as _

from heritage.archive.fixtures import keyed, quoted
from heritage.archive.shelves import keys_of
from heritage.registry.steps import Refused

BATCH = 1000
SEQUENCE = """
SELECT setval('{sequence}', GREATEST((SELECT COALESCE(MAX("{column}"), 1) FROM "{table}"), (SELECT last_value FROM {sequence})))
"""
SMALL = 100_000  #: rows of a table whose keys are held in memory


class Keys:
    """Primary keys by natural key, for tables that are small; of the others the database looks them up."""

    def __init__(self):
        self.known = {}

    def of(self, model):
        """Return primary keys by natural key of a small table, or ``None`` of a large one."""
        if model not in self.known:
            self.known[model] = permissions() if model is Permission else self.small(model)
        return self.known[model]

    @staticmethod
    def small(model):
        found = model._base_manager.order_by().values_list("pk", *keys_of(model))[: SMALL + 1]
        keys = {tuple(key): pk for pk, *key in found}
        return keys if len(keys) <= SMALL else None


def permissions():
    found = Permission.objects.values_list("pk", "codename", "content_type__app_label", "content_type__model")
    return {tuple(key): pk for pk, *key in found}


class Loader:
    """Loads one shelf from the file ``name``, whose lines ``opened`` gives anew each time it is called."""

    def __init__(self, shelf, name, opened, keys, watch):
        self.shelf, self.name, self.opened, self.keys, self.watch = shelf, name, opened, keys, watch
        self.model = shelf.model
        self.pk = self.model._meta.pk
        self.is_derived = self.pk.remote_field is not None
        self.columns = [self.column(field) for field in shelf.fields]
        self.wanted = {field.name for field in [*shelf.fields, *shelf.many]}
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
                self.watch(self.shelf.label, len(batch))
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
                row += column.values(
                    value, lambda why, column=column, number=number: self.refusal(number, column.field.name, why)
                )
            yield row, (number, fields)

    def parsed(self, number, line):
        """Return the fields of a line. Raises: Refused."""
        try:
            one = json.loads(line)
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
        return fields

    def refusal(self, number, field, why):
        where = f"{self.name}, line {number}" + (f", {field}" if field else "")
        return Refused([f"{where}: {why}."])

    def load_many(self, field, batch):
        """Write the many-to-many rows of a batch."""
        through, other = field.remote_field.through, field.remote_field.model
        near, far = (
            through._meta.get_field(name).column for name in (field.m2m_field_name(), field.m2m_reverse_field_name())
        )
        own = Column(self.pk, keyed(self.model), False, self.keys)
        there = Column(through._meta.get_field(field.m2m_reverse_field_name()), other, False, self.keys)
        rows = []
        for _row, (number, fields) in batch:
            here = own.values(fields[self.pk.name], self.refusal) if self.is_derived else [number]
            for key in fields[field.name]:
                refuse = lambda why, number=number: self.refusal(number, field.name, why)  # noqa: E731 as a callback
                rows.append([*here, *there.values(key, refuse)])
        insert(through._meta.db_table, [near, far], [own.mark if self.is_derived else "%s", there.mark], rows)

    def refer_to_itself(self):
        """Set what points to rows of the same table, which all are there only now."""
        for column in self.columns:
            if column.is_own:
                table, key = quoted(self.model._meta.db_table), quoted(self.pk.column)
                setting = f"UPDATE {table} SET {quoted(column.field.column)} = {column.found} WHERE {key} = "  # noqa: S608 no values
                setting += column_of_itself(self) if self.is_derived else "%s"
                place = self.columns.index(column)
                for batch in batched(self.own_references(column)):
                    with connection.cursor() as cursor:
                        cursor.executemany(setting, batch)
                    self.nulls[place] -= len(batch)

    def own_references(self, column):
        for number, line in enumerate(self.opened(), 1):
            fields = json.loads(line)["fields"]
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


def column_of_itself(loader):
    return Column(loader.pk, keyed(loader.model), False, Keys()).found


class Column:
    """One column: how a fixture's value becomes what the driver takes, or a question to the database (``mark``)."""

    def __init__(self, field, other, is_own, keys):
        self.field, self.other, self.is_own, self.keys = field, other, is_own, keys

    @cached_property
    def small(self):
        return self.keys.of(self.other) if self.other is not None and not self.is_own else None

    @cached_property
    def found(self):
        """The SQL that finds the primary key of what is referred to."""
        table, pk = quoted(self.other._meta.db_table), quoted(self.other._meta.pk.column)
        where = " AND ".join(f"{quoted(key)} = %s" for key in keys_of(self.other))
        return f"(SELECT {pk} FROM {table} WHERE {where})"  # noqa: S608 no values

    @cached_property
    def mark(self):
        """What stands for the value in an INSERT."""
        return self.found if self.other is not None and self.small is None and not self.is_own else "%s"

    def values(self, value, refuse):
        """Return the parameters for ``value`` in a list; ``refuse(why)`` gives the exception for one that cannot be."""
        if self.other is None:
            return [self.turn(value, refuse)]
        if self.is_own:
            return [None]
        if value is None:
            return [None] if self.mark == "%s" else [None] * len(keys_of(self.other))
        if not isinstance(value, list) or not all(isinstance(part, str | int) for part in value):
            raise refuse(_("a natural key was expected"))
        if self.small is None:
            return value
        if tuple(value) not in self.small:
            raise refuse(_("“%(key)s” is not in the bag") % {"key": " ".join(map(str, value))[:100]})
        return [self.small[tuple(value)]]

    def turn(self, value, refuse):
        field = self.field
        if value is None:
            if not field.null:
                raise refuse(_("a value is needed"))
            return None
        if isinstance(field, models.JSONField):
            return json.dumps(value)
        kind = (
            bool if isinstance(field, models.BooleanField) else int if isinstance(field, models.IntegerField) else str
        )
        if type(value) is not kind:
            raise refuse(_("“%(value)s” is not of the kind that stands here") % {"value": str(value)[:80]})
        if isinstance(field, models.CharField) and field.max_length and len(value) > field.max_length:
            raise refuse(_("the text is too long"))
        if isinstance(field, models.DateTimeField) and connection.vendor == "sqlite":
            return value.replace("T", " ").removesuffix("Z")
        return value


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
