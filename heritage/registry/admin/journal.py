"""The journal and the reviews: to be read, by anyone at the desk, and changed by nobody."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from heritage.registry.admin.desk import ReadOnlyAdmin
from heritage.registry.admin.differences import VERBS, changes_of
from heritage.registry.models import Journal, Review
from heritage.registry.models.sealing import refs_sealed_from


@admin.register(Journal)
class JournalAdmin(ReadOnlyAdmin):
    """Everything that was done at the desk."""

    list_display = ["at", "who", "verb_words", "about_what", "reason"]
    list_filter = ["verb", "subject_kind"]
    search_fields = ["=subject_ref", "=who", "reason"]
    fields = ["at", "who", "verb_words", "subject_kind", "subject_ref", "reason", "what_changed"]
    readonly_fields = ["verb_words", "what_changed"]

    def get_object(self, request, object_id, from_field=None):
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            entry.sealed = refs_sealed_from(request.user)
        return entry

    @admin.display(description=_("about"), ordering="subject_ref")
    def about_what(self, entry):
        return f"{entry.subject_kind} {entry.subject_ref}"

    @admin.display(description=_("what"), ordering="verb")
    def verb_words(self, entry):
        return VERBS.get(entry.verb, entry.verb)

    @admin.display(description=_("what changed"))
    def what_changed(self, entry):
        rows = ((one.field, one.before, one.after) for one in changes_of(entry, entry.sealed))
        return format_html_join("", "<p><b>{}</b>: <del>{}</del> → <ins>{}</ins></p>", rows)


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """What reviewers decided."""

    list_display = ["at", "decision", "about_what", "reviewer_name", "rationale"]
    list_filter = ["decision"]
    list_select_related = ["monument", "place"]
    search_fields = ["monument__label", "place__label", "reviewer_name"]

    @admin.display(description=_("about"))
    def about_what(self, review):
        return review.monument or review.place
