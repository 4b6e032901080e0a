"""Places."""

from django.contrib import admin
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from heritage.registry import forms
from heritage.registry.admin.desk import on_list
from heritage.registry.admin.filters import HeldOrChanged, Mine, MissingOfPlace
from heritage.registry.admin.inlines import MembershipInline, NameInline
from heritage.registry.admin.known import knowing
from heritage.registry.admin.revision import revised
from heritage.registry.admin.sealing import sealable
from heritage.registry.admin.subjects import SubjectAdmin
from heritage.registry.models import Place, PlaceMembership


@admin.register(Place)
class PlaceAdmin(SubjectAdmin):
    """Regions, districts, settlements and natural features."""

    subject = "place"
    form = sealable(revised(knowing(forms.PlaceForm)))
    inlines = [NameInline, MembershipInline]
    list_display = ["label", "kind", "parent_labels", "stage_words", "last_edited"]
    list_filter = ["kind", "stage", HeldOrChanged, Mine, MissingOfPlace]
    list_select_related = ["edited_by"]
    search_fields = ["label", "=ref", "names__text"]
    readonly_fields = ["ref", "last_edited"]
    fieldsets = [
        (None, {"fields": ["label", "kind", ("latitude", "longitude")]}),
        (_("What readers see"), {"classes": ["collapse"], "fields": ["access_level", "content_warnings"]}),
        (_("For the desk only"), {"classes": ["collapse"], "fields": ["hold", "note", ("ref", "last_edited")]}),
    ]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if not on_list(request):
            return rows
        memberships = PlaceMembership.objects.visible_to(request.user)
        return rows.prefetch_related(Prefetch("memberships", memberships), "memberships__parent")

    @admin.display(description=_("lies within"))
    def parent_labels(self, place):
        return ", ".join(sorted({str(one.parent) for one in place.memberships.all()}))
