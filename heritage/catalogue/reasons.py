"""Why an entry was found: the name, place or type that has the words, and where in it they stand."""

import json
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from heritage.catalogue.folding import fold, forms, words
from heritage.catalogue.models import EntryTerm, PlaceWord

LIKE, SOUND, LETTERS = 1, 2, 3


@dataclass(frozen=True)
class Reason:
    """One text that matches. ``kind``: label, name, similar, reference, place, type or text (then ``text`` is empty).

    ``spans`` are the (start, end) positions in ``text`` of the words that match.
    """

    kind: str
    text: str = ""
    language: str = ""
    spans: tuple = ()

    def __str__(self):
        """Return the reason as a sentence; empty where the label shows it."""
        values = {"text": self.text, "language": language_name(self.language)}
        match self.kind:
            case "label":
                return ""
            case "name":
                return (
                    _("matches the %(language)s name “%(text)s”") % values
                    if self.language
                    else _("matches the name “%(text)s”") % values
                )
            case "similar":
                return _("sounds like “%(text)s”") % values
            case "reference":
                return _("matches the reference %(text)s") % values
            case "place":
                return _("matches the place name “%(text)s”") % values
            case "type":
                return _("matches the type “%(text)s”") % values
        return _("matches the description or a source")


def language_name(code):
    """Return the name of a language in the reader's language, or the code where it has none here."""
    try:
        return get_language_info(code)["name_translated"] if code else ""
    except KeyError:
        return code


def reasons(query, entries, similar=()):
    """Return by primary key of each entry its reasons, at least one; ``similar`` are those with none of a single word's forms."""
    explained, open_words = {}, {}
    for entry in entries:
        enough = LIKE if len(query.wanted) == 1 and entry.pk in similar else LETTERS
        explained[entry.pk], open_words[entry.pk] = explain(query, entry, enough)
    unexplained = {pk: missing for pk, missing in open_words.items() if missing}
    named = places_with_the_words(query, unexplained)
    for pk in unexplained:
        explained[pk] += named.get(pk) or [Reason("text")]
    return explained


def explain(query, entry, enough=LETTERS):
    """Return the fewest reasons found greedily in the entry's ready row, and the numbers of the words they leave open.

    A text that has every word ``enough`` closely explains all by itself.
    """
    missing, found, candidates = set(range(len(query.wanted))), [], []
    for reason in texts_of(entry):
        hits = hits_in(query, reason)
        if sum(closeness for closeness, _spans in hits.values()) >= enough * len(missing):
            return [shown(reason, hits)], set()
        if hits:
            candidates.append((reason, hits))
    while missing:
        best = max(candidates, key=lambda one: worth(one[1], missing), default=None)
        if best is None or not missing & best[1].keys():
            break
        reason, hits = best
        found.append(shown(reason, hits))
        missing -= hits.keys()
    return found, missing


def worth(hits, missing):
    """Return how well hits explain the missing words: how many, then how closely."""
    explained = [closeness for number, (closeness, _spans) in hits.items() if number in missing]
    return len(explained), sum(explained)


def texts_of(entry):
    """Yield what a list shows or could show of an entry, as reasons without spans, the plainest first."""
    row = json.loads(entry.row)
    yield Reason("label", row["label"])
    for name in row["names"]:
        yield Reason("name", name["text"], name["language"])
    yield Reason("reference", row["ref"])
    for place in row["places"]:
        yield Reason("place", place["label"])
    for one in row["types"]:
        yield Reason("type", one["label"])
    yield Reason("type", row["kind"]["label"])


@lru_cache(maxsize=5_000)
def spelt(text, language):
    """Return (start, end, word, its forms) of each word of a text; entries of one page share many."""
    return [(start, end, word, forms(word, language)) for start, end, word in words(text)]


def hits_in(query, reason):
    """Return by number of each word of the query that a text has: (how closely, the spans)."""
    hits = {}
    for start, end, word, has in spelt(reason.text, reason.language):
        for number in range(len(query.wanted)):
            closeness = closeness_of(query, number, word, has)
            if closeness:
                best, spans = hits.get(number, (0, ()))
                hits[number] = (max(best, closeness), (*spans, (start, end)))
    return hits


def closeness_of(query, number, word, has):
    """Return whether a word of a text, with the forms it ``has``, has the letters, the sound or something like it of one asked for."""
    wanted = query.wanted[number]
    if wanted.is_in(has):
        return LETTERS if fold(word).startswith(fold(wanted.word)) else SOUND
    return LIKE if not query.similar_words[number].isdisjoint(has) else 0


def shown(reason, hits):
    """Return the reason with its spans; a name that is only similar says so."""
    similar = any(closeness == LIKE for closeness, _spans in hits.values()) and reason.kind in {"label", "name"}
    spans = tuple(sorted({span for _closeness, spans in hits.values() for span in spans}))
    return Reason("similar" if similar else reason.kind, reason.text, reason.language, spans)


def places_with_the_words(query, unexplained):
    """Return by primary key the recorded names, of places the entries lie in, that have words still to be explained."""
    refs = {ref for clause in query.clauses for ref in clause.places} if unexplained else set()
    if not refs:
        return {}
    lies_in = EntryTerm.objects.filter(facet="place", code__in=refs, entry__in=list(unexplained)).order_by("code")
    forms_wanted = {word for clause in query.clauses for word in clause.terms}
    names = PlaceWord.objects.filter(ref__in=refs, word__in=forms_wanted).order_by("ref", "text", "language")
    by_ref = {}
    for name in names:
        by_ref.setdefault(name.ref, []).append(Reason("place", name.text, name.language))
    found = {}
    for pk, ref in lies_in.values_list("entry", "code"):
        for reason in by_ref.get(ref, ()):
            hits = hits_in(query, reason)
            if pk not in found and hits.keys() & unexplained[pk]:
                found[pk] = [shown(reason, hits)]
    return found
