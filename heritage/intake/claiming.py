"""From the cells of a record to the claims that its supplier makes."""

import re

from heritage.intake.cells import Unclear, number, one_line, several
from heritage.registry.vocabulary import Aspect, HiBasis, value_label

LONGEST = 300
MOST = 10**15
THOUSANDS = re.compile(r"(?<=\d)[ .,'’\u00a0\u202f](?=\d{3}(?:\D|$))")  # what parts thousands in a whole number


class Claiming:
    """One rule of a mapping that makes claims. Slots are named by sort, number of the rule and, of observations, the date."""

    def __init__(self, composer, sort, number, rules):
        self.composer, self.sort, self.number, self.rules = composer, sort, number, rules
        self.make = getattr(self, sort)
        self.aspect = str(Aspect(rules.aspect).label) if "aspect" in rules else ""
        self.each = [column.strip() for column in rules.each]

    def claim(self, rows, composed):
        """Add the slots of the claims in ``rows`` to what is wanted; what several rows say alike is one claim."""
        made = []
        for cells in rows:
            for one in self.singled(cells) if self.each else (cells,):
                values = self.make(one, composed) if self.applies(cells, one) else None
                if values is not None and values not in made:
                    made.append(values)
        for values in made:
            self.keep(values, composed.wanted)

    def applies(self, cells, single):
        """Tell whether the rule is for these cells; "unless" looks at the whole row, "if" at the single values."""
        needed, barred = self.rules["if"], self.rules.unless
        if barred and self.composer.first(cells, barred):
            return False
        return not needed or bool(self.composer.first(single, needed))

    def keep(self, values, wanted):
        slot = base = f"{self.sort} {self.number}" + (
            f" {values['date']}" if self.sort == "observation" and values["date"] else ""
        )
        n = 1
        while slot in wanted:
            n += 1
            slot = f"{base} #{n}"
        wanted[slot] = values

    def singled(self, cells):
        """Yield the cells once for each of the values that the columns ``each`` list side by side."""
        composer = self.composer
        listed = {name: several(cells.get(name, ""), self.rules.separator or ",") for name in self.each}
        for n in range(max(map(len, listed.values()))):
            values = {name: parts[n] if n < len(parts) else "" for name, parts in listed.items()}
            if any(value and value not in composer.empty for value in values.values()):
                yield {**cells, **values}

    # What all claims have

    def common(self, cells, composed, summary):
        """Return the values that every claim has; ``summary`` is said where the mapping says none."""
        composer, rules = self.composer, self.rules
        date, wording = composer.dated(cells, rules.date, composed)
        certainty = composer.picked(cells, rules.certainty, composed)
        said = composer.filled(cells, rules.summary) or clipped(summary)
        return {
            "date": date,
            "qualifier": rules.qualifier or "",
            "hi_basis": (HiBasis.REPORT_DATE if rules.date and rules.date.report and date else HiBasis.STATED).value,
            "as_stated": composer.filled(cells, rules.as_stated) or (wording if wording != date else ""),
            "summary": said,
            "certainty": certainty[0][0] if certainty else "not_assessed",
            "locator": composer.filled(cells, rules.locator),
            "evidence": list(rules.evidence),
            "directness": rules.directness,
        }

    def status(self, cells, composed, summary, **values):
        rules, composer = self.rules, self.composer
        least, most = composer.share(cells, rules.extent, composed)
        cause = composer.picked(cells, rules.cause, composed)
        return {
            "aspect": rules.aspect,
            "scope": rules.scope,
            "part": composer.filled(cells, rules.part),
            "grade": composer.filled(cells, rules.grade),
            "extent": [least, most],
            "cause": cause[0][0] if cause else "",
            **values,
            **self.common(cells, composed, summary),
        }

    # The sorts

    def observation(self, cells, composed):
        found = self.composer.picked(cells, self.rules.value, composed)
        if not found:
            return None
        code, word = found[0]
        said = word or value_label(self.rules.aspect, code)
        values = self.status(cells, composed, f"{self.aspect} given as “{said}”.", value=code)
        values["grade"] = values["grade"] or one_line(word)[:LONGEST]
        return values

    def event(self, cells, composed):
        effects = self.composer.picked(cells, self.rules.effects, composed)
        if not effects:
            return None
        value = self.composer.picked(cells, self.rules.value, composed)
        said = "; ".join(dict.fromkeys(word or code.replace("_", " ") for code, word in effects))
        codes = sorted({code for code, _word in effects})
        return self.status(cells, composed, f"Listed with: {said}.", effects=codes, value=value[0][0] if value else "")

    def threat(self, cells, composed):
        found = self.composer.picked(cells, self.rules.probability, composed)
        if not found:
            return None
        effects = self.composer.picked(cells, self.rules.effects, composed)
        values = self.status(
            cells, composed, "", probability=found[0][0], effects=sorted({code for code, _word in effects}), value=""
        )
        values["summary"] = values["summary"] or clipped(f"Listed as threatened: {found[0][1] or found[0][0]}.")
        return values

    def protection(self, cells, composed):
        composer, rules = self.composer, self.rules
        found = composer.picked(cells, rules.kind, composed)
        if not found:
            return None
        code, word = found[0]
        return {
            "kind": code,
            "reference": composer.filled(cells, rules.reference),
            "covers": composer.filled(cells, rules.covers),
            "ended": composer.filled(cells, rules.ended),
            **self.common(cells, composed, f"Listed as “{word}”." if word else "Listed by the supplier."),
        }

    def attribution(self, cells, composed):
        value = self.composer.filled(cells, self.rules.value)
        if not value:
            return None
        return {
            "facet": self.rules.facet,
            "value": value,
            "argued_from": self.rules.argued_from,
            **self.common(cells, composed, f"Given as “{value}”."),
        }

    def count(self, cells, composed):
        composer, rules = self.composer, self.rules
        found = composer.picked(cells, rules.predicate, composed)
        text = composer.first(cells, rules.value)
        if not found or not text:
            return None
        counted = composer.filled(cells, rules.counted)
        return {
            "predicate": found[0][0],
            "counted": counted,
            "value": self.whole(text, composed),
            "number_qualifier": rules.number_qualifier,
            "scope_note": composer.filled(cells, rules.scope_note),
            **self.common(cells, composed, f"{counted}: {text}."),
        }

    def whole(self, text, composed):
        """Return the whole number that a cell writes; None where it writes none, which refuses the row."""
        try:
            value = number(THOUSANDS.sub("", text))
            if 0 <= value < MOST and value == int(value):
                return int(value)
            reason = "It is no whole number."
        except Unclear as unclear:
            reason = unclear.reason
        told = {"column": " | ".join(self.rules.value), "value": text[:LONGEST], "reason": reason}
        composed.faults.append(told | {"mend": "Write digits, such as 12."})
        return None


def clipped(text):
    """Return a sentence made here with at most as many characters as a summary has."""
    text = one_line(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}…”."
