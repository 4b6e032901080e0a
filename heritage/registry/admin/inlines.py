"""Rows that are edited on the page of what they belong to."""

from django.contrib import admin

from heritage.registry import forms, formsets
from heritage.registry.admin.known import KnownChoices, knowing
from heritage.registry.models import Citation, ClaimLink, Location, Name, PlaceMembership, Relation


class Inline(KnownChoices, admin.StackedInline):
    """Rows that load what they show with one query."""

    extra = 0
    related = ()
    prefetched = ()

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.related).prefetch_related(*self.prefetched)


class NameInline(Inline):
    """Names."""

    model = Name
    form = knowing(forms.NameForm)
    formset = formsets.NameFormSet
    autocomplete_fields = related = ["source"]
    fields = [("text", "kind"), ("language", "script", "scheme"), ("date", "qualifier"), ("source", "locator")]


class LocationInline(Inline):
    """Locations."""

    model = Location
    form = knowing(forms.LocationForm)
    formset = formsets.LocationFormSet
    autocomplete_fields = related = ["place", "source"]
    fields = [
        ("place", "shown"),
        ("latitude", "longitude", "uncertainty"),
        ("method", "wording"),
        "footprint",
        ("source", "locator"),
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
    fields = [
        ("source", "role", "anchored"),
        ("locator", "timecode_start", "timecode_end"),
        ("directness", "reported_from"),
        "evidence",
        "quote",
        "media",
    ]


class LinkInline(Inline):
    """Links to other claims."""

    model = ClaimLink
    fk_name = "claim"
    form = knowing(forms.LinkForm)
    autocomplete_fields = ["other"]
    related = ["claim", "other"]
    fields = [("kind", "other"), "note"]
