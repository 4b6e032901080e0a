"""Keyset pages: each begins after the last row of the one before, so a page costs the same however deep it lies."""

import datetime
from dataclasses import dataclass

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from heritage.public.answers import Mistakes

SIZE, LEAST, MOST = 50, 10, 200
FORWARD, BACKWARD = "next", "previous"


@dataclass(frozen=True)
class Order:
    """An order of rows by ``field``, ties broken by ``tie`` (unique, ascending). Empty values of ``field`` come last."""

    name: str
    field: str
    descending: bool = False
    nullable: bool = False
    tie: str = "ref"

    def arranged(self, rows, way):
        """Return ``rows`` in this order, or in the reverse."""
        backward = way == BACKWARD
        first = F(self.field).desc() if self.descending != backward else F(self.field).asc()
        if self.nullable:
            first = F(self.field).desc(nulls_first=True) if backward else F(self.field).asc(nulls_last=True)
        return rows.order_by(first, F(self.tie).desc() if backward else F(self.tie).asc())

    def stretches(self, rows, way, place=None):
        """Yield parts of ``rows`` that follow one another from ``place`` (value, tie) on, each in an order an index holds.

        A page is taken from the first parts that fill it: never from a condition with "or", which no index answers in order.
        """
        backward = way == BACKWARD
        tie = f"{'-' if backward else ''}{self.tie}"
        first = f"{'-' if self.descending != backward else ''}{self.field}"
        valued = (rows.filter(**{f"{self.field}__isnull": False}) if self.nullable else rows).order_by(first, tie)
        empty = rows.filter(**{f"{self.field}__isnull": True}).order_by(tie)
        value = None
        if place is not None:
            value, last = place
            tied = rows.filter(**{self.field: value}) if value is not None else empty
            if self.tie != self.field:
                yield tied.filter(**{f"{self.tie}__{'lt' if backward else 'gt'}": last}).order_by(tie)
        if value is not None:
            yield valued.filter(**{f"{self.field}__{'gt' if self.descending == backward else 'lt'}": value})
        elif place is None or backward:
            yield valued
        if self.nullable and not backward and (place is None or value is not None):
            yield empty

    def after(self, cursor):
        """Return (way, value, tie) that ``cursor`` holds, as it was signed. Raises: Mistakes."""
        try:
            way, value, tie = self.signer.unsign_object(cursor)
        except (signing.BadSignature, TypeError, ValueError):
            raise nowhere() from None
        if way not in (FORWARD, BACKWARD):
            raise nowhere()
        return way, value, tie

    def place(self, cursor, model):
        """Return (way, (value, tie)) that ``cursor`` holds, as the columns of ``model`` have them. Raises: Mistakes."""
        way, value, tie = self.after(cursor)
        try:
            place = read(model, self.field, value), read(model, self.tie, tie)
        except ValidationError:
            raise nowhere() from None
        if place[1] is None or (place[0] is None and not self.nullable):
            raise nowhere()
        return way, place

    def cursor(self, way, row):
        """Return the place of ``row`` in the list as an opaque text."""
        value = getattr(row, self.field)
        value = value.isoformat() if isinstance(value, datetime.datetime) else value
        return self.signer.sign_object([way, value, getattr(row, self.tie)])

    @property
    def signer(self):
        return signing.Signer(salt=f"heritage.public.paging {self.name} {self.field} {self.tie}")


BY_LABEL = Order("label", "label")


def read(model, name, value):
    """Return what was signed for a column as the database takes it. Raises: ValidationError."""
    if not isinstance(value, str | int | None):
        raise ValidationError("no column holds this")
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return field.to_python(value)


def nowhere():
    return Mistakes({"after": [_("This is not a place in this list. Start again from its first page.")]})


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursors of the pages around them (``None`` at either end)."""

    rows: list
    next: str | None = None
    previous: str | None = None


def page(rows, order, cursor="", size=SIZE):
    """Return the page of ``rows`` at ``cursor``. Raises: Mistakes."""
    way, place = FORWARD, None
    if cursor:
        way, place = order.place(cursor, rows.model)
    found = taken(rows, order, size + 1, way, place)
    more, found = len(found) > size, found[:size]
    if way == BACKWARD:
        found.reverse()
    follows, precedes = (more, bool(cursor)) if way == FORWARD else (True, more)
    return Page(
        found,
        order.cursor(FORWARD, found[-1]) if found and follows else None,
        order.cursor(BACKWARD, found[0]) if found and precedes else None,
    )


def taken(rows, order, most, way=FORWARD, place=None):
    """Return the first ``most`` of ``rows`` from ``place`` (value, tie) on, as a list."""
    found = []
    for stretch in order.stretches(rows, way, place):
        found += stretch[: most - len(found)]
        if len(found) == most:
            break
    return found


def chunks(rows, order, size):
    """Yield all ``rows`` in lists of ``size``, each read by itself: no cursor is held while a slow reader takes them."""
    found = taken(rows, order, size)
    while found:
        yield found
        last = found[-1]
        found = taken(rows, order, size, place=(getattr(last, order.field), getattr(last, order.tie)))


def links(request, page):
    """Return the addresses of the previous and next page with every other parameter kept."""
    return {way: link(request, getattr(page, way)) for way in (BACKWARD, FORWARD)}


def link(request, cursor):
    if cursor is None:
        return None
    asked = request.GET.copy()
    for name in [name for name in asked if not any(asked.getlist(name))]:
        del asked[name]
    asked["after"] = cursor
    return f"{request.path}?{asked.urlencode()}"
