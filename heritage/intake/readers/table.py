"""What every reader gives: the columns, what was found out about the file, and the rows as text."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

MOST_ROWS = 1_000_000_000  # above a header
LONGEST_NAME = 1_000  # of a column


class Unreadable(Exception):
    """A file that is not taken. ``where`` names the byte, line, row or sheet; ``mend`` says what to do instead."""

    def __init__(self, what, where="", mend=""):
        self.what, self.where, self.mend = what, where, mend
        super().__init__(" ".join(part for part in (what, where, mend) if part))


@dataclass(frozen=True)
class Choices:
    """What a person or a mapping says about a file; empty is found out. ``header``: the row with the column names, from 1."""

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header: int = 1


@dataclass(slots=True)
class Line:
    """One row. ``number`` is counted as a spreadsheet does (or is the number of the feature), ``line`` is that of a text file.

    ``cells``: text by column name. ``geometry``: of GeoJSON, or None. ``fault``: what is wrong with the row as a whole.
    """

    number: int
    cells: dict
    line: int | None = None
    geometry: dict | None = None
    fault: str = ""


@dataclass
class Table(ABC):
    """A file being read. ``found``: format, encoding, delimiter, sheet and the like, in words for people."""

    path: Path
    choices: Choices
    columns: list = field(default_factory=list)
    found: dict = field(default_factory=dict)
    stream: object = None

    def __post_init__(self):
        self.open()

    @abstractmethod
    def open(self):
        """Find out about the file and read its columns."""

    def estimate(self, rows):
        """Return how many rows there will be, judged after ``rows`` of them; None where that cannot be told."""
        read = self.stream.buffer.tell() if self.stream is not None and not self.stream.closed else 0
        return None if not read else max(rows, round(rows * self.path.stat().st_size / read))

    @abstractmethod
    def __iter__(self):
        """Yield each ``Line``, rows without any text left out."""


def headed(names, where):
    """Return the column names of a header row on one line each, blanks around them cut. Raises: Unreadable for one that stands twice."""
    names = [" ".join(part.strip() for part in as_text(name).splitlines()).strip() for name in names]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Unreadable("The header row is empty.", where, "Say which row holds the column names.")
    seen = {}
    for place, name in enumerate(names, 1):
        if len(name) > LONGEST_NAME:
            raise Unreadable(
                f"The name of column {place} has {len(name):,} characters; at most {LONGEST_NAME:,} are taken.",
                where,
                "Say which row holds the column names, or shorten it.",
            )
        if name in seen:
            raise Unreadable(
                f"The column “{name}” stands twice in the header (columns {seen[name]} and {place}).",
                where,
                "Rename one of them.",
            )
        if name:
            seen[name] = place
    return [name or f"column {place}" for place, name in enumerate(names, 1)]


def fitted(values, columns):
    """Return (cells by column, fault) of a row of ``values``; cells beyond the header are a fault unless they are empty."""
    if len(values) == len(columns):
        return dict(zip(columns, values, strict=True)), ""
    if len(values) < len(columns):
        return dict(zip(columns, [*values, *[""] * (len(columns) - len(values))], strict=True)), ""
    cells = dict(zip(columns, values, strict=False))
    if not any(values[len(columns) :]):
        return cells, ""
    cells["beyond the header"] = " | ".join(values[len(columns) :])
    return cells, f"The row has {len(values)} cells, the header {len(columns)}."


def as_text(value):
    """Return the value of a cell as text: whole numbers without “.0”, dates as ISO 8601, nothing as an empty text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return as_number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, int | timedelta) else ""


def as_number(value):
    """Return a float as people write it."""
    if not math.isfinite(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
