"""One object of every table and state, and who asks for it: what the matrix of addresses is asked about."""

import json
import logging
from contextlib import contextmanager
from urllib.parse import urlencode

from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import Client

from heritage.accounts.models import Passkey
from heritage.archive import making
from heritage.archive.models import Deposit
from heritage.catalogue import publish as door
from heritage.catalogue.carriers import carriers
from heritage.catalogue.closing import request_closure
from heritage.catalogue.models import Edition
from heritage.catalogue.release import Release
from heritage.intake.models import Batch, Mapping, Verdict
from heritage.registry import background, custody, lifecycle
from heritage.registry.admin import seen
from heritage.registry.admin.closures import fingerprint
from heritage.registry.custodians import ask_to_lower, name_custodians
from heritage.registry.models import Journal, Monument, Review, Term
from heritage.registry.steps import now
from tests.registry.make import (
    make_actor,
    make_attribution,
    make_count,
    make_media,
    make_monument,
    make_protection,
    make_publishable_monument,
    make_publishable_place,
    make_source,
    make_user,
)

#: The columns of the table, in their order. The custodian of what is sealed is a contributor.
ROLES = ["anonymous", "no group", "contributor", "custodian", "reviewer", "administrator", "superuser", "inactive"]

SURVIVOR = "The chapel that stands"


def clients(custodian):
    """Return a signed-in client for each role. Whoever is inactive was active when signing in."""
    users = {
        "no group": make_user(),
        "contributor": make_user("contributor"),
        "custodian": custodian,
        "reviewer": make_user("reviewer"),
        "administrator": make_user("administrator"),
        "superuser": make_user(is_superuser=True),
        "inactive": make_user("administrator"),
    }
    found = {"anonymous": Client(raise_request_exception=False)}
    for role, user in users.items():
        found[role] = Client(raise_request_exception=False)
        found[role].force_login(user)
    User.objects.filter(pk=users["inactive"].pk).update(is_active=False)
    return found


def world(custodian):
    """Return {kind of object: {state: object}}; what is sealed is kept by ``custodian`` and another, who asks to lower it."""
    monuments = in_states(make_publishable_monument)
    other = make_publishable_monument(SURVIVOR)
    door.publish([other, merged := make_publishable_monument()], None)
    door.merge(merged, other, None, "The same chapel.")
    monuments["merged"] = merged
    past = Edition.objects.published().filter(ref=merged.ref).get()
    places = in_states(make_publishable_place)
    draft, cited = monuments["draft"], sources(monuments)
    other = make_user("contributor")
    for row in (monuments["sealed"], places["sealed"], cited["source"]["sealed"]):
        name_custodians(row, [custodian, other], None)
        ask_to_lower(row, other, level_below(row), "It is safe now.")
    claims = {
        "status": {"draft": draft.claims.get().status, "published": monuments["published"].claims.get().status},
        "attribution": {"any": make_attribution(draft)},
        "protection": {"any": make_protection(draft)},
        "count": {"any": make_count(draft)},
    }
    claims["claim"] = {"any": claims["status"]["draft"].claim_ptr}
    things = {kind: {"any": make_monument(kind=kind)} for kind in ("cemetery", "site", "collection")}
    return {"monument": monuments, "place": places, **claims, **things, **cited, **rest(draft), **closures(past)}


def level_below(row):
    """Return the level that the other custodian asks for."""
    return "public" if row._meta.model_name == "source" else "curators"


def in_states(make):
    """Return a subject made by ``make`` in each state that one can have."""
    found = {state: make() for state in ("draft", "in review", "published", "changed", "withdrawn", "sealed")}
    lifecycle.submit(found["in review"], None)
    door.publish([found[state] for state in ("published", "changed", "withdrawn")], None)
    changed = found["changed"]
    changed.note = "Looked at again."
    lifecycle.revise(changed, None, "looked at")
    door.withdraw(found["withdrawn"], None, "safety", "It endangers people.")
    type(found["sealed"]).objects.filter(pk=found["sealed"].pk).update(access_level="sealed")
    for subject in found.values():
        subject.refresh_from_db()
    return found


def sources(monuments):
    sealed = make_source(access_level="sealed")
    cited = monuments["published"].claims.get().citations.get().source
    uncited = make_source()
    return {"source": {"public": cited, "uncited": uncited, "sealed": sealed}}


