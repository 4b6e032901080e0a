"""New records in bulk: the rows, the journal entries and the authorship that the verbs of the desk would give them."""

import json
from itertools import chain

from django.utils.translation import gettext as _

from heritage.intake.building import NUMBER
from heritage.intake.comparing import digest
from heritage.intake.keys import give
from heritage.intake.models import Supplied
from heritage.registry.models import Citation, Claim, Journal, Monument, Status
from heritage.registry.refs import mint
from heritage.registry.rows import Form, every_column, insert, write
from heritage.registry.snapshot import snapshot
from heritage.registry.steps import now, who

journal, supplied = Form(Journal), Form(Supplied)


def reason_of(batch):
    """Return what the journal says of everything that a batch does."""
    return _("Import %(batch)s of “%(file)s”") % {"batch": batch.ref, "file": batch.file_name}


class Writer:
    """Writes new records of one batch."""

    def __init__(self, batch, by):
        self.batch, self.by, self.who = batch, by, who(by)
        self.reason, self.moment = reason_of(batch), None

    def write(self, records):
        """Write ``records``, pairs of (Row, Built). Call it in a transaction."""
        self.moment, every = now(), [built for _row, built in records]
        give([built.monument for built in every])
        told = [one for built in every for one in built.claims]
        give([one.claim for one in told])
        give([cited for one in told for cited in one.citations])
        for built in every:
            self.bind(built)
        self.write_rows(every, told)
        self.write_journal(every)
        self.remember(records)

    def bind(self, built):
        """Let the rows of one record point to one another, and name their author."""
        key, by = built.monument.pk, self.by and self.by.pk
        for row in chain([built.monument], built.media.values(), (one.claim for one in built.claims)):
            row.edited_by_id, row.edited_at = by, self.moment
        claims = [one.claim for one in built.claims]
        for row in chain(built.names.values(), built.locations.values(), built.media.values(), claims):
            row.__dict__["monument_id"] = key  # set so, the monument itself stays in hand
        for one in built.claims:
            for cited in one.citations:
                cited.claim_id = one.claim.pk

    def write_rows(self, every, told):
        write_whole([built.monument for built in every])
        link(Monument.types.through, [(built.monument.pk, term.pk) for built in every for term in built.types])
        write([row for built in every for row in built.names.values()])
        write([row for built in every for row in built.locations.values()])
        write([row for built in every for row in built.media.values()])
        write_claims(told)

    def write_journal(self, every):
        """Write the entries of the verb *register*, one for each monument, claim and media item."""
        entries = []
        for built in every:
            hand(built.monument, types=built.types, names=list(built.names.values()), relations=[])
            hand(built.monument, locations=list(built.locations.values()))
            entries.append(self.entry(built.monument))
            for one in built.claims:
                in_hand(one)
                entries.append(self.entry(one.claim))
            entries += [self.entry(row) for row in built.media.values()]
        write(entries)

    def entry(self, row):
        return noted(row, "register", self.who, self.reason, None, snapshot(row), self.moment)

    def remember(self, records):
        """Keep what the supplier told of each record, and what was made of it."""
        kept = []
        for row, built in records:
            kept.append(
                supplied(
                    scheme=built.names[NUMBER].scheme,
                    identifier=row.identifier,
                    part=row.part,
                    monument_id=built.monument.pk,
                    batch_id=self.batch.pk,
                    row_id=row.pk,
                    digest=digest(row.wanted),
                    told=row.wanted,
                    rows=json.dumps(rows_of(built, whole=True)),
                )
            )
        write(kept)


def in_hand(told):
    """Let a new claim have its citations in hand, and the first of these its evidence."""
    hand(told.citation, evidence=told.evidence)
    for one in told.more:
        hand(one, evidence=[])
    hand(told.claim, citations=told.citations, links=[])
    if type(told.claim) is Status:
        hand(told.claim, effects=told.effects)


def write_claims(told):
    """Write new claims (see ``building.Told``) whose keys are known, with their citations and terms."""
    by_table = {}
    for one in told:
        by_table.setdefault(type(one.claim), []).append(one.claim)
    for model, claims in by_table.items():
        columns = every_column(Claim)
        insert(Claim, columns.names, map(columns, claims))
        write_whole(claims, model)
    write_whole([cited for one in told for cited in one.citations])
    link(Status.effects.through, [(one.claim.pk, term.pk) for one in told for term in one.effects])
    link(Citation.evidence.through, [(one.citation.pk, term.pk) for one in told for term in one.evidence])


def noted(row, verb, doer, reason, before, after, moment):
    """Return a journal entry (see ``steps.entry``) to be written with many others."""
    return journal(
        ref=mint(),
        at=moment,
        who=doer,
        verb=verb,
        subject_kind=type(row)._meta.model_name,
        subject_ref=row.ref,
        reason=reason,
        before=before,
        after=after,
    )


def rows_of(built, whole=False):
    """Return {slot: [table, reference]} of the rows of one record; ``whole``: the monument itself was made, too."""
    made = {"record": ["monument", built.monument.ref]} if whole else {}
    for table, rows in (("name", built.names), ("location", built.locations), ("media", built.media)):
        made |= {slot: [table, row.ref] for slot, row in rows.items()}
    return made | {one.slot: [one.claim._meta.model_name, one.claim.ref] for one in built.claims}


def hand(row, **children):
    """Let ``row`` have its children in hand, so that a snapshot asks the database nothing."""
    row._prefetched_objects_cache = getattr(row, "_prefetched_objects_cache", {}) | children


def write_whole(rows, model=None):
    """Write rows whose keys are known."""
    if rows:
        columns = every_column(model or type(rows[0]))
        insert(model or type(rows[0]), columns.names, map(columns, rows))


def link(through, pairs):
    """Write the rows of a many-to-many table."""
    if pairs:
        names = [field.attname for field in through._meta.concrete_fields if field.is_relation]
        insert(through, names, pairs)
