"""Every invariant of the model, tested again on the whole database: the desk's rules, the ledger, the index, and their accord."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, Count, Exists, OuterRef

from heritage.catalogue import ledger
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import stale_entries, would_change
from heritage.registry import models as desk
from heritage.registry.models.custodian import NEEDED
from heritage.registry.models.sealing import SEALED
from heritage.registry.rules import check_claim

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
    yield from (("index", sentence) for sentence in stale_entries())
    yield from accord_faults()


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
    """Yield where desk and reading room are not in accord: published without edition, or changed without being marked."""
    for table, subject in ((desk.Place, "place"), (desk.Monument, "monument")):
        current = Edition.objects.current().filter(subject=subject, ref=OuterRef("ref"))
        published = table.objects.published()
        for row in published.exclude(Exists(current.published())):
            yield "accord", f"{named(row)}: it is published at the desk but has no current edition."
        for row in table.objects.exclude(stage="published").filter(Exists(current.published())):
            yield "accord", f"{named(row)}: it has a current edition but is not published at the desk."
        for row, differs in would_change(published.filter(changed_at=None).iterator(500)):
            if differs:
                yield "accord", f"{named(row)}: it differs from its edition but is not marked as changed."


__all__ = ["faults"]
