"""The current state of a subject, derived from the history that claimants report: records in, state out.

Nothing here is a finding of the register: every value is the claim named in ``decided_by``. The rules are those of the
model ("How the current state is derived"). What they leave open is settled here:

* *When a value began.* An event began it within its own bounds. A state seen "on" or "throughout" dates was there already,
  so its first date is a latest beginning and no earliest one; 1 January may stand for its year there, and the first of a
  month for the month, as bounds do not tell. Where the deciding records give no earliest date, the last date at which the
  value they replaced surely held is taken.
* *Later* means surely later: the observation's earliest date lies after the date by which the other value was reached.
* *No harm* (intact, ruined, present) never heads a state in which a kept record tells of harm to some scope: intact reads
  "no damage known". The head is then the gravest of these, named with its scope.
* *A part* that was destroyed counts as major damage where the worst known value of the whole is named.
* *Unknown* and *not assessable*, when observed, do not replace a value that tells something, nor head a state that has one.
* *Seen standing after a destruction* stays contested until works, or a later record of the destruction, settle it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import permutations
from typing import NamedTuple

from heritage.registry.statement import (
    ASPECTS,
    BREADTH,
    MAJOR,
    SEVERITY,
    STANDING,
    UNTELLING,
    WORKS,
    Link,
    Statement,
    covers,
    end_of,
    start_of,
)


class NotCovered(NamedTuple):
    """A value that another scope or part keeps beside the one shown."""

    scope: str
    part: str
    value: str
    ref: str


@dataclass(frozen=True, slots=True)
class AspectState:
    """What is known of one aspect. An empty ``value`` reads "no information"; ``scope`` and ``part`` say of what the value speaks."""

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


def _live(statements, links):
    """The statements that count, in the one order in which all rules read them."""
    statements = tuple(statements)
    speaking = {one.ref for one in statements if not one.standing.startswith("withdrawn")}
    superseded = {link.other for link in links if link.kind == "supersedes" and link.claim in speaking}
    counted = [one for one in statements if one.standing == "standing" and one.ref not in superseded]
    return sorted(counted, key=lambda one: one.order)


def _state(aspect, live, links):
    own = [one for one in live if one.aspect == aspect]
    told = [one for one in own if one.tells_a_state]
    dated = _firsthand([one for one in told if one.is_dated], _derived(links))
    state = AspectState(
        aspect,
        last_documented=max((one.lo if one.hi is None else one.hi for one in dated), key=end_of, default=None),
        threatened_by=tuple(one.ref for one in own if one.mode == "threat"),
        set_aside=tuple(one.ref for one in told if not one.decides),
    )
    deciding = [one for one in told if one.decides]
    return _decided(state, deciding, told, live, links) if deciding else state


def _decided(state, deciding, told, live, links):
    kept = _walk(deciding)
    place = _head(kept)
    head = kept[place]
    derived = _derived(links)
    positions = _positions(place, head, told, live, links)
    return replace(
        state,
        value=head.value,
        scope=place[0],
        part=place[1],
        **_since(head, derived),
        claimants=len({one.claimant for one in head.run}),
        independent_claimants=_independent(head.run, links),
        contested=bool(positions),
        positions=positions,
        worst=_worst(place, head, deciding),
        not_covered=_not_covered(place, kept),
        decided_by=_firsthand(head.run, derived)[0].ref,
    )


# The walk: one value per scope


@dataclass(frozen=True, slots=True)
class _Held:
    """The value kept for one scope: who has said so since it was set, and what it replaced."""

    value: str
    floor: int  # harm cannot bring the severity below this
    run: tuple[Statement, ...]
    replaced: tuple[Statement, ...] = ()


def _walk(deciding):
    kept = {}
    for one in deciding:
        around = [held for place, held in kept.items() if place != one.place and covers(place, one.place)]
        gone = [held for held in around if held.value == "destroyed"]
        if all(_may_replace(one, held) for held in [kept.get(one.place), *gone] if held):
            within = [place for place in kept if covers(one.place, place) and _may_replace(one, kept[place])]
            ended = [kept.pop(place) for place in within]
            kept[one.place] = _hold(one, ended)
    return kept


def _may_replace(one, held):
    """Harm never improves a value: only works do, or an observation that is surely later."""
    if one.value in (held.value, "under_works"):
        return True
    if one.observed and one.value in UNTELLING and held.value not in UNTELLING:
        return False
    if one.severity >= held.floor or WORKS in one.bearings:
        return True
    return one.observed and any(one.surely_after(earlier) for earlier in held.run)


def _hold(one, ended):
    same = next((held for held in ended if held.value == one.value and held.run[0].place == one.place), None)
    if same:
        return replace(same, run=(*same.run, one))
    floor = one.severity
    if one.value not in SEVERITY.get(one.aspect, {}):
        floor = max((_weigh(held.floor, held.run[0], one.place) for held in ended), default=0)
    others = [held for held in ended if held.value != one.value and held.value not in UNTELLING]
    return _Held(one.value, floor, (one,), tuple(before for held in others for before in held.run))


# What is shown


def _head(kept):
    """The broadest scope that tells something speaks, unless it knows of no harm and another does."""
    telling = [place for place in kept if kept[place].value not in UNTELLING] or list(kept)
    broadest = min(telling, key=_breadth)
    graver = [place for place in telling if kept[place].run[0].severity > 0]
    if graver and kept[broadest].run[0].knows_no_harm:
        return min(graver, key=lambda place: (-kept[place].run[0].severity, *_breadth(place)))
    return broadest


def _breadth(place):
    return BREADTH.index(place[0]), place[1]


def _not_covered(head, kept):
    """Other scopes' values, without a wider one that the head itself disproves."""
    others = [place for place in kept if kept[place].value != kept[head].value and not covers(place, head)]
    return tuple(
        NotCovered(*place, kept[place].value, kept[place].run[0].ref) for place in sorted(others, key=_breadth)
    )


