"""Decisions on likely duplicates, remembered for every later file of the same list."""

import json

from django.db import transaction
from django.utils.translation import gettext as _

from heritage.intake.comparing import canonical, differences
from heritage.intake.mapping import parse_used
from heritage.intake.models import Batch, Outcome, Resemblance, Row, State, Verdict
from heritage.intake.numbering import given_back
from heritage.registry.steps import Refused, now, who


@transaction.atomic
def decide(resemblance, same, by=None):
    """Remember that the row of ``resemblance`` is, or is not, about its monument; a row that is becomes an addition to it.

    Returns the ``Verdict``. Raises: Refused once the batch is no longer a plan.
    """
    row = resemblance.row
    batch = Batch.objects.select_for_update().get(pk=row.batch_id)
    if batch.state != State.PLANNED:
        raise Refused(
            [_("Only a plan can be decided on; this import is “%(state)s”.") % {"state": State.label_of(batch.state)}]
        )
    verdict, _made = Verdict.objects.update_or_create(
        scheme=parse_used(batch.mapping_text).identifier.scheme,
        identifier=row.identifier,
        monument_id=resemblance.monument_id,
        defaults={"same": same, "who": who(by), "at": now()},
    )
    if same:
        add_to(row, resemblance.monument_id)
        Resemblance.objects.filter(row=row).delete()
    else:
        resemblance.delete()
    recount(batch)
    return verdict


def add_to(row, monument):
    """Make a planned new record an addition to the record ``monument``."""
    wanted = json.loads(row.wanted)
    remarks = given_back(wanted, row.remark_list, monument)
    row.wanted, row.remarks = canonical(wanted), json.dumps(remarks, ensure_ascii=False) if remarks else ""
    changes = differences({}, {slot: values for slot, values in wanted.items() if slot != "record"})
    row.outcome, row.monument_id, row.base = Outcome.CHANGED.value, monument, ""
    row.changes = json.dumps(changes, ensure_ascii=False)
    row.save(update_fields=["outcome", "monument", "base", "changes", "wanted", "remarks"])


def recount(batch):
    """Bring the counts of a plan up to date."""
    rows = Row.objects.filter(batch=batch)
    batch.counts |= {
        "new": rows.filter(outcome=Outcome.NEW).count(),
        "changed": rows.filter(outcome=Outcome.CHANGED).count(),
        "possible_duplicates": Resemblance.objects.filter(row__batch=batch).values("row").distinct().count(),
    }
    batch.save(update_fields=["counts"])
