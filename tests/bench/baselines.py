"""The floor: one query through the database's own driver and the standard ``json``, in this process, without HTTP.

The answer is the same as the register's: the ready rows or record, decoded and encoded again, with the total and the counts
beside the filters, but without labels, links and reasons.
"""

import json

from heritage.catalogue.folding import asked as forms_asked
from tests.bench.samples import FILTERS, SIZE, asked

ROWS = "SELECT row FROM catalogue_entry e WHERE replaced_at IS NULL {and_more} ORDER BY sort_label, ref LIMIT {limit}"
OF_TYPE = "AND EXISTS (SELECT 1 FROM catalogue_entryterm WHERE facet = 'type' AND code = %s AND entry_id = edition_id)"
RECORD = "SELECT record FROM catalogue_edition WHERE ref = %s AND replaced_at IS NULL"
CUBE = ("kind", "type", "condition", "place")
FEW, COUNTED_TO = 10_000, 1_000
MATCHES = {
    "sqlite": "SELECT rowid FROM catalogue_search_now WHERE catalogue_search_now MATCH %s ORDER BY rowid LIMIT {limit}",
    "postgres": "SELECT entry_id FROM catalogue_searchrow WHERE current AND lexemes @@ %s::tsquery ORDER BY entry_id LIMIT {limit}",
}
AMONG = {"sqlite": "IN (SELECT value FROM json_each(%s))", "postgres": "= ANY(%s)"}
FOUND = "SELECT row FROM catalogue_entry WHERE edition_id {among} ORDER BY edition_id"
BY_COLUMN = "SELECT {name}, COUNT(*) FROM catalogue_entry WHERE edition_id {among} GROUP BY 1"
BY_TERM = "SELECT facet, code, COUNT(*) FROM catalogue_entryterm WHERE entry_id {among} AND facet || '' IN ('type', 'place') GROUP BY 1, 2"


class Floor:
    """The least that answering costs on one register."""

    def __init__(self, register, samples):
        self.connection, self.samples = register.connect(), samples
        self.engine = register.engine

    def rows(self, sql, parameters=()):
        return asked(self.connection, sql, parameters)

    def listed(self, rows, **more):
        return json.dumps({"monuments": [json.loads(row) for (row,) in rows], **more}, ensure_ascii=False)

    def page(self, number, faceted=False, filtered=True):
        """Answer a page of the list under one of ``FILTERS``, or of all, with its counts if ``faceted``."""
        asked_for = FILTERS[number % len(FILTERS)] if filtered else {}
        columns = {name: value for name, value in asked_for.items() if name != "type"}
        and_more = "".join(f"AND {name} = %s " for name in columns) + (OF_TYPE if "type" in asked_for else "")
        values = [*columns.values(), *([asked_for["type"]] if "type" in asked_for else [])]
        rows = self.rows(ROWS.format(and_more=and_more, limit=SIZE + 1), values)
        return self.listed(rows, **({"facets": self.facets(asked_for)} if faceted else {}))

    def facets(self, asked_for):
        return {name: self.counts(name, asked_for) for name in CUBE}

    def counts(self, name, asked_for):
        """Return the counts of one dimension under the others."""
        others = [one for one in CUBE if one != name]
        same = " AND ".join(f"{other} = %s" for other in others)
        sql = f"SELECT {name}, count FROM catalogue_facet WHERE {same} AND {name} <> '' ORDER BY count DESC LIMIT 12"
        return dict(self.rows(sql, [asked_for.get(other, "") for other in others]))

    def words(self, text, prefix=False):
        """Answer a search for one word: the forms are looked up, the first matches read, and few matches counted."""
        found = [pk for (pk,) in self.rows(MATCHES[self.engine].format(limit=FEW + 1), [self.expression(text, prefix)])]
        total = {"value": min(len(found), COUNTED_TO), "exact": len(found) <= COUNTED_TO}
        rows = self.among(FOUND, found[:SIZE])
        return self.listed(rows, total=total, facets=self.counted(found) if len(found) <= FEW else None)

    def expression(self, text, prefix):
        """Return the forms of a word in the language of the database's index of words."""
        forms = forms_asked(text)
        if self.engine == "sqlite":
            terms = [f'"{form}" *' if prefix else f'"{form}"' for form in forms]
            return f"{{names places text}} : ({' OR '.join(terms)})"
        return " | ".join(f"'{form}'{':*' if prefix else ''}" for form in forms)

    def among(self, sql, pks):
        """Return the rows of a query about many entries."""
        return self.rows(
            sql.replace("{among}", AMONG[self.engine]), [json.dumps(pks) if self.engine == "sqlite" else pks]
        )

    def counted(self, pks):
        """Return the counts over the matches, as the list gives them beside its filters."""
        found = {name: dict(self.among(BY_COLUMN.replace("{name}", name), pks)) for name in ("kind", "condition")}
        for facet, code, count in self.among(BY_TERM, pks):
            found.setdefault(facet, {})[code] = count
        return found

    def record(self, number):
        refs = self.samples.refs
        [(record,)] = self.rows(RECORD, [refs[number % len(refs)]])
        return json.dumps(json.loads(record), ensure_ascii=False)

    def close(self):
        self.connection.close()
