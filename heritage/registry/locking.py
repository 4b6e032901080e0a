"""Who waits for whom. Edits of the desk run side by side; a publication waits for them and has the desk to itself.

Every verb that changes the desk calls ``hold_for_edit`` (or ``lock``, which does) before it reads or locks a row; every publication calls
``hold_for_publication`` first. What is approved, written and frozen is then one state of the desk, and an edit that waited
marks the record as the publication left it. SQLite has one writer at a time (``BEGIN IMMEDIATE``), so nothing is needed there.
"""

from django.db import connection

LEDGER, DESK = 0x4845524954414745, 0x4845524954414744  # two numbers, the same for every server
BATCH = 1000  # rows named in one query, which both databases take


def hold_ledger():
    """Let only one process append to the ledger, or make its index anew, until the transaction ends."""
    advise("pg_advisory_xact_lock", LEDGER)


def hold_for_edit():
    """Keep publications away until the transaction ends; other edits go on."""
    advise("pg_advisory_xact_lock_shared", DESK)


def hold_for_publication():
    """Wait for the ledger and for the edits that are being saved, and let none begin until the transaction ends."""
    hold_ledger()
    advise("pg_advisory_xact_lock", DESK)


def advise(function, number):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [number])


def stored(row):
    """Return ``row`` as the database has it."""
    return type(row)._base_manager.get(pk=row.pk)


def lock(row):
    """Read ``row`` afresh and hold it until the transaction ends."""
    hold_for_edit()
    row.refresh_from_db(from_queryset=type(row)._base_manager.select_for_update())


def lock_all(rows):
    """Read ``rows`` afresh and hold them until the transaction ends, with one query for each thousand of a table.

    They are held in the order of their keys, so that two who hold the same rows never wait for each other.
    """
    hold_for_edit()
    for model in sorted({type(row)._meta.concrete_model for row in rows}, key=lambda model: model._meta.label):
        own = sorted((row for row in rows if isinstance(row, model)), key=lambda row: row.pk)
        for start in range(0, len(own), BATCH):
            lock_batch(model, {row.pk: row for row in own[start : start + BATCH]})


def lock_batch(model, rows):
    """Do so for ``rows`` of one table, by primary key."""
    fields = [field.attname for field in model._meta.concrete_fields]
    found = model._base_manager.select_for_update().filter(pk__in=rows).order_by("pk").values_list("pk", *fields)
    gone = set(rows)
    for pk, *values in found:
        rows[pk]._state.fields_cache.clear()
        rows[pk].__dict__.update(zip(fields, values, strict=True))
        gone.discard(pk)
    if gone:
        raise model.DoesNotExist(f"{rows[gone.pop()]} is no longer there.")
