"""Programs that we did not write judge the bag of the demonstration register, and refuse its tampered twins."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from heritage.archive.verifying import verify
from tests.archive.shelf import export, illustrate
from tests.catalogue.scratch import LONGEST

pytestmark = pytest.mark.django_db

HOUSE = settings.BASE_DIR
PLACES = [os.environ.get("JUDGES", ""), HOUSE / ".judges" / "bin", Path(sys.prefix) / "bin"]
VNU = HOUSE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix dct: <http://purl.org/dc/terms/> .
[] a sh:NodeShape ; sh:targetClass skos:Concept ;
  sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ; sh:uniqueLang true ; sh:datatype rdf:langString ] ;
  sh:property [ sh:path skos:inScheme ; sh:minCount 1 ; sh:maxCount 1 ; sh:class skos:ConceptScheme ] ;
  sh:property [ sh:path skos:notation ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path skos:broader ; sh:class skos:Concept ] .
[] a sh:NodeShape ; sh:targetClass skos:ConceptScheme ; sh:property [ sh:path dct:title ; sh:minCount 1 ] .
"""


def program(name):
    """Return the path of a judge's program."""
    found = next((Path(place) / name for place in PLACES if place and (Path(place) / name).exists()), None)
    if found is None:
        pytest.skip(f"{name} is not installed (extra “judges”)")
    return str(found)


def asked(*command, folder=None):
    """Run a program that knows nothing of us; return its exit status and what it said."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "DJANGO_SETTINGS_MODULE")
    }
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env=environment, capture_output=True, text=True, timeout=LONGEST * 2
    )
    return done.returncode, done.stdout + done.stderr


def python(script, *arguments):
    """Run a few lines with the Python that has the judges' libraries."""
    neighbour = Path(program("frictionless")).with_name("python")
    return asked(neighbour, "-c", script, *arguments)


@pytest.fixture(scope="module")
def original(demo, django_db_blocker, tmp_path_factory):
    """The bag of the demonstration register with a photograph with a position, a pair before and after, and a document."""
    with django_db_blocker.unblock():
        kept, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("store")
        illustrate()
        made = export(tmp_path_factory.mktemp("original") / "bag")
        settings.MEDIA_ROOT = kept
    return made


@pytest.fixture
def twin(original, tmp_path):
    """A copy to tamper with."""
    return shutil.copytree(original, tmp_path / "twin")


def change_a_byte(bag):
    path = bag / "data/tables/statuses.csv"
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)


def add_a_file(bag):
    (bag / "data/added.txt").write_text("added")


def remove_a_file(bag):
    (bag / "data/vocabulary.ttl").unlink()


def remove_an_edition(bag):
    path = bag / "data/editions.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))


TAMPERED = [change_a_byte, add_a_file, remove_a_file, remove_an_edition]


def bagit(bag):
    return asked(program("bagit.py"), "--validate", "--quiet", bag)


def bagit_utils(bag):
    script = "import sys, pathlib; from bagit_utils import Bag; report = Bag(pathlib.Path(sys.argv[1])).validate(); print(report); sys.exit(not report.valid)"
    return python(script, bag)


@pytest.mark.parametrize("judge", [bagit, bagit_utils])
class TestBagit:
    """Programs for BagIt."""

    def test_accepts_the_bag(self, judge, original):
        assert judge(original)[0] == 0

    @pytest.mark.parametrize("tamper", TAMPERED)
    def test_refuses_a_tampered_twin_and_so_do_we(self, judge, twin, tamper):
        tamper(twin)

        assert judge(twin)[0] != 0
        assert not verify(twin).valid


def profile(bag):
    return asked(
        program("bagit_profile.py"),
        "--no-logfile",
        "--file",
        bag / "bagit-profile.json",
        "urn:heritage-register:bagit-profile:1",
        bag,
    )


def test_the_profile_holds(original):
    status, said = profile(original)

    assert (status, "Validates against urn:heritage-register:bagit-profile:1" in said) == (0, True)


