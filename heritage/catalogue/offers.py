"""What other applications offer to readers on the pages of the reading room, which may not import them."""

_offers = {}


def offer(name, give):
    """Let ``give`` say what stands under ``name``.

    "deposits": rows, newest first; "signing_key": a line of text; "deposits_with" and "recall_deposits": of the public
    deposits that may hold the edition at a position of the ledger, those on offer, and taking all of them off for good.
    """
    _offers[name] = give


def offered(name, otherwise, *about):
    """Return what is offered under ``name``, or ``otherwise``."""
    return _offers[name](*about) if name in _offers else otherwise
