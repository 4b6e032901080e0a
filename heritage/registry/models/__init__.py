"""The desk's tables, one noun a file."""

from heritage.registry.models.actor import Actor
from heritage.registry.models.citation import Citation
from heritage.registry.models.claim import Attribution, Claim, ClaimLink, Count, Protection
from heritage.registry.models.custodian import Custodian
from heritage.registry.models.journal import Journal, Review
from heritage.registry.models.location import Location
from heritage.registry.models.media import CustodyEvent, Media
from heritage.registry.models.monument import Cemetery, Collection, Monument, Relation, Site
from heritage.registry.models.name import Name
from heritage.registry.models.place import Place, PlaceMembership
from heritage.registry.models.source import Source
from heritage.registry.models.status import Status
from heritage.registry.models.term import Term

__all__ = [
    "Actor",
    "Attribution",
    "Cemetery",
    "Citation",
    "Claim",
    "ClaimLink",
    "Collection",
    "Count",
    "Custodian",
    "CustodyEvent",
    "Journal",
    "Location",
    "Media",
    "Monument",
    "Name",
    "Place",
    "PlaceMembership",
    "Protection",
    "Relation",
    "Review",
    "Site",
    "Source",
    "Status",
    "Term",
]
