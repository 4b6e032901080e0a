"""Whoever brings a list can read the files that were brought with it, and no other file of the server."""

import os
import shutil

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from heritage.intake.applying import apply
from heritage.intake.file_names import file_in, why_not_plain
from heritage.intake.mapping import MappingFaulty, parse, text_of
from heritage.intake.models import Batch, Mapping
from heritage.intake.planning import begin, plan
from heritage.intake.readers import Choices, Unreadable, open_table
from heritage.intake.schema import LISTS, TABLES
from heritage.intake.uploads import safe_name
from heritage.registry.models import Monument
from heritage.registry.steps import Refused
from tests.trust.imports import (
    JOIN,
    LIST,
    LOOKUP,
    MAPPING,
    MEDIA,
    at,
    bring,
    contributor_at,
    fresh,
    preview,
    read,
)

SECRET = "tH3-s3cret,key-0f-this-server"
#: What leads out of the folder, or to something that is no file, in the ways that systems and programs know.
LEADING_OUT = [
    *(
        "",
        " ",
        ".",
        "..",
        "/",
        "/etc/passwd",
        "../outside.csv",
        "sub/../../outside.csv",
        "./states.csv",
        "sub/states.csv",
    ),
    *("..\\outside.csv", "sub\\states.csv", "\\\\server\\share\\states.csv", "C:\\states.csv", "c:states.csv"),
    *("~/states.csv", "~root", ".hidden.csv", "..csv", "states.csv ", " states.csv", "states.csv.", "states.csv\0.txt"),
    *("\0", "sta\ntes.csv", "sta\u202etes.csv", "states\u200b.csv", "%2e%2e%2foutside.csv", "..%2Foutside.csv"),
    *("..%5coutside.csv", "file:///etc/passwd", "/proc/self/environ", "/dev/zero", "CON", "nul", "aux.csv", "com1.txt"),
    *("lock", "progress", "said", "progress.fresh", "SAID", "*.csv", "states?.csv", "a" * 201, "é" * 101, "\ud800.csv"),
]
PLAIN = [
    "states.csv",
    "États (2).csv",
    "photos_NS.xlsx",
    "a",
    "list-of.the.town,1990+.csv",
    "100%.csv",
    "фото.ods",
    "...".join("ab"),
]


@pytest.fixture
def client(db, settings, tmp_path):
    return contributor_at(settings, tmp_path)


@pytest.fixture
def secret(tmp_path):
    """A file of the server that nobody uploaded."""
    path = tmp_path / "var" / "secret_key"
    path.parent.mkdir()
    path.write_text(SECRET)
    return path


def toml(text):
    return '"' + "".join(f"\\u{ord(sign):04x}" if not sign.isalnum() else sign for sign in text) + '"'


@pytest.mark.parametrize("table", [LOOKUP, JOIN, MEDIA])
def test_a_contributor_cannot_read_the_secret_key_through_a_mapping(client, secret, table):
    batch = bring(client, LIST)

    said = preview(client, batch, MAPPING + table % toml(str(secret)))

    assert "is no plain name of a file" in said
    assert "Give the name of a file that lies beside the list, such as states.csv." in said
    assert not any(part in said.replace(str(secret), "") for part in SECRET.split(","))


@pytest.mark.parametrize("do", ["preview", "plan"])
def test_what_was_typed_is_kept_where_a_mapping_is_refused(client, secret, do):
    batch = bring(client, LIST)
    text = MAPPING + LOOKUP % toml(str(secret))

    answer = client.post(at("text", batch), {"toml": text, "name": "office-list", "do": do})

    assert answer.context["form"]["toml"].value() == text
    assert (Mapping.objects.count(), fresh(batch).mapping_text) == (0, "")


def test_the_command_takes_no_table_from_a_folder_above(db, tmp_path, settings):
    contributor_at(settings, tmp_path)
    folder = tmp_path / "brought"
    folder.mkdir()
    (tmp_path / "outside.csv").write_text("k,v\n1,SECRETVALUE\n")
    (folder / "list.csv").write_text(LIST)
    (folder / "small.toml").write_text(MAPPING.replace('"{name}"', '"{name} {w}"') + LOOKUP % '"../outside.csv"')

    with pytest.raises(CommandError, match=r"is “\.\./outside\.csv”, which is no plain name") as refused:
        call_command("import_monuments", folder / "list.csv", mapping=str(folder / "small.toml"), apply=True)

    assert "SECRETVALUE" not in str(refused.value)
    assert (Monument.objects.count(), Batch.objects.get().state) == (0, "refused")


@pytest.mark.parametrize("name", LEADING_OUT)
def test_only_the_plain_name_of_a_file_is_taken(name, tmp_path):
    assert why_not_plain(name)
    with pytest.raises(Unreadable):
        file_in(tmp_path, name)


