"""What was open, or published, before it was sealed: the pages of reviewers who are no custodians name it nowhere."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from heritage.catalogue import closing
from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish, withdraw
from heritage.intake.ground import places_of
from heritage.intake.mapping import parse
from heritage.registry import lifecycle
from heritage.registry.custodians import name_custodians
from tests.intake import lists
from tests.registry.conftest import signed_in
from tests.registry.make import (
    make_citation,
    make_media,
    make_monument,
    make_name,
    make_place,
    make_publishable_monument,
    make_status,
    make_user,
)
from tests.registry.test_admin import filled_in, page, text_of
from tests.stock import install_vocabularies
from tests.trust.sealed_world import MARKS, sealed_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def keepers(db):
    return make_user("administrator"), make_user("reviewer")


@pytest.fixture
def reviewer(db):
    return signed_in("reviewer")


def seal(row, keepers):
    row.refresh_from_db()
    row.access_level = "sealed"
    row.save(update_fields=["access_level"])
    name_custodians(row, keepers, None)


def publish_page(monument):
    return reverse("admin:registry_monument_decide", args=[monument.pk, "publish"])


def test_no_search_finds_an_open_row_by_the_words_of_what_is_sealed(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sealed_desk()
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("superuser"))
    found = []
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for mark in sorted(MARKS):
            answer = client.get(address, {"q": mark.lower()})
            listed = answer.context and answer.context.get("cl")
            found += [(address, mark)] if listed and listed.result_count else []

    assert found == []


def test_the_publish_page_does_not_name_a_claim_that_was_opened_and_then_sealed(reviewer, keepers):
    author = make_user("contributor", username="author")
    monument = make_publishable_monument(stage="in_review")
    claim = make_status(monument, summary="Hidden words", access_level="curators")
    lifecycle.register(claim, author)
    claim.access_level = "public"
    lifecycle.revise(claim, author, "open")
    assert "Hidden words" in text_of(reviewer.get(publish_page(monument)))
    seal(claim, keepers)

    assert "Hidden words" not in text_of(reviewer.get(publish_page(monument)))


def test_whoever_wrote_what_is_sealed_since_is_not_told_its_words(reviewer, keepers):
    monument = make_publishable_monument()
    publish([monument])
    claim = make_status(monument, summary="Hidden words")
    lifecycle.register(claim, reviewer.user)
    seal(claim, keepers)

    told = text_of(reviewer.get(publish_page(monument)))

    assert "Hidden words" not in told
    assert "You edited what would be published, so another reviewer must publish it." in told


def carrier_and_source(keepers):
    """Return a published record, edited and sealed since, and a source that it and another one show."""
    monument = make_publishable_monument()
    source = monument.claims.get().citations.get().source
    other = make_publishable_monument()
    make_citation(make_status(other), source)
    publish([monument])
    publish([other])
    monument.refresh_from_db()
    monument.label = "Hidden title"
    lifecycle.revise(monument, keepers[0])
    seal(monument, keepers)
    return monument, source


def test_a_source_is_taken_down_with_the_sealed_record_that_shows_it_which_is_not_named(reviewer, keepers):
    monument, source = carrier_and_source(keepers)
    address = page("source", "take_down", source.pk)
    form = reviewer.get(address)
    given = {"reason_class": "safety", "withheld_because": "safety", "reason": "x"}

    done = reviewer.post(address, given, follow=True)

    assert (form.status_code, done.status_code) == (200, 200)
    assert "is off the site" in text_of(done)
    assert "Hidden title" not in text_of(form) + text_of(done)
    monument.refresh_from_db()
    assert monument.stage == "withdrawn"
    assert not Edition.objects.current().published().filter(ref=monument.ref).exists()


def closed_versions(monument, keepers):
    """Publish a record twice, close its first version at once, withdraw and seal it; return the closing."""
    publish([monument])
    monument.refresh_from_db()
    make_citation(make_status(monument))
    lifecycle.touch(monument)
    publish([monument])
    first = Edition.objects.filter(ref=monument.ref, version=1)
    made = closing.request_closure(first, keepers[1], "safety", "Hidden reason", urgent=True)
    monument.refresh_from_db()
    withdraw(monument, keepers[1], "safety", "x")
    seal(monument, keepers)
    return made


def test_the_closing_of_versions_of_a_sealed_record_is_told_to_its_custodians_alone(reviewer, keepers):
    monument = make_publishable_monument()
    made = closed_versions(monument, keepers)
    change = reverse("admin:catalogue_closure_change", args=[made.pk])
    addresses = ["/admin/", reverse("admin:catalogue_closure_changelist"), change]
    custodian = Client()
    custodian.force_login(keepers[0])

    for client, is_told in ((custodian, True), (reviewer, False)):
        told = "".join(text_of(client.get(address, follow=True)) for address in addresses)
        assert (monument.ref in told, "Hidden reason" in told) == (is_told, is_told)


def test_one_custodian_does_not_move_what_belongs_to_a_sealed_record_to_an_open_one(keepers):
    monument, other, sealed = make_monument(), make_monument(), make_monument()
    row = make_media(monument)
    seal(monument, keepers)
    seal(sealed, keepers)
    custodian = Client()
    custodian.force_login(keepers[0])
    address = page("media", "change", row.pk)

    for target, is_moved in ((other, False), (sealed, True)):
        form = filled_in(custodian, address) | {"monument": target.pk}
        answer = custodian.post(address, form)
        row.refresh_from_db()
        assert (row.monument == target, answer.status_code) == (is_moved, 302 if is_moved else 200)
        assert not row.is_visible_to(make_user("contributor"))


PLACED = lists.MAPPING.replace("[position]", '[position]\nplace = { column = "type", words = {}, unmapped = "refuse" }')


def test_an_import_finds_no_sealed_place_by_its_name(tmp_path, keepers):
    install_vocabularies()
    place = make_place("Hidden village")
    make_name(place, "Hidden hamlet")
    seal(place, keepers)
    contributor = make_user("contributor")

    found = {
        by: [places_of(parse(PLACED), by).get(name) for name in ("Hidden village", "Hidden hamlet", place.ref)]
        for by in (contributor, keepers[0])
    }

    assert found == {contributor: [None, None, None], keepers[0]: [place, place, place]}
