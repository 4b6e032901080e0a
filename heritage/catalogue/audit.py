"""Every invariant of the model, tested again on the whole database: the desk's rules, the ledger, the index, and their accord."""

import json

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, Count, Exists, OuterRef

from heritage import record as records
from heritage.catalogue import ledger, versions
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import stale_entries, would_change
from heritage.catalogue.release import current_records
from heritage.catalogue.subset import CLAIMS, is_more_precise
from heritage.registry import models as desk
from heritage.registry.dossier import in_batches
from heritage.registry.models.custodian import NEEDED
from heritage.registry.models.sealing import SEALED
from heritage.registry.rules import check_claim
from heritage.registry.visibility import Naming, naming
from heritage.registry.vocabulary import Standing

#: The desk's tables, each of which refers only to those before it (or to itself).
TABLES = [
    desk.Term,
    desk.Actor,
    desk.Source,
    desk.Place,
    desk.PlaceMembership,
    desk.Monument,
    desk.Relation,
    desk.Name,
    desk.Location,
    desk.Media,
    desk.CustodyEvent,
    desk.Claim,
    desk.Status,
    desk.Attribution,
    desk.Protection,
    desk.Count,
    desk.ClaimLink,
    desk.Citation,
    desk.Review,
    desk.Journal,
]


def faults():
    """Yield (invariant, sentence) for everything that is not as the model demands."""
    for table in TABLES:
        yield from constraint_faults(table)
        yield from row_faults(table)
    yield from claim_faults()
    yield from custody_faults()
    yield from sealed_faults()
    yield from (("ledger", sentence) for sentence in ledger.faults())
    yield from (("closing", sentence) for sentence in versions.faults())
    yield from (("index", sentence) for sentence in stale_entries())
    yield from accord_faults()
    yield from naming_faults()


def constraint_faults(table):
    """Yield the rows that break a CHECK constraint of ``table``; a database can be altered behind its constraints."""
    for constraint in table._meta.constraints:
        if isinstance(constraint, CheckConstraint):
            for row in table._base_manager.exclude(constraint.condition).iterator():
                yield constraint.name, f"{named(row)}: {constraint.get_violation_error_message()}"


def row_faults(table):
    """Yield the rows whose fields or ``clean`` would be refused if they were entered today."""
    own = {field.name for field in table._meta.local_fields}
    passed_over = [field.name for field in table._meta.fields if field.name not in own]
    for row in table._base_manager.iterator(2000):
        try:
            row.clean_fields(exclude=passed_over)
            row.clean()
        except ValidationError as refusal:
            for field, messages in refusal.message_dict.items():
                where = "" if field == NON_FIELD_ERRORS else f"{field}: "
                yield table._meta.model_name, f"{named(row)}: {where}{' '.join(messages)}"


def named(row):
    return f"{row._meta.verbose_name} {getattr(row, 'ref', row.pk)}"


def claim_faults():
    """Yield what one claim's row cannot say: effects that fit the mode, anchors and sources that fit the dates."""
    for table in (desk.Status, desk.Attribution, desk.Protection, desk.Count):
        claims = table.objects.prefetch_related("citations__source", *(["effects"] if table is desk.Status else []))
        for claim in claims.iterator(1000):
            effects = list(claim.effects.all()) if table is desk.Status else []
            for sentence in check_claim(claim, effects, list(claim.citations.all())):
                yield "claim", f"{named(claim)}: {sentence}"


def custody_faults():
    """Yield the custody events that do not fit the chain of their item."""
    ends = {}
    for event in desk.CustodyEvent.objects.select_related("media").order_by("pk").iterator():
        if event.previous != ends.get(event.media_id, "") or event.sha256 != event.digest():
            yield "custody", f"{named(event)}: it does not follow from the entry before."
        ends[event.media_id] = event.sha256


