"""Subject → record: the one published shape, a plain dict of what readers may see. ``record.schema.json`` describes it.

The canonical form is UTF-8 JSON with sorted keys, no insignificant space and NFC text; its SHA-256 is an edition's hash.
A record made here lacks ``version`` and ``published_at``: publication adds them (``catalogue.publish``).
"""

import hashlib
import json
import unicodedata
from functools import cache, cached_property, lru_cache
from operator import itemgetter

import orjson
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import override

from heritage.registry import dates, visibility
from heritage.registry.dossier import dossiers
from heritage.registry.models import Media, Monument, Term
from heritage.registry.standing import derive
from heritage.registry.statement import Link, Statement
from heritage.registry.visibility import is_withheld
from heritage.registry.vocabulary import (
    EXTENSIBLE,
    ContentWarning,
    CountQualifier,
    NameKind,
    Scope,
    value_label,
)

SCHEMA = "urn:heritage-register:record:1"
LAST = 10**12
in_words = lru_cache(maxsize=20_000)(dates.qualified)
print_bound = lru_cache(maxsize=20_000)(dates.print_bound)


written = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode
POINTED = {"monument", "place", "source"}  #: subjects whose only fractions are degrees
ADDED = ("published_at", "version")  #: what publication adds to a record, in the order of keys


def canonical(record):
    """Return the canonical text of ``record``. Raises ``ValueError`` for numbers that JSON cannot hold."""
    return unicodedata.normalize("NFC", written(record))


def written_fast(value):
    """Return the same text as ``written`` in a tenth of the time, for a ``value`` whose numbers are plain (see ``is_plain``)."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:
        return written(value)


def is_plain(record):
    """Tell whether every encoder writes the numbers of ``record`` alike: no exponents, nothing infinite, no more than 64 bits."""
    if record["subject"] not in POINTED:
        return False
    points = filter(None, [*record.get("locations", ()), record.get("position")])
    return not any(
        point.get("footprint") or is_tiny(point["latitude"]) or is_tiny(point["longitude"]) for point in points
    )


def is_tiny(degrees):
    """Tell whether a number may be written with an exponent."""
    return bool(degrees) and -0.001 < degrees < 0.001


def digest(text):
    """Return the SHA-256 of ``text`` in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


class Draft:
    """A record that may become an edition, with the sources (rows by primary key) that readers will want to look up."""

    def __init__(self, subject, record, sources=None):
        self.subject, self.record, self.sources = subject, record, sources or {}
        self.ref = record["ref"]

    @cached_property
    def written(self):
        """The canonical texts of the members before, between and after those that publication adds, without braces."""
        first, second = ADDED
        parts = [{}, {}, {}]
        for key, value in self.record.items():
            parts[(key > first) + (key > second)][key] = value
        write = written_fast if is_plain(self.record) else written
        return [write(part)[1:-1] for part in parts]

    @cached_property
    def canonical(self):
        """The same in normal form C: nothing composes across a quotation mark or a comma."""
        return [unicodedata.normalize("NFC", part) for part in self.written]

    @cached_property
    def content_sha256(self):
        return digest(joined(self.canonical))

    def edition(self, version, moment):
        """Return the record of the edition ``version`` that is published at ``moment`` (RFC 3339), and its canonical text."""
        before, between, after = self.canonical
        text = joined([before, f'"published_at":"{moment}"', between, f'"version":{version}', after])
        is_normal = self.canonical == self.written
        return self.record | {"version": version, "published_at": moment} if is_normal else json.loads(text), text


def joined(parts):
    return "{" + ",".join(filter(None, parts)) + "}"


def drafts(subjects):
    """Yield a ``Draft`` for each of ``subjects``, all monuments or all places."""
    yield from drafted(dossiers(subjects))


def drafted(folders, described=None):
    """Yield a ``Draft`` for each dossier of ``folders``. ``described`` keeps the parts of sources for further calls (see ``Writer``)."""
    described = {} if described is None else described
    with override("en"):
        for folder in folders:
            yield Writer(folder, described).draft()


