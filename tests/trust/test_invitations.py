"""Links to set a password: for invitations, and for whoever has forgotten it; nobody else knows a password."""

import re
import threading
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse

from heritage.accounts import checks
from heritage.accounts.links import Tokens, tokens
from heritage.registry.models import Journal
from tests.registry.conftest import signed_in
from tests.registry.make import PASSWORD, make_user
from tests.registry.test_admin import text_of

pytestmark = pytest.mark.django_db

CHOSEN = "a pass phrase that jane chose"


@pytest.fixture
def administrator():
    return signed_in("administrator")


@pytest.fixture
def with_mail(settings):
    settings.EMAIL_CONFIGURED, settings.ALLOWED_HOSTS = True, ["testserver"]


def invite(administrator, group="contributor", **fields):
    make_user(group)
    groups = [administrator.user.groups.model.objects.get(name=group).pk]
    form = {"username": "jane", "email": "jane@example.org", "groups": groups} | fields
    return administrator.post(reverse("admin:auth_user_add"), form)


def use(link, password=CHOSEN):
    client = Client()
    shown = client.get(link, follow=True)
    answer = client.post(shown.request["PATH_INFO"], {"new_password1": password, "new_password2": password})
    return shown, answer


def outbox():
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join(10)
    return mail.outbox


# Invitations


def test_an_invitation_makes_an_account_without_a_password_and_shows_a_link_that_sets_it(administrator):
    page = invite(administrator, "reviewer")
    jane = User.objects.get(username="jane")
    could = jane.has_usable_password()

    _shown, answer = use(page.context["link"])

    assert (could, jane.is_staff, jane.is_superuser) == (False, True, False)
    assert "no-store" in page.headers["Cache-Control"]
    assert answer.headers["Location"] == reverse("admin:login")
    assert Client().login(username="jane", password=CHOSEN)


def test_the_link_works_once(administrator):
    link = invite(administrator).context["link"]
    use(link)

    shown, answer = use(link, "another pass phrase of somebody")

    assert "This link does not work" in text_of(shown)
    assert answer.status_code == 200
    assert Client().login(username="jane", password=CHOSEN)


def test_the_link_works_for_three_days(administrator, monkeypatch):
    early, late = (invite(administrator, username=name).context["link"] for name in ("jane", "june"))

    monkeypatch.setattr(Tokens, "_now", lambda self: datetime.now() + timedelta(days=2, hours=23))
    assert use(early)[1].status_code == 302
    monkeypatch.setattr(Tokens, "_now", lambda self: datetime.now() + timedelta(days=3, hours=1))
    assert use(late)[1].status_code == 200


@pytest.mark.parametrize(
    "wrong", ["/admin/set-password/MQ/abc-123/", "/admin/set-password/!!/x/", "/admin/set-password/OTk5/a-b/"]
)
def test_a_made_up_link_does_not_work(wrong):
    assert "This link does not work" in text_of(Client().get(wrong, follow=True))


def test_a_link_to_a_closed_account_does_not_work(administrator):
    link = invite(administrator).context["link"]
    User.objects.filter(username="jane").update(is_active=False)

    assert use(link)[1].status_code == 200
    assert not User.objects.get(username="jane").has_usable_password()


def test_a_weak_password_is_refused_with_the_reason(administrator):
    _shown, answer = use(invite(administrator).context["link"], "short")

    assert "must contain at least 12 characters" in text_of(answer)


def test_another_link_can_be_sent_and_administrators_never_set_a_password(administrator):
    curator = make_user("contributor")

    page = administrator.post(f"/admin/auth/user/{curator.pk}/link/", {"reason": "Forgotten"})
    before = User.objects.get(pk=curator.pk).check_password(PASSWORD)
    use(page.context["link"])

    assert before
    assert Client().login(username=curator.username, password=CHOSEN)
    assert administrator.get(f"/admin/auth/user/{curator.pk}/password/").status_code in {302, 404}
    assert (
        "password" not in administrator.get(f"/admin/auth/user/{curator.pk}/change/").context["adminform"].form.fields
    )


