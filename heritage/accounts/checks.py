"""Checks of the settings and files on which the safety of accounts rests, run by every command of ``manage.py``."""

import os
import stat
from pathlib import Path

from django.conf import settings
from django.core.checks import Warning as Warned
from django.utils.translation import gettext as _

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def second_factor(app_configs, **options):
    """Tell where nobody needs a second factor."""
    if settings.SECOND_FACTOR != "optional":
        return []
    told = _("SECOND_FACTOR is “optional”: a password alone opens the accounts of reviewers and administrators.")
    return [Warned(told, hint=_("Set it to “reviewers” or “everyone”, or leave it out."), id="heritage.W001")]


def mail_may_be_sent():
    """Tell whether the register can send links by mail: it has a mail server, and knows its own names."""
    return bool(settings.EMAIL_CONFIGURED) and not open_hosts()


def open_hosts():
    """Return the patterns of ``ALLOWED_HOSTS``: whoever sends a request could choose the host in the links of a mail."""
    return [host for host in settings.ALLOWED_HOSTS if host == "*" or host.startswith(".")]


def hosts_of_mails(app_configs, **options):
    """Tell where links are not mailed because the register would answer to any name."""
    if not settings.EMAIL_CONFIGURED or not open_hosts():
        return []
    told = _(
        "ALLOWED_HOSTS has “%(hosts)s”, so that a stranger could choose where the links in mails lead. None are sent."
    )
    hint = _("Name each host in full.")
    return [Warned(told % {"hosts": ", ".join(open_hosts())}, hint=hint, id="heritage.W002")]


def open_files(app_configs, **options):
    """Tell of files and folders of the register that other users of this machine can open."""
    told = _("Other users of this machine can open %(path)s.")
    return [
        Warned(told % {"path": path}, hint=_("Close it: chmod -R go= %(path)s") % {"path": path}, id="heritage.W003")
        for path in written()
        if is_open(path)
    ]


def written():
    """Return the paths that the register writes: databases, the secret key, and the folders of files."""
    databases = [one["NAME"] for one in settings.DATABASES.values() if one["ENGINE"].endswith("sqlite3")]
    beside = [f"{name}{ending}" for name in databases for ending in ("", "-wal", "-shm")]
    folders = [settings.STATE_DIR, settings.MEDIA_ROOT, settings.IMPORTS_DIR, settings.DEPOSITS_DIR]
    return [Path(path) for path in [*beside, settings.STATE_DIR / "secret_key", *folders]]


def is_open(path):
    """Tell whether others can open ``path``: neither it nor the folder that it lies in is closed to them."""
    try:
        return bool(path.stat().st_mode & OTHERS and path.parent.stat().st_mode & OTHERS) and os.name == "posix"
    except OSError:  # it is not there, or not ours to look at
        return False
