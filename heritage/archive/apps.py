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
        offer("deposits_with", deposits_with)
        offer("recall_deposits", recall_deposits)
        offer("signing_key", signing_key)
        fitness.asked.append(why_not_cleansed)


def offered_deposits():
    """Return the deposits that readers may download."""
    return apps.get_model("archive", "Deposit").objects.offered()


def deposits_with(position):
    """Return the deposits that readers may download and that may hold the edition at ``position`` of the ledger."""
    return apps.get_model("archive", "Deposit").objects.offered().with_edition(position)


def recall_deposits(position):
    """Take every public deposit that may hold the edition at ``position`` off offer for good; return the names of those offered."""
    return apps.get_model("archive", "Deposit").objects.recall(position)


def signing_key():
    """Return the public key with which deposits are signed, or an empty text."""
    return public_key_at(settings.ARCHIVE_KEY)
