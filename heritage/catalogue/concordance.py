"""The concordance: which words each entry is found by, made from records as they are published."""

import json
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from django.db import router

from heritage.catalogue.engines import engine
from heritage.catalogue.folding import WORD, bones, forms, whole_forms
from heritage.catalogue.models import Entry, PlaceWord, SearchName, SearchRow, Word
from heritage.registry.rows import insert

MOST_WORDS = 20_000
LONGEST_NAME = 120
STARTS = (1, 2, 3)
CLAIM_TEXTS = ("summary", "value", "covers", "counted", "part_affected", "reference_number", "stated_purpose")
COLUMNS = ("names", "places", "text")
NAMED_NOW = """
ON CONFLICT (word) DO UPDATE SET bones = excluded.bones WHERE catalogue_word.bones = '' AND excluded.bones <> ''
"""


def add_words(named, mentioned):
    """Add forms to the list of words: ``named`` occur in names, and get bones; ``mentioned`` in texts only."""
    rows = ((word, bones(word) if word in named else "") for word in sorted(named | mentioned))
    insert(Word, ["word", "bones"], rows, conflict=NAMED_NOW)


class Words(NamedTuple):
    """The forms of a monument's record by where they stand: its names, the labels of its places, all other text."""

    names: set
    places: set
    text: set


def words_of(record):
    """Return the ``Words`` of the monument's record."""
    names = forms_of(record["label"])
    for name in record["names"]:
        names |= forms_of(name["text"], name["language"])
    places = set().union(*(shared_forms(place["label"]) for place in places_of(record)))
    told = forms_of("\n".join(texts(record)))
    text = told.union(*map(shared_forms, labels(record))) - names
    return Words(names, places, text)


def search_row(edition, record, words):
    """Return the values of the search row: the words of the monument's record, and the references it is found by."""
    return {
        "current": edition.replaced_at is None,
        "names": listed(words.names | forms_of(record["ref"])),
        "starts": listed({name[:length] for name in words.names for length in STARTS}),
        "places": listed(words.places | {place["ref"] for place in places_of(record)}),
        "text": listed(words.text),
    }


def forms_of(text, language=""):
    """Return the forms of the words of ``text``."""
    return set(chain.from_iterable([forms(word, language) for word in set(WORD.findall(text))]))


#: The same for labels and titles, which many records share.
shared_forms = lru_cache(maxsize=5_000)(forms_of)


def listed(found):
    return " ".join(sorted(found)[:MOST_WORDS])


def places_of(record):
    """Yield the places that the monument lies in, each with all that it lies within."""
    for place in filter(None, (location["place"] for location in record["locations"])):
        yield place
        yield from place["within"]


def labels(record):
    """Yield what other records may say in the same words: kind, types, who claims, titles and publishers of sources."""
    yield record["kind"]["label"]
    for one in record["types"]:
        yield one["label"]
        yield from (code.replace("_", " ") for code in one["lineage"])
    yield from (claim["claimant"]["label"] for claim in claims(record))
    for source in record["sources"]:
        yield source["title"]
        yield source.get("publisher", "")


def texts(record):
    """Yield what is claimed."""
    for claim in claims(record):
        yield from (claim[key] for key in CLAIM_TEXTS if isinstance(claim.get(key), str))


def claims(record):
    return chain(record["statuses"], record["attributions"], record["protections"], record["counts"])


def search_names(edition, record):
    """Yield the values of the search names: each whole form of each name once."""
    found = set(whole_forms(record["label"]))
    for name in record["names"]:
        found |= set(whole_forms(name["text"], name["language"]))
    for name in sorted({name[:LONGEST_NAME] for name in found}):
        yield {"current": edition.replaced_at is None, "name": name}


def close(refs):
    """Mark the words of the current entries of ``refs`` as past. To be called before those entries are closed."""
    closing = list(Entry.objects.current().filter(ref__in=refs).values_list("pk", flat=True))
    SearchRow.objects.filter(entry__in=closing).update(current=False)
    SearchName.objects.filter(entry__in=closing).update(current=False)


def forget(entries):
    """Remove every word of the past ``entries``, primary keys, and from the list of words those that nothing else has."""
    rows = SearchRow.objects.filter(entry__in=entries, current=False)
    had = {word for row in rows for column in COLUMNS for word in getattr(row, column).split()}
    SearchName.objects.filter(entry__in=entries, current=False).delete()
    rows.delete()
    forget_words(had)


def forget_words(had):
    kept = set(PlaceWord.objects.filter(word__in=had).values_list("word", flat=True))
    lexicon = engine(router.db_for_write(Word))
    Word.objects.filter(word__in=[word for word in had - kept if not lexicon.has(word)]).delete()


def clear():
    """Empty the concordance, to make it anew."""
    engine(router.db_for_write(SearchRow)).clear()
    for model in (SearchName, PlaceWord, Word):
        model.objects.all().delete()


def name_places(editions):
    """Keep the names that the current ``editions`` of places record; of a withdrawn place none are left."""
    before = PlaceWord.objects.filter(ref__in=[edition.ref for edition in editions])
    had = set(before.values_list("word", flat=True))
    before.delete()
    rows = list(chain.from_iterable(place_names(edition) for edition in editions))
    PlaceWord.objects.bulk_create(rows, batch_size=2000)
    add_words({row.word for row in rows}, set())
    forget_words(had - {row.word for row in rows})


def place_names(edition):
    """Yield each form of each word of each name of a place."""
    record = json.loads(edition.record)
    found = {
        (form, name["text"], name["language"])
        for name in [*record.get("names", []), {"text": record.get("label", ""), "language": ""}]
        for form in forms_of(name["text"], name["language"])
    }
    for word, text, language in sorted(found):
        yield PlaceWord(ref=edition.ref, word=word, text=text, language=language)
