"""Rows that are edited on the page of what they belong to."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.translation import gettext_lazy as _

from heritage.registry import forms, formsets
from heritage.registry.admin.known import KnownChoices, knowing
from heritage.registry.models import Citation, ClaimLink, Location, Name, PlaceMembership, Relation, Status
from heritage.registry.models.base import LongText


class Inline(KnownChoices, admin.StackedInline):
    """Rows that load what they show with one query."""

    formset = formsets.RowsFormSet
    extra = 0
    extra_on_new = 0
    related = ()
    prefetched = ()
    formfield_overrides = {LongText: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}

    def get_extra(self, request, obj=None, **kwargs):
        return self.extra if obj else self.extra_on_new

    def get_queryset(self, request):
        rows = super().get_queryset(request).visible_to(request.user)
        return rows.select_related(*self.related).prefetch_related(*self.prefetched)

    def get_formset(self, request, obj=None, **kwargs):
        """Return the formset, made for this request alone, which knows for whom its rows are shown."""
        formset = super().get_formset(request, obj, **kwargs)
        formset.seen_by = formset.form.seen_by = request.user
        return formset


class NameInline(Inline):
    """Names."""

    model = Name
    form = knowing(forms.NameForm)
    formset = formsets.NameFormSet
    autocomplete_fields = related = ["source"]
    extra_on_new = 1
    fieldsets = [
        (None, {"fields": ["text", ("language", "script", "kind")]}),
        (
            _("Source, dates, number"),
            {"classes": ["collapse"], "fields": [("source", "locator"), ("date", "qualifier"), "scheme"]},
        ),
    ]


class LocationInline(Inline):
    """Locations."""

    model = Location
    form = knowing(forms.LocationForm)
    formset = formsets.LocationFormSet
    autocomplete_fields = related = ["place", "source"]
    extra_on_new = 1
    fieldsets = [
        (None, {"fields": [("place", "shown"), ("latitude", "longitude", "uncertainty"), ("source", "locator")]}),
        (_("How it was found, footprint"), {"classes": ["collapse"], "fields": [("method", "wording"), "footprint"]}),
    ]


class RelationInline(Inline):
    """Relations to other monuments."""

    model = Relation
    fk_name = "monument"
    form = knowing(forms.RelationForm)
    autocomplete_fields = ["other", "source"]
    related = ["monument", "other", "source"]
    fields = [("kind", "other"), ("source", "locator"), "note"]


class MembershipInline(Inline):
    """Larger places."""

    model = PlaceMembership
    fk_name = "place"
    form = knowing(forms.MembershipForm)
    autocomplete_fields = ["parent", "source"]
    related = ["place", "parent", "source"]
    fields = [("parent", "kind"), ("date", "qualifier"), ("source", "locator")]


class CitationInline(Inline):
    """Citations."""

    model = Citation
    form = knowing(forms.CitationForm)
    formset = formsets.CitationFormSet
    autocomplete_fields = ["source", "reported_from", "evidence", "media"]
    related = ["source__kind", "reported_from", "media"]
    prefetched = ["evidence"]
    fieldsets = [
        (None, {"fields": [("source", "locator"), ("role", "anchored"), ("directness", "reported_from"), "evidence"]}),
        (
            _("Quotation, place in a recording, picture"),
            {"classes": ["collapse"], "fields": ["quote", ("timecode_start", "timecode_end"), "media"]},
        ),
    ]

    def get_extra(self, request, obj=None, **kwargs):
        """A new claim starts with a citation to fill in, unless its form asks for its sightings."""
        return 0 if obj or issubclass(self.parent_model, Status) else 1


class LinkInline(Inline):
    """Links to other claims."""

    model = ClaimLink
    fk_name = "claim"
    form = knowing(forms.LinkForm)
    autocomplete_fields = ["other"]
    related = ["claim", "other"]
    fields = [("kind", "other"), "note"]
