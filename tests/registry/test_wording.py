"""The sentence that readers will see."""

import pytest

from heritage.registry.wording import sentence
from tests.registry.make import make_status, make_term

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "Destroyed, between 12 April and 18 June 2021, according to Caucasus Heritage Watch."),
        (
            {"value": ""},
            "Destruction, between 12 April and 18 June 2021, according to Caucasus Heritage Watch.",
        ),
        (
            {"scope": "part", "part_affected": "bell tower", "edtf": "2021-04-12"},
            "Bell tower: destroyed, 12 April 2021, according to Caucasus Heritage Watch.",
        ),
        (
            {"mode": "observation", "aspect": "use", "value": "storage", "edtf": ""},
            "Use: storage, undated, according to Caucasus Heritage Watch.",
        ),
        (
            {"mode": "threat", "edtf": "../2022-06"},
            "Threat (planned): development, by June 2022, according to Caucasus Heritage Watch.",
        ),
    ],
)
def test_a_status_reads_as_one_sentence(fields, expected):
    if fields.get("mode") == "threat":
        fields = fields | {"cause": make_term("cause", "development")}
    status = make_status(**fields)

    assert sentence(status, status.effects.all()) == expected
