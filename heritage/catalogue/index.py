"""The index that lists and filters read, made from the records of editions and from nothing else."""

import json
from typing import NamedTuple

import orjson

from heritage.catalogue import borne, cells, concordance, facets, gazetteer, tallies, timeline
from heritage.catalogue.folding import fold
from heritage.catalogue.grid import key
from heritage.catalogue.models import (
    Edition,
    Entry,
    EntryTerm,
    Happening,
    PlaceTerm,
    PlaceWord,
    Rebuilding,
    SearchName,
    SearchRow,
)
from heritage.catalogue.spans import extent, frame_code
from heritage.registry.rows import given_columns, insert

WORST_FIRST = [
    "destroyed",
    "major_damage",
    "damaged",
    "minor_damage",
    "under_works",
    "ruined",
    "intact",
    "not_assessable",
    "unknown",
    "",
]
ASPECTS = ["condition", "use", "access", "custody", "inscription", "setting"]
KEPT = {
    Entry: "edition_id",
    EntryTerm: "entry_id",
    Happening: "entry_id",
    SearchRow: "entry_id",
    SearchName: "entry_id",
}
TALLIES = (borne, cells, facets, timeline)  #: counts of the current entries that are kept ready
MARKED = ASPECTS[1:]
COUNTED_PLACES = {"region", "historical_unit", "district"}
ASSERTING = {"asserts", "last_unchanged", "first_changed"}
COLUMNS = {model: given_columns(model, owner) for model, owner in KEPT.items()}
written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode
tallied = tallies.Reader(COLUMNS[Entry].names, COLUMNS[Happening].names)


def take_in(editions, leaves=None):
    """Index new ``editions``, which have primary keys, of any subject; ``close`` was called for what they replace.

    ``leaves`` holds a ``leaf`` for each (reference, version), where they were made before.
    """
    add([edition for edition in editions if edition.subject == "monument" and edition.action == "publish"], leaves)
    places = [edition for edition in editions if edition.subject == "place"]
    if places:
        concordance.name_places(places)
        gazetteer.take_in(places)


def close(refs, moment):
    """Mark the current entries of ``refs`` as replaced at ``moment``."""
    concordance.close(refs)
    leaving = list(Entry.objects.current().filter(ref__in=refs).values_list("pk", flat=True))
    counted = tallies.stored(leaving)
    for tally in TALLIES:
        tally.leave_out(counted)
    Entry.objects.filter(pk__in=leaving).update(replaced_at=moment)


def forget(editions):
    """Remove the past entries of ``editions``, primary keys that were closed to readers, and their words."""
    concordance.forget(editions)
    Entry.objects.filter(pk__in=editions, replaced_at__isnull=False).delete()


def clear():
    """Empty the index, to make it anew."""
    Rebuilding.objects.create()
    concordance.clear()
    gazetteer.clear()
    for tally in TALLIES:
        tally.clear()
    Entry.objects.all().delete()


class Leaf(NamedTuple):
    """The rows that index an edition, for each table of ``KEPT``, as plain values without the key of the entry.

    ``named`` and ``mentioned`` are its words for the list of words (see ``concordance.add_words``).
    """

    rows: list
    named: set
    mentioned: set


def add(editions, leaves=None):
    """Index the monument ``editions``; ``leaves`` as for ``take_in``."""
    leaves = leaves or leaves_of(editions)
    made = [leaves[edition.ref, edition.version] for edition in editions]
    for place, (model, owner) in enumerate(KEPT.items()):
        values = ((edition.pk, *row) for edition, one in zip(editions, made, strict=True) for row in one.rows[place])
        insert(model, [owner, *COLUMNS[model].names], values, together=model is SearchRow)
    concordance.add_words(set().union(*(one.named for one in made)), set().union(*(one.mentioned for one in made)))
    coming = [
        tallied(edition.pk, *one.rows[0], *one.rows[1:3])
        for edition, one in zip(editions, made, strict=True)
        if edition.replaced_at is None
    ]
    for tally in TALLIES:
        tally.take_in(coming)


def leaves_of(editions):
    """Return the ``Leaf`` of each of ``editions`` by (reference, version), without the database."""
    return {(one.ref, one.version): leaf(one, orjson.loads(one.record)) for one in editions}


