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
    Source,
    Status,
    Term,
)
from heritage.registry.shared import Shared

SORTS = {
    "statuses": (Status, ("cause", "agent")),
    "attributions": (Attribution, ()),
    "protections": (Protection, ("kind", "authority", "binds")),
    "counts": (Count, ("predicate", "part_of_count")),
}


@dataclass
class Dossier:
    """The public rows of one monument or place.

    ``citations``, ``links`` and ``effects`` are by the claim's primary key, ``evidence`` by the citation's.
    """

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
    effects: dict = field(default_factory=dict)
    evidence: dict = field(default_factory=dict)
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
        gathered, shared = {subject.pk: Dossier(subject) for subject in batch}, Shared()
        if isinstance(batch[0], Place):
            gather_place(gathered, shared)
            gather_claims(gathered, "place", shared)
        else:
            gather_monument(gathered, shared)
            gather_claims(gathered, "monument", shared)
        yield from gathered.values()


def sourced(rows, shared, *names):
    """Return ``rows`` as a list, each with its sources in hand, those with their kind and what they derive from."""
    rows = list(rows)
    names = names or ("source",)
    shared.chain(Source, [getattr(row, f"{name}_id") for row in rows for name in names], "derives_from")
    shared.lend(list(shared.rows[Source].values()), "kind")
    return shared.lend(rows, *names)


def gather_names(gathered, subject, shared):
    names = sourced(Name.objects.filter(**{f"{subject}__in": gathered}), shared)
    for name in filter(visibility.rests_on_public_source, names):
        gathered[getattr(name, f"{subject}_id")].names.append(name)


def gather_place(gathered, shared):
    gather_names(gathered, "place", shared)
    memberships = sourced(PlaceMembership.objects.filter(place__in=gathered), shared)
    for membership in filter(membership_is_public, shared.lend(memberships, "parent")):
        gathered[membership.place_id].memberships.append(membership)


def gather_monument(gathered, shared):
    gather_names(gathered, "monument", shared)
    gather_types(gathered, shared)
    gather_locations(gathered, shared)
    gather_relations(gathered, shared)
    media = sourced(Media.objects.filter(monument__in=gathered), shared)
    for item in filter(visibility.media_is_public, media):
        gathered[item.monument_id].media.append(item)


def gather_types(gathered, shared):
    shared.rows[Term] |= Term.objects.of("monument_type").woven()
    for monument, term in terms_of(Monument.types, gathered, shared):
        gathered[monument].types.append(term)


def terms_of(field, keys, shared):
    """Return (key of the owner, term) for the many-to-many ``field`` of the owners ``keys``."""
    owner = field.field.m2m_field_name()
    uses = list(field.through.objects.filter(**{f"{owner}__in": keys}).values_list(owner, "term"))
    terms = shared.read(Term, [term for _owner, term in uses])
    return [(own, terms[term]) for own, term in uses]


def gather_locations(gathered, shared):
    locations = shared.lend(sourced(Location.objects.filter(monument__in=gathered), shared), "place")
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


def gather_relations(gathered, shared):
    rows = Relation.objects.filter(Q(monument__in=gathered) | Q(other__in=gathered)).select_related("monument", "other")
    for relation in filter(visibility.rests_on_public_source, sourced(rows, shared)):
        for own, far, direction in (
            (relation.monument, relation.other, "to"),
            (relation.other, relation.monument, "from"),
        ):
            if own.pk in gathered and visibility.subject_is_public(far):
                gathered[own.pk].relations.append((relation, direction, far))


def gather_claims(gathered, subject, shared):
    about = {f"{subject}__in": gathered}
    citations = citations_of(
        Citation.objects.filter(**{f"claim__{key}": value for key, value in about.items()}), shared
    )
    public, cited = set(), {}
    for sort, (model, related) in SORTS.items():
        for claim in shared.lend(list(model.objects.filter(**about)), "claimant", *related):
            if visibility.claim_is_public(claim, citations[claim.pk]):
                dossier = gathered[getattr(claim, f"{subject}_id")]
                getattr(dossier, sort).append(claim)
                dossier.citations[claim.pk] = list(filter(visibility.citation_is_public, citations[claim.pk]))
                cited |= {citation.pk: dossier for citation in dossier.citations[claim.pk]}
                public.add(claim.pk)
    gather_terms(gathered, cited, shared)
    gather_links(gathered, subject, public, shared)


def gather_terms(gathered, cited, shared):
    """Add the effects of the status claims and the evidence of the citations; ``cited`` holds dossiers by citation."""
    acting = {claim.pk: dossier for dossier in gathered.values() for claim in dossier.statuses}
    for claim, term in terms_of(Status.effects, acting, shared):
        acting[claim].effects.setdefault(claim, []).append(term)
    for citation, term in terms_of(Citation.evidence, cited, shared):
        cited[citation].evidence.setdefault(citation, []).append(term)


def citations_of(rows, shared):
    """Return the citations ``rows`` by the primary key of their claim."""
    grouped = defaultdict(list)
    for citation in sourced(rows.order_by(), shared, "source", "reported_from"):
        grouped[citation.claim_id].append(citation)
    return grouped


def gather_links(gathered, subject, public, shared):
    """Add the links whose two claims are public; the far one may be about another subject."""
    about = Q(**{f"claim__{subject}__in": gathered}) | Q(**{f"other__{subject}__in": gathered})
    links = list(
        ClaimLink.objects.filter(about).select_related(
            "claim__monument", "claim__place", "other__monument", "other__place"
        )
    )
    ends = {claim.pk: claim for link in links for claim in (link.claim, link.other)}
    far = citations_of(Citation.objects.filter(claim__in=ends.keys() - public), shared)
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
