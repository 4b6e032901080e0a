"""Files of every habit: what is read, what is found out, and what is refused with byte, line and mend."""

import json
import zipfile

import pytest

from heritage.intake.readers import Choices, Unreadable, open_table, sheets_of

FRENCH = "id;nom\r\n1;Église Saint-Étienne, château\r\n2;Maison à côté de la forêt\r\n"
UKRAINIAN = "id;назва\n1;Віковий бук\n2;Лісовий заказник Річка\n3;Парк Наталії\n"


def write(tmp_path, content, name="list.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def cells(path, choices=None):
    return [line.cells for line in open_table(path, choices)]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "utf-8"), (FRENCH, "utf-8-sig"), (FRENCH, "utf-16"), (FRENCH, "utf-16-le"), (FRENCH, "windows-1252"),
        (UKRAINIAN, "utf-8"), (UKRAINIAN, "windows-1251"),
        ("id;nazwa\n1;Kościół świętego Łukasza, źródło\n", "windows-1250"),
        ("id;ad\n1;Şıhlar köprüsü, çeşme, İğdır\n", "windows-1254"),
        ("id;n\n1;Церковь Святого Николая\n", "koi8-r"), ("id;n\n1;Церковь Святого Николая\n", "iso-8859-5"),
        ("id;n\n1;Ναός του Αγίου Νικολάου\n", "windows-1253"),
    ],
)  # fmt: skip
def test_the_encoding_is_found_and_the_letters_are_right(tmp_path, text, encoding):
    path = write(tmp_path, text.encode(encoding))

    table = open_table(path)

    header, first = text.split()[0].split(";")[1], text.splitlines()[1].split(";")[1]
    assert [next(iter(table)).cells[header]] == [first]
    assert table.found["encoding"] == {"utf-8-sig": "utf-8-sig", "utf-16": "utf-16"}.get(encoding, encoding)
    assert table.found["encoding_sure"] is encoding.startswith("utf")


def test_an_encoding_can_be_chosen_and_is_held_to(tmp_path):
    path = write(tmp_path, "id;n\n1;Œuvre à 5 €\n".encode("iso-8859-15", "replace"))

    assert cells(path, Choices(encoding="iso-8859-15"))[0]["n"].startswith("Œuvre à 5")
    with pytest.raises(Unreadable, match=r"not utf-8 throughout. Byte .*line 2"):
        open_table(path, Choices(encoding="utf-8"))


def test_mixed_encodings_are_refused_with_byte_and_line(tmp_path):
    path = write(tmp_path, "id;n\n1;Église\n2;Château\n".encode() + "3;forêt\n".encode("windows-1252"))

    with pytest.raises(Unreadable, match=r"mixes UTF-8 with an older encoding.*Byte 32, line 4"):
        open_table(path)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_ends_of_lines_and_delimiters_are_found(tmp_path, end, sign):
    text = end.join([sign.join(["id", "name"]), sign.join(["007", '"two\nlines"']), ""])
    path = write(tmp_path, text.encode())

    assert cells(path) == [{"id": "007", "name": "two\nlines"}]


def test_rows_are_counted_as_a_spreadsheet_does_and_lines_as_an_editor_does(tmp_path):
    path = write(tmp_path, b'id,n\n1,"a\nb"\n\n2,c\n')

    assert [(line.number, line.line) for line in open_table(path)] == [(2, 3), (4, 5)]


def test_a_cell_of_a_million_characters_is_read(tmp_path):
    path = write(tmp_path, b"id,n\n1," + b"x" * 1_000_000 + b"\n")

    assert len(cells(path)[0]["n"]) == 1_000_000


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_found_in_any_script(tmp_path, encoding):
    path = write(tmp_path, UKRAINIAN.encode(encoding))

    assert [one["назва"] for one in cells(path)] == ["Віковий бук", "Лісовий заказник Річка", "Парк Наталії"]


