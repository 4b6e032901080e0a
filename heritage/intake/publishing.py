"""From drafts to the reading room: what a batch brought is submitted and published like anything else, some hundred at a time."""

from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _

from heritage.catalogue import publish as door
from heritage.catalogue.release import edited_otherwise
from heritage.intake.ground import key_of
from heritage.intake.mapping import parse_used
from heritage.intake.models import Batch, Row, Supplier
from heritage.intake.planning import Progress
from heritage.registry import lifecycle
from heritage.registry.approval import Facts, blockers
from heritage.registry.models import Monument
from heritage.registry.steps import Refused, may_not_publish, not_reviewed
from heritage.registry.vocabulary import AccessLevel, Stage

CHUNK = 500


def brought(batch):
    """Return the monuments that ``batch`` made or changed."""
    keys = Row.objects.filter(batch=batch, applied=True).values("monument")
    return Monument.objects.filter(pk__in=keys)


def submit(batch, by, follow=None):
    """Hand the drafts of ``batch`` to the reviewers; return how many."""
    return in_chunks(
        brought(batch).drafts().visible_to(by),
        lambda some: [lifecycle.submit(one, by) for one in some],
        "records submitted",
        follow,
    )


def waiting(batch):
    """Return the monuments that ``batch`` made or changed and of which readers do not have the present state yet.

    What is sealed waits for nobody: it is not for readers.
    """
    found = brought(batch).exclude(stage=Stage.WITHDRAWN).exclude(access_level=AccessLevel.SEALED)
    return found.exclude(stage=Stage.PUBLISHED, changed_at__isnull=True)


def count_waiting(batch):
    """Keep with ``batch`` how many of its records readers do not have yet, for the front page of the desk; return how many."""
    number = waiting(batch).count()
    if batch.counts.get("waiting") != number:
        batch.counts["waiting"] = number
        batch.save(update_fields=["counts"])
    return number


def publish(batch, by=None, follow=None):
    """Publish what ``batch`` brought and readers do not have yet; return how many records were looked at.

    Those that may not be published stay as they are, and so do those that somebody edited otherwise, which has to be looked at
    record by record; ``held_back`` tells of them. Raises: Refused where it is all of them.
    """
    let_in = []

    def some_published(some):
        ready = [one for one, reasons in judged(some, by) if not reasons]
        let_in.extend(one.pk for one in publish_all_but_own(ready, by, public_reason(batch)))

    looked_at = in_chunks(waiting(batch), some_published, "records published", follow)
    count_waiting(batch)
    if looked_at and not let_in:
        reasons = dict.fromkeys(reason for _one, told in held_back(batch, by) for reason in told)
        raise Refused([_("None of the %(number)d records can be published.") % {"number": looked_at}, *reasons])
    return looked_at


def publish_all_but_own(ready, by, reason):
    """Publish those of ``ready``, monuments, of which ``by`` wrote nothing; return them. Whose work it is is asked only if needed."""
    if not ready:
        return ready
    try:
        door.publish(ready, by, reason)
    except Refused:
        own = door.own_work_on(ready, by)
        if not own:
            raise
        ready = [one for one in ready if one.ref not in own]
        door.publish(ready, by, reason)
    return ready


def public_reason(batch):
    """Return what readers see in the history of each record: the list, not the file, whose name may tell too much."""
    return _("Imported from “%(source)s”") % {"source": parse_used(batch.mapping_text).supplier.source}


def judged(some, by):
    """Yield (monument, why ``by`` may not publish it, but for own work) for each of ``some``; no sentence where it may be published."""
    facts, edited = Facts.of(some), edited_otherwise(some, by_imports()) if asks_for_review(by) else {}
    for one in some:
        found = [may_not_publish(one, by), not_reviewed(one, by), *blockers(one, facts), edited.get(one.ref)]
        yield one, [sentence for sentence in found if sentence]


def asks_for_review(by):
    """Tell whether ``by`` publishes as a second person."""
    return by is not None and bool(settings.REVIEWERS_NEEDED)


def by_imports():
    """Return a function that tells of the (reason, moment) of a journal entry whether an import wrote it.

    The reason names the import (see ``writing.reason_of``), but so may that of anybody: the moment must fit, too.
    """
    times = {
        ref: (planned, undone or applied)
        for ref, planned, applied, undone in Batch.objects.values_list("ref", "planned_at", "applied_at", "undone_at")
    }

    @cache
    def named_in(reason):
        return [when for ref, when in times.items() if ref in reason]

    return lambda reason, at: any(begun and begun <= at and (not end or at <= end) for begun, end in named_in(reason))


def held_back(batch, by, most=20):
    """Return [(monument, reasons)] of the first that ``by`` may not publish as they are."""
    some = list(waiting(batch).order_by("pk")[:CHUNK])
    own = door.own_work_on(some, by)
    found = ((one, reasons or [*filter(None, [own.get(one.ref)])]) for one, reasons in judged(some, by))
    return [(one, reasons) for one, reasons in found if reasons][:most]


def source_of(batch):
    """Return the source that stands for the supplier's list, or None before anything of it was applied."""
    key = key_of(parse_used(batch.mapping_text, batch.mapping_name))
    known = Supplier.objects.filter(key=key).select_related("source").first()
    return known and known.source


def in_chunks(waiting, do, what, follow):
    progress, last = Progress(what, waiting.count()), 0
    while some := list(waiting.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        do(some)
        last = some[-1].pk
        progress.done += len(some)
        if follow:
            follow(progress)
    return progress.done
