"""What a mapping can say, for whoever writes one: each table of ``schema`` with an example, the kinds of values, and our codes.

The examples together are one mapping that uses every key; a test holds them to the schema.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from heritage.intake import schema
from heritage.intake.fitting import SIGNS, VOCABULARIES
from heritage.registry.models import Term
from heritage.registry.vocabulary import VALUES_OF_ASPECT, Aspect, Certainty, Kind, Probability, Qualifier

KINDS = [
    ("text", _("a text in quotation marks"), '"CC BY 4.0"'),
    ("texts", _("one text, or a list of texts"), '["NULL", "-"]'),
    ("file", _("the plain name of a file that lies beside the list, never a path"), '"states.csv"'),
    ("flag", _("true or false"), "true"),
    ("whole", _("a whole number"), "50"),
    ("row", _("the number of a row, counted from 1"), "2"),
    ("columns", _("the name of a column, or a list of which the first that is there and filled counts"), '["name_en", "name"]'),
    ("template", _("a text with columns in braces; of a list, the first whose columns are all filled"), '"{Name} ({Town|City})"'),
    ("pick", _("how a cell becomes one of our codes: the code itself where it is always the same, or a table"), '{ column = "state", words = { "bon" = "intact" } }'),
    ("date", _("the name of a column, or a table"), '{ column = "from", until = "to" }'),
    ("words", _("a table of words, each with what it means"), '{ "bon" = "intact" }'),
    ("tongue", _("a language tag, or one for each script"), '{ Latn = "en", Arab = "fa" }'),
    ("window", _("two years, the first and the last"), "[1930, 2029]"),
    ("pattern", _("a regular expression with one group"), r"'id=(\d+)'"),
    ("parting", _("a regular expression with groups named title and locator"), r"'(?P<title>.*?), (?P<locator>p\. .*)'"),
]  # fmt: skip
ABOUT = {
    "file": _("How the file is read"),
    "supplier": _("Whose list it is: the claimant of all that it says, and the source that is cited"),
    "identifier": _("By what a record is known again"),
    "record": _("The record itself"),
    "dates": _("How dates are written"),
    "position": _("Where it is"),
    "name": _("Names"),
    "number": _("Numbers in other lists"),
    "observation": _("What was seen: a state"),
    "event": _("What happened"),
    "threat": _("What threatens it"),
    "protection": _("Its legal state"),
    "attribution": _("To whom it is attributed"),
    "count": _("Numbers of things, such as graves"),
    "lookup": _("A small table beside the file, which turns codes into words"),
    "join": _("A larger table beside the file, of which all rows of a record become one new column"),
    "source": _("What the list refers to, as sources that its claims cite"),
    "media": _("Photographs and other items"),
}
TITLE = 'title = "Lviv region: protected sites"'
EXAMPLES = {
    "file": 'format = "csv"\nencoding = "windows-1251"\ndelimiter = "semicolon"\nsheet = "Sites"\nheader = 2\nempty = ["NULL", "-"]\ncontinues = true\ncrs = "EPSG:4326"',
    "supplier": 'name = "State Service for Monuments"\nkind = "state_body"\nsource = "List of protected sites"\nsource_kind = "dataset"\nlanguage = "uk"\nurl = "https://example.org/list"\nidentifier = "doi:10.1234/abcd"\nlicence = "CC BY 4.0"\nattribution = "State Service for Monuments"\nstance = "state"\ndate = "2018"',
    "identifier": 'scheme = "Protected sites"\ncolumn = ["number", "link"]\npattern = \'(\\d+)$\'\nrepeated = "join"\npart = "region"',
    "record": 'label = ["{name} ({town})", "{name}"]\nkind = { column = "sort", words = { "цвинтар" = "cemetery" }, without = "monument" }\ntypes = { column = "type", separator = ";", words = { "церква" = "church", "міст" = "bridge" }, ignored = ["інше"], unmapped = "leave_out" }\nprecision = "exact"\nnote = ["description", "link"]',
    "dates": 'language = ["uk", "en"]\ncalendar = "gregorian"\norder = "dmy"\nwindow = [1930, 2029]\nwords = { "бл." = "about" }',
    "position": 'latitude = "lat"\nlongitude = "lon"\ncolumn = "coordinates"\norder = "latitude longitude"\ngeometry = false\nfootprint = "outline"\ndecimal = ","\nempty = ["0"]\nuncertainty = 50\nuncertainty_column = "accuracy"\nmethod = "as published by {office}"\nwording = ["address", "town"]\nseparator = "¤"\nsides = { "O" = "W" }\nplace = { column = "district", words = { "Львів" = "reference-of-the-place" }, unmapped = "leave_out" }\nunreadable = "leave_out"\noptional = true',
    "name": 'text = "{name}"\nseparator = " / "\nlanguage = { Cyrl = "uk", Latn = "en" }\nkind = "official"\noptional = true',
    "number": 'scheme = "Wikidata"\ncolumn = "wikidata"\nseparator = ";"\npattern = \'(Q\\d+)\'\noptional = true',
    "observation": 'value = { column = "state", pattern = \'^(\\w+)\', words = { "добрий" = "intact", "зруйнований" = "destroyed" } }\naspect = "condition"\nscope = "part"\npart = "{part}"\ngrade = "{state}"\nextent = "share"\ncause = { column = "reason", words = { "війна" = "armed_conflict" }, unmapped = "leave_out" }\neach = ["state", "visited"]\nseparator = ","\ndate = { column = "visited", separator = ",", take = "last", unreadable = "as_stated", optional = true }\nqualifier = "on"\nas_stated = "{visited}"\nsummary = "State given as “{state}”."\nlocator = "sheet 2, {number}"\ncertainty = "high"\nevidence = ["site_visit"]\ndirectness = "primary"\nif = "visited"\nunless = "withdrawn"\noptional = true',
    "event": 'effects = "construction"\nvalue = "intact"\ndate = { column = "from", until = "to", calendar = "gregorian" }',
    "threat": 'probability = { text = "{threat}", words = { "ймовірно" = "probable" }, optional = true }\neffects = "structural_damage"\ndate = { fixed = "2018", report = true }',
    "protection": 'kind = "national_list"\nreference = "{act}"\ncovers = "{zone}"\nended = "{ended}"',
    "attribution": 'facet = "patron_builder"\nvalue = "{architect}"\nargued_from = "not_stated"',
    "count": 'predicate = "existed"\ncounted = "gravestones"\nvalue = "stones"\nnumber_qualifier = "at_least"\nscope_note = "in the old part"',
    "lookup": 'file = "states.csv"\nsheet = "States"\nkey = "code"\nvalue = "word"\ncolumn = "state_code"\nas = "state"',
    "join": 'file = "features.xlsx"\nsheet = "Features"\nkey = "site"\nvalue = "feature"\nas = "features"',
    "source": 'title = "{literature}"\nseparator = ";"\npattern = \'(?P<title>.*?)(?:, (?P<locator>p\\. .*))?\'\nkind = "book"\nlanguage = "uk"\ncited_by = ["observation", "event"]\noptional = true',
    "media": 'file = "photos.xlsx"\nsheet = "Photos"\nkey = "site"\ntitle = "{file}"\nkind = "image"\nlocator = "{link}"\nhow = "{remarks}"\ncredit = "State Service for Monuments"\nlicence = "CC BY 4.0"\ndate = { column = "taken", unreadable = "leave_out" }\nseparator = ";"\noptional = true',
}  # fmt: skip


@dataclass(frozen=True)
class Explained:
    """One table: how it is written in the file, what it is about, its keys, an example, and what is explained elsewhere."""

    name: str
    heading: str
    about: str
    keys: dict
    example: str
    shared: bool = False


def tables():
    """Return what can be said, table by table; the keys that all claims have are explained once (see ``shared``)."""
    single = [Explained(name, f"[{name}]", ABOUT[name], keys, example(name)) for name, keys in schema.TABLES.items()]
    return [*single, *(listed(name, keys) for name, keys in schema.LISTS.items())]


def listed(name, keys):
    is_claim = name in schema.CLAIMS
    own = {key: rules for key, rules in keys.items() if not is_claim or key not in schema.CLAIM}
    return Explained(name, f"[[{name}]]", ABOUT[name], own, example(name), is_claim)


def example(name):
    sign = f"[[{name}]]" if name in schema.LISTS else f"[{name}]"
    return f"{sign}\n{EXAMPLES[name]}"


def shared():
    """Return what several tables have in common: the keys of picks, of dates and of claims."""
    return [
        ("pick", _g("Keys of a pick"), schema.PICK),
        ("date", _g("Keys of a date"), schema.DATE),
        ("claims", _g("Keys of every claim"), schema.CLAIM),
    ]


def codes():
    """Return [(where they are written, [(code, words)])] of the codes of this register, those that curators add included."""
    fixed = [
        ("record.kind", Kind),
        ("threat.probability", Probability),
        ("certainty", Certainty),
        ("qualifier", Qualifier),
    ]
    values = [
        (f'value ({_g("aspect")} = "{aspect}")', VALUES_OF_ASPECT[aspect])
        for aspect in Aspect
        if aspect in VALUES_OF_ASPECT
    ]
    where = {"types": "record.types", "kind": "protection.kind", "predicate": "count.predicate"}
    own = {where.get(key, key): vocabulary for key, vocabulary in VOCABULARIES.items()}
    own |= {"evidence": "evidence_kind", "source.kind, supplier.source_kind": "source_kind"}
    terms = [
        (name, [(one.code, str(one.label)) for one in Term.objects.of(code).in_use()]) for name, code in own.items()
    ]
    signs = [(sign, "") for sign in sorted(SIGNS)]
    return [*((name, list(choices.choices)) for name, choices in [*fixed, *values]), *terms, ("dates.words", signs)]
