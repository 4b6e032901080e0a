"""The audit notices what got past the rules."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from heritage.catalogue.audit import faults
from heritage.catalogue.publish import publish
from heritage.registry.models import Location, Monument, Name, Relation, Status
from tests.registry.make import make_monument, make_publishable_monument, make_relation, make_source

pytestmark = pytest.mark.django_db


def test_a_sound_register_has_no_fault(capsys):
    publish([make_publishable_monument(), make_publishable_monument()])
    make_monument("A draft without anything")

    call_command("audit")

    assert capsys.readouterr().out == "Every invariant holds.\n"


def test_a_change_behind_the_back_of_the_verbs_is_noticed(capsys):
    monument = make_publishable_monument()
    publish([monument])
    Monument.objects.filter(pk=monument.pk).update(label="Renamed in the dark")

    with pytest.raises(CommandError, match="1 faults"):
        call_command("audit", json=True)

    assert json.loads(capsys.readouterr().out) == {
        "valid": False,
        "faults": [
            {
                "invariant": "accord",
                "fault": f"monument {monument.ref}: it differs from its edition but is not marked as changed.",
            }
        ],
    }


def test_published_without_an_edition_is_noticed():
    monument = make_monument()
    Monument.objects.filter(pk=monument.pk).update(stage="published")

    found = list(faults())

    assert ("accord", f"monument {monument.ref}: it is published at the desk but has no current edition.") in found


def test_a_circle_of_parts_is_noticed():
    first, second = make_monument("First"), make_monument("Second")
    make_relation(first, second)
    Relation.objects.bulk_create([Relation(monument=second, other=first, kind="part_of")])

    assert {invariant for invariant, _ in faults()} == {"relation"}
    assert len(list(faults())) == 2


def test_a_value_that_no_field_would_take_is_noticed():
    monument = make_publishable_monument()
    Name.objects.filter(monument=monument).update(language="ARMENIAN")

    [(invariant, sentence)] = faults()

    assert invariant == "name"
    assert sentence.endswith("language: Use a BCP 47 language tag such as “hy”, “az” or “az-Cyrl”.")


def test_a_claim_later_than_its_sources_is_noticed():
    monument = make_publishable_monument()
    citation = monument.claims.get().citations.get()
    source = make_source(qualifier="on", lo=20210101, hi=20210101, edtf="2021-01-01")
    type(citation).objects.filter(pk=citation.pk).update(source=source)

    assert [invariant for invariant, _ in faults()] == ["claim"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite lets a test put a row past its constraints")
def test_a_row_that_breaks_a_constraint_is_noticed():
    monument = make_publishable_monument()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        Location.objects.filter(monument=monument).update(latitude=None)
        Status.objects.filter(monument=monument).update(probability="planned")
        cursor.execute("PRAGMA ignore_check_constraints = OFF")

    assert {invariant for invariant, _ in faults()} == {
        "location_coordinates_both_or_neither",
        "status_threat_has_probability",
    }
