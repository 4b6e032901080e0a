"""The flat tables of a bag: what the current editions say, one row a statement, for spreadsheets and statistics.

Each column has one name, type and description, from which the descriptions for programs are made (``describe``). Types are
"string", "integer", "number", "boolean", "datetime" and "list" (codes with ``|`` between). No Django.
"""

import csv
import io
import json
from dataclasses import dataclass, field

BETWEEN = "|"


@dataclass(frozen=True)
class Column:
    name: str
    description: str
    type: str = "string"


def columns(text):
    """Return columns from lines “name [type]: description”."""
    made = []
    for line in filter(None, map(str.strip, text.splitlines())):
        head, description = line.split(": ", 1)
        name, _, kind = head.partition(" ")
        made.append(Column(name, description, kind.strip("[]") or "string"))
    return made


SUBJECT = """
monument: the monument that it is about; empty where it is about a place
place: the place that it is about; empty where it is about a monument
"""
DATES = """
date_text: the date in words
date_qualifier: how the date is meant: on, once_between, before, after, throughout, undated
date_lo [integer]: earliest day, year×10000 + month×100 + day, astronomical years
date_hi [integer]: latest day, likewise
date_hi_basis: where the latest day comes from: stated, or the date of the report
date_edtf: the date in EDTF (ISO 8601-2)
date_as_stated: the wording found in the source
"""
FOUND = """
source: the source cited for it
locator: where in the source
"""
CLAIM = f"""
ref: reference of the statement
{SUBJECT}
claimant: reference of who says so
claimant_label: who says so
summary: what is said, in the register's words
quote: the wording, where the wording is the statement
certainty: how certain the claimant is
verification: what review found
standing: whether the statement still stands
content_warnings [list]: codes of content warnings
{DATES}
"""


@dataclass(frozen=True)
class Table:
    """One file ``tables/NAME.csv``. ``key`` names the columns that identify a row; ``links`` is table by column.

    ``always`` names those of the links that no row is without.
    """

    name: str
    title: str
    columns: list
    key: tuple = ("ref",)
    links: dict = field(default_factory=dict)
    always: tuple = ()


