"""One column of a fixture on its way into the database: values checked, references looked up by natural key, nothing guessed."""

import sys

import orjson
from django.contrib.auth.models import Permission
from django.db import connection, models
from django.utils.translation import gettext as _

from heritage.archive.fixtures import quoted
from heritage.archive.shelves import keys_of

SMALL = 50_000  #: rows of a table whose keys are held in memory


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


def matching(model, name, further=None):
    """Return the SQL condition that a part of the natural key of ``model`` is the next parameter (see ``fixtures.part_of_key``)."""
    field = model._meta.get_field(name)
    if further:
        other = field.remote_field.model._meta
        return (
            f"{quoted(field.column)} = (SELECT {quoted(other.pk.column)} FROM {quoted(other.db_table)} "  # noqa: S608 no values
            f"WHERE {quoted(further)} = %s)"
        )
    same = "=" if not field.null else "IS" if connection.vendor == "sqlite" else "IS NOT DISTINCT FROM"
    return f"{quoted(field.column)} {same} %s"


def found(model):
    """Return the SQL that finds the primary key of a row of ``model`` by its natural key, whose parts are the next parameters."""
    table, pk = quoted(model._meta.db_table), quoted(model._meta.pk.column)
    where = " AND ".join(matching(model, *key.split("__")) for key in keys_of(model))
    return f"(SELECT {pk} FROM {table} WHERE {where})"  # noqa: S608 no values


class Unfit(Exception):
    """A value that cannot stand where it does, and why."""


class Column:
    """One column: how a fixture's value becomes what the driver takes, or a question to the database (``mark``)."""

    def __init__(self, field, other, is_own, keys):
        """``other`` is the model referred to, if any; ``is_own``: to rows of the same table, which are set when all are there."""
        self.field, self.other, self.is_own = field, other, is_own
        self.small = keys.of(other) if other is not None and not is_own else None
        self.asks = other is not None and self.small is None and not is_own
        self.mark = found(other) if self.asks else "%s"  #: what stands for the value in an INSERT
        self.parts = len(keys_of(other)) if other is not None else 0
        self.kind = kind_of(field)
        self.longest = field.max_length if isinstance(field, models.CharField) and field.max_length else sys.maxsize
        self.is_moment = isinstance(field, models.DateTimeField) and connection.vendor == "sqlite"
        self.add = self.way()  #: adds the parameters for a value to a row. Raises: Unfit

    def way(self):
        """Return the function that adds a value of this column to a row; it is called for every value of a bag."""
        if self.other is not None:
            return self.blank if self.is_own else self.refer
        return self.add_json if isinstance(self.field, models.JSONField) else self.add_plain

    def blank(self, row, value):
        row.append(None)

    def add_json(self, row, value):
        row.append(None if self.is_none(value) else orjson.dumps(value).decode())

    def add_plain(self, row, value):
        if type(value) is not self.kind:
            if not self.is_none(value):
                raise Unfit(_("“%(value)s” is not of the kind that stands here") % {"value": str(value)[:80]})
        elif self.kind is str:
            if len(value) > self.longest:
                raise Unfit(_("the text is too long"))
            if self.is_moment:
                value = value.replace("T", " ").removesuffix("Z")
        row.append(value)

    def is_none(self, value):
        """Tell whether there is no value. Raises: Unfit where one is needed."""
        if value is None and not self.field.null:
            raise Unfit(_("a value is needed"))
        return value is None

    def refer(self, row, value):
        if value is None:
            row += [None] * (self.parts if self.asks else 1)
            return
        if not isinstance(value, list) or not all(isinstance(part, str | int | None) for part in value):
            raise Unfit(_("a natural key was expected"))
        if self.asks:
            if len(value) != self.parts:
                raise Unfit(_("a natural key was expected"))
            row += value
        elif tuple(value) in self.small:
            row.append(self.small[tuple(value)])
        else:
            raise Unfit(_("“%(key)s” is not in the bag") % {"key": " ".join(map(str, value))[:100]})


def kind_of(field):
    """Return the type that a value of ``field`` has in a fixture."""
    return bool if isinstance(field, models.BooleanField) else int if isinstance(field, models.IntegerField) else str
