"""How many current entries bear the code of a place or a source: ready counts, kept up at publication."""

from django.db import connection

from heritage.catalogue.models import TermCount

FACETS = ("place", "source")
# ``facet || ''`` keeps the databases from reading a whole facet where they should look up the terms of a few entries.
GIVEN = """
SELECT facet, code, {sign} COUNT(*) AS count FROM catalogue_entryterm
WHERE facet || '' IN ('place', 'source') AND entry_id IN ({entries}) GROUP BY facet, code
"""
KEEP = """
INSERT INTO catalogue_termcount (facet, code, count)
SELECT * FROM ({given}) AS given WHERE true
ON CONFLICT (facet, code) DO UPDATE SET count = catalogue_termcount.count + excluded.count
"""
CURRENT = "SELECT edition_id FROM catalogue_entry WHERE replaced_at IS NULL"


def counts(facet, codes):
    """Return the number of current entries by code, for those of ``codes`` that any entry bears."""
    return dict(TermCount.objects.filter(facet=facet, code__in=codes, count__gt=0).values_list("code", "count"))


def take_in(entries):
    """Count the entries with these primary keys in."""
    keep(entries, "+")


def leave_out(entries):
    """Count the entries with these primary keys out again, while their terms are as they were."""
    keep(entries, "-")


def keep(entries, sign):
    entries = list(entries)
    if entries:
        given = GIVEN.format(sign=sign, entries=", ".join(["%s"] * len(entries)))
        with connection.cursor() as cursor:
            cursor.execute(KEEP.format(given=given), entries)


def clear():
    TermCount.objects.all().delete()


def differences():
    """Yield a sentence for each code whose count is not what the current entries give."""
    with connection.cursor() as cursor:
        cursor.execute(GIVEN.format(sign="+", entries=CURRENT))
        fresh = {(facet, code): count for facet, code, count in cursor.fetchall()}
    stored = {
        (facet, code): count for facet, code, count in TermCount.objects.values_list("facet", "code", "count") if count
    }
    for facet, code in sorted(key for key in fresh.keys() | stored.keys() if fresh.get(key) != stored.get(key)):
        yield f"{facet} {code}: the count of its entries differs from the entries."
