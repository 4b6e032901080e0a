"""Published registers for the reading room's tests."""

from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish
from tests.registry.make import (
    make_actor,
    make_citation,
    make_count,
    make_link,
    make_location,
    make_monument,
    make_name,
    make_publishable_monument,
    make_publishable_place,
    make_source,
    make_status,
    make_term,
)


def shelve(size):
    """Publish ``size`` monuments, places and as many sources and counts as go with them."""
    place = make_publishable_place()
    monuments = []
    for number in range(size):
        monument = make_publishable_monument(f"Chapel {number:02}")
        make_citation(make_count(monument))
        make_location(monument, place=place, shown=False)
        monuments.append(monument)
    places = [make_publishable_place() for _ in range(size)]
    publish([place, *places, *monuments])
    return monuments


def shelve_two_versions():
    """Publish a monument, then again with a second name and a second statement."""
    monument = make_publishable_monument("Chapel of Saint John")
    publish([monument])
    make_name(monument, "Սուրբ Հովհաննես", language="hy", script="Armn")
    make_citation(make_status(monument, edtf="2022-05", summary="It was rebuilt.", value="intact"))
    monument.refresh_from_db()
    publish([monument], reason="A second report was read.")
    return monument


def shelve_contradiction():
    """Publish a monument of which two claimants say different things."""
    monument = make_publishable_monument("Chapel of Saint John")
    destroyed = monument.claims.get().status
    standing = make_status(
        monument,
        edtf="2021-04-12/2021-06-18",
        value="intact",
        mode="observation",
        claimant=make_actor("Monument Watch"),
    )
    make_citation(standing)
    make_link(standing, destroyed)
    publish([monument])
    return monument, destroyed, standing


def shelve_varied():
    """Publish four monuments that filters can tell apart; return them by name."""
    region, village = make_publishable_place("Region"), make_publishable_place("Village")
    worship = make_term("monument_type", "place_of_worship")
    chapel = make_term("monument_type", "chapel", broader=worship)
    monuments = {
        "ruin": make_monument("Ruin", types=[chapel]),
        "bridge": make_monument("Bridge", types=[make_term("monument_type", "bridge")], kind="site"),
        "cemetery": make_monument("Cemetery", types=[make_term("monument_type", "cemetery")], kind="cemetery"),
        "museum": make_monument("Museum", types=[], kind="collection"),
    }
    for monument in monuments.values():
        make_name(monument, monument.label)
    make_name(monuments["ruin"], "Սուրբ Հովհաննես", language="hy", script="Armn")
    make_location(monuments["ruin"], place=village, latitude="39.700000", longitude="46.700000")
    make_location(monuments["bridge"], place=village, latitude="41.000000", longitude="45.000000")
    cause = make_term("cause", "infrastructure")
    source = make_source("The one source")
    make_citation(
        make_status(monuments["ruin"], edtf="2021-04-12/2021-06-18", cause=cause, claimant=make_actor("Watch")), source
    )
    make_citation(
        make_status(monuments["bridge"], edtf="2019", value="intact", effects=[make_term("effect", "restoration")])
    )
    make_citation(make_status(monuments["cemetery"], mode="threat", edtf="2024-02"))
    make_citation(
        make_status(
            monuments["museum"],
            edtf="1850/1860",
            value="",
            effects=[make_term("effect", "construction")],
            qualifier="throughout",
            lo=18500101,
            hi=18601231,
        )
    )
    publish([region, village, *monuments.values()])
    return monuments | {"village": village, "source": source}


def current(monument):
    return Edition.objects.current().get(ref=monument.ref)


__all__ = ["current", "shelve", "shelve_contradiction", "shelve_two_versions", "shelve_varied"]