OF_SUBJECT = {"monument": "monuments", "place": "places"}
OF_SOURCE = {"source": "sources"}
TABLES = [
    Table("monuments", "Monuments, cemeteries, sites and collections, with the state that follows from the statements", columns("""
        ref: reference of the monument
        version [integer]: number of the edition
        published_at [datetime]: when the edition was published
        kind: monument, cemetery, site or collection
        label: working title
        itemised [boolean]: false for a group that nobody has listed one by one
        types [list]: codes of its types
        condition: state of its fabric as the statements give it; empty where there is no information
        condition_label: the same in words
        condition_since: since when, in words
        condition_contested [boolean]: whether statements contradict one another about it
        condition_according_to: claimant of the statement that decides
        latitude [number]: shown latitude in degrees, WGS 84, rounded as the precision says
        longitude [number]: shown longitude, likewise
        precision: how exactly the position is shown
        notices [list]: codes of notices and content warnings
    """)),
    Table("states", "The current state of each monument and place by aspect, worked out from the statements", columns(f"""
        {SUBJECT}
        aspect: condition, use, access, custody, inscription, setting or naming
        value: code of the state; empty where there is no information
        label: the same in words
        since_lo [integer]: earliest day since when, year×10000 + month×100 + day
        since_hi [integer]: latest day, likewise
        since_text: since when, in words
        last_documented [integer]: day of the last documentation
        contested [boolean]: whether statements contradict one another
        claimants [integer]: number of claimants
        independent_claimants [integer]: number of claimants not known to depend on one another
        worst: code of the worst known state, where it is worse
        decided_by: the statement that decided
    """), ("monument", "place", "aspect"), OF_SUBJECT),
    Table("names", "Names and register numbers; no language outranks another", columns(f"""
        ref: reference of the name
        {SUBJECT}
        text: the name
        language: BCP 47 tag
        script: ISO 15924 code
        kind: preferred (in its language), alternative, former, official, as_spelled or register_number
        scheme: of a number, the list that it is from
        {FOUND}{DATES}
    """), ("ref",), OF_SUBJECT | OF_SOURCE),
    Table("locations", "Where monuments are, according to whom and how exactly", columns(f"""
        ref: reference of the statement of a location
        monument: the monument
        shown [boolean]: whether this is the location that is shown
        in_place: the place that it is in
        in_place_label: its label
        latitude [number]: latitude in degrees, WGS 84, rounded as the precision says
        longitude [number]: longitude, likewise
        uncertainty_m [integer]: uncertainty in metres
        precision: how exactly the position is shown
        method: how the position was found
        wording: the position as the source puts it
        footprint: GeoJSON geometry
        {FOUND}
    """), ("ref",), {"monument": "monuments"} | OF_SOURCE, ("monument",)),
    Table("statuses", "What happened, what was seen and what is feared, as claimed", columns(f"""
        {CLAIM}
        mode: event, observation or threat
        aspect: what it speaks of
        value: code of the state that resulted or was seen
        value_label: the same in words
        effects [list]: what was done
        cause: what caused it
        agent: reference of the agent, as claimed
        agent_label: the agent, as claimed
        intent: intent, as claimed
        stated_purpose: purpose, as stated
        scope: whole, structure, interior or part
        part_affected: which part
        completeness: what a destruction left
        extent_min [integer]: extent in per cent, at least
        extent_max [integer]: extent in per cent, at most
        probability: how likely a threat is, as claimed
        reported_grade: the grade in the source's own scale
    """), ("ref",), OF_SUBJECT),
    Table("attributions", "To whom and when the making is attributed; several stand side by side", columns(f"""
        {CLAIM}
        facet: what the attribution is about
        value: the attribution
        argued_from: what it is argued from
    """), ("ref",), OF_SUBJECT),
    Table("protections", "Listings, conventions and measures", columns(f"""
        {CLAIM}
        kind: kind of protection
        authority: reference of the authority
        authority_label: the authority
        reference_number: number in its list
        binds: reference of whom it binds
        binds_label: whom it binds
        covers: the class that it covers; empty where it names this very subject
        interim [boolean]: a court's interim measure, which finds no fact
        ended: how and when it ended
    """), ("ref",), OF_SUBJECT),
    Table("counts", "Numbers as claimed: never to be added up", columns(f"""
        {CLAIM}
        predicate: what is said of the counted
        counted: what is counted
        value [integer]: the number; empty for “all”
        number_qualifier: exactly, about, at_least, more_than or all
        scope_note: what the number covers
        part_of_count: the count that it is a part of
    """), ("ref",), OF_SUBJECT),
    Table("citations", "Where each statement is found", columns("""
        ref: reference of the citation
        claim: the statement
        source: the source
        role: asserts, last_unchanged, first_changed, disputes or context
        directness: primary, relayed or unsourced; withheld where the source is withheld
        relayed_from: the source that it is relayed from
        locator: page, paragraph, figure
        timecode_start [integer]: from second
        timecode_end [integer]: to second
        quote: quotation
        evidence [list]: kinds of evidence
        media: the media item cited
        anchored_on [integer]: day of the image or visit
    """), ("ref",), OF_SOURCE, ("source",)),
    Table("links", "How statements relate to one another", columns("""
        claim: the statement
        direction: to or from the other
        kind: contradicts, tension, corroborates, refines, derived_from or supersedes
        other: the other statement
        note: what the difference is about
    """), ("claim", "direction", "kind", "other")),
    Table("sources", "Sources", columns(f"""
        ref: reference of the source
        title: title, or “Source withheld”
        withheld: class of the reason, where the source is withheld
        publisher: publisher
        authors: authors as printed
        kind: kind of source
        {DATES}
        language: language
        url: address
        archived_url: address of an archived copy
        retrieved_on: when it was retrieved
        identifier: DOI, ISBN, case number or the like
        stance: from where it speaks
        standard_of_proof: its own standard of proof
        read_state: how far a curator has read it
        derives_from: the source that it rests on
        content_warnings [list]: codes of content warnings
    """)),
    Table("places", "Named places", columns("""
        ref: reference of the place
        version [integer]: number of the edition
        published_at [datetime]: when the edition was published
        kind: kind of place
        label: names in alphabetical order
        latitude [number]: latitude in degrees, WGS 84
        longitude [number]: longitude, likewise
    """)),
    Table("memberships", "To which larger places a place belongs, according to whom; none is the true one", columns(f"""
        place: the place
        parent: the larger place
        parent_label: its label
        kind: part_of, administered_under or controlled_by
        {FOUND}{DATES}
    """), (), {"place": "places"} | OF_SOURCE, ("place",)),
    Table("relations", "How monuments relate to one another, as each one's record says", columns(f"""
        ref: reference of the relation
        monument: the monument whose record says so
        direction: to or from the other
        kind: kind of relation
        other: the other monument
        other_label: its label
        {FOUND}
    """), ("ref", "monument"), {"monument": "monuments"} | OF_SOURCE, ("monument",)),
    Table("media", "Pictures, films and scenes, held or only cited", columns(f"""
        ref: reference of the item
        monument: the monument
        label: title
        kind: kind of item
        held [boolean]: whether the register holds a copy
        sha256: SHA-256 of the file in this deposit; empty where there is none
        size [integer]: its size in bytes
        media_type: its media type
        file: its file in this deposit; empty where there is none
        file_note: why there is none, or what was taken out of the file
        captured_text: when it was made, in words
        captured_edtf: the same in EDTF
        how: how it was made
        provider: provider
        scene_id: scene identifier
        resolution: resolution
        pair_of: the other of a pair before and after
        derived_from: the item that it was made from
        derivation: how
        credit: credit
        rights_holder: rights holder
        licence: licence
        alt_text: what it shows
        content_warnings [list]: codes of content warnings
        {FOUND}
    """), ("ref",), {"monument": "monuments"} | OF_SOURCE, ("monument",)),
]  # fmt: skip
NO_FILE = {"file": "", "sha256": "", "size": None, "file_note": ""}
BY_NAME = {table.name: table for table in TABLES}


