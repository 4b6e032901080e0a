"""Media items: cited, or held with their file and its custody log."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.registry import custody
from heritage.registry.admin.desk import DeskAdmin
from heritage.registry.admin.known import knowing
from heritage.registry.admin.revision import revised
from heritage.registry.admin.sealing import sealable
from heritage.registry.admin.takedown import TakedownAdmin
from heritage.registry.forms import MediaForm
from heritage.registry.models import Media
from heritage.registry.steps import note_access
from heritage.registry.vocabulary import AccessLevel


class HoldingForm(MediaForm):
    """A media item, and the file that the register is to hold of it."""

    upload = forms.FileField(
        label=_("File to hold"),
        required=False,
        help_text=_(
            "Kept as it is and never changed. Readers get a copy without data on device, place and person. Leave it empty "
            "if the item is only cited."
        ),
    )

    def clean(self):
        super().clean()
        upload = self.cleaned_data.get("upload")
        if upload and self.instance.held:  # somebody else was faster; the page no longer has the field
            self.add_error(None, _("The file of a held item never changes. Make a new item, derived from it."))
        is_public = self.cleaned_data.get("access_level") == AccessLevel.PUBLIC
        if upload and is_public and (why := custody.not_for_readers(upload)):
            told = _g(
                "No copy for readers can be made of it: %(why)s. Put that right, or set an access level for the desk."
            )
            self.add_error("upload", told % {"why": why})


@admin.register(Media)
class MediaAdmin(TakedownAdmin, DeskAdmin):
    """Pictures, films, scenes and documents."""

    form = sealable(revised(knowing(HoldingForm)))
    autocomplete_fields = ["monument", "pair_of", "derived_from", "source"]
    list_display = ["label", "kind", "monument", "date_text", "held", "access_level"]
    list_filter = ["kind", "held", "access_level"]
    list_select_related = ["monument"]
    search_fields = ["label", "=ref", "scene_id", "=sha256"]
    readonly_fields = ["ref", "held", "media_type", "size", "sha256", "original", "log"]
    fieldsets = [
        (None, {"fields": ["label", "kind", "monument", ("date", "qualifier"), "as_stated"]}),
        (_("The file"), {"fields": ["upload"]}),
        (
            _("How it was made"),
            {"fields": ["how", ("provider", "scene_id", "resolution"), "pair_of", ("derived_from", "derivation")]},
        ),
        (_("Where it is"), {"fields": [("source", "locator")]}),
        (_("What readers see"), {"fields": ["alt_text", ("credit", "rights_holder", "licence"), "content_warnings"]}),
        (_("For the desk only"), {"classes": ["collapse"], "fields": ["access_level", "note", ("ref", "held")]}),
    ]
    HELD = (_("The file"), {"fields": ["original", ("media_type", "size"), "sha256", "log"]})

    def get_fieldsets(self, request, obj=None):
        """Ask for a file only where none is held: an original never changes."""
        if obj is None or not obj.held:
            return self.fieldsets
        return [self.HELD if fields["fields"] == ["upload"] else (title, fields) for title, fields in self.fieldsets]

    @admin.display(description=_("date"), ordering="hi")
    def date_text(self, media):
        return media.dates_text()

    # The file

    def save_model(self, request, obj, form, change):
        upload = form.cleaned_data.get("upload")
        if upload:
            custody.take_in(obj, upload)
        super().save_model(request, obj, form, change)
        if upload:
            custody.log_arrival(obj, upload, request.user)

    def get_urls(self):
        original = self.admin_site.admin_view(self.original_file)
        return [path("<int:pk>/file/", original, name="registry_media_file"), *super().get_urls()]

    def original_file(self, request, pk):
        """Send the original to a curator, to be saved rather than shown."""
        item = get_object_or_404(self.get_queryset(request), pk=pk, held=True)
        if not self.has_view_permission(request, item):
            raise PermissionDenied
        try:
            file = default_storage.open(item.file.name)
        except FileNotFoundError as gone:
            raise Http404 from gone
        note_access(request.user, "download_original", item.ref)
        name = f"{item.ref}.{item.file.name.rpartition('.')[2]}"
        return FileResponse(file, as_attachment=True, filename=name, content_type=custody.UNKNOWN)

    @admin.display(description=_("original"))
    def original(self, item):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:registry_media_file", args=[item.pk]), _("Download it")
        )

    @admin.display(description=_("custody log"))
    def log(self, item):
        rows = ((f"{event.at:%Y-%m-%d %H:%M}", event.what, event.by) for event in item.custody.all())
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{} – {} ({})</li>", rows))