def test_setting_the_password_unlocks_the_account(administrator):
    curator = make_user("contributor")
    form = {"username": curator.username, "password": "wrong"}
    statuses = [Client().post(reverse("admin:login"), form).status_code for _time in range(6)]
    page = administrator.post(f"/admin/auth/user/{curator.pk}/link/", {"reason": "Locked out"})
    use(page.context["link"])

    assert statuses[-1] == 429
    assert Client().post(reverse("admin:login"), form | {"password": CHOSEN}).status_code == 302


@pytest.mark.parametrize(
    ("username", "said"),
    [
        ("JANE", "There is an account with this name"),
        ("left-long-ago", "The journal has this name already"),
        ("cbdmnsbk26bd", "The journal has this name already"),
        ("jane doe", "Enter a valid username"),
    ],
)
def test_a_name_that_stands_for_somebody_else_is_not_used_again(administrator, username, said):
    invite(administrator)
    Journal.objects.create(
        at="2020-01-01T00:00Z", who="left-long-ago", verb="revise", subject_kind="monument", subject_ref="x"
    )

    page = invite(administrator, username=username)

    assert said in text_of(page)


# By mail


@pytest.mark.usefixtures("with_mail")
def test_an_invitation_is_mailed_where_mail_is_configured(administrator):
    page = invite(administrator)

    (message,) = outbox()
    assert message.to == ["jane@example.org"]
    assert page.context["link"] in message.body
    assert "It was also sent to jane@example.org" in text_of(page)


@pytest.mark.usefixtures("with_mail")
def test_a_forgotten_password_is_reset_by_mail_and_the_answer_does_not_tell_whether_there_is_an_account():
    make_user("contributor", username="jane", email="jane@example.org")
    make_user("contributor", username="gone", email="gone@example.org", is_active=False)

    answers = [
        text_of(Client().post(reverse("admin:password_reset"), {"email": email}))
        for email in ("Jane@example.org", "gone@example.org", "nobody@example.org")
    ]

    assert len(set(answers)) == 1
    (message,) = outbox()
    link = re.search(r"http://testserver/\S+", message.body)[0]
    assert use(link)[1].status_code == 302
    assert Client().login(username="jane", password=CHOSEN)


@pytest.mark.usefixtures("with_mail")
def test_nobody_fills_the_mailbox_of_another():
    make_user("contributor", username="jane", email="jane@example.org")

    for _time in range(5):
        Client().post(reverse("admin:password_reset"), {"email": "jane@example.org"})

    assert len(outbox()) == 1


@pytest.mark.usefixtures("with_mail")
def test_a_link_never_leads_to_a_host_that_a_stranger_chose():
    make_user("contributor", username="jane", email="jane@example.org")

    answer = Client().post(reverse("admin:password_reset"), {"email": "jane@example.org"}, HTTP_HOST="evil.example")
    forwarded = Client().post(
        reverse("admin:password_reset"), {"email": "jane@example.org"}, HTTP_X_FORWARDED_HOST="evil.example"
    )

    assert (answer.status_code, forwarded.status_code) == (400, 200)
    assert ["evil.example" in message.body for message in outbox()] == [False]


@pytest.mark.parametrize("hosts", [["*"], [".example.org"], ["register.example.org", "*"]])
def test_no_link_is_mailed_by_a_register_that_answers_to_any_name(settings, hosts):
    settings.EMAIL_CONFIGURED, settings.ALLOWED_HOSTS = True, hosts
    make_user("contributor", username="jane", email="jane@example.org")

    Client().post(reverse("admin:password_reset"), {"email": "jane@example.org"}, HTTP_HOST="www.example.org")

    assert outbox() == []
    assert [one.id for one in checks.hosts_of_mails(None)] == ["heritage.W002"]


def test_without_mail_the_log_in_page_says_whom_to_ask(settings):
    settings.ADMINISTRATOR_CONTACT = "desk@example.org"

    shown = text_of(Client().get(reverse("admin:login")))

    assert "Ask for a new link: desk@example.org" in shown


def test_a_link_does_not_outlive_another_address_of_the_account():
    jane = make_user("contributor", username="jane", email="jane@example.org")
    token = tokens.make_token(jane)

    jane.email = "june@example.org"

    assert not tokens.check_token(jane, token)
