"""Settings: what is set wrongly is refused at the start, in words."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


def start(**environment):
    """Start the register as a command; return its exit status and the last line it said."""
    process = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"SECRET_KEY": "for the test"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return process.returncode, (process.stderr or process.stdout).strip().splitlines()[-1]


@pytest.mark.parametrize("given", ["2", "-1", "one", "0.5"])
def test_a_number_of_reviewers_that_the_register_does_not_know_is_refused_at_the_start(given):
    status, said = start(REVIEWERS_NEEDED=given)

    assert status == 1
    assert said == (
        f"django.core.exceptions.ImproperlyConfigured: REVIEWERS_NEEDED is “{given}”. "
        "It can be 0 (one person may edit and publish) or 1 (a second person reviews)."
    )


@pytest.mark.parametrize("given", ["0", "1", ""])
def test_no_reviewer_and_one_are_known(given):
    assert start(REVIEWERS_NEEDED=given) == (0, "System check identified no issues (0 silenced).")


def shown(address):
    """Return what the settings give the driver of the database at ``address`` as options."""
    asking = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS'].get('options'))"
    process = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {asking}"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"SECRET_KEY": "for the test", "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "heritage.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout.strip()


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("postgres://u@127.0.0.1/register", "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"),
        ("postgres://u@127.0.0.1/register?options=-c%20work_mem%3D64MB", "-c work_mem=64MB"),
        ("sqlite:////tmp/register", "None"),
    ],
)
def test_a_session_of_postgresql_is_set_for_short_questions_unless_its_address_says_otherwise(address, options):
    assert shown(address) == options