def test_the_profile_refuses_a_bag_without_its_level(twin):
    info = twin / "bag-info.txt"
    info.write_text(info.read_text().replace("Heritage-Level: public\n", ""))

    assert profile(twin)[0] != 0
    assert not verify(twin).valid


def crate(bag, cache):
    judge = program("rocrate-validator")
    status, said = asked(Path(judge).with_name("python"), HOUSE / "tests/archive/seed_rocrate.py", cache)
    assert status == 0, said
    offline = ("--offline", "--cache-path", cache, "--no-paging", "-v")
    return asked(judge, "validate", *offline, "-p", "ro-crate-1.3", "-l", "required", ".", folder=bag / "data")


def test_the_research_object_is_valid(original, tmp_path):
    status, said = crate(original, tmp_path / "cache")

    assert (status, "is a valid ro-crate-1.3" in said) == (0, True), said


def test_a_research_object_that_names_what_is_not_there_is_refused(twin, tmp_path):
    remove_a_file(twin)

    assert crate(twin, tmp_path / "cache")[0] != 0


def test_frictionless_accepts_the_tables_and_refuses_a_changed_one(original, twin):
    judge = program("frictionless")
    assert asked(judge, "validate", "datapackage.json", folder=original / "data/tables")[0] == 0
    change_a_byte(twin)
    assert asked(judge, "validate", "datapackage.json", folder=twin / "data/tables")[0] != 0


def test_csvw_accepts_the_tables_and_refuses_a_key_that_is_there_twice(original, twin):
    judge = program("csvwvalidate")
    assert asked(judge, "csv-metadata.json", folder=original / "data/tables")[0] == 0
    path = twin / "data/tables/monuments.csv"
    path.write_bytes(path.read_bytes() + path.read_bytes().splitlines(keepends=True)[1])
    assert asked(judge, "csv-metadata.json", folder=twin / "data/tables")[0] != 0


GEOJSON = """
import json, sys, geojson_validator
content = json.load(open(sys.argv[1]))
structure = geojson_validator.validate_structure(content)
geometry = geojson_validator.validate_geometries(content) if not structure else {}
wrong = structure or geometry["invalid"] or geometry["problematic"]
print(len(content["features"]), wrong)
sys.exit(bool(wrong))
"""


def test_the_map_is_geojson_and_a_position_on_no_globe_is_refused(original, twin):
    assert python(GEOJSON, original / "data/monuments.geojson")[0] == 0
    path = twin / "data/monuments.geojson"
    path.write_text(re.sub(r'"coordinates":\[[^]]*\]', '"coordinates":[460,39]', path.read_text()))
    assert python(GEOJSON, path)[0] == 1


SKOS = """
import sys, rdflib, pyshacl
data = rdflib.Graph().parse(sys.argv[1])
conforms, _graph, text = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(data=sys.argv[2], format="turtle"))
print(len(data), text)
sys.exit(not conforms)
"""


def test_the_vocabulary_is_skos_in_its_right_form(original, twin):
    status, said = python(SKOS, original / "data/vocabulary.ttl", SHAPES)
    assert status == 0, said
    path = twin / "data/vocabulary.ttl"
    path.write_text(
        path.read_text().replace(
            "vocabulary:monument_type> a skos:ConceptScheme", "vocabulary:lost> a skos:ConceptScheme"
        )
    )
    assert python(SKOS, path, SHAPES)[0] == 1


def nu(folder):
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    if not VNU.exists():
        pytest.skip("the npm package vnu-jar is not installed")
    return asked("java", "-jar", VNU, "--skip-non-html", folder)


def test_the_pages_are_correct_html(original, twin):
    status, said = nu(original / "data/site")
    assert (status, said) == (0, "")
    path = twin / "data/site/about.html"
    path.write_text(path.read_text().replace("</h1>", "</h2>"))
    assert nu(path)[0] != 0


def lost_links(site):
    """Return the links of the pages in ``site`` that lead nowhere on the disk: {address: page}."""
    lost, names = {}, {}
    for page in site.rglob("*.html"):
        for address in map(html.unescape, re.findall(r'\s(?:href|src)="([^"]*)"', page.read_text())):
            if address.startswith(("http://", "https://")):
                continue
            path, _mark, name = address.partition("#")
            there = (page.parent / path).resolve() if path else page
            if there.is_file() and there.suffix == ".html" and there not in names:
                names[there] = set(re.findall(r'\sid="([^"]+)"', there.read_text()))
            if not there.is_file() or (name and name not in names.get(there, {name})):
                lost[address] = str(page.relative_to(site))
    return lost


