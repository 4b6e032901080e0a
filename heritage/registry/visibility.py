"""What an access level may see, one rule a table. Records and archives are built from what is left, never blacked out later.

The levels are ``public`` (any reader) and ``full`` (the whole desk). Each rule takes rows that are already loaded, so
that it costs no query; ``why_hidden`` words the reason for curators.
"""

from decimal import Decimal
from enum import Enum

from django.utils.translation import gettext as _

from heritage.registry.vocabulary import AccessLevel, Precision, SourceAccess, Stage, Standing

GRID = {
    Precision.EXACT: Decimal("0.000001"),
    Precision.NEAR: Decimal("0.001"),
    Precision.KM1: Decimal("0.01"),
    Precision.SETTLEMENT: Decimal("0.05"),
}
LEAST_UNCERTAINTY = {Precision.EXACT: 0, Precision.NEAR: 100, Precision.KM1: 1000, Precision.SETTLEMENT: 5000}


def subject_is_public(subject):
    """Tell whether a monument or place may be known to readers: published, open to anyone, not merged away."""
    return (
        subject.stage == Stage.PUBLISHED
        and subject.access_level == AccessLevel.PUBLIC
        and getattr(subject, "merged_into_id", None) is None
    )


class Naming(Enum):
    """What readers may learn of a source."""

    NAMED = "named"  #: everything that a record says of sources
    WITHHELD = "withheld"  #: that there is one: “Source withheld”, with the class of the reason
    HIDDEN = "hidden"  #: nothing at all


def naming(source):
    """Return the ``Naming`` of a source, which may be ``None``. Whatever is written for readers asks here.

    A source that nobody has read is hidden like a sealed one: nobody has checked what naming it would give away.
    """
    if source is None or source.access_level == SourceAccess.SEALED or not source.is_read:
        return Naming.HIDDEN
    return Naming.WITHHELD if source.access_level == SourceAccess.WITHHELD else Naming.NAMED


def source_is_public(source):
    """Tell whether a source may appear, by its details or as "source withheld"."""
    return naming(source) is not Naming.HIDDEN


def is_withheld(source):
    """Tell whether a source appears as "source withheld" only."""
    return naming(source) is Naming.WITHHELD


def origin_shown(source, origin):
    """Return ``origin``, on which ``source`` rests, if readers may know that it does; otherwise ``None``.

    Both must be named. The origin of a withheld source would give that source away. A withheld origin would be given away
    by what rests on it: its reference beside a report that anyone can read tells who stands behind every "source withheld"
    with the same reference.
    """
    both_named = naming(source) is Naming.NAMED and naming(origin) is Naming.NAMED
    return origin if both_named else None


def origins_shown(source):
    """Yield the sources on which ``source`` rests, nearest first, as far as readers may follow them; each once."""
    met = {source.pk}
    while (source := origin_shown(source, source.derives_from)) and source.pk not in met:
        met.add(source.pk)
        yield source


def wording_is_public(sources):
    """Tell whether the wording of what is said may appear: it cites nothing, or one of its ``sources`` is named.

    ``sources`` are those of one statement; ``None`` among them is passed over.
    """
    cited = [source for source in sources if source is not None]
    return not cited or any(naming(source) is Naming.NAMED for source in cited)


def rests_on_public_source(row):
    """Tell whether a name, location, relation or membership may appear: it cites nothing, or a source that may appear."""
    return row.source_id is None or source_is_public(row.source)


def citation_is_public(citation):
    """Tell whether a citation may appear: its source may."""
    return source_is_public(citation.source)


def media_is_public(media):
    """Tell whether a media item may be described: public, from a source that may appear, with alt text, credit, licence if held."""
    return media.access_level == AccessLevel.PUBLIC and rests_on_public_source(media) and media.is_presentable()


def claim_is_public(claim, citations):
    """Tell whether a claim may appear, given its loaded ``citations``."""
    return not why_hidden(claim, citations)


def why_hidden(claim, citations=None):
    """Return why readers do not see ``claim``, for its curator; an empty text when they do."""
    if claim.access_level != AccessLevel.PUBLIC:
        return _("Its access level is “%(level)s”.") % {"level": claim.get_access_level_display()}
    if claim.standing == Standing.WITHDRAWN_BY_REGISTRY:
        return _("The registry withdrew it.")
    if citations is None:
        citations = list(claim.citations.select_related("source"))
    if not citations:
        return _("It has no citation. Cite a source that was read.")
    if not any(citation_is_public(citation) for citation in citations):
        return _("None of its sources has been read and may be shown. Cite one that was read, or mark it as read.")
    return ""


def shown_position(location, precision):
    """Return (latitude, longitude, uncertainty in metres) as readers see them, or ``None`` where no point is shown.

    The position is snapped to a fixed grid, never moved at random, so that repeated publication reveals nothing more.
    """
    grid = GRID.get(precision)
    if grid is None or location.latitude is None:
        return None
    least = LEAST_UNCERTAINTY[precision]
    uncertainty = least if precision != Precision.EXACT else location.uncertainty
    return snapped(location.latitude, grid), snapped(location.longitude, grid), uncertainty


def snapped(degrees, grid):
    """Return ``degrees`` moved to the nearest line of the ``grid`` (both in degrees)."""
    return float(((degrees / grid).to_integral_value() * grid).quantize(Decimal("0.000001")))
