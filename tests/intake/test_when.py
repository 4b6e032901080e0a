"""Dates in the words of suppliers: read, or refused with the reason; never guessed."""

import pytest

from heritage.intake.calendars import gregorian_years, new_year
from heritage.intake.cells import Unclear
from heritage.intake.when import Habits, edtf, joined

FRENCH, GERMAN, ENGLISH, UKRAINIAN = (Habits((tag,)) for tag in ("fr", "de", "en", "uk"))
RUSSIAN, SPANISH, ITALIAN, PORTUGUESE = (Habits((tag,)) for tag in ("ru", "es", "it", "pt"))


@pytest.mark.parametrize(
    ("text", "habits", "wanted"),
    [
        ("1804", FRENCH, "1804"), ("vers 1760", FRENCH, "1760~"), ("après 1790", FRENCH, "1790/.."),
        ("avant 1699", FRENCH, "../1699"), ("XIXe siècle", FRENCH, "18XX"), ("2e moitié du XIXe siècle", FRENCH, "1850/1899"),
        ("entre 1804 et 1860", FRENCH, "1804/1860"), ("1er mai 1804", FRENCH, "1804-05-01"), ("1698-1704", FRENCH, "1698/1704"),
        ("13. Jh.", GERMAN, "12XX"), ("um 1300", GERMAN, "1300~"), ("12./13. Jh.", GERMAN, "11XX/12XX"),
        ("9. November 2023", GERMAN, "2023-11-09"), ("circa 1500", ENGLISH, "1500~"), ("9 November 2023", ENGLISH, "2023-11-09"),
        ("Mid-19th century", ENGLISH, "18XX"), ("1930s", ENGLISH, "193X"), ("300 BC", ENGLISH, "-0299"),
        ("XIX ст.", UKRAINIAN, "18XX"), ("9 листопада 1905 р.", UKRAINIAN, "1905-11-09"), ("2021-05-24T10:00:00Z", ENGLISH, "2021-05-24"),
        ("4e quart 19e siècle", FRENCH, "1875/1899"), ("1er siècle", FRENCH, "00XX"), ("années 1930", FRENCH, "193X"),
        ("Ier siècle av. J.-C.", FRENCH, "-0099/0000"), ("1. Drittel 17. Jh.", GERMAN, "1600/1632"), ("2. H. 15. Jh.", GERMAN, "1450/1499"),
        ("letztes Viertel 18. Jh.", GERMAN, "1775/1799"), ("1930er Jahre", GERMAN, "193X"), ("bis 1900", GERMAN, "../1900"),
        ("1850/60", GERMAN, "1850/1860"), ("3. Jh. v. Chr.", GERMAN, "-0299/-0200"), ("18th-19th c.", ENGLISH, "17XX/18XX"),
        ("c1200", ENGLISH, "1200~"), ("AD 79", ENGLISH, "0079"), ("300-200 BC", ENGLISH, "-0299/-0199"), ("1st century BC", ENGLISH, "-0099/0000"),
        ("11August 2022", ENGLISH, "2022-08-11"), ("~1900", ENGLISH, "1900~"), ("180X", ENGLISH, "180X"), ("1804~/1810", ENGLISH, "1804~/1810"),
        ("ХІХ ст.", UKRAINIAN, "18XX"), ("1-ша пол. ХІХ ст.", UKRAINIAN, "1800/1849"), ("травень 1900", UKRAINIAN, "1900-05"),
        ("IV ст. до н.е.", UKRAINIAN, "-0399/-0300"), ("2-я пол. XIX в.", RUSSIAN, "1850/1899"), ("1930-е гг.", RUSSIAN, "193X"),
        ("siglos XV-XVI", SPANISH, "14XX/15XX"), ("5 de mayo de 1900", SPANISH, "1900-05-05"), ("1ª mitad del s. XVII", SPANISH, "1600/1649"),
        ("sec. XVIII", ITALIAN, "17XX"), ("prima metà XIX secolo", ITALIAN, "1800/1849"), ("1900 ca.", ITALIAN, "1900~"),
        ("cerca de 1900", PORTUGUESE, "1900~"), ("3 de março de 1900", PORTUGUESE, "1900-03-03"),
        ("1350 AH (AD 1931)", ENGLISH, "1931"), ("Before AH 1323 = AD 1905", ENGLISH, "../1905"), ("AH 1336", ENGLISH, "1917/1918"),
        ("1850/01/02", FRENCH, "1850-01-02"), ("2021.5.4", ENGLISH, "2021-05-04"), ("05/1931", ENGLISH, "1931-05"),
    ],
)  # fmt: skip
def test_dates_in_words(text, habits, wanted):
    assert edtf(text, habits) == wanted


