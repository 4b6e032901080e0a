"""The addresses of the reading room by what they show, listed once."""

from django.conf import settings

TILES = settings.TILES_URL.split("{")[0]  # all that a page may fetch from elsewhere

PAGES = {
    "home": "/",
    "list": "/monuments/",
    "list of few": "/monuments/?condition=destroyed&kind=cemetery&sort=condition&page_size=10",
    "list by words": "/monuments/?q=church",
    "list of nothing": "/monuments/?q=zzzzqqqq",
    "list with a mistake": "/monuments/?bbox=here&on=yesterday",
    "names that begin so": "/suggest/?q=chu",
    "list of a past day": "/monuments/?on=2020-01-01",
    "monument": "/monuments/{monument}/",
    "cemetery": "/monuments/{cemetery}/",
    "site": "/monuments/{site}/",
    "version": "/monuments/{monument}/v1/",
    "history": "/monuments/{monument}/history/",
    "map": "/map/",
    "timeline": "/timeline/",
    "timeline of a month": "/timeline/?happened_from=2020-11&happened_to=2020-11&mode=event&mode=observation",
    "timeline with a mistake": "/timeline/?happened_from=2021&happened_to=2020&mode=rumour",
    "places": "/places/",
    "place": "/places/{place}/",
    "sources": "/sources/",
    "source": "/sources/{source}/",
    "figures": "/figures/",
    "changes": "/changes/",
    "ledger": "/ledger/",
    "about": "/about/",
    "vocabulary": "/vocabulary/",
    "data": "/data/",
    "not found": "/monuments/nowhere/",
}


def known(site):
    """Return one reference of each sort, the richest that there is."""
    listed = site.json("/monuments.json?page_size=200")["monuments"]
    records = [site.json(f"/monuments/{one['ref']}.json") for one in listed]
    records.sort(key=lambda record: -len(record["statuses"]))
    refs = {
        kind: next(one["ref"] for one in records if one["kind"]["code"] == kind)
        for kind in ("monument", "cemetery", "site")
    }
    richest = next(one for one in records if one["ref"] == refs["monument"])
    places = [place for location in richest["locations"] if location["place"] for place in [location["place"]]]
    return refs | {"source": richest["sources"][0]["ref"], "place": widest(site, places)}


def widest(site, places):
    """Return the place of ``places`` or around them that has the most statements of its own."""
    refs = {place["ref"] for place in places} | {wider["ref"] for place in places for wider in place["within"]}
    records = [site.json(f"/places/{ref}.json") for ref in sorted(refs) if site.read(f"/places/{ref}.json")[0] == 200]
    return max(records, key=lambda record: (len(record["statuses"]) + len(record["counts"]), record["ref"]))["ref"]
