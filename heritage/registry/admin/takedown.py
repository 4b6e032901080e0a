"""The page on which a reviewer takes something off the site: a record, or a source, media item or claim wherever readers see it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from heritage.catalogue import takedown
from heritage.registry import lifecycle
from heritage.registry.models import Source
from heritage.registry.models.base import Subject
from heritage.registry.vocabulary import SourceAccess, Stage, WithdrawalReason, WithholdingReason


class TakedownForm(forms.Form):
    """Why, for readers and for the journal, and what to do with records that have other changes."""

    reason_class = forms.ChoiceField(label=_("Class of the reason, which readers see"), choices=WithdrawalReason)
    withheld_because = forms.ChoiceField(
        label=_("Why the source is withheld, which readers see"), choices=WithholdingReason
    )
    reason = forms.CharField(
        label=_("Reason, for the journal"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "cols": 80})
    )
    with_changed = forms.BooleanField(
        label=_("Also withdraw the records that have other changes"),
        required=False,
        initial=True,
        help_text=_(
            "Nobody has reviewed their other changes, so they cannot be published again now. If you leave this out, readers go "
            "on seeing them as they are, with what you want to take off the site."
        ),
    )

    def __init__(self, given, row, found):
        super().__init__(given, initial={"reason_class": WithdrawalReason.SAFETY})
        if not (isinstance(row, Source) and row.access_level == SourceAccess.PUBLIC):
            del self.fields["withheld_because"]
        if not found.changed_otherwise:
            del self.fields["with_changed"]


class TakedownAdmin:
    """Adds the page to an admin of rows that readers may see."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_take_down"
        view = self.admin_site.admin_view(self.take_down)
        return [path("<path:object_id>/take-down/", view, name=name), *super().get_urls()]

    def may_take_down(self, request, row):
        """Tell whether this curator may take ``row`` off the site and readers see it."""
        is_there = row.stage == Stage.PUBLISHED if isinstance(row, Subject) else True
        return is_there and not takedown.may_not_take_down(row, request.user) and takedown.is_shown(row)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and self.may_take_down(request, obj):
            context["take_down_url"] = self.address("take_down", obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def take_down(self, request, object_id):
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row) or takedown.may_not_take_down(row, request.user):
            raise PermissionDenied
        if not self.may_take_down(request, row):
            messages.info(
                request, _g("Readers do not see “%(row)s”; there is nothing to take off the site.") % {"row": row}
            )
            return HttpResponseRedirect(self.address("change", row))
        try:
            found = takedown.rehearse(row, request.user).visible_to(request.user)
        except lifecycle.Refused as refused:
            for reason in refused.reasons:
                messages.error(request, reason)
            return HttpResponseRedirect(self.address("change", row))
        form = TakedownForm(request.POST if request.method == "POST" else None, row, found)
        if request.method == "POST" and form.is_valid():
            try:
                done = takedown.take_down(row, request.user, **{"with_changed": False} | form.cleaned_data)
            except lifecycle.Refused as refused:
                form.add_error(None, refused.reasons)
                row.refresh_from_db()
            else:
                self.tell(request, row, done.visible_to(request.user), form.cleaned_data.get("with_changed", False))
                return HttpResponseRedirect(self.address("change", row))
        context = {
            **self.admin_site.each_context(request),
            "title": _g("Take it off the site now"),
            "opts": self.opts,
            "original": row,
            "form": form,
            "media": self.media + form.media,
            "found": found,
            "is_record": isinstance(row, Subject),
            "back_url": self.address("change", row),
        }
        return TemplateResponse(request, "registry/take_down.html", context)

    def tell(self, request, row, done, with_changed):
        """Say what was done and what is left to do."""
        told = [_g("“%(row)s” is off the site.") % {"row": row}]
        if number := len(done.separable):
            told.append(
                ngettext(
                    "%(number)d record was published again without it.",
                    "%(number)d records were published again without it.",
                    number,
                )
                % {"number": number}
            )
        messages.success(request, " ".join(told))
        if done.changed_otherwise:
            names = "; ".join(str(subject) for subject in done.changed_otherwise)
            said = (
                _g("Withdrawn until a reviewer publishes them again, because they have other changes: %(records)s.")
                if with_changed
                else _g(
                    "These records still show it, because they have other changes that nobody reviewed: %(records)s."
                )
            )
            messages.warning(request, said % {"records": names})
