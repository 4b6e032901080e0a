"""What places are found by: the places that they lie in, and the sources that they speak of, by their current editions."""

import json

from heritage.catalogue.models import Edition, PlaceTerm

WITHIN, SOURCE = "within", "source"


def within(ref):
    """Return the current editions of the places that lie directly in the place ``ref``."""
    return editions_with(WITHIN, ref)


def citing(ref):
    """Return the current editions of the places that speak of the source ``ref``."""
    return editions_with(SOURCE, ref)


def editions_with(facet, code):
    refs = PlaceTerm.objects.filter(facet=facet, code=code).values("ref")
    return Edition.objects.current().published().filter(subject="place", ref__in=refs)


def take_in(editions):
    """Keep what the new ``editions`` of places say; of a withdrawn place nothing is left."""
    PlaceTerm.objects.filter(ref__in=[edition.ref for edition in editions]).delete()
    PlaceTerm.objects.bulk_create([term for edition in editions for term in terms(edition)], batch_size=2000)


def terms(edition):
    """Yield what one edition of a place is found by."""
    record = json.loads(edition.record)
    found = {(WITHIN, membership["parent"]["ref"]) for membership in record.get("memberships", ())}
    found |= {(SOURCE, source["ref"]) for source in record.get("sources", ())}
    for facet, code in sorted(found):
        yield PlaceTerm(ref=edition.ref, facet=facet, code=code)


def clear():
    PlaceTerm.objects.all().delete()
