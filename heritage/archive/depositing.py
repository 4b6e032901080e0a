"""Making a deposit: the bag, its verification, and the memory of it, which is in no bag."""

import shutil
from contextlib import ExitStack
from pathlib import Path

from django.core.files import File
from django.utils.translation import gettext as _

from heritage.archive.bag import file_hash
from heritage.archive.exporting import Export
from heritage.archive.models import Deposit
from heritage.archive.packing import is_packed
from heritage.archive.reading import unwatched
from heritage.archive.verifying import verified, verify
from heritage.catalogue.models import Edition
from heritage.registry.steps import Refused, now


def deposit(
    out, level="public", since=None, for_whom="", by=None, offer=False, verifying=True, watch=unwatched, **choices
):
    """Make the bag ``out``, verify it and remember it. Returns (``Deposit``, ``Verified`` or ``None``).

    ``since``: path of the bag that is not to be repeated; ``offer``: copy the packed public bag into the store, for /data/.
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
    return remember(export, out, for_whom, by, offer), found


def previous_folder(held_open, since):
    """Return the folder of the bag ``since``, which is verified. Raises: Refused."""
    found = verified(held_open, since)
    if not found.valid:
        raise Refused([_("The bag that this one is to add to is not as it was made."), *found.faults.sentences()])
    return found.bag.folder


def remember(export, out, for_whom, by, offer):
    """Write the deposit down."""
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
    if offer:
        with out.open("rb") as content:
            made.file.save(f"{made.ref}-{out.name}", File(content), save=False)
    made.save()
    return made


def last_position(head):
    return Edition.objects.filter(link=head).values_list("position", flat=True).first() or 0
