"""Curators at the desk, each signed in."""

import pytest
from django.test import Client

from tests.registry.make import make_user


def signed_in(group):
    client = Client()
    client.user = make_user(group)
    client.force_login(client.user)
    return client


@pytest.fixture
def contributor(db):
    return signed_in("contributor")


@pytest.fixture
def reviewer(db):
    return signed_in("reviewer")


@pytest.fixture
def administrator(db):
    return signed_in("administrator")
