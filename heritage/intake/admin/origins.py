"""From which imports and rows a record came, for the head of its page at the desk."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from heritage.intake.models import Row
from heritage.registry.models import Monument

SHOWN = 5


def origins(request, subject):
    """Return [(words, address)] of the rows that made or changed ``subject``, the latest first."""
    user = request.user
    if not isinstance(subject, Monument) or not (
        user.has_perm("intake.view_batch") or user.has_perm("intake.add_batch")
    ):
        return []
    rows = Row.objects.filter(monument=subject, applied=True).order_by("-batch", "number")
    shown = rows.values_list("pk", "number", "batch", "batch__file_name", "batch__applied_at")[:SHOWN]
    return [
        (told(number, name, at), reverse("admin:intake_batch_row", args=[batch, pk]))
        for pk, number, batch, name, at in shown
    ]


def told(number, name, at):
    day = date_format(at, "j F Y") if at else _("not finished")
    return _("From row %(number)s of the import of “%(file)s” (%(day)s)") % {"number": number, "file": name, "day": day}