def code(part):
    return part["code"] if part else ""


def ref(part):
    return part["ref"] if part else ""


def label(part):
    return part["label"] if part else ""


def listed(parts):
    return BETWEEN.join(one["code"] for one in parts)


def dated(dates):
    names = ("text", "qualifier", "lo", "hi", "hi_basis", "edtf", "as_stated")
    return {f"date_{name}": dates[name] for name in names}


def rows(record, files):
    """Yield (table, row) of the record of a monument, place or source; a row is a dict of what is not empty.

    ``files`` tells of a held media item, and whether its source is withheld, which file it has.
    """
    return {"monument": monument, "place": place, "source": source}[record["subject"]](record, files)


def monument(record, files):
    about = {"monument": record["ref"]}
    condition = record["state"].get("condition") or {}
    shown = next((one for one in record["locations"] if one["latitude"] is not None), {})
    yield (
        "monuments",
        {
            **{name: record[name] for name in ("ref", "version", "published_at", "label", "itemised")},
            "kind": code(record["kind"]),
            "types": listed(record["types"]),
            "condition": condition.get("value", ""),
            "condition_label": condition.get("label", ""),
            "condition_since": (condition.get("since") or {}).get("text", ""),
            "condition_contested": condition.get("contested"),
            "condition_according_to": label(condition.get("according_to")),
            "latitude": shown.get("latitude"),
            "longitude": shown.get("longitude"),
            "precision": code(shown.get("precision")),
            "notices": listed(record["notices"]),
        },
    )
    for one in record["locations"]:
        yield (
            "locations",
            one
            | about
            | {
                "in_place": ref(one["place"]),
                "in_place_label": label(one["place"]),
                "precision": code(one["precision"]),
                "footprint": one["footprint"] and written(one["footprint"]),
            },
        )
    for one in record["relations"]:
        other = {"other": ref(one["monument"]), "other_label": label(one["monument"])}
        yield "relations", one | other | about | {"kind": code(one["kind"])}
    withheld = {one["ref"] for one in record["sources"] if one["withheld"]}
    for one in record["media"]:
        file = files(one, one["source"] in withheld) if one["held"] else NO_FILE
        yield "media", one | about | media(one) | file
    yield from shared(record, about)


def media(one):
    return {
        "kind": code(one["kind"]),
        "derivation": code(one["derivation"]),
        "captured_text": one["captured"]["text"],
        "captured_edtf": one["captured"]["edtf"],
        "content_warnings": listed(one["content_warnings"]),
    }


