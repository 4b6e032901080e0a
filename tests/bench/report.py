"""The results as tables for the README, held against the targets; a missed one is marked."""

import platform
import sqlite3
import sys
from dataclasses import dataclass
from datetime import date

import django

HTML_LISTS = ("list", "filtered list")
DEEP = ("deep page forward", "deep page backward")
FACETED = ("list with facets", "all facets")
FACETED_JSON = ("list with facets, JSON", "all facets, JSON")
RARE = ("search, rare word", "search, prefix", "search, another script")
UNCHANGED = ("304, JSON", "304, page")
NOTHING = "–"


@dataclass(frozen=True)
class Target:
    """One target and what was measured: ``value`` may be at most (or with ``least`` at least) ``bound``."""

    text: str
    value: float
    bound: float
    least: bool = False
    processor: float | None = None  # the same by processor time, in which a busy machine has no part

    @property
    def is_met(self):
        return self.value >= self.bound if self.least else self.value <= self.bound

    @property
    def kind(self):
        """What the target is, whatever the path."""
        return self.text.split(": ")[-1], self.bound

    @property
    def room(self):
        return self.value / self.bound if self.least else self.bound / max(self.value, 1e-9)

    def row(self):
        sign = "≥" if self.least else "≤"
        verdict = "met" if self.is_met else "**missed**"
        return f"| {self.text} | {sign} {self.bound:g} | {self.value:.2f} | {number(self.processor)} | {verdict} |"


