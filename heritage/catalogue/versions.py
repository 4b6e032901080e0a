"""Versions that are closed: what was published once and may be read no longer. Hash, link, version and times stay.

Versions are closed in three ways: by the tombstone of a withdrawn record, which closes what came before it, also of the
records merged into it; by a source that is withheld or sealed from then on; and by a ``Closure``, which one reviewer asks
for and another confirms (see ``closing``). Whichever it was, readers of a closed version are told that it is closed and
the class of the reason; no page, feed, list of a past day, search or public deposit tells more of it.

Each way takes the public deposits that may hold such a version off offer in the same transaction.
"""

import json

from django.db.models import Q

from heritage.catalogue import index
from heritage.catalogue.models import Closure, Edition, Rebuilding
from heritage.catalogue.offers import offered
from heritage.registry.models import Monument
from heritage.registry.vocabulary import WithdrawalReason, WithholdingReason

BATCH = 500
FEW = 20  #: records whose publication was one decision about them
WITHHELD = '"withheld":{'
#: The class of the reason that readers of an earlier version of a withheld source are told.
CLASS_OF_WITHHOLDING = {
    WithholdingReason.SAFETY: WithdrawalReason.SAFETY,
    WithholdingReason.SITE_PROTECTION: WithdrawalReason.SAFETY,
    WithholdingReason.LEGAL: WithdrawalReason.LEGAL,
}


def close(editions, reason_class):
    """Close those of ``editions``, a queryset, that are open.

    Returns by reference and version the public reasons that were emptied: theirs, and those of the few that were published
    with them for the same reason, which may speak of them.
    """
    found = list(editions.open().order_by("position").values_list("pk", "ref", "version", "reason", "published_at"))
    if not found:
        return {}
    reasons = {}
    for _pk, ref, version, *_rest in found:
        reasons.setdefault(ref, {})[str(version)] = ""
    for moment, given in reasons_by_moment(found).items():
        together = published_with(min(given), moment).filter(reason__in=set(given.values()))
        alike = together if are_few(together) else together.filter(pk__in=given)
        for ref, version, reason in alike.values_list("ref", "version", "reason"):
            reasons.setdefault(ref, {})[str(version)] = reason
        alike.update(reason="")
    for batch in in_batches([pk for pk, *_rest in found]):
        Edition.objects.filter(pk__in=batch).update(closed_because=str(reason_class), label="")
        index.forget(batch)
    Rebuilding.objects.create()
    offered("recall_deposits", [], found[0][0])
    return reasons


def reasons_by_moment(found):
    """Return the public reasons that are not empty by position, by the moment of publication."""
    given = {}
    for position, _ref, _version, reason, moment in found:
        if reason:
            given.setdefault(moment, {})[position] = reason
    return given


def are_few(together):
    """Tell whether few records were published ``together``: a reason given to very many at once speaks of none of them."""
    return together.filter(subject__in=("monument", "place"))[: FEW + 1].count() <= FEW


def published_with(position, moment):
    """Return the editions published at ``moment``, that at ``position`` among them: times only grow with the ledger."""
    older = Edition.objects.filter(position__lt=position, published_at__lt=moment).order_by("-position")
    newer = Edition.objects.filter(position__gt=position, published_at__gt=moment).order_by("position")
    first, last = (found.values_list("pk", flat=True).first() for found in (older, newer))
    together = Edition.objects.filter(position__gt=first or 0)
    return together.filter(position__lt=last) if last else together


def erase(editions):
    """Empty the records of those of ``editions``, a queryset, that are closed; their hashes stay."""
    found = editions.closed().exclude(record="")
    first = found.order_by("position").values_list("pk", flat=True).first()
    if first is not None:
        offered("recall_deposits", [], first)
        found.update(record="")


