"""What readers may see of a subject, gathered for many subjects at once with a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q

from heritage.registry import visibility
from heritage.registry.models import (
    Attribution,
    Citation,
    ClaimLink,
    Count,
    Location,
    Media,
    Monument,
    Name,
    Place,
    PlaceMembership,
    Protection,
    Relation,
    Status,
    Term,
)

SORTS = {
    "statuses": (Status, ("cause", "agent")),
    "attributions": (Attribution, ()),
    "protections": (Protection, ("kind", "authority", "binds")),
    "counts": (Count, ("predicate", "part_of_count")),
}


@dataclass
class Dossier:
    """The public rows of one monument or place. ``links`` and ``citations`` are by the claim's primary key."""

    subject: Monument | Place
    types: list = field(default_factory=list)
    names: list = field(default_factory=list)
    locations: list = field(default_factory=list)
    within: dict = field(default_factory=dict)
    memberships: list = field(default_factory=list)
    relations: list = field(default_factory=list)
    statuses: list = field(default_factory=list)
    attributions: list = field(default_factory=list)
    protections: list = field(default_factory=list)
    counts: list = field(default_factory=list)
    citations: dict = field(default_factory=dict)
    links: dict = field(default_factory=dict)
    media: list = field(default_factory=list)

    def claims(self):
        return [*self.statuses, *self.attributions, *self.protections, *self.counts]


def in_batches(rows, size=500):
    """Yield lists of at most ``size`` of ``rows``."""
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def dossiers(subjects):
    """Yield the ``Dossier`` of each of ``subjects`` (all monuments or all places), in their order."""
    for batch in in_batches(subjects):
        gathered = {subject.pk: Dossier(subject) for subject in batch}
        if isinstance(batch[0], Place):
            gather_place(gathered)
            gather_claims(gathered, "place")
        else:
            gather_monument(gathered)
            gather_claims(gathered, "monument")
        yield from gathered.values()


def gather_names(gathered, subject):
    names = Name.objects.filter(**{f"{subject}__in": gathered}).select_related("source__kind")
    for name in filter(visibility.rests_on_public_source, names):
        gathered[getattr(name, f"{subject}_id")].names.append(name)


def gather_place(gathered):
    gather_names(gathered, "place")
    memberships = PlaceMembership.objects.filter(place__in=gathered).select_related("parent", "source__kind")
    for membership in filter(membership_is_public, memberships):
        gathered[membership.place_id].memberships.append(membership)


def gather_monument(gathered):
    gather_names(gathered, "monument")
    gather_types(gathered)
    gather_locations(gathered)
    gather_relations(gathered)
    for item in filter(
        visibility.media_is_public, Media.objects.filter(monument__in=gathered).select_related("source__kind")
    ):
        gathered[item.monument_id].media.append(item)


def gather_types(gathered):
    terms = Term.objects.of("monument_type").woven()
    uses = Monument.types.through.objects.filter(monument__in=gathered).values_list("monument", "term")
    for monument, term in uses:
        gathered[monument].types.append(terms[term])


def gather_locations(gathered):
    locations = list(Location.objects.filter(monument__in=gathered).select_related("place", "source__kind"))
    within = places_around({location.place_id for location in locations if location.place_id})
    for location in filter(visibility.rests_on_public_source, locations):
        dossier = gathered[location.monument_id]
        dossier.locations.append(location)
        dossier.within[location.place_id] = within.get(location.place_id, [])


def membership_is_public(membership):
    """Tell whether a membership may appear: its source may, and the larger place is published."""
    return visibility.rests_on_public_source(membership) and visibility.subject_is_public(membership.parent)


def places_around(places):
    """Return for each primary key in ``places`` the public memberships that lead outwards, nearest first, each place once."""
    steps = defaultdict(list)
    frontier, seen = set(places), set()
    while frontier:
        found = PlaceMembership.objects.filter(place__in=frontier).select_related("parent", "source")
        for membership in filter(membership_is_public, found):
            steps[membership.place_id].append(membership)
        seen |= frontier
        frontier = {step.parent_id for place in frontier for step in steps[place]} - seen
    return {place: outward(place, steps) for place in places}


def outward(place, steps):
    """Return the memberships met on all ways outwards from ``place``, level by level."""
    met, seen, level = [], {place}, [place]
    while level:
        ways = sorted(
            (step for at in level for step in steps[at]), key=lambda step: (step.parent.label, step.kind, step.ref)
        )
        level = []
        for step in ways:
            if step.parent_id not in seen:
                seen.add(step.parent_id)
                level.append(step.parent_id)
                met.append(step)
    return met


def gather_relations(gathered):
    rows = Relation.objects.filter(Q(monument__in=gathered) | Q(other__in=gathered))
    for relation in filter(visibility.rests_on_public_source, rows.select_related("monument", "other", "source__kind")):
        for own, far, direction in (
            (relation.monument, relation.other, "to"),
            (relation.other, relation.monument, "from"),
        ):
            if own.pk in gathered and visibility.subject_is_public(far):
                gathered[own.pk].relations.append((relation, direction, far))


def gather_claims(gathered, subject):
    about = {f"{subject}__in": gathered}
    citations = citations_of(Citation.objects.filter(**{f"claim__{key}": value for key, value in about.items()}))
    public = set()
    for sort, (model, related) in SORTS.items():
        claims = model.objects.filter(**about).select_related("claimant", *related)
        if model is Status:
            claims = claims.prefetch_related("effects")
        for claim in claims:
            if visibility.claim_is_public(claim, citations[claim.pk]):
                dossier = gathered[getattr(claim, f"{subject}_id")]
                getattr(dossier, sort).append(claim)
                dossier.citations[claim.pk] = list(filter(visibility.citation_is_public, citations[claim.pk]))
                public.add(claim.pk)
    gather_links(gathered, subject, public)


def citations_of(rows):
    """Return the citations ``rows`` by the primary key of their claim."""
    grouped = defaultdict(list)
    related = rows.select_related("source__kind", "reported_from__kind", "media__source").prefetch_related("evidence")
    for citation in related:
        grouped[citation.claim_id].append(citation)
    return grouped


def gather_links(gathered, subject, public):
    """Add the links whose two claims are public; the far one may be about another subject."""
    about = Q(**{f"claim__{subject}__in": gathered}) | Q(**{f"other__{subject}__in": gathered})
    links = list(
        ClaimLink.objects.filter(about).select_related(
            "claim__monument", "claim__place", "other__monument", "other__place"
        )
    )
    ends = {claim.pk: claim for link in links for claim in (link.claim, link.other)}
    far = citations_of(Citation.objects.filter(claim__in=ends.keys() - public))
    shown = public | {
        pk
        for pk in ends.keys() - public
        if getattr(ends[pk], f"{subject}_id") not in gathered
        and visibility.subject_is_public(ends[pk].subject)
        and visibility.claim_is_public(ends[pk], far[pk])
    }
    for link in links:
        for own, other, direction in ((link.claim, link.other, "to"), (link.other, link.claim, "from")):
            dossier = gathered.get(getattr(own, f"{subject}_id"))
            if dossier and own.pk in public and other.pk in shown:
                dossier.links.setdefault(own.pk, []).append((link, other, direction))
