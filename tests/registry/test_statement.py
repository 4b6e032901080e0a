"""What one claim tells, since when, and whether it decides."""

import pytest

from heritage.registry.statement import BEARING, CHANGE, HARM, MAKING, SEVERITY, WORKS, Statement, covers, end_of

WHOLE, STRUCTURE, INTERIOR, DOME, TOWER = (
    ("whole", ""),
    ("structure", ""),
    ("interior", ""),
    ("part", "dome"),
    ("part", "tower"),
)


def make_statement(
    mode="event", qualifier="once_between", lo=None, hi=None, value="damaged", effects=(), aspect="condition"
):
    return Statement("r1", mode, aspect, qualifier, lo, hi, value, "whole", "", effects, "a-one")


def test_every_effect_of_the_vocabulary_is_classified_once():
    by_bearing = {bearing: sorted(code for code in BEARING if BEARING[code] == bearing) for bearing in BEARING.values()}

    assert by_bearing == {
        MAKING: ["construction"],
        WORKS: ["reconstruction", "renovation", "restoration"],
        CHANGE: ["access_opening", "access_restriction", "alteration", "change_of_use", "excavation"],
        HARM: [
            "burning", "covering", "defacement", "demolition", "grave_disturbance", "inscription_removal", "intangible_loss",
            "loss_of_objects", "material_reuse", "part_removal", "structural_damage", "terrain_change",
        ],
    }  # fmt: skip
    assert len(BEARING) == 21


def test_ruin_ranks_with_intact_and_unclear_values_do_not_rank():
    scale = SEVERITY["condition"]

    assert (
        scale["intact"]
        == scale["ruined"]
        < scale["minor_damage"]
        == scale["damaged"]
        < scale["major_damage"]
        < scale["destroyed"]
    )
    assert not {"under_works", "not_assessable", "unknown"} & set(scale)


@pytest.mark.parametrize(
    ("statement", "decides"),
    [
        (make_statement(lo=20210412, hi=20210618), True),
        (make_statement(qualifier="before", hi=20210618), True),
        (make_statement(qualifier="after", lo=20210618), True),
        (make_statement(qualifier="undated"), False),
        (make_statement(value="", lo=20210412, hi=20210618), False),
        (make_statement("threat", "on", 20210412, 20210412), False),
        (make_statement("observation", "on", 20210412, 20210412), True),
        (make_statement("observation", "after", 20210412), True),
        (make_statement("observation", "before", hi=20210412), False),
        (make_statement("observation", "undated"), False),
        (make_statement(lo=18180101, hi=18181231, value="intact", effects=("construction",)), False),
        (make_statement(lo=18180101, hi=18181231, value="under_works", effects=("construction",)), True),
        (make_statement(lo=18180101, hi=18181231, value="intact", effects=("construction", "restoration")), True),
        (make_statement(lo=20100530, hi=20100530, value="museum", effects=("construction",), aspect="use"), True),
    ],
)
def test_a_claim_decides_when_it_tells_a_bounded_state(statement, decides):
    assert statement.decides is decides


@pytest.mark.parametrize(
    ("statement", "began", "surely_held"),
    [
        (make_statement(lo=20210412, hi=20210618), (20210412, 20210618), 20210412),
        (make_statement(qualifier="before", hi=20210618), (None, 20210618), None),
        (make_statement(qualifier="throughout", lo=20210101, hi=20230930, effects=("restoration",)), (20210101, 20230930), 20210101),
        (make_statement(qualifier="throughout", lo=20221004, hi=20241231, value="under_works"), (20221004, 20221004), 20240101),
        (make_statement(qualifier="throughout", hi=19911231, aspect="use", value="leisure"), (None, 19911231), None),
        (make_statement(qualifier="throughout", lo=19980101, hi=20201108, aspect="use", value="worship"), (19980101, 19981231), 20201108),
        (make_statement(qualifier="throughout", lo=19980000, hi=20200000, aspect="use", value="worship"), (19980000, 19981231), 20200101),
        (make_statement(qualifier="throughout", lo=20240201, hi=20240331, aspect="use", value="worship"), (20240201, 20240229), 20240301),
        (make_statement("observation", "throughout", 20041112, 20210131), (None, 20041112), 20210101),
        (make_statement("observation", "on", 20220705, 20220705), (None, 20220705), 20220705),
        (make_statement("observation", "once_between", 20201101, 20201130), (20201101, 20201130), 20201101),
        (make_statement("observation", "after", 20201110, 20220630), (20201110, 20220630), 20201110),
    ],
)  # fmt: skip
def test_a_state_seen_was_there_already_and_an_event_began_it_within_its_bounds(statement, began, surely_held):
    assert (statement.began, statement.surely_held) == (began, surely_held)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (WHOLE, WHOLE), (WHOLE, STRUCTURE), (WHOLE, INTERIOR), (WHOLE, DOME), (STRUCTURE, STRUCTURE), (STRUCTURE, DOME),
        (INTERIOR, INTERIOR), (DOME, DOME),
    ],
)  # fmt: skip
def test_a_scope_covers(wide, narrow):
    assert covers(wide, narrow)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (STRUCTURE, WHOLE), (STRUCTURE, INTERIOR), (INTERIOR, WHOLE), (INTERIOR, STRUCTURE), (INTERIOR, DOME), (DOME, WHOLE),
        (DOME, STRUCTURE), (DOME, INTERIOR), (DOME, TOWER),
    ],
)  # fmt: skip
def test_a_scope_does_not_cover(wide, narrow):
    assert not covers(wide, narrow)


def test_a_year_or_a_month_ends_after_every_day_in_it_also_before_the_common_era():
    assert sorted([20220000, 20220630, 20220600, 20230101, -989899, -980000], key=end_of) == [
        -989899, -980000, 20220630, 20220600, 20220000, 20230101,
    ]  # fmt: skip