def place(record, _files):
    position = record["position"] or {}
    yield "places", record | position | {"kind": code(record["kind"])}
    about = {"place": record["ref"]}
    for one in record["memberships"]:
        outer = {"parent": ref(one["parent"]), "parent_label": label(one["parent"]), "kind": code(one["kind"])}
        yield "memberships", one | dated(one["dates"]) | outer | about
    yield from shared(record, about)


def source(record, _files):
    if record["withheld"]:
        yield "sources", {"ref": record["ref"], "title": record["title"], "withheld": code(record["withheld"])}
        return
    coded = {name: code(record[name]) for name in ("kind", "stance", "standard_of_proof", "read_state")}
    warned = {"content_warnings": listed(record["content_warnings"]), "withheld": ""}
    yield "sources", record | dated(record["dates"]) | coded | warned


def shared(record, about):
    """Yield what records of monuments and of places have alike."""
    for one in record["names"]:
        yield "names", one | dated(one["dates"]) | about | {"kind": code(one["kind"])}
    for aspect, one in record["state"].items():
        since = one["since"] or {}
        yield (
            "states",
            one
            | about
            | {
                "aspect": aspect,
                "since_lo": since.get("lo"),
                "since_hi": since.get("hi"),
                "since_text": since.get("text"),
                "last_documented": (one["last_documented"] or {}).get("date"),
                "worst": code(one["worst"]),
            },
        )
    for table, own in OWN.items():
        for one in record[table]:
            yield table, claim(one) | about | own(one)
            yield from evidence(one)


def claim(one):
    coded = {name: code(one[name]) for name in ("certainty", "verification", "standing")}
    claimant = {"claimant": ref(one["claimant"]), "claimant_label": label(one["claimant"])}
    return one | dated(one["dates"]) | coded | claimant | {"content_warnings": listed(one["content_warnings"])}


def evidence(one):
    for citation in one["citations"]:
        timecode = citation["timecode"] or {}
        yield (
            "citations",
            citation
            | {
                "claim": one["ref"],
                "role": code(citation["role"]),
                "directness": code(citation["directness"]),
                "evidence": listed(citation["evidence"]),
                "timecode_start": timecode.get("start"),
                "timecode_end": timecode.get("end"),
                "anchored_on": citation["anchored_on"] and citation["anchored_on"]["date"],
            },
        )
    for other in one["links"]:
        yield "links", other | {"claim": one["ref"], "other": other["claim"], "kind": code(other["kind"])}


def status(one):
    extent = one["extent"] or {}
    coded = ("mode", "aspect", "value", "cause", "intent", "scope", "completeness", "probability")
    return {name: code(one[name]) for name in coded} | {
        "value_label": label(one["value"]),
        "effects": listed(one["effects"]),
        "agent": ref(one["agent"]),
        "agent_label": label(one["agent"]),
        "extent_min": extent.get("min"),
        "extent_max": extent.get("max"),
    }


def protection(one):
    parties = {name: ref(one[name]) for name in ("authority", "binds")}
    return parties | {f"{name}_label": label(one[name]) for name in parties} | {"kind": code(one["kind"])}


OWN = {
    "statuses": status,
    "attributions": lambda one: {"facet": code(one["facet"]), "argued_from": code(one["argued_from"])},
    "protections": protection,
    "counts": lambda one: {
        "predicate": code(one["predicate"]),
        "number_qualifier": code(one["number_qualifier"]),
    },
}


def written(value):
    """Return ``value`` as canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Lines:
    """Turns rows of one table into lines. Source: RFC 4180, UTF-8; what is empty or unknown is an empty cell."""

    def __init__(self, table):
        self.names = [column.name for column in table.columns]
        self.types = [column.type for column in table.columns]
        self.rows = 0

    def head(self):
        return self.line(self.names)

    def __call__(self, row):
        """Return the line of ``row`` in bytes."""
        self.rows += 1
        return self.line([cell(row.get(name), kind) for name, kind in zip(self.names, self.types, strict=True)])

    @staticmethod
    def line(cells):
        text = io.StringIO(newline="")
        csv.writer(text).writerow(cells)
        return text.getvalue().encode()


def cell(value, kind):
    if value is None:
        return ""
    if kind == "boolean":
        return "true" if value else "false"
    return value