def reopen(editions, reasons):
    """Open the closed ones of ``editions``, a list, and give all of them the public ``reasons`` back that ``close`` returned.

    Reasons of a publication of few records of which something stays closed stay empty.
    """
    opened = [edition for edition in editions if edition.closed_because]
    for edition in opened:
        edition.closed_because, edition.label = "", json.loads(edition.record).get("label", "")
    Edition.objects.bulk_update(opened, ["closed_because", "label"], batch_size=BATCH)
    positions = {edition.published_at: edition.pk for edition in editions}
    open_moments = {
        moment
        for moment, one in positions.items()
        if not (together := published_with(one, moment)).closed().exists() or not are_few(together)
    }
    told = [edition for edition in editions if edition.published_at in open_moments]
    for edition in told:
        edition.reason = reasons[edition.ref][str(edition.version)]
    Edition.objects.bulk_update(told, ["reason"], batch_size=BATCH)
    for batch in in_batches([edition for edition in opened if edition.subject == "monument"]):
        index.add(batch)
    Rebuilding.objects.create()


def take_back(editions):
    """Close what the new ``editions`` take back from readers: what was before a tombstone, or before a source was withheld."""
    for edition in editions:
        if why := why_taken_back(edition):
            earlier = before(edition)
            release(earlier)
            close(earlier, why)


def why_taken_back(edition):
    """Return the class of the reason for which ``edition`` takes back what was published before it, or an empty text."""
    if edition.action == "withdraw":
        return edition.reason_class or json.loads(edition.record)["withdrawn"]["reason_class"]
    if edition.subject == "source" and WITHHELD in edition.record:
        because = json.loads(edition.record)["withheld"].get("code", "")
        return CLASS_OF_WITHHOLDING.get(because, WithdrawalReason.RIGHTS)
    return ""


def before(edition):
    """Return the editions published before ``edition`` under its reference, and of the records that were merged into it."""
    refs = [edition.ref]
    if edition.subject == "monument":
        refs += merged_into(edition.ref)
    return Edition.objects.published().filter(ref__in=refs, position__lt=edition.position)


def merged_into(ref):
    """Return the references of the records that were merged into ``ref``, and into those, and so on."""
    found, frontier = set(), {ref}
    while frontier:
        merged = Monument.objects.filter(merged_into__ref__in=frontier).values_list("ref", flat=True)
        frontier = set(merged) - found - {ref}
        found |= frontier
    return sorted(found)


def in_batches(rows):
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def by_reference(editions):
    """Return the numbers of the versions ``editions`` by reference, in order."""
    versions = {}
    for edition in sorted(editions, key=lambda one: (one.ref, one.version)):
        versions.setdefault(edition.ref, []).append(edition.version)
    return versions


def numbered(versions):
    """Return the editions with these numbers (of any kind) by reference, in the order of the ledger."""
    keys = []
    for refs in in_batches(sorted(versions)):
        rows = Edition.objects.filter(ref__in=refs).values_list("pk", "ref", "version")
        wanted = {(ref, int(number)) for ref in refs for number in versions[ref]}
        keys += [pk for pk, ref, version in rows if (ref, version) in wanted]
    return Edition.objects.filter(pk__in=keys).order_by("position")


def release(editions):
    """Let no pending closing lift ``editions`` any longer, since they are closed otherwise; return the reasons that it kept."""
    pending = [one for one in Closure.objects.pending().filter(urgent=True).select_for_update() if one.kept]
    if not pending:
        return {}
    released = {}
    numbers = by_reference(editions.defer("record"))
    for closure in pending:
        for ref in sorted(closure.kept.keys() & numbers.keys()):
            for number in sorted(closure.kept[ref].keys() & set(map(str, numbers[ref]))):
                released.setdefault(ref, {})[number] = closure.kept[ref].pop(number)
        closure.kept = {ref: reasons for ref, reasons in closure.kept.items() if reasons}
        closure.save(update_fields=["kept"])
    return released


def faults():
    """Yield a sentence for each edition that is open though a later one took it back, or closed and still telling."""
    takes_back = Q(action="withdraw") | Q(subject="source", record__contains=WITHHELD)
    for later in Edition.objects.filter(takes_back).order_by("position").iterator(500):
        for edition in before(later).open().defer("record"):
            yield f"{named(edition)}: it is open though {named(later)} took it back."
    for edition in Edition.objects.closed().exclude(label="", reason="").defer("record"):
        yield f"{named(edition)}: it is closed and still has its title or reason."


def named(edition):
    return f"{edition.ref} version {edition.version}"
