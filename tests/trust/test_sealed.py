"""Sealed rows at the desk: custodians, and what pages do with rows that others keep."""

import io
from functools import partial

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.db.models import ProtectedError
from django.urls import reverse

from heritage.catalogue import audit
from heritage.intake.planning import begin, plan
from heritage.registry import lifecycle
from heritage.registry.custodians import ask_to_lower, custodians_of, decline, lower, name_custodians
from heritage.registry.models import Citation, Custodian, Journal, Monument, Name, Source
from heritage.registry.steps import Refused
from tests.intake.lists import listed, mapping, row
from tests.registry.conftest import administrator, contributor, signed_in
from tests.registry.make import (
    make_actor,
    make_attribution,
    make_citation,
    make_count,
    make_location,
    make_media,
    make_monument,
    make_name,
    make_place,
    make_protection,
    make_relation,
    make_source,
    make_status,
    make_term,
    make_user,
)
from tests.registry.test_admin import filled_in, page, text_of
from tests.stock import install_vocabularies

pytestmark = pytest.mark.django_db
__all__ = ["administrator", "contributor"]
#: Every table of the desk that has a journal, with how a row of it is made.
DESK = {
    "monument": make_monument,
    "cemetery": partial(make_monument, kind="cemetery"),
    "site": partial(make_monument, kind="site"),
    "collection": partial(make_monument, kind="collection"),
    "place": make_place,
    "source": make_source,
    "media": make_media,
    "actor": make_actor,
    "term": make_term,
    "status": make_status,
    "attribution": make_attribution,
    "protection": make_protection,
    "count": make_count,
}


@pytest.fixture
def keepers(db):
    """Two custodians, each signed in."""
    return signed_in("administrator"), signed_in("reviewer")


def sealed(row, keepers):
    row.access_level = "sealed"
    row.save(update_fields=["access_level"])
    name_custodians(row, [one.user for one in keepers], None)
    return row


def refusal(act, *args):
    with pytest.raises(Refused) as refused:
        act(*args)
    return refused.value.reasons


# Who may look at all


@pytest.mark.parametrize("model", DESK)
def test_a_journal_page_is_closed_to_an_account_without_permission(model):
    made = DESK[model]()

    assert signed_in(None).get(page(model, "history", made.pk)).status_code == 403
    assert signed_in("contributor").get(page(model, "history", made.pk)).status_code == 200


def test_the_sentence_of_a_claim_is_told_only_to_who_may_write_one(contributor):
    address = reverse("admin:registry_status_sentence")

    assert signed_in(None).post(address, {"mode": "event"}).status_code == 403
    assert contributor.post(address, {"mode": "event"}).status_code == 200


def test_the_front_page_lists_no_drafts_to_an_account_that_may_not_view_records():
    client = signed_in(None)
    make_monument("Draft of a former curator", edited_by=client.user)

    assert "Draft of a former curator" not in text_of(client.get("/admin/"))


# What is as if it did not exist


def test_a_sealed_record_answers_like_one_that_does_not_exist(administrator, keepers):
    monument = sealed(make_monument(), keepers)
    told = []
    for key in (monument.pk, 999_999):
        answer = administrator.get(page("monument", "change", key), follow=True)
        told.append(text_of(answer).replace(f"“{key}”", "“KEY”"))

    assert told[0] == told[1]
    assert keepers[0].get(page("monument", "change", monument.pk)).status_code == 200


def test_the_original_of_a_sealed_picture_is_sent_to_its_custodians_alone(administrator, keepers, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "held.jpg").write_bytes(b"original")
    item = sealed(make_media(held=True, file="held.jpg", sha256="0" * 64), keepers)
    address = reverse("admin:registry_media_file", args=[item.pk])

    assert administrator.get(address).status_code == 404
    assert b"".join(keepers[0].get(address).streaming_content) == b"original"


def test_what_belongs_to_a_sealed_record_is_as_sealed_as_it_is(administrator, keepers):
    monument = make_monument()
    claim, item, name = make_status(monument), make_media(monument), make_name(monument)
    merged = make_monument(stage="withdrawn", merged_into=monument)
    twice = make_monument(stage="withdrawn", merged_into=merged)
    sealed(monument, keepers)

    for one in (claim, item, name, merged, twice):
        assert (one.is_visible_to(administrator.user), one.is_visible_to(keepers[1].user)) == (False, True)
        assert one not in type(one)._default_manager.visible_to(administrator.user)


