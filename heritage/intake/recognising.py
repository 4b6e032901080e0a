"""Which records of the register a supplier's numbers stand for."""

from heritage.intake.models import Supplied, Verdict
from heritage.registry.models import Monument, Name
from heritage.registry.models.sealing import sealed_keys
from heritage.registry.vocabulary import NameKind


def recognised(scheme, identifiers):
    """Return {identifier: (monument's key, Supplied or None)} of those that the register knows, in three queries or four.

    A number that the register holds decides; without it what was imported or decided before, where that was merged into
    another monument that other one. A number that belongs to a place has the key None.
    """
    supplied = {one.identifier: one for one in Supplied.objects.filter(scheme=scheme, identifier__in=identifiers)}
    same = Verdict.objects.filter(scheme=scheme, identifier__in=identifiers, same=True)
    found = {identifier: (monument, None) for identifier, monument in same.values_list("identifier", "monument")}
    found |= {identifier: (one.monument_id, one) for identifier, one in supplied.items()}
    survivors = merged({monument for monument, _supplied in found.values()})
    found = {identifier: (survivors.get(monument, monument), one) for identifier, (monument, one) in found.items()}
    numbers = Name.objects.filter(kind=NameKind.REGISTER_NUMBER, scheme=scheme, text__in=identifiers)
    for identifier, monument in numbers.values_list("text", "monument"):
        found[identifier] = (monument, supplied.get(identifier))
    return found


def keys_closed_to(user):
    """Return the keys of the monuments that are sealed and kept by others than ``user``; None is a command, which sees all."""
    return frozenset() if user is None else frozenset(sealed_keys(user, Monument).values_list("pk", flat=True))


def merged(keys):
    """Return {key: key of the survivor} of those monuments that were merged into others, through any number of mergers."""
    found, frontier = {}, keys
    while frontier:
        step = dict(
            Monument.objects.filter(pk__in=frontier, merged_into__isnull=False).values_list("pk", "merged_into")
        )
        found = {key: step.get(into, into) for key, into in found.items()} | {
            key: step[key] for key in step if key in keys
        }
        frontier = set(step.values())
    return found
