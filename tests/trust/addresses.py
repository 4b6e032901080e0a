"""Every address of the register, from Django's own resolver: nothing that is added can be forgotten."""

import re
from itertools import product

from django.urls import URLPattern, get_resolver

#: What stands in an address for the one object that it is about.
OBJECT = "#"
#: Parts of an address that are no object: what may stand there. A new one is told by the matrix as an unknown part.
PARTS = {
    "<slug:name>": ["nonsense"],  # of the work list
    "<path:content_type_id>": ["0"],
    "<int:row>": ["0"],
    "<version:version>": ["1"],
    "<slug:kind>": ["monument"],  # whose versions are closed
    "<uidb64>": ["MA"],  # of no account
    "<token>": ["wrong"],
}
VERBS = {
    "admin/registry/": ["submit", "return", "publish", "withdraw", "merge", "reopen"],
    "admin/intake/batch/": ["plan", "apply", "submit", "publish", "undo", "discard"],
    "admin/archive/deposit/making/": ["make", "discard"],
    "admin/archive/deposit/<int:pk>/": ["check", "offer", "withhold"],
}


def routes(patterns=None, before=""):
    """Yield every route as ``urls.py`` writes it."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from routes(one.url_patterns, route)


def addresses():
    """Return every address, without the slash it begins with and with ``#`` for its object, each once."""
    found = {}
    for route in routes():
        if choice := re.search(r"\^\(\?P<app_label>(.*)\)/\$", route):
            found |= dict.fromkeys(f"admin/{label}/" for label in choice[1].split("|"))
        elif route.endswith("(?P<url>.*)$"):
            found["admin/nonsense"] = None
        else:
            found |= dict.fromkeys(filled(route))
    return list(found)


def filled(route):
    """Yield ``route`` with each thing that may stand in its parts."""
    parts = re.findall(r"<[^>]+>", route)
    for chosen in product(*(standing_for(part, route) for part in parts)):
        address = route
        for part, text in zip(parts, chosen, strict=True):
            address = address.replace(part, text, 1)
        yield address


def standing_for(part, route):
    if part == "<slug:verb>":
        return next(verbs for start, verbs in reversed(VERBS.items()) if route.startswith(start))
    return PARTS.get(part, [OBJECT])
