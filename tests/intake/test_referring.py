"""What a supplier's list refers to: sources of the register that its claims cite, not a note only."""

import pytest

from heritage.catalogue.publish import publish
from heritage.intake.applying import apply
from heritage.intake.mapping import MappingFaulty, parse
from heritage.intake.undoing import undo
from heritage.registry.models import Citation, Journal, Monument, Source, Status
from tests.intake.lists import HEADER, MAPPING, listed, mapping, row
from tests.registry.make import make_source, make_term

pytestmark = pytest.mark.django_db
REFERRING = (
    MAPPING
    + """
[[source]]
title = "{books}"
separator = ";"
pattern = '(?P<title>.*?)(?:, (?P<locator>p\\. .*))?'
kind = "book"
"""
)
WIDE = [*HEADER, "books"]
ROWS = [
    [*row(id="1"), "A Guide, 1984, p. 12; Atlas of Bridges"],
    [*row(id="2", name="Mill"), "A Guide, 1984, p. 30"],
    [*row(id="3", name="Tower"), ""],
]


@pytest.fixture
def plan_of(tmp_path, planned):
    return lambda *rows, text=REFERRING, name="list.csv": planned(
        listed(tmp_path, *rows, header=WIDE, name=name), mapping(tmp_path, text)
    )


def cited(label):
    found = Citation.objects.filter(claim__monument__label=label, claim__standing="standing", role="context")
    return sorted(found.values_list("source__title", "locator"))


def test_references_become_sources_once_each_and_are_cited_with_their_pages(plan_of):
    known = make_source("Atlas of Bridges", kind=make_term("source_kind", "book"))
    batch = plan_of(*ROWS)
    assert Source.objects.count() == 1

    apply(batch)

    assert cited("Old bridge") == [("A Guide, 1984", "p. 12"), ("Atlas of Bridges", "")]
    assert cited("Mill") == [("A Guide, 1984", "p. 30")]
    assert cited("Tower") == []
    guide = Source.objects.get(title="A Guide, 1984")
    assert (guide.kind.code, guide.read_state) == ("book", "not_read")
    assert Journal.objects.get(subject_ref=guide.ref).reason == "Referred to in “List of monuments”"
    assert known.citations.count() == 1
    entered = Journal.objects.get(subject_ref=Status.objects.get(monument__label="Old bridge").ref)
    assert len(entered.after["citations"]) == 3
    assert plan_of(*ROWS).counts["same"] == 3


def test_readers_do_not_see_a_source_that_nobody_has_read(plan_of):
    apply(plan_of(*ROWS))

    editions = publish([Monument.objects.get(label="Mill")])

    told = [str(edition.record) for edition in editions]
    assert [one for one in told if "A Guide" in one] == []
    assert len([one for one in told if "Office list 2" in one and "List of monuments" in one]) == 1


def test_other_references_are_another_statement_which_can_be_taken_back(plan_of):
    apply(plan_of(*ROWS))

    later = apply(plan_of(ROWS[0], ROWS[1], [*ROWS[2][:-1], "A Guide, 1984"], name="later.csv"))

    assert (later.counts["changed"], later.counts["same"]) == (1, 2)
    assert cited("Tower") == [("A Guide, 1984", "")]
    assert sorted(Status.objects.filter(monument__label="Tower").values_list("standing", flat=True)) == [
        "standing",
        "superseded",
    ]
    undo(later)
    assert cited("Tower") == []


def test_a_reference_that_is_too_long_is_told_and_left_in_the_file(plan_of):
    batch = plan_of([*row(), "x" * 501])

    assert (batch.counts["new"], batch.counts["refused"]) == (1, 0)
    assert "at most 500 characters" in batch.rows.get().remark_list[0]["reason"]


def test_a_pattern_without_a_title_and_codes_that_are_not_ours_are_told(plan_of):
    with pytest.raises(MappingFaulty, match="needs a group named title"):
        parse(REFERRING.replace("?P<title>", ""))
    batch = plan_of(*ROWS, text=REFERRING.replace('kind = "book"', 'kind = "novel"\ncited_by = ["vent"]'))
    assert [told.partition("; ")[0] for told in batch.report["problems"]] == [
        "source 1 kind has “novel”",
        "source 1 cited_by has “vent”",
    ]
