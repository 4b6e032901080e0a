"""Where the files of imports wait: a folder for each, outside everything that is served, readable by the register alone."""

import re
import shutil
import tempfile
import unicodedata
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from heritage.intake.beside import files_beside
from heritage.intake.file_names import why_not_plain
from heritage.intake.mapping import MappingFaulty, parse_used
from heritage.registry.private import make_folder
from heritage.registry.steps import Refused
from heritage.registry.uploads import NamelessFileUploadHandler

LONGEST = 120
MEGABYTE = 1_000_000


def largest():
    """Return the most bytes that one file may have."""
    return settings.IMPORT_MAX_MB * MEGABYTE


def folder_of(batch):
    """Return the path of the folder of ``batch``. Raises: ValueError where its reference, read from elsewhere, is no name."""
    if why_not_plain(batch.ref):
        raise ValueError(f"{batch.ref!r} is no reference of an import")
    return Path(settings.IMPORTS_DIR) / batch.ref


def made_folder_of(batch):
    """Return the folder of ``batch``, made where there is none. Raises: Refused."""
    try:
        return make_folder(folder_of(batch))
    except OSError as fault:
        told = _(
            "The folder in which imports wait cannot be written to: %(fault)s. Nothing was done. Ask whoever runs the "
            "register to look at it (setting IMPORTS_DIR), then try again."
        )
        raise Refused([told % {"fault": fault.strerror or fault}]) from fault


def safe_name(name):
    """Return a name for a file on this machine: letters, digits and a few signs of ``name``, never a path or a hidden file."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = re.sub(r"[^\w .,()+-]", "_", name).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    stem = stem[:LONGEST].encode()[:LONGEST].decode(errors="ignore")
    return (f"{stem}.{suffix[:12]}" if suffix else stem).strip(" .") or "file"


def keep(batch, upload):
    """Write an uploaded file into the folder of ``batch`` and return its path. Raises: Refused; then nothing is left of it."""
    name = safe_name(upload.name)
    if why_not_plain(name):
        told = _("“%(name)s” is a name that the system or the register uses itself. Rename the file.")
        raise Refused([told % {"name": name}])
    path = folder_of(batch) / name
    try:
        make_folder(path.parent)
        if any(other.name.casefold() == name.casefold() for other in path.parent.iterdir()):
            raise Refused([_("There is a file “%(name)s” already. Rename one of them.") % {"name": name}])
        write(path, upload)
    except OSError as fault:
        told = _("“%(name)s” could not be stored: %(fault)s. Ask whoever runs the register to look at it.")
        raise Refused([told % {"name": name, "fault": fault.strerror or fault}]) from fault
    return path


def write(path, upload):
    """Write an upload to ``path``, whole or not at all. Raises: OSError."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as file:  # mode 0600
        waiting = Path(file.name)
        try:
            for chunk in upload.chunks():
                file.write(chunk)
            file.flush()
            waiting.replace(path)
        finally:
            waiting.unlink(missing_ok=True)


def main_file(batch):
    """Return the path of the file of ``batch``. An import from a bag has no path: its file is looked for in its own folder."""
    return Path(batch.path) if batch.path else folder_of(batch) / safe_name(batch.file_name)


def is_ours(batch):
    """Tell whether the file of ``batch`` was uploaded, rather than read from somewhere on this machine by the command."""
    return main_file(batch).parent.resolve() == folder_of(batch).resolve()


def why_not_beside(batch, mapping):
    """Return a sentence for each file that ``mapping`` may not name in ``batch``: where the main file was not uploaded, its
    folder is that of somebody on the server, and only the tables that were named there are taken.
    """
    if is_ours(batch):
        return []
    try:
        known = files_beside(parse_used(batch.mapping_text))
    except MappingFaulty:
        known = []
    told = _(
        "“%(name)s” cannot be read: the list was brought on the server, not uploaded. To read further tables, upload the "
        "list and these tables, or import it on the server: manage.py import_monuments FILE --mapping NAME."
    )
    return [told % {"name": name} for name in files_beside(mapping) if name not in known]


def discard(batch):
    """Delete the folder of ``batch`` with all that is in it; a file that lies elsewhere is not ours to delete."""
    shutil.rmtree(folder_of(batch), ignore_errors=True)


class TemporaryFiles(NamelessFileUploadHandler):
    """Keeps a large upload in a temporary file without a name; if the disk takes no more, the file is left out and the request says so.

    ``request.upload_fault``: what the system says, or missing where all went well.
    """

    def new_file(self, *args, **kwargs):
        self.has_failed = False
        try:
            super().new_file(*args, **kwargs)
        except OSError as fault:
            self.fail(fault)

    def receive_data_chunk(self, raw_data, start):
        if not self.has_failed:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as fault:
                self.fail(fault)

    def file_complete(self, file_size):
        if self.has_failed:
            return None
        try:
            return super().file_complete(file_size)
        except OSError as fault:
            return self.fail(fault)

    def fail(self, fault):
        self.has_failed = True
        self.request.upload_fault = str(fault.strerror or fault)


def upload_faults(request):
    """Return a sentence where an upload of ``request`` could not be kept; look after its form was filled."""
    fault = getattr(request, "upload_fault", "")
    told = _("The file could not be kept: %(fault)s. Ask whoever runs the register to look at it, then try again.")
    return [told % {"fault": fault}] if fault else []
