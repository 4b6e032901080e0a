"""Which new records may be about monuments that the register has from elsewhere: by name in any script, distance and type.

Likely the same are
- two within ``NEAR`` metres whose names are alike (most of their letter groups the same, or their consonants),
- two within ``CLOSE`` metres whose names are somewhat alike, or of which one has no name in words and both share a type,
- where one has no position: two with the very same name, unless more than ``MOST`` monuments have it or their types differ.
What a curator has looked at and called not the same does not come again.
"""

import json
import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from functools import lru_cache
from itertools import chain
from zlib import crc32

from django.utils.translation import gettext as _

from heritage.catalogue.folding import bones, fold, trigrams, whole_forms
from heritage.intake.models import Verdict
from heritage.intake.shapes import distance
from heritage.registry.models import Location, Monument, Name
from heritage.registry.vocabulary import NameKind

NEAR, CLOSE = 1000, 60
CLOSE_BY = 0.0006  # degrees, a little more than CLOSE
ALIKE, SOMEWHAT = 0.6, 0.34
MOST = 3
PER_DEGREE = 100  # cells of 0.01 degrees, about 1.1 km from north to south
WIDTH = 40_000
KEY_BITS = 33
KEY = (1 << KEY_BITS) - 1
NONE = frozenset()


class Likeness:
    """Compares the records of one list with the monuments of others. Holds eight bytes for each position and name of the register."""

    def __init__(self, scheme, closed=frozenset()):
        """``closed``: keys of monuments that whoever compares may not know of."""
        self.scheme, self.closed = scheme, closed
        self.cells = self.spellings = None
        self.is_alone = not Monument.objects.exclude(names__scheme=scheme).exists()

    def of(self, fresh):
        """Return [(row number, monument's key, likeness in per cent, metres or None, why)] for ``fresh`` (number, identifier, wanted as JSON text)."""
        if self.is_alone or not fresh:
            return []
        records = [Record(number, identifier, json.loads(wanted)) for number, identifier, wanted in fresh]
        candidates = {record.number: self.candidates(record) - self.closed for record in records}
        others = Others({key for keys in candidates.values() for key in keys}, self.scheme)
        refused = self.refused([record.identifier for record in records])
        found = []
        for record in records:
            for key in others.worth_a_look(record, candidates[record.number]):
                if (record.identifier, key) not in refused and (why := others.compare(record, key)):
                    found.append((record.number, key, *why))
        return found

    def candidates(self, record):
        """Return the keys of monuments near a record, or of the same name where it has no position."""
        if record.point is None:
            return self.namesakes(record)
        if self.cells is None:
            points = Location.objects.filter(latitude__isnull=False, monument__merged_into=None).order_by()
            points = points.values_list("latitude", "longitude", "monument").iterator(5000)
            self.cells = packed((cell(float(y), float(x)), key) for y, x, key in points)
        latitude, longitude = record.point
        row, column = divmod(cell(latitude, longitude), WIDTH)
        aside = math.ceil(NEAR / 1112 / max(math.cos(math.radians(latitude)), 0.05))
        found = set()
        for y in (row - 1, row, row + 1):
            found |= between(self.cells, y * WIDTH + column - aside, y * WIDTH + column + aside)
        return found

    def namesakes(self, record):
        if self.spellings is None:
            names = Name.objects.words().filter(monument__isnull=False, monument__merged_into=None).order_by()
            self.spellings = packed(
                (spelling(text), key) for text, key in names.values_list("text", "monument").iterator(5000)
            )
        found = set()
        for text, _language in record.names:
            same = between(self.spellings, spelling(text), spelling(text))
            found |= same if len(same) <= MOST else set()
        return found

    def refused(self, identifiers):
        """Return the pairs (identifier, monument's key) that were looked at and are not the same."""
        looked_at = Verdict.objects.filter(scheme=self.scheme, identifier__in=identifiers, same=False)
        return set(looked_at.values_list("identifier", "monument"))


class Record:
    """What is compared of a new record."""

    def __init__(self, number, identifier, wanted):
        self.number, self.identifier = number, identifier
        self.names = [(one["text"], one["language"]) for slot, one in wanted.items() if slot.startswith("name ")]
        self.spelt = [spellings(*name) for name in self.names]
        self.types = set(wanted["record"]["types"])
        place = wanted.get("position")
        self.point = (float(place["latitude"]), float(place["longitude"])) if place and place["latitude"] else None


