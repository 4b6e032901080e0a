"""Records that the register has: what a supplier tells anew goes through the verbs of the desk, beside what others said.

- What a curator has changed since is left alone; what the supplier now says is put beside it.
- A claim that says something else is superseded by a new one of the same supplier; other wording revises it.
- The working title, kind, types and note follow the supplier only in records that its own import made.
"""

import json

from heritage.intake.building import Builder, Built
from heritage.intake.comparing import digest
from heritage.intake.judging import ASKED, Judge
from heritage.intake.models import Supplied
from heritage.intake.recalling import recalled
from heritage.intake.verbs import Verbs, give_keys
from heritage.intake.writing import reason_of
from heritage.registry.models import Location, Name, Status
from heritage.registry.rows import rewrite, write
from heritage.registry.rules import check_claim
from heritage.registry.snapshot import related, snapshot
from heritage.registry.steps import Refused
from heritage.registry.vocabulary import NameKind, Standing

RECORD = {"label": "label", "kind": "kind", "precision": "public_precision", "note": "note"}
WORDING = ("summary", "as_stated", "certainty", "locator", "qualifier")
OWN = {"id", "ref", "claim_ptr_id", "monument_id", "place_id", "revision", "edited_by_id", "edited_at", "shown"}


class Reviser:
    """Revises records for one batch. ``verbs`` do it; see ``verbs.Verbs``."""

    def __init__(self, batch, ground, by, verbs=Verbs):
        self.batch, self.ground, self.by, self.verbs = batch, ground, by, verbs
        self.builder, self.reason = Builder(ground), reason_of(batch)
        self.reader = Builder(ground, ref=str)
        self.judges = {model: Judge(model, names) for model, names in ASKED.items()}

    def revise(self, rows):
        """Do what the plan says of ``rows``, changed records of different monuments; return {row's key: why it was refused}.

        What was done stands in ``row.done``, as ``undoing`` wants it. Rows have what is known of them as ``row.known``.
        """
        revisions = [Revision(self, row) for row in rows]
        wanted = {one for revision in revisions for one in revision.concerned()}
        held = recalled([row.monument_id for row in rows], wanted) if rows else None
        for revision in revisions:
            revision.build(held)
        give_keys([told for revision in revisions for told in revision.built.claims])
        done, refused = [], {}
        for revision in revisions:
            try:
                revision.run()
            except Refused as reasons:
                refused[revision.row.pk] = " ".join(reasons.reasons)
            else:
                done.append(revision)
        self.verbs.write([one.verbs for one in done])
        rewrite([one.supplied for one in done if one.supplied.pk])
        write([one.supplied for one in done if not one.supplied.pk])
        return refused


