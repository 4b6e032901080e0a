"""What a reader typed, taken apart: its words, their forms, and what those may stand for in the catalogue."""
# ruff: noqa: S608 – what is put into SQL is the names of tables and fixed conditions; values are parameters

from dataclasses import dataclass, replace
from functools import cached_property

from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heritage.catalogue.engines import Clause, engine
from heritage.catalogue.folding import asked, bones, combined, likeness, words

LONGEST = 200
MOST_WORDS = 12
MOST_TERMS = 40
MOST_PLACES = 40
RARE = 200
MOST_SIMILAR = 20
MOST_LIKENED = 5
SHORT = 3
TELLING = 3
FAMILIAR = 0.4
LAST = "\U0010ffff"


class Unsearchable(ValueError):
    """Nothing can be searched for; the message says to the reader why."""


@dataclass(frozen=True)
class Wanted:
    """One word of a query and its forms."""

    word: str
    forms: tuple

    def is_in(self, forms):
        """Tell whether one of ``forms`` of a word of a text begins with a form of this one."""
        return any(form.startswith(self.forms) for form in forms)


class Query:
    """The words of a query, all of which must be found. Raises: Unsearchable."""

    def __init__(self, text, using="default"):
        self.using = using
        if len(text) > LONGEST:
            raise Unsearchable(_("Search for %(most)d characters at most.") % {"most": LONGEST})
        self.wanted = [Wanted(word, forms) for _start, _end, word in words(text) if (forms := asked(word))]
        if not self.wanted:
            raise Unsearchable(_("Type at least one letter or digit."))
        if len(self.wanted) > MOST_WORDS:
            raise Unsearchable(
                ngettext("Search for one word.", "Search for %(most)d words at most.", MOST_WORDS)
                % {"most": MOST_WORDS}
            )
        self.similar_words = [frozenset() for _one in self.wanted]

    def rows(self, sql, parameters):
        with connections[self.using].cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    @cached_property
    def known(self):
        """The words of the catalogue that begin with each form of four letters or more, at most one more than ``MOST_TERMS``."""
        long = list(dict.fromkeys(form for one in self.wanted for form in one.forms if len(form) > SHORT))
        if not long:
            return {}
        part = "SELECT * FROM (SELECT %s AS form, word FROM catalogue_word WHERE word >= %s AND word < %s ORDER BY word LIMIT %s) part"
        if connections[self.using].vendor == "postgresql":
            part = part.replace("SELECT %s AS", "SELECT %s::text AS")
        found = {form: [] for form in long}
        rows = self.rows(
            " UNION ALL ".join([part] * len(long)),
            [value for form in long for value in (form, form, form + LAST, MOST_TERMS + 1)],
        )
        for form, word in rows:
            found[form].append(word)
        return found

    @cached_property
    def terms(self):
        """For each word the words of the catalogue that it may be or begin."""
        return [
            sorted({word for form in one.forms for word in self.known.get(form, [])[:MOST_TERMS]} | set(one.forms))
            for one in self.wanted
        ]

    @cached_property
    def clauses(self):
        """What each word may be in the index: itself, longer words, beginnings of names, places of such a name."""
        return [
            Clause(
                terms=tuple(terms),
                prefixes=tuple(form for form in one.forms if len(self.known.get(form, ())) > MOST_TERMS),
                starts=tuple(form for form in one.forms if len(form) <= SHORT),
                places=tuple(places),
            )
            for one, terms, places in zip(self.wanted, self.terms, self.places_of(self.terms), strict=True)
        ]

    def places_of(self, terms):
        """Return for each list of terms the references of places with such a name, at most ``MOST_PLACES``.

        Of a common part of names, such as “upper”, those places come first that have the rarer words, too.
        """
        found = self.refs(terms, RARE + 1)
        rare = {ref for refs in found if len(refs) <= RARE for ref in refs}
        common = [number for number, refs in enumerate(found) if len(refs) > RARE]
        if rare and common:
            some = sorted(rare)[: RARE * 2]
            for number, refs in zip(common, self.refs([terms[number] for number in common], RARE, some), strict=True):
                found[number] = list(dict.fromkeys([*refs, *found[number]]))
        return [refs[:MOST_PLACES] for refs in found]

    def refs(self, terms, most, among=()):
        """Return for each list of terms at most ``most`` references, in order; with ``among``, only of those."""
        found = [[] for _list in terms]
        parts, parameters = [], []
        for number, some in enumerate(terms):
            if some:
                within = f" AND ref IN ({marks(among)})" if among else ""
                parts.append(
                    f"SELECT * FROM (SELECT DISTINCT {number} AS number, ref FROM catalogue_placeword "
                    f"WHERE word IN ({marks(some)}){within} ORDER BY ref LIMIT {most}) part"
                )
                parameters += [*some, *among]
        for number, ref in self.rows(" UNION ALL ".join(parts), parameters) if parts else ():
            found[number].append(ref)
        return found

    def similar_clauses(self, none_found):
        """Return the clauses widened by words of the same consonants and, with ``none_found``, by words much like these.

        Empty where there are no such words, and for a query of many words: its common words are like too much.
        """
        if len(self.wanted) > MOST_LIKENED:
            return []
        self.similar_words = [frozenset(self.similar(one, none_found)) for one in self.wanted]
        if not any(self.similar_words):
            return []
        similar = [sorted(words_like) for words_like in self.similar_words]
        return [
            replace(clause, terms=(*clause.terms, *terms), places=(*clause.places, *places))
            for clause, terms, places in zip(self.clauses, similar, self.places_of(similar), strict=True)
        ]

    def similar(self, one, none_found):
        """Return the words that sound like one word: the best ``MOST_SIMILAR`` of each form."""
        for form in one.forms:
            if len(form) <= SHORT:
                continue
            near = set(self.of_bones(form, none_found))
            if none_found and not near:
                near = set(self.misspelt(form))
            ordered = sorted(near, key=lambda word: (-likeness(form, word), word))
            yield from (word for word in ordered[:MOST_SIMILAR] if not one.is_in([word]))

    def of_bones(self, form, none_found):
        """Return the words with the consonants of ``form``; of four or more, also words that go on after them.

        Two consonants say little: such words must be much alike otherwise, too, unless there is nothing else.
        """
        skeleton = bones(form)
        if len(skeleton) < TELLING - 1:
            return []
        alike, upper = ("bones >= %s AND bones < %s", [LAST]) if len(skeleton) > TELLING else ("bones = %s", [])
        found = self.rows(
            f"SELECT word FROM catalogue_word WHERE NOT (bones = '') AND {alike} ORDER BY bones, word LIMIT %s",
            [skeleton, *(skeleton + last for last in upper), MOST_SIMILAR * 10],
        )
        found = [word for (word,) in found]
        if len(skeleton) < TELLING and not none_found:
            return [word for word in found if likeness(form, word) >= FAMILIAR]
        return found

    def misspelt(self, form):
        """Return the words that share a half (or a third) with ``form`` and most of their trigrams."""
        pieces = parts(form)
        lexicon = engine(self.using)
        near = {word for piece in pieces for word in lexicon.containing(piece, MOST_SIMILAR * 10)}
        return [word for word in near if likeness(form, word) >= FAMILIAR or form in word]

    def entries_by_name(self, most, moment, until=None):
        """Return (tier, name, primary key): names that are the query (0), and that begin with it (1), ``most`` of each.

        ``moment`` is the end of a past day, ``until`` the last primary key to take.
        """
        source, parameters = "catalogue_searchname found WHERE found.current", []
        if moment is not None:
            adapted = connections[self.using].ops.adapt_datetimefield_value(moment)
            source = (
                "catalogue_searchname found JOIN catalogue_entry entry ON entry.edition_id = found.entry_id "
                "WHERE entry.published_at < %s AND (entry.replaced_at IS NULL OR entry.replaced_at >= %s)"
            )
            parameters = [adapted, adapted]
        if until is not None:
            source += " AND found.entry_id <= %s"
            parameters.append(until)
        part = f"SELECT * FROM (SELECT found.name, found.entry_id FROM {source} AND found.name >= %s AND found.name < %s ORDER BY 1, 2 LIMIT %s) part"
        names = combined([one.forms for one in self.wanted])
        rows = self.rows(
            " UNION ALL ".join([part] * len(names)),
            [value for name in names for value in (*parameters, name, name + LAST, most)],
        )
        return [(0 if name in names else 1, name, pk) for name, pk in rows]


def parts(form):
    """Return two halves of a form, of a long one three thirds; none of less than three letters."""
    count = 3 if len(form) >= 9 else 2
    length = len(form) // count
    if length < 3:
        return []
    return [*(form[start * length : (start + 1) * length] for start in range(count - 1)), form[(count - 1) * length :]]


def marks(values):
    return ", ".join(["%s"] * len(values))
