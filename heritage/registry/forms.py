"""The one validation, for curators and for imports: what a row must be before a verb of ``lifecycle`` saves it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from heritage.registry import dates
from heritage.registry.anchors import AnchorFields
from heritage.registry.dated_form import DatedForm, DeskForm
from heritage.registry.models import (
    Attribution,
    Citation,
    ClaimLink,
    Count,
    Location,
    Media,
    Monument,
    Name,
    Place,
    PlaceMembership,
    Protection,
    Relation,
    Source,
    Status,
)
from heritage.registry.rules import faults_of
from heritage.registry.tongues import script_of
from heritage.registry.vocabulary import VALUES_OF_ASPECT, CitationRole, ContentWarning, NameKind

OWN_DATES = ["date", "qualifier"]


class Warnings(forms.MultipleChoiceField):
    """Content warnings, ticked one by one."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(choices=ContentWarning.choices, required=False, label=_("Content warnings"), **kwargs)


class Address(forms.URLField):
    """A web address; without a scheme it is taken for https."""

    def __init__(self, **kwargs):
        super().__init__(assume_scheme="https", **kwargs)


class MonumentForm(DeskForm):
    """A monument without what is claimed of it."""

    content_warnings = Warnings()

    class Meta:
        model = Monument
        fields = [
            "label",
            "kind",
            "types",
            "itemised",
            "public_precision",
            "access_level",
            "content_warnings",
            "note",
            "hold",
        ]


class PlaceForm(DeskForm):
    """A place."""

    content_warnings = Warnings()

    class Meta:
        model = Place
        fields = ["label", "kind", "latitude", "longitude", "access_level", "content_warnings", "note", "hold"]


class SourceForm(DatedForm):
    """A source; its date is that of its publication."""

    content_warnings = Warnings()

    class Meta:
        model = Source
        exclude = ["lo", "hi", "hi_basis", "edtf", "qualifier"]
        field_classes = {"url": Address, "archived_url": Address}
        widgets = {"language": forms.TextInput(attrs={"size": 10, "list": "languages", "autocomplete": "off"})}
        help_texts = {"read_state": _("A claim is published only with a source that was read.")}


class MediaForm(DatedForm):
    """A media item; its date is that of its making."""

    content_warnings = Warnings()

    class Meta:
        model = Media
        exclude = ["lo", "hi", "hi_basis", "edtf", "qualifier"]


class NameForm(DatedForm):
    """A name of a monument or place."""

    class Meta:
        model = Name
        fields = ["text", "language", "script", "kind", "scheme", *OWN_DATES, "source", "locator"]
        widgets = {
            "language": forms.TextInput(attrs={"size": 10, "list": "languages", "autocomplete": "off"}),
            "script": forms.TextInput(attrs={"size": 10, "list": "scripts", "autocomplete": "off"}),
        }
        help_texts = {"script": _("Left empty, it is taken from the letters of the name.")}

    def clean(self):
        super().clean()
        given = self.cleaned_data
        if not given.get("script") and "script" in given and given.get("kind") != NameKind.REGISTER_NUMBER:
            given["script"] = script_of(given.get("text") or "")


class LocationForm(DeskForm):
    """One statement of where a monument is."""

    class Meta:
        model = Location
        fields = [
            "place",
            "latitude",
            "longitude",
            "uncertainty",
            "method",
            "wording",
            "footprint",
            "source",
            "locator",
            "shown",
        ]


class RelationForm(DeskForm):
    """How a monument relates to another."""

    class Meta:
        model = Relation
        fields = ["kind", "other", "source", "locator", "note"]


class MembershipForm(DatedForm):
    """To what larger place a place belongs."""

    class Meta:
        model = PlaceMembership
        fields = ["parent", "kind", *OWN_DATES, "source", "locator"]


class LinkForm(DeskForm):
    """How a claim relates to another."""

    class Meta:
        model = ClaimLink
        fields = ["kind", "other", "note"]


class CitationForm(DeskForm):
    """Where in a source a claim is found; for an anchor, the date of the image or visit."""

    anchored = forms.CharField(
        label=_("Date seen"),
        required=False,
        max_length=20,
        help_text=_("For “last seen unchanged” and “first seen changed”: the date of the image or visit."),
    )

    class Meta:
        model = Citation
        fields = [
            "source",
            "role",
            "anchored",
            "locator",
            "timecode_start",
            "timecode_end",
            "directness",
            "reported_from",
            "evidence",
            "quote",
            "media",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.anchored_on is not None:
            self.initial["anchored"] = dates.iso(self.instance.anchored_on)

    def clean(self):
        super().clean()
        text, role = self.cleaned_data.get("anchored", ""), self.cleaned_data.get("role")
        try:
            end = "hi" if role == CitationRole.FIRST_CHANGED else "lo"
            self.instance.anchored_on = dates.bound(text, end) if text else None
        except dates.DateError as fault:
            self.add_error("anchored", str(fault))

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - (set() if "anchored" in self.errors else {"anchored_on"})


CLAIM_FIELDS = ["claimant", "summary", "quote", "certainty", "verification", *OWN_DATES, "hi_basis", "as_stated"]
CLAIM_DESK_FIELDS = ["access_level", "content_warnings", "note"]


class ClaimForm(DatedForm):
    """What every claim has. ``cited`` are its citations where they are known already; a formset checks them otherwise."""

    content_warnings = Warnings()

    def __init__(self, *args, cited=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.cited = cited

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        self.instance.being_cited = self.anchors_made()
        self.instance.being_effected = list(self.cleaned_data.get("effects", []))
        citations = [*self.instance.being_cited, *(self.cited or [])] if self.cited is not None else []
        for field, messages in faults_of(self.instance, self.instance.being_effected, citations).items():
            self.add_error(field, messages)

    def anchors_made(self):
        """Return the citations that the form itself makes."""
        return []


class AttributionForm(ClaimForm):
    """An attribution as claimed."""

    class Meta:
        model = Attribution
        fields = ["facet", "value", "argued_from", *CLAIM_FIELDS, *CLAIM_DESK_FIELDS]


class ProtectionForm(ClaimForm):
    """A protection as claimed."""

    class Meta:
        model = Protection
        fields = [
            "kind",
            "authority",
            "reference_number",
            "binds",
            "covers",
            "interim",
            "ended",
            *CLAIM_FIELDS,
            *CLAIM_DESK_FIELDS,
        ]


class CountForm(ClaimForm):
    """A number as claimed."""

    class Meta:
        model = Count
        fields = [
            "predicate",
            "counted",
            "value",
            "number_qualifier",
            "scope_note",
            "part_of_count",
            *CLAIM_FIELDS,
            *CLAIM_DESK_FIELDS,
        ]


VALUE_CHOICES = [("", "---------"), *((aspect.label, values.choices) for aspect, values in VALUES_OF_ASPECT.items())]


class StatusForm(AnchorFields, ClaimForm):
    """A change, a state seen, or a threat; dated by its two anchors, by a date as text, or by both together."""

    value = forms.ChoiceField(
        label=_("Value"), required=False, choices=VALUE_CHOICES, help_text=_("What is so afterwards, or was seen.")
    )

    class Meta:
        model = Status
        fields = [
            "mode",
            "aspect",
            "value",
            "effects",
            "cause",
            "agent",
            "intent",
            "stated_purpose",
            "scope",
            "part_affected",
            "completeness",
            "extent_min",
            "extent_max",
            "probability",
            "reported_grade",
            *CLAIM_FIELDS,
            *CLAIM_DESK_FIELDS,
        ]
