"""What can be read of a record that was withdrawn and published again."""

import pytest

from heritage.catalogue.publish import publish, withdraw
from heritage.registry import lifecycle
from tests.registry.make import make_name, make_publishable_monument

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[False, True], ids=["kept", "erased"])
def again(request):
    """Publish a monument twice, withdraw it, with and without erasing, and publish it twice again."""
    monument = make_publishable_monument("Chapel of Saint John")
    publish([monument])
    make_name(monument, "Secret name")
    publish([monument])
    withdraw(monument, None, "rights", "A letter of 3 May.", erase=request.param)
    lifecycle.reopen(monument, None, "The rights were cleared.")
    monument.names.filter(text="Secret name").delete()
    publish([monument])
    make_name(monument, "Johanneskapelle", language="de")
    publish([monument])
    return f"/monuments/{monument.ref}/"


@pytest.mark.parametrize(("version", "status"), [(1, 410), (2, 410), (3, 410), (4, 200), (5, 200), (6, 404)])
def test_versions_before_the_tombstone_stay_withdrawn_and_those_after_it_are_read(client, again, version, status):
    assert client.get(f"{again}v{version}/").status_code == status
    assert client.get(f"{again}v{version}.json").status_code == status


def test_the_history_tells_of_the_withdrawal_and_of_nothing_before_it(client, again):
    page = client.get(f"{again}history/").content.decode()

    assert [f'id="v{number}"' in page for number in range(1, 6)] == [False, False, True, True, True]
    assert "The record was withdrawn. Class of the reason: Rights of others." in page
    assert "Published again." in page
    assert "First publication." not in page
    assert ("Johanneskapelle" in page, "Secret name" in page) == (True, False)
