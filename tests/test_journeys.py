"""Whole journeys from the desk to the reading room: a curator and a reviewer, a withdrawal, a merger."""

import pytest
from django.core.management import call_command

from heritage.catalogue.models import Edition
from heritage.catalogue.publish import publish
from heritage.registry.models import Cemetery, Status
from tests.registry.conftest import signed_in
from tests.registry.make import make_actor, make_publishable_monument, make_source, make_term
from tests.registry.test_admin import filled_in, page, text_of

pytestmark = pytest.mark.django_db

SENTENCE = "Destroyed, between 12 April and 18 June 2021, according to Caucasus Heritage Watch."


@pytest.fixture
def author():
    return signed_in("contributor")


@pytest.fixture
def reviewer():
    return signed_in("reviewer")


def read(client, address, status=200):
    """Return what a person reads at ``address``."""
    answer = client.get(address)
    assert answer.status_code == status
    return text_of(answer)


def send(client, address, **filled):
    """Fill in the form at ``address`` and send it; return the answer, which must lead on."""
    answer = client.post(address, filled_in(client, address) | filled)
    assert answer.status_code == 302, answer.context["errors"]
    return answer


def decide(client, monument, verb, **given):
    """Open the page of a decision about ``monument`` and confirm it; return what the next page says."""
    address = page("monument", "decide", monument.pk, verb)
    answer = client.post(address, given | {"seen": client.get(address).context["seen"]})
    assert answer.status_code == 302, text_of(answer)
    return read(client, answer.headers["Location"])


def listed(client, **filters):
    return [one["ref"] for one in client.get("/monuments.json", filters).json()["monuments"]]


# The curator


def test_a_destruction_travels_from_the_desk_to_the_reading_room_and_is_corrected(author, reviewer, client):
    cemetery = add_cemetery(author)
    status = report_destruction(author, cemetery)
    assert SENTENCE in read(author, page("monument", "change", cemetery.pk))
    assert client.get(f"/monuments/{cemetery.ref}/").status_code == 404

    assert "is with the reviewers" in decide(author, cemetery, "submit")
    assert author.post(page("monument", "decide", cemetery.pk, "publish"), {}).status_code == 403
    told = decide(reviewer, cemetery, "publish", reason="Two satellite images.", harm_check="None known.")
    assert "is published as version 1" in told
    assert "Destroyed" in read(client, f"/monuments/{cemetery.ref}/")
    assert "between 12 April and 18 June 2021" in read(client, f"/monuments/{cemetery.ref}/")
    assert listed(client, condition="destroyed") == [cemetery.ref]

    send(author, page("status", "change", status.pk), changed_on="2021-06-20", reason="The image is of the 20th.")
    assert "between 12 April and 18 June 2021" in read(client, f"/monuments/{cemetery.ref}/")
    decide(reviewer, cemetery, "publish", reason="The date of an image corrected.")

    assert "between 12 April and 20 June 2021" in read(client, f"/monuments/{cemetery.ref}/")
    assert "between 12 April and 18 June 2021" in read(client, f"/monuments/{cemetery.ref}/v1/")
    told = read(client, f"/monuments/{cemetery.ref}/history/")
    assert "Reason: The date of an image corrected." in told
    assert "between 12 April and 18 June 2021 → between 12 April and 20 June 2021" in told
    journal = read(author, page("monument", "history", cemetery.pk))
    assert "The image is of the 20th." in journal
    assert_sound()


def add_cemetery(author):
    send(
        author,
        page("cemetery", "add"),
        **{
            "label": "Sghnakh cemetery",
            "types": [make_term(code="cemetery").pk],
            "names-TOTAL_FORMS": 2,
            "names-0-text": "Sghnakh cemetery",
            "names-0-language": "en",
            "names-0-script": "Latn",
            "names-0-kind": "preferred",
            "names-1-text": "Սղնախի գերեզմանատուն",
            "names-1-language": "hy",
            "names-1-script": "Armn",
            "names-1-kind": "preferred",
            "locations-TOTAL_FORMS": 1,
            "locations-0-latitude": "39.70",
            "locations-0-longitude": "46.80",
            "locations-0-shown": "on",
        },
    )
    return Cemetery.objects.get()


def report_destruction(author, cemetery):
    """Report it with the two anchors, each with a source of its own."""
    before, after = make_source("Satellite image of April"), make_source("Satellite image of June")
    send(
        author,
        f"{page('status', 'add')}?monument={cemetery.pk}",
        monument=cemetery.pk,
        claimant=make_actor().pk,
        summary="The cemetery was razed.",
        mode="event",
        aspect="condition",
        value="destroyed",
        effects=[make_term("effect", "destruction").pk],
        unchanged_on="2021-04-12",
        unchanged_source=before.pk,
        changed_on="2021-06-18",
        changed_source=after.pk,
    )
    return Status.objects.get()


def test_a_reviewer_does_not_publish_what_they_wrote_last(reviewer, client):
    cemetery = add_cemetery(reviewer)
    decide(reviewer, cemetery, "submit")

    address = page("monument", "decide", cemetery.pk, "publish")
    answer = reviewer.post(address, {"reason": "Mine.", "seen": reviewer.get(address).context["seen"]})

    assert answer.status_code == 200
    assert len(answer.context["form"].non_field_errors()) == 1
    assert "last" in answer.context["form"].non_field_errors()[0]
    assert client.get(f"/monuments/{cemetery.ref}/").status_code == 404
    assert not Edition.objects.exists()


# Withdrawal and merger


def test_a_withdrawn_record_answers_gone_and_the_ledger_keeps_its_hash(reviewer, client):
    monument, other = make_publishable_monument("Chapel of Saint John"), make_publishable_monument()
    publish([monument, other])
    edition = Edition.objects.get(ref=monument.ref)

    decide(reviewer, monument, "withdraw", reason_class="error", reason="Entered twice by mistake.")

    for address in (
        f"/monuments/{monument.ref}/",
        f"/monuments/{monument.ref}/history/",
        f"/monuments/{monument.ref}/v1/",
    ):
        assert "Withdrawn" in read(client, address, 410)
    assert client.get(f"/monuments/{monument.ref}.json").json()["error"]["fields"] == {"reason_class": ["error"]}
    assert listed(client) == [other.ref]
    assert "Chapel of Saint John" not in read(client, "/monuments/")
    assert "Entered twice by mistake." not in read(client, "/changes/")
    assert edition.sha256 in b"".join(client.get("/ledger.jsonl").streaming_content).decode()
    assert_sound()


def test_a_merged_record_leads_to_the_one_that_stands_with_its_names_and_claims(reviewer, client):
    twin, standing = make_publishable_monument("Saint John"), make_publishable_monument("Surb Hovhannes")
    publish([twin, standing])

    decide(reviewer, twin, "merge", into=standing.pk, reason="One building under two names.")

    answer = client.get(f"/monuments/{twin.ref}/")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/monuments/{standing.ref}/")
    assert client.get(f"/monuments/{twin.ref}.json").headers["Location"] == f"/monuments/{standing.ref}.json"
    assert listed(client) == [standing.ref]
    decide(signed_in("reviewer"), standing, "publish", reason="With the names of its twin.")
    record = client.get(f"/monuments/{standing.ref}.json").json()
    assert {name["text"] for name in record["names"]} == {"Saint John", "Surb Hovhannes"}
    assert len(record["statuses"]) == 2
    assert_sound()


def assert_sound():
    call_command("verify_ledger")
    call_command("audit")
    call_command("rebuild_catalogue", check=True)
