"""What both ways of making a mapping share: the name under which it is kept, and what is wrong with it; and its text."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.intake import mapping as mappings
from heritage.intake.fitting import validate
from heritage.intake.ground import planned_ground
from heritage.intake.models import Mapping
from heritage.intake.uploads import why_not_beside
from heritage.registry.steps import Refused


def words(label, required=False, size=60, **more):
    return forms.CharField(label=label, required=required, widget=forms.TextInput(attrs={"size": size}), **more)


def unused_name(file_name):
    """Return a name for a mapping after the file, which no mapping has yet; empty where the file's name gives none."""
    stem, taken = slugify(file_name.rpartition(".")[0])[:50], mappings.names()
    found = [stem, *(f"{stem}-{number}" for number in range(2, 100))] if stem else []
    return next((name for name in found if name not in taken), "")


class SavedForm(forms.Form):
    """What both ways of making a mapping share: the name under which it is kept."""

    name = forms.CharField(
        label=_("Keep the mapping as"),
        max_length=60,
        help_text=_("A short name, such as “lviv-reserves”. The next file of this supplier is read by it again."),
    )
    replace = forms.BooleanField(
        label=_("Replace the mapping that has this name"), required=False, help_text=_("Earlier imports keep theirs.")
    )

    def __init__(self, batch, looked, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.batch, self.looked = batch, looked
        self.initial.setdefault("name", batch.mapping_name or unused_name(batch.file_name))

    def clean(self):
        super().clean()
        if not self.errors:
            self.text = self.written()
            self.judge(self.text)
        return self.cleaned_data

    def judge(self, text):
        """Add an error for everything that is wrong with the mapping ``text``."""
        try:
            mapping = mappings.parse(text, "mapping")
            faults = [] if self.looked.fault else validate(mapping, self.looked.columns)
            for fault in [*faults, *why_not_beside(self.batch, mapping)]:
                self.add_error(None, fault)
            planned_ground(mapping)
        except mappings.MappingFaulty as faulty:
            self.add_error(None, faulty.faults)
        except Refused as refused:
            self.add_error(None, refused.reasons)

    def clean_name(self):
        """Return the name as addresses and commands can have it."""
        name = slugify(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_g("Give it a name with Latin letters or digits, such as “lviv-reserves”."))
        return name

    def clean_replace(self):
        name, replace = self.cleaned_data.get("name", ""), self.cleaned_data["replace"]
        if name in mappings.names() and name != self.batch.mapping_name and not replace:
            raise ValidationError(
                _g("There is a mapping “%(name)s” already. Choose another name, or replace it."), params={"name": name}
            )
        return replace

    def store(self, by):
        """Keep the mapping, unless it is exactly one that is there; return its name."""
        name = self.cleaned_data["name"]
        if name not in mappings.names() or mappings.text_of(name) != self.text:
            Mapping.objects.update_or_create(name=name, defaults={"text": self.text, "changed_by": by})
        return name


class TextForm(SavedForm):
    """The mapping as text."""

    toml = forms.CharField(
        label=_("The mapping (TOML)"),
        strip=False,
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 30, "cols": 100, "spellcheck": "false", "class": "toml"}),
    )
    field_order = ["toml", "name", "replace"]

    def __init__(self, batch, looked, text, *args, **kwargs):
        super().__init__(batch, looked, *args, **kwargs)
        self.initial["toml"] = text

    def written(self):
        return self.cleaned_data["toml"].replace("\r\n", "\n")
