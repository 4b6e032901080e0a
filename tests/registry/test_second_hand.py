"""Work in a second process: real processes."""

import os

import pytest

from heritage.registry.second_hand import Ended, second_hand


def test_it_makes_one_part_after_the_other_in_a_process_of_its_own():
    with second_hand(lambda part: (part * 2, os.getpid())) as hand:
        made = list(hand.ahead([1, 2, 3]))

    assert [twice for twice, _pid in made] == [2, 4, 6]
    assert os.getpid() not in {pid for _twice, pid in made}


def test_of_nothing_it_makes_nothing():
    with second_hand(str) as hand:
        assert list(hand.ahead([])) == []


def test_parts_larger_than_the_pipe_come_through():
    large = "ա" * 3_000_000

    with second_hand(lambda part: part[::-1]) as hand:
        assert list(hand.ahead([large, large])) == [large, large]


def test_its_death_is_told():
    with second_hand(lambda part: os._exit(1)) as hand, pytest.raises(Ended):
        list(hand.ahead([1, 2, 3]))


def test_it_ends_with_the_first_process(tmp_path):
    said = tmp_path / "pid"
    first = os.fork()
    if first == 0:
        with second_hand(lambda part: os.getpid()) as hand:
            hand.give(1)
            said.write_text(str(hand.taken()))
            os._exit(0)  # as if killed: nothing is tidied up
    os.waitpid(first, 0)

    assert has_ended(int(said.read_text()))


def has_ended(pid):
    """Tell whether the process ``pid`` is gone or waits to be buried, within some seconds."""
    for _turn in range(100):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        os.sched_yield()
        os.waitstatus_to_exitcode(os.spawnlp(os.P_WAIT, "sleep", "sleep", "0.1"))
    return False
