"""Taking an import back while nothing was built on it."""

import json

import pytest

from heritage.catalogue.publish import publish
from heritage.intake.applying import apply
from heritage.intake.models import Batch, State, Supplied
from heritage.intake.undoing import built_upon, undo
from heritage.registry import lifecycle
from heritage.registry.models import Claim, Journal, Monument, Protection, Status
from heritage.registry.snapshot import snapshot
from heritage.registry.steps import Refused
from tests.intake.lists import MAPPING, listed, mapping, row
from tests.registry.make import make_user

pytestmark = pytest.mark.django_db


def register():
    """Return all that the register and the memory of imports hold."""
    found = {one.ref: snapshot(one) for one in Monument.objects.all()}
    found |= {one.ref: snapshot(one) for model in (Status, Protection) for one in model.objects.all()}
    told = sorted(
        (one.identifier, one.digest, json.dumps(json.loads(one.rows), sort_keys=True)) for one in Supplied.objects.all()
    )
    return found, told


@pytest.fixture
def first(tmp_path, applied):
    return applied(listed(tmp_path, row(id="1"), row(id="2", name="Mill"), name="first.csv"), mapping(tmp_path))


@pytest.fixture
def second(tmp_path, planned, first):
    rows = [
        row(id="1", name="New bridge", condition="bad", lat="40.5", type="church"),
        row(id="2", name="Mill", seen="2021-01-01"),
        row(id="3"),
    ]
    return planned(listed(tmp_path, *rows, name="second.csv"), mapping(tmp_path))


def test_what_a_batch_made_goes_and_the_journal_tells(first):
    undo(first)

    assert (Monument.objects.count(), Claim.objects.count(), Supplied.objects.count()) == (0, 0, 0)
    assert first.state == State.UNDONE
    assert Journal.objects.filter(verb="discard").count() == 2


def test_what_a_batch_changed_is_as_before(first, second):
    before = register()
    apply(second)
    assert register() != before

    undo(second)

    assert register() == before


def test_the_earlier_batch_can_go_once_the_later_one_is_taken_back(first, second):
    apply(second)
    with pytest.raises(Refused, match=r"a later import of “second\.csv” builds on it"):
        undo(first)

    undo(second)
    undo(first)

    assert Monument.objects.count() == 0


@pytest.mark.parametrize("deed", ["edit", "submit", "publish"])
def test_what_was_built_on_it_stops_it_and_is_named(first, deed):
    record = Monument.objects.get(label="Old bridge")
    user = make_user("contributor")
    if deed == "edit":
        record.note = "Seen again."
        lifecycle.revise(record, user)
    elif deed == "submit":
        lifecycle.submit(record, user)
    else:
        publish([record])

    with pytest.raises(Refused, match="“Old bridge”"):
        undo(first)
    assert Monument.objects.count() == 2
    assert len(built_upon(first)) == 1


def test_only_an_applied_batch_is_taken_back(second):
    with pytest.raises(Refused, match="nothing to take back"):
        undo(second)


def test_a_changed_value_supersedes_and_a_curators_edit_is_left_alone(first, second):
    record = Monument.objects.get(label="Old bridge")
    record.label = "The bridge at the mill"
    lifecycle.revise(record, make_user("contributor"))

    apply(second)

    record.refresh_from_db()
    assert record.label == "The bridge at the mill"
    assert set(record.names.words().values_list("text", flat=True)) == {"New bridge"}
    values = Status.objects.filter(monument=record).values_list("value", "standing")
    assert set(values) == {("intact", "superseded"), ("major_damage", "standing")}
    assert str(record.locations.get().latitude) == "40.500000"
    assert [term.code for term in record.types.all()] == ["church"]


def test_what_vanished_is_told_and_stays(first, tmp_path, applied):
    batch = applied(listed(tmp_path, row(id="1"), name="shorter.csv"), mapping(tmp_path))

    assert (batch.counts["same"], batch.counts["vanished"]) == (1, 1)
    assert batch.rows.get(outcome="vanished").identifier == "2"
    assert Monument.objects.count() == 2


def test_another_supplier_stands_beside_the_first(first, tmp_path, applied):
    other = MAPPING.replace("Office of Monuments", "Society of Friends").replace("Office list", "Society list")
    numbered = Monument.objects.get(label="Old bridge")
    numbered.names.create(text="S-9", kind="register_number", scheme="Society list")
    path = tmp_path / "other.toml"
    path.write_text(other)

    batch = applied(
        listed(tmp_path, row(id="S-9", name="Bridge of sighs", condition="bad", lat="40.2"), name="other.csv"),
        str(path),
    )

    assert (batch.counts["changed"], batch.counts["new"]) == (1, 0)
    numbered.refresh_from_db()
    assert numbered.label == "Old bridge"
    assert set(numbered.names.words().values_list("text", flat=True)) == {"Old bridge", "Bridge of sighs"}
    assert {(str(one.latitude), one.shown) for one in numbered.locations.all()} == {
        ("40.100000", True),
        ("40.200000", False),
    }
    claims = Status.objects.filter(monument=numbered).values_list("claimant__label", "value", "standing")
    assert set(claims) == {
        ("Office of Monuments", "intact", "standing"),
        ("Society of Friends", "major_damage", "standing"),
    }
    before = register()
    assert undo(batch).state == State.UNDONE
    assert register() != before
    assert Batch.objects.count() == 2


def test_a_record_that_was_merged_into_another_is_told_of_that_other_one(first, tmp_path, applied):
    bridge, mill = Monument.objects.get(label="Old bridge"), Monument.objects.get(label="Mill")
    publish([bridge, mill])
    lifecycle.merge(mill, bridge, None, "The same building.")

    batch = applied(
        listed(tmp_path, row(id="1"), row(id="2", name="Mill", condition="bad"), name="later.csv"), mapping(tmp_path)
    )

    assert (batch.counts["applied"], batch.counts["refused"]) == (1, 0)
    assert batch.rows.get(identifier="2").monument == bridge
    values = Status.objects.filter(monument=bridge).values_list("value", "standing")
    assert sorted(values) == [("intact", "standing"), ("intact", "superseded"), ("major_damage", "standing")]


def test_a_number_that_a_curator_took_away_is_still_known(first, tmp_path, applied):
    Monument.objects.get(label="Mill").names.filter(kind="register_number").delete()

    batch = applied(listed(tmp_path, row(id="1"), row(id="2", name="Water mill"), name="later.csv"), mapping(tmp_path))

    assert (batch.counts["changed"], batch.counts["new"], batch.counts["applied"]) == (1, 0, 1)
    assert Monument.objects.count() == 2