def record_of(subject):
    """Return the record of one monument or place."""
    return next(drafts([subject])).record


monument_record = place_record = record_of


def source_record(source):
    """Return the record of a source that may be shown; ``source.kind`` should be loaded."""
    with override("en"):
        return {"schema": SCHEMA, "subject": "source", "label": source_title(source), **source_part(source)}


def vocabulary_records():
    """Return the record of each vocabulary by its code, with every term, also the retired ones."""
    terms = {code: [] for code in EXTENSIBLE}
    for one in Term.objects.filter(vocabulary__in=EXTENSIBLE).woven().values():
        terms[one.vocabulary].append(one)
    with override("en"):
        return {
            code: {
                "schema": SCHEMA,
                "subject": "vocabulary",
                "ref": code,
                "code": code,
                "label": str(label),
                "terms": [term_part(one) for one in terms[code]],
            }
            for code, label in EXTENSIBLE.items()
        }


def term_part(term):
    return {
        "code": term.code,
        "label": term.label,
        "labels": term.labels,
        "definition": term.definition,
        "broader": term.broader.code if term.broader_id else None,
        "standard": term.standard,
        "mappings": term.mappings,
        "retired_on": iso_day(term.retired_at),
    }


def iso_day(day):
    return day.isoformat() if day else None


code_of = itemgetter("code")


def term(row):
    """Return code and label of a ``Term`` row, or ``None``."""
    return {"code": row.code, "label": row.label} if row else None


def choice(row, name):
    """Return code and label of the field ``name``, which has choices, or ``None`` where it is empty."""
    code = getattr(row, name)
    return choice_of(type(row), name, str(code)) if code else None


@cache
def choice_of(model, name, code):
    """Return code and English label; the label is looked up once, since a record of any size asks for it many times."""
    with override("en"):
        labels = dict(model._meta.get_field(name).flatchoices)
        return {"code": code, "label": str(labels.get(code, code))}


def named(row):
    """Return reference and label of a monument, place or actor, with its kind."""
    return {"ref": row.ref, "label": row.label, "kind": choice(row, "kind")} if row else None


def bare(row):
    """Return reference and label only."""
    return {"ref": row.ref, "label": row.label} if row else None


def warnings_part(codes):
    return [{"code": code, "label": ContentWarning.label_of(code)} for code in sorted(set(codes))]


def dates_part(row, with_wording=True):
    """Return the dates of ``row``; without their wording where that is the wording of a withheld source."""
    return {
        "qualifier": row.qualifier,
        "lo": row.lo,
        "hi": row.hi,
        "hi_basis": row.hi_basis,
        "edtf": row.edtf,
        "as_stated": row.as_stated if with_wording else "",
        "text": in_words(row.qualifier, row.lo, row.hi, row.hi_basis, row.edtf),
    }


#: What a citation of a withheld source says beyond its role.
NOTHING_CITED = {
    "locator": "",
    "timecode": None,
    "directness": {"code": "withheld", "label": "Withheld"},
    "relayed_from": None,
    "evidence": [],
    "quote": "",
    "media": None,
    "anchored_on": None,
}


def source_title(source):
    return _("Source withheld") if is_withheld(source) else source.title


def wording_shown(row):
    """Tell whether the wording of a row that has one source may appear."""
    return visibility.wording_is_public([row.source])


def locator_of(row):
    """Return where in its source a row is found; nothing where the source is withheld, since it could give it away."""
    return "" if is_withheld(row.source) else row.locator


def media_label(item):
    """Return the title of a media item; where its source is withheld only its kind."""
    return choice(item, "kind")["label"] if is_withheld(item.source) else item.label


