"""A process that is killed in the middle of a verb leaves all of it or nothing, and the verb can be done again."""

import json

import pytest
from django.db import connection

from tests.catalogue.scratch import scratch

pytestmark = pytest.mark.django_db  # the processes have databases of their own


@pytest.fixture
def registers(tmp_path):
    made = scratch(connection.vendor, tmp_path)
    yield made
    made.clear()


def test_verbs_that_are_killed_leave_nothing_behind_and_a_bag_restored_from_them_neither(registers, tmp_path):
    for name in ("desk", "again"):
        registers.make(name)
        assert registers.manage(name, "migrate", "-v0")[0] == 0

    _status, said = registers.manage(
        "desk", "shell", "-v0", "-c", "from tests.trust import killed_verbs as k; k.desk()"
    )
    told = json.loads(said.splitlines()[-1])
    assert told["wrong"] == [], said
    assert min(told["kills"].values()) >= 2, told

    bag = tmp_path / "bag"
    status, said = registers.manage("desk", "export_archive", str(bag), "--level", "full", "--no-site")
    assert status == 0, said
    script = f"from tests.trust import killed_verbs as k; k.restore({str(bag)!r})"
    _status, said = registers.manage("again", "shell", "-v0", "-c", script)
    told = json.loads(said.splitlines()[-1])
    assert told["wrong"] == [], said
    assert told["kills"]["restore"] >= 5, told
