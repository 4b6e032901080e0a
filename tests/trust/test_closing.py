"""Versions that were public once and may be read no longer: closed by two people, for readers, lists, feeds and deposits."""

import json
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from heritage.catalogue import audit, ledger
from heritage.catalogue.carriers import carriers
from heritage.catalogue.closing import close_carriers, confirm_closure, decline_closure, request_closure
from heritage.catalogue.models import Closure, Edition, Entry, Word
from heritage.catalogue.publish import merge, publish, rebuild, stale_entries, withdraw
from heritage.registry import lifecycle
from heritage.registry.models import Journal
from heritage.registry.steps import now
from tests.archive.shelf import seal_for
from tests.registry.make import (
    make_citation,
    make_name,
    make_publishable_monument,
    make_publishable_place,
    make_relation,
    make_source,
    make_status,
    make_user,
)

pytestmark = pytest.mark.django_db

MARK = "Zaphodmark"


def change(subject):
    subject.refresh_from_db()
    return publish([subject], reason=f"Without {MARK}.")


def make_marked(source=None):
    """Publish a monument whose first version shows a mark in a name, a claim and a source, and whose second does not."""
    source = source or make_source(f"Testimony {MARK}", url=f"https://example.org/{MARK}")
    monument = make_publishable_monument("Chapel of Saint John")
    name = make_name(monument, f"Chapel {MARK}")
    claim = make_status(monument, edtf="2019-05", summary=f"It was seen by {MARK}.")
    make_citation(claim, source, locator=f"p. {MARK}")
    publish([monument], reason=f"First, with {MARK}.")
    name.delete()
    claim.delete()
    change(monument)
    return monument, source


def versions_of(ref, *numbers):
    return Edition.objects.of(ref).filter(version__in=numbers)


def two_reviewers():
    return make_user("reviewer"), make_user("reviewer")


def close(editions, reason_class="safety", erase=False, **more):
    asks, confirms = two_reviewers()
    closure = request_closure(editions, asks, reason_class, "A letter of 3 May.", **more)
    return confirm_closure(closure, confirms, erase)


def faults():
    return [*audit.faults(), *stale_entries()]


def pages(client, ref):
    found = [f"/monuments/{ref}/v1/", f"/monuments/{ref}/v1.json", f"/monuments/{ref}/history/"]
    found += [
        "/",
        "/changes/",
        "/changes.atom",
        "/ledger/",
        "/ledger.jsonl",
        "/sources/",
        f"/suggest.json?q={MARK[:7]}",
    ]
    found += [f"/monuments.json?on={now().date()}", f"/monuments/?on={now().date()}", "/timeline.json?mode=observation"]
    return {address: client.get(address) for address in found}


def shows(answers):
    return sorted(address for address, answer in answers.items() if MARK in answer.getvalue().decode())


# What readers get


def test_a_closed_version_answers_410_with_the_class_of_the_reason_in_every_format(client):
    monument, _source = make_marked()
    assert client.get(f"/monuments/{monument.ref}/v1.json").status_code == 200
    close(versions_of(monument.ref, 1))

    page, data = (client.get(f"/monuments/{monument.ref}/{tail}") for tail in ("v1/", "v1.json"))
    assert (page.status_code, data.status_code) == (410, 410)
    assert "Class of the reason: Safety." in page.content.decode()
    assert data.json()["error"]["fields"] == {"reason_class": ["safety"]}
    assert client.get(f"/monuments/{monument.ref}/").status_code == 200
    assert client.get(f"/monuments/{monument.ref}/v2/").status_code == 200


def test_the_history_lists_a_closed_version_and_shows_nothing_of_it(client):
    monument, _source = make_marked()
    make_name(monument, "Johanneskapelle", language="de")
    monument.refresh_from_db()
    publish([monument])
    assert MARK in client.get(f"/monuments/{monument.ref}/history/").content.decode()
    close(versions_of(monument.ref, 1))
    Edition.objects.filter(version=2).update(reason="")
    page = client.get(f"/monuments/{monument.ref}/history/").content.decode()

    assert MARK not in page
    assert "This version was closed and can no longer be read. Class of the reason: Safety." in page
    assert "What changed is not shown, since the version before this one is closed." in page
    assert f'href="/monuments/{monument.ref}/v1' not in page
    assert "Johanneskapelle" in page


