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
