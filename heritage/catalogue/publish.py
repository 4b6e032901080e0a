"""The door: freeze what the desk has approved as numbered editions, with ledger and index, in one transaction.

A publication writes an edition of each subject whose content differs from its current edition, then of the sources and
vocabularies that it rests on where those differ. What has not changed makes no edition.
"""

from collections import deque

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from heritage import record as records
from heritage.catalogue import index, ledger, versions
from heritage.catalogue.models import Edition, Entry
from heritage.catalogue.proofs import proof
from heritage.catalogue.release import Release, own_work, own_work_along
from heritage.registry import lifecycle
from heritage.registry.contributions import last_entry
from heritage.registry.dossier import in_batches
from heritage.registry.locking import hold_for_publication, hold_ledger, lock_all
from heritage.registry.models import Monument, Place, Source
from heritage.registry.second_hand import Ended, may_begin, second_hand
from heritage.registry.steps import Refused
from heritage.registry.vocabulary import Stage, WithdrawalReason

BATCH = 2000
REMADE = 200  # entries of the index at a time: two processes hold some of these batches, each with its records
SUBJECTS = {"monument": Monument, "place": Place, "source": Source}


class Publication:
    """One publication in progress: the moment, the reason and the end of the ledger."""

    def __init__(self, reason="", reason_class="", proofs=None):
        """``proofs`` were made ahead, by reference, all for one moment."""
        hold_for_publication()
        last = ledger.head()
        self.proofs = proofs or {}
        made = next((one.edition.published_at for one in self.proofs.values()), None)
        now = made or timezone.now().replace(microsecond=0)
        self.moment = max(now, last.published_at) if last else now
        self.previous = last.link if last else ledger.START
        self.reason, self.reason_class = reason, reason_class
        self.journal_before = last_entry()
        self.editions = []

    def freeze(self, drafts, action="publish"):
        """Write an edition of each draft whose content differs from its current edition; return the new editions."""
        fresh = [edition for batch in in_batches(drafts, BATCH) for edition in self.freeze_batch(batch, action)]
        self.editions += fresh
        return fresh

    def freeze_batch(self, batch, action):
        found = Edition.objects.current().filter(ref__in=[draft.ref for draft in batch]).order_by()
        current = {ref: known for ref, *known in found.values_list("ref", "version", "content_sha256", "action")}
        fresh, leaves = [], {}
        for draft in batch:
            version, *known = current.get(draft.ref, (0,))
            if known != [draft.content_sha256, action]:
                made = self.proof(draft, version + 1, action)
                fresh.append(self.linked(made.edition))
                leaves[draft.ref, version + 1] = made.leaf
        if fresh:
            self.close([edition.ref for edition in fresh if edition.ref in current])
            ledger.append(fresh)
            index.take_in(fresh, leaves)
            versions.take_back(fresh)
        return fresh

    def proof(self, draft, version, action):
        ready = self.proofs.get(draft.ref)
        fits = ready is not None and ready.fits(version, action, self.moment)
        return ready if fits else proof(draft, version, action, self.moment)

    def linked(self, edition):
        """Return the ``edition`` as the next in the ledger; it is not saved yet."""
        self.previous = ledger.link(self.previous, edition.sha256, edition.ref, edition.version, self.moment)
        edition.link, edition.organisation = self.previous, settings.REGISTER_NAME
        edition.reason, edition.reason_class = self.reason, self.reason_class
        return edition

    def close(self, refs):
        """Mark the current editions and entries of ``refs``, a list, as replaced now."""
        if not refs:
            return
        Edition.objects.current().filter(ref__in=refs).update(replaced_at=self.moment)
        index.close(refs, self.moment)


