"""Primary keys taken in advance, so that rows of several tables that belong together are written in bulk."""

from django.db import connection


def take(model, count):
    """Return ``count`` primary keys of ``model``'s table that nobody else gets. Call it in the transaction that uses them."""
    if not count:
        return []
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [f'"{table}"', column, count],
            )
            return [key for (key,) in cursor.fetchall()]
        # SQLite has one writer at a time and, with AUTOINCREMENT, goes on from the largest key there ever was.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
    return range(last + 1, last + 1 + count)


def give(rows):
    """Give each of ``rows``, all of one table or of tables with one base, the key that it will have."""
    if rows:
        model = type(rows[0])
        base = next(iter(model._meta.get_parent_list()), model)
        for row, key in zip(rows, take(base, len(rows)), strict=True):
            row.pk = key
            if base is not model:
                row.id = key
