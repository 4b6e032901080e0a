"""The rules by which the current state follows from the reported history, each alone.

Contradictions are in ``test_standing_contested``, what must come out for the demonstration register in
``test_standing_examples``, what holds for every history in ``test_standing_always``.
"""

import pytest

from heritage.registry.standing import AspectState, derive, threats
from heritage.registry.statement import Link
from tests.registry.histories import (
    DAMAGED,
    DESTROYED,
    MAJOR,
    MUSEUM,
    RESTORED,
    condition,
    harm,
    seen,
    threat,
    told,
    works,
)


@pytest.mark.parametrize(
    ("rule", "history", "expected"),
    [
        ("the latest bound decides", [DAMAGED, DESTROYED, MAJOR], ("destroyed", "whole", "r3", "")),
        ("equal ends: the later beginning decides",
         [seen("a", "damaged", 20200101, 20210131), seen("b", "minor_damage", 20210101, 20210131)], ("minor_damage", "whole", "b", "")),
        ("an open end comes last", [DAMAGED, harm("a", "major_damage", 20190101, None)], ("major_damage", "whole", "a", "")),
        ("an event without a lower bound decides", [harm("a", "destroyed", None, 20220630)], ("destroyed", "whole", "a", "")),
        ("an observation without a lower bound does not", [DAMAGED, seen("a", "intact", None, 20230101)], ("damaged", "whole", "r1", "")),
        ("undated claims are set aside", [DAMAGED, harm("a", "destroyed", None, None, qualifier="undated")], ("damaged", "whole", "r1", "")),
        ("harm does not improve", [MAJOR, harm("a", "damaged", None, 20220630)], ("major_damage", "whole", "r2", "")),
        ("nor does a change that is not works",
         [MAJOR, told("event", "a", "intact", 20220101, 20220131, effects=("change_of_use",))], ("major_damage", "whole", "r2", "")),
        ("nor an effect added later", [MAJOR, told("event", "a", "intact", 20220101, 20220131, effects=("blessing",))], ("major_damage", "whole", "r2", "")),
        ("damage of no stated degree follows minor damage", [harm("a", "minor_damage", 20190101, 20190131), DAMAGED], ("damaged", "whole", "r1", "")),
        ("works improve, the worst stays beside", [MAJOR, RESTORED], ("intact", "whole", "r4", "major_damage")),
        ("a later observation improves", [MAJOR, seen("a", "minor_damage", 20220705, 20220705)], ("minor_damage", "whole", "a", "major_damage")),
        ("an observation that may be earlier does not", [MAJOR, seen("a", "intact", 20210115, 20220705)], ("major_damage", "whole", "r2", "")),
        ("one that held throughout is as late as its end",
         [MAJOR, seen("a", "intact", 20200101, 20220705, qualifier="throughout")], ("intact", "whole", "a", "major_damage")),
        ("harm after works shows", [MAJOR, RESTORED, harm("a", "damaged", 20240101, 20240131)], ("damaged", "whole", "a", "major_damage")),
        ("works in progress keep the worst", [DESTROYED, seen("a", "under_works", 20220131, 20231115)], ("under_works", "whole", "a", "destroyed")),
        ("harm during works does not improve on what was before",
         [MAJOR, works("a", "under_works", 20220101, 20220131), harm("b", "damaged", 20220201, 20220228)], ("under_works", "whole", "a", "major_damage")),
        ("construction sets no condition", [DAMAGED, told("event", "a", "intact", 20240101, 20240131, effects=("construction",))], ("damaged", "whole", "r1", "")),
        ("building still going on is works in progress",
         [told("event", "a", "under_works", 20240101, 20240131, effects=("construction",))], ("under_works", "whole", "a", "")),
        ("ruin is where the history starts", [seen("a", "ruined", 20190101, 20190101), DAMAGED], ("damaged", "whole", "r1", "")),
        ("ruin is never the worst", [seen("a", "ruined", 20190101, 20190101), works("b", "intact", 20230101, 20230131)], ("intact", "whole", "b", "")),
        ("what could not be assessed replaces nothing", [DAMAGED, seen("a", "not_assessable", 20230101, 20230101)], ("damaged", "whole", "r1", "")),
        ("but stands where nothing else does", [seen("a", "not_assessable", 20230101, 20230101)], ("not_assessable", "whole", "a", "")),
        ("and gives way to what tells more", [seen("a", "unknown", 20190101, 20190101), DAMAGED], ("damaged", "whole", "r1", "")),
        ("a thing no longer in its place is not intact",
         [seen("a", "intact", 20190101, 20190101), told("event", "b", "unknown", None, 20240315, effects=("loss_of_objects",))], ("unknown", "whole", "b", "")),
        ("withdrawn by the claimant", [DAMAGED, harm("a", "destroyed", 20220101, 20220131, standing="withdrawn_by_claimant")], ("damaged", "whole", "r1", "")),
        ("withdrawn by the registry", [DAMAGED, harm("a", "destroyed", 20220101, 20220131, standing="withdrawn_by_registry")], ("damaged", "whole", "r1", "")),
        ("superseded", [DAMAGED, harm("a", "destroyed", 20220101, 20220131, standing="superseded")], ("damaged", "whole", "r1", "")),
        ("a threat changes nothing", [DAMAGED, threat("a")], ("damaged", "whole", "r1", "")),
        ("a claim without a value changes nothing", [DAMAGED, works("a", "", 20230101, 20230131)], ("damaged", "whole", "r1", "")),
        ("a part is named as such", [harm("a", "major_damage", 20210101, 20210131, "dome")], ("major_damage", "part", "a", "")),
        ("a destroyed part is at worst major damage of the whole",
         [harm("a", "destroyed", 20210101, 20210131, "dome"), works("b", "intact", 20230101, 20230131)], ("intact", "whole", "b", "major_damage")),
        ("intact does not head where a part is known damaged", [RESTORED, harm("a", "damaged", 20240101, 20240131, "dome")], ("damaged", "part", "a", "")),
        ("nor does the outside's past weigh on the interior",
         [harm("a", "major_damage", 20190101, 20190101, "structure"), works("b", "intact", 20200101, 20200101, "structure"),
          harm("c", "damaged", 20210101, 20210101, "interior")], ("damaged", "interior", "c", "")),
        ("of two equally bad, the later is named",
         [harm("a", "minor_damage", 20190101, 20190101), DAMAGED, RESTORED], ("intact", "whole", "r4", "damaged")),
        ("works answer harm of the same year", [harm("a", "damaged", 20210101, 20211231), works("b", "intact", 20210101, 20211231)], ("intact", "whole", "b", "damaged")),
        ("works on everything remember the worst part",
         [DAMAGED, harm("a", "major_damage", 20210101, 20210131, "dome"), works("b", "under_works", 20220101, 20220131), harm("c", "damaged", 20220201, 20220228)],
         ("under_works", "whole", "b", "major_damage")),
        ("but a part's destruction only as major damage",
         [harm("a", "destroyed", 20210101, 20210131, "dome"), works("b", "under_works", 20220101, 20220131), harm("c", "major_damage", 20220201, 20220228)],
         ("major_damage", "whole", "c", "")),
        ("nor does what is seen from above hide the interior",
         [seen("a", "intact", 20220705, 20220705, "structure"), harm("b", "damaged", None, 20210327, "interior")], ("damaged", "interior", "b", "")),
        ("nor does a whole that nobody could assess",
         [seen("a", "not_assessable", 20220705, 20220705), harm("b", "damaged", None, 20210327, "interior")], ("damaged", "interior", "b", "")),
    ],
)  # fmt: skip
def test_value_and_the_claim_that_decides(rule, history, expected):
    state = condition(*history)

    assert (state.value, state.scope, state.decided_by, state.worst) == expected, rule


