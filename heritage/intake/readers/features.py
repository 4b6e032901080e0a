"""GeoJSON, feature by feature: never more than one in memory. Source: RFC 7946, and the ``crs`` member of GeoJSON 2008."""

import json
import re
from itertools import islice

from heritage.intake.readers.encodings import encoding_of
from heritage.intake.readers.table import Line, Table, Unreadable, as_text

CHUNK = 1 << 18
SPACE = re.compile(r"[ \t\r\n\x1e]*")  # RFC 8142 has a record separator before each feature
LOOKED_AT = 500
NO_TEXT = re.compile("[\0\ud800-\udfff]")  # what JSON can write and no database takes
WGS84 = re.compile(
    r"(urn:ogc:def:crs:)?(ogc:[\d.]*:?crs84|epsg:[\d.]*:?4326)|wgs ?84|https?://www\.opengis\.net/def/crs/(ogc/1\.3/crs84|epsg/0/4326)",
    re.IGNORECASE,
)
DECODER = json.JSONDecoder()


class FeatureTable(Table):
    """A feature collection. The columns are those of the first features; later ones may have more."""

    def open(self):
        self.encoding = encoding_of(self.path, self.choices.encoding)
        self.found = {"format": "GeoJSON", "encoding": self.encoding.name, "crs": "WGS 84"}
        columns = {}
        for line in islice(self, LOOKED_AT):
            columns |= dict.fromkeys(line.cells)
        self.columns = list(columns)
        if not self.columns:
            raise Unreadable(
                f"{self.path.name} has no features with properties.", mend="Check that it is the right file."
            )

    def __iter__(self):
        with self.path.open(encoding=self.encoding.name) as text:
            self.stream = text
            for number, feature in enumerate(features(Scanner(text, self.path.name)), 1):
                yield as_line(number, feature)


class Scanner:
    """Reads JSON from a text bit by bit: a value at a time, or a sign."""

    def __init__(self, text, name):
        self.text, self.name = text, name
        self.buffer, self.at, self.passed = "", 0, 0

    def more(self):
        """Read on, and forget what was read already; tell whether there was more."""
        fresh = self.text.read(max(CHUNK, len(self.buffer) - self.at))
        self.passed += self.at
        self.buffer, self.at = self.buffer[self.at :] + fresh, 0
        return bool(fresh)

    def peek(self):
        """Return the next sign that is not blank; empty at the end."""
        while True:
            self.at = SPACE.match(self.buffer, self.at).end()
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self.more():
                return ""

    def take(self, sign):
        """Pass over ``sign``. Raises: Unreadable where another one stands."""
        found = self.peek()
        if found != sign:
            self.wrong(f"“{sign}” is expected" + (f", “{found}” is there" if found else ", but the file ends"))
        self.at += 1

    def value(self):
        """Return the next JSON value. Raises: Unreadable."""
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self.buffer, self.at)
            except json.JSONDecodeError as fault:
                if self.more():
                    continue
                self.wrong(fault.msg)
            except ValueError:
                self.wrong("a number has thousands of digits")
            except RecursionError:
                self.wrong("it is nested too deeply")
            if end == len(self.buffer) and self.more():
                continue  # a number may go on
            self.at = end
            return value

    def wrong(self, what):
        raise Unreadable(
            f"{self.name} is not GeoJSON: {what}.", f"Character {self.passed + self.at + 1:,}.", "Export it again."
        )


def features(scan):
    """Yield the features of a collection, of one feature, or of one feature a line. Raises: Unreadable."""
    yield from whole(scan)
    while scan.peek():
        yield from whole(scan)


def whole(scan):
    """Yield the features of one object: a collection or a feature. Raises: Unreadable."""
    if scan.peek() == "[":
        raise Unreadable(
            f"{scan.name} is JSON but not GeoJSON.", "It begins with a list.", "Export it as GeoJSON or CSV."
        )
    others, found = {}, False
    scan.take("{")
    while scan.peek() != "}":
        name = scan.value()
        scan.take(":")
        if name == "features" and scan.peek() == "[":
            found = True
            yield from listed(scan)
        else:
            others[name] = scan.value()
            if name == "crs":
                refuse_other_systems(others["crs"])
        if scan.peek() == ",":
            scan.take(",")
    scan.take("}")
    if not found and others.get("type") == "Feature":
        yield others
    elif not found:
        raise Unreadable(
            f"{scan.name} is JSON but has no features.", mend="Export it as a GeoJSON FeatureCollection or as CSV."
        )


def listed(scan):
    """Yield the values of a list."""
    scan.take("[")
    while scan.peek() != "]":
        feature = scan.value()
        if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
            scan.wrong("a feature is no object with properties")
        yield feature
        if scan.peek() == ",":
            scan.take(",")
    scan.take("]")


def refuse_other_systems(crs):
    """Raise Unreadable where the ``crs`` member names another system than WGS 84."""
    if crs is None:
        return
    properties = (crs.get("properties") if isinstance(crs, dict) else None) or {}
    code = f"EPSG:{properties['code']}" if "code" in properties else ""
    name = str(properties.get("name") or properties.get("href") or code or crs)
    if not WGS84.fullmatch(name):
        raise Unreadable(
            f"Its coordinates are in the reference system “{name}”, not in WGS 84.",
            mend="Export it again as WGS 84 (EPSG:4326), for example with QGIS.",
        )


def as_line(number, feature):
    properties, geometry = feature.get("properties") or {}, feature.get("geometry")
    for one in (feature, geometry):
        if isinstance(one, dict) and "crs" in one:
            refuse_other_systems(one["crs"])
    cells = {
        NO_TEXT.sub("\ufffd", name.strip()): value if isinstance(value, str) else property_text(value)
        for name, value in properties.items()
    }
    if "id" in feature and "id" not in cells:
        cells["id"] = property_text(feature["id"])
    broken = [name for name, text in cells.items() if not text.isascii() or "\0" in text if NO_TEXT.search(text)]
    for name in broken:
        cells[name] = NO_TEXT.sub("\ufffd", cells[name])
    told = f"Half a letter or a sign that is no text is in: {', '.join(broken)}." if broken else ""
    return Line(number, cells, geometry=geometry if isinstance(geometry, dict) else None, fault=told)


def property_text(value):
    """Return the value of a property as text; lists and objects as JSON."""
    if isinstance(value, dict | list):
        try:
            return json.dumps(value, ensure_ascii=False)
        except RecursionError:
            return ""
    return as_text(value)
