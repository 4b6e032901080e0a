"""The hash chain over all editions: a removed, altered or inserted edition shows.

Each link is the SHA-256 of five lines: the previous link, the edition's SHA-256, its reference, its version and the time
of its publication. The link before the first is 64 zeros.
"""

import hashlib
import json

from django.db.models import Max

from heritage.catalogue.models import Edition
from heritage.registry.rows import write

START = "0" * 64


def link(previous, sha256, ref, version, moment):
    """Return the link that follows ``previous``; ``moment`` is an aware UTC ``datetime`` of whole seconds."""
    lines = [previous, sha256, ref, str(version), stamp(moment)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def stamp(moment):
    """Return ``moment`` as records and links write it, for example 2026-11-22T02:00:00Z. Source: RFC 3339."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def head():
    """Return the last edition, or ``None``."""
    return Edition.objects.order_by("-position").first()


def append(editions):
    """Write ``editions``, linked in this order, at the end; they get their positions. ``locking.hold_ledger`` was called."""
    last = Edition.objects.aggregate(last=Max("position"))["last"] or 0
    write(editions)
    positions = Edition.objects.filter(position__gt=last).order_by("position").values_list("position", flat=True)
    for edition, position in zip(editions, positions, strict=True):
        edition.position, edition._state.adding = position, False


def faults():
    """Yield a sentence for each edition that does not fit its hash or the chain, in the order of the ledger."""
    previous, versions = START, {}
    for edition in Edition.objects.order_by("position").iterator(2000):
        yield from edition_faults(edition)
        expected = versions.get(edition.ref, 0) + 1
        if edition.version != expected:
            yield f"{edition.ref} version {edition.version}: version {expected} was expected here; an edition is missing."
        if edition.link != link(previous, edition.sha256, edition.ref, edition.version, edition.published_at):
            yield f"{edition.ref} version {edition.version}: its ledger link does not follow from the one before."
        previous, versions[edition.ref] = edition.link, edition.version


def edition_faults(edition):
    """Yield what is wrong with one edition by itself; only of one that is closed the record may be gone."""
    if edition.closed_because and edition.replaced_at is None:
        yield f"{edition.ref} version {edition.version}: it is closed though it is the current one."
    if not edition.record:
        if not edition.closed_because:
            yield f"{edition.ref} version {edition.version}: its record is gone though nothing took it back."
        return
    if hashlib.sha256(edition.record.encode()).hexdigest() != edition.sha256:
        yield f"{edition.ref} version {edition.version}: its record does not have the SHA-256 that the ledger holds."
        return
    record = json.loads(edition.record)
    told = (record["ref"], record["version"], record["published_at"])
    if told != (edition.ref, edition.version, stamp(edition.published_at)):
        yield f"{edition.ref} version {edition.version}: reference, version or time differ from its record."
