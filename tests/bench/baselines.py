"""The floor: one query through the database's own driver and the standard ``json``, in this process, without HTTP.

Where rows are ready, as in the register, what remains is to read them, decode them and encode the answer.
"""

import json

from heritage.catalogue.folding import asked as forms_asked
from tests.bench.samples import FILTERS, SIZE, asked

ROWS = "SELECT row FROM catalogue_entry e WHERE replaced_at IS NULL {and_more} ORDER BY sort_label, ref LIMIT {limit}"
OF_TYPE = "AND EXISTS (SELECT 1 FROM catalogue_entryterm WHERE facet = 'type' AND code = %s AND entry_id = edition_id)"
RECORD = "SELECT record FROM catalogue_edition WHERE ref = %s AND replaced_at IS NULL"
CUBE = ("kind", "type", "condition", "place")
SQLITE_WORDS = (
    "SELECT row FROM catalogue_search_now found JOIN catalogue_entry ON edition_id = found.rowid "
    "WHERE catalogue_search_now MATCH %s ORDER BY found.rowid LIMIT {limit}"
)
POSTGRES_WORDS = (
    "WITH found AS MATERIALIZED (SELECT entry_id FROM catalogue_searchrow WHERE current AND lexemes @@ %s::tsquery {common}) "
    "SELECT row FROM found JOIN catalogue_entry ON edition_id = entry_id ORDER BY entry_id LIMIT {limit}"
)


class Floor:
    """The least that answering costs on one register."""

    def __init__(self, register, samples):
        self.connection, self.samples = register.connect(), samples
        self.is_sqlite = register.engine == "sqlite"

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
        """Answer a search for one word: its forms are looked up in the index, the first matches read."""
        forms = forms_asked(text)
        if self.is_sqlite:
            marked = " OR ".join(f'"{form}"{" *" if prefix else ""}' for form in forms)
            return self.listed(self.rows(SQLITE_WORDS.format(limit=SIZE), [f"{{names places text}} : ({marked})"]))
        marked = " | ".join(f"'{form}'{':*' if prefix else ''}" for form in forms)
        common = f"LIMIT {SIZE}" if text in self.samples.common else ""
        return self.listed(self.rows(POSTGRES_WORDS.format(limit=SIZE, common=common), [marked]))

    def record(self, number):
        refs = self.samples.refs
        [(record,)] = self.rows(RECORD, [refs[number % len(refs)]])
        return json.dumps(json.loads(record), ensure_ascii=False)

    def close(self):
        self.connection.close()
