"""EDTF text against two independent packages: ``edtf-validate`` accepts or refuses, ``edtf`` gives bounds."""

import calendar
import re
import warnings

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from heritage.registry.dates_text import DateError, parse

with warnings.catch_warnings():  # both packages use old names of pyparsing while they are imported
    warnings.simplefilter("ignore")
    from edtf import parse_edtf
    from edtf_validate.valid_edtf import is_valid

ACCEPTED = """
    2021 2021-06 2021-06-12 2020-02-29 1600-02-29 0000 0301 -0001 -0043-03-15 2021? 2021-06~ 2021-06-12% 0000~ -0100~
    17XX 201X 1XXX XXXX 20X1 2004-XX 2004-XX-XX 2004-06-XX 2004-XX-12 2004-1X 2004-06-X1 156X-12-25 15XX-12 -01XX XXXX-12-21
    2021-21 2021-24 2021-22~ Y12000 Y-12000 Y-300000
    ../2021 2021/.. /2021 2021/ ../.. 2021/2021 1858/1887 2021-04-12/2021-06-18 2021/2021-06 2021~/2022 ../1991~ 2021-06~/2022?
    17XX/18XX 03XX/1858 -0099/12XX 197X/1982 -1500~/-0500~ 2004-06-XX/2004-07-03 1998/2006-21 2021-21/2021-22 2021~/2022-~06
    [1667,1668] [1667..1670] [1667,1668,1670..1672] [..1667] [1667-12..] [..1983-12-31,1984-10-10..] [1667?,17XX] [-0100,-0050]
    {1960,1961-12} {..1984} ?2021 2021?-06 2021-06?-12 2021-?06 2021-06-~12 ?2021-06~-12% 2021-?06-?12
"""
REFUSED = """
    21 202 20210 20210612 2021-6 2021-00 2021-13 2021-42 2021-06-00 2021-06-31 2021-02-30 2021-04-31 -0000 +2021 2021-06-12-01
    12/06/2021 2021/06 June 2021?? 2021?~ ?2021? 2021-21-05 2021-?21 ?2021-21 20XX-21 17xx 2021-xx 20uu unknown open u ２０２１ ²021
    201X? 17XX~ 2004-XX? Y2021 Y02021 Y12000? Y+12000 y12000 Y12000/Y13000 Y-300000/2020
    2022/2021 2021-06-30/2021-06-15 18XX/17XX 1850/17XX 2021-22/2021-21 0100/-0100 / .. 2021/2022/2023 2021//2022 2021-06-31/2021-07
    17XX/.. ../17XX 2021-06~-12/.. 2021/open [1667] {1667} [] [1667,] [1667,..1670] [1667..,1670] [..1667..] [1667-01..1670]
    [17XX..1800] [1667~..1670] [1667,1668}  [1667,1668]? [2021-02-30,2021] [2021-21,2022-21] [Y12000,Y13000]
"""
REFUSED_ON_PURPOSE = """
    2021-06-12T10:00:00 2021-06-12T10:00:00Z Y17E7 Y10000S3 1950S2 2021-25 2021-41 [2021-21~,2022] Y123456789012345
    2021-02-29 1900-02-29 -0001-02-29 2004-02-3X 2021-02~-30 2021-04-~31 XXX1-02-29 [1670..1667]
    2021-21/2021-02 2021-24/2021-11 -0100-06/-0100-01
"""
ACCEPTED_ON_PURPOSE = """
    1992-05/1992 2021-06-15/2021-06 2004-12-15/2004-XX 2022-01/2021-24
    ../-0100 ../0000 /-0100 -0100-01/-0100-06 0000-03-10/0000-05-05
"""
SAME_BOUNDS = """
    2021 2021-06 2020-02 1600-02 1900-02 2021-02-12 0000 -0043 -0043-03-15 -0004-02 17XX 201X 1XXX -00XX -01XX 2004-XX 2004-06-XX
    2004-XX-XX 2004-XX-12 156X-12-25 20X1 Y12000 Y-12000 2021-21 2021-22 2021-23 2021? 2021-06?-12 2021-?06 1858/1887 17XX/18XX
    -0099/12XX 1992-05/1992 -1500~/-0500~ [1667,1668] [1667..1670] {1667,1670}
"""


