"""The paths that are measured: what each asks of the register, of the ordinary application, and of the floor."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urlencode

from tests.bench.samples import FILTERS, view

LISTS = [urlencode(one) for one in FILTERS]
ZOOMS = (3, 8, 13)
SUGGESTIONS = "/suggest.json"


@dataclass(frozen=True, eq=False)
class Path:
    """One path: ``ours`` and ``stock`` return addresses from samples, ``floor`` returns an act of a ``Floor`` by number."""

    name: str
    ours: Callable
    stock: Callable | None = None
    floor: Callable | None = None
    unchanged: bool = False  # asked for with the ETag of what the reader has


def always(*addresses):
    return lambda samples: list(addresses)


def filtered(address):
    return always(*(f"{address}?{one}" for one in LISTS))


def words(address, *names):
    """Return the addresses that search for each of the words under one of ``names`` of the samples."""
    return lambda samples: [f"{address}?q={quote(word)}" for name in names for word in getattr(samples, name)]


def details(form):
    return lambda samples: [form.format(ref) for ref in samples.refs]


def deep(way):
    return lambda samples: [one.replace("/monuments.json", "/monuments/") for one in samples.deep[way]]


def middle(samples):
    """The page in the middle of the list, by its number."""
    return [f"/monuments/?page={samples.size // 100 + step}" for step in range(6)]


def cells(zoom, filters=""):
    return lambda samples: [f"/map/cells.json?{view(samples, zoom)}{filters.format(district=samples.district)}"]


def listing(floor, **how):
    return partial(floor.page, **how)


def looking_for(name, prefix=False):
    def act(floor):
        chosen = getattr(floor.samples, name)
        return lambda number: floor.words(chosen[number % len(chosen)], prefix)

    return act


MAPS = [
    Path(f"map cells, zoom {zoom}{', ' + name if name else ''}", cells(zoom, filters))
    for name, filters in [
        ("", ""),
        ("type and condition", "&type=church&condition=destroyed"),
        ("a district", "&place={district}"),
    ]
    for zoom in ZOOMS
]
LISTING = [
    Path("list", always("/monuments/"), always("/monuments/")),
    Path("filtered list", filtered("/monuments/"), filtered("/monuments/")),
    Path("list with facets", filtered("/monuments/"), filtered("/facets/")),
    Path("all facets", always("/monuments/"), always("/facets/")),
    Path("list with facets, JSON", filtered("/monuments.json"), floor=lambda floor: listing(floor, faceted=True)),
    Path(
        "all facets, JSON",
        always("/monuments.json"),
        floor=lambda floor: listing(floor, faceted=True, filtered=False),
    ),
    Path("deep page forward", deep("next"), middle),
    Path("deep page backward", deep("previous"), middle),
]
SEARCH = [
    Path("search, common word", words("/monuments.json", "common"), words("/search/", "common"), looking_for("common")),
    Path("search, rare word", words("/monuments.json", "rare"), words("/search/", "rare"), looking_for("rare")),
    Path("search, prefix", words("/monuments.json", "prefixes"), floor=looking_for("prefixes", prefix=True)),
    Path("search, another script", words("/monuments.json", "other"), floor=looking_for("other")),
    Path("suggestion", words(SUGGESTIONS, "prefixes")),
]
DETAIL = [
    Path("detail", details("/monuments/{}/"), details("/monuments/{}/")),
    Path("detail, JSON", details("/monuments/{}.json"), floor=lambda floor: floor.record),
    Path("304, JSON", details("/monuments/{}.json"), unchanged=True),
    Path("304, page", details("/monuments/{}/"), unchanged=True),
]
REST = [
    Path("home", always("/"), always("/")),
    Path("timeline", always("/timeline/")),
    Path("timeline, one year", always("/timeline/?happened_from=2015&happened_to=2015")),
]
GROUPS = [LISTING, SEARCH, DETAIL, MAPS, REST]  # those of one group are measured by turns: they are compared
