"""What must agree between a claim, its effects and its citations: rows of three tables, so no constraint can say it.

Forms, imports and the audit all ask here.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from heritage.registry.dates import print_bound
from heritage.registry.dates_text import filled
from heritage.registry.models import Status
from heritage.registry.vocabulary import CitationRole

CARRYING = {CitationRole.ASSERTS, CitationRole.LAST_UNCHANGED, CitationRole.FIRST_CHANGED}


def check_claim(claim, effects, citations):
    """Return the sentences that say what does not agree; empty when all does. The citations have their sources loaded."""
    return [message for messages in faults_of(claim, effects, citations).values() for message in messages]


def faults_of(claim, effects, citations):
    """Return the same by field of the claim: "effects", "date"."""
    faults = {}
    if isinstance(claim, Status):
        try:
            claim.effects_fit(effects)
        except ValidationError as fault:
            faults.update(fault.message_dict)
    dated = [*anchor_faults(claim, citations), *later_than_sources(claim, citations)]
    return faults | ({"date": dated} if dated else {})


def anchor_faults(claim, citations):
    """Yield a sentence for each anchor whose date is not the bound that it anchors."""
    bounds = {CitationRole.LAST_UNCHANGED: (claim.lo, "lo"), CitationRole.FIRST_CHANGED: (claim.hi, "hi")}
    for citation in citations:
        if citation.role not in bounds or citation.anchored_on is None:
            continue
        bound, end = bounds[citation.role]
        if bound is None or filled(bound, end) != filled(citation.anchored_on, end):
            yield _("“%(role)s” is dated %(anchor)s in “%(source)s”, but the claim says %(bound)s.") % {
                "role": CitationRole(citation.role).label,
                "anchor": print_bound(citation.anchored_on),
                "source": citation.source,
                "bound": _("no such date") if bound is None else print_bound(bound),
            }


def later_than_sources(claim, citations):
    """Yield a sentence when the claim's later bound lies after the newest source that carries the claim."""
    carrying = [one for one in citations if one.role in CARRYING]
    ends = [one.source.hi for one in carrying]
    if not isinstance(claim, Status) or claim.hi is None or not ends or None in ends:
        return
    newest = max(carrying, key=lambda one: filled(one.source.hi, "hi")).source
    if filled(claim.hi, "hi") > filled(newest.hi, "hi"):
        yield _("It is dated up to %(hi)s, but the newest source cited, “%(source)s”, is of %(date)s.") % {
            "hi": print_bound(claim.hi),
            "source": newest,
            "date": print_bound(newest.hi),
        }