@transaction.atomic
def publish(subjects, by=None, reason="", harm_check="", checks=(), drafts=records.drafts, proofs=None, seen=""):
    """Publish ``subjects`` (monuments and places) that are new or changed; return the new editions in ledger order.

    ``harm_check`` and ``checks`` (codes of the vocabulary of checks) say what the reviewer thought of; they stay at the desk.
    ``drafts`` makes the drafts of a list of subjects: a caller that has just written their rows need not read them again.
    ``seen``, for one subject alone, is the ``Release.digest`` of what the reviewer looked at.
    Raises ``lifecycle.Refused``, and publishes nothing at all, when one of them is not ready, ``by`` may not publish it, or
    it is no longer what was looked at (``lifecycle.Stale``).
    """
    publication = Publication(reason, proofs=proofs)
    subjects = list(subjects)
    lock_all(subjects)
    if seen:
        refuse_unseen(subjects, seen)
    coming = [subject for subject in subjects if subject.stage != Stage.PUBLISHED]
    review = {"reason": reason, "harm_check": harm_check, "checks": checks}
    lifecycle.approve_all(coming, by, **review)
    approved = {(type(subject), subject.pk) for subject in coming}
    sources = {}
    for model, group in grouped(subjects):
        for batch in in_batches(group, BATCH):
            sources |= freeze_subjects(publication, model, batch, by, review, approved, drafts)
    freeze_rest(publication, sources, by)
    return publication.editions


def refuse_unseen(subjects, seen):
    """Raise Stale if what the publication of one subject would put before readers is not what was ``seen``."""
    [subject] = subjects
    if Release(subject).digest != seen:
        raise lifecycle.Stale(
            [
                _(
                    "What would be published has changed since you opened this page. Nothing was published; look at it again."
                )
            ]
        )


def grouped(subjects):
    """Yield (model, subjects) for places, then monuments, each in the order of their references."""
    for model in (Place, Monument):
        group = [subject for subject in subjects if isinstance(subject, model)]
        if group:
            yield model, sorted(group, key=lambda subject: subject.ref)


def freeze_subjects(publication, model, subjects, by, review, approved, drafts):
    """Freeze ``subjects`` of one model, which are held; return the sources that their records rest on, by primary key."""
    drafted = list(drafts(subjects))
    changed = differing(drafted)
    edited = [draft.subject for draft in drafted if is_due(draft, changed) and not is_among(draft.subject, approved)]
    lifecycle.approve_all(edited, by, **review)
    same = [draft.subject for draft in drafted if not is_due(draft, changed) and not is_among(draft.subject, approved)]
    lifecycle.refuse_blocked(same, by)
    refuse_own_work([draft for draft in drafted if is_due(draft, changed)], by, publication.journal_before)
    publication.freeze(drafted)
    model.objects.filter(pk__in=[subject.pk for subject in subjects], changed_at__isnull=False).update(changed_at=None)
    sources = {}
    for draft in drafted:
        sources |= draft.sources
    return sources


def is_due(draft, changed):
    return draft.ref in changed


def is_among(subject, approved):
    return (type(subject), subject.pk) in approved


def own_work_on(subjects, by):
    """Return {reference: why somebody else must publish it} of those ``subjects`` of one model of which ``by`` wrote something."""
    return own_work(list(records.drafts(subjects)), by) if subjects and by else {}


def refuse_own_work(drafts, by, until):
    """Raise Refused where ``by`` wrote something of ``drafts``, up to the journal entry ``until``, that somebody else must look at."""
    found = own_work(drafts, by, until)
    if found:
        labels = {draft.ref: draft.subject for draft in drafts}
        raise Refused(
            [*found.values()] if len(drafts) == 1 else [f"“{labels[ref]}”: {why}" for ref, why in found.items()]
        )


def freeze_rest(publication, sources, by):
    """Freeze the ``sources`` and vocabularies that go out with a publication, and take those back that may not be shown any longer."""
    cited = [
        records.Draft(source, records.source_record(source))
        for source in sorted(sources.values(), key=lambda source: source.ref)
    ]
    terms = [records.Draft(code, record) for code, record in records.vocabulary_records().items()]
    if by is not None:
        changed = {ref for batch in in_batches([*cited, *terms], BATCH) for ref in differing(batch)}
        lifecycle.refuse_if(own_work_along(changed, by, publication.journal_before))
    fresh = publication.freeze(cited) + publication.freeze(terms)
    lifecycle.note_published(fresh, by, publication.reason)
    publication.freeze(sealed_since(), "withdraw")


def sealed_since():
    """Yield the tombstones of sources that were published and may not appear any longer."""
    shown = Edition.objects.current().filter(subject="source", action="publish").values("ref")
    for source in Source.objects.filter(ref__in=shown).hidden().order_by("ref"):
        yield tombstone(source, withdrawn={"reason_class": WithdrawalReason.RIGHTS.value})


