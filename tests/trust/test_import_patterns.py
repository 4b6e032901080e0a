"""Regular expressions, those that people write into mappings and our own, take time that grows with the text and no faster."""

import re
import time
import zipfile
from contextlib import suppress

import pytest

from heritage.intake.cells import Unclear, number, one_line, percent, several
from heritage.intake.composing import Composer
from heritage.intake.coordinates import degrees, pair
from heritage.intake.headers import HEADERS
from heritage.intake.mapping import MappingFaulty, names, parse, parse_used, text_of
from heritage.intake.models import Batch
from heritage.intake.patterns import PatternFaulty, pattern
from heritage.intake.placing import GEOMETRY
from heritage.intake.readers import Choices, Line, Unreadable, open_table
from heritage.intake.readers.formulas import CELL, NAME, TABLE, TAG, unworked
from heritage.intake.readers.letters import WORD
from heritage.intake.shapes import Shape, from_text
from heritage.intake.suggesting import language_of
from heritage.intake.uploads import safe_name
from heritage.intake.when import Habits, edtf
from heritage.registry.dates import DateError
from heritage.registry.dates import parse as parse_date
from heritage.registry.models.name import LANGUAGE_TAG, SCRIPT_CODE
from tests.trust.imports import LIST, MAPPING, at, bring, contributor_at, fresh, preview, read

LONG = 200_000
NUMBER = '[[number]]\nscheme = "Other"\ncolumn = "k"\npattern = %s\n'
SOURCE = '[[source]]\ntitle = "{name}"\npattern = %s\n'
TYPES = 'types = { column = "name", pattern = %s, words = { a = "church" } }\n'
SLOW = r"^(?:(?:a+)+)(b)$"


@pytest.fixture
def client(db, settings, tmp_path):
    return contributor_at(settings, tmp_path)


def seconds(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# What people write


@pytest.mark.parametrize(
    "rules",
    [
        MAPPING.replace("[record]", f"pattern = '{SLOW}'\n[record]"),
        MAPPING + TYPES % f"'{SLOW}'",
        MAPPING + NUMBER % f"'{SLOW}'",
        MAPPING + SOURCE % "'(?P<title>(?:(?:a+)+))b'",
    ],
)
def test_a_pattern_that_doubles_with_each_letter_does_not_hold_up_a_server(rules):
    composer = Composer(parse(rules))
    line = Line(1, {"k": "a" * LONG, "name": "a" * LONG})

    assert seconds(lambda: composer.compose([line])) < 1


def test_the_page_with_such_a_pattern_answers_at_once(client):
    batch = bring(client, LIST.replace("Chapel", "a" * 5000))

    took = seconds(lambda: preview(client, batch, MAPPING + TYPES % f"'{SLOW}'"))

    assert took < 5


@pytest.mark.parametrize(
    "text", [r"(?:a?){900}(b)", r"(?:a?a?a?a?a?a?a?a?){900}(b)", r"(\w{2,10})x", r"((.*)(.*)(.*)(.*))x"]
)
def test_the_costliest_patterns_that_are_taken_look_at_short_texts_alone(text):
    made = pattern(text)

    assert seconds(lambda: made.search("a" * made.longest)) < 1
    assert made.search("a" * (made.longest + 1)) is None
    assert made.longest >= 250


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (r"(?<=id=)(\d+)", "it looks behind; write what stands in front of the group, such as 'id=(\\d+)'"),
        (r"(?<!\d)(\d+)", "it looks behind; name the signs that may stand in front"),
        (r"(\d+)(?= m)", "it looks ahead; write what follows behind the group"),
        (r"(\d+)(?!\d)", "it looks ahead; name the signs that may follow"),
        (r"(a)\1", "it refers to a group; write out what it stands for"),
        (r"(?P<one>a)(?P=one)", "it refers to a group; write out what it stands for"),
        (r"(?>a+)(b)", "it is an atomic group; write (?:…)"),
        (r"(a)?(?(1)b|c)", "write both ways out with | between"),
        (r"(?#digits)(\d+)", "it is a comment; write a line that begins with #"),
        (r"(?x) (\d+)", "after (? come :, P<name> or the flags i, m and s"),
        (r"\b(\d+)", "(the edge of a word) is not taken: write what may stand there"),
        (r"(\d++)", "one of the signs * + ? follows another"),
        (r"(\d{2000})", "it repeats too much; lower the numbers in braces"),
        (r"((\w{50}){50})", "it repeats too much; lower the numbers in braces"),
        (r"(\N{BULLET})", "is not taken"),
        (r"(\Qa.b\E)", "is not taken"),
        (r"(\C)", "is not taken"),
        (r"([a", "a square bracket is not closed"),
        (r"(a", "missing )"),
        ("(" + "a" * 1000 + ")", "it has 1,002 characters; at most 1,000 are taken"),
    ],
)
def test_a_pattern_that_is_not_taken_is_refused_with_its_key_and_what_to_write_instead(text, advice):
    with pytest.raises(MappingFaulty) as refused:
        parse(MAPPING + NUMBER % f"'''{text}'''")

    [told] = refused.value.faults
    assert told.startswith("[[number]] 1 pattern is no regular expression that can be used: ")
    assert advice in told


