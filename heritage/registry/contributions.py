"""Who wrote what, by the journal: the entries that changed what readers may come to see, and those that only hid something.

A review is a look by somebody else. Whoever wrote something since it was last published is no reviewer of it; whoever only
hid something (a stricter level, a coarser position) needs no second person for that.
"""

from django.db.models import Max

from heritage.registry.models import Journal
from heritage.registry.snapshot import changed_fields
from heritage.registry.vocabulary import Precision, ReadState, Standing

WRITING = ("register", "revise", "discard", "receive", "retract", "supersede", "reinstate", "lower")
BATCH = 1000  # references named in one query, which both databases take
OPENNESS = ["sealed", "curators", "registered", "withheld", "public"]  #: access levels, the least open first
FINENESS = [*reversed(Precision.values)]  #: precisions of a position, the coarsest first


def last_published(refs, until=None):
    """Return {reference: key of the journal entry of its last publication} of those of ``refs`` that have one.

    Entries after the one with the key ``until``, if given, are passed over.
    """
    found, earlier = {}, {} if until is None else {"pk__lte": until}
    for batch in batches(refs):
        entries = Journal.objects.filter(subject_ref__in=batch, verb="publish", **earlier).order_by()
        found |= dict(entries.values_list("subject_ref").annotate(Max("pk")))
    return found


def last_entry():
    """Return the key of the last journal entry, 0 where there is none."""
    return Journal.objects.aggregate(last=Max("pk"))["last"] or 0


def written(refs, by=None):
    """Yield the journal entries, oldest first, by which somebody (``by``, a user, if given) wrote one of ``refs``."""
    own = {"who": by.get_username()} if by is not None else {}
    for batch in batches(refs):
        yield from Journal.objects.filter(subject_ref__in=batch, verb__in=WRITING, **own).order_by("pk")


def written_otherwise(refs, is_known):
    """Yield the journal entries that wrote one of ``refs``, but for those of which ``is_known`` (reason, at) is true; these are not read."""
    for batch in batches(refs):
        entries = Journal.objects.filter(subject_ref__in=batch, verb__in=WRITING).order_by("pk")
        keys = [pk for pk, reason, at in entries.values_list("pk", "reason", "at") if not is_known(reason, at)]
        for start in range(0, len(keys), BATCH):
            yield from Journal.objects.filter(pk__in=keys[start : start + BATCH]).order_by("pk")


def has_written(by):
    """Tell whether the user ``by`` ever wrote anything."""
    return Journal.objects.filter(who=by.get_username(), verb__in=WRITING).exists()


def batches(refs):
    refs = sorted(refs)
    for start in range(0, len(refs), BATCH):
        yield refs[start : start + BATCH]


def needs_review(entry):
    """Tell whether ``entry`` wrote something that a second person must look at before readers see it."""
    before, after = entry.before or {}, entry.after or {}
    fields = changed_fields(before, after)
    return fields != {"verification"} and not all(hides(name, before.get(name), after.get(name)) for name in fields)


def hides(name, before, after):
    """Tell whether a change of the field ``name`` only takes something from readers."""
    if name == "access_level":
        return rank(OPENNESS, after) < rank(OPENNESS, before)
    if name == "public_precision":
        return rank(FINENESS, after) < rank(FINENESS, before)
    if name in ("hold", "withheld_because"):
        return bool(after) and not before
    if name == "read_state":
        return after == ReadState.NOT_READ
    return name == "standing" and after == Standing.WITHDRAWN_BY_REGISTRY


def opens(entry, published=True):
    """Tell whether ``entry`` opened something: a level that lets more people see it, or a finer position of what is ``published``."""
    before, after = entry.before or {}, entry.after or {}
    if entry.verb not in ("revise", "lower") or not before:
        return False
    more_open = rank(OPENNESS, after.get("access_level")) > rank(OPENNESS, before.get("access_level"))
    finer = rank(FINENESS, after.get("public_precision")) > rank(FINENESS, before.get("public_precision"))
    return more_open or (published and finer)


def rank(order, value):
    return order.index(value) if value in order else -1
