"""Addresses of the reading room. One subject has one address; the format is its suffix."""

from django.urls import path, register_converter

from heritage.public import api, downloads, feeds, map, pages, subjects, suggest, timeline


class Reference:
    """An opaque reference."""

    regex = "[0-9a-z]{2,40}"

    def to_python(self, value):
        return value

    to_url = to_python


class Version:
    """The number of a version, without leading zeros."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return str(value)


register_converter(Reference, "ref")
register_converter(Version, "version")

urlpatterns = [
    path("", pages.home, name="home"),
    path("monuments/", pages.monuments, name="monuments"),
    path("monuments.json", api.monuments, name="monuments-json"),
    path("monuments.geojson", downloads.monuments_geojson, name="monuments-geojson"),
    path("monuments.csv", downloads.monuments_csv, name="monuments-csv"),
    path("suggest/", suggest.page, name="suggest"),
    path("suggest.json", suggest.names, name="suggest-json"),
    path("monuments/<ref:ref>/", subjects.monument, name="monument"),
    path("monuments/<ref:ref>.json", api.monument, name="monument-json"),
    path("monuments/<ref:ref>.geojson", api.monument_geojson, name="monument-geojson"),
    path("monuments/<ref:ref>/history/", subjects.history, name="history"),
    path("monuments/<ref:ref>/v<version:version>/", subjects.version, name="version"),
    path("monuments/<ref:ref>/v<version:version>.json", api.version, name="version-json"),
    path("map/", map.page, name="map"),
    path("map/cells.json", map.overview, name="map-cells"),
    path("timeline/", timeline.page, name="timeline"),
    path("timeline.json", timeline.happenings, name="timeline-json"),
    path("places/", pages.places, name="places"),
    path("places/<ref:ref>/", subjects.place, name="place"),
    path("places/<ref:ref>.json", api.place, name="place-json"),
    path("sources/", pages.sources, name="sources"),
    path("sources/<ref:ref>/", subjects.source, name="source"),
    path("sources/<ref:ref>.json", api.source, name="source-json"),
    path("figures/", pages.figures, name="figures"),
    path("changes/", pages.changes, name="changes"),
    path("changes.atom", feeds.changes, name="changes-atom"),
    path("ledger/", pages.ledger, name="ledger"),
    path("ledger.jsonl", api.ledger, name="ledger-jsonl"),
    path("about/", pages.about, name="about"),
    path("vocabulary/", pages.vocabulary, name="vocabulary"),
    path("data/", pages.data, name="data"),
    path("health/", api.health, name="health"),
]
