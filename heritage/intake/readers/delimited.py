"""CSV, TSV and their relatives. Source: RFC 4180, and what programs write instead of it."""

import csv
from contextlib import suppress
from itertools import islice

from heritage.intake.readers.encodings import encoding_of
from heritage.intake.readers.table import MOST_ROWS, Line, Table, Unreadable, fitted, headed

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
NO_DELIMITERS = '"\r\n\0'
LONGEST_CELL = 16_000_000
TRIED = 50
csv.field_size_limit(LONGEST_CELL)


class DelimitedTable(Table):
    """A text with a delimiter; encoding and delimiter are found out where they are not chosen."""

    def open(self):
        self.encoding = encoding_of(self.path, self.choices.encoding)
        named = {name: sign for sign, name in DELIMITERS.items()}
        self.delimiter = named.get(self.choices.delimiter, self.choices.delimiter) or self.sniffed()
        if len(self.delimiter) != 1 or self.delimiter in NO_DELIMITERS:
            raise Unreadable(f"“{self.delimiter}” is no delimiter.", mend="Choose a single sign, such as ; or tab.")
        self.found = {
            "format": "CSV",
            "encoding": self.encoding.name,
            "encoding_sure": self.encoding.sure,
            "examples": list(self.encoding.words),
            "delimiter": DELIMITERS.get(self.delimiter, self.delimiter),
        }
        with self.text() as text:
            rows = csv.reader(text, delimiter=self.delimiter, strict=True)
            self.columns = headed(self.guarded(self.header, rows), f"Row {self.choices.header}.")

    def text(self):
        return self.path.open(encoding=self.encoding.name, newline="")

    def sniffed(self):
        """Return the delimiter that parts the first rows into most columns, as many in each."""
        best, most = ",", (0, 0)
        for sign in DELIMITERS:
            with self.text() as text:
                lengths = self.lengths(csv.reader(text, delimiter=sign))
            if lengths and (lengths[0] - 1) * lengths.count(lengths[0]) > 0:
                reached = (lengths.count(lengths[0]) * 10 // len(lengths), lengths[0])
                best, most = (sign, reached) if reached > most else (best, most)
        return best

    def lengths(self, rows):
        """Return how many cells the first rows have, as far as they can be read."""
        found = []
        with suppress(csv.Error):  # which is told when the rows are read
            for row in islice(rows, min(self.choices.header - 1, TRIED), TRIED):
                found += [len(row)] if row else []
        return found

    def header(self, rows):
        return next(islice(rows, min(self.choices.header - 1, MOST_ROWS), None), [])

    def guarded(self, step, rows):
        """Return ``step(rows)``; what the parser cannot read is told with its line."""
        try:
            return step(rows)
        except csv.Error as fault:
            raise Unreadable(
                f"A quotation mark or the end of a cell is out of place ({fault}).",
                f"Near line {rows.line_num:,}.",
                f'Inside a quoted cell a quotation mark is written twice: "". A cell has at most {LONGEST_CELL:,} characters.',
            ) from fault

    def __iter__(self):
        columns, blank = self.columns, [""]
        with self.text() as text:
            self.stream = text
            rows = csv.reader(text, delimiter=self.delimiter, strict=True)
            self.guarded(self.header, rows)
            number = self.choices.header
            while (row := self.guarded(lambda rows: next(rows, None), rows)) is not None:
                number += 1
                if not row or row == blank or not any(row):
                    continue
                cells, fault = fitted(row, columns)
                yield Line(number, cells, line=rows.line_num, fault=fault or repeats_header(row, columns))


def repeats_header(row, columns):
    """Return what to say of a row that is the header once more."""
    return (
        "The row repeats the header."
        if row[0].strip() == columns[0] and [cell.strip() for cell in row] == columns
        else ""
    )