@pytest.mark.parametrize(
    ("text", "habits", "reason"),
    [
        ("05/06/1931", ENGLISH, "day, month, year or month, day, year"),
        ("31/12/98", ENGLISH, "its century is not known"),
        ("1804-05", ENGLISH, "a month of 1804 or the years 1804 to 1805"),
        ("AH 1336 = AD 1947", ENGLISH, "The two years disagree: AH 1336 is 1917–1918, not 1947"),
        ("re AH 1315 = AD 1897Before", ENGLISH, "“re” is not known"),
        ("Renovated in 1861", ENGLISH, "“renovated” is not known"),
        ("2021-02-30", ENGLISH, "a day that 2021-02 does not have"),
        ("soon", ENGLISH, "“soon” is not known"),
        ("1850/13/02", FRENCH, "month"),
        ("13/1931", FRENCH, "two digits"),
        ("12/03/1323", Habits(("en",), "hijri"), "a day of the Hijri calendar"),
        ("1860-1804", FRENCH, "runs backwards"),
        ("1800s", ENGLISH, "the ten years from 1800 or the hundred"),
        ("1900er Jahre", GERMAN, "the ten years from 1900 or the hundred"),
        ("36526", ENGLISH, "how a spreadsheet program counts days"),
        ("-500", GERMAN, "It is not a date that can be read"),
        ("5. Viertel 18. Jh.", GERMAN, "halves, thirds or quarters"),
        ("60/1850", ENGLISH, "two digits"),
    ],
)
def test_what_is_not_clear_is_refused_with_the_reason(text, habits, reason):
    with pytest.raises(Unclear, match=reason):
        edtf(text, habits)


def test_two_digits_need_a_window_and_the_order_may_be_stated():
    stated = Habits(("en",), order="dmy", window=(1950, 2049))

    assert [edtf(text, stated) for text in ("31/12/98", "05/06/1931", "1.2.03")] == [
        "1998-12-31",
        "1931-06-05",
        "2003-02-01",
    ]


def test_a_short_second_year_is_of_the_same_century_whatever_the_window():
    stated = Habits(("en",), window=(1950, 2049))

    assert [edtf(text, stated) for text in ("1850/60", "1850–60", "1850-60")] == ["1850/1860"] * 3


def test_years_of_a_hijri_column_need_no_label():
    hijri = Habits(("en",), "hijri")

    assert [edtf(text, hijri) for text in ("1350", "Before 1323")] == ["1931/1932", "../1906"]


@pytest.mark.parametrize(("year", "day"), [(1, "0622-07-19"), (1350, "1931-05-19"), (1445, "2023-07-19")])
def test_new_years_of_the_hijri_calendar(year, day):
    assert new_year(year).isoformat() == day
    assert gregorian_years(year) == (int(day[:4]), int(day[:4]) + 1)


@pytest.mark.parametrize(
    ("start", "end", "wanted"),
    [
        ("1804", "1860", "1804/1860"), ("1760~", "1765", "1760~/1765"), ("1790/..", "../1812", "1790/1812"), ("1800/..", "", "1800/.."),
        ("../1699", "../1699", "../1699"), ("1835", "../1850", "1835/1850"), ("../1850", "1860", "../1860"), ("1647", "1650/..", "1647/.."),
    ],
)  # fmt: skip
def test_beginning_and_end_make_one_date(start, end, wanted):
    assert joined(start, end) == wanted
