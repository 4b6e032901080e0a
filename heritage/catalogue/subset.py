"""Whether a record says nothing that the record before it did not say: what may go out at once when something has to be hidden.

Rows may be gone: names, locations, claims, media, sources, and of a claim its citations and links. A source may be withheld, a
position coarser, and of a row that stays what could give its source away may be empty. Nothing may be new or read otherwise.
"""

from heritage.record import NOTHING_CITED

CLAIMS = ("statuses", "attributions", "protections", "counts")
ROWS = (*CLAIMS, "names", "locations", "memberships", "relations", "media", "sources")
DERIVED = {"state", "notices"}  #: worked out from the rest, so that they say nothing of their own
POSITION = {"latitude", "longitude", "uncertainty_m", "footprint", "method", "wording"}
PRECISIONS = ("withheld", "district", "settlement", "km1", "near", "exact")  #: the coarsest first
#: Of each sort of row, the members that may be empty where they were not.
MAY_BE_EMPTY = {
    **{sort: {"part_of_count", "quote", "reported_grade"} for sort in CLAIMS},
    **{sort: {"source", "locator"} for sort in ("names", "memberships", "relations")},
    "sources": {"derives_from"},
    "locations": {"source", "locator", "place", "method", "wording"},
}


def says_no_more(after, before):
    """Tell whether everything in the record ``after`` stands in the record ``before``, too."""
    rest = after.keys() - DERIVED - {*ROWS}
    return all(name in before and after[name] == before[name] for name in rest) and all(
        rows_say_no_more(name, after[name], before.get(name, ())) for name in ROWS if name in after
    )


def rows_say_no_more(sort, after, before):
    known = {}
    for row in before:
        known.setdefault(identity(row), []).append(row)
    return all(any(row_says_no_more(sort, row, one) for one in known.get(identity(row), ())) for row in after)


def identity(row):
    """Return what tells a row of a record from the others of its list; a membership has no reference of its own."""
    return row.get("ref") or (row["parent"]["ref"], row["kind"]["code"])


def row_says_no_more(sort, after, before):
    """Tell whether a row of the list ``sort`` says no more than the row of the same reference did."""
    if sort == "sources" and after["withheld"]:
        return True
    if sort == "media":
        return all(is_kept(name, after, before) or is_bare(name, after) for name in after)
    apart = {"citations", "links"} if sort in CLAIMS else set()
    if sort == "locations" and is_coarser(after["precision"], before["precision"]):
        apart = POSITION | {"precision"}
    empty = MAY_BE_EMPTY[sort]
    same = all(
        is_kept(name, after, before)
        or (name in empty and not after[name])
        or (name == "dates" and after[name] == before[name] | {"as_stated": ""})
        or (name == "place" and lies_in_no_more(after[name], before[name]))
        for name in after.keys() - apart
    )
    return same and (sort not in CLAIMS or evidence_says_no_more(after, before))


def is_kept(name, after, before):
    return name in before and after[name] == before[name]


def lies_in_no_more(place, before):
    """Tell whether ``place`` is that of ``before``, and lies in some of the larger places in which it lay."""
    return (
        before is not None
        and place | {"within": before["within"]} == before
        and all(step in before["within"] for step in place["within"])
    )


def is_bare(name, item):
    """Tell whether a member of a media item tells nothing but what a medium of its kind has anyway."""
    value = item[name]
    if name == "label":
        return value == item["kind"]["label"]
    if name == "captured":
        return value["qualifier"] == "undated" and not value["as_stated"]
    return not value or (name == "derivation" and value["code"] == "none")


def is_coarser(after, before):
    return PRECISIONS.index(after["code"]) < PRECISIONS.index(before["code"])


def evidence_says_no_more(after, before):
    """Tell whether the citations and links of a claim are some of those it had, with what a withheld source hides left empty."""
    cited = {row["ref"]: row for row in before["citations"]}
    linked = {(row["claim"], row["direction"], row["kind"]["code"]): row for row in before["links"]}
    return all(
        row["ref"] in cited
        and all(is_kept(name, row, cited[row["ref"]]) or row[name] == NOTHING_CITED.get(name, ...) for name in row)
        for row in after["citations"]
    ) and all(row == linked.get((row["claim"], row["direction"], row["kind"]["code"])) for row in after["links"])


def is_more_precise(before, after):
    """Tell whether a location in the record ``before`` shows where it is more precisely than the record ``after`` does."""
    known = {row["ref"]: row for row in after.get("locations", ())}
    return any(
        shows_position(row) and row["ref"] in known and is_coarser(known[row["ref"]]["precision"], row["precision"])
        for row in before.get("locations", ())
    )


def shows_position(location):
    """Tell whether a location of a record says where it is, by a point, an outline or words."""
    return location["latitude"] is not None or bool(location["footprint"] or location["wording"])


def hidden_refs(before, after):
    """Return the references of the claims and media of ``before`` that ``after`` lacks, and of the sources it lacks or withholds."""
    gone = {row["ref"] for name in (*CLAIMS, "media") for row in before.get(name, ())}
    gone -= {row["ref"] for name in (*CLAIMS, "media") for row in after.get(name, ())}
    named = {row["ref"] for row in after["sources"] if not row["withheld"]}
    return gone | {row["ref"] for row in before["sources"] if not row["withheld"] and row["ref"] not in named}
