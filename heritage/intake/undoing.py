"""Taking a batch back while nothing later was built on it: its records go, what it changed is as before, the journal tells of both.

Built on it is whatever came later: an edit, a submission or publication, a claim, a relation, another import.
"""

import json

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from heritage.intake.models import Batch, Row, State, Supplied
from heritage.intake.planning import Progress
from heritage.intake.recalling import TABLES
from heritage.intake.writing import reason_of
from heritage.registry.affected import touch
from heritage.registry.lifecycle import revise
from heritage.registry.locking import hold_for_edit
from heritage.registry.models import Claim, Journal, Media, Monument, Relation, Term
from heritage.registry.models.sealing import sealed_from
from heritage.registry.rows import write
from heritage.registry.snapshot import snapshot
from heritage.registry.steps import Refused, entry, note
from heritage.registry.vocabulary import Standing

CHUNK = 200
TOLD = 20
OWN_VERBS = {"register", "revise", "supersede"}


def undo(batch, by=None, follow=None):
    """Take ``batch`` out of the register again; return it. Stopped and run again, it goes on. Raises: Refused, with what was built on it."""
    with transaction.atomic():
        state = Batch.objects.select_for_update().values_list("state", flat=True).get(pk=batch.pk)
        if state not in (State.APPLIED, State.APPLYING, State.UNDOING):
            raise Refused(
                [_("This import is “%(state)s”; there is nothing to take back.") % {"state": State.label_of(state)}]
            )
        if found := built_upon(batch, by):
            raise Refused(found)
        batch.state = State.UNDOING
        batch.save(update_fields=["state"])
    progress = Progress("records taken back", applied(batch).count())
    while done := undo_chunk(batch, by):
        progress.done += done
        if follow:
            follow(progress)
    batch.state, batch.undone_at = State.UNDONE, timezone.now().replace(microsecond=0)
    batch.counts["applied"] = batch.counts["waiting"] = 0
    batch.save(update_fields=["state", "undone_at", "counts"])
    return batch


def applied(batch):
    return Row.objects.filter(batch=batch, applied=True).order_by("pk")


def built_upon(batch, by=None):
    """Return sentences about what was built on ``batch`` since, the first twenty; empty while ``by`` can take it back."""
    found, last = [], 0
    if by is not None and applied(batch).filter(sealed_from(by, Row)).exists():
        return [_("Some of its records are not open to your account, so it cannot be taken back from here.")]
    while rows := list(applied(batch).filter(pk__gt=last).select_related("monument")[:CHUNK]):
        found += built_on_rows(batch, rows)
        last = rows[-1].pk
        if len(found) > TOLD:
            return [*found[:TOLD], _("And there is more.")]
    return found


def built_on_rows(batch, rows):
    """Return a sentence for each of ``rows`` on whose record something was built."""
    found = []
    keys = {row.monument_id: row for row in rows if row.monument_id}
    later = Supplied.objects.filter(Q(monument__in=keys) | Q(row__in=rows), batch__pk__gt=batch.pk).select_related(
        "batch"
    )
    for one in later:
        row = keys.get(one.monument_id)
        found.append(_("“%(label)s”: a later import of “%(file)s” builds on it.") % {
            "label": row.label if row else one.identifier, "file": one.batch.file_name})  # fmt: skip
    about = refs_about(keys)
    own, other = {}, {}
    undone = list(Batch.objects.filter(state=State.UNDONE).values_list("ref", flat=True))
    for pk, ref, verb, why, by, at in (
        Journal.objects.of_records()
        .filter(subject_ref__in=about)
        .values_list("pk", "subject_ref", "verb", "reason", "who", "at")
    ):
        if batch.ref in why and verb in OWN_VERBS:
            own[about[ref]] = max(pk, own.get(about[ref], 0))
        elif not any(one in why for one in undone):
            other.setdefault(about[ref], []).append((pk, verb, by, at))
    for key, entries in other.items():
        since = [one for one in entries if one[0] > own.get(key, 0)]
        if since:
            _pk, verb, by, at = since[-1]
            told = {"label": keys[key].label, "verb": verb, "who": by, "day": f"{at:%Y-%m-%d}"}
            found.append(_("“%(label)s”: the journal has “%(verb)s” by %(who)s on %(day)s.") % told)
    return found