class Report:
    """What a run found: ``results`` by path, engine and size, ``registers``, ``publishing``, ``queries``."""

    def __init__(self, found):
        self.found = found
        self.results = {(one["path"], one["engine"], one["size"]): one for one in found["results"]}
        self.paths = list(dict.fromkeys(one["path"] for one in found["results"]))
        self.engines = list(dict.fromkeys(one["engine"] for one in found["registers"]))
        self.publishing = {(one["engine"], one["size"]): one for one in found["publishing"]}

    def sizes(self, engine):
        return sorted(one["size"] for one in self.found["registers"] if one["engine"] == engine)

    def taken(self, path, engine, size, of="ours"):
        """Return what was measured of ``ours``, ``stock``, ``floor`` or the ``crowd``, or ``None``."""
        return self.results.get((path, engine, size), {}).get(of)

    def median(self, *which):
        """Return a median in milliseconds, or ``None`` where it was not measured."""
        found = self.taken(*which)
        return found and found["median"]

    # Targets

    def targets(self):
        """Return every target that the run can judge, at its largest size."""
        found = []
        for engine in self.engines:
            first, last = self.sizes(engine)[0], self.sizes(engine)[-1]
            if engine == "sqlite":
                found += [*self.against_stock(last), *self.against_floor(last), *self.details(last), *self.spread(last)]
            if first < last:
                found += self.growth(engine, first, last)
        return [one for one in [*found, *self.beside_sqlite()] if one is not None]

    def ratio(self, text, above, below, bound, least=False):
        """Return the target for the ratio of two measurements, or ``None`` where one of them is missing."""
        if not (above and below):
            return None
        both = above.get("processor"), below.get("processor")
        processor = both[0] / both[1] if all(both) else None
        return Target(text, above["median"] / below["median"], bound, least, processor)

    def against_stock(self, size):
        bounds = dict.fromkeys(HTML_LISTS, 10) | dict.fromkeys(DEEP, 30) | dict.fromkeys(FACETED, 40)
        for path, bound in bounds.items():
            ours, stock = self.taken(path, "sqlite", size), self.taken(path, "sqlite", size, "stock")
            yield self.ratio(f"{path}: times faster than stock", stock, ours, bound, least=True)
        for path in DEEP:
            first = self.taken("list", "sqlite", size)
            yield self.ratio(f"{path}: beside the first page", self.taken(path, "sqlite", size), first, 1.2)

    def against_floor(self, size):
        for path in (*FACETED_JSON, *RARE, "detail, JSON"):
            ours, floor = self.taken(path, "sqlite", size), self.taken(path, "sqlite", size, "floor")
            yield self.ratio(f"{path}: times the floor", ours, floor, 6 if path.startswith("detail") else 12)
        common, rare = (self.taken(f"search, {kind} word", "sqlite", size) for kind in ("common", "rare"))
        yield self.ratio("search, common word: times a rare one", common, rare, 3)

    def details(self, size):
        for one in self.found["queries"]:
            yield Target(f"{one['path']}: queries", one["queries"], 2)
        answer = self.taken("detail, JSON", "sqlite", size)
        yield self.ratio("detail, page: times its JSON", self.taken("detail", "sqlite", size), answer, 6)
        for path in UNCHANGED:
            yield self.ratio(f"{path}: times the JSON", self.taken(path, "sqlite", size), answer, 1)

    def spread(self, size):
        for path in self.paths:
            crowd = self.taken(path, "sqlite", size, "crowd")
            if crowd:
                yield Target(f"{path}: p95 / p50 with 16 clients", crowd["p95"] / crowd["median"], 4)

    def growth(self, engine, first, last):
        told = f"{last:,} beside {first:,}, {engine}"
        for path in self.paths:
            bound = 2 if engine == "postgres" or path.startswith("map") else 1.5
            yield self.ratio(f"{path}: {told}", self.taken(path, engine, last), self.taken(path, engine, first), bound)
        small, large = self.publishing.get((engine, first)), self.publishing.get((engine, last))
        yield self.ratio(f"publishing one monument: {told}", large, small, 2)

    def beside_sqlite(self):
        if set(self.engines) != {"sqlite", "postgres"}:
            return
        size = max(set(self.sizes("sqlite")) & set(self.sizes("postgres")))
        for path in self.paths:
            both = (self.taken(path, engine, size) for engine in ("postgres", "sqlite"))
            yield self.ratio(f"{path}: PostgreSQL beside SQLite at {size:,}", *both, 3)

    # Tables

    def markdown(self):
        targets = self.targets()
        missed = [one for one in targets if not one.is_met]
        parts = [self.preamble()]
        for engine in self.engines:
            parts += [f"### {engine}", self.table(engine)]
        parts += ["### Making and publishing", self.making()]
        parts += [self.verdict(missed, targets), self.judged(missed, targets)]
        return "\n\n".join(parts) + "\n"

    def preamble(self):
        machine = self.found["machine"]
        return (
            f"`{self.found['command']}`, {self.found['day']}: {machine['processors']} processors, {machine['system']}, "
            f"Python {machine['python']}, Django {machine['django']}, SQLite {machine['sqlite']}; load average before and "
            f"after {' / '.join(map(str, self.found['loads'][0]))} and {' / '.join(map(str, self.found['loads'][1]))}. "
            "Milliseconds of whole requests over HTTP, granian with two workers: the median of one client on a kept connection; "
            "p95/p50 and requests a second with 16 clients; *processor* the processor time of the server for one request, which "
            "does not depend on what else the machine does. On PostgreSQL its own processes are not in it. *Stock* is ordinary Django over the same tables, served alike; *floor* "
            "the query alone by the database's driver, its rows decoded and the answer encoded with `json`, without HTTP."
        )

    def table(self, engine):
        sizes = self.sizes(engine)
        last = sizes[-1]
        heads = [
            "path",
            *(f"{size:,}" for size in sizes),
            "processor",
            "growth",
            "p95/p50",
            "a second",
            "stock",
            "×",
            "floor",
            "×",
        ]
        lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
        for path in self.paths:
            medians = [self.median(path, engine, size) for size in sizes]
            crowd, own = self.taken(path, engine, last, "crowd"), self.taken(path, engine, last)
            stock, floor = (self.median(path, engine, last, of) for of in ("stock", "floor"))
            ours = medians[-1]
            lines.append(
                [
                    path,
                    *map(number, medians),
                    number(own and own["processor"]),
                    number(ours and medians[0] and len(sizes) > 1 and ours / medians[0]),
                    number(crowd and crowd["p95"] / crowd["median"]),
                    number(crowd and crowd["a_second"]),
                    number(stock),
                    number(stock and ours and stock / ours),
                    number(floor),
                    number(floor and ours and ours / floor),
                ]
            )
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def making(self):
        lines = [
            "| register | monuments a second | peak MB | MB on disk | publishing one, ms |",
            "|---|---:|---:|---:|---:|",
        ]
        for one in self.found["registers"]:
            published = self.publishing.get((one["engine"], one["size"]), {})
            cells = (one["monuments_a_second"], one["peak_mb"], one["disk_mb"], published.get("median"))
            lines.append(f"| {one['engine']} {one['size']:,} | {' | '.join(map(number, cells))} |")
        return "\n".join(lines)

    def verdict(self, missed, targets):
        return (
            f"### Targets: {len(targets) - len(missed)} of {len(targets)} met\n\n"
            "Each missed one; of those met the one of each kind that came nearest to its bound."
        )

    def judged(self, missed, targets):
        """Return the missed targets, then those met, of alike ones the one that came nearest to its bound."""
        nearest = {}
        for one in targets:
            if one.is_met and (one.kind not in nearest or one.room < nearest[one.kind].room):
                nearest[one.kind] = one
        lines = ["| target | bound | measured | by processor time | |", "|---|---:|---:|---:|---|"]
        return "\n".join([*lines, *(one.row() for one in [*missed, *nearest.values()])])


def number(value):
    if not value:
        return NOTHING
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def machine(processors):
    return {
        "processors": processors,
        "system": f"{platform.system()} {platform.machine()}",
        "python": sys.version.split()[0],
        "django": django.get_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def today():
    return date.today().isoformat()


__all__ = ["Report", "Target", "machine", "today"]
