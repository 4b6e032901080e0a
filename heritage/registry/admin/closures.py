"""Closing versions at the desk: one reviewer asks, another confirms, and the page lists everything that still carries it."""

import hashlib

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from heritage.catalogue import closing
from heritage.catalogue.carriers import asked_for, carriers
from heritage.catalogue.models import Closure
from heritage.catalogue.offers import offered
from heritage.registry.admin.decisions import words
from heritage.registry.admin.desk import ReadOnlyAdmin
from heritage.registry.models import Monument, Place, Source
from heritage.registry.models.sealing import ref_sealed_from, refs_sealed_from
from heritage.registry.steps import Refused
from heritage.registry.vocabulary import WithdrawalReason

MODELS = {"monument": Monument, "place": Place, "source": Source}
NEEDED = {"place": "registry.publish_place"}
MOST = 500  #: versions that the page lists one by one


class ClosureForm(forms.Form):
    """Which versions, why, and how soon. ``seen`` is what the page listed: if that has changed, it is shown anew."""

    scope = forms.ChoiceField(label=_("Which versions"), widget=forms.RadioSelect)
    ticked = forms.TypedMultipleChoiceField(label=_("Versions"), coerce=int, required=False)
    reason_class = forms.ChoiceField(label=_("Class of the reason, which readers see"), choices=WithdrawalReason)
    reason = words(_("Reason, for the journal"))
    urgent = forms.BooleanField(
        label=_("Close them now"),
        required=False,
        help_text=_(
            "For danger. Readers lose them at once, and a second reviewer confirms or lifts it. Otherwise readers see them "
            "until the second reviewer has confirmed."
        ),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, carrying, is_source, **kwargs):
        self.carrying, self.fingerprint = carrying, fingerprint(carrying.all)
        super().__init__(*args, initial={"seen": self.fingerprint, "scope": "all" if is_source else "own"}, **kwargs)
        own = [] if is_source else [("own", _("All earlier versions of this record and of those merged into it"))]
        every = _("Every version listed here")
        self.fields["scope"].choices = [*own, ("all", every), ("ticked", _("Only those ticked below"))]
        self.fields["ticked"].choices = [(edition.pk, str(edition)) for edition in carrying.all]

    def clean_seen(self):
        if self.cleaned_data["seen"] != self.fingerprint:
            raise forms.ValidationError(_("The versions listed have changed since you opened this page. Look again."))
        return self.fingerprint

    def chosen(self):
        """Return the editions that were chosen."""
        ticked = set(self.cleaned_data["ticked"])
        one_by_one = [edition for edition in self.carrying.all if edition.pk in ticked]
        return {"own": self.carrying.own, "all": self.carrying.all}.get(self.cleaned_data["scope"], one_by_one)


