"""A large file is planned by two processes, and the plan is that of one: a real process that begins another."""

import json

import pytest
from django.db import connection

from heritage.intake.planning import LARGE
from tests.catalogue.scratch import scratch
from tests.intake.lists import listed, mapping, row

PLANNED_TWICE = """
import json, resource, threading
from heritage.intake.models import Row
from heritage.intake.planning import begin, plan
TOLD = ["number", "line", "identifier", "label", "outcome", "part_of", "raw", "wanted", "changes", "faults", "remarks"]
def planned():
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    batch = plan(begin({path!r}, {mapping!r}))
    helped = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > before
    report = {{name: told for name, told in batch.report.items() if name != "seconds"}}
    return helped, [batch.counts, report, list(Row.objects.filter(batch=batch).order_by("pk").values_list(*TOLD))]
done = threading.Event()
other = threading.Thread(target=done.wait)
other.start()
alone, told = planned()
done.set(); other.join()
helped, same = planned()
print(json.dumps([alone, helped, told == same, told[0], told[1]["unmapped"]]))
"""


@pytest.fixture
def register(tmp_path, django_db_setup):
    made = scratch(connection.vendor, tmp_path)
    made.make("planned")
    assert made.manage("planned", "migrate", "-v0")[0] == 0
    assert made.manage("planned", "loaddata", "-v0", "vocabularies")[0] == 0
    yield made
    made.clear()


def test_two_processes_plan_the_same_as_one(register, tmp_path):
    rows = [row(id=f"{n:05}", name=f"{'Long ' * 40} bridge {n}") for n in range(2200)]
    rows += [row(id="1700", name="Repeated apart"), row(id="odd", type="windmill"), row(id="gone", lat="north")]
    rows[1700] = row(id="1700", name="Repeated")
    path = listed(tmp_path, *rows)
    assert path.stat().st_size > LARGE

    code = PLANNED_TWICE.format(path=str(path), mapping=mapping(tmp_path))
    status, said = register.manage("planned", "shell", "-v0", "-c", code)

    assert status == 0, said
    alone, helped, same, counts, unmapped = json.loads(said.splitlines()[-1])
    assert (alone, helped, same) == (False, True, True)
    expected = {
        "read": 2203,
        "new": 2199,
        "repeated": 2,
        "refused": 2,
        "changed": 0,
        "same": 0,
        "joined": 0,
        "vanished": 0,
    }
    assert counts == {**expected, "possible_duplicates": 0}
    assert unmapped == {"[record] types": {"windmill": 1}}
