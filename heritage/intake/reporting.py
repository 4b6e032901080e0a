"""A plan as a table for people: a line for each change, reason and remark, and one for each other row that is not the same."""

import csv
import io

from heritage.catalogue.spreadsheets import harmless
from heritage.intake.models import Outcome, Row
from heritage.registry.private import opener

COLUMNS = ("row", "line", "identifier", "label", "outcome", "column", "value", "new_value", "reason", "mend", "record")


def lines(batch, outcome=None, by=None):
    """Yield the cells of each line that ``by`` may know of, the header first; nothing in them runs as a formula.

    ``outcome``: only rows of one.
    """
    yield COLUMNS
    rows = (
        Row.objects.visible_to(by)
        .filter(batch=batch)
        .order_by("number", "pk")
        .select_related("monument")
        .defer("raw", "wanted", "done")
    )
    for row in rows.filter(outcome=outcome) if outcome else rows:
        for told in told_of(row, by):
            yield [harmless(cell) for cell in told]


def told_of(row, by):
    """Yield the lines about one row."""
    ref = row.monument.ref if row.monument else ""
    head = [row.number or "", row.line or "", row.identifier, row.label, row.outcome]
    found = False
    for change in row.change_list:
        found = True
        reason = "no longer told; nothing is deleted" if change.get("gone") else ""
        yield [*head, change["field"], change["old"], change["new"], reason, "", ref]
    for fault in [*row.fault_list, *row.remark_list]:
        found = True
        yield [*head, fault["column"], fault["value"], "", fault["reason"], fault["mend"], ref]
    if row.outcome == Outcome.NEW:
        for one in row.resemblances.visible_to(by).select_related("monument"):
            found = True
            yield [
                *head,
                "",
                one.monument.label,
                "",
                f"may be the same: {one.why}",
                "Decide on it in the admin.",
                one.monument.ref,
            ]
    if not found:
        reason = f"belongs to row {row.part_of}" if row.part_of else ""
        yield [*head, "", "", "", reason, "", ref]


def csv_text(batch, outcome=None, by=None):
    """Yield the report as CSV, a piece at a time. Source: RFC 4180."""
    for some in lines(batch, outcome, by):
        piece = io.StringIO()
        csv.writer(piece).writerow(some)
        yield piece.getvalue()


def write_csv(batch, path):
    """Write the report to ``path`` in UTF-8, with the mark that spreadsheet programs look for."""
    with open(path, "w", encoding="utf-8-sig", newline="", opener=opener) as file:
        for piece in csv_text(batch):
            file.write(piece)
