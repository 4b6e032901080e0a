"""What must come out for seven subjects of the demonstration register when every record counts, the unsourced included."""

from heritage.registry.standing import derive
from heritage.registry.statement import Link
from tests.registry.histories import told


def event(ref, value, lo, hi, effects="", of="whole", **more):
    return told("event", ref, value, lo, hi, of, effects=tuple(effects.split()), **more)


def seen(ref, value, lo, hi, of="whole", **more):
    return told("observation", ref, value, lo, hi, of, **more)


def test_kanach_zham_is_destroyed():
    history = [
        event("r1", "", 18180101, 18181231, "construction", by="a-nk-ombudsman", qualifier="on"),
        event("r2", "", 18470101, 18471231, "construction", by="a-chw", qualifier="on"),
        event(
            "r3",
            "leisure",
            None,
            19911231,
            "change_of_use",
            by="a-karabakhrecords",
            qualifier="throughout",
            aspect="use",
        ),
        event("r4", "major_damage", 20201101, 20201110, "structural_damage", "dome", by="a-nk-ngos"),
        event(
            "r5", "major_damage", 20201110, 20201115, "structural_damage", "dome, bell tower", by="a-karabakhrecords"
        ),
        seen("r6", "major_damage", 20210215, 20210215, "structure", by="a-wiki"),
        seen("r7", "under_works", None, 20221231, by="a-az-media"),
        event("r8", "destroyed", 20231228, 20240404, "demolition", by="a-chw"),
    ]
    links = [Link("r1", "r2", "contradicts"), Link("r4", "r5", "contradicts"), Link("r7", "r5", "contradicts")]

    state = derive(history, links)["condition"]

    assert (state.value, state.scope, state.since, state.decided_by) == (
        "destroyed",
        "whole",
        (20231228, 20240404),
        "r8",
    )
    assert (state.contested, state.worst, state.not_covered, state.set_aside) == (False, "", (), ("r7",))


def test_mekhakavan_is_destroyed_between_the_last_sight_and_the_first_independent_report():
    history = [
        event("r1", "", 20130101, 20171231, "construction", by="a-mw", qualifier="throughout"),
        event("r2", "damaged", 20200927, 20210331, "defacement", by="a-nk-ngos"),
        seen("r3", "minor_damage", 20201101, 20201130, by="a-karabakhrecords"),
        event("r4", "destroyed", 20201110, 20210331, "demolition", by="a-nk-ngos"),
        event("r5", "destroyed", None, 20210325, "demolition", by="a-bbc"),
    ]

    state = derive(history, [Link("r4", "r5", "derived_from")])["condition"]

    assert (state.value, state.since, state.decided_by) == ("destroyed", (20201101, 20210325), "r5")
    assert (state.claimants, state.independent_claimants, state.contested) == (2, 1, False)


def test_sghnakh_cemetery_is_destroyed_by_four_claimants_of_whom_three_are_independent():
    history = [
        event("r1", "", 17000101, 17991231, "construction", by="a-ffm"),
        event("r2", "", 17400101, 20201110, "construction", by="a-mw", qualifier="throughout"),
        event("r3", "destroyed", None, 20240531, "demolition grave_disturbance", by="a-ffm"),
        event("r4", "destroyed", 20210412, 20210618, "demolition", by="a-chw"),
        seen("r5", "destroyed", 20210801, 20210930, by="a-karabakhrecords", qualifier="throughout"),
        event("r6", "destroyed", None, 20220630, "demolition", by="a-nk-ngos"),
    ]
    links = [Link("r3", "r4", "derived_from"), Link("r4", "r5", "tension"), Link("r1", "r2", "refines")]

    state = derive(history, links)["condition"]

    assert (state.value, state.since, state.since_is_union, state.decided_by) == (
        "destroyed",
        (20210412, 20210618),
        False,
        "r4",
    )
    assert (state.claimants, state.independent_claimants, state.last_documented) == (4, 3, 20220630)


def test_mataghis_is_damaged_with_an_intact_structure():
    history = [
        event("r1", "", 18920101, 18981231, "construction", by="a-chw", qualifier="throughout"),
        event("r2", "damaged", None, 20220630, "defacement", by="a-nk-ngos"),
        event("r3", "damaged", None, 20210327, "defacement", "interior", by="a-am-hrd"),
        seen("r4", "intact", 20220705, 20220705, "structure", by="a-chw"),
        told("threat", "r5", "", None, 20220725, effects=("terrain_change",), by="a-chw", aspect="setting"),
    ]

    states = derive(history, [Link("r3", "r4", "tension")])

    assert (states["condition"].value, states["condition"].scope, states["condition"].since) == (
        "damaged",
        "whole",
        (None, 20220630),
    )
    assert states["condition"].not_covered == (("structure", "", "intact", "r4"),)
    assert (states["setting"].value, states["setting"].threatened_by) == ("", ("r5",))


def test_mokhrenes_is_under_works_and_was_destroyed():
    history = [
        event("r1", "", 17000101, 18991231, "construction", by="a-chw", qualifier="throughout"),
        event("r2", "destroyed", 20220301, 20220706, "demolition", by="a-chw"),
        seen("r3", "under_works", 20220706, 20231115, by="a-chw"),
    ]

    state = derive(history)["condition"]

    assert (state.value, state.worst, state.since, state.contested) == (
        "under_works",
        "destroyed",
        (20220706, 20231115),
        False,
    )


def test_aghdam_mosque_is_intact_after_restoration_and_had_major_damage():
    history = [
        event("r1", "", 18680101, 18701231, "construction", by="a-chw", qualifier="throughout"),
        event("r2", "agriculture", 19930723, 20101130, "change_of_use", by="a-wiki", aspect="use"),
        event("r3", "minor_damage", 19920101, 20190531, "part_removal", by="a-chw"),
        event("r4", "", 20100101, 20101231, "renovation", by="a-nk-authorities", qualifier="on"),
        seen("r5", "major_damage", 19930723, 20201120, by="a-az-media"),
        event("r6", "intact", 20201120, 20240430, "restoration", by="a-haf"),
        event("r7", "worship", 20220101, None, "change_of_use", by="a-wiki", aspect="use"),
    ]

    states = derive(history, [Link("r3", "r5", "contradicts")])
    condition, use = states["condition"], states["use"]

    assert (condition.value, condition.worst, condition.decided_by) == ("intact", "major_damage", "r6")
    assert (condition.contested, condition.since) == (False, (20201120, 20240430))
    assert (use.value, use.since, use.last_documented) == ("worship", (20220101, None), 20220101)


def test_azokh_cave_has_no_information_on_condition_and_its_custody_is_recorded():
    history = [
        event("r1", "", None, None, "construction", by="a-nk-ngos", qualifier="undated"),
        event("r2", "", 19600101, 19801231, "excavation", by="a-mw", qualifier="throughout"),
        seen(
            "r3",
            "controlled_by_named_party",
            20201110,
            20220630,
            by="a-nk-ombudsman",
            qualifier="after",
            hi_basis="report_date",
            aspect="custody",
        ),
        told("threat", "r4", "", 20230501, 20230531, by="a-az-media"),
    ]

    states = derive(history)

    assert (states["condition"].value, states["condition"].last_documented, states["condition"].threatened_by) == (
        "",
        None,
        ("r4",),
    )
    assert (states["custody"].value, states["custody"].since) == ("controlled_by_named_party", (20201110, 20220630))
    assert states["custody"].since_hi_basis == "report_date"
