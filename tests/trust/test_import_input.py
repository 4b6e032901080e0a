"""Nothing that is sent to the pages of imports makes them fail: wrong input is told, and what was typed is kept."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils.http import urlencode

from heritage.intake.admin.batches import PAGES
from heritage.intake.composing import Composer
from heritage.intake.mapping import MappingFaulty, parse
from heritage.intake.models import Batch, Mapping, Row
from heritage.intake.planning import begin, plan
from heritage.intake.readers import Line, Unreadable, open_table
from heritage.intake.uploads import keep
from heritage.registry.steps import Refused
from tests.trust.imports import LIST, MAPPING, at, bring, contributor_at, fresh, preview, read

HUGE = "9" * 23
WRONG = ["0", HUGE, "9" * 5000, "-1", "%00", "x", "1%2f", "1.5", "%F0%9F", "٣"]
TEXTS = ["\0", HUGE, "\ud83d", "x" * 5000, "[" * 3000, "٣"]


@pytest.fixture
def client(db, settings, tmp_path):
    found = contributor_at(settings, tmp_path)
    found.raise_request_exception = False
    return found


@pytest.fixture
def planned(client):
    batch = bring(client, LIST)
    preview(client, batch, MAPPING, do="plan")
    return fresh(batch)


def is_answered(answer):
    assert answer.status_code < 500, answer.request["PATH_INFO"]
    return answer.status_code


# Addresses and parameters


def test_a_key_that_is_none_is_not_found(client, planned):
    for key in WRONG:
        for page in ("change", "file", "text", "rows", "do/plan", "row/1"):
            assert is_answered(client.get(f"/admin/intake/batch/{key}/{page}/")) in (302, 404)
        assert is_answered(client.post(f"/admin/intake/batch/{key}/do/plan/")) in (302, 404)
        assert is_answered(client.get(f"/admin/intake/batch/{planned.pk}/row/{key}/")) in (302, 404)
        assert is_answered(client.post(f"/admin/intake/batch/{planned.pk}/do/{key}/")) in (302, 404)
        for table, page in (
            ("mapping", "change"),
            ("mapping", "history"),
            ("verdict", "change"),
            ("verdict", "delete"),
        ):
            assert is_answered(client.get(f"/admin/intake/{table}/{key}/{page}/")) in (302, 403, 404)


NAMES = [
    "outcome",
    "find",
    "after",
    "before",
    "fresh",
    "q",
    "p",
    "o",
    "e",
    "state__exact",
    "mapping_name",
    "all",
    "nonsense",
]


def test_parameters_that_mean_nothing_are_passed_over_or_refused(client, planned):
    for text in TEXTS:
        text = text.encode("utf-8", "surrogatepass")

        for name in ("outcome", "find", "after", "before"):
            assert is_answered(client.get(at("rows", planned), {name: text})) in (200, 400, 404)
        for page in ("report", "duplicates", "mapping", "progress"):
            assert is_answered(client.get(at(page, planned), dict.fromkeys(NAMES, text))) in (200, 302, 400, 404)
        for name in NAMES[5:]:
            assert is_answered(client.get("/admin/intake/batch/", {name: text})) in (200, 302, 400)
        for table in ("mapping", "verdict"):
            assert is_answered(client.get(f"/admin/intake/{table}/", dict.fromkeys(NAMES[5:], text))) in (
                200,
                302,
                400,
                403,
            )


FIELDS = [
    "do",
    "encoding",
    "delimiter",
    "sheet",
    "header",
    "mapping",
    "name",
    "replace",
    "toml",
    "file",
    "beside",
    "then",
]
FIELDS += [
    "role-0",
    "language-0",
    "separator-0",
    "window",
    "label",
    "supplier_kind",
    "scheme",
    "pair-1",
    "pair-x",
    "word-0-0",
    "rest-0",
]
BUTTONS = [
    ("file", "choices"),
    ("file", "beside"),
    ("file", "mapping"),
    ("mapping", "plan"),
    ("text", "plan"),
    ("words", ""),
    ("duplicates", ""),
]


def test_forms_with_anything_in_their_fields_are_answered(client, planned):
    for text in TEXTS:
        text = text.encode("utf-8", "surrogatepass")

        for page, do in BUTTONS:
            assert is_answered(sent(client, at(page, planned), dict.fromkeys(FIELDS, text) | {"do": do})) in (
                200,
                302,
                400,
            )
        assert is_answered(sent(client, "/admin/intake/batch/add/", dict.fromkeys(FIELDS, text))) in (200, 400)
        assert is_answered(sent(client, "/admin/intake/mapping/add/", {"name": text, "text": text})) in (
            200,
            302,
            400,
            403,
        )


def sent(client, url, fields):
    """Post ``fields`` as a browser sends a form without files; the test client would send bytes one by one."""
    return client.post(url, urlencode(fields), content_type="application/x-www-form-urlencoded")


def test_forms_with_nothing_in_them_are_answered(client, planned):
    for page in (*PAGES, "change"):
        assert is_answered(client.post(at(page, planned), {})) in (200, 302)
        assert is_answered(client.post(at(page, planned), "{", content_type="application/json")) in (200, 302)
        assert is_answered(client.post(at(page, planned), b"\xff", content_type="multipart/form-data; boundary=x")) in (
            200,
            302,
            400,
        )
        assert is_answered(client.generic("POST", at(page, planned), b"x", content_type="multipart/form-data")) in (
            200,
            302,
            400,
        )


def test_a_key_of_a_likely_duplicate_that_is_none_is_passed_over(client, planned):
    for key in (HUGE, "9" * 15, "-1", "x", "", "\0", "٣"):
        answer = client.post(at("duplicates", planned), {f"pair-{key}": "yes"})
        assert is_answered(answer) == 302


# What is stored


DAMAGED = ["{", "[]", "null", '"x"', "1", '{"a": {"b": 1}}']


def test_a_row_whose_stored_json_is_damaged_can_be_looked_at(client, planned):
    for stored in DAMAGED:
        row = planned.rows.first()
        Row.objects.filter(pk=row.pk).update(raw=stored, wanted=stored, changes=stored, faults=stored, remarks=stored)

        assert is_answered(client.get(at("row", planned, row=row.pk))) == 200
        assert is_answered(client.get(at("rows", planned))) == 200
        assert is_answered(client.get(at("report", planned))) == 200


CHOICES = [[], None, {"header": HUGE}, {"header": 10**23}, {"sheet": 7}, {"nonsense": 1}, {"encoding": "zlib"}]


def test_choices_that_mean_nothing_are_passed_over(client, planned):
    for stored in CHOICES:
        Batch.objects.filter(pk=planned.pk).update(choices=stored if stored is not None else {})

        for page in ("file", "mapping", "text", "change"):
            assert is_answered(client.get(at(page, planned))) in (200, 302)
        assert is_answered(client.post(at("do", planned, verb="plan"))) == 302


# Mappings


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("a = " + "[" * 5000, "nested too deeply"),
        ("a = " + "1" * 5000, "The mapping is no TOML"),
        ("a = \0", "The mapping is no TOML"),
        ("a" + ".a" * 200_000 + " = 1", "it has a key of more than 20 parts"),
        ("['a'" + " . 'a'" * 30 + "]", "it has a key of more than 20 parts"),
        ("x" * 500_001, "at most 500,000 are taken"),
        (f"{MAPPING}[file]\nheader = {HUGE}\n", "the number of a row, from 1 to 1,000,000"),
        (f"{MAPPING}[position]\nuncertainty = {HUGE}\n", "a whole number up to 1,000,000"),
        (f"{MAPPING}[dates]\nwindow = [0, {HUGE}]\n", "two years, such as [1950, 2049]"),
        (f"{MAPPING}[dates]\nwindow = [true, 5]\n", "two years, such as [1950, 2049]"),
        (f"{MAPPING}[file]\nheader = true\n", "the number of a row"),
        (f"{MAPPING}[file]\nsheet = 1979-05-27\n", "a text in quotation marks"),
        ("[file]\nheader = 1\n", "The table [supplier] is missing."),
        ("supplier = 1\nidentifier = []\nrecord = ''\n", "must be a table"),
    ],
)
def test_a_mapping_that_is_none_is_told_on_the_page_and_kept_there(client, rules, told):
    with pytest.raises(MappingFaulty, match=told.replace("[", r"\[")):
        parse(rules)
    if "\0" in rules or len(rules) > 100_000:
        return
    batch = bring(client, LIST)

    answer = client.post(at("text", batch), {"toml": rules, "name": "wrong", "do": "plan"})

    assert is_answered(answer) == 200
    assert told in read(answer)
    assert answer.context["form"]["toml"].value() == rules
    assert Mapping.objects.count() == 0


def test_the_row_of_the_header_may_lie_beyond_the_file(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST)

    with pytest.raises(CommandError, match="rows are counted from 1"):
        call_command("import_monuments", str(path), "--mapping", "quebec", "--header", HUGE)


# Cells


CELLS = [
    *(
        "1e999",
        "-1e999",
        "nan",
        "9" * 400,
        "9" * 5000,
        "\0",
        "[" * 5000,
        '["\\ud800"]',
        "{",
        '{"type":5}',
        '{"type":[1]}',
    ),
    *(
        '{"type":"Point","coordinates":[1e999,1]}',
        '{"type":"Point","coordinates":"ab"}',
        '{"type":"GeometryCollection"}',
    ),
    *(
        '{"type":"GeometryCollection","geometries":5}',
        '{"type":"GeometryCollection","geometries":"ab"}',
        "POINT()",
        "POINT(1)",
    ),
    *(
        "MULTIPOINT(1)",
        "POLYGON(1 2)",
        "SRID=99999999999999999999;POINT(1 2)",
        "0101",
        "010100000000",
        "01ffffffff" * 3,
    ),
    *(
        "about " * 5000,
        "99999999999",
        "30 Feb 1900",
        "٣٤",
        "١٩٠٠",
        "1900-13-45",
        "²",
        "x" * 100_000,
        "<b>",
        "=1+1",
        "\ud800",
    ),
]
EVERY = (
    MAPPING
    + """types = { column = "c", separator = "JSON", words = { a = "church" } }
