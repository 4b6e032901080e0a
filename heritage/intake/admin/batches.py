"""The list of imports and the pages of each one."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from heritage.intake.admin import actions, columns, files, overview, rows, words
from heritage.intake.admin.paging import refuse_zeros
from heritage.intake.admin.seen import subtract_sealed
from heritage.intake.admin.steps import steps
from heritage.intake.models import Batch, State
from heritage.registry.admin.desk import ReadOnlyAdmin

#: The pages of one import: the end of the address, and the view, called with (this admin, request, batch).
PAGES = {
    "file": files.file_page,
    "mapping": columns.mapping_page,
    "text": columns.text_page,
    "words": words.words_page,
    "rows": rows.rows_page,
    "duplicates": rows.duplicates_page,
    "report": rows.report,
    "progress": actions.progress,
    "undo": actions.undo_page,
}


class Imports(ChangeList):
    """The list, with the numbers that this account may know."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = list(self.result_list)
        subtract_sealed(self.result_list, request.user)


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    """Imports: files on their way into the register."""

    list_display = ["file_name", "state_words", "brought", "not_taken", "brought_in"]
    list_display_links = ["file_name"]
    list_filter = ["state", "mapping_name"]
    search_fields = ["file_name", "=ref", "mapping_name", "who"]
    search_help_text = _("File, mapping, who made it, or the whole reference.")
    change_list_template = "intake/list.html"

    class Media:
        css = {"all": ["intake/intake.css"]}

    def has_view_permission(self, request, obj=None):
        return self.may(request, "add") or super().has_view_permission(request, obj)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_add_permission(self, request):
        return self.may(request, "add")

    def may(self, request, what):
        """Tell whether this curator may ``what``: "add" (upload and plan), "apply" (also take back), "submit" or "publish"."""
        needed = {"submit": "registry.change_monument", "publish": "registry.publish_monument"}
        return request.user.has_perm(needed.get(what, f"intake.{what}_batch"))

    def get_queryset(self, request):
        return super().get_queryset(request).defer("mapping_text", "report", "found")

    # Addresses

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/{name}/", view(self.page_of(function)), name=f"intake_batch_{name}")
            for name, function in PAGES.items()
        ]
        return [
            path("add/", view(self.upload), name="intake_batch_add"),
            path("<int:pk>/change/", view(self.page_of(overview.page)), name="intake_batch_change"),
            path("<int:pk>/do/<slug:verb>/", view(self.page_of(actions.do_verb)), name="intake_batch_do"),
            path("<int:pk>/row/<int:row>/", view(self.page_of(rows.row_page)), name="intake_batch_row"),
            *own,
            *super().get_urls(),
        ]

    def page_of(self, function):
        """Return the view that finds the import and asks whether this curator may see it."""

        def view(request, pk, **more):
            refuse_zeros(request)
            batch = Batch.objects.filter(pk=pk).first()
            if batch is None:
                raise Http404
            if not self.has_view_permission(request, batch):
                raise PermissionDenied
            return function(self, request, batch, **more)

        return view

    def upload(self, request):
        if not self.may(request, "add"):
            raise PermissionDenied
        return files.upload_page(self, request)

    def at(self, name, batch, **more):
        """Return the address of a page of ``batch``."""
        return reverse(f"admin:intake_batch_{name}", kwargs={"pk": batch.pk, **more})

    def to(self, name, batch):
        return HttpResponseRedirect(self.at(name, batch))

    def plan(self, request, batch):
        """Plan ``batch`` by the mapping that it has now, and go to its page."""
        return actions.work(self, request, batch, "plan")

    def show(self, request, batch, template, title, step, **context):
        """Answer with a page of ``batch`` (None before there is one)."""
        may = {what: self.may(request, what) for what in ("add", "apply", "submit", "publish")}
        shared = {"batch": batch, "may": may, "opts": self.opts, "title": title}
        shared["steps"] = steps(self, batch, step, may["add"])
        shared["urls"] = {name: self.at(name, batch) for name in (*PAGES, "change")} if batch else {}
        return TemplateResponse(
            request, f"intake/{template}.html", {**self.admin_site.each_context(request), **shared, **context}
        )

    def get_changelist(self, request, **kwargs):
        return Imports

    def changelist_view(self, request, extra_context=None):
        refuse_zeros(request)
        return super().changelist_view(request, {"may_add": self.may(request, "add"), **(extra_context or {})})

    # The list

    @admin.display(description=_("state"), ordering="state")
    def state_words(self, batch):
        return State.label_of(batch.state)

    @admin.display(description=_("new / changed / same"))
    def brought(self, batch):
        return counted(batch, "new", "changed", "same")

    @admin.display(description=_("brought in"), ordering="made_at")
    def brought_in(self, batch):
        return f"{date_format(batch.made_at, 'j M Y')}, {batch.who or '–'}"

    @admin.display(description=_("refused / repeated"))
    def not_taken(self, batch):
        return counted(batch, "refused", "repeated")


def counted(batch, *names):
    return " / ".join(f"{batch.counts.get(name, 0):,}" for name in names) if batch.counts else "–"