def test_every_link_of_the_pages_leads_somewhere_on_the_disk(original, twin):
    assert lost_links(original / "data/site") == {}
    (twin / "data/site/about.html").unlink()
    assert set(lost_links(twin / "data/site")) >= {"about.html"}


def test_no_page_needs_a_server_or_a_script(original):
    for page in (original / "data/site").rglob("*.html"):
        content = page.read_text()
        assert "<script" not in content
        assert "<form" not in content
        assert 'href="/' not in content
        assert "register.invalid" not in content


def test_held_pictures_are_on_their_pages(original):
    media = {path.name for path in (original / "data/media").iterdir()}
    shown = set()
    for page in (original / "data/site/monuments").rglob("*.html"):
        shown |= set(re.findall(r'/media/([0-9a-f]{64}\.[a-z]+)"', page.read_text()))

    assert shown == media
    assert len(media) == 4


def test_every_public_record_has_its_page(original):
    site = original / "data/site"
    for line in (original / "data/ledger.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if entry["subject"] != "vocabulary":
            assert (site / f"{entry['subject']}s" / entry["ref"][:2] / f"{entry['ref']}.html").is_file()


def test_its_own_readme_tells_how_to_check_it_with_standard_tools(original):
    """The very commands of README.txt, in a shell."""
    readme = (original / "data/README.txt").read_text()
    payload, tags, names, record, entry = short_commands(readme)[:5]
    for silent in (payload, tags, names):
        assert asked("sh", "-c", silent, folder=original) == (0, "")
    found = asked("sh", "-c", record, folder=original)[1].split()[0]
    assert found == json.loads(asked("sh", "-c", entry, folder=original)[1])["sha256"]
    every, chain = long_commands(readme)
    head = json.loads((original / "data/ledger.jsonl").read_text().splitlines()[-1])["link"]
    assert asked("sh", "-c", every, folder=original) == (0, "")
    assert asked("sh", "-c", chain, folder=original) == (0, f"{head}\n")


def short_commands(readme):
    """Return the commands of one line that a README gives."""
    return [line[31:] for line in readme.splitlines() if line.startswith(" " * 31)]


def long_commands(readme):
    """Return the commands of several lines that a README gives: for all editions, and for the chain."""
    return re.findall(r"^       (sed .*?)\n(?= {0,5}\S)", readme, flags=re.MULTILINE | re.DOTALL)


def test_the_commands_of_the_readme_find_what_was_changed_added_or_lost(twin):
    payload, _tags, names, *_rest = short_commands((twin / "data/README.txt").read_text())
    change_a_byte(twin)
    assert "data/tables/statuses.csv: FAILED" in asked("sh", "-c", payload, folder=twin)[1]
    add_a_file(twin)
    remove_a_file(twin)
    assert asked("sh", "-c", names, folder=twin)[1] == "data/added.txt\ndata/vocabulary.ttl\n"


def test_the_commands_of_the_readme_find_an_altered_edition_and_a_missing_link(twin):
    every, chain = long_commands((twin / "data/README.txt").read_text())
    editions, ledger = twin / "data/editions.jsonl", twin / "data/ledger.jsonl"
    lines = editions.read_text().splitlines()
    editions.write_text("\n".join([*lines[:4], lines[4].replace("place", "palace"), *lines[5:], ""]))
    links = ledger.read_text().splitlines()
    ledger.write_text("\n".join([*links[:9], *links[10:], ""]))

    sha256, ref = json.loads(links[4])["sha256"], json.loads(links[10])["ref"]
    assert asked("sh", "-c", every, folder=twin)[1].startswith(f"differs: {sha256}\n")
    assert asked("sh", "-c", chain, folder=twin)[1].startswith(f"the chain breaks at {ref} version 1\n")
