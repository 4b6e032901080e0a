"""Two desks that differ only in what is hidden publish the same bytes: editions, index, and every page of the reading room."""

import datetime
import re
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from heritage.catalogue.models import Edition, Entry, EntryTerm, Happening
from heritage.catalogue.publish import publish
from heritage.registry.models import Actor, Claim, Location, Monument, Place, Source
from heritage.registry.refs import mint_from
from tests.registry.make import (
    make_actor,
    make_attribution,
    make_citation,
    make_count,
    make_link,
    make_location,
    make_media,
    make_membership,
    make_name,
    make_place,
    make_protection,
    make_publishable_monument,
    make_publishable_place,
    make_relation,
    make_source,
    make_status,
)

pytestmark = pytest.mark.django_db
SECRET = "XSECRETX"
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')
DETAIL = re.compile(r"/(monuments|places|sources)/[0-9a-z]{12}/")


class Undo(Exception):
    """Takes a transaction back on purpose."""


@pytest.fixture
def still(monkeypatch):
    """Let time stand still."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC))


def settle(row, name):
    """Give ``row`` the reference that belongs to ``name``, the same on both desks."""
    type(row).objects.filter(pk=row.pk).update(ref=mint_from(name))
    row.refresh_from_db()
    return row


def make_desk():
    """Make what both desks have: two places, two monuments, claims of every sort, sources."""
    region, town = settle(make_publishable_place("Region"), "region"), settle(make_publishable_place("Town"), "town")
    make_membership(town, region)
    church, cemetery = make_publishable_monument("Church"), make_publishable_monument("Cemetery", kind="cemetery")
    make_relation(church, cemetery, "adjacent_to")
    for subject in (church, cemetery, region):
        for claim in (make_status(subject), make_attribution(subject), make_protection(subject), make_count(subject)):
            make_citation(claim, make_source(f"Report on {subject.label}, {type(claim).__name__}"))
    for number, location in enumerate(Location.objects.order_by("pk")):
        Location.objects.filter(pk=location.pk).update(place=town, latitude="39.7601", longitude="46.7502")
        settle(location, f"location {number}")
    Place.objects.exclude(pk__in=[region.pk, town.pk]).delete()
    settle_all()
    return [region, town, church, cemetery]


def settle_all():
    """Give every row a reference by its order of making."""
    for model in (Actor, Source, Monument, Claim):
        for number, row in enumerate(model.objects.order_by("pk")):
            settle(row, f"{model.__name__} {number}")
    for model in (Monument, Place, Claim):
        for related in ("names", "relations", "memberships", "citations"):
            if hasattr(model, related):
                rows = getattr(model, related).rel.related_model.objects.order_by("pk")
                for number, row in enumerate(rows):
                    settle(row, f"{related} {number}")
    for number, source in enumerate(Source.objects.order_by("pk")):
        Source.objects.filter(pk=source.pk).update(title=f"Report {number}")


def hide_much():
    """Add to the desk what no reader may see, each bit of it marked."""
    church, cemetery = Monument.objects.order_by("pk")
    sealed = make_source(SECRET, access_level="sealed", publisher=SECRET, url=f"https://{SECRET}.example/".lower())
    draft = make_publishable_monument(f"Draft {SECRET}")
    hidden_place = make_place(f"Place {SECRET}")
    make_name(draft, f"Name {SECRET}")
    make_relation(church, draft)
    make_name(church, f"Name {SECRET}", source=sealed)
    make_location(cemetery, place=hidden_place, shown=False, source=sealed, wording=SECRET)
    make_membership(Place.objects.order_by("pk").first(), hidden_place, source=sealed)
    make_media(church, label=SECRET, source=sealed)
    make_media(church, label=SECRET, access_level="curators")
    by_secret = make_actor(f"Actor {SECRET}")
    for fields in ({"access_level": "curators"}, {"standing": "withdrawn_by_registry"}, {"access_level": "sealed"}):
        make_citation(make_status(church, value="intact", edtf="2025", summary=SECRET, claimant=by_secret, **fields))
    hidden = make_status(church, value="intact", edtf="2025", summary=SECRET)
    make_citation(hidden, sealed)
    make_link(church.claims.order_by("pk").first().status, hidden, note=SECRET)
    make_citation(church.claims.order_by("pk").first().status, sealed, quote=SECRET)
    make_status(cemetery, mode="threat", value="", probability="planned", summary=SECRET)
    for model in (Monument, Place, Claim, Source, Actor):
        model.objects.update(note=SECRET)
    Location.objects.filter(shown=True).update(latitude="39.760312", longitude="46.750299", uncertainty=7)
    curator = get_user_model().objects.create_user(SECRET)
    Monument.objects.update(edited_by=curator)


def reading_room():
    """Return the body of every address that can be reached from the first page, by address."""
    client, seen, waiting = Client(), {}, ["/", "/health/", "/ledger.jsonl", "/changes.atom", "/monuments.geojson"]
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith(("/admin", "/static")):
            continue
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen[address] = (answer.status_code, dict(answer.headers), body)
        if "html" in answer.headers["Content-Type"]:
            waiting += {unescape(link) for link in LINK.findall(body.decode())} - set(seen)
        if DETAIL.fullmatch(address):
            waiting.append(address.rstrip("/") + ".json")
    return seen


def published(hide):
    """Return all that a publication leaves behind, and leave nothing behind."""
    try:
        with transaction.atomic():
            subjects = make_desk()
            hide()
            publish([type(one).objects.get(pk=one.pk) for one in subjects])
            rows = {
                model.__name__: [
                    {
                        key: value
                        for key, value in row.items()
                        if key not in {"position", "edition_id", "entry_id", "id"}
                    }
                    for row in model.objects.order_by("pk").values()
                ]
                for model in (Edition, Entry, EntryTerm, Happening)
            }
            result = rows, reading_room()
            raise Undo
    except Undo:
        return result


def test_what_is_hidden_changes_no_byte_that_a_reader_can_fetch(still):
    plain_rows, plain_pages = published(lambda: None)
    rich_rows, rich_pages = published(hide_much)

    assert rich_rows == plain_rows
    assert set(rich_pages) == set(plain_pages)
    assert [address for address in plain_pages if plain_pages[address] != rich_pages[address]] == []
    assert not any(SECRET.encode() in body for _, _, body in rich_pages.values())


def test_the_walk_reaches_every_sort_of_page(still):
    _, pages = published(lambda: None)

    assert {status for status, _, _ in pages.values()} == {200}
    church = mint_from("Monument 0")
    expected = {
        "/",
        "/monuments/",
        "/places/",
        "/sources/",
        "/figures/",
        "/changes/",
        "/ledger/",
        "/about/",
        "/vocabulary/",
        f"/monuments/{church}/",
        f"/monuments/{church}.json",
        f"/monuments/{church}/history/",
        f"/monuments/{church}/v1/",
        f"/places/{mint_from('town')}/",
        f"/sources/{mint_from('Source 0')}/",
    }
    assert expected <= set(pages)