def _derived(links):
    return {link.claim for link in links if link.kind == "derived_from"}


def _firsthand(run, derived):
    """What rests on no other record, or all of it when everything does."""
    return [one for one in run if one.ref not in derived] or list(run)


def _since(head, derived):
    """The tightest interval that the deciding records support; their union, marked, when they leave none."""
    told = _firsthand(head.run, derived)
    first, last = (lambda one: start_of(one.began[0])), (lambda one: (end_of(one.began[1]), one.hi_basis != "stated"))
    lo, ends = max(told, key=first).began[0], min(told, key=last)
    is_union = start_of(lo) > end_of(ends.began[1])
    if is_union:
        lo, ends = min(told, key=first).began[0], max(told, key=last)
    hi = ends.began[1]
    if lo is None:
        before = [one.surely_held for one in _firsthand(head.replaced, derived)]
        lo = max((day for day in before if day is not None and day <= end_of(hi)), default=None)
    return {"since": (lo, hi), "since_is_union": is_union, "since_hi_basis": "" if hi is None else ends.hi_basis}


def _independent(run, links):
    """Claimants that are not known to depend on one another: each chain of derived claims speaks with one voice."""
    voices = {}

    def voice(key):
        while key in voices:
            key = voices[key]
        return key

    pairs = [(("claim", link.claim), ("claim", link.other)) for link in links if link.kind == "derived_from"]
    pairs += [(("claim", one.ref), ("claimant", one.claimant)) for one in run]
    for one, other in pairs:
        one, other = voice(one), voice(other)
        if one != other:
            voices[one] = other
    return len({voice(("claimant", one.claimant)) for one in run})


def _weigh(severity, one, place):
    """Severity as it weighs on ``place``: a narrower scope's destruction leaves the rest, and so is major damage."""
    inner = one.scope in ("interior", "part") and one.place != place
    return min(severity, MAJOR) if inner else severity


def _worst(place, head, deciding):
    """The gravest value on record where it is graver than the head; of equal ones the latest."""
    related = [one for one in deciding if covers(place, one.place) or covers(one.place, place)]
    worst = max(reversed(related), key=lambda one: _weigh(one.severity, one, place))
    weight = _weigh(worst.severity, worst, place)
    if weight <= head.run[0].severity:
        return ""
    return worst.value if weight == worst.severity else "major_damage"


# Disagreement


def _positions(place, head, told, live, links):
    """The opposing values with the claims for each, or nothing when no source disagrees with the head."""
    opposed = [one for pair in _seen_standing(place, told, live) for one in pair]
    opposed += _contradicting(head, told, links)
    sides = {}
    for one in sorted({*head.run, *opposed}, key=lambda one: one.order):
        sides.setdefault(one.value, []).append(one.ref)
    return tuple((value, tuple(sides[value])) for value in sorted(sides)) if len(sides) > 1 else ()


def _contradicting(head, told, links):
    pairs = {frozenset((link.claim, link.other)) for link in links if link.kind == "contradicts"}
    return [one for one in told if any(frozenset((one.ref, mine.ref)) in pairs for mine in head.run)]


def _seen_standing(place, told, live):
    """Pairs of a destruction and a later sight of the same thing standing, with no works between and nothing that settled it."""
    for gone, seen in permutations([one for one in told if one.decides], 2):
        if place in (gone.place, seen.place) and _stood_after(gone, seen):
            later = [one for one in live if one.is_dated and one.order > gone.order]
            if not any(_settles(one, gone, seen) for one in later):
                yield gone, seen


def _stood_after(gone, seen):
    if gone.value != "destroyed" or not seen.observed or seen.value not in STANDING:
        return False
    of_the_same = covers(gone.place, seen.place) or (seen.value == "intact" and covers(seen.place, gone.place))
    return of_the_same and seen.surely_after(gone)


def _settles(later, gone, seen):
    """Works that may lie between the two, or, after both, works or another destruction that decide."""
    after_both = later.order > seen.order
    if later.is_building_work and (not after_both or (later.lo is not None and later.lo <= end_of(seen.hi))):
        return True
    graver = later.value == "destroyed" and covers(later.place, gone.place)
    return after_both and later.decides and later.aspect == gone.aspect and (later.is_building_work or graver)
