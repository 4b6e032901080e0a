"""The page of a file that cannot be used as it is: each says what to do next."""

import pytest
from django.urls import reverse

from heritage.intake.models import Batch
from tests.intake.desk import at, bring, read

pytestmark = pytest.mark.django_db


def test_a_file_that_cannot_be_read_leads_to_another_and_offers_no_mapping(contributor):
    batch = bring(contributor, b"%PDF-1.4\n%\xe2\xe3", name="list.pdf")

    said = read(contributor.get(at("file", batch)))
    answer = contributor.post(at("do", batch, verb="discard"), {"then": "bring"})

    assert "Ask the supplier for the table it was made from." in said
    assert "Discard it and bring another file" in said
    assert "By which mapping" not in said
    assert answer.url == reverse("admin:intake_batch_add")
    assert Batch.objects.count() == 0


def test_a_file_without_rows_says_so(contributor):
    said = read(contributor.get(at("file", bring(contributor, "Nr;Name\n"))))

    assert "It has the names of columns but no rows." in said


def test_a_mapping_that_only_lacks_tables_asks_for_them_before_another_is_made(contributor, real):
    content = real("cairo-cemetery/records_NS.xlsx").read_bytes()

    answer = contributor.get(at("file", bring(contributor, content, name="records_NS.xlsx")))

    tables = "condition.csv, DatingKind.csv, photos_NS.xlsx, features_NS.xlsx"
    assert f"fits, once these tables lie beside the file: {tables} . Add them" in read(answer)
    assert '<details class="module" id="beside" open>' in answer.content.decode()
    assert 'class="button default" href="/admin/intake/batch/' not in answer.content.decode()
