"""How each database finds entries by words: the full-text search of SQLite, and that of PostgreSQL.

Both get the same forms (see ``folding``) and answer the same; neither is given what a reader typed.
"""
# ruff: noqa: S608 – what is put into SQL is the names of tables and fixed conditions; values are parameters

import json
import time
from collections import Counter
from dataclasses import dataclass

from django.core import checks
from django.db import connections, models

NAMES, ANYWHERE = "names", "anywhere"
COMMON = 0.01
LASTING = 600
SURE = 1_001  # rows counted before statistics are believed that tell of many more
AT_ONCE = 200_000  # entries of a register up to which SQLite finds all that match at once
GREATEST = 2**63 - 1
STATISTICS = {}


@dataclass(frozen=True)
class Clause:
    """What one word of a query may be: whole ``terms``, ``prefixes``, ``starts`` (one to three letters of a name), ``places``."""

    terms: tuple = ()
    prefixes: tuple = ()
    starts: tuple = ()
    places: tuple = ()

    def __bool__(self):
        return bool(self.terms or self.prefixes or self.starts or self.places)


def engine(alias):
    """Return the engine of the database ``alias``."""
    connection = connections[alias]
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor](connection)


class Engine:
    """What the two have in common."""

    def __init__(self, connection):
        self.connection = connection

    def rows(self, sql, parameters=()):
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    def ids(self, expression, moment=None, most=1, beyond=None, backward=False, last=None):
        """Return at most ``most`` primary keys of entries that match, in order, after (or before) ``beyond``, up to ``last``.

        ``moment`` is the end of a past day; ``None`` means the entries of now.
        """
        source, parameters = self.source(expression, moment)
        if beyond is not None:
            source += f" AND found.pk {'<' if backward else '>'} %s"
            parameters.append(beyond)
        if last is not None:
            source += " AND found.pk <= %s"
            parameters.append(last)
        order = "DESC" if backward else "ASC"
        found = self.rows(f"SELECT found.pk {source} ORDER BY found.pk {order} LIMIT %s", [*parameters, most])
        return [pk for (pk,) in found]

    def count(self, expression, moment=None, most=1):
        """Return the number of entries that match, counted no further than ``most``."""
        source, parameters = self.source(expression, moment)
        [(number,)] = self.rows(f"SELECT COUNT(*) FROM (SELECT 1 {source} LIMIT %s) found", [*parameters, most])
        return number

    def labels(self, pks):
        """Return (primary key, sort label) of the entries with these primary keys."""
        return self.rows(
            f"SELECT edition_id, sort_label FROM catalogue_entry WHERE edition_id {self.AMONG}", [self.array(pks)]
        )

    def newest(self):
        """Return the highest primary key of an entry."""
        [(pk,)] = self.rows("SELECT MAX(edition_id) FROM catalogue_entry")
        return pk

    def among(self, pks):
        """Return the condition that the primary key is one of ``pks``, which may be many."""
        return Holds(f"%(expressions)s {self.AMONG}", [self.array(pks)])

    def source(self, expression, moment):
        if moment is None:
            return f"FROM {self.matching('now')} found WHERE 1 = 1", [expression]
        both = f"(SELECT pk FROM {self.matching('now')} n UNION ALL SELECT pk FROM {self.matching('past')} p) found"
        known = "entry.published_at < %s AND (entry.replaced_at IS NULL OR entry.replaced_at >= %s)"
        return (
            f"FROM {both} JOIN catalogue_entry entry ON entry.edition_id = found.pk WHERE {known}",
            [expression, expression, *[self.connection.ops.adapt_datetimefield_value(moment)] * 2],
        )

    def has(self, word):
        """Tell whether a search row, of now or of the past, has the word."""
        expression = self.expression([Clause(terms=(word,))], ANYWHERE)
        sql = f"SELECT 1 FROM {self.matching('now')} n UNION ALL SELECT 1 FROM {self.matching('past')} p LIMIT 1"
        return bool(self.rows(sql, [expression, expression]))


