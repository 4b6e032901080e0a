"""What is done to an import: plan, apply, hand to the reviewers, publish, take back, discard."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from heritage.intake import uploads, working
from heritage.intake.admin.steps import OPEN, PUBLISH
from heritage.intake.models import Batch, Outcome, State, Supplied
from heritage.intake.undoing import built_upon
from heritage.registry.steps import Refused

#: Who may: the permission (see ``BatchAdmin.may``), and the states in which it can be done.
NEEDED = {
    "plan": ("add", OPEN),
    "apply": ("apply", [State.PLANNED, State.APPLYING]),
    "submit": ("submit", [State.APPLIED]),
    "publish": ("publish", [State.APPLIED]),
    "undo": ("apply", [State.APPLIED, State.APPLYING, State.UNDOING]),
    "discard": ("add", OPEN),
}


def do_verb(page, request, batch, verb):
    """Do ``verb`` to ``batch`` and show how that went."""
    if verb not in NEEDED:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    may, states = NEEDED[verb]
    if not page.may(request, may):
        raise PermissionDenied
    if batch.state not in states:
        told = _("This import is “%(state)s” now; nothing was done.") % {"state": State.label_of(batch.state)}
        messages.error(request, told)
        return page.to("change", batch)
    return discard(page, request, batch) if verb == "discard" else work(page, request, batch, verb)


def work(page, request, batch, verb):
    """Begin a work and go to the page that shows how far it is."""
    try:
        done = working.start(batch, verb, request.user)
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        if done:
            tell(request, batch, verb)
    return page.to("change", batch)


def tell(request, batch, verb):
    """Say what was done."""
    sentences = {
        "apply": _("The plan is applied. Its records are drafts at the desk; readers do not see them yet."),
        "submit": _("The drafts are with the reviewers."),
        "publish": _("What could be published is in the reading room."),
        "undo": _("The import was taken back."),
    }
    if verb in sentences:
        messages.success(request, sentences[verb])


def discard(page, request, batch):
    """Forget an import of which nothing was stored in the register."""
    try:
        with working.held(batch):
            fresh = Batch.objects.filter(pk=batch.pk, state__in=OPEN).first()
            if fresh is None or Supplied.objects.filter(batch=batch).exists():
                raise Refused([_("Something of this import is in the register; take it back instead.")])
            fresh.delete()
            uploads.discard(batch)
    except Refused as refused:
        messages.error(request, " ".join(refused.reasons))
        return page.to("change", batch)
    messages.success(request, _("“%(file)s” was discarded. The register is as it was.") % {"file": batch.file_name})
    follows = "add" if request.POST.get("then") == "bring" else "changelist"
    return HttpResponseRedirect(reverse(f"admin:intake_batch_{follows}"))


def undo_page(page, request, batch):
    """Ask before an import is taken back, or say what was built on it since."""
    if not page.may(request, "apply"):
        raise PermissionDenied
    if batch.state not in NEEDED["undo"][1]:
        return page.to("change", batch)
    built = (
        built_upon(batch, request.user) if working.is_small(batch, "undo") else []
    )  # of a long one the work itself finds out
    title = _("Take back the import of %(file)s") % {"file": batch.file_name}
    done = batch.rows.filter(applied=True).order_by()
    numbers = dict(done.values("outcome").annotate(total=Count("pk")).values_list("outcome", "total"))
    made, changed = numbers.get(Outcome.NEW, 0), numbers.get(Outcome.CHANGED, 0)
    return page.show(request, batch, "undo", title, PUBLISH, built=built, made=made, changed=changed)


def progress(page, request, batch):
    """Tell the page's script how far the work is."""
    return JsonResponse({"busy": working.is_worked_on(batch), **working.how_far(batch)})
