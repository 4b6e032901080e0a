"""Suppliers' files as tables of text, row by row: CSV and TSV, XLSX and ODS, GeoJSON. Pure Python; no Django here.

    table = open_table("list.csv", Choices(encoding="windows-1251"))
    table.columns, table.found         what was found out about the file
    for line in table: …               its rows, one at a time

Raises: Unreadable, which says what is wrong, where, and what to do instead.
"""

from pathlib import Path

from heritage.intake.readers.delimited import DelimitedTable
from heritage.intake.readers.features import FeatureTable
from heritage.intake.readers.kinds import kind_of
from heritage.intake.readers.table import Choices, Line, Table, Unreadable
from heritage.intake.readers.workbook import WorkbookTable, sheets_of

__all__ = ["Choices", "Line", "Table", "Unreadable", "open_table", "sheets_of"]

LARGEST = 2_000_000_000
READERS = {"csv": DelimitedTable, "xlsx": WorkbookTable, "ods": WorkbookTable, "geojson": FeatureTable}


def open_table(path, choices=None, largest=LARGEST) -> Table:
    """Open the table in the file ``path``; ``choices`` say what is not to be found out. ``largest``: bytes. Raises: Unreadable."""
    path, choices = Path(path), choices or Choices()
    try:
        return opened(path, choices, largest)
    except OSError as fault:
        raise Unreadable(f"{path.name} cannot be read: {fault.strerror or fault}.", mend="Bring it again.") from fault


def opened(path, choices, largest):
    """Return the table of a file of a kind that is taken. Raises: Unreadable, OSError."""
    if not path.is_file():
        raise Unreadable(f"There is no file {path.name}.", mend="Check the name and the folder.")
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(f"{path.name} is empty (0 bytes).", mend="Export it again.")
    if size > largest:
        raise Unreadable(
            f"{path.name} has {size:,} bytes; at most {largest:,} are taken.", mend="Split it into several files."
        )
    found = kind_of(path)
    kind = choices.format or found
    if kind not in READERS:
        raise Unreadable(f"There is no format “{kind}”.", mend=f"Choose one of: {', '.join(READERS)}.")
    return READERS[kind](path, choices)
