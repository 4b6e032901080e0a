"""Monuments, cemeteries, sites and collections: one table, four lists."""

from django.contrib import admin
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from heritage.registry import forms
from heritage.registry.admin.desk import on_list, tally
from heritage.registry.admin.filters import HeldOrChanged, Mine, Missing
from heritage.registry.admin.inlines import LocationInline, NameInline, RelationInline
from heritage.registry.admin.known import knowing
from heritage.registry.admin.revision import revised
from heritage.registry.admin.sealing import sealable
from heritage.registry.admin.subjects import SubjectAdmin
from heritage.registry.models import Cemetery, Claim, Collection, Location, Monument, Place, Site
from heritage.registry.vocabulary import Kind


class ThingAdmin(SubjectAdmin):
    """What the four lists share."""

    kind = None
    form = sealable(revised(knowing(forms.MonumentForm)))
    inlines = [NameInline, LocationInline, RelationInline]
    autocomplete_fields = ["types"]
    list_display = ["label", "type_labels", "place_labels", "stage_words", "claim_count", "last_edited"]
    list_filter = ["stage", HeldOrChanged, Mine, Missing, "access_level", "public_precision", "itemised"]
    list_select_related = ["edited_by"]
    search_fields = ["label", "=ref", "names__text"]
    search_help_text = _("Working title, any name or number, or the whole reference.")
    readonly_fields = ["ref", "last_edited", "merged_into"]
    fieldsets = [
        (None, {"fields": ["label", "kind", "types", "itemised"]}),
        (
            _("What readers see"),
            {"classes": ["collapse"], "fields": [("access_level", "public_precision"), "content_warnings"]},
        ),
        (
            _("For the desk only"),
            {"classes": ["collapse"], "fields": ["hold", "note", ("ref", "last_edited", "merged_into")]},
        ),
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if not on_list(request):
            return rows
        return rows.annotate(claim_total=tally(Claim, "monument", request.user)).prefetch_related(
            "types", Prefetch("locations__place", Place.objects.visible_to(request.user))
        )

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """The first location of a new record is the one shown, unless the curator says otherwise."""
        more = {} if obj.pk or inline.model is not Location else {"initial": [{"shown": True}]}
        return super().get_formset_kwargs(request, obj, inline, prefix) | more

    def get_changeform_initial_data(self, request):
        return {"kind": self.kind} | super().get_changeform_initial_data(request)

    @admin.display(description=_("types"))
    def type_labels(self, monument):
        return ", ".join(str(term) for term in monument.types.all())

    @admin.display(description=_("places"))
    def place_labels(self, monument):
        places = {location.place for location in monument.locations.all() if location.place}
        return ", ".join(sorted(str(place) for place in places))

    @admin.display(description=_("claims"), ordering="claim_total")
    def claim_count(self, monument):
        return monument.claim_total


@admin.register(Monument)
class MonumentAdmin(ThingAdmin):
    """Buildings, structures and objects. Single records of any kind open here too, so that every link leads somewhere."""

    kind = Kind.MONUMENT

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.filter(kind=Kind.MONUMENT) if on_list(request) else rows


@admin.register(Cemetery)
class CemeteryAdmin(ThingAdmin):
    """Burial grounds."""

    kind = Kind.CEMETERY


@admin.register(Site)
class SiteAdmin(ThingAdmin):
    """Archaeological sites, settlements, quarters, landscapes and ensembles."""

    kind = Kind.SITE


@admin.register(Collection)
class CollectionAdmin(ThingAdmin):
    """Museums and holdings."""

    kind = Kind.COLLECTION