def differing(drafted):
    """Return the references of those drafts whose record is not that of their current edition."""
    current = Edition.objects.current().filter(ref__in=[draft.ref for draft in drafted])
    known = dict(current.order_by().values_list("ref", "content_sha256"))
    return {draft.ref for draft in drafted if known.get(draft.ref) != draft.content_sha256}


def would_change(subjects):
    """Yield (subject, whether publishing it now would make an edition) for ``subjects`` of one model, changing nothing."""
    for batch in in_batches(subjects):
        drafted = list(records.drafts(batch))
        changed = differing(drafted)
        yield from ((draft.subject, draft.ref in changed) for draft in drafted)


@transaction.atomic
def withdraw(subject, by, reason_class, reason, erase=False, along=False):
    """Withdraw a published monument or place: a tombstone takes its place, and all that came before it is closed.

    So are the versions of the records that were merged into it. With ``erase`` their text goes for good. The ledger keeps
    the hash of every edition either way. Readers see the class of the reason; ``reason`` itself stays in the journal of the
    desk, and so it does for ``merge``. ``along``: it goes with something else, also where it is sealed from ``by``.
    """
    publication = Publication(reason_class=reason_class)
    lifecycle.withdraw(subject, by, reason_class, reason, along)
    stone = tombstone(subject, withdrawn={"reason_class": str(reason_class)})
    [edition] = publication.freeze([stone], "withdraw")
    if erase:
        versions.erase(versions.before(edition))
    return edition


@transaction.atomic
def merge(monument, into, by, reason):
    """Merge ``monument`` into ``into``: its address leads there from now on. Returns the alias edition, if it was public."""
    publication = Publication()
    lifecycle.merge(monument, into, by, reason)
    if not Edition.objects.current().published().filter(ref=monument.ref).exists():
        return None
    [edition] = publication.freeze([tombstone(monument, merged_into=into.ref)], "merge")
    return edition


def tombstone(subject, **fate):
    """Return the draft of what stays of a record whose content is gone: its reference and its ``fate``."""
    name = next(name for name, model in SUBJECTS.items() if isinstance(subject, model))
    return records.Draft(subject, {"schema": records.SCHEMA, "subject": name, "ref": subject.ref, **fate})


@transaction.atomic(savepoint=False)  # for a savepoint SQLite keeps a copy of every page, and gets slower with each
def rebuild(watch=lambda number, total: None):
    """Make the whole index anew from the editions, in batches; return the number of entries.

    ``watch`` is told of every batch: the entries made and how many there are to be.
    """
    hold_ledger()
    index.clear()
    for batch in in_batches(index.named_places().order_by("position").iterator(500)):
        index.take_in(batch)
    made, total = 0, index.indexed().count()
    try:
        for batch, leaves in leaved(in_batches(index.indexed().order_by("position").iterator(REMADE), REMADE)):
            index.add(batch, leaves)
            made += len(batch)
            watch(len(batch), total)
    except Ended as ended:
        raise Refused(
            [_("The second process, which makes the index with this one, has ended. Run it again.")]
        ) from ended
    return made


def leaved(batches):
    """Yield each of ``batches`` of editions with its leaves, which a second process makes ahead where it may. Raises: Ended."""
    if not may_begin():
        yield from ((batch, index.leaves_of(batch)) for batch in batches)
        return
    given = deque()
    with second_hand(index.leaves_of) as hand:
        for leaves in hand.ahead(given.append(batch) or batch for batch in batches):
            yield given.popleft(), leaves


def stale_entries():
    """Yield a sentence for each edition whose index differs from what its record gives, changing nothing."""
    wanted = set(index.indexed().values_list("pk", flat=True))
    for pk in sorted(set(Entry.objects.values_list("pk", flat=True)) - wanted):
        yield f"Entry of edition {pk}: there should be none."
    for batch in in_batches(index.indexed().order_by("position").iterator(500)):
        yield from index.differences(batch)
    yield from index.place_differences()
    yield from index.tally_differences()


__all__ = ["Publication", "merge", "own_work_on", "publish", "rebuild", "stale_entries", "withdraw", "would_change"]
