"""What is asked for: the same monuments, words and views at every size, since a larger register begins with the smaller one."""

import json
import os
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import quote

import django

from tests.bench.client import Client
from tests.bench.databases import SECRET

os.environ["SECRET_KEY"] = SECRET
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")
django.setup()

from heritage.public.paging import FORWARD, SIZE, Order  # noqa: E402
from heritage.registry.synthetic_names import CONSONANTS, ENDINGS, LANGUAGES, VOWELS  # noqa: E402

RARE = 20  # at most so many monuments bear a rare word
SOME = 12
DEEP = 6
SCREEN = (1280 / 256, 700 / 256)  # a view of the map, in tiles
FILTERS = [
    {"type": "church", "condition": "destroyed"},
    {"type": "mosque", "condition": "major_damage"},
    {"kind": "cemetery", "condition": "intact"},
    {"kind": "monument", "condition": "ruined"},
]
SPELLINGS = {en: (en, *rest) for en, *rest in (*ENDINGS, *CONSONANTS, *VOWELS)}
LABELS = "SELECT ref, label, row FROM catalogue_entry WHERE replaced_at IS NULL ORDER BY edition_id LIMIT 4000"
BEARERS = "SELECT COUNT(*) FROM catalogue_entry WHERE replaced_at IS NULL AND sort_label >= %s AND sort_label < %s"
MIDDLE = (
    "SELECT sort_label, ref FROM catalogue_entry WHERE replaced_at IS NULL ORDER BY sort_label, ref LIMIT 1 OFFSET %s"
)
DENSE = (
    "SELECT latitudes * 1.0 / count / 1000000, longitudes * 1.0 / count / 1000000 FROM catalogue_cell "
    "WHERE slice = '*|*|*' AND level = 12 ORDER BY count DESC, cell LIMIT 1"
)
DISTRICTS = (
    "SELECT code FROM catalogue_entryterm t JOIN catalogue_edition e ON e.ref = t.code AND e.replaced_at IS NULL "
    "WHERE facet = 'region' AND e.record LIKE %s GROUP BY code ORDER BY COUNT(*) DESC LIMIT 1"
)


@dataclass
class Samples:
    """What every register is asked for; ``deep`` and ``size`` are of each: addresses of pages from its middle."""

    refs: list
    rare: list
    other: list
    dense: tuple
    district: str
    deep: dict = field(default_factory=dict)
    size: int = 0
    common: tuple = ("church", "mosque", "cemetery")

    @property
    def prefixes(self):
        """Beginnings of names, as typed: the sixth letter has just come."""
        return [word[:6] for word in self.rare]


def asked(connection, sql, parameters=()):
    """Return the rows of a query in either driver's manner of speaking."""
    if type(connection).__module__.startswith("sqlite3"):
        sql = sql.replace("%s", "?")
    return connection.execute(sql, parameters).fetchall()


def sampled(registers):
    """Return the samples for ``registers``, taken from the smallest, their words being rare in the largest."""
    ordered = sorted(registers, key=lambda one: one.size)
    with closing(ordered[0].connect()) as smallest, closing(ordered[-1].connect()) as largest:
        monuments = asked(smallest, LABELS)
        [dense] = asked(smallest, DENSE)
        [(district,)] = asked(smallest, DISTRICTS, ['%"kind":{"code":"district"%'])
        rare = list(islice(rare_words(monuments, largest), 4 * SOME))
    other = [spelling for name, row in rare if (spelling := in_another_script(name, row))]
    refs = [ref for ref, _label, _row in monuments[:: max(1, len(monuments) // 50)]]
    return Samples(refs, [name for name, _row in rare[:SOME]], other[:SOME], tuple(map(float, dense)), district)


def rare_words(monuments, largest):
    """Yield the first word of labels that few monuments of the largest register have, with the ready row of one."""
    for _ref, label, row in monuments:
        name = label.split(" ")[0].lower()
        [(bearers,)] = asked(largest, BEARERS, [f"{name} ", f"{name}!"])
        if len(name) > 8 and bearers <= RARE:
            yield name, json.loads(row)


def in_another_script(name, row):
    """Return an invented name in a script in which the monument has no name, or ``None``."""
    known = {one["language"] for one in row["names"]}
    for place, (language, script) in enumerate(LANGUAGES):
        if language not in known and script not in {"Latn", "Arab"}:
            return spelt(name, place)
    return None


def spelt(name, place):
    """Spell a Latin name by the sounds it was made of. Raises ValueError where it was not."""
    found = ""
    while name:
        sound = next((one for one in sorted(SPELLINGS, key=len, reverse=True) if name.startswith(one)), None)
        if sound is None:
            raise ValueError(f"“{name}” is not of the invented language.")
        found, name = found + SPELLINGS[sound][place], name[len(sound) :]
    return found


def deep(register, port):
    """Return the addresses of pages around the middle of the list by way: reached by walking on from a cursor made here."""
    with closing(register.connect()) as connection:
        [(label, ref)] = asked(connection, MIDDLE, [register.size // 2])
    signer = Order("name", "sort_label").signer
    address = f"/monuments.json?after={quote(signer.sign_object([FORWARD, label, ref]))}"
    found = {"next": [], "previous": []}
    with Client(port) as client:
        for _ in range(DEEP):
            answer = json.loads(client.get(address).body)
            for way, addresses in found.items():
                addresses.append(answer[way])
            address = answer["next"]
    return found


def view(samples, zoom):
    """Return the box of a screen at ``zoom`` around the densest settlement."""
    latitude, longitude = samples.dense
    width, height = SCREEN[0] * 360 / 2**zoom, SCREEN[1] * 280 / 2**zoom
    west, east = max(longitude - width / 2, -180), min(longitude + width / 2, 180)
    south, north = max(latitude - height / 2, -85), min(latitude + height / 2, 85)
    return f"zoom={zoom}&bbox={west:.4f},{south:.4f},{east:.4f},{north:.4f}"


__all__ = ["FILTERS", "SIZE", "Samples", "asked", "deep", "sampled", "view"]