def accepted(text):
    try:
        parse(text)
    except DateError:
        return False
    return True


def bounds(text):
    span = parse(text)
    return span.lo, span.hi


def judged_bounds(text):
    date = parse_edtf(text)
    return tuple(d.tm_year * 10000 + d.tm_mon * 100 + d.tm_mday for d in (date.lower_strict(), date.upper_strict()))


def names_no_day(text):
    """Whether a date in the text fits no day of the calendar, found by trying every day of every year that it can mean."""
    for year, month, day in re.findall(r"-?([\dX]{4})-([\dX]{2})-([\dX]{2})", re.sub("[?~%]", "", text)):
        years = [y for y in range(10000) if re.fullmatch(year.replace("X", "."), f"{y:04d}")]
        months = [m for m in range(1, 13) if re.fullmatch(month.replace("X", "."), f"{m:02d}")]
        lengths = {(m, calendar.monthrange(2000 + y % 400, m)[1]) for y in years for m in months}
        days = (f"{d:02d}" for _, length in lengths for d in range(1, length + 1))
        if not any(re.fullmatch(day.replace("X", "."), d) for d in days):
            return True
    return False


def is_disputed(text):
    """The kinds of text listed in ``…_ON_PURPOSE``, by their looks alone: there the judge is mistaken or we take less."""
    start, _, end = text.partition("/")
    length = len(re.sub("[?~%]", "", start)), len(re.sub("[?~%]", "", end))
    return bool(
        re.search(r"T|E|S|-(2[5-9]|3\d|4[01])[?~%]?$|[\[{].*(-2[1-4]\b|\d\.\.-?\d)", text)
        or ("/" in text and re.search(r"(^|/)[?~%]?(-|0000)|-2[1-4]", text))
        or ("/" in text and (length[0] > length[1] or "X" in end))
        or names_no_day(text)
    )


YEARS = st.integers(1, 2999).map("{:04d}".format)
MONTHS = st.integers(1, 12).map("{:02d}".format)
DAYS = st.integers(1, 31).map("{:02d}".format)
MARKS = st.sampled_from(["", "?", "~", "%"])
PLAIN = st.one_of(YEARS, st.builds("{}-{}".format, YEARS, MONTHS), st.builds("{}-{}-{}".format, YEARS, MONTHS, DAYS))
MARKED = st.builds("{}{}".format, PLAIN, MARKS) | st.builds(
    "{}{}{}-{}{}-{}{}".format, MARKS, YEARS, MARKS, MARKS, MONTHS, MARKS, DAYS
)
MASKED = st.one_of(
    st.from_regex(r"[0-2][0-9X]{3}", fullmatch=True),
    st.from_regex(r"[12][0-9X]{3}-([01X][0-9X])(-[0-3X][0-9X])?", fullmatch=True),
)
SEASONS = st.builds("{}-{}{}".format, YEARS, st.integers(21, 24), MARKS)
SINGLE = st.one_of(MARKED, MASKED, SEASONS, PLAIN.map("-{}".format), st.integers(-(10**8), 10**8).map("Y{}".format))
SETS = st.builds(
    "{0[0]}{1}{0[1]}".format,
    st.sampled_from(["[]", "{}"]),
    st.lists(MARKED | MASKED | PLAIN.map("{}..".format) | PLAIN.map("..{}".format), min_size=1, max_size=3).map(
        ",".join
    ),
)
ENDS = MARKED | MASKED | st.sampled_from(["", ".."])
TEXTS = st.one_of(SINGLE, st.builds("{}/{}".format, ENDS, ENDS), SETS)
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@st.composite
def damaged(draw):
    """A date with one character added, lost or exchanged."""
    text = draw(TEXTS)
    place, lost = draw(st.integers(0, len(text))), draw(st.integers(0, 1))
    return text[:place] + draw(st.sampled_from(["", *"0123456789X?~%-/.,[]{}Y"])) + text[place + lost :]


