"""Passkeys: a second factor beside the authenticator apps and recovery codes of ``django_otp``."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device


class Passkey(Device):
    """A passkey or security key of one account. ``credential``: id and public key, as ``fido2`` writes them (WebAuthn, 6.5.1)."""

    credential = models.BinaryField(_("credential"))
    created_at = models.DateTimeField(_("set up"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("passkey")

    def __str__(self):
        return self.name
