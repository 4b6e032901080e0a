"""References: well formed, told apart from slips, and the same from the same seed."""

import re

from hypothesis import given
from hypothesis import strategies as st

from heritage.registry.refs import ALPHABET, LENGTH, is_well_formed, mint, mint_from, spelt


def test_a_minted_reference_is_twelve_characters_a_letter_first_and_well_formed():
    refs = {mint() for _ in range(1000)}

    assert len(refs) == 1000
    assert all(re.fullmatch("[b-z][0-9b-z]{11}", ref) and is_well_formed(ref) for ref in refs)


def test_a_seed_always_gives_the_same_reference():
    assert [mint_from("church"), mint_from("place")] == ["r7jw57zdzfdk", "gcphm2dtjfn2"]
    assert [spelt(0), spelt(19)] == ["b0000000000b", "b1000000000d"]


@given(st.integers(0, 2**128), st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(number, place, letter):
    ref = spelt(number)
    wrong = ref[:place] + letter + ref[place + 1 :]

    assert is_well_formed(wrong) == (wrong == ref)


@given(st.integers(0, 2**128), st.integers(0, LENGTH - 2))
def test_two_neighbours_exchanged_are_noticed(number, place):
    ref = spelt(number)
    wrong = ref[:place] + ref[place + 1] + ref[place] + ref[place + 2 :]

    assert is_well_formed(wrong) == (wrong == ref)
