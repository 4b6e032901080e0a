"""Making a deposit: the bag, its verification, and the memory of it, which is in no bag."""

import shutil
from contextlib import ExitStack
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heritage.archive.bag import file_hash
from heritage.archive.exporting import Export
from heritage.archive.models import Deposit
from heritage.archive.packing import is_packed
from heritage.archive.reading import unwatched
from heritage.archive.snapshot import last_rebuilding
from heritage.archive.verifying import verified, verify
from heritage.catalogue.models import Edition
from heritage.registry.locking import hold_ledger
from heritage.registry.steps import Refused, note_access, now

RECALLED = gettext_lazy(
    "Versions were closed since this deposit was begun, and it may hold them. It cannot be offered to readers. Make a new one."
)


def deposit(
    out,
    level="public",
    since=None,
    for_whom="",
    by=None,
    offer=False,
    verifying=True,
    ref=None,
    watch=unwatched,
    **choices,
):
    """Make the bag ``out``, verify it and remember it. Returns (``Deposit``, ``Verified`` or ``None``).

    ``since``: path of the bag that is not to be repeated; ``offer``: copy the packed public bag into the store, for /data/;
    ``ref``: the reference of the deposit, where it has one already.
    Raises: Refused, Unbagged, OSError.
    """
    out = Path(out)
    if offer and (level != "public" or not is_packed(out)):
        raise Refused([_("Only a public bag in one file (.tar or .zip) can be offered.")])
    export = Export(level, watch=watch, **choices)
    with ExitStack() as held_open:
        export.run(out, since and previous_folder(held_open, since))
    found = verify(out, previous=since, watch=watch) if verifying else None
    if found and not found.valid:
        shutil.rmtree(out) if out.is_dir() else out.unlink()
        raise Refused([_("The bag does not verify and was removed:"), *found.faults.sentences()])
    made = remembered(export, out, for_whom, by)
    made.ref, made.checked_at = ref or made.ref, found and now()
    if offer:
        put_on_offer(made, out)
    remember(made, export)
    note_access(by, "make_deposit", made.ref, {"level": level, "for": for_whom, "offered": offer})
    if offer and made.recalled_at:
        raise Refused([RECALLED])
    return made, found


def remember(made, export):
    """Store the deposit ``made``; where versions were closed while it was made, as one that is not offered."""
    with transaction.atomic():
        hold_ledger()  # as everything that closes versions does
        if made.level == "public" and last_rebuilding() != export.last_rebuilding:
            made.recalled_at = now()
            if made.file:
                made.file.storage.delete(made.file.name)
                made.file = ""
        made.save()


def previous_folder(held_open, since):
    """Return the folder of the bag ``since``, which is verified. Raises: Refused."""
    found = verified(held_open, since)
    if not found.valid:
        raise Refused([_("The bag that this one is to add to is not as it was made."), *found.faults.sentences()])
    return found.bag.folder


def remembered(export, out, for_whom, by):
    """Return what is remembered of the deposit ``out``, not stored yet."""
    made = Deposit(
        at=now(),
        level=export.level,
        for_whom=for_whom,
        custodians=" · ".join(export.kept_by()),
        made_by=by,
        name=out.name,
        manifest_sha256=export.manifest_sha256,
        ledger_head=export.head,
        editions=Edition.objects.filter(position__lte=last_position(export.head)).count(),
        previous=Deposit.objects.filter(manifest_sha256=export.previous_sha256).first()
        if export.previous_sha256
        else None,
        is_signed=export.is_signed,
    )
    if is_packed(out):
        made.size, made.sha256 = out.stat().st_size, file_hash(out, "sha256")
    return made


def put_on_offer(made, path):
    """Copy the public bag at ``path`` to where readers are given it. What a killed run left there is replaced.

    Raises: Refused, where the bag may hold versions that were closed since.
    """
    if made.recalled_at:
        raise Refused([RECALLED])
    name = f"{made.ref}-{made.name}"
    made.file.storage.delete(made.file.field.generate_filename(made, name))
    with path.open("rb") as content:
        made.file.save(name, File(content), save=False)


def take_off_offer(made):
    """Let readers have the bag no longer; the deposit stays remembered."""
    name, storage = made.file.name, made.file.storage
    made.file = ""
    made.save(update_fields=["file"])
    storage.delete(name)


def last_position(head):
    return Edition.objects.filter(link=head).values_list("position", flat=True).first() or 0
