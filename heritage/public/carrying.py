"""What one source carries: the statements that cite it, by the record they are in."""

import json
from dataclasses import dataclass

from heritage.public.reading import CLAIMS


@dataclass(frozen=True)
class Carried:
    """The claims of one record that cite a source, directly or as what another source relays."""

    record: dict
    claims: list
    names: list


def carried(ref, records):
    """Return a ``Carried`` for each of ``records`` (canonical JSON) in which something rests on the source ``ref``."""
    found = (of_record(ref, json.loads(record)) for record in records)
    return [one for one in found if one.claims or one.names]


def of_record(ref, record):
    claims = [claim for kind in CLAIMS for claim in record[kind] if ref in sources_of(claim)]
    return Carried(record, claims, [name["text"] for name in record["names"] if name["source"] == ref])


def sources_of(claim):
    return {source for citation in claim["citations"] for source in (citation["source"], citation["relayed_from"])}
