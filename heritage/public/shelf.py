"""Finding editions on the shelf. Withdrawn, merged and unknown references raise what readers are answered."""

import json

from django.db.models import Q
from django.http import Http404

from heritage.catalogue.models import Edition
from heritage.public.answers import Closed, Gone, Moved
from heritage.registry.vocabulary import EXTENSIBLE

#: Written out: for one row the query's own making takes twice as long as its answer.
CURRENT = "SELECT * FROM catalogue_edition WHERE subject = %s AND ref = %s AND replaced_at IS NULL"


def opened(edition):
    """Return ``edition`` if it can be read. Raises: Http404, Gone, Closed, Moved."""
    if edition is None:
        raise Http404
    if edition.closed_because:
        raise Closed(edition.closed_because)
    if edition.action == "withdraw":
        raise Gone(edition.reason_class or json.loads(edition.record)["withdrawn"]["reason_class"])
    if edition.action == "merge":
        raise Moved(json.loads(edition.record)["merged_into"])
    return edition


def current(subject, ref):
    """Return the current edition of ``ref``. Raises: as ``opened``."""
    return opened(next(iter(Edition.objects.raw(CURRENT, [subject, ref])), None))


def pinned(ref, version):
    """Return version ``version`` of a monument and the newest edition of it. Raises: as ``opened``.

    A version of a merged monument can still be read, unless it is closed: as that of a withdrawn record is, even where a
    later one was published.
    """
    both = {
        edition.version: edition
        for edition in Edition.objects.monuments().filter(Q(version=version) | Q(replaced_at__isnull=True), ref=ref)
    }
    newest = both[max(both)] if both else None
    if newest is None or newest.action == "withdraw":
        opened(newest)
    return opened(both.get(version)), newest


def versions(ref):
    """Return every edition of a monument that its history lists, newest first. Raises: as ``opened``.

    Where it was withdrawn and published again, the tombstone comes last. Single versions that were closed are among them.
    """
    found = list(Edition.objects.monuments().of(ref))
    opened(found[-1] if found else None)
    gone = [place for place, edition in enumerate(found) if edition.action == "withdraw"]
    return found[gone[-1] if gone else 0 :][::-1]


def labels(subject, refs):
    """Return label by reference of the current editions ``refs``."""
    found = Edition.objects.current().published().filter(subject=subject, ref__in=refs)
    return dict(found.values_list("ref", "label"))


def vocabularies(codes=tuple(EXTENSIBLE)):
    """Return the records of the published vocabularies, by code."""
    found = Edition.objects.current().published().filter(subject="vocabulary", ref__in=codes)
    return {code: json.loads(record) for code, record in found.values_list("ref", "record")}


def term_labels(*codes):
    """Return for each vocabulary in ``codes`` the label by term."""
    found = vocabularies(codes)
    return {code: {term["code"]: term["label"] for term in found.get(code, {"terms": []})["terms"]} for code in codes}
