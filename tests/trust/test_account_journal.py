"""The journal of accounts and of what was taken out of the desk: what it has, what it never has, and who reads it."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from heritage.accounts.journal import FAILURES, UNKNOWN
from heritage.archive import fixtures, making
from heritage.archive.models import Deposit
from heritage.archive.shelves import SHELVES
from heritage.catalogue.publish import publish
from heritage.intake.models import Batch
from heritage.registry.models import Journal, Media
from tests.archive.shelf import photograph
from tests.archive.test_making import ordered
from tests.registry.conftest import signed_in
from tests.registry.make import PASSWORD, make_monument, make_publishable_monument, make_user
from tests.registry.test_admin import page, text_of
from tests.registry.test_custody import bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return signed_in("administrator")


def log_in(username, password=PASSWORD):
    client = Client()
    client.post(reverse("admin:login"), {"username": username, "password": password})
    return client


def entries():
    return [(one.who, one.verb, one.subject_kind, one.subject_ref) for one in Journal.objects.order_by("pk")]


def test_logging_in_and_out_and_changing_the_password_are_in_it():
    name = make_user("contributor").username
    client = log_in(name)

    client.post(
        reverse("admin:password_change"),
        {"old_password": PASSWORD, "new_password1": "quite another phrase", "new_password2": "quite another phrase"},
    )
    client.post(reverse("admin:logout"))

    assert entries() == [
        (name, "log_in", "account", name),
        (name, "change_password", "account", name),
        (name, "log_out", "account", name),
    ]


def test_failures_and_locks_are_in_it_under_the_name_that_was_typed_and_passwords_never():
    name = make_user("contributor").username
    for _time in range(7):
        log_in(name, "typed-password-1")
    log_in("typed-by-mistake", "typed-password-2")

    assert entries() == [
        *[("nobody logged in", "log_in_failed", "account", name)] * 5,
        ("nobody logged in", "lock_out", "account", name),
        ("nobody logged in", "log_in_failed", "account", UNKNOWN),
    ]
    assert Journal.objects.first().after == {"username": "typed-by-mistake"}
    assert "typed-password" not in str(list(Journal.objects.values()))


def test_a_flood_of_failures_is_bounded():
    for number in range(FAILURES[False] + 5):
        Journal.objects.create(
            at="2020-01-01T00:00Z", who="-", verb="log_in_failed", subject_kind="account", subject_ref=UNKNOWN
        )
        log_in(f"guess-{number}", "wrong") if number < 3 else None
    today = Journal.objects.filter(verb="log_in_failed", at__year__gt=2020)
    from_today = today.count()
    Journal.objects.bulk_create(
        Journal(at=today.last().at, who="-", verb="log_in_failed", subject_kind="account", subject_ref=UNKNOWN)
        for _number in range(FAILURES[False])
    )
    before = Journal.objects.count()

    log_in("one-more", "wrong")

    assert from_today == 3
    assert Journal.objects.count() == before


def test_a_change_of_groups_is_in_it_with_before_and_after_and_the_reason(administrator):
    curator = make_user("contributor")
    reviewers = make_user("reviewer").groups.get()

    administrator.post(
        reverse("admin:auth_user_change", args=[curator.pk]),
        {"email": "c@example.org", "groups": [reviewers.pk], "is_active": "on", "reason": "Trained in May"},
    )

    entry = Journal.objects.get()
    assert (entry.who, entry.verb, entry.reason) == (administrator.user.username, "change_account", "Trained in May")
    assert entry.before == {"email": "", "groups": ["contributor"]}
    assert entry.after == {"email": "c@example.org", "groups": ["reviewer"]}


def test_an_invitation_is_in_it_and_its_link_is_not(administrator):
    shown = administrator.post(reverse("admin:auth_user_add"), {"username": "jane", "email": "", "groups": []})

    assert [verb for _who, verb, _kind, _ref in entries()] == ["make_account", "invite"]
    assert shown.context["link"].split("/")[-2] not in str(list(Journal.objects.values()))
    assert "password" not in str(list(Journal.objects.values()))


def test_saving_an_account_untouched_leaves_no_trace(administrator):
    curator = make_user("contributor")

    administrator.post(
        reverse("admin:auth_user_change", args=[curator.pk]),
        {"groups": [curator.groups.get().pk], "is_active": "on", "reason": "Looked"},
    )

    assert entries() == []


# What was taken out


def test_the_download_of_an_original_is_in_it(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    curator = signed_in("contributor")
    bring(curator, photograph("somebody"))
    item = Media.objects.get()

    b"".join(curator.get(reverse("admin:registry_media_file", args=[item.pk])).streaming_content)

    assert entries()[1:] == [(curator.user.username, "download_original", "access", item.ref)]


def test_deposits_that_are_made_downloaded_offered_and_withheld_are_in_it(settings, tmp_path):
    settings.MEDIA_ROOT, settings.DEPOSITS_DIR = tmp_path / "media", tmp_path / "deposits"
    publish([make_publishable_monument()])
    reviewer = signed_in("reviewer")
    making.root()
    making.do(ordered("theorder"), "make", reviewer.user)
    made = Deposit.objects.get()
    before = Journal.objects.exclude(subject_kind="access").count()
    for verb in ("offer", "withhold"):
        reviewer.post(f"/admin/archive/deposit/{made.pk}/do/{verb}/")
    b"".join(reviewer.get(f"/admin/archive/deposit/{made.pk}/file/").streaming_content)

    assert [one for one in entries() if one[2] == "access"] == [
        (reviewer.user.username, verb, "access", made.ref)
        for verb in ("make_deposit", "offer_deposit", "withhold_deposit", "download_deposit")
    ]
    assert Journal.objects.exclude(subject_kind="access").count() == before


def test_the_report_of_an_import_is_in_it():
    curator = signed_in("contributor")
    batch = Batch.objects.create(file_name="list.csv", path="/nowhere/list.csv")

    answer = curator.get(reverse("admin:intake_batch_report", args=[batch.pk]))

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert entries() == [(curator.user.username, "download_report", "access", batch.ref)]


# Who reads it


def test_only_administrators_see_entries_about_accounts(administrator):
    log_in("a-name-typed-by-mistake", "wrong")
    account = Journal.objects.get()
    monument = make_monument()
    Journal.objects.create(
        at=account.at, who="jane", verb="download_original", subject_kind="access", subject_ref=monument.ref
    )
    contributor = signed_in("contributor")

    listed = {
        client.user: text_of(client.get(page("journal", "changelist"))) for client in (administrator, contributor)
    }

    assert "Could not log in" in listed[administrator.user]
    assert "Original downloaded" in listed[administrator.user]
    for hidden in ("Could not log in", "Original downloaded", "Account"):
        assert hidden not in listed[contributor.user]
    assert contributor.get(page("journal", "change", account.pk), follow=True).redirect_chain != []
    assert administrator.get(page("journal", "change", account.pk)).status_code == 200
    assert "jane" not in text_of(contributor.get(page("monument", "history", monument.pk)))


def test_the_journal_is_filtered_by_what_was_done_and_to_what(administrator):
    log_in(administrator.user.username)
    log_in("nobody", "wrong")

    by_verb = administrator.get(page("journal", "changelist"), {"verb": "log_in_failed"})
    by_kind = administrator.get(page("journal", "changelist"), {"subject_kind": "monument"})

    assert [one.verb for one in by_verb.context["cl"].result_list] == ["log_in_failed"]
    assert list(by_kind.context["cl"].result_list) == []


def test_a_deposit_does_not_hold_who_logged_in_or_took_what():
    log_in(make_user("contributor").username)
    Journal.objects.create(
        at="2026-01-01T00:00Z", who="jane", verb="make_deposit", subject_kind="access", subject_ref="x"
    )
    Journal.objects.create(at="2026-01-01T00:00Z", who="jane", verb="revise", subject_kind="monument", subject_ref="y")
    shelf = next(one for one in SHELVES if one.model is Journal)

    held = [json.loads(line)["fields"]["verb"] for batch in fixtures.lines(shelf, "full") for line in batch]

    assert held == ["revise"]
    assert [one.verb for one in shelf.rows()] == ["revise"]
