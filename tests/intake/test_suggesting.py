"""What the columns of a file may be: suggestions by their names and cells."""

import pytest

from heritage.intake.suggesting import suggest
from tests.intake.lists import listed

ROWS = [
    ["1", "Brug", "Q12", "Yerevan", "A Guide, 1984\nAtlas", "good"],
    ["2", "Molen", "Q13", "Yerevan", "", "good"],
    ["3", "Toren", "Q14", "Goris", "A Guide, 1984", "bad"],
]
HEADER = ["nummer", "naam", "wikidata_id", "plaats", "Literatuur", "condition"]


def suggested(tmp_path, header=HEADER, rows=ROWS, **more):
    return suggest(str(listed(tmp_path, *rows, header=header)), **more)["columns"]


def test_numbers_names_references_and_places_are_known_by_their_headers(tmp_path):
    found = suggested(tmp_path)

    assert [one["role"] for one in found] == ["identifier", "name", "number", "wording", "reference", "condition"]
    assert found[4]["separator"] == "\n"


def test_a_column_of_places_that_the_register_has_is_suggested_as_the_place(tmp_path):
    found = suggested(tmp_path, places={"Yerevan"})

    assert (found[3]["role"], found[3]["why"]) == ("place", "its cells are places of the register")


def test_references_that_no_claim_could_cite_are_kept_as_a_note(tmp_path):
    found = suggested(tmp_path, header=HEADER[:-1], rows=[row[:-1] for row in ROWS])

    assert found[4]["role"] == "note"


@pytest.mark.parametrize(
    "header",
    [
        ["رقم", "الاسم", "خط العرض", "خط الطول", "الحالة"],
        ["شماره", "نام", "عرض جغرافیایی", "طول جغرافیایی", "وضعیت"],
        ["համար", "անվանում", "լայնություն", "երկայնություն", "վիճակ"],
        ["nömrə", "adı", "enlik", "uzunluq", "vəziyyət"],
        ["Codice", "Nome", "Latitudine", "Longitudine", "Stato"],
    ],
)
def test_headers_are_known_in_many_languages(tmp_path, header):
    rows = [["1", "A b", "40.1", "45.2", "x"], ["2", "C d", "40.2", "45.3", "x"], ["3", "E f", "40.3", "45.4", "y"]]

    found = suggested(tmp_path, header=header, rows=rows)

    assert [one["role"] for one in found] == ["identifier", "name", "latitude", "longitude", "condition"]


def test_columns_of_coordinates_beside_geometries_say_why_they_are_not_used(real):
    found = suggest(str(real("quebec-register/immeubles_classes_2014-10.geojson")))["columns"]

    told = {one["column"]: (one["role"], one["why"]) for one in found}
    assert told["latitude"] == ("", "each feature has its position")
    assert (told["adresse"][0], next(one["separator"] for one in found if one["column"] == "adresse")) == (
        "wording",
        "¤",
    )


def test_a_title_that_is_not_always_there_is_the_number_else(tmp_path):
    header = ["Name Certainty", "Resource Name", "ID", "Location Certainty"]
    rows = [["Toponym", "A b", "P1", "High"], ["", "", "P2", "High"], ["", "C d", "P3", "Low"]]

    found = suggest(str(listed(tmp_path, *rows, header=header)))

    assert [one["role"] for one in found["columns"]] == ["", "name", "identifier", ""]
    assert found["label"] == "{Resource Name|ID}"


def test_a_date_without_what_it_dates_is_not_suggested(tmp_path):
    rows = [["1", "A b", "2022-01-17"], ["2", "C d", "2022-01-18"]]

    found = suggested(tmp_path, header=["ID", "name", "recordeddate"], rows=rows)

    assert [one["role"] for one in found] == ["identifier", "name", ""]


def test_names_in_latin_letters_of_a_language_of_other_letters_say_so(real):
    found = suggest(str(real("ukraine-protected/pzo-lvivska.csv")))["columns"]

    told = {one["role"]: one["language"] for one in found if one["language"]}
    assert told == {"name": "uk", "other_name": "uk-Latn"}


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("sistan-condition/sistan_sample.geojson", "{Resource Name|EAMENA ID}"),
        ("cairo-cemetery/records_NS.xlsx", "{attribution}"),
        ("ukraine-protected/pzo-lvivska.csv", "{Унормована назва}"),
        ("quebec-register/immeubles_classes_2014-01.geojson", "{Nom}"),
    ],
)
def test_the_real_lists_get_titles(real, name, label):
    assert suggest(str(real(name)))["label"] == label