def leaf(edition, record):
    """Return the ``Leaf`` of ``edition``, which need not be saved: what is made of its record alone may be made at leisure."""
    words = concordance.words_of(record)
    rows = [
        [COLUMNS[Entry].of(entry(edition, record))],
        sorted(codes(record)),
        list(map(COLUMNS[Happening].of, happenings(record))),
        [COLUMNS[SearchRow].of(concordance.search_row(edition, record, words))],
        list(map(COLUMNS[SearchName].of, concordance.search_names(edition, record))),
    ]
    return Leaf(rows, words.names | words.places, words.text)


def named_places():
    """Return the current editions of places: monuments are found by their names."""
    return Edition.objects.current().published().filter(subject="place")


def indexed():
    """Return the editions that have an entry: published ones of monuments that are not closed."""
    return Edition.objects.monuments().published().open()


def entry(edition, record):
    """Return the values of the ``Entry`` of ``edition``, whose ``record`` is given decoded."""
    values = {aspect: record["state"].get(aspect, {}).get("value", "") for aspect in ASPECTS}
    position, marked = shown_position(record), set(marks(record))
    built = [
        one["dates"] for one in record["statuses"] if any(effect["code"] == "construction" for effect in one["effects"])
    ]
    return dict(
        ref=edition.ref,
        version=edition.version,
        published_at=edition.published_at,
        replaced_at=edition.replaced_at,
        label=record["label"],
        sort_label=fold(record["label"])[:300],
        kind=record["kind"]["code"],
        **values,
        condition_rank=WORST_FIRST.index(values["condition"]),
        contested="contested" in marked,
        threatened="threatened" in marked,
        latitude=position and position["latitude"],
        longitude=position and position["longitude"],
        cell=position and key(position["latitude"], position["longitude"]),
        precision=position["precision"]["code"] if position else "",
        built_lo=min((dates["lo"] for dates in built if dates["lo"] is not None), default=None),
        built_hi=max((dates["hi"] for dates in built if dates["hi"] is not None), default=None),
        documented=last_documented(record),
        **possessions(record, position, marked),
        row=written(row(record, position)),
    )


def shown_position(record):
    """Return the location whose point readers see, or ``None``."""
    return next((place for place in record["locations"] if place["latitude"] is not None), None)


def last_documented(record):
    found = (state["last_documented"] for state in record["state"].values())
    return max((one["date"] for one in found if one), default=None)


def possessions(record, position, marked):
    """Return what ``has`` and ``lacks`` ask for."""
    primary = {
        citation["source"]
        for one in record["statuses"]
        for citation in one["citations"]
        if citation["role"]["code"] in ASSERTING and citation["directness"]["code"] == "primary"
    }
    return {
        "has_location": position is not None,
        "has_image": "image" in marked,
        "has_before_after": "before_after" in marked,
        "has_dated_event": any(is_dated_event(one) for one in record["statuses"]),
        "has_second_source": len(primary) > 1,
    }


def is_dated_event(one):
    dates = one["dates"]
    return (
        one["mode"]["code"] == "event"
        and dates["lo"] is not None
        and dates["hi"] is not None
        and dates["hi_basis"] == "stated"
    )


def places(record):
    """Return label by reference of the places that the monument is in."""
    return {place["place"]["ref"]: place["place"]["label"] for place in record["locations"] if place["place"]}


def row(record, position):
    """Return the monument as lists give it: the item of ``/monuments.json``."""
    state = record["state"].get("condition")
    condition = None
    if state and state["value"]:
        condition = {
            "value": state["value"],
            "label": state["label"],
            "since": state["since"],
            "contested": state["contested"],
            "according_to": state["according_to"],
        }
    return {
        "ref": record["ref"],
        "url": f"/monuments/{record['ref']}/",
        "version": record["version"],
        "label": record["label"],
        "names": [
            {"text": name["text"], "language": name["language"], "script": name["script"]}
            for name in record["names"]
            if name["kind"]["code"] != "register_number"
        ],
        "kind": record["kind"],
        "types": [{"code": one["code"], "label": one["label"]} for one in record["types"]],
        "places": [{"ref": ref, "label": label} for ref, label in places(record).items()],
        "condition": condition,
        "position": position
        and {
            "latitude": position["latitude"],
            "longitude": position["longitude"],
            "precision": position["precision"]["code"],
        },
        "published_at": record["published_at"],
    }


