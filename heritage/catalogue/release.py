"""What a publication would put before readers: the record with the sources and terms that go out with it, beside what they have.

A reviewer decides about exactly this. ``Release.digest`` tells whether it is still what was looked at; ``own_work`` says what
of it the reviewer wrote, which somebody else must look at.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from heritage import record as records
from heritage.catalogue.models import Edition
from heritage.catalogue.subset import CLAIMS, hidden_refs, is_more_precise
from heritage.catalogue.versions import merged_into
from heritage.registry.contributions import (
    batches,
    has_written,
    last_published,
    needs_review,
    opens,
    written,
    written_otherwise,
)
from heritage.registry.models import Claim, ClaimLink, Journal, Media, Monument, Place
from heritage.registry.models.sealing import refs_sealed_from
from heritage.registry.vocabulary import EXTENSIBLE

NAMED = {"ref", "label", "kind", "within", "relation"}  #: the members by which a record names another row
CALLED = ("label", "kind", "memberships")  #: what the records of others show of a monument or place
TOLD = 5  # entries that a refusal names


@dataclass(frozen=True)
class Part:
    """One record that goes out: ``record`` as it would be, ``current`` as readers have it (None if they have none)."""

    draft: object
    current: dict | None

    @property
    def record(self):
        return self.draft.record

    @property
    def ref(self):
        return self.draft.ref


class Release:
    """All that the publication of one monument or place would put before readers."""

    def __init__(self, subject):
        self.subject = subject
        [self.draft] = records.drafts([subject])

    @cached_property
    def drafts(self):
        """The draft of the record, then of its sources and of the vocabularies, whether or not readers have them already."""
        cited = sorted(self.draft.sources.values(), key=lambda source: source.ref)
        return [
            self.draft,
            *(records.Draft(source, records.source_record(source)) for source in cited),
            *(records.Draft(code, record) for code, record in records.vocabulary_records().items()),
        ]

    @cached_property
    def parts(self):
        """The record itself, then those of the others that differ from what readers have."""
        current = current_records([draft.ref for draft in self.drafts])
        made = [Part(draft, current.get(draft.ref)) for draft in self.drafts]
        return [made[0], *(part for part in made[1:] if is_new(part))]

    @cached_property
    def digest(self):
        """The SHA-256 of the record, its sources and the vocabularies as they would be, and of the version that readers have."""
        version = Edition.objects.current().filter(ref=self.draft.ref).values_list("version", flat=True).first()
        lines = [str(version or 0), *(f"{draft.ref} {draft.content_sha256}" for draft in self.drafts)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @cached_property
    def exposing(self):
        """The open versions of the record, the current one among them, that show what this release hides; without records.

        Those of the records merged into it are among them, too: their addresses go on answering.
        """
        before, after = self.parts[0].current, self.draft.record
        if before is None:
            return []
        refs = [self.draft.ref, *merged_into(self.draft.ref)]
        published = Edition.objects.published().open().filter(ref__in=refs).order_by("position")
        records_by_key = ((pk, json.loads(text)) for pk, text in published.values_list("pk", "record").iterator(50))
        keys = [pk for pk, one in records_by_key if is_more_precise(one, after) or hidden_refs(one, after)]
        return list(published.filter(pk__in=keys).defer("record"))

    @cached_property
    def entries(self):
        """The journal entries that wrote something of it since readers last had it, oldest first."""
        return sorted((entry for found in unreviewed([self.draft]).values() for entry in found), key=lambda one: one.pk)


def is_new(part):
    """Tell whether readers have something else than what ``part`` would show them."""
    if part.current is None:
        return True
    return {key: value for key, value in part.current.items() if key not in records.ADDED} != part.record


def current_records(refs):
    """Return {reference: record} of the current published editions of ``refs``."""
    found = {}
    for batch in batches(refs):
        editions = Edition.objects.current().published().filter(ref__in=batch).order_by()
        found |= {ref: json.loads(text) for ref, text in editions.values_list("ref", "record")}
    return found


# Who wrote it


def own_work(drafts, by, until=None):
    """Return {reference of a draft: sentence} of those ``drafts`` that ``by`` may not publish, having written something of them.

    ``until`` is the key of the last journal entry before this publication began to write its own.

    Where no reviewers are asked for (``REVIEWERS_NEEDED=0``), a second person is needed only for what was opened: a level
    that lets more people see something, or a finer position than readers had.
    """
    if by is None or not drafts or not has_written(by):
        return {}
    found = unreviewed(drafts, by, until)
    if settings.REVIEWERS_NEEDED == 0:
        shown = set(Edition.objects.published().filter(ref__in=found).order_by().values_list("ref", flat=True))
        found = {ref: [one for one in entries if opens(one, ref in shown)] for ref, entries in found.items()}
    sealed = refs_sealed_from(by)
    return {ref: told(entries, sealed) for ref, entries in found.items() if entries}


def told(entries, sealed=frozenset()):
    """Return the sentence that says what of a release the reviewer wrote; of what is ``sealed`` since it names nothing."""
    rows = dict.fromkeys(
        _("“%(row)s” on %(day)s") % {"row": title_of(entry), "day": date_format(entry.at, "j F Y")}
        for entry in sorted(entries, key=lambda one: -one.pk)
        if entry.subject_ref not in sealed
    )
    named = "; ".join([*rows][:TOLD])
    if not named:
        return _("You edited what would be published, so another reviewer must publish it.")
    return _("You edited what would be published, so another reviewer must publish it. Your edits: %(rows)s.") % {
        "rows": named
    }


def title_of(entry):
    held = entry.after or entry.before or {}
    return held.get("summary") or held.get("label") or held.get("title") or entry.subject_ref


def own_work_along(refs, by, until=None):
    """Return a sentence on what ``by`` wrote of sources and vocabularies, by reference, since each was last published; or an empty text.

    They go out with records that themselves read as before.
    """
    if by is None or settings.REVIEWERS_NEEDED == 0 or not refs or not has_written(by):
        return ""
    since = Since(refs | EXTENSIBLE.keys(), until)
    entries = [one for one in written(refs, by) if needs_review(one) and since(one.subject_ref, one)]
    entries += [one for one in terms_written(since, by) if vocabulary_of(one) in refs]
    return told(entries) if entries else ""


def unreviewed(drafts, by=None, until=None):
    """Return {reference of a draft: journal entries, by ``by`` if given, that wrote something of it since it was last published}.

    What belongs to a draft: its row, its claims and media, the actors, places and monuments that it names; its sources, since
    each of them was last published itself; the records merged into it; and the terms of the vocabularies, which go out with
    every publication. Of a claim or media item that readers do not have yet everything counts, whenever it was written.
    """
    owners, citing = belonging(drafts), {}
    for draft in drafts:
        for source in draft.sources.values():
            citing.setdefault(source.ref, []).append(draft)
    merged = Merged(drafts)
    since = Since({draft.ref for draft in drafts} | citing.keys() | merged.owners.keys() | EXTENSIBLE.keys(), until)
    new = Newcomers(drafts)
    found = {draft.ref: [] for draft in drafts}
    for entry in filter(needs_review, written(owners.keys() | citing.keys() | merged.owners.keys(), by)):
        for draft, is_own in owners.get(entry.subject_ref, ()):
            is_due = since(draft.ref, entry) or (is_own and new(entry.subject_ref, draft))
            if is_due and (is_own or shows_on(entry, draft)):
                found[draft.ref].append(entry)
        if since(entry.subject_ref, entry):
            for draft in (*citing.get(entry.subject_ref, ()), *merged.since_published(entry.subject_ref, since)):
                found[draft.ref].append(entry)
    for entry in terms_written(since, by):
        for entries in found.values():
            entries.append(entry)
    return found


def edited_otherwise(subjects, is_known):
    """Return {reference: sentence} of those ``subjects``, monuments, that somebody edited since they were last published.

    Only their own rows, claims and media are looked at. Edits of which ``is_known`` (reason, at) is true are passed over:
    whoever publishes an import has looked at what imports wrote, and at nothing else.
    """
    owner = {one.ref: one.ref for one in subjects}
    for table in (Claim, Media):
        owner |= dict(table.objects.filter(monument__in=subjects).order_by().values_list("ref", "monument__ref"))
    entries = [one for one in written_otherwise(owner, is_known) if needs_review(one)]
    if not entries:
        return {}
    since = Since({owner[one.subject_ref] for one in entries})
    return {
        owner[one.subject_ref]: _("%(who)s edited it on %(day)s. Open the record, look at that and publish it there.")
        % {"who": one.who, "day": date_format(one.at, "j F Y")}
        for one in entries
        if since(owner[one.subject_ref], one)
    }


class Newcomers:
    """Which claims and media a draft would put before readers who do not have them now; what they have is read when asked for."""

    def __init__(self, drafts):
        self.drafts = drafts

    @cached_property
    def current(self):
        return {ref: rows_in(record) for ref, record in current_records([draft.ref for draft in self.drafts]).items()}

    def __call__(self, ref, draft):
        return ref in rows_in(draft.record) and ref not in self.current.get(draft.ref, ())


def rows_in(record):
    """Return the references of the claims and media of a record."""
    return {row["ref"] for name in (*CLAIMS, "media") for row in record.get(name, ())}


class Merged:
    """The monuments that were merged into those of ``drafts``: {reference: (draft, journal entry of its merger)}."""

    def __init__(self, drafts):
        self.owners = {}
        into = {draft.subject.pk: draft for draft in drafts if isinstance(draft.subject, Monument)}
        while into:
            found = list(Monument.objects.filter(merged_into__in=into).values_list("pk", "ref", "merged_into"))
            entries = {
                entry.subject_ref: entry
                for batch in batches({ref for _pk, ref, _into in found})
                for entry in Journal.objects.filter(subject_ref__in=batch, verb="merge").order_by("pk")
            }
            self.owners |= {ref: (into[key], entries[ref]) for _pk, ref, key in found if ref in entries}
            into = {pk: into[key] for pk, _ref, key in found}

    def since_published(self, ref, since):
        """Return [the draft] that the monument ``ref`` was merged into since its last publication; [] if there is none."""
        if ref not in self.owners:
            return []
        draft, entry = self.owners[ref]
        return [draft] if since(draft.ref, entry) else []


def shows_on(entry, draft):
    """Tell whether ``entry``, about a row that is not of ``draft``, wrote something that shows on it.

    It is an actor, or how the row is called, where a place belongs, a relation to the draft's subject, or a link to one of its claims.
    """
    before, after = entry.before or {}, entry.after or {}
    if entry.subject_kind == "actor" or any(before.get(name) != after.get(name) for name in CALLED):
        return True
    own = rows_in(draft.record) | {draft.ref}
    return opens(entry) or any(
        child["other"]["ref"] in own and child != before.get(name, {}).get(ref)
        for name in ("relations", "links")
        for ref, child in after.get(name, {}).items()
    )


def terms_written(since, by):
    """Return the entries that wrote a term since its vocabulary was last published."""
    own = {"who": by.get_username()} if by is not None else {}
    first = min(since.marks.get(code, 0) for code in EXTENSIBLE)
    entries = Journal.objects.filter(subject_kind="term", pk__gt=first, **own).order_by("pk")
    return [one for one in entries if needs_review(one) and since(vocabulary_of(one), one)]


def vocabulary_of(entry):
    return (entry.after or entry.before)["vocabulary"]


class Since:
    """Whether a journal entry is later than the last publication of a reference."""

    def __init__(self, refs, until=None):
        self.marks = last_published(refs, until)
        self.times = {}
        for batch in batches(refs - self.marks.keys()):  # published before the journal told of it
            editions = Edition.objects.current().published().filter(ref__in=batch).order_by()
            self.times |= dict(editions.values_list("ref", "published_at"))

    def __call__(self, ref, entry):
        if ref in self.marks:
            return entry.pk > self.marks[ref]
        return ref not in self.times or entry.at > self.times[ref]


def belonging(drafts):
    """Return {reference of a row: [(draft, whether the row is its own)]}."""
    owners = {}

    def add(ref, draft, own):
        owners.setdefault(ref, []).append((draft, own))

    for model, field in ((Monument, "monument"), (Place, "place")):
        own = {draft.subject.pk: draft for draft in drafts if isinstance(draft.subject, model)}
        if not own:
            continue
        for pk, ref in Claim.objects.filter(**{f"{field}__in": own}).order_by().values_list(field, "ref"):
            add(ref, own[pk], True)
        linking = ClaimLink.objects.filter(**{f"other__{field}__in": own}).order_by()
        for pk, ref in linking.values_list(f"other__{field}", "claim__ref").distinct():
            add(ref, own[pk], False)
        if model is Monument:
            for pk, ref in Media.objects.filter(monument__in=own).order_by().values_list("monument", "ref"):
                add(ref, own[pk], True)
    for draft in drafts:
        add(draft.ref, draft, True)
        for ref in {*named_in(draft.record)} - {draft.ref}:
            add(ref, draft, False)
    return owners


def named_in(value):
    """Yield the references of the actors, places and monuments that a record names."""
    if isinstance(value, list):
        for one in value:
            yield from named_in(one)
    elif isinstance(value, dict):
        if {"ref", "label"} <= value.keys() <= NAMED:
            yield value["ref"]
        for one in value.values():
            yield from named_in(one)
