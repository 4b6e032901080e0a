"""A second process that makes pages beside the first: it sees the same state of the register and writes no file.

It is given subjects, some at a time, and sends their pages back. If either process dies, the other one's end of the pipe
breaks: the second then ends, and the first says so and leaves no bag.
"""

import signal
from contextlib import contextmanager, suppress
from multiprocessing import get_context

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from heritage.archive.snapshot import share, snapshot, state
from heritage.archive.spawned import call
from heritage.registry.steps import Refused

SITE = "heritage.archive.site.Site"
AHEAD = 2  #: parts that it has at once, so that it never waits for the first process
ENDS = 10  #: seconds within which it ends when its pipe is closed


class Companion:
    """The second process as the first one sees it. Without ``wire`` there is none, and it takes nothing."""

    def __init__(self, wire=None):
        self.wire, self.is_ready, self.waiting = wire, False, 0
        self.facts = ()

    def begin(self, *facts):
        """Tell what ``Site`` is to be made of."""
        self.facts = facts

    def feed(self, parts):
        """Give it parts (lists that pickle) from the iterator ``parts`` while it has room for more."""
        while self.takes_more() and (part := next(parts, None)):
            self.waiting += 1
            self.tell(part)

    def takes_more(self):
        if self.wire is None or self.waiting >= AHEAD:
            return False
        if not self.is_ready and self.wire.poll():
            self.greet()
        return self.is_ready

    def greet(self):
        """Hear which state it sees. One that came too late to see ours, or not at all, is done without."""
        try:
            self.is_ready = self.wire.recv() == state()
        except EOFError:
            self.is_ready = False
        if self.is_ready:
            self.tell(self.facts)
        else:
            self.wire = None

    def tell(self, what):
        with suppress(OSError):  # of one that has ended, ``ready`` will say so
            self.wire.send(what)

    def ready(self, to_the_end=False):
        """Yield the lists of pages that it has made by now; with ``to_the_end`` all that it was given. Raises: Refused."""
        try:
            while self.waiting and (to_the_end or self.wire.poll()):
                if pages := self.wire.recv():
                    yield pages
                else:
                    self.waiting -= 1
        except (EOFError, OSError) as broken:
            raise Refused(
                [_("The second process, which makes pages, has ended. Nothing is kept; run it again.")]
            ) from broken


@contextmanager
def companion():
    """Give a ``Companion`` that sees the snapshot of this process, which began just now."""
    context = get_context("spawn")  # no fork: SQLite's locks are lost on the way
    wire, other = context.Pipe()
    process = context.Process(target=call, args=(f"{__name__}.accompany", other, share()), daemon=True)
    process.start()
    other.close()
    try:
        yield Companion(wire)
    finally:
        wire.close()
        process.join(ENDS)
        if process.is_alive():
            process.kill()
            process.join()


def accompany(wire, shared):
    """Be the second process: tell which state is seen, learn what site is made, then make pages of what comes.

    Ctrl-C reaches both processes; this one leaves it to the other, whose end it notices.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with snapshot(shared):
            wire.send(state())
            site = import_string(SITE)(*wire.recv())
            while part := wire.recv():
                for pages in site.parts_pages(part):
                    wire.send(pages)
                wire.send([])
    except (EOFError, OSError):
        return


__all__ = ["Companion", "companion"]
