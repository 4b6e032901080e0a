"""Each record of a file beside the register: new, changed, the same, repeated or refused."""

import json
from collections import Counter, defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from heritage.intake.building import NUMBER, Builder
from heritage.intake.comparing import canonical, differences, digest
from heritage.intake.composing import fault
from heritage.intake.judging import Judge, claim_faults
from heritage.intake.likeness import Likeness
from heritage.intake.models import Outcome, Resemblance, Row
from heritage.intake.recognising import recognised
from heritage.registry.dates import DateError
from heritage.registry.models import Attribution, Citation, Count, Location, Media, Monument, Name, Protection, Status

NEW, CHANGED, SAME, REFUSED = (one.value for one in (Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.REFUSED))
JOINED, REPEATED, VANISHED = (one.value for one in (Outcome.JOINED, Outcome.REPEATED, Outcome.VANISHED))
ENCODER = json.JSONEncoder(ensure_ascii=False)
MEND = {
    "row": _l(
        "Mend the cells that it comes from; a column that is too long or has no place here can be kept in record.note."
    ),
    "place": _l("Enter it as a place first, or give its reference in the mapping: position.place.words."),
}
DATED = ["qualifier", "edtf"]
CLAIMED = ["summary", "certainty", "as_stated", *DATED]
ASKED = {
    Monument: ["label", "kind", "public_precision", "note"],
    Name: ["text", "language", "script", "kind", "scheme", "locator", *DATED],
    Location: ["latitude", "longitude", "uncertainty", "method", "wording", "footprint", "locator"],
    Media: ["label", "kind", "locator", "how", "credit", "licence", "as_stated", *DATED],
    Citation: ["role", "locator", "directness"],
    Status: [
        *(
            "mode",
            "aspect",
            "value",
            "scope",
            "part_affected",
            "extent_min",
            "extent_max",
            "probability",
            "reported_grade",
        ),
        *CLAIMED,
    ],
    Protection: ["reference_number", "covers", "ended", *CLAIMED],
    Count: ["counted", "value", "number_qualifier", "scope_note", *CLAIMED],
    Attribution: ["facet", "value", "argued_from", *CLAIMED],
}


