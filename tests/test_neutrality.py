"""The register treats all sides by the same rules: exchange their names and nothing but names and order changes."""

import datetime
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from heritage.catalogue.models import Edition, Entry, EntryTerm, Happening
from heritage.catalogue.publish import publish
from heritage.registry.models import Monument, Place

pytestmark = pytest.mark.django_db
PAIRS = [
    ("Armenians", "Azerbaijanis"),
    ("Armenian", "Azerbaijani"),
    ("Armenia", "Azerbaijan"),
    ('"language": "hy"', '"language": "az"'),
]
OTHER = {a: b for pair in PAIRS for a, b in (pair, pair[::-1])}
SIDES = re.compile(r"(?<!\w)(" + "|".join(sorted(OTHER, key=len, reverse=True)) + r")(?!\w)")
DERIVED = [
    "kind",
    "condition",
    "use",
    "access",
    "custody",
    "inscription",
    "setting",
    "condition_rank",
    "contested",
    "threatened",
]


class Undo(Exception):
    """Takes a transaction back on purpose."""


def exchanged(text):
    return SIDES.sub(lambda found: OTHER[found.group()], text)


def published(fixture, monkeypatch):
    """Publish ``fixture`` into an empty register at a fixed time and return what came of it, leaving nothing behind."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    try:
        with transaction.atomic():
            call_command("loaddata", "vocabularies", str(fixture), verbosity=0)
            publish([*Place.objects.in_review(), *Monument.objects.in_review()])
            result = {
                "records": {edition.ref: json.loads(edition.record) for edition in Edition.objects.all()},
                "derived": {entry.ref: [getattr(entry, name) for name in DERIVED] for entry in Entry.objects.all()},
                "terms": sorted(EntryTerm.objects.values_list("entry__ref", "facet", "code")),
                "happenings": sorted(Happening.objects.values_list("claim", "aspect", "value", "qualifier", "cause")),
            }
            raise Undo
    except Undo:
        return result


def unordered(value):
    """Return ``value`` with every list sorted, so that alphabetical order makes no difference."""
    if isinstance(value, dict):
        return {key: unordered(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted((unordered(part) for part in value), key=lambda part: json.dumps(part, sort_keys=True))
    return value


def test_exchanging_the_names_of_the_two_sides_changes_names_and_order_and_nothing_else(tmp_path, monkeypatch):
    original = Path(settings.FIXTURE_DIRS[0]) / "demo.json"
    twin = tmp_path / "twin.json"
    twin.write_text(exchanged(original.read_text()))
    assert twin.read_text() != original.read_text()

    first = published(original, monkeypatch)
    second = published(twin, monkeypatch)

    back = json.loads(exchanged(json.dumps(second["records"], ensure_ascii=False)))
    assert unordered(back) == unordered(first["records"])
    for derived in ("derived", "terms", "happenings"):
        assert second[derived] == first[derived]