note = ["c"]
[position]
column = "c"
footprint = "c"
uncertainty_column = "c"
wording = ["c"]
[[name]]
text = "{c}"
separator = "JSON"
language = "en"
[[number]]
scheme = "Other"
column = "c"
separator = "JSON"
[[observation]]
value = { column = "c", words = { a = "intact" } }
date = { column = "c", until = "c" }
extent = "c"
each = ["c"]
separator = "JSON"
[[count]]
predicate = "existed"
counted = "{c}"
value = "c"
[[source]]
title = "{c}"
separator = "JSON"
[[media]]
title = "{c}"
separator = "JSON"
date = { column = "c" }
"""
)


def test_any_cell_is_taken_or_told():
    for cell in CELLS:
        composed = Composer(parse(EVERY)).compose([Line(1, {"k": "1", "name": "Mill", "c": cell})])

        assert composed.identifier == "1"
        assert composed.faults
        json.dumps(composed.faults)


def test_a_list_with_such_cells_is_planned_row_by_row(client):
    cells = [cell for cell in CELLS if "\0" not in cell and "\ud800" not in cell]
    rows = "".join(f'{n},Mill,"{cell.replace(chr(34), chr(34) * 2)}"\n' for n, cell in enumerate(cells))
    batch = bring(client, f"k,name,c\n{rows}")

    shown = preview(client, batch, EVERY)
    preview(client, batch, EVERY, do="plan")

    assert "Mill" in shown
    assert (fresh(batch).state, fresh(batch).counts["read"]) == ("planned", len(cells))


def test_geometries_and_numbers_of_features_that_are_none_are_told(client):
    features = [
        '{"properties":{"k":1,"name":"a","c":1e999},"geometry":{"type":{}}}',
        '{"properties":{"k":2,"name":"b","c":99999999999999999999999},"geometry":{"type":"Point","coordinates":{}}}',
        '{"properties":{"k":3,"name":"c","c":[[1]]},"geometry":{"type":"Polygon","coordinates":[[[1e999,2]]]}}',
        '{"properties":{"k":4,"name":"\\ud800","c":NaN},"geometry":{"type":"GeometryCollection","geometries":[1,"x",null]}}',
        '{"properties":{"k":5,"name":"\\u0000","c":null},"geometry":5}',
        '{"properties":{"k":6,"name":"f","c\\u0000\\ud800":"x"},"geometry":null}',
    ]
    batch = bring(client, '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}", "list.geojson")

    preview(client, batch, f"{MAPPING}[position]\ngeometry = true\n", do="plan")

    assert (fresh(batch).state, fresh(batch).counts["refused"]) == ("planned", 5)


# Files


def damaged_workbooks():
    """Yield bytes of workbooks that lack a part or have something else in it."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": '<workbook><sheets><sheet name="S" sheetId="1" r:id="r"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData></worksheet>',
    }
    for name in parts:
        for other in (None, "", "<", "\0\xff", "<a><b>", '<worksheet><dimension ref="A1:XFD1048576"/>'):
            made = io.BytesIO()
            with zipfile.ZipFile(made, "w") as packed:
                for part, text in (parts | {name: other}).items():
                    if text is not None:
                        packed.writestr(part, text)
            yield made.getvalue()
            yield made.getvalue()[:-30]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", "<office><table:table")
    yield made.getvalue()


