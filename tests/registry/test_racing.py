"""Two who save at the same moment: real processes, a database on disk; of one revision only one gets the next."""

import json
import time

import pytest
from django.db import connection

from tests.catalogue.scratch import LONGEST, scratch

pytestmark = pytest.mark.django_db  # the processes have databases of their own

MONUMENTS = 40
MAKE = f"""
from heritage.registry.models import Monument
for number in range({MONUMENTS}):
    Monument.objects.create(label=f"Chapel {{number}}")
"""
SAVE = """
import json, time
from heritage.registry import lifecycle
from heritage.registry.models import Monument
opened = list(Monument.objects.order_by("pk"))
time.sleep(max(0, {begin} - time.time()))
saved = []
for monument in opened:
    monument.label = "{label}"
    try:
        lifecycle.revise(monument, None, "{label}", expected_revision=0)
        saved.append(monument.ref)
    except lifecycle.Stale:
        pass
print(json.dumps(saved))
"""


@pytest.fixture
def registers(tmp_path):
    made = scratch(connection.vendor, tmp_path)
    yield made
    made.clear()


def test_of_two_who_save_at_once_one_is_saved_and_the_other_is_told_for_each_of_forty_records(registers):
    registers.make("race")
    assert registers.manage("race", "migrate", "-v0")[0] == 0
    assert registers.manage("race", "shell", "-v0", "-c", MAKE)[0] == 0

    begin = time.time() + 4
    racing = [
        registers.start("race", "shell", "-v0", "-c", SAVE.format(begin=begin, label=label))
        for label in ("Hers", "His")
    ]
    hers, his = (set(json.loads(process.communicate(timeout=LONGEST)[0])) for process in racing)

    assert (len(hers | his), hers & his) == (MONUMENTS, set())
    counted = "SELECT count(*) FROM registry_monument WHERE revision = 1 AND label = '{}'"
    assert registers.ask("race", counted.format("Hers")) == len(hers)
    assert registers.ask("race", counted.format("His")) == len(his)
    assert registers.ask("race", "SELECT count(*) FROM registry_journal WHERE verb = 'revise'") == MONUMENTS
