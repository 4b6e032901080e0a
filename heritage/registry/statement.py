"""One status claim as the derivation of the current state reads it: what it tells, since when, and whether it decides.

*Units*: dates are year×10000 + month×100 + day, as in ``dates``; month and day 00 stand for the whole year or month.
"""

from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache

ASPECTS = ("condition", "use", "access", "custody", "inscription", "naming", "setting")

HARM, WORKS, MAKING, CHANGE = "harm", "works", "making", "change"
#: What each effect means for the value: only works may improve it, making alone sets no condition, harm and change never improve it.
#: An effect that curators add later counts as change.
BEARING = {
    "construction": MAKING,
    "reconstruction": WORKS,
    "restoration": WORKS,
    "renovation": WORKS,
    "alteration": CHANGE,
    "part_removal": HARM,
    "inscription_removal": HARM,
    "structural_damage": HARM,
    "burning": HARM,
    "defacement": HARM,
    "demolition": HARM,
    "grave_disturbance": HARM,
    "material_reuse": HARM,
    "loss_of_objects": HARM,
    "covering": HARM,
    "terrain_change": HARM,
    "change_of_use": CHANGE,
    "access_restriction": CHANGE,
    "access_opening": CHANGE,
    "excavation": CHANGE,
    "intangible_loss": HARM,
}

#: How severe a value is. Ruined is where the history starts, not harm: it ranks with intact, so harm to a ruin shows and ruin
#: is never the worst. Damaged (degree not stated) ranks with minor damage, the least it can mean.
#: Values not named here (under_works, not_assessable, unknown) are never the worst.
SEVERITY = {
    "condition": {"intact": 0, "ruined": 0, "damaged": 1, "minor_damage": 1, "major_damage": 2, "destroyed": 3},
    "inscription": {"present": 0, "partly_removed": 1, "removed": 2},
}
FABRIC = ("condition", "inscription", "setting")
IN_PROGRESS = ("under_works", "works_nearby")
MAJOR = SEVERITY["condition"]["major_damage"]
STANDING = ("intact", "ruined", "damaged", "minor_damage", "major_damage")
UNTELLING = ("unknown", "not_assessable")
BREADTH = ("whole", "structure", "interior", "part")
EARLIEST, LATEST = -(10**12), 10**12


def start_of(day: int | None) -> int:
    """The first day a bound may mean, for comparison only."""
    return EARLIEST if day is None else day


def end_of(day: int | None) -> int:
    """The last day a bound may mean, for comparison only: 00 stands for the whole year or month."""
    if day is None:
        return LATEST
    year, month, date = _parts(day)
    return year * 10000 + (month * 100 + (date or 99) if month else 9999)


def _parts(day):
    return day // 10000, day // 100 % 100, day % 100


def _opening(day):
    """The last day that a span's first bound may name: 1 January may stand for its year, the first of a month for the month."""
    year, month, date = _parts(day)
    if date > 1:
        return day
    return year * 10000 + (1231 if month <= 1 else month * 100 + monthrange(year, month)[1])


def _closing(day):
    """The first day that a span's last bound may name: 31 December may stand for its year, the last of a month for the month."""
    year, month, date = _parts(day)
    if month in (0, 12) and date in (0, 31):
        return year * 10000 + 101
    return year * 10000 + month * 100 + 1 if date in (0, monthrange(year, month)[1]) else day


def covers(wide: tuple[str, str], narrow: tuple[str, str]) -> bool:
    """Whether what is said of one (scope, part) is said of the other: whole covers all, structure parts, interior stands apart."""
    return wide == narrow or wide[0] == "whole" or (wide[0] == "structure" and narrow[0] == "part")


@lru_cache(maxsize=1_000)
def bearings_of(effects):
    """Return what a tuple of effects means for the value."""
    return frozenset(BEARING.get(effect, CHANGE) for effect in effects)


@dataclass(frozen=True, slots=True)
class Statement:
    """One status claim, as far as the derivation needs it."""

    ref: str
    mode: str  # event | observation | threat
    aspect: str
    qualifier: str  # on | once_between | before | after | throughout | undated
    lo: int | None
    hi: int | None
    value: str  # '' when the claim sets none
    scope: str  # whole | structure | interior | part
    part: str
    effects: tuple[str, ...]
    claimant: str
    standing: str = "standing"  # standing | superseded | withdrawn_by_claimant | withdrawn_by_registry
    hi_basis: str = "stated"

    @property
    def observed(self):
        return self.mode == "observation"

    @property
    def place(self):
        """What the value speaks of: a part is told apart by its name."""
        return self.scope, self.part if self.scope == "part" else ""

    @property
    def order(self):
        """Latest date, then earliest. The rest settles ties: observations, events, works; the lighter value first; never the claimant."""
        rank = 0 if self.observed else 2 if WORKS in self.bearings else 1
        return end_of(self.hi), start_of(self.lo), rank, self.severity, self.value, self.scope, self.part, self.ref

    @property
    def severity(self):
        return SEVERITY.get(self.aspect, {}).get(self.value, 0)

    @property
    def knows_no_harm(self):
        return SEVERITY.get(self.aspect, {}).get(self.value) == 0

    @property
    def bearings(self):
        return bearings_of(self.effects)

    @property
    def holds_all_along(self):
        """Whether "throughout" says that the value held from the first date to the last, not that it was reached by the last."""
        lasting = self.observed or self.aspect not in FABRIC or self.value in IN_PROGRESS
        return self.qualifier == "throughout" and lasting and self.lo is not None

    @property
    def began(self):
        """Earliest and latest date at which the value can have begun."""
        if self.holds_all_along:
            first = _opening(self.lo)
            return None if self.observed else self.lo, first if self.hi is None else min(first, self.hi)
        return None if self.observed and self.qualifier == "on" else self.lo, self.hi

    @property
    def surely_held(self):
        """The latest date of which the claim says for certain that the value held then or later."""
        if self.holds_all_along and self.hi is not None:
            return max(_closing(self.hi), self.lo)
        return self.lo

    def surely_after(self, earlier):
        """Whether this state was still seen when the earlier one had been reached. On one and the same day, two sights disagree."""
        seen, reached = start_of(self.surely_held), end_of(earlier.began[1])
        return seen > reached or (seen == reached and earlier.observed)

    @property
    def is_dated(self):
        return self.qualifier != "undated" and (self.lo is not None or self.hi is not None)

    @property
    def tells_a_state(self):
        """Whether the claim gives its aspect a value; a construction sets no condition unless building is still going on."""
        making_only = self.aspect == "condition" and self.bearings == {MAKING} and self.value not in IN_PROGRESS
        return self.mode != "threat" and bool(self.value) and not making_only

    @property
    def decides(self):
        return self.tells_a_state and self.is_dated and not (self.observed and self.lo is None)

    @property
    def is_building_work(self):
        """Whether it tells of works, so that something seen standing later may be new. A threat tells of nothing done."""
        return self.mode != "threat" and (bool(self.bearings & {WORKS, MAKING}) or self.value == "under_works")


@dataclass(frozen=True, slots=True)
class Link:
    """``claim`` <kind> ``other``."""

    claim: str
    other: str
    kind: str  # contradicts | tension | corroborates | refines | derived_from | supersedes
