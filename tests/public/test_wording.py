"""Words put around what a record says."""

import pytest

from heritage.public import wording
from heritage.public.environment import day, direction, moment, number, outward


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ({"min": 40, "max": 60}, "40 to 60 %"),
        ({"min": 40, "max": None}, "at least 40 %"),
        ({"min": None, "max": 60}, "up to 60 %"),
        ({"min": 50, "max": 50}, "50 %"),
    ],
)
def test_an_extent_is_told_as_far_as_it_is_known(shares, told):
    assert wording.extent(shares) == told


def test_seconds_are_told_as_a_player_shows_them():
    assert [wording.timecode(seconds) for seconds in (5, 65, 3725)] == ["0:05", "1:05", "1:02:05"]


def test_degrees_have_their_hemispheres():
    assert wording.degrees(39.76, 46.75) == "39.76° N, 46.75° E"
    assert wording.degrees(-33.5, -70) == "33.5° S, 70° W"


def test_a_number_is_told_with_how_it_is_meant():
    count = {"value": 28000, "number_qualifier": {"code": "about", "label": "About"}}

    assert wording.amount(count) == "about 28\u202f000"
    assert wording.amount(count | {"value": None, "number_qualifier": {"code": "all", "label": "All"}}) == "all"
    assert wording.amount(count | {"number_qualifier": {"code": "exactly", "label": "Exactly"}}) == "28\u202f000"


def test_harm_happened_but_other_values_began():
    since = {"text": "in 1998"}

    assert wording.since("condition", {"value": "destroyed", "since": since}) == "in 1998"
    assert wording.since("condition", {"value": "under_works", "since": since}) == "beginning in 1998"
    assert wording.since("use", {"value": "worship", "since": since}) == "beginning in 1998"
    assert wording.since("use", {"value": "worship", "since": None}) == ""


def test_anchors_say_how_a_change_is_dated():
    claim = {
        "dates": {"qualifier": "once_between", "hi_basis": "stated"},
        "citations": [
            {"role": {"code": "asserts"}, "anchored_on": None},
            {"role": {"code": "last_unchanged"}, "anchored_on": {"text": "12 April 2021"}},
            {"role": {"code": "first_changed"}, "anchored_on": {"text": "18 June 2021"}},
        ],
    }

    assert wording.dating(claim) == ["Last seen unchanged on 12 April 2021.", "First seen changed on 18 June 2021."]


def test_each_condition_has_a_symbol_and_the_unknown_ones_the_same():
    assert [wording.icon("condition", value) for value in ("destroyed", "", "not_assessable")] == [
        "destroyed",
        "unknown",
        "unknown",
    ]
    assert wording.icon("use", "worship") == "use"


def test_links_read_from_both_ends():
    link = {"kind": {"code": "derived_from", "label": "Derived from"}}

    assert wording.link_label(link | {"direction": "to"}) == "Repeats or builds on"
    assert wording.link_label(link | {"direction": "from"}) == "Repeated or built on by"


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/a", "https://example.org/a"),
        (" HTTP://example.org", "HTTP://example.org"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("//example.org", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_are_links(address, link):
    assert outward(address) == link


def test_days_numbers_and_directions_for_readers():
    assert day("2026-11-22T23:59:59Z") == "22 November 2026"
    assert moment("2026-11-22T02:00:00Z") == "22 November 2026, 02:00 UTC"
    assert number(1234567) == "1\u202f234\u202f567"
    assert [direction(script) for script in ("Armn", "Arab", "")] == ["ltr", "rtl", "ltr"]