def refs_about(keys):
    """Return {reference: monument's key} of monuments, their claims and media, and the monuments related to them."""
    about = {row.monument.ref: key for key, row in keys.items()}
    about |= dict(Claim.objects.filter(monument__in=keys).values_list("ref", "monument"))
    about |= dict(Media.objects.filter(monument__in=keys).values_list("ref", "monument"))
    related = Relation.objects.filter(other__in=keys).exclude(monument__in=keys)
    return dict(related.values_list("monument__ref", "other")) | about


@transaction.atomic
def undo_chunk(batch, by):
    """Take some rows back, all or none; return how many. Raises: Refused."""
    hold_for_edit()
    Batch.objects.select_for_update().get(pk=batch.pk)
    rows = list(applied(batch).select_related("monument")[:CHUNK])
    if found := built_on_rows(batch, rows):
        raise Refused(found)
    done = [(row, json.loads(row.done)) for row in rows]
    discard([row for row, one in done if one.get("made") is True], batch, by)
    for row, one in done:
        if one.get("made") is not True:
            Reverting(batch, row, one, by).run()
    Row.objects.filter(pk__in=[row.pk for row in rows]).update(applied=False, done="", monument=None)
    return len(rows)


def discard(rows, batch, by):
    """Delete the records that ``rows`` made, with the journal entry of that verb."""
    refs = {row.monument.ref: row.monument for row in rows if row.monument}
    made = Journal.objects.filter(subject_ref__in=refs, verb="register", reason=reason_of(batch))
    write([taken_back(refs[ref], by, batch, before) for ref, before in made.values_list("subject_ref", "after")])
    Supplied.objects.filter(row__in=rows).delete()
    Monument.objects.filter(pk__in=[one.pk for one in refs.values()]).delete()


def taken_back(row, by, batch, before):
    reason = _("Taken back: %(import)s") % {"import": reason_of(batch)}
    return entry(row, "discard", by, reason, before, None)


class Removed:
    """A row that goes when the rows edited together with it are saved."""

    def __init__(self, row):
        self.row = row

    def save(self):
        self.row.delete()


class Reverting:
    """One record that a batch changed, put back."""

    def __init__(self, batch, row, done, by):
        self.batch, self.row, self.done, self.by = batch, row, done, by
        self.reason = _("Taken back: %(import)s") % {"import": reason_of(batch)}

    def run(self):
        monument, done = self.row.monument, self.done
        before, rows = snapshot(monument), []
        for table, ref in done["superseded"]:
            self.reinstate(TABLES[table].objects.get(ref=ref))
        for table, ref in done["made"]:
            one = TABLES[table].objects.filter(ref=ref).first()
            if isinstance(one, Claim | Media):
                self.remove(one)
            elif one is not None:
                rows.append(Removed(one))
        for table, ref, values in done["changed"]:
            rows += self.put_back(monument if table == "monument" else TABLES[table].objects.get(ref=ref), values)
        terms = None
        if done["types"] is not None:
            terms = {"types": list(Term.objects.of("monument_type").filter(code__in=done["types"]))}
        revise(monument, self.by, self.reason, before, rows=rows, terms=terms)
        self.remember(done["before"])

    def put_back(self, one, values):
        """Give a row its values of before; return it for being saved with its monument, unless it is a claim, a media item or that itself."""
        before = snapshot(one)
        for name, value in values.items():
            field = next(field for field in one._meta.concrete_fields if name in (field.attname, field.name))
            setattr(one, field.attname, field.to_python(value) if not field.is_relation else value)
        if isinstance(one, Claim | Media):
            revise(one, self.by, self.reason, before)
        return [] if isinstance(one, Claim | Media | Monument) else [one]

    def reinstate(self, claim):
        """Let a claim stand again that the batch had superseded."""
        before = {"standing": str(claim.standing)}
        claim.standing, claim.revision = Standing.STANDING.value, claim.revision + 1
        claim.save(update_fields=["standing", "revision"])
        note(claim, "reinstate", self.by, self.reason, before, {"standing": Standing.STANDING.value})
        touch(claim)

    def remove(self, one):
        """Delete a claim or media item that the batch made."""
        touch(one)
        note(one, "discard", self.by, self.reason, snapshot(one), None)
        one.delete()

    def remember(self, before):
        """Put back what was known of the record before."""
        known = Supplied.objects.filter(row=self.row)
        if before is None:
            known.delete()
        else:
            known.update(**before)
