"""Long work in a process of its own: who holds it, how far it is, and how it is begun from a request.

Each work has a folder. A lock on a file in it says whether somebody works; the system takes it away from a process that
dies, however it dies. How far it is stands in a file beside the lock, so that telling it never waits for the database.
Nothing has to be installed or kept running for that.
"""

import fcntl
import json
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from heritage.registry.private import opener, write_text
from heritage.registry.steps import Refused, who

TOLD_EVERY = 0.5  # seconds
TURNS, PAUSE = 3, 0.1  # of trying to hold what somebody just looked at; seconds


@contextmanager
def held(folder, busy):
    """Hold the work of ``folder``, so that nobody else does it. Raises: Refused, with the sentence ``busy``, where somebody does."""
    with lock_in(folder) as lock:
        if not any(taken(lock) or time.sleep(PAUSE) for _turn in range(TURNS)):
            raise Refused([busy])
        yield lock


def lock_in(folder):
    """Return the open file by which ``folder`` is held. Raises: Refused where it cannot be written."""
    try:
        return open(folder / "lock", "a", opener=opener)
    except OSError as fault:
        told = _(
            "The folder for this work cannot be written to: %(fault)s. Nothing was done. Ask whoever runs the register to "
            "look at it, then try again."
        )
        raise Refused([told % {"fault": fault.strerror or fault}]) from fault


def taken(lock, how=fcntl.LOCK_EX):
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_worked_on(folder):
    """Tell whether a process works on it now."""
    try:
        with (folder / "lock").open() as lock:
            return not taken(lock, fcntl.LOCK_SH)
    except OSError:  # no folder yet, or none that can be read: nobody works in it
        return False


def hand_over(folder, lock, *command):
    """Start a process that runs the management ``command`` and holds ``lock`` from now on. Raises: OSError."""
    settled = {"cwd": settings.BASE_DIR, "stdin": subprocess.DEVNULL, "start_new_session": True}
    with open(folder / "said", "ab", opener=opener) as said:
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "django", *command, "--settings", settings.SETTINGS_MODULE],
            stdout=said,
            stderr=said,
            pass_fds=[lock.fileno()],
            **settled,
        )
    threading.Thread(target=child.wait, daemon=True).start()


def how_far(folder):
    """Return {"verb", "words", "what", "done", "total", "rate", "left", "at", "by", "ended", "reasons"}; empty before any work."""
    try:
        return json.loads((folder / "progress").read_text())
    except (OSError, ValueError):
        return {}


class Telling:
    """Writes down how far a work is, now and then."""

    def __init__(self, folder, verb, words, by):
        self.path = folder / "progress"
        self.state = {"verb": verb, "words": words, "by": who(by), "what": "", "done": 0, "total": None}
        self.state |= {"rate": None, "left": None, "ended": False, "reasons": []}
        self.last = 0.0
        self.write()

    def how_far(self, progress):
        """``progress`` has ``what``, ``done``, ``total`` (or ``None``), ``rate`` (a second) and ``left`` (seconds or ``None``)."""
        self.state |= {"what": str(progress.what), "done": progress.done, "total": progress.total}
        self.state |= {"rate": progress.rate, "left": progress.left}
        if time.monotonic() - self.last > TOLD_EVERY:
            self.write()

    def ended(self, reasons=()):
        self.state |= {"ended": True, "reasons": list(reasons)}
        self.write()

    def write(self):
        self.last = time.monotonic()
        with suppress(OSError):  # a full disk stops the work itself, which tells of it
            write_text(self.path, json.dumps(self.state | {"at": timezone.now().isoformat()}))