@pytest.mark.parametrize(
    ("rule", "history", "value", "not_covered"),
    [
        ("a structure seen intact does not answer for the whole", [DAMAGED, seen("a", "intact", 20220705, 20220705, "structure")],
         "damaged", [("structure", "", "intact", "a")]),
        ("the whole replaces every scope",
         [seen("a", "intact", 20190101, 20190101, "structure"), harm("b", "damaged", 20190101, 20190101, "interior"),
          harm("c", "damaged", 20190101, 20190101, "dome"), MAJOR], "major_damage", []),
        ("the structure replaces a part, not the interior",
         [harm("a", "minor_damage", 20190101, 20190101, "dome"), harm("b", "minor_damage", 20190101, 20190101, "interior"),
          harm("c", "major_damage", 20200101, 20200101, "structure")], "major_damage", [("interior", "", "minor_damage", "b")]),
        ("each part keeps its own value",
         [DAMAGED, harm("a", "major_damage", 20210101, 20210131, "dome"), harm("b", "destroyed", 20210101, 20210131, "tower")],
         "damaged", [("part", "dome", "major_damage", "a"), ("part", "tower", "destroyed", "b")]),
        ("a part that agrees with the whole is no exception", [DAMAGED, harm("a", "damaged", 20210101, 20210131, "dome")], "damaged", []),
        ("lesser harm to the whole does not improve a part",
         [harm("a", "major_damage", 20190101, 20190101, "dome"), DAMAGED], "damaged", [("part", "dome", "major_damage", "a")]),
        ("an intact whole that a part disproves is not listed", [RESTORED, harm("a", "damaged", 20240101, 20240131, "dome")], "damaged", []),
        ("harm to a part of what is gone tells nothing new", [DESTROYED, harm("a", "damaged", None, 20230630, "dome")], "destroyed", []),
        ("works on a part do not raise the whole",
         [DESTROYED, works("a", "intact", 20230101, 20230131, "tower")], "destroyed", [("part", "tower", "intact", "a")]),
    ],
)  # fmt: skip
def test_other_scopes_are_kept_beside(rule, history, value, not_covered):
    state = condition(*history)

    assert (state.value, list(state.not_covered)) == (value, not_covered), rule


