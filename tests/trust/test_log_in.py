"""Logging in: guesses are throttled, sessions end, and what was typed into one that has ended is not lost."""

import time
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode

from heritage.accounts.sessions import BEGAN, LAST_USED
from heritage.accounts.throttling import NOWHERE, client_address
from heritage.registry.models import Journal, Monument
from tests.registry.conftest import signed_in
from tests.registry.make import PASSWORD, make_monument, make_user
from tests.registry.test_admin import filled_in, page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def contributor():
    return signed_in("contributor")


@pytest.fixture
def reviewer():
    return signed_in("reviewer")


HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


def log_in(username, password="wrong", address=HERE, **headers):
    client = Client(REMOTE_ADDR=address, **headers)
    return client, client.post(reverse("admin:login"), {"username": username, "password": password, "next": "/admin/"})


def guess(username, times, **where):
    return [log_in(username, **where)[1].status_code for _time in range(times)]


def age(minutes):
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=minutes))


# Throttling


def test_after_five_wrong_passwords_the_right_one_is_refused_and_accepted_after_ten_minutes():
    user = make_user("contributor")

    assert guess(user.username, 6) == [200, 200, 200, 200, 429, 429]
    assert log_in(user.username, PASSWORD)[1].status_code == 429
    age(minutes=11)
    assert log_in(user.username, PASSWORD)[1].status_code == 302


def test_trying_while_locked_does_not_make_the_lock_longer():
    user = make_user("contributor")
    guess(user.username, 5)
    age(minutes=9)

    guess(user.username, 3)

    age_of_the_last = timezone.now() - AccessAttempt.objects.get().attempt_time
    assert age_of_the_last > timedelta(minutes=8)


def test_the_refusal_is_the_same_words_whether_there_is_such_an_account_or_not():
    user = make_user("contributor")
    guess(user.username, 5)
    guess("no-such-account", 5)

    known, unknown = (log_in(name)[1] for name in (user.username, "no-such-account"))

    assert known.headers["Retry-After"] == unknown.headers["Retry-After"] == "600"
    assert "Wait 10 minutes and try again" in text_of(known)
    assert text_of(known) == text_of(unknown)


def test_a_locked_account_costs_no_hash_of_a_password(settings, monkeypatch):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    hashed, encode = [], PBKDF2PasswordHasher.encode

    def counted(hasher, password, salt, iterations=None):
        hashed.append(password)
        return encode(hasher, password, salt, 1)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", counted)
    names = [make_user("contributor").username, "no-such-account"]

    for name in names:
        guess(name, 5)
        assert hashed.count("wrong") >= 5
        hashed.clear()
        assert guess(name, 1) == [429]
        assert hashed == []


def test_nobody_locks_a_curator_out_from_elsewhere():
    user = make_user("contributor")
    guess(user.username, 20, address=ELSEWHERE)

    assert log_in(user.username, PASSWORD, address=HERE)[1].status_code == 302


def test_colleagues_behind_one_address_do_not_lock_one_another_out():
    clumsy, careful = make_user("contributor"), make_user("contributor")
    guess(clumsy.username, 6)

    assert log_in(careful.username, PASSWORD)[1].status_code == 302


@pytest.mark.parametrize(
    ("address", "failures", "status"),
    [(HERE, 48, 302), (HERE, 50, 429), ("127.0.0.1", 50, 302), ("", 50, 302)],
    ids=["a few", "too many", "a proxy on this machine", "a proxy at a socket"],
)
def test_an_address_that_tries_many_accounts_is_locked_as_a_whole(address, failures, status):
    AccessAttempt.objects.bulk_create(
        AccessAttempt(
            username=f"guess-{n}", ip_address=address or NOWHERE, failures_since_start=1, attempt_time=timezone.now()
        )
        for n in range(failures)
    )

    assert log_in(make_user("contributor").username, PASSWORD, address=address)[1].status_code == status
    assert log_in(make_user("contributor").username, PASSWORD, address=ELSEWHERE)[1].status_code == 302


def test_a_right_password_forgets_the_wrong_ones_before_it():
    user = make_user("contributor")
    guess(user.username, 4)
    log_in(user.username, PASSWORD)

    assert guess(user.username, 4) == [200, 200, 200, 200]


def test_attempts_that_are_over_do_not_pile_up():
    for number in range(12):
        log_in(f"guess-{number}", address=f"203.0.113.{number}")
    age(minutes=11)

    log_in("another")

    assert AccessAttempt.objects.count() == 1


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "found"),
    [
        (False, "203.0.113.5", HERE),
        (True, "203.0.113.5", "203.0.113.5"),
        (True, "10.0.0.1, 203.0.113.5", "203.0.113.5"),
        (True, "203.0.113.5, not an address", HERE),
        (True, "", HERE),
        (True, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ],
)
def test_only_the_last_hop_is_believed_and_only_behind_a_proxy_of_ours(settings, behind_proxy, forwarded, found):
    settings.BEHIND_TLS_PROXY = behind_proxy
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}

    assert client_address(RequestFactory().get("/", REMOTE_ADDR=HERE, **headers)) == found


