"""The catalogue is read from the replica, but never in a transaction that may have written to it."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import transaction

from heritage.catalogue.models import Edition
from heritage.catalogue.replica import Router
from heritage.registry.models import Monument


@pytest.mark.django_db(transaction=True)
def test_pages_read_the_catalogue_from_the_replica_and_the_desk_from_the_primary():
    assert Router().db_for_read(Edition) == "replica"
    assert Router().db_for_read(Monument) is None
    assert Router().db_for_write(Edition) == "default"


@pytest.mark.django_db(transaction=True)
def test_a_publication_reads_what_it_has_written_itself():
    with transaction.atomic():
        assert Router().db_for_read(Edition) is None


def test_tables_are_made_on_the_primary_only():
    assert Router().allow_migrate("default", "catalogue") is True
    assert Router().allow_migrate("replica", "catalogue") is False


def test_the_replica_is_taken_from_the_environment(tmp_path):
    """A page is served from a replica that has nothing while the primary holds the register."""
    environment = {
        **os.environ,
        "SECRET_KEY": "for this test",
        "DATABASE_URL": f"sqlite:///{tmp_path}/primary.sqlite3",
        "DATABASE_REPLICA_URL": f"sqlite:///{tmp_path}/replica.sqlite3",
        "DJANGO_SETTINGS_MODULE": "heritage.settings",
    }
    program = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from heritage.catalogue.models import Edition
from heritage.registry.models import Monument
print(Edition.objects.all().db, Monument.objects.all().db, Monument.objects.count())
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["replica", "default", "0"]