def test_a_sealed_row_cannot_be_chosen_and_the_message_is_that_of_a_row_that_is_not_there(contributor, keepers):
    source = sealed(make_source("Hidden report"), keepers)
    status = make_status()
    make_citation(status)
    address = page("status", "change", status.pk)
    told = []
    for key in (source.pk, 999_999):
        form = filled_in(contributor, address) | {"citations-0-source": key}
        told.append(contributor.post(address, form).context["inline_admin_formsets"][0].formset.errors)

    assert (
        told[0] == told[1] == [{"source": ["Select a valid choice. That choice is not one of the available choices."]}]
    )


def test_a_list_narrowed_by_a_sealed_source_is_empty(contributor, keepers):
    source = make_source()
    make_media(label="Rests on it", source=source)
    address = f"{page('media', 'changelist')}?source={source.pk}"
    assert "Rests on it" in text_of(contributor.get(address))
    sealed(source, keepers)

    assert "Rests on it" not in text_of(contributor.get(address))
    assert "Rests on it" in text_of(contributor.get(page("media", "changelist")))


def test_the_sentence_names_no_sealed_source(contributor, keepers):
    source = sealed(make_source("Hidden report"), keepers)
    given = {
        "mode": "event", "aspect": "condition", "value": "destroyed", "date": "2020", "summary": "x", "scope": "whole",
        "changed_on": "2021-06-18", "changed_source": source.pk, "claimant": make_actor().pk,
    }  # fmt: skip

    assert "Hidden report" not in contributor.post(reverse("admin:registry_status_sentence"), given).content.decode()


# Rows that lead to what is sealed


def test_saving_a_claim_keeps_the_citations_that_its_editor_may_not_see(contributor, keepers):
    source = make_source("Hidden report", qualifier="on", lo=20210701, hi=20210701, edtf="2021-07-01")
    status = make_status()
    anchor = make_citation(status, source, role="first_changed", anchored_on=20210618, locator="hidden page")
    other = make_citation(status, source, locator="hidden page 2", quote="hidden words")
    relayed = make_citation(status, reported_from=source, directness="relayed")
    sealed(source, keepers)
    before = list(Citation.objects.order_by("pk").values())
    address = page("status", "change", status.pk)

    shown = text_of(contributor.get(address))
    assert "hidden" not in shown.lower()
    assert "It also cites 2 sources that are sealed." in shown
    form = filled_in(contributor, address)
    assert "hidden" not in str(form).lower()
    form |= {"summary": "It was levelled.", "changed_source": "", "citations-0-reported_from": ""}
    assert contributor.post(address, form).status_code == 302

    status.refresh_from_db()
    assert status.summary == "It was levelled."
    assert list(Citation.objects.order_by("pk").values()) == before
    assert {anchor.pk, other.pk, relayed.pk} == {one["id"] for one in before}


def test_saving_a_record_keeps_the_sealed_sources_places_and_relations_of_its_rows(contributor, keepers):
    source, place = make_source("Hidden report"), make_place("Hidden village", latitude="10", longitude="20")
    monument = make_monument()
    make_name(monument, source=source, locator="hidden page")
    make_location(monument, place=place, source=source, locator="hidden page", latitude="20", longitude="10")
    make_relation(monument, sealed(make_monument("Hidden chapel"), keepers))
    sealed(source, keepers)
    sealed(place, keepers)
    tables = [monument.names, monument.locations, monument.relations]
    before = [list(table.values()) for table in tables]
    address = page("monument", "change", monument.pk)

    assert "idden" not in text_of(contributor.get(address))
    form = filled_in(contributor, address)
    assert "idden" not in str(form)
    form |= {"label": "Another title", "names-0-source": "", "names-0-locator": "typed", "locations-0-place": ""}
    answer = contributor.post(address, form)

    assert "idden" not in text_of(answer)
    assert answer.status_code == 200  # the position looks exchanged, which is told without the name of the place
    answer = contributor.post(address, form | {"locations-0-latitude": "10", "locations-0-longitude": "20"})
    assert answer.status_code == 302
    before[1][0] |= {"latitude": 10, "longitude": 20}
    assert [list(table.values()) for table in tables] == before
    assert Monument.objects.get(pk=monument.pk).label == "Another title"


def test_a_custodian_changes_the_source_of_a_name(keepers):
    source, other = make_source("Hidden report"), make_source()
    monument = make_monument()
    make_name(monument, source=source, locator="12")
    sealed(source, keepers)
    address = page("monument", "change", monument.pk)

    form = filled_in(keepers[0], address)
    assert form["names-0-source"] == source.pk
    assert keepers[0].post(address, form | {"names-0-source": other.pk}).status_code == 302
    assert Name.objects.get().source == other


