"""From the cells of a record, and the tables beside it, to the photographs and other items that its supplier lists."""

from heritage.intake.cells import several


def add_media(composer, rows, composed):
    """Add a slot for each photograph or other item that belongs to a record."""
    for rules in composer.mapping.media:
        if rules.file:
            found = composer.beside.of(rules, composed.identifier)
        else:
            found = [part for cells in rows for part in parted(composer, cells, rules)]
        for cells in found:
            title = composer.filled(cells, rules.title)
            if not title:
                continue
            date, wording = composer.dated(cells, rules.date, composed)
            slot, n = f"media {title}", 1
            values = {
                "label": title,
                "kind": rules.kind,
                "locator": composer.filled(cells, rules.locator),
                "how": composer.filled(cells, rules.how),
                "credit": composer.filled(cells, rules.credit),
                "licence": rules.licence,
                "date": date,
                "as_stated": wording,
            }
            while slot in composed.wanted and composed.wanted[slot] != values:
                n += 1
                slot = f"media {title} ({n})"
            composed.wanted[slot] = values


def parted(composer, cells, rules):
    """Yield the cells of a row once for each of several media in it."""
    if not rules.separator:
        yield cells
        return
    columns = {name for one in rules.title for names in one.columns for name in names}
    for one in {name: cells[name] for name in columns if name in cells}.items():
        for part in several(one[1], rules.separator):
            yield {**cells, one[0]: part}
