"""What one answer may cost: after so much time of the database its making is stopped, and the reader is told what to narrow."""

import os
import time
from abc import ABC, abstractmethod
from contextlib import ExitStack, contextmanager

from django.db import OperationalError, connections

SECONDS = 1.6  # for the database; what is made of its answers comes on top
MOST_SHARED = 4  # times as long by the clock, at most, when that many wait for each processor
STEPS = 20_000  # of SQLite's machine, between two looks at the clock: a millisecond or two


class TooCostly(Exception):
    """The answer took longer than any answer may."""


@contextmanager
def bounded():
    """Stop what the database does for one answer after ``SECONDS``. Raises: TooCostly."""
    with ExitStack() as held:
        bounds = [BOUNDS[one.vendor](one) for one in connections.all()]
        for bound in bounds:
            held.callback(bound.lift)
            held.enter_context(bound.connection.execute_wrapper(bound.execute))
        try:
            yield
        except OperationalError as fault:
            if any(bound.has_stopped(fault) for bound in bounds):
                raise TooCostly from fault
            raise


class Bound(ABC):
    """A limit of time on one connection; looks at the clock before each statement."""

    clock = staticmethod(time.monotonic)

    def __init__(self, connection):
        self.connection, self.end = connection, self.clock() + self.allowed()

    def allowed(self):
        """Return the seconds that one answer may take."""
        return SECONDS

    def execute(self, execute, sql, parameters, many, context):
        left = self.end - self.clock()
        if left <= 0:
            raise TooCostly
        self.set(left)
        return execute(sql, parameters, many, context)

    @abstractmethod
    def set(self, left):
        """Have the database stop after ``left`` seconds."""

    @abstractmethod
    def lift(self):
        """Have the database stop no more."""

    @abstractmethod
    def has_stopped(self, fault):
        """Tell whether ``fault`` is what the database says when it stops."""


class OnSQLite(Bound):
    """Processor time of the thread, in which SQLite works."""

    clock = staticmethod(time.thread_time)
    database = None

    def set(self, left):
        if self.database is None:
            self.database = self.connection.connection
            self.database.set_progress_handler(self.is_over, STEPS)

    def lift(self):
        if self.database is not None:
            self.database.set_progress_handler(None, 0)

    def is_over(self):
        return self.clock() > self.end

    def has_stopped(self, fault):
        return str(fault) == "interrupted"


class OnPostgreSQL(Bound):
    """Time by the clock, which the database looks at itself; more of it where the processors are shared by many."""

    told = None

    def allowed(self):
        waiting = os.getloadavg()[0] / (os.cpu_count() or 1)
        return SECONDS * min(max(waiting, 1), MOST_SHARED)

    def set(self, left):
        if self.told is None or left < self.told / 2:
            self.connection.connection.execute(f"SET statement_timeout TO {max(1, int(left * 1000))}")
            self.told = left

    def lift(self):
        database = self.connection.connection
        # A transaction that failed takes the setting back with everything else.
        if self.told is not None and not database.closed and database.info.transaction_status.name != "INERROR":
            database.execute("SET statement_timeout TO DEFAULT")

    def has_stopped(self, fault):
        return getattr(fault.__cause__, "sqlstate", None) == QUERY_CANCELED


QUERY_CANCELED = "57014"  # Source: PostgreSQL, Appendix A, "Error Codes"
BOUNDS = {"sqlite": OnSQLite, "postgresql": OnPostgreSQL}