def test_a_zero_among_the_letters_is_refused_with_byte_and_line(tmp_path):
    rows = "".join(f"{n};Church {n}\n" for n in range(500))

    with pytest.raises(Unreadable, match=r"no text \(zero\). Byte 7,294, line 502"):
        open_table(write(tmp_path, f"id;name\n{rows}500;a\0b\n".encode()))


def test_a_cell_longer_than_any_honest_one_is_refused_with_its_line(tmp_path):
    path = write(tmp_path, b'id;name\n1;"' + b"x" * 16_500_000 + b'"\n')

    with pytest.raises(Unreadable, match=r"Near line 2.*at most 16,000,000 characters"):
        cells(path)


def test_the_name_of_a_column_is_on_one_line(tmp_path):
    assert cells(write(tmp_path, b'id;"Name of the\nmonument "\n1;Mill\n')) == [
        {"id": "1", "Name of the monument": "Mill"}
    ]


def test_a_row_with_more_cells_than_the_header_is_a_fault_and_one_with_fewer_is_not(tmp_path):
    lines = list(open_table(write(tmp_path, b"id,n\n1,a,b\n2\n")))

    assert lines[0].fault == "The row has 3 cells, the header 2."
    assert (lines[1].fault, lines[1].cells) == ("", {"id": "2", "n": ""})


def test_a_column_that_stands_twice_is_refused_by_name(tmp_path):
    with pytest.raises(Unreadable, match=r"“n” stands twice in the header \(columns 2 and 3\)"):
        open_table(write(tmp_path, b"id,n,n\n1,a,b\n"))


def test_a_header_that_comes_again_below_is_no_record(tmp_path):
    lines = list(open_table(write(tmp_path, b"id,n\n1,a\nid,n\n2,b\n")))

    assert [line.fault for line in lines] == ["", "The row repeats the header.", ""]


def test_a_quotation_mark_out_of_place_is_told_with_its_line(tmp_path):
    with pytest.raises(Unreadable, match="Near line 3"):
        cells(write(tmp_path, b'id,n\n1,a\n2,"b" c\n'))


