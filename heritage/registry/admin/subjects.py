"""What the pages of monuments and places share: the claims made about them and the way to the reading room."""

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from heritage.registry.admin.closures import close_url
from heritage.registry.admin.decisions import decide, decisions_for
from heritage.registry.admin.desk import DeskAdmin
from heritage.registry.admin.preview import preview
from heritage.registry.admin.takedown import TakedownAdmin
from heritage.registry.admin.whereabouts import stage_of, whereabouts
from heritage.registry.models import Attribution, Count, Protection, Status
from heritage.registry.visibility import why_hidden
from heritage.registry.wording import sentence

SORTS = [
    (Status, _("Changes, states and threats"), _("Report a change, a state or a threat"), ["cause"], ["effects"]),
    (Attribution, _("Attributions"), _("Add an attribution"), [], []),
    (Protection, _("Protections"), _("Add a protection"), ["kind", "authority"], []),
    (Count, _("Counts"), _("Add a count"), ["predicate"], []),
]


class SubjectAdmin(TakedownAdmin, DeskAdmin):
    """Monuments of every kind, and places."""

    change_form_template = "registry/subject_form.html"
    subject = "monument"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/decide/<slug:verb>/", view(self.decide), name=f"{name}_decide"),
            path("<path:object_id>/preview/", view(self.preview), name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def decide(self, request, object_id, verb):
        return decide(self, request, self.get_object(request, object_id), verb)

    def preview(self, request, object_id):
        return preview(self, request, self.get_object(request, object_id))

    def has_change_permission(self, request, obj=None):
        merged = getattr(obj, "merged_into_id", None)
        return not merged and super().has_change_permission(request, obj)

    def response_post_save_add(self, request, obj):
        """A new record is not complete without its claims, which are added on its page."""
        return HttpResponseRedirect(self.address("change", obj))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            context |= {
                "whereabouts": whereabouts(obj),
                "claims": self.claims(request, obj),
                "decisions": decisions_for(self, request, obj),
                "preview_url": self.address("preview", obj),
                "close_url": close_url(request, self.subject, obj),
                "came_from": [one for origin in self.admin_site.origins for one in origin(request, obj)],
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Lists

    @admin.display(description=_("stage"), ordering="stage")
    def stage_words(self, subject):
        return stage_of(subject)

    @admin.display(description=_("last edited"), ordering="edited_at")
    def last_edited(self, subject):
        if subject.edited_at is None:
            return "–"
        return f"{date_format(subject.edited_at, 'j M Y')}, {subject.edited_by or '–'}"

    def journal_refs(self, obj):
        return [obj.ref, *obj.claims.values_list("ref", flat=True)]  # those that are sealed are left out of the journal

    # The claims, each on a page of its own

    def claims(self, request, obj):
        """Return, for each sort of claim, its title, rows and the address at which to add one."""
        return [
            {
                "title": title,
                "add_words": add_words,
                "rows": [self.claim_row(claim, model) for claim in self.claims_of(request, model, obj, related, many)],
                "add_url": self.add_url(request, model, obj),
            }
            for model, title, add_words, related, many in SORTS
        ]

    def claims_of(self, request, model, obj, related, many):
        rows = model.objects.visible_to(request.user).filter(**{self.subject: obj})
        rows = rows.select_related("claimant", *related)
        return rows.prefetch_related("citations__source", *many)

    def claim_row(self, claim, model):
        """Return what the list shows of one claim."""
        is_status = model is Status
        return {
            "claim": claim,
            "text": sentence(claim, claim.effects.all()) if is_status else f"{claim.dates_text()}, {claim.claimant}",
            "url": reverse(f"admin:registry_{model._meta.model_name}_change", args=[claim.pk]),
            "hidden": why_hidden(claim, list(claim.citations.all())),
            "citations": len(claim.citations.all()),
        }

    def add_url(self, request, model, obj):
        permission = f"registry.{get_permission_codename('add', model._meta)}"
        if not request.user.has_perm(permission) or not self.has_change_permission(request, obj):
            return ""
        return f"{reverse(f'admin:registry_{model._meta.model_name}_add')}?{self.subject}={obj.pk}"
