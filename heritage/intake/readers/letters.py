"""How well bytes read as words in an older encoding, by the alphabets of the languages that were written in it. Pure Python."""

import re

WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]*(?![\x00-\x7f])[^\W\d_]+")
WESTERN = (
    *("äöüß", "éèêëàâçîïôûùœæÿ", "áéíóúñü", "ãáàâçéêíóôõúü", "àèéìòóùî", "äåöéü", "æøåéäö", "áæðéíóöþúý", "éëïöèáóúü"),
    *("äöõüšž", "äöüéèêëàâçîïôûùñ", "áéíóú", "àèòéíóúïüç·"),
)
CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "äöüß")
TURKISH = "çğıöşüâîûİ"
RUSSIAN, UKRAINIAN, SERBIAN = (
    "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "абвгдежзийклмнопрстуфхцчшщьюяіїєґ’",
    "абвгдђежзијклљмнњопрстћуфхцчџш",
)
BELARUSIAN, GREEK = "абвгдеёжзійклмнопрстуўфхцчшыьэюя", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"
HEBREW, ARABIC = "אבגדהוזחטיכלמנסעפצקרשתםןףץך", "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىئءأإآؤـ"
PERSIAN = f"{ARABIC}پچژگ"
#: The older encodings that are weighed, the likelier first, each with the alphabets of its languages beyond a to z.
ALPHABETS = {
    "windows-1252": WESTERN,
    "windows-1250": CENTRAL,
    "iso-8859-2": CENTRAL,
    "windows-1254": (TURKISH,),
    "windows-1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
    "windows-1251": (RUSSIAN, UKRAINIAN, SERBIAN, BELARUSIAN),
    "koi8-r": (RUSSIAN,),
    "koi8-u": (UKRAINIAN,),
    "iso-8859-5": (RUSSIAN, UKRAINIAN, SERBIAN, BELARUSIAN),
    "cp866": (RUSSIAN, UKRAINIAN, BELARUSIAN),
    "windows-1253": (GREEK,),
    "iso-8859-7": (GREEK,),
    "windows-1255": (HEBREW,),
    "windows-1256": (PERSIAN,),
    "iso-8859-6": (ARABIC,),
    "cp850": WESTERN,
    "cp852": CENTRAL,
    "mac-roman": WESTERN,
}
WEIGHED = {
    name: [frozenset(letters + letters.upper()) for letters in alphabets] for name, alphabets in ALPHABETS.items()
}
BETWEEN_WORDS = frozenset("„“”‚‘’–—…€«»‹›·•°§№ªº´¿¡½ \u200e\u200f،؛؟©®\ufffd")  # signs that any text may have
IN_WORDS = frozenset("’‘´·\u200c\u200d" + "".join(map(chr, range(0x64B, 0x653))))
LATIN_END, OTHERS_BEGIN = "\u0250", "\u0370"


def weight(sample, name):
    """Return how well the bytes read as words in the encoding ``name``, from about -3 to 1."""
    text = sample.decode(name, "replace")
    return -3 if text.count("\ufffd") > len(sample) // 1000 + 2 else fitness(text, name)


def fitness(text, name):
    """Return how well a text is spelled in a language that the encoding ``name`` was for."""
    words = WORD.findall(text)
    strange = sum(sign > "\x7f" for word in words for sign in word)
    lost = sum(map(oddness, words)) + 2 * loose(text)
    usual = max(spelled(words, alphabet) for alphabet in WEIGHED[name])
    return (usual - lost) / max(strange, 1) - level(words)


def spelled(words, alphabet):
    """Return how many letters beyond a to z are those of an alphabet, the others taken off."""
    return sum(1 if sign in alphabet else -1 for word in words for sign in word if sign > "\x7f" and sign.isalpha())


def oddness(word):
    """Return what is to be taken off for a word that mixes scripts, or capitals with small letters."""
    strange = sum(sign > "\x7f" for sign in word)
    has_latin = any(sign < LATIN_END and sign.isalpha() and sign not in "ªº" for sign in word)
    mixes = has_latin and any(sign >= OTHERS_BEGIN and sign.isalpha() for sign in word)
    mixes_cases = not word.isupper() and word[1:] != word[1:].lower() and not word[1:].islower()
    return 2 * strange * (mixes + mixes_cases)


def loose(text):
    """Return how many signs are no letters and hardly stand in a text, or stand at a letter where they do not."""
    found = 0
    for place, sign in enumerate(text):
        if sign <= "\x7f" or sign.isalpha() or sign in IN_WORDS:
            continue
        begins = text[place + 1 : place + 2].isalpha()
        inside = begins and (sign in "©®" or text[place - 1 : place].isalpha())
        found += sign not in BETWEEN_WORDS or inside
    return found


def level(words):
    """Return what is to be taken off where a script with capitals has none, or nothing else: letters without cases look so."""
    signs = [sign for word in words for sign in word if sign >= OTHERS_BEGIN and sign.isalpha()]
    has_small, has_capitals = any(map(str.islower, signs)), any(map(str.isupper, signs))
    if len(signs) <= 20 or has_small == has_capitals:
        return 0
    return 0.5 if has_small else 0.25
