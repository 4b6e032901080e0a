"""Who may know of what is sealed: its custodians, and nobody else at the desk."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import LongText, Registered
from heritage.registry.vocabulary import AccessLevel, SourceAccess

NEEDED = 2  #: active custodians of everything that is sealed


class Custodian(Registered):
    """An account that keeps what is sealed under ``sealed_ref``. It stays when the row is deleted, for the journal.

    ``lower_to`` is the level to which this custodian asks to lower it; another one confirms it.
    """

    sealed_ref = models.CharField(_("what is sealed"), max_length=40, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("custodian"))
    lower_to = models.CharField(
        _("asks to lower it to"),
        max_length=10,
        blank=True,
        choices={**dict(AccessLevel.choices), **dict(SourceAccess.choices)},
    )
    lower_reason = LongText(_("reason"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("custodian of what is sealed")
        verbose_name_plural = _("custodians of what is sealed")
        constraints = [
            models.UniqueConstraint(
                fields=["sealed_ref", "user"],
                name="custodian_once",
                violation_error_message=_("This account is a custodian already."),
            ),
            models.CheckConstraint(
                name="custodian_lowers_with_reason",
                condition=Q(lower_to="", lower_reason="") | ~Q(lower_to="") & ~Q(lower_reason=""),
                violation_error_message=_("Lowering the access level needs a reason."),
            ),
        ]

    def __str__(self):
        return self.user.get_username()
