"""Measuring: what is compared takes turns in short slices, so that a busy moment of the machine falls on all alike."""

import gc
import statistics
import sys
import time
from dataclasses import dataclass, field

from tests.bench.client import Client, crowd, request_of

WARM, WARM_SECONDS = 10, 2.0
LEAST, MOST_TIMES, MOST = 50, 4, 2000
SLICE = 0.1


@dataclass
class Series:
    """One act, done again and again: ``act(number)`` returns the seconds it took."""

    name: tuple
    act: object
    seconds: float
    taken: list = field(default_factory=list)
    spent: float = 0.0

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
        until = time.perf_counter() + SLICE
        while True:
            took = self.act(len(self.taken))
            self.taken.append(took)
            self.spent += took
            if self.is_done or time.perf_counter() > until:
                break


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


@dataclass
class Stand:
    """One register with its servers, samples and floor."""

    register: object
    ours: object
    stock: object
    samples: object
    floor: object

    def requests(self, path):
        """Return the requests of a path as bytes; a trial of each address shows that it is answered. Raises LookupError."""
        found = []
        for address, answer in tried(self.ours, path.ours(self.samples)):
            headers = {"If_None_Match": answer.headers["etag"]} if path.unchanged else {}
            found.append(request_of(address, **headers))
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


def measured(path, stands, seconds):
    """Return the results of one path, one for each of ``stands``."""
    series, clients, requests = [], [], {}
    for place, stand in enumerate(stands):
        try:
            requests[place] = stand.requests(path)
        except LookupError as trouble:
            print(f"{path.name}: {trouble}; not measured", file=sys.stderr)
            continue
        clients.append(Client(stand.ours.port))
        series.append(Series((place, "ours"), asking(clients[-1], requests[place]), seconds))
        if path.stock and stand.stock:
            clients.append(Client(stand.stock.port))
            series.append(Series((place, "stock"), asking(clients[-1], stand.stocked(path)), seconds))
        if path.floor:
            series.append(Series((place, "floor"), timed(path.floor(stand.floor)), seconds))
    by_turns(series)
    for client in clients:
        client.connection.close()
    found = {place: result_of(path, stands[place]) for place in requests}
    for one in series:
        place, name = one.name
        found[place][name] = summary(one.taken)
    for place, bytes_of in requests.items():
        took, a_second = crowd(stands[place].ours.port, bytes_of, seconds=seconds, most=MOST_TIMES * seconds)
        found[place]["crowd"] = summary(took) | {"a_second": round(a_second, 1)}
    return list(found.values())


def result_of(path, stand):
    return {"path": path.name, "engine": stand.register.engine, "size": stand.register.size}


__all__ = ["Series", "Stand", "by_turns", "measured", "summary"]
