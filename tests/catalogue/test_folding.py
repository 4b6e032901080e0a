"""Forms and bones of words: what is brought together, and what is kept apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heritage.catalogue.folding import asked, bones, fold, forms, likeness, whole_forms, words


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("Ղազանչեցոց", "hy", ("gazanchetsots",)),
        ("Երևան", "hy", ("erevan",)),
        ("Երեւան", "hy", ("erevan",)),
        ("Շուշի", "hy", ("shushi",)),
        ("Ոսկե", "hy", ("oske",)),
        ("Պետրոս", "hyw", ("petros", "bedros")),
        ("Şuşa", "az", ("susa", "shusha")),
        ("Xocalı", "az", ("ksokali", "hojali")),
        ("Kəlbəcər", "az", ("kelbeser", "kalbajar", "kelbejer")),
        ("DİYARBAKIR", "tr", ("diarbakir",)),
        ("Джульфа", "ru", ("julfa",)),
        ("Щёлково", "ru", ("shelkovo",)),
        ("Щелково", "ru", ("shelkovo",)),
        ("მცხეთა", "ka", ("mtsheta",)),
        ("نخجوان", "fa", ("nhjvan",)),
        ("Čexov", "und", ("seksov", "chehov")),
        ("Chapel", "en", ("chapel",)),
        ("1999", "", ("1999",)),
        ("١٩٩٩", "", ("1999",)),
        ("礼拝堂", "ja", ("礼拝堂",)),
    ],
)
def test_a_word_has_the_forms_of_its_language(word, language, expected):
    assert forms(word, language) == expected


def test_a_word_of_unknown_language_has_the_forms_of_every_habit_it_could_belong_to():
    assert asked("Culfa") == ("kulfa", "julfa", "tsulfa")
    assert asked("Гадрут") == ("gadrut", "hadrut")
    assert asked("Julfa")[0] == "julfa"


@pytest.mark.parametrize(
    "alike",
    [
        ("gazanchetsots", "kazanchetsots"),
        ("surb", "surp"),
        ("tigranakert", "dikranagerd"),
        ("dadivank", "dadavang"),
        ("nahchivan", "nahijevan"),
        ("karabag", "garabah"),
    ],
)
def test_bones_are_the_same_where_only_voices_and_vowels_differ(alike):
    assert len({bones(form) for form in alike}) == 1


def test_bones_keep_apart_what_has_other_consonants():
    assert len({bones(form) for form in ("dadivank", "gandzasar", "amaras", "shusha", "sisa", "lachin")}) == 6


def test_a_whole_name_is_read_by_one_habit_at_a_time():
    assert whole_forms("Qazançı kilsəsi", "az") == ("kazansi kilsesi", "gazanchi kilsasi", "gazanchi kilsesi")


def test_words_keep_their_apostrophes_and_are_parted_by_hyphens():
    assert [word for _start, _end, word in words("St John’s Karmir-Blur, (1868) 🙂")] == [
        "St",
        "John’s",
        "Karmir",
        "Blur",
        "1868",
    ]


def test_likeness_is_the_share_of_trigrams():
    assert likeness("tigran", "tigran") == 1
    assert likeness("tigran", "zebu") == 0
    assert likeness("abc", "abd") == pytest.approx(2 / 6)


@given(st.text(max_size=60), st.sampled_from(["", "hy", "az", "ru", "fa", "hyw"]))
def test_any_text_gives_plain_forms_and_positions_within_it(text, language):
    for start, end, word in words(text):
        assert text[start:end] == word
        for form in (*forms(word, language), *asked(word)):
            assert form.isalnum()
            assert len(form) <= 40
            assert bones(form)
    assert fold(text) == fold(fold(text))
