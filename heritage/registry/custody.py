"""Taking files into custody: the bytes as they came, never changed again, with hash, size, media type and a log of what was done."""

import hashlib
import mimetypes
import re
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from heritage.registry import fitness
from heritage.registry.models import CustodyEvent
from heritage.registry.steps import Refused, now, who

#: How files begin that are known by their bytes, with their media type and ending.
BEGINNINGS = [
    (rb"\xff\xd8\xff", "image/jpeg", "jpg"),
    (rb"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (rb"GIF8[79]a", "image/gif", "gif"),
    (rb"RIFF....WEBP", "image/webp", "webp"),
    (rb"II\*\0|MM\0\*", "image/tiff", "tif"),
    (rb"%PDF-", "application/pdf", "pdf"),
]
UNKNOWN = "application/octet-stream"
ENDING = re.compile(r"[a-z0-9]{1,8}\Z")


def kind_of(first, name):
    """Return (media type, ending) of a file: by its first bytes, else by its name, which is not believed against them."""
    for start, media_type, ending in BEGINNINGS:
        if re.match(start, first, re.DOTALL):
            return media_type, ending
    guessed = mimetypes.guess_type(name)[0] or UNKNOWN
    suffix = PurePosixPath(name).suffix[1:].lower()
    known = {media_type for _start, media_type, _ending in BEGINNINGS}
    return UNKNOWN if guessed in known else guessed, suffix if ENDING.match(suffix) else "bin"


def not_for_readers(upload):
    """Return why readers cannot be given the uploaded file; an empty text if they can."""
    media_type, _ending = kind_of(beginning(upload), upload.name)
    for ask in fitness.asked:
        upload.seek(0)
        if why := ask(media_type, upload):
            return why
    return ""


def beginning(upload):
    """Return the first bytes of an uploaded file, which is at its beginning again."""
    upload.seek(0)
    found = upload.read(16)
    upload.seek(0)
    return found


def take_in(media, upload):
    """Store the uploaded file as that of ``media``, which holds none and is saved afterwards. Raises: Refused.

    The file is named by its SHA-256, so that the same bytes are kept once and a name that came with it shows nowhere.
    """
    if media.held:
        raise Refused([_("The file of a held item never changes. Make a new item, derived from this one.")])
    media.media_type, ending = kind_of(beginning(upload), upload.name)
    hashed = hashlib.sha256()
    for some in upload.chunks():
        hashed.update(some)
    media.sha256, media.size, media.held = hashed.hexdigest(), upload.size, True
    name = media.file.field.generate_filename(media, f"{media.sha256}.{ending}")
    upload.seek(0)
    media.file.name = name if is_kept(name, media.sha256) else store(name, upload)


def store(name, upload):
    """Store the uploaded file and return the name it has there; nothing is left of one that does not fit. Raises: OSError."""
    is_new = not default_storage.exists(name)
    try:
        return default_storage.save(name, upload)
    except OSError:
        if is_new:
            default_storage.delete(name)
        raise


def is_kept(name, sha256):
    """Tell whether the store has a file ``name`` with these very bytes; a run that was killed may have left a part of them."""
    if not default_storage.exists(name):
        return False
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def log(media, what, by):
    """Write an entry into the custody log of ``media``."""
    last = CustodyEvent.objects.select_for_update().filter(media=media).order_by("-pk").first()
    return CustodyEvent.objects.create(
        media=media, at=now(), what=what[:300], by=who(by), previous=last.sha256 if last else ""
    )


def log_arrival(media, upload, by):
    """Write down under which name a file came; the name stays at the desk."""
    name = "".join(letter for letter in upload.name if letter.isprintable())[:120]
    log(media, _("Taken in from the file “%(name)s”, %(size)d bytes") % {"name": name, "size": media.size}, by)
