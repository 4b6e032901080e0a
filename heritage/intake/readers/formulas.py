"""Cells of a workbook that are empty to every reader but a spreadsheet program: formulas that were never worked out, and errors.

Source: ECMA-376 part 1, 18.3.1.4 (XLSX: the cell with its formula and value); OpenDocument 1.3 part 3, 19.385 (value types).
"""

import re
import zipfile
from html import unescape

PIECE = 1 << 20
LONGEST_CELL = 1 << 16
#: Every part stops at the next tag and none is tried twice, so that the time grows with the text whatever is in it.
CELL = re.compile(
    rb"<(?:\w++:)?c\b(?P<its>[^<>]*[^/<>])>\s*+"
    rb"(?P<formula><(?:\w++:)?f\b(?:[^<>]*/>|[^<>]*+>[^<]*+</(?:\w++:)?f>)\s*+)?"
    rb"(?:<(?:\w++:)?v>(?P<value>[^<]*+)</(?:\w++:)?v>|<(?:\w++:)?v\s*+/>)?"
)
TABLE = re.compile(rb"<table:table(?:\s(?P<table>[^<>]*+)|-cell\b(?P<its>[^<>]*+))>")
NAME = re.compile(rb'table:name="([^"]*+)"')
TAG, ATTRIBUTE = re.compile(r"<(?:\w++:)?(?:sheet|Relationship)\b[^<>]*+>"), re.compile(r'\b(\w++)="([^"]*+)"')
REFERENCE, KIND = re.compile(rb'\br="(\w+)"'), re.compile(rb'\bt="(\w+)"')


def unworked(path, sheet):
    """Return (how many cells of ``sheet`` have a formula without a stored value or an error for one, names of the first five)."""
    count, first = 0, []
    with zipfile.ZipFile(path) as packed:
        found = of_ods(packed, sheet) if "content.xml" in packed.namelist() else of_xlsx(packed, sheet)
        for name in found:
            count += 1
            if count <= 5:
                first.append(name)
    return count, first


def of_xlsx(packed, sheet):
    """Yield the names of such cells."""
    part = part_of(packed, sheet)
    for piece in pieces(packed, part, (b"<c ", b":c ")) if part else ():
        if b"<f" not in piece and b":f" not in piece and b't="e"' not in piece:
            continue
        for cell in CELL.finditer(piece):
            kind = KIND.search(cell["its"])
            kind = kind and kind[1]
            if kind == b"e" or (cell["formula"] and not cell["value"] and kind != b"str"):
                name = REFERENCE.search(cell["its"])
                error = f" ({(cell['value'] or b'').decode()})" if kind == b"e" else ""
                yield (name[1].decode() if name else "?") + error


def part_of(packed, sheet):
    """Return the name of the part that holds ``sheet``, or None."""
    targets = {}
    for one in TAG.findall(packed.read("xl/_rels/workbook.xml.rels").decode()):
        said = dict(ATTRIBUTE.findall(one))
        targets[said.get("Id")] = said.get("Target", "")
    for one in TAG.findall(packed.read("xl/workbook.xml").decode()):
        said = dict(ATTRIBUTE.findall(one))
        if unescape(said.get("name", "")) == sheet and said.get("id") in targets:
            target = targets[said["id"]]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def of_ods(packed, sheet):
    """Yield the formulas of such cells."""
    here = ""
    for piece in pieces(packed, "content.xml", (b"<table:",)):
        for found in TABLE.finditer(piece):
            if found["table"] is not None:
                name = NAME.search(found["table"])
                here = unescape(name[1].decode()) if name else here
            elif here == sheet and b"table:formula=" in found["its"] and b"office:value-type=" not in found["its"]:
                formula = re.search(rb'table:formula="([^"]*)"', found["its"])
                yield formula[1].decode()[:60] if formula else "?"


def pieces(packed, part, beginnings):
    """Yield the bytes of a part some at a time, each ending before a cell begins."""
    with packed.open(part) as file:
        kept = b""
        while read := file.read(PIECE):
            whole = kept + read
            cut = max(whole.rfind(one) for one in beginnings)
            cut = cut if cut > 0 and len(whole) - cut < LONGEST_CELL else len(whole)
            yield whole[:cut]
            kept = whole[cut:]
        yield kept