@pytest.mark.parametrize(
    ("rule", "history", "links", "since", "is_union"),
    [
        ("latest beginning, earliest end", [harm("a", "destroyed", 20200101, 20211231), harm("b", "destroyed", 20210412, 20220618)], [],
         (20210412, 20211231), False),
        ("the union when they leave nothing", [harm("a", "destroyed", 20200101, 20200131), harm("b", "destroyed", 20210412, 20210618)], [],
         (20200101, 20210618), True),
        ("a state seen bounds only the end", [harm("a", "destroyed", 20210412, 20210618), seen("b", "destroyed", 20210801, 20210801)], [],
         (20210412, 20210618), False),
        ("an open end", [harm("a", "destroyed", 20210412, None)], [], (20210412, None), False),
        ("no beginning known", [harm("a", "destroyed", None, 20210618)], [], (None, 20210618), False),
        ("the value before gives a missing beginning", [seen("a", "intact", 20210412, 20210412), harm("b", "destroyed", None, 20210618)], [],
         (20210412, 20210618), False),
        ("not one that told nothing", [seen("a", "unknown", 20210412, 20210412), harm("b", "destroyed", None, 20210618)], [], (None, 20210618), False),
        ("not one derived from another",
         [seen("a", "intact", 20210101, 20210101), seen("c", "intact", 20210412, 20210412), harm("b", "destroyed", None, 20210618)],
         [Link("c", "a", "derived_from")], (20210101, 20210618), False),
        ("not one said to have held beyond the change",
         [seen("a", "intact", 20000101, 20100630, qualifier="throughout"), seen("b", "damaged", 20041112, 20210131, qualifier="throughout")],
         [], (None, 20041112), False),
        ("but does not tighten a stated one", [seen("a", "intact", 20210501, 20210501), harm("b", "destroyed", 20210412, 20210618)], [],
         (20210412, 20210618), False),
        ("a derived claim does not tighten",
         [harm("a", "destroyed", 20210412, 20210618), harm("b", "destroyed", 20210601, 20210618)], [Link("b", "a", "derived_from")],
         (20210412, 20210618), False),
        ("derived claims alone are taken as they are", [harm("b", "destroyed", 20210601, 20210618)], [Link("b", "a", "derived_from")],
         (20210601, 20210618), False),
        ("a value that returned is counted from its return", [DAMAGED, RESTORED, harm("a", "damaged", 20240101, 20240131)], [],
         (20240101, 20240131), False),
    ],
)  # fmt: skip
def test_since(rule, history, links, since, is_union):
    state = condition(*history, links=links)

    assert (state.since, state.since_is_union) == (since, is_union), rule


def test_the_basis_of_the_latest_bound_is_told_and_a_stated_one_preferred():
    by_report = harm("a", "damaged", 20220324, 20220630, hi_basis="report_date")

    assert condition(by_report).since_hi_basis == "report_date"
    assert condition(by_report, harm("b", "damaged", 20220301, 20220630)).since_hi_basis == "stated"
    assert condition(harm("c", "damaged", 20220324, None)).since_hi_basis == ""


