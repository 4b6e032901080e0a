"""The front page of the desk leads to imports that are not with the readers yet, until they are."""

import pytest
from django.urls import reverse

from heritage.intake.publishing import publish, submit
from tests.intake.desk import at, do, fresh, mapped, read, ready

pytestmark = pytest.mark.django_db


def front(client):
    return read(client.get(reverse("admin:index")))


def test_an_applied_import_stays_on_the_front_page_of_both_until_readers_have_it(contributor, reviewer):
    batch = ready(contributor)
    assert "Planned: 3 new, 0 changed." in front(contributor)
    batch, _said = do(contributor, batch, "apply")
    do(contributor, batch, "submit")

    assert "list.csv" in front(contributor)
    assert "Readers do not have 3 records yet." in front(reviewer)
    do(reviewer, batch, "publish")

    assert "list.csv" not in front(contributor)
    assert fresh(batch).counts["waiting"] == 0


def test_records_published_one_by_one_are_no_longer_waited_for_once_somebody_looks(contributor, reviewer):
    batch, _said = do(contributor, ready(contributor), "apply")
    submit(batch, None)
    publish(fresh(batch))
    type(batch).objects.filter(pk=batch.pk).update(counts=batch.counts | {"waiting": 3})

    contributor.get(at("change", batch))

    assert "list.csv" not in front(contributor)


def test_words_are_counted_once_for_each_row_that_has_them(contributor):
    rows = "Nr;Name;Zustand\n1;A;gut\n2;B;gut\n1;C;gut\n"

    batch = mapped(contributor, rows, **{"role-0": "identifier"})

    assert batch.report["unmapped"] == {"[[observation]] 1 value": {"gut": 3}}