def source_part(source):
    """Return what readers see of a source; of a withheld one only the class of the reason."""
    if is_withheld(source):
        return {"ref": source.ref, "title": source_title(source), "withheld": choice(source, "withheld_because")}
    origin = visibility.origin_shown(source, source.derives_from)
    return {
        "ref": source.ref,
        "title": source.title,
        "publisher": source.publisher,
        "authors": source.authors,
        "kind": term(source.kind),
        "dates": dates_part(source),
        "language": source.language,
        "url": source.url,
        "archived_url": source.archived_url,
        "retrieved_on": iso_day(source.retrieved_on),
        "identifier": source.identifier,
        "stance": choice(source, "stance"),
        "standard_of_proof": choice(source, "standard_of_proof"),
        "read_state": choice(source, "read_state"),
        "derives_from": origin.ref if origin else None,
        "content_warnings": warnings_part(source.content_warnings),
        "withheld": None,
    }


class Writer:
    """Writes the record of one dossier and gathers the sources it meets on the way.

    ``described`` keeps, by primary key, the parts of sources that many records show.
    """

    def __init__(self, dossier, described):
        self.dossier, self.described = dossier, described
        self.subject = dossier.subject
        self.sources = {}
        self.links_between = []

    def draft(self):
        write = self.monument if isinstance(self.subject, Monument) else self.place
        record = {"schema": SCHEMA, "ref": self.subject.ref, "label": self.subject.label, **write()}
        record["sources"] = [self.source(row) for row in self.sources_by_title()]
        return Draft(self.subject, record, self.sources)

    def source(self, row):
        if row.pk not in self.described:
            self.described[row.pk] = source_part(row)
        return self.described[row.pk]

    def sources_by_title(self):
        for source in list(self.sources.values()):
            for origin in visibility.origins_shown(source):
                self.cite(origin)
        return sorted(self.sources.values(), key=lambda source: (source_title(source), source.ref))

    def monument(self):
        monument, dossier = self.subject, self.dossier
        return {
            "subject": "monument",
            "kind": choice(monument, "kind"),
            "itemised": monument.itemised,
            "names": self.names(),
            "types": [self.type(row) for row in sorted(dossier.types, key=lambda row: row.code)],
            "locations": [
                self.location(row) for row in sorted(dossier.locations, key=lambda row: (not row.shown, row.ref))
            ],
            "relations": [
                self.relation(*row)
                for row in sorted(dossier.relations, key=lambda row: (row[0].kind, row[2].label, row[0].ref))
            ],
            "media": [self.media(row) for row in sorted(dossier.media, key=lambda row: (media_label(row), row.ref))],
            **self.claims(),
            "notices": self.notices(),
        }

    def place(self):
        place, dossier = self.subject, self.dossier
        position = None
        if place.latitude is not None:
            position = {"latitude": float(place.latitude), "longitude": float(place.longitude)}
        return {
            "subject": "place",
            "kind": choice(place, "kind"),
            "names": self.names(),
            "memberships": [
                self.membership(row)
                for row in sorted(dossier.memberships, key=lambda row: (row.parent.label, row.kind, row.ref))
            ],
            "position": position,
            **self.claims(),
            "notices": self.notices(),
        }

    def cite(self, source):
        """Return the reference of a source that appears in the record, and list the source."""
        if source is None:
            return None
        self.sources[source.pk] = source
        return source.ref

    def names(self):
        numbers_last = sorted(
            self.dossier.names,
            key=lambda name: (name.kind == NameKind.REGISTER_NUMBER, name.text, name.language, name.ref),
        )
        return [
            {
                "ref": name.ref,
                "text": name.text,
                "language": name.language,
                "language_label": LANG_INFO.get(name.language.split("-")[0], {}).get("name", name.language),
                "script": name.script,
                "kind": choice(name, "kind"),
                "scheme": name.scheme,
                "dates": dates_part(name, wording_shown(name)),
                "source": self.cite(name.source),
                "locator": locator_of(name),
            }
            for name in numbers_last
        ]

    def type(self, row):
        return {"code": row.code, "label": row.label, "lineage": row.lineage()}

    def location(self, row):
        precision = self.subject.public_precision
        position = visibility.shown_position(row, precision)
        latitude, longitude, uncertainty = position or (None, None, None)
        exact = precision == "exact"
        worded = exact and wording_shown(row)
        return {
            "ref": row.ref,
            "place": self.place_of(row),
            "latitude": latitude,
            "longitude": longitude,
            "uncertainty_m": uncertainty,
            "precision": choice(self.subject, "public_precision"),
            "method": row.method if worded else "",
            "wording": row.wording if worded else "",
            "footprint": json.loads(row.footprint) if exact and row.footprint else None,
            "source": self.cite(row.source),
            "locator": locator_of(row),
            "shown": row.shown,
        }

    def place_of(self, location):
        if location.place is None or not visibility.subject_is_public(location.place):
            return None
        within = [
            {**named(step.parent), "relation": choice(step, "kind")} for step in self.dossier.within[location.place_id]
        ]
        return {**named(location.place), "within": within}

    def membership(self, row):
        return {
            "parent": bare(row.parent),
            "kind": choice(row, "kind"),
            "dates": dates_part(row, wording_shown(row)),
            "source": self.cite(row.source),
            "locator": locator_of(row),
        }

    def relation(self, row, direction, far):
        return {
            "ref": row.ref,
            "kind": choice(row, "kind"),
            "direction": direction,
            "monument": named(far),
            "source": self.cite(row.source),
            "locator": locator_of(row),
        }

    def media(self, item):
        """Return a media item; of one whose source is withheld only that there is one, of which kind, and what it shows.

        Title, credit, provider, scene, rights, resolution, manner, dates and the items that it belongs with may each name
        who made it, or lead there. The text alternative stays: curators write it for readers, about what is to be seen.
        Deposits leave its file out (see ``archive.copies``). Hash and size are those of the original, with which
        whoever finds it could prove where it came from: no record has them.
        """
        withheld = is_withheld(item.source)
        return {
            "ref": item.ref,
            "label": media_label(item),
            "kind": choice(item, "kind"),
            "held": item.held,
            "captured": dates_part(Media() if withheld else item),
            "derivation": choice(Media() if withheld else item, "derivation"),
            "pair_of": None if withheld else self.media_link(item.pair_of_id),
            "derived_from": None if withheld else self.media_link(item.derived_from_id),
            "source": self.cite(item.source),
            "locator": locator_of(item),
            "content_warnings": warnings_part(item.content_warnings),
            **{name: "" if withheld else getattr(item, name) for name in MEDIA_TEXTS},
            "alt_text": item.alt_text,
            "media_type": item.media_type,
            "size": None,
            "sha256": "",
        }

    def media_link(self, key):
        """Return the reference of the item with this primary key if readers may be led to it; otherwise ``None``."""
        shown = {other.pk: other.ref for other in self.dossier.media if not is_withheld(other.source)}
        return shown.get(key)

    def claims(self):
        in_time = sorted(self.dossier.statuses, key=lambda one: (one.hi or LAST, one.lo or -LAST, one.ref))
        by_ref = {
            "attributions": sorted(self.dossier.attributions, key=lambda one: (one.facet, one.value, one.ref)),
            "protections": sorted(self.dossier.protections, key=lambda one: (one.hi or LAST, one.summary, one.ref)),
            "counts": sorted(
                self.dossier.counts, key=lambda one: (one.predicate.order, one.predicate.code, one.counted, one.ref)
            ),
        }
        return {
            "statuses": [
                self.claim(one) | status_part(one, self.effects(one), self.wording_shown(one)) for one in in_time
            ],
            "attributions": [self.claim(one) | attribution_part(one) for one in by_ref["attributions"]],
            "protections": [self.claim(one) | protection_part(one) for one in by_ref["protections"]],
            "counts": [self.claim(one) | self.count_part(one) for one in by_ref["counts"]],
            "state": self.state(in_time),
        }

    def effects(self, claim):
        return self.dossier.effects.get(claim.pk, [])

    def claim(self, claim):
        citations = sorted(self.dossier.citations[claim.pk], key=lambda row: (ROLE_ORDER.index(row.role), row.ref))
        links = sorted(self.dossier.links.get(claim.pk, []), key=lambda row: (row[0].kind, row[2], row[0].ref))
        worded = self.wording_shown(claim)
        return {
            "ref": claim.ref,
            "claimant": named(claim.claimant),
            "summary": claim.summary,
            "quote": claim.quote if worded else "",
            "dates": dates_part(claim, worded),
            "certainty": choice(claim, "certainty"),
            "verification": choice(claim, "verification"),
            "standing": choice(claim, "standing"),
            "content_warnings": warnings_part(claim.content_warnings),
            "citations": [self.citation(row) for row in citations],
            "links": [self.link(*row) for row in links],
        }

    def wording_shown(self, claim):
        """Tell whether the words of ``claim`` that are those of its sources may appear."""
        return visibility.wording_is_public([row.source for row in self.dossier.citations[claim.pk]])

    def citation(self, row):
        """Return a citation; of a withheld source only its role, since all else could help to find the source."""
        if is_withheld(row.source):
            return NOTHING_CITED | {"ref": row.ref, "source": self.cite(row.source), "role": choice(row, "role")}
        timecode = {"start": row.timecode_start, "end": row.timecode_end} if row.timecode_start is not None else None
        anchor = {"date": row.anchored_on, "text": print_bound(row.anchored_on)} if row.anchored_on else None
        return {
            "ref": row.ref,
            "source": self.cite(row.source),
            "role": choice(row, "role"),
            "locator": row.locator,
            "timecode": timecode,
            "directness": choice(row, "directness"),
            "relayed_from": self.cite(visibility.origin_shown(row.source, row.reported_from)),
            "evidence": sorted(map(term, self.dossier.evidence.get(row.pk, [])), key=code_of),
            "quote": row.quote,
            "media": self.media_link(row.media_id),
            "anchored_on": anchor,
        }

    def link(self, row, other, direction):
        self.links_between.append(row)
        elsewhere = other.subject if other.subject != self.subject else None
        return {
            "kind": choice(row, "kind"),
            "claim": other.ref,
            "direction": direction,
            "note": row.note,
            "subject": named(elsewhere),
        }

    def count_part(self, claim):
        shown = {other.pk: other.ref for other in self.dossier.counts}
        return {
            "predicate": term(claim.predicate),
            "counted": claim.counted,
            "value": claim.value,
            "number_qualifier": {
                "code": claim.number_qualifier,
                "label": CountQualifier.label_of(claim.number_qualifier),
            },
            "scope_note": claim.scope_note,
            "part_of_count": shown.get(claim.part_of_count_id),
        }

    def state(self, statuses):
        """Return the current state by aspect, derived from the public claims alone."""
        links = {Link(row.claim.ref, row.other.ref, row.kind) for row in self.links_between}
        known = {one.ref: one for one in statuses}
        derived = derive(
            [statement(one, self.effects(one)) for one in statuses],
            sorted(links, key=lambda link: (link.kind, link.claim, link.other)),
        )
        return {aspect: state_part(state, known, links) for aspect, state in derived.items()}

    def notices(self):
        found = []
        if not getattr(self.subject, "itemised", True):
            found.append({"code": "not_itemised", "text": _("A group that nobody has listed one by one.")})
        for code in sorted({code for row in [self.subject, *self.dossier.claims()] for code in row.content_warnings}):
            found.append({"code": code, "text": ContentWarning.label_of(code)})
        if any(one.covers for one in self.dossier.protections):
            found.append(
                {
                    "code": "class_protection",
                    "text": _("A protection of a class of heritage does not name this very monument."),
                }
            )
        return found