@pytest.mark.parametrize("text", ACCEPTED.split())
def test_what_the_judge_accepts_is_accepted(text):
    assert (accepted(text), is_valid(text)) == (True, True)


@pytest.mark.parametrize("text", REFUSED.split())
def test_what_the_judge_refuses_is_refused(text):
    assert (accepted(text), bool(is_valid(text))) == (False, False)


@pytest.mark.parametrize("text", REFUSED_ON_PURPOSE.split())
def test_some_of_what_the_judge_accepts_is_refused_on_purpose(text):
    assert (accepted(text), is_valid(text)) == (False, True)


@pytest.mark.parametrize("text", ACCEPTED_ON_PURPOSE.split())
def test_some_of_what_the_judge_refuses_runs_forward_all_the_same(text):
    assert (accepted(text), bool(is_valid(text))) == (True, False)


@patiently
@given(TEXTS | damaged())
def test_any_text_is_accepted_or_refused_as_the_judge_does(text):
    assume(not is_disputed(text))

    assert accepted(text) == bool(is_valid(text))


@patiently
@given(st.text(max_size=100) | st.text("0123456789X?~%-/.,[]{}YTES: ", max_size=100))
def test_no_text_fails_otherwise_than_with_a_date_error(text):
    assert accepted(text) in (True, False)


@given(SINGLE, SINGLE)
def test_an_interval_is_refused_only_when_it_would_begin_after_its_end(start, end):
    assume(accepted(start) and accepted(end) and "Y" not in start + end)

    assert accepted(f"{start}/{end}") == (parse(start).lo <= parse(end).hi)


@pytest.mark.parametrize("text", SAME_BOUNDS.split())
def test_bounds_are_the_judges(text):
    assert bounds(text) == judged_bounds(text)


@patiently
@given(MARKED | st.builds("{}{}/{}{}".format, PLAIN, MARKS, PLAIN, MARKS))
def test_bounds_of_any_marked_date_or_interval_are_the_judges(text):
    assume(accepted(text) and is_valid(text))

    assert bounds(text) == judged_bounds(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("../2021", (None, 20211231)),
        ("2021-06/", (20210601, None)),
        ("2021-24", (20211201, 20220228)),
        ("2023-24", (20231201, 20240229)),
        ("-0001", (-9899, -8769)),
        ("-0100-XX", (-999899, -998769)),
        ("2004-1X", (20041001, 20041231)),
        ("2004-XX-31", (20040131, 20041231)),
        ("2021-02-X9", (20210209, 20210219)),
        ("20XX-02-29", (20000229, 20960229)),
        ("-000X-02-29", (-79771, 229)),
        ("[..1667,1670]", (None, 16701231)),
        ("[1667,1670-06..]", (16670101, None)),
    ],
)
def test_bounds_where_the_judge_has_none_or_errs(text, expected):
    assert bounds(text) == expected


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("  2021 ", "2021"),
        ("?2021-?06-?12", "2021-06-12?"),
        ("2021~-06~-12~", "2021-06-12~"),
        ("2021?-06~", "2021%-~06"),
        ("?2021-06", "2021?-06"),
        ("[1667, 1668]", "[1667,1668]"),
        ("2021/", "2021/"),
    ],
)
def test_canonical_text(text, canonical):
    assert parse(text).edtf == canonical


@given(TEXTS)
def test_the_canonical_text_reads_as_the_same_date(text):
    assume(accepted(text))

    assert parse(parse(text).edtf) == parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2022/2021", "“2022/2021” runs backwards; if both dates are right, write 2021/2022."),
        ("2021-02-29", "“2021-02-29” names a day that 2021-02 does not have; it has days 01 to 28."),
        ("12/06/2021", "“12/06/2021” is not in the order year, month, day; write 2021-06-12."),
        ("[1667]", "“[1667]” is a set of one; write 1667 without brackets, or add the other dates."),
    ],
)
def test_a_refusal_quotes_the_text_and_says_how_to_mend_it(text, message):
    with pytest.raises(DateError) as refusal:
        parse(text)

    assert str(refusal.value) == message
