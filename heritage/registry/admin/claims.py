"""Claims on pages of their own, reached from their monument or place and leading back to it."""

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from heritage.registry import forms
from heritage.registry.admin.desk import DeskAdmin, ReadOnlyAdmin
from heritage.registry.admin.inlines import CitationInline, LinkInline
from heritage.registry.admin.known import KnownSelect, KnowsItsRow, knowing
from heritage.registry.admin.retraction import retract, supersede
from heritage.registry.admin.revision import revised
from heritage.registry.admin.sealing import sealable
from heritage.registry.admin.takedown import TakedownAdmin
from heritage.registry.dates import DateError
from heritage.registry.models import Attribution, Citation, Claim, Count, Protection, Status
from heritage.registry.models.sealing import sealed_from
from heritage.registry.vocabulary import Standing
from heritage.registry.wording import sentence

WHEN = (_("When"), {"fields": [("date", "qualifier"), ("hi_basis", "as_stated")]})
WHO = (_("Who says so"), {"fields": ["claimant", "summary", "quote"]})
WORTH = (_("What it is worth"), {"fields": [("certainty", "verification")]})
DESK = (_("Access and desk"), {"classes": ["collapse"], "fields": ["access_level", "content_warnings", "note", "ref"]})


class ClaimAdmin(TakedownAdmin, DeskAdmin):
    """What the four sorts of claim share."""

    change_form_template = "registry/claim_form.html"
    inlines = [CitationInline, LinkInline]
    list_display = ["summary", "about_what", "claimant", "date_text", "worth"]
    list_filter = ["standing", "verification", "access_level"]
    list_select_related = ["monument", "place", "claimant"]
    search_fields = ["summary", "=ref", "monument__label", "place__label", "claimant__label"]
    readonly_fields = ["ref"]
    autocomplete_fields = ["monument", "place", "claimant"]
    own_fieldsets = []

    def get_fieldsets(self, request, obj=None):
        return [(None, {"fields": self.about(request, obj)}), *self.own_fieldsets, WORTH, DESK]

    def about(self, request, obj):
        """Return the field of the subject, where it is known already; else both, of which one is filled in."""
        known = request.GET if obj is None else {"monument": obj.monument_id, "place": obj.place_id}
        return [name for name in ("monument", "place") if known.get(name)] or ["monument", "place"]

    def get_readonly_fields(self, request, obj=None):
        fixed = ["monument", "place"] if obj else []
        may_verify = request.user.has_perm("registry.publish_monument")
        return [*self.readonly_fields, *fixed, *([] if may_verify else ["verification"])]

    @admin.display(description=_("about"))
    def about_what(self, claim):
        return claim.subject

    @admin.display(description=_("standing, verification"), ordering="verification")
    def worth(self, claim):
        return f"{claim.get_standing_display()}, {claim.get_verification_display().lower()}"

    @admin.display(description=_("date"), ordering="hi")
    def date_text(self, claim):
        return claim.dates_text()

    # The way back

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        if "_addanother" in request.POST:
            kind = "monument" if obj.monument_id else "place"
            return HttpResponseRedirect(f"{request.path}?{kind}={obj.monument_id or obj.place_id}")
        return response

    def response_post_save_add(self, request, obj):
        return HttpResponseRedirect(self.home_of(obj))

    def response_post_save_change(self, request, obj):
        return HttpResponseRedirect(self.home_of(obj))

    def response_delete(self, request, obj_display, obj_id):
        super().response_delete(request, obj_display, obj_id)
        return HttpResponseRedirect(request.home)

    def delete_model(self, request, obj):
        request.home = self.home_of(obj)
        super().delete_model(request, obj)

    def home_of(self, claim):
        """Return the address of the claim's line on the page of its subject."""
        kind = claim.monument.kind if claim.monument_id else "place"
        page = reverse(f"admin:registry_{kind}_change", args=[claim.monument_id or claim.place_id])
        return f"{page}#claim-{claim.ref}"

    def home_of_new(self, request):
        """Return the address of the page from which a new claim is added, or an empty text."""
        for kind in ("monument", "place"):
            if (key := request.GET.get(kind, "")).isdecimal():
                return f"{reverse(f'admin:registry_{kind}_change', args=[key])}#claims"
        return ""

    # Retracting and superseding

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/retract/", view(self.retract), name=f"{name}_retract"),
            path("<path:object_id>/supersede/", view(self.supersede), name=f"{name}_supersede"),
            *super().get_urls(),
        ]

    def retract(self, request, object_id):
        return retract(self, request, self.get_object(request, object_id))

    def supersede(self, request, object_id):
        return supersede(self, request, self.get_object(request, object_id))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is None:
            context["home_url"] = self.home_of_new(request)
        else:
            context |= {
                "home_url": self.home_of(obj),
                "sealed_citations": obj.citations.filter(sealed_from(request.user, Citation)).count(),
                "stands": obj.standing == Standing.STANDING and self.has_change_permission(request, obj),
                "retract_url": self.address("retract", obj),
                "supersede_url": self.address("supersede", obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(Status)
class StatusAdmin(ClaimAdmin):
    """Changes, states seen and threats."""

    change_form_template = "registry/status_form.html"
    form = sealable(revised(knowing(forms.StatusForm)))
    autocomplete_fields = [*ClaimAdmin.autocomplete_fields, "effects", "cause", "agent"]
    list_filter = ["mode", "aspect", *ClaimAdmin.list_filter]
    own_fieldsets = [
        (
            _("What happened or was seen"),
            {"fields": [("mode", "aspect", "value"), "effects", "probability", ("scope", "part_affected")]},
        ),
        (
            _("The two sightings"),
            {
                "classes": ["anchors"],
                "description": _("Between these two dates the change took place. Leave empty what is not known."),
                "fields": [
                    ("unchanged_on", "unchanged_source", "unchanged_locator"),
                    ("changed_on", "changed_source", "changed_locator"),
                ],
            },
        ),
        (_("Or a date as the source gives it"), WHEN[1]),
        WHO,
        (
            _("More, as claimed"),
            {
                "classes": ["collapse"],
                "fields": [
                    ("cause", "agent", "intent"),
                    "stated_purpose",
                    ("completeness", "extent_min", "extent_max"),
                    "reported_grade",
                ],
            },
        ),
    ]

    class Media:
        js = ["registry/status.js"]

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.sentence))
        return [path("sentence/", view, name="registry_status_sentence"), *super().get_urls()]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        source = Citation._meta.get_field("source")
        for name in ("unchanged_source", "changed_source"):
            field = form.base_fields[name]
            chooser = KnownSelect(source, self.admin_site)
            may_add = request.user.has_perm("registry.add_source")
            field.widget = RelatedFieldWidgetWrapper(
                chooser, source.remote_field, self.admin_site, can_add_related=may_add, can_change_related=False
            )
            field.widget.choices = field.choices
        return form

    def sentence(self, request):
        """Answer with the sentence that readers would see for what is typed so far, and what is wrong with it."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        seen = type("SeenStatusForm", (KnowsItsRow, forms.StatusForm), {"seen_by": request.user})
        form = seen(request.POST, instance=Status())
        form.is_valid()
        try:
            text = sentence(form.instance, form.cleaned_data.get("effects", []))
        except (DateError, TypeError, ValueError):
            text = ""
        undated = {name: form.errors[name] for name in (*form.date_fields, "qualifier") if name in form.errors}
        text = "" if undated else text
        found = [str(message) for field in (undated or form.errors).values() for message in field] if not text else []
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"sentence": text, "messages": found})
        context = {**self.admin_site.each_context(request), "title": _g("As readers will see it"), "opts": self.opts}
        return TemplateResponse(request, "registry/sentence.html", context | {"sentence": text, "messages_": found})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["sentence_url"] = reverse("admin:registry_status_sentence")
        context["sentence"] = sentence(obj, obj.effects.all()) if obj is not None else ""
        return super().render_change_form(request, context, add, change, form_url, obj)


@admin.register(Attribution)
class AttributionAdmin(ClaimAdmin):
    """Traditions, denominations, builders, dedications, origins and legality, as claimed."""

    form = sealable(revised(knowing(forms.AttributionForm)))
    list_filter = ["facet", *ClaimAdmin.list_filter]
    own_fieldsets = [(None, {"fields": [("facet", "argued_from"), "value"]}), WHO, WHEN]


@admin.register(Protection)
class ProtectionAdmin(ClaimAdmin):
    """Listings, conventions and measures."""

    form = sealable(revised(knowing(forms.ProtectionForm)))
    autocomplete_fields = [*ClaimAdmin.autocomplete_fields, "kind", "authority", "binds"]
    own_fieldsets = [
        (None, {"fields": [("kind", "interim"), ("authority", "reference_number"), ("binds", "covers"), "ended"]}),
        WHO,
        WHEN,
    ]


@admin.register(Count)
class CountAdmin(ClaimAdmin):
    """Numbers as claimed."""

    form = sealable(revised(knowing(forms.CountForm)))
    autocomplete_fields = [*ClaimAdmin.autocomplete_fields, "predicate", "part_of_count"]
    own_fieldsets = [
        (None, {"fields": [("predicate", "counted"), ("number_qualifier", "value"), "scope_note", "part_of_count"]}),
        WHO,
        WHEN,
    ]


@admin.register(Claim)
class AnyClaimAdmin(ReadOnlyAdmin):
    """Claims of any sort, for picking one to link to."""

    search_fields = ["summary", "=ref", "monument__label", "place__label"]

    def has_module_permission(self, request):
        return False
