"""The door: what makes an edition, what does not, and what is left when a publication is refused."""

import json

import pytest

from heritage.catalogue import ledger
from heritage.catalogue.models import Edition, Entry
from heritage.catalogue.publish import merge, publish, rebuild, stale_entries, withdraw
from heritage.registry import lifecycle
from heritage.registry.lifecycle import Refused
from heritage.registry.models import Name, Review
from tests.registry.make import (
    make_citation,
    make_location,
    make_monument,
    make_name,
    make_place,
    make_publishable_monument,
    make_relation,
    make_source,
    make_status,
)

pytestmark = pytest.mark.django_db


def editions_of(monument):
    return list(Edition.objects.of(monument.ref))


def record_of(monument):
    return json.loads(Edition.objects.current().get(ref=monument.ref).record)


def test_a_first_publication_is_version_one_and_indexed():
    monument = make_publishable_monument("Chapel of Saint John")

    publish([monument], reason="First publication")

    [edition] = editions_of(monument)
    assert (edition.version, edition.action, edition.reason, edition.replaced_at) == (
        1,
        "publish",
        "First publication",
        None,
    )
    entry = Entry.objects.current().get(ref=monument.ref)
    assert (entry.label, entry.kind, entry.condition, entry.latitude) == (
        "Chapel of Saint John",
        "monument",
        "destroyed",
        39.76,
    )


def test_publishing_what_has_not_changed_makes_no_edition():
    monument = make_publishable_monument()
    publish([monument])
    before = Edition.objects.count()
    monument.refresh_from_db()

    assert publish([monument]) == []
    assert Edition.objects.count() == before


def test_a_change_makes_the_next_version_and_keeps_the_first_to_the_byte():
    monument = make_publishable_monument()
    publish([monument])
    first = editions_of(monument)[0]
    make_name(monument, "Սուրբ Հովհաննես", language="hy", script="Armn")
    monument.refresh_from_db()

    publish([monument])

    old, new = editions_of(monument)
    assert (old.record, old.sha256, old.link) == (first.record, first.sha256, first.link)
    assert (new.version, old.replaced_at, new.replaced_at) == (2, new.published_at, None)
    assert [entry.version for entry in Entry.objects.current()] == [2]


def test_the_sources_and_vocabularies_a_record_rests_on_are_published_with_it():
    monument = make_monument()
    make_name(monument, "Chapel")
    source = make_source("Report of 2021")
    make_citation(make_status(monument), source)

    made = publish([monument])

    subjects = {edition.subject for edition in made}
    assert subjects == {"monument", "source", "vocabulary"}
    assert Edition.objects.get(ref=source.ref).label == "Report of 2021"


def test_an_uncited_source_is_not_published():
    unused = make_source("Never cited")

    publish([make_publishable_monument()])

    assert not Edition.objects.filter(ref=unused.ref).exists()


def test_a_claim_without_a_citation_to_a_read_source_is_left_out():
    monument = make_publishable_monument()
    make_status(monument, summary="Uncited")
    make_citation(make_status(monument, summary="Unread"), make_source(read_state="not_read"))

    publish([monument])

    assert [claim["summary"] for claim in record_of(monument)["statuses"]] == ["It was destroyed."]


def test_a_monument_without_a_name_is_refused_and_nothing_of_the_batch_is_published():
    ready, nameless = make_publishable_monument(), make_monument("No name yet")

    with pytest.raises(Refused) as refusal:
        publish([ready, nameless])

    assert refusal.value.reasons == ["“No name yet”: It has no name. A register number alone is not one."]
    assert Edition.objects.count() == 0
    ready.refresh_from_db()
    assert ready.stage == "draft"


def test_a_relation_appears_once_both_monuments_are_published():
    part, whole = make_publishable_monument("Belfry"), make_publishable_monument("Church")
    make_relation(part, whole)
    publish([part])
    assert record_of(part)["relations"] == []

    publish([whole])
    part.refresh_from_db()
    assert part.changed_at is not None
    publish([part])

    assert [row["monument"]["label"] for row in record_of(part)["relations"]] == ["Church"]
    assert [row["direction"] for row in record_of(whole)["relations"]] == ["from"]


def test_two_related_monuments_published_together_know_each_other_at_once():
    part, whole = make_publishable_monument("Belfry"), make_publishable_monument("Church")
    make_relation(part, whole)

    publish([part, whole])

    assert [len(record_of(one)["relations"]) for one in (part, whole)] == [1, 1]
    assert publish([part, whole]) == []