@pytest.mark.parametrize(
    ("content", "name", "mend"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 500, "old.xls", "save it as .xlsx"),
        (b"\x00\x00\x27\x0a" + b"\0" * 500, "places.shp", "GeoJSON"),
        (b"%PDF-1.7", "list.pdf", "table it was made from"),
        (b"<!DOCTYPE html><html>", "list.csv", "CSV"),
        (b"GIF89a\x00\x01\x00\x02\xff\xfe", "a.csv", "CSV"),
        (b"", "empty.csv", "Export it again"),
        (b'{"type": "Topology"}', "a.json", "FeatureCollection"),
        (b'[{"a": 1}]', "a.json", "GeoJSON or CSV"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do_instead(tmp_path, content, name, mend):
    with pytest.raises(Unreadable, match=mend):
        open_table(write(tmp_path, content, name))


def test_a_file_over_the_set_size_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="11 bytes; at most 10"):
        open_table(write(tmp_path, b"id,n\n1,abc\n"), largest=10)


def test_a_zip_bomb_is_refused_unopened(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * 80_000_000)

    with pytest.raises(Unreadable, match="no honest workbook"):
        open_table(path)


# GeoJSON


def collection(tmp_path, features, **more):
    content = {"type": "FeatureCollection", **more, "features": features}
    return write(tmp_path, json.dumps(content).encode(), "places.geojson")


def feature(geometry=None, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_features_become_rows_of_text(tmp_path):
    point = {"type": "Point", "coordinates": [45.2, 40.1]}
    path = collection(tmp_path, [feature(point, id=7, name=None, open=True, tags=["a", "b"], area=2.5), feature()])

    lines = list(open_table(path))

    assert lines[0].cells == {"id": "7", "name": "", "open": "true", "tags": '["a", "b"]', "area": "2.5"}
    assert (lines[0].geometry, lines[1].geometry) == (point, None)


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"])
def test_a_crs_that_is_wgs_84_is_honoured(tmp_path, name):
    path = collection(tmp_path, [feature(id=1)], crs={"type": "name", "properties": {"name": name}})

    assert len(cells(path)) == 1


def test_another_crs_is_refused_by_name_even_after_the_features(tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32638"}}
    before = collection(tmp_path, [feature(id=1)], crs=crs)
    with pytest.raises(Unreadable, match=r"EPSG::32638.*not in WGS 84.*EPSG:4326"):
        open_table(before)

    text = json.dumps({"features": [feature(id=1)], "crs": crs}).encode()
    with pytest.raises(Unreadable, match="EPSG::32638"):
        cells(write(tmp_path, text, "after.geojson"))


def test_a_feature_on_each_line_is_a_row_each(tmp_path):
    lines = [json.dumps(feature(id=str(n))) for n in range(3)]

    assert [one["id"] for one in cells(write(tmp_path, "\n".join(lines).encode(), "lines.geojson"))] == ["0", "1", "2"]
    separated = "".join(f"\x1e{line}\n" for line in lines)
    assert len(cells(write(tmp_path, separated.encode(), "sequence.geojsons"))) == 3


def test_what_follows_the_end_of_a_collection_is_not_left_out_silently(tmp_path):
    whole = collection(tmp_path, [feature(id=1)]).read_bytes()

    with pytest.raises(Unreadable, match=r"“\{” is expected, “m” is there. Character"):
        cells(write(tmp_path, whole + b" more", "more.geojson"))
    with pytest.raises(Unreadable, match="has no features with properties"):
        open_table(collection(tmp_path, []))


def test_a_crs_of_a_feature_or_of_its_geometry_is_looked_at_too(tmp_path):
    crs = {"type": "name", "properties": {"name": "EPSG:25832"}}
    of_geometry = feature({"type": "Point", "coordinates": [9.1, 48.2], "crs": crs}, id=1)

    for one in (of_geometry, feature(id=1) | {"crs": crs}):
        with pytest.raises(Unreadable, match="“EPSG:25832”, not in WGS 84"):
            open_table(collection(tmp_path, [one]))
    by_code = {"type": "EPSG", "properties": {"code": 4326}}
    assert len(cells(collection(tmp_path, [feature(id=1)], crs=by_code))) == 1


def test_half_a_letter_in_json_is_a_fault_of_its_row(tmp_path):
    text = json.dumps({"features": [feature(id="1", name="a\ud800b"), feature(id="2", name="c\0"), feature(id="3")]})

    lines = list(open_table(write(tmp_path, text.encode(), "half.geojson")))

    assert [line.fault for line in lines] == ["Half a letter or a sign that is no text is in: name."] * 2 + [""]
    assert lines[0].cells["name"] == "a\ufffdb"


def test_a_geojson_that_breaks_off_is_refused_with_the_place(tmp_path):
    whole = collection(tmp_path, [feature(id=n) for n in range(2000)]).read_bytes()

    with pytest.raises(Unreadable, match=r"is not GeoJSON.*Character"):
        cells(write(tmp_path, whole[:-40], "broken.geojson"))


# Workbooks


def workbook(tmp_path, **sheets):
    """Write a small XLSX by hand: {name of a sheet: rows of texts and numbers}."""
    path = tmp_path / "book.xlsx"
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            f"{kinds}</Types>",
        )
        packed.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
        packed.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>'
        )
        related = "".join(
            f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        packed.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{related}</Relationships>'
        )
        for n, rows in enumerate(sheets.values(), 1):
            body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
            packed.writestr(
                f"xl/worksheets/sheet{n}.xml", f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
            )
    return path


def cell(value):
    if isinstance(value, tuple):
        return f"<c{value[0]}>{value[1]}</c>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def test_the_one_sheet_with_rows_is_read_and_whole_numbers_have_no_point(tmp_path):
    path = workbook(tmp_path, Notes=[], Data=[["id", "name"], [1, "Bridge"], ["007", "Mill"]])

    table = open_table(path)

    assert table.found["sheet"] == "Data"
    assert [line.cells for line in table] == [{"id": "1", "name": "Bridge"}, {"id": "007", "name": "Mill"}]


def test_the_sheet_must_be_named_where_several_have_rows(tmp_path):
    sheets = {f"Sheet{n}": [["id"], [n]] for n in range(1, 24)}
    path = workbook(tmp_path, **sheets)

    with pytest.raises(Unreadable, match=r"23 sheets have rows: “Sheet1” \(1 rows\).*Name the sheet"):
        open_table(path)
    assert cells(path, Choices(sheet="Sheet2")) == [{"id": "2"}]
    assert sheets_of(path)[1] == ("Sheet2", 1)
    with pytest.raises(Unreadable, match="no sheet “Sheet99”"):
        open_table(path, Choices(sheet="Sheet99"))


@pytest.mark.parametrize(
    ("kind", "inside", "told"),
    [
        (' r="B2"', "<f>A2*2</f>", "B2"),
        (' r="B2"', "<f>A2*2</f><v></v>", "B2"),
        (' r="B2" s="1"', '<f t="shared" si="0"/><v/>', "B2"),
        (' r="B2" t="e"', "<f>1/0</f><v>#DIV/0!</v>", r"B2 \(#DIV/0!\)"),
    ],
)
def test_a_formula_without_a_stored_value_is_refused_never_taken_as_empty(tmp_path, kind, inside, told):
    path = workbook(tmp_path, Data=[["id", "double"], [1, (kind, inside)]])

    with pytest.raises(Unreadable, match=f"1 cells of the sheet “Data” .* or an error: {told}.*spreadsheet program"):
        open_table(path)


def test_the_stored_value_of_a_formula_is_taken_even_if_it_is_an_empty_text(tmp_path):
    worked = [("", "<f>A2*2</f><v>2</v>"), (' t="str"', "<f>T(A2)</f><v></v>"), (' t="str"', "<f>T(A2)</f><v>x</v>")]
    path = workbook(tmp_path, Data=[["id", "a", "b", "c"], [1, *worked]])

    assert cells(path) == [{"id": "1", "a": "2", "b": "", "c": "x"}]


def ods(tmp_path, **sheets):
    """Write a small ODS: {name of a sheet: rows}, a cell being the XML of its attributes and inside, or a text."""
    path = tmp_path / "book.ods"
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        packed.writestr(
            "content.xml",
            f'<office:document-content {spaces} office:version="1.3"><office:body><office:spreadsheet>{tables}'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def ods_cell(value):
    attributes, text = value if isinstance(value, tuple) else ('office:value-type="string"', value)
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def test_an_ods_file_gives_its_texts_numbers_and_dates(tmp_path):
    day = ('office:value-type="date" office:date-value="2021-05-24"', "24 May 2021")
    number = ('office:value-type="float" office:value="47.5"', "47,50")
    path = ods(tmp_path, Notes=[["read me"]], Data=[["id", "lat", "seen"], ["007", number, day]])

    table = open_table(path)

    assert (table.found["sheet"], table.columns) == ("Data", ["id", "lat", "seen"])
    assert [line.cells for line in table] == [{"id": "007", "lat": "47.5", "seen": "2021-05-24"}]


def test_a_formula_of_an_ods_file_without_a_stored_value_is_refused(tmp_path):
    unworked = ('table:formula="of:=[.A2]*2"', "")
    worked = ('table:formula="of:=[.A2]*2" office:value-type="float" office:value="2"', "2")
    path = ods(tmp_path, Data=[["id", "double"], ["1", worked]], Other=[["id"], [unworked]])

    assert cells(path, Choices(sheet="Data")) == [{"id": "1", "double": "2"}]
    with pytest.raises(Unreadable, match=r"1 cells of the sheet “Other”.*of:=\[\.A2\]\*2"):
        open_table(path, Choices(sheet="Other"))


def test_a_damaged_workbook_is_refused(tmp_path):
    path = workbook(tmp_path, Data=[["id"], [1]])
    path.write_bytes(path.read_bytes()[:300])

    with pytest.raises(Unreadable, match="damaged"):
        open_table(path)
