"""The two sightings count while the rest of the form is still being filled in."""

import pytest

from heritage.registry.forms import StatusForm
from tests.registry.make import make_source

pytestmark = pytest.mark.django_db


def test_the_sightings_date_the_claim_although_other_fields_are_still_empty():
    typed = {
        "mode": "event",
        "unchanged_on": "2021-04-12",
        "unchanged_source": make_source().pk,
        "changed_on": "2021-06-18",
        "changed_source": make_source().pk,
    }
    form = StatusForm(typed)

    assert "summary" in form.errors
    assert (form.instance.qualifier, form.instance.lo, form.instance.hi) == ("once_between", 20210412, 20210618)


def test_sightings_in_the_wrong_order_are_told_at_the_later_one():
    form = StatusForm({"unchanged_on": "2021-06-18", "changed_on": "2021-04-12"})

    assert form.errors["changed_on"] == [
        "First seen changed (2021-04-12) lies before last seen unchanged (2021-06-18)."
    ]
