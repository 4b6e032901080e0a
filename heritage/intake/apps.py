"""Imports as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """How data arrive: readers, mappings, plans, batches."""

    default = True
    name = "heritage.intake"
    verbose_name = _("Imports")
