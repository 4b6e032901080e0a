"""Taking something off the site at once: a record, or a source, media item or claim wherever readers see it.

What carries it is published again without it, where that is all that changes. A record that has other changes, which nobody
has reviewed, cannot go out; it is withdrawn until a reviewer publishes it, if the one who takes it down says so. Past
versions that carry it are closed at once, which a second reviewer confirms or lifts.
"""

import json
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from heritage import record as records
from heritage.catalogue.closing import close_carriers
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import Publication, sealed_since, withdraw
from heritage.catalogue.subset import says_no_more
from heritage.registry import lifecycle
from heritage.registry.affected import mentioning
from heritage.registry.approval import Facts, blockers
from heritage.registry.contributions import batches
from heritage.registry.locking import hold_for_publication, lock_all, stored
from heritage.registry.models import Claim, Media, Monument, Place, Source
from heritage.registry.models.base import Subject
from heritage.registry.steps import may_not_publish, note, review
from heritage.registry.vocabulary import AccessLevel, Decision, SourceAccess, WithdrawalReason, WithholdingReason


@dataclass(frozen=True)
class Plan:
    """The records whose current version shows something: those that can go out without it, and those with other changes, too."""

    separable: list
    changed_otherwise: list

    def visible_to(self, user):
        """Return the plan as ``user`` may see it, without what is sealed from them."""
        parts = (self.separable, self.changed_otherwise)
        return Plan(*([one for one in part if one.is_visible_to(user)] for part in parts))


def plan(row):
    """Return the ``Plan`` of taking down ``row``, which is hidden or withdrawn at the desk already."""
    separable, otherwise = [], []
    for model in (Place, Monument):
        current = dict(current_naming(row, model))
        subjects = list(model.objects.filter(ref__in=current).order_by("ref"))
        facts = Facts.of(subjects)
        for draft in records.drafts(subjects) if subjects else ():
            can_go_out = (
                not blockers(draft.subject, facts)
                and shows_nothing_of(draft.record, row)
                and says_no_more(draft.record, published_part(current[draft.ref]))
            )
            (separable if can_go_out else otherwise).append(draft.subject)
    return Plan(separable, otherwise)


def shows_nothing_of(record, row):
    """Tell whether ``record`` does not name ``row``, or names it as a source that is withheld."""
    source = next((source for source in record["sources"] if source["ref"] == row.ref), None)
    return bool(source["withheld"]) if source else f'"{row.ref}"' not in json.dumps(record)


def published_part(record):
    return {name: value for name, value in record.items() if name not in records.ADDED}


def current_naming(row, model):
    """Yield (reference, record) of the current editions of ``model``, other than of ``row`` itself, in which ``row`` is named.

    A record that is not marked as changed reads as the desk does, so only those that mention ``row`` there, or are changed, are read.
    """
    marked = model.objects.changed_since_published()
    refs = set(marked.values_list("ref", flat=True))
    for keys in mentioning(row, model):
        refs |= set(model.objects.published().filter(pk__in=keys).values_list("ref", flat=True))
    for batch in batches(refs - {row.ref}):
        editions = Edition.objects.current().published().filter(ref__in=batch, record__contains=f'"{row.ref}"')
        yield from ((ref, json.loads(text)) for ref, text in editions.order_by("ref").values_list("ref", "record"))


@transaction.atomic
def take_down(row, by, reason_class, reason, withheld_because="", with_changed=True):
    """Take ``row`` off the site; return the ``Plan``: what was published again without it, and what has other changes.

    ``row``: a monument or place, or a source, media item or claim, which is withheld or for curators from then on unless its
    level hides it already. ``with_changed``: withdraw the carriers that have other changes; those that are sealed from ``by``, and so should not be on
    the site at all, are withdrawn either way. Raises: Refused.
    """
    hold_for_publication()
    lifecycle.refuse_if(
        may_not_take_down(row, by), not reason.strip() and _("Give the reason; it stays in the journal.")
    )
    if isinstance(row, Subject):
        withdraw(row, by, reason_class, reason)
    else:
        hide(row, by, reason, withheld_because)
    found = plan(row)
    publish_without(row, found.separable, by, reason_class, reason)
    for subject in found.changed_otherwise:
        if with_changed or not subject.is_visible_to(by):
            withdraw(subject, by, reason_class, reason, along=True)
    Publication(reason_class=reason_class).freeze(sealed_since(), "withdraw")
    if by is not None:
        close_past(row, by, reason_class, reason)
    return found


def close_past(row, by, reason_class, reason):
    """Close at once the past versions that still carry ``row``, of whatever record; a second reviewer confirms or lifts that."""
    owner = row.subject if isinstance(row, Claim) else getattr(row, "monument", None) if isinstance(row, Media) else row
    about = (owner._meta.concrete_model._meta.model_name, owner.ref) if owner else None
    close_carriers(row.ref, by, reason_class, reason, about)


def rehearse(row, by):
    """Return the ``Plan`` that ``take_down`` would find, changing nothing. Raises: Refused."""
    with transaction.atomic():
        try:
            return take_down(stored(row), by, WithdrawalReason.SAFETY, "-", WithholdingReason.SAFETY)
        finally:
            transaction.set_rollback(True)


def is_shown(row):
    """Tell whether readers see ``row``: by itself, or in the record of what it belongs to or is named in at the desk."""
    current = Edition.objects.current().published().order_by()
    if current.filter(ref=row.ref).exists():
        return True
    owner = row.subject if isinstance(row, Claim) else getattr(row, "monument", None)
    refs = {owner.ref} if owner else set()
    for model in (Place, Monument):
        for keys in mentioning(row, model):
            refs |= set(model.objects.published().filter(pk__in=keys).values_list("ref", flat=True))
    naming = current.filter(record__contains=f'"{row.ref}"')
    return any(naming.filter(ref__in=batch).exists() for batch in batches(refs))


def may_not_take_down(row, by):
    """Return why ``by`` may not take ``row`` down, or an empty text."""
    return may_not_publish(row if isinstance(row, Place) else Monument(), by)


def hide(row, by, reason, withheld_because):
    """Give a source, media item or claim a level that hides it, unless it has one."""
    if isinstance(row, Source) and row.access_level == SourceAccess.PUBLIC:
        lifecycle.refuse_if(not withheld_because and _("Choose why the source is withheld; readers see the class."))
        row.access_level, row.withheld_because = SourceAccess.WITHHELD, withheld_because
        lifecycle.revise(row, by, reason)
    elif isinstance(row, Claim | Media) and row.access_level == AccessLevel.PUBLIC:
        row.access_level = AccessLevel.CURATORS
        lifecycle.revise(row, by, reason)


def publish_without(row, subjects, by, reason_class, reason):
    """Publish ``subjects``, whose records say no more than before, and of a withheld source that it is. Nothing else goes out."""
    told = _("Part of this record was taken off the site. Class of the reason: %(reason)s.") % {
        "reason": WithdrawalReason.label_of(reason_class)
    }
    publication = Publication(told)
    lock_all(subjects)
    for model in (Place, Monument):
        group = [subject for subject in subjects if isinstance(subject, model)]
        if not group:
            continue
        publication.freeze(records.drafts(group))
        for subject in group:
            review(subject, by, Decision.PUBLISH, reason)
            note(subject, "take_down", by, reason, None, None)
        model.objects.filter(pk__in=[subject.pk for subject in group]).update(changed_at=None)
    is_withheld = isinstance(row, Source) and row.access_level == SourceAccess.WITHHELD
    if is_withheld and Edition.objects.current().published().filter(ref=row.ref).exists():
        publication.freeze([records.Draft(row, records.source_record(row))])