def test_the_number_of_groups_and_the_name_of_the_title_are_asked_as_before():
    with pytest.raises(MappingFaulty, match=r"\[\[number\]\] 1 pattern needs one group in brackets"):
        parse(MAPPING + NUMBER % r"'\d+'")
    with pytest.raises(MappingFaulty, match=r"\[\[source\]\] 1 pattern needs a group named title"):
        parse(MAPPING + SOURCE % r"'(.*)'")


TEXTS = [
    *("", "a", "abc", "id=12&x=3", "Добрий стан", "٣٤٥ abc", "p. 12", "aaa\nbbb", "x\u00a0y\u2003z", "été-2", "a_b-c"),
    *("[x]", "a]b", "Ⅷ", "²", "\x1c\x85q", "नमस्ते", "AbC", "aaab", "\\", "a-b^c", "€", "\u200b", "_", "Иванов, p. 3"),
]
PATTERNS = [
    *(
        r"(\d+)",
        r"(\w+)",
        r"(\W+)",
        r"(\s+)",
        r"(\S+)",
        r"(\D+)",
        r"^(\w+)\s(.*)$",
        r"[^\W\d_]+",
        r"([\w.]+)",
        r"[\S ]+",
    ),
    *(
        r"[\W]+",
        r"[\D]",
        r"[\s\S]+",
        r"(?i)ABC",
        r"a{,3}b?",
        r"a{1,2}",
        r"\Aa(.*)\Z",
        r"(?s)a.*b",
        r"(?m)^b+$",
        r"[]a]+",
    ),
    *(r"[^]a]+", r"[a\]b]+", r"\u0434", r"[\u0430-\u044f]+", r"\xe9", r"(?P<t>.*?)(?:, (?P<l>p\. .*))?", r"(?:(a)|b)*"),
    *(r"(a|ab)(c|bcd)?", r"[é\d]+", r"\.", r"\-\_\/", r"[\-\^]", r"[\b]", r"\t", r"(?:^|[?&]id=)(\d+)(?:&|$)", r"a|b|"),
    *(r"(?P<a>x)?y?", r"^$", r"$", r".", r"\[", r"[.*+]", r"x{2", r"(?i:a)b", r"\€", r"[a-c]+?", r"a??", r"(?-i:a)"),
]


@pytest.mark.parametrize("text", PATTERNS)
def test_a_pattern_means_what_it_means_in_python_in_every_script(text):
    made, pythons = pattern(text), re.compile(text)

    for one in TEXTS:
        for found, wanted in ((made.search(one), pythons.search(one)), (made.fullmatch(one), pythons.fullmatch(one))):
            assert told(found) == told(wanted), one


def told(found):
    return found and (found.span(), found.groups(), found.groupdict())


@pytest.mark.django_db
def test_every_mapping_that_comes_along_is_taken():
    assert len(names()) >= 4
    for name in names():
        assert parse(text_of(name)).code == "mapping"


def test_a_mapping_used_by_an_earlier_version_still_tells_its_supplier():
    old = MAPPING + NUMBER % r"'(?<=Q)(\d+)'"

    with pytest.raises(MappingFaulty):
        parse(old)
    assert parse_used(old).supplier.name == "Office"


def test_an_import_by_a_pattern_of_an_earlier_version_can_still_be_looked_at(client):
    batch = bring(client, LIST)
    preview(client, batch, MAPPING, do="plan")
    client.post(at("do", batch, verb="apply"))
    old = MAPPING + NUMBER % r"'(?<=Q)(\d+)'"
    Batch.objects.filter(pk=batch.pk).update(mapping_text=old, report={"unmapped": {"[record] types": {"x": 1}}})

    answers = [client.get(at(name, batch)) for name in ("change", "rows", "undo")]
    answers.append(client.post(at("do", batch, verb="submit"), follow=True))

    assert ([answer.status_code for answer in answers], fresh(batch).state) == ([200] * 4, "applied")
    assert "The drafts are with the reviewers." in read(answers[-1])


# Our own


def caught(read, *given):
    """Return a function that reads what cannot be read."""

    def work():
        with suppress(Unclear, Unreadable, DateError, ValueError):
            read(*given)

    return work