def test_writing_another_forwarded_address_each_time_does_not_help():
    user = make_user("contributor")

    statuses = [log_in(user.username, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")[1].status_code for n in range(6)]

    assert statuses == [200, 200, 200, 200, 429, 429]


# Sessions that end


def passed(client, **ages):
    """Make the session of ``client`` as old, or as long without use, as ``ages`` say in seconds."""
    session = client.session
    session.update({name: int(time.time()) - seconds for name, seconds in ages.items()})
    session.save()


@pytest.mark.parametrize(
    ("ages", "said"),
    [
        ({LAST_USED: 3600, BEGAN: 3600}, "you had not used the desk for 60 minutes"),
        ({LAST_USED: 5, BEGAN: 12 * 3600}, "a session lasts 12 hours at most"),
    ],
)
def test_a_session_ends_and_leads_back_to_the_page_after_logging_in(contributor, ages, said):
    passed(contributor, **ages)

    answer = contributor.get("/admin/registry/source/?q=survey", follow=True)

    assert answer.redirect_chain == [("/admin/login/?next=%2Fadmin%2Fregistry%2Fsource%2F%3Fq%3Dsurvey", 302)]
    assert said in text_of(answer)
    assert SESSION_KEY not in contributor.session


def test_a_session_that_has_ended_does_not_stand_in_the_way_of_logging_in_or_of_a_link(contributor, reviewer):
    link = reverse("admin:set_password", args=[urlsafe_base64_encode(b"%d" % reviewer.user.pk), "set-password"])
    for client in (contributor, reviewer):
        passed(client, last_used_at=7200)
    form = {"username": contributor.user.username, "password": PASSWORD, "next": "/admin/registry/source/"}

    assert contributor.post(reverse("admin:login"), form).headers["Location"] == "/admin/registry/source/"
    assert contributor.get("/admin/registry/source/").status_code == 200
    assert "This link does not work" in text_of(reviewer.get(link))


def test_using_the_desk_keeps_the_session_and_a_page_that_is_left_open_does_not(contributor, reviewer):
    passed(contributor, last_used_at=3000)
    passed(reviewer, last_used_at=3000)

    contributor.get("/admin/registry/source/")
    reviewer.get("/admin/jsi18n/")

    assert int(time.time()) - contributor.session[LAST_USED] < 60
    assert int(time.time()) - reviewer.session[LAST_USED] >= 3000


def test_what_is_typed_into_a_page_whose_session_has_ended_can_be_sent_again(contributor):
    monument = make_monument()
    address = page("monument", "change", monument.pk)
    form = filled_in(contributor, address) | {"label": "Chapel of\u00a0Saint John", "reason": "Its name"}
    passed(contributor, last_used_at=7200)

    lost = contributor.post(address, form)
    contributor.post(reverse("admin:login"), {"username": contributor.user.username, "password": PASSWORD})
    kept = contributor.get(reverse("admin:held"))
    again = contributor.post(address, dict_of(kept.context["held"]["fields"]))

    assert lost.status_code == 403
    assert "What you typed is kept" in text_of(lost)
    assert kept.context["held"]["path"] == address
    assert "Chapel of\u00a0Saint John" in kept.content.decode()
    assert again.status_code == 302
    assert Monument.objects.get().label == "Chapel of\u00a0Saint John"
    assert contributor.get(reverse("admin:held")).status_code == 302


def dict_of(pairs):
    found = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def test_what_somebody_typed_is_not_shown_to_the_next_person_at_the_same_browser(contributor):
    passed(contributor, last_used_at=7200)
    contributor.post(page("monument", "add"), {"label": "Secret chapel"})
    other = make_user("contributor")

    contributor.post(reverse("admin:login"), {"username": other.username, "password": PASSWORD})

    assert contributor.get(reverse("admin:held")).status_code == 302
    assert "Secret chapel" not in contributor.get("/admin/").content.decode()


def test_a_password_is_never_kept_for_later(contributor):
    passed(contributor, last_used_at=7200)

    contributor.post(
        reverse("admin:password_change"), {"old_password": PASSWORD, "new_password1": "another pass phrase"}
    )

    assert PASSWORD not in str([row.get_decoded() for row in Session.objects.all()])


def test_whoever_sends_something_without_a_session_is_told_and_nothing_is_stored():
    answer = Client().post(page("monument", "add"), {"label": "Chapel"})

    assert answer.status_code == 403
    assert "You are not logged in, so nothing was saved" in text_of(answer)
    assert (Monument.objects.count(), Session.objects.count()) == (0, 0)


def test_logging_in_deletes_sessions_that_have_ended():
    old = signed_in("contributor").session
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))

    log_in(make_user("contributor").username, PASSWORD)

    assert not Session.objects.filter(pk=old.session_key).exists()


def test_a_failure_is_in_the_journal_with_the_name_and_never_the_password():
    user = make_user("contributor")
    log_in(user.username, "the wrong pass phrase")

    entry = Journal.objects.get()

    assert (entry.verb, entry.subject_ref, entry.after) == ("log_in_failed", user.username, {"username": user.username})
