"""From the rows of a file to what is wanted in the register: plain values by slot, and what could not be taken.

*Wanted* is a dict of slots that JSON can hold, always the same for the same rows, so that two files can be compared:
``record`` (label, kind, types, precision, note), ``name 1``, ``position``, ``observation 1 2021-05-24``, ``media 01.jpg`` …,
each a dict of values. A remembered slot is what the supplier told; ``building`` makes rows of it.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import lru_cache

from heritage.intake.cells import Unclear, one_line, percent, several
from heritage.intake.claiming import Claiming
from heritage.intake.numbering import add_numbers
from heritage.intake.patterns import pattern
from heritage.intake.picturing import add_media
from heritage.intake.placing import Placing
from heritage.intake.referring import add_references
from heritage.intake.when import edtf, joined
from heritage.registry.rows import normal
from heritage.registry.tongues import script_of
from heritage.registry.vocabulary import NameKind

LONGEST_SHOWN = 200
NO_RECORD = {"label": "", "kind": "monument", "types": [], "note": ""}
NUMBERLESS = (
    "Give each row its number; if such rows continue the one above, say so in the mapping: file.continues = true."
)


def fault(column, value, reason, mend=""):
    """Return what is wrong with a cell, as the plan shows it."""
    shown = value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}… ({len(value):,} characters)"
    return {"column": column, "value": shown, "reason": reason, "mend": mend}


@dataclass
class Composed:
    """One record of the file. Without an identifier there is nothing wanted."""

    identifier: str
    part: str = ""
    wanted: dict = field(default_factory=dict)
    faults: list = field(default_factory=list)
    remarks: list = field(default_factory=list)


class Composer:
    """Reads rows by the rules of one mapping. ``unmapped``: {place in the mapping: {word: how often}}, filled while it works."""

    def __init__(self, mapping, beside=None):
        """``beside``: the tables beside the file (see ``beside.Beside``)."""
        self.mapping, self.beside = mapping, beside
        self.empty = frozenset(mapping.file.empty)
        self.unmapped = defaultdict(lambda: defaultdict(int))
        self.pattern = mapping.identifier.pattern and pattern(mapping.identifier.pattern)
        self.words = {}
        self.placing = Placing(self) if mapping.has_position else None
        self.claiming = [Claiming(self, sort, number, rules) for sort, number, rules in mapping.claims()]

    # Cells

    def first(self, cells, columns, empty=None):
        """Return the first of ``columns`` that says something, in normal form and without the blanks around it; else an empty text."""
        for name in columns:
            text = cells.get(name)
            if text and (text := text.strip()) and text not in self.empty and not (empty and text in empty):
                return normal(text)
        return ""

    def filled(self, cells, templates):
        """Return the text of the first of ``templates`` whose columns are all filled; empty if there is none."""
        for template in templates or ():
            texts = []
            for part in template.parts:
                text = part if isinstance(part, str) else one_line(self.first(cells, part))
                if not text:
                    break
                texts.append(text)
            else:
                return "".join(texts).strip()
        return ""

    def whole(self, cells, templates):
        """Return the text of the first of ``templates`` that is filled with its line breaks, by which it may be parted."""
        if all(len(one.parts) == 1 and one.columns for one in templates):
            return next(filter(None, (self.first(cells, part) for one in templates for part in one.columns)), "")
        return self.filled(cells, templates)

    def picked(self, cells, pick, composed):
        """Return [(our code, the supplier's word)] of a cell by the rules ``pick``; what is not mapped becomes a fault."""
        if pick is None:
            return []
        text = self.first(cells, pick.column) if pick.column else self.filled(cells, pick.text)
        if not text:
            return [(pick.without, "")] if pick.without else []
        words = self.words_of(pick)
        if pick.pattern:
            found = pattern(pick.pattern).search(text)
            text = found[1] if found and found[1] else text
        codes = []
        for word in several(text, pick.separator) if pick.separator else (text,):
            if not word or word in self.empty:
                continue
            code = word if words is None else words.get(plain(word))
            if code is None:
                self.leave_out(pick, word, composed)
            elif code and (code, word) not in codes:
                codes.append((code, word))
        return codes

    def words_of(self, pick):
        """Return {plain word: our code}, words that say nothing with an empty code; None where the cells hold our codes."""
        if pick.words is None:
            return None
        words = self.words.get(id(pick))
        if words is None:
            words = {plain(word): code for word, code in pick.words.items()}
            words |= dict.fromkeys(map(plain, pick.ignored), "")
            self.words[id(pick)] = words
        return words

    def leave_out(self, pick, word, composed):
        """Note a word that is not mapped; it refuses the row unless the mapping leaves such words out."""
        self.unmapped[pick.where][word] += 1
        column = " | ".join(pick.column or ())
        told = fault(
            column,
            word,
            "This word is not mapped.",
            f"Give it a code of ours: on the page of words, or in the mapping under {pick.where}.",
        )
        (composed.faults if pick.unmapped == "refuse" else composed.remarks).append(told)

    def dated(self, cells, rules, composed):
        """Return (EDTF text, wording) of a date; both are empty where nothing is said."""
        if rules is None:
            return "", ""
        if rules.fixed:
            return rules.fixed, ""
        start = self.first(cells, rules.column or ())
        if rules.separator and start:
            start = self.one_of_several(start, rules)
        end = self.first(cells, rules.until or ())
        wording = one_line(start if not end or start == end else f"{start} – {end}")
        if not wording:
            return "", ""
        habits = self.mapping.habits
        if rules.calendar and rules.calendar != habits.calendar:
            habits = replace(habits, calendar=rules.calendar)
        try:
            date = joined(read(start, habits) if start else "", read(end, habits) if end else "")
        except Unclear as unclear:
            told = fault(" | ".join(rules.column or rules.until), wording, unclear.reason, unclear.mend)
            (composed.faults if rules.unreadable == "refuse" else composed.remarks).append(told)
            return "", wording if rules.unreadable == "as_stated" else ""
        if rules.report and date:
            date = f"../{date.rpartition('/')[2]}"
        return date, wording

    def one_of_several(self, text, rules):
        said = [one for one in several(text, rules.separator) if one and one not in self.empty]
        return said[0 if rules.take == "first" else -1] if said else ""

    def share(self, cells, columns, composed):
        """Return (least, most) per cent; (None, None) where nothing or several shares are said, which is remarked."""
        text = self.first(cells, columns or ())
        try:
            return percent(text) if re.search(r"\d", text) else (None, None)
        except Unclear as unclear:
            composed.remarks.append(fault(" | ".join(columns), text, unclear.reason, unclear.mend))
            return None, None

    # Records

    def identifier(self, cells):
        """Return the identifier of a row; empty where it has none."""
        text = one_line(self.first(cells, self.mapping.identifier.column))
        if text and self.pattern:
            found = self.pattern.search(text)
            return found[1].strip() if found and found[1] else ""
        return text

    def compose(self, lines, identifier=None):
        """Return what is wanted of the record in ``lines``, one row or several that belong together."""
        first = lines[0].cells
        identifier = self.identifier(first) if identifier is None else identifier
        composed = Composed(identifier, one_line(self.first(first, self.mapping.identifier.part or ())))
        if not identifier:
            text = self.first(first, self.mapping.identifier.column)
            reason = (
                "It has no identifier of the kind that the mapping names." if text else "The row has no identifier."
            )
            composed.faults.append(fault(" | ".join(self.mapping.identifier.column), text, reason, NUMBERLESS))
        try:
            self.fill(lines, composed)
        except Unclear as unclear:  # a cell that is to be a list in JSON and is none
            composed.faults.append(fault("", "", unclear.reason, unclear.mend))
            composed.wanted.setdefault("record", {**NO_RECORD, "precision": self.mapping.record.precision})
        composed.faults += [fault("", "", line.fault, "Check the row in the file.") for line in lines if line.fault]
        return composed

    def fill(self, lines, composed):
        """Add all slots to what is wanted of the record in ``lines``. Raises: Unclear."""
        identifier = composed.identifier
        rows = [self.beside.completed(line.cells, identifier) if self.beside else line.cells for line in lines]
        self.record(rows, composed)
        self.names(rows, composed)
        add_numbers(self, rows, composed)
        if self.placing:
            self.placing.place(lines, rows, composed)
        for claiming in self.claiming:
            claiming.claim(rows, composed)
        if self.mapping.source:
            add_references(self, rows, composed)
        if self.mapping.media:
            add_media(self, rows, composed)

    def record(self, rows, composed):
        rules = self.mapping.record
        label = next(filter(None, (self.filled(cells, rules.label) for cells in rows)), "")
        if not label:
            columns = ", ".join("|".join(part) for one in rules.label for part in one.columns)
            composed.faults.append(
                fault(columns, "", "There is nothing to make its working title of.", "Fill the cell.")
            )
        kinds = list(dict.fromkeys(code for cells in rows for code, _word in self.picked(cells, rules.kind, composed)))
        if len(kinds) > 1:
            told = "Its rows give it several kinds."
            composed.faults.append(
                fault(" | ".join(rules.kind.column or ()), ", ".join(kinds), told, "Give it one kind.")
            )
        types = dict.fromkeys(code for cells in rows for code, _word in self.picked(cells, rules.types, composed))
        composed.wanted["record"] = {
            "label": label,
            "kind": kinds[0] if kinds else "monument",
            "types": sorted(types),
            "precision": rules.precision,
            "note": self.note(rows, rules.note),
        }

    def note(self, rows, columns):
        """Return the columns that are kept as they are, each under its name, in the order of the mapping."""
        parts = []
        for column in columns:
            said = dict.fromkeys(filter(None, (self.first(cells, (column.strip(),)) for cells in rows)))
            parts += [f"{column.strip()}: {text}" for text in said]
        return "\n\n".join(parts).replace("\r\n", "\n").replace("\r", "\n")

    def names(self, rows, composed):
        known, preferred = set(), set()
        for n, rules in enumerate(self.mapping.name, 1):
            order = 0
            for cells in rows:
                text = (self.whole if rules.separator else self.filled)(cells, rules.text)
                for one in map(one_line, several(text, rules.separator) if text and rules.separator else (text,)):
                    if not one or one in self.empty:
                        continue
                    script = script_of_name(one)
                    language = rules.language if isinstance(rules.language, str) else rules.language.get(script, "und")
                    if (one, language) in known:
                        continue
                    known.add((one, language))
                    kind = rules.kind
                    if kind == NameKind.PREFERRED and (language, script) in preferred:
                        kind = NameKind.ALTERNATIVE.value
                    preferred |= {(language, script)} if kind == NameKind.PREFERRED else set()
                    order += 1
                    slot = f"name {n}" if order == 1 else f"name {n}.{order}"
                    composed.wanted[slot] = {"text": one, "language": language, "script": script, "kind": str(kind)}


@lru_cache(maxsize=10_000)
def plain(word):
    """Return a word as words are compared: in small letters, blanks and line breaks as one blank."""
    return " ".join(word.split()).casefold()


@lru_cache(maxsize=20_000)
def read(text, habits):
    """Return the EDTF text of a date; the same text is read once."""
    return edtf(text, habits)


def script_of_name(text):
    """Return the script of a name; "Zyyy", which all scripts share, where it has no letters or they are level."""
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else "Zyyy"
    return script_of(text) or "Zyyy"
