"""Bad rows, bad mappings, bad moments: refused with what, where and how to mend it; nothing is stored half-way."""

import csv
import json

import pytest
from django.core.management import CommandError, call_command

from heritage.intake.applying import apply
from heritage.intake.composing import fault
from heritage.intake.mapping import MappingFaulty, load, parse
from heritage.intake.models import Outcome, Row
from heritage.intake.reporting import csv_text, write_csv
from heritage.registry.models import Journal, Location, Monument, Name, Source
from heritage.registry.steps import Refused
from tests.intake.lists import HEADER, MAPPING, listed, mapping, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan_of(tmp_path, planned):
    """Plan a small list: ``plan_of(row(id="1"), row(id="2"))``."""

    def plan(*rows, text=MAPPING, header=HEADER):
        return planned(listed(tmp_path, *rows, header=header), mapping(tmp_path, text))

    return plan


def reasons(batch):
    return {
        one.number: [(told["column"], told["value"], told["reason"]) for told in one.fault_list]
        for one in batch.rows.exclude(faults="")
    }


def test_a_refused_row_names_column_value_reason_and_mend(plan_of):
    batch = plan_of(
        row(id="1"), row(id="2", lat="95.5"), row(id="3", seen="05/06/2020"), row(id="4", condition="so so")
    )

    assert (batch.counts["new"], batch.counts["refused"]) == (1, 3)
    assert reasons(batch) == {
        3: [("lat", "95.5", "A latitude lies between −90 and 90 degrees, this is 95.5.")],
        4: [("seen", "05/06/2020", "It may be day, month, year or month, day, year.")],
        5: [("condition", "so so", "This word is not mapped.")],
    }
    assert all(told["mend"] for one in batch.rows.exclude(faults="") for told in one.fault_list)
    assert batch.report["unmapped"] == {"[[observation]] 1 value": {"so so": 1}}


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"id": ""}, "id", "The row has no identifier."),
        ({"name": ""}, "name", "There is nothing to make its working title of."),
        ({"name": "x" * 301}, "record: label", "at most 300 characters"),
        ({"name": "Bri\u202edge"}, "record: label", "is invisible or not text"),
        ({"lat": "0", "lon": "0"}, "lat", "0, 0 lies in the sea"),
        ({"lon": ""}, "lon", "One of latitude and longitude is empty."),
        ({"lat": "500000", "lon": "4400000"}, "lat", "A latitude lies between"),
        ({"seen": "2021-02-30"}, "seen", "a day that 2021-02 does not have"),
        ({"type": "castle"}, "type", "This word is not mapped."),
    ],
)
def test_cells_that_the_register_does_not_take(plan_of, cells, column, reason):
    batch = plan_of(row(**cells), row(id="good"))

    assert (batch.counts["refused"], batch.counts["new"]) == (1, 1)
    assert all(told["mend"] for one in batch.rows.exclude(faults="") for told in one.fault_list)
    told = reasons(batch)[2][0]
    assert told[0] == column
    assert reason in told[2]


@pytest.mark.parametrize("zero", [("0", "0"), ("0.0", "0,000"), ("0.0000001", "-0.0000004"), ("0°0'0\"N", "0°0'0\"E")])
def test_a_position_at_0_0_is_refused_or_left_out_never_stored(plan_of, zero):
    bad = row(lat=zero[0], lon=zero[1])

    assert plan_of(bad).counts["refused"] == 1
    batch = apply(
        plan_of(bad, text=MAPPING.replace('longitude = "lon"', 'longitude = "lon"\nunreadable = "leave_out"'))
    )

    assert (batch.counts["new"], Monument.objects.count(), Location.objects.count()) == (1, 1, 0)
    assert batch.rows.get().remark_list[0]["reason"].startswith("0, 0 lies in the sea")


def test_the_sides_of_the_world_that_a_mapping_names_are_looked_at(plan_of):
    text = MAPPING.replace('longitude = "lon"', 'longitude = "lon"\nsides = { O = "West" }')

    assert plan_of(row(), text=text).report["problems"] == ["[position] sides has “O” = “West”; it can be: N, S, E, W."]


def test_repeated_identifiers_that_differ_are_refused_with_their_rows(plan_of):
    batch = plan_of(row(id="7"), row(id="8"), row(id="7", name="Another"), row(id="9"), row(id="9"))

    assert (batch.counts["new"], batch.counts["repeated"]) == (2, 3)
    assert batch.report["repeated"] == [{"identifier": "7", "rows": [2, 4]}, {"identifier": "9", "rows": [5, 6]}]
    told = reasons(batch)
    assert set(told) == {2, 4}
    assert "“7” stands in rows 2, 4, which differ" in told[2][0][2]


def test_leading_zeros_of_identifiers_are_kept(plan_of):
    apply(plan_of(row(id="0007"), row(id="007")))

    numbers = Name.objects.filter(kind="register_number").values_list("text", flat=True)
    assert sorted(numbers) == ["0007", "007"]


