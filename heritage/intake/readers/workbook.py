"""Workbooks: XLSX and ODS."""

from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from heritage.intake.readers.delimited import repeats_header
from heritage.intake.readers.formulas import unworked
from heritage.intake.readers.table import MOST_ROWS, Line, Table, Unreadable, as_text, fitted, headed


class WorkbookTable(Table):
    """One sheet of a workbook; it must be named where several have rows."""

    def open(self):
        self.name, self.sheet = self.chosen(self.book())
        self.found = {"format": "XLSX" if self.path.suffix.lower() == ".xlsx" else "workbook", "sheet": self.name}
        self.refuse_unworked()
        rows = self.rows()
        self.columns = headed(
            next(islice(rows, min(self.choices.header - 1, MOST_ROWS), None), []),
            f"Sheet “{self.name}”, row {self.choices.header}.",
        )

    def book(self):
        try:
            return CalamineWorkbook.from_path(str(self.path))
        except (CalamineError, OSError) as fault:
            raise Unreadable(f"{self.path.name} cannot be opened: {fault}.", mend="Save it again as .xlsx.") from fault

    def chosen(self, book):
        """Return (name, sheet) of the sheet to read. Raises: Unreadable where it is not named and several have rows."""
        names = book.sheet_names
        if self.choices.sheet:
            if self.choices.sheet not in names:
                raise Unreadable(
                    f"There is no sheet “{self.choices.sheet}”.", mend=f"The sheets are: {', '.join(quoted(names))}."
                )
            return self.choices.sheet, book.get_sheet_by_name(self.choices.sheet)
        filled = [(name, sheet) for name in names if (sheet := book.get_sheet_by_name(name)).height > 1]
        if not filled:
            raise Unreadable("No sheet has a header and rows.", mend="Check that it is the right workbook.")
        if len(filled) > 1:
            hidden = {one.name for one in book.sheets_metadata if one.visible != SheetVisibleEnum.Visible}
            told = [
                f"“{name}” ({sheet.height - 1:,} rows{', hidden' if name in hidden else ''})" for name, sheet in filled
            ]
            raise Unreadable(
                f"{len(filled)} sheets have rows: {', '.join(told)}.",
                mend="Name the sheet to read: --sheet, or sheet under [file] in the mapping.",
            )
        return filled[0]

    def refuse_unworked(self):
        """Raise Unreadable where cells would be taken as empty that are not: the file holds formulas, but not what they give."""
        count, first = unworked(self.path, self.name)
        if count:
            raise Unreadable(
                f"{count:,} cells of the sheet “{self.name}” have a formula without a value, or an error: {', '.join(first)}"
                f"{' …' if count > len(first) else ''}.",
                mend="Open the file in a spreadsheet program, mend the errors, save it, and bring it again.",
            )

    def rows(self):
        """Yield the rows from the first of the sheet on, blank ones too, as lists of text."""
        start = self.sheet.start or (0, 0)
        for _above in range(start[0]):
            yield []
        for row in self.sheet.iter_rows():
            yield [""] * start[1] + [cell_text(value) for value in row] if start[1] else [cell_text(v) for v in row]

    def estimate(self, rows):
        return self.sheet.total_height - self.choices.header

    def __iter__(self):
        columns = self.columns
        for number, row in enumerate(self.rows(), 1):
            if number <= self.choices.header or not any(row):
                continue
            cells, fault = fitted(row, columns)
            yield Line(number, cells, fault=fault or repeats_header(row, columns))


def cell_text(value):
    """Return the text of a cell; the line breaks that Excel escapes as ``_x000D_`` are line breaks again."""
    if isinstance(value, str):
        return (
            value.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
            if "\n" in value or "\r" in value
            else value
        )
    return as_text(value)


def sheets_of(path):
    """Return [(name of a sheet, number of its rows)] of a workbook. Raises: Unreadable."""
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as fault:
        raise Unreadable(f"{Path(path).name} cannot be opened: {fault}.", mend="Save it again as .xlsx.") from fault
    return [(name, max(book.get_sheet_by_name(name).height - 1, 0)) for name in book.sheet_names]


def quoted(names):
    return [f"“{name}”" for name in names]
