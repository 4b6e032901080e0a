"""The archive as a Django application."""

from django.apps import AppConfig, apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from heritage.archive.cleansing import why_not_cleansed
from heritage.archive.signing import public_key_at
from heritage.catalogue.offers import offer
from heritage.registry import fitness


class ArchiveConfig(AppConfig):
    """Deposits: bags that are made, verified and restored."""

    name = "heritage.archive"
    verbose_name = _("Archive")

    def ready(self):
        offer("deposits", offered_deposits)
        offer("signing_key", signing_key)
        fitness.asked.append(why_not_cleansed)


def offered_deposits():
    """Return the deposits that readers may download."""
    return apps.get_model("archive", "Deposit").objects.offered()


def signing_key():
    """Return the public key with which deposits are signed, or an empty text."""
    return public_key_at(settings.ARCHIVE_KEY)
