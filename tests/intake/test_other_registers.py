"""Registers of kinds that come: each from the file to records, whole, and once more to “all the same”."""

import json

import pytest

from heritage.intake.applying import apply
from heritage.intake.deciding import decide
from heritage.intake.models import Resemblance
from heritage.registry.models import Location, Monument, Name, Status
from tests.intake.lists import HEADER, MAPPING, ROW, listed, mapping, row
from tests.intake.test_readers import workbook

pytestmark = pytest.mark.django_db
NAMELESS = """
[file]
empty = ["-"]
[supplier]
name = "Ministère de la Culture"
kind = "state_body"
source = "Liste des immeubles protégés"
licence = "Licence Ouverte"
attribution = "Ministère de la Culture"
[identifier]
scheme = "Liste des immeubles"
column = "réf"
[record]
label = "{dénomination}, {commune} ({réf})"
note = ["précision"]
[[protection]]
kind = { column = "protection", words = { "classé" = "national_list", "inscrit" = "local_list" } }
date = "date"
[position]
wording = ["commune"]
"""


def test_a_windows_1252_list_of_12000_entries_without_names_or_coordinates(tmp_path, planned):
    path, how = tmp_path / "liste.csv", mapping(tmp_path, NAMELESS)
    head = "réf;dénomination;commune;protection;date;précision\r\n"
    rows = "".join(
        f"PA{n:08};{('église', 'château', 'lavoir')[n % 3]};L’Isle-d’Abeau – Œuilly {n % 97};"
        f"{('classé', 'inscrit')[n % 2]};{1850 + n % 150}/01/02;à 3 €\r\n"
        for n in range(12_000)
    )
    path.write_bytes((head + rows).encode("cp1252"))

    batch = apply(planned(path, how))

    assert batch.found["encoding"].lower() in ("cp1252", "windows-1252")
    assert (batch.counts["new"], batch.counts["refused"], batch.counts["applied"]) == (12_000, 0, 12_000)
    last = Monument.objects.get(names__text="PA00011999")
    assert last.label == "lavoir, L’Isle-d’Abeau – Œuilly 68 (PA00011999)"
    assert (last.note, last.locations.get().wording) == ("précision: à 3 €", "L’Isle-d’Abeau – Œuilly 68")
    assert Name.objects.exclude(kind="register_number").count() == 0
    assert Location.objects.filter(latitude__isnull=False).count() == 0
    assert planned(path, how).counts["same"] == 12_000


def test_a_list_with_cells_of_several_thousand_characters(tmp_path, planned):
    long = 'He said: "stone, ' + "wall; gate\n" * 700 + 'end".'
    header, how = [*HEADER, "remarks"], mapping(tmp_path)
    path = listed(tmp_path, *([*row(id=str(n)), f"{n} {long}"] for n in range(40)), header=header)

    batch = apply(planned(path, how))

    assert (batch.counts["new"], batch.counts["refused"]) == (40, 0)
    assert Monument.objects.get(names__text="7").note == f"remarks: 7 {long}"
    assert planned(path, how).counts["same"] == 40


def test_a_relational_export_with_one_record_over_many_rows_apart_from_one_another(tmp_path, planned):
    how = mapping(tmp_path, MAPPING.replace('column = "id"', 'column = "id"\nrepeated = "join"'))
    rows = [
        row(id=str(n), name=f"Bridge {n}", condition=state, seen=str(year))
        for year, state in ((2001, "good"), (2011, "bad"), (2021, "good"))
        for n in range(700)
    ]
    path = listed(tmp_path, *rows)

    batch = apply(planned(path, how))

    assert (batch.counts["read"], batch.counts["new"], batch.counts["repeated"]) == (2100, 700, 1400)
    assert (Monument.objects.count(), Name.objects.words().count(), Location.objects.count()) == (700, 700, 700)
    seen = Status.objects.filter(monument__label="Bridge 699").order_by("lo").values_list("edtf", "value")
    assert list(seen) == [("2001", "intact"), ("2011", "major_damage"), ("2021", "intact")]
    assert planned(path, how).counts["same"] == 700


