"""Deposits at the desk: to be read; they are made by command."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from heritage.archive.models import Deposit
from heritage.registry.admin.desk import ReadOnlyAdmin


@admin.register(Deposit)
class DepositAdmin(ReadOnlyAdmin):
    """Every bag that was made: when, at which level, for whom, with which hash, and what it adds to."""

    list_display = ["at", "name", "level", "for_whom", "editions", "is_signed", "is_offered", "previous"]
    list_filter = ["level"]
    list_select_related = ["previous"]
    search_fields = ["name", "for_whom", "=manifest_sha256", "=ledger_head"]
    exclude = ["file"]
    readonly_fields = ["offered_at"]

    @admin.display(description=_("offered to readers"), boolean=True)
    def is_offered(self, deposit):
        return bool(deposit.file)

    @admin.display(description=_("offered at"))
    def offered_at(self, deposit):
        if not deposit.file:
            return ""
        return format_html('<a href="{0}">{0}</a>', reverse("deposit", args=[deposit.ref]))
