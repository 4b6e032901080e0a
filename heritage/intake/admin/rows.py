"""The rows of a plan: listed by what becomes of them, one by one, as a table to take away, and the likely duplicates."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heritage.intake.admin.overview import COUNTS
from heritage.intake.admin.paging import Leaf, whole
from heritage.intake.admin.seen import counts_seen
from heritage.intake.admin.steps import PLAN
from heritage.intake.admin.wording import slots_in_words
from heritage.intake.deciding import decide
from heritage.intake.models import Outcome, Resemblance, State
from heritage.intake.reporting import csv_text
from heritage.intake.uploads import safe_name
from heritage.registry.steps import Refused, note_access

SAID = {"yes": True, "no": False}
MARK = "\ufeff"  # by which spreadsheet programs know UTF-8


def rows_page(page, request, batch):
    """List the rows of one outcome, some at a time; or find one by its identifier or row number."""
    outcome = request.GET.get("outcome", "")
    if outcome and outcome not in Outcome.values:
        raise Http404
    asked = request.GET.get("find", "").strip()[:300]
    found = batch.rows.visible_to(request.user)
    found = found.filter(outcome=outcome) if outcome else found
    found = sought(found, asked) if asked else found
    key = "pk" if outcome in ("", Outcome.VANISHED) else "number"  # what vanished has no number
    found = found.select_related("monument").defer("raw", "wanted", "done")
    leaf = Leaf(found, key, request.GET)
    numbers = counts_seen(batch, request.user)
    context = {
        "leaf": leaf,
        "kept": kept(outcome=outcome, find=asked),
        "outcome": outcome,
        "outcomes": [{"name": name, "title": title, "number": numbers.get(name, 0)} for name, title, _says in COUNTS],
        "says": next((says for name, _title, says in COUNTS if name == outcome), ""),
        "find": asked,
    }
    return page.show(request, batch, "rows", _("Rows of %(file)s") % {"file": batch.file_name}, PLAN, **context)


def kept(**chosen):
    """Return the beginning of a query that keeps what was chosen."""
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{query}&" if query else ""


def sought(rows, asked):
    """Return the rows with this identifier, or else this number."""
    by_identifier = rows.filter(identifier=asked)
    if asked.isdecimal() and len(asked) < 10 and not by_identifier.exists():
        return rows.filter(number=int(asked))
    return by_identifier


def row_page(page, request, batch, row):
    """Show one row: as it came, and what was or would be made of it."""
    found = batch.rows.visible_to(request.user).filter(pk=row).select_related("monument").first()
    if found is None:
        raise Http404
    record = found.monument
    context = {
        "row": found,
        "cells": list(found.cells.items()),
        "wanted": slots_in_words(found.wanted_slots),
        "record_url": reverse(f"admin:registry_{record.kind}_change", args=[record.pk]) if record else "",
        "resemblances": found.resemblances.visible_to(request.user).select_related("monument"),
    }
    title = _("Row %(number)s of %(file)s") % {"number": found.number or "–", "file": batch.file_name}
    return page.show(request, batch, "row", title, PLAN, **context)


def report(page, request, batch):
    """Give the plan as CSV, as long as it may be."""
    outcome = request.GET.get("outcome", "")
    if outcome and outcome not in Outcome.values:
        raise Http404
    note_access(request.user, "download_report", batch.ref, {"rows": outcome or "all"})
    name = safe_name(f"plan {batch.file_name}").rpartition(".")[0] or "plan"
    answer = StreamingHttpResponse(
        with_mark(csv_text(batch, outcome or None, request.user)), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{ascii_only(name)}.csv"'
    return answer


def with_mark(pieces):
    yield MARK
    yield from pieces


def ascii_only(name):
    return name.encode("ascii", "replace").decode().replace("?", "_")


# Likely duplicates


def duplicates_page(page, request, batch):
    """Show new rows that may be about monuments from elsewhere, side by side, and remember what is decided."""
    if request.method == "POST":
        return decided(page, request, batch)
    found = Resemblance.objects.visible_to(request.user).filter(row__batch=batch).select_related("row", "monument")
    leaf = Leaf(found, "pk", request.GET)
    pairs = [
        {"one": one, "url": reverse(f"admin:registry_{one.monument.kind}_change", args=[one.monument_id])}
        for one in leaf.rows
    ]
    may_decide = page.may(request, "add") and batch.state == State.PLANNED
    title = _("Likely duplicates in %(file)s") % {"file": batch.file_name}
    return page.show(request, batch, "duplicates", title, PLAN, pairs=pairs, leaf=leaf, may_decide=may_decide)


def decided(page, request, batch):
    """Remember what was decided about the pairs of a page; what is left open stays so."""
    if not page.may(request, "add"):
        raise PermissionDenied
    given = {
        whole(name.removeprefix("pair-")): value for name, value in request.POST.items() if name.startswith("pair-")
    }
    seen = Resemblance.objects.visible_to(request.user)
    known = seen.filter(row__batch=batch, pk__in=[pk for pk, value in given.items() if value in SAID])
    decisions = 0
    try:
        for one in known.select_related("row"):
            if Resemblance.objects.filter(
                pk=one.pk
            ).exists():  # deciding that a row is one monument settles its other pairs
                decide(one, SAID[given[one.pk]], request.user)
                decisions += 1
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
    if decisions:
        told = ngettext("%(n)d decision is remembered.", "%(n)d decisions are remembered.", decisions)
        messages.success(request, told % {"n": decisions})
    return page.to("duplicates", batch)
