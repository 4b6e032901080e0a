"""In which encoding a text is: found from all its bytes, so that no wrong letter slips through. Pure Python.

UTF-8 and UTF-16 are certain. Which of the older encodings of one byte a letter it is can only be weighed: the letters that
it gives must be those of words. A text that mixes UTF-8 with an older encoding is refused where it begins to.
"""

import codecs
import re
from dataclasses import dataclass

from heritage.intake.readers.letters import ALPHABETS, WORD, fitness, weight
from heritage.intake.readers.table import Unreadable

CHUNK = 1 << 20
SAMPLE = 100_000
MARKS = [
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
]
SPELLED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. ()-]{0,39}")
#: What Python calls encodings and no table is in: notations of its own, of names on the internet and of one system.
NO_ENCODINGS = {
    *("unicode-escape", "unicode_escape", "raw-unicode-escape", "raw_unicode_escape", "idna", "punycode", "undefined"),
    *("utf-7", "charmap", "mbcs", "oem"),
}
BEFORE_WINDOWS = ("cp850", "cp852", "mac-roman")
UNMISTAKABLE = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2\x80[\x90-\xbf]")


@dataclass(frozen=True)
class Encoding:
    """The encoding of a text; ``words`` are some to look at where it was weighed, not certain."""

    name: str
    sure: bool
    words: tuple = ()


def encoding_of(path, chosen=""):
    """Return the ``Encoding`` of the text in ``path``, all of which was looked at. Raises: Unreadable, with byte and line."""
    with path.open("rb") as file:
        head = file.read(4096)
    marked = next((name for mark, name in MARKS if head.startswith(mark)), "")
    if chosen:
        return checked(path, marked if marked and chosen.lower().startswith(marked[:6]) else chosen)
    if marked:
        return checked(path, marked)
    if b"\x00" in head:
        return checked(path, "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le")
    wrong = first_wrong(path, "utf-8")
    return Encoding("utf-8", sure=True) if wrong is None else older(path, wrong)


def checked(path, name):
    """Return the encoding called ``name`` if the whole text is in it. Raises: Unreadable."""
    name = known_name(name)
    wrong = first_wrong(path, name)
    if wrong is not None:
        raise Unreadable(
            f"The text is not {name} throughout.",
            placed(path, wrong),
            "Choose another encoding, or export the table again, in UTF-8 if you can.",
        )
    return Encoding(name, sure=True)


def known_name(name):
    """Return the name of an encoding of text as Python has it. Raises: Unreadable for anything else."""
    found = ""
    if SPELLED.fullmatch(name):
        try:
            found = codecs.lookup(name).name
            if found not in NO_ENCODINGS:
                b"a".decode(found, "replace")  # LookupError: it turns bytes into bytes, such as “zlib”
                return found
        except (LookupError, UnicodeError, ValueError):
            pass
    shown = "".join(sign if sign.isprintable() else "?" for sign in name[:40])
    raise Unreadable(f"There is no encoding “{shown}”.", mend=f"Known are utf-8, utf-16, {', '.join(ALPHABETS)}.")


def first_wrong(path, name):
    """Return the position of the first byte that is not text in the encoding ``name``, or None. Raises: Unreadable at a zero."""
    decoder, read = codecs.getincrementaldecoder(name)(), 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                return max(read - waiting + fault.start, 0)
            except UnicodeError:  # UTF-16 or UTF-32 that does not say which byte comes first
                return read
            if "\0" in text:
                width = 2 if name.startswith("utf-16") else 4 if name.startswith("utf-32") else 1
                position = read + (max(chunk.find(0), 0) if width == 1 else text.index("\0") * width)
                raise Unreadable(
                    "The text has a sign that is no text (zero).",
                    placed(path, position),
                    "Remove it, or export it again.",
                )
            if not chunk:
                return None
            read += len(chunk)


