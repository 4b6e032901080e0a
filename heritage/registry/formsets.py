"""Rows that are edited together, checked together: what spans rows."""

import re

from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from heritage.registry.anchors import stored_anchors
from heritage.registry.masking import stand_in
from heritage.registry.models import Citation, Location, Name, Status
from heritage.registry.models.sealing import sealed_from
from heritage.registry.rules import check_claim
from heritage.registry.vocabulary import NameKind


class RowsFormSet(BaseInlineFormSet):
    """Rows as they were sent. A number of rows that was only claimed makes no rows, which thousands of would take minutes."""

    ROOM = 20  # empty rows that may be claimed beyond those that were sent

    def total_form_count(self):
        total = super().total_form_count()
        if not self.is_bound or total <= self.ROOM:
            return total
        row = re.compile(rf"{re.escape(self.prefix)}-(\d{{1,6}})-")
        sent = {match[1] for name in (*self.data, *self.files) if (match := row.match(name))}
        return min(total, len(sent) + self.ROOM)


class SoleFormSet(RowsFormSet):
    """Rows of which at most one may have a distinction (preferred, shown); which one may change in a single save."""

    sole_message = ""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.judged_by_formset = [str(self.sole_message)]

    def clean(self):
        super().clean()
        holders = {}
        for form in self.live_forms():
            key = self.distinction(form.cleaned_data)
            if key is not None and key in holders:
                form.add_error(self.sole_field, self.sole_message)
            holders[key] = form

    def live_forms(self):
        """Return the valid forms that are filled in and not to be deleted."""
        filled = [form for form in self.forms if form.has_changed() or form.instance.pk]
        return [form for form in filled if form.is_valid() and not form.cleaned_data.get("DELETE")]

    def save(self, commit=True):
        if commit and self.instance.pk:
            self.release()
        return super().save(commit)


class NameFormSet(SoleFormSet):
    """The names of one subject: one preferred in each language and script."""

    sole_message = _("There is already a preferred name in this language and script.")
    sole_field = "kind"

    def distinction(self, row):
        return (row["language"], row["script"]) if row.get("kind") == NameKind.PREFERRED else None

    def release(self):
        """Free the preferred place of names that give it up, so that another row can take it in the same save."""
        leaving = [form.instance.pk for form in self.initial_forms if form.has_changed()]
        Name.objects.filter(pk__in=leaving, kind=NameKind.PREFERRED).update(kind=NameKind.ALTERNATIVE)


class LocationFormSet(SoleFormSet):
    """The locations of one monument: one is shown."""

    sole_message = _("Only one location of a monument is shown.")
    sole_field = "shown"

    def distinction(self, row):
        return True if row.get("shown") else None

    def release(self):
        leaving = [form.instance.pk for form in self.initial_forms if form.has_changed()]
        Location.objects.filter(pk__in=leaving, shown=True).update(shown=False)


class CitationFormSet(RowsFormSet):
    """The citations of one claim, checked together with it. The anchors of a status are on its own form."""

    seen_by = None

    def get_queryset(self):
        if not hasattr(self, "_queryset") and isinstance(self.instance, Status):
            anchors = [citation.pk for citation in stored_anchors(self.instance).values()]
            self.queryset = self.queryset.exclude(pk__in=anchors)
        return super().get_queryset()

    def clean(self):
        super().clean()
        claim = self.instance
        anchors = getattr(claim, "being_cited", None)
        if anchors is None or any(self.errors):
            return
        cited = [form.instance for form in self.forms if form.has_changed() or form.instance.pk]
        gone = [form.instance for form in self.deleted_forms]
        citations = [*anchors, *(one for one in cited if one not in gone), *self.unseen()]
        if faults := check_claim(claim, claim.being_effected, citations):
            raise ValidationError(faults)

    def unseen(self):
        """Return the citations that whoever edits the claim may not know of, which stay as they are."""
        stored = Citation.objects.filter(claim=self.instance.pk).select_related("source")
        if self.seen_by is None or self.instance.pk is None:
            return []
        anchors = [citation.pk for citation in stored_anchors(self.instance).values()]
        found = list(stored.filter(sealed_from(self.seen_by, Citation)).exclude(pk__in=anchors))
        for citation in found:
            citation.source = stand_in(citation.source)
        return found
