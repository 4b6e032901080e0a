"""Words as they sound: every script and spelling habit brought to one plain Latin form, and that to its consonants.

Four steps of likeness: ``fold`` (the same letters), a *form* (the same sound, whatever the script), *bones* (the same
consonants, voiced or not) and *trigrams* (most of the same letter groups). A word may have several forms: c is j in
Azerbaijani and ts in scholarly Armenian. Where the language of a name is known only its own habits count; of what a
reader types nobody knows the language, so every habit is tried that one of its letters could belong to.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import product

from heritage.catalogue.letters import (
    ARABIC,
    ARMENIAN,
    BARE,
    CYRILLIC,
    GEORGIAN,
    GREEK,
    HABITS,
    LANGUAGES,
    UNMISTAKABLE,
)

LONGEST_WORD = 40
MOST_WHOLE = 6

VARIANTS = str.maketrans({"ı": "i", "ə": "a", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ё": "е"})

PLAIN = str.maketrans(BARE | CYRILLIC | ARMENIAN | GEORGIAN | ARABIC | GREEK)
LETTERS = re.compile("[csz]h|.", re.DOTALL)
DIGRAPHS = re.compile("ու|եւ|^եւ|^ե|^ո(?!ւ)")
SPOKEN = {"ու": "u", "եւ": "ev", "ե": "e", "ո": "vo"}
SILENT = re.compile("ه(?=\u200c)")
WEAK = re.compile(r"(?<!^)و(?![اآیيه])|(?<!^)[یي](?![اآو])")


SPELLINGS = re.compile("tsch|shch|sch|tch|dzh|dj|tz|gh|kh|ph|th|ou|oo|ck|(?<=[aeiou])h$|c(?=[eiy])|c(?!h)|w|y|q|x")
SPELT = {
    **{"tsch": "ch", "shch": "sh", "sch": "sh", "tch": "ch", "dzh": "j", "dj": "j", "tz": "ts", "gh": "g", "kh": "h"},
    **{"ph": "f", "th": "t", "ou": "u", "oo": "u", "ck": "k", "h": "", "w": "v", "y": "i", "q": "k", "x": "ks"},
}
DOUBLED = re.compile(r"(\D)\1+")
OPENINGS = re.compile("^(?:ie|vo)")
OPENED = {"ie": "e", "vo": "o"}

CLUSTERS = re.compile("ch|sh|zh|ts|dz")
CLUSTERED = {"ch": "c", "sh": "x", "zh": "x", "ts": "s", "dz": "s"}
CLASSES = str.maketrans("bpfdtgkhjzaeiou", "pppttkkkcs-----")

JOINERS = (
    "'’ʼʻʿʾ`´‘ʹʺ՚՛՜՞ـ\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069"
)
WORD = re.compile(rf"[^\W_](?:[\w{JOINERS}\u0300-\u036f]*[^\W_])?[\u0300-\u036f]*")
DROPPED = str.maketrans("", "", JOINERS + "_")


def fold(text):
    """Return ``text`` in lower case without accents; words parted by single spaces, punctuation dropped.

    Source: Unicode normal form KD and full case folding (which writes the Armenian ligature և as two letters).
    """
    plain = unicodedata.normalize("NFKD", text).casefold().translate(VARIANTS)
    letters = (letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letters).split())


def words(text):
    """Return (start, end, word) of each word of ``text``; the positions are in the text as it is given."""
    return [(found.start(), found.end(), found.group()) for found in WORD.finditer(text)]


@lru_cache(maxsize=20_000)
def forms(word, language=""):
    """Return the forms of ``word`` as it stands in a text in ``language``: as written, then as that language sounds."""
    return several(word, habits_of(word, language))


def whole_forms(text, language=""):
    """Return the forms of a whole name: its words' forms joined by spaces, all words by the same habit."""
    parts = [word for _start, _end, word in words(text)]
    found = (" ".join(filter(None, (spelt(word, habit) for word in parts))) for habit in habits_of(text, language))
    return tuple(dict.fromkeys(filter(None, found)))


