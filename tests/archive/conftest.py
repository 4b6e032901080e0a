"""What the tests of the archive share: a store for files that goes with the test."""

import pytest


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"
    return settings.MEDIA_ROOT
