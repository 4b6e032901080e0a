"""Languages and scripts that forms offer, and the script that a text is written in."""

import unicodedata
from collections import Counter

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

#: BCP 47 tags offered first; any other valid tag may be typed.
COMMON = ["ar", "az", "de", "en", "es", "fa", "fr", "he", "hy", "ka", "ru", "tr", "uk"]
LANGUAGES = [*((tag, LANG_INFO[tag]["name"]) for tag in COMMON), ("ku", _("Kurdish")), ("syr", _("Syriac"))]

#: ISO 15924 codes, with the first word of the names that Unicode gives to the letters of the script.
SCRIPTS = {
    "Latn": ("LATIN", _("Latin")),
    "Arab": ("ARABIC", _("Arabic")),
    "Armn": ("ARMENIAN", _("Armenian")),
    "Cyrl": ("CYRILLIC", _("Cyrillic")),
    "Deva": ("DEVANAGARI", _("Devanagari")),
    "Ethi": ("ETHIOPIC", _("Ethiopic")),
    "Geor": ("GEORGIAN", _("Georgian")),
    "Grek": ("GREEK", _("Greek")),
    "Hani": ("CJK", _("Han")),
    "Hebr": ("HEBREW", _("Hebrew")),
    "Khmr": ("KHMER", _("Khmer")),
    "Syrc": ("SYRIAC", _("Syriac")),
    "Thai": ("THAI", _("Thai")),
    "Tibt": ("TIBETAN", _("Tibetan")),
}
CODE_OF = {word: code for code, (word, _label) in SCRIPTS.items()}


def offered_languages():
    """Return (tag, label) of the common languages, by label."""
    return sorted(LANGUAGES, key=lambda pair: str(pair[1]))


def offered_scripts():
    """Return (code, label) of the common scripts, by label."""
    return sorted(((code, label) for code, (_word, label) in SCRIPTS.items()), key=lambda pair: str(pair[1]))


def script_of(text):
    """Return the ISO 15924 code of the script of most letters in ``text``; empty when none is known or two are level."""
    counted = Counter(
        CODE_OF.get(unicodedata.name(letter, "").partition(" ")[0], "") for letter in text if letter.isalpha()
    )
    (code, most), (_next, second) = [*counted.most_common(2), ("", 0), ("", 0)][:2]
    return code if most > second else ""