def test_a_file_without_rows_or_without_columns_of_the_mapping_is_refused(plan_of):
    assert "has a header but no rows" in plan_of().report["problems"][0]
    batch = plan_of(["1", "Bridge"], header=["id", "nmae"])
    assert batch.state == "refused"
    assert batch.report["problems"][0] == "The file has no column “name” (record.label). Do you mean “nmae”?"


def test_html_stays_text_and_formulas_stay_text_and_harmless(plan_of, tmp_path):
    formula, html = '=HYPERLINK("http://bad.example","x")', "<script>alert(1)</script>"
    batch = apply(plan_of(row(id="1", name=formula), row(id="2", name=html), row(id="3", name=formula, lat="x")))

    assert set(Monument.objects.values_list("label", flat=True)) == {formula, html}
    write_csv(batch, tmp_path / "report.csv")
    with open(tmp_path / "report.csv", encoding="utf-8-sig", newline="") as file:
        cells = [cell for line in csv.reader(file) for cell in line]
    assert "'" + formula in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert html in "".join(csv_text(batch))


def test_a_cell_of_a_million_characters_is_refused_where_a_name_is_wanted_and_kept_in_a_note(plan_of):
    text = MAPPING.replace('note = ["remarks"]', 'note = ["type"]').replace(
        "types = ", "types = { without = 'church' } #"
    )
    batch = plan_of(row(id="1", name="x" * 1_000_000), row(id="2", type="y" * 1_000_000), text=text)

    assert (batch.counts["refused"], batch.counts["new"]) == (1, 1)
    assert "(1,000,000 characters)" in batch.rows.get(number=2).fault_list[0]["value"]
    assert len(batch.rows.get(number=3).wanted_slots["record"]["note"]) == 1_000_006


def test_nothing_is_in_the_register_before_apply(plan_of):
    batch = plan_of(row(id="1"), row(id="2"))

    assert batch.state == "planned"
    assert (Monument.objects.count(), Source.objects.count(), Journal.objects.count()) == (0, 0, 0)
    assert batch.rows.get(number=2).cells["name"] == "Old bridge"


def test_a_file_that_changed_since_the_plan_is_not_applied(plan_of, tmp_path):
    batch = plan_of(row(id="1"))
    listed(tmp_path, row(id="1", name="Other"))

    with pytest.raises(Refused, match="was changed since it was planned"):
        apply(batch)
    assert Monument.objects.count() == 0


def test_a_record_that_came_into_the_register_since_the_plan_is_refused_not_doubled(plan_of):
    first, second = plan_of(row(id="1"), row(id="2")), plan_of(row(id="1"), row(id="2"))
    apply(first)

    apply(second)

    assert (Monument.objects.count(), second.counts["applied"], second.counts["refused"]) == (2, 0, 2)
    assert "has changed here since the plan" in second.rows.first().fault_list[0]["reason"]


def test_identifiers_of_a_relational_export_make_one_record_of_many_rows(plan_of):
    text = MAPPING.replace('column = "id"', 'column = "id"\nrepeated = "join"')
    batch = apply(
        plan_of(
            row(id="1", condition="good", seen="2019"),
            row(id="2"),
            row(id="1", name="The bridge", condition="bad", seen="2021"),
            text=text,
        )
    )

    assert (batch.counts["new"], batch.counts["repeated"]) == (2, 1)
    record = Monument.objects.get(names__text="1")
    assert set(record.names.words().values_list("text", flat=True)) == {"Old bridge", "The bridge"}
    assert sorted(record.claims.values_list("edtf", flat=True)) == ["2019", "2021"]


def test_rows_without_identifier_continue_the_record_above_where_the_mapping_says_so(plan_of):
    text = MAPPING + "[file]\ncontinues = true\n"
    batch = apply(
        plan_of(row(id="1"), row(id="", name="", type="", lat="", lon="", condition="bad", seen="2022"), text=text)
    )

    assert (batch.counts["new"], batch.counts["joined"], batch.counts["refused"]) == (1, 1, 0)
    assert Monument.objects.get().claims.count() == 2


def test_an_export_without_names_and_coordinates_has_its_number_in_the_title(plan_of):
    text = MAPPING.replace('label = "{name}"', 'label = ["{name}", "{type} {id}"]').replace(
        'text = "{name}"', 'text = ["{name}", "{type} {id}"]'
    )
    apply(plan_of(row(id="00123", name="", lat="", lon=""), text=text))

    assert Monument.objects.get().label == "bridge 00123"
    assert Location.objects.count() == 0


# Mappings


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('column = "id"', 'colunm = "id"', '[identifier] has “colunm”, which is not known; do you mean “column”?'),
        ('kind = "state_body"', 'kind = "ministry"', "[supplier] kind is “ministry”; it can be: state_body"),
        ('licence = "CC0"', "", "[supplier] lacks “licence”: under which the list may be used."),
        ("[identifier]", "[identifyer]", "The table [identifier] is missing."),
        ('"{name}"\ntypes', '"{name"\ntypes', "[record] label must be a text with columns in braces"),
        ("[position]", "[[position]]", "[position] must be a table."),
        ("title =", "title", "The mapping is no TOML"),
    ],
)  # fmt: skip
def test_a_faulty_mapping_says_where_and_what_it_can_be(old, new, told):
    with pytest.raises(MappingFaulty) as faulty:
        parse(MAPPING.replace(old, new))
    assert told in " ".join(faulty.value.faults)