def codes(record):
    """Return the (facet, code) pairs that the entry is found by."""
    claims = [*record["statuses"], *record["attributions"], *record["protections"], *record["counts"]]
    found = {("type", code) for one in record["types"] for code in one["lineage"]}
    for place in filter(None, (location["place"] for location in record["locations"])):
        found |= {("place", ref) for ref in [place["ref"], *(outer["ref"] for outer in place["within"])]}
    found |= {("region", ref) for ref in regions(record)}
    found |= {
        (aspect, record["state"][aspect]["value"]) for aspect in MARKED if record["state"].get(aspect, {}).get("value")
    }
    found |= {("mark", mark) for mark in marks(record)}
    found |= {("source", source["ref"]) for source in record["sources"]}
    found |= {("claimant", claim["claimant"]["ref"]) for claim in claims}
    found |= {("cause", one["cause"]["code"]) for one in record["statuses"] if one["cause"]}
    found |= {("effect", effect["code"]) for one in record["statuses"] for effect in one["effects"]}
    return found


def marks(record):
    """Yield what few entries are or have, so that those few are found without looking at all."""
    states = record["state"].values()
    kinds = {item["kind"]["code"] for item in record["media"]}
    if any(state["contested"] for state in states):
        yield "contested"
    if any(state["threatened_by"] for state in states):
        yield "threatened"
    if kinds & {"image", "image_pair"}:
        yield "image"
    if "image_pair" in kinds or any(item["pair_of"] for item in record["media"]):
        yield "before_after"


def regions(record):
    """Return the references of the places, among those that the monument is in, that counts are kept ready for."""
    places = [location["place"] for location in record["locations"] if location["place"]]
    return {
        place["ref"]
        for inner in places
        for place in [inner, *inner["within"]]
        if place["kind"]["code"] in COUNTED_PLACES
    }


def happenings(record):
    """Yield the values of the dated status claims that stand: what was superseded or taken back has not happened once more."""
    for one in record["statuses"]:
        dates = one["dates"]
        if one["standing"]["code"] == "standing" and (dates["lo"] is not None or dates["hi"] is not None):
            since, until = extent(dates["lo"], dates["hi"])
            yield {
                "claim": one["ref"],
                "mode": one["mode"]["code"],
                "aspect": one["aspect"]["code"],
                "value": one["value"]["code"] if one["value"] else "",
                "qualifier": dates["qualifier"],
                "lo": dates["lo"],
                "hi": dates["hi"],
                "since": since,
                "until": until,
                "frame": frame_code(since, until),
                "dated": dates["text"][:300],
                "cause": one["cause"]["code"] if one["cause"] else "",
                "effects": [effect["code"] for effect in one["effects"]],
                "claimant": one["claimant"]["label"],
                "text": one["summary"],
            }


def differences(editions):
    """Yield a sentence for each of ``editions`` whose stored index is not what its record gives."""
    keys = [edition.pk for edition in editions]
    stored = {model: stored_values(model, owner, keys) for model, owner in KEPT.items()}
    for edition in editions:
        for model, values in zip(KEPT, leaf(edition, orjson.loads(edition.record)).rows, strict=True):
            if sorted(repr(list(one)) for one in values) != sorted(stored[model].get(edition.pk, [])):
                yield f"{edition.ref} version {edition.version}: its {model._meta.verbose_name} rows differ from its record."


def stored_values(model, owner, keys):
    """Return the values, as text, of the rows of the editions ``keys`` by edition."""
    grouped = {}
    for row in model.objects.filter(**{f"{owner}__in": keys}):
        grouped.setdefault(getattr(row, owner), []).append(repr(COLUMNS[model](row)))
    return grouped


def tally_differences():
    """Yield a sentence for each ready count that the current entries do not give."""
    for tally in TALLIES:
        yield from tally.differences()


def place_differences():
    """Yield a sentence for each place whose names or terms in the index are not those of its current edition."""
    known = {edition.ref: edition for edition in named_places()}
    for model, made, rows_of, source in (
        (PlaceWord, concordance.place_names, "words", "the names of the place"),
        (PlaceTerm, gazetteer.terms, "terms", "its record"),
    ):
        stored = rows_by_edition(model.objects.all(), "ref")
        for ref in sorted(known.keys() | stored.keys()):
            rows = made(known[ref]) if ref in known else []
            if sorted(map(values_of, rows)) != sorted(stored.get(ref, [])):
                yield f"{ref}: its {rows_of} in the index differ from {source}."


def rows_by_edition(rows, key):
    grouped = {}
    for one in rows:
        grouped.setdefault(getattr(one, key), []).append(values_of(one))
    return grouped


def values_of(one):
    """Return the values of a row as text, without its own primary key where the database made it."""
    return repr(
        [(field.name, field.value_from_object(one)) for field in one._meta.concrete_fields if field.name != "id"]
    )
