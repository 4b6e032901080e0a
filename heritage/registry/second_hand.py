"""A second process for work that needs no database: it is given one thing after the other and sends back what it made of each."""

import signal
import threading
from contextlib import contextmanager
from multiprocessing import get_context


class Ended(Exception):
    """The second process is no longer there."""


class Hand:
    """The second process as the first one sees it."""

    def __init__(self, wire):
        self.wire = wire

    def give(self, part):
        """Send ``part``, which pickles; the one before must have been taken, or both may wait for one another. Raises: Ended."""
        try:
            self.wire.send(part)
        except OSError as broken:
            raise Ended from broken

    def taken(self):
        """Return what it made of the part that was given; wait for it. Raises: Ended."""
        try:
            return self.wire.recv()
        except (EOFError, OSError) as broken:
            raise Ended from broken

    def ahead(self, parts):
        """Yield what it makes of each of ``parts``; it has the next one while the caller looks at one. Raises: Ended."""
        parts = iter(parts)
        for first in parts:
            self.give(first)
            for part in parts:
                made = self.taken()
                self.give(part)
                yield made
            yield self.taken()


def may_begin():
    """Tell whether this process has no threads, such as those that answer readers: a fork would keep their locks for ever."""
    return threading.active_count() == 1 and threading.current_thread() is threading.main_thread()


@contextmanager
def second_hand(make):
    """Give a ``Hand`` that does ``make(part)``, which must leave the database alone.

    It is a fork, so it has all that this process has loaded; see ``may_begin``. If either process dies, the other one's end
    of the pipe breaks and it ends too.
    """
    context = get_context("fork")
    wire, other = context.Pipe()
    process = context.Process(target=lend, args=(make, other, wire), daemon=True)
    process.start()
    other.close()
    try:
        yield Hand(wire)
    finally:
        wire.close()
        process.join()


def lend(make, wire, other):
    """Be the second process. Ctrl-C reaches both; this one leaves it to the first, whose end it notices."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    other.close()
    try:
        while True:
            wire.send(make(wire.recv()))
    except (EOFError, OSError):
        return
