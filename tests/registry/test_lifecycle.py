"""The verbs of the desk, one act a test."""

import pytest
from django.db import connection
from django.test import override_settings

from heritage.registry import lifecycle
from heritage.registry.lifecycle import Refused, Stale
from heritage.registry.models import Claim, ClaimLink, Journal, Monument, Name, Review
from tests.registry.make import (
    make_actor,
    make_citation,
    make_location,
    make_monument,
    make_name,
    make_publishable_monument,
    make_publishable_place,
    make_relation,
    make_source,
    make_status,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db


APPROVAL_QUERIES = 14


def published(monument=None):
    monument = monument or make_publishable_monument()
    lifecycle.approve(monument, None)
    return monument


def reasons(refused):
    return refused.value.reasons


def test_registering_saves_the_row_with_what_belongs_to_it_and_writes_one_entry():
    author = make_user("contributor")
    monument = Monument(label="Saint John")

    lifecycle.register(
        monument,
        author,
        "From the survey",
        rows=[Name(monument=monument, text="Saint John", language="en", script="Latn")],
    )

    entry = Journal.objects.get()
    assert (entry.who, entry.verb, entry.subject_kind, entry.subject_ref) == (
        author.username,
        "register",
        "monument",
        monument.ref,
    )
    assert entry.reason == "From the survey"
    assert entry.before is None
    assert [name["text"] for name in entry.after["names"].values()] == ["Saint John"]
    assert Monument.objects.get().edited_by == author


def test_revising_keeps_before_and_after_and_takes_the_next_revision():
    author, monument = make_user("contributor"), make_monument("Old title")
    monument.label = "New title"

    lifecycle.revise(monument, author, "Spelling")

    entry = Journal.objects.get()
    assert (entry.before["label"], entry.after["label"]) == ("Old title", "New title")
    stored = Monument.objects.get()
    assert (stored.revision, stored.edited_by) == (1, author)


def test_of_two_edits_that_began_from_one_revision_the_second_is_refused_and_changes_nothing():
    first = make_monument("Chapel")
    second = Monument.objects.get(pk=first.pk)
    first.label = "Mine"
    lifecycle.revise(first, None, expected_revision=0)
    second.label = "Theirs"

    with pytest.raises(Stale) as refused:
        lifecycle.revise(second, None, expected_revision=0)

    assert reasons(refused) == ["Someone saved a newer version since you opened this one."]
    assert Monument.objects.get().label == "Mine"
    assert Journal.objects.count() == 1


def test_an_edit_that_changes_nothing_leaves_author_revision_and_journal_alone():
    monument = make_monument()

    lifecycle.revise(monument, make_user("reviewer"))

    stored = Monument.objects.get()
    assert (stored.edited_by, stored.revision, Journal.objects.count()) == (None, 0, 0)


def test_editing_a_claim_makes_its_author_the_last_author_of_the_monument():
    author, claim = make_user("contributor"), make_status()
    claim.summary = "It was razed."

    lifecycle.revise(claim, author)

    assert Monument.objects.get().edited_by == author
    assert Claim.objects.get().revision == 1


def test_a_reviewer_who_notes_what_review_found_about_a_claim_is_not_its_author():
    author, reviewer, claim = make_user("contributor"), make_user("reviewer"), make_status()
    claim.summary = "It was razed."
    lifecycle.revise(claim, author)
    claim.verification = "corroborated"

    lifecycle.revise(claim, reviewer)

    assert Monument.objects.get().edited_by == author
    assert Claim.objects.get().edited_by == reviewer


def test_an_edited_published_monument_stays_published_and_is_marked_as_changed():
    monument = published()
    monument.label = "Other title"

    lifecycle.revise(monument, None)

    stored = Monument.objects.get(pk=monument.pk)
    assert stored.stage == "published"
    assert stored.changed_at is not None


def test_a_draft_is_submitted_once():
    monument, author = make_monument(), make_user("contributor")
    lifecycle.submit(monument, author)

    with pytest.raises(Refused) as refused:
        lifecycle.submit(monument, author)

    assert reasons(refused) == ["Only a draft can be submitted; this record is “In review”."]
    assert Journal.objects.get().after == {"stage": "in_review"}


def test_a_published_record_need_not_be_submitted():
    with pytest.raises(Refused) as refused:
        lifecycle.submit(published(), None)

    assert reasons(refused) == ["It is published already; a reviewer can publish its changes as they are."]


def test_a_reviewer_returns_a_record_with_the_reason():
    monument, reviewer = make_monument(), make_user("reviewer")
    lifecycle.submit(monument, None)

    lifecycle.return_(monument, reviewer, "The date lacks a source.")

    assert Monument.objects.get().stage == "draft"
    assert (Review.objects.get().decision, Review.objects.get().rationale) == ("return", "The date lacks a source.")


def test_returning_changes_to_a_published_record_keeps_it_published():
    monument = published()
    monument.label = "Other title"
    lifecycle.revise(monument, None)

    lifecycle.return_(monument, make_user("reviewer"), "Not neutral.")

    stored = Monument.objects.get(pk=monument.pk)
    assert (stored.stage, stored.changed_at is None) == ("published", False)


def test_returning_needs_a_reviewer_a_record_in_review_and_a_reason():
    with pytest.raises(Refused) as refused:
        lifecycle.return_(make_monument(), make_user("contributor"), " ")

    assert reasons(refused) == [
        "Only a reviewer may do this.",
        "Only a record in review, or a published one with changes, can be returned.",
        "Give the reason; the author needs it.",
    ]


def test_a_second_person_publishes():
    author, reviewer = make_user("contributor"), make_user("reviewer")
    monument = make_publishable_monument()
    monument.note = "Checked"
    lifecycle.revise(monument, author)
    lifecycle.submit(monument, author)

    lifecycle.approve(monument, reviewer, "Sound", "No harm seen", ["locator"])

    assert Monument.objects.get().stage == "published"
    review = Review.objects.get()
    assert (review.reviewer, review.decision, review.rationale, review.harm_check, review.checks) == (
        reviewer,
        "publish",
        "Sound",
        "No harm seen",
        ["locator"],
    )
    assert Journal.objects.first().verb == "publish"


def test_the_last_author_does_not_publish():
    reviewer, monument = make_user("reviewer"), make_publishable_monument()
    monument.note = "Checked"
    lifecycle.revise(monument, reviewer)
    lifecycle.submit(monument, reviewer)

    with pytest.raises(Refused) as refused:
        lifecycle.approve(monument, reviewer)

    assert reasons(refused) == ["You edited this record last; a second person must review it."]
    assert Monument.objects.get().stage == "in_review"
    assert not Review.objects.exists()


@override_settings(REVIEWERS_NEEDED=0)
def test_where_no_reviewers_are_needed_the_last_author_publishes():
    reviewer, monument = make_user("reviewer"), make_publishable_monument()
    monument.note = "Checked"
    lifecycle.revise(monument, reviewer)

    lifecycle.approve(monument, reviewer)

    assert Monument.objects.get().stage == "published"


def test_a_contributor_does_not_publish_nor_anyone_a_draft_that_was_not_submitted():
    with pytest.raises(Refused) as refused:
        lifecycle.approve(make_publishable_monument(), make_user("contributor"))

    assert reasons(refused) == ["Only a reviewer may do this.", "It has not been submitted for review."]


@pytest.mark.parametrize(
    ("spoil", "blockers"),
    [
        (lambda monument: monument.names.all().delete(), ["It has no name. A register number alone is not one."]),
        (
            lambda monument: Monument.objects.update(access_level="curators"),
            ["Its access level is “Curators”; only public records are published."],
        ),
        (lambda monument: Monument.objects.update(kind="castle"), ["There is no kind “castle”."]),
        (lambda monument: Monument.objects.update(stage="withdrawn"), ["It was withdrawn; reopen it first."]),
    ],
)
def test_what_stops_a_publication_is_said_and_refused(spoil, blockers):
    monument = make_publishable_monument()
    spoil(monument)
    monument.refresh_from_db()

    with pytest.raises(Refused) as refused:
        lifecycle.approve(monument, None)

    assert reasons(refused) == blockers == lifecycle.readiness(monument).blockers


def test_a_monument_whose_only_name_is_a_number_has_no_name():
    monument = make_monument()
    make_name(monument, "4711", kind="register_number", scheme="List")

    assert lifecycle.readiness(monument).blockers == ["It has no name. A register number alone is not one."]


def test_claims_that_a_publication_leaves_out_are_listed_with_the_reason():
    monument = make_publishable_monument()
    uncited = make_status(monument)
    unread = make_status(monument)
    make_citation(unread, make_source(read_state="not_read"))

    left_out = {claim.ref: reason for claim, reason in lifecycle.readiness(monument).left_out}

    assert left_out == {
        uncited.ref: "It has no citation. Cite a source that was read.",
        unread.ref: "None of its sources has been read and may be shown. Cite one that was read, or mark it as read.",
    }


def test_readiness_costs_the_same_however_many_claims(django_assert_num_queries):
    monument = make_publishable_monument()
    for _ in range(12):
        make_citation(make_status(monument))

    with django_assert_num_queries(5):
        lifecycle.readiness(monument)


def test_a_published_monument_is_withdrawn_with_class_and_reason_and_can_be_reopened():
    monument, reviewer = published(), make_user("reviewer")

    lifecycle.withdraw(monument, reviewer, "safety", "The site is being looted.")
    assert Monument.objects.get().stage == "withdrawn"
    assert Journal.objects.first().after == {"stage": "withdrawn", "reason_class": "safety"}

    lifecycle.reopen(monument, reviewer, "The danger is over.")
    assert Monument.objects.get().stage == "draft"


def test_withdrawing_needs_a_published_record_a_class_and_a_reason():
    with pytest.raises(Refused) as refused:
        lifecycle.withdraw(make_monument(), None, "whim", "")

    assert reasons(refused) == [
        "Only a published record can be withdrawn; this one is “Draft”.",
        "Choose the class of the reason, which readers see: error, rights, safety, legal, duplicate.",
        "Give the reason for the withdrawal.",
    ]


def test_merging_moves_what_belongs_to_the_monument_and_keeps_it_as_an_alias():
    monument, survivor = published(), published()
    make_name(monument, survivor.label)
    claim, name, location = monument.claims.get(), monument.names.get(kind="preferred"), monument.locations.get()

    lifecycle.merge(monument, survivor, None, "One and the same chapel.")

    monument, survivor = Monument.objects.get(pk=monument.pk), Monument.objects.get(pk=survivor.pk)
    assert (monument.stage, monument.merged_into) == ("withdrawn", survivor)
    assert survivor.changed_at is not None
    assert survivor.claims.filter(ref=claim.ref).exists()
    assert survivor.names.get(ref=name.ref).kind == "alternative"
    assert survivor.locations.get(ref=location.ref).shown is False
    assert [kept.text for kept in monument.names.all()] == [survivor.label]
    received, merged = Journal.objects.all()[:2]
    assert (merged.verb, merged.subject_ref, received.verb, received.subject_ref) == (
        "merge",
        monument.ref,
        "receive",
        survivor.ref,
    )
    assert (
        merged.after["moved"]
        == received.after["moved"]
        == {
            "claims": [claim.ref],
            "names": [name.ref],
            "locations": [location.ref],
            "relations": [],
            "media": [],
        }
    )


def test_merging_moves_relations_but_makes_no_circle_and_no_double():
    monument, survivor, quarter, gate = (make_monument() for _ in range(4))
    kept_apart = make_relation(monument, survivor)
    double = make_relation(monument, quarter)
    make_relation(survivor, quarter)
    moves = make_relation(gate, monument)

    lifecycle.merge(monument, survivor, None, "The same.")

    moves.refresh_from_db()
    assert moves.other == survivor
    assert {relation.ref for relation in Monument.objects.get(pk=monument.pk).relations.all()} == {
        kept_apart.ref,
        double.ref,
    }


@pytest.mark.parametrize(
    ("choose", "reason"),
    [
        (lambda monument, other: monument, "A monument is not merged into itself."),
        (
            lambda monument, other: published_then_withdrawn(other),
            "“Gate” is withdrawn or itself merged; choose the record that stands.",
        ),
    ],
)
def test_a_monument_is_merged_only_into_another_that_stands(choose, reason):
    monument, other = make_monument(), make_publishable_monument("Gate")

    with pytest.raises(Refused) as refused:
        lifecycle.merge(monument, choose(monument, other), None, "The same.")

    assert reasons(refused) == [reason]
    assert Monument.objects.get(pk=monument.pk).merged_into is None


def published_then_withdrawn(monument):
    published(monument)
    lifecycle.withdraw(monument, None, "error", "By mistake.")
    return monument


def test_a_merged_monument_is_neither_edited_nor_reopened():
    monument, survivor = make_monument(), make_monument("Gate")
    lifecycle.merge(monument, survivor, None, "The same.")
    monument = Monument.objects.get(pk=monument.pk)

    with pytest.raises(Refused) as edit:
        lifecycle.revise(monument, None)
    with pytest.raises(Refused) as reopening:
        lifecycle.reopen(monument, None, "Not the same.")

    assert reasons(edit) == ["It is merged into “Gate”; edit that record."]
    assert reasons(reopening) == ["Only a withdrawn record that was not merged can be reopened."]


@pytest.mark.parametrize(
    ("by_claimant", "standing"), [(True, "withdrawn_by_claimant"), (False, "withdrawn_by_registry")]
)
def test_a_retracted_claim_stays_with_its_standing_changed(by_claimant, standing):
    monument = published()
    claim = monument.claims.get()

    lifecycle.retract(claim, None, "The claimant corrected its report.", by_claimant)

    assert Claim.objects.get().standing == standing
    assert Journal.objects.first().before == {"standing": "standing"}
    assert Monument.objects.get().changed_at is not None


def test_a_claim_is_retracted_once_and_with_a_reason():
    claim = make_status()
    lifecycle.retract(claim, None, "Entered twice.")

    with pytest.raises(Refused) as refused:
        lifecycle.retract(claim, None, "")

    assert reasons(refused) == ["This claim no longer stands.", "Give the reason; readers of the history see it."]


def test_a_later_statement_supersedes_the_same_claimants_earlier_one():
    old = make_status()
    new = make_status(old.monument)

    lifecycle.supersede(old, new, None, "New imagery.")

    assert Claim.objects.get(pk=old.pk).standing == "superseded"
    assert ClaimLink.objects.filter(claim=new.pk, kind="supersedes", other=old.pk).count() == 1


def test_superseding_another_claimants_statement_or_another_subject_is_refused():
    old, new = make_status(), make_status(claimant=make_actor("Other body"))

    with pytest.raises(Refused) as refused:
        lifecycle.supersede(old, new, None, "Newer")

    assert reasons(refused) == [
        "Only the same claimant supersedes a statement; link the claims as contradicting instead.",
        "The two claims are about different subjects.",
    ]
    assert not ClaimLink.objects.exists()


def test_places_take_the_same_way():
    place, reviewer = make_publishable_place(), make_user("reviewer")
    lifecycle.submit(place, None)
    lifecycle.approve(place, reviewer)

    place.refresh_from_db()
    assert place.stage == "published"
    assert place.reviews.get().decision == "publish"


def test_editing_a_source_marks_what_cites_it_and_only_that():
    cited, other = published(), published()
    source = cited.claims.get().citations.get().source
    source.title = "Corrected title"

    lifecycle.revise(source, None)

    assert list(Monument.objects.changed_since_published()) == [cited]
    assert other.changed_at is None


def test_publishing_a_related_monument_marks_those_that_mention_it():
    whole = published()
    part = make_publishable_monument()
    make_relation(part, whole)

    lifecycle.approve(part, None)

    assert list(Monument.objects.changed_since_published()) == [whole]


def test_a_term_is_revised_without_a_revision_of_its_own():
    monument = published()
    term = make_term()
    term.labels = {"en": "Church building"}

    lifecycle.revise(term, None)

    assert Journal.objects.first().after["labels"] == {"en": "Church building"}
    assert list(Monument.objects.changed_since_published()) == [monument]


def test_a_location_saved_with_its_monument_is_in_the_journal():
    monument = make_monument()
    location = make_location(make_monument())
    location.monument = monument

    lifecycle.revise(monument, None, rows=[location])

    assert Journal.objects.get().after["locations"][location.ref]["latitude"] == "39.76"


@pytest.mark.parametrize("size", [1, 30])
def test_approving_together_costs_the_same_however_many(django_assert_num_queries, size):
    monuments = [make_publishable_monument() for _ in range(size)]

    locks = 1 if connection.vendor == "postgresql" else 0  # that of the desk, which SQLite has by itself
    with django_assert_num_queries(APPROVAL_QUERIES + locks):
        lifecycle.approve_all(monuments, None, "Seen together", "No harm seen")

    assert {monument.stage for monument in Monument.objects.all()} == {"published"}
    assert [(one.monument, one.rationale, one.harm_check) for one in Review.objects.order_by("pk")] == [
        (monument, "Seen together", "No harm seen") for monument in monuments
    ]
    assert [(one.subject_ref, one.verb, one.before, one.after) for one in Journal.objects.order_by("pk")] == [
        (monument.ref, "publish", {"stage": "draft"}, {"stage": "published"}) for monument in monuments
    ]


def test_approving_together_is_all_or_none_and_reads_each_record_afresh():
    ready, nameless = make_publishable_monument(), make_publishable_monument()
    nameless.names.all().delete()
    sealed = make_publishable_monument()
    Monument.objects.filter(pk=sealed.pk).update(access_level="sealed")

    with pytest.raises(Refused) as refused:
        lifecycle.approve_all([ready, nameless, sealed], None)
    assert reasons(refused) == [f"“{nameless}”: It has no name. A register number alone is not one."]
    with pytest.raises(Refused) as refused:
        lifecycle.approve_all([ready, sealed], None)
    assert reasons(refused) == [f"“{sealed}”: Its access level is “Sealed”; only public records are published."]
    assert (Monument.objects.published().count(), Review.objects.count(), Journal.objects.count()) == (0, 0, 0)
