"""Closing versions at the desk: the pages, who may, and what waits for the second person."""

import pytest
from django.urls import reverse

from heritage.catalogue.closing import request_closure
from heritage.catalogue.models import Closure, Edition
from heritage.registry.models import Journal
from tests.registry.conftest import signed_in
from tests.registry.make import make_citation, make_publishable_place
from tests.trust.test_closing import make_marked, versions_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(db):
    return signed_in("reviewer")


@pytest.fixture
def second(db):
    return signed_in("reviewer")


def ask_page(kind, row):
    return reverse("admin:catalogue_closure_ask", args=[kind, row.pk])


def decide_page(closure):
    return reverse("admin:catalogue_closure_change", args=[closure.pk])


def ask(client, kind, row, **given):
    page = client.get(ask_page(kind, row))
    seen = page.context["form"].initial["seen"]
    told = {"scope": "all", "reason_class": "safety", "reason": "A letter.", "seen": seen} | given
    return client.post(ask_page(kind, row), told, follow=True)


@pytest.mark.parametrize("kind", ["monument", "place", "source"])
def test_the_page_of_a_record_leads_a_reviewer_to_closing_and_nobody_else(reviewer, kind):
    monument, source = make_marked()
    row = {"monument": monument, "place": make_publishable_place(), "source": source}[kind]
    change = reverse(f"admin:registry_{kind}_change", args=[row.pk])
    contributor = signed_in("contributor")

    assert f'href="{ask_page(kind, row)}"' in reviewer.get(change).content.decode()
    assert f'href="{ask_page(kind, row)}"' not in contributor.get(change).content.decode()
    assert reviewer.get(ask_page(kind, row)).status_code == 200
    assert contributor.get(ask_page(kind, row)).status_code == 403
    assert contributor.post(ask_page(kind, row), {}).status_code == 403


def test_the_page_lists_every_carrier_and_what_readers_see_now(reviewer):
    monument, source = make_marked()
    other, _source = make_marked(source)
    make_citation(other.claims.get().status, source)
    page = reviewer.get(ask_page("source", source)).content.decode()

    for edition in (*versions_of(monument.ref, 1), *versions_of(other.ref, 1)):
        assert f'name="ticked" value="{edition.pk}"' in page
    assert "Readers see these now" in page
    assert f"Source {source.ref}, version 1" in page


def test_one_reviewer_asks_and_another_confirms_at_the_desk(reviewer, second, client):
    monument, _source = make_marked()
    told = ask(reviewer, "monument", monument, scope="own").content.decode()
    closure = Closure.objects.get()
    assert "A second reviewer has to confirm" in told
    assert "You asked for this yourself. A second reviewer decides." in told
    reviewer.post(decide_page(closure), {"decision": "confirm"})
    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 200

    assert "Closings to confirm (1)" in second.get(reverse("admin:index")).content.decode()
    assert "Closings to confirm" not in reviewer.get(reverse("admin:index")).content.decode()
    told = second.post(decide_page(closure), {"decision": "confirm", "erase": "on"}, follow=True).content.decode()
    assert "1 version is closed." in told
    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 410
    edition = versions_of(monument.ref, 1).get()
    assert (edition.record, edition.label, edition.reason, edition.closed_because) == ("", "", "", "safety")
    assert "Closings to confirm" not in second.get(reverse("admin:index")).content.decode()


def test_an_urgent_closing_takes_effect_with_the_button_and_a_second_reviewer_lifts_it(reviewer, second, client):
    monument, _source = make_marked()
    ask(reviewer, "monument", monument, urgent="on")
    closure = Closure.objects.get()
    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 410
    page = second.get(decide_page(closure)).content.decode()
    assert "These versions are closed now." in page
    refused = second.post(decide_page(closure), {"decision": "decline"}).content.decode()
    assert "Give the reason; whoever asked needs it." in refused
    second.post(decide_page(closure), {"decision": "decline", "reason": "Nothing in it."})

    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 200
    assert Journal.objects.about(monument.ref).first().verb == "lift_closing"
    journal = second.get(reverse("admin:registry_monument_history", args=[monument.pk])).content.decode()
    assert "Opened versions again" in journal


def test_only_ticked_versions_are_asked_for(reviewer):
    source = make_marked()[1]
    other, _source = make_marked(source)
    ask(reviewer, "source", source, scope="ticked", ticked=[versions_of(other.ref, 1).get().pk])

    assert Closure.objects.get().versions == {other.ref: [1]}
    assert (Closure.objects.get().subject, Closure.objects.get().subject_ref) == ("source", source.ref)


def test_nothing_ticked_and_a_list_that_changed_meanwhile_are_told(reviewer):
    monument, _source = make_marked()
    told = ask(reviewer, "monument", monument, scope="ticked").content.decode()
    assert "Choose at least one version to close." in told
    told = ask(reviewer, "monument", monument, seen="0").content.decode()

    assert "The versions listed have changed since you opened this page. Look again." in told
    assert not Closure.objects.exists()


@pytest.mark.parametrize("kind", ["nothing", "actor"])
def test_a_kind_that_has_no_versions_and_a_row_that_is_not_there_answer_404(reviewer, kind):
    assert reviewer.get(reverse("admin:catalogue_closure_ask", args=[kind, 1])).status_code == 404
    assert reviewer.get(reverse("admin:catalogue_closure_ask", args=["monument", 10**6])).status_code == 404
    assert reviewer.get(reverse("admin:catalogue_closure_ask", args=["monument", 10**25])).status_code == 404


def test_closings_are_seen_by_reviewers_alone(reviewer):
    monument, _source = make_marked()
    closure = request_closure(versions_of(monument.ref, 1), reviewer.user, "safety", "Words of the desk.")
    contributor = signed_in("contributor")

    for address in (reverse("admin:catalogue_closure_changelist"), decide_page(closure)):
        assert reviewer.get(address).status_code == 200
        assert contributor.get(address).status_code == 403
    assert contributor.post(decide_page(closure), {"decision": "confirm"}).status_code == 403
    assert "Closings to confirm" not in contributor.get(reverse("admin:index")).content.decode()
    assert not Edition.objects.closed().exists()