def older(path, wrong):
    """Return the likeliest encoding of one byte a letter. Raises: Unreadable where it is mixed with UTF-8, or none fits."""
    mixture = Mixture()
    for line in lines_of(path):
        mixture.look_at(line)
    weighed = sorted(((weight(mixture.older, name), name) for name in ALPHABETS), key=lambda pair: -pair[0])
    best, name = weighed[0]
    if (newer := mixture.newer_than(name)) is not None:
        raise Unreadable(
            "The text mixes UTF-8 with an older encoding, so some letters would be wrong.",
            placed(path, newer if mixture.new_lines < mixture.old_lines else wrong),
            "Export the whole table in one encoding, UTF-8 if you can.",
        )
    if best <= 0:
        raise Unreadable(
            "The text is not UTF-8, and no older encoding makes words of it.",
            placed(path, wrong),
            "Choose the encoding.",
        )
    refuse_doubtful(path, wrong, mixture.older, weighed)
    text = mixture.older[:20_000].decode(name, "replace")
    return Encoding(name, sure=False, words=tuple(dict.fromkeys(WORD.findall(text)))[:6])


def refuse_doubtful(path, wrong, sample, weighed):
    """Raise Unreadable where another encoding is as likely as the first of ``weighed``, or bytes stand for nothing in it."""
    best, name = weighed[0]
    alike = [other for reached, other in weighed if reached > best - 0.1]
    if name in BEFORE_WINDOWS and len({sample.decode(other, "replace") for other in alike}) > 1:
        raise Unreadable(
            f"The text is in an old encoding, but which is not certain: {' or '.join(alike)}.",
            placed(path, wrong),
            "Choose the encoding.",
        )
    if (astray := first_wrong(path, name)) is not None:
        raise Unreadable(
            f"The text seems to be {name}, but has bytes that stand for nothing in it.",
            f"The first: {placed(path, astray)}",
            "Choose another encoding, or export the table again, in UTF-8 if you can.",
        )


class Mixture:
    """Counts the lines with letters beyond a to z that are UTF-8 and those that are not, and keeps a sample of both."""

    def __init__(self):
        self.older, self.newer, self.new_lines, self.old_lines = b"", b"", 0, 0
        self.first_new, self.inside, self.read = None, None, 0

    def look_at(self, line):
        if not line.isascii():
            self.count(line)
        self.read += len(line)

    def count(self, line):
        try:
            line.decode()
        except UnicodeDecodeError:
            self.old_lines += 1
            self.older += line[:SAMPLE] if len(self.older) < SAMPLE else b""
            if self.inside is None and (found := UNMISTAKABLE.search(line)):
                self.inside = self.read + found.start()
            return
        self.new_lines += 1
        self.newer += line[:SAMPLE] if len(self.newer) < SAMPLE else b""
        if self.first_new is None:
            self.first_new = self.read + next(place for place, byte in enumerate(line) if byte > 127)

    def newer_than(self, name):
        """Return where the first UTF-8 is in a text that else is in the encoding ``name``; None where there is none."""
        if self.newer and fitness(self.newer.decode("utf-8", "replace"), name) > weight(self.newer, name):
            return self.first_new
        return self.inside if name in ("windows-1252", "windows-1254", "windows-1257") else None


def lines_of(path):
    """Yield the lines of a file with their ends, as bytes; very long ones in pieces."""
    with path.open("rb") as file:
        while piece := file.readline(CHUNK):
            yield from piece.splitlines(keepends=True)


def placed(path, position):
    """Return where a byte is, in words."""
    line, read = 1, 0
    with path.open("rb") as file:
        while read < position:
            chunk = file.read(min(CHUNK, position - read))
            line += chunk.count(b"\n") or chunk.count(b"\r")
            read += len(chunk)
    with path.open("rb") as file:
        file.seek(position)
        sign = file.read(1)
    return f"Byte {position + 1:,}, line {line:,} (the byte {sign.hex().upper()})."
