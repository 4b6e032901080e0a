"""Each record of a file beside the register: new, changed, the same, repeated or refused."""

import json
from collections import Counter, defaultdict

from django.utils.translation import gettext as _

from heritage.intake.comparing import differences, digest
from heritage.intake.composing import fault
from heritage.intake.likeness import Likeness
from heritage.intake.models import Outcome, Resemblance, Row
from heritage.intake.numbering import Numbers
from heritage.intake.recognising import keys_closed_to, recognised

NEW, CHANGED, SAME, REFUSED = (one.value for one in (Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.REFUSED))
JOINED, REPEATED, VANISHED = (one.value for one in (Outcome.JOINED, Outcome.REPEATED, Outcome.VANISHED))
ENCODER = json.JSONEncoder(ensure_ascii=False)


class Sifting:
    """Sifts the prepared records of one batch, chunk by chunk, and keeps what concerns them all."""

    def __init__(self, batch, mapping):
        self.batch, self.scheme = batch, mapping.identifier.scheme
        self.seen, self.again, self.apart = {}, defaultdict(list), set()
        self.outcomes, self.changed_fields = Counter(), Counter()
        self.read = 0
        self.parts = set()
        self.closed = keys_closed_to(batch.made_by)
        self.likeness = Likeness(mapping.identifier.scheme, self.closed)
        self.numbers = Numbers(mapping, batch.made_by)
        self.fresh, self.shared = [], []

    # A chunk

    def sift(self, prepared):
        """Yield the values of a ``Row`` for each line of ``prepared`` records (see ``preparing.Prepared``)."""
        known = recognised(self.scheme, [one.identifier for one in prepared if one.identifier])
        self.numbers.look(prepared)
        self.fresh, self.shared = [], []
        for one in prepared:
            self.read += len(one.lines)
            yield from self.rows(one, known)

    def rows(self, one, known):
        """Yield the values of the rows of one record."""
        head, identifier = one.lines[0], one.identifier
        if identifier and identifier in self.seen:
            first = self.seen[identifier]
            self.apart.add(identifier)
            self.again[identifier] += [line.number for line in one.lines]
            for line in one.lines:
                yield self.row(line, identifier, REPEATED, part_of=first)
            return
        if identifier:
            self.seen[identifier] = head.number
        if one.part:
            self.parts.add(one.part)
        outcome, monument, base, changes, wanted = self.judged(one, known.get(identifier))
        self.changed_fields.update(map(field_of, changes))
        yield self.row(head, identifier, outcome, None, monument, wanted, base, changes, one)
        if outcome == NEW:
            self.fresh.append((head.number, identifier, wanted))
        for line in one.lines[1:]:
            if line.identifier:
                self.again[identifier].append(line.number)
            yield self.row(line, identifier, REPEATED if line.identifier else JOINED, part_of=head.number)

    def judged(self, one, known):
        """Return (outcome, monument's key, base, changes, wanted) of a prepared record."""
        monument, supplied = known or (None, None)
        if known and monument is None:
            told = _("This number belongs to a place of the register, not to a monument.")
            one.faults.append(fault("", one.identifier, told, _("Ask a curator to look at it.")))
        if monument in self.closed:
            told = _("This number belongs to a record that your account may not change.")
            one.faults.append(fault("", one.identifier, told, _("Ask an administrator of the register.")))
            monument = None
        if one.faults or not one.identifier:
            return REFUSED, monument, "", [], ""
        others, wanted = self.numbers.parted(one, monument)
        if monument is None:
            self.shared += [(one.identifier, key) for key in others if key not in self.closed]
            return NEW, None, "", [], wanted
        if supplied is None:
            slots = {slot: values for slot, values in json.loads(wanted).items() if slot != "record"}
            return CHANGED, monument, "", differences({}, slots), wanted
        if digest(wanted) == supplied.digest:
            return SAME, monument, "", [], ""
        told, slots = json.loads(supplied.told), json.loads(wanted)
        if "record" not in json.loads(supplied.rows):
            told["record"] = slots["record"]
        changes = differences(told, slots)
        if not changes:
            return SAME, monument, "", [], ""
        return CHANGED, monument, supplied.digest, changes, wanted

    def row(self, line, identifier, outcome, part_of=None, monument=None, wanted="", base="", changes=(), one=None):
        """Return the values of a ``Row`` in the order of ``planning.COLUMNS``."""
        self.outcomes[outcome] += 1
        label, faults, remarks = (one.label, one.faults, one.remarks) if one else ("", (), ())
        return [
            self.batch.pk, line.number, line.line, identifier[:300], label, outcome, part_of, monument, line.raw, wanted, base,
            told_text(changes), told_text(faults), told_text(remarks), False, "",
        ]  # fmt: skip

    # The whole file

    def compare_with_others(self):
        """Note which new records of the last chunk resemble monuments that the register has from elsewhere."""
        found = self.likeness.of(self.fresh)
        found += self.with_number_of_another(found)
        if found:
            numbers = {number: pk for pk, number in self.rows_by_number([number for number, *_rest in found])}
            Resemblance.objects.bulk_create(
                Resemblance(row_id=numbers[number], monument_id=monument, likeness=share, metres=metres, why=why)
                for number, monument, share, metres, why in found
            )

    def with_number_of_another(self, found):
        """Return, as likeness tells it, the new records that have the number of a monument, besides those ``found``."""
        known = {(number, monument) for number, monument, *_rest in found}
        refused = self.likeness.refused([identifier for identifier, _key in self.shared]) if self.shared else set()
        pairs = [(self.seen[one[0]], one[1]) for one in self.shared if one not in refused]
        return [(*pair, 0, None, _("the same number in another list")) for pair in pairs if pair not in known]

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


def told_text(listed):
    return ENCODER.encode(list(listed)) if listed else ""


def field_of(change):
    """Return the field of a change without what tells slots of one sort apart."""
    slot, colon, name = change["field"].partition(": ")
    sort = slot.partition(" ")[0]
    what = "no longer told" if change.get("gone") else name or "added"
    return f"{sort}: {what}" if colon or what else sort
