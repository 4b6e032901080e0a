"""What a mapping file may say: every table and key with its kind, and what is wrong with one that says something else.

A mapping is TOML, a declaration without code. Kinds of values
- *text*, *flag*, *whole* number, *row* (a number from 1); *texts*: one text or a list.
- *columns*: the name of a column, or a list of names of which the first that is there and filled counts.
- *template*: text with columns in braces, ``"{Name} ({Town|City})"``; of a list, the first whose columns are all filled.
- *pick*: how a cell becomes one of our codes: the code itself where it is always the same, or a table ``{column, words, …}``.
- *file*: the plain name of a file that lies beside the main one, never a path.
- *date*: the name of a column, or a table ``{column, until, …}``.
"""

from dataclasses import dataclass

from heritage.registry.vocabulary import (
    ActorKind,
    Aspect,
    AttributionBasis,
    AttributionFacet,
    Certainty,
    CountQualifier,
    Directness,
    Kind,
    MediaKind,
    NameKind,
    Precision,
    Scope,
    Stance,
)


@dataclass(frozen=True)
class Key:
    """One key: the ``kind`` of its value, whether it must be there, what stands for it if it is not, the ``choices``."""

    kind: str
    needed: bool = False
    default: object = None
    choices: tuple = ()
    says: str = ""


def text(says="", **more):
    return Key("text", says=says, **more)


def one_of(choices, **more):
    return Key("text", choices=tuple(choices), **more)