class Revision:
    """One record being revised."""

    def __init__(self, reviser, row):
        self.row, self.reviser, self.ground, self.builder = row, reviser, reviser.ground, reviser.builder
        self.verbs = reviser.verbs(reviser.by, reviser.reason)
        self.wanted = json.loads(row.wanted)
        self.told = json.loads(row.known.told) if row.known else {}
        self.rows = json.loads(row.known.rows) if row.known else {}
        self.done = {"made": [], "changed": [], "superseded": [], "types": None, "before": remembered(row.known)}
        self.added, self.amended, self.types, self.is_changed = [], [], None, False

    def build(self, held):
        """Make rows of what is told anew of the record, of which all is in hand as ``held``."""
        self.monument = held.monuments[self.row.monument_id]
        self.names, self.locations = (list(related(self.monument, name)) for name in ("names", "locations"))
        self.stored = held.rows | {(row._meta.model_name, row.ref): row for row in [*self.names, *self.locations]}
        self.built = self.builder.build(self.wanted, self.row.identifier, self.monument, taken=self.unchanged())

    def run(self):
        """Revise the record. Raises: Refused."""
        before, built = snapshot(self.monument), self.built
        if "record" in self.rows:
            self.record()
        self.number()
        for slot, made in [*built.names.items(), *built.locations.items()]:
            self.child(slot, made)
        if self.added or self.amended or self.types is not None or self.is_changed:
            self.verbs.revise(self.monument, before, self.added, self.amended, self.types)
        for slot, made in built.media.items():
            self.media(slot, made)
        for told in built.claims:
            self.claim(told)
        self.remember()
        self.row.done = json.dumps(self.done, ensure_ascii=False)

    def unchanged(self):
        """Return the slots that say what they said, and whose rows were made."""
        return {slot for slot, values in self.wanted.items() if self.told.get(slot) == values and slot in self.rows}

    def concerned(self):
        """Yield (table, reference) of the rows of slots that say something else now."""
        taken = self.unchanged()
        return (tuple(one[:2]) for slot, one in self.rows.items() if slot not in taken)

    def record(self):
        """Follow the supplier in what is the record's own, where nobody has changed it."""
        old, new = self.told["record"], self.wanted["record"]
        for name, field in RECORD.items():
            if old[name] != new[name] and str(getattr(self.monument, field)) == old[name]:
                self.done["changed"].append(["monument", self.monument.ref, {field: old[name]}])
                setattr(self.monument, field, new[name])
                self.is_changed = True
        if self.is_changed:
            self.judge(self.monument)
        if old["types"] != new["types"]:
            current = sorted(term.code for term in related(self.monument, "types"))
            if current == old["types"]:
                self.done["types"] = current
                self.types = [self.ground.terms["monument_type", code] for code in new["types"]]

    def number(self):
        """Give the record its number in the supplier's list, if it does not have it."""
        number = (NameKind.REGISTER_NUMBER, self.ground.scheme, self.row.identifier)
        if number not in map(number_of, self.names):
            self.add("number", self.builder.number(self.row.identifier, self.monument))

    def child(self, slot, made):
        """Take a name or location: into the one that the slot had, if it is as it was told, or as a new one."""
        if isinstance(made, Name) and made.scheme and number_of(made) in map(number_of, self.names):
            return
        stored, changes = self.changes(slot, made)
        if changes is None:
            self.add(slot, self.fitted(made))
        elif changes:
            self.amend(stored, made, changes)
            self.amended.append(stored)

    def media(self, slot, made):
        """Take a media item in the same way."""
        stored, changes = self.changes(slot, made)
        if changes is None:
            self.verbs.register(made)
            self.made(slot, made)
        elif changes:
            before = snapshot(stored)
            self.amend(stored, made, changes)
            self.verbs.revise(stored, before)

    def changes(self, slot, made):
        """Return (the row that the slot had, names of its columns to change), or (None, None) where a new one is due."""
        stored, old = self.of(slot), self.as_told(slot)
        if stored is None or stored.monument_id != self.monument.pk:
            return None, None
        if old is None:  # told once, then not, now again
            return (None, None) if differing(stored, made) else (stored, [])
        changes = differing(old, made)
        return (stored, changes) if are_as(stored, old, changes) else (None, None)

    def as_told(self, slot):
        """Return the row of a slot as it was told before, or None."""
        if slot not in self.told:
            return None
        built = Built(self.monument)
        self.reviser.reader.slot(slot, self.told[slot], self.row.identifier, built)
        rows = [*built.names.values(), *built.locations.values(), *built.media.values(), *built.claims]
        return rows[0]

    def amend(self, stored, made, changes):
        """Give a stored row what another row has for the fields ``changes``. Raises: Refused."""
        before = {name: plain(getattr(stored, name)) for name in changes}
        for name in changes:
            setattr(stored, name, getattr(made, name))
        self.judge(stored)
        self.done["changed"].append([stored._meta.model_name, stored.ref, before])

    def judge(self, row):
        """Raise Refused where the register does not take a stored row as it is now."""
        faults = [f"{field}: {message}" for field, message in self.reviser.judges[type(row)].faults(row)]
        if faults:
            raise Refused(faults)

    def add(self, slot, made):
        rows, name = (self.names, "names") if isinstance(made, Name) else (self.locations, "locations")
        rows.append(made)
        self.monument._prefetched_objects_cache[name] = rows
        self.added.append(made)
        self.made(slot, made)

    def made(self, slot, made):
        self.done["made"].append([made._meta.model_name, made.ref])
        self.rows[slot] = [made._meta.model_name, made.ref]

    def fitted(self, made):
        """Return a new row that leaves to the record the one name preferred and the one location shown that it has."""
        if isinstance(made, Location) and any(one.shown for one in self.locations):
            made.shown = False
        if isinstance(made, Name) and made.kind == NameKind.PREFERRED:
            taken = {(one.kind, one.language, one.script) for one in self.names}
            made.kind = NameKind.ALTERNATIVE.value if (made.kind, made.language, made.script) in taken else made.kind
        return made

    def of(self, slot):
        return self.stored.get(tuple(self.rows.get(slot, ())))

    def claim(self, told):
        """Take a claim. One that says more than before, or the same in other words, amends it; any other supersedes it."""
        earlier, old = self.of(told.slot), self.as_told(told.slot)
        if earlier is not None and earlier.monument_id == self.monument.pk and old and self.says_more(told.slot):
            changes = differing(old.claim, told.claim)
            if are_as(earlier, old.claim, changes):
                self.revise_claim(earlier, old, told, changes)
                return
        self.verbs.claim(told)
        if (
            earlier is not None
            and earlier.standing == Standing.STANDING
            and earlier.claimant_id == told.claim.claimant_id
        ):
            self.verbs.supersede(earlier, told.claim)
            self.done["superseded"].append([earlier._meta.model_name, earlier.ref])
        self.made(told.slot, told.claim)

    def says_more(self, slot):
        """Tell whether a slot differs from what was told only in its wording, or where nothing was said before.

        Other references make another statement: what a claim rested on is not changed afterwards.
        """
        old, new = self.told[slot], self.wanted[slot]
        changed = {name for name, value in new.items() if old.get(name) != value}
        if "sources" in changed:
            return False
        return all(name in WORDING or old.get(name) in ("", None, [None, None]) for name in changed)

    def revise_claim(self, earlier, old, told, changes):
        before, cited = snapshot(earlier), []
        self.amend(earlier, told.claim, changes)
        citations = related(earlier, "citations")
        own = [one for one in citations if one.source_id == self.ground.source.pk]
        first = min(own, key=lambda one: one.pk, default=None)
        if first and first.locator == old.citation.locator != told.citation.locator:
            first.locator = told.citation.locator
            cited = [first]
        effects = related(earlier, "effects") if isinstance(earlier, Status) else []
        if faults := check_claim(earlier, effects, citations):
            raise Refused(faults)
        self.verbs.revise(earlier, before, amended=cited)

    def remember(self):
        """Keep what the supplier tells now."""
        row = self.row
        known = row.known or Supplied(scheme=self.ground.scheme, identifier=row.identifier)
        known.part, known.monument, known.batch, known.row = row.part, self.monument, self.reviser.batch, row
        known.digest, known.told, known.rows = digest(row.wanted), row.wanted, json.dumps(self.rows)
        self.supplied = known


def number_of(name):
    return name.kind, name.scheme, name.text


def remembered(supplied):
    """Return what was known of a record before, to be put back; None where it was not known."""
    if supplied is None:
        return None
    names = ("part", "batch_id", "row_id", "monument_id", "digest", "told", "rows")
    return {name: getattr(supplied, name) for name in names}


def differing(old, new):
    """Return the names of the columns in which two rows of one table differ, their own keys apart."""
    names = (field.attname for field in old._meta.concrete_fields)
    return [name for name in names if name not in OWN and getattr(old, name) != getattr(new, name)]


def are_as(stored, old, names):
    """Tell whether a stored row still has what ``old`` has in the columns ``names``."""
    return all(getattr(stored, name) == getattr(old, name) for name in names)


def plain(value):
    """Return a value of a row as what is told has it: numbers with decimals as text."""
    return (
        value
        if value is None or isinstance(value, str | int | bool)
        else f"{value:f}"
        if hasattr(value, "quantize")
        else str(value)
    )
