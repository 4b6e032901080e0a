"""Held files: their fixity with the custody log, and the copies of them that the public may have."""

import hashlib
import re
from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from heritage.archive.cleansing import CLEANSED, TooMuch, Uncleansed
from heritage.registry import custody
from heritage.registry.models import Media
from heritage.registry.steps import Refused

CHUNK = 1 << 20
PUBLISHED = "published"  #: where the public copies of a restored register are kept
ENDING = re.compile(r"[a-z0-9]{1,8}\Z")
NOTE = "txt"  #: the ending of what stands for a copy that a restored register did not come with: why it has none
#: Names of public copies: the item's reference (in bags of earlier versions the original's hash), their own hash, the ending.
KEPT = re.compile(r"[0-9a-z]{2,64}\.[0-9a-f]{64}\.[a-z0-9]{1,8}\Z")
CLEANSED_NOTE = (
    "Copy made anew from what is to be seen, without what else the original may hold on device, place and person."
)
UNCLEANSED_NOTE = "Not in this deposit: files of this kind may carry data that are not public."
REFUSED_NOTE = "Not in this deposit, since no copy can be made: {why}."
WITHHELD_NOTE = "Not in this deposit: its source is withheld, and the file could give it away."
LEFT_OUT_NOTE = "Held files were left out of this deposit."


def ending(name):
    """Return the ending of a file's name if it is a plain one, else “bin”."""
    suffix = PurePosixPath(name).suffix[1:].lower()
    return suffix if ENDING.match(suffix) else "bin"


def held():
    """Return the items that are held, in the order of references."""
    return Media.objects.filter(held=True).order_by("ref")


def chunks(item):
    """Yield the bytes of a held item. Raises: OSError, SuspiciousOperation."""
    with default_storage.open(item.file.name, "rb") as file:
        while some := file.read(CHUNK):
            yield some


def fault(item):
    """Return what is wrong with the bytes of a held item; an empty text when they are as they were taken in."""
    found, size = hashlib.sha256(), 0
    try:
        for some in chunks(item):
            found.update(some)
            size += len(some)
    except (OSError, SuspiciousOperation) as missing:
        return _("its file cannot be read (%(why)s)") % {"why": getattr(missing, "strerror", None) or _("no such file")}
    if found.hexdigest() != item.sha256:
        return _("its file has changed: SHA-256 %(found)s where %(wanted)s was taken in") % {
            "found": found.hexdigest(),
            "wanted": item.sha256,
        }
    if item.size is not None and item.size != size:
        return _("its file has %(found)d bytes, %(wanted)d are recorded") % {"found": size, "wanted": item.size}
    return ""


def faults():
    """Yield (item, what is wrong) for each held item whose bytes are not as they were taken in."""
    for item in held().iterator():
        if wrong := fault(item):
            yield item, wrong


@transaction.atomic
def check(item, by=None):
    """Compare a held item with its hash, and write what was found into its custody log. Returns what is wrong."""
    wrong = fault(item)
    said = _("Fixity checked: %(wrong)s") % {"wrong": wrong} if wrong else _("Fixity checked: unchanged")
    custody.log(item, said, by)
    return wrong


class NoCopy(Exception):
    """That readers get no copy of a file, as the table of media says it."""


class Copies:
    """The public copies of held items, by what their records say of them."""

    def __init__(self):
        self.kept = {name.split(".")[0]: name for name in listed(PUBLISHED) if KEPT.match(name)}

    def copy(self, item):
        """Return (bytes, ending) of the public copy of ``item``, a held item as a record has it.

        Raises: Refused, when the bytes are not there or have changed, or the copy takes too long; NoCopy, when none can be made.
        """
        if item["media_type"] not in CLEANSED:
            raise NoCopy(UNCLEANSED_NOTE)
        suffix, cleanse = CLEANSED[item["media_type"]]
        row = self.row(item)
        if row is None and item["ref"] in self.kept:
            name = self.kept[item["ref"]]
            content = self.kept_copy(item, name)
            if ending(name) == NOTE:
                raise NoCopy(content.decode())
            return content, ending(name)
        try:
            return cleanse(self.original(item, row)), suffix
        except TooMuch as why:
            raise refusal(item, str(why)) from why
        except Uncleansed as why:
            raise NoCopy(REFUSED_NOTE.format(why=why)) from why

    @staticmethod
    def row(item):
        """Return the row of the desk; records of earlier versions say by its hash which file it was."""
        row = Media.objects.filter(ref=item["ref"], held=True).first()
        return None if row is None or item["sha256"] not in ("", row.sha256) else row

    def original(self, item, row):
        """Return the bytes at the desk, or in a register that was restored from a bag of an earlier version the copy in it."""
        if row is None and item["sha256"] in self.kept:
            return self.kept_copy(item, self.kept[item["sha256"]])
        if row is None:
            raise refusal(item, _("the register holds no file for it any longer; publish its record again"))
        if wrong := fault(row):
            raise refusal(item, wrong)
        return b"".join(chunks(row))

    def kept_copy(self, item, name):
        """Return the public copy that a restored register came with, which is never made a second time."""
        with default_storage.open(f"{PUBLISHED}/{name}", "rb") as file:
            content = file.read()
        if sha256_of(content) != name.split(".")[1]:
            raise refusal(item, _("its public copy has changed"))
        return content


def sha256_of(content):
    return hashlib.sha256(content).hexdigest()


def refusal(item, why):
    return Refused([_("Media item %(ref)s: %(why)s.") % {"ref": item["ref"], "why": why}])


def listed(folder):
    try:
        return default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return []
