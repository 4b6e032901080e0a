"""Measuring: what is compared takes turns in short slices, so that a busy moment of the machine falls on all alike."""

import gc
import statistics
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field

from tests.bench.client import Client, crowd, request_of

WARM, WARM_SECONDS = 10, 2.0
LEAST, MOST_TIMES, MOST = 50, 4, 2000
SLICE = 0.1


@dataclass
class Series:
    """One act, done again and again: ``act(number)`` returns the seconds it took, ``clock()`` the processor time so far."""

    name: tuple
    act: object
    clock: object
    seconds: float
    taken: list = field(default_factory=list)
    spent: float = 0.0
    worked: float = 0.0

    @property
    def is_done(self):
        """Whether there are enough: fifty or so many seconds' worth, whichever is more, within bounds."""
        enough = len(self.taken) >= LEAST and self.spent >= self.seconds
        return enough or self.spent >= MOST_TIMES * self.seconds or len(self.taken) >= MOST

    def warm(self):
        until = time.perf_counter() + WARM_SECONDS
        for number in range(WARM):
            self.act(number)
            if time.perf_counter() > until:
                break

    def turn(self):
        until, begun = time.perf_counter() + SLICE, self.clock()
        while True:
            took = self.act(len(self.taken))
            self.taken.append(took)
            self.spent += took
            if self.is_done or time.perf_counter() > until:
                break
        self.worked += self.clock() - begun

    def summary(self):
        """Return median and p95, and the processor time of one, in which other programs have no part; milliseconds."""
        return summary(self.taken) | {"processor": round(1000 * self.worked / len(self.taken), 3)}


def by_turns(series):
    """Do all ``series``, a slice each in turn, until each has enough."""
    for one in series:
        one.warm()
    gc.collect()
    gc.disable()
    try:
        while waiting := [one for one in series if not one.is_done]:
            for one in waiting:
                one.turn()
    finally:
        gc.enable()


def summary(taken):
    """Return median and p95 in milliseconds, and of how many."""
    ordered = sorted(taken)
    return {
        "median": round(1000 * statistics.median(ordered), 3),
        "p95": round(1000 * ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 3),
        "requests": len(ordered),
    }


@dataclass(eq=False)
class Stand:
    """One register with its servers, samples and floor."""

    register: object
    ours: object
    stock: object
    samples: object
    floor: object
    lengths: dict = field(default_factory=dict)

    def requests(self, path):
        """Return the requests of a path as bytes; a trial of each address shows that it is answered. Raises LookupError."""
        found, self.lengths[path] = [], []
        for address, answer in tried(self.ours, path.ours(self.samples)):
            headers = {"If_None_Match": answer.headers["etag"]} if path.unchanged else {}
            found.append(request_of(address, **headers))
            self.lengths[path].append(len(answer.body))
        return found

    def stocked(self, path):
        """Return the requests of a path to the ordinary application."""
        addresses = path.stock(self.samples)
        list(tried(self.stock, addresses[:1]))
        return [request_of(address) for address in addresses]


def tried(server, addresses):
    """Yield each address with its answer. Raises LookupError where that is not 200."""
    with Client(server.port) as client:
        for address in addresses:
            answer = client.get(address)
            if answer.status != 200:
                raise LookupError(f"{address} answers {answer.status}")
            yield address, answer


def asking(client, requests):
    return lambda number: client.ask(requests[number % len(requests)])


def timed(act):
    def doing(number):
        began = time.perf_counter()
        act(number)
        return time.perf_counter() - began

    return doing


def measured(paths, stands, seconds):
    """Return the results of ``paths``, which are measured by turns with one another, one for each path and stand."""
    asked = {(path, stand): requests for path in paths for stand in stands if (requests := tried_out(path, stand))}
    with ExitStack() as held:
        series = [
            one for (path, stand), requests in asked.items() for one in beside(path, stand, requests, seconds, held)
        ]
        by_turns(series)
    found = {key: result_of(*key) for key in asked}
    for one in series:
        *key, name = one.name
        found[tuple(key)][name] = one.summary()
    for (path, stand), requests in asked.items():
        took, a_second = crowd(stand.ours.port, requests, seconds=seconds, most=MOST_TIMES * seconds)
        found[path, stand]["crowd"] = summary(took) | {"a_second": round(a_second, 1)}
    return list(found.values())


def tried_out(path, stand):
    """Return the requests of a path, or say why there are none."""
    try:
        return stand.requests(path)
    except LookupError as trouble:
        print(f"{path.name}: {trouble}; not measured", file=sys.stderr)
        return []


def beside(path, stand, requests, seconds, held):
    """Yield what is measured of one path on one register: it, the ordinary application and the floor."""
    client = held.enter_context(Client(stand.ours.port))
    yield Series((path, stand, "ours"), asking(client, requests), stand.ours.processor_time, seconds)
    if path.stock:
        client = held.enter_context(Client(stand.stock.port))
        stocked = asking(client, stand.stocked(path))
        yield Series((path, stand, "stock"), stocked, stand.stock.processor_time, seconds)
    if path.floor:
        yield Series((path, stand, "floor"), timed(path.floor(stand.floor)), time.process_time, seconds)


def result_of(path, stand):
    length = round(statistics.median(stand.lengths[path]))
    return {"path": path.name, "engine": stand.register.engine, "size": stand.register.size, "bytes": length}


__all__ = ["Series", "Stand", "by_turns", "measured", "summary"]
