"""From what is wanted of a record to rows of the register, not saved. The same rows are judged by the plan and written by apply."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from heritage.registry import dates
from heritage.registry.dated_form import meant
from heritage.registry.models import Attribution, Citation, Count, Location, Media, Monument, Name, Protection, Status
from heritage.registry.refs import mint
from heritage.registry.rows import Form
from heritage.registry.vocabulary import CitationRole, Mode, NameKind, Qualifier

monument, name, location, media, citation = map(Form, (Monument, Name, Location, Media, Citation))
sorts = {"status": Form(Status), "protection": Form(Protection), "attribution": Form(Attribution), "count": Form(Count)}
MODES = {"observation": Mode.OBSERVATION.value, "event": Mode.EVENT.value, "threat": Mode.THREAT.value}
NUMBER = "number"


@dataclass
class Told:
    """A claim with the rows that belong to it."""

    slot: str
    claim: object
    citation: Citation
    effects: list
    evidence: list
    more: list = field(default_factory=list)

    @property
    def citations(self):
        """The citation of the supplier's list, then those of what it refers to."""
        return [self.citation, *self.more]


@dataclass
class Built:
    """The rows of one record. Names, locations and media are by slot; the first name is its register number."""

    monument: Monument
    types: list = field(default_factory=list)
    names: dict = field(default_factory=dict)
    locations: dict = field(default_factory=dict)
    claims: list = field(default_factory=list)
    media: dict = field(default_factory=dict)
    lacking: list = field(default_factory=list)


class Builder:
    """Makes rows on one ``Ground``. ``ref`` mints references; a plan needs none."""

    def __init__(self, ground, ref=mint):
        self.ground, self.ref = ground, ref

    def build(self, wanted, identifier, subject=None, taken=()):
        """Return the ``Built`` rows of ``wanted``, of a new monument or of ``subject``. ``taken``: slots not to make."""
        record = wanted["record"]
        built = Built(subject or self.monument(record))
        built.types = self.terms("monument_type", record["types"], built)
        if subject is None:
            built.names[NUMBER] = self.number(identifier, built.monument)
        for slot, values in wanted.items():
            if slot not in taken:
                self.slot(slot, values, identifier, built)
        return built

    def slot(self, slot, values, identifier, built):
        """Add the row of one slot."""
        sort = slot.partition(" ")[0]
        if sort in ("name", NUMBER):
            built.names[slot] = self.name(values, built.monument, identifier)
        elif sort == "position":
            built.locations[slot] = self.location(values, built.monument, identifier, shown=slot == "position")
            if values.get("place") and built.locations[slot].place is None:
                built.lacking.append(("place", values["place"]))
        elif sort == "media":
            built.media[slot] = self.media(values, built.monument)
        elif sort != "record":
            built.claims.append(self.claim(slot, sort, values, identifier, built))

    def terms(self, vocabulary, codes, built):
        """Return the terms with these ``codes``; what the register lacks is noted."""
        found = []
        for code in codes:
            term = self.ground.terms.get((vocabulary, code))
            if term is None:
                built.lacking.append((vocabulary, code))
            else:
                found.append(term)
        return found

    def monument(self, record):
        return monument(
            ref=self.ref(),
            label=record["label"],
            kind=record["kind"],
            public_precision=record["precision"],
            note=record["note"],
        )

    def number(self, identifier, subject):
        related = {"monument": subject, "source": self.ground.source}
        kind = NameKind.REGISTER_NUMBER.value
        return name(related, ref=self.ref(), text=identifier, kind=kind, scheme=self.ground.scheme)

    def name(self, values, subject, identifier):
        related = {"monument": subject, "source": self.ground.source}
        return name(related, ref=self.ref(), locator=self.locator(identifier), **values)

    def locator(self, identifier):
        return f"{self.ground.scheme} {identifier}"[:300]

    def location(self, values, subject, identifier, shown):
        related = {"monument": subject, "source": self.ground.source}
        related["place"] = self.ground.places.get(values.get("place"))
        point = {key: values[key] and Decimal(values[key]) for key in ("latitude", "longitude")}
        rest = {key: values[key] for key in ("uncertainty", "method", "wording", "footprint")}
        return location(related, ref=self.ref(), shown=shown, locator=self.locator(identifier), **point, **rest)

    def media(self, values, subject):
        related = {"monument": subject, "source": self.ground.source}
        rest = {key: values[key] for key in ("label", "kind", "locator", "how", "credit", "licence", "as_stated")}
        return media(related, ref=self.ref(), **rest, **block(values["date"], "", None))

    def claim(self, slot, sort, values, identifier, built):
        """Return a claim of the supplier that cites its list."""
        mode = MODES.get(sort)
        related = {"monument": built.monument, "place": None, "claimant": self.ground.actor}
        own = {key: values[key] for key in ("summary", "certainty", "as_stated", "hi_basis")}
        own |= block(values["date"], values["qualifier"], mode)
        effects = []
        if mode:
            own |= {"mode": mode} | {key: values[key] for key in ("aspect", "scope", "value")}
            own |= {"part_affected": values["part"], "reported_grade": values["grade"]}
            own |= dict(zip(("extent_min", "extent_max"), values["extent"], strict=True))
            own |= {"probability": values.get("probability", "")}
            effects = self.terms("effect", values.get("effects", ()), built)
            related |= {
                "cause": next(iter(self.terms("cause", filter(None, [values["cause"]]), built)), None),
                "agent": None,
            }
        elif sort == "protection":
            own |= {"reference_number": values["reference"], "covers": values["covers"], "ended": values["ended"]}
            kind = next(iter(self.terms("protection_kind", [values["kind"]], built)), None)
            related |= {"kind": kind, "authority": self.ground.actor, "binds": None}
        elif sort == "count":
            own |= {key: values[key] for key in ("counted", "value", "number_qualifier", "scope_note")}
            related["predicate"] = next(iter(self.terms("count_predicate", [values["predicate"]], built)), None)
        else:
            own |= {key: values[key] for key in ("facet", "value", "argued_from")}
        row = sorts["status" if mode else sort](related, ref=self.ref(), **own)
        cited = citation(
            {"source": self.ground.source, "reported_from": None, "media": None},
            ref=self.ref(),
            role=CitationRole.ASSERTS.value,
            locator=(values["locator"] or self.locator(identifier)),
            directness=values["directness"],
        )
        more = [self.reference(one, built) for one in values.get("sources", ())]
        return Told(slot, row, cited, effects, self.terms("evidence_kind", values["evidence"], built), more)

    def reference(self, values, built):
        """Return the citation of a related source: what the list refers to, which nobody has read for the register."""
        title, locator, kind, language = values
        source = self.ground.references.source(title, kind, language)
        if source is None:
            built.lacking.append(("source", title))
        return citation(
            {"source": source, "reported_from": None, "media": None},
            ref=self.ref(),
            role=CitationRole.CONTEXT.value,
            locator=locator,
        )


@lru_cache(maxsize=20_000)
def block(date, qualifier, mode):
    """Return the date block of an EDTF text, as the forms make it."""
    span = dates.parse(date) if date else None
    lo, hi, text = (span.lo, span.hi, span.edtf) if span else (None, None, "")
    chosen = qualifier if span else Qualifier.UNDATED.value
    return {"lo": lo, "hi": hi, "edtf": text, "qualifier": str(chosen or meant(span, mode))}
