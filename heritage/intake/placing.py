"""From the cells of a record to where it is."""

import json
import re

from heritage.intake.cells import Unclear, one_line, several
from heritage.intake.coordinates import degrees, pair, six
from heritage.intake.shapes import Shape, from_text

GEOMETRY = re.compile(
    r"\s*(SRID\s*=|(MULTI)?(POINT|LINESTRING|POLYGON)\s*[ZM(]|POINT EMPTY|GEOMETRYCOLLECTION|\{|(\\x)?0[01][0-9A-Fa-f]{8})",
    re.IGNORECASE,
)
BETWEEN = ", "
MIDDLE = "middle of the outline"
MOST_METRES = 40_000_000  # around the Earth
NOWHERE = 0.00001  # degrees, about a metre


class Placing:
    """Reads positions by the rules of one mapping."""

    def __init__(self, composer):
        self.composer, self.rules = composer, composer.mapping.position
        self.comma = None if self.rules.decimal is None else self.rules.decimal == ","
        self.empty = frozenset(self.rules.empty)

    def place(self, lines, rows, composed):
        """Add the slots ``position``, ``position 2`` … to what is wanted."""
        shape, points = Shape(), []
        for line, cells in zip(lines, rows, strict=True):
            try:
                self.look(line, cells, shape, points)
            except Unplaced as unplaced:
                told = unplaced.told
                (composed.faults if self.rules.unreadable == "refuse" else composed.remarks).append(told)
        points += [(y, x) for x, y in shape.points]
        self.slots(dict.fromkeys((six(y), six(x)) for y, x in points), shape, rows, composed)

    def look(self, line, cells, shape, points):
        """Take the point and the outline that one row gives. Raises: Unplaced."""
        rules, first = self.rules, self.composer.first
        if rules.geometry and line.geometry:
            self.tried("geometry", "", shape.add, line.geometry)
        if rules.column and (text := first(cells, rules.column, self.empty)):
            if GEOMETRY.match(text):
                self.tried(rules.column, text, lambda text: shape.add(from_text(text)), text)
            else:
                points.append(
                    self.tried(rules.column, text, lambda text: pair(text, rules.order, self.comma, rules.sides), text)
                )
        if rules.latitude and rules.longitude:
            self.two_columns(cells, points)
        if rules.footprint and (text := first(cells, rules.footprint, self.empty)):
            self.tried(rules.footprint, text, lambda text: shape.add(from_text(text)), text)
        if any(is_nowhere(*one) for one in [*points, *shape.points]):
            points[:] = [one for one in points if not is_nowhere(*one)]
            shape.points = [one for one in shape.points if not is_nowhere(*one)]
            told = "0, 0 lies in the sea off Africa; it usually stands for an empty cell."
            columns = rules.latitude or rules.column or ("geometry",)
            raise Unplaced(
                columns,
                "0, 0",
                told,
                'Empty the cells, or let the mapping leave such positions out: position.unreadable = "leave_out".',
            )

    def two_columns(self, cells, points):
        rules, first = self.rules, self.composer.first
        latitude, longitude = (first(cells, columns, self.empty) for columns in (rules.latitude, rules.longitude))
        if not latitude and not longitude:
            return
        if not (latitude and longitude):
            lacking = rules.longitude if latitude else rules.latitude
            raise Unplaced(
                lacking, latitude or longitude, "One of latitude and longitude is empty.", "Give both, or neither."
            )
        y = self.tried(
            rules.latitude, latitude, lambda text: degrees(text, "latitude", self.comma, rules.sides), latitude
        )
        x = self.tried(
            rules.longitude, longitude, lambda text: degrees(text, "longitude", self.comma, rules.sides), longitude
        )
        points.append((y, x))

    def tried(self, columns, text, read, given):
        """Return ``read(given)``. Raises: Unplaced, with the column and its text."""
        try:
            return read(given)
        except Unclear as unclear:
            shown = text or json.dumps(given, ensure_ascii=False)
            raise Unplaced(columns, shown, unclear.reason, unclear.mend) from unclear

    def slots(self, points, shape, rows, composed):
        rules, composer = self.rules, self.composer
        values = {"footprint": shape.footprint(), "wording": self.wording(rows)} | self.within(rows, composed)
        method, uncertainty = composer.filled(rows[0], rules.method), rules.uncertainty
        if rules.uncertainty_column and (text := composer.first(rows[0], rules.uncertainty_column)):
            uncertainty = self.metres(text, composed)
        if not points and (middle := shape.middle()):
            points, method, uncertainty = {(six(middle[1]), six(middle[0])): None}, MIDDLE, middle[2]
        for n, (latitude, longitude) in enumerate(points, 1):
            slot = "position" if n == 1 else f"position {n}"
            place = {
                "latitude": f"{latitude:f}",
                "longitude": f"{longitude:f}",
                "uncertainty": uncertainty,
                "method": method,
            }
            composed.wanted[slot] = place | (values if n == 1 else {"footprint": "", "wording": ""})
        if not points and any(values.values()):
            composed.wanted["position"] = {
                "latitude": None,
                "longitude": None,
                "uncertainty": None,
                "method": "",
            } | values

    def within(self, rows, composed):
        """Return {"place": reference or name of the place of the register}, empty where the mapping asks for none."""
        if self.rules.place is None:
            return {}
        found = dict.fromkeys(
            code for cells in rows for code, _word in self.composer.picked(cells, self.rules.place, composed)
        )
        if len(found) > 1:
            told = {
                "value": ", ".join(found),
                "reason": "Its rows give it several places.",
                "mend": "Give it one place.",
            }
            composed.faults.append({"column": " | ".join(self.rules.place.column or ()), **told})
        return {"place": next(iter(found), "")}

    def wording(self, rows):
        """Return where it is in the supplier's words, each said once."""
        said = {}
        for column in self.rules.wording:
            for cells in rows:
                text = one_line(self.composer.first(cells, (column.strip(),)))
                said |= dict.fromkeys(filter(None, several(text, self.rules.separator) if text else ()))
        text = BETWEEN.join(said)
        return text if len(text) <= 300 else f"{text[:299]}…"

    def metres(self, text, composed):
        try:
            value = round(float(text.replace(",", ".").lower().removesuffix("m").strip()))
        except (ValueError, OverflowError):
            value = -1
        if not 0 <= value <= MOST_METRES:
            told = Unplaced(
                self.rules.uncertainty_column, text, "It is no number of metres.", "Write digits, such as 50."
            ).told
            composed.faults.append(told)
            return None
        return value


def is_nowhere(one, other):
    """Tell whether a position is 0, 0 as the register would keep it."""
    return abs(one) < NOWHERE and abs(other) < NOWHERE


class Unplaced(Exception):
    """A position that cannot be taken; ``told`` is what the plan shows."""

    def __init__(self, columns, value, reason, mend):
        column = columns if isinstance(columns, str) else " | ".join(columns)
        shown = value if len(value) <= 200 else f"{value[:200]}…"
        self.told = {"column": column, "value": shown, "reason": reason, "mend": mend}
        super().__init__(reason)