class SQLite(Engine):
    """FTS5 over ``SearchRow``, kept by triggers; one index of the entries of now, one of the past."""

    AMONG = "IN (SELECT value FROM json_each(%s))"

    def array(self, values):
        """Return ``values`` as the parameter of ``AMONG``."""
        return json.dumps(list(values))

    def tally(self, entries, facets):
        """Return (pair, number) for each pair of kind and condition, and of facet and code, of the entries with these primary keys.

        Counted here: to group them the database would sort them first, which takes twice as long.
        """
        sql = (
            "SELECT kind, condition FROM json_each(%s) CROSS JOIN catalogue_entry WHERE edition_id = value UNION ALL "
            "SELECT facet, code FROM json_each(%s) CROSS JOIN catalogue_entryterm "
            f"WHERE entry_id = value AND facet IN ({', '.join(['%s'] * len(facets))})"
        )
        return Counter(self.rows(sql, [self.array(entries), self.array(entries), *facets])).items()

    def expression(self, clauses, where):
        """Return the clauses, all of which must hold, in the language of FTS5."""
        columns = "names" if where == NAMES else "names places text"
        return " AND ".join(self.clause(clause, columns) for clause in clauses)

    def clause(self, clause, columns):
        terms = [f'"{term}"' for term in clause.terms] + [f'"{prefix}" *' for prefix in clause.prefixes]
        parts = [f"{{{columns}}} : ({' OR '.join(terms)})"] if terms else []
        parts += [f'starts : "{start}"' for start in clause.starts]
        if columns != "names" and clause.places:
            refs = " OR ".join(f'"{ref}"' for ref in clause.places)
            parts.append(f"places : ({refs})")
        return f"({' OR '.join(parts)})"

    def matching(self, era):
        table = f"catalogue_search_{era}"
        return f"(SELECT rowid AS pk FROM {table} WHERE {table} MATCH %s)"

    def probe(self, expression, eras):
        """Return the condition that an entry matches, for any order: found out once for all where that is sooner done.

        To ask of one entry after another is right for the first of very many; for a beginning of words it takes all of its
        entries each time. The plus keeps SQLite from fetching and sorting all that match.
        """
        tables = [f"catalogue_search_{era}" for era in eras]
        asked = "EXISTS(SELECT 1 FROM {0} WHERE {0} MATCH %s AND {0}.rowid = %(expressions)s)"
        if " *" in expression or (self.newest() or 0) <= AT_ONCE:
            asked = "+%(expressions)s IN (SELECT rowid FROM {0} WHERE {0} MATCH %s)"
        return Holds(" OR ".join(asked.format(table) for table in tables), [expression] * len(tables))

    def containing(self, part, most):
        """Return words of names that contain ``part``, three letters or more; at most ``most``."""
        groups = sorted({part[start : start + 3] for start in range(len(part) - 2)})
        found = self.rows(
            "SELECT word FROM catalogue_word WHERE bones <> '' AND instr(word, %s) AND id IN "
            "(SELECT rowid FROM catalogue_search_letters WHERE catalogue_search_letters MATCH %s) ORDER BY word LIMIT %s",
            [part, " AND ".join(f'"{group}"' for group in groups), most],
        )
        return [word for (word,) in found]

    def clear(self):
        """Empty the search rows at once, past the triggers that would unpick every word."""
        triggers = self.rows(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'catalogue_searchrow'"
        )
        with self.connection.cursor() as cursor:
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute("DELETE FROM catalogue_searchrow")
            for era in ("now", "past"):
                cursor.execute(f"INSERT INTO catalogue_search_{era}(catalogue_search_{era}) VALUES ('delete-all')")
            for _name, sql in triggers:
                cursor.execute(sql)


