"""JSON that curators type: an object of texts, and nothing that only looks like one."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import plain_text
from heritage.registry.models.name import LANGUAGE_TAG


class TextsField(forms.JSONField):
    """A JSON object whose values are texts, such as {"aat": "300004590"}."""

    default_error_messages = {
        "deep": _("This is nested too deeply. Write one text for each name."),
        "texts": _("Write names and texts in braces, for example %(example)s."),
        "name": _("“%(name)s” cannot stand before a text here. For example: %(example)s."),
        "empty": _("The text of “%(name)s” is empty. Write it, or remove the name."),
    }
    example = '{"aat": "300004590"}'
    name = re.compile(r"\S.*")

    def to_python(self, value):
        try:
            return super().to_python(value)
        except RecursionError as fault:
            raise self.fault("deep") from fault
        except ValueError as fault:  # a number of thousands of digits
            raise self.fault("texts") from fault

    def bound_data(self, data, initial):
        """Return what was typed as it was typed, whatever it is."""
        return InvalidJSONInput(data or "")

    def validate(self, value):
        super().validate(value)
        if value in self.empty_values and not isinstance(value, list):
            return
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise self.fault("texts")
        for name, text in value.items():
            if not self.name.fullmatch(name):
                raise self.fault("name", name=name)
            if not text.strip():
                raise self.fault("empty", name=name)
            plain_text(name)
            plain_text(text)

    def fault(self, code, **told):
        return ValidationError(self.error_messages[code], code=code, params=told | {"example": self.example})


class LabelsField(TextsField):
    """The same with languages for names; one of them should be English, which the register falls back on."""

    default_error_messages = {"name": _("“%(name)s” is no language tag. For example: %(example)s.")}
    example = '{"en": "Church", "hy": "Եկեղեցի"}'
    name = LANGUAGE_TAG