@pytest.mark.parametrize("name", PLAIN)
def test_plain_names_in_any_script_are_taken(name, tmp_path):
    (tmp_path / name).write_text("k,v\n")

    assert why_not_plain(name) == ""
    assert file_in(tmp_path, name) == tmp_path / name


def test_every_key_of_a_mapping_that_names_a_file_takes_plain_names_alone():
    every = [(table, name, key) for table, keys in (TABLES | LISTS).items() for name, key in keys.items()]

    assert [table for table, name, _key in every if name == "file"] == ["lookup", "join", "media"]
    assert [table for table, _name, key in every if key.kind == "file"] == ["lookup", "join", "media"]
    for table in (LOOKUP, JOIN, MEDIA):
        assert parse(MAPPING + table % '"states.csv"')
        for name in LEADING_OUT[:-1]:  # half a letter cannot be written in TOML
            with pytest.raises(MappingFaulty, match="no plain name of a file"):
                parse(MAPPING + table % toml(name))


def test_a_link_that_leads_out_a_pipe_and_a_device_are_not_read(tmp_path, secret):
    folder = tmp_path / "import"
    folder.mkdir()
    (folder / "link.csv").symlink_to(secret)
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    (folder / "null.csv").symlink_to("/dev/null")
    (folder / "folder.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / "inside.csv").write_text("k,v\n")
    (folder / "linked.csv").symlink_to(folder / "inside.csv")
    shutil.copytree(folder, tmp_path / "elsewhere", symlinks=True, ignore=shutil.ignore_patterns("pipe.csv"))

    for name in ("link.csv", "loop.csv", "null.csv", "folder.csv", "pipe.csv", "missing.csv"):
        with pytest.raises(Unreadable, match="is not beside the main one"):
            file_in(folder, name)
    assert file_in(folder, "linked.csv").read_text() == "k,v\n"
    with pytest.raises(Unreadable):
        file_in(tmp_path / "elsewhere", "linked.csv")  # which leads to the other folder


@pytest.mark.parametrize("table", [LOOKUP, JOIN, MEDIA])
def test_a_mapping_that_an_earlier_version_kept_reads_nothing_and_breaks_no_page(client, secret, table):
    text = MAPPING + table % toml(str(secret))
    Mapping.objects.create(name="old", text=text)
    batch = bring(client, LIST)
    Batch.objects.filter(pk=batch.pk).update(mapping_name="old", mapping_text=text, state="planned")

    pages = [client.get(at(name, batch), follow=True) for name in ("file", "change", "mapping", "text", "words")]
    chosen = client.post(at("file", batch), {"do": "mapping", "mapping": "old"}, follow=True)
    for verb in ("plan", "apply", "submit", "publish", "undo"):
        pages.append(client.post(at("do", batch, verb=verb), follow=True))

    assert {answer.status_code for answer in (*pages, chosen)} <= {200, 403}
    assert not any(SECRET[:10] in read(answer) for answer in (*pages, chosen))
    assert "is no plain name of a file" in read(chosen)
    assert Monument.objects.count() == 0


def test_an_import_planned_by_an_earlier_version_is_not_applied(client, secret):
    batch = bring(client, LIST)
    Batch.objects.filter(pk=batch.pk).update(mapping_text=MAPPING + LOOKUP % toml(str(secret)), state="planned")

    said = read(client.post(at("do", batch, verb="apply"), follow=True))

    assert "The mapping cannot be used any more, so nothing was applied. Mend it and plan the import again." in said
    assert Monument.objects.count() == 0


def test_a_mapping_chosen_at_the_desk_is_a_name_and_never_a_path(client, tmp_path):
    path = tmp_path / "secret.toml"
    path.write_text(f'title = "{SECRET}"\n{MAPPING}')
    batch = bring(client, LIST)

    for name in (str(path), "../mappings/quebec", "quebec.toml", "quebec\0", "a" * 5000, "."):
        said = read(client.post(at("file", batch), {"do": "mapping", "mapping": name}, follow=True))
        assert "There is no mapping" in said
        assert SECRET not in said
        with pytest.raises(MappingFaulty):
            text_of(name)
    assert fresh(batch).mapping_text == ""


def test_a_list_brought_on_the_server_names_no_further_tables_at_the_desk(client, tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "list.csv").write_text(LIST)
    (folder / "states.csv").write_text("k,v\n1,good\n")
    (folder / "salaries.csv").write_text("who,how much\nJane,1000\n")
    (folder / "m.toml").write_text(MAPPING + LOOKUP % '"states.csv"')
    batch = plan(begin(str(folder / "list.csv"), str(folder / "m.toml")))

    known = preview(client, batch, MAPPING + LOOKUP % '"states.csv"')
    asked = preview(client, batch, MAPPING + LOOKUP % '"salaries.csv"')
    Mapping.objects.create(name="greedy", text=MAPPING + JOIN % '"salaries.csv"')
    chosen = read(client.post(at("file", batch), {"do": "mapping", "mapping": "greedy"}, follow=True))
    listed = read(client.get(at("file", batch)))

    assert batch.state == "planned"
    assert "Chapel" in known
    for said in (asked, chosen, listed):
        assert "“salaries.csv” cannot be read: the list was brought on the server, not uploaded." in said
        assert "how much" not in said
    assert fresh(batch).mapping_name == "m"


def test_what_the_register_writes_into_the_folder_of_an_import_is_no_table_of_it(client):
    batch = bring(client, LIST)
    preview(client, batch, MAPPING, do="plan")

    assert (fresh(batch).state, safe_name("progress")) == ("planned", "progress")
    for name in ("progress", "lock", "said"):
        upload = {"do": "beside", "beside": SimpleUploadedFile(name, b"k,v\n1,x\n")}
        assert "is a name that the system or the register uses itself" in read(client.post(at("file", batch), upload))
        assert "is no plain name of a file" in preview(client, batch, MAPPING + LOOKUP % f'"{name}"')
    said = read(client.get(at("file", batch)))
    assert "Tables that belong to the file (0)" in said


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../settings.py", "settings.py"),
        ("..\\..\\settings.py", "settings.py"),
        ("/etc/cron.d/x", "x"),
        ("a\0b.csv", "a_b.csv"),
        ("a\r\nb.csv", "a__b.csv"),
        (".bashrc", "bashrc"),
        ("%2e%2e%2fa.csv", "_2e_2e_2fa.csv"),
        ("a.12345678901 x", "a.12345678901"),
        ("\u202etxt.csv", "_txt.csv"),
        ("...", "file"),
    ],
)
def test_an_uploaded_file_gets_a_plain_name_in_its_own_folder(given, kept):
    assert safe_name(given) == kept
    assert why_not_plain(kept) == ""


