"""Whoever publishes an import publishes what imports wrote, and nothing that somebody edited in its records meanwhile."""

from datetime import timedelta

import pytest
from django.db.models import F

from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish
from heritage.intake.models import Batch
from heritage.intake.writing import reason_of
from heritage.registry import lifecycle
from heritage.registry.models import Journal, Monument, Status
from tests.intake.desk import do, ready
from tests.registry.conftest import signed_in
from tests.registry.make import make_user
from tests.trust.imports import contributor_at

pytestmark = pytest.mark.django_db


def mill():
    return Monument.objects.get(label="Alte Mühle")


def edit_claim(by):
    claim = Status.objects.filter(monument=mill()).first()
    claim.summary = "DEFACED"
    lifecycle.revise(claim, by)


def edit_record(by):
    record = mill()
    record.content_warnings = ["human_remains"]
    lifecycle.revise(record, by)


def edit_claim_as_if_the_import_did(by):
    """Some time after the import, with its own words as the reason."""
    earlier = timedelta(hours=1)
    Batch.objects.update(planned_at=F("planned_at") - earlier, applied_at=F("applied_at") - earlier)
    Journal.objects.update(at=F("at") - earlier)
    claim = Status.objects.filter(monument=mill()).first()
    claim.summary = "DEFACED"
    lifecycle.revise(claim, by, reason_of(Batch.objects.get()))


@pytest.mark.parametrize("edit", [edit_claim, edit_record, edit_claim_as_if_the_import_did])
def test_a_record_that_somebody_edited_is_not_published_with_the_import(settings, tmp_path, edit):
    contributor, reviewer = contributor_at(settings, tmp_path), signed_in("reviewer")
    batch, _said = do(contributor, ready(contributor), "apply")
    batch, _said = do(contributor, batch, "submit")
    editor = make_user("contributor", username="editor")
    edit(editor)

    batch, said = do(reviewer, batch, "publish")

    assert "1 are with the reviewers, 2 are published." in said
    assert "Alte Mühle : editor edited it on" in said
    assert not Edition.objects.filter(record__contains="DEFACED").exists()
    publish([mill()], reviewer.user)
    assert mill().stage == "published"
