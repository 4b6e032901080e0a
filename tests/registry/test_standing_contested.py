"""When sources disagree on the current state, and what settles it."""

import pytest

from heritage.registry.statement import Link
from tests.registry.histories import DAMAGED, DESTROYED, RESTORED, condition, harm, seen, threat, told, works

STANDS = seen("s", "intact", 20220705, 20220705)
DISPUTED = (("destroyed", ("r3",)), ("intact", ("s",)))


@pytest.mark.parametrize(
    ("rule", "history", "value", "positions"),
    [
        ("seen standing after a destruction", [DESTROYED, STANDS], "intact", DISPUTED),
        ("a damaged sight also stands", [DESTROYED, seen("s", "damaged", 20220705, 20220705)], "damaged", (("damaged", ("s",)), ("destroyed", ("r3",)))),
        ("a part seen standing", [DESTROYED, seen("s", "intact", 20220705, 20220705, "tower")], "destroyed", DISPUTED),
        ("works between", [DESTROYED, works("w", "intact", 20220301, 20220331), STANDS], "intact", ()),
        ("works of which no result is told", [DESTROYED, works("w", "", 20220301, 20220331), STANDS], "intact", ()),
        ("works recorded under another aspect", [DESTROYED, works("w", "museum", 20220301, 20220331, aspect="use"), STANDS], "intact", ()),
        ("a new building between", [DESTROYED, told("event", "w", "", 20220301, 20220331, effects=("construction",)), STANDS], "intact", ()),
        ("works announced are not works", [DESTROYED, threat("w", effects=("restoration",)), STANDS], "intact", DISPUTED),
        ("works before the destruction", [works("w", "intact", 20190101, 20190131), DESTROYED, STANDS], "intact", DISPUTED),
        ("works after both, with no result told", [DESTROYED, STANDS, works("w", "", 20240101, 20240131)], "intact", DISPUTED),
        ("works after both, under another aspect", [DESTROYED, STANDS, works("w", "museum", 20240101, 20240131, aspect="use")], "intact", DISPUTED),
        ("works that had begun between", [DESTROYED, works("w", "", 20220301, 20240131), STANDS], "intact", ()),
        ("undated works, seen with an open end",
         [DESTROYED, works("w", "", None, None, qualifier="undated"), seen("s", "intact", 20220705, None)], "intact", DISPUTED),
        ("works in progress after both settle it", [DESTROYED, STANDS, works("w", "under_works", 20240101, 20240131)], "under_works", ()),
        ("a later destruction settles it", [DESTROYED, STANDS, harm("d", "destroyed", 20240101, 20240131)], "destroyed", ()),
        ("lesser harm later does not",
         [DESTROYED, STANDS, harm("d", "damaged", 20240101, 20240131)], "damaged", (("damaged", ("d",)), *DISPUTED)),
        ("seen before the destruction may have begun", [seen("s", "intact", 20211231, 20211231), DESTROYED], "destroyed", ()),
        ("seen when it may not yet have happened", [seen("s", "intact", 20220115, 20220115), DESTROYED], "destroyed", ()),
        ("works in progress are no sight of it standing", [DESTROYED, seen("s", "under_works", 20220705, 20220705)], "under_works", ()),
        ("two sights of one day", [seen("r3", "destroyed", 20220705, 20220705), STANDS], "destroyed", DISPUTED),
        ("the day of the event itself", [harm("r3", "destroyed", 20220705, 20220705), STANDS], "destroyed", ()),
        ("a part gone, the whole seen damaged", [harm("r3", "destroyed", 20220101, 20220131, "dome"), seen("s", "damaged", 20220705, 20220705)], "damaged", ()),
        ("a part gone, the whole seen intact", [harm("r3", "destroyed", 20220101, 20220131, "dome"), STANDS], "intact", DISPUTED),
        ("a part gone and seen again, beside the whole",
         [DAMAGED, harm("r3", "destroyed", 20220101, 20220131, "dome"), seen("s", "intact", 20220705, 20220705, "dome")], "damaged", ()),
        ("the interior gone, the outside seen standing",
         [harm("r3", "destroyed", 20220101, 20220131, "interior"), seen("s", "intact", 20220705, 20220705, "structure")], "destroyed", ()),
    ],
)  # fmt: skip
def test_seen_standing_after_a_destruction_is_contested(rule, history, value, positions):
    state = condition(*history)

    assert (state.value, state.contested, state.positions) == (value, bool(positions), positions), rule


@pytest.mark.parametrize(
    ("rule", "other", "kind", "more", "positions"),
    [
        ("another value", seen("s", "intact", 20211201, 20211201), "contradicts", [], DISPUTED),
        ("another value without a lower bound", seen("s", "intact", None, 20221231), "contradicts", [], DISPUTED),
        ("another value, undated", seen("s", "intact", None, None, qualifier="undated"), "contradicts", [], (("destroyed", ("r3",)), ("intact", ("s",)))),
        ("the same value", seen("s", "destroyed", 20220501, 20220501), "contradicts", [], ()),
        ("only in tension", seen("s", "intact", 20211201, 20211201), "tension", [], ()),
        ("withdrawn", seen("s", "intact", 20211201, 20211201, standing="withdrawn_by_claimant"), "contradicts", [], ()),
        ("superseded by its claimant",
         seen("s", "intact", 20211201, 20211201), "contradicts", [seen("t", "destroyed", 20220501, 20220501)], ()),
        ("overtaken by works", seen("s", "intact", 20211201, 20211201), "contradicts", [RESTORED], ()),
        ("a claim with no value", works("s", "", 20211201, 20211201), "contradicts", [], ()),
        ("a claim about something else", told("event", "s", "museum", 20211201, 20211201, aspect="use"), "contradicts", [], ()),
    ],
)  # fmt: skip
@pytest.mark.parametrize("turned", [False, True], ids=["one way", "the other way"])
def test_an_unresolved_contradiction_of_the_deciding_claim_is_contested(rule, other, kind, more, positions, turned):
    links = [Link("s", "r3", kind) if turned else Link("r3", "s", kind), Link("t", "s", "supersedes")]
    links = links if any(one.ref == "t" for one in more) else links[:1]

    state = condition(DESTROYED, other, *more, links=links)

    assert (state.contested, state.positions) == (bool(positions), positions), rule


def test_all_claims_of_each_position_are_listed():
    history = [DESTROYED, seen("t", "destroyed", 20220501, 20220501), STANDS, seen("v", "damaged", None, 20221231)]
    links = [Link("s", "r3", "contradicts"), Link("v", "s", "contradicts")]

    assert condition(*history, links=links).positions == (
        ("damaged", ("v",)),
        ("destroyed", ("r3", "t")),
        ("intact", ("s",)),
    )
