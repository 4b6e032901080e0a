"""Pages on which a claim is retracted, or superseded by a later one of the same claimant."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.registry import lifecycle
from heritage.registry.models import Claim


class RetractForm(forms.Form):
    """Who takes it back, and why."""

    by_claimant = forms.TypedChoiceField(
        label=_("Who takes it back"),
        choices=[("yes", _("Its claimant took it back")), ("no", _("The registry withdraws it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class SupersedeForm(forms.Form):
    """Which later statement takes its place, and why."""

    new = forms.ModelChoiceField(Claim.objects.standing(), label=_("Later claim of the same claimant"))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def retract(page, request, claim):
    """Show the page, or retract ``claim`` and go back to its subject."""
    form = RetractForm(request.POST or None)
    return act(
        page,
        request,
        claim,
        form,
        _g("Retract the claim"),
        lambda given: lifecycle.retract(claim, request.user, given["reason"], given["by_claimant"]),
    )


def supersede(page, request, claim):
    """Show the page, or supersede ``claim`` and go back to its subject."""
    form = SupersedeForm(request.POST or None)
    same = {"claimant": claim.claimant_id, "monument": claim.monument_id, "place": claim.place_id} if claim else {}
    later = Claim.objects.visible_to(request.user).standing().filter(**same)
    form.fields["new"].queryset = later.exclude(pk=claim.pk if claim else None)
    form.fields["new"].widget.choices = form.fields["new"].choices
    return act(
        page,
        request,
        claim,
        form,
        _g("Supersede the claim"),
        lambda given: lifecycle.supersede(
            claim, type(claim).objects.filter(pk=given["new"].pk).first() or given["new"], request.user, given["reason"]
        ),
    )


def act(page, request, claim, form, title, verb):
    """Show ``form``, or do ``verb`` with what it gives; a refusal is told on the page and changes nothing."""
    if claim is None:
        raise Http404
    if not page.has_change_permission(request, claim):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            verb(form.cleaned_data)
        except lifecycle.Refused as refused:
            form.add_error(None, refused.reasons)
        else:
            messages.success(request, _g("Done: %(title)s.") % {"title": title.lower()})
            return HttpResponseRedirect(page.home_of(claim))
    context = {
        **page.admin_site.each_context(request),
        "title": title,
        "opts": page.opts,
        "original": claim,
        "form": form,
        "back_url": page.address("change", claim),
    }
    return TemplateResponse(request, "registry/decision.html", context)
