"""Opening and saving what the register holds: the forms lose nothing of it."""

import pytest

from heritage.registry.models import Journal, Place, Source, Status
from tests.registry.test_admin import filled_in, page


@pytest.mark.parametrize("model", [Status, Source, Place])
def test_whatever_the_register_holds_is_saved_untouched_without_a_trace(demo, reviewer, model):
    kept = Journal.objects.count()

    for row in model.objects.order_by("ref")[::6]:
        address = page(model._meta.model_name, "change", row.pk)
        assert reviewer.post(address, filled_in(reviewer, address)).status_code == 302, row

    assert Journal.objects.count() == kept
