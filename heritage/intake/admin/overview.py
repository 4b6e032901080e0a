"""The page of one import: what the plan says, how far the work is, and what can be done next."""

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heritage.intake import publishing, working
from heritage.intake.admin.seen import counts_seen
from heritage.intake.admin.steps import APPLY, PLAN, PUBLISH
from heritage.intake.admin.wording import frequent, places_of
from heritage.intake.mapping import parse_used, title_of
from heritage.intake.models import Outcome, State
from heritage.registry.vocabulary import Stage

SHOWN_WORDS = 12
HERE = {State.APPLYING: APPLY, State.APPLIED: PUBLISH, State.UNDOING: PUBLISH}
BEGUN = {State.PLANNING: "plan", State.APPLYING: "apply", State.UNDOING: "undo"}
#: What the numbers of a plan mean, in the order in which a person asks.
COUNTS = [
    ("new", gettext_lazy("New"), gettext_lazy("records that the register does not have yet")),
    (
        "changed",
        gettext_lazy("Changed"),
        gettext_lazy("records of the register of which the file tells something else or more"),
    ),
    ("same", gettext_lazy("The same"), gettext_lazy("told before exactly so; nothing will be done")),
    ("joined", gettext_lazy("Joined"), gettext_lazy("rows that belong to the record of an earlier row")),
    (
        "repeated",
        gettext_lazy("Repeated"),
        gettext_lazy("rows whose number stands in another row: part of its record, or not taken where they differ"),
    ),
    ("refused", gettext_lazy("Refused"), gettext_lazy("rows that cannot be taken, each with the reason")),
    ("vanished", gettext_lazy("Vanished"), gettext_lazy("told before, not in this file; nothing is deleted")),
]


def page(admin, request, batch):
    """Show an import as it stands."""
    is_busy = working.is_worked_on(batch)
    if batch.state == State.NEW and not is_busy:
        return admin.to("file", batch)
    far = working.how_far(batch)
    numbers = counts_seen(batch, request.user)
    context = {
        "busy": is_busy,
        "far": far,
        "stopped": not is_busy and stopped(batch, far),
        "counts": counts(admin, batch, numbers),
    }
    if batch.state in (State.PLANNED, State.APPLYING, State.APPLIED, State.UNDOING, State.UNDONE):
        context["plan"] = told_by(batch, numbers)
    if batch.state == State.APPLIED and not is_busy:
        context["brought"] = brought(batch, request.user)
    title = _("Import of %(file)s") % {"file": batch.file_name}
    context["mapping_title"] = title_of(batch.mapping_text) or batch.mapping_name
    return admin.show(request, batch, "overview", title, HERE.get(batch.state, PLAN), **context)


def stopped(batch, far):
    """Return the verb that was begun and neither ended nor goes on, or an empty text."""
    if batch.state in BEGUN:
        return BEGUN[batch.state]
    return far["verb"] if far and not far["ended"] else ""


def counts(admin, batch, numbers):
    """Return the numbers of the plan, each with its meaning and the address of its rows."""
    return [
        {
            "name": name,
            "title": title,
            "says": says,
            "number": numbers.get(name, 0),
            "url": f"{admin.at('rows', batch)}?outcome={name}",
        }
        for name, title, says in COUNTS
        if numbers.get(name) or name in ("new", "changed", "same", "refused")
    ]


def told_by(batch, numbers):
    """Return what the plan tells of the file as a whole, the most frequent first."""
    report = batch.report
    unmapped = report.get("unmapped", {})
    places = places_of(parse_used(batch.mapping_text)) if unmapped else {}
    return {
        "unmapped": [
            {
                "place": places.get(place, (place, ""))[0],
                "rest": places.get(place, (place, ""))[1],
                "words": frequent(words)[:SHOWN_WORDS],
                "more": max(len(words) - SHOWN_WORDS, 0),
            }
            for place, words in unmapped.items()
        ],
        "changed_fields": frequent(report.get("changed_fields", {})),
        "repeated": report.get("repeated", [])[:20],
        "unused": report.get("unused", [])[:20],
        "columns_unused": report.get("columns_unused", []),
        "unclear": unclear(batch),
        "duplicates": numbers.get("possible_duplicates", 0),
        "to_do": numbers.get("new", 0) + numbers.get("changed", 0),
    }


def unclear(batch):
    """Return how many rows are not taken since others have their number and say something else."""
    return batch.rows.filter(outcome=Outcome.REPEATED).exclude(faults="").count() if batch.counts.get("repeated") else 0


def brought(batch, user):
    """Return where the records of an applied import are on their way to the readers, and what this curator may do."""
    found = publishing.brought(batch).visible_to(user)
    by_stage = dict(found.order_by().values("stage").annotate(total=Count("pk")).values_list("stage", "total"))
    waiting = publishing.waiting(batch)
    needs_review = bool(settings.REVIEWERS_NEEDED)
    own = needs_review and waiting.filter(edited_by=user).exists()
    return {
        "total": sum(by_stage.values()),
        "drafts": by_stage.get(Stage.DRAFT, 0),
        "in_review": by_stage.get(Stage.IN_REVIEW, 0),
        "published": by_stage.get(Stage.PUBLISHED, 0),
        "withdrawn": by_stage.get(Stage.WITHDRAWN, 0),
        "waiting": publishing.count_waiting(batch),
        "needs_review": needs_review,
        "own": own,
        "list_url": list_url(batch, user),
        "held_back": held_back(batch, user) if tried(batch) else [],
    }


def tried(batch):
    """Tell whether somebody has published the import already, so that what still waits is held back by something."""
    far = working.how_far(batch)
    return bool(far) and far["verb"] == "publish"


def held_back(batch, user):
    """Return the first records that this curator could not publish, each with the reasons and its address."""
    return [
        {"label": one, "reasons": reasons, "url": reverse(f"admin:registry_{one.kind}_change", args=[one.pk])}
        for one, reasons in publishing.held_back(batch, user)
    ]


def list_url(batch, user):
    """Return the address of the public list of what this supplier's source carries."""
    source = publishing.source_of(batch)
    seen = source is not None and source.is_visible_to(user)
    return f"{reverse('monuments')}?source={source.ref}" if seen else reverse("monuments")
