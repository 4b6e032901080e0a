"""An invented register for tests of scale: the same seed gives the same rows, references and primary keys, in any batches.

The region lies in the middle of an ocean and its names are made of syllables, so that nothing in it is anybody's heritage.
Monuments have no description of their own; the summaries of their three claims come to about 400 characters together.
"""

from bisect import bisect
from random import Random

from heritage.registry.dossier import Dossier
from heritage.registry.models import Citation, Claim, Location, Monument, Name, Status
from heritage.registry.refs import spelt
from heritage.registry.rows import Form, every_column
from heritage.registry.synthetic_names import FEATURES, FORMS, MATERIALS, NOTES, SIGHTS, spelt_root, spread_out
from heritage.registry.synthetic_world import World, degrees

CLAIMS, NAMES, CITATIONS = 3, 4, 8  # primary keys set apart for each monument
BEYOND_PLACES = 10_000  # the names of places have the keys up to here
SCHEME = "Synthetic list"
OUTCOMES = spread_out(
    [
        (("observation", "intact", None, None), 30),
        (("observation", "major_damage", None, None), 6),
        (("observation", "not_assessable", None, None), 4),
        (("event", "minor_damage", "structural_damage", "neglect"), 14),
        (("event", "major_damage", "structural_damage", "natural"), 10),
        (("event", "damaged", "material_reuse", "looting"), 6),
        (("event", "destroyed", "demolition", "infrastructure"), 8),
        (("event", "destroyed", "not_stated", "unknown"), 4),
        (("event", "under_works", "restoration", "works_on_monument"), 10),
        (("threat", "", "demolition", "development"), 8),
    ]
)
SIGHTED = spread_out([("intact", 60), ("minor_damage", 18), ("ruined", 14), ("major_damage", 8)])
PRECISIONS = spread_out([("exact", 20), ("near", 25), ("km1", 40), ("settlement", 10), ("district", 5)])
CERTAINTIES = ["low", "medium", "high", "definite", "not_assessed"]
VERIFICATIONS = ["unreviewed", "uncorroborated", "corroborated"]

monument, name, location, status, citation = map(Form, (Monument, Name, Location, Status, Citation))


class Monuments:
    """The monuments of a ``World``, each by its number."""

    def __init__(self, world):
        self.world = world
        self.random = Random(0)  # noqa: S311

    def dossier(self, number):
        """Return the rows of monument ``number``, counted from 0, as publication reads them."""
        self.random.seed(self.world.seed * 1_000_003 + number)
        return Sheet(self.world, number, self.random).dossier()


