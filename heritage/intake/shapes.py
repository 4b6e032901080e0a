"""Geometries: GeoJSON, WKT and (E)WKB as points and footprints in WGS 84, longitude first. Pure Python.

Source: RFC 7946; OGC 06-103r4 (Simple Features: WKT, WKB); PostGIS for the SRID in front (EWKB, EWKT).
"""

import json
import math
import re
import struct
from dataclasses import dataclass, field

from heritage.intake.cells import Unclear

TYPES = {
    1: "Point",
    2: "LineString",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}
DEPTH = {"Point": 0, "LineString": 1, "MultiPoint": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}
LOWERED = {name.upper(): name for name in [*DEPTH, "GeometryCollection"]}
SINGLE = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
OTHER_SYSTEM = "Export it in WGS 84 (EPSG:4326)."
WKT = re.compile(
    r"\s*+(?:SRID\s*+=\s*+(\d{1,9})\s*+;)?\s*+([A-Z]{1,20}+)\s*+(ZM|Z|M)?+\s*+(\(.*|EMPTY\s*+)\Z",
    re.DOTALL | re.IGNORECASE,
)
NUMBERS = re.compile(r"(?<![-+\d.eE])[-+\d.eE]++(?:\s++[-+\d.eE]++)++")  # of one position, blanks between
DEEPEST = 20  # collections in one another
EARTH = 6_371_008.8
DECIMALS = 7


@dataclass
class Shape:
    """Some geometries taken together: the points, and what has an extent, each as (GeoJSON type, coordinates)."""

    points: list = field(default_factory=list)
    extents: list = field(default_factory=list)

    def add(self, geometry, nested=0):
        """Add a GeoJSON geometry. Raises: Unclear."""
        if not geometry:
            return
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        if kind == "GeometryCollection" and isinstance(geometry.get("geometries") or [], list) and nested < DEEPEST:
            for part in geometry.get("geometries") or []:
                self.add(part, nested + 1)
            return
        if not isinstance(kind, str) or kind not in DEPTH:
            raise Unclear(f"There is no geometry “{str(kind)[:40]}”.", "Export the file again.")
        if geometry.get("coordinates") == []:  # RFC 7946, 3.1: none
            return
        coordinates = checked(geometry.get("coordinates"), DEPTH[kind])
        single = SINGLE.get(kind, kind)
        for part in coordinates if kind in SINGLE else [coordinates]:
            kept = self.points if single == "Point" else self.extents
            one = part if single == "Point" else (single, part)
            if part and one not in kept:
                kept.append(one)

    def footprint(self):
        """Return the extents as the text of one GeoJSON geometry, empty without any. Several of unlike types: the areas."""
        areas = [part for kind, part in self.extents if kind == "Polygon"]
        kept = [("Polygon", part) for part in areas] or self.extents
        if not kept:
            return ""
        kind = kept[0][0]
        shape = (kind, kept[0][1]) if len(kept) == 1 else (f"Multi{kind}", [part for _kind, part in kept])
        return json.dumps({"type": shape[0], "coordinates": shape[1]}, separators=(",", ":"))

    def middle(self):
        """Return (longitude, latitude, radius in metres) of the middle of the extents' box, or None."""
        positions = [one for kind, part in self.extents for one in flat(part, DEPTH[kind])]
        if not positions:
            return None
        west, east = min(x for x, _y in positions), max(x for x, _y in positions)
        south, north = min(y for _x, y in positions), max(y for _x, y in positions)
        x, y = (west + east) / 2, (south + north) / 2
        return x, y, round(distance(y, x, north, east))


def flat(coordinates, depth):
    """Yield every position."""
    if depth == 0:
        yield coordinates
    else:
        for part in coordinates:
            yield from flat(part, depth - 1)


def checked(coordinates, depth):
    """Return ``coordinates`` with two numbers a position, in range and rounded. Raises: Unclear."""
    if depth:
        if not isinstance(coordinates, list | tuple):
            raise Unclear("The geometry's coordinates are not nested lists of numbers.", "Export the file again.")
        return [checked(part, depth - 1) for part in coordinates]
    try:
        x, y = float(coordinates[0]), float(coordinates[1])
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        raise Unclear("A position of the geometry has no two numbers.", "Export the file again.") from None
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        far = max(abs(x), abs(y)) > 1000
        raise Unclear(
            f"The position {x:g}, {y:g} is not longitude and latitude in degrees.",
            f"It looks like metres of a projected system. {OTHER_SYSTEM}" if far else "Are the two exchanged?",
        )
    return [round(x, DECIMALS), round(y, DECIMALS)]


