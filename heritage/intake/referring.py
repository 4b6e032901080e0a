"""Related sources: what a supplier's list itself refers to, as sources of the register that its claims cite."""

from heritage.intake.cells import one_line, several
from heritage.intake.patterns import pattern
from heritage.registry.forms import SourceForm
from heritage.registry.lifecycle import register
from heritage.registry.models import Source, Term
from heritage.registry.vocabulary import ReadState, SourceAccess, StandardOfProof

LONGEST_TITLE, LONGEST_LOCATOR = 500, 300


def add_references(composer, rows, composed):
    """Add what each row refers to, [[title, locator, kind, language]], to the claims that cite it; one too long is remarked."""
    for rules in composer.mapping.source:
        found = {}
        for cells in rows:
            text = (composer.whole if rules.separator else composer.filled)(cells, rules.title)
            for one in several(text, rules.separator) if rules.separator else (text,):
                title, locator = parted(one_line(one), rules.pattern)
                if not title or title in composer.empty:
                    continue
                if len(title) > LONGEST_TITLE or len(locator) > LONGEST_LOCATOR:
                    column = ", ".join("|".join(part) for template in rules.title for part in template.columns)
                    composed.remarks.append(too_long(column, title))
                    continue
                found.setdefault((title, locator), [title, locator, rules.kind, rules.language])
        for slot, values in composed.wanted.items():
            if found and slot.partition(" ")[0] in rules.cited_by:
                values["sources"] = values.get("sources", []) + list(found.values())


def parted(text, rule):
    """Return (title, locator) of one reference, told apart by the pattern ``rule``."""
    found = pattern(rule).fullmatch(text) if rule else None
    if found is None:
        return text, ""
    groups = found.groupdict()
    return (groups["title"] or "").strip(), (groups.get("locator") or "").strip()


def too_long(column, title):
    return {
        "column": column,
        "value": f"{title[:200]}…",
        "reason": f"A reference has at most {LONGEST_TITLE} characters; it is not made a source.",
        "mend": "Part it, or enter the source by hand.",
    }


class References:
    """The sources that a list refers to, found in the register by title and kind, or entered when a plan is applied."""

    def __init__(self, by=None, reason=""):
        """``reason``: what the journal says of those entered; without it none is."""
        self.by, self.reason, self.known = by, reason, {}

    def source(self, title, kind, language):
        """Return the source, not saved where it is only planned; None where the register refuses it."""
        key = (title, kind)
        if key not in self.known:
            found = Source.objects.visible_to(self.by).filter(
                title=title, kind__vocabulary="source_kind", kind__code=kind
            )
            self.known[key] = found.order_by("pk").first() or self.entered(title, kind, language)
        return self.known[key]

    def entered(self, title, kind, language):
        term = Term.objects.filter(vocabulary="source_kind", code=kind).first()
        form = SourceForm(
            {
                "title": title,
                "kind": term and term.pk,
                "language": language,
                "standard_of_proof": StandardOfProof.NOT_STATED.value,
                "read_state": ReadState.NOT_READ.value,
                "access_level": SourceAccess.PUBLIC.value,
                "date": "",
            }
        )
        if not form.is_valid():
            return None
        row = form.save(commit=False)
        return register(row, self.by, self.reason) if self.reason else row