class PostgreSQL(Engine):
    """A tsvector made from ``SearchRow`` by the database: each word, once more with "=" if it is of a name, and "^" starts."""

    AMONG = "= ANY(%s)"

    def array(self, values):
        return list(values)

    def tally(self, entries, facets):
        sql = (
            "SELECT kind, condition, COUNT(*) FROM catalogue_entry WHERE edition_id = ANY(%s) GROUP BY 1, 2 UNION ALL "
            "SELECT facet, code, COUNT(*) FROM catalogue_entryterm WHERE entry_id = ANY(%s) AND facet = ANY(%s) GROUP BY 1, 2"
        )
        found = self.rows(sql, [list(entries), list(entries), list(facets)])
        return [((name, code), count) for name, code, count in found]

    def expression(self, clauses, where):
        lexemes = [self.lexemes(clause, where) for clause in clauses]
        common = self.common_lexemes()
        text = " & ".join(f"({' | '.join(quoted(one))})" for one in lexemes)
        rows = [max((common[lexeme] for lexeme in one if lexeme in common), default=0) for one in lexemes]
        return Expression(text, is_common=all(rows), rows=rows[0] if len(rows) == 1 else 0)

    def lexemes(self, clause, where):
        """Return the lexemes that a clause may be, a prefix ending in a star."""
        mark = "=" if where == NAMES else ""
        found = [mark + term for term in clause.terms] + [f"{mark}{prefix}*" for prefix in clause.prefixes]
        return [*found, *(f"^{start}" for start in clause.starts), *(clause.places if where != NAMES else ())]

    def common_lexemes(self):
        """Return about how many rows have each lexeme that one in a hundred has: statistics of the database, read once in a while.

        The planner knows no better what a query of many rare words finds, and reads the whole table for a page of them.
        """
        read_at, found = STATISTICS.get(self.connection.alias, (-LASTING, {}))
        if time.monotonic() - read_at > LASTING:
            rows = self.rows(
                "SELECT lexeme, share * (SELECT reltuples FROM pg_class WHERE oid = 'catalogue_searchrow'::regclass) "
                "FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) one(lexeme, share) "
                "WHERE schemaname = ANY(current_schemas(false)) AND tablename = 'catalogue_searchrow' AND attname = 'lexemes' AND share >= %s",
                [COMMON],
            )
            found = {lexeme: max(1, int(number)) for lexeme, number in rows}
            STATISTICS[self.connection.alias] = (time.monotonic(), found)
        return found

    def ids(self, expression, moment=None, most=1, beyond=None, backward=False, last=None):
        if expression.is_common or moment is not None:
            return super().ids(expression, moment, most, beyond, backward, last)
        order = "DESC" if backward else "ASC"
        further = "WHERE pk <= %s" if beyond is None else f"WHERE pk <= %s AND pk {'<' if backward else '>'} %s"
        found = self.rows(
            f"WITH found AS MATERIALIZED {self.matching('now')} SELECT pk FROM found {further} ORDER BY pk {order} LIMIT %s",
            [expression, GREATEST if last is None else last, *([] if beyond is None else [beyond]), most],
        )
        return [pk for (pk,) in found]

    def count(self, expression, moment=None, most=1):
        # To read the words of thousands of entries takes longer than all the rest of an answer.
        if moment is None and expression.rows > 2 * most > 2 * SURE:
            number = super().count(expression, moment, SURE)
            return most if number == SURE else number
        if expression.is_common or moment is not None:
            return super().count(expression, moment, most)
        [(number,)] = self.rows(
            f"WITH found AS MATERIALIZED {self.matching('now')} SELECT COUNT(*) FROM found", [expression]
        )
        return min(number, most)

    def matching(self, era):
        current = "current" if era == "now" else "NOT current"
        return f"(SELECT entry_id AS pk FROM catalogue_searchrow WHERE {current} AND lexemes @@ %s::tsquery)"

    def probe(self, expression, eras):
        current = {("now",): " AND word.current"}.get(tuple(eras), "")
        sql = f"EXISTS(SELECT 1 FROM catalogue_searchrow word WHERE word.lexemes @@ %s::tsquery{current} AND word.entry_id = %(expressions)s)"
        return Holds(sql, [expression])

    def containing(self, part, most):
        found = self.rows(
            "WITH near AS MATERIALIZED (SELECT word FROM catalogue_word WHERE bones <> '' AND (word || '') LIKE %s) "
            "SELECT word FROM near ORDER BY word LIMIT %s",
            [f"%{part}%", most],
        )
        return [word for (word,) in found]

    def clear(self):
        with self.connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalogue_searchrow")


class Expression(str):
    """A query in the language of a database, whether its every word is a common one, and about how many rows a single such word has."""

    def __new__(cls, text, is_common=False, rows=0):
        made = super().__new__(cls, text)
        made.is_common, made.rows = is_common, rows
        return made


def quoted(lexemes):
    return [f"'{lexeme[:-1]}':*" if lexeme.endswith("*") else f"'{lexeme}'" for lexeme in lexemes]


class Holds(models.Func):
    """A condition on the primary key of the rows asked for, in SQL."""

    output_field = models.BooleanField()

    def __init__(self, sql, parameters):
        super().__init__(models.F("pk"))
        self.sql, self.parameters = sql, parameters

    def as_sql(self, compiler, connection, **context):
        column, _none = compiler.compile(self.source_expressions[0])
        return f"({self.sql.replace('%(expressions)s', column)})", list(
            self.parameters
        )  # it stands beside other conditions


@checks.register(checks.Tags.database)
def trigrams_are_there(databases=None, **options):
    """Say so where PostgreSQL lacks the index that finds misspelt words fast; results are the same without it."""
    missing = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor == "postgresql" and not connection.introspection.table_names():
            continue
        if connection.vendor == "postgresql" and not Engine(connection).rows(
            "SELECT 1 FROM pg_indexes WHERE indexname = 'catalogue_search_letters'"
        ):
            missing.append(
                checks.Warning(
                    "The extension pg_trgm is not in use: misspelt words are found by reading the whole list of words.",
                    hint="Let a superuser run CREATE EXTENSION pg_trgm, then make the index: see migration catalogue.0002.",
                    id="catalogue.W001",
                )
            )
    return missing
