"""Deposits made at the desk: each has a folder, in which a process of its own makes the bag, keeps it and verifies it again.

What was ordered stands in a file of the folder until the deposit is remembered. A bag takes its name as the last thing and
is a deposit only when the list of deposits has it, so nothing that a killed process leaves is ever taken for one.
"""

import json
import logging
import shutil
import time
from pathlib import Path

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heritage.archive.bag import Unbagged, file_hash, remove_leftovers
from heritage.archive.depositing import deposit
from heritage.archive.models import Deposit
from heritage.archive.verifying import verify
from heritage.registry import background
from heritage.registry.private import make_folder, opener
from heritage.registry.refs import mint
from heritage.registry.steps import Refused, now, who
from heritage.storage_errors import storage_error

log = logging.getLogger(__name__)
ORDER = "order.json"
BUSY = gettext_lazy("Another deposit is being made or verified. Wait until that is done.")


def root():
    """Return the folder of all deposits that are kept here; nothing serves it."""
    folder = Path(settings.DEPOSITS_DIR)
    make_folder(folder)
    return folder


def folder_of(ref):
    return root() / ref


def kept(made):
    """Return the path of the bag of the deposit ``made`` if it is kept here, else ``None``."""
    path = folder_of(made.ref) / made.name
    return path if path.is_file() else None


# Orders


def order(by, level, ending, **choices):
    """Write down what bag is to be made and begin it; return its reference. Raises: Refused, with nothing left."""
    ref = mint()
    try:
        return write_order(ref, by, level, ending, choices)
    except OSError as fault:
        log.exception("the order of a deposit could not be written")
        if (unsaved := storage_error(fault)) is None:
            raise
        shutil.rmtree(Path(settings.DEPOSITS_DIR) / ref, ignore_errors=True)
        raise Refused([unsaved.message]) from fault


def write_order(ref, by, level, ending, choices):
    """Write down the order ``ref`` and begin it. Raises: Refused, OSError."""
    name = f"{slugify(settings.REGISTER_NAME) or 'register'}-{level}-{now():%Y-%m-%d}-{ref}{ending}"
    folder_of(ref).mkdir(mode=0o700)
    told = choices | {"level": level, "name": name, "who": who(by), "at": now().isoformat()}
    with open(folder_of(ref) / ORDER, "x", opener=opener) as order:
        order.write(json.dumps(told))
    try:
        begin(ref, "make", by)
    except Refused:
        shutil.rmtree(folder_of(ref))
        raise
    return ref


