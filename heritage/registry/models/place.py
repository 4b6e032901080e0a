"""Named places and how they belong to one another, according to whom."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import Dated, Registered, Subject, Text, sealed_index
from heritage.registry.vocabulary import MembershipKind, PlaceKind


class Place(Subject):
    """A named region, district, settlement or natural feature. It has no sovereign and no true parent."""

    label = Text(_("label"), help_text=_("All names in alphabetical order, for example “Shusha / Shushi”."))
    kind = models.CharField(_("kind"), max_length=16, choices=PlaceKind)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)

    class Meta:
        ordering = ["label"]
        verbose_name = _("place")
        permissions = [("publish_place", "Can publish, return and withdraw places")]
        indexes = [sealed_index("place")]
        constraints = [
            models.CheckConstraint(
                name="place_coordinates_both_or_neither",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message=_("Give latitude (−90 to 90) and longitude (−180 to 180) both, or neither."),
            )
        ]

    def __str__(self):
        return self.label


class PlaceMembership(Registered, Dated):
    """One source's statement that a place belongs to another; several may stand side by side."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="memberships", verbose_name=_("place"))
    parent = models.ForeignKey(Place, models.PROTECT, related_name="members", verbose_name=_("larger place"))
    kind = models.CharField(_("kind"), max_length=18, choices=MembershipKind)
    source = models.ForeignKey("registry.Source", models.PROTECT, null=True, blank=True, verbose_name=_("source"))
    locator = Text(_("locator"), blank=True)

    sealed_with = ("place", "parent")

    class Meta:
        ordering = ["parent__label", "ref"]
        verbose_name = _("membership")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="placemembership_not_of_itself",
                condition=~Q(place=F("parent")),
                violation_error_message=_("A place does not belong to itself."),
            ),
        ]

    def __str__(self):
        return f"{self.place} – {self.get_kind_display()} – {self.parent}"
