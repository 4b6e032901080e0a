"""Which published records would read differently when something that they mention changes."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

from heritage.registry.models import Actor, Claim, Media, Monument, Place, PlaceMembership, Source, Term

OF_A_CLAIM = {
    Source: ["citations__source", "citations__reported_from"],
    Actor: ["claimant", "status__agent", "protection__authority", "protection__binds"],
    Term: ["status__effects", "status__cause", "protection__kind", "count__predicate", "citations__evidence"],
    Media: ["citations__media"],
    Claim: ["links__other", "links_to__claim", "count__part_of_count"],
}
OF_A_MONUMENT = {
    Source: ["names__source", "locations__source", "relations__source", "relations_to__source", "media__source"],
    Term: ["types"],
    Place: ["locations__place"],
    Media: ["media"],
    Monument: ["relations__other", "relations_to__monument"],
}
OF_A_PLACE = {
    Source: ["names__source", "memberships__source"],
    Place: ["memberships__parent"],
}


WAITING = ContextVar("rows whose effects are marked together", default=None)


@contextmanager
def together():
    """Mark what many verbs touch once, at the end: for programs that do thousands in one transaction."""
    held = WAITING.set({})
    try:
        yield
        waiting = WAITING.get()
    finally:
        WAITING.reset(held)
    for rows in waiting.values():
        touch(*rows.values())


def touch(*changed):
    """Mark the published monuments and places whose record would change because ``changed``, rows of one table, did.

    Returns how many were marked, at a cost that does not grow with the number of rows. Within ``together`` they are marked
    at its end.
    """
    if (waiting := WAITING.get()) is not None:
        for row in changed:
            waiting.setdefault(family(row), {})[row.pk] = row
        return 0
    model = family(changed[0])
    rows = spread(model, {row.pk for row in changed})
    moment = timezone.now().replace(microsecond=0)
    marked = mark(Monument, rows_of(model, rows, "monument", OF_A_MONUMENT), moment) + mark(
        Place, rows_of(model, rows, "place", OF_A_PLACE), moment
    )
    sources = list(Source.objects.filter(kind__in=rows).only("pk")) if model is Term else []
    return marked + touch(*sources) if sources else marked


def mentioning(row, about):
    """Yield querysets of the keys of the rows of ``about`` (``Monument`` or ``Place``) that mention ``row`` at the desk."""
    model = family(row)
    paths = OF_A_MONUMENT if about is Monument else OF_A_PLACE
    yield from rows_of(model, spread(model, {row.pk}), about._meta.model_name, paths)


def touch_parted(before, after):
    """Mark the published subjects that a relation or link of the first snapshot led to and none of the second does.

    So is the one to which the row itself belonged, if that is another now.
    """
    moment = timezone.now().replace(microsecond=0)
    monuments = led_to(before, "relations") - led_to(after, "relations")
    monuments |= belonging_to(before, "monument") - belonging_to(after, "monument")
    places = belonging_to(before, "place") - belonging_to(after, "place")
    parted = led_to(before, "links") - led_to(after, "links")
    if not monuments and not places and not parted:
        return
    claims = Claim.objects.filter(ref__in=parted)
    mark(
        Monument,
        [
            Monument.objects.filter(ref__in=monuments).values("pk"),
            claims.filter(monument__isnull=False).values("monument"),
        ],
        moment,
    )
    mark(
        Place,
        [Place.objects.filter(ref__in=places).values("pk"), claims.filter(place__isnull=False).values("place")],
        moment,
    )


def belonging_to(snapshot, owner):
    """Return the reference of the ``owner`` (monument or place) of a claim or media item in ``snapshot``, as a set."""
    return {snapshot[owner]["ref"]} if snapshot.get(owner) else set()


def led_to(snapshot, children):
    """Return the references on the other side of the relations or links in ``snapshot``."""
    return {child["other"]["ref"] for child in snapshot.get(children, {}).values()}


def family(row):
    """Return the class by which the paths above know ``row``."""
    families = (Source, Actor, Term, Media, Claim, Monument, Place)
    return next((model for model in families if isinstance(row, model)), None)


def spread(model, changed):
    """Return the keys ``changed`` and of those that carry it along: members of a place, narrower terms, what derives."""
    if model is Place:
        return downwards(
            changed, lambda keys: PlaceMembership.objects.filter(parent__in=keys).values_list("place", flat=True)
        )
    if model is Term:
        return downwards(changed, lambda keys: Term.objects.filter(broader__in=keys).values_list("pk", flat=True))
    if model is Source:
        return downwards(
            changed, lambda keys: Source.objects.filter(derives_from__in=keys).values_list("pk", flat=True)
        )
    return changed


def downwards(start, step):
    """Return the keys ``start`` and every one reached from them by ``step``, each once, circles or not."""
    reached, frontier = set(), start
    while frontier:
        reached |= frontier
        frontier = set(step(frontier)) - reached
    return reached


def rows_of(model, rows, subject, own_paths):
    """Yield querysets of the keys of the subjects that mention ``rows``, one per path."""
    about = {"monument": Monument, "place": Place}[subject]
    for path in own_paths.get(model, []):
        yield about.objects.published().filter(**{f"{path}__in": rows}).values("pk")
    for path in OF_A_CLAIM.get(model, []):
        yield Claim.objects.filter(**{f"{path}__in": rows, f"{subject}__isnull": False}).values(subject)
    if model in (Monument, Place):
        key = model._meta.model_name
        for here, there in (("claim", "other"), ("other", "claim")):
            side = {"claim": "links", "other": "links_to"}[here]
            yield Claim.objects.filter(**{f"{side}__{there}__{key}__in": rows, f"{subject}__isnull": False}).values(
                subject
            )


def mark(about, found, moment):
    """Set ``changed_at`` on the published rows of ``about`` named by each queryset in ``found``."""
    return sum(about.objects.published().filter(pk__in=keys).update(changed_at=moment) for keys in found)