MEDIA_TEXTS = (
    "how",
    "provider",
    "scene_id",
    "resolution",
    "rights_holder",
    "licence",
    "credit",
)
ROLE_ORDER = ["asserts", "last_unchanged", "first_changed", "disputes", "context"]


def status_part(claim, effects, worded):
    """Return what a status claim has beyond other claims; ``worded`` tells whether the words of its sources may appear."""
    extent = {"min": claim.extent_min, "max": claim.extent_max}
    value = valued(claim.aspect, claim.value) if claim.value else None
    return {
        "mode": choice(claim, "mode"),
        "aspect": choice(claim, "aspect"),
        "value": value,
        "effects": [term(row) for row in sorted(effects, key=lambda row: (row.order, row.code))],
        "cause": term(claim.cause),
        "agent": bare(claim.agent),
        "intent": choice(claim, "intent"),
        "stated_purpose": claim.stated_purpose,
        "scope": choice(claim, "scope"),
        "part_affected": claim.part_affected,
        "completeness": choice(claim, "completeness"),
        "extent": extent if extent != {"min": None, "max": None} else None,
        "probability": choice(claim, "probability"),
        "reported_grade": claim.reported_grade if worded else "",
    }


def attribution_part(claim):
    return {"facet": choice(claim, "facet"), "value": claim.value, "argued_from": choice(claim, "argued_from")}


