"""Dates on forms: people write EDTF text, the form works out the bounds; and messages land at the field they are about."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from heritage.registry import dates
from heritage.registry.vocabulary import Mode, Qualifier

DATE_BLOCK = ("qualifier", "lo", "hi", "hi_basis", "edtf", "as_stated")
DATE_HELP = _("2021, 2021-04, 2021-04-12, 1868~, 17XX, or from/to: 2021-04-12/2021-06-18, 2021-04/.., ../2021-06.")

FIELD_OF_CONSTRAINT = {
    "bounds_forward": "date",
    "dates_fit_qualifier": "qualifier",
    "status_value_of_its_aspect": "value",
    "status_threat_has_probability": "probability",
    "status_threat_has_no_value": "value",
    "status_observation_has_value": "value",
    "status_part_has_name": "part_affected",
    "status_extent_in_percent": "extent_max",
    "claim_has_summary": "summary",
    "attribution_has_value": "value",
    "count_value_unless_all": "value",
    "citation_timecode_forward": "timecode_end",
    "citation_anchor_has_date": "anchored",
    "citation_not_relayed_from_itself": "reported_from",
    "name_not_empty": "text",
    "name_number_has_scheme": "scheme",
    "name_words_have_language": "language",
    "name_number_once": "text",
    "name_preferred_once_monument": "kind",
    "name_preferred_once_place": "kind",
    "location_coordinates_both_or_neither": "longitude",
    "location_latitude_in_range": "latitude",
    "location_longitude_in_range": "longitude",
    "location_shown_once": "shown",
    "relation_not_to_itself": "other",
    "relation_once": "other",
    "placemembership_not_of_itself": "parent",
    "place_coordinates_both_or_neither": "longitude",
    "monument_has_label": "label",
    "source_has_title": "title",
    "source_withheld_with_reason": "withheld_because",
    "source_not_derived_from_itself": "derives_from",
    "claimlink_not_to_itself": "other",
    "claimlink_once": "other",
    "media_held_with_hash": "file",
}


class DeskForm(forms.ModelForm):
    """A form whose messages about constraints stand at the field that a curator would change."""

    def validate_unique(self):
        """Ask the constraints that span the row and its owner too, although the owner is no field of the form."""
        super().validate_unique()
        owned = {name for name in ("monument", "place", "claim") if getattr(self.instance, f"{name}_id", None)}
        try:
            self.instance.validate_constraints(exclude=self._get_validation_exclusions() - owned)
        except ValidationError as errors:
            self._update_errors(errors)

    def _update_errors(self, errors):
        if hasattr(errors, "error_dict") and NON_FIELD_ERRORS in errors.error_dict:
            errors = ValidationError(self.placed(errors.error_dict))
        super()._update_errors(errors)

    def placed(self, by_field):
        """Return the errors with those of constraints moved from the whole form to their field, where the form has it."""
        judged = getattr(self, "judged_by_formset", [])
        placed = {field: list(found) for field, found in by_field.items() if field != NON_FIELD_ERRORS}
        for error in by_field[NON_FIELD_ERRORS]:
            if error.message in judged:
                continue
            field = self.field_of(error)
            field = field if field in self.fields else NON_FIELD_ERRORS
            if error.message not in self.errors.get(field, []):
                placed.setdefault(field, []).append(error)
        return placed

    def field_of(self, error):
        """Return the field that the constraint behind ``error`` is about."""
        tables = [self._meta.model, *self._meta.model._meta.get_parent_list()]
        for constraint in (one for table in tables for one in table._meta.constraints):
            if constraint.get_violation_error_message() == error.message:
                own = constraint.name.partition("_")[2]
                return FIELD_OF_CONSTRAINT.get(constraint.name) or FIELD_OF_CONSTRAINT.get(own)
        return None


class DatedForm(DeskForm):
    """A form with one date as text, from which the bounds follow. Without a ``qualifier`` the text decides it."""

    date = forms.CharField(label=_("Date"), required=False, max_length=80, help_text=DATE_HELP)
    qualifier = forms.ChoiceField(
        label=_("Dating"),
        required=False,
        choices=[("", _("as the date is written")), *Qualifier.choices],
        help_text=_("How the date is meant."),
    )

    date_fields = ("date",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        row = self.instance
        self.initial["date"] = self.initial.get("date") or written(row)
        span = dates.parse(self.initial["date"]) if self.initial["date"] else None
        own = row.qualifier == meant(span, getattr(row, "mode", None))
        self.initial["qualifier"] = "" if own or row._state.adding else row.qualifier

    def clean_date(self):
        """Return the date as a Span, or None. The message quotes what was written."""
        text = self.cleaned_data["date"].strip()
        try:
            return dates.parse(text) if text else None
        except dates.DateError as fault:
            raise ValidationError(str(fault), code="date") from fault

    def clean(self):
        super().clean()
        if "date" in self.cleaned_data:
            row = self.instance
            known = {name: getattr(row, name) for name in ("qualifier", "lo", "hi", "edtf")}
            self.set_bounds(self.cleaned_data["date"])
            self.keep_untouched(known)

    def keep_untouched(self, known):
        """Put back the bounds that were ``known`` where no date was typed: they may be finer than the text tells."""
        if self.instance._state.adding or set(self.date_fields) & set(self.changed_data):
            return
        if "qualifier" in self.changed_data:
            known.pop("qualifier")
        for name, value in known.items():
            setattr(self.instance, name, value)

    def set_bounds(self, span):
        """Give the instance the bounds of ``span``."""
        chosen = self.cleaned_data.get("qualifier")
        if span is None and chosen and chosen != Qualifier.UNDATED:
            self.add_error("date", _("Give the date, or choose “Undated”."))
        if span is not None and chosen == Qualifier.UNDATED:
            self.add_error("qualifier", _("A date is given. Remove it, or choose how it is meant."))
        instance = self.instance
        instance.lo, instance.hi, instance.edtf = (span.lo, span.hi, span.edtf) if span else (None, None, "")
        instance.qualifier = chosen or meant(span, self.cleaned_data.get("mode"))

    def _get_validation_exclusions(self):
        computed = set() if {"date", "qualifier"} & set(self.errors) else {"qualifier", "lo", "hi", "edtf"}
        return super()._get_validation_exclusions() - computed

    def _post_clean(self):
        # The bounds were set by ``clean``; constructing the instance from the fields must not undo the qualifier.
        qualifier = self.instance.qualifier
        self.cleaned_data["qualifier"] = qualifier
        super()._post_clean()


def written(row):
    """Return the EDTF text of a row's date, made from the bounds where it has none."""
    return row.edtf or dates.from_bounds(row.qualifier, row.lo, row.hi)


def meant(span, mode=None):
    """Return the qualifier that a date has by the way it is written."""
    if span is None:
        return Qualifier.UNDATED
    if span.lo is None:
        return Qualifier.BEFORE
    if span.hi is None:
        return Qualifier.THROUGHOUT if mode == Mode.OBSERVATION else Qualifier.AFTER
    if "/" in span.edtf:
        return Qualifier.ONCE_BETWEEN if mode == Mode.EVENT else Qualifier.THROUGHOUT
    return Qualifier.ON
