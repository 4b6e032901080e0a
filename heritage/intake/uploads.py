"""Where the files of imports wait: a folder for each, outside everything that is served, readable by the register alone."""

import re
import shutil
import unicodedata
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from heritage.registry.steps import Refused

LONGEST = 120
MEGABYTE = 1_000_000


def largest():
    """Return the most bytes that one file may have."""
    return settings.IMPORT_MAX_MB * MEGABYTE


def folder_of(batch):
    """Return the folder of ``batch``, made on the first call."""
    folder = Path(settings.IMPORTS_DIR) / batch.ref
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def safe_name(name):
    """Return a name for a file on this machine: letters, digits and a few signs of ``name``, never a path or a hidden file."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = re.sub(r"[^\w .,()+-]", "_", name).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    while len(stem.encode()) > LONGEST:
        stem = stem[:-1]
    return (f"{stem}.{suffix[:12]}" if suffix else stem) or "file"


def keep(batch, upload):
    """Write an uploaded file into the folder of ``batch`` and return its path. Raises: Refused; then nothing is left of it."""
    try:
        path = folder_of(batch) / safe_name(upload.name)
        if path.exists():
            raise Refused([_("There is a file “%(name)s” already. Rename one of them.") % {"name": path.name}])
        write(path, upload)
    except OSError as fault:
        told = _("“%(name)s” could not be stored: %(fault)s. Ask whoever runs the register to look at it.")
        raise Refused([told % {"name": upload.name, "fault": fault.strerror or fault}]) from fault
    return path


def write(path, upload):
    """Write an upload to ``path``, whole or not at all. Raises: OSError."""
    waiting = path.with_name(f".{path.name}.part")
    try:
        with waiting.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        waiting.chmod(0o600)
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


def is_ours(batch):
    """Tell whether the file of ``batch`` was uploaded, rather than read from somewhere on this machine by the command."""
    return Path(batch.path).parent.resolve() == (Path(settings.IMPORTS_DIR) / batch.ref).resolve()


def discard(batch):
    """Delete the folder of ``batch`` with all that is in it; a file that lies elsewhere is not ours to delete."""
    shutil.rmtree(Path(settings.IMPORTS_DIR) / batch.ref, ignore_errors=True)
