"""Where a monument is, according to whom and how exactly."""

import json

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import LongText, Registered, Text

SHAPES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
DEEPEST = 4  # lists in lists, of a MultiPolygon


def footprint_shape(text):
    """Refuse a footprint that is not a GeoJSON geometry in WGS 84. Source: RFC 7946, section 3.1."""
    if not text:
        return
    try:
        shape = json.loads(text)
    except ValueError as fault:
        raise ValidationError(_("The footprint is not JSON: %(fault)s."), params={"fault": fault}) from fault
    except RecursionError as fault:
        raise ValidationError(_("The footprint is nested too deeply.")) from fault
    if (
        not isinstance(shape, dict)
        or str(shape.get("type")) not in SHAPES
        or not isinstance(shape.get("coordinates"), list)
    ):
        raise ValidationError(_("The footprint must be a GeoJSON geometry such as a Polygon with its coordinates."))
    for longitude, latitude in positions(shape["coordinates"]):
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValidationError(
                _("The footprint has the position %(lon)s, %(lat)s, which is not longitude, latitude in degrees."),
                params={"lon": longitude, "lat": latitude},
            )


def positions(coordinates, depth=1):
    """Yield every (longitude, latitude) in nested GeoJSON coordinates."""
    if depth > DEEPEST:
        raise ValidationError(_("The footprint is nested too deeply."))
    if not coordinates:
        raise ValidationError(_("The footprint has an empty list of coordinates."))
    if all(isinstance(number, int | float) and not isinstance(number, bool) for number in coordinates):
        if len(coordinates) < 2:
            raise ValidationError(_("A position in the footprint needs longitude and latitude."))
        yield coordinates[0], coordinates[1]
        return
    for part in coordinates:
        if not isinstance(part, list):
            raise ValidationError(_("The footprint's coordinates are not nested lists of numbers."))
        yield from positions(part, depth + 1)


class Location(Registered):
    """One statement of where a monument is; several may coexist, at most one is shown."""

    monument = models.ForeignKey("registry.Monument", models.CASCADE, related_name="locations")
    place = models.ForeignKey(
        "registry.Place", models.PROTECT, null=True, blank=True, related_name="locations", verbose_name=_("place")
    )
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    uncertainty = models.PositiveIntegerField(_("uncertainty (m)"), null=True, blank=True)
    method = Text(_("method"), blank=True, max_length=120, help_text=_("How the position was found."))
    wording = Text(_("wording"), blank=True, help_text=_("The position as the source puts it."))
    footprint = LongText(
        _("footprint"), blank=True, validators=[footprint_shape], help_text=_("GeoJSON geometry, WGS 84.")
    )
    source = models.ForeignKey("registry.Source", models.PROTECT, null=True, blank=True, verbose_name=_("source"))
    locator = Text(_("locator"), blank=True)
    shown = models.BooleanField(_("shown"), default=False)

    sealed_with = ("monument",)

    class Meta:
        ordering = ["-shown", "ref"]
        verbose_name = _("location")
        constraints = [
            models.CheckConstraint(
                name="location_coordinates_both_or_neither",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message=_("Give latitude and longitude both, or neither."),
            ),
            models.CheckConstraint(
                name="location_latitude_in_range",
                condition=Q(latitude__isnull=True) | Q(latitude__range=(-90, 90)),
                violation_error_message=_("Latitude lies between −90 and 90 degrees. Are the two exchanged?"),
            ),
            models.CheckConstraint(
                name="location_longitude_in_range",
                condition=Q(longitude__isnull=True) | Q(longitude__range=(-180, 180)),
                violation_error_message=_("Longitude lies between −180 and 180 degrees."),
            ),
            models.UniqueConstraint(
                fields=["monument"],
                condition=Q(shown=True),
                name="location_shown_once",
                violation_error_message=_("Only one location of a monument is shown."),
            ),
        ]

    def __str__(self):
        return str(self.place or self.wording or self.ref)

    def clean(self):
        if self.looks_exchanged():
            raise ValidationError(
                {
                    "latitude": _("Latitude and longitude look exchanged: the other way round they lie at “%(place)s”.")
                    % {"place": self.place}
                }
            )

    def looks_exchanged(self):
        """Tell whether the position is far from its place, but near it with the two numbers exchanged."""
        if None in (self.latitude, self.longitude, self.place) or self.place.latitude is None:
            return False

        def near(latitude, longitude):
            return abs(latitude - self.place.latitude) < 1 and abs(longitude - self.place.longitude) < 1

        return near(self.longitude, self.latitude) and not near(self.latitude, self.longitude)
