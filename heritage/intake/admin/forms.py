"""The forms of an import's pages."""

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.intake.readers.letters import ALPHABETS
from heritage.intake.uploads import MEGABYTE, largest

FOUND_OUT = ("", _("found out"))
ACCEPTED = ".csv,.tsv,.txt,.xlsx,.ods,.geojson,.json"


class Files(forms.FileField):
    """Several files, or none."""

    class Widget(forms.ClearableFileInput):
        allow_multiple_selected = True

    widget = Widget

    def clean(self, data, initial=None):
        given = data if isinstance(data, list | tuple) else [data]
        found = [super(Files, self).clean(one, initial) for one in given if one]
        return found or [super().clean(None, initial)] if self.required else found


class Sized(forms.Form):
    """A form whose files have a greatest size."""

    def sized(self, upload):
        if upload.size > largest():
            told = _g(
                "“%(name)s” has %(size)s MB; at most %(most)s MB are taken. Split it, or import it on the server."
            )
            size = f"{upload.size / MEGABYTE:,.0f}"
            raise forms.ValidationError(told, params={"name": upload.name, "size": size, "most": largest() // MEGABYTE})
        return upload

    def clean_beside(self):
        return [self.sized(upload) for upload in self.cleaned_data["beside"]]


class UploadForm(Sized):
    """The supplier's file, and tables that belong to it."""

    file = forms.FileField(
        label=_("The supplier's file"),
        max_length=255,
        help_text=_("CSV or TSV, XLSX, ODS or GeoJSON, in any encoding. Nothing is changed in it."),
        error_messages={"empty": _("The file is empty (0 bytes). Export it again.")},
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
    beside = Files(
        label=_("Tables that belong to it"),
        required=False,
        help_text=_("Only where the supplier gave several files, such as one of photographs or of codes."),
        widget=Files.Widget(attrs={"accept": ACCEPTED}),
    )

    def clean_file(self):
        return self.sized(self.cleaned_data["file"])


class BesideForm(Sized):
    """Further tables."""

    beside = Files(label=_("Tables that belong to it"), widget=Files.Widget(attrs={"accept": ACCEPTED}))


class ChoicesForm(forms.Form):
    """How the file is read, where what was found out is wrong."""

    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[FOUND_OUT, *((name, name) for name in ("utf-8", "utf-16", *ALPHABETS, "iso-8859-1"))],
    )
    delimiter = forms.ChoiceField(
        label=_("Columns are parted by"),
        required=False,
        choices=[
            FOUND_OUT,
            ("comma", _("comma")),
            ("semicolon", _("semicolon")),
            ("tab", _("tab")),
            ("bar", _("bar |")),
        ],
    )
    sheet = forms.CharField(label=_("Sheet"), required=False, max_length=100)
    header = forms.IntegerField(label=_("Row with the names of the columns"), min_value=1, max_value=1000, initial=1)

    def __init__(self, batch, *args, **kwargs):
        super().__init__(*args, initial={"header": 1, **batch.chosen}, **kwargs)

    def chosen(self):
        """Return what differs from finding out."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: value for name, value in given.items() if (name, value) != ("header", 1)}