def test_damaged_workbooks_are_told(tmp_path):
    path = tmp_path / "list.xlsx"
    for content in damaged_workbooks():
        path.write_bytes(content)
        with pytest.raises(Unreadable):
            list(open_table(path))


def test_a_file_that_is_missing_or_empty_is_told(client):
    add = reverse("admin:intake_batch_add")

    assert "This field is required." in read(client.post(add, {}))
    assert "This field is required." in read(client.post(add, {"file": "list.csv"}))
    assert "The file is empty (0 bytes)." in read(client.post(add, {"file": SimpleUploadedFile("list.csv", b"")}))
    assert Batch.objects.count() == 0


# Disks and databases that take nothing


def test_a_folder_that_cannot_be_written_is_told_on_every_page(client, planned, settings, tmp_path):
    blocked = tmp_path / "a file"
    blocked.touch()
    settings.IMPORTS_DIR = blocked / "imports"

    for page in (*PAGES, "change"):
        assert is_answered(client.get(at(page, planned))) in (200, 302)
    for verb in ("plan", "apply", "discard"):
        said = read(client.post(at("do", planned, verb=verb), follow=True))
        assert "The folder in which imports wait cannot be written to: Not a directory. Nothing was done." in said
    upload = {"do": "beside", "beside": SimpleUploadedFile("states.csv", b"k,v\n")}
    assert is_answered(client.post(at("file", planned), upload)) in (200, 302)
    assert (fresh(planned).state, planned.rows.count()) == ("planned", 3)


