"""Reported histories for tests: one short call a claim."""

from heritage.registry.standing import derive
from heritage.registry.statement import Statement


def told(mode, ref, value, lo, hi, of="whole", by="", effects=(), qualifier="", aspect="condition", **more):
    """A claim; ``of`` is a scope or the name of a part, and ``by`` the claimant, else one of its own."""
    scope = of if of in ("whole", "structure", "interior") else "part"
    qualifier = qualifier or (
        "on" if lo == hi else "before" if lo is None else "after" if hi is None else "once_between"
    )
    return Statement(
        ref, mode, aspect, qualifier, lo, hi, value, scope, of if scope == "part" else "", effects, by or ref, **more
    )


def harm(ref, value, lo, hi, of="whole", **more):
    return told("event", ref, value, lo, hi, of, effects=("structural_damage",), **more)


def works(ref, value, lo, hi, of="whole", **more):
    return told("event", ref, value, lo, hi, of, effects=("restoration",), **more)


def seen(ref, value, lo, hi, of="whole", **more):
    return told("observation", ref, value, lo, hi, of, **more)


def threat(ref, **more):
    return told("threat", ref, "", 20230501, 20230501, **more)


def condition(*history, links=()):
    return derive(history, links)["condition"]


DAMAGED = harm("r1", "damaged", 20200101, 20200131)
MAJOR = harm("r2", "major_damage", 20210101, 20210131)
DESTROYED = harm("r3", "destroyed", 20220101, 20220131)
RESTORED = works("r4", "intact", 20230101, 20230131)
MUSEUM = told("event", "u1", "museum", 20100530, 20100530, aspect="use")
