"""What a curator had on the screen when deciding: sealed into the form, so that nobody decides about something else.

The mark in a form names the record, the last entry of its journal, and for a publication the digest of all that would go out.
"""

from dataclasses import dataclass

from django.core import signing
from django.db.models import Max

from heritage.registry.models import Journal

SALT = "registry.seen"


@dataclass(frozen=True)
class Seen:
    """The key of the last journal entry, and the ``Release.digest``; empty where nothing is published."""

    entry: int
    digest: str = ""


def mark(subject, refs, digest=""):
    """Return the signed mark for a hidden field: ``subject`` as it stands now; its journal is that of ``refs``."""
    return signing.dumps([subject.ref, last_entry(refs), digest], salt=SALT)


def read(text, subject):
    """Return the ``Seen`` in ``text``, or None where it was not made for ``subject``."""
    try:
        ref, entry, digest = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Seen(entry, digest) if ref == subject.ref else None


def last_entry(refs):
    return Journal.objects.filter(subject_ref__in=refs).aggregate(last=Max("pk"))["last"] or 0


def entries_since(seen, refs):
    """Return the journal entries about ``refs`` that were written since the page was shown, oldest first."""
    return Journal.objects.filter(subject_ref__in=refs, pk__gt=seen.entry).order_by("pk")
