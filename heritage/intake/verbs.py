"""The verbs of the desk for thousands of records at once: the same refusals, rows, revisions and journal entries, written together.

    verbs = Verbs(by, reason)
    verbs.revise(monument, before, added=[name])     what ``lifecycle`` would refuse is refused: Raises Refused
    Verbs.write([verbs, …])                          in the transaction in which the rows were read and held

Rows come with all that their snapshot tells in hand (see ``recalling``), so that nothing is asked of the database in between.
"""

from heritage.intake.keys import give
from heritage.intake.writing import hand, in_hand, link, noted, write_claims
from heritage.registry.affected import family, touch
from heritage.registry.lifecycle import why_not_revised, why_not_superseded
from heritage.registry.models import ClaimLink, Monument
from heritage.registry.models.base import Edited
from heritage.registry.rows import rewrite, write
from heritage.registry.snapshot import changed_fields, known, snapshot
from heritage.registry.steps import edited_in_hand, now, refuse_if, stamp, subject_of, who
from heritage.registry.vocabulary import LinkKind, Standing


class Verbs:
    """The deeds on one record, not written yet."""

    def __init__(self, by, reason):
        self.by, self.reason = by, reason
        self.added, self.amended, self.told, self.superseded = [], {}, [], []
        self.types, self.entries, self.touched = None, [], []

    # Deeds

    def revise(self, row, before, added=(), amended=(), types=None):
        """Take the changed ``row`` with new and changed rows that belong to it; ``types``: its terms from now on."""
        refuse_if(*why_not_revised(row))
        self.added += added
        self.amend(row, *amended)
        if types is not None:
            self.types = (row, types)
            hand(row, types=types)
        after = snapshot(row)
        if after == before:
            return
        if isinstance(row, Edited):
            row.revision += 1
        stamp(row, self.by)
        self.note(row, "revise", before, after)
        self.edited(row, authored=changed_fields(before, after) != {"verification"})

    def register(self, row):
        """Take a new media item."""
        stamp(row, self.by)
        self.added.append(row)
        self.note(row, "register", None, snapshot(row))
        self.edited(row)

    def claim(self, told):
        """Take a new claim with its citation; both have their keys (see ``give_keys``)."""
        self.told.append(told)
        stamp(told.claim, self.by)
        in_hand(told)
        self.note(told.claim, "register", None, snapshot(told.claim))
        self.edited(told.claim)

    def supersede(self, old, new):
        """Let the claim ``new`` of this record stand in the place of ``old``."""
        refuse_if(*why_not_superseded(old, new))
        self.superseded.append((old, new))
        before = {"standing": str(old.standing)}
        old.standing, old.revision = Standing.SUPERSEDED.value, old.revision + 1
        stamp(old, self.by)
        self.amend(old)
        self.note(old, "supersede", before, {"standing": old.standing, "superseded_by": known(new)})
        self.edited(old)

    def amend(self, *rows):
        self.amended |= {(type(row), row.pk): row for row in rows}

    def note(self, row, verb, before, after):
        self.entries.append(noted(row, verb, who(self.by), self.reason, before, after, now()))

    def edited(self, row, authored=True):
        subject = subject_of(row)
        if subject is not None:
            edited_in_hand(subject, self.by, authored)
            self.amend(subject)
        self.touched.append(row)

    # Together

    @staticmethod
    def write(many):
        """Write the deeds on ``many`` records."""
        write_by_table([row for one in many for row in one.added], write)
        write_by_table([row for one in many for row in one.amended.values()], rewrite)
        write_claims([told for one in many for told in one.told])
        write(
            [
                ClaimLink(claim_id=new.pk, kind=LinkKind.SUPERSEDES, other_id=old.pk)
                for one in many
                for old, new in one.superseded
            ]
        )
        replace_types([one.types for one in many if one.types])
        write([entry for one in many for entry in one.entries])
        for rows in grouped([row for one in many for row in one.touched], family):
            touch(*rows)


def give_keys(told):
    """Give new claims and their citations the keys that they will have."""
    give([one.claim for one in told])
    give([cited for one in told for cited in one.citations])
    for one in told:
        for cited in one.citations:
            cited.claim_id = one.claim.pk


def replace_types(pairs):
    """Give monuments other types; ``pairs``: (monument, its terms)."""
    through = Monument.types.through
    through.objects.filter(monument_id__in=[row.pk for row, _terms in pairs]).delete()
    link(through, [(row.pk, term.pk) for row, terms in pairs for term in terms])


def grouped(rows, by):
    """Return the lists of those of ``rows`` of which ``by`` says the same."""
    found = {}
    for row in rows:
        found.setdefault(by(row), []).append(row)
    return found.values()


def write_by_table(rows, way):
    for some in grouped(rows, type):
        way(some)