def test_the_page_on_which_something_is_deleted_names_nothing_sealed(administrator, keepers):
    actor = make_actor("Institute")
    claim = make_status(claimant=actor, summary="Hidden claim")
    sealed(claim, keepers)
    draft = make_monument()
    make_relation(sealed(make_monument("Hidden chapel"), keepers), draft)

    for model, one in (("actor", actor), ("monument", draft)):
        shown = text_of(administrator.get(page(model, "delete", one.pk)))
        assert "idden" not in shown
        assert "Something that is sealed and kept by others." in shown
        administrator.post(page(model, "delete", one.pk), {"post": "yes"})
        assert type(one).objects.filter(pk=one.pk).exists()


def test_djangos_log_keeps_no_titles_of_the_desk(contributor):
    source = make_source("A title")
    address = page("source", "change", source.pk)
    contributor.post(address, filled_in(contributor, address) | {"title": "Another"})

    assert Source.objects.get().title == "Another"
    assert LogEntry.objects.count() == 0


# Sealing, naming custodians, lowering


def test_whoever_seals_names_two_active_custodians(contributor, keepers):
    source = make_source()
    address = page("source", "change", source.pk)
    form = filled_in(contributor, address) | {"access_level": "sealed"}
    gone = make_user("reviewer", is_active=False)

    for chosen in ([], [keepers[0].user.pk], [keepers[0].user.pk, gone.pk]):
        answer = contributor.post(address, form | {"custodians": chosen})
        assert answer.status_code == 200
        assert "custodians" in answer.context["adminform"].form.errors
    assert Source.objects.get().access_level == "public"

    chosen = sorted(one.user.pk for one in keepers)
    assert contributor.post(address, form | {"custodians": chosen, "reason": "Safety"}).status_code == 302
    assert Source.objects.get().access_level == "sealed"
    assert sorted(Custodian.objects.values_list("user", flat=True)) == chosen
    assert not Source.objects.get().is_visible_to(contributor.user)
    entry = Journal.objects.get(verb="custodians")
    assert (entry.who, entry.reason, entry.before) == (contributor.user.username, "Safety", {"custodians": []})
    assert entry.after == {"custodians": sorted(one.user.username for one in keepers)}


def test_custodians_are_replaced_by_custodians_and_are_never_fewer_than_two(keepers):
    source, third = sealed(make_source(), keepers), signed_in("contributor")
    address = page("source", "change", source.pk)
    form = filled_in(keepers[0], address)

    assert keepers[0].post(address, form | {"custodians": [keepers[0].user.pk]}).status_code == 200
    assert refusal(name_custodians, source, [keepers[0].user], keepers[0].user) == [
        "What is sealed has at least two custodians, each an active account of the desk. Choose two or more."
    ]
    outsider = make_user("administrator")
    assert refusal(name_custodians, source, [outsider, third.user], outsider) == ["Only a custodian may name others."]
    assert keepers[0].post(address, form | {"custodians": [keepers[0].user.pk, third.user.pk]}).status_code == 302
    assert {one.user for one in custodians_of(source)} == {keepers[0].user, third.user}
    assert third.get(address).status_code == 200


def test_the_form_of_a_sealed_row_does_not_lower_it(keepers):
    source = sealed(make_source(), keepers)
    address = page("source", "change", source.pk)
    form = filled_in(keepers[0], address) | {"access_level": "public", "title": "New title"}

    assert keepers[0].post(address, form).status_code == 302
    source.refresh_from_db()
    assert (source.title, source.access_level) == ("New title", "sealed")
    source.access_level = "public"
    assert refusal(lifecycle.revise, source, keepers[0].user) == ["What is sealed is lowered by two of its custodians."]
    assert Source.objects.get().access_level == "sealed"


@pytest.mark.parametrize("make", [make_source, make_monument, make_place, make_media, make_status])
def test_one_custodian_asks_to_lower_it_and_another_one_confirms(administrator, keepers, make):
    row = sealed(make(), keepers)
    table = row._meta.model_name
    address = page(table, "lower", row.pk)
    one, other = keepers
    assert administrator.get(address).status_code == 404

    one.post(address, {"do": "ask", "level": "public", "reason": "The danger is over"})
    row.refresh_from_db()
    assert row.access_level == "sealed"
    assert "The danger is over" in text_of(other.get(address))
    one.post(address, {"do": "confirm", "level": "public"})
    row.refresh_from_db()
    assert row.access_level == "sealed"
    assert other.post(address, {"do": "confirm", "level": "public"}).status_code == 302

    row.refresh_from_db()
    assert row.access_level == "public"
    assert Custodian.objects.count() == 0
    entry = Journal.objects.get(verb="lower")
    assert (entry.who, entry.after["asked_by"]) == (other.user.username, one.user.username)
    assert entry.reason == "The danger is over"
    assert administrator.get(page(table, "change", row.pk)).status_code == 200