def test_nothing_of_a_closed_version_is_on_any_page_of_many_versions(client):
    source = make_source(f"Testimony {MARK}")
    monument, _source = make_marked(source)
    assert shows(pages(client, monument.ref)) != []
    source.access_level = "sealed"
    source.save()
    make_name(monument, "Without it")
    monument.refresh_from_db()
    publish([monument])
    close(Edition.objects.filter(pk__in=[one.pk for one in carriers(source.ref).all]))
    close(versions_of(monument.ref, 2))

    assert shows(pages(client, monument.ref)) == []
    assert not Word.objects.filter(word__contains="zaphod").exists()
    seal_for(("first keeper", "second keeper"))
    assert faults() == []


def test_a_reader_who_has_the_page_already_is_told_that_the_version_is_closed(client):
    monument, _source = make_marked()
    address = f"/monuments/{monument.ref}/v1/"
    tag, history = client.get(address)["ETag"], client.get(f"/monuments/{monument.ref}/history/")["ETag"]
    changes = client.get("/changes/")["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    close(versions_of(monument.ref, 1))

    assert client.get(address, headers={"If-None-Match": tag}).status_code == 410
    told = client.get(f"/monuments/{monument.ref}/history/", headers={"If-None-Match": history})
    assert told.status_code == 200
    assert client.get("/changes/", headers={"If-None-Match": changes}).status_code == 200


def test_past_days_know_nothing_of_a_closed_version_and_a_rebuilt_index_neither():
    monument, _source = make_marked()
    first, second = Edition.objects.of(monument.ref)
    assert set(Entry.objects.values_list("pk", flat=True)) == {first.pk, second.pk}
    close(versions_of(monument.ref, 1))

    assert list(Entry.objects.values_list("pk", flat=True)) == [second.pk]
    assert faults() == []
    rebuild()
    assert list(Entry.objects.values_list("pk", flat=True)) == [second.pk]


@pytest.mark.parametrize("erase", [False, True])
def test_the_ledger_stays_whole_and_only_erasing_empties_the_record(erase):
    monument, _source = make_marked()
    before = list(Edition.objects.values_list("position", "ref", "version", "sha256", "link", "published_at"))
    close(versions_of(monument.ref, 1), erase=erase)

    assert list(Edition.objects.values_list("position", "ref", "version", "sha256", "link", "published_at")) == before
    assert (Edition.objects.of(monument.ref).first().record == "") == erase
    assert list(ledger.faults()) == []
    assert faults() == []


def test_a_place_is_closed_as_a_monument_is(client):
    place = make_publishable_place(f"Village {MARK}")
    publish([place], reason=f"About {MARK}.")
    name = place.names.get()
    name.text = place.label = "Village"
    name.save()
    place.save()
    place.refresh_from_db()
    publish([place])
    close(versions_of(place.ref, 1))

    assert shows({address: client.get(address) for address in ("/changes/", f"/places/{place.ref}/", "/places/")}) == []
    assert faults() == []


# Withdrawn and merged


@pytest.mark.parametrize("erase", [False, True])
def test_versions_of_merged_records_are_closed_with_the_record_they_led_to_through_chains(client, erase):
    first, _source = make_marked()
    second, third = make_publishable_monument("Second"), make_publishable_monument("Third")
    publish([second, third])
    merge(first, second, None, "The same.")
    second.refresh_from_db()
    merge(second, third, None, "The same again.")
    assert client.get(f"/monuments/{first.ref}/v1.json").status_code == 200
    third.refresh_from_db()
    withdraw(third, None, "safety", "A letter.", erase=erase)

    for monument in (first, second):
        assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 410
        assert client.get(f"/monuments/{monument.ref}/v1.json").json()["error"]["fields"] == {
            "reason_class": ["safety"]
        }
    answers = pages(client, first.ref)
    answers.pop("/sources/"), answers.pop("/changes/"), answers.pop("/")
    assert shows(answers) == []
    assert not Edition.objects.monuments().filter(label__contains="Chapel").exists()
    assert not Edition.objects.monuments().filter(reason__contains=MARK).exists()
    assert (Edition.objects.of(first.ref).first().record == "") == erase
    assert faults() == []


def test_a_merged_record_is_closed_by_itself(client):
    first, _source = make_marked()
    second = make_publishable_monument("Second")
    publish([second])
    merge(first, second, None, "The same.")
    close(carriers(first.ref).own)

    assert client.get(f"/monuments/{first.ref}/v1.json").status_code == 410
    assert client.get(f"/monuments/{first.ref}/v2/").status_code == 410
    assert client.get(f"/monuments/{first.ref}/").status_code == 301
    assert client.get(f"/monuments/{second.ref}/").status_code == 200
    assert faults() == []


def test_the_public_reasons_of_a_withdrawn_record_are_emptied_and_stay_in_the_journal(client):
    monument, _source = make_marked()
    withdraw(monument, None, "rights", "A letter.")

    assert MARK not in client.get("/changes.atom").content.decode()
    assert f"Without {MARK}." not in client.get("/changes/").content.decode()
    assert f"First, with {MARK}." in Journal.objects.about(monument.ref).values_list("reason", flat=True)


@pytest.mark.parametrize(("size", "kept"), [(2, False), (21, True)])
def test_a_public_reason_goes_wherever_it_was_given_unless_it_was_given_to_very_many_at_once(client, size, kept):
    monuments = [make_publishable_monument(f"Chapel {number}") for number in range(size)]
    publish(monuments, reason=f"All from the list of {MARK}.")
    withdraw(monuments[0], None, "rights", "A letter.")

    assert not Edition.objects.of(monuments[0].ref).exclude(reason="").exists()
    assert (MARK in client.get(f"/monuments/{monuments[1].ref}/history/").content.decode()) == kept


def test_what_a_source_said_before_it_was_sealed_or_withheld_is_closed_by_publishing_again(client):
    sealed, withheld = make_source(f"Sealed {MARK}"), make_source(f"Withheld {MARK}")
    monument = make_publishable_monument()
    for source in (sealed, withheld):
        make_citation(monument.claims.get().status, source)
    publish([monument])
    sealed.access_level, withheld.access_level, withheld.withheld_because = "sealed", "withheld", "site_protection"
    sealed.save(), withheld.save()
    change(monument)

    assert list(versions_of(sealed.ref, 1).values_list("closed_because", "label")) == [("rights", "")]
    assert list(versions_of(withheld.ref, 1).values_list("closed_because", "label")) == [("safety", "")]
    Edition.objects.filter(ref=monument.ref).update(reason="")
    assert f"Sealed {MARK}" not in client.get("/changes/").content.decode()
    assert f"Withheld {MARK}" not in client.get("/changes/").content.decode()


# Two people


def test_a_request_changes_nothing_for_readers_until_another_reviewer_confirms(client):
    monument, _source = make_marked()
    asks, confirms = two_reviewers()
    closure = request_closure(versions_of(monument.ref, 1), asks, "safety", "A letter.")
    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 200
    with pytest.raises(lifecycle.Refused, match="You asked for this yourself"):
        confirm_closure(closure, asks)
    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 200
    confirm_closure(closure, confirms)

    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 410
    with pytest.raises(lifecycle.Refused, match="It is decided already: confirmed"):
        decline_closure(closure, confirms, "Too late.")


@pytest.mark.parametrize("needed", [0, 1])
def test_a_second_person_is_needed_whatever_the_number_of_reviewers(settings, needed):
    settings.REVIEWERS_NEEDED = needed
    monument, _source = make_marked()
    reviewer = make_user("reviewer")
    closure = request_closure(versions_of(monument.ref, 1), reviewer, "safety", "A letter.")

    for by, why in [(reviewer, "You asked"), (None, "two people"), (make_user("contributor"), "Only a reviewer")]:
        with pytest.raises(lifecycle.Refused, match=why):
            confirm_closure(closure, by)
    assert not Edition.objects.closed().exists()


def test_an_account_that_is_gone_and_made_again_is_the_same_person():
    monument, _source = make_marked()
    closure = request_closure(
        versions_of(monument.ref, 1), make_user("reviewer", username="anna"), "safety", "A letter."
    )
    closure.requested_by.delete()

    with pytest.raises(lifecycle.Refused, match="You asked for this yourself"):
        confirm_closure(closure, make_user("reviewer", username="anna"))


def test_an_urgent_closing_is_in_force_at_once_and_a_second_reviewer_lifts_it_whole(client):
    monument, _source = make_marked()
    before = list(Edition.objects.values())
    asks, lifts = two_reviewers()
    closure = request_closure(versions_of(monument.ref, 1), asks, "safety", "A letter.", urgent=True)
    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 410
    assert faults() == []
    with pytest.raises(lifecycle.Refused, match="You asked for this yourself"):
        decline_closure(closure, asks, "A mistake.")
    decline_closure(closure, lifts, "A mistake.")

    assert list(Edition.objects.values()) == before
    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 200
    assert faults() == []


def test_an_urgent_closing_that_is_confirmed_stays_and_keeps_no_reason():
    monument, _source = make_marked()
    asks, confirms = two_reviewers()
    closure = request_closure(versions_of(monument.ref, 1), asks, "safety", "A letter.", urgent=True)
    assert closure.kept[monument.ref] == {"1": f"First, with {MARK}."}
    closure = confirm_closure(closure, confirms)

    assert (closure.kept, closure.decision, closure.decided_by) == ({}, "confirmed", confirms)
    assert versions_of(monument.ref, 1).get().closed_because == "safety"


def test_lifting_opens_nothing_that_was_closed_otherwise_meanwhile(client):
    monument, _source = make_marked()
    asks, other = two_reviewers()
    urgent = request_closure(versions_of(monument.ref, 1), asks, "safety", "A letter.", urgent=True)
    withdraw(monument, None, "rights", "Another letter.")
    decline_closure(urgent, other, "A mistake.")

    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 410
    assert faults() == []


def test_of_two_urgent_closings_of_one_version_the_later_one_keeps_it_closed(client):
    monument, _source = make_marked()
    asks, other = two_reviewers()
    first = request_closure(versions_of(monument.ref, 1), asks, "safety", "One.", urgent=True)
    second = request_closure(versions_of(monument.ref, 1), asks, "safety", "Two.", urgent=True)
    decline_closure(first, other, "A mistake.")
    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 410
    decline_closure(second, other, "A mistake as well.")

    assert client.get(f"/monuments/{monument.ref}/v1/").status_code == 200
    assert versions_of(monument.ref, 1).get().reason == f"First, with {MARK}."


def test_whoever_asked_may_take_a_request_back():
    monument, _source = make_marked()
    reviewer = make_user("reviewer")
    closure = request_closure(versions_of(monument.ref, 1), reviewer, "safety", "A letter.")
    decline_closure(closure, reviewer, "A mistake.")

    assert not Edition.objects.closed().exists()
    assert Closure.objects.get().decision == "declined"


def test_the_current_version_a_tombstone_and_nothing_at_all_are_not_closed():
    monument, _source = make_marked()
    reviewer = make_user("reviewer")
    for editions, why in [
        (versions_of(monument.ref, 1, 2), "Version 2 of .* is the current one. Publish the record again"),
        (Edition.objects.none(), "Choose at least one version"),
    ]:
        with pytest.raises(lifecycle.Refused, match=why):
            request_closure(editions, reviewer, "safety", "A letter.")
    withdraw(monument, None, "rights", "A letter.")
    with pytest.raises(lifecycle.Refused, match="holds nothing that could be closed"):
        request_closure(versions_of(monument.ref, 3), reviewer, "safety", "A letter.")
    assert not Closure.objects.exists()


def test_a_withdrawn_record_can_be_erased_later():
    monument, _source = make_marked()
    withdraw(monument, None, "rights", "A letter.")
    close(carriers(monument.ref).own, erase=True)

    assert list(Edition.objects.of(monument.ref).values_list("record", "closed_because"))[:2] == [("", "rights")] * 2
    assert carriers(monument.ref).all == []
    assert faults() == []


def test_every_step_is_in_the_journal_of_every_record_it_concerns():
    monument, source = make_marked()
    asks, confirms = two_reviewers()
    closure = request_closure(versions_of(monument.ref, 1), asks, "safety", "A letter.", about=("source", source.ref))
    confirm_closure(closure, confirms, erase=True)

    for ref in (monument.ref, source.ref):
        found = (
            Journal.objects.about(ref)
            .filter(verb__contains="close")
            .order_by("pk")
            .values_list("verb", "who", "reason")
        )
        assert list(found) == [
            ("ask_to_close", asks.username, "A letter."),
            ("close_and_erase", confirms.username, ""),
        ]


def test_meddling_with_what_is_closed_is_noticed_by_the_audit():
    monument, _source = make_marked()
    withdraw(monument, None, "rights", "A letter.")
    Edition.objects.filter(ref=monument.ref, version=1).update(closed_because="")
    Edition.objects.filter(ref=monument.ref, version=2).update(label="Chapel")
    Edition.objects.filter(ref=monument.ref, version=3).update(closed_because="rights")

    assert [
        sentence.removeprefix(monument.ref) for name, sentence in audit.faults() if name in ("closing", "ledger")
    ] == [
        " version 3: it is closed though it is the current one.",
        f" version 1: it is open though {monument.ref} version 3 took it back.",
        " version 2: it is closed and still has its title or reason.",
    ]


# What carries it


def test_everything_that_carries_a_source_is_found_and_what_readers_see_now_is_told_apart():
    source = make_source("Testimony")
    place = make_publishable_place()
    name = place.names.get()
    name.source = source
    name.save()
    publish([place])
    monument, _source = make_marked(source)
    other, _source = make_marked(source)
    name.source = None
    name.save()
    change(place)
    make_citation(other.claims.get().status, source)
    change(other)

    carrying = carriers(source.ref)
    assert {(one.ref, one.version) for one in carrying.others} == {(place.ref, 1), (monument.ref, 1), (other.ref, 1)}
    assert {(one.ref, one.version) for one in carrying.current} == {(other.ref, 3), (source.ref, 1)}


def test_versions_of_merged_records_and_records_that_name_it_carry_a_monument():
    first, _source = make_marked()
    second, third = make_publishable_monument("Second"), make_publishable_monument("Third")
    relation = make_relation(third, second)
    publish([second, third])
    relation.delete()
    change(third)
    merge(first, second, None, "The same.")

    carrying = carriers(second.ref)
    assert {(one.ref, one.version) for one in carrying.own} == {(first.ref, 1), (first.ref, 2)}
    assert (third.ref, 1) in {(one.ref, one.version) for one in carrying.others}


def test_all_past_versions_that_carry_a_source_are_closed_at_once_and_wait_for_a_second_person():
    monument, source = make_marked()
    other, _source = make_marked(source)
    reviewer = make_user("reviewer")
    [closure] = close_carriers(source.ref, reviewer, "safety", "A letter.", about=("source", source.ref))

    assert closure.versions == {monument.ref: [1], other.ref: [1]}
    assert set(Edition.objects.closed().values_list("ref", "version")) == {(monument.ref, 1), (other.ref, 1)}
    assert list(Closure.objects.pending()) == [closure]
    assert close_carriers(source.ref, reviewer, "safety", "A letter.") == []


# The command


def command(*arguments):
    said = StringIO()
    call_command("close_versions", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_closes_with_two_people_and_tells_what_is_left():
    monument, source = make_marked()
    asks, confirms = two_reviewers()
    people = ["--by", asks.username, "--confirmed-by", confirms.username]
    why = ["--reason-class", "safety", "--reason", "A letter."]
    said = command(source.ref, *why, *people)

    assert f"monument {monument.ref} version 1 is closed." in said
    assert f"source {source.ref} version 1 is what readers see now." in said
    assert versions_of(monument.ref, 1).get().closed_because == "safety"
    with pytest.raises(CommandError, match="There is no earlier version"):
        command(monument.ref, "--before", "1", *why, *people)
    assert "version 1 is closed" in command(monument.ref, "--only", "1", "--erase", *why, *people)
    assert versions_of(monument.ref, 1).get().record == ""


def test_the_command_refuses_one_person_alone():
    monument, _source = make_marked()
    asks, _confirms = two_reviewers()
    people = ["--by", asks.username, "--confirmed-by", asks.username]

    with pytest.raises(CommandError, match="You asked for this yourself"):
        command(monument.ref, "--reason-class", "safety", "--reason", "A letter.", *people)
    assert not Edition.objects.closed().exists()
    assert not Closure.objects.exists()


def test_a_version_as_json_is_still_its_hashed_bytes_until_it_is_closed(client):
    monument, _source = make_marked()
    edition = versions_of(monument.ref, 1).get()

    assert client.get(f"/monuments/{monument.ref}/v1.json").content.decode() == edition.record
    assert json.loads(edition.record)["version"] == 1


def test_versions_that_were_taken_back_before_closing_was_known_are_closed_by_the_migration():
    first, source = make_marked()
    second = make_publishable_monument("Second")
    publish([second])
    merge(first, second, None, "The same.")
    second.refresh_from_db()
    withdraw(second, None, "safety", "A letter.")
    source.access_level, source.withheld_because = "withheld", "legal"
    source.save()
    third = make_publishable_monument("Third")
    make_citation(third.claims.get().status, source)
    publish([third])
    known = dict(Edition.objects.closed().values_list("link", "closed_because"))
    assert len(known) == 4
    Edition.objects.update(closed_because="", reason="A reason.")
    migration = import_module("heritage.catalogue.migrations.0012_close_what_was_taken_back")
    migration.close_what_was_taken_back(apps, None)

    assert dict(Edition.objects.closed().values_list("link", "closed_because")) == known
    assert not Edition.objects.closed().exclude(label="", reason="").exists()
    assert list(stale_entries()) == []
