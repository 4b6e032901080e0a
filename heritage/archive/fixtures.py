"""Fixtures as the database writes them: one SQL expression gives a whole line of JSON, several times faster than objects.

The lines are those of ``dumpdata --natural-foreign --natural-primary --format jsonl`` but for space and the order of keys:
keys sorted, no space, and the same bytes from SQLite and PostgreSQL. Nothing is rounded.
"""

import json
from functools import lru_cache

import orjson
from django.contrib.auth.models import Permission
from django.db import connection, models

from heritage.archive.profile import BLANKED
from heritage.archive.shelves import EDITIONS, LEFT_BEHIND, keys_of
from heritage.catalogue.models import Edition

BATCH = 500
CLOSED = "t.closed_because <> ''"  #: editions that readers cannot open any longer
#: What stands for a closed edition in a public bag: hash, link, version and times stay.
PUBLIC = {"record": "''", "label": "''", "reason": "''", "content_sha256": "''", "counted": "0"}


class Dialect:
    """How SQLite says it."""

    bytewise = "COLLATE BINARY"

    def text(self, column):
        return f"json_quote({column})"

    def whole(self, column):
        return f"CAST({column} AS TEXT)"

    def decimal(self, column, places):
        return f"printf('\"%%.{places}f\"', {column})"

    def moment(self, column):
        text = f"({column} || '')"
        return f"'\"' || replace({text}, ' ', 'T') || 'Z\"'"

    def day(self, column):
        return f"'\"' || ({column} || '') || '\"'"

    def listed(self, value, rows, order):
        return f"(SELECT coalesce(group_concat(v, ','), '') FROM (SELECT {value} AS v FROM {rows} ORDER BY {order}))"  # noqa: S608 no values


class Postgresql(Dialect):
    """How PostgreSQL says it."""

    bytewise = 'COLLATE "C"'

    def text(self, column):
        return f"to_json({column}::text)::text"

    def decimal(self, column, places):
        return f"'\"' || round({column}, {places})::text || '\"'"

    def moment(self, column):
        pattern = 'YYYY-MM-DD"T"HH24:MI:SS'
        whole = f"to_char({column} AT TIME ZONE 'UTC', '{pattern}')"
        parts = f"to_char({column} AT TIME ZONE 'UTC', '.US')"
        return f"'\"' || {whole} || CASE {parts} WHEN '.000000' THEN '' ELSE {parts} END || 'Z\"'"

    def day(self, column):
        return f"'\"' || to_char({column}, 'YYYY-MM-DD') || '\"'"

    def listed(self, value, rows, order):
        return f"(SELECT coalesce(string_agg({value}, ',' ORDER BY {order} {self.bytewise}), '') FROM {rows})"  # noqa: S608 no values


def dialect():
    return Postgresql() if connection.vendor == "postgresql" else Dialect()