def test_two_uploads_whose_names_differ_in_capitals_do_not_take_one_another_s_place(client, settings):
    batch = bring(client, LIST, "list.csv")

    upload = {"do": "beside", "beside": SimpleUploadedFile("LIST.CSV", b"k,v\n")}
    said = read(client.post(at("file", batch), upload))

    assert "There is a file “LIST.CSV” already. Rename one of them." in said
    assert [path.read_text() for path in (settings.IMPORTS_DIR / batch.ref).glob("*.*")] == [LIST]


NOT_OF_TEXT = [
    *(
        "zlib",
        "zlib_codec",
        "bz2",
        "hex",
        "base64",
        "uu",
        "quopri",
        "rot13",
        "rot_13",
        "unicode_escape",
        "raw_unicode_escape",
    ),
    *(
        "idna",
        "punycode",
        "undefined",
        "utf-7",
        "charmap",
        "mbcs",
        "oem",
        "string-escape",
        "os.path",
        "../encodings/utf_8",
    ),
    *("a\0b", "x" * 500, "utf-8\n", " ", "ü"),
]


@pytest.mark.parametrize("name", NOT_OF_TEXT)
def test_an_encoding_is_one_of_text(name, tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"k,name\n1,xn--bcher-kva \\u0041\n")

    with pytest.raises(Unreadable, match="There is no encoding"):
        open_table(path, Choices(encoding=name))


def test_no_page_tells_where_on_the_server_a_file_lay(client, settings):
    batch = bring(client, LIST)
    shutil.rmtree(settings.IMPORTS_DIR)

    pages = [read(client.get(at(name, batch), follow=True)) for name in ("file", "mapping", "text", "change")]
    planned = read(client.post(at("do", batch, verb="plan"), follow=True))

    assert "There is no file list.csv." in pages[0]
    assert not any(str(settings.IMPORTS_DIR) in said for said in (*pages, planned))


def test_an_import_whose_table_was_taken_away_is_not_applied(client, settings):
    batch = bring(client, LIST)
    table = {"do": "beside", "beside": SimpleUploadedFile("states.csv", b"k,v\n1,good\n")}
    client.post(at("file", batch), table)
    preview(client, batch, MAPPING + LOOKUP % '"states.csv"', do="plan")
    kept = settings.IMPORTS_DIR / batch.ref / "states.csv"
    kept.unlink()
    kept.symlink_to("/etc/passwd")

    batch = fresh(batch)
    assert batch.state == "planned"
    with pytest.raises(Refused, match=r"states\.csv is no longer where it was planned from"):
        apply(batch)
    assert Monument.objects.count() == 0
