"""The desk as a Django application."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    """The desk: curated tables, their rules and their workbench."""

    default = True
    name = "heritage.registry"
    verbose_name = _("Register")


class WorkbenchConfig(admin.AdminConfig):
    """Django's admin with the desk's front page."""

    default = False
    default_site = "heritage.accounts.site.DeskSite"
