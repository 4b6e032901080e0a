"""What the journal keeps of accounts: never a password, an address of a machine or a code."""

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from heritage.registry.models import Journal
from heritage.registry.models.journal import ACCOUNT, GROUP
from heritage.registry.steps import now, who

UNKNOWN = "(no account)"  #: stands for all names that no account has, and can be the name of none
#: Most entries a day of failures to log in, for one account and for all names without an account.
FAILURES = {True: 20, False: 100}
LONGEST = 150
NOBODY = _("nobody logged in")


def note(user, verb, *by, reason="", before=None, after=None):
    """Write what was done to the account ``user``, by itself or by whoever is named; None is the command line."""
    (actor,) = by or (user,)
    write(ACCOUNT, user.get_username(), verb, who(actor), reason, before, after)


def note_group(group, verb, by, reason="", before=None, after=None):
    """Write what ``by`` did to a group."""
    write(GROUP, group.name, verb, who(by), reason, before, after)


def note_failure(username, verb="log_in_failed"):
    """Write that somebody could not log in as ``username``; of a flood only the first of each day."""
    name = "".join(letter for letter in username if letter.isprintable())[:LONGEST]
    is_known = get_user_model().objects.filter(username=name).exists()
    ref = name if is_known else UNKNOWN
    midnight = now().replace(hour=0, minute=0, second=0)
    today = Journal.objects.filter(subject_ref=ref, subject_kind=ACCOUNT, verb=verb, at__gte=midnight)
    if today.count() < FAILURES[is_known]:
        write(ACCOUNT, ref, verb, str(NOBODY), "", None, {"username": name})


def write(kind, ref, verb, name, reason, before, after):
    Journal.objects.create(
        at=now(),
        who=name,
        verb=verb,
        subject_kind=kind,
        subject_ref=ref,
        reason=reason,
        before=before,
        after=after,
    )
