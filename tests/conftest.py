"""What several rooms' tests share: the demonstration register, published."""

from contextlib import ExitStack

import pytest
from django.conf import settings
from django.db import transaction

from heritage.catalogue.management.commands.demo import Command as Demo


def pytest_configure():
    """Hash the passwords of tests' users at once: what makes guessing slow would make most of the suite."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR = "optional"  # as in the demonstration; tests of the second factor set what they are about


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demonstration register, published once for the module; each test's own changes are rolled back after it.

    Do not use it with ``django_db(transaction=True)``: such a test empties the tables.
    """
    with ExitStack() as held:
        with django_db_blocker.unblock():
            held.enter_context(transaction.atomic())
            Demo().install()
        yield
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            held.close()
