"""The script that a text is written in."""

import pytest

from heritage.registry.models.name import LANGUAGE_TAG, SCRIPT_CODE
from heritage.registry.tongues import offered_languages, offered_scripts, script_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Saint John’s", "Latn"),
        ("Ağdam Cümə məscidi", "Latn"),
        ("Գտչավանք", "Armn"),
        ("Гандзасар", "Cyrl"),
        ("განძასარი", "Geor"),
        ("مسجد جمعه", "Arab"),
        ("Ἅγιος", "Grek"),
        ("寺", "Hani"),
        ("Գտչավանք (GT)", "Armn"),
        ("Иван Ivan", ""),
        ("4711", ""),
        ("", ""),
        ("ᏣᎳᎩ", ""),
    ],
)
def test_the_script_is_that_of_most_letters_and_unknown_where_none_prevails(text, script):
    assert script_of(text) == script


def test_what_is_offered_is_well_formed_and_by_name():
    assert all(LANGUAGE_TAG.match(tag) for tag, _label in offered_languages())
    assert all(SCRIPT_CODE.match(code) for code, _label in offered_scripts())
    labels = [str(label) for _tag, label in offered_languages()]
    assert labels == sorted(labels)
    assert {"Armenian", "Azerbaijani", "English", "Kurdish"} < set(labels)
