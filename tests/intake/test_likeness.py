"""The same monuments again, from another supplier under other numbers."""

from collections import defaultdict

import pytest

from heritage.intake.applying import apply
from heritage.intake.deciding import decide
from heritage.intake.likeness import ALIKE, SOMEWHAT, alike, spellings
from heritage.intake.models import Resemblance, Verdict
from heritage.registry.models import Monument
from heritage.registry.steps import Refused
from tests.intake.lists import MAPPING, listed, mapping, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(tmp_path, applied):
    """Three monuments from one supplier."""
    rows = [
        row(id="1"),
        row(id="2", name="Сурб Карапет", lat="41.0", lon="46.0", type="church"),
        row(id="3", name="Lone mill", lat="", lon=""),
    ]
    return applied(listed(tmp_path, *rows), mapping(tmp_path))


@pytest.fixture
def society(tmp_path, planned, office):
    """Plan a list of another supplier."""
    text = MAPPING.replace("Office of Monuments", "Society of Friends").replace("Office list", "Society list")
    (tmp_path / "society.toml").write_text(text)
    return lambda *rows: planned(listed(tmp_path, *rows, name="society.csv"), str(tmp_path / "society.toml"))


def found(batch):
    return {(one.row.identifier, one.monument.label) for one in Resemblance.objects.filter(row__batch=batch)}


def test_a_near_monument_of_a_like_name_in_any_script_is_likely_the_same(society):
    batch = society(
        row(id="A", name="The old bridge", lat="40.1002", lon="45.2001"),
        row(id="B", name="Surb Karapet", lat="41.001", lon="46.001"),
        row(id="C", name="Old bridge", lat="40.9", lon="45.2"),
        row(id="D", name="Cinema", lat="40.1002", lon="45.2001"),
        row(id="E", name="Lone Mill", lat="42", lon="47"),
        row(id="F", name="Lone Mill", lat="", lon=""),
    )

    assert found(batch) == {("A", "Old bridge"), ("B", "Сурб Карапет"), ("F", "Lone mill")}
    assert batch.counts["possible_duplicates"] == 3
    one = Resemblance.objects.get(row__identifier="A")
    assert (one.metres, "24 m apart" in one.why) == (24, True)


def test_what_was_looked_at_and_is_not_the_same_does_not_come_again(society):
    again = row(id="A", name="The old bridge", lat="40.1002", lon="45.2001")
    batch = society(again)
    decide(Resemblance.objects.get(row__batch=batch), same=False)
    batch.refresh_from_db()
    assert batch.counts["possible_duplicates"] == 0

    later = society(again)

    assert found(later) == set()
    assert later.counts["new"] == 1


def test_what_is_the_same_becomes_an_addition_and_stays_so(society):
    again = row(id="A", name="The old bridge", lat="40.1002", lon="45.2001", condition="bad")
    batch = society(again)
    decide(Resemblance.objects.get(row__batch=batch), same=True)
    batch.refresh_from_db()
    assert (batch.counts["new"], batch.counts["changed"]) == (0, 1)

    apply(batch)

    assert Monument.objects.count() == 3
    assert Monument.objects.get(label="Old bridge").claims.count() == 2
    assert society(again).counts["same"] == 1
    assert Verdict.objects.get().same is True


def test_only_a_plan_is_decided_on(society):
    batch = society(row(id="A", name="The old bridge", lat="40.1002", lon="45.2001"))
    one = Resemblance.objects.get(row__batch=batch)
    apply(batch)

    with pytest.raises(Refused, match="Only a plan can be decided on"):
        decide(one, same=False)


def test_names_are_alike_across_scripts_and_spellings():
    assert alike("Old bridge", "en", "OLD  BRIDGE", "en") == 1
    assert alike("Сурб Карапет", "ru", "Surb Karapet", "en") >= 0.8
    assert alike("Old bridge", "en", "Cinema", "en") < 0.34


def test_names_that_are_told_apart_at_a_glance_are_those_that_are_unlike():
    texts = [
        "Maison Dow",
        "Maison Drolet",
        "Église Saint-Jean",
        "Saint John church",
        "Алея вікових лип",
        "Aleia vikovykh lyp",
        "Moulin",
        "№ 7",
    ]
    names = [spellings(text, "") for text in texts]
    shared = defaultdict(set)
    for key, name in enumerate(names):
        for trait in name.traits:
            shared[trait].add(key)

    for key, name in enumerate(names):
        for least in (SOMEWHAT, ALIKE):
            reached = set().union(*(shared.get(trait, set()) for trait in name.telling(shared, least)))
            assert {other for other, one in enumerate(names) if name.alike(one) >= least} <= reached, texts[key]
