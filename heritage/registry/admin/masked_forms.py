"""What a form or a page shows in place of rows that are sealed and kept by others: that there is one, and nothing of it."""

from django import forms
from django.db.models import ForeignKey
from django.utils.html import format_html
from django.utils.translation import gettext as _

from heritage.registry.masking import TOLD_WITH_SOURCE, stand_in
from heritage.registry.models.sealing import SEALED, belonging, can_be_sealed, refs_sealed_from


class Masked(forms.Widget):
    """Says that something stands here which this account may not know of."""

    def render(self, name, value, attrs=None, renderer=None):
        told = _("Sealed: only its custodians see it. It stays as it is when you save.")
        return format_html('<span class="sealed">{}</span>', told)


class Kept(forms.Field):
    """A field that shows nothing of its ``value`` and always gives it back."""

    widget = Masked

    def __init__(self, value, label):
        super().__init__(required=False, label=label, disabled=True)
        self.value = value

    def clean(self, value):
        return self.value

    def has_changed(self, initial, data):
        return False


class Masking:
    """A form in which ``seen_by`` can neither choose nor see what is sealed and kept by others; what stands there is kept."""

    seen_by = None
    _sealed = None  #: references of all that is sealed from ``seen_by``, looked up once for each class, which is of one request

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.seen_by is None:
            return
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and can_be_sealed(field.queryset.model):
                field.queryset = field.queryset.visible_to(self.seen_by)
        for field in self.instance._meta.concrete_fields:
            if is_masked_if_sealed(field) and getattr(self.instance, field.attname) is not None:
                self.mask(field.name)
        for sighting, citation in getattr(self, "anchors", {}).items():
            self.mask_anchor(sighting, citation)

    def may_show(self, row):
        if row.access_level != SEALED and not any(getattr(row, f"{name}_id") for name in row.sealed_with):
            return True
        if type(self)._sealed is None:
            type(self)._sealed = refs_sealed_from(self.seen_by)
        return row.ref not in type(self)._sealed

    def mask(self, name):
        """Put a stand-in in the place of what the instance's foreign key ``name`` leads to, if it is sealed."""
        row = getattr(self.instance, name)
        if self.may_show(row):
            return
        setattr(self.instance, name, stand_in(row))
        self.keep(name, getattr(self.instance, name))
        for told in TOLD_WITH_SOURCE if name == "source" else ():
            self.keep(told, getattr(self.instance, told))
            if told not in self.fields:  # it is only looked at
                setattr(self.instance, told, "")

    def mask_anchor(self, sighting, citation):
        if self.may_show(citation.source):
            return
        citation.source = stand_in(citation.source)
        self.fields[f"{sighting}_on"].disabled = True
        self.keep(f"{sighting}_source", citation.source)
        self.keep(f"{sighting}_locator", citation.locator)

    def keep(self, name, value):
        if name in self.fields:
            self.fields[name] = Kept(value, self.fields[name].label)
            self.initial[name] = None


def is_masked_if_sealed(field):
    """Tell whether ``field`` leads to a row that may be sealed while its own row is not."""
    if not isinstance(field, ForeignKey) or field.primary_key or field.name in belonging(field.model):
        return False
    return can_be_sealed(field.related_model)
