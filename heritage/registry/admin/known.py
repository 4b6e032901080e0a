"""Autocomplete widgets that label their choice from rows already loaded, so that thirty rows cost what one does."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple, RelatedFieldWidgetWrapper
from django.db.models import BigIntegerField

from heritage.registry.admin.masked_forms import Masking


def is_key(value):
    """Tell whether ``value`` can be a primary key: a whole number, written in digits, that a column can hold."""
    text = str(value)
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= BigIntegerField.MAX_BIGINT


class Known:
    """Labels in ``known`` (primary key as text → label) cost no query."""

    known = None

    def optgroups(self, name, value, attr=None):
        value = [one for one in value if is_key(one)]  # an address or a forged form may hold anything
        chosen = [str(one) for one in value]
        if self.known is None or not set(chosen) <= set(self.known):
            return super().optgroups(name, value, attr)
        options = [] if self.is_required or self.allow_multiple_selected else [("", "", False)]
        options += [(one, self.known[one], True) for one in chosen]
        return [(None, [self.create_option(name, *option, index) for index, option in enumerate(options)], 0)]


class KnownSelect(Known, AutocompleteSelect):
    """One choice."""


class KnownSelectMultiple(Known, AutocompleteSelectMultiple):
    """Several choices."""


class KnownChoices:
    """An admin or inline whose autocomplete fields use the widgets above."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownSelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KnownSelectMultiple(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class KnowsItsRow(Masking):
    """A form that tells its widgets the labels of the rows that its instance has loaded."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        loaded = {name: [row] for name, row in self.instance._state.fields_cache.items() if row is not None}
        loaded |= getattr(self.instance, "_prefetched_objects_cache", {})
        for name, field in self.fields.items():
            widget = field.widget.widget if isinstance(field.widget, RelatedFieldWidgetWrapper) else field.widget
            if isinstance(widget, Known):
                widget.known = {str(row.pk): str(row) for row in loaded[name]} if name in loaded else None
                if self.instance._state.adding or getattr(self.instance, f"{name}_id", 0) is None:
                    widget.known = widget.known or {}


def knowing(form):
    """Return ``form`` made to label its widgets from the loaded row."""
    return type(form.__name__, (KnowsItsRow, form), {"__doc__": form.__doc__})