class Writer:
    """Writes the SELECT that gives the lines of one shelf: columns of text, with JSON columns apart.

    JSON columns come as the database keeps them and are put in canonical form here, since the engines order keys otherwise.
    """

    def __init__(self, shelf, level):
        self.shelf, self.level, self.say = shelf, level, dialect()
        self.joins, self.columns = [], []

    def query(self):
        self.text = "'{\"fields\":{'"
        fields = sorted([*self.shelf.fields, *self.shelf.many], key=lambda one: one.name)
        for place, field in enumerate(fields):
            self.add(f"'{',' if place else ''}\"{field.name}\":'")
            if isinstance(field, models.JSONField) or (self.shelf is EDITIONS and field.name == "record"):
                self.columns += [self.text, self.shown(field)]
                self.text = "''"
            else:
                self.add(self.value(field))
        self.add(f'\'}},"model":"{self.shelf.label}"}}\n\'')
        table = quoted(self.shelf.model._meta.db_table)
        columns = ", ".join([*self.columns, self.text])
        return f"SELECT {columns} FROM {table} t {' '.join(self.joins)}{self.condition()} ORDER BY {self.order()}"  # noqa: S608 no values

    def condition(self):
        """Return the SQL that leaves behind the rows that no bag holds."""
        if self.shelf.model not in LEFT_BEHIND:
            return ""
        column, values = LEFT_BEHIND[self.shelf.model]
        return f" WHERE t.{quoted(column)} NOT IN ({', '.join(repr(value) for value in values)})"

    def add(self, expression):
        self.text += f" || {expression}"

    def order(self):
        if self.shelf.is_history:
            return f"t.{quoted(self.shelf.model._meta.pk.column)}"
        parent = self.shelf.model._meta.pk.remote_field
        table = f"j_{self.shelf.model._meta.pk.column}" if parent else "t"
        return ", ".join(f"{table}.{quoted(key)} {self.say.bytewise}" for key in self.shelf.keys)

    def value(self, field):
        """Return the SQL of ``field``'s value as JSON."""
        blanked = f"{self.shelf.label}.{field.name}"
        if blanked in BLANKED:
            return f"'{json.dumps(BLANKED[blanked])}'"
        if field.many_to_many:
            return self.many(field)
        column = f"t.{quoted(field.column)}"
        if field.remote_field:
            return self.related(field, column)
        column = self.shown(field)
        said = plain(self.say, field, column)
        return f"CASE WHEN {column} IS NULL THEN 'null' ELSE {said} END" if field.null else said

    def shown(self, field):
        """Return the SQL of what the level may see of a column."""
        column = f"t.{quoted(field.column)}"
        if self.level == "public" and self.shelf is EDITIONS and field.name in PUBLIC:
            return f"CASE WHEN {CLOSED} THEN {PUBLIC[field.name]} ELSE {column} END"
        return column

    def related(self, field, column):
        """Return the natural key of what a foreign key points to."""
        other, alias = keyed(field.remote_field.model), f"j_{field.column}"
        # Whatever is joined from the left leaves the order to the table itself; SQLite else begins with few claimants and
        # sorts all claims in memory. Of a derived table the order is that of its base.
        kind = "JOIN" if field.primary_key else "LEFT JOIN"
        pk = quoted(other._meta.pk.column)
        self.joins.append(f"{kind} {quoted(other._meta.db_table)} {alias} ON {alias}.{pk} = {column}")
        key = natural(self.say, alias, other)
        return f"CASE WHEN {column} IS NULL THEN 'null' ELSE {key} END" if field.null else key

    def many(self, field):
        through, other = field.remote_field.through, field.remote_field.model
        near, far = quoted(field.m2m_column_name()), quoted(field.m2m_reverse_name())
        rows = (
            f"{quoted(through._meta.db_table)} m JOIN {quoted(other._meta.db_table)} o "
            f"ON o.{quoted(other._meta.pk.column)} = m.{far}"
        )
        if other is Permission:
            rows += " JOIN django_content_type c ON c.id = o.content_type_id"
        key = natural(self.say, "o", other)
        rows += f" WHERE m.{near} = t.{quoted(self.shelf.model._meta.pk.column)}"
        return f"'[' || {self.say.listed(key, rows, key)} || ']'"


def keyed(model):
    """Return the model whose table has the natural key of ``model``: itself, or the base that it is derived from."""
    parent = model._meta.pk.remote_field
    return keyed(parent.model) if parent else model


def plain(say, field, column):
    """Return the SQL of a value that is not empty as JSON."""
    if isinstance(field, models.BooleanField):
        return f"CASE WHEN {column} THEN 'true' ELSE 'false' END"
    if isinstance(field, models.IntegerField):
        return say.whole(column)
    if isinstance(field, models.DecimalField):
        return say.decimal(column, field.decimal_places)
    if isinstance(field, models.DateTimeField):
        return say.moment(column)
    return say.day(column) if isinstance(field, models.DateField) else say.text(column)