def ordered(ref):
    """Return what was ordered under ``ref``; ``None`` where nothing was, or where it is made."""
    try:
        told = json.loads((folder_of(ref) / ORDER).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return None if Deposit.objects.filter(ref=ref).exists() else told


def open_orders():
    """Return (reference, what was ordered) of what is not made yet, newest first."""
    refs = [path.parent.name for path in root().glob(f"*/{ORDER}")]
    found = [(ref, told) for ref in refs if (told := ordered(ref))]
    return sorted(found, key=lambda one: one[1]["at"], reverse=True)


def discard(ref):
    """Forget an order that was not made, with all that was begun. Raises: Refused."""
    with background.held(folder_of(ref), str(BUSY)):
        if ordered(ref):
            shutil.rmtree(folder_of(ref))


# The work


def begin(ref, verb, by):
    """Start a process that does ``verb`` to ``ref``; there is one at a time. Raises: Refused."""
    folder = folder_of(ref)
    folder.mkdir(mode=0o700, exist_ok=True)
    remove_all_leftovers()
    with background.held(root(), str(BUSY)):
        if any(background.is_worked_on(one) for one in root().iterdir() if one.is_dir()):
            raise Refused([BUSY])
        with background.held(folder, str(BUSY)) as lock:
            background.Telling(folder, verb, str(VERBS[verb][0]), by)
            hand_over(ref, verb, by, lock)


def remove_all_leftovers():
    """Remove what killed processes left in the folders of deposits; a living one holds its own."""
    for folder in root().iterdir():
        if folder.is_dir():
            remove_leftovers(folder)


def hand_over(ref, verb, by, lock):
    named = [f"--by={by.get_username()}"] if by is not None else []
    try:
        background.hand_over(folder_of(ref), lock, "work_on_deposit", ref, verb, "--held", *named)
    except OSError as fault:
        log.exception("no process for deposit %s", ref)
        told = _(
            "No process can be started on this machine (%(fault)s). On the server: manage.py work_on_deposit %(ref)s %(verb)s"
        )
        raise Refused([told % {"fault": fault.strerror, "ref": ref, "verb": verb}]) from fault


def do(ref, verb, by):
    """Do it in this process, and tell how far it is. Raises: Refused."""
    words, work = VERBS[verb]
    told = background.Telling(folder_of(ref), verb, str(words), by)
    try:
        work(ref, by, Watch(told))
    except Refused as refused:
        told.ended(refused.reasons)
        raise
    except (Unbagged, OSError) as trouble:
        told.ended([_("It could not be written: %(why)s. What was begun is removed.") % {"why": trouble}])
        raise
    except Exception:  # whoever waits on the page is told that it ended; it is raised on
        told.ended([_("It stopped by a fault of the program, which the register's log tells.")])
        raise
    told.ended()


def make(ref, by, watch):
    """Make the bag that was ordered, anew from the start, and remember it. Raises: Refused, Unbagged, OSError."""
    told = ordered(ref)
    if told is None:
        raise Refused([_("Nothing is ordered under this reference.")])
    out = folder_of(ref) / told["name"]
    out.unlink(missing_ok=True)  # of a run that was killed before the bag was verified and remembered
    before = Deposit.objects.filter(ref=told["previous"]).first() if told["previous"] else None
    if told["previous"] and not (before and kept(before)):
        raise Refused([_("The deposit that this one is to add to is no longer kept here.")])
    choices = {name: told[name] for name in ("level", "for_whom", "media", "site", "custodians", "offer")}
    deposit(out, since=before and str(kept(before)), by=by, ref=ref, watch=watch, **choices)
    (folder_of(ref) / ORDER).unlink()


def check(ref, by, watch):
    """Verify the bag of a deposit again and note what was found. Raises: Refused, with what is wrong."""
    made = Deposit.objects.get(ref=ref)
    wrong = list(faults(made, watch))
    made.checked_at, made.wrong = now(), "\n".join(wrong)
    made.save(update_fields=["checked_at", "wrong"])
    if wrong:
        raise Refused(wrong)


def faults(made, watch):
    """Yield what is wrong with the bag of a deposit: against the list of deposits, and in itself."""
    path = kept(made)
    if path is None:
        yield _("Its file is not here any longer.")
        return
    if file_hash(path, "sha256") != made.sha256:
        yield _("The file has changed: its SHA-256 is not the one that was written down when it was made.")
    before = made.previous and kept(made.previous)
    yield from verify(path, previous=before and str(before), watch=watch).faults.sentences()


VERBS = {
    "make": (gettext_lazy("Making the deposit"), make),
    "check": (gettext_lazy("Verifying the deposit"), check),
}


class Watch:
    """Adds up what is told of batches, as ``background.Telling`` wants it."""

    def __init__(self, told):
        self.told, self.what, self.total, self.done = told, "", None, 0
        self.began = self.last = time.monotonic()

    def __call__(self, what, number, total=None):
        if what != self.what:  # it began when the last thing before it was told
            self.what, self.done, self.began = what, 0, self.last
        self.done += number
        self.total = total and max(total, self.done)
        self.told.how_far(self)
        self.last = time.monotonic()

    @property
    def rate(self):
        return self.done / max(time.monotonic() - self.began, 1e-6)

    @property
    def left(self):
        return None if not self.total else (self.total - self.done) / self.rate
