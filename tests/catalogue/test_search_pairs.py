"""Names across scripts: what each of the queries in ``name_pairs.csv`` must find, alone and without others.

Each name is the only name of a monument, so nothing is found through a second name that a real record would have.
``likeness`` says by what it is found: letters, sound, consonants or misspelt; ``missed`` is a known miss, and with
``none`` the two have nothing in common but the thing they name.
"""

import csv
from pathlib import Path

import pytest
from django.db import transaction

from heritage.catalogue import search
from heritage.catalogue.models import Entry
from heritage.catalogue.publish import publish
from tests.registry.make import make_monument, make_name, make_term

TABLE = (Path(__file__).parent / "name_pairs.csv").read_text(encoding="utf-8")
PAIRS = list(csv.DictReader(TABLE.splitlines(), delimiter=";"))
NOT_FOUND = {"missed", "none"}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def register(django_db_setup, django_db_blocker):
    """A published monument for each name of the table."""
    with django_db_blocker.unblock(), transaction.atomic():
        publish(monuments())
        yield {name: thing for thing, name in {(row["thing"], row["name"]) for row in PAIRS}}
        transaction.set_rollback(True)


def monuments():
    for name, language in dict.fromkeys((row["name"], row["language"]) for row in PAIRS):
        monument = make_monument(name, types=[make_term(code="bridge")])
        make_name(monument, name, language=language, script="Zyyy")
        yield monument


def names_found(query):
    return {entry.label for entry in search.find(query).page(Entry.objects.current(), 100).entries}


@pytest.mark.parametrize(
    "pair",
    [row for row in PAIRS if row["likeness"] not in NOT_FOUND],
    ids=lambda row: f"{row['name']} by {row['query']}",
)
def test_a_name_is_found_by_its_other_spelling(register, pair):
    assert pair["name"] in names_found(pair["query"])


@pytest.mark.parametrize(
    "pair", [row for row in PAIRS if row["likeness"] in NOT_FOUND], ids=lambda row: f"{row['name']} by {row['query']}"
)
def test_known_misses_are_still_misses(register, pair):
    """When one of these fails, the folding has become better: say so in the table."""
    assert pair["name"] not in names_found(pair["query"])


def test_next_to_nothing_is_found_that_another_name_means(register):
    strangers = [
        (row["query"], name) for row in PAIRS for name in names_found(row["query"]) if register[name] != row["thing"]
    ]
    assert strangers == []


def test_the_table_holds_more_than_sixty_pairs_and_nine_in_ten_are_found():
    comparable = [row for row in PAIRS if row["likeness"] != "none"]
    found = [row for row in comparable if row["likeness"] not in NOT_FOUND]
    assert len(comparable) > 60
    assert len(found) / len(comparable) > 0.9
