"""What stops a publication: what a person holds back, and records of which readers would see no claim."""

from itertools import product

import pytest
from django.core.management import call_command

from heritage.catalogue.publish import publish
from heritage.registry import lifecycle, visibility
from heritage.registry.lifecycle import Refused
from heritage.registry.models import Claim, Journal, Monument, Review
from heritage.registry.refs import mint_from
from heritage.registry.vocabulary import AccessLevel, ReadState, SourceAccess, Standing
from tests.registry.make import (
    make_citation,
    make_monument,
    make_name,
    make_publishable_monument,
    make_publishable_place,
    make_source,
    make_status,
    make_user,
)

pytestmark = pytest.mark.django_db

UNREAD = "None of its sources has been read and may be shown. Cite one that was read, or mark it as read."
UNCITED = "It has no citation. Cite a source that was read."


def make_mute(subject=None):
    """Make a record with one claim, which rests on a source that nobody read."""
    subject = subject or make_monument("Mute")
    make_name(subject, subject.label)
    make_citation(make_status(subject), make_source(read_state="not_read"))
    return subject


def blockers(subject):
    return lifecycle.readiness(subject).blockers


@pytest.mark.parametrize("make", [make_publishable_monument, make_publishable_place])
def test_what_is_held_back_is_not_published_until_a_person_clears_the_reason(make):
    subject = make("Chapel", hold="The position is disputed; ask the survey.")

    with pytest.raises(Refused) as refused:
        lifecycle.approve(subject, None)
    assert refused.value.reasons == ["It is held back: The position is disputed; ask the survey."]

    subject.hold = ""
    lifecycle.revise(subject, make_user("contributor"), "The survey answered")
    lifecycle.approve(subject, None)
    assert subject.stage == "published"
    assert Journal.objects.get(verb="revise").before["hold"] == "The position is disputed; ask the survey."


def test_a_hold_on_a_published_record_keeps_its_changes_at_the_desk():
    monument = make_publishable_monument()
    publish([monument])
    monument.refresh_from_db()
    monument.hold = "Wait for the second source."
    lifecycle.revise(monument, None)
    make_name(monument, "Another name")

    with pytest.raises(Refused) as refused:
        publish([monument])

    assert refused.value.reasons == ["It is held back: Wait for the second source."]


@pytest.mark.parametrize("make", [make_monument, lambda label: make_publishable_place(label)])
def test_a_record_of_which_readers_would_see_no_claim_is_refused_with_the_reasons(make):
    subject = make_mute(make("Mute"))
    make_status(subject)

    assert blockers(subject) == [f"None of its claims can be published yet: {UNCITED} {UNREAD}"]
    with pytest.raises(Refused) as refused:
        lifecycle.approve(subject, None)
    assert refused.value.reasons == blockers(subject)


def test_one_claim_that_readers_see_is_enough():
    monument = make_mute()
    make_citation(make_status(monument))

    assert blockers(monument) == []


def test_a_record_without_claims_may_be_published():
    monument = make_monument()
    make_name(monument)

    assert blockers(monument) == []


def test_a_claim_that_the_registry_withdrew_counts_for_nothing():
    monument = make_monument()
    make_name(monument)
    make_status(monument, standing="withdrawn_by_registry")

    assert blockers(monument) == []


def test_a_published_record_may_fall_silent_so_that_what_was_restricted_leaves_the_reading_room():
    monument = make_publishable_monument()
    publish([monument])
    claim = monument.claims.get()
    claim.access_level = "curators"
    lifecycle.revise(claim, None)
    monument.refresh_from_db()

    [edition] = [one for one in publish([monument]) if one.ref == monument.ref]

    assert (edition.version, '"statuses":[]' in edition.record) == (2, True)


def test_of_many_the_refused_one_is_named():
    ready, mute = make_publishable_monument(), make_mute()

    with pytest.raises(Refused) as refused:
        lifecycle.approve_all([ready, mute], None)

    assert refused.value.reasons == [f"“Mute”: None of its claims can be published yet: {UNREAD}"]
    assert (Monument.objects.published().count(), Review.objects.count()) == (0, 0)


def test_the_query_for_claims_that_readers_see_agrees_with_the_rule_for_one_claim():
    monument = make_monument()
    for level, standing in product(AccessLevel, Standing):
        make_status(monument, access_level=level, standing=standing)
        for read, access in product(ReadState, SourceAccess):
            why = {"withheld_because": "safety"} if access == SourceAccess.WITHHELD else {}
            claim = make_status(monument, access_level=level, standing=standing)
            make_citation(claim, make_source(read_state=read, access_level=access, **why))

    seen = {claim.pk for claim in Claim.objects.all() if not visibility.why_hidden(claim)}

    assert len(seen) == 12
    assert set(Claim.objects.shown().values_list("pk", flat=True)) == seen


@pytest.mark.parametrize("key", ["m-038", "m-039", "m-040", "m-060", "m-061"])
def test_the_drafts_of_the_demonstration_are_refused_when_somebody_submits_and_publishes_them(key):
    call_command("loaddata", "vocabularies", "demo", verbosity=0)
    monument = Monument.objects.get(ref=mint_from(f"demo:{key}"))
    lifecycle.submit(monument, make_user("contributor"))

    with pytest.raises(Refused) as refused:
        publish([monument], make_user("reviewer"))

    assert refused.value.reasons[0].startswith("It is held back: General knowledge only: ")