def natural(say, alias, model):
    """Return the SQL of a natural key as a JSON list; of permissions, whose content type has the alias ``c``, as Django's."""
    if model is Permission:
        parts = [say.text(column) for column in (f"{alias}.codename", "c.app_label", "c.model")]
    else:
        parts = [part_of_key(say, alias, model, *key.split("__")) for key in keys_of(model)]
    return "'[' || " + " || ',' || ".join(parts) + " || ']'"


def part_of_key(say, alias, model, name, further=None):
    """Return the SQL of one part of a natural key as JSON: the column ``name``, or the column ``further`` of what it points to."""
    field = model._meta.get_field(name)
    column = f"{alias}.{quoted(field.column)}"
    if further:
        other = field.remote_field.model._meta
        where = f"k.{quoted(other.pk.column)} = {column}"
        return f"(SELECT {say.text(f'k.{quoted(further)}')} FROM {quoted(other.db_table)} k WHERE {where})"  # noqa: S608 no values
    said = plain(say, field, column)
    return f"CASE WHEN {column} IS NULL THEN 'null' ELSE {said} END" if field.null else said


def quoted(name):
    return connection.ops.quote_name(name)


@lru_cache(maxsize=1000)
def canonical(text):
    """Return JSON ``text`` with sorted keys and no space, in bytes; nothing is ``null``."""
    if text is None:
        return b"null"
    value = json.loads(text) if isinstance(text, str) else text
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def lines(shelf, level):
    """Yield lists of lines (bytes, with their ends) of the fixture of ``shelf``, ``BATCH`` at a time."""
    query = Writer(shelf, level).query()
    apart = orjson.dumps if shelf is EDITIONS else canonical
    for rows in batches(query):
        yield [line(row, apart) for row in rows]


def line(row, apart):
    """Return a line of its parts; every second one is a value that ``apart`` makes JSON."""
    if len(row) == 1:
        return row[0].encode()
    return b"".join([apart(part) if place % 2 else part.encode() for place, part in enumerate(row)])


def editions(level):
    """Yield lists of (record, ledger line, database row), each a line in bytes, in the order of the ledger.

    The record is ``null`` where it is closed; the ledger's line is that of the reading room. One pass serves all three,
    since reading and decoding the records is most of the work.
    """
    for batch in batches(f"SELECT {ledger_line()}, {Writer(EDITIONS, level).query().removeprefix('SELECT ')}"):
        yield [
            (
                record.encode() + b"\n" if record else b"null\n",
                entry.encode(),
                line((before, record, after), orjson.dumps),
            )
            for entry, before, record, after in batch
        ]


def ledger_line():
    """Return the SQL of a line of the ledger."""
    names = ["subject", "ref", "version", "action", "published_at", "sha256", "link"]
    fields = [Edition._meta.get_field(name) for name in names]
    parts = [f"'\"{one.name}\": ' || {plain(dialect(), one, f't.{one.column}')}" for one in fields]
    return "'{' || " + " || ', ' || ".join(parts) + " || '}\n'"


def current_records():
    """Yield lists of rows of one column, the records of the current editions in the order of references."""
    query = f"""SELECT record FROM catalogue_edition WHERE replaced_at IS NULL AND action = 'publish'
        AND subject <> 'vocabulary' ORDER BY ref {dialect().bytewise}"""  # noqa: S608 no values
    return batches(query)


def current_names():
    """Yield lists of (name, folder of its subject, reference, label) of every name of a current record."""
    for batch in current_records():
        yield [
            (name["text"], f"{record['subject']}s", record["ref"], record["label"])
            for record in (json.loads(text) for (text,) in batch)
            for name in record.get("names", [])
            if name["text"]
        ]


def batches(query):
    """Yield lists of rows of ``query``, with constant memory on either engine."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, [])
        while rows := cursor.fetchmany(BATCH):
            yield rows
