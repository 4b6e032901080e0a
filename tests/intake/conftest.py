"""What the tests of imports share: the vocabularies, the real files where they lie, and a short way through an import."""

import os
from pathlib import Path

import pytest

from heritage.intake.applying import apply
from heritage.intake.planning import begin, plan
from tests.registry.conftest import signed_in
from tests.stock import install_vocabularies

REAL = Path(os.environ.get("REAL_DATA") or Path(__file__).resolve().parents[2].parent / "shared" / "data")


@pytest.fixture
def terms(db):
    install_vocabularies()


@pytest.fixture
def real():
    """Give the path of a real file; the test is skipped where the folder is not there."""

    def path(name):
        if not (REAL / name).exists():
            pytest.skip(f"The real files are not here ({REAL / name}); REAL_DATA names their folder.")
        return REAL / name

    return path


@pytest.fixture
def planned(terms):
    """Plan a file: ``planned(path, "quebec")``."""
    return lambda path, mapping, **choices: plan(begin(str(path), mapping, choices=choices))


@pytest.fixture
def applied(planned):
    """Plan a file and apply the plan."""
    return lambda path, mapping, **choices: apply(planned(path, mapping, **choices))


@pytest.fixture
def imports(settings, tmp_path):
    """The folder in which uploaded files wait."""
    settings.IMPORTS_DIR = tmp_path / "imports"
    return settings.IMPORTS_DIR


@pytest.fixture
def contributor(terms, imports):
    """A curator who brings lists, signed in."""
    return signed_in("contributor")


@pytest.fixture
def reviewer(terms, imports):
    """A curator who publishes, signed in."""
    return signed_in("reviewer")
