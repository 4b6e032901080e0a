"""Opaque references: random text with a check character, minted once and never reused.

Source: NOID Check Digit Algorithm (California Digital Library), alphabet of 29 characters without vowels and
look-alikes; one wrong character or two exchanged neighbours are always noticed.
"""

import hashlib
import secrets

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
LENGTH = 12
HEADS = ALPHABET[10:]
PAIRS = [(one + other, place, next_) for next_, other in enumerate(ALPHABET) for place, one in enumerate(ALPHABET)]


def check_character(text):
    """Return the check character for ``text``."""
    return ALPHABET[sum(place * ALPHABET.index(letter) for place, letter in enumerate(text, 1)) % len(ALPHABET)]


def mint():
    """Return a new random reference of ``LENGTH`` characters, a letter first so that no program takes it for a number."""
    return spelt(secrets.randbits(128))


def mint_from(seed):
    """Return the reference that belongs to ``seed``: always the same, for fixtures that must be deterministic."""
    return spelt(int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big"))


def spelt(number):
    """Return the reference that a whole ``number`` spells; numbers from 19 × 29^10 (about 2^53) on share references.

    Two letters are taken at a time from a table, with their share of the check character, since registers mint millions.
    """
    number, head = divmod(number, len(HEADS))
    text, check = HEADS[head], head + 10
    for place in range(2, LENGTH, 2):
        number, pair = divmod(number, len(PAIRS))
        letters, first, second = PAIRS[pair]
        text += letters
        check += place * first + (place + 1) * second
    return text + ALPHABET[check % len(ALPHABET)]


def is_well_formed(ref):
    """Tell whether ``ref`` could have been minted here."""
    return len(ref) == LENGTH and all(letter in ALPHABET for letter in ref) and ref[-1] == check_character(ref[:-1])