def sealed_faults():
    """Yield the sealed rows that fewer than two active accounts keep; at the desk nobody else finds them."""
    kept = desk.Custodian.objects.filter(user__is_active=True, user__is_staff=True).order_by().values("sealed_ref")
    enough = kept.annotate(total=Count("pk")).filter(total__gte=NEEDED).values("sealed_ref")
    for table in (desk.Monument, desk.Place, desk.Source, desk.Media, desk.Claim):
        for row in table.objects.filter(access_level=SEALED).exclude(ref__in=enough):
            told = "it is sealed and has fewer than two active custodians. Name them: manage.py name_custodians"
            yield "sealed", f"{named(row)}: {told} {row.ref} USER USER"


def accord_faults():
    """Yield where desk and reading room are not in accord.

    A current edition says that its subject is published at the desk, may be public, is not held back, and that each claim, media
    item and position it shows may be shown (``naming_faults`` tells of sources); and it reads as the desk does unless the subject is marked as changed.
    """
    for table, subject in ((desk.Place, "place"), (desk.Monument, "monument")):
        current = Edition.objects.current().filter(subject=subject, ref=OuterRef("ref"))
        published = table.objects.published()
        for row in published.exclude(Exists(current.published())):
            yield "accord", f"{named(row)}: it is published at the desk but has no current edition."
        shown = table.objects.filter(Exists(current.published()))
        for row in shown.exclude(stage="published"):
            yield "accord", f"{named(row)}: it has a current edition but is not published at the desk."
        for row in shown.exclude(access_level="public"):
            level = row.get_access_level_display()
            yield "accord", f"{named(row)}: readers see it, but its access level is “{level}”. Take it off the site."
        for row in shown.exclude(hold=""):
            yield "accord", f"{named(row)}: readers see it, but it is held back. Take it off the site or end the hold."
        for row, differs in would_change(published.filter(changed_at=None).iterator(500)):
            if differs:
                yield "accord", f"{named(row)}: it differs from its edition but is not marked as changed."
        for row, hidden in shown_and_hidden(published.filter(changed_at__isnull=False).iterator(500)):
            yield (
                "accord",
                f"{named(row)}: readers see {hidden}, which they should not. Publish it again or take it off the site.",
            )


def shown_and_hidden(subjects):
    """Yield (subject, what) for each row that the current edition of a changed subject shows and the desk hides by now."""
    for batch in in_batches(subjects):
        current = current_records([subject.ref for subject in batch])
        for draft in records.drafts(batch):
            before = current.get(draft.ref)
            if before is None:
                continue
            lost = refs_of(before) - refs_of(draft.record)
            yield from ((draft.subject, what) for what in hidden_rows(lost))
            if is_more_precise(before, draft.record):
                yield draft.subject, "a position that is more precise than is allowed"


def refs_of(record):
    """Return the references of the claims and media in a record."""
    return {row["ref"] for name in (*CLAIMS, "media") for row in record.get(name, ())}


def hidden_rows(refs):
    """Yield the name of each row of ``refs`` that is still at the desk with a level that hides it."""
    for claim in desk.Claim.objects.filter(ref__in=refs).order_by("ref"):
        if claim.access_level != "public" or claim.standing == Standing.WITHDRAWN_BY_REGISTRY:
            yield named(claim)
    for item in desk.Media.objects.filter(ref__in=refs).exclude(access_level="public").order_by("ref"):
        yield named(item)


def naming_faults():
    """Yield the current editions that tell more of a source than readers may be told now."""
    namings = {source.ref: naming(source) for source in desk.Source.objects.iterator(2000)}
    current = Edition.objects.current().published().exclude(record="")
    for edition in current.exclude(subject="vocabulary").order_by("position").iterator(500):
        record = json.loads(edition.record)
        for source in [record] if edition.subject == "source" else record["sources"]:
            shown = Naming.NAMED if source["withheld"] is None else Naming.WITHHELD
            allowed = namings.get(source["ref"], shown)  # a register to read has editions alone
            if allowed is not shown and allowed is not Naming.NAMED:
                told = NAMING_FAULTS[allowed] % {"source": source["ref"]}
                yield "naming", f"{edition.subject} {edition.ref}: {told}"


NAMING_FAULTS = {
    Naming.HIDDEN: "its current version shows the source %(source)s, which readers may not know of. Publish it again.",
    Naming.WITHHELD: "its current version names the source %(source)s, which is withheld. Publish it again.",
}

__all__ = ["faults"]
