"""Restricting what is published: publishing again closes it or refuses, nothing reads as before, and one button takes it off at once."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from heritage.catalogue import audit
from heritage.catalogue.closing import confirm_closure
from heritage.catalogue.models import Closure, Edition
from heritage.catalogue.publish import merge, publish
from heritage.catalogue.takedown import plan, rehearse, take_down
from heritage.registry import lifecycle
from heritage.registry.lifecycle import Refused
from heritage.registry.models import Journal, Media, Monument, Place, Source, Status
from tests.registry.make import (
    make_citation,
    make_location,
    make_media,
    make_membership,
    make_monument,
    make_name,
    make_publishable_monument,
    make_publishable_place,
    make_relation,
    make_source,
    make_status,
    make_user,
)
from tests.trust.page_forms import sent_by_browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer():
    return make_user("reviewer")


@pytest.fixture
def contributor():
    return make_user("contributor")


def revised(row, by=None, **fields):
    for name, value in fields.items():
        setattr(row, name, value)
    return lifecycle.revise(row, by, "A reason.")


def published(subject):
    publish([subject])
    return type(subject).objects.get(pk=subject.pk)


def accord():
    return sorted(sentence for invariant, sentence in audit.faults() if invariant in ("accord", "naming"))


@pytest.mark.parametrize("make", [make_publishable_monument, make_publishable_place])
@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"access_level": "registered"}, "Its access level is “Registered”; only public records are published."),
        ({"access_level": "curators"}, "Its access level is “Curators”; only public records are published."),
        ({"hold": "Guards were seen."}, "It is held back: Guards were seen."),
    ],
)
def test_a_published_record_that_was_restricted_is_refused_and_stays_marked(reviewer, client, make, fields, reason):
    subject = revised(published(make()), **fields)
    kind = type(subject)._meta.model_name

    with pytest.raises(Refused) as refused:
        publish([subject], reviewer)

    assert refused.value.reasons == [reason]
    assert type(subject).objects.get().changed_at is not None
    assert len(accord()) == 1
    take_down(subject, reviewer, "safety", "It endangers people.")
    assert client.get(f"/{kind}s/{subject.ref}/").status_code == 410
    assert accord() == []


def test_the_button_of_a_restricted_record_closes_every_address_of_it_in_one_step(reviewer, contributor, client):
    monument = published(make_publishable_monument("Chapel of the springs"))
    revised(monument, contributor, access_level="curators")
    client.force_login(reviewer)
    page = reverse("admin:registry_monument_change", args=[monument.pk])
    button = reverse("admin:registry_monument_take_down", args=[monument.pk])
    assert button in client.get(page).content.decode()

    answer = client.post(button, {"reason_class": "safety", "reason": "Looters."}, follow=True)

    assert "“Chapel of the springs” is off the site." in answer.content.decode()
    for address in ("", ".json", ".geojson", "/v1/", "/v1.json", "/history/"):
        path = f"/monuments/{monument.ref}{address}" if address else f"/monuments/{monument.ref}/"
        assert client.get(path).status_code == 410
    for address in ("/monuments/", "/monuments.csv", "/changes/", "/suggest.json?q=chapel", "/changes.atom"):
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert b"Chapel of the springs" not in content
    assert button not in client.get(page).content.decode()


def test_a_contributor_takes_nothing_off_the_site(contributor, client):
    monument = published(make_publishable_monument())
    client.force_login(contributor)
    address = reverse("admin:registry_monument_take_down", args=[monument.pk])

    assert client.get(address).status_code == 403
    assert client.post(address, {"reason_class": "safety", "reason": "x"}).status_code == 403
    assert Monument.objects.published().exists()


def test_a_record_that_nobody_sees_has_nothing_to_take_off(reviewer, client):
    monument = make_publishable_monument()
    client.force_login(reviewer)
    address = reverse("admin:registry_monument_take_down", args=[monument.pk])

    assert client.get(address).status_code == 302
    assert client.post(address, {"reason_class": "safety", "reason": "x"}).status_code == 302
    assert Monument.objects.get().stage == "draft"


def test_all_changed_publishes_the_others_and_tells_what_it_left_with_the_reason(capsys):
    restricted, other = published(make_publishable_monument("Guarded")), published(make_publishable_monument("Open"))
    revised(restricted, access_level="curators")
    make_name(other, "Another name")
    lifecycle.revise(Monument.objects.get(pk=other.pk), None)
    Monument.objects.filter(pk=other.pk).update(changed_at="2026-01-01T00:00:00Z")

    with pytest.raises(CommandError, match=r"“Guarded” .*: Its access level is “Curators”"):
        call_command("publish", "--all-changed")

    assert [row.label for row in Monument.objects.changed_since_published()] == ["Guarded"]
    assert Edition.objects.current().get(ref=other.ref).version == 2


# Sources, media and claims of published records


def cited(title="Survey of 2021"):
    """Return a published monument, its claim that rests on a source of this title alone, and the source."""
    monument, source = make_publishable_monument("Chapel"), make_source(title)
    claim = make_status(monument, summary="The dome fell.")
    make_citation(claim, source)
    return published(monument), claim, Source.objects.get(pk=source.pk)


def test_a_source_is_withheld_in_one_step_in_every_record_that_cites_it(reviewer, client):
    monument, _claim, source = cited()
    other = make_publishable_monument("Bridge")
    make_citation(make_status(other), source)
    other = published(other)

    found = take_down(source, reviewer, "safety", "The author is in danger.", withheld_because="safety")

    assert ({row.pk for row in found.separable}, found.changed_otherwise) == ({monument.pk, other.pk}, [])
    for row in (monument, other):
        text = client.get(f"/monuments/{row.ref}.json").content.decode()
        assert ("Survey of 2021" in text, "Source withheld" in text) == (False, True)
    assert "Survey of 2021" not in client.get(f"/sources/{source.ref}/").content.decode()
    assert "Survey of 2021" not in client.get("/sources/").content.decode()
    assert not Monument.objects.changed_since_published().exists()
    assert accord() == []


def test_a_sealed_source_is_gone_with_the_claims_that_rest_on_it_alone(reviewer, client):
    monument, _claim, source = cited()
    revised(source, access_level="sealed")
    told = f"its current version shows the source {source.ref}, which readers may not know of. Publish it again."
    assert accord() == [f"monument {monument.ref}: {told}", f"source {source.ref}: {told}"]

    take_down(source, reviewer, "safety", "The author is in danger.")

    record = client.get(f"/monuments/{monument.ref}.json").json()
    assert [one["summary"] for one in record["statuses"]] == ["It was destroyed."]
    assert source.ref not in json.dumps(record)
    assert client.get(f"/sources/{source.ref}/").status_code == 410
    assert accord() == []


def test_a_claim_and_a_picture_are_taken_off_with_a_level_for_the_desk(reviewer, client):
    monument = make_publishable_monument()
    claim = make_status(monument, summary="A guard sleeps here.")
    make_citation(claim)
    item = make_media(monument, label="The guard")
    published(monument)

    take_down(Status.objects.get(pk=claim.pk), reviewer, "safety", "It endangers the guard.")
    take_down(Media.objects.get(pk=item.pk), reviewer, "safety", "It shows the guard.")

    text = client.get(f"/monuments/{monument.ref}.json").content.decode()
    assert ("A guard sleeps here." in text, "The guard" in text) == (False, False)
    assert (Status.objects.get(pk=claim.pk).access_level, Media.objects.get(pk=item.pk).access_level) == (
        "curators",
        "curators",
    )
    assert accord() == []


def test_a_record_with_changes_that_nobody_reviewed_is_not_published_with_them(reviewer, contributor, client):
    monument, _claim, source = cited()
    revised(monument, contributor, label="An unreviewed title")

    found = take_down(source, reviewer, "safety", "Danger.", withheld_because="safety")

    assert (found.separable, [row.pk for row in found.changed_otherwise]) == ([], [monument.pk])
    assert client.get(f"/monuments/{monument.ref}/").status_code == 410
    assert Monument.objects.get(pk=monument.pk).stage == "withdrawn"
    assert "An unreviewed title" not in "".join(Edition.objects.values_list("record", flat=True))


def test_such_a_record_is_left_alone_and_named_if_the_reviewer_says_so(reviewer, contributor, client):
    monument, _claim, source = cited()
    revised(monument, contributor, label="An unreviewed title")
    client.force_login(reviewer)
    address = reverse("admin:registry_source_take_down", args=[source.pk])
    asked = client.get(address)
    assert [row.pk for row in asked.context["found"].changed_otherwise] == [monument.pk]
    assert Source.objects.get(pk=source.pk).access_level == "public"  # looking changes nothing

    given = {"reason_class": "safety", "withheld_because": "safety", "reason": "Danger."}
    told = client.post(address, given, follow=True).content.decode()

    assert (
        "These records still show it, because they have other changes that nobody reviewed: An unreviewed title."
        in told
    )
    assert Monument.objects.get(pk=monument.pk).stage == "published"
    assert Monument.objects.get(pk=monument.pk).changed_at is not None


def test_records_that_name_a_record_taken_down_are_published_again_without_its_name(reviewer, client):
    secret, other = published(make_publishable_monument("Cave of bones")), make_publishable_monument("Village church")
    make_relation(other, secret, "associated_with")
    published(other)
    assert b"Cave of bones" in client.get(f"/monuments/{other.ref}/").content

    take_down(secret, reviewer, "safety", "Looters.")

    assert b"Cave of bones" not in client.get(f"/monuments/{other.ref}/").content
    assert accord() == []


def test_a_rehearsal_leaves_no_trace(reviewer):
    monument, _claim, source = cited()
    before = (Journal.objects.count(), Edition.objects.count(), Source.objects.get(pk=source.pk).revision)

    assert [row.pk for row in rehearse(source, reviewer).separable] == [monument.pk]

    assert (Journal.objects.count(), Edition.objects.count(), Source.objects.get(pk=source.pk).revision) == before
    assert plan(source).separable == []


def test_a_coarser_position_is_published_and_until_then_the_audit_tells_of_it(reviewer):
    monument = make_publishable_monument(public_precision="exact")
    monument = published(monument)
    revised(monument, public_precision="withheld")
    assert accord() == [
        f"monument {monument.ref}: readers see a position that is more precise than is allowed, which they should not. "
        "Publish it again or take it off the site."
    ]

    publish([monument], reviewer)

    assert json.loads(Edition.objects.current().get(ref=monument.ref).record)["locations"][0]["latitude"] is None
    assert accord() == []


def test_past_versions_that_carry_what_is_taken_off_are_closed_at_once_and_a_second_reviewer_confirms(reviewer, client):
    monument, _claim, source = cited()
    revised(monument, label="Another title")
    publish([monument])

    take_down(source, reviewer, "safety", "The author is in danger.", withheld_because="safety")

    assert [client.get(f"/monuments/{monument.ref}/v{number}.json").status_code for number in (1, 2, 3)] == [
        410,
        410,
        200,
    ]
    assert "Survey of 2021" not in client.get(f"/monuments/{monument.ref}/history/").content.decode()
    assert "Survey of 2021" not in client.get("/changes/").content.decode()
    closure = Closure.objects.pending().get()
    assert (closure.urgent, closure.subject_ref, closure.requested_by) == (True, source.ref, reviewer)
    confirm_closure(closure, make_user("reviewer"))
    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 410


def test_a_publication_that_hides_something_asks_a_second_reviewer_to_close_the_versions_that_show_it(reviewer, client):
    monument = published(make_publishable_monument("Chapel", public_precision="exact"))
    revised(monument, public_precision="withheld")
    client.force_login(reviewer)
    address = reverse("admin:registry_monument_decide", args=[monument.pk, "publish"])
    asked = client.get(address)
    assert [edition.version for edition in asked.context["review"].exposing] == [1]

    given = {"seen": asked.context["seen"], "close_earlier": "on", "closing_class": "safety"}
    told = client.post(address, given, follow=True).content.decode()

    assert "A second reviewer has to confirm the closing of its earlier versions" in told
    assert client.get(f"/monuments/{monument.ref}/v1.json").status_code == 200
    confirm_closure(Closure.objects.pending().get(), make_user("reviewer"))
    assert client.get(f"/monuments/{monument.ref}/v1.json").status_code == 410
    assert "39.76" not in client.get(f"/monuments/{monument.ref}/history/").content.decode()


def test_the_versions_of_a_record_merged_into_it_are_closed_with_its_own(reviewer, client):
    alias = published(make_publishable_monument("The same chapel", public_precision="exact"))
    monument = make_monument("Chapel", public_precision="exact")
    make_name(monument, "Chapel")
    monument = published(monument)
    merge(alias, monument, None, "The same.")
    monument = published(monument)
    revised(monument, public_precision="withheld")
    client.force_login(reviewer)
    address = reverse("admin:registry_monument_decide", args=[monument.pk, "publish"])
    asked = client.get(address)
    assert sorted((one.ref, one.version) for one in asked.context["review"].exposing) == sorted(
        [(alias.ref, 1), (monument.ref, 2)]
    )

    client.post(address, {"seen": asked.context["seen"], "close_earlier": "on", "closing_class": "safety"})

    closure = Closure.objects.pending().get()
    assert closure.subject_ref == monument.ref
    confirm_closure(closure, make_user("reviewer"))
    assert client.get(f"/monuments/{alias.ref}/v1.json").status_code == 410
    assert client.get(f"/monuments/{monument.ref}/v2.json").status_code == 410


def test_a_publication_that_hides_nothing_asks_for_no_closing(reviewer, client):
    monument = published(make_publishable_monument("Chapel"))
    revised(monument, label="Another title")
    client.force_login(reviewer)
    address = reverse("admin:registry_monument_decide", args=[monument.pk, "publish"])

    asked = client.get(address)
    client.post(address, {"seen": asked.context["seen"], "close_earlier": "on"})

    assert "close_earlier" not in asked.context["form"].fields
    assert not Closure.objects.exists()


def test_a_picture_that_is_given_to_another_record_leaves_the_one_that_showed_it_marked(client):
    first, second = make_publishable_monument("Chapel"), make_publishable_monument("Bell tower")
    item = make_media(first, label="The wrong picture")
    first, second = published(first), published(second)
    client.force_login(make_user("contributor"))
    page = reverse("admin:registry_media_change", args=[item.pk])

    sent = sent_by_browser(client.get(page)) | {"monument": [second.pk], "reason": ["It shows the tower."]}
    assert client.post(page, sent).status_code == 302

    assert Media.objects.get().monument == second
    assert {row.pk for row in Monument.objects.changed_since_published()} == {first.pk, second.pk}
    assert accord() == []


# By whatever row the source is cited


def cited_by_a_name(monument, place, region, source):
    make_name(monument, "Chapel of the springs", source=source, locator="SECRET page", as_stated="SECRET date")


def cited_by_a_location(monument, place, region, source):
    point = {
        "latitude": "39.1",
        "longitude": "46.1",
        "shown": False,
        "method": "SECRET way",
        "wording": "SECRET corner",
    }
    make_location(monument, source=source, locator="SECRET page", **point)


def cited_by_a_membership(monument, place, region, source):
    make_membership(place, region, source=source, locator="SECRET page", as_stated="SECRET date")
    make_membership(place, region, as_stated="Another date")


def cited_by_a_claim_with_its_words(monument, place, region, source):
    claim = make_status(
        monument, summary="It burnt.", quote="SECRET words", as_stated="SECRET date", reported_grade="SECRET"
    )
    make_citation(claim, source, locator="SECRET page", quote="SECRET words")


@pytest.mark.parametrize("level", ["withheld", "sealed"])
@pytest.mark.parametrize(
    "cite", [cited_by_a_name, cited_by_a_location, cited_by_a_membership, cited_by_a_claim_with_its_words]
)
def test_a_source_is_taken_out_of_every_record_whichever_row_cites_it(reviewer, client, cite, level):
    place, region = published(make_publishable_place("Valley")), published(make_publishable_place("Region"))
    monument, source = make_publishable_monument("Chapel", public_precision="exact"), make_source("SECRET survey")
    monument.locations.update(place=place)
    cite(monument, place, region, source)
    published(monument)
    published(place)
    publish([Monument.objects.get()])
    if level == "sealed":
        revised(Source.objects.get(pk=source.pk), access_level="sealed")

    found = take_down(Source.objects.get(pk=source.pk), reviewer, "safety", "Danger.", withheld_because="safety")

    assert (len(found.separable), found.changed_otherwise) == (1, [])
    for subject in (monument, place):
        for address in ("", ".json", "/v1.json", "/history/"):
            path = f"/{subject._meta.model_name}s/{subject.ref}{address or '/'}"
            assert "SECRET" not in client.get(path).content.decode()
    assert accord() == []


def test_an_outline_without_a_point_is_a_position_too(reviewer, client):
    monument = make_publishable_monument(public_precision="exact")
    outline = '{"type": "Polygon", "coordinates": [[[46.1, 39.1], [46.2, 39.1], [46.2, 39.2], [46.1, 39.1]]]}'
    monument.locations.update(latitude=None, longitude=None, footprint=outline)
    monument = published(monument)
    revised(monument, public_precision="withheld")
    assert len(accord()) == 1
    client.force_login(reviewer)

    asked = client.get(reverse("admin:registry_monument_decide", args=[monument.pk, "publish"]))

    assert [edition.version for edition in asked.context["review"].exposing] == [1]
    publish([monument])
    revised(monument, public_precision="exact")
    asked = client.get(reverse("admin:registry_monument_decide", args=[monument.pk, "publish"]))
    assert asked.context["review"].warnings == [
        "The position becomes more precise: from “Withheld” to “Exact” (its outline)."
    ]


def test_a_region_is_taken_off_without_the_records_in_it(reviewer, client):
    place, region = published(make_publishable_place("Valley")), published(make_publishable_place("Secret region"))
    make_membership(place, region)
    published(place)
    monument = make_publishable_monument("Chapel")
    monument.locations.update(place=place)
    publish([monument])
    assert "Secret region" in client.get(f"/monuments/{monument.ref}.json").content.decode()

    found = take_down(Place.objects.get(pk=region.pk), reviewer, "safety", "It endangers people.")

    assert ({row.pk for row in found.separable}, found.changed_otherwise) == ({place.pk, monument.pk}, [])
    for path in (f"/monuments/{monument.ref}.json", f"/places/{place.ref}.json", f"/monuments/{monument.ref}/history/"):
        assert "Secret region" not in client.get(path).content.decode()
    assert accord() == []