class Others:
    """Monuments that some records may be the same as, read at once; those with a number of the same list are left out."""

    def __init__(self, keys, scheme):
        keys = list(keys)
        own = Name.objects.filter(kind=NameKind.REGISTER_NUMBER, scheme=scheme, monument__in=keys)
        keys = set(keys) - set(own.values_list("monument", flat=True))
        self.names, self.points, self.types = {key: [] for key in keys}, defaultdict(list), defaultdict(set)
        for key, text, language in (
            Name.objects.words().filter(monument__in=keys).values_list("monument", "text", "language")
        ):
            self.names[key].append((text, language))
        self.spelt = {key: [spellings(*name) for name in names] for key, names in self.names.items()}
        self.shared = defaultdict(set)
        for key, names in self.spelt.items():
            for name in names:
                for trait in name.traits:
                    self.shared[trait].add(key)
        for key, y, x in Location.objects.filter(monument__in=keys, latitude__isnull=False).values_list(
            "monument", "latitude", "longitude"
        ):
            self.points[key].append((float(y), float(x)))
        through = Monument.types.through.objects.filter(monument__in=keys)
        for key, code in through.values_list("monument", "term__code"):
            self.types[key].add(code)

    def worth_a_look(self, record, keys):
        """Return those of ``keys`` whose names can be alike at all: in a dense town most pairs are told apart so."""
        keys = keys & self.names.keys()
        if not record.names:
            return sorted(keys)
        found = {key for key in keys if not self.names[key]}
        found |= self.sharing(record, keys, ALIKE)
        found |= {key for key in self.sharing(record, keys, SOMEWHAT) - found if self.is_close(record, key)}
        return sorted(found)

    def sharing(self, record, keys, least):
        """Return those of ``keys`` that have some of what a name at least so much alike has."""
        traits = {trait for name in record.spelt for trait in name.telling(self.shared, least)}
        return set().union(*(keys & self.shared[trait] for trait in traits if trait in self.shared))

    def is_close(self, record, key):
        """Tell, at a glance, whether a monument may be within ``CLOSE`` metres from north to south."""
        return record.point is not None and any(abs(y - record.point[0]) <= CLOSE_BY for y, _x in self.points[key])

    def compare(self, record, key):
        """Return (likeness in per cent, metres or None, why) where the two are likely the same, else None."""
        share = max((one.alike(other) for one in record.spelt for other in self.spelt[key]), default=0.0)
        types = record.types & self.types[key]
        metres = None
        if record.point and self.points[key]:
            metres = round(min(distance(*record.point, *point) for point in self.points[key]))
            unnamed = not record.names or not self.names[key]
            close = metres <= CLOSE and (share >= SOMEWHAT or (unnamed and types))
            if not (metres <= NEAR and share >= ALIKE) and not close:
                return None
        elif share < 1 or (record.types and self.types[key] and not types):
            return None
        return round(share * 100), metres, why(share, metres, types)


def why(share, metres, types):
    """Return in a sentence what two records have in common."""
    told = [_("names %(share)d%% alike") % {"share": round(share * 100)}]
    told.append(_("%(metres)d m apart") % {"metres": metres} if metres is not None else _("no position to compare"))
    if types:
        told.append(_("same type"))
    return ", ".join(told)


def alike(text, language, other, other_language):
    """Return how alike two names are, from 0 to 1, whatever their scripts."""
    return spellings(text, language).alike(spellings(other, other_language))


class Spellings:
    """A name in the ways that it can be written: folded, and by the trigrams and the consonants of each of its forms."""

    def __init__(self, text, language):
        forms = whole_forms(text, language)[:4]
        self.folded = fold(text)
        self.trigrams = [frozenset(trigrams(form)) for form in forms]
        self.bones = frozenset(map(bones, forms))

    @property
    def traits(self):
        """Everything by which it can be found."""
        return {("folded", self.folded), *(("bones", one) for one in self.bones), *chain.from_iterable(self.trigrams)}

    def telling(self, shared, least):
        """Yield traits of which another name has at least one, or it is less alike than ``least``; the rarest in ``shared``.

        Of two sets that share a part ``s`` of all they have, one has at least one of any n - s·n + 1 members of the other.
        """
        yield ("folded", self.folded)
        for one in self.bones:
            yield ("bones", one)
        for grams in self.trigrams:
            rarest = sorted(grams, key=lambda gram: len(shared.get(gram, NONE)))
            yield from rarest[: len(grams) - math.ceil(least * len(grams)) + 1]

    def alike(self, other):
        """Return how alike two names are, from 0 to 1."""
        if self.folded == other.folded:
            return 1.0
        best = max((len(one & two) / len(one | two) for one in self.trigrams for two in other.trigrams), default=0.0)
        return max(best, 0.8) if self.bones & other.bones else best


@lru_cache(maxsize=20_000)
def spellings(text, language):
    """Return the ``Spellings`` of a name; those of the same name are worked out once."""
    return Spellings(text, language)


# Sorted numbers: what is looked for in the upper bits, a monument's key in the lower


def cell(latitude, longitude):
    return (math.floor(latitude * PER_DEGREE) + 9000) * WIDTH + math.floor(longitude * PER_DEGREE) + 18_500


def spelling(text):
    return crc32(fold(text).encode("utf-8", "surrogatepass")) >> 2


def packed(pairs):
    return array("q", sorted(number << KEY_BITS | key for number, key in pairs))


def between(numbers, first, last):
    """Return the keys whose numbers lie from ``first`` to ``last``."""
    start, stop = bisect_left(numbers, first << KEY_BITS), bisect_left(numbers, (last + 1) << KEY_BITS)
    return {number & KEY for number in numbers[start:stop]}
