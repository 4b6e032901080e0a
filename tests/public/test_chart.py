"""The drawing: heights that contain each other, labels that fit, bars that keep to their days."""

import pytest

from heritage.catalogue.spans import NEVER, OPEN, spans_between
from heritage.public.chart import HEIGHT, LEAST_BAR, LEAST_HEIGHT, Bar, Bin, bar, chart, scale


def bins(first, last, numbers):
    spans = spans_between(first, last)
    return [Bin(span, *numbers.get(span.words, (0, 0, 0)), True) for span in spans]


@pytest.mark.parametrize(
    ("most", "lines"),
    [
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (73, [0, 20, 40, 60, 80]),
        (100, [0, 50, 100]),
        (1001, [0, 500, 1000, 1500]),
        (812_345, [0, 500_000, 1_000_000]),
    ],
)
def test_lines_have_round_numbers_up_to_the_highest_column(most, lines):
    assert scale(most) == lines


def test_nothing_is_drawn_of_nothing():
    assert chart([]) is None
    assert chart(bins(20200101, 20251231, {})) is None


def test_each_part_of_a_column_contains_the_one_below_and_is_never_added_to_it():
    drawn = chart(bins(20200101, 20251231, {"2021": (10, 40, 10), "2022": (0, 1, 1)}))

    full, small = drawn["columns"][1], drawn["columns"][2]
    assert full["heights"] == {"surely": HEIGHT / 4, "both": HEIGHT * 3 / 4, "possibly": HEIGHT}
    assert small["heights"] == {"surely": 0, "both": 0, "possibly": HEIGHT / 40}


def test_one_of_many_can_still_be_seen():
    drawn = chart(bins(20200101, 20251231, {"2021": (0, 100_000, 0), "2022": (1, 1, 0)}))

    assert drawn["columns"][2]["heights"] == {"surely": LEAST_HEIGHT, "both": LEAST_HEIGHT, "possibly": LEAST_HEIGHT}


@pytest.mark.parametrize(
    ("first", "last", "texts", "narrow"),
    [
        (20200101, 20201231, "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "Jan Apr Jul Oct"),
        (19710101, 20251231, "1975 1980 1985 1990 1995 2000 2005 2010 2015 2020 2025", "1980 2000 2020"),
        (20150101, 20251231, "2015 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025", "2016 2020 2024"),
        (
            19010101,
            20251231,
            "1900s 1910s 1920s 1930s 1940s 1950s 1960s 1970s 1980s 1990s 2000s 2010s 2020s",
            "1920s 1960s 2000s",
        ),
    ],
)
def test_labels_are_as_many_as_there_is_room_for(first, last, texts, narrow):
    labels = chart(bins(first, last, {"2020": (1, 1, 0), "January 2020": (1, 1, 0), "2020s": (1, 1, 0)}))["labels"]

    shown = [label["text"] for label in labels]
    assert shown == texts.split() or shown == texts.split()[::2]
    assert [label["text"] for label in labels if not label["wide"]] == narrow.split()


@pytest.mark.parametrize(
    ("since", "until", "drawn"),
    [
        (20200101, 20201231, Bar(0, 100, False, False)),
        (20200101, 20200131, Bar(0, 8.33, False, False)),
        (20200701, 20200701, Bar(50, LEAST_BAR, False, False)),
        (20201231, 20201231, Bar(98.8, LEAST_BAR, False, False)),
        (20190101, 20200630, Bar(0, 49.73, True, False)),
        (20200701, 20210101, Bar(50, 50, False, True)),
        (NEVER, 20200131, Bar(0, 8.33, True, False)),
        (20200701, OPEN + 20200701, Bar(50, 50, False, True)),
        (17000101, 17991231, Bar(0, LEAST_BAR, True, False)),
    ],
)
def test_a_bar_reaches_from_the_first_to_the_last_possible_day(since, until, drawn):
    made = bar(since, until, 20200101, 20201231)

    assert (made.opens_left, made.opens_right) == (drawn.opens_left, drawn.opens_right)
    assert (made.start, made.width) == (pytest.approx(drawn.start, abs=0.1), pytest.approx(drawn.width, abs=0.1))
