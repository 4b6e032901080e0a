"""Numbers in other lists: each stands for one monument, and one that another has is told and made a likely duplicate."""

import pytest

from heritage.intake.applying import apply
from heritage.intake.deciding import decide
from heritage.intake.mapping import MappingFaulty, parse
from heritage.intake.models import Resemblance
from heritage.intake.undoing import undo
from heritage.registry.models import Monument, Name
from tests.intake.lists import HEADER, MAPPING, listed, mapping, row
from tests.registry.make import make_monument, make_name

pytestmark = pytest.mark.django_db
NUMBERED = (
    MAPPING
    + """
[[number]]
scheme = "Wikidata"
column = "wikidata"
separator = ";"
pattern = '(Q\\d+)'
"""
)
WIDE = [*HEADER, "wikidata"]


@pytest.fixture
def plan_of(tmp_path, planned):
    return lambda *rows, text=NUMBERED, name="list.csv": planned(
        listed(tmp_path, *rows, header=WIDE, name=name), mapping(tmp_path, text)
    )


def numbers(label):
    found = Name.objects.filter(monument__label=label, kind="register_number", scheme="Wikidata")
    return sorted(found.values_list("text", flat=True))


def remarks(batch):
    return [one["reason"] for one in batch.rows.order_by("pk") for one in one.remark_list]


def test_numbers_of_other_lists_come_with_their_scheme_and_follow_the_supplier(plan_of):
    rows = [
        [*row(id="1"), "https://www.wikidata.org/wiki/Q12; Q13"],
        [*row(id="2", name="Mill", lat="41"), ""],
    ]
    apply(plan_of(*rows))
    assert (numbers("Old bridge"), numbers("Mill")) == (["Q12", "Q13"], [])
    assert plan_of(*rows).counts["same"] == 2

    later = apply(plan_of([*row(id="1"), "Q14"], [*row(id="2", name="Mill", lat="41"), "Q15"], name="later.csv"))

    assert (later.counts["changed"], numbers("Mill")) == (2, ["Q15"])
    assert numbers("Old bridge") == ["Q13", "Q14"]  # what is no longer told is not deleted
    undo(later)
    assert (numbers("Old bridge"), numbers("Mill")) == (["Q12", "Q13"], [])


def test_a_number_that_another_monument_has_makes_a_likely_duplicate_and_is_not_moved(plan_of):
    known = make_monument("Köprü")
    make_name(known, "Q12", kind="register_number", scheme="Wikidata", language="", script="")

    batch = plan_of([*row(), "Q12"])

    assert (batch.counts["new"], batch.counts["possible_duplicates"]) == (1, 1)
    assert remarks(batch) == ["The register has this number of “Wikidata” as one of “Köprü”; it is left out here."]
    pair = Resemblance.objects.get(row__batch=batch)
    assert (pair.monument, pair.why) == (known, "the same number in another list")
    decide(pair, True)
    batch.refresh_from_db()
    apply(batch)
    assert Monument.objects.count() == 1
    assert numbers("Köprü") == ["Q12"]
    assert plan_of([*row(), "Q12"]).counts["same"] == 1


def test_not_the_same_is_remembered_and_the_number_stays_where_it_was(plan_of):
    known = make_monument("Köprü")
    make_name(known, "Q12", kind="register_number", scheme="Wikidata", language="", script="")
    decide(Resemblance.objects.get(row__batch=plan_of([*row(), "Q12"])), False)

    again = apply(plan_of([*row(), "Q12"]))

    assert (again.counts["possible_duplicates"], again.counts["applied"]) == (0, 1)
    assert (numbers("Köprü"), numbers("Old bridge")) == (["Q12"], [])


def test_a_number_in_two_rows_of_a_file_is_given_to_the_first(plan_of):
    batch = apply(plan_of([*row(id="1"), "Q1"], [*row(id="2", name="Mill", lat="41"), "Q1"]))

    assert (numbers("Old bridge"), numbers("Mill")) == (["Q1"], [])
    assert remarks(batch) == ["In this file “1” has this number of “Wikidata”, too; it is left out here."]


def test_a_number_that_somebody_else_got_since_the_plan_refuses_the_row(plan_of):
    batch = plan_of([*row(id="1"), "Q1"], [*row(id="2", name="Mill", lat="41"), "Q2"])
    make_name(make_monument("Köprü"), "Q1", kind="register_number", scheme="Wikidata", language="", script="")

    apply(batch)

    assert (batch.counts["applied"], batch.counts["refused"], numbers("Mill")) == (1, 1, ["Q2"])
    assert batch.rows.get(number=2).fault_list[0]["reason"] == "The register has changed here since the plan was made."


def test_a_number_that_a_curator_entered_is_not_entered_twice(plan_of):
    apply(plan_of([*row(), ""]))
    make_name(Monument.objects.get(), "Q1", kind="register_number", scheme="Wikidata", language="", script="")

    apply(plan_of([*row(), "Q1"], name="later.csv"))

    assert numbers("Old bridge") == ["Q1"]


def test_a_cell_without_a_number_of_that_kind_is_told(plan_of):
    batch = plan_of([*row(), "unknown"])

    assert batch.counts["new"] == 1
    assert remarks(batch) == ["It has no number of the kind that the mapping names; it is left out."]


def test_the_lists_own_numbers_are_no_other_list_and_a_name_is_no_number():
    with pytest.raises(MappingFaulty, match="has the scheme of"):
        parse(NUMBERED.replace('"Wikidata"', '"Office list"'))
    with pytest.raises(MappingFaulty, match="kind is “register_number”"):
        parse(MAPPING.replace('kind = "official"', 'kind = "register_number"'))
    with pytest.raises(MappingFaulty, match="needs one group"):
        parse(NUMBERED.replace("(Q\\d+)", "Q\\d+"))
