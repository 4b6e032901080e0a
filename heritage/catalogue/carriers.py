"""What still carries a record, a source or anything else that has a reference: versions, and deposits on offer."""

from dataclasses import dataclass, field

from django.db.models import Q

from heritage.catalogue.models import Closure, Edition
from heritage.catalogue.offers import offered
from heritage.catalogue.versions import merged_into


@dataclass
class Carriers:
    """Past versions whose text is still there, and what else carries the same. Editions come without their record.

    ``own``: versions of the thing itself and of the records merged into it; ``others``: versions of other records that name
    it; ``current``: what readers see now, which is published again or withdrawn before it can be closed; ``deposits``: those
    on offer that may hold any of the versions.
    """

    own: list = field(default_factory=list)
    others: list = field(default_factory=list)
    current: list = field(default_factory=list)
    deposits: list = field(default_factory=list)

    @property
    def all(self):
        return [*self.own, *self.others]


def carriers(ref):
    """Return the ``Carriers`` of ``ref``, the reference of a record, a source, a claim, a media item or a place.

    Every record is looked through, which takes a second or so for each gigabyte of them.
    """
    refs = {ref, *merged_into(ref)}
    found = Edition.objects.published().filter(Q(ref__in=refs) | Q(record__contains=ref)).exclude(record="")
    carrying = Carriers()
    for edition in found.defer("record").order_by("ref", "version"):
        if edition.replaced_at is None:
            carrying.current.append(edition)
        else:
            (carrying.own if edition.ref in refs else carrying.others).append(edition)
    positions = [edition.pk for edition in (*carrying.all, *carrying.current)]
    carrying.deposits = list(offered("deposits_with", [], min(positions))) if positions else []
    return carrying


def asked_for(editions):
    """Return those of ``editions`` that a pending closing is about."""
    pending = {
        (ref, number)
        for versions in Closure.objects.pending().values_list("versions", flat=True)
        for ref, numbers in versions.items()
        for number in numbers
    }
    return [edition for edition in editions if (edition.ref, edition.version) in pending]


__all__ = ["Carriers", "asked_for", "carriers"]