NAMES = [kind for kind in NameKind.values if kind != NameKind.REGISTER_NUMBER]  # numbers have a table of their own
UNMAPPED = ("refuse", "leave_out")
UNREADABLE = ("refuse", "as_stated", "leave_out")
PICK = {
    "column": Key("columns", says="the column with the supplier's word"),
    "text": Key("template", says="instead of a column: a text made of several"),
    "words": Key("words", says="the supplier's word = our code; without it the cells hold our codes"),
    "ignored": Key("texts", default=(), says="words that say nothing to us"),
    "unmapped": one_of(UNMAPPED, default="refuse", says="what happens to a row with a word that is not mapped"),
    "separator": text("parts several words in one cell"),
    "without": text("the code where the cell is empty"),
    "pattern": Key("pattern", says="the part of the cell that counts, as a regular expression with one group"),
    "optional": Key("flag", default=False, says="the file may lack the column"),
}
DATE = {
    "column": Key("columns", says="the column with the date, or with its beginning"),
    "until": Key("columns", says="the column with its end"),
    "separator": text("parts several dates in one cell"),
    "take": one_of(("first", "last"), default="last", says="which of several dates"),
    "fixed": text("the same date for all rows, as EDTF"),
    "report": Key("flag", default=False, says="the date is that of the report: it happened then or before"),
    "unreadable": one_of(UNREADABLE, default="refuse", says="what happens to a row whose date cannot be read"),
    "calendar": one_of(("gregorian", "hijri"), says="if another than that of the file"),
    "optional": Key("flag", default=False, says="the file may lack its columns"),
}
CLAIM = {
    "each": Key("texts", default=(), says="columns that list values: a claim for each, the n-th values together"),
    "separator": text("what parts the values in them"),
    "date": Key("date", says="when it happened or was seen"),
    "qualifier": text("how the date is meant, if not as it is written"),
    "as_stated": Key("template", says="the date in the supplier's words; those of the date columns if not said"),
    "summary": Key("template", says="the claim in a sentence"),
    "locator": Key("template", says="where in the list it stands; the identifier if not said"),
    "certainty": Key("pick", default=Certainty.NOT_ASSESSED.value, says="how sure the supplier is"),
    "evidence": Key("texts", default=(), says="codes of what the supplier looked at, such as site_visit"),
    "directness": one_of(
        Directness.values, default=Directness.PRIMARY.value, says="whether the list says it by itself or passes it on"
    ),
    "if": Key("columns", says="only where this column is filled"),
    "unless": Key("columns", says="only where this column is empty"),
    "optional": Key("flag", default=False, says="the file may lack its columns"),
}
STATUS = {
    "aspect": one_of(Aspect.values, default=Aspect.CONDITION.value, says="what of the monument it is about"),
    "scope": one_of(Scope.values, default=Scope.WHOLE.value, says="of how much of the monument it is said"),
    "part": Key("template", says="the part, where it is said of a part"),
    "grade": Key("template", says="the supplier's own word for the grade"),
    "extent": Key("columns", says="the share that is affected, such as 31-60%"),
    "cause": Key("pick", says="why it happened, or threatens to"),
}
CLAIMS = ("observation", "event", "threat", "protection", "attribution", "count")
TABLES = {
    "file": {
        "format": one_of(("csv", "xlsx", "ods", "geojson"), says="found out if not said"),
        "encoding": text("such as windows-1252; found out if not said"),
        "delimiter": text(
            "what parts the columns: comma, semicolon, tab, bar, or the sign itself; found out if not said"
        ),
        "sheet": text("the name of the sheet, where a workbook has several with data"),
        "header": Key("row", default=1, says="the row with the names of the columns"),
        "empty": Key("texts", default=(), says="words that mean nothing is said, such as NULL"),
        "continues": Key("flag", default=False, says="a row without identifier continues the record above"),
        "crs": one_of(("EPSG:4326",), says="the reference system of the coordinates"),
    },
    "supplier": {
        "name": text("the body that made the list: the claimant", needed=True),
        "kind": one_of(ActorKind.values, needed=True, says="what kind of body it is"),
        "source": text("the title of the list", needed=True),
        "source_kind": text("the code of the kind of source that the list is", default="dataset"),
        "language": text("of the list, as a tag such as fr", default=""),
        "url": text("where the list is published", default=""),
        "identifier": text("DOI or the like", default=""),
        "licence": text("under which the list may be used", needed=True),
        "attribution": text("the words that the licence asks for", needed=True),
        "stance": one_of(["", *Stance.values], default="", says="from which side the list speaks"),
        "date": text("of the list, as EDTF", default=""),
    },
    "identifier": {
        "scheme": text("the name of the numbering", needed=True),
        "column": Key("columns", needed=True, says="by its number the next file finds a record again"),
        "pattern": Key(
            "pattern", says="the part of the cell that is the number, as a regular expression with one group"
        ),
        "repeated": one_of(("refuse", "join"), default="refuse", says="what several rows with one number are"),
        "part": Key("columns", says="the part of the list, where a file holds only some: others have not vanished"),
    },
    "record": {
        "label": Key("template", needed=True, says="the working title"),
        "kind": Key("pick", default=Kind.MONUMENT.value, says="monument, cemetery, site or collection"),
        "types": Key("pick", says="what it is, such as a church or a bridge"),
        "precision": one_of(Precision.values, default=Precision.KM1.value, says="how exactly readers see the position"),
        "note": Key("texts", default=(), says="columns that are kept as they are, for the desk only"),
    },
    "dates": {
        "language": Key(
            "texts", default=("en",), says="of the words in dates, such as vers or circa; several may be named"
        ),
        "calendar": one_of(("gregorian", "hijri"), default="gregorian", says="where a date does not say it by itself"),
        "order": one_of(("dmy", "mdy"), says="what 03/04/1975 is; without it such dates are refused"),
        "window": Key("window", default=(), says="first and last year of those written with two digits"),
        "words": Key("words", default={}, says='further words: "vers" = "about"'),
    },
    "position": {
        "latitude": Key("columns", says="degrees with decimals, or degrees, minutes and seconds; north is positive"),
        "longitude": Key("columns", says="likewise; east is positive"),
        "column": Key("columns", says="one column with both, or with a geometry in WKT, WKB or GeoJSON"),
        "order": one_of(
            ("latitude longitude", "longitude latitude"), default="latitude longitude", says="in a column with both"
        ),
        "geometry": Key("flag", default=False, says="the geometry of the GeoJSON feature"),
        "footprint": Key("columns", says="a column with the extent in WKT, WKB or GeoJSON"),
        "decimal": one_of((",", "."), says="the decimal sign, where the cells leave it open"),
        "empty": Key("texts", default=(), says="further words that mean nothing is said here"),
        "uncertainty": Key("whole", says="of all positions, in metres"),
        "uncertainty_column": Key("columns", says="the column with it, in metres"),
        "method": Key("template", default=(), says="how the positions were found"),
        "wording": Key("texts", default=(), says="columns that say in words where it is"),
        "separator": text("parts several addresses in a cell of them; readers see a comma instead"),
        "sides": Key("words", default={}, says='letters of the sides of the world: { "O" = "W" }'),
        "place": Key(
            "pick", says="a place of the register: its reference or, without words, its name as it stands there"
        ),
        "unreadable": one_of(
            ("refuse", "leave_out"), default="refuse", says="what happens to a row whose position cannot be read"
        ),
        "optional": Key("flag", default=False, says="the file may lack its columns"),
    },
}
LISTS = {
    "name": {
        "text": Key("template", needed=True, says="the name"),
        "separator": text("parts several names in one cell"),
        "language": Key("tongue", needed=True, says='a tag, or one for each script: { Latn = "en", Arab = "fa" }'),
        "kind": one_of(NAMES, default=NameKind.ALTERNATIVE.value, says="what the name is to the monument"),
        "optional": Key("flag", default=False, says="the file may lack its columns"),
    },
    "number": {
        "scheme": text("the name of the other list, such as Wikidata", needed=True),
        "column": Key("columns", needed=True, says="the column with the numbers"),
        "separator": text("parts several numbers in one cell"),
        "pattern": Key(
            "pattern", says="the part of the cell that is the number, as a regular expression with one group"
        ),
        "optional": Key("flag", default=False, says="the file may lack its columns"),
    },
    "observation": {"value": Key("pick", needed=True, says="the state that was seen"), **STATUS, **CLAIM},
    "event": {
        "effects": Key("pick", needed=True, says="what was done to it, such as construction or collapse"),
        "value": Key("pick", says="the state in which it was afterwards"),
        **STATUS,
        **CLAIM,
    },
    "threat": {
        "probability": Key("pick", needed=True, says="how likely it is"),
        "effects": Key("pick", says="what would be done to it"),
        **STATUS,
        **CLAIM,
    },
    "protection": {
        "kind": Key("pick", needed=True, says="the sort of list or act that protects it"),
        "reference": Key("template", says="the number of the legal act"),
        "covers": Key("template", says="what the protection covers, in words"),
        "ended": Key("template", says="how and when it ended, in words"),
        **CLAIM,
    },
    "attribution": {
        "facet": one_of(AttributionFacet.values, needed=True, says="what is attributed"),
        "value": Key("template", needed=True, says="to whom or what, in words"),
        "argued_from": one_of(
            AttributionBasis.values, default=AttributionBasis.NOT_STATED.value, says="on what the supplier rests it"
        ),
        **CLAIM,
    },
    "count": {
        "predicate": Key("pick", needed=True, says="what is told of the number, such as how many were destroyed"),
        "counted": Key("template", needed=True, says="what is counted, such as gravestones"),
        "value": Key("columns", needed=True, says="the number"),
        "number_qualifier": one_of(
            CountQualifier.values, default=CountQualifier.EXACTLY.value, says="how the number is meant"
        ),
        "scope_note": Key("template", says="what the number is of"),
        **CLAIM,
    },
    "lookup": {
        "file": Key("file", needed=True, says="a small table beside the file"),
        "sheet": text("its sheet, where there are several with data"),
        "key": text("its column with the code", needed=True),
        "value": text("its column with the word", needed=True),
        "column": text("the column of the main table with the code", needed=True),
        "as": text("the name of the new column with the word", needed=True),
    },
    "join": {
        "file": Key("file", needed=True, says="a table beside the file"),
        "sheet": text("its sheet, where there are several with data"),
        "key": text("its column that holds the identifier of the record", needed=True),
        "value": text("its column that is wanted; without it all columns, each under its name"),
        "as": text(
            'the name of the new column with what its rows say, a row on each line (separator = "\\n")', needed=True
        ),
    },
    "source": {
        "title": Key("template", needed=True, says="the reference"),
        "separator": text("parts several references in one cell"),
        "pattern": Key(
            "parting", says="what of a reference counts: a regular expression with (?P<title>…) and (?P<locator>…)"
        ),
        "kind": text("the code of its kind", default="report"),
        "language": text("of the references, as a tag", default=""),
        "cited_by": Key("texts", default=CLAIMS, says="the sorts of claims that cite it"),
        "optional": Key("flag", default=False, says="the file may lack its columns"),
    },
    "media": {
        "file": Key("file", says="a table beside the file; without it the columns are those of the main table"),
        "sheet": text("its sheet, where there are several with data"),
        "key": text("its column that holds the identifier of the record"),
        "title": Key("template", needed=True, says="the title"),
        "kind": one_of(MediaKind.values, default=MediaKind.IMAGE.value, says="what sort of item it is"),
        "locator": Key("template", says="its file name or address"),
        "how": Key("template", says="how it was made"),
        "credit": Key("template", says="whom to name: a body"),
        "licence": text("under which it may be used", default=""),
        "date": Key("date", says="when it was made"),
        "separator": text("parts several of them in one cell"),
        "optional": Key("flag", default=False, says="the file may lack its columns"),
    },
}
TOP = {"title": text("what it is for", default="")}
NEEDED = ("supplier", "identifier", "record")
