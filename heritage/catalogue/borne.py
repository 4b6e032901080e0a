"""How many current entries bear a code, as of a place, a source or a cause: ready counts, kept up at publication."""

from collections import Counter

from django.db import connection

from heritage.catalogue import tallies
from heritage.catalogue.models import TermCount

GIVEN = """
SELECT facet, code, COUNT(*) FROM catalogue_entryterm JOIN catalogue_entry ON edition_id = entry_id
WHERE replaced_at IS NULL GROUP BY facet, code
"""


def counts(facet, codes):
    """Return the number of current entries by code, for those of ``codes`` that any entry bears."""
    return dict(TermCount.objects.filter(facet=facet, code__in=codes, count__gt=0).values_list("code", "count"))


def take_in(entries):
    """Count ``entries`` (see ``tallies``) in."""
    keep(entries, 1)


def leave_out(entries):
    """Count ``entries`` out again."""
    keep(entries, -1)


def keep(entries, sign):
    found = Counter(term for one in entries for term in one.terms)
    tallies.keep(TermCount, ("facet", "code"), {term: [count] for term, count in found.items()}, sign)


def clear():
    TermCount.objects.all().delete()


def differences():
    """Yield a sentence for each code whose count is not what the current entries give."""
    with connection.cursor() as cursor:
        cursor.execute(GIVEN)
        fresh = {(facet, code): count for facet, code, count in cursor.fetchall()}
    stored = {
        (facet, code): count for facet, code, count in TermCount.objects.values_list("facet", "code", "count") if count
    }
    for facet, code in sorted(key for key in fresh.keys() | stored.keys() if fresh.get(key) != stored.get(key)):
        yield f"{facet} {code}: the count of its entries differs from the entries."
