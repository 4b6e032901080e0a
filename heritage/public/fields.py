"""Form fields for the query parameters that Django has no field for."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from heritage.registry import dates

LONGEST_DATE = 80


class SpanField(forms.CharField):
    """A date in EDTF, cleaned to the bound at one end."""

    def __init__(self, *args, end, **kwargs):
        super().__init__(*args, max_length=LONGEST_DATE, **kwargs)
        self.end = end

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return dates.bound(text, self.end)
        except dates.DateError as mistake:
            raise forms.ValidationError(str(mistake)) from None


class BoxField(forms.CharField):
    """west,south,east,north in degrees; a box may cross the 180th meridian."""

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        parts = text.split(",")
        try:
            west, south, east, north = (float(part) for part in parts)
        except ValueError:
            raise forms.ValidationError(_("Write four numbers: west,south,east,north.")) from None
        if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
            raise forms.ValidationError(
                _("West and east lie from -180 to 180, south and north from -90 to 90, south first.")
            )
        return west, south, east, north


class PastDayField(forms.DateField):
    """A day on which the register can be looked at: not in the future."""

    def clean(self, value):
        day = super().clean(value)
        if day and day > timezone.now().date():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class CodesField(forms.MultipleChoiceField):
    """Codes that the catalogue knows; which ones is checked for all of them at once."""

    def valid_value(self, value):
        return value.replace("_", "").replace("-", "").isalnum() and len(value) <= 40
