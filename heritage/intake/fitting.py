"""Whether a mapping fits: the columns of a file, and the codes of the register."""

from heritage.intake import schema
from heritage.intake.checking import Rules
from heritage.intake.date_words import SIGNS as WORDS_OF_DATES
from heritage.intake.nearness import Hints
from heritage.registry.models import Place, Term
from heritage.registry.vocabulary import VALUES_OF_ASPECT, Certainty, Kind, Probability

SIGNS = {
    *("about", "before", "after", "to", "and", "from", "or", "century", "early", "middle", "late", "first", "second"),
    *("third", "fourth", "last", "half", "quarter", "decade", "AD", "BC", "AH", "nothing"),
}

ANOTHER_ROW = (
    "If the names of the columns stand in another row, say which: --header ROW, or header under [file] in the mapping."
)
MOST_LISTED = 60

VOCABULARIES = {
    "types": "monument_type",
    "effects": "effect",
    "cause": "cause",
    "kind": "protection_kind",
    "predicate": "count_predicate",
}


def validate(mapping, columns):
    """Return sentences about columns that the file lacks and words that are no codes of ours; empty when all is well."""
    missing = list(missing_columns(mapping, columns))
    if missing and not any(
        set(alternatives) & set(columns) for _rules, alternatives, _where in needed_columns(mapping)
    ):
        missing.append(ANOTHER_ROW)
    return [*missing, *unknown_codes(mapping)]


def missing_columns(mapping, columns):
    """Yield a sentence for each rule whose columns the file does not have."""
    hints = Hints()
    known = set(columns) | {rules["as"] for rules in [*mapping.lookup, *mapping.join]}
    for rules, alternatives, where in needed_columns(mapping):
        if rules.get("optional") or known & set(alternatives):
            continue
        near = next(filter(None, (hints.near(name, columns) for name in alternatives)), "")
        hint = f" Do you mean “{near}”?" if near else f" Its columns are: {listed(columns)}."
        yield f"The file has no column “{' or '.join(alternatives)}” ({where}).{hint}"


def listed(columns):
    """Return the names of columns in words; of very many the first ones."""
    more = f" and {len(columns) - MOST_LISTED:,} more" if len(columns) > MOST_LISTED else ""
    return ", ".join(columns[:MOST_LISTED]) + more


def needed_columns(mapping):
    """Yield (rules, alternative columns, where) of all columns that must be there."""
    tables = [getattr(mapping, name) for name in schema.TABLES if name != "position" or mapping.has_position]
    lists = [rules for name in schema.LISTS if name not in ("lookup", "join") for rules in getattr(mapping, name)]
    for rules in [*tables, *lists]:
        if rules.get("file"):
            continue  # its columns are those of another table
        for name, value in rules.items():
            yield from columns_of(rules, name, value)


def columns_of(rules, name, value):
    where = f"{rules.where}.{name}"
    key = (schema.TABLES.get(rules.where) or schema.LISTS.get(rules.where.split()[0], {})).get(name)
    if value is None or key is None:
        return
    if key.kind == "columns":
        yield rules, value, where
    elif name == "each":
        yield from ((rules, (one.strip(),), where) for one in value)
    elif key.kind == "template" and value:
        yield from template_columns(rules, value, where)
    elif key.kind in ("pick", "date"):
        own = value if value.optional else rules
        for part in ("column", "until"):
            if value.get(part):
                yield own, value[part], f"{where}.{part}"
        if value.get("text"):
            yield from template_columns(own, value["text"], where)


def template_columns(rules, templates, where):
    """Yield what a list of templates needs: one of them must have all its columns."""
    if len(templates) == 1:
        yield from ((rules, alternatives, where) for alternatives in templates[0].columns)
    elif all(one.columns for one in templates):
        yield rules, tuple(name for one in templates for names in one.columns for name in names), where


def unknown_codes(mapping):
    """Yield a sentence for each code in a mapping that the register does not have."""
    hints = Hints()
    for rules, name, pick in picks(mapping):
        codes = known_codes(rules, name)
        given = [*(pick.words or {}).values(), *([pick.without] if pick.without else [])]
        for code in dict.fromkeys(given):
            if codes is not None and code not in codes:
                near = hints.near(code, codes)
                hint = f"do you mean “{near}”?" if near else f"there are: {', '.join(sorted(codes))}."
                yield f"{pick.where} has “{code}”, which is no code of ours; {hint}"
    kinds = set(Term.objects.of("source_kind").in_use().values_list("code", flat=True))
    for rules in mapping.source:
        for name, given, known in (("kind", [rules.kind], kinds), ("cited_by", rules.cited_by, set(schema.CLAIMS))):
            for one in [one for one in given if one not in known]:
                yield f"{rules.where} {name} has “{one}”; it can be: {', '.join(sorted(known))}."
    for letter, side in mapping.position.sides.items():
        if side not in ("N", "S", "E", "W"):
            yield f"[position] sides has “{letter}” = “{side}”; it can be: N, S, E, W."
    for language in mapping.dates.language:
        if language not in WORDS_OF_DATES:
            known = ", ".join(sorted(WORDS_OF_DATES))
            yield f"[dates] language has “{language}”, of which no words are known; there are: {known}. Leave it out and give the words under [dates] words."
    for sign in mapping.dates.words.values():
        if sign not in SIGNS:
            yield f"[dates] words has “{sign}”; it can be: {', '.join(sorted(SIGNS))}."


def picks(mapping):
    """Yield (rules, name of the key, pick) of every pick."""
    for rules in [mapping.record, mapping.position, *(rules for _sort, _number, rules in mapping.claims())]:
        for name, value in rules.items():
            if isinstance(value, Rules) and "words" in value:
                yield rules, name, value


def known_codes(rules, name):
    """Return the codes that a pick may give."""
    sort = rules.where.split()[0]
    if name == "value":
        values = VALUES_OF_ASPECT.get(rules.aspect)
        return set(values.values) if values else None
    fixed = {"certainty": Certainty.values, "probability": Probability.values}
    if name in fixed:
        return set(fixed[name])
    if (sort, name) == ("record", "kind"):
        return set(Kind.values)
    if name == "place":
        return set(Place.objects.values_list("ref", flat=True))
    vocabulary = VOCABULARIES[name]
    return set(Term.objects.of(vocabulary).in_use().values_list("code", flat=True))