class DecisionForm(forms.Form):
    """What the second reviewer decides."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("confirm", _("Close these versions")), ("decline", _("Do not close them"))],
        widget=forms.RadioSelect,
    )
    erase = forms.BooleanField(
        label=_("Erase the text for good; the hash stays"),
        required=False,
        help_text=_("Nobody can bring it back, not even from the desk."),
    )
    reason = words(_("Reason, if you decline"), required=False)


def fingerprint(editions):
    return hashlib.sha256(" ".join(str(edition.pk) for edition in editions).encode()).hexdigest()


def close_url(request, kind, obj):
    """Return the address at which versions of ``obj`` are closed, or nothing where this curator may not."""
    allowed = obj is not None and request.user.has_perm(NEEDED.get(kind, "registry.publish_monument"))
    return reverse("admin:catalogue_closure_ask", args=[kind, obj.pk]) if allowed else ""


def visible_to(user, closures):
    """Return those of ``closures`` that are about what ``user`` may know of; their reasons tell of it."""
    return closures.exclude(ref_sealed_from(user, "subject_ref"))


@admin.register(Closure)
class ClosureAdmin(ReadOnlyAdmin):
    """Requests to close versions, each on a page where it is decided."""

    list_display = ["__str__", "reason_class", "urgent", "requested_by_name", "requested_at", "decision", "erased"]
    list_filter = ["decision", "urgent", "reason_class"]
    search_fields = ["=subject_ref", "=ref"]

    def get_queryset(self, request):
        return visible_to(request.user, admin.ModelAdmin.get_queryset(self, request))

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("registry.publish_monument")

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("about/<slug:kind>/<int:pk>/", view(self.ask), name="catalogue_closure_ask"),
            *super().get_urls(),
        ]

    def desk_row(self, request, kind, **key):
        """Return the row at the desk that versions are of, if this curator may see it."""
        page = self.admin_site.get_model_admin(MODELS[kind])
        row = page.get_queryset(request).filter(**key).first()
        return row if row is not None and page.has_view_permission(request, row) else None

    # One asks

    def ask(self, request, kind, pk):
        """Show everything that carries a record or a source, and ask for the closing of what is chosen."""
        if not request.user.has_perm(NEEDED.get(kind, "registry.publish_monument")):
            raise PermissionDenied
        row = self.desk_row(request, kind, pk=pk) if kind in MODELS else None
        if row is None:
            raise Http404
        carrying = carriers(row.ref)
        form = ClosureForm(request.POST or None, carrying=carrying, is_source=kind == "source")
        if request.method == "POST" and form.is_valid():
            try:
                return self.asked(request, form, kind, row)
            except Refused as refused:
                form.add_error(None, refused.reasons)
        context = {
            **self.admin_site.each_context(request),
            "title": _g("Close versions"),
            "opts": self.opts,
            "row": row,
            "row_url": reverse(f"admin:registry_{row.kind if kind == 'monument' else kind}_change", args=[pk]),
            "form": form,
            "carrying": nameless(carrying, request.user),
            "listed": carrying.all[:MOST],
            "left_out": max(0, len(carrying.all) - MOST),
            "pending": {edition.pk for edition in asked_for(carrying.all)},
        }
        return TemplateResponse(request, "registry/close_versions.html", context)

    def asked(self, request, form, kind, row):
        given = form.cleaned_data
        recalled = list(form.carrying.deposits) if given["urgent"] else []
        closure = closing.request_closure(
            form.chosen(), request.user, given["reason_class"], given["reason"], given["urgent"], (kind, row.ref)
        )
        if given["urgent"]:
            told = _g("The versions are closed. A second reviewer confirms or lifts it: it waits on the work list.")
        else:
            told = _g(
                "A second reviewer has to confirm: it waits on the work list. Until then readers see the versions."
            )
        messages.success(request, told)
        tell_recalled(request, recalled)
        return HttpResponseRedirect(reverse("admin:catalogue_closure_change", args=[closure.pk]))

    # Another decides

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show one request, and to a second reviewer the form that decides it."""
        closure = self.get_object(request, object_id)
        if closure is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, closure):
            raise PermissionDenied
        form = DecisionForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                return self.decided(request, closure, form.cleaned_data)
            except Refused as refused:
                form.add_error(None, refused.reasons)
        return TemplateResponse(request, "registry/closure.html", self.about(request, closure, form))

    def about(self, request, closure, form):
        """Return what the page of one request shows."""
        editions = without_sealed_names(closing.editions_of(closure).defer("record"), request.user)
        carrying = nameless(carriers(closure.subject_ref), request.user)
        asked = {edition.pk for edition in editions}
        return {
            **self.admin_site.each_context(request),
            "title": _g("Closing of versions"),
            "opts": self.opts,
            "original": closure,
            "row": self.desk_row(request, closure.subject, ref=closure.subject_ref),
            "listed": editions[:MOST],
            "left_out": max(0, len(editions) - MOST),
            "not_asked": [one for one in carrying.own if one.pk not in asked and not one.closed_because],
            "carrying": carrying,
            "deposits": deposits_with(editions),
            "form": form,
            "own": closing.why_not_confirmed(closure, request.user),
            "back_url": reverse("admin:catalogue_closure_changelist"),
        }

    def decided(self, request, closure, given):
        if given["decision"] == "decline":
            closing.decline_closure(closure, request.user, given["reason"])
            messages.success(request, _g("It was declined. Readers see these versions."))
        else:
            recalled = deposits_with(closing.editions_of(closure))
            closing.confirm_closure(closure, request.user, given["erase"])
            number = sum(map(len, closure.versions.values()))
            told = ngettext("%(number)d version is closed.", "%(number)d versions are closed.", number)
            messages.success(request, told % {"number": number})
            tell_recalled(request, recalled)
        return HttpResponseRedirect(reverse("admin:catalogue_closure_change", args=[closure.pk]))


def without_sealed_names(editions, user):
    """Return ``editions`` as a list, without the names of the records that are sealed from ``user``."""
    editions, sealed = list(editions), refs_sealed_from(user)
    for edition in editions:
        if edition.ref in sealed:
            edition.label = ""
    return editions


def nameless(carrying, user):
    """Return ``carrying`` without the names of the records that are sealed from ``user``."""
    without_sealed_names([*carrying.all, *carrying.current], user)
    return carrying


def deposits_with(editions):
    """Return the deposits on offer that may hold one of ``editions``."""
    positions = [edition.pk for edition in editions]
    return list(offered("deposits_with", [], min(positions))) if positions else []


def tell_recalled(request, deposits):
    for made in deposits:
        messages.info(request, _g("The deposit “%(name)s” is no longer offered to readers.") % {"name": made.name})


class PendingClosures:
    """Closings that wait for this curator as the second person."""

    name = "closures"
    title = _("Closings to confirm")

    def __init__(self, user):
        found = (
            visible_to(user, Closure.objects.pending())
            .exclude(requested_by=user)
            .exclude(requested_by_name=user.get_username())
        )
        allowed = user.has_perm("registry.publish_monument")
        self.rows = (found if allowed else Closure.objects.none()).order_by("-urgent", "requested_at", "pk")

    def __len__(self):
        return self.rows.count()

    def __getitem__(self, part):
        return [PendingClosure(one) for one in self.rows[part]]


class PendingClosure:
    """A closing as a row of the work list."""

    page = "admin:catalogue_closure_change"

    def __init__(self, closure):
        self.pk, self.label, self.edited_at = closure.pk, str(closure), closure.requested_at
        state = _g("Closed at once by %(who)s") if closure.urgent else _g("Asked for by %(who)s")
        self.said = state % {"who": closure.requested_by_name}


admin.site.more_piles.append(PendingClosures)
