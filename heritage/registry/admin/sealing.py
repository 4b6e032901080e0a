"""Sealing at the desk: custodians on the forms, and the page on which two of them lower the access level again."""

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.registry import custodians
from heritage.registry.models.sealing import SEALED
from heritage.registry.steps import Refused


class AccountsField(forms.ModelMultipleChoiceField):
    """Accounts of the desk, ticked one by one."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, user):
        name = user.get_full_name()
        return f"{user.get_username()} ({name})" if name else user.get_username()


class SealingForm(forms.Form):
    """A form of something that may be sealed, with its custodians. Once it is sealed its level is lowered elsewhere."""

    custodians = AccountsField(
        get_user_model().objects.none(),
        required=False,
        label=_("Custodians"),
        help_text=_(
            "Only where the access level is “Sealed”: at least two accounts. Nobody else finds it at the desk."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        row = self.instance
        self.was_sealed = row.pk is not None and row.access_level == SEALED
        known = [one.user_id for one in custodians.custodians_of(row)] if self.was_sealed else []
        self.initial["custodians"] = known
        self.fields["custodians"].queryset = (
            get_user_model().objects.filter(Q(pk__in=known) | Q(is_active=True, is_staff=True)).order_by("username")
        )
        if self.was_sealed and "access_level" in self.fields:
            self.fields["access_level"].disabled = True
            self.fields["access_level"].help_text = _g("Two custodians lower it: see “Lower the access level”.")

    def clean(self):
        super().clean()
        if "access_level" not in self.cleaned_data or "custodians" not in self.cleaned_data:
            return
        chosen = self.cleaned_data["custodians"]
        if self.cleaned_data["access_level"] != SEALED:
            if chosen:
                self.add_error("custodians", _("Only what is sealed has custodians. Choose the access level “Sealed”."))
        elif why := custodians.too_few(chosen):
            self.add_error("custodians", why)

    def name_custodians(self, by):
        """Store the custodians of the saved row."""
        chosen, reason = self.cleaned_data["custodians"], self.cleaned_data.get("reason", "")
        if self.instance.access_level == SEALED:
            custodians.name_custodians(self.instance, chosen, by, reason)


def sealable(form):
    """Return ``form`` with the custodians of its row."""
    return type(form.__name__, (SealingForm, form), {"__doc__": form.__doc__})


class AskForm(forms.Form):
    """To what level, and why."""

    level = forms.ChoiceField(label=_("Access level"))
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "cols": 80}))

    def __init__(self, row, *args, **kwargs):
        super().__init__(*args, **kwargs)
        levels = row._meta.get_field("access_level").flatchoices
        self.fields["level"].choices = [(code, label) for code, label in levels if code != SEALED]


def lower(page, request, row):
    """Show what is asked for, or ask, confirm or decline. A refusal is told on the page and changes nothing."""
    if row is None or row.access_level != SEALED:
        raise Http404
    if not page.has_change_permission(request, row):
        raise PermissionDenied
    asking = request.POST.get("do") == "ask"
    form = AskForm(row, request.POST if asking else None)
    if request.method == "POST" and (not asking or form.is_valid()):
        try:
            messages.success(request, perform(row, request, form))
        except Refused as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
        else:
            return HttpResponseRedirect(page.address("change", row))
    keepers = list(custodians.custodians_of(row))
    context = {
        **page.admin_site.each_context(request),
        "title": _g("Lower the access level"),
        "opts": page.opts,
        "original": row,
        "form": form,
        "keepers": keepers,
        "asked": next((one for one in keepers if one.lower_to), None),
        "back_url": page.address("change", row),
    }
    return TemplateResponse(request, "registry/lower.html", context)


def perform(row, request, form):
    """Do what was asked for on the page; return the sentence that says so. Raises: Refused."""
    asked = request.POST.get("do")
    if asked == "ask":
        custodians.ask_to_lower(row, request.user, form.cleaned_data["level"], form.cleaned_data["reason"])
        return _g("The other custodians are asked. It stays sealed until one of them confirms.")
    if asked == "confirm":
        custodians.lower(row, request.user, request.POST.get("level", ""))
        return _g("The access level is now “%(level)s”.") % {"level": row.get_access_level_display()}
    if asked == "decline":
        custodians.decline(row, request.user)
        return _g("Declined. It stays sealed.")
    raise Refused([_g("Choose what to do.")])
