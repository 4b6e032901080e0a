"""Opaque references: random text with a check character, minted once and never reused.

Source: NOID Check Digit Algorithm (California Digital Library), alphabet of 29 characters without vowels and
look-alikes; one wrong character or two exchanged neighbours are always noticed.
"""

import hashlib
import secrets

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
LENGTH = 12
HEADS = ALPHABET[10:]
PAIRS = [one + other for other in ALPHABET for one in ALPHABET]
#: The share of each pair of letters in the check character, by the place where the pair stands.
SHARES = [
    [place * first + (place + 1) * second for second in range(29) for first in range(29)] for place in range(2, 12, 2)
]


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

    Two letters are taken at a time from tables, with their share of the check character, since registers mint millions.
    """
    number, head = divmod(number, len(HEADS))
    number, one = divmod(number, len(PAIRS))
    number, two = divmod(number, len(PAIRS))
    number, three = divmod(number, len(PAIRS))
    number, four = divmod(number, len(PAIRS))
    five = number % len(PAIRS)
    check = head + 10 + SHARES[0][one] + SHARES[1][two] + SHARES[2][three] + SHARES[3][four] + SHARES[4][five]
    letters = f"{PAIRS[one]}{PAIRS[two]}{PAIRS[three]}{PAIRS[four]}{PAIRS[five]}"
    return f"{HEADS[head]}{letters}{ALPHABET[check % len(ALPHABET)]}"


def is_well_formed(ref):
    """Tell whether ``ref`` could have been minted here."""
    return len(ref) == LENGTH and all(letter in ALPHABET for letter in ref) and ref[-1] == check_character(ref[:-1])
