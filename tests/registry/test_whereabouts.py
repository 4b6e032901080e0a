"""What the page of a record says of where it stands, and what publishing from the desk leads to."""

import html
import re

import pytest
from django.urls import reverse

from heritage.catalogue.models import Edition
from heritage.catalogue.publish import merge, publish
from heritage.registry import lifecycle
from heritage.registry.models import Monument, Review, Source
from tests.registry.make import (
    make_citation,
    make_monument,
    make_publishable_monument,
    make_publishable_place,
    make_source,
    make_status,
    make_term,
    make_user,
)
from tests.registry.test_admin import filled_in, page, text_of

pytestmark = pytest.mark.django_db


def banner(client, model, subject):
    body = client.get(page(model, "change", subject.pk)).content.decode()
    found = re.search(r'<section class="whereabouts".*?</section>', body, re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def state(client, model, subject):
    subject.refresh_from_db()
    return banner(client, model, subject)


def test_the_page_says_where_the_record_stands_all_along_its_way(contributor, reviewer):
    monument = make_publishable_monument("Chapel")
    assert state(contributor, "monument", monument) == "Draft"
    lifecycle.submit(monument, contributor.user)
    assert state(contributor, "monument", monument) == "In review"
    lifecycle.return_(monument, reviewer.user, "Give the <locator>.")
    day = f"{monument.reviews.get().at:%-d %B %Y}"
    returned = f"Returned by {reviewer.user.username} on {day}: Give the <locator>."
    assert state(contributor, "monument", monument) == f"Draft {returned}"
    lifecycle.submit(monument, contributor.user)
    assert state(reviewer, "monument", monument) == f"In review {returned}"
    publish([monument], reviewer.user)
    assert state(contributor, "monument", monument) == "Published – public page"
    monument.label = "Chapel of Saint John"
    lifecycle.revise(monument, contributor.user)
    assert state(contributor, "monument", monument) == "Published, changed since – public page"


def test_the_public_page_is_one_link_away(contributor):
    monument, place = make_publishable_monument(), make_publishable_place()
    publish([monument, place])

    for model, subject in (("monument", monument), ("place", place)):
        address = reverse(model, args=[subject.ref])
        assert (
            f'<a href="{address}">public page</a>'
            in contributor.get(page(model, "change", subject.pk)).content.decode()
        )
        assert contributor.get(address).status_code == 200


def test_a_held_record_says_why_and_is_cleared_on_its_form(contributor):
    monument = make_publishable_monument("Chapel", hold="The survey is not in.")
    assert banner(contributor, "monument", monument) == "Draft, held back Held back: The survey is not in."
    address = page("monument", "change", monument.pk)

    contributor.post(address, filled_in(contributor, address) | {"hold": "", "reason": "The survey came"})

    assert state(contributor, "monument", monument) == "Draft"
    assert lifecycle.readiness(monument).ready


def test_a_merged_record_leads_to_the_one_that_stands(reviewer):
    double, survivor = make_monument("Double"), make_monument("Survivor", kind="cemetery")
    merge(double, survivor, None, "The same")
    double.refresh_from_db()

    assert banner(reviewer, "monument", double) == "Withdrawn, merged : Survivor"
    assert (
        page("cemetery", "change", survivor.pk) in reviewer.get(page("monument", "change", double.pk)).content.decode()
    )


def test_what_the_reviewer_checked_is_offered_from_the_vocabulary_and_kept(reviewer):
    make_term("verification_check", "geolocation")
    make_term("verification_check", "old", retired_at="2026-01-01")
    monument = make_publishable_monument()
    lifecycle.submit(monument, None)
    address = page("monument", "decide", monument.pk, "publish")
    assert [code for code, _label in reviewer.get(address).context["form"].fields["checks"].choices] == ["geolocation"]

    opened = reviewer.get(address).context["seen"]
    reviewer.post(address, {"checks": ["geolocation"], "harm_check": "None seen", "reason": "New", "seen": opened})

    review = Review.objects.get()
    assert (review.decision, review.checks, review.harm_check) == ("publish", ["geolocation"], "None seen")


def test_a_check_that_is_not_in_the_vocabulary_is_refused_at_its_field(reviewer):
    monument = make_publishable_monument()
    lifecycle.submit(monument, None)
    address = page("monument", "decide", monument.pk, "publish")

    response = reviewer.post(address, {"checks": ["astrology"], "harm_check": "Typed already"})

    assert "astrology" in response.context["form"].errors["checks"][0]
    assert "Typed already" in response.content.decode()
    assert not Monument.objects.published().exists()


# A source that published records rest on


@pytest.fixture
def cited(db):
    """Return a published monument and the source of its second claim."""
    monument, source = make_publishable_monument("Chapel"), make_source("Survey of 2021")
    make_citation(make_status(monument), source)
    publish([monument])
    return monument, source


def edit_source(client, source, **changes):
    address = page("source", "change", source.pk)
    response = client.post(address, filled_in(client, address) | changes)
    assert response.status_code == 302, response.context["errors"]


def public(client, monument):
    return client.get(f"/monuments/{monument.ref}/").content, client.get(f"/monuments/{monument.ref}.json").content


@pytest.mark.parametrize(
    ("changes", "gone", "come"),
    [
        ({"title": "Survey of 2022"}, "Survey of 2021", "Survey of 2022"),
        ({"access_level": "sealed"}, "Survey of 2021", None),
        ({"access_level": "withheld", "withheld_because": "safety"}, "Survey of 2021", "Source withheld"),
    ],
)
def test_editing_or_sealing_a_source_marks_its_monuments_and_changes_the_public_at_the_next_publication_only(
    contributor, reviewer, client, cited, changes, gone, come
):
    monument, source = cited
    before = public(client, monument)
    if changes.get("access_level") == "sealed":
        changes = changes | {"custodians": [make_user("contributor").pk, make_user("reviewer").pk]}

    edit_source(contributor, source, **changes)

    assert list(Monument.objects.changed_since_published()) == [monument]
    assert public(client, monument) == before
    assert client.get(f"/sources/{source.ref}/").status_code == 200
    address = page("monument", "decide", monument.pk, "publish")
    reviewer.post(address, {"seen": reviewer.get(address).context["seen"]})
    record = Edition.objects.current().get(ref=monument.ref).record
    assert (gone in record, come is None or come in record) == (False, True)
    assert not Monument.objects.changed_since_published().exists()


def test_a_source_that_nothing_published_cites_marks_nothing(contributor, cited):
    other = make_source("Other")
    make_citation(make_status(make_publishable_monument()), other)

    edit_source(contributor, other, title="Renamed")

    assert Source.objects.get(pk=other.pk).title == "Renamed"
    assert not Monument.objects.changed_since_published().exists()


# Names


def test_the_script_of_a_name_is_taken_from_its_letters_where_none_is_typed(contributor):
    address = page("monument", "add")
    names = [("Saint John", "en", ""), ("Սուրբ Հովհաննես", "hy", ""), ("Surb Hovhannes", "hy", "Latn")]
    form = filled_in(contributor, address) | {"label": "Chapel", "types": [make_term().pk], "names-TOTAL_FORMS": 3}
    for number, (text, language, script) in enumerate(names):
        row = {"text": text, "language": language, "script": script, "kind": "alternative", "id": ""}
        form |= {f"names-{number}-{field}": value for field, value in row.items()}

    response = contributor.post(address, form)

    assert response.status_code == 302, response.context["errors"]
    monument = Monument.objects.get()
    assert response.url == page("monument", "change", monument.pk)
    assert {name.text: name.script for name in monument.names.all()} == {
        "Saint John": "Latn",
        "Սուրբ Հովհաննես": "Armn",
        "Surb Hovhannes": "Latn",
    }


def test_a_new_record_offers_a_name_and_a_shown_location_and_takes_neither_if_left_alone(contributor):
    address = page("monument", "add")
    body = contributor.get(address).content.decode()
    assert ('id="id_names-0-text"' in body, '<datalist id="languages">' in body) == (True, True)

    form = filled_in(contributor, address) | {"label": "Chapel", "types": [make_term().pk], "locations-0-shown": "on"}
    contributor.post(address, form)

    monument = Monument.objects.get()
    assert (monument.names.count(), monument.locations.count()) == (0, 0)


# The sightings


def test_a_source_is_added_beside_each_sighting_without_leaving(contributor):
    body = contributor.get(page("status", "add")).content.decode()

    for name in ("unchanged_source", "changed_source"):
        assert f'id="add_id_{name}"' in body


def test_the_enter_key_saves_because_its_button_is_the_first(contributor):
    body = contributor.get(page("status", "add")).content.decode()
    form = body[body.index('id="status_form"') :]

    assert re.search(r'<(?:input|button)[^>]*type="submit"[^>]*>', form)[0].endswith('name="_save">')


def test_the_journal_is_in_words(contributor):
    monument = make_publishable_monument("Chapel", public_precision="km1")
    lifecycle.submit(monument, contributor.user)
    monument.public_precision = "exact"
    lifecycle.revise(monument, contributor.user, "Safe to show")

    shown = text_of(contributor.get(page("monument", "history", monument.pk)))

    assert f"Submitted for review by {contributor.user.username} Field Before After Stage Draft In review" in shown
    assert "Precision shown Within 1 km Exact" in shown
