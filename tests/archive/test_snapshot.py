"""Making a bag where nothing is published, and while others write."""

import pytest
from django.db import connection

from heritage.registry.steps import Refused
from tests.archive.shelf import export
from tests.catalogue.scratch import MANAGE, scratch

pytestmark = pytest.mark.django_db

WHILE_EXPORTING = f"""
import subprocess
from heritage.archive.snapshot import snapshot
from heritage.registry.models import Actor
with snapshot():
    before = Actor.objects.count()
    write = "from heritage.registry.models import Actor; Actor.objects.create(label='Latecomer', kind='ngo')"
    subprocess.run([*{MANAGE!r}, "shell", "-c", write], check=True, capture_output=True, timeout=60)
    during = Actor.objects.count()
print("seen", before, during, Actor.objects.count())
"""


def test_a_public_bag_of_nothing_is_refused(tmp_path):
    with pytest.raises(Refused, match="Nothing is published yet"):
        export(tmp_path / "bag")

    assert list(tmp_path.iterdir()) == []


def test_a_full_bag_of_an_empty_desk_can_be_made(tmp_path):
    bag = export(tmp_path / "bag", "full", site=False)

    assert (bag / "data" / "full-editions.jsonl").read_bytes() == b""
    assert "Bagging-Date: 1970-01-01\n" in (bag / "bag-info.txt").read_text()


def test_what_others_write_during_an_export_is_not_in_it_and_they_need_not_wait(tmp_path):
    registers = scratch(connection.vendor, tmp_path)
    registers.make("busy")
    try:
        assert registers.manage("busy", "migrate", "-v0")[0] == 0
        status, said = registers.manage("busy", "shell", "-c", WHILE_EXPORTING)
    finally:
        registers.clear()

    assert (status, said.splitlines()[-1]) == (0, "seen 0 0 1")