def hostile():
    """Yield (what is read, a function that reads a long text made to take long)."""
    blanks, digits, letters = " " * LONG, "1" * LONG, "a" * LONG
    yield "line breaks", caught(one_line, f"a{blanks}b\nc")
    yield "line breaks", caught(one_line, f"a\n{blanks}b" * 2)
    for text in (
        digits,
        f"{digits}!",
        f"1{' 111' * (LONG // 4)}x",
        "1e" * (LONG // 2),
        f"+{blanks}x",
        f"1°{blanks}x",
        f"{letters}1",
    ):
        yield "numbers", caught(number, text)
        yield "shares", caught(percent, text)
        yield "positions", caught(degrees, text, "latitude")
        yield "positions", caught(pair, text)
    yield "positions", caught(pair, "N" * LONG + "x")
    for text in (
        f"POINT{blanks}x",
        f"{letters}(1 2)",
        f"POINT({digits}x)",
        f"POINT({'1 ' * LONG}x)",
        "POINT(" + ") " * LONG + "x",
    ):
        yield "geometries", caught(from_text, text)
    yield "geometries", caught(from_text, f"SRID={blanks}x")
    yield "geometries", caught(from_text, f"MULTIPOLYGON{'(' * LONG}")
    yield "geometries", caught(from_text, '{"a":' * LONG)
    yield "geometries", caught(GEOMETRY.match, blanks)
    yield "lists", caught(several, "[" * LONG, "JSON")
    yield "lists", caught(several, "(" * LONG, ";")
    for text in (digits, letters, "about " * LONG, "1-" * LONG, f"{blanks}x", "X" * LONG, "early " * LONG + "1900"):
        yield "dates", caught(edtf, f"x{text}", Habits())
        yield "dates", caught(edtf, text, Habits())
        yield "dates", caught(parse_date, text)
    yield "languages", caught(LANGUAGE_TAG.match, f"fr{'-aaaaa' * (LONG // 6)}!")
    yield "scripts", caught(SCRIPT_CODE.match, letters)
    yield "words", caught(WORD.findall, f"{letters}!")
    yield "words", caught(language_of, letters)
    for tag in (
        b"<c ",
        b"<c a=",
        b"<c a><f ",
        b"<table:table ",
        b"<table:table-cell table:formula=",
        b"<x:",
        b"<c r><f></f>  ",
    ):
        for form in (CELL, TABLE, NAME):
            yield f"cells, {tag}", caught(lambda form, text: [*form.finditer(text)], form, tag * (LONG // len(tag)))
    yield "sheets", caught(TAG.findall, "<sheet " * (LONG // 7))
    yield "names of files", caught(safe_name, f"{letters}.{letters}")


def test_no_text_of_two_hundred_thousand_signs_takes_long_to_read():
    took = [(round(seconds(work), 3), what) for what, work in hostile()]

    assert max(took)[0] < 0.5, max(took)
    assert sum(one for one, _what in took) < 2.5


def test_the_names_of_columns_are_too_short_to_take_long(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(f"k,{'a_' * 501}\n1,2\n")

    with pytest.raises(Unreadable, match="The name of column 2 has 1,002 characters; at most 1,000 are taken"):
        open_table(path)
    assert HEADERS


def test_a_workbook_made_to_take_long_is_read_at_once(tmp_path):
    for name, start in (("xl/worksheets/sheet1.xml", b"<c "), ("content.xml", b"<table:table-cell table:formula=")):
        path = tmp_path / "made.zip"
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(
                "xl/_rels/workbook.xml.rels", '<Relationship Id="r" Target="worksheets/sheet1.xml"/>' + "a" * LONG
            )
            packed.writestr("xl/workbook.xml", '<sheet name="S" id="r"/><sheet ' + "a" * LONG + ">")
            packed.writestr(name, b"<!-- " + start * (LONG // len(start)))

        assert seconds(lambda path=path: unworked(path, "S")) < 0.5


def test_geometries_nested_in_one_another_are_refused():
    nested = {"type": "Point", "coordinates": [1, 2]}
    for _level in range(30):
        nested = {"type": "GeometryCollection", "geometries": [nested]}

    with pytest.raises(Unclear, match="There is no geometry"):
        Shape().add(nested)


def test_a_number_with_thousands_of_digits_in_json_is_told(tmp_path):
    path = tmp_path / "list.geojson"
    path.write_text('{"type":"FeatureCollection","features":[{"properties":{"k":' + "1" * 5000 + "}}]}")

    with pytest.raises(Unreadable, match="a number has thousands of digits"):
        open_table(path, Choices())


def test_a_pattern_is_not_made_anew_for_each_row():
    assert pattern(r"(\d+)") is pattern(r"(\d+)")
    with pytest.raises(PatternFaulty):
        pattern("(")
