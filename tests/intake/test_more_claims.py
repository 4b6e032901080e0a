"""Numbers and places that a mapping names."""

import pytest

from heritage.intake.applying import apply
from heritage.intake.undoing import undo
from heritage.registry.models import Count, Location
from tests.intake.lists import HEADER, MAPPING, listed, mapping, row
from tests.registry.make import make_name, make_place

pytestmark = pytest.mark.django_db
COUNTS = (
    MAPPING
    + """
[[count]]
predicate = { column = "said", words = { lost = "destroyed", seen = "existed" } }
counted = "gravestones"
value = "stones"
number_qualifier = "about"
date = "seen"
"""
)
WIDE = [*HEADER, "said", "stones"]


@pytest.fixture
def plan_of(tmp_path, planned):
    return lambda *rows, text=MAPPING, header=HEADER, name="list.csv": planned(
        listed(tmp_path, *rows, header=header, name=name), mapping(tmp_path, text)
    )


def test_numbers_become_counted_claims_are_revised_and_taken_back(plan_of):
    apply(plan_of([*row(), "lost", "1,200"], [*row(id="2"), "", ""], text=COUNTS, header=WIDE))

    told = Count.objects.get()
    assert (told.value, told.counted, told.number_qualifier, told.edtf) == (1200, "gravestones", "about", "2020-05-01")
    assert (told.predicate.code, told.summary, told.citations.count()) == ("destroyed", "gravestones: 1,200.", 1)
    later = apply(plan_of([*row(), "lost", "1300"], [*row(id="2"), "", ""], text=COUNTS, header=WIDE, name="later.csv"))
    assert set(Count.objects.values_list("value", "standing")) == {(1200, "superseded"), (1300, "standing")}
    undo(later)
    assert set(Count.objects.values_list("value", "standing")) == {(1200, "standing")}


@pytest.mark.parametrize("number", ["some", "12.5", "-3"])
def test_what_is_no_whole_number_is_refused(plan_of, number):
    batch = plan_of([*row(), "lost", number], text=COUNTS, header=WIDE)

    [told] = batch.rows.get().fault_list
    assert (told["column"], told["value"], told["mend"]) == ("stones", number, "Write digits, such as 12.")


PLACED = MAPPING.replace('longitude = "lon"', 'longitude = "lon"\nplace = { column = "town" }')


def test_a_column_names_places_of_the_register_by_any_of_their_names_or_their_reference(plan_of):
    town, other = make_place("Seedorf"), make_place("Bergdorf")
    make_name(other, "Mountain Village", language="en", script="Latn")
    rows = [
        [*row(id="1"), "Seedorf"],
        [*row(id="2"), "Mountain Village"],
        [*row(id="3", lat="", lon=""), town.ref],
        [*row(id="4"), ""],
    ]

    apply(plan_of(*rows, text=PLACED, header=[*HEADER, "town"]))

    places = Location.objects.order_by("pk").values_list("place__label", "latitude")
    assert [place for place, _latitude in places] == ["Seedorf", "Bergdorf", "Seedorf", None]
    assert Location.objects.filter(latitude__isnull=True).count() == 1


def test_a_place_that_is_not_there_or_there_twice_is_refused_never_guessed(plan_of):
    make_place("Twice"), make_place("Twice")

    batch = plan_of([*row(id="1"), "Nowhere"], [*row(id="2"), "Twice"], text=PLACED, header=[*HEADER, "town"])

    told = [one.fault_list[0] for one in batch.rows.order_by("number")]
    assert [one["reason"] for one in told] == ["There is no place “Nowhere”.", "There is no place “Twice”."]
    assert all("position.place.words" in one["mend"] for one in told)


def test_words_for_places_are_references_and_unknown_ones_are_told_before_anything_is_read(plan_of):
    town = make_place("Seedorf")
    known = PLACED.replace('"town" }', f'"town", words = {{ "S." = "{town.ref}" }} }}')

    batch = plan_of([*row(id="1"), "S."], [*row(id="2"), "B."], text=known, header=[*HEADER, "town"])

    assert (batch.counts["new"], batch.counts["refused"]) == (1, 1)
    assert batch.report["unmapped"] == {"[position] place": {"B.": 1}}
    wrong = plan_of([*row(), "S."], text=known.replace(town.ref, "b0000"), header=[*HEADER, "town"], name="b.csv")
    assert "which is no code of ours" in wrong.report["problems"][0]
