"""Versions that a withdrawal or a withheld source took back are marked as closed, those of merged records included."""

import json

from django.db import migrations
from django.db.models import Q

WITHHELD = '"withheld":{'
CLASS_OF_WITHHOLDING = {"safety": "safety", "site_protection": "safety", "legal": "legal"}


def close_what_was_taken_back(apps, schema_editor):
    edition = apps.get_model("catalogue", "Edition")
    entry = apps.get_model("catalogue", "Entry")
    merged = merged_records(edition)
    later = edition.objects.filter(Q(action="withdraw") | Q(subject="source", record__contains=WITHHELD))
    for one in list(later.order_by("-position")):  # of several the last one's reason stands, as readers were told
        refs = [one.ref, *chain(merged, one.ref)]
        earlier = edition.objects.filter(ref__in=refs, position__lt=one.position, action="publish", closed_because="")
        gone = list(earlier.values_list("pk", flat=True)) if one.subject == "monument" else []
        earlier.update(closed_because=reason_class(one), label="", reason="")
        entry.objects.filter(pk__in=gone).delete()


def merged_records(edition):
    """Return the references of the records that lead to another, by that other's reference."""
    found = {}
    for ref, record in edition.objects.filter(action="merge", replaced_at=None).values_list("ref", "record"):
        found.setdefault(json.loads(record)["merged_into"], []).append(ref)
    return found


def chain(merged, ref):
    found, frontier = [], [ref]
    while frontier:
        frontier = [one for into in frontier for one in merged.get(into, []) if one not in found]
        found += frontier
    return found


def reason_class(edition):
    record = json.loads(edition.record)
    if edition.action == "withdraw":
        return edition.reason_class or record["withdrawn"]["reason_class"]
    return CLASS_OF_WITHHOLDING.get(record["withheld"].get("code", ""), "rights")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0011_closing_versions")]

    operations = [migrations.RunPython(close_what_was_taken_back, migrations.RunPython.noop)]
