"""Words as they are compared: folded, so that case, accents and letter variants make no difference."""

import unicodedata

VARIANTS = str.maketrans({"ı": "i", "ə": "a", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ё": "е"})


def fold(text):
    """Return ``text`` in lower case without accents; words parted by single spaces, punctuation dropped.

    Source: Unicode normal form KD and full case folding (which writes the Armenian ligature և as two letters).
    """
    plain = unicodedata.normalize("NFKD", text).casefold().translate(VARIANTS)
    letters = (letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letters).split())