def protection_part(claim):
    return {
        "kind": term(claim.kind),
        "authority": bare(claim.authority),
        "reference_number": claim.reference_number,
        "binds": bare(claim.binds),
        "covers": claim.covers,
        "interim": claim.interim,
        "ended": claim.ended,
    }


def statement(claim, effects):
    """Return a status claim with its ``effects`` as the derivation of the current state reads it."""
    return Statement(
        ref=claim.ref,
        mode=claim.mode,
        aspect=claim.aspect,
        qualifier=claim.qualifier,
        lo=claim.lo,
        hi=claim.hi,
        value=claim.value,
        scope=claim.scope,
        part=claim.part_affected if claim.scope == Scope.PART else "",
        effects=tuple(sorted(row.code for row in effects)),
        claimant=claim.claimant.ref,
        standing=claim.standing,
        hi_basis=claim.hi_basis,
    )


def state_part(state, known, links):
    """Return one aspect's current state as readers see it. ``known`` holds the status claims by reference."""
    lo, hi = state.since
    deciding = known.get(state.decided_by)
    since = None
    if deciding is not None:
        qualifier, basis, edtf = since_wording(state, deciding)
        text = in_words(qualifier, lo, hi, basis, edtf)
        since = {"lo": lo, "hi": hi, "hi_basis": basis, "text": text, "union": state.since_is_union}
    documented = state.last_documented
    return {
        "value": state.value,
        "label": valued(state.aspect, state.value)["label"] if state.value else _("No information"),
        "scope": scoped(state.scope) if state.scope else None,
        "part": state.part,
        "since": since,
        "last_documented": {"date": documented, "text": print_bound(documented)} if documented is not None else None,
        "claimants": state.claimants,
        "independent_claimants": state.independent_claimants,
        "according_to": bare(deciding.claimant) if deciding else None,
        "contested": state.contested,
        "positions": [{"value": valued(state.aspect, value), "claims": list(refs)} for value, refs in state.positions],
        "worst": valued(state.aspect, state.worst) if state.worst else None,
        "not_covered": [
            {
                "scope": scoped(other.scope),
                "part": other.part,
                "value": valued(state.aspect, other.value),
                "claim": other.ref,
            }
            for other in state.not_covered
        ],
        "decided_by": state.decided_by or None,
        "threatened_by": list(state.threatened_by),
        "set_aside": list(state.set_aside),
    }


@cache
def valued(aspect, value):
    with override("en"):
        return {"code": value, "label": value_label(aspect, value)}


@cache
def scoped(scope):
    with override("en"):
        return {"code": scope, "label": Scope.label_of(scope)}


def since_wording(state, deciding):
    """Return qualifier, basis and EDTF text that word "since": the deciding claim's own where its bounds are kept."""
    lo, hi = state.since
    if (lo, hi) == (deciding.lo, deciding.hi):
        began_within = deciding.qualifier == "throughout" and None not in (lo, hi)
        return "once_between" if began_within else deciding.qualifier, deciding.hi_basis, deciding.edtf
    if lo is None and hi is None:
        return "undated", "stated", ""
    if lo is None:
        return "before", state.since_hi_basis or "stated", ""
    if hi is None:
        return "after", "stated", ""
    return ("on" if lo == hi else "once_between"), state.since_hi_basis or "stated", ""
