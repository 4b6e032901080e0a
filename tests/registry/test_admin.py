"""The workbench, as curators use it: pages, the way of a record, and what happens when two save at once."""

import html
import re

import pytest
from django.test import override_settings
from django.urls import reverse

from heritage.catalogue.models import Edition
from heritage.registry import lifecycle
from heritage.registry.models import Cemetery, Journal, Monument, Place, Source, Status
from tests.registry.make import (
    make_actor,
    make_attribution,
    make_citation,
    make_count,
    make_location,
    make_media,
    make_membership,
    make_monument,
    make_name,
    make_place,
    make_protection,
    make_publishable_monument,
    make_publishable_place,
    make_source,
    make_status,
    make_term,
)

pytestmark = pytest.mark.django_db


def page(model, kind, *args):
    return reverse(f"admin:registry_{model}_{kind}", args=args)


def text_of(response):
    """Return what a person reads on the page, tags left out, blanks joined."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def filled_in(client, address):
    """Return the values that the form at ``address`` would send if nothing were typed."""
    response = client.get(address)
    form = response.context["adminform"].form
    values = {bound.html_name: bound.value() for bound in form}
    for inline in response.context["inline_admin_formsets"]:
        formset = inline.formset
        values |= {bound.html_name: bound.value() for bound in formset.management_form}
        values |= {bound.html_name: bound.value() for row in formset.forms for bound in row}
    return {name: plain(value) for name, value in values.items() if value is not None and value is not False}


def plain(value):
    return [getattr(one, "pk", one) for one in value] if isinstance(value, list) else getattr(value, "pk", value)


# Adding and changing


def test_a_cemetery_is_added_under_cemeteries_with_its_names_and_location(contributor):
    address = page("cemetery", "add")
    form = filled_in(contributor, address) | {
        "label": "Sghnakh cemetery",
        "types": [make_term(code="cemetery").pk],
        "names-TOTAL_FORMS": 1,
        "names-0-text": "Sghnakh cemetery",
        "names-0-language": "en",
        "names-0-script": "Latn",
        "names-0-kind": "preferred",
        "locations-TOTAL_FORMS": 1,
        "locations-0-latitude": "39.70",
        "locations-0-longitude": "46.80",
        "locations-0-shown": "on",
    }

    response = contributor.post(address, form)

    assert response.status_code == 302, response.context["errors"]
    cemetery = Cemetery.objects.get()
    assert (cemetery.kind, cemetery.stage, cemetery.edited_by) == ("cemetery", "draft", contributor.user)
    assert [name.text for name in cemetery.names.all()] == ["Sghnakh cemetery"]
    entry = Journal.objects.get()
    assert (entry.verb, len(entry.after["names"]), len(entry.after["locations"])) == ("register", 1, 1)


def test_changing_a_name_on_the_page_is_one_entry_with_before_and_after(contributor):
    monument = make_monument()
    name = make_name(monument, "Sant John")
    address = page("monument", "change", monument.pk)
    form = filled_in(contributor, address) | {"names-0-text": "Saint John", "reason": "Misspelt"}

    contributor.post(address, form)

    entry = Journal.objects.get()
    assert (entry.who, entry.verb, entry.reason) == (contributor.user.username, "revise", "Misspelt")
    assert (entry.before["names"][name.ref]["text"], entry.after["names"][name.ref]["text"]) == (
        "Sant John",
        "Saint John",
    )


def test_saving_a_page_untouched_leaves_no_trace(reviewer):
    monument = make_publishable_monument()
    address = page("monument", "change", monument.pk)

    assert reviewer.post(address, filled_in(reviewer, address)).status_code == 302

    stored = Monument.objects.get()
    assert (stored.revision, stored.edited_by, Journal.objects.count()) == (0, None, 0)


def test_a_mistake_in_a_row_is_told_at_its_field_and_nothing_is_saved(contributor):
    monument = make_monument()
    make_name(monument, kind="preferred")
    address = page("monument", "change", monument.pk)
    form = filled_in(contributor, address) | {
        "label": "Other",
        "names-TOTAL_FORMS": 2,
        "names-1-text": "Second",
        "names-1-language": "en",
        "names-1-script": "Latn",
        "names-1-kind": "preferred",
    }

    response = contributor.post(address, form)

    assert response.context["inline_admin_formsets"][0].formset.errors[1] == {
        "kind": ["There is already a preferred name in this language and script."]
    }
    assert Monument.objects.get().label != "Other"


def test_nobody_sets_stage_standing_or_reference_by_form(contributor):
    status = make_status()
    monument = status.monument
    for model, row in (("monument", monument), ("status", status)):
        address = page(model, "change", row.pk)
        contributor.post(
            address,
            filled_in(contributor, address) | {"stage": "published", "standing": "superseded", "ref": "mine"},
        )

    monument.refresh_from_db()
    stored = Status.objects.get()
    assert (monument.stage, stored.standing) == ("draft", "standing")
    assert "mine" not in (monument.ref, stored.ref)


def test_markup_typed_by_a_curator_is_shown_as_text_everywhere(contributor):
    monument = make_monument("<script>alert(1)</script>")
    make_name(monument, "<script>alert(2)</script>")
    make_status(monument, summary="<script>alert(3)</script>")
    lifecycle.submit(monument, None)

    for address in (
        page("monument", "changelist"),
        page("monument", "change", monument.pk),
        page("monument", "history", monument.pk),
        page("status", "changelist"),
        page("journal", "changelist"),
    ):
        assert "<script>alert" not in contributor.get(address).content.decode()


# Claims on pages of their own


def status_data(monument, **more):
    return {
        "monument": monument.pk,
        "claimant": make_actor().pk,
        "summary": "It was razed.",
        "certainty": "high",
        "hi_basis": "stated",
        "access_level": "public",
        "mode": "event",
        "aspect": "condition",
        "value": "destroyed",
        "effects": [make_term("effect", "destruction").pk],
        "intent": "not_stated",
        "scope": "whole",
        "citations-TOTAL_FORMS": 0,
        "citations-INITIAL_FORMS": 0,
        "links-TOTAL_FORMS": 0,
        "links-INITIAL_FORMS": 0,
    } | more


def test_a_destruction_is_reported_by_two_sightings_and_leads_back_to_its_monument(contributor):
    monument = make_monument()
    before, after = make_source("Image of April"), make_source("Image of June")
    sightings = {
        "unchanged_on": "2021-04-12",
        "unchanged_source": before.pk,
        "changed_on": "2021-06-18",
        "changed_source": after.pk,
    }

    response = contributor.post(f"{page('status', 'add')}?monument={monument.pk}", status_data(monument, **sightings))

    status = Status.objects.get()
    assert response.headers["Location"] == f"{page('monument', 'change', monument.pk)}#claim-{status.ref}"
    assert (status.qualifier, status.lo, status.hi) == ("once_between", 20210412, 20210618)
    assert {one.role for one in status.citations.all()} == {"last_unchanged", "first_changed"}
    assert Monument.objects.get().edited_by == contributor.user
    assert len(Journal.objects.get().after["citations"]) == 2
    shown = text_of(contributor.get(page("monument", "change", monument.pk)))
    assert "Destroyed, between 12 April and 18 June 2021, according to Caucasus Heritage Watch." in shown


def test_the_stored_anchors_are_edited_at_the_top_and_not_among_the_citations(contributor):
    status = make_status()
    make_citation(status, role="last_unchanged", anchored_on=20210412)
    make_citation(status, role="first_changed", anchored_on=20210618)
    make_citation(status)
    address = page("status", "change", status.pk)

    form = filled_in(contributor, address)
    assert (form["unchanged_on"], form["changed_on"], form["citations-TOTAL_FORMS"]) == ("2021-04-12", "2021-06-18", 1)

    assert contributor.post(address, form | {"changed_on": "2021-06-20"}).status_code == 302
    stored = Status.objects.get()
    assert (stored.hi, stored.citations.get(role="first_changed").anchored_on) == (20210620, 20210620)


def test_a_claim_later_than_its_newest_source_is_refused_with_the_citations(contributor):
    monument = make_monument()
    source = make_source("Report of May", qualifier="on", lo=20210501, hi=20210531, edtf="2021-05")
    citation = {
        "citations-TOTAL_FORMS": 1,
        "citations-0-source": source.pk,
        "citations-0-role": "asserts",
        "citations-0-directness": "primary",
    }

    response = contributor.post(page("status", "add"), status_data(monument, date="2021-06-18", **citation))

    assert response.context["inline_admin_formsets"][0].formset.non_form_errors() == [
        "It is dated up to 18 June 2021, but the newest source cited, “Report of May”, is of 31 May 2021."
    ]
    assert not Status.objects.exists()


def test_the_sentence_answers_for_what_is_typed_and_saves_nothing(contributor):
    monument = make_monument()
    data = status_data(monument, date="2021-04-12/2021-06-18")

    answer = contributor.post(reverse("admin:registry_status_sentence"), data, headers={"accept": "application/json"})
    shown = contributor.post(reverse("admin:registry_status_sentence"), data)

    expected = "Destroyed, between 12 April and 18 June 2021, according to Caucasus Heritage Watch."
    assert answer.json() == {"sentence": expected, "messages": []}
    assert expected in text_of(shown)
    assert not Status.objects.exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"date": "2021-13"}, "“2021-13” has no month 13; months are 01 to 12, seasons 21 to 24 without a day."),
        (
            {"unchanged_on": "2021-06-18", "changed_on": "2021-04-12"},
            "First seen changed (2021-04-12) lies before last seen unchanged (2021-06-18).",
        ),
    ],
)
def test_a_date_that_cannot_be_is_told_instead_of_a_sentence_without_it(contributor, typed, message):
    data = status_data(make_monument()) | typed

    answer = contributor.post(reverse("admin:registry_status_sentence"), data, headers={"accept": "application/json"})

    assert answer.json() == {"sentence": "", "messages": [message]}


@pytest.mark.parametrize("data", [{}, {"date": "x"}, {"mode": "threat"}, {"mode": "nonsense", "claimant": "nobody"}])
def test_the_sentence_copes_with_half_a_form(contributor, data):
    answer = contributor.post(reverse("admin:registry_status_sentence"), data, headers={"accept": "application/json"})

    assert answer.status_code == 200


def test_only_reviewers_set_the_verification(contributor, reviewer):
    address = page("status", "change", make_status().pk)

    assert "verification" not in contributor.get(address).context["adminform"].form.fields
    assert "verification" in reviewer.get(address).context["adminform"].form.fields


def test_a_claim_is_retracted_on_a_page_of_its_own(contributor):
    status = make_status()

    response = contributor.post(
        page("status", "retract", status.pk), {"by_claimant": "yes", "reason": "Corrected by its claimant."}
    )

    assert response.headers["Location"].endswith(f"#claim-{status.ref}")
    assert Status.objects.get().standing == "withdrawn_by_claimant"


def test_a_claim_is_superseded_only_by_another_of_the_same_claimant(contributor):
    old = make_status()
    other, new = make_status(old.monument, claimant=make_actor("Other body")), make_status(old.monument)
    address = page("status", "supersede", old.pk)

    refused = contributor.post(address, {"new": other.pk, "reason": "Newer"})
    assert "new" in refused.context["form"].errors
    contributor.post(address, {"new": new.pk, "reason": "Newer"})

    assert Status.objects.get(pk=old.pk).standing == "superseded"


# The way to the reading room


def decide(client, subject, verb, **given):
    """Open the page of a decision and confirm it."""
    address = page(subject._meta.model_name, "decide", subject.pk, verb)
    return client.post(address, given | {"seen": client.get(address).context["seen"]}, follow=True)


def test_a_record_is_submitted_returned_published_changed_and_withdrawn(contributor, reviewer):
    monument = make_publishable_monument("Saint John")
    make_status(monument, summary="A claim without source.")

    assert "with the reviewers" in text_of(decide(contributor, monument, "submit"))
    assert "went back" in text_of(decide(reviewer, monument, "return", reason="Which dome?"))
    decide(contributor, monument, "submit")
    asked = text_of(reviewer.get(page("monument", "decide", monument.pk, "publish")))
    assert "Nothing stands in the way of its publication." in asked
    assert "A claim without source. It has no citation. Cite a source that was read." in asked
    assert "published as version 1" in text_of(decide(reviewer, monument, "publish", harm_check="None seen"))
    assert Edition.objects.current().filter(ref=monument.ref, version=1).exists()

    address = page("monument", "change", monument.pk)
    contributor.post(address, filled_in(contributor, address) | {"label": "Saint John the Baptist"})
    assert Monument.objects.get().changed_at is not None
    assert "published as version 2" in text_of(decide(reviewer, monument, "publish"))
    assert Monument.objects.get().changed_at is None

    withdrawn = decide(reviewer, monument, "withdraw", reason_class="rights", reason="Asked by its owner.")
    assert "was withdrawn" in text_of(withdrawn)
    assert Monument.objects.get().stage == "withdrawn"


def test_what_blocks_a_publication_is_shown_and_the_refusal_changes_nothing(reviewer):
    monument = make_monument()
    lifecycle.submit(monument, None)

    refused = decide(reviewer, monument, "publish")

    assert text_of(refused).count("It has no name. A register number alone is not one.") == 2
    assert (Monument.objects.get().stage, Edition.objects.count()) == ("in_review", 0)


def test_the_last_author_is_told_that_a_second_person_is_needed(reviewer):
    monument = make_publishable_monument()
    address = page("monument", "change", monument.pk)
    reviewer.post(address, filled_in(reviewer, address) | {"label": "Mine"})
    decide(reviewer, monument, "submit")

    refused = decide(reviewer, monument, "publish")

    assert "You edited this record last; a second person must review it." in text_of(refused)
    assert not Edition.objects.exists()


@pytest.mark.parametrize("verb", ["return", "publish", "withdraw", "merge", "reopen"])
def test_a_contributor_decides_nothing(contributor, verb):
    monument = make_publishable_monument()

    assert contributor.get(page("monument", "decide", monument.pk, verb)).status_code == 403
    assert contributor.post(page("monument", "decide", monument.pk, verb), {"reason": "x"}).status_code == 403
    offered = contributor.get(page("monument", "change", monument.pk)).context["decisions"]
    assert [str(title) for title, _address in offered] == ["Submit for review"]


def test_publication_is_offered_once_a_record_was_submitted_or_where_no_reviewer_is_needed(reviewer, settings):
    monument = make_publishable_monument()
    address = page("monument", "change", monument.pk)

    def offers():
        return [str(title) for title, _address in reviewer.get(address).context["decisions"]]

    assert offers() == ["Submit for review", "Merge into another"]
    lifecycle.submit(monument, None)
    assert offers() == ["Return to the author", "Publish", "Merge into another"]
    Monument.objects.update(stage="draft")
    settings.REVIEWERS_NEEDED = 0
    assert offers() == ["Submit for review", "Publish", "Merge into another"]


def test_a_decision_is_not_taken_by_following_a_link(reviewer):
    monument = make_monument()

    reviewer.get(page("monument", "decide", monument.pk, "submit"))

    assert Monument.objects.get().stage == "draft"


def test_an_unknown_decision_does_not_exist(reviewer):
    monument, place = make_monument(), make_publishable_place()

    assert reviewer.get(page("monument", "decide", monument.pk, "burn")).status_code == 404
    assert reviewer.get(page("place", "decide", place.pk, "merge")).status_code == 404


def test_a_monument_is_merged_and_then_only_looked_at(reviewer):
    monument, survivor = make_publishable_monument("Double"), make_publishable_monument("Saint John")

    decide(reviewer, monument, "merge", into=survivor.pk, reason="The same chapel.")

    assert Monument.objects.get(pk=monument.pk).merged_into == survivor
    shown = reviewer.get(page("monument", "change", monument.pk))
    assert shown.context["has_change_permission"] is False
    assert shown.context["decisions"] == []


def test_places_are_published_too(reviewer):
    place = make_publishable_place("Shusha / Shushi")
    decide(reviewer, place, "submit")

    decide(reviewer, place, "publish")

    assert Place.objects.get().stage == "published"


def test_the_preview_shows_the_public_page_of_a_draft_to_curators_only(contributor, client):
    monument = make_publishable_monument("Saint John")

    shown = contributor.get(page("monument", "preview", monument.pk))

    assert "Saint John" in text_of(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    assert client.get(page("monument", "preview", monument.pk)).status_code == 302


# Two at once


def test_saving_over_a_newer_change_is_refused_with_both_versions_and_nothing_typed_is_lost(contributor, reviewer):
    monument = make_monument("Chapel")
    make_name(monument, "Saint John")
    address = page("monument", "change", monument.pk)
    theirs, mine = filled_in(reviewer, address), filled_in(contributor, address)
    reviewer.post(address, theirs | {"label": "Their title"})

    refused = contributor.post(address, mine | {"label": "My title", "names-0-text": "My name", "reason": "My reason"})

    assert refused.status_code == 200
    assert [(one.label, one.theirs, one.yours) for one in refused.context["differences"]] == [
        ("Working title", "Their title", "My title"),
        ("Name 1, Name", "Saint John", "My name"),
    ]
    form = refused.context["adminform"].form
    assert (form["label"].value(), form["reason"].value()) == ("My title", "My reason")
    assert 'value="My name"' in refused.content.decode()
    assert Monument.objects.get().label == "Their title"
    assert Journal.objects.count() == 1

    again = contributor.post(address, mine | {"label": "My title"})
    assert again.status_code == 200
    knowingly = mine | {"label": "My title", "save_over": refused.context["conflict"]}
    assert contributor.post(address, knowingly).status_code == 302
    assert Monument.objects.get().label == "My title"


def test_knowing_one_newer_version_does_not_save_over_the_next(contributor, reviewer):
    monument = make_monument("Chapel")
    address = page("monument", "change", monument.pk)
    mine = filled_in(contributor, address)
    reviewer.post(address, filled_in(reviewer, address) | {"label": "Second"})
    seen = contributor.post(address, mine | {"label": "Mine"}).context["conflict"]
    reviewer.post(address, filled_in(reviewer, address) | {"label": "Third"})

    assert contributor.post(address, mine | {"label": "Mine", "save_over": seen}).status_code == 200
    assert Monument.objects.get().label == "Third"


@pytest.mark.parametrize("forged", ["", "1", "WyJyZWdpc3RyeSJd:x:y"])
def test_a_form_without_the_revision_that_it_started_from_is_refused(contributor, forged):
    monument = make_monument("Chapel")
    address = page("monument", "change", monument.pk)

    contributor.post(address, filled_in(contributor, address) | {"label": "Mine", "started_from": forged})

    assert Monument.objects.get().label == "Chapel"


def test_a_stale_claim_is_refused_as_well(contributor, reviewer):
    status = make_status()
    address = page("status", "change", status.pk)
    mine = filled_in(contributor, address)
    reviewer.post(address, filled_in(reviewer, address) | {"summary": "Theirs"})

    refused = contributor.post(address, mine | {"summary": "Mine"})

    assert [(one.theirs, one.yours) for one in refused.context["differences"]] == [("Theirs", "Mine")]
    assert Status.objects.get().summary == "Theirs"


# Who may do what


def test_only_administrators_delete_and_only_what_no_reviewer_saw(contributor, reviewer, administrator):
    draft, seen = make_monument(), make_publishable_monument()
    lifecycle.approve(seen, None)

    for client in (contributor, reviewer):
        assert client.post(page("monument", "delete", draft.pk), {"post": "yes"}).status_code == 403
    assert administrator.post(page("monument", "delete", seen.pk), {"post": "yes"}).status_code == 403
    assert administrator.post(page("monument", "delete", draft.pk), {"post": "yes"}).status_code == 302
    assert list(Monument.objects.all()) == [seen]
    assert Journal.objects.first().verb == "discard"


def test_a_claim_of_a_draft_is_deleted_and_leads_back(administrator):
    status = make_status()

    response = administrator.post(page("status", "delete", status.pk), {"post": "yes"})

    assert response.headers["Location"].startswith(page("monument", "change", status.monument_id))
    assert not Status.objects.exists()


@pytest.mark.parametrize("model", ["journal", "review"])
def test_the_journal_and_the_reviews_are_only_read(administrator, model):
    monument = make_publishable_monument()
    lifecycle.approve(monument, None)
    row = Journal.objects.get() if model == "journal" else monument.reviews.get()

    assert administrator.get(page(model, "change", row.pk)).status_code == 200
    assert administrator.get(page(model, "add")).status_code == 403
    assert administrator.post(page(model, "change", row.pk), {"reason": "x"}).status_code == 403
    assert administrator.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_terms_are_extended_by_administrators_and_never_deleted(contributor, administrator):
    term = make_term()

    assert contributor.get(page("term", "add")).status_code == 403
    assert administrator.get(page("term", "change", term.pk)).status_code == 200
    assert administrator.post(page("term", "delete", term.pk), {"post": "yes"}).status_code == 403


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(page("monument", "changelist")).status_code == 302


@pytest.mark.parametrize("group", ["contributor", "reviewer", "administrator"])
@pytest.mark.parametrize("model", ["monument", "cemetery", "site", "collection", "place", "source", "actor", "status"])
def test_every_group_adds_to_every_list_of_the_desk(request, group, model):
    assert request.getfixturevalue(group).get(page(model, "add")).status_code == 200


def test_the_journal_of_a_record_tells_who_did_what_why_and_the_difference(contributor):
    monument = make_monument("Old")
    monument.label = "New"
    lifecycle.revise(monument, contributor.user, "A better title")

    shown = text_of(contributor.get(page("monument", "history", monument.pk)))

    assert f"Revised by {contributor.user.username}: A better title" in shown
    assert "Working title Old New" in shown


@override_settings(REGISTER_NAME="Ignored after start")
def test_the_register_names_itself(contributor):
    assert "Heritage Register" in text_of(contributor.get(reverse("admin:index")))


# Lists, filters, autocomplete


def listed(client, model, **query):
    return [str(row) for row in client.get(page(model, "changelist"), query).context["cl"].result_list]


def test_monuments_and_cemeteries_are_listed_apart(contributor):
    make_monument("Chapel")
    make_monument("Graves", kind="cemetery")

    assert listed(contributor, "monument") == ["Chapel"]
    assert listed(contributor, "cemetery") == ["Graves"]


def test_the_list_is_searched_by_any_name_and_by_reference(contributor):
    monument = make_monument("Chapel")
    make_name(monument, "Կանաչ Ժամ", language="hy", script="Armn")
    make_monument("Other")

    assert listed(contributor, "monument", q="Կանաչ") == ["Chapel"]
    assert listed(contributor, "monument", q=monument.ref) == ["Chapel"]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("name", ["Bare"]),
        ("location", ["Bare"]),
        ("position", ["Bare"]),
        ("type", ["Bare"]),
        ("claim", ["Bare"]),
        ("citation", ["Uncited"]),
        ("reading", ["Uncited", "Unread"]),
    ],
)
def test_the_list_shows_what_is_missing(contributor, missing, expected):
    make_monument("Bare", types=[])
    make_publishable_monument("Complete")
    make_status(make_publishable_monument("Uncited"))
    make_citation(make_status(make_publishable_monument("Unread")), make_source(read_state="not_read"))

    assert listed(contributor, "monument", missing=missing) == expected


def test_the_list_shows_what_changed_since_it_was_published(contributor):
    changed, _same = make_publishable_monument("Changed"), make_publishable_monument("Same")
    for monument in Monument.objects.all():
        lifecycle.approve(monument, None)
    changed.refresh_from_db()
    changed.label = "Changed again"
    lifecycle.revise(changed, None)

    assert listed(contributor, "monument", attend="changed") == ["Changed again"]


def offered(client, model, field, term=""):
    query = {"app_label": "registry", "model_name": model, "field_name": field, "term": term}
    return [one["text"] for one in client.get(reverse("admin:autocomplete"), query).json()["results"]]


def test_autocomplete_offers_terms_of_the_fields_vocabulary_that_are_in_use(contributor):
    make_term("monument_type", "church")
    make_term("monument_type", "khan", retired_at="2020-01-01")
    make_term("effect", "destruction")

    assert offered(contributor, "monument", "types") == ["Church"]
    assert offered(contributor, "status", "effects", "destr") == ["Destruction"]


def test_autocomplete_offers_monuments_of_every_kind(contributor):
    make_monument("Chapel")
    make_monument("Graves", kind="cemetery")

    assert offered(contributor, "relation", "other") == ["Chapel", "Graves"]
    assert offered(contributor, "status", "monument", "grav") == ["Graves"]


def test_a_source_is_added_in_a_window_of_its_own(contributor):
    form = {
        "_popup": "1",
        "title": "Report",
        "kind": make_term("source_kind", "report").pk,
        "standard_of_proof": "not_stated",
        "read_state": "in_full",
        "access_level": "public",
        "date": "2021-06",
    }

    response = contributor.post(f"{page('source', 'add')}?_popup=1", form)

    assert response.template_name[0].endswith("popup_response.html")
    assert (Source.objects.get().lo, Source.objects.get().hi) == (20210601, 20210630)


# Queries do not grow with rows


def many_monuments(size, kind="monument"):
    for _ in range(size):
        monument = make_publishable_monument(kind=kind)
        monument.types.add(make_term(code="chapel"))


def many_claims(size, monument=None):
    monument = monument or make_monument()
    for _ in range(size):
        make_citation(make_status(monument, cause=make_term("cause", "conflict")))
    return monument


def many_journal_entries(size):
    for _ in range(size):
        lifecycle.approve(make_publishable_monument(), None)


def make_many(make):
    return lambda size: [make(number) for number in range(size)]


FILL = {
    "monument": (many_monuments, 9),
    "cemetery": (lambda size: many_monuments(size, "cemetery"), 9),
    "site": (lambda size: many_monuments(size, "site"), 9),
    "collection": (lambda size: many_monuments(size, "collection"), 9),
    "place": (make_many(lambda number: make_membership(make_place(), make_place())), 8),
    "source": (make_many(lambda number: make_source()), 6),
    "actor": (make_many(lambda number: make_actor(f"Body {number}")), 6),
    "media": (make_many(lambda number: make_media(make_monument())), 6),
    "term": (make_many(lambda number: make_term(code=f"type-{number}", broader=make_term())), 6),
    "status": (many_claims, 6),
    "attribution": (make_many(lambda number: make_attribution()), 6),
    "protection": (make_many(lambda number: make_protection()), 6),
    "count": (make_many(lambda number: make_count(make_place())), 6),
    "journal": (many_journal_entries, 7),
    "review": (many_journal_entries, 6),
}


@pytest.mark.parametrize("size", [1, 30])
@pytest.mark.parametrize("model", FILL)
def test_a_list_of_the_desk_costs_the_same_however_long(contributor, django_assert_num_queries, model, size):
    fill, queries = FILL[model]
    fill(size)

    with django_assert_num_queries(queries):
        assert contributor.get(page(model, "changelist")).status_code == 200


@pytest.mark.parametrize("size", [1, 30])
def test_the_page_of_a_monument_costs_the_same_however_much_it_holds(contributor, django_assert_num_queries, size):
    monument = many_claims(size)
    source = make_source()
    for number in range(size):
        make_name(monument, f"Name {number}", source=source)
        make_location(monument, shown=number == 0, source=source)
        lifecycle.register(relation(monument), None)

    with django_assert_num_queries(20):
        assert contributor.get(page("monument", "change", monument.pk)).status_code == 200


def relation(monument):
    return monument.relations.model(monument=monument, other=make_monument(), kind="adjacent_to")


@pytest.mark.parametrize("size", [1, 30])
def test_the_page_of_a_claim_costs_the_same_however_much_it_cites(contributor, django_assert_num_queries, size):
    status = make_status()
    for _ in range(size):
        citation = make_citation(status, reported_from=make_source(), directness="relayed", media=make_media())
        citation.evidence.add(make_term("evidence_kind", "photograph"), make_term("evidence_kind", "visit"))
        lifecycle.register(
            status.links.model(claim=status.claim_ptr, other=make_status().claim_ptr, kind="tension"), None
        )

    with django_assert_num_queries(18):
        assert contributor.get(page("status", "change", status.pk)).status_code == 200


@pytest.mark.parametrize("size", [1, 30])
def test_the_journal_of_a_record_costs_the_same_however_long(contributor, django_assert_num_queries, size):
    monument = make_monument()
    for number in range(size):
        monument.label = f"Title {number}"
        lifecycle.revise(monument, None)

    with django_assert_num_queries(9):  # one asks what is sealed from this curator
        assert contributor.get(page("monument", "history", monument.pk)).status_code == 200


@pytest.mark.parametrize("size", [1, 30])
def test_the_page_of_a_place_costs_the_same_however_much_it_holds(contributor, django_assert_num_queries, size):
    place = make_place()
    for number in range(size):
        make_name(place, f"Name {number}", source=make_source())
        make_membership(place, make_place(), source=make_source())
        make_citation(make_count(place))

    with django_assert_num_queries(15):
        assert contributor.get(page("place", "change", place.pk)).status_code == 200