def closures(edition):
    """Return a request to close an ``edition``, which a second reviewer decides."""
    asked = request_closure([edition], make_user("reviewer"), "safety", "It shows too much.")
    return {"closure": {"waiting": asked}}


def rest(draft):
    held = make_media(draft)
    custody.take_in(held, SimpleUploadedFile("view.gif", b"GIF89a" + b"0" * 20))
    held.save()
    offered = make_deposit("public", file="deposits/none.tar")
    return {
        "media": {"held": held, "cited": make_media(draft)},
        "actor": {"any": make_actor()},
        "term": {"any": Term.objects.first()},
        "journal": {"any": Journal.objects.filter(verb="submit").first()},
        "review": {"any": Review.objects.first()},
        "user": {"any": make_user()},
        "passkey": {"another's": Passkey.objects.create(user=make_user(), name="A key", credential=b"")},
        "group": {"any": Group.objects.first()},
        "batch": {"new": Batch.objects.create(mapping_name="", file_name="list.csv", path="list.csv")},
        "mapping": {"any": Mapping.objects.create(name="ours", text='title = "Ours"')},
        "verdict": {
            "any": Verdict.objects.create(
                scheme="List", identifier="1", monument=draft, same=True, who="someone", at=now()
            )
        },
        "deposit": {"public": offered, "full": make_deposit("full")},
    }


def make_deposit(level, **fields):
    name = f"register-{level}.tar"
    if fields.get("file"):
        fields["file"] = default_storage.save(fields["file"], ContentFile(b"a bag"))
    hashes = {"manifest_sha256": "0" * 64, "ledger_head": "0" * 64, "sha256": "0" * 64}
    made = Deposit.objects.create(at=now(), level=level, name=name, editions=1, size=5, **hashes, **fields)
    making.folder_of(made.ref).mkdir()
    (making.folder_of(made.ref) / name).write_bytes(b"a bag")
    return made


@contextmanager
def orders(objects):
    """Put an ordered deposit among ``objects``, on which somebody works all the while: no process can be begun."""
    folder = making.folder_of("order1")
    folder.mkdir()
    told = {"level": "public", "name": "ordered.tar", "who": "someone", "at": now().isoformat()}
    (folder / making.ORDER).write_text(json.dumps(told))
    objects["order"] = {"ordered": "order1"}
    with background.held(folder, "It is worked on."):
        yield


@contextmanager
def silence():
    """Log nothing: thousands of refusals, each with its traceback, take longer than the answers."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def close(answer):
    """Close an answer as Django's test client does: with its connection left open, in which all is undone."""
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)


# Addresses


def kind_of(address):
    """Return the kind of object that ``address`` is about."""
    first, *more = address.split("/")
    if first == "admin":
        if more[0] == "r":  # Django's way from an object of the desk to its public page, which no object has
            return "actor"
        if "about" in more:  # closing versions of a record
            return "monument"
        if more[0] == "second-factor":
            return "passkey"
        return "order" if "making" in more else more[1] if len(more) > 1 else ""
    return {"monuments": "monument", "places": "place", "sources": "source", "data": "deposit"}.get(first, "")


def key_of(address, one):
    """Return what stands for the object ``one`` in ``address``: its key at the desk, its reference elsewhere."""
    if one is None or isinstance(one, str):
        return one or ""
    return str(one.pk) if address.startswith("admin/") else one.ref


def posted(address, one):
    """Return the body and the type of what is posted to ``address``, which is about ``one``: what does something there, for whoever may."""
    given = {"post": "yes", "reason": "Because.", "by_claimant": "no", "reason_class": "safety", "username": "invited"}
    given |= {"do": "confirm", "decision": "confirm", "scope": "own", "withheld_because": "safety"}
    if "/decide/" in address:
        refs = [one.ref, *one.claims.values_list("ref", flat=True)]
        given["seen"] = seen.mark(one, refs, Release(one).digest if address.endswith("/publish/") else "")
    if address.endswith("/lower/"):
        given["level"] = level_below(one)
    if "/about/" in address:
        given["seen"] = fingerprint(carriers(one.ref).all)
    if address.endswith("/merge/"):
        given["into"] = Monument.objects.get(label=SURVIVOR).pk
    return urlencode(given), "application/x-www-form-urlencoded"
