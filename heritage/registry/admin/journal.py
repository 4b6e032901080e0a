"""The journal and the reviews: to be read, and changed by nobody. Entries about accounts are for administrators."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from heritage.registry.admin.desk import ReadOnlyAdmin
from heritage.registry.admin.differences import ACCESS_VERBS, VERBS, changes_of, model_of
from heritage.registry.models import Journal, Review
from heritage.registry.models.journal import ACCESS, ACCOUNT, GROUP
from heritage.registry.models.sealing import refs_sealed_from

KINDS = {ACCOUNT: _("account"), GROUP: _("group"), ACCESS: _("what was taken out")}


def may_see_accounts(request):
    """Tell whether this person sees who logged in, what changed in accounts, and who took what out of the desk."""
    return request.user.has_perm("auth.view_user")


class VerbFilter(admin.SimpleListFilter):
    """What was done, in words."""

    title = _("what")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return sorted(
            ({**VERBS, **ACCESS_VERBS} if may_see_accounts(request) else VERBS).items(), key=lambda one: str(one[1])
        )

    def queryset(self, request, entries):
        return entries.filter(verb=self.value()) if self.value() else entries


class KindFilter(admin.SimpleListFilter):
    """What kind of thing it was done to, in words."""

    title = _("about")
    parameter_name = "subject_kind"

    def lookups(self, request, model_admin):
        kinds = Journal.objects.order_by("subject_kind").values_list("subject_kind", flat=True).distinct()
        shown = kinds if may_see_accounts(request) else kinds.of_records()
        return [(kind, capfirst(kind_words(kind))) for kind in shown]

    def queryset(self, request, entries):
        return entries.filter(subject_kind=self.value()) if self.value() else entries


def kind_words(kind):
    model = model_of(kind)
    return str(model._meta.verbose_name if model else KINDS.get(kind, kind))


@admin.register(Journal)
class JournalAdmin(ReadOnlyAdmin):
    """Everything that was done at the desk."""

    list_display = ["at", "who", "verb_words", "about_what", "reason"]
    list_filter = [VerbFilter, KindFilter]
    search_fields = ["=subject_ref", "=who", "reason"]
    fields = ["at", "who", "verb_words", "subject_kind", "subject_ref", "reason", "what_changed"]
    readonly_fields = ["verb_words", "what_changed"]

    def get_queryset(self, request):
        entries = super().get_queryset(request)
        return entries if may_see_accounts(request) else entries.of_records()

    def get_object(self, request, object_id, from_field=None):
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            entry.sealed = refs_sealed_from(request.user)
        return entry

    @admin.display(description=_("about"), ordering="subject_ref")
    def about_what(self, entry):
        return f"{kind_words(entry.subject_kind)} {entry.subject_ref}"

    @admin.display(description=_("what"), ordering="verb")
    def verb_words(self, entry):
        return VERBS.get(entry.verb) or ACCESS_VERBS.get(entry.verb, entry.verb)

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
