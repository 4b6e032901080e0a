"""What is known only at the end of a file: identifiers that stand in several places, and what has vanished."""

from django.db.models import Q
from django.utils.translation import gettext as _

from heritage.intake.composing import fault
from heritage.intake.models import Outcome, Resemblance, Row, Supplied
from heritage.intake.readers import Line
from heritage.intake.recognising import recognised
from heritage.intake.sifting import field_of, told_text

CHUNK = 500
WRITTEN = ["outcome", "wanted", "changes", "base", "faults", "remarks", "monument", "part_of"]


def settle(sifting, preparer):
    """Look once more at identifiers whose rows stand apart, and note what has vanished."""
    composer = preparer.composer
    joining = composer.mapping.identifier.repeated == "join"
    for identifier in sorted(sifting.apart):
        numbers = [sifting.seen[identifier], *sifting.again[identifier]]
        rows = list(Row.objects.filter(batch=sifting.batch, number__in=numbers).order_by("number"))
        lines = [line_of(row) for row in rows]
        composed = composer.compose(lines, identifier)
        alike = all(composer.compose([line], identifier).wanted == composed.wanted for line in lines)
        if alike or joining:
            join(sifting, rows[0], preparer.prepared(lines, composed))
        else:
            refuse(sifting, rows, identifier, composer)
        Row.objects.bulk_update(rows, WRITTEN)
    sifting.outcomes[Outcome.VANISHED.value] = note_vanished(sifting, bool(composer.mapping.identifier.part))


def join(sifting, head, one):
    """Let the first row of an identifier stand for the record that all of them make (see ``preparing.Prepared``)."""
    known = recognised(sifting.scheme, [one.identifier]).get(one.identifier)
    sifting.numbers.look([one])
    outcome, head.monument_id, head.base, changes, head.wanted = sifting.judged(one, known)
    sifting.change_outcome(head, outcome)
    sifting.changed_fields.subtract(map(field_of, head.change_list))
    sifting.changed_fields.update(map(field_of, changes))
    head.changes, head.faults, head.remarks = map(told_text, (changes, one.faults, one.remarks))


def refuse(sifting, rows, identifier, composer):
    """Refuse all rows of an identifier, since nobody knows which one is right."""
    told = {"identifier": identifier, "rows": ", ".join(str(row.number) for row in rows)}
    reason = _("The identifier “%(identifier)s” stands in rows %(rows)s, which differ.") % told
    mend = _('Correct the file, or let the mapping join such rows: identifier.repeated = "join".')
    column = " | ".join(composer.mapping.identifier.column)
    for row in rows:
        sifting.change_outcome(row, Outcome.REPEATED.value)
        sifting.changed_fields.subtract(map(field_of, row.change_list))
        row.faults = told_text([fault(column, identifier, reason, mend)])
        row.wanted = row.changes = row.base = ""
        row.part_of = None
    Resemblance.objects.filter(row__in=rows).delete()


def note_vanished(sifting, is_parted):
    """Store a row for each record that was told before and is not in this file; return how many there are.

    ``is_parted``: each file has some parts of the list only.
    """
    here = Row.objects.filter(batch=sifting.batch).values("identifier")
    gone = Supplied.objects.filter(scheme=sifting.scheme).exclude(identifier__in=here)
    gone = gone.visible_to(sifting.batch.made_by)
    if is_parted:
        gone = gone.filter(Q(part__in=sifting.parts) | Q(part=""))
    noted, last = 0, 0
    while some := list(
        gone.filter(pk__gt=last).order_by("pk").select_related("monument").defer("told", "rows")[:CHUNK]
    ):
        Row.objects.bulk_create(vanished(sifting.batch, one) for one in some)
        noted, last = noted + len(some), some[-1].pk
    return noted


def vanished(batch, one):
    return Row(
        batch=batch,
        identifier=one.identifier,
        label=one.monument.label,
        outcome=Outcome.VANISHED,
        monument=one.monument,
    )


def line_of(row):
    """Return the line that a stored row came from."""
    cells = row.cells
    return Line(row.number, cells, line=row.line, geometry=cells.pop("@geometry", None))
