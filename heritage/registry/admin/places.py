"""Places."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from heritage.registry import forms
from heritage.registry.admin.desk import on_list
from heritage.registry.admin.filters import ChangedSincePublished, MissingOfPlace
from heritage.registry.admin.inlines import MembershipInline, NameInline
from heritage.registry.admin.known import knowing
from heritage.registry.admin.revision import revised
from heritage.registry.admin.subjects import SubjectAdmin
from heritage.registry.models import Place


@admin.register(Place)
class PlaceAdmin(SubjectAdmin):
    """Regions, districts, settlements and natural features."""

    subject = "place"
    form = revised(knowing(forms.PlaceForm))
    inlines = [NameInline, MembershipInline]
    list_display = ["label", "kind", "parent_labels", "stage", "changed", "edited_at", "edited_by"]
    list_filter = ["kind", "stage", MissingOfPlace, ChangedSincePublished]
    list_select_related = ["edited_by"]
    search_fields = ["label", "=ref", "names__text"]
    readonly_fields = ["ref", "stage", "edited_at", "edited_by", "changed_at"]
    fieldsets = [
        (None, {"fields": ["label", "kind", ("latitude", "longitude")]}),
        (_("What readers see"), {"fields": ["access_level", "content_warnings"]}),
        (_("Desk"), {"fields": ["note", ("ref", "stage", "changed_at"), ("edited_by", "edited_at")]}),
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.prefetch_related("memberships__parent") if on_list(request) else rows

    @admin.display(description=_("lies within"))
    def parent_labels(self, place):
        return ", ".join(sorted({str(one.parent) for one in place.memberships.all()}))

    @admin.display(description=_("changed"), boolean=True, ordering="changed_at")
    def changed(self, place):
        return place.changed_at is not None
