"""A review is bound to what was seen, and is by somebody who wrote nothing of it since it was last published."""

import pytest
from django.urls import reverse

from heritage.catalogue.models import Edition
from heritage.catalogue.publish import merge, publish, withdraw
from heritage.catalogue.release import Release
from heritage.registry import lifecycle
from heritage.registry.lifecycle import Refused, Stale
from heritage.registry.models import Actor, Journal, Location, Media, Monument, Place, Source, Status, Term
from tests.registry.make import (
    make_actor,
    make_citation,
    make_location,
    make_media,
    make_monument,
    make_name,
    make_publishable_monument,
    make_publishable_place,
    make_source,
    make_status,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return make_user("reviewer")


@pytest.fixture
def contributor():
    return make_user("contributor")


def edit(row, by, reason="A reason.", **fields):
    row = type(row).objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    lifecycle.revise(row, by, reason)
    return row


def address_of(subject, verb="publish"):
    return reverse(f"admin:registry_{subject._meta.model_name}_decide", args=[subject.pk, verb])


def chapel(**fields):
    """Return a draft whose parts can each be edited by its own."""
    monument = make_monument("Chapel", **fields)
    make_name(monument, "Chapel", kind="preferred")
    place = make_publishable_place("Valley")
    make_location(monument, latitude="39.123456", longitude="46.654321", place=place)
    claim = make_status(monument, summary="The dome fell.", claimant=make_actor("Survey team"))
    make_citation(claim, make_source("Survey of 2021"))
    make_media(monument, label="The dome")
    publish([place])
    return monument


def published_chapel(**fields):
    monument = chapel(**fields)
    publish([monument])
    return Monument.objects.get(pk=monument.pk)


def cited_source():
    return Source.objects.get(citations__claim__summary="The dome fell.")


def the_claim():
    return Status.objects.get(summary="The dome fell.")


# Bound to what was seen


CHANGES = {
    "the claim": lambda by: edit(the_claim(), by, summary="DEFACED"),
    "the working title": lambda by: edit(Monument.objects.get(), by, label="DEFACED"),
    "the precision": lambda by: edit(Monument.objects.get(), by, public_precision="exact"),
    "a source": lambda by: edit(cited_source(), by, title="DEFACED"),
    "the level of a source": lambda by: edit(
        Source.objects.get(), by, access_level="withheld", withheld_because="legal"
    ),
    "the claimant": lambda by: edit(Actor.objects.get(label="Survey team"), by, label="DEFACED"),
    "a media item": lambda by: edit(Media.objects.get(), by, label="DEFACED"),
    "the place": lambda by: edit(Place.objects.get(), by, label="DEFACED"),
    "a term": lambda by: edit(Term.objects.get(code="church"), by, labels={"en": "DEFACED"}),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("stage", ["in review", "published"])
def test_what_changed_after_the_page_was_shown_is_not_published(client, reviewer, contributor, what, stage):
    monument = chapel(public_precision="km1") if stage == "in review" else published_chapel(public_precision="km1")
    if stage == "in review":
        lifecycle.submit(monument, None)
    else:
        edit(monument, contributor, content_warnings=["human_remains"])
    client.force_login(reviewer)
    opened = client.get(address_of(monument))
    editions = Edition.objects.count()

    CHANGES[what](contributor)
    refused = client.post(address_of(monument), {"seen": opened.context["seen"]})

    assert refused.status_code == 200
    assert "What would be published has changed since you opened this page." in refused.content.decode()
    assert Edition.objects.count() == editions
    assert client.post(address_of(monument), {"seen": refused.context["seen"]}).status_code == 302  # now it was seen


def test_the_refusal_says_what_changed_and_who_changed_it(client, reviewer, contributor):
    monument = published_chapel()
    edit(monument, contributor, content_warnings=["human_remains"])
    client.force_login(reviewer)
    opened = client.get(address_of(monument)).context["seen"]
    edit(Status.objects.get(), contributor, summary="DEFACED")

    refused = client.post(address_of(monument), {"seen": opened})

    [entry] = refused.context["changed"]
    assert (entry.entry.who, [(one.before, one.after) for one in entry.changes]) == (
        contributor.username,
        [("The dome fell.", "DEFACED")],
    )


@pytest.mark.parametrize("seen", [None, "", "nonsense", "of another record", "of another verb"])
def test_a_decision_without_the_mark_of_its_own_page_is_refused(client, reviewer, seen):
    monument, other = chapel(), make_publishable_monument("Other")
    lifecycle.submit(monument, None)
    lifecycle.submit(other, None)
    client.force_login(reviewer)
    marks = {"of another record": address_of(other), "of another verb": address_of(monument, "return")}
    given = client.get(marks[seen]).context["seen"] if seen in marks else seen

    answer = client.post(address_of(monument), {} if given is None else {"seen": given})

    assert "has changed since you opened this page" in answer.content.decode()
    assert not Edition.objects.filter(subject="monument").exists()


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        ("return", {"reason": "Which dome?"}),
        ("withdraw", {"reason_class": "rights", "reason": "Asked."}),
        ("merge", {"reason": "The same."}),
    ],
)
def test_the_other_decisions_are_about_what_was_seen_too(client, reviewer, contributor, verb, given):
    monument, other = published_chapel(), make_publishable_monument("Survivor")
    publish([other])
    edit(monument, contributor, content_warnings=["human_remains"])
    client.force_login(reviewer)
    opened = client.get(address_of(monument, verb)).context["seen"]
    edit(Status.objects.get(monument=monument), contributor, summary="Another dome fell.")
    stage = Monument.objects.get(pk=monument.pk).stage

    into = {"into": other.pk} if verb == "merge" else {}
    answer = client.post(address_of(monument, verb), given | into | {"seen": opened})

    assert "The record has changed since you opened this page." in answer.content.decode()
    assert (Monument.objects.get(pk=monument.pk).stage, Monument.objects.get(pk=monument.pk).merged_into) == (
        stage,
        None,
    )


