"""Small lists and a mapping for tests: any cell and any table can be told."""

import csv
import io

MAPPING = """
title = "A small list"
[supplier]
name = "Office of Monuments"
kind = "state_body"
source = "List of monuments"
licence = "CC0"
attribution = "Office of Monuments"
[identifier]
scheme = "Office list"
column = "id"
[record]
label = "{name}"
types = { column = "type", words = { church = "church", bridge = "bridge" }, unmapped = "refuse", optional = true }
note = ["remarks"]
[[name]]
text = "{name}"
language = "en"
kind = "official"
[position]
latitude = "lat"
longitude = "lon"
optional = true
[[observation]]
value = { column = "condition", words = { good = "intact", bad = "major_damage" } }
date = "seen"
optional = true
"""
HEADER = ["id", "name", "type", "lat", "lon", "condition", "seen"]
ROW = ["1", "Old bridge", "bridge", "40.1", "45.2", "good", "2020-05-01"]


def mapping(tmp_path, text=MAPPING):
    """Write a mapping and return its path."""
    path = tmp_path / "small.toml"
    path.write_text(text)
    return str(path)


def listed(tmp_path, *rows, header=HEADER, name="list.csv"):
    """Write a CSV file of ``rows``, lists of cells, and return its path."""
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    path = tmp_path / name
    path.write_text(text.getvalue(), newline="")
    return path


def row(**cells):
    """Return a good row with some other cells."""
    return [cells.get(name, value) for name, value in zip(HEADER, ROW, strict=True)]
