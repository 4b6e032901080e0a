"""Deposits at the desk: made, verified, downloaded and offered to readers; what was made is changed by nobody."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.archive import making
from heritage.archive.apps import signing_key
from heritage.archive.depositing import put_on_offer, take_off_offer
from heritage.archive.forms import DepositForm
from heritage.archive.models import Deposit
from heritage.archive.views import sent
from heritage.registry import background
from heritage.registry.admin.desk import ReadOnlyAdmin
from heritage.registry.steps import Refused, note_access

PAGES = "admin/archive/deposit"


@admin.register(Deposit)
class DepositAdmin(ReadOnlyAdmin):
    """Every bag that was made: when, at which level, for whom, with which hash, and what it adds to."""

    list_display = ["at", "name", "level", "for_whom", "editions", "is_signed", "is_offered", "is_whole", "previous"]
    list_filter = ["level"]
    list_select_related = ["previous"]
    search_fields = ["name", "for_whom", "=manifest_sha256", "=ledger_head"]
    exclude = ["file"]
    readonly_fields = ["offered_at"]

    @admin.display(description=_("offered to readers"), boolean=True)
    def is_offered(self, deposit):
        return bool(deposit.file)

    @admin.display(description=_("whole when last verified"), boolean=True)
    def is_whole(self, deposit):
        return not deposit.wrong if deposit.checked_at else None

    @admin.display(description=_("offered at"))
    def offered_at(self, deposit):
        if not deposit.file:
            return ""
        return format_html('<a href="{0}">{0}</a>', reverse("deposit", args=[deposit.ref]))

    # Who may

    def has_add_permission(self, request):
        return request.user.has_perm("archive.add_deposit")

    def may_have(self, request, level, custodians=""):
        """Tell whether this curator may make and download deposits of ``level``; one that is sealed only its ``custodians``."""
        needed = "archive.view_deposit" if level == "public" else "archive.deposit_whole_desk"
        is_kept = not custodians or request.user.get_username() in custodians.split(" · ")
        return request.user.has_perm(needed) and is_kept

    # Addresses

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("add/", view(self.add_page), name="archive_deposit_add"),
            path("making/<slug:ref>/", view(self.order_page), name="archive_deposit_making"),
            path("making/<slug:ref>/progress/", view(self.progress), name="archive_deposit_progress"),
            path("making/<slug:ref>/do/<slug:verb>/", view(self.do_to_order), name="archive_deposit_order_do"),
            path("<int:pk>/file/", view(self.file), name="archive_deposit_file"),
            path("<int:pk>/do/<slug:verb>/", view(self.do_to_deposit), name="archive_deposit_do"),
            *super().get_urls(),
        ]

    def to(self, name, *arguments):
        return HttpResponseRedirect(reverse(f"admin:archive_deposit_{name}", args=arguments))

    def show(self, request, template, title, **context):
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, f"{PAGES}/{template}.html", {**shared, **context})

    # Making one

    def add_page(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = DepositForm(request.POST or None, may_full=self.may_have(request, "full"), by=request.user)
        if request.method == "POST" and form.is_valid():
            try:
                return self.to("making", making.order(request.user, **form.choices()))
            except Refused as refused:
                form.add_error(None, refused.reasons)
        return self.show(request, "make", _g("Make a deposit"), form=form)

    def order_page(self, request, ref):
        """Show how far the making of a deposit is, or how it ended."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        made = Deposit.objects.filter(ref=ref).first()
        if made:
            return self.to("change", made.pk)
        told = self.found_order(ref)
        return self.show(request, "making", told["name"], ref=ref, order=told, **self.work_on(request, ref))

    def work_on(self, request, ref):
        """Return what pages tell of the work on a deposit."""
        folder = making.folder_of(ref)
        return {
            "busy": background.is_worked_on(folder),
            "far": background.how_far(folder),
            "urls": {"progress": reverse("admin:archive_deposit_progress", args=[ref])},
            "may_make": self.has_add_permission(request),
        }

    def found_order(self, ref):
        told = making.ordered(ref)
        if told is None:
            raise Http404
        return told

    def progress(self, request, ref):
        """Tell the page's script how far the work is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        folder = making.folder_of(ref)
        return JsonResponse({"busy": background.is_worked_on(folder), **background.how_far(folder)})

    def do_to_order(self, request, ref, verb):
        told = self.found_order(ref)
        if verb not in ("make", "discard"):
            raise Http404
        self.refuse_unless(request, told["level"])
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            if verb == "discard":
                making.discard(ref)
                messages.success(request, _g("The order was discarded. Nothing is left of it."))
                return self.to("changelist")
            making.begin(ref, "make", request.user)
        except Refused as refused:
            self.tell(request, refused)
        return self.to("making", ref)

    def refuse_unless(self, request, level, custodians=""):
        if not (self.has_add_permission(request) and self.may_have(request, level, custodians)):
            raise PermissionDenied

    @staticmethod
    def tell(request, refused):
        for reason in refused.reasons:
            messages.error(request, reason)

    # What was made

    def changelist_view(self, request, extra_context=None):
        orders = making.open_orders() if self.has_view_permission(request) else []
        return super().changelist_view(request, {"orders": orders, **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        made = self.get_object(request, object_id)
        if made is None or not self.has_view_permission(request, made):
            return super().change_view(request, object_id, form_url, extra_context)
        context = {
            **self.work_on(request, made.ref),
            "is_kept": making.kept(made) is not None,
            "may_have": self.may_have(request, made.level, made.custodians),
            "key": signing_key() if made.is_signed else "",
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def file(self, request, pk):
        """Send the bag, to whoever may have one of its level."""
        made = get_object_or_404(Deposit, pk=pk)
        if not (self.has_view_permission(request) and self.may_have(request, made.level, made.custodians)):
            raise PermissionDenied
        kept = making.kept(made)
        if kept is None:
            raise Http404
        note_access(request.user, "download_deposit", made.ref, {"level": made.level})
        return sent(made, kept.open("rb"))

    def do_to_deposit(self, request, pk, verb):
        made = get_object_or_404(Deposit, pk=pk)
        done = {"check": self.verify_again, "offer": self.put_on_offer, "withhold": self.take_off_offer}.get(verb)
        if done is None:
            raise Http404
        self.refuse_unless(request, made.level, made.custodians)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            done(request, made)
        except Refused as refused:
            self.tell(request, refused)
        return self.to("change", pk)

    def verify_again(self, request, made):
        making.begin(made.ref, "check", request.user)

    def put_on_offer(self, request, made):
        kept = making.kept(made)
        if made.level != "public" or kept is None:
            raise Refused([_g("Only a public deposit that is kept here can be offered to readers.")])
        put_on_offer(made, kept)
        made.save(update_fields=["file"])
        note_access(request.user, "offer_deposit", made.ref)
        messages.success(request, _g("Readers find it on the page “Data and licence” now."))

    def take_off_offer(self, request, made):
        if made.file:
            take_off_offer(made)
            note_access(request.user, "withhold_deposit", made.ref)
        messages.success(request, _g("Readers are no longer offered it. The deposit stays in this list."))
