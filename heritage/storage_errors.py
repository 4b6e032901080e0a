"""Why the register could not store something, in words: a full disk, a folder or database that cannot be written, a busy one."""

import errno
from dataclasses import dataclass

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

FULL = _(
    "This could not be saved: the disk of the register is full. Nothing was saved. Ask whoever runs the register to make "
    "room, then try again. If you typed something, go back in your browser to find it."
)
CLOSED = _(
    "This could not be saved: the register cannot write to its disk or its database just now. Nothing was saved. Ask whoever "
    "runs the register to look at it, then try again. If you typed something, go back in your browser to find it."
)
BUSY = _(
    "This could not be saved: others are writing to the register and it did not become free in time. Nothing was saved. "
    "Try again in a minute. If you typed something, go back in your browser to find it."
)


@dataclass(frozen=True)
class StorageError:
    """What is told of it, and the status of the answer. Source: RFC 9110, 15.6.4; RFC 4918, 11.5."""

    message: str
    status: int


DISK_FULL, NOT_WRITABLE, LOCKED = StorageError(FULL, 507), StorageError(CLOSED, 503), StorageError(BUSY, 503)

OF_ERRNO = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.EFBIG: DISK_FULL,
    errno.EROFS: NOT_WRITABLE,
    errno.EACCES: NOT_WRITABLE,
    errno.EPERM: NOT_WRITABLE,
    errno.ENOTDIR: NOT_WRITABLE,
    errno.EIO: NOT_WRITABLE,
}
#: Primary result codes of SQLite. Source: https://sqlite.org/rescode.html
OF_SQLITE = {5: LOCKED, 6: LOCKED, 8: NOT_WRITABLE, 10: NOT_WRITABLE, 13: DISK_FULL, 14: NOT_WRITABLE}
#: Codes and classes of codes of PostgreSQL. Source: PostgreSQL documentation, appendix A.
OF_SQLSTATE = {"53100": DISK_FULL, "25006": NOT_WRITABLE, "55P03": LOCKED, "53": NOT_WRITABLE, "57": NOT_WRITABLE}


def storage_error(fault):
    """Return the ``StorageError`` that the exception ``fault`` tells of, or ``None`` where it is about something else."""
    if isinstance(fault, OSError):
        return OF_ERRNO.get(fault.errno)
    if not isinstance(fault, DatabaseError):
        return None
    told = fault.__cause__
    state = getattr(told, "sqlstate", None) or ""
    code = getattr(told, "sqlite_errorcode", 0) & 0xFF  # without what only extends it
    return OF_SQLITE.get(code) or OF_SQLSTATE.get(state) or OF_SQLSTATE.get(state[:2])
