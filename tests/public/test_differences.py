"""What changed between two records, in words."""

import copy

import pytest

from heritage import record as records
from heritage.public.differences import differences
from tests.registry.make import make_attribution, make_citation, make_location, make_monument, make_name, make_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    monument = make_monument("Chapel")
    make_name(monument, "Old chapel")
    make_location(monument)
    make_citation(make_status(monument))
    make_citation(make_attribution(monument))
    return records.record_of(monument)


def told(before, after):
    """Return the differences as (sort, section, title, [(field, before, after)])."""
    return [
        (one.sort, one.section, one.title, [(field.label, field.before, field.after) for field in one.fields])
        for one in differences(before, after)
    ]


def test_a_record_does_not_differ_from_itself(record):
    assert told(record, copy.deepcopy(record)) == []


def test_version_and_time_are_no_difference(record):
    assert told(record | {"version": 1, "published_at": "a"}, record | {"version": 2, "published_at": "b"}) == []


def test_a_name_added_and_one_removed(record):
    after = copy.deepcopy(record)
    after["names"] = [after["names"][0] | {"ref": "newname", "text": "New chapel"}]

    assert told(record, after) == [
        ("added", "Name", "New chapel", []),
        ("removed", "Name", "Old chapel", []),
    ]


def test_a_changed_claim_tells_each_field_before_and_after(record):
    after = copy.deepcopy(record)
    claim = after["statuses"][0]
    claim["dates"] |= {"hi": 20210601, "text": "between 12 April and 1 June 2021"}
    claim["certainty"] = {"code": "high", "label": "High"}
    claim["citations"][0]["locator"] = "page 4"

    [(sort, section, title, fields)] = told(record, after)

    source = record["sources"][0]["title"]
    assert (sort, section, title) == ("changed", "Statement", "It was destroyed. (Caucasus Heritage Watch)")
    by_label = {label: (old, new) for label, old, new in fields}
    assert by_label["Date"] == ("between 12 April and 18 June 2021", "between 12 April and 1 June 2021")
    assert by_label["Certainty"] == ("Not assessed", "High")
    assert by_label["Sources"][1].endswith(", page 4, Asserts, Primary")
    assert by_label["Sources"][1].split(", ")[0] in {source, *(one["title"] for one in record["sources"])}


def test_the_state_that_follows_is_told_first(record):
    after = copy.deepcopy(record)
    after["state"]["condition"] |= {"value": "intact", "label": "No damage known", "contested": True}
    after["label"] = "Chapel of Saint John"

    assert told(record, after) == [
        (
            "changed",
            "Current state",
            "Physical condition",
            [
                (
                    "",
                    "Destroyed, between 12 April and 18 June 2021",
                    "No damage known, between 12 April and 18 June 2021, sources disagree",
                )
            ],
        ),
        ("changed", "Record", "Chapel of Saint John", [("Working title", "Chapel", "Chapel of Saint John")]),
    ]


def test_every_section_can_come_and_go(record):
    empty = (
        record
        | {name: [] for name in ("names", "types", "locations", "statuses", "attributions", "sources")}
        | {"state": {}}
    )

    added = {section for sort, section, _title, _fields in told(empty, record) if sort == "added"}
    removed = {section for sort, section, _title, _fields in told(record, empty) if sort == "removed"}

    assert added == removed == {"Name", "Type", "Location", "Statement", "Attribution", "Source"}
