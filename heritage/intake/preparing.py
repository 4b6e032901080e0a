"""What a plan says of the records of a file before it looks at what the register holds: all of it may be done in another process."""

import json
from collections import defaultdict
from typing import NamedTuple

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from heritage.intake.building import NUMBER, Builder
from heritage.intake.comparing import canonical
from heritage.intake.composing import fault
from heritage.intake.judging import ASKED, Judge, claim_faults
from heritage.intake.numbering import numbers_of
from heritage.registry.dates import DateError
from heritage.registry.models import Citation

MEND = {
    "row": _l(
        "Mend the cells that it comes from; a column that is too long or has no place here can be kept in record.note."
    ),
    "place": _l("Enter it as a place first, or give its reference in the mapping: position.place.words."),
}


class Told(NamedTuple):
    """A line of the file: its number as a spreadsheet counts, that of a text file, its own identifier, and all of it as JSON."""

    number: int
    line: int | None
    identifier: str
    raw: str


class Prepared(NamedTuple):
    """One record of the file. ``wanted`` is JSON text (see ``composing``), empty where nothing can be wanted; faults refuse it.

    ``numbers``: the slots of its numbers in other lists (see ``numbering``).
    """

    identifier: str
    part: str
    label: str
    lines: list
    wanted: str
    numbers: dict
    faults: list
    remarks: list


class Preparer:
    """Prepares records by the rules of one mapping on one ground."""

    def __init__(self, ground, composer):
        self.composer = composer
        self.builder = Builder(ground, ref=str)
        self.judges = {model: Judge(model, names) for model, names in ASKED.items()}

    def __call__(self, groups):
        """Return ([Prepared], unmapped words, used keys) of ``groups``, lists of lines that make one record each.

        Unmapped words: {place in the mapping: {word: how often}}; used keys: those of the tables beside the file.
        """
        composer = self.composer
        composer.unmapped = defaultdict(lambda: defaultdict(int))
        if composer.beside:
            composer.beside.used = defaultdict(set)
        made = [self.prepared(lines, composer.compose(lines)) for lines in groups]
        used = composer.beside.used if composer.beside else {}
        return made, {place: dict(words) for place, words in composer.unmapped.items()}, used

    def prepared(self, lines, composed):
        """Return the ``Prepared`` record of composed ``lines``."""
        if composed.identifier and not composed.faults:
            composed.faults += self.faults(composed)
        told = [Told(line.number, line.line, self.composer.identifier(line.cells), raw(line)) for line in lines]
        return Prepared(
            composed.identifier,
            composed.part,
            composed.wanted["record"]["label"][:300],
            told,
            canonical(composed.wanted) if composed.identifier and not composed.faults else "",
            numbers_of(composed.wanted) if self.composer.mapping.number else {},
            composed.faults,
            composed.remarks,
        )

    def faults(self, composed):
        """Return what the register refuses in the rows that would be made."""
        try:
            built = self.builder.build(composed.wanted, composed.identifier)
        except (DateError, ArithmeticError) as wrong:
            return [fault("", "", str(wrong), "")]
        found = [
            fault("", code, f"There is no {vocabulary} “{code}”.", str(MEND.get(vocabulary, "")))
            for vocabulary, code in built.lacking
        ]
        for what, row in [
            ("record", built.monument),
            *built.names.items(),
            *built.locations.items(),
            *built.media.items(),
        ]:
            found += self.told(what, row, self.judges[type(row)].faults(row))
        for told in built.claims:
            found += self.told(told.slot, told.claim, self.judges[type(told.claim)].faults(told.claim))
            for one in told.citations:
                found += self.told(told.slot, one, self.judges[Citation].faults(one))
            found += self.told(told.slot, told.claim, claim_faults(told))
        return found

    def told(self, slot, row, faults):
        """Return the faults of a built row as the plan shows them: with the slot, and the value where there is one."""
        for name, message in faults:
            value = getattr(row, name, "") if name else ""
            where = _("identifier") if slot == NUMBER else f"{slot}: {name}" if name else slot
            yield fault(where, "" if value is None else str(value), str(message), str(MEND["row"]))


def raw(line):
    """Return a row as it came, as JSON text that any database takes."""
    cells = line.cells if line.geometry is None else line.cells | {"@geometry": line.geometry}
    try:
        return orjson.dumps(cells).decode()
    except TypeError:  # half a letter, as JSON can write it
        return json.dumps(cells)


__all__ = ["Prepared", "Preparer", "Told"]
