"""The long work of an import: begun in the request, gone on with in a process of its own, and followed from the page.

``start`` works for some seconds in the request itself, which is all that a list of some thousand rows needs. What is not
done then goes to ``manage.py work_on_import``, started by the request and left to itself: no request runs for minutes, nobody
has to keep a page open, and readers' pages keep their two workers. Nothing else has to be installed or kept running.

Whoever works on an import holds its folder (see ``registry.background``). Plans begin anew; applying, submitting and
publishing go on where they stopped.
"""

import logging
import time

from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heritage.intake import publishing
from heritage.intake.applying import apply
from heritage.intake.planning import plan
from heritage.intake.undoing import undo
from heritage.intake.uploads import folder_of, made_folder_of
from heritage.registry import background
from heritage.registry.steps import Refused

log = logging.getLogger(__name__)
PATIENCE = 5  # seconds that a request works itself
SMALL, FEW = 10_000_000, 5_000  # bytes of a file that a request begins to work on; records that it begins to take back

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


def refused_by_machine(fault):
    """Return the ``Refused`` of a disk or a database that takes nothing more."""
    log.error("work on an import stopped", exc_info=fault)
    told = _(
        "It stopped, because the disk or the database refused: %(fault)s. Nothing is half stored. Ask whoever runs the "
        "register to look at it, then try again."
    )
    return Refused([told % {"fault": getattr(fault, "strerror", None) or fault}])


def is_small(batch, verb):
    """Tell whether a request may begin with it: taking back looks at every record before it tells how far it is."""
    return (batch.size or 0) <= SMALL and (verb != "undo" or batch.counts.get("applied", 0) <= FEW)


def do(batch, verb, by, until=None):
    """Do it in this process. Raises: Refused; Unfinished after the moment ``until``."""
    words, work = VERBS[verb]
    told = background.Telling(folder_of(batch), verb, str(words), by)

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
    except (OSError, OperationalError) as fault:
        refused = refused_by_machine(fault)
        told.ended(refused.reasons)
        raise refused from fault
    except Exception:  # whoever waits on the page is told that it ended; it is raised on
        told.ended([_("It stopped by a fault of the program, which the register's log tells. Nothing is half stored.")])
        raise
    told.ended()


def hand_over(batch, verb, by, lock):
    """Start a process that goes on with it and holds the lock from now on. Raises: Refused."""
    command = ["work_on_import", batch.ref, verb, "--held"]
    if by is not None:
        command += [f"--by={by.get_username()}"]  # a name may begin with a dash
    try:
        background.hand_over(folder_of(batch), lock, *command)
    except OSError as fault:
        log.exception("no process for import %s", batch.ref)
        told = _(
            "No process can be started on this machine (%(fault)s). On the server: manage.py work_on_import %(ref)s %(verb)s"
        )
        raise Refused([told % {"fault": fault.strerror, "ref": batch.ref, "verb": verb}]) from fault


# Whether and how far


def held(batch):
    """Hold ``batch``, so that nobody else works on it. Raises: Refused where somebody does, or its folder cannot be used."""
    return background.held(made_folder_of(batch), _("This import is being worked on. Wait until that is done."))


def is_worked_on(batch):
    """Tell whether a process works on ``batch`` now."""
    return background.is_worked_on(folder_of(batch))


def how_far(batch):
    """Return how far the last work on ``batch`` is; see ``background.how_far``."""
    return background.how_far(folder_of(batch))
