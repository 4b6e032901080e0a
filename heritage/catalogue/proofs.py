"""An edition as it will be printed, complete but for its place in the ledger, with the leaf of the index that is made of it.

A proof needs no database, so that it may be made elsewhere and ahead; publication takes it if it fits when its turn comes.
"""

from dataclasses import dataclass

from heritage import record as records
from heritage.catalogue import index, ledger
from heritage.catalogue.models import Edition
from heritage.registry.rows import Form

printed = Form(Edition)


@dataclass
class Proof:
    """``leaf`` is there for published monuments only."""

    edition: Edition
    leaf: list | None

    def fits(self, version, action, moment):
        edition = self.edition
        return (edition.version, edition.action, edition.published_at) == (version, action, moment)


def proof(draft, version, action, moment):
    """Return the proof of ``draft`` as edition ``version``, published (or withdrawn …) at ``moment``."""
    record, text = draft.edition(version, ledger.stamp(moment))
    edition = printed(
        subject=record["subject"],
        ref=draft.ref,
        version=version,
        action=action,
        published_at=moment,
        label=record.get("label", ""),
        record=text,
        sha256=records.digest(text),
        content_sha256=draft.content_sha256,
        counted=len(record.get("counts", ())),
    )
    has_leaf = edition.subject == "monument" and action == "publish"
    return Proof(edition, index.leaf(edition, record) if has_leaf else None)