def habits_of(text, language):
    """Return the habits that a text in ``language`` (a tag) may follow; without a language, those it cannot deny."""
    habits = LANGUAGES.get(language.split("-")[0])
    if habits is None:
        habits = tuple(name for name, letters in UNMISTAKABLE.items() if has_any(text, letters))
    return ("", *habits)


@lru_cache(maxsize=20_000)
def asked(word):
    """Return the forms that ``word`` may have, typed by a reader whose language nobody knows; the likeliest first."""
    return several(word, ["", *(name for name, habit in HABITS.items() if has_any(word, habit.telling))])


def has_any(text, letters):
    return not set(letters).isdisjoint(lowered(text))


def several(word, habits):
    return tuple(dict.fromkeys(form for form in (spelt(word, habit) for habit in habits) if form))


def combined(words_forms):
    """Return at most ``MOST_WHOLE`` whole forms made of the forms of each word, the likeliest first."""
    most = max(map(len, words_forms), default=0)
    same = (" ".join(found[min(n, len(found) - 1)] for found in words_forms) for n in range(most))
    mixed = (" ".join(one) for one in product(*words_forms)) if len(words_forms) <= 2 else ()
    return tuple(dict.fromkeys([*same, *mixed]))[:MOST_WHOLE]


@lru_cache(maxsize=20_000)
def lowered(word):
    if word.isascii():
        return word.replace("'", "").replace("`", "").replace("_", "").lower()
    return unicodedata.normalize("NFC", SILENT.sub("", word).translate(DROPPED).casefold().replace("i̇", "i"))


@lru_cache(maxsize=20_000)
def spelt(word, habit=""):
    """Return the form of ``word`` by one habit; empty where nothing of it is a letter or digit."""
    text = lowered(word)
    if habit:
        sounds = HABITS[habit].sounds
        text = "".join([sounds.get(letter, letter) for letter in LETTERS.findall(text)])
    text = text if text.isascii() else in_plain_letters(text)
    text = SPELLINGS.sub(respelt, "".join(filter(str.isalnum, text)))
    text = OPENINGS.sub(opened, DOUBLED.sub(r"\1", text))
    return text[:LONGEST_WORD]


def in_plain_letters(text):
    """Return ``text``, which has other letters than ASCII, as it sounds in plain Latin ones, digits as 0–9."""
    text = WEAK.sub(weak, text)
    text = DIGRAPHS.sub(spoken, unicodedata.normalize("NFC", text).replace("և", "եւ")).translate(PLAIN)
    text = text if text.isascii() else unicodedata.normalize("NFKD", text).translate(PLAIN)
    return text if text.isascii() else "".join(digit(letter) for letter in text if letter.isalnum())


def weak(found):
    return "u" if found.group() == "و" else "i"


def spoken(found):
    return SPOKEN[found.group()]


def opened(found):
    return OPENED[found.group()]


def respelt(found):
    letters = found.group()
    if letters == "c":
        return "s" if found.string[found.end() : found.end() + 1] in {"e", "i", "y"} else "k"
    return SPELT[letters]


def digit(letter):
    """Return a digit of any script as 0–9, any other letter as it is."""
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


@lru_cache(maxsize=50_000)
def bones(form):
    """Return the consonants of a form in classes: p b f · t d · k g h · c (ch, j) · s z ts dz · x (sh, zh); a first vowel as "a"."""
    classes = CLUSTERS.sub(lambda found: CLUSTERED[found.group()], form).translate(CLASSES)
    first = "a" if classes.startswith("-") else ""
    return first + DOUBLED.sub(r"\1", classes).replace("-", "")


def trigrams(form):
    """Return the set of groups of three letters of a form, its ends marked."""
    padded = f"  {form} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def likeness(form, other):
    """Return the share of trigrams that two forms have in common, from 0 to 1. Source: as PostgreSQL's pg_trgm."""
    mine, theirs = trigrams(form), trigrams(other)
    return len(mine & theirs) / len(mine | theirs)
