"""The desk as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    """The desk: curated tables, their rules and their workbench."""

    name = "heritage.registry"
    verbose_name = _("Register")
