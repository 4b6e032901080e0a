"""Accounts as a Django application."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from heritage.accounts import checks


class AccountsConfig(AppConfig):
    """Who may log in to the desk, and how."""

    name = "heritage.accounts"
    verbose_name = _("Accounts")

    def ready(self):
        register(checks.second_factor, Tags.security, deploy=True)
        register(checks.hosts_of_mails, Tags.security)
        register(checks.open_files, Tags.security)
