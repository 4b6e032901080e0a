"""Sources, actors and terms: what claims refer to."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from heritage.registry import forms
from heritage.registry.admin.closures import close_url
from heritage.registry.admin.desk import DeskAdmin, tally
from heritage.registry.admin.known import knowing
from heritage.registry.admin.revision import revised
from heritage.registry.admin.sealing import sealable
from heritage.registry.admin.takedown import TakedownAdmin
from heritage.registry.dated_form import DeskForm
from heritage.registry.json_fields import LabelsField, TextsField
from heritage.registry.models import Actor, Citation, Claim, Source, Term


class Undated(admin.SimpleListFilter):
    """Sources that are cited nowhere, or that claims wait for somebody to read."""

    title = _("what is missing")
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return [("reading", _("cited, but not read")), ("citation", _("cited nowhere")), ("date", _("a date"))]

    def queryset(self, request, queryset):
        missing = {
            "reading": {"read_state": "not_read", "citation_total__gt": 0},
            "citation": {"citation_total": 0},
            "date": {"qualifier": "undated"},
        }
        return queryset.filter(**missing.get(self.value(), {}))


@admin.register(Source)
class SourceAdmin(TakedownAdmin, DeskAdmin):
    """Sources."""

    form = sealable(revised(knowing(forms.SourceForm)))
    autocomplete_fields = ["kind", "derives_from"]
    list_display = ["title", "publisher", "kind", "date_text", "state", "citation_count"]
    list_filter = ["read_state", "access_level", Undated, "stance"]
    list_select_related = ["kind"]
    search_fields = ["title", "publisher", "identifier", "=ref"]
    readonly_fields = ["ref"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    ("kind", "read_state"),
                    ("date", "qualifier"),
                    ("publisher", "authors"),
                    ("language", "as_stated"),
                ]
            },
        ),
        (_("Where it is"), {"fields": ["url", ("archived_url", "retrieved_on"), "identifier", "derives_from"]}),
        (_("What it is worth"), {"fields": [("stance", "standard_of_proof")]}),
        (
            _("What readers see"),
            {"classes": ["collapse"], "fields": [("access_level", "withheld_because"), "content_warnings"]},
        ),
        (_("For the desk only"), {"classes": ["collapse"], "fields": ["note", "ref"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(citation_total=tally(Citation, "source", request.user))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["close_url"] = close_url(request, "source", obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=_("date"), ordering="hi")
    def date_text(self, source):
        return source.dates_text()

    @admin.display(description=_("read, access"), ordering="read_state")
    def state(self, source):
        return f"{source.get_read_state_display()}, {source.get_access_level_display().lower()}"

    @admin.display(description=_("citations"), ordering="citation_total")
    def citation_count(self, source):
        return source.citation_total


class ActorForm(DeskForm):
    """An actor."""

    class Meta:
        model = Actor
        fields = ["label", "kind", "note"]


@admin.register(Actor)
class ActorAdmin(DeskAdmin):
    """Claimants, publishers, authorities."""

    form = revised(ActorForm)
    list_display = ["label", "kind", "claim_count"]
    list_filter = ["kind"]
    search_fields = ["label", "=ref"]
    readonly_fields = ["ref"]
    fields = ["label", "kind", "note", "ref"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(claim_total=tally(Claim, "claimant", request.user))

    @admin.display(description=_("claims"), ordering="claim_total")
    def claim_count(self, actor):
        return actor.claim_total


class TermForm(DeskForm):
    """A term."""

    class Meta:
        model = Term
        fields = [
            "vocabulary",
            "code",
            "labels",
            "definition",
            "broader",
            "standard",
            "mappings",
            "order",
            "retired_at",
        ]
        field_classes = {"labels": LabelsField, "mappings": TextsField}


@admin.register(Term)
class TermAdmin(DeskAdmin):
    """Controlled terms: extended and retired, never deleted."""

    form = revised(knowing(TermForm))
    autocomplete_fields = ["broader"]
    list_display = ["label", "vocabulary", "code", "broader", "retired_at"]
    list_filter = ["vocabulary", ("retired_at", admin.EmptyFieldListFilter)]
    list_select_related = ["broader"]
    search_fields = ["code", "labels__en"]
    fields = TermForm.Meta.fields

    def has_delete_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        rows, distinct = super().get_search_results(request, queryset, search_term)
        picking = request.resolver_match is not None and request.resolver_match.url_name == "autocomplete"
        return (rows.in_use() if picking else rows), distinct

    def get_readonly_fields(self, request, obj=None):
        return ["vocabulary", "code"] if obj else []
