"""Real rows for tests, made as a curator would: every function makes one thing and may be told any of its fields."""

from itertools import count

from django.contrib.auth.models import Group, User

from heritage.registry import dates
from heritage.registry.models import (
    Actor,
    Attribution,
    Citation,
    ClaimLink,
    Count,
    Location,
    Media,
    Monument,
    Name,
    Place,
    PlaceMembership,
    Protection,
    Relation,
    Source,
    Status,
    Term,
)
from tests.stock import install_groups

PASSWORD = "a long pass phrase for tests"
numbers = count(1)


def make_user(group=None, **fields):
    """Make a curator: ``group`` is "contributor", "reviewer" or "administrator"."""
    username = fields.pop("username", f"{group or 'nobody'}-{next(numbers)}")
    user = User.objects.create_user(username, password=PASSWORD, **{"is_staff": True} | fields)
    if group:
        if not Group.objects.filter(name=group).exists():
            install_groups()
        user.groups.add(Group.objects.get(name=group))
    return user


def make_term(vocabulary="monument_type", code="church", **fields):
    defaults = {"labels": {"en": code.replace("_", " ").capitalize()}} | fields
    return Term.objects.get_or_create(vocabulary=vocabulary, code=code, defaults=defaults)[0]


def make_actor(label="Caucasus Heritage Watch", kind="academic_project", **fields):
    return Actor.objects.get_or_create(label=label, defaults={"kind": kind} | fields)[0]


def make_source(title=None, **fields):
    """Make a public source that was read in full."""
    title = title or f"Monitoring report {next(numbers)}"
    fields.setdefault("kind", make_term("source_kind", "report"))
    return Source.objects.create(title=title, **{"read_state": "in_full"} | fields)


def make_place(label=None, **fields):
    return Place.objects.create(label=label or f"Village {next(numbers)}", **{"kind": "village"} | fields)


def make_membership(place, parent, **fields):
    return PlaceMembership.objects.create(place=place, parent=parent, **{"kind": "part_of"} | fields)


def make_monument(label=None, types=None, **fields):
    """Make a draft without name, location or claim; ``kind`` is "monument" unless told."""
    monument = Monument.objects.create(label=label or f"Chapel {next(numbers)}", **fields)
    monument.types.set([make_term()] if types is None else types)
    return monument


def make_name(subject, text=None, **fields):
    defaults = {"language": "en", "script": "Latn", "kind": "alternative"}
    if fields.get("kind") == "register_number":
        defaults = {}
    return Name.objects.create(
        **{subject_field(subject): subject}, text=text or f"Name {next(numbers)}", **defaults | fields
    )


def make_location(monument, **fields):
    """Make the location shown, at a point near a place of its own."""
    fields.setdefault("place", None if "latitude" in fields else make_place())
    defaults = {"latitude": "39.760000", "longitude": "46.750000", "uncertainty": 150, "shown": True}
    return Location.objects.create(monument=monument, **defaults | fields)


def make_relation(monument, other, kind="part_of", **fields):
    return Relation.objects.create(monument=monument, other=other, kind=kind, **fields)


def make_status(subject=None, effects=None, edtf="2021-04-12/2021-06-18", **fields):
    """Make an event, “destroyed once between 12 April and 18 June 2021”, unless told otherwise. Not cited."""
    fields = {"mode": "event", "aspect": "condition"} | fields
    fields = ({"probability": "planned"} if fields["mode"] == "threat" else {"value": "destroyed"}) | fields
    status = Status.objects.create(**claim_fields(subject, "It was destroyed.", edtf, fields))
    if effects is None and status.mode == "event":
        effects = [make_term("effect", "destruction")]
    status.effects.set(effects or [])
    return status


def make_attribution(subject=None, **fields):
    fields = {"facet": "dedication", "value": "Saint John"} | fields
    return Attribution.objects.create(**claim_fields(subject, "It is dedicated to Saint John.", "", fields))


def make_protection(subject=None, **fields):
    fields.setdefault("kind", make_term("protection_kind", "national_list"))
    fields.setdefault("authority", make_actor("Ministry of Culture", "state_body"))
    return Protection.objects.create(**claim_fields(subject, "It is on the national list.", "", fields))


def make_count(subject=None, **fields):
    fields.setdefault("predicate", make_term("count_predicate", "destroyed"))
    fields = {"counted": "gravestones", "value": 12} | fields
    return Count.objects.create(**claim_fields(subject, "Twelve gravestones were destroyed.", "", fields))


def make_citation(claim, source=None, **fields):
    return Citation.objects.create(claim=claim.claim_ptr, source=source or make_source(), **fields)


def make_link(claim, other, kind="contradicts", **fields):
    return ClaimLink.objects.create(claim=claim.claim_ptr, other=other.claim_ptr, kind=kind, **fields)


def make_media(monument=None, **fields):
    """Make a media item that is cited, not held."""
    return Media.objects.create(monument=monument, **{"label": f"View {next(numbers)}", "kind": "image"} | fields)


def make_publishable_monument(label=None, **fields):
    """Make a draft that can be published: named, located, with a destruction cited to a source that was read."""
    monument = make_monument(label, **fields)
    make_name(monument, monument.label, kind="preferred")
    make_location(monument)
    make_citation(make_status(monument))
    return monument


def make_publishable_place(label=None, **fields):
    place = make_place(label, **fields)
    make_name(place, place.label, kind="preferred")
    return place


def subject_field(subject):
    return "place" if isinstance(subject, Place) else "monument"


def claim_fields(subject, summary, edtf, fields):
    """Return the fields of a claim, its dates from ``edtf`` unless they are told."""
    subject = subject or make_monument()
    claimant = fields.pop("claimant", None) or make_actor()
    block = {} if {"qualifier", "lo", "hi"} & set(fields) else date_block(edtf)
    return {subject_field(subject): subject, "claimant": claimant, "summary": summary} | block | fields


def date_block(edtf):
    """Return the date block that a curator would get for ``edtf``: an interval is “once between”, another date “on”."""
    if not edtf:
        return {"qualifier": "undated"}
    span = dates.parse(edtf)
    qualifier = "before" if span.lo is None else "after" if span.hi is None else "once_between" if "/" in edtf else "on"
    return {"qualifier": qualifier, "lo": span.lo, "hi": span.hi, "edtf": span.edtf}
