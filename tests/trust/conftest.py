"""A store for files, and a place for deposits, that go with the test."""

import pytest


@pytest.fixture
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"
    settings.DEPOSITS_DIR = tmp_path / "deposits"
    return settings.MEDIA_ROOT
