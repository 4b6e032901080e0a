"""Records that the register has: what a supplier tells anew goes through the verbs of the desk, beside what others said.

- What a curator has changed since is left alone; what the supplier now says is put beside it.
- A claim that says something else is superseded by a new one of the same supplier; other wording revises it.
- The working title, kind, types and note follow the supplier only in records that its own import made.
"""

import json

from heritage.intake.building import Builder, Built
from heritage.intake.comparing import digest
from heritage.intake.models import Supplied
from heritage.intake.writing import reason_of
from heritage.registry import lifecycle
from heritage.registry.models import Attribution, Citation, Location, Media, Monument, Name, Protection, Status
from heritage.registry.snapshot import snapshot
from heritage.registry.vocabulary import NameKind, Standing

TABLES = {"name": Name, "location": Location, "media": Media} | {
    "status": Status,
    "protection": Protection,
    "attribution": Attribution,
}
RECORD = {"label": "label", "kind": "kind", "precision": "public_precision", "note": "note"}
WORDING = ("summary", "as_stated", "certainty", "locator", "qualifier")
OWN = {"id", "ref", "claim_ptr_id", "monument_id", "place_id", "revision", "edited_by_id", "edited_at", "shown"}


class Linked:
    """The terms of a many-to-many field, saved after the row that they belong to."""

    def __init__(self, row, name, terms):
        self.row, self.name, self.terms = row, name, terms

    def save(self):
        getattr(self.row, self.name).set(self.terms)


class Reviser:
    """Revises records for one batch."""

    def __init__(self, batch, ground, by):
        self.batch, self.ground, self.by = batch, ground, by
        self.builder, self.reason = Builder(ground), reason_of(batch)

    def revise(self, row):
        """Do what the plan says of one changed record; return what was done, as ``undoing`` wants it."""
        return Revision(self, row).run()


