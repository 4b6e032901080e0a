"""What other applications offer to readers on the pages of the reading room, which may not import them."""

_offers = {}


def offer(name, give):
    """Let ``give()`` say what stands under ``name``: "deposits" (rows, newest first) or "signing_key" (a line of text)."""
    _offers[name] = give


def offered(name, otherwise):
    """Return what is offered under ``name``, or ``otherwise``."""
    return _offers[name]() if name in _offers else otherwise