def test_a_submission_is_about_what_was_seen(client, contributor):
    monument = chapel()
    client.force_login(contributor)
    opened = client.get(address_of(monument, "submit")).context["seen"]
    edit(monument, make_user("contributor"), label="Another title")

    client.post(address_of(monument, "submit"), {"seen": opened})

    assert Monument.objects.get().stage == "draft"


def test_publishing_what_somebody_else_has_published_meanwhile_is_told(client, reviewer, contributor):
    monument = published_chapel()
    edit(monument, contributor, label="New title")
    client.force_login(reviewer)
    opened = client.get(address_of(monument)).context["seen"]
    publish([Monument.objects.get()], make_user("reviewer"))

    answer = client.post(address_of(monument), {"seen": opened})

    assert "has changed since you opened this page" in answer.content.decode()


def test_the_verb_itself_refuses_another_digest():
    monument = chapel()

    with pytest.raises(Stale):
        publish([monument], seen="0" * 64)
    assert not Edition.objects.filter(subject="monument").exists()
    publish([monument], seen=Release(monument).digest)
    assert Edition.objects.filter(subject="monument").count() == 1


# The page shows what goes out


def test_the_page_shows_the_record_and_the_source_that_goes_out_with_it_in_the_words_of_readers(
    client, reviewer, contributor
):
    monument = published_chapel(public_precision="km1")
    edit(monument, contributor, public_precision="exact")
    edit(Source.objects.get(), contributor, title="DEFACED")
    client.force_login(reviewer)

    review = client.get(address_of(monument)).context["review"]

    assert [part.title for part in review.parts] == ["The record “Chapel”", "The source “DEFACED”"]
    shown = [(field.label, field.before, field.after) for field in review.parts[1].fields]
    assert ("Title", "Survey of 2021", "DEFACED") in shown
    assert review.warnings == [
        "The position becomes more precise: from “Within 1 km” to “Exact” (39.123456, 46.654321)."
    ]


def test_a_dropped_claim_and_a_lowered_level_are_marked(client, reviewer, contributor):
    monument = published_chapel()
    hidden = make_status(monument, summary="Guarded at night.", access_level="curators")
    make_citation(hidden)
    edit(hidden, contributor, access_level="public")
    edit(Status.objects.get(summary="The dome fell."), contributor, access_level="curators")
    client.force_login(reviewer)

    warnings = client.get(address_of(monument)).context["review"].warnings

    assert warnings == [
        "Readers will no longer see the claim “The dome fell.” (Survey team).",
        f"{contributor.username} lowered the access level of “Guarded at night.” from Curators to Public.",
    ]


# Four eyes


OWN = {
    **{what: change for what, change in CHANGES.items() if what not in ("the level of a source",)},
    "a withheld source made public": lambda by: edit(cited_source(), by, access_level="public", withheld_because=""),
    "a hidden picture made public": lambda by: edit(Media.objects.get(), by, access_level="public"),
}


@pytest.mark.parametrize("what", OWN)
def test_whoever_wrote_something_of_it_since_its_publication_is_not_its_reviewer(client, reviewer, contributor, what):
    monument = published_chapel(public_precision="km1")
    make_citation(make_status(monument, summary="It stays."))
    if what == "a withheld source made public":
        edit(cited_source(), None, access_level="withheld", withheld_because="safety")
    if what == "a hidden picture made public":
        edit(Media.objects.get(), None, access_level="curators")
    publish([Monument.objects.get()])
    version = Edition.objects.current().get(ref=monument.ref).version
    OWN[what](reviewer)
    edit(Monument.objects.get(), contributor, note="A note by somebody else.")
    Monument.objects.update(changed_at="2026-01-01T00:00:00Z")
    client.force_login(reviewer)

    page = client.get(address_of(monument))
    assert "You edited what would be published, so another reviewer must publish it." in page.content.decode()
    client.post(address_of(monument), {"seen": page.context["seen"]})

    assert Edition.objects.current().get(ref=monument.ref).version == version
    publish([Monument.objects.get()], make_user("reviewer"))
    assert Edition.objects.current().get(ref=monument.ref).version == version + 1


