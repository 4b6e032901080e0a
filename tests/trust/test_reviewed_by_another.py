"""Whatever of a release somebody wrote, by whichever row and in whichever order, somebody else publishes it."""

import json

import pytest
from django.urls import reverse

from heritage.catalogue.models import Edition
from heritage.catalogue.publish import merge, publish, withdraw
from heritage.registry import lifecycle
from heritage.registry.lifecycle import Refused
from heritage.registry.models import ClaimLink, Monument, PlaceMembership, Relation, Source, Status
from tests.registry.make import (
    make_citation,
    make_monument,
    make_name,
    make_publishable_monument,
    make_publishable_place,
    make_status,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db
OWN = "another reviewer must publish it"


@pytest.fixture
def reviewer():
    return make_user("reviewer")


@pytest.fixture
def contributor():
    return make_user("contributor")


def edit(row, by, rows=(), **fields):
    row = type(row).objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    lifecycle.revise(row, by, "A reason.", rows=rows)
    return row


def published(subject):
    publish([subject])
    return type(subject).objects.get(pk=subject.pk)


def version(ref):
    return Edition.objects.current().get(ref=ref).version


def address_of(subject, verb="publish"):
    return reverse(f"admin:registry_{subject._meta.model_name}_decide", args=[subject.pk, verb])


# What other rows say of the record


def within(reviewer):
    """The reviewer puts the place of a monument into a region."""
    valley, region = make_publishable_place("Valley"), make_publishable_place("Occupied region")
    publish([valley, region])
    monument = make_publishable_monument("Chapel")
    monument.locations.update(place=valley)
    monument = published(monument)
    edit(valley, reviewer, rows=[PlaceMembership(place=valley, parent=region, kind="part_of")])
    return monument


def related(reviewer):
    """The reviewer relates another monument to this one."""
    monument, other = published(make_publishable_monument("Chapel")), published(make_publishable_monument("Bell tower"))
    edit(other, reviewer, rows=[Relation(monument=other, other=monument, kind="part_of", locator="page 3")])
    return monument


def linked(reviewer):
    """The reviewer links a claim about another monument to one about this."""
    monument, other = published(make_publishable_monument("Chapel")), published(make_publishable_monument("Bell tower"))
    own, far = Status.objects.get(monument=monument), Status.objects.get(monument=other)
    link = ClaimLink(claim=far.claim_ptr, other=own.claim_ptr, kind="contradicts", note="The chapel stands, he lies.")
    edit(far, reviewer, rows=[link])
    return monument


@pytest.mark.parametrize("write", [within, related, linked])
def test_what_the_row_of_another_record_says_of_it_is_own_work_too(client, reviewer, contributor, write):
    monument = Monument.objects.get(pk=write(reviewer).pk)
    before = version(monument.ref)
    client.force_login(reviewer)

    page = client.get(address_of(monument))
    client.post(address_of(monument), {"seen": page.context["seen"]})

    assert version(monument.ref) == before
    assert OWN in page.content.decode()
    publish([monument], make_user("reviewer"))
    assert version(monument.ref) == before + 1


# What goes out along with a record that reads as before


def test_no_term_of_ones_own_goes_out_along_with_a_record_that_reads_as_before(client, reviewer, contributor):
    term = make_term("effect", "fire")
    monument = published(make_publishable_monument("Chapel"))
    edit(term, reviewer, labels={"en": "DEFACED"})
    edit(monument, contributor, note="A note.")
    client.force_login(reviewer)

    page = client.get(address_of(monument))
    told = client.post(address_of(monument), {"seen": page.context["seen"]}).content.decode()

    assert (OWN in page.content.decode(), OWN in told) == (True, True)
    assert not Edition.objects.filter(record__contains="DEFACED").exists()
    assert Monument.objects.get().changed_at is not None
    publish([Monument.objects.get()], make_user("reviewer"))
    assert Edition.objects.current().filter(subject="vocabulary", record__contains="DEFACED").exists()


# Rows that readers never had


def test_what_was_written_hidden_before_the_last_publication_is_reviewed_when_it_comes_out(reviewer, contributor):
    monument = published(make_publishable_monument("Chapel"))
    claim = make_status(monument, summary="Nothing.", access_level="curators")
    make_citation(claim)
    edit(claim, reviewer, summary="My own text")
    edit(Monument.objects.get(), contributor, label="Their title")
    publish([Monument.objects.get()], make_user("reviewer"))
    edit(claim, contributor, access_level="public")

    with pytest.raises(Refused, match=OWN):
        publish([Monument.objects.get()], reviewer)


def test_what_a_merger_brings_is_own_work_of_whoever_wrote_it_there(reviewer, contributor):
    other = make_publishable_monument("The same chapel")
    edit(Status.objects.get(), reviewer, summary="My own text")
    monument = published(make_publishable_monument("Chapel"))
    merge(Monument.objects.get(pk=other.pk), monument, make_user("reviewer"), "The same.")

    with pytest.raises(Refused, match=OWN):
        publish([Monument.objects.get(pk=monument.pk)], reviewer)


def test_the_name_that_a_merger_brings_is_own_work_of_whoever_wrote_it_there(reviewer, contributor):
    other = make_publishable_monument("The same chapel")
    name = make_name(other, "Nothing")
    name.text = "My own name of it"
    edit(other, reviewer, rows=[name])
    monument = published(make_publishable_monument("Chapel"))
    merge(Monument.objects.get(pk=other.pk), monument, make_user("reviewer"), "The same.")

    with pytest.raises(Refused, match=OWN):
        publish([Monument.objects.get(pk=monument.pk)], reviewer)


# Where no reviewers are asked for


def test_a_withdrawal_in_between_makes_no_finer_position_of_ones_own(settings, reviewer):
    settings.REVIEWERS_NEEDED = 0
    monument = published(make_publishable_monument("Chapel", public_precision="km1"))
    withdraw(monument, reviewer, "error", "A reason.")
    lifecycle.reopen(monument, reviewer, "A reason.")
    edit(monument, reviewer, public_precision="exact")

    with pytest.raises(Refused, match=OWN):
        publish([Monument.objects.get()], reviewer)


def test_a_merger_shows_no_position_more_precisely(settings, reviewer):
    settings.REVIEWERS_NEEDED = 0
    guarded = published(make_publishable_monument("Guarded", public_precision="withheld"))
    monument = make_monument("Chapel", public_precision="exact")
    make_name(monument, "Chapel")
    monument = published(monument)
    with pytest.raises(Refused, match="Give both the same precision first"):
        merge(guarded, monument, reviewer, "The same.")

    edit(monument, reviewer, public_precision="withheld")
    merge(guarded, monument, reviewer, "The same.")
    publish([Monument.objects.get(pk=monument.pk)], reviewer)
    [location] = json.loads(Edition.objects.current().get(ref=monument.ref).record)["locations"]
    assert location["latitude"] is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"access_level": "curators"}, "Give both the same level first"),
        ({"hold": "Guards were seen."}, "This record is held back: Guards were seen."),
    ],
)
def test_a_merger_opens_nothing_that_was_restricted(reviewer, fields, reason):
    guarded = make_publishable_monument("Guarded", **fields)
    monument = published(make_publishable_monument("Chapel"))

    with pytest.raises(Refused, match=reason):
        merge(guarded, monument, reviewer, "The same.")

    assert Monument.objects.get(pk=guarded.pk).merged_into is None


# Hiding


def test_withholding_a_source_needs_no_second_person(reviewer):
    monument = published(make_publishable_monument("Chapel"))
    edit(Source.objects.get(), reviewer, access_level="withheld", withheld_because="safety")

    publish([Monument.objects.get()], reviewer)

    assert version(monument.ref) == 2