def test_a_draft_place_is_not_named_and_a_published_one_is():
    monument, place = make_publishable_monument(), make_place("Shusha / Shushi")
    monument.locations.all().delete()
    make_location(monument, place=place)
    make_name(place, "Շուշի", language="hy", script="Armn")
    publish([monument])
    assert record_of(monument)["locations"][0]["place"] is None

    monument.refresh_from_db()
    publish([place, monument])

    assert record_of(monument)["locations"][0]["place"]["label"] == "Shusha / Shushi"


def test_a_withdrawn_monument_leaves_a_tombstone_and_no_entry():
    monument = make_publishable_monument()
    publish([monument])

    edition = withdraw(monument, None, "rights", "A letter of 3 May named a private person.")

    assert json.loads(edition.record)["withdrawn"] == {"reason_class": "rights"}
    assert (edition.version, edition.reason, edition.reason_class) == (2, "", "rights")
    assert not Entry.objects.filter(ref=monument.ref).exists()
    assert [one.label for one in editions_of(monument)] == ["", ""]


def test_a_withdrawn_monument_that_is_reopened_goes_on_counting_and_keeps_the_tombstone_in_its_history():
    monument = make_publishable_monument("Chapel of Saint John")
    publish([monument])
    withdraw(monument, None, "rights", "A letter of 3 May.")

    lifecycle.reopen(monument, None, "The rights were cleared.")
    publish([monument], reason="Published again")

    assert [(one.version, one.action, one.label) for one in editions_of(monument)] == [
        (1, "publish", ""),
        (2, "withdraw", ""),
        (3, "publish", "Chapel of Saint John"),
    ]
    assert [one.replaced_at is None for one in editions_of(monument)] == [False, False, True]
    assert Edition.objects.current().get(ref=monument.ref).version == 3
    assert Entry.objects.get(ref=monument.ref).version == 3
    assert list(stale_entries()) == []
    assert list(ledger.faults()) == []


def test_the_checks_and_the_harm_check_of_a_first_and_of_a_later_publication_are_kept_with_the_review():
    monument = make_publishable_monument()
    publish([monument], None, "New", "No harm seen", checks=["geolocation"])
    make_name(monument, "Another name")

    publish([monument], None, "A name", "None still", checks=["geolocation", "corroboration"])

    assert [(one.rationale, one.harm_check, one.checks) for one in Review.objects.order_by("pk")] == [
        ("New", "No harm seen", ["geolocation"]),
        ("A name", "None still", ["geolocation", "corroboration"]),
    ]
    assert "No harm seen" not in "".join(Edition.objects.values_list("record", flat=True))


def test_erasing_keeps_the_hash_and_drops_the_content():
    monument = make_publishable_monument()
    [first] = [one for one in publish([monument]) if one.ref == monument.ref]

    withdraw(monument, None, "legal", "Order of a court.", erase=True)

    old = editions_of(monument)[0]
    assert (old.record, old.sha256) == ("", first.sha256)


def test_a_merged_monument_becomes_an_alias_and_its_claims_go_to_the_survivor():
    double, survivor = make_publishable_monument("Double"), make_publishable_monument("Survivor")
    publish([double, survivor])

    edition = merge(double, survivor, None, "The same chapel")

    assert json.loads(edition.record)["merged_into"] == survivor.ref
    survivor.refresh_from_db()
    publish([survivor])
    assert len(record_of(survivor)["statuses"]) == 2


def test_a_source_that_is_sealed_leaves_the_reading_room_at_the_next_publication():
    monument, source = make_publishable_monument(), make_source("Now sealed")
    make_citation(make_status(monument), source)
    publish([monument])
    source.access_level = "sealed"
    source.save()
    monument.refresh_from_db()

    publish([monument])

    current = Edition.objects.current().get(ref=source.ref)
    assert (current.action, current.label) == ("withdraw", "")
    assert "Now sealed" not in Edition.objects.current().get(ref=monument.ref).record


def test_rebuilding_gives_the_same_index_and_a_meddled_index_is_noticed():
    monuments = [make_publishable_monument() for _ in range(3)]
    publish(monuments)
    make_name(monuments[0], "Another name")
    monuments[0].refresh_from_db()
    publish([monuments[0]])
    assert list(stale_entries()) == []

    Entry.objects.current().filter(ref=monuments[1].ref).update(contested=True)
    Name.objects.all().delete()
    assert list(stale_entries()) == [f"{monuments[1].ref} version 1: its entry rows differ from its record."]

    assert rebuild() == 4
    assert list(stale_entries()) == []
