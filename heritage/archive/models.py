"""Deposits: which bags were made, for whom, and where they are offered."""

from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from heritage.catalogue.models import Edition
from heritage.registry.models.base import LongText, Registered, RegisteredQuerySet, Text
from heritage.registry.steps import now


class DepositQuerySet(RegisteredQuerySet):
    """Deposits, newest first."""

    def offered(self):
        """Return those that readers may download: public ones with a file in the store."""
        return self.filter(level="public", recalled_at=None).exclude(file="")

    def with_edition(self, position):
        """Return the public deposits that may hold the edition at ``position`` of the ledger: those made since it was there."""
        head_before = Edition.objects.filter(link=OuterRef("ledger_head"), position__lt=position)
        return self.filter(~Exists(head_before), level="public", recalled_at=None)

    def recall(self, position):
        """Take all those off offer for good; their files go once the transaction is done. Returns the names of those offered."""
        found = list(self.with_edition(position).select_for_update())
        for made in found:
            if made.file:
                transaction.on_commit(partial(made.file.storage.delete, made.file.name))
        self.filter(pk__in=[made.pk for made in found]).update(file="", recalled_at=now())
        return [made.name for made in found if made.file]


class Deposit(Registered):
    """One bag that was made. It is in no bag itself: making a bag leaves the register as it was.

    ``manifest_sha256`` is the SHA-256 of ``tagmanifest-sha512.txt``, which covers every byte of the bag but signatures.
    """

    at = models.DateTimeField(_("when"))
    level = models.CharField(_("level"), max_length=6, choices=[("public", _("public")), ("full", _("full"))])
    for_whom = Text(_("for whom"), blank=True, max_length=200)
    custodians = Text(
        _("custodians"), blank=True, max_length=400, help_text=_("The two who keep a bag that is sealed as a whole.")
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    name = Text(_("name of the bag"), max_length=200)
    manifest_sha256 = models.CharField(_("hash of the manifest"), max_length=64)
    ledger_head = models.CharField(_("ledger head"), max_length=64)
    editions = models.PositiveBigIntegerField(_("editions"))
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="following", verbose_name=_("adds to")
    )
    is_signed = models.BooleanField(_("signed"), default=False)
    file = models.FileField(_("file offered"), upload_to="deposits/", blank=True)
    size = models.PositiveBigIntegerField(_("size (bytes)"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    checked_at = models.DateTimeField(_("last verified"), null=True, blank=True)
    recalled_at = models.DateTimeField(
        _("recalled"),
        null=True,
        blank=True,
        help_text=_("Since then it may hold versions that were closed. It is never offered to readers again."),
    )
    wrong = LongText(_("what was wrong then"), blank=True)

    objects = DepositQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("deposit")
        permissions = [("deposit_whole_desk", _("Can make and download deposits of the whole desk"))]

    def __str__(self):
        return self.name