def test_what_is_asked_for_can_be_declined_and_what_has_changed_is_not_confirmed(keepers):
    one, other = (keeper.user for keeper in keepers)
    source = sealed(make_source(), keepers)
    ask_to_lower(source, one, "public", "Over")

    assert refusal(lower, source, other, "withheld") == ["What is asked for has changed. Look at it again."]
    assert refusal(ask_to_lower, source, other, "public", "Over") == [
        "Another custodian asked already. Confirm or decline that first."
    ]
    decline(source, other)
    assert refusal(lower, source, other, "public") == ["No other custodian asks to lower it."]
    assert refusal(ask_to_lower, source, one, "withheld", "Over") == [
        "A withheld source needs the class of the reason, which readers see."
    ]
    other.is_active = False
    other.save()
    assert refusal(ask_to_lower, source, one, "public", "Over") == [
        "There is no other active custodian who could confirm it. Name one first."
    ]


def test_no_verb_is_done_to_what_others_keep(administrator, keepers):
    monument, stranger = sealed(make_monument(), keepers), administrator.user
    open_one = make_monument()
    make_media(open_one, access_level="sealed")
    gone = ["There is no such record."]

    assert refusal(lifecycle.revise, monument, stranger) == gone
    assert refusal(lifecycle.submit, monument, stranger) == gone
    assert refusal(lifecycle.discard, monument, stranger) == gone
    assert refusal(lifecycle.merge, open_one, monument, stranger, "Same") == gone
    assert refusal(lifecycle.merge, open_one, monument, keepers[0].user, "Same") == [
        "One of the two is sealed. A sealed record is merged only with another sealed one."
    ]
    assert refusal(lifecycle.discard, open_one, stranger) == [
        "Something that is sealed belongs to it. Only the custodians of that may delete it."
    ]


def test_an_account_that_is_a_custodian_is_not_deleted(keepers):
    sealed(make_source(), keepers)

    with pytest.raises(ProtectedError):
        keepers[0].user.delete()


# Rows sealed before, imports


def test_the_audit_tells_of_what_fewer_than_two_active_accounts_keep_and_a_command_names_them(keepers):
    source, kept = make_source(access_level="sealed"), sealed(make_media(), keepers)
    assert not source.is_visible_to(make_user(is_superuser=True))
    told = (
        "it is sealed and has fewer than two active custodians. "
        "Name them: manage.py name_custodians {ref} USER USER".format
    )
    assert list(audit.sealed_faults()) == [("sealed", f"source {source.ref}: {told(ref=source.ref)}")]

    names = [one.user.username for one in keepers]
    with pytest.raises(CommandError, match="at least two custodians"):
        call_command("name_custodians", source.ref, names[0])
    with pytest.raises(CommandError, match="There is no active account “nobody”"):
        call_command("name_custodians", source.ref, names[0], "nobody")
    out = io.StringIO()
    call_command("name_custodians", source.ref, *names, stdout=out)
    assert out.getvalue() == f"source {source.ref} is kept by {', '.join(sorted(names))}.\n"
    assert list(audit.sealed_faults()) == []
    keepers[0].user.is_active = False
    keepers[0].user.save()
    assert {sentence.split(":")[0] for _name, sentence in audit.sealed_faults()} == {
        f"source {source.ref}",
        f"media item {kept.ref}",
    }


def test_an_import_neither_changes_nor_names_a_sealed_record(contributor, keepers, tmp_path):
    install_vocabularies()
    kept = mapping(tmp_path)
    near = sealed(make_monument("Old mill"), keepers)
    make_name(near, "Old mill")
    make_location(near, latitude="40.1", longitude="45.2", place=None)
    numbered = make_monument("Hidden chapel")
    make_name(numbered, "2", kind="register_number", scheme="Office list")
    sealed(numbered, keepers)
    rows = [row(id="1", name="Old mill"), row(id="2", name="Chapel")]
    planned = {}
    for client in (contributor, keepers[0]):
        path = listed(tmp_path, *rows, name=f"{client.user.username}.csv")
        planned[client] = plan(begin(str(path), kept, by=client.user))

    told = planned[contributor].rows.get(identifier="2")
    assert (told.outcome, told.monument) == ("refused", None)
    assert [fault["reason"] for fault in told.fault_list] == [
        "This number belongs to a record that your account may not change."
    ]
    assert planned[contributor].counts["possible_duplicates"] == 0
    assert planned[keepers[0]].rows.get(identifier="2").monument == numbered
    seen = contributor.get(reverse("admin:intake_batch_rows", args=[planned[keepers[0]].pk]))
    assert "Chapel" not in text_of(seen)
