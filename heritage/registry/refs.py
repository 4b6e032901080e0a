"""Opaque references: random text with a check character, minted once and never reused.

Source: NOID Check Digit Algorithm (California Digital Library), alphabet of 29 characters without vowels and
look-alikes; one wrong character or two exchanged neighbours are always noticed.
"""

import hashlib
import secrets

ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"
LENGTH = 12


def check_character(text):
    """Return the check character for ``text``."""
    return ALPHABET[sum(place * ALPHABET.index(letter) for place, letter in enumerate(text, 1)) % len(ALPHABET)]


def mint():
    """Return a new random reference of ``LENGTH`` characters, a letter first so that no program takes it for a number."""
    return checked(secrets.choice(ALPHABET[10:]) + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 2)))


def mint_from(seed):
    """Return the reference that belongs to ``seed``: always the same, for fixtures that must be deterministic."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big")
    letters = ALPHABET[10 + number % 19]
    number //= 19
    for _ in range(LENGTH - 2):
        number, digit = divmod(number, len(ALPHABET))
        letters += ALPHABET[digit]
    return checked(letters)


def checked(text):
    """Return ``text`` with its check character."""
    return text + check_character(text)


def is_well_formed(ref):
    """Tell whether ``ref`` could have been minted here."""
    return len(ref) == LENGTH and all(letter in ALPHABET for letter in ref) and ref[-1] == check_character(ref[:-1])
