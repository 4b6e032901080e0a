"""In which encoding a text is: found from all its bytes, so that no wrong letter slips through. Pure Python.

UTF-8 and UTF-16 are certain. Which of the older encodings of one byte a letter it is can only be weighed: the letters that
it gives must be those of words. A text that mixes UTF-8 with an older encoding is refused where it begins to.
"""

import codecs
import re
from dataclasses import dataclass

from heritage.intake.readers.table import Unreadable

CHUNK = 1 << 20
SAMPLE = 400_000
MARKS = [
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
]
SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
UNMISTAKABLE = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2\x80[\x90-\xbf]")
WORD = re.compile(r"[^\W\d_]*[^\x00-\x7f][^\W\d_]*")
LATIN = "éèêàâçùûîïôœëöäüßñóáíúãõåøæ¡¿ÉÈÀÇÔÖÄÜÎ«»’‘“”–—…°€·"
#: The older encodings that are weighed, with the letters that texts in them usually have.
LETTERS = {
    "windows-1252": LATIN,
    "windows-1250": "ąćęłńóśźżčďěňřšťůýžáéíúőűăşţĄĆĘŁŃÓŚŹŻČŠŽŘ„”",
    "iso-8859-2": "ąćęłńóśźżčďěňřšťůýžáéíúőűăşţĄĆĘŁŃÓŚŹŻČŠŽŘ",
    "windows-1254": "çğıöşüÇĞİÖŞÜâîû",
    "windows-1257": "āčēģīķļņšūžąęėįųõäöü",
    "windows-1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґёАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЯІЄ№«»",
    "koi8-r": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЯ",
    "iso-8859-5": "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєёАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЯ",
    "windows-1253": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώΑΒΓΔΕΚΛΜΝΟΠΡΣΤ",
    "windows-1255": "אבגדהוזחטיכלמנסעפצקרשתםןףץך",
    "windows-1256": "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىئءأإآپچژگ",
}
WEIGHED = {name: frozenset(letters) for name, letters in LETTERS.items()}


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
    try:
        name = codecs.lookup(name).name if "sig" not in name else name
    except LookupError:
        raise Unreadable(
            f"There is no encoding “{name}”.", mend=f"Known are utf-8, utf-16, {', '.join(LETTERS)}."
        ) from None
    wrong = first_wrong(path, name)
    if wrong is not None:
        raise Unreadable(f"The text is not {name} throughout.", placed(path, wrong), "Choose another encoding.")
    return Encoding(name, sure=True)


def first_wrong(path, name):
    """Return the position of the first byte that is not text in the encoding ``name``, or None."""
    decoder, read = codecs.getincrementaldecoder(name)(), 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                return read - waiting + fault.start
            if not chunk:
                return None
            read += len(chunk)


def older(path, wrong):
    """Return the likeliest encoding of one byte a letter. Raises: Unreadable where it is mixed with UTF-8, or none fits."""
    mixture = Mixture()
    for line in lines_of(path):
        mixture.look_at(line)
    weighed = sorted(((weight(mixture.sample, name), name) for name in LETTERS), key=lambda pair: -pair[0])
    best, name = weighed[0]
    is_latin = name in ("windows-1252", "windows-1254", "windows-1257")
    if mixture.new_lines * 20 > mixture.old_lines or (is_latin and mixture.unmistakable is not None):
        few_new = mixture.new_lines < mixture.old_lines
        raise Unreadable(
            "The text mixes UTF-8 with an older encoding, so some letters would be wrong.",
            placed(path, mixture.unmistakable if few_new and mixture.unmistakable is not None else wrong),
            "Export the whole table in one encoding, UTF-8 if you can.",
        )
    if best <= 0:
        raise Unreadable(
            "The text is not UTF-8, and no older encoding makes words of it.",
            placed(path, wrong),
            "Choose the encoding.",
        )
    text = mixture.sample[:20_000].decode(name, "replace")
    return Encoding(name, sure=False, words=tuple(dict.fromkeys(WORD.findall(text)))[:6])


class Mixture:
    """Counts the lines that are UTF-8 and those that are not, and keeps a sample of them."""

    def __init__(self):
        self.sample, self.new_lines, self.old_lines = b"", 0, 0
        self.unmistakable, self.read = None, 0

    def look_at(self, line):
        if not line.isascii():
            if len(self.sample) < SAMPLE:
                self.sample += line[:SAMPLE]
            self.count(line)
            if self.unmistakable is None and (found := UNMISTAKABLE.search(line)):
                self.unmistakable = self.read + found.start()
        self.read += len(line)

    def count(self, line):
        try:
            line.decode()
        except UnicodeDecodeError:
            self.old_lines += 1
        else:
            self.new_lines += bool(UNMISTAKABLE.search(line)) or len(SEQUENCE.findall(line)) > 1


def lines_of(path):
    """Yield the lines of a file with their ends, as bytes; very long ones in pieces."""
    with path.open("rb") as file:
        while piece := file.readline(CHUNK):
            yield from piece.splitlines(keepends=True)


def weight(sample, name):
    """Return how well the bytes read as words in the encoding ``name``, from about -3 to 1."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:
        text = sample.decode(name, "replace")
        if text.count("\ufffd") > len(sample) // 1000:
            return -3
    usual, points, letters = WEIGHED[name], 0, 0
    for word in WORD.findall(text[:SAMPLE]):
        strange = [letter for letter in word if letter > "\x7f"]
        letters += len(strange)
        points += sum(1 if letter in usual else -2 for letter in strange)
        if not word.isupper() and word[1:] != word[1:].lower():
            points -= 2 * len(strange)
        if name != "windows-1251" and len(strange) > 3 and len(strange) * 4 > len(word) * 3 and strange[0] < "\u0250":
            points -= 2 * len(strange)
    loose = sum(1 for letter in text if letter > "\x7f" and not letter.isalpha() and letter not in usual)
    return (points - 2 * loose) / max(letters + loose, 1)


def placed(path, position):
    """Return where a byte is, in words."""
    line, read = 1, 0
    with path.open("rb") as file:
        while read < position:
            chunk = file.read(min(CHUNK, position - read))
            line += chunk.count(b"\n") or chunk.count(b"\r")
            read += len(chunk)
    return f"Byte {position + 1:,}, line {line:,}."
