"""Many curators at the same few records: nothing is lost, the ledger is whole, and the audit finds nothing."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tests.catalogue.scratch import LONGEST, scratch

pytestmark = pytest.mark.django_db  # the processes have databases of their own


@pytest.fixture
def registers(tmp_path):
    made = scratch(connection.vendor, tmp_path)
    yield made
    made.clear()


def test_eight_curators_at_six_records_lose_nothing(registers):
    registers.make("curators")
    environment = os.environ | {"DATABASE_URL": registers.url("curators"), "SECRET_KEY": settings.SECRET_KEY}
    command = [sys.executable, "-m", "tests.bench.bench_curators", "--curators", "8", "--seconds", "3"]

    ended = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=LONGEST
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = json.loads(ended.stdout)
    assert told["wrong"] == []
    assert sum(number for verb, number in told["done"].items() if " " not in verb) > 0
