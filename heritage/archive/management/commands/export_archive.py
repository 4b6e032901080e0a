"""Make a bag for an archive."""

import json as jsonlib
import time

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from heritage.archive.bag import Unbagged
from heritage.archive.depositing import deposit
from heritage.archive.profile import LEVELS
from heritage.registry.steps import Refused

SECONDS = 5  # between lines where nobody watches


class Command(BaseCommand):
    """``export_archive OUT [--level public|full] [--with-sealed WHO WHO] [--since BAG] [--no-media] [--no-site] [--for WHOM] …``."""

    help = "Make a bag that independent programs accept and that restores to the same bytes; verify and remember it."

    def add_arguments(self, parser):
        parser.add_argument("out", help="the folder, .tar or .zip to make; nothing is overwritten")
        parser.add_argument("--level", choices=LEVELS, default="public", help="what readers see, or the whole desk")
        parser.add_argument(
            "--with-sealed",
            dest="custodians",
            nargs=2,
            default=(),
            metavar="CUSTODIAN",
            help="a full bag may hold what is sealed, and is then sealed as a whole and kept by these two accounts, "
            "which are custodians of all that is sealed",
        )
        parser.add_argument(
            "--since", metavar="BAG", help="hold only what is new since this whole bag of the same level"
        )
        parser.add_argument("--no-media", action="store_false", dest="media", help="leave held files out")
        parser.add_argument(
            "--media", action="store_true", default=True, help="with held files (as without this option)"
        )
        parser.add_argument("--no-site", action="store_false", dest="site", help="leave the pages out")
        parser.add_argument("--no-verify", action="store_false", dest="verifying", help="do not verify it afterwards")
        parser.add_argument(
            "--for", dest="for_whom", default="", metavar="WHOM", help="the archive that it is made for"
        )
        parser.add_argument("--by", metavar="USER", help="who makes it")
        parser.add_argument(
            "--offer", action="store_true", help="offer the .tar or .zip, a public bag, to readers at /data/"
        )
        parser.add_argument("--json", action="store_true", help="print the result for scripts")

    def handle(self, *, out, json, by, **options):
        names = ("level", "custodians", "since", "media", "site", "verifying", "for_whom", "offer")
        choices = {name: options[name] for name in names}
        try:
            made, found = deposit(out, by=by and account(by), watch=follow(self.stdout, quiet=json), **choices)
        except Refused as refused:
            raise CommandError("\n".join(refused.reasons)) from refused
        except Unbagged as refused:
            raise CommandError(str(refused)) from refused
        except OSError as trouble:
            raise CommandError(f"The disk does not take it: {trouble}. What was begun is removed.") from trouble
        if json and found:
            self.stdout.write(jsonlib.dumps(found.as_json(), ensure_ascii=False))
        elif not json:
            checked = " and verified" if found else ""
            self.stdout.write(f"{out} is made{checked}: level {made.level}, ledger head {made.ledger_head}.")


def account(name):
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no account “{name}”.", returncode=2)
    return user


def progress(done, total, seconds):
    """Return how far a work is in words; ``total`` is ``None`` where it is not known."""
    rate = done / max(seconds, 1e-9)
    if not total:
        return f"{done:,}, {rate:,.0f} a second"
    left = max(total - done, 0) / rate
    return f"{done:,} of {max(total, done):,}, {rate:,.0f} a second, {left:,.0f} s left"


def follow(stdout, quiet=False):
    """Return what is told of every batch: it prints what is being done, how much of how much, how fast, and the time left."""
    watched, state = stdout.isatty(), {"what": "", "done": 0, "began": 0.0, "told": 0.0}

    def watch(what, number, total=None):
        now = time.monotonic()
        if what != state["what"]:
            state.update(what=what, done=0, began=now, told=now)
        state["done"] += number
        if not quiet and now - state["told"] > (0.2 if watched else SECONDS):
            line = f"{what}: {progress(state['done'], total, now - state['began'])}"
            stdout.write(line.ljust(78), ending="\r" if watched else "\n")
            stdout.flush()
            state["told"] = now

    return watch
