"""What holds for the derived state of every history."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from heritage.registry.standing import derive
from heritage.registry.statement import ASPECTS, Link, end_of, start_of
from tests.registry.histories import told

SCOPES = ["whole", "structure", "interior", "dome", "tower"]
DAYS = st.none() | st.sampled_from([20200000, 20200101, 20200600, 20200630, 20201231, 20210412, 20210618, 20220101])
CONDITIONS = [
    "",
    "intact",
    "ruined",
    "damaged",
    "minor_damage",
    "major_damage",
    "destroyed",
    "under_works",
    "not_assessable",
    "unknown",
]
EFFECTS = ["demolition", "restoration", "construction", "alteration"]


@st.composite
def histories(draw):
    count = draw(st.integers(1, 6))
    history = []
    for number in range(count):
        lo, hi = (
            sorted([draw(DAYS), draw(DAYS)], key=lambda day: (day is None, day))
            if draw(st.booleans())
            else (draw(DAYS), None)
        )
        mode = draw(st.sampled_from(["event", "observation", "threat"]))
        one = told(
            mode, f"r{number}", draw(st.sampled_from(CONDITIONS)), lo, hi, draw(st.sampled_from(SCOPES)),
            by=draw(st.sampled_from(["a-one", "a-two", "a-three"])), aspect=draw(st.sampled_from(ASPECTS[:2])),
            effects=(draw(st.sampled_from(EFFECTS)),) if mode == "event" else (),
            qualifier=draw(st.sampled_from(["", "throughout", "undated"])),
            standing=draw(st.sampled_from(["standing", "standing", "standing", "superseded"])),
        )  # fmt: skip
        history.append(one)
    refs = st.sampled_from([one.ref for one in history])
    kinds = st.sampled_from(["contradicts", "derived_from", "supersedes", "tension"])
    return history, draw(st.lists(st.builds(Link, refs, refs, kinds), max_size=3))


@given(histories(), st.data())
def test_the_order_of_the_input_does_not_matter(case, data):
    history, links = case

    assert derive(data.draw(st.permutations(history)), data.draw(st.permutations(links))) == derive(history, links)


@given(histories(), st.permutations(["a-one", "a-two", "a-three"]))
def test_who_claims_does_not_matter(case, others):
    history, links = case
    names = dict(zip(["a-one", "a-two", "a-three"], others, strict=True))
    exchanged = [replace(one, claimant=names[one.claimant]) for one in history]

    assert derive(exchanged, links) == derive(history, links)


@given(histories())
def test_references_decide_nothing_but_what_is_quoted(case):
    history, links = case
    names = {one.ref: f"z{9 - number}" for number, one in enumerate(history)}
    renamed = [replace(one, ref=names[one.ref]) for one in history]
    relinked = [Link(names[link.claim], names[link.other], link.kind) for link in links]

    assert summary(derive(renamed, relinked)) == summary(derive(history, links))


def summary(states):
    return [
        (
            one.aspect,
            one.value,
            one.scope,
            one.part,
            one.since,
            one.claimants,
            one.independent_claimants,
            one.contested,
            one.worst,
        )
        for one in states.values()
    ]


@given(histories())
def test_every_state_is_coherent(case):
    for state in derive(*case).values():
        lo, hi = state.since
        assert lo is None or hi is None or start_of(lo) <= end_of(hi)
        assert bool(state.value) == bool(state.decided_by) == (state.claimants > 0)
        assert 0 <= state.independent_claimants <= state.claimants
        assert state.contested == bool(state.positions)
        assert not state.contested or state.value in dict(state.positions)
        assert state.worst != state.value or not state.value
