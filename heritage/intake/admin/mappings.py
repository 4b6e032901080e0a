"""Mappings that were made here, and decisions on duplicates, as lists of the desk."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from heritage.intake.admin.paging import refuse_zeros
from heritage.intake.explaining import KINDS, codes, shared, tables
from heritage.intake.mapping import MappingFaulty, parse, title_of
from heritage.intake.models import Mapping, Verdict
from heritage.registry.admin.desk import ReadOnlyAdmin


class MappingText(forms.ModelForm):
    """A mapping as text, checked."""

    class Meta:
        model = Mapping
        fields = ["name", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 30, "cols": 100, "spellcheck": "false", "class": "toml"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        link = format_html('<a href="{}">{}</a>', reverse("admin:intake_mapping_keys"), _("What a mapping can say"))
        if "text" in self.fields:
            self.fields["text"].help_text = link

    def clean_text(self):
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            parse(text)
        except MappingFaulty as faulty:
            raise forms.ValidationError(faulty.faults) from faulty
        return text


@admin.register(Mapping)
class MappingAdmin(admin.ModelAdmin):
    """Mappings made from the pages of imports; here their text is looked at and mended."""

    actions = None
    form = MappingText
    list_display = ["name", "title", "changed_at", "changed_by"]
    list_select_related = ["changed_by"]
    search_fields = ["name", "text"]
    readonly_fields = ["changed_at", "changed_by"]

    class Media:
        css = {"all": ["intake/intake.css"]}

    def changelist_view(self, request, extra_context=None):
        refuse_zeros(request)
        return super().changelist_view(request, extra_context)

    def get_urls(self):
        keys = path("keys/", self.admin_site.admin_view(self.keys), name="intake_mapping_keys")
        return [keys, *super().get_urls()]

    def keys(self, request):
        """Show all that a mapping can say."""
        if not (request.user.has_perm("intake.add_batch") or self.has_view_permission(request)):
            raise PermissionDenied
        told = {"kinds": KINDS, "tables": tables(), "shared": shared(), "codes": codes()}
        context = {**self.admin_site.each_context(request), "title": _("What a mapping can say"), **told}
        return TemplateResponse(request, "intake/keys.html", context)

    def save_model(self, request, obj, form, change):
        obj.changed_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description=_("what it is for"))
    def title(self, mapping):
        return title_of(mapping.text) or "–"


@admin.register(Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    """What was decided about likely duplicates. A decision that is deleted is asked for again by the next plan."""

    list_display = ["identifier", "scheme", "monument", "same", "who", "at"]
    list_filter = ["same", "scheme"]
    list_select_related = ["monument"]
    search_fields = ["=identifier", "monument__label"]

    def changelist_view(self, request, extra_context=None):
        refuse_zeros(request)
        return super().changelist_view(request, extra_context)

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("intake.delete_verdict")
