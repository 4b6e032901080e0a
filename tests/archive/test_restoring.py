"""A bag comes back whole: a working register, and the next bag has the same bytes, from either database to the other."""

import json
import shutil

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from heritage.archive.shelves import IMPORTS, SHELVES
from heritage.catalogue import audit
from heritage.catalogue.models import Edition, Entry
from heritage.catalogue.publish import publish, rebuild
from heritage.intake.applying import apply
from heritage.intake.models import Batch, Supplied
from heritage.intake.undoing import undo
from heritage.intake.uploads import folder_of
from heritage.registry.models import Journal, Media, Monument, Review, Source, Term
from heritage.registry.private import make_folder
from heritage.registry.steps import Refused
from tests.archive.shelf import clear, contents, export, hide_secrets, illustrate, restore, take_in_lists
from tests.catalogue.scratch import OnPostgresql, OnSqlite
from tests.registry.make import make_publishable_monument, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(demo, db):
    return illustrate()


@pytest.mark.parametrize("level", ["public", "full"])
def test_a_restored_register_gives_the_same_bag_again(shown, tmp_path, level):
    hide_secrets()
    bag = export(tmp_path / "bag", level)
    clear()
    restore(bag)

    assert list(audit.faults()) == []
    assert contents(export(tmp_path / "again", level)) == contents(bag)


def test_a_public_bag_gives_a_register_to_read(shown, tmp_path, client):
    page = client.get(f"/monuments/{shown.ref}/").content
    listed = client.get("/monuments.json").content
    bag = export(tmp_path / "bag", site=False)
    clear()
    assert client.get(f"/monuments/{shown.ref}/").status_code == 404

    restore(bag)

    assert client.get(f"/monuments/{shown.ref}/").content == page
    assert client.get("/monuments.json").content == listed
    assert Monument.objects.count() == Term.objects.count() == 0


def test_a_register_to_read_is_in_order_though_a_source_was_withheld_after_its_publication(shown, tmp_path):
    source = make_source("A title that endangers somebody")
    monument = make_publishable_monument("Tower")
    monument.claims.get().citations.update(source=source)
    publish([monument])
    Source.objects.filter(pk=source.pk).update(access_level="withheld", withheld_because="safety")
    Monument.objects.filter(pk=monument.pk).update(label="Round tower")
    publish([Monument.objects.get(pk=monument.pk)])
    bag = export(tmp_path / "bag", site=False)
    clear()
    restore(bag)

    assert Edition.objects.of(source.ref).first().record == ""
    assert list(audit.faults()) == []
    assert contents(export(tmp_path / "again", site=False)) == contents(bag)


def test_a_full_bag_gives_a_working_desk(shown, tmp_path):
    history = list(Journal.objects.values_list("ref", "verb")), list(Review.objects.values_list("ref"))
    types = {one.ref: sorted(one.types.values_list("code", flat=True)) for one in Monument.objects.all()}
    broader = dict(Term.objects.values_list("ref", "broader__ref"))
    bag = export(tmp_path / "bag", "full", site=False)
    clear()
    restore(bag)

    assert (list(Journal.objects.values_list("ref", "verb")), list(Review.objects.values_list("ref"))) == history
    assert {one.ref: sorted(one.types.values_list("code", flat=True)) for one in Monument.objects.all()} == types
    assert dict(Term.objects.values_list("ref", "broader__ref")) == broader
    item = Media.objects.get(label="Before")
    assert item.file.size == item.size
    monument = Monument.objects.create(label="Registered after the restoration")
    assert monument.pk > Monument.objects.exclude(pk=monument.pk).order_by("-pk").first().pk


def test_imports_come_back_and_go_on_where_they_were(shown, tmp_path, settings):
    settings.IMPORTS_DIR = tmp_path / "imports"
    applied, planned = take_in_lists(tmp_path)
    raw = list(planned.rows.values_list("number", "identifier", "outcome", "raw"))
    assert {outcome for _number, _identifier, outcome, _raw in raw} >= {
        "changed",
        "same",
        "new",
        "repeated",
        "vanished",
    }
    bag = export(tmp_path / "bag", "full", site=False)
    clear()
    assert Batch.objects.count() == 0
    restore(bag)

    assert contents(export(tmp_path / "again", "full", site=False)) == contents(bag)
    again = Batch.objects.get(ref=planned.ref)
    assert list(again.rows.values_list("number", "identifier", "outcome", "raw")) == raw
    shutil.copy(tmp_path / again.file_name, make_folder(folder_of(again)))  # no bag holds it: it is brought again
    apply(again)
    assert again.counts["applied"] == again.counts["changed"] + again.counts["new"] == 3
    undo(again)
    undo(Batch.objects.get(ref=applied.ref))
    assert Supplied.objects.count() == 0


