"""The whole list in one file, sent while it is read: GeoJSON and CSV, every filter, the list's order, no pages."""

import csv
import json

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from heritage.catalogue.spreadsheets import harmless
from heritage.public.answers import Mistakes, reader
from heritage.public.finding import PAGED, Finding
from heritage.public.stamps import published

CHUNK = 500
GEOJSON = "application/geo+json"
CSV = "text/csv; charset=utf-8; header=present"
BETWEEN = " | "
COLUMNS = (
    "ref", "url", "version", "label", "kind", "types", "names", "places",
    "condition", "condition_label", "condition_since", "condition_according_to", "condition_contested",
    "latitude", "longitude", "precision", "published_at",
)  # fmt: skip


class Whole(Finding):
    """All that is found. Raises: Mistakes, also for the parameters of pages: a part was meant, and none can be had."""

    def __init__(self, request):
        super().__init__(request)
        paged = [name for name in PAGED if name in self.filter.data]
        self.mistakes |= {name: [_("This format gives the whole list and knows no pages.")] for name in paged}
        if self.mistakes:
            raise Mistakes(self.mistakes)

    def turned(self):
        """Read no page."""

    def items(self):
        """Yield the list items in order, no more than ``CHUNK`` of them in memory."""
        for entries in self.filter.chunks(CHUNK):
            for entry in entries:
                yield json.loads(entry.row)


@reader(follows=published)
def monuments_geojson(request):
    return streamed(request, Whole(request), as_geojson, GEOJSON)


@reader(follows=published)
def monuments_csv(request):
    answer = streamed(request, Whole(request), as_csv, CSV)
    answer.headers["Content-Disposition"] = 'attachment; filename="monuments.csv"'
    return answer


def streamed(request, found, written, content_type):
    parts = written(found.items(), request.build_absolute_uri("/").rstrip("/")) if request.method == "GET" else ()
    return StreamingHttpResponse(parts, content_type=content_type)


def as_geojson(items, _host):
    """Yield a feature collection, a feature on each line. Source: RFC 7946."""
    yield '{"type": "FeatureCollection", "features": ['
    between = "\n"
    for item in items:
        yield between + json.dumps(feature(item), ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def feature(item):
    """Return a list item as a GeoJSON feature; without a shown position its geometry is null."""
    position = item["position"]
    point = position and {"type": "Point", "coordinates": [position["longitude"], position["latitude"]]}
    properties = {name: value for name, value in item.items() if name != "position"}
    properties["precision"] = position["precision"] if position else None
    return {"type": "Feature", "id": item["ref"], "geometry": point, "properties": properties}


def as_csv(items, host):
    """Yield a line of column names and a line for each item. Source: RFC 4180."""
    lines = csv.writer(Echo())
    yield lines.writerow(COLUMNS)
    for item in items:
        yield lines.writerow([harmless(value) for value in values(item, host)])


class Echo:
    """A file that gives back what is written to it."""

    def write(self, text):
        return text


def values(item, host):
    """Return a list item as one flat row: several values in a cell stand side by side, a name with its language."""
    condition, position = item["condition"] or {}, item["position"] or {}
    since = condition.get("since")
    return [
        item["ref"],
        host + item["url"],
        item["version"],
        item["label"],
        item["kind"]["code"],
        BETWEEN.join(one["code"] for one in item["types"]),
        BETWEEN.join(f"{name['text']} ({name['language']})" if name["language"] else name["text"] for name in item["names"]),
        BETWEEN.join(place["label"] for place in item["places"]),
        condition.get("value", ""),
        condition.get("label", ""),
        since["text"] if since else "",
        according_to(condition),
        str(condition["contested"]).lower() if condition else "",
        position.get("latitude"),
        position.get("longitude"),
        position.get("precision", ""),
        item["published_at"],
    ]  # fmt: skip


def according_to(condition):
    return condition["according_to"]["label"] if condition.get("according_to") else ""
