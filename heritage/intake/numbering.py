"""Numbers that records have in other lists. One stands for one monument: what another has is told and left out, never moved."""

import json

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext as _

from heritage.intake.cells import one_line, several
from heritage.intake.comparing import canonical
from heritage.intake.patterns import pattern
from heritage.registry.models import Name
from heritage.registry.models.sealing import sealed_from
from heritage.registry.vocabulary import NameKind

SORT = "number "


def add_numbers(composer, rows, composed):
    """Add the slots ``number 1``, ``number 1.2`` … to what is wanted, each number of a list once."""
    known = set()
    for n, rules in enumerate(composer.mapping.number, 1):
        order = 0
        for number in numbers_in(composer, rows, rules, composed):
            if (rules.scheme, number) in known:
                continue
            known.add((rules.scheme, number))
            order += 1
            slot = f"{SORT}{n}" if order == 1 else f"{SORT}{n}.{order}"
            kind = NameKind.REGISTER_NUMBER.value
            composed.wanted[slot] = {"text": number, "scheme": rules.scheme, "kind": kind}


def numbers_in(composer, rows, rules, composed):
    """Yield the numbers in the cells of a record; a cell without one of the kind that is named is remarked."""
    for cells in rows:
        text = one_line(composer.first(cells, rules.column))
        for one in several(text, rules.separator) if text else ():
            if not one or one in composer.empty:
                continue
            found = pattern(rules.pattern).search(one) if rules.pattern else None
            number = one if not rules.pattern else found[1].strip() if found and found[1] else ""
            if number:
                yield number
            else:
                told = _("It has no number of the kind that the mapping names; it is left out.")
                composed.remarks.append(remark(rules, one, told, _("Correct the cell, or the pattern.")))


def remark(rules, value, reason, mend):
    shown = value if len(value) <= 200 else f"{value[:200]}…"
    return {"column": " | ".join(rules.column), "value": shown, "reason": reason, "mend": mend}


class Numbers:
    """Who has which number of other lists: in the register, and in the rows of the file so far."""

    def __init__(self, mapping, by=None):
        """``by``: for whom the numbers are looked up, who is told nothing of what is sealed from them."""
        self.rules, self.given, self.held, self.by = mapping.number, {}, {}, by

    def look(self, records):
        """Find who has the numbers of ``records`` (see ``preparing.Prepared``), in one query."""
        if self.rules:
            self.held = held((values for one in records for values in one.numbers.values()), self.by)

    def parted(self, one, monument):
        """Leave out the numbers of ``one`` that others have, each with a remark.

        Returns ({key of a monument: its number}, what is wanted without them as JSON text).
        """
        others, left_out = {}, set()
        for slot, values in one.numbers.items():
            number = (values["scheme"], values["text"])
            key, label = self.held.get(number, (monument, ""))
            other = self.given.setdefault(number, one.identifier) if key == monument else ""
            if other == one.identifier:
                continue
            if key != monument:
                told = _("The register has this number of “%(scheme)s” as one of “%(label)s”; it is left out here.")
                if not label:
                    told = _("The register has this number of “%(scheme)s” already; it is left out here.")
                mend = _("If both are one monument, say so on the page of likely duplicates; else correct the number.")
                others |= {key: number} if key else {}
            else:
                told = _("In this file “%(other)s” has this number of “%(scheme)s”, too; it is left out here.")
                mend = _("Correct the file.")
            told %= {"scheme": number[0], "label": label, "other": other}
            rules = self.rules[int(slot.removeprefix(SORT).partition(".")[0]) - 1]
            one.remarks.append(remark(rules, number[1], told, mend) | {"number": {slot: values}})
            left_out.add(slot)
        if not left_out:
            return others, one.wanted
        wanted = {slot: values for slot, values in json.loads(one.wanted).items() if slot not in left_out}
        return others, canonical(wanted)


def numbers_of(wanted):
    """Return the slots of other numbers in what is wanted."""
    return {slot: values for slot, values in wanted.items() if slot.startswith(SORT)}


def held(numbers, by=None):
    """Return {(scheme, number): (monument's key, 0 for a place, and the label)} of those ``numbers`` that the register has.

    Of what is sealed from ``by`` the key is 0 and the label is empty.
    """
    schemes, texts = set(), set()
    for one in numbers:
        schemes.add(one["scheme"])
        texts.add(one["text"])
    found = Name.objects.filter(kind=NameKind.REGISTER_NUMBER, scheme__in=schemes, text__in=texts)
    closed = Q(pk__in=[]) if by is None else sealed_from(by, Name)
    found = found.annotate(closed=ExpressionWrapper(closed, BooleanField()))
    rows = found.values_list("scheme", "text", "monument", "monument__label", "place__label", "closed") if texts else ()
    return {
        (scheme, text): (0, "") if closed else (key or 0, label or place or "")
        for scheme, text, key, label, place, closed in rows
    }


def given_back(wanted, remarks, monument):
    """Put those numbers back into ``wanted`` that were left out since ``monument`` has them; return the other remarks."""
    known = held(values for one in remarks for values in one.get("number", {}).values())
    kept = []
    for one in remarks:
        own = {
            slot: values
            for slot, values in one.get("number", {}).items()
            if known.get((values["scheme"], values["text"]), (0, ""))[0] == monument
        }
        wanted |= own
        kept += [] if own else [one]
    return kept


def taken_since(rows):
    """Return the keys of those planned ``rows`` of which somebody else has a number by now."""
    wanted = {row.pk: numbers_of(json.loads(row.wanted)).values() for row in rows}
    known = held(values for numbers in wanted.values() for values in numbers)
    return {
        row.pk
        for row in rows
        for values in wanted[row.pk]
        if known.get((values["scheme"], values["text"]), (row.monument_id, ""))[0] != row.monument_id
    }
