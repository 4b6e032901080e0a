"""The numbers of a plan as one account may know them: without the rows about records that are sealed and kept by others."""

from django.db.models import Count

from heritage.intake.models import Resemblance, Row
from heritage.registry.models.sealing import sealed_from


def subtract_sealed(batches, user):
    """Take the sealed rows out of the counts of ``batches``, which are shown and not saved, with one query for all."""
    by_key = {batch.pk: batch for batch in batches}
    sealed = Row.objects.filter(sealed_from(user, Row), batch__in=by_key).order_by()
    for key, outcome, number in sealed.values_list("batch", "outcome").annotate(total=Count("pk")):
        counts = by_key[key].counts
        counts[outcome] = counts.get(outcome, 0) - number


def counts_seen(batch, user):
    """Return the numbers of the plan of ``batch`` for ``user``."""
    if not batch.counts:
        return {}
    found = dict(batch.counts)
    sealed = batch.rows.filter(sealed_from(user, Row)).order_by().values("outcome").annotate(total=Count("pk"))
    for outcome, number in sealed.values_list("outcome", "total"):
        found[outcome] = found.get(outcome, 0) - number
    if found.get("possible_duplicates"):
        seen = Resemblance.objects.visible_to(user).filter(row__batch=batch)
        found["possible_duplicates"] = seen.values("row").distinct().count()
    return found
