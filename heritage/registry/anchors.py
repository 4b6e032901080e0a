"""The two anchors of a status claim on its form: "last seen unchanged" and "first seen changed"."""

from django import forms
from django.utils.translation import gettext_lazy as _

from heritage.registry import dates
from heritage.registry.models import Citation, Source
from heritage.registry.vocabulary import CitationRole

SIGHTINGS = {
    "unchanged": (CitationRole.LAST_UNCHANGED, "lo"),
    "changed": (CitationRole.FIRST_CHANGED, "hi"),
}


def stored_anchors(claim):
    """Return the first stored citation of each sighting; further ones are edited among the citations."""
    if not claim.pk:
        return {}
    stored = Citation.objects.filter(claim=claim.pk, role__in=[role for role, _end in SIGHTINGS.values()])
    by_role = {citation.role: citation for citation in stored.select_related("source").order_by("-ref")}
    return {name: by_role[role] for name, (role, _end) in SIGHTINGS.items() if role in by_role}


class AnchorFields(forms.Form):
    """Date, source and locator of each sighting. They become citations, and the bounds of the claim."""

    date_fields = ("date", "unchanged_on", "changed_on")

    unchanged_on = forms.CharField(
        label=_("Last seen unchanged on"),
        required=False,
        max_length=20,
        help_text=_("Date of the image or visit, for example 2021-04-12."),
    )
    unchanged_source = forms.ModelChoiceField(Source.objects.all(), label=_("Seen in"), required=False)
    unchanged_locator = forms.CharField(label=_("Locator"), required=False, max_length=300)
    changed_on = forms.CharField(
        label=_("First seen changed on"),
        required=False,
        max_length=20,
        help_text=_("Date of the image or visit, for example 2021-06-18."),
    )
    changed_source = forms.ModelChoiceField(Source.objects.all(), label=_("Seen in"), required=False)
    changed_locator = forms.CharField(label=_("Locator"), required=False, max_length=300)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.anchors = stored_anchors(self.instance)
        for sighting, citation in self.anchors.items():
            self.initial[f"{sighting}_on"] = dates.iso(citation.anchored_on)
            self.initial[f"{sighting}_source"] = citation.source_id
            self.initial[f"{sighting}_locator"] = citation.locator
        if self.anchors:
            self.initial["date"] = self.rest_of_date()

    def rest_of_date(self):
        """Return the date as text without the ends that the anchors give."""
        start, slash, end = self.instance.edtf.partition("/")
        end = end if slash else start
        ends = ["" if "unchanged" in self.anchors else start, "" if "changed" in self.anchors else end]
        return "/".join(part or ".." for part in ends) if any(part not in ("", "..") for part in ends) else ""

    def set_bounds(self, span):
        """Join what the sightings give with what the date as text gives; where both speak, they must agree."""
        seen = {name: self.sighting(name) for name in SIGHTINGS}
        if any(seen.values()) and not self.errors.keys() & set(self.date_fields):
            span = self.joined(seen, span)
        super().set_bounds(span)

    def sighting(self, name):
        """Return the (text, bound) of a sighting, or None."""
        text = self.cleaned_data.get(f"{name}_on", "").strip()
        source = self.cleaned_data.get(f"{name}_source")
        if not text:
            if source or self.cleaned_data.get(f"{name}_locator"):
                self.add_error(f"{name}_on", _("Give the date of the image or visit."))
            return None
        if source is None and f"{name}_source" not in self.errors:
            self.add_error(f"{name}_source", _("Choose the source in which it was seen."))
        try:
            return dates.parse(text).edtf, dates.bound(text, SIGHTINGS[name][1])
        except dates.DateError as fault:
            self.add_error(f"{name}_on", str(fault))
            return None

    def joined(self, seen, span):
        """Return one Span from the sightings and the date as text."""
        ends = {"unchanged": (span.lo if span else None), "changed": (span.hi if span else None)}
        texts = []
        for name, own in ends.items():
            text, bound = seen[name] or (None, None)
            if bound is not None and own is not None and own != bound:
                self.add_error("date", self.disagreement(name, own, bound))
            texts.append(text or ("" if own is None else dates.iso(own)))
        try:
            return dates.parse("/".join(text or ".." for text in texts))
        except dates.DateError:
            message = _("First seen changed (%(changed)s) lies before last seen unchanged (%(unchanged)s).")
            self.add_error("changed_on", message % {"unchanged": texts[0], "changed": texts[1]})
            return span

    def disagreement(self, name, own, bound):
        return _("“%(sighting)s” says %(bound)s, this date says %(own)s. Leave the date empty.") % {
            "sighting": SIGHTINGS[name][0].label,
            "bound": dates.print_bound(bound),
            "own": dates.print_bound(own),
        }

    def anchors_made(self):
        """Return the anchors as citations, those that are stored already brought up to date; nothing is saved."""
        made = []
        for name, (role, end) in SIGHTINGS.items():
            if text := self.cleaned_data.get(f"{name}_on"):
                citation = self.anchors.get(name) or Citation(role=role)
                citation.source = self.cleaned_data[f"{name}_source"]
                citation.locator = self.cleaned_data.get(f"{name}_locator", "")
                citation.anchored_on = dates.bound(text, end)
                made.append(citation)
        return made

    def save_anchors(self):
        """Save the anchors of the saved claim and remove those that were emptied."""
        made = self.instance.being_cited
        for citation in made:
            citation.claim_id = self.instance.pk
            citation.save()
        for citation in self.anchors.values():
            if citation not in made:
                citation.delete()

    def _save_m2m(self):
        super()._save_m2m()
        self.save_anchors()