class Full(SimpleUploadedFile):
    """An upload during which the disk gets full."""

    def chunks(self, chunk_size=None):
        yield b"k,name\n"
        raise OSError(28, "No space left on device")


def test_a_disk_that_gets_full_while_a_file_is_kept_leaves_nothing_of_it(client, planned, settings):
    with pytest.raises(Refused, match=r"“states\.csv” could not be stored: No space left on device"):
        keep(planned, Full("states.csv", b"x"))

    kept = {path.name for path in (settings.IMPORTS_DIR / planned.ref).iterdir()}
    assert kept == {"list.csv", "lock", "progress"}


def test_a_disk_that_takes_no_temporary_file_is_told_on_the_page(client, planned, settings, tmp_path):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "missing")
    upload = SimpleUploadedFile("list.csv", LIST.encode())

    said = read(client.post(reverse("admin:intake_batch_add"), {"file": upload}))
    upload.seek(0)
    beside = read(client.post(at("file", planned), {"do": "beside", "beside": upload}))

    for one in (said, beside):
        assert (
            "The file could not be kept: No such file or directory. Ask whoever runs the register to look at it" in one
        )
    assert Batch.objects.count() == 1


def test_a_database_that_takes_no_more_is_told_and_the_work_can_be_gone_on_with(client, planned):
    def refuse(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "registry_monument"'):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        said = read(client.post(at("do", planned, verb="apply"), follow=True))
    assert "because the disk or the database refused: database or disk is full. Nothing is half stored." in said

    client.post(at("do", planned, verb="apply"))
    assert (fresh(planned).state, fresh(planned).counts["applied"]) == ("applied", 3)


def test_an_upload_that_the_database_refuses_leaves_no_file(client, settings):
    def refuse(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "intake_batch"'):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        answer = client.post(reverse("admin:intake_batch_add"), {"file": SimpleUploadedFile("list.csv", LIST.encode())})

    assert "because the disk or the database refused: database or disk is full." in read(answer)
    assert list(settings.IMPORTS_DIR.iterdir()) == []


def test_a_report_that_cannot_be_written_is_told_by_the_command(client, tmp_path):
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "m.toml").write_text(MAPPING)
    out = tmp_path / "missing" / "plan.csv"

    with pytest.raises(CommandError, match=r"plan\.csv cannot be read or written: No such file or directory\."):
        call_command("import_monuments", str(tmp_path / "list.csv"), mapping=str(tmp_path / "m.toml"), report=out)


def test_a_mapping_in_another_encoding_is_told_by_the_command(client, tmp_path):
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "m.toml").write_bytes(b'title = "\xe9"')

    with pytest.raises(CommandError, match=r"The mapping .*m\.toml cannot be read"):
        call_command("import_monuments", str(tmp_path / "list.csv"), mapping=str(tmp_path / "m.toml"))


def test_a_plan_whose_file_was_taken_away_is_told(client, tmp_path):
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "m.toml").write_text(MAPPING)
    batch = begin(str(tmp_path / "list.csv"), str(tmp_path / "m.toml"))
    (tmp_path / "list.csv").unlink()

    assert plan(batch).report["problems"] == ["There is no file list.csv. Check the name and the folder."]
