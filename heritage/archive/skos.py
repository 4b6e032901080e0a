"""The vocabularies as SKOS in Turtle. Source: W3C Recommendations “SKOS Reference” and “RDF 1.1 Turtle”."""

import json

from heritage.registry import vocabulary as words

PREFIXES = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dct: <http://purl.org/dc/terms/> .
"""
ROOT = "urn:heritage-register:vocabulary:"
ELSEWHERE = {"aat": "http://vocab.getty.edu/aat/", "wikidata": "http://www.wikidata.org/entity/"}


def turtle(records):
    """Return the vocabularies as Turtle: ``records`` of the extensible ones, then the fixed ones of the register."""
    parts = [PREFIXES]
    for record in sorted(records, key=lambda one: one["code"]):
        parts.append(scheme(record["code"], record["label"], "en"))
        parts += [term(record["code"], one) for one in record["terms"]]
    for name, choices in sorted(fixed().items()):
        parts.append(scheme(name, (choices.__doc__ or name).strip().splitlines()[0], "en"))
        parts += [concept(name, one.value, [(str(one.label), "en")], str(one.definition)) for one in choices]
    return "\n".join(parts).encode()


def fixed():
    """Return the fixed vocabularies by name: those whose terms have definitions."""
    return {
        name: one
        for name, one in vars(words).items()
        if isinstance(one, type) and getattr(one, "values", None) and hasattr(next(iter(one)), "definition")
    }


def scheme(name, label, language):
    return f"<{ROOT}{name}> a skos:ConceptScheme ;\n  dct:title {text(label, language)} .\n"


def term(vocabulary, one):
    labels = sorted((label, language) for language, label in one["labels"].items()) or [(one["label"], "en")]
    return concept(vocabulary, one["code"], labels, one["definition"], one)


def concept(vocabulary, code, labels, definition, one=None):
    one = one or {}
    home = f"{ROOT}{vocabulary}"
    says = [f"a skos:Concept ;\n  skos:inScheme <{home}>", f"skos:notation {text(code)}"]
    says += [f"skos:prefLabel {text(label, language)}" for label, language in labels]
    if definition:
        says.append(f"skos:definition {text(definition, 'en')}")
    if one.get("broader"):
        says.append(f"skos:broader <{home}:{one['broader']}>")
    else:
        says.append(f"skos:topConceptOf <{home}>")
    if one.get("standard"):
        says.append(f"dct:source {text(one['standard'])}")
    for scheme_name, value in sorted(one.get("mappings", {}).items()):
        says += equivalents(scheme_name, value)
    if one.get("retired_on"):
        says.append(f"skos:historyNote {text('Retired on ' + one['retired_on'], 'en')}")
    return f"<{home}:{code}> " + " ;\n  ".join(says) + " .\n"


def equivalents(scheme_name, value):
    """Yield how a term of another vocabulary is named: linked where it has an address, otherwise noted."""
    for one in value if isinstance(value, list) else [value]:
        plain = str(one)
        if scheme_name in ELSEWHERE and plain.isalnum() and plain.isascii():
            yield f"skos:closeMatch <{ELSEWHERE[scheme_name]}{plain}>"
        else:
            yield f"skos:note {text(f'{scheme_name}: {plain}', 'en')}"


def text(value, language=""):
    """Return a Turtle literal. JSON's escapes of quotation marks, backslashes and control characters are Turtle's too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F") + (f"@{language}" if language else "")
