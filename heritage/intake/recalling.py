"""Records that the register has, with all that their snapshots tell, held until the transaction ends: many at a few queries."""

from collections import defaultdict
from dataclasses import dataclass, field

from heritage.intake.writing import hand
from heritage.registry.models import (
    Attribution,
    Citation,
    ClaimLink,
    Count,
    Location,
    Media,
    Monument,
    Name,
    Protection,
    Relation,
    Status,
    Term,
)
from heritage.registry.rows import stored_rows
from heritage.registry.shared import Shared

CLAIMS = {"status": Status, "protection": Protection, "attribution": Attribution, "count": Count}
TABLES = {"name": Name, "location": Location, "media": Media} | CLAIMS
POINTING = {
    Name: ["source"],
    Location: ["place", "source"],
    Relation: ["other", "source"],
    Media: ["source", "pair_of", "derived_from", "monument"],
    Status: ["claimant", "cause", "agent", "monument", "place"],
    Protection: ["claimant", "kind", "authority", "binds", "monument", "place"],
    Attribution: ["claimant", "monument", "place"],
    Count: ["claimant", "predicate", "part_of_count", "monument", "place"],
    Citation: ["source", "reported_from", "media"],
    ClaimLink: ["other"],
}


@dataclass
class Recalled:
    """``monuments`` by primary key; ``rows``: media and claims by (table, reference)."""

    monuments: dict
    rows: dict = field(default_factory=dict)


def recalled(keys, wanted):
    """Return the monuments ``keys`` and, of ``wanted``, pairs of (table, reference), the media and claims."""
    shared = Shared()
    monuments = stored_rows(Monument, Monument._base_manager.select_for_update().filter(pk__in=keys))
    found = Recalled({one.pk: one for one in monuments})
    shared.rows[Monument] |= found.monuments
    for name, model in (("names", Name), ("locations", Location), ("relations", Relation)):
        give(monuments, name, "monument_id", lent(model, model.objects.filter(monument__in=keys), shared))
    give_terms(monuments, Monument.types.through, "types", shared)
    for table, model in {"media": Media, **CLAIMS}.items():
        refs = [ref for one, ref in wanted if one == table]
        rows = lent(model, model.objects.select_for_update().filter(ref__in=refs), shared) if refs else []
        if table in CLAIMS:
            with_evidence(rows, shared)
        found.rows |= {(table, row.ref): row for row in rows}
    return found


def lent(model, found, shared):
    """Return the rows of a queryset with the rows that they point to in hand."""
    return shared.lend(stored_rows(model, found), *POINTING[model])


def give(owners, name, key, rows):
    """Let each of ``owners`` have those of ``rows`` in hand that name it in the column ``key``."""
    of = defaultdict(list)
    for row in rows:
        of[getattr(row, key)].append(row)
    for one in owners:
        hand(one, **{name: of[one.pk]})


def give_terms(owners, through, name, shared):
    """Let each of ``owners`` have its terms in hand."""
    column = owners[0]._meta.get_field(name).m2m_field_name() if owners else ""
    pairs = through.objects.filter(**{f"{column}__in": [one.pk for one in owners]}) if owners else []
    pairs = list(pairs.values_list(f"{column}_id", "term_id")) if owners else []
    terms = shared.read(Term, {term for _one, term in pairs})
    of = defaultdict(list)
    for one, term in pairs:
        of[one].append(terms[term])
    for one in owners:
        hand(one, **{name: of[one.pk]})


def with_evidence(claims, shared):
    """Let ``claims`` of one table have in hand their citations with the evidence, their links and, of a status, the effects."""
    keys = [one.pk for one in claims]
    cited = lent(Citation, Citation.objects.filter(claim__in=keys), shared) if keys else []
    give_terms(cited, Citation.evidence.through, "evidence", shared)
    give(claims, "citations", "claim_id", cited)
    linked = lent(ClaimLink, ClaimLink.objects.filter(claim__in=keys), shared) if keys else []
    give(claims, "links", "claim_id", linked)
    if claims and isinstance(claims[0], Status):
        give_terms(claims, Status.effects.through, "effects", shared)
