"""Imports in the admin, from the file to the readers: what each page says, who may do what, and what bad files do."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from heritage.intake.models import Batch, Mapping, Outcome, Verdict
from heritage.intake.planning import begin
from heritage.registry.models import Monument, Source, Status
from tests.intake.desk import LIST, SUPPLIER, at, bring, coded, do, filled_in, fresh, mapped, read, ready
from tests.registry.conftest import signed_in
from tests.registry.make import make_user

pytestmark = pytest.mark.django_db


def test_a_list_goes_from_the_file_to_the_readers(contributor, reviewer, client):
    batch = bring(contributor)
    assert "Format CSV" in (said := read(contributor.get(at("file", batch))))
    assert "Encoding utf-8" in said
    assert "Columns are parted by semicolon" in said
    assert "Kapelle am See" in said

    batch = mapped(contributor)
    assert (batch.state, batch.counts["refused"]) == (
        "planned",
        3,
    )  # the words of the column “Zustand” have no code yet
    assert "gut (2), zerfallen (1)" in read(contributor.get(at("change", batch)))
    batch = coded(contributor, batch, gut="intact", zerfallen="ruined")
    assert (batch.counts["new"], batch.counts["refused"], Monument.objects.count()) == (3, 0, 0)

    batch, said = do(contributor, batch, "apply")
    assert "Of 3 records, 3 are drafts, 0 are with the reviewers, 0 are published." in said
    batch, said = do(contributor, batch, "submit")
    assert "They wait for a reviewer" in said
    batch, said = do(reviewer, batch, "publish")
    assert "Of 3 records, 0 are drafts, 0 are with the reviewers, 3 are published." in said

    listed = client.get(f"/monuments.json?source={Source.objects.get().ref}").json()["monuments"]
    assert [one["label"] for one in listed] == ["Alte Mühle", "Kapelle am See", "Oberes Tor"]
    assert [one["condition"]["value"] for one in listed] == ["intact", "intact", "ruined"]


def test_the_page_of_a_record_says_from_which_import_and_row_it_came(contributor):
    batch, _said = do(contributor, ready(contributor), "apply")
    mill = Monument.objects.get(label="Alte Mühle")

    answer = contributor.get(reverse("admin:registry_monument_change", args=[mill.pk]))

    assert "From row 3 of the import of “list.csv”" in read(answer)
    row = batch.rows.get(monument=mill)
    assert at("row", batch, row=row.pk) in answer.content.decode()
    assert "Nr 002 Name Alte Mühle Ort Bergdorf" in read(contributor.get(at("row", batch, row=row.pk)))


def test_the_next_file_shows_what_changed_field_by_field_and_what_vanished(contributor):
    do(contributor, ready(contributor), "apply")
    later = LIST.replace("Kapelle am See;Seedorf", "Kapelle am Teich;Seedorf").replace("003;", "004;")

    batch = bring(contributor, later, "later.csv")
    contributor.post(at("file", batch), {"do": "mapping", "mapping": SUPPLIER["name"]})

    batch = fresh(batch)
    counts = {name: batch.counts[name] for name in ("new", "changed", "same", "vanished")}
    assert counts == {"new": 1, "changed": 1, "same": 1, "vanished": 1}
    said = read(contributor.get(at("rows", batch), {"outcome": "changed"}))
    assert "Kapelle am See Kapelle am Teich" in said
    assert "003" in read(contributor.get(at("rows", batch), {"outcome": "vanished"}))


def test_a_refused_row_says_column_value_reason_and_mend(contributor):
    batch = ready(contributor, content=LIST.replace("47.20000", "4x7"))

    said = read(contributor.get(at("rows", batch), {"outcome": "refused"}))

    assert batch.counts["refused"] == 1
    assert "Row 3 002" in said
    assert "Breite 4x7 :" in said
    assert batch.rows.get(outcome="refused").fault_list[0]["mend"] in said


def test_rows_are_listed_some_at_a_time_each_once(contributor, django_assert_num_queries):
    lines = "".join(f"{n};House {n};Town;47.1;9.5;gut\n" for n in range(120))
    batch = coded(contributor, mapped(contributor, LIST.splitlines()[0] + "\n" + lines), gut="intact")

    seen, address = [], f"{at('rows', batch)}?outcome=new"
    while address:
        with django_assert_num_queries(7):
            answer = contributor.get(address)
        leaf = answer.context["leaf"]
        seen += [row.identifier for row in leaf.rows]
        address = f"{at('rows', batch)}?outcome=new&after={leaf.after}" if leaf.after else ""

    assert seen == [str(n) for n in range(120)]
    back = [leaf]
    while back[-1].before:
        answer = contributor.get(at("rows", batch), {"outcome": "new", "before": back[-1].before})
        back.append(answer.context["leaf"])
    assert [one.rows[0].identifier for one in back] == ["100", "50", "0"]
    assert 'rel="prev"' not in answer.content.decode()
    [found] = contributor.get(at("rows", batch), {"find": "77"}).context["leaf"].rows
    assert found.number == 79
    assert contributor.get(at("rows", batch), {"outcome": "rumour"}).status_code == 404


# Bad files and hostile values


def test_html_and_formulas_in_cells_are_text_and_the_csv_runs_nothing(contributor):
    evil = LIST.replace("Kapelle am See", '"<script>alert(1)</script>"').replace(
        "Alte Mühle", '"=HYPERLINK(""http://x"")"'
    )
    batch = ready(contributor, content=evil)

    for name, more in (("file", {}), ("rows", {}), ("change", {}), ("mapping", {})):
        assert "<script>alert" not in contributor.get(at(name, batch), more).content.decode()
    batch, _said = do(contributor, batch, "apply")
    assert set(Monument.objects.values_list("label", flat=True)) >= {
        "<script>alert(1)</script>",
        '=HYPERLINK("http://x")',
    }
    answer = contributor.get(at("report", batch))
    table = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [line["label"] for line in table][:2] == ["<script>alert(1)</script>", '\'=HYPERLINK("http://x")']
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan list.csv"'


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/<b>passwd</b>.csv", "b_.csv"),
        ("..\\..\\secret list.csv", "secret list.csv"),
        (".htaccess.csv", "htaccess.csv"),
        ("Перелік.csv", "Перелік.csv"),
        ("a" * 250 + ".csv", "a" * 120 + ".csv"),
    ],
)
def test_a_file_keeps_within_its_folder_whatever_it_is_called(contributor, imports, given, kept):
    batch = bring(contributor, name=given)

    assert batch.path == str(imports / batch.ref / kept)
    assert (imports / batch.ref / kept).read_text() == LIST
    assert (imports / batch.ref).stat().st_mode & 0o777 == 0o700


def test_a_file_that_is_too_large_is_refused_and_nothing_is_kept(contributor, imports, settings):
    settings.IMPORT_MAX_MB = 1

    answer = contributor.post(reverse("admin:intake_batch_add"), {"file": io.BytesIO(b"a;b\n" + b"1;2\n" * 300_000)})
    much = contributor.post(reverse("admin:intake_batch_add"), {"file": io.BytesIO(b"1;2\n" * 900_000)})

    assert "has 1 MB; at most 1 MB are taken" in read(answer)
    assert much.status_code == 413
    assert (Batch.objects.count(), list(imports.glob("*/*"))) == (0, [])


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_kept(contributor, imports):
    imports.write_text("a file where the folder should be")

    answer = contributor.post(reverse("admin:intake_batch_add"), {"file": io.BytesIO(LIST.encode())})

    assert "could not be stored: Not a directory." in read(answer)
    assert Batch.objects.count() == 0


def test_two_files_of_one_name_are_refused_and_neither_is_kept(contributor, imports):
    files = {"file": SimpleUploadedFile("list.csv", b"a;b"), "beside": SimpleUploadedFile("list.csv", b"c;d")}

    answer = contributor.post(reverse("admin:intake_batch_add"), files)

    assert "There is a file “list.csv” already." in read(answer)
    assert (Batch.objects.count(), list(imports.iterdir())) == (0, [])


def test_a_list_read_by_the_command_tells_nothing_of_the_folder_where_it_lies(contributor, tmp_path):
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "salaries.csv").write_text("who;how much")
    batch = begin(str(tmp_path / "list.csv"), "quebec")

    said = read(contributor.get(at("file", batch)))

    assert "Kapelle am See" in said
    assert "salaries" not in said


def test_an_old_workbook_is_refused_with_what_to_do_instead(contributor):
    batch = bring(contributor, b"\xd0\xcf\x11\xe0" + bytes(600), "old.xls")

    said = read(contributor.get(at("file", batch)))

    assert (
        "old.xls is an old Excel workbook (.xls) or one with a password. "
        "Open it in a spreadsheet program and save it as .xlsx without a password." in said.replace("  ", " ")
    )
    assert contributor.get(at("mapping", batch)).status_code == 302


def test_another_encoding_can_be_chosen_and_is_kept(contributor):
    batch = bring(contributor, LIST.encode("windows-1252"))

    contributor.post(at("file", batch), {"do": "choices", "encoding": "windows-1250", "header": "1"})

    assert fresh(batch).choices == {"encoding": "windows-1250"}
    assert "Encoding cp1250" in read(contributor.get(at("file", batch)))


def test_a_file_that_changed_since_its_plan_is_not_applied(contributor):
    batch = ready(contributor)
    with open(batch.path, "a") as file:
        file.write("004;More;Town;47;9;gut\n")

    batch, said = do(contributor, batch, "apply")

    assert "was changed since it was planned" in said
    assert (batch.state, Monument.objects.count()) == ("planned", 0)


# Mappings


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"supplier": ""}, "This field is required."),
        ({"role-0": ""}, "Say which column is the number or key"),
        ({"role-2": "identifier"}, "Only one column can be “Number or key in this list”; now it is “Nr”, “Ort”."),
        ({"role-3": ""}, "“Longitude” says nothing without a column that is “Latitude”."),
        ({"label": "{Namen}"}, "The file has no column “Namen” (record.label). Do you mean “Name”?"),
        ({"list_date": "last year"}, "The supplier in the mapping cannot be entered."),
        ({"name": "quebec"}, "There is a mapping “quebec” already."),
        ({"list_date": ""}, "“Condition” needs a date: say the date of the list, or which column is"),
        ({"window": "old"}, "Give two years, such as 1930-2029."),
    ],
)
def test_a_mapping_that_cannot_be_used_is_told_and_not_kept(contributor, said, told):
    batch = bring(contributor)
    suggested = filled_in(contributor.get(at("mapping", batch), {"fresh": "1"}).context["form"])

    answer = contributor.post(at("mapping", batch), {**suggested, **SUPPLIER, **said, "do": "plan"})

    assert told in read(answer)
    assert (Mapping.objects.count(), fresh(batch).state) == (0, "new")


def test_the_first_rows_are_shown_as_they_would_become_and_nothing_is_kept(contributor):
    batch = bring(contributor)
    suggested = filled_in(contributor.get(at("mapping", batch), {"fresh": "1"}).context["form"])

    said = read(contributor.post(at("mapping", batch), {**suggested, **SUPPLIER, "do": "look"}))

    assert "Row 2 · 001 · Kapelle am See" in said
    assert "latitude 47.100000 longitude 9.500000" in said
    assert Mapping.objects.count() == 0


def test_a_mapping_can_be_written_as_text_and_its_mistakes_are_told(contributor):
    batch = ready(contributor)
    form = filled_in(contributor.get(at("text", batch)).context["form"])

    wrong = contributor.post(at("text", batch), {**form, "toml": form["toml"].replace("scheme", "sheme"), "do": "plan"})
    right = contributor.post(
        at("text", batch), {**form, "toml": form["toml"].replace('"ruined"', '"destroyed"'), "do": "plan"}
    )

    assert "[identifier] has “sheme”, which is not known; do you mean “scheme”?" in read(wrong)
    assert right.status_code == 302
    assert '"destroyed"' in Mapping.objects.get().text
    assert fresh(batch).counts["new"] == 3


def test_a_mapping_that_says_more_than_the_form_is_edited_as_text(contributor):
    batch = ready(contributor)
    batch.mapping_text += '\n[[attribution]]\nfacet = "denomination"\nvalue = "Catholic"\n'
    batch.save()

    assert contributor.get(at("mapping", batch)).headers["Location"] == at("text", batch)


# Likely duplicates, taking back, discarding


def test_likely_duplicates_are_decided_on_and_remembered(contributor):
    do(contributor, ready(contributor), "apply")
    other = {"source": "Another list", "scheme": "Other numbers", "name": "another", "role-5": "note"}
    batch = mapped(contributor, LIST.replace("\n00", "\nX"), "other.csv", **other)
    pairs = [pair["one"] for pair in contributor.get(at("duplicates", batch)).context["pairs"]]
    assert [pair.row.label for pair in pairs] == ["Kapelle am See", "Alte Mühle", "Oberes Tor"]

    contributor.post(
        at("duplicates", batch), {f"pair-{pairs[0].pk}": "no", f"pair-{pairs[1].pk}": "yes", f"pair-{pairs[2].pk}": ""}
    )

    assert list(Verdict.objects.order_by("identifier").values_list("identifier", "same")) == [
        ("X1", False),
        ("X2", True),
    ]
    batch = fresh(batch)
    assert (batch.counts["new"], batch.counts["changed"], batch.counts["possible_duplicates"]) == (2, 1, 1)
    assert batch.rows.get(identifier="X2").outcome == Outcome.CHANGED
    do(contributor, batch, "plan")
    assert fresh(batch).counts["possible_duplicates"] == 1


def test_an_import_is_taken_back_while_nothing_was_built_on_it(contributor):
    batch, _said = do(contributor, ready(contributor), "apply")
    assert "The 3 records that this import made are deleted" in read(contributor.get(at("undo", batch)))

    batch, said = do(contributor, batch, "undo")

    assert (batch.state, Monument.objects.count(), Status.objects.count()) == ("undone", 0, 0)
    assert "The import was taken back." in said


def test_an_import_that_was_built_on_is_not_taken_back(contributor):
    batch, _said = do(contributor, ready(contributor), "apply")
    batch, _said = do(contributor, batch, "submit")

    assert "“Alte Mühle”: the journal has “submit” by" in read(contributor.get(at("undo", batch)))
    batch, said = do(contributor, batch, "undo")

    assert "“Alte Mühle”: the journal has “submit” by" in said
    assert (batch.state, Monument.objects.count()) == ("applied", 3)


def test_an_import_that_is_not_in_the_register_can_be_discarded(contributor, imports):
    batch = ready(contributor)

    gone, said = do(contributor, batch, "discard")

    assert gone is None
    assert "“list.csv” was discarded." in said
    assert not (imports / batch.ref).exists()


def test_what_may_not_be_published_is_left_out_and_told(contributor, reviewer):
    batch, _said = do(contributor, ready(contributor), "apply")
    batch, _said = do(contributor, batch, "submit")
    Monument.objects.filter(label="Oberes Tor").update(hold="Ask the parish first.")

    batch, said = do(reviewer, batch, "publish")

    assert "1 are with the reviewers, 2 are published." in said
    assert "Oberes Tor : It is held back: Ask the parish first." in said


# Who may


def with_permissions(*codenames):
    client = Client()
    client.user = make_user()
    client.user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(client.user)
    return client


def test_a_viewer_sees_and_does_nothing(contributor):
    batch = ready(contributor)
    viewer = with_permissions("view_batch")

    for name in ("change", "rows", "duplicates", "report", "progress"):
        assert viewer.get(at(name, batch)).status_code == 200
    assert "Apply the plan" not in read(viewer.get(at("change", batch)))
    for name in ("file", "mapping", "text", "words", "undo"):
        assert viewer.get(at(name, batch)).status_code == 403
    for verb in ("plan", "apply", "submit", "publish", "undo", "discard"):
        assert viewer.post(at("do", batch, verb=verb)).status_code == 403
    assert viewer.post(at("duplicates", batch), {"pair-1": "yes"}).status_code == 403
    assert viewer.post(reverse("admin:intake_batch_add")).status_code == 403
    assert (fresh(batch).state, Monument.objects.count()) == ("planned", 0)


def test_who_may_only_plan_applies_nothing_and_strangers_see_nothing(contributor, client):
    batch = ready(contributor)
    planner, stranger = with_permissions("add_batch"), signed_in(None)

    assert planner.post(at("do", batch, verb="apply")).status_code == 403
    assert planner.post(at("do", batch, verb="plan")).status_code == 302
    assert stranger.get(at("change", batch)).status_code == 403
    assert client.get(at("report", batch)).status_code == 302  # to the page where one signs in
    assert contributor.get(at("do", batch, verb="apply")).status_code == 405
    assert contributor.post(at("do", batch, verb="bless")).status_code == 404


def test_without_the_token_of_the_page_nothing_is_done(contributor):
    batch = ready(contributor)
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(contributor.user)

    for address in (at("do", batch, verb="apply"), at("words", batch), reverse("admin:intake_batch_add")):
        assert forged.post(address).status_code == 403
    assert Monument.objects.count() == 0


def test_nobody_publishes_what_they_brought_in_where_a_second_person_is_needed(reviewer):
    batch, _said = do(reviewer, ready(reviewer), "apply")
    batch, said = do(reviewer, batch, "submit")
    assert "A second person must publish them" in said

    batch, said = do(reviewer, batch, "publish")

    assert "None of the 3 records can be published." in said
    assert Monument.objects.published().count() == 0


def test_the_front_page_tells_of_imports_that_are_not_finished(contributor):
    ready(contributor)

    said = read(contributor.get(reverse("admin:index")))

    assert "Imports not finished (1)" in said
    assert "list.csv" in said
    assert "Planned: 3 new, 0 changed. Nothing is in the register yet." in said
    assert "Imports not finished" not in read(signed_in(None).get(reverse("admin:index")))


@pytest.mark.parametrize("size", [1, 8])
def test_the_list_of_imports_costs_the_same_however_long(contributor, django_assert_num_queries, size):
    for number in range(size):
        bring(contributor, name=f"list {number}.csv")

    with django_assert_num_queries(8):
        assert contributor.get(reverse("admin:intake_batch_changelist")).status_code == 200
