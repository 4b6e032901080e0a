"""Pictures, films and scenes, held or only cited, and the custody of those that are held."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import (
    Dated,
    Edited,
    LongText,
    Registered,
    Text,
    known_warnings,
    sealed_index,
)
from heritage.registry.vocabulary import AccessLevel, Derivation, MediaKind


class Media(Edited, Dated):
    """One item. The bytes of an original never change; public derivatives carry no device or location metadata."""

    monument = models.ForeignKey("registry.Monument", models.CASCADE, null=True, blank=True, related_name="media")
    label = Text(_("title"))
    kind = models.CharField(_("kind"), max_length=16, choices=MediaKind)
    held = models.BooleanField(
        _("held"), default=False, help_text=_("Not ticked: only cited, the register has no copy.")
    )
    file = models.FileField(_("file"), upload_to="held/", blank=True)
    media_type = models.CharField(_("media type"), max_length=80, blank=True)
    size = models.PositiveBigIntegerField(_("size (bytes)"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    how = Text(_("how it was made"), blank=True)
    provider = Text(_("provider"), blank=True)
    scene_id = Text(_("scene identifier"), blank=True, max_length=120)
    resolution = Text(_("resolution"), blank=True, max_length=60)
    pair_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="pairs")
    derived_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="derivatives")
    derivation = models.CharField(_("derivation"), max_length=8, choices=Derivation, default=Derivation.NONE)
    source = models.ForeignKey("registry.Source", models.PROTECT, null=True, blank=True, related_name="media")
    locator = Text(_("locator"), blank=True)
    rights_holder = Text(_("rights holder"), blank=True)
    licence = Text(_("licence"), blank=True)
    credit = Text(_("credit"), blank=True)
    alt_text = Text(_("text alternative"), blank=True, max_length=500)
    access_level = models.CharField(_("access level"), max_length=10, choices=AccessLevel, default=AccessLevel.PUBLIC)
    content_warnings = models.JSONField(_("content warnings"), default=list, blank=True, validators=[known_warnings])
    note = LongText(_("desk note"), blank=True)

    sealed_with = ("monument",)

    class Meta:
        ordering = ["label", "ref"]
        verbose_name = _("media item")
        indexes = [sealed_index("media")]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="media_held_with_hash",
                condition=Q(held=False, file="") | Q(held=True) & ~Q(file="") & Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("A held item has its file and SHA-256; a cited one has no file."),
            ),
            models.CheckConstraint(
                name="media_not_its_own_pair_or_original",
                condition=(Q(pair_of__isnull=True) | ~Q(pair_of=F("id")))
                & (Q(derived_from__isnull=True) | ~Q(derived_from=F("id"))),
                violation_error_message=_("An item is neither its own pair nor its own original."),
            ),
        ]

    def __str__(self):
        return self.label

    def is_presentable(self):
        """Tell whether a held item has what publication needs: text alternative, credit and licence."""
        return not self.held or bool(self.alt_text and self.credit and self.licence)


class CustodyEvent(Registered):
    """One entry in the custody log of a held item. Append-only; each entry's hash covers the one before."""

    media = models.ForeignKey(Media, models.PROTECT, related_name="custody")
    at = models.DateTimeField(_("when"))
    what = Text(_("what was done"))
    by = Text(_("by"), max_length=150)
    previous = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64)

    sealed_with = ("media",)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("custody event")

    def __str__(self):
        return f"{self.at:%Y-%m-%d} {self.what}"

    def save(self, *args, **kwargs):
        if self.pk and CustodyEvent.objects.filter(pk=self.pk).exists() and not kwargs.get("raw"):
            raise ValidationError(_("The custody log is append-only."))
        if not self.sha256:
            self.sha256 = self.digest()
        super().save(*args, **kwargs)

    def digest(self):
        """Return the SHA-256 of the previous hash, the item's, the time, the deed and the doer, a line each."""
        lines = [self.previous, self.media.sha256, self.at.isoformat(), self.what, self.by]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()