def test_other_programs_load_the_fixtures_with_loaddata(shown, tmp_path):
    bag = export(tmp_path / "bag", "full", site=False)
    clear()
    call_command("loaddata", *sorted((bag / "data" / "fixtures").iterdir()), verbosity=0)
    call_command("rebuild_catalogue", verbosity=0)
    restored = export(tmp_path / "again", "full", site=False, media=False)

    same = [path.name for path in (bag / "data" / "fixtures").iterdir()]
    assert len(same) == len(SHELVES) - 2 - len(IMPORTS)  # there is no custody event yet, no custodian and no import
    for name in same:
        path = f"data/fixtures/{name}"
        assert (restored / path).read_bytes() == (bag / path).read_bytes()


def test_a_database_that_is_not_empty_is_refused_and_left_as_it_is(shown, tmp_path):
    bag = export(tmp_path / "bag", site=False)
    before = Edition.objects.count(), Entry.objects.count()

    with pytest.raises(Refused, match="not empty"):
        restore(bag)

    assert (Edition.objects.count(), Entry.objects.count()) == before


def resealed(bag, change):
    """Change a fixture as somebody would who knows how bags are made: with every hash made anew."""
    from heritage.archive.bag import Bag

    work = bag.with_name("resealed")
    with Bag(work) as made:
        for path in sorted(bag.joinpath("data").rglob("*")):
            if path.is_file():
                name = str(path.relative_to(bag / "data"))
                made.put(name, change(name, path.read_bytes()))
        lines = [line.split(": ", 1) for line in (bag / "bag-info.txt").read_text().splitlines()]
        info = [(label, value) for label, value in lines if label != "Payload-Oxum"]
        made.finish(info, {"bagit-profile.json": (bag / "bagit-profile.json").read_bytes()})
    return work


def with_field(shelf, **fields):
    """Return a change that sets fields of the first row of the fixture ``shelf``."""

    def change(name, content):
        if shelf not in name:
            return content
        first, *rest = content.decode().splitlines()
        row = json.loads(first)
        row["fields"].update(fields)
        return "\n".join([json.dumps(row), *rest, ""]).encode()

    return change


@pytest.mark.parametrize(
    ("shelf", "fields", "why"),
    [
        ("registry-actor", {"shoe_size": 44}, r"full-04-registry-actor.jsonl, line 1, shoe_size: it is unknown here"),
        ("registry-actor", {"label": 44}, r"line 1, label: “44” is not of the kind"),
        ("registry-actor", {"label": "x" * 301}, r"line 1, label: the text is too long"),
        ("registry-name", {"monument": ["nobody00"]}, r"registry-name"),
        ("registry-location", {"latitude": "91.000000"}, r"registry-location.*refuses it"),
        ("registry-status", {"claimant": ["x"]}, r"claimant: it is unknown here or missing"),
        (
            "registry-media",
            {"held": True, "file": "../../outside.jpg", "sha256": "0" * 64},
            r"Media item .* is not in the bag",
        ),
    ],
)
def test_a_fixture_with_a_mistake_is_refused_with_its_place_and_nothing_is_stored(shown, tmp_path, shelf, fields, why):
    bag = resealed(export(tmp_path / "bag", "full", site=False), with_field(shelf, **fields))
    clear()

    with pytest.raises(Refused, match=why):
        restore(bag)

    assert [shelf.label for shelf in SHELVES if shelf.model._base_manager.exists()] == []


def test_a_file_never_leaves_the_store(shown, tmp_path, store):
    bag = export(tmp_path / "bag", "full", site=False)
    item = Media.objects.filter(held=True, media_type="image/jpeg").order_by("ref").first()
    moved = resealed(
        bag,
        lambda name, content: (
            content.replace(item.file.name.encode(), b"../../outside.jpg") if "media.jsonl" in name else content
        ),
    )
    clear()

    with pytest.raises(Refused, match=r"not a place for a file|refuses"):
        restore(moved)

    assert not (store.parent.parent / "outside.jpg").exists()
    assert [path for path in store.rglob("*") if path.is_file()] == []


def test_from_sqlite_to_postgresql_and_back_the_bytes_stay(tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL is there to go to")
    here, there = OnSqlite(tmp_path), OnPostgresql(tmp_path)
    there.make("there")
    try:
        assert here.manage("first", "demo", "--no-serve")[0] == 0
        bags = [tmp_path / f"bag{number}" for number in range(3)]
        for number, (place, name) in enumerate([(here, "first"), (there, "there"), (here, "second")]):
            if number:
                for command in (["migrate", "-v0"], ["restore_archive", str(bags[number - 1])]):
                    assert place.manage(name, *command)[0] == 0
                for command in (["rebuild_catalogue", "--check"], ["audit"], ["verify_ledger"]):
                    assert place.manage(name, *command)[0] == 0
            assert place.manage(name, "export_archive", str(bags[number]), "--level", "full")[0] == 0
        assert contents(bags[1]) == contents(bags[0])
        assert contents(bags[2]) == contents(bags[0])
    finally:
        there.clear()
        shutil.rmtree(tmp_path, ignore_errors=True)


def test_no_savepoint_is_held_while_the_index_is_made_anew(shown):
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        rebuild()

    assert [one["sql"] for one in asked.captured_queries if "SAVEPOINT" in one["sql"]] == []
