"""What somebody may have meant by a word that is not known. Comparing costs time, so it is done for a few short words. Pure Python."""

import difflib

LONGEST, MOST = 100, 300  # characters of the word; words that it is compared with


class Hints:
    """Gives a few hints: of very many mistakes only the first get one."""

    def __init__(self, left=20):
        self.left = left

    def near(self, word, known):
        """Return that of the ``known`` words which is most like ``word``; empty where none is, or it would take long."""
        if self.left <= 0 or len(word) > LONGEST or len(known) > MOST:
            return ""
        self.left -= 1
        found = difflib.get_close_matches(word, known, n=1)
        return found[0] if found else ""