def test_a_code_that_is_not_ours_is_told_before_anything_is_read(plan_of):
    batch = plan_of(row(), text=MAPPING.replace('good = "intact"', 'good = "intct"'))

    assert batch.report["problems"] == [
        "[[observation]] 1 value has “intct”, which is no code of ours; do you mean “intact”?"
    ]


def test_a_language_without_words_for_dates_is_told_with_those_that_have_some(plan_of):
    batch = plan_of(row(), text=MAPPING + '[dates]\nlanguage = ["hy"]\n')

    assert batch.state == "refused"
    assert "“hy”, of which no words are known; there are: de, en, es, fr, it, pt, ru, uk" in batch.report["problems"][0]


def test_an_unknown_mapping_names_those_there_are(db):
    with pytest.raises(MappingFaulty, match=r"no mapping “quebek”. Do you mean “quebec”\?"):
        load("quebek")


@pytest.mark.parametrize("name", ["cairo", "quebec", "sistan", "ukraine"])
def test_the_named_mappings_keep_to_the_schema(name):
    assert load(name).code == name


# The command


def test_the_command_plans_then_applies_exactly_that_then_publishes(terms, tmp_path, capsys):
    path, how = str(listed(tmp_path, row(id="1"), row(id="2", name=""))), mapping(tmp_path)

    call_command("import_monuments", path, mapping=how, json=True)
    planned = json.loads(capsys.readouterr().out)
    call_command("import_monuments", path, mapping=how, apply=True, json=True)
    applied = json.loads(capsys.readouterr().out)
    call_command("import_monuments", path, mapping=how, publish=True, json=True)
    published = json.loads(capsys.readouterr().out)

    counts = {
        "read": 2,
        "new": 1,
        "changed": 0,
        "same": 0,
        "vanished": 0,
        "repeated": 0,
        "refused": 1,
        "possible_duplicates": 0,
    }
    assert planned == {"batch": planned["batch"], **counts, "applied": 0}
    assert applied == published == {"batch": planned["batch"], **counts, "applied": 1}
    assert list(Monument.objects.values_list("stage", flat=True)) == ["published"]


def test_the_command_takes_an_import_back_once_and_says_why_it_cannot(terms, tmp_path, capsys):
    path, how = str(listed(tmp_path, row(id="1"), row(id="2"))), mapping(tmp_path)
    call_command("import_monuments", path, mapping=how, json=True)
    call_command("import_monuments", path, mapping=how, apply=True, json=True)
    ref = json.loads(capsys.readouterr().out.splitlines()[-1])["batch"]
    assert Monument.objects.count() == 2

    with pytest.raises(CommandError, match="There is no import"):
        call_command("import_monuments", undo="b0000")
    call_command("import_monuments", undo=ref, json=True)

    assert json.loads(capsys.readouterr().out) == {"batch": ref, "state": "undone"}
    assert (Monument.objects.count(), Name.objects.count(), Location.objects.count()) == (0, 0, 0)
    with pytest.raises(CommandError, match="This import is “Undone”; there is nothing to take back"):
        call_command("import_monuments", undo=ref)
    call_command("import_monuments", path, mapping=how, apply=True, json=True)
    again = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (again["new"], Monument.objects.count()) == (2, 2)
    call_command("import_monuments", path, mapping=how, publish=True, json=True)
    with pytest.raises(CommandError, match="“Old bridge”: "):
        call_command("import_monuments", undo=again["batch"])


def test_the_command_refuses_with_the_reasons(terms, tmp_path):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_monuments", str(tmp_path / "none.csv"), mapping="quebec")
    with pytest.raises(CommandError, match=r"Give the file and --mapping NAME\."):
        call_command("import_monuments", mapping="quebec")


def test_what_was_planned_and_changed_since_is_refused_by_the_command(terms, tmp_path):
    path, how = str(listed(tmp_path, row(id="1"))), mapping(tmp_path)
    call_command("import_monuments", path, mapping=how, json=True)
    listed(tmp_path, row(id="1", name="Other"))

    with pytest.raises(CommandError, match=r"was changed since it was planned\. Plan it again"):
        call_command("import_monuments", path, mapping=how, apply=True, json=True)
    assert Monument.objects.count() == 0


def test_a_long_value_is_shown_cut_with_its_length():
    assert fault("name", "x" * 500, "Too long.")["value"] == "x" * 200 + "… (500 characters)"


def test_every_row_is_accounted_for(plan_of):
    batch = plan_of(row(id="1"), row(id=""), row(id="1"), row(id="2", lat="x"))

    outcomes = Row.objects.filter(batch=batch).values_list("outcome", flat=True)
    assert sorted(outcomes) == sorted([Outcome.NEW, Outcome.REFUSED, Outcome.REPEATED, Outcome.REFUSED])
    assert batch.counts["read"] == 4
