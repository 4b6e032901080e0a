"""Long work is held by one at a time, and how far it is can be read without a database."""

from types import SimpleNamespace

import pytest

from heritage.registry import background
from heritage.registry.steps import Refused


def test_a_work_is_held_by_one_at_a_time(tmp_path):
    with background.held(tmp_path, "Somebody works on it."):
        assert background.is_worked_on(tmp_path)
        with (
            pytest.raises(Refused, match=r"Somebody works on it\."),
            background.held(tmp_path, "Somebody works on it."),
        ):
            pass

    assert not background.is_worked_on(tmp_path)


def test_how_far_a_work_is_and_how_it_ended_is_told(tmp_path):
    assert background.how_far(tmp_path) == {}
    told = background.Telling(tmp_path, "make", "Making", None)
    told.last = 0.0
    told.how_far(SimpleNamespace(what="pages", done=3, total=10, rate=1.5, left=4.7))
    told.ended(["The disk is full."])

    far = background.how_far(tmp_path)
    assert far.pop("at")
    assert far == {
        "verb": "make",
        "words": "Making",
        "by": "command line",
        "what": "pages",
        "done": 3,
        "total": 10,
        "rate": 1.5,
        "left": 4.7,
        "ended": True,
        "reasons": ["The disk is full."],
    }