class Sheet:
    """One monument being filled in."""

    def __init__(self, world, number, random):
        self.world, self.number = world, number
        self.random, self.draw = random, random.random

    def ref(self):
        return spelt(self.random.getrandbits(64))

    def pick(self, choices):
        return choices[int(self.draw() * len(choices))]

    def dossier(self):
        world = self.world
        code, kind, _, *self.words = self.pick(world.types)
        self.root = spelt_root(self.draw)
        self.monument = monument(
            id=self.number + 1,
            ref=self.ref(),
            kind=kind,
            label=f"{self.root[0]} {self.words[0]}",
            public_precision=self.pick(PRECISIONS),
            itemised=self.draw() < 0.97,
        )
        self.folder = Dossier(self.monument, types=[world.terms["monument_type", code]])
        self.add_names()
        self.add_location()
        for order, add in enumerate((self.add_origin, self.add_sight, self.add_outcome)):
            add(self.number * CLAIMS + order + 1)
        return self.folder

    def add_names(self):
        key, related = BEYOND_PLACES + self.number * NAMES, {"monument": self.monument, "source": None}
        for tongue in self.pick(self.world.tongues):
            language, script = self.world.languages[tongue]
            text = f"{self.root[tongue]} {self.words[tongue]}"
            made = name(related, id=key, ref=self.ref(), text=text, language=language, script=script, kind="preferred")
            self.folder.names.append(made)
            key += 1
        if self.draw() < 0.3:
            number = {"kind": "register_number", "scheme": SCHEME, "text": f"{self.number + 1:07}"}
            self.folder.names.append(name(related, id=key, ref=self.ref(), **number))

    def add_location(self):
        world = self.world
        place = world.settlements[bisect(world.crowds, self.draw() * world.crowds[-1])]
        point = {}
        if self.draw() < 0.94:
            point = {
                "latitude": degrees(float(place.latitude) + self.random.gauss(0, 0.012)),
                "longitude": degrees(float(place.longitude) + self.random.gauss(0, 0.015)),
                "uncertainty": self.pick([10, 25, 50, 150, 500]),
                "method": self.pick(["from a satellite image", "measured on the ground", "read from a map"]),
            }
        source = self.pick(world.sources) if self.draw() < 0.5 else None
        related = {"monument": self.monument, "place": place, "source": source}
        self.folder.locations.append(location(related, id=self.number + 1, ref=self.ref(), shown=True, **point))
        self.folder.within[place.pk] = world.within[place.pk]

    # The claims

    def add_origin(self, key):
        block, when = self.pick(self.world.origins)
        material, form, feature = self.pick(MATERIALS), self.pick(FORMS), self.pick(FEATURES)
        summary = f"In the inventory ({when}): built of {material} with {form} and {feature}."
        self.claim(key, block, summary, "construction", mode="event")
        self.cite(key, 0, "asserts", self.pick(["inventory", "scholarship", "inscription"]))

    def add_sight(self, key):
        block, when = self.pick(self.world.seen_on)
        value = self.pick(SIGHTED)
        summary = f"Visited on {when}: {self.pick(SIGHTS[value])}; {self.pick(NOTES)}. Recorded by the survey team."
        self.claim(key, block, summary, mode="observation", value=value)
        self.cite(key, 1, "asserts", "site_visit")
        if self.draw() < 0.35:
            self.cite(key, 2, "asserts", self.pick(["photo", "aerial_drone"]))

    def add_outcome(self, key):
        mode, value, effect, cause = self.pick(OUTCOMES)
        block, when = self.pick(self.world.between if mode == "event" else self.world.seen_on)
        told = self.pick(SIGHTS[value]) if value else "an approved plan for a road shows the plot as building ground"
        summary = f"According to the record ({when}): {told}; {self.pick(NOTES)}."
        more = {"probability": "planned"} if mode == "threat" else {}
        self.claim(key, block, summary, effect, cause, mode=mode, value=value, **more)
        self.cite(key, 3, "asserts", self.pick(["press", "ngo_report", "official_document", "photo"]))
        if block["qualifier"] == "once_between":
            self.cite(key, 4, "last_unchanged", "satellite_imagery", block["lo"])
            self.cite(key, 5, "first_changed", "satellite_imagery", block["hi"])

    def claim(self, key, block, summary, effect=None, cause=None, **fields):
        terms = self.world.terms
        related = {
            "monument": self.monument,
            "claimant": self.pick(self.world.actors),
            "cause": terms["cause", cause] if cause else None,
            "agent": None,
        }
        made = status(
            related,
            id=key,
            claim_ptr_id=key,
            ref=self.ref(),
            summary=summary,
            certainty=self.pick(CERTAINTIES),
            verification=self.pick(VERIFICATIONS),
            **block,
            **fields,
        )
        self.folder.statuses.append(made)
        self.folder.citations[key] = []
        self.folder.effects[key] = [terms["effect", effect]] if effect else []

    def cite(self, claim, place, role, evidence, anchored_on=None):
        key = self.number * CITATIONS + place + 1
        related = {"source": self.pick(self.world.sources), "reported_from": None, "media": None}
        made = citation(
            related,
            id=key,
            ref=self.ref(),
            claim_id=claim,
            role=role,
            locator=f"p. {int(self.draw() * 300) + 1}",
            anchored_on=anchored_on,
        )
        self.folder.citations[claim].append(made)
        self.folder.evidence[key] = [self.world.terms["evidence_kind", evidence]]


def values_by_table(folders):
    """Return (label of the table, columns, values) of ``folders``, dossiers of monuments, in an order in which they can be written."""
    subjects = [folder.subject for folder in folders]
    names = [one for folder in folders for one in folder.names]
    locations = [one for folder in folders for one in folder.locations]
    statuses = [one for folder in folders for one in folder.statuses]
    citations = [one for folder in folders for of_claim in folder.citations.values() for one in of_claim]
    types = [(folder.subject.pk, term.pk) for folder in folders for term in folder.types]
    effects = [(key, term.pk) for folder in folders for key, terms in folder.effects.items() for term in terms]
    evidence = [(key, term.pk) for folder in folders for key, terms in folder.evidence.items() for term in terms]
    return [
        whole(Monument, subjects),
        (Monument.types.through._meta.label, ["monument_id", "term_id"], types),
        whole(Name, names),
        whole(Location, locations),
        whole(Claim, statuses),
        whole(Status, statuses),
        (Status.effects.through._meta.label, ["status_id", "term_id"], effects),
        whole(Citation, citations),
        (Citation.evidence.through._meta.label, ["citation_id", "term_id"], evidence),
    ]


def whole(model, rows):
    columns = every_column(model)
    return model._meta.label, columns.names, list(map(columns, rows))


__all__ = ["Monuments", "World", "monument", "values_by_table", "whole"]
