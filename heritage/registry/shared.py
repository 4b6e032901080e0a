"""Rows that many others point to (sources, bodies, terms, places): each is read once and lent to all."""

from collections import defaultdict


class Shared:
    """The rows read so far, by table and primary key. Rows of a table come with what ``WITH`` names for it."""

    def __init__(self):
        self.rows = defaultdict(dict)

    def lend(self, borrowers, *names):
        """Set the foreign keys ``names`` of ``borrowers``, a list of rows of one table, at a query for each table that they lead to."""
        if not borrowers:
            return borrowers
        for name in names:
            field = borrowers[0]._meta.get_field(name)
            keys = [getattr(row, field.attname) for row in borrowers]
            found = self.read(field.related_model, keys)
            for row, key in zip(borrowers, keys, strict=True):
                row._state.fields_cache[name] = found.get(key)
        return borrowers

    def read(self, model, keys):
        """Return at least the rows ``keys`` of ``model`` by primary key; ``None`` among the keys is passed over."""
        known = self.rows[model]
        missing = set(keys) - known.keys() - {None}
        if missing:
            known |= model._base_manager.in_bulk(missing)
        return known

    def chain(self, model, keys, name):
        """Read the rows ``keys`` of ``model`` and all that they lead to by the foreign key ``name``, to its end."""
        known = self.rows[model]
        while fresh := set(keys) - known.keys() - {None}:
            self.read(model, fresh)
            keys = [getattr(known[key], f"{name}_id") for key in fresh]
        for row in known.values():
            row._state.fields_cache[name] = known.get(getattr(row, f"{name}_id"))
