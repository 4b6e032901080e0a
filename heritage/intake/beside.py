"""Tables beside the file: small ones that turn codes into words, larger ones with the photographs of each record."""

from collections import defaultdict
from pathlib import Path

from heritage.intake.cells import one_line
from heritage.intake.file_names import file_in
from heritage.intake.readers import Choices, Unreadable, open_table


class Beside:
    """The tables of a mapping's ``lookup`` and ``media``, read once. ``folder``: where the main file lies."""

    def __init__(self, mapping, folder):
        self.mapping, self.folder = mapping, Path(folder)
        self.lookups = [(rules, self.lookup(rules)) for rules in mapping.lookup]
        self.groups = {rules.where: self.grouped(rules) for rules in larger(mapping)}
        self.used = defaultdict(set)

    def rows(self, rules):
        """Yield the cells of each row of a table beside the file. Raises: Unreadable."""
        path = file_in(self.folder, rules.file, f"The mapping names it in {rules.where}.")
        table = open_table(path, Choices(sheet=rules.sheet or ""))
        for column in filter(None, (rules.key, rules.get("value"))):
            if column not in table.columns:
                raise Unreadable(
                    f"“{rules.file}” has no column “{column}” ({rules.where}).",
                    mend=f"Its columns are: {', '.join(table.columns)}.",
                )
        for line in table:
            yield line.cells

    def lookup(self, rules):
        return {one_line(cells[rules.key]): one_line(cells[rules.value]) for cells in self.rows(rules)}

    def grouped(self, rules):
        groups = defaultdict(list)
        for cells in self.rows(rules):
            groups[one_line(cells[rules.key])].append(cells)
        return groups

    def completed(self, cells, identifier):
        """Return ``cells`` with the words that the small tables have for their codes, and what the joined tables say."""
        more = {rules["as"]: in_words(self.of(rules, identifier), rules.value) for rules in self.mapping.join}
        for rules, words in self.lookups:
            code = one_line(cells.get(rules.column) or "")
            more[rules["as"]] = words.get(code, code)
        return {**cells, **more} if more else cells

    def of(self, rules, identifier):
        """Return the rows of a larger table that belong to the record ``identifier``."""
        self.used[rules.where].add(identifier)
        return self.groups[rules.where].get(identifier, [])

    def unused(self, used):
        """Yield (file, key, rows) of what belongs to no record of the main file; ``used``: keys as in ``self.used``."""
        for rules in larger(self.mapping):
            for key, rows in self.groups.get(rules.where, {}).items():
                if key not in used[rules.where]:
                    yield rules.file, key, len(rows)


def larger(mapping):
    """Return the rules of the tables beside the file whose rows belong to records."""
    return [*(rules for rules in mapping.media if rules.file), *mapping.join]


def files_beside(mapping):
    """Return the names of all tables that must lie beside the file, in the order of the mapping."""
    return list(dict.fromkeys(rules.file for rules in [*mapping.lookup, *larger(mapping)]))


def lacking(folder, mapping):
    """Return the names of those tables that do not lie in ``folder``."""
    return [name for name in files_beside(mapping) if not is_there(folder, name)]


def is_there(folder, name):
    try:
        return bool(file_in(folder, name))
    except Unreadable:
        return False


def in_words(rows, column=None):
    """Return what some rows say, in one ``column`` or in all, a row on each line."""
    if column:
        said = [one_line(cells[column]) for cells in rows]
        return "\n".join(said) if any(said) else ""
    return "\n".join(
        "; ".join(f"{name}: {one_line(text)}" for name, text in cells.items() if text.strip()) for cells in rows
    )
