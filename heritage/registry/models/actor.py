"""Who claims, issues, orders or publishes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import Edited, LongText, Text
from heritage.registry.vocabulary import ActorKind


class Actor(Edited):
    """An institution or office. Private persons, victims and witnesses are never registered."""

    label = Text(_("name"), help_text=_("An institution or office, never a private person, victim or witness."))
    kind = models.CharField(_("kind"), max_length=24, choices=ActorKind)
    note = LongText(_("desk note"), blank=True)

    class Meta:
        ordering = ["label"]
        verbose_name = _("actor")

    def __str__(self):
        return self.label
