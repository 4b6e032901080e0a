"""The current state of a subject, derived from the history that claimants report: records in, state out.

Nothing here is a finding of the register: every value is the claim named in ``decided_by``. The rules are those of the
model ("How the current state is derived"). What they leave open is settled here:

* *When a value began.* An event began it within its own bounds. A state seen "on" or "throughout" dates was there already,
  so its first date is a latest beginning and no earliest one. Where the deciding records give no earliest date, the last
  date at which the value they replaced surely held is taken.
* *Later* means surely later: the observation's earliest date lies after the date by which the other value was reached.
* *Intact* reads "no damage known", so it never heads a state in which a kept record tells of damage to some scope.
* *A part* that was destroyed counts as major damage where the worst known value of the whole is named.
* *Ruined* is where the history starts, not harm: it ranks with intact, so harm to a ruin shows and ruin is never the "worst".
* *Unknown* and *not assessable*, when observed, do not replace a value that tells something.
* Records of the same dates are read: observations, events, works; within each the lighter value first.

*Units*: dates are year×10000 + month×100 + day, as in ``dates``; month and day 00 stand for the whole year or month.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple

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

#: How severe a value is. Values not named here (under_works, not_assessable, unknown) are never the worst.
SEVERITY = {
    "condition": {"intact": 0, "ruined": 0, "damaged": 1, "minor_damage": 1, "major_damage": 2, "destroyed": 3},
    "inscription": {"present": 0, "partly_removed": 1, "removed": 2},
}
FABRIC = ("condition", "inscription", "setting")
IN_PROGRESS = ("under_works", "works_nearby")
UNTELLING = ("unknown", "not_assessable")
BREADTH = ("whole", "structure", "interior", "part")
EARLIEST, LATEST = -(10**12), 10**12


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
    def severity(self):
        return SEVERITY.get(self.aspect, {}).get(self.value, 0)

    @property
    def bearings(self):
        return {BEARING.get(effect, CHANGE) for effect in self.effects}

    @property
    def holds_all_along(self):
        """Whether "throughout" says that the value held from the first date to the last, not that it was reached by the last."""
        lasting = self.observed or self.aspect not in FABRIC or self.value in IN_PROGRESS
        return self.qualifier == "throughout" and lasting and self.lo is not None

    @property
    def began(self):
        """Earliest and latest date at which the value can have begun."""
        if self.holds_all_along:
            return None if self.observed else self.lo, self.lo
        return None if self.observed and self.qualifier == "on" else self.lo, self.hi

    @property
    def surely_held(self):
        """The latest date of which the claim says for certain that the value held then or later."""
        return self.hi if self.holds_all_along and self.hi is not None else self.lo

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
        return bool(self.bearings & {WORKS, MAKING}) or self.value == "under_works"


@dataclass(frozen=True, slots=True)
class Link:
    """``claim`` <kind> ``other``."""

    claim: str
    other: str
    kind: str  # contradicts | tension | corroborates | refines | derived_from | supersedes


class NotCovered(NamedTuple):
    """A value that another scope or part keeps beside the one shown."""

    scope: str
    part: str
    value: str
    ref: str


@dataclass(frozen=True, slots=True)
class AspectState:
    """What is known of one aspect. An empty ``value`` reads "no information"."""

    aspect: str
    value: str = ""
    scope: str = ""
    part: str = ""
    since: tuple[int | None, int | None] = (None, None)
    since_is_union: bool = False
    since_hi_basis: str = ""
    last_documented: int | None = None
    claimants: int = 0
    independent_claimants: int = 0
    contested: bool = False
    positions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    worst: str = ""
    not_covered: tuple[NotCovered, ...] = ()
    decided_by: str = ""
    threatened_by: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()  # tell a state, but are undated or observed without a lower bound


def derive(statements: Iterable[Statement], links: Iterable[Link] = ()) -> dict[str, AspectState]:
    """The state of every aspect that any standing record speaks of, in the order of ``ASPECTS``."""
    links = tuple(links)
    live = _live(statements, links)
    spoken_of = {statement.aspect for statement in live}
    return {aspect: _state(aspect, live, links) for aspect in ASPECTS if aspect in spoken_of}


def threats(statements: Iterable[Statement], links: Iterable[Link] = ()) -> tuple[str, ...]:
    """References of the threats that stand, in order of date. Threats never change a value."""
    return tuple(statement.ref for statement in _live(statements, tuple(links)) if statement.mode == "threat")


@dataclass(frozen=True, slots=True)
class _Held:
    """The value kept for one scope: who says so, since it was last set, and what it replaced."""

    value: str
    floor: int  # harm cannot bring the severity below this
    run: tuple[Statement, ...]
    replaced: tuple[Statement, ...]

    @property
    def reached_by(self):
        return min(_end(statement.began[1]) for statement in self.run)


def _live(statements, links):
    """The statements that count, in the one order in which all rules read them."""
    statements = tuple(statements)
    speaking = {one.ref for one in statements if not one.standing.startswith("withdrawn")}
    superseded = {link.other for link in links if link.kind == "supersedes" and link.claim in speaking}
    return sorted((one for one in statements if one.standing == "standing" and one.ref not in superseded), key=_order)


def _state(aspect, live, links):
    own = [one for one in live if one.aspect == aspect]
    told = [one for one in own if one.tells_a_state]
    deciding = [one for one in told if one.decides]
    shown_with_it = {
        "last_documented": max((one.lo if one.hi is None else one.hi for one in told if one.is_dated), key=_end, default=None),
        "threatened_by": tuple(one.ref for one in own if one.mode == "threat"),
        "set_aside": tuple(one.ref for one in told if not one.decides),
    }
    if not deciding:
        return AspectState(aspect, **shown_with_it)
    kept = _walk(deciding)
    head = _head(kept)
    positions = _positions(head, told, live, links)
    derived = {link.claim for link in links if link.kind == "derived_from"}
    return AspectState(
        aspect,
        kept[head].value,
        *head,
        **_since(kept[head], derived),
        claimants=len({one.claimant for one in kept[head].run}),
        independent_claimants=_independent(kept[head].run, links),
        contested=bool(positions),
        positions=positions,
        worst=_worst(head, kept[head].value, deciding),
        not_covered=_not_covered(head, kept),
        decided_by=_undeprived(kept[head].run, derived)[0].ref,
        **shown_with_it,
    )
