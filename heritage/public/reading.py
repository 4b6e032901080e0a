"""A record made ready for its page: looked up, numbered and worded, never decided upon."""

from collections import defaultdict

from heritage.public import wording
from heritage.public.axis import axis
from heritage.registry.vocabulary import Aspect, ContentWarning

CLAIMS = ("statuses", "attributions", "protections", "counts")


class Reading:
    """One record of a monument or place, with what its page looks up in it."""

    def __init__(self, record):
        self.record = record
        self.sources = {source["ref"]: source for source in record["sources"]}
        self.numbers = {source["ref"]: number for number, source in enumerate(record["sources"], 1)}
        self.claims = {claim["ref"]: claim for kind in CLAIMS for claim in record[kind]}
        self.media = {item["ref"]: item for item in record.get("media", [])}
        self.history = list(enumerate(self.dated_first(record["statuses"]), 1))

    @staticmethod
    def dated_first(statuses):
        """Return ``statuses``, oldest first, as the record has them, and the undated at the end."""
        return sorted(statuses, key=lambda one: one["dates"]["qualifier"] == "undated")

    @property
    def names(self):
        return [name for name in self.record["names"] if name["kind"]["code"] != "register_number"]

    @property
    def register_numbers(self):
        return [name for name in self.record["names"] if name["kind"]["code"] == "register_number"]

    @property
    def warnings(self):
        """The content warnings, once each."""
        return [notice for notice in self.record["notices"] if notice["code"] in ContentWarning.values]

    @property
    def notices(self):
        """The other notices, without what the page says at the very statement."""
        said = {*ContentWarning.values, "class_protection"}
        return [notice for notice in self.record["notices"] if notice["code"] not in said]

    @property
    def location(self):
        """The location that is shown, else the first."""
        locations = self.record.get("locations", [])
        return next((one for one in locations if one["shown"]), locations[0] if locations else None)

    @property
    def other_locations(self):
        return [one for one in self.record.get("locations", []) if one is not self.location]

    @property
    def state(self):
        """Pairs of aspect and state: contested ones first, then in the order of the vocabulary."""
        state = self.record.get("state", {})
        known = [(aspect, state[aspect]) for aspect in Aspect.values if aspect in state]
        return sorted(known, key=lambda pair: not pair[1]["contested"])

    @property
    def aspects_without_record(self):
        """Labels of the aspects nobody has reported on; naming is told by the names."""
        state = self.record.get("state", {})
        return [wording.aspect_label(aspect) for aspect in Aspect.values if aspect not in state and aspect != "naming"]

    @property
    def threats(self):
        return [claim for claim in self.record["statuses"] if self.is_threat(claim)]

    @staticmethod
    def is_threat(claim):
        return claim["mode"]["code"] == "threat" and claim["standing"]["code"] == "standing"

    @property
    def axis(self):
        return axis(self.history)

    @property
    def attributions(self):
        """Pairs of facet label and the attributions under it, side by side."""
        facets = defaultdict(list)
        for claim in self.record["attributions"]:
            facets[claim["facet"]["label"]].append(claim)
        return list(facets.items())

    def cited_in(self, ref):
        """Return the claims that cite the source ``ref``, for the way back from the list of sources."""
        return [
            claim
            for claim in self.claims.values()
            if any(ref in (citation["source"], citation["relayed_from"]) for citation in claim["citations"])
        ]