@pytest.mark.parametrize(
    ("rule", "pairs", "independent"),
    [
        ("no links", [], 4),
        ("one rests on another", [("a", "b")], 3),
        ("a chain speaks with one voice", [("a", "b"), ("b", "c")], 2),
        ("two that rest on one unseen claim", [("a", "x"), ("b", "x")], 3),
        ("links between claims elsewhere do not count", [("x", "y")], 4),
    ],
)
def test_claimants_that_depend_on_each_other_count_once(rule, pairs, independent):
    history = [harm(ref, "destroyed", 20210412, 20210618) for ref in "abcd"]

    state = condition(*history, links=[Link(one, other, "derived_from") for one, other in pairs])

    assert (state.claimants, state.independent_claimants) == (4, independent), rule


def test_a_claimant_counts_once_however_often_it_says_the_same():
    state = condition(*(harm(ref, "destroyed", 20210412, 20210618, by="a-one") for ref in "abc"))

    assert (state.claimants, state.independent_claimants) == (1, 1)


def test_a_value_that_ranks_nowhere_is_confirmed_by_the_next_who_says_so():
    assert (
        condition(MAJOR, works("a", "unknown", 20220101, 20220131), harm("b", "unknown", 20220201, 20220228)).claimants
        == 2
    )


def test_a_superseding_claim_that_was_withdrawn_supersedes_nothing():
    late = harm("a", "destroyed", 20220101, 20220131, standing="withdrawn_by_claimant")

    assert condition(DAMAGED, late, links=[Link("a", "r1", "supersedes")]).value == "damaged"


def test_a_superseded_claim_does_not_count_though_its_field_says_standing():
    assert condition(DAMAGED, MAJOR, links=[Link("r1", "r2", "supersedes")]).value == "damaged"


def test_a_chain_of_corrections_leaves_the_last():
    links = [Link("r2", "r1", "supersedes"), Link("r3", "r2", "supersedes")]

    assert condition(DAMAGED, MAJOR, DESTROYED, links=links) == condition(DESTROYED)


def test_an_aspect_of_which_nothing_decides_reads_as_no_information_and_lists_what_there_is():
    state = condition(
        harm("a", "destroyed", None, None, qualifier="undated"), seen("b", "intact", None, 19911231), threat("c")
    )

    assert state == AspectState("condition", set_aside=("b", "a"), threatened_by=("c",), last_documented=19911231)


def test_an_aspect_without_any_record_is_absent_and_each_is_derived_alone():
    states = derive([DAMAGED, MUSEUM, threat("t", aspect="setting")])

    assert {aspect: state.value for aspect, state in states.items()} == {
        "condition": "damaged",
        "use": "museum",
        "setting": "",
    }


def test_no_records_give_no_states():
    assert derive([]) == {}


def test_last_documented_is_the_latest_own_record_of_the_aspect_in_any_scope():
    derived = harm("d", "damaged", None, 20240531)
    history = [
        DAMAGED,
        seen("a", "intact", 20220705, 20220705, "structure"),
        derived,
        threat("t"),
        works("w", "", 20250101, 20250101),
    ]

    assert condition(*history, links=[Link("d", "r1", "derived_from")]).last_documented == 20220705


def test_threats_are_those_that_stand_in_order_of_date():
    late = told("threat", "late", "", 20240501, 20240501, aspect="setting")
    gone = told("threat", "gone", "", 20240501, 20240501, standing="withdrawn_by_registry")

    assert threats([late, gone, DAMAGED, threat("early")]) == ("early", "late")


def test_in_use_and_access_the_latest_record_decides_whatever_it_says():
    store = told("event", "u2", "storage", 20110101, 20110131, aspect="use")
    state = derive([store, MUSEUM])["use"]

    assert (state.value, state.worst, state.decided_by) == ("storage", "", "u2")


def test_inscriptions_rank_too():
    lost = told("event", "a", "removed", 20210101, 20210131, aspect="inscription", effects=("inscription_removal",))
    less = told("event", "b", "partly_removed", None, 20220630, aspect="inscription", effects=("inscription_removal",))

    assert derive([lost, less])["inscription"].value == "removed"
