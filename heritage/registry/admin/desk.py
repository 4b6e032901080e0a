"""What every page of the desk has: journal, revision, verbs instead of plain saving, deletion only of what nobody saw."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import DatabaseError
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from heritage.registry import lifecycle
from heritage.registry.admin.differences import told
from heritage.registry.admin.known import KnownChoices
from heritage.registry.admin.masked_forms import is_masked_if_sealed
from heritage.registry.admin.revision import differences
from heritage.registry.admin.sealing import lower
from heritage.registry.custodians import sealed_along
from heritage.registry.locking import hold_for_edit, stored
from heritage.registry.models import Journal
from heritage.registry.models.base import LongText
from heritage.registry.models.sealing import SEALED, has_level, refs_sealed_from, sealed_keys
from heritage.registry.snapshot import snapshot
from heritage.registry.tongues import offered_languages, offered_scripts
from heritage.storage_errors import storage_error


def on_list(request):
    """Tell whether ``request`` is for a list, rather than for one record or an autocompletion."""
    match = request.resolver_match
    return match is not None and match.url_name is not None and match.url_name.endswith("_changelist")


def tally(model, field, user):
    """Return the number of rows of ``model`` that ``user`` may know of and whose ``field`` is the row looked at.

    It is an annotation that joins nothing.
    """
    rows = model.objects.visible_to(user).filter(**{field: OuterRef("pk")}).order_by().values(field)
    return Coalesce(Subquery(rows.annotate(total=Count("pk")).values("total")), 0)


class VisibleRows:
    """An admin in which each account finds only what it may know of; anything else is as if it did not exist."""

    def get_queryset(self, request):
        rows = super().get_queryset(request).visible_to(request.user)
        if not on_list(request):
            return rows
        for field in self.model._meta.concrete_fields:  # what a row leads to is not to be found out by asking for it
            if is_masked_if_sealed(field) and asked_for(request, field):
                rows = rows.exclude(**{f"{field.name}__in": sealed_keys(request.user, field.related_model)})
        return rows


def asked_for(request, field):
    """Tell whether a list is narrowed by ``field``."""
    return any(name.partition("__")[0] in (field.name, field.attname) for name in request.GET)


class DeskAdmin(VisibleRows, KnownChoices, admin.ModelAdmin):
    """A table whose rows are saved by the verbs of ``lifecycle``."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "registry/change_form.html"
    formfield_overrides = {LongText: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}

    class Media:
        css = {"all": ["registry/desk.css"]}
        js = ["registry/desk.js"]

    def get_urls(self):
        if not has_level(self.model):
            return super().get_urls()
        name = f"{self.opts.app_label}_{self.opts.model_name}_lower"
        return [path("<path:object_id>/lower/", self.admin_site.admin_view(self.lower), name=name), *super().get_urls()]

    def lower(self, request, object_id):
        return lower(self, request, self.get_object(request, object_id))

    # Saving

    def save_model(self, request, obj, form, change):
        hold_for_edit()
        if change:
            form.before = snapshot(stored(obj))
            lifecycle.begin(obj, form.expected_revision)
        obj.save()

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        reason = form.cleaned_data.get("reason", "")
        if change:
            lifecycle.finish(form.instance, request.user, reason, form.before)
        else:
            lifecycle.register(form.instance, request.user, reason)
        if has_level(self.model):
            form.name_custodians(request.user)

    def log_addition(self, request, obj, message):
        """The journal says it, to those who may know of it; Django's own log would keep titles for whoever reads it."""

    def log_change(self, request, obj, message):
        """As above."""

    def log_deletions(self, request, queryset):
        """As above."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except lifecycle.Stale:  # saved between our look and our writing: look again, and tell
            return super().changeform_view(request, object_id, form_url, extra_context)
        except lifecycle.Refused as refused:
            return self.show_unsaved(" ".join(refused.reasons), 200, request, object_id, form_url, extra_context)
        except (DatabaseError, OSError) as fault:
            unsaved = storage_error(fault)
            if unsaved is None or request.method != "POST":
                raise
            return self.show_unsaved(unsaved.message, unsaved.status, request, object_id, form_url, extra_context)

    def show_unsaved(self, message, status, request, *args):
        """Show the form again with what was typed, and why it could not be saved. It does not try once more."""
        request.unsaved = message
        response = self._changeform_view(request, *args)
        response.status_code = status
        return response

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form, made for this request alone, which knows for whom it is shown and why it could not be saved."""
        form = super().get_form(request, obj, change, **kwargs)
        form.seen_by, form.unsaved = request.user, getattr(request, "unsaved", "")
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if getattr(form, "conflict", None):
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            context |= {"conflict": form.conflict, "differences": differences(form, formsets)}
        context["journal_url"] = self.address("history", obj) if obj else ""
        if obj is not None and getattr(obj, "access_level", None) == SEALED:
            context["lower_url"] = self.address("lower", obj)
        context |= {"languages": offered_languages(), "scripts": offered_scripts()}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def address(self, page, *objects):
        """Return the address of a page of this admin."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=[one.pk for one in objects])

    # Deleting

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or lifecycle.may_be_discarded(obj))

    def get_deleted_objects(self, objs, request):
        """Return what a deletion takes along. Whoever may delete a draft may delete what was entered for it."""
        if any(sealed_along(one, request.user) for one in objs):
            told = _(
                "Something that is sealed and kept by others. Only its custodians can delete it, or what it belongs to."
            )
            return [str(one) for one in objs], {}, set(), [told]
        taken, counts, _perms, protected = super().get_deleted_objects(objs, request)
        return taken, counts, set(), protected

    def delete_model(self, request, obj):
        lifecycle.discard(obj, request.user)

    # The journal of one record

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        entries = Journal.objects.of_records().filter(subject_ref__in=self.journal_refs(obj)).visible_to(request.user)
        page = Paginator(entries, 50).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Journal: %(record)s") % {"record": obj},
            "opts": self.opts,
            "original": obj,
            "page": page,
            "entries": told(page, obj, refs_sealed_from(request.user)),
        }
        return TemplateResponse(request, "registry/journal.html", context)

    def journal_refs(self, obj):
        """Return the references whose entries belong to the journal of ``obj``."""
        return [obj.ref]


class ReadOnlyAdmin(VisibleRows, admin.ModelAdmin):
    """A table that is only looked at."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    class Media:
        css = {"all": ["registry/desk.css"]}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
