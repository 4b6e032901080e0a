"""Pages of long lists by the key of their first or last row: forwards and backwards, at the same cost on every page."""

from django.core.exceptions import BadRequest

PER_PAGE = 50


def refuse_zeros(request):
    """Raise BadRequest (400) for a query with the sign zero, which no text has and PostgreSQL does not compare."""
    if any("\0" in text for name, values in request.GET.lists() for text in (name, *values)):
        raise BadRequest("The address has a sign that is no text (zero).")


class Leaf:
    """One page of ``found``, ordered by the column ``key``; ``asked`` may say "after" or "before" which key.

    ``rows`` are those of the page; ``before`` and ``after`` the keys for the pages beside it, empty where there is none.
    """

    def __init__(self, found, key, asked):
        self.found, self.key = found, key
        before, after = whole(asked.get("before")), whole(asked.get("after"))
        rows = self.back(before) if before else None
        if rows is None:
            rows, self.before, self.after = self.forth(None if before else after)
        self.rows = rows

    def back(self, before):
        """Return the rows before a key; None where they do not fill a page, so that it is the first."""
        rows = list(self.found.filter(**{f"{self.key}__lt": before}).order_by(f"-{self.key}")[: PER_PAGE + 1])
        if len(rows) <= PER_PAGE:
            return None
        rows = rows[:PER_PAGE][::-1]
        self.before, self.after = getattr(rows[0], self.key), getattr(rows[-1], self.key)
        return rows

    def forth(self, after):
        """Return (rows after a key or from the beginning, the key for the page before, the key for the page after)."""
        found = self.found if after is None else self.found.filter(**{f"{self.key}__gt": after})
        rows = list(found.order_by(self.key)[: PER_PAGE + 1])
        more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
        before = (getattr(rows[0], self.key) if rows else after + 1) if after is not None else ""
        return rows, before, getattr(rows[-1], self.key) if more else ""


def whole(text):
    """Return the whole number that ``text`` writes, or None."""
    return int(text) if text and text.isdecimal() and len(text) < 16 else None
