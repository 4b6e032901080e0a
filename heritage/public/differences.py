"""What changed from one version of a record to the next, claim by claim, in words."""

import json
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as lazy

from heritage.public import wording
from heritage.registry.vocabulary import WithdrawalReason

SECTIONS = {
    "names": lazy("Name"),
    "types": lazy("Type"),
    "locations": lazy("Location"),
    "memberships": lazy("Larger place"),
    "relations": lazy("Relation"),
    "statuses": lazy("Statement"),
    "attributions": lazy("Attribution"),
    "protections": lazy("Protection"),
    "counts": lazy("Count"),
    "media": lazy("Media item"),
    "sources": lazy("Source"),
}
FIELDS = {
    "agent": lazy("By whom, as claimed"),
    "archived_url": lazy("Archived copy"),
    "argued_from": lazy("Argued from"),
    "aspect": lazy("Concerns"),
    "certainty": lazy("Certainty"),
    "citations": lazy("Sources"),
    "claimant": lazy("Claimant"),
    "content_warnings": lazy("Content warnings"),
    "dates": lazy("Date"),
    "effects": lazy("Effects"),
    "intent": lazy("Intent"),
    "itemised": lazy("Listed one by one"),
    "kind": lazy("Kind"),
    "label": lazy("Working title"),
    "language": lazy("Language"),
    "latitude": lazy("Latitude"),
    "links": lazy("Related statements"),
    "longitude": lazy("Longitude"),
    "place": lazy("Place"),
    "precision": lazy("Precision"),
    "read_state": lazy("How far it was read"),
    "standing": lazy("Standing"),
    "summary": lazy("Summary"),
    "text": lazy("Text"),
    "value": lazy("Value"),
    "verification": lazy("Review"),
}
TOP = ("label", "kind", "itemised")


@dataclass(frozen=True)
class Field:
    """One value that changed, before and after, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """Something added, removed or changed. ``ref`` is what the current page anchors it by, if anything."""

    sort: str
    section: str
    title: str
    ref: str = ""
    fields: list = field(default_factory=list)


@dataclass(frozen=True)
class VersionStory:
    """An edition and how it differs from the one before; ``differences`` is ``None`` for the first.

    Of a tombstone, ``withdrawn`` is the class of the reason in words, and so is ``closed`` of a closed version.
    ``follows_closed``: how it differs is not shown, since the version before it is closed.
    """

    edition: object
    differences: list | None
    withdrawn: str = ""
    closed: str = ""
    follows_closed: bool = False


def history_of(editions):
    """Return the story of ``editions``, newest first, in the same order."""
    records = [json.loads(edition.record) if is_readable(edition) else None for edition in editions]
    return [
        VersionStory(
            edition,
            differences(before, record) if before and record else None,
            why_withdrawn(edition),
            why_closed(edition),
            older is not None and bool(older.closed_because),
        )
        for edition, record, older, before in zip(
            editions, records, [*editions[1:], None], [*records[1:], None], strict=True
        )
    ]


def is_readable(edition):
    return edition.action == "publish" and not edition.closed_because


def why_closed(edition):
    """Return the class of the reason for which ``edition`` is closed, or an empty text."""
    return str(WithdrawalReason.label_of(edition.closed_because)) if edition.closed_because else ""


def why_withdrawn(edition):
    """Return the class of the reason for which ``edition`` is a tombstone, or an empty text."""
    if edition.action != "withdraw":
        return ""
    return str(WithdrawalReason.label_of(edition.reason_class))


def differences(before, after):
    """Return what differs between two records, state first, then section by section."""
    found = [*state_differences(before, after)]
    top = [changed for name in TOP if (changed := changed_field(name, before.get(name), after.get(name)))]
    if top:
        found.append(Difference("changed", str(lazy("Record")), after["label"], fields=top))
    sources = {source["ref"]: source["title"] for record in (before, after) for source in record["sources"]}
    for name, label in SECTIONS.items():
        found += section_differences(str(label), before.get(name, []), after.get(name, []), sources)
    return found


def state_differences(before, after):
    """Yield how the derived state of each aspect changed."""
    for aspect in sorted(before.get("state", {}).keys() | after.get("state", {}).keys()):
        fields = [Field("", told_state(before["state"].get(aspect)), told_state(after["state"].get(aspect)))]
        if fields[0].before != fields[0].after:
            yield Difference("changed", str(lazy("Current state")), wording.aspect_label(aspect), fields=fields)


def told_state(state):
    if state is None:
        return "–"
    since = state["since"]["text"] if state["since"] else ""
    disagreement = str(lazy("sources disagree")) if state["contested"] else ""
    return ", ".join(filter(None, [state["label"], since, disagreement]))


def section_differences(label, before, after, sources):
    """Yield the rows added, removed and changed in one section."""
    old, new = ({key_of(row): row for row in rows} for rows in (before, after))
    for key, row in new.items():
        if key not in old:
            yield Difference("added", label, title_of(row), row.get("ref", ""))
        elif fields := changed_fields(old[key], row, sources):
            yield Difference("changed", label, title_of(row), row.get("ref", ""), fields)
    for key, row in old.items():
        if key not in new:
            yield Difference("removed", label, title_of(row))


def key_of(row):
    return row.get("ref") or row["code"]


def title_of(row):
    """Return the few words by which a row of any section is recognised."""
    if "claimant" in row:
        return f"{row['summary'] or wording.claim_headline(row)} ({row['claimant']['label']})"
    if "monument" in row:
        return f"{wording.relation_label(row)} {row['monument']['label']}"
    if "parent" in row:
        return row["parent"]["label"]
    place = row.get("place")
    return row.get("title") or row.get("text") or row.get("label") or (place["label"] if place else key_of(row))


def changed_fields(before, after, sources):
    names = sorted(before.keys() | after.keys())
    return [changed for name in names if (changed := changed_field(name, before.get(name), after.get(name), sources))]


def changed_field(name, before, after, sources=None):
    """Return the ``Field`` for a value that changed, or ``None``."""
    if before == after:
        return None
    return Field(
        str(FIELDS.get(name, name.replace("_", " ").capitalize())), told(before, sources), told(after, sources)
    )


def told(value, sources=None):
    """Return any value of a record in words."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return str(lazy("yes") if value else lazy("no"))
    if isinstance(value, list):
        return "; ".join(told(one, sources) for one in value)
    if isinstance(value, dict):
        return told_dict(value, sources or {})
    return str(value)


def told_dict(value, sources):
    if "locator" in value and "role" in value:
        title = sources.get(value["source"], value["source"])
        return ", ".join(filter(None, [title, value["locator"], value["role"]["label"], value["directness"]["label"]]))
    if "direction" in value and "claim" in value:
        return f"{wording.link_label(value)} {value['claim']}"
    if "qualifier" in value:
        return value["text"]
    return str(
        value.get("label") or value.get("text") or ", ".join(f"{key} {one}" for key, one in sorted(value.items()))
    )
