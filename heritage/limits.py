"""How much one request may send, and how long it may take; ``middleware`` refuses what is more, and so does ``server`` before that."""

from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

KILOBYTE, MEGABYTE = 1_000, 1_000_000
LOG_IN = 64 * KILOBYTE
ANONYMOUS = 2_500 * KILOBYTE
SIGNED_IN = 5 * MEGABYTE
OTHER_FIELDS = MEGABYTE  # what the form around uploaded files may take
UPLOADS_OF_A_FORM = 2
SMALL = 256 * KILOBYTE  # a file up to this size is handed over whole, and is no download

#: The key of the environment under which ``server`` says why it did not read a body.
REFUSED = "heritage.refused"
LATE, TOO_BUSY = "late", "too busy"


def smallest_limit(path):
    """Return the most bytes that anybody may send to ``path``."""
    return LOG_IN if path == resolve_url(settings.LOGIN_URL) else ANONYMOUS


def limit_of(path, user):
    """Return the most bytes that ``user`` may send to ``path``."""
    if not user.is_authenticated or path == resolve_url(settings.LOGIN_URL):
        return smallest_limit(path)
    if user.is_staff and path.startswith(upload_paths()):
        return UPLOADS_OF_A_FORM * settings.IMPORT_MAX_MB * MEGABYTE + OTHER_FIELDS
    return SIGNED_IN


def upload_paths():
    """Return the beginnings of the addresses that take large files: imports, and the media that the register holds."""
    return reverse("admin:app_list", args=["intake"]), reverse("admin:registry_media_changelist")