class Revision:
    """One record being revised."""

    def __init__(self, reviser, row):
        self.row, self.by, self.reason = row, reviser.by, reviser.reason
        self.batch, self.ground, self.builder = reviser.batch, reviser.ground, reviser.builder
        self.wanted = json.loads(row.wanted)
        scheme = self.ground.scheme
        self.supplied = Supplied.objects.filter(scheme=scheme, identifier=row.identifier).select_for_update().first()
        self.told = json.loads(self.supplied.told) if self.supplied else {}
        self.rows = json.loads(self.supplied.rows) if self.supplied else {}
        self.done = {"made": [], "changed": [], "superseded": [], "types": None, "before": remembered(self.supplied)}
        self.saved, self.terms = [], None

    def run(self):
        self.monument = Monument._base_manager.select_for_update().get(pk=self.row.monument_id)
        before = snapshot(self.monument)
        claims = []
        built = self.builder.build(self.wanted, self.row.identifier, self.monument, taken=self.unchanged())
        if "record" in self.rows:
            self.record()
        self.number()
        for slot, made in [*built.names.items(), *built.locations.items(), *built.media.items()]:
            self.child(slot, made)
        claims = built.claims
        if self.saved or self.terms is not None or self.is_changed:
            lifecycle.revise(self.monument, self.by, self.reason, before, rows=self.saved, terms=self.terms)
        for told in claims:
            self.claim(told)
        self.remember()
        return self.done

    is_changed = False

    def unchanged(self):
        """Return the slots that say what they said, and whose rows were made."""
        return {slot for slot, values in self.wanted.items() if self.told.get(slot) == values and slot in self.rows}

    def record(self):
        """Follow the supplier in what is the record's own, where nobody has changed it."""
        old, new = self.told["record"], self.wanted["record"]
        for name, field in RECORD.items():
            if old[name] != new[name] and str(getattr(self.monument, field)) == old[name]:
                self.done["changed"].append(["monument", self.monument.ref, {field: old[name]}])
                setattr(self.monument, field, new[name])
                self.is_changed = True
        if old["types"] != new["types"]:
            current = sorted(self.monument.types.values_list("code", flat=True))
            if current == old["types"]:
                self.done["types"] = current
                self.terms = {"types": [self.ground.terms["monument_type", code] for code in new["types"]]}

    def number(self):
        """Give the record its number in the supplier's list, if it does not have it."""
        numbers = Name.objects.filter(
            kind=NameKind.REGISTER_NUMBER, scheme=self.ground.scheme, text=self.row.identifier
        )
        if not numbers.exists():
            self.add("number", self.builder.number(self.row.identifier, self.monument))

    def child(self, slot, made):
        """Save a name, location or media item: the one that the slot had, if it is as it was told, or a new one."""
        stored, old = self.stored(slot), self.as_told(slot)
        changes = old and differing(old, made)
        if stored is None or old is None or not are_as(stored, old, changes):
            self.add(slot, self.fitted(made))
        elif changes:
            self.amend(stored, made, changes)
            self.saved.append(stored)

    def as_told(self, slot):
        """Return the row of a slot as it was told before, or None."""
        if slot not in self.told:
            return None
        built = Built(self.monument)
        self.builder.slot(slot, self.told[slot], self.row.identifier, built)
        rows = [*built.names.values(), *built.locations.values(), *built.media.values(), *built.claims]
        return rows[0]

    def amend(self, stored, made, changes):
        """Give a stored row what another row has for the fields ``changes``."""
        before = {name: plain(getattr(stored, name)) for name in changes}
        for name in changes:
            setattr(stored, name, getattr(made, name))
        self.done["changed"].append([stored._meta.model_name, stored.ref, before])

    def add(self, slot, made):
        self.saved.append(made)
        self.done["made"].append([made._meta.model_name, made.ref])
        self.rows[slot] = [made._meta.model_name, made.ref]

    def fitted(self, made):
        """Return a new row that leaves to the record the one name preferred and the one location shown that it has."""
        if isinstance(made, Location) and self.monument.locations.filter(shown=True).exists():
            made.shown = False
        if isinstance(made, Name) and made.kind == NameKind.PREFERRED:
            taken = self.monument.names.filter(kind=made.kind, language=made.language, script=made.script)
            made.kind = NameKind.ALTERNATIVE.value if taken.exists() else made.kind
        return made

    def stored(self, slot):
        table, ref = self.rows.get(slot, (None, None))
        return TABLES[table].objects.filter(ref=ref).first() if table else None

    def claim(self, told):
        """Enter a claim. One that says more than before, or the same in other words, amends it; any other supersedes it."""
        earlier, old = self.stored(told.slot), self.as_told(told.slot)
        if earlier is not None and old and self.says_more(told.slot):
            changes = differing(old.claim, told.claim)
            if are_as(earlier, old.claim, changes):
                self.revise_claim(earlier, old, told, changes)
                return
        self.enter(told)
        if (
            earlier is not None
            and earlier.standing == Standing.STANDING
            and earlier.claimant_id == told.claim.claimant_id
        ):
            lifecycle.supersede(earlier, told.claim, self.by, self.reason)
            self.done["superseded"].append([earlier._meta.model_name, earlier.ref])
        self.rows[told.slot] = [told.claim._meta.model_name, told.claim.ref]

    def enter(self, told):
        told.citation._state.fields_cache["claim"] = told.claim
        rows = [told.citation, Linked(told.citation, "evidence", told.evidence)]
        terms = {"effects": told.effects} if isinstance(told.claim, Status) else None
        lifecycle.register(told.claim, self.by, self.reason, rows, terms)
        self.done["made"].append([told.claim._meta.model_name, told.claim.ref])

    def says_more(self, slot):
        """Tell whether a slot differs from what was told only in its wording, or where nothing was said before."""
        old, new = self.told[slot], self.wanted[slot]
        changed = {name for name, value in new.items() if old.get(name) != value}
        return all(name in WORDING or old.get(name) in ("", None, [None, None]) for name in changed)

    def revise_claim(self, earlier, old, told, changes):
        before, rows = snapshot(earlier), []
        self.amend(earlier, told.claim, changes)
        cited = Citation.objects.filter(claim=earlier.pk, source=self.ground.source).order_by("pk").first()
        if cited and cited.locator == old.citation.locator != told.citation.locator:
            cited.locator = told.citation.locator
            rows = [cited]
        lifecycle.revise(earlier, self.by, self.reason, before, rows=rows)

    def remember(self):
        """Keep what the supplier tells now."""
        values = {
            "part": self.row.part,
            "monument": self.monument,
            "batch": self.batch,
            "row": self.row,
            "digest": digest(self.row.wanted),
            "told": self.row.wanted,
            "rows": json.dumps(self.rows),
        }
        Supplied.objects.update_or_create(scheme=self.ground.scheme, identifier=self.row.identifier, defaults=values)


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