def test_years_of_two_digits_are_read_by_the_window_that_the_mapping_states(tmp_path, planned):
    dated = MAPPING + '[dates]\norder = "dmy"\nwindow = [1930, 2029]\n'
    path = listed(tmp_path, row(id="1", seen="3.5.98"), row(id="2", seen="3.5.12"))

    batch = apply(planned(path, mapping(tmp_path, dated)))

    assert batch.counts["new"] == 2
    assert sorted(Status.objects.values_list("edtf", flat=True)) == ["1998-05-03", "2012-05-03"]


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:EPSG::2154", "EPSG:3857"])
def test_projected_coordinates_with_a_declared_system_are_refused_by_its_name(tmp_path, planned, crs):
    point = {"type": "Point", "coordinates": [652000.0, 6862000.0]}
    feature = {"type": "Feature", "properties": dict(zip(HEADER, ROW, strict=True)), "geometry": point}
    path = tmp_path / "list.geojson"
    path.write_text(
        json.dumps(
            {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": crs}}, "features": [feature]}
        )
    )

    batch = planned(path, mapping(tmp_path))

    assert batch.state == "refused"
    [problem] = batch.report["problems"]
    assert crs in problem
    assert "WGS 84" in problem


@pytest.mark.parametrize(
    ("position", "cells", "column"),
    [
        ('latitude = "lat"\nlongitude = "lon"', {"lat": "6862000.5", "lon": "652000"}, "lat"),
        ('column = "lat"', {"lat": "SRID=2154;POINT(652000 6862000)"}, "lat"),
        ('column = "lat"', {"lat": "POINT(652000 6862000)"}, "lat"),
    ],
)
def test_projected_coordinates_without_a_system_are_told_or_left_out_never_stored(
    tmp_path, planned, position, cells, column
):
    text = MAPPING.replace('latitude = "lat"\nlongitude = "lon"', position)
    path = listed(tmp_path, row(id="1", **cells), row(id="2", lat="", lon=""))

    batch = apply(planned(path, mapping(tmp_path, text)))

    assert (batch.counts["new"], batch.counts["refused"]) == (1, 1)
    [told] = batch.rows.get(number=2).fault_list
    assert told["column"] == column
    assert "degrees" in told["mend"] or "WGS 84" in told["mend"]
    lenient = text.replace("[[observation]]", "[[observation]]").replace(
        position, f'{position}\nunreadable = "leave_out"'
    )
    batch = apply(planned(path, mapping(tmp_path, lenient)))
    assert (batch.counts["new"], batch.counts["refused"]) == (1, 0)
    assert Location.objects.filter(latitude__isnull=False).count() == 0
    assert batch.rows.get(number=2).remark_list[0]["column"] == column


def test_a_workbook_whose_data_is_on_the_second_of_23_sheets(tmp_path, planned):
    rows = [HEADER, *(row(id=f"{n:03}", lat=f"40.{n:03}") for n in range(60))]
    sheets = {f"Sheet{n}": [["Notes"], ["See the list."]] for n in range(1, 24)} | {"Sheet2": rows}
    path = workbook(tmp_path, **dict(sorted(sheets.items(), key=lambda one: int(one[0][5:]))))

    unnamed = planned(path, mapping(tmp_path))
    assert "“Sheet2” (60 rows)" in unnamed.report["problems"][0]
    batch = apply(planned(path, mapping(tmp_path), sheet="Sheet2"))

    assert (batch.counts["new"], batch.counts["refused"]) == (60, 0)
    assert str(Monument.objects.get(names__text="059").locations.get().latitude) == "40.059000"
    by_mapping = mapping(tmp_path, MAPPING + '[file]\nsheet = "Sheet2"\n')
    assert planned(path, by_mapping).counts["same"] == 60


def test_the_same_monuments_again_from_another_supplier_under_other_numbers(tmp_path, applied, planned):
    rows = [row(id=str(n), name=f"{name} bridge", lat=f"4{n}.1") for n, name in enumerate(("Kura", "Araks", "Terter"))]
    applied(listed(tmp_path, *rows), mapping(tmp_path))
    other = tmp_path / "other.toml"
    other.write_text(
        MAPPING.replace("Office of Monuments", "Society of Friends").replace("Office list", "Society list")
    )
    again = [
        row(id=f"S-{n}", name=f"{name} Bridge", lat=f"4{n}.1001", condition="bad")
        for n, name in enumerate(("Kura", "Araks"))
    ]
    path = listed(tmp_path, *again, row(id="S-9", name="Old mill", lat="45.9"), name="other.csv")

    batch = planned(path, str(other))
    assert (batch.counts["new"], batch.counts["possible_duplicates"]) == (3, 2)
    same, not_same = Resemblance.objects.filter(row__batch=batch).order_by("row__number")
    decide(same, same=True)
    decide(not_same, same=False)
    batch.refresh_from_db()
    apply(batch)

    assert Monument.objects.count() == 5
    kura = Monument.objects.get(names__text="S-0")
    assert set(kura.names.numbers().values_list("text", flat=True)) == {"0", "S-0"}
    claims = Status.objects.filter(monument=kura).values_list("claimant__label", "value", "standing")
    assert set(claims) == {
        ("Office of Monuments", "intact", "standing"),
        ("Society of Friends", "major_damage", "standing"),
    }
    once_more = planned(path, str(other))
    assert (once_more.counts["same"], once_more.counts["possible_duplicates"]) == (3, 0)


RELATED = """
[file]
sheet = "monuments"
[[name]]
text = "{spellings}"
separator = "\\n"
language = { Latn = "en", Cyrl = "uk" }
[[join]]
file = "names.csv"
key = "of"
value = "spelling"
as = "spellings"
[[join]]
file = "visits.csv"
key = "of"
value = "state"
as = "states"
[[join]]
file = "visits.csv"
key = "of"
value = "day"
as = "days"
[[join]]
file = "books.csv"
key = "of"
value = "title"
as = "books"
[[observation]]
each = ["states", "days"]
separator = "\\n"
value = { column = "states", words = { good = "intact", bad = "major_damage" } }
date = "days"
[[source]]
title = "{books}"
separator = "\\n"
[[media]]
file = "photos.csv"
key = "of"
title = "{photo}"
"""


def test_a_relational_export_whose_names_visits_books_and_photos_are_tables_of_their_own(tmp_path, planned):
    how = mapping(tmp_path, MAPPING.partition("[[name]]")[0].replace("{name}", "Bridge {id}") + RELATED)
    tables = {
        "names": ("spelling", ["Kura bridge", "Міст Кура", "Kura\nbridge"]),
        "books": ("title", ["Atlas of bridges", "Roads, vol. 2"]),
        "photos": ("photo", ["1.jpg", "2.jpg"]),
    }
    for name, (column, values) in tables.items():
        listed(tmp_path, *(["7", value] for value in values), header=["of", column], name=f"{name}.csv")
    visits = [["7", "good", "2001"], ["7", "", "2005"], ["7", "bad", "2011"], ["99", "bad", "2012"]]
    listed(tmp_path, *visits, header=["of", "state", "day"], name="visits.csv")
    path = workbook(tmp_path, notes=[["Read me"]], monuments=[["id", "type"], ["7", "bridge"], ["8", "church"]])

    batch = apply(planned(path, how))

    assert (batch.counts["new"], batch.counts["refused"]) == (2, 0)
    bridge = Monument.objects.get(names__text="7")
    assert set(bridge.names.words().values_list("text", "language")) == {("Kura bridge", "en"), ("Міст Кура", "uk")}
    seen = Status.objects.filter(monument=bridge).order_by("lo")
    assert list(seen.values_list("edtf", "value")) == [("2001", "intact"), ("2011", "major_damage")]
    cited = set(seen.first().citations.filter(role="context").values_list("source__title", flat=True))
    assert cited == {"Atlas of bridges", "Roads, vol. 2"}
    assert set(bridge.media.values_list("label", flat=True)) == {"1.jpg", "2.jpg"}
    assert {"file": "visits.csv", "key": "99", "rows": 1} in batch.report["unused"]
    assert planned(path, how).counts["same"] == 2


def test_names_of_columns_below_a_title_are_asked_for(tmp_path, planned):
    rows = [["Register of monuments"], [], HEADER, row(id="007")]
    path = workbook(tmp_path, list=rows)

    problems = planned(path, mapping(tmp_path)).report["problems"]
    assert problems[-1].startswith("If the names of the columns stand in another row, say which: --header ROW")
    assert planned(path, mapping(tmp_path), header=3).counts["new"] == 1