def from_wkb(text):
    """Return the GeoJSON geometry of hexadecimal WKB or EWKB. Raises: Unclear, also for another system than SRID 4326."""
    try:
        return Wkb(bytes.fromhex(text.strip().removeprefix("\\x"))).geometry()
    except (ValueError, struct.error) as fault:
        if isinstance(fault, Unclear):
            raise
        raise Unclear("It is no geometry in hexadecimal WKB.", "Export the geometry as WKT or GeoJSON.") from fault


class Wkb:
    """Bytes of WKB, read from the front."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def read(self, form):
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def geometry(self, nested=0):
        end = "<" if self.read("B")[0] else ">"
        [code] = self.read(end + "I")
        if code & 0x20000000:
            refuse_srid(self.read(end + "I")[0])
        width = 2 + bool(code & 0x80000000) + bool(code & 0x40000000)
        code &= 0x0FFFFFFF
        width += (code // 1000 in (1, 2)) + 2 * (code // 1000 == 3)
        kind = TYPES.get(code % 1000)
        if kind is None or nested > 8:
            raise Unclear("The geometry is of a kind that is not taken.", "Export it as polygons or points.")
        return self.body(kind, end, width, nested)

    def body(self, kind, end, width, nested):
        if kind == "Point":
            return {"type": kind, "coordinates": self.position(end, width)}
        [count] = self.read(end + "I")
        if kind == "LineString":
            return {"type": kind, "coordinates": [self.position(end, width) for _one in range(self.sane(count))]}
        if kind == "Polygon":
            rings = []
            for _ring in range(self.sane(count)):
                [length] = self.read(end + "I")
                rings.append([self.position(end, width) for _one in range(self.sane(length))])
            return {"type": kind, "coordinates": rings}
        parts = [self.geometry(nested + 1) for _part in range(self.sane(count))]
        if kind == "GeometryCollection":
            return {"type": kind, "geometries": parts}
        return {"type": kind, "coordinates": [part["coordinates"] for part in parts]}

    def position(self, end, width):
        return list(self.read(f"{end}{width}d")[:2])

    def sane(self, count):
        """Return ``count`` unless that many parts cannot be in the bytes that are left."""
        if count > len(self.data):
            raise ValueError
        return count


def from_wkt(text):
    """Return the GeoJSON geometry of WKT or EWKT. Raises: Unclear."""
    found = WKT.match(text)
    kind = found and LOWERED.get(
        found[2].upper().removesuffix("Z") if found[2].upper() not in LOWERED else found[2].upper()
    )
    if kind == "GeometryCollection":
        raise Unclear(
            "A geometry collection is not taken in WKT.", "Write it as MULTIPOLYGON or MULTIPOINT, or as GeoJSON."
        )
    if not kind:
        raise Unclear("It is no geometry in WKT.", "Write it as POINT (24.1422 49.2956).")
    if found[1]:
        refuse_srid(int(found[1]))
    if found[4].strip().upper() == "EMPTY":
        return None
    listed = NUMBERS.sub(lambda one: "[" + ",".join(one[0].split()) + "]", found[4])
    try:
        coordinates = json.loads(listed.replace("(", "[").replace(")", "]"))
        if kind == "Point":
            coordinates = coordinates[0]
        if kind == "MultiPoint":
            coordinates = [one[0] if one and isinstance(one[0], list) else one for one in coordinates]
    except (ValueError, LookupError, TypeError, RecursionError) as fault:
        raise Unclear("It is no geometry in WKT.", "Write it as POINT (24.1422 49.2956).") from fault
    return {"type": kind, "coordinates": coordinates}


def refuse_srid(srid):
    if srid not in (4326, 0):
        raise Unclear(f"The geometry is in the reference system EPSG:{srid}, not in WGS 84.", OTHER_SYSTEM)


def from_text(text):
    """Return the GeoJSON geometry that ``text`` writes in WKT, hexadecimal WKB or GeoJSON. Raises: Unclear."""
    text = text.strip()
    if text.startswith("{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as fault:
            told = fault if isinstance(fault, ValueError) else "it is nested too deeply"
            raise Unclear(f"It is no GeoJSON ({told}).", "Export the geometry again.") from fault
    return from_wkb(text) if re.match(r"(\\x)?0[01][0-9A-Fa-f]{8}", text) else from_wkt(text)


def distance(latitude, longitude, other_latitude, other_longitude):
    """Return the metres between two positions on a sphere of the Earth's mean radius."""
    a, b = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))
