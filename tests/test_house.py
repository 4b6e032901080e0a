"""The house itself: its walls, its commands, and that what the README says of it is true."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.urls import Resolver404, resolve
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

HOUSE = Path(__file__).resolve().parent.parent
README = (HOUSE / "README.md").read_text()
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]
COMMANDS = {"audit", "demo", "import_monuments", "publish", "rebuild_catalogue", "verify_ledger", "withdraw"}
ELSEWHERE = re.compile(
    r"(?<![\w.:/-])/(?:work|root|tmp|home)/"  # a path of one machine
    r"|pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|(?:deb|ftp)\.debian\.org"  # where packages come from
)
GREY_ROOMS = {"utils", "common", "helpers", "helper", "core", "misc"}


def tree():
    """Return the paths of all files that belong to the tree: tracked, or new and not ignored."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=HOUSE, check=True, capture_output=True, text=True).stdout.split("\0")
    return sorted(path for name in names if name and (path := HOUSE / name).is_file())


def named(paths):
    return [str(path.relative_to(HOUSE)) for path in paths]


def test_who_may_import_whom_holds(capsys):
    assert lint_imports(str(HOUSE / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.django_db
def test_the_migrations_say_what_the_models_say(capsys):
    call_command("makemigrations", check=True, dry_run=True)

    assert capsys.readouterr().out == "No changes detected\n"


def test_every_command_of_this_stage_exists():
    own = {name for name, room in get_commands().items() if room.startswith("heritage.")}

    assert own >= COMMANDS


def test_no_file_names_a_machine_or_a_place_packages_come_from():
    found = []
    for path in tree():
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(HOUSE)}:{n}: {hit[0]}"
            for n, line in enumerate(lines, 1)
            if (hit := ELSEWHERE.search(line))
        ]

    assert found == []


def test_no_module_is_a_grey_room():
    assert named(path for path in tree() if path.suffix == ".py" and GREY_ROOMS & {path.stem, *path.parts}) == []


def test_every_module_says_what_it_is_for():
    modules = [path for path in tree() if path.suffix == ".py" and "migrations" not in path.parts]
    silent = [path for path in modules if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text()))]

    assert named(silent) == []


def test_the_licence_is_the_one_that_the_project_names():
    assert (PROJECT["license"], PROJECT["license-files"]) == ("BSD-3-Clause", ["LICENSE"])
    assert (HOUSE / "LICENSE").read_text().startswith("BSD 3-Clause License\n")
    assert "(LICENSE)" in README


def test_every_relative_link_of_the_readme_leads_somewhere():
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", README) if "://" not in target]

    assert targets != []
    assert [target for target in targets if target and not (HOUSE / target).exists()] == []


def test_every_anchor_of_the_readme_is_one_of_its_headings():
    headings = {heading_anchor(line) for line in README.splitlines() if line.startswith("#")}

    assert [anchor for anchor in re.findall(r"\]\(#([^)]+)\)", README) if anchor not in headings] == []


def heading_anchor(line):
    return re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")


def test_every_command_that_the_readme_names_exists_with_its_options():
    named_in_readme = set(re.findall(r"manage\.py ([a-z_]+)((?: \[?--[a-z-]+(?: [A-Z…]+)?\]?)*)", README))
    wrong = [f"{name}{options}" for name, options in named_in_readme if not understood(name, options)]

    assert {name for name, _ in named_in_readme} >= COMMANDS
    assert wrong == []


def understood(name, options):
    """Tell whether the management command ``name`` exists and takes every option in the text ``options``."""
    room = get_commands().get(name)
    if room is None:
        return False
    command = load_command_class(room, name) if isinstance(room, str) else room
    return set(re.findall(r"--[a-z-]+", options)) <= set(
        command.create_parser("manage.py", name)._option_string_actions
    )


def test_the_readme_tells_of_every_setting_and_of_no_other():
    settings = (HOUSE / "heritage" / "settings.py").read_text()
    read = set(re.findall(r'(?:environ\.get|listed)\(\s*"([A-Z_]+)"', settings)) | {"DATABASE_URL"}
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", README, flags=re.MULTILINE))

    assert told == read


def test_every_address_that_the_readme_names_is_served():
    addresses = re.findall(r"`(/[a-z][^`\s]*|/)`", README)
    lost = []
    for address in addresses:
        try:
            resolve(address.replace("<ref>", "cbdmnsbk26bd").replace("<n>", "1"))
        except Resolver404:
            lost.append(address)

    assert "/monuments/" in addresses
    assert lost == []


def test_the_two_commands_of_the_readme_are_the_ones_that_are_proved():
    proved = (HOUSE / ".ci" / "run").read_text()

    assert ".venv/bin/pip install -e . && .venv/bin/python manage.py demo" in README
    assert ".venv/bin/pip install -e '.[test]' && .venv/bin/pytest -n auto --dist loadfile`" in README
    assert '/bin/pip" install -qq -e .\n' in proved
    assert ".venv/bin/pip install -qq -e '.[test]'\n" in proved
    assert ".venv/bin/pytest -n auto --dist loadfile " in proved
