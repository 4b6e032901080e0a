"""The long work of an import: begun in the request, gone on with in a process of its own, and followed from the page.

``start`` works for some seconds in the request itself, which is all that a list of some thousand rows needs. What is not
done then goes to ``manage.py work_on_import``, started by the request and left to itself: no request runs for minutes, nobody
has to keep a page open, and readers' pages keep their two workers. Nothing else has to be installed or kept running.

A lock on a file in the import's folder says whether it is being worked on; the system takes it away from a process that
dies, however it dies. Plans begin anew; applying, submitting and publishing go on where they stopped. How far it is
stands in a file beside the lock, so that telling it never waits for the database.
"""

import fcntl
import json
import logging
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heritage.intake import publishing
from heritage.intake.applying import apply
from heritage.intake.planning import plan
from heritage.intake.undoing import undo
from heritage.intake.uploads import folder_of
from heritage.registry.steps import Refused, who

log = logging.getLogger(__name__)
PATIENCE = 5  # seconds that a request works itself
SMALL, FEW = 10_000_000, 5_000  # bytes of a file that a request begins to work on; records that it begins to take back
TOLD_EVERY = 0.5  # seconds
TURNS, PAUSE = 3, 0.1  # of trying to hold an import that somebody just looked at; seconds

#: What may be done to an import: the words for it, and how.
VERBS = {
    "plan": (gettext_lazy("Planning"), lambda batch, by, follow: plan(batch, follow)),
    "apply": (gettext_lazy("Applying"), apply),
    "submit": (gettext_lazy("Handing to the reviewers"), publishing.submit),
    "publish": (gettext_lazy("Publishing"), publishing.publish),
    "undo": (gettext_lazy("Taking back"), undo),
}


class Unfinished(Exception):
    """The request has worked long enough."""


def start(batch, verb, by):
    """Do ``verb`` to ``batch``, here or in a process of its own; tell whether it is done. Raises: Refused."""
    with held(batch) as lock:
        if is_small(batch, verb):
            try:
                do(batch, verb, by, time.monotonic() + PATIENCE)
            except Unfinished:
                pass
            else:
                return True
        hand_over(batch, verb, by, lock)
    return False


def is_small(batch, verb):
    """Tell whether a request may begin with it: taking back looks at every record before it tells how far it is."""
    return (batch.size or 0) <= SMALL and (verb != "undo" or batch.counts.get("applied", 0) <= FEW)


def do(batch, verb, by, until=None):
    """Do it in this process. Raises: Refused; Unfinished after the moment ``until``."""
    words, work = VERBS[verb]
    told = Telling(batch, verb, str(words), by)

    def follow(progress):
        told.how_far(progress)
        if until and time.monotonic() > until and progress.done != progress.total:
            raise Unfinished

    try:
        work(batch, by, follow)
    except Refused as refused:
        told.ended(refused.reasons)
        raise
    except Unfinished:
        raise
    except Exception:  # whoever waits on the page is told that it ended; it is raised on
        told.ended([_("It stopped by a fault of the program, which the register's log tells. Nothing is half stored.")])
        raise
    told.ended()


def hand_over(batch, verb, by, lock):
    """Start a process that goes on with it and holds the lock from now on. Raises: Refused."""
    command = [sys.executable, "-m", "django", "work_on_import", batch.ref, verb, "--held"]
    if by is not None:
        command += [f"--by={by.get_username()}"]  # a name may begin with a dash
    settled = {"cwd": settings.BASE_DIR, "stdin": subprocess.DEVNULL, "start_new_session": True}
    try:
        with (folder_of(batch) / "said").open("ab") as said:
            child = subprocess.Popen(  # noqa: S603
                [*command, "--settings", settings.SETTINGS_MODULE],
                stdout=said,
                stderr=said,
                pass_fds=[lock.fileno()],
                **settled,
            )
    except OSError as fault:
        log.exception("no process for import %s", batch.ref)
        told = _(
            "No process can be started on this machine (%(fault)s). On the server: manage.py work_on_import %(ref)s %(verb)s"
        )
        raise Refused([told % {"fault": fault.strerror, "ref": batch.ref, "verb": verb}]) from fault
    threading.Thread(target=child.wait, daemon=True).start()


# Whether and how far


@contextmanager
def held(batch):
    """Hold ``batch``, so that nobody else works on it. Raises: Refused where somebody does."""
    with (folder_of(batch) / "lock").open("a") as lock:
        if not any(taken(lock) or time.sleep(PAUSE) for _turn in range(TURNS)):
            raise Refused([_("This import is being worked on. Wait until that is done.")])
        yield lock


def taken(lock, how=fcntl.LOCK_EX):
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_worked_on(batch):
    """Tell whether a process works on ``batch`` now."""
    path = folder_of(batch) / "lock"
    if not path.exists():
        return False
    with path.open("a") as lock:
        return not taken(lock, fcntl.LOCK_SH)


def how_far(batch):
    """Return {"verb", "words", "what", "done", "total", "rate", "left", "at", "by", "ended", "reasons"}; empty before any work."""
    try:
        return json.loads((folder_of(batch) / "progress").read_text())
    except (FileNotFoundError, ValueError):
        return {}


class Telling:
    """Writes down how far a work is, now and then."""

    def __init__(self, batch, verb, words, by):
        self.path = folder_of(batch) / "progress"
        self.state = {"verb": verb, "words": words, "by": who(by), "what": "", "done": 0, "total": None}
        self.state |= {"rate": None, "left": None, "ended": False, "reasons": []}
        self.last = 0.0
        self.write()

    def how_far(self, progress):
        self.state |= {"what": str(progress.what), "done": progress.done, "total": progress.total}
        self.state |= {"rate": progress.rate, "left": progress.left}
        if time.monotonic() - self.last > TOLD_EVERY:
            self.write()

    def ended(self, reasons=()):
        self.state |= {"ended": True, "reasons": list(reasons)}
        self.write()

    def write(self):
        self.last = time.monotonic()
        fresh = self.path.with_suffix(".fresh")
        fresh.write_text(json.dumps(self.state | {"at": timezone.now().isoformat()}))
        fresh.replace(self.path)
