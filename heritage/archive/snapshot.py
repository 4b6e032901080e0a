"""One state of the database throughout a long reading, in one process or in two."""

from contextlib import contextmanager

from django.db import connection, transaction

from heritage.catalogue.models import Edition, Rebuilding

ORDERS = ("PRAGMA mmap_size = 0", "PRAGMA cache_size = -16000")


@contextmanager
def snapshot(shared=""):
    """See one state of the database throughout, whoever writes meanwhile, and let them write.

    Gives whether it is one that other processes can see as well: not within a transaction that began before.
    ``shared``: the name of the snapshot that another process gave (see ``share``).
    """
    if connection.in_atomic_block:
        yield False
        return
    hold_little()
    mode = getattr(connection, "transaction_mode", None)
    connection.transaction_mode = None  # SQLite's own word is IMMEDIATE, which would keep writers out
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                order("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            if shared:
                order(f"SET TRANSACTION SNAPSHOT '{shared}'")
            yield True
    finally:
        connection.transaction_mode = mode


def hold_little():
    """Let SQLite hold little of the register in memory, in a process that goes through all of it once. The connection stays so."""
    connection.ensure_connection()  # which sets the mode
    if connection.vendor == "sqlite" and not connection.in_atomic_block:  # within a transaction it takes no such orders
        order(*ORDERS)


def order(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def share():
    """Return the name by which another process sees this snapshot; an empty text on SQLite, which has no such name."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        return cursor.fetchone()[0]


def state():
    """Return (ledger head, last rebuilding of the index): while both are the same, so is all that readers see."""
    last = Edition.objects.order_by("-position").values_list("link", flat=True).first()
    return last, last_rebuilding()


def last_rebuilding():
    """Return the last time that the index was made anew or versions were closed, as its key."""
    return Rebuilding.objects.order_by("-pk").values_list("pk", flat=True).first()


__all__ = ["hold_little", "last_rebuilding", "share", "snapshot", "state"]