def test_whoever_wrote_a_draft_does_not_publish_it_after_somebody_else_touched_it_last(reviewer, contributor):
    monument = chapel()
    edit(Status.objects.get(), reviewer, summary="Mine")
    edit(monument, contributor, note="Full stop.")
    lifecycle.submit(monument, contributor)

    with pytest.raises(Refused, match=r"You edited what would be published, so another reviewer must publish it\."):
        publish([monument], reviewer)


def test_once_it_was_published_by_somebody_else_its_author_may_review_what_others_write(reviewer, contributor):
    monument = published_chapel()
    edit(Status.objects.get(), reviewer, summary="Mine")
    publish([Monument.objects.get()], make_user("reviewer"))
    edit(Status.objects.get(), contributor, summary="Theirs")

    publish([Monument.objects.get()], reviewer)

    assert Edition.objects.current().get(ref=monument.ref).version == 3


def test_a_review_of_a_claim_makes_nobody_its_author(reviewer, contributor):
    monument = published_chapel()
    edit(Status.objects.get(), contributor, summary="Theirs")
    edit(Status.objects.get(), reviewer, verification="confirmed")

    publish([Monument.objects.get()], reviewer)

    assert Edition.objects.current().get(ref=monument.ref).version == 2


@pytest.mark.parametrize(
    ("table", "fields"),
    [
        (Status, {"access_level": "curators"}),
        (Source, {"access_level": "sealed"}),
        (Media, {"access_level": "curators"}),
        (Monument, {"public_precision": "withheld"}),
    ],
)
def test_hiding_something_needs_no_second_person(reviewer, table, fields):
    monument = published_chapel(public_precision="exact")
    make_citation(make_status(monument, summary="It stays."))
    publish([Monument.objects.get()])
    edit(table.objects.first(), reviewer, **fields)

    publish([Monument.objects.get()], reviewer)

    assert not Monument.objects.changed_since_published().exists()


@pytest.mark.parametrize("what", ["a finer position", "a lower level"])
def test_opening_something_takes_a_second_person_even_where_no_reviewers_are_needed(settings, reviewer, what):
    settings.REVIEWERS_NEEDED = 0
    monument = published_chapel(public_precision="km1")
    edit(monument, reviewer, label="My own title")
    publish([Monument.objects.get()], reviewer)
    if what == "a finer position":
        edit(monument, reviewer, public_precision="exact")
    else:
        edit(Source.objects.get(), reviewer, access_level="withheld", withheld_because="safety")
        publish([Monument.objects.get()], reviewer)
        edit(Source.objects.get(), reviewer, access_level="public", withheld_because="")

    with pytest.raises(Refused, match="another reviewer must publish it"):
        publish([Monument.objects.get()], reviewer)

    assert Monument.objects.get().changed_at is not None
    publish([Monument.objects.get()], make_user("reviewer"))


def test_the_journal_says_when_a_source_and_a_vocabulary_went_out():
    make_term("effect", "fire")
    published_chapel()

    kinds = Journal.objects.filter(verb="publish").order_by("subject_kind").values_list("subject_kind", flat=True)

    assert {"monument", "place", "source", "vocabulary"} <= set(kinds)
    assert Journal.objects.filter(verb="publish", subject_ref=Source.objects.get().ref).count() == 1


def test_where_the_journal_is_silent_about_a_source_its_edition_says_when_it_went_out(reviewer, contributor):
    """Registers of earlier versions did not journal it."""
    monument = published_chapel()
    Journal.objects.filter(subject_kind__in=["source", "vocabulary"], verb="publish")._raw_delete("default")
    Journal.objects.filter(subject_kind="source").update(who=reviewer.username, at="2020-01-01T00:00:00Z")
    edit(monument, contributor, label="Theirs")

    publish([Monument.objects.get()], reviewer)

    assert Edition.objects.current().get(ref=monument.ref).version == 2
    assert Location.objects.count() == 1


def test_a_withdrawn_record_is_not_merged(reviewer):
    monument, other = published_chapel(), make_publishable_monument("Survivor")
    publish([other])
    withdraw(Monument.objects.get(pk=monument.pk), reviewer, "safety", "Danger.")

    with pytest.raises(Refused, match=r"It was withdrawn\. Reopen it before you merge it\."):
        merge(Monument.objects.get(pk=monument.pk), other, reviewer, "The same.")

    assert Monument.objects.get(pk=monument.pk).merged_into is None