class Sifting:
    """Sifts the records of one batch, chunk by chunk, and keeps what concerns them all."""

    def __init__(self, batch, ground, composer):
        self.batch, self.ground, self.composer = batch, ground, composer
        self.builder = Builder(ground, ref=str)
        self.judges = {model: Judge(model, names) for model, names in ASKED.items()}
        self.joining = composer.mapping.identifier.repeated == "join"
        self.seen, self.again, self.apart = {}, defaultdict(list), set()
        self.outcomes, self.changed_fields = Counter(), Counter()
        self.read = 0
        self.parts = set()
        self.likeness = Likeness(ground.scheme)
        self.fresh = []

    # A chunk

    def sift(self, groups):
        """Yield the values of a ``Row`` for each line of ``groups``, lists of lines that make one record each."""
        composed = [(lines, self.composer.compose(lines)) for lines in groups]
        known = recognised(self.ground.scheme, [one.identifier for _lines, one in composed if one.identifier])
        self.fresh = []
        for lines, one in composed:
            self.read += len(lines)
            yield from self.rows(lines, one, known)

    def rows(self, lines, composed, known):
        """Yield the values of the rows of one record."""
        head, identifier = lines[0], composed.identifier
        if identifier and identifier in self.seen:
            first = self.seen[identifier]
            self.apart.add(identifier)
            self.again[identifier] += [line.number for line in lines]
            for line in lines:
                yield self.row(line, identifier, "", REPEATED, part_of=first)
            return
        if identifier:
            self.seen[identifier] = head.number
        if composed.part:
            self.parts.add(composed.part)
        outcome, monument, base, changes, wanted = self.judged(composed, known.get(identifier))
        self.changed_fields.update(map(field_of, changes))
        label = composed.wanted["record"]["label"][:300]
        yield self.row(head, identifier, label, outcome, None, monument, wanted, base, changes, composed)
        if outcome == NEW:
            self.fresh.append((head.number, identifier, composed.wanted))
        for line in lines[1:]:
            own = self.composer.identifier(line.cells)
            if own:
                self.again[identifier].append(line.number)
            yield self.row(line, identifier, "", REPEATED if own else JOINED, part_of=head.number)

    def judged(self, composed, known):
        """Return (outcome, monument's key, base, changes, wanted as text) of one record."""
        monument, supplied = known or (None, None)
        if known and monument is None:
            told = _("This number belongs to a place of the register, not to a monument.")
            composed.faults.append(fault("", composed.identifier, told, _("Ask a curator to look at it.")))
        if not composed.faults and composed.identifier:
            composed.faults += self.faults(composed)
        if composed.faults or not composed.identifier:
            return REFUSED, monument, "", [], ""
        wanted = canonical(composed.wanted)
        if monument is None:
            return NEW, None, "", [], wanted
        if supplied is None:
            changes = differences({}, {slot: one for slot, one in composed.wanted.items() if slot != "record"})
            return CHANGED, monument, "", changes, wanted
        if digest(wanted) == supplied.digest:
            return SAME, monument, "", [], ""
        told = json.loads(supplied.told)
        if "record" not in json.loads(supplied.rows):
            told["record"] = composed.wanted["record"]
        changes = differences(told, composed.wanted)
        if not changes:
            return SAME, monument, "", [], ""
        return CHANGED, monument, supplied.digest, changes, wanted

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

    def row(
        self,
        line,
        identifier,
        label,
        outcome,
        part_of=None,
        monument=None,
        wanted="",
        base="",
        changes=(),
        composed=None,
    ):
        """Return the values of a ``Row`` in the order of ``planning.COLUMNS``."""
        self.outcomes[outcome] += 1
        faults, remarks = (composed.faults, composed.remarks) if composed else ((), ())
        return [
            self.batch.pk, line.number, line.line, identifier[:300], label, outcome, part_of, monument, raw(line), wanted, base,
            told_text(changes), told_text(faults), told_text(remarks), False, "",
        ]  # fmt: skip

    # The whole file

    def compare_with_others(self):
        """Note which new records of the last chunk resemble monuments that the register has from elsewhere."""
        found = self.likeness.of(self.fresh)
        if found:
            numbers = {number: pk for pk, number in self.rows_by_number([number for number, *_rest in found])}
            Resemblance.objects.bulk_create(
                Resemblance(row_id=numbers[number], monument_id=monument, likeness=share, metres=metres, why=why)
                for number, monument, share, metres, why in found
            )

    def rows_by_number(self, numbers):
        return Row.objects.filter(batch=self.batch, number__in=numbers).values_list("pk", "number")

    def change_outcome(self, row, outcome):
        self.outcomes[row.outcome] -= 1
        self.outcomes[outcome] += 1
        row.outcome = outcome

    def repetitions(self):
        """Return [{"identifier", "rows"}] of the identifiers that stand in several rows."""
        return [
            {"identifier": identifier, "rows": [self.seen[identifier], *numbers]}
            for identifier, numbers in self.again.items()
        ]

    def counts(self):
        names = {"joined": JOINED, "repeated": REPEATED, "new": NEW, "changed": CHANGED, "same": SAME}
        found = {name: self.outcomes[outcome] for name, outcome in names.items()}
        return {
            "read": self.read,
            "refused": self.outcomes[REFUSED],
            "vanished": self.outcomes[VANISHED],
            "possible_duplicates": Resemblance.objects.filter(row__batch=self.batch).values("row").distinct().count(),
            **found,
        }


def raw(line):
    """Return a row as it came, as JSON text that any database takes."""
    cells = line.cells if line.geometry is None else line.cells | {"@geometry": line.geometry}
    text = ENCODER.encode(cells)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:  # half a letter, as JSON can write it
        return json.dumps(cells)
    return text


def told_text(listed):
    return ENCODER.encode(list(listed)) if listed else ""


def field_of(change):
    """Return the field of a change without what tells slots of one sort apart."""
    slot, colon, name = change["field"].partition(": ")
    sort = slot.partition(" ")[0]
    what = "no longer told" if change.get("gone") else name or "added"
    return f"{sort}: {what}" if colon or what else sort
