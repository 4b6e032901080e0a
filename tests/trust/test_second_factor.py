"""The second factor: who needs one, that nothing at the desk is reached without it, and how it is given and taken away."""

import json
import os
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestedCredentialData, AuthenticatorData

from heritage import settings as own
from heritage.accounts.models import Passkey
from heritage.catalogue.management.commands.demo import Command as Demo
from heritage.registry.models import Journal
from tests.registry.conftest import signed_in
from tests.registry.make import make_user
from tests.registry.test_admin import text_of
from tests.trust.accounts import code_of, log_in, with_app

pytestmark = pytest.mark.django_db

SET_UP, VERIFY = "/admin/second-factor/", "/admin/second-factor/verify/"
REACHED_BEFORE_SETTING_UP = {
    "login", "jsi18n", "set_password", "password_reset", "password_change", "password_change_done",
    "second_factor", "second_factor_app", "second_factor_passkey",
}  # fmt: skip
REACHED_BEFORE_VERIFYING = {"login", "jsi18n", "set_password", "password_reset", "second_factor_verify"}


@pytest.fixture
def second_factor_required(settings):
    settings.SECOND_FACTOR = "reviewers"


def desk_addresses():
    """Return (name, address) of every address of the desk, with 1 for each number and reference, but logging out."""
    site = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "admin")
    found = set(walk(site.url_patterns, "/admin/"))
    return sorted((one for one in found if one[0] != "logout"), key=str)


def walk(patterns, before):
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from walk(pattern.url_patterns, address)
        elif "(?P" not in address:
            plain = "".join(
                part.partition(">")[2] if ">" in part else part for part in address.replace("<", "1\0<").split("\0")
            )
            yield pattern.name, plain


def led_to(client, address, method):
    answer = getattr(client, method)(address)
    return answer.headers.get("Location", "").partition("?")[0]


# Who needs one


@pytest.mark.parametrize(
    ("setting", "group", "fields", "needs"),
    [
        ("reviewers", "contributor", {}, False),
        ("reviewers", "reviewer", {}, True),
        ("reviewers", "administrator", {}, True),
        ("reviewers", None, {"is_superuser": True}, True),
        ("everyone", "contributor", {}, True),
        ("optional", "reviewer", {}, False),
        ("optional", None, {"is_superuser": True}, False),
    ],
)
def test_who_needs_a_second_factor(settings, setting, group, fields, needs):
    settings.SECOND_FACTOR = setting

    client = log_in(make_user(group, **fields))

    assert (led_to(client, "/admin/", "get") == SET_UP) is needs


@pytest.mark.usefixtures("second_factor_required")
def test_becoming_a_reviewer_asks_for_one_in_the_session_that_is_open():
    contributor, reviewer = signed_in("contributor"), make_user("reviewer")
    assert contributor.get("/admin/").status_code == 200

    contributor.user.groups.add(reviewer.groups.get())

    assert led_to(contributor, "/admin/", "get") == SET_UP


@pytest.mark.usefixtures("second_factor_required")
def test_without_one_nothing_at_the_desk_is_reached_but_setting_it_up():
    client = signed_in("administrator")

    reached = {name for name, address in desk_addresses() if led_to(client, address, "get") != SET_UP}

    assert len(desk_addresses()) > 150
    assert reached <= REACHED_BEFORE_SETTING_UP


@pytest.mark.usefixtures("second_factor_required")
def test_with_the_password_alone_nothing_at_the_desk_is_reached_but_giving_it():
    client = signed_in("administrator")
    with_app(client.user)

    reached = {name for name, address in desk_addresses() if led_to(client, address, "post") != VERIFY}

    assert reached <= REACHED_BEFORE_VERIFYING


def test_whoever_has_set_one_up_is_asked_though_it_is_optional(settings):
    settings.SECOND_FACTOR = "optional"
    user = make_user("contributor")
    with_app(user)

    assert led_to(log_in(user), "/admin/", "get") == VERIFY


def test_a_register_of_its_own_needs_it_and_the_demonstration_says_that_it_does_not(monkeypatch, capsys):
    monkeypatch.setenv("SECOND_FACTOR", "")  # so that it is as it was afterwards
    monkeypatch.delenv("SECOND_FACTOR")
    started = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: started.append(os.environ["SECOND_FACTOR"]))

    Demo().serve(8000)

    assert started == ["optional"]
    assert "The second factor is optional in this demonstration" in capsys.readouterr().out
    assert own.SECOND_FACTOR == "reviewers"
    assert "A password is enough to log in here" in text_of(Client().get("/admin/login/"))


def test_a_value_that_means_nothing_is_refused_at_the_start():
    with pytest.raises(ImproperlyConfigured, match=r"^SECOND_FACTOR is “no”\. It can be: on \(yes\), off \(no\)\.$"):
        own.one_of("SECOND_FACTOR", "no", {"on": "yes", "off": "no"})


# Setting it up and giving it


@pytest.mark.usefixtures("second_factor_required")
def test_an_app_is_set_up_with_its_code_and_the_recovery_codes_are_shown_once():
    client = log_in(make_user("reviewer", username="rita"))
    shown = text_of(client.get("/admin/second-factor/app/"))
    device = TOTPDevice.objects.get()

    wrong = client.post("/admin/second-factor/app/", {"code": "not it"})
    TOTPDevice.objects.update(throttling_failure_count=0)
    right = client.post("/admin/second-factor/app/", {"code": code_of(device)})

    assert "Key: " in shown
    assert "This is not the code" in text_of(wrong)
    assert len(right.context["codes"]) == 10
    assert client.get("/admin/").status_code == 200
    assert [one.verb for one in Journal.objects.order_by("pk")] == [
        "log_in",
        "second_factor_set_up",
        "second_factor_given",
        "recovery_codes_made",
    ]
    assert not any(code in str(list(Journal.objects.values())) for code in right.context["codes"])


@pytest.mark.usefixtures("second_factor_required")
def test_the_code_leads_on_to_the_page_that_was_asked_for_and_works_once():
    user = make_user("reviewer")
    device = with_app(user)
    code = code_of(device)

    first, second = log_in(user), log_in(user)
    given = first.post(f"{VERIFY}?next=/admin/registry/source/", {"code": f"{code[:3]} {code[3:]}"})
    again = second.post(VERIFY, {"code": code})

    assert given.headers["Location"] == "/admin/registry/source/"
    assert first.get("/admin/registry/source/").status_code == 200
    assert "This code is not right, or was used before" in text_of(again)
    assert led_to(second, "/admin/", "get") == VERIFY


@pytest.mark.usefixtures("second_factor_required")
def test_the_page_leads_to_no_other_host():
    user = make_user("reviewer")
    device = with_app(user)

    given = log_in(user).post(f"{VERIFY}?next=//evil.example/", {"code": code_of(device)})

    assert given.headers["Location"] == "/admin/"


@pytest.mark.usefixtures("second_factor_required")
def test_guessing_codes_is_slowed_down_so_that_the_right_one_is_refused():
    user = make_user("reviewer")
    device = with_app(user)
    client = log_in(user)
    for number in range(4):
        client.post(VERIFY, {"code": f"{number:06d}"})

    client.post(VERIFY, {"code": code_of(device)})

    assert led_to(client, "/admin/", "get") == VERIFY
    assert Journal.objects.filter(verb="second_factor_failed", subject_ref=user.username).count() == 5


@pytest.mark.usefixtures("second_factor_required")
def test_a_recovery_code_lets_in_once():
    user = make_user("reviewer")
    with_app(user)
    codes = StaticDevice.objects.create(user=user, name="recovery codes")
    codes.token_set.create(token="0123456789abcdef")

    first, second = log_in(user), log_in(user)
    first.post(VERIFY, {"code": "0123-4567-89AB-CDEF"})
    second.post(VERIFY, {"code": "0123-4567-89ab-cdef"})

    assert first.get("/admin/").status_code == 200
    assert led_to(second, "/admin/", "get") == VERIFY


@pytest.mark.usefixtures("second_factor_required")
def test_the_last_one_cannot_be_removed_where_it_is_required():
    user = make_user("reviewer")
    device = with_app(user)
    client = log_in(user)
    client.post(VERIFY, {"code": code_of(device)})

    answer = client.post("/admin/second-factor/app/remove/", follow=True)

    assert "Set up another one before you remove this one" in text_of(answer)
    assert TOTPDevice.objects.filter(user=user).exists()


# Passkeys, with an authenticator of the test's own


class Authenticator:
    """A security key that holds one credential and signs with it."""

    def __init__(self, origin="http://testserver", host="testserver"):
        self.origin, self.host, self.key = (
            origin,
            sha256(host.encode()).digest(),
            ec.generate_private_key(ec.SECP256R1()),
        )
        self.id = b"credential-of-the-test"

    def client_data(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def made(self, options):
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = AuthenticatorData.create(self.host, 0x41, 0, credential)
        # {"fmt": "none", "attStmt": {}, "authData": …} in CBOR
        length = len(data).to_bytes(2, "big")
        attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59" + length + data
        challenge = options["publicKey"]["challenge"]
        return self.answer(
            attestationObject=websafe_encode(attestation),
            clientDataJSON=websafe_encode(self.client_data("webauthn.create", challenge)),
        )

    def used(self, options, key=None):
        data = AuthenticatorData.create(self.host, 0x01, 1)
        told = self.client_data("webauthn.get", options["publicKey"]["challenge"])
        signed = (key or self.key).sign(data + sha256(told).digest(), ec.ECDSA(SHA256()))
        return self.answer(
            authenticatorData=websafe_encode(data),
            clientDataJSON=websafe_encode(told),
            signature=websafe_encode(signed),
        )

    def answer(self, **response):
        own = websafe_encode(self.id)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})


def with_passkey(client, authenticator):
    options = client.get("/admin/second-factor/passkey/").context["options"]
    return client.post("/admin/second-factor/passkey/", {"name": "Key ring", "answer": authenticator.made(options)})


@pytest.mark.usefixtures("second_factor_required")
def answer_of(cbor):
    told = {"clientDataJSON": websafe_encode(b'{"type":"webauthn.create"}'), "attestationObject": websafe_encode(cbor)}
    return json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": told})


@pytest.mark.parametrize(
    "answer",
    [
        "[" * 50_000,
        '{"id":' * 10_000,
        answer_of(b"\x81" * 20_000),
        answer_of(b"\x18"),
        answer_of(b"\xfb\x00"),
        answer_of(b""),
    ],
)
def test_what_no_browser_answers_is_no_passkey(answer):
    client = log_in(make_user("contributor"))
    client.get("/admin/second-factor/passkey/")

    made = client.post("/admin/second-factor/passkey/", {"name": "Key ring", "answer": answer})

    assert (made.status_code, Passkey.objects.count()) == (200, 0)
    assert "That did not work" in made.content.decode()


def test_a_passkey_is_set_up_and_lets_in():
    user, key = make_user("reviewer"), Authenticator()
    client = log_in(user)

    set_up = with_passkey(client, key)
    later = log_in(user)
    options = later.get(VERIFY).context["options"]
    used = later.post(VERIFY, {"answer": key.used(options)})

    assert len(set_up.context["codes"]) == 10
    assert Passkey.objects.get().name == "Key ring"
    assert [websafe_decode(one["id"]) for one in options["publicKey"]["allowCredentials"]] == [key.id]
    assert used.headers["Location"] == "/admin/"
    assert later.get("/admin/").status_code == 200


@pytest.mark.usefixtures("second_factor_required")
@pytest.mark.parametrize(
    "answer",
    [
        lambda key, options, before: key.used(options, ec.generate_private_key(ec.SECP256R1())),
        lambda key, options, before: before,
        lambda key, options, before: Authenticator(origin="https://evil.example").used(options, key.key),
        lambda key, options, before: Authenticator(host="evil.example").used(options, key.key),
        lambda key, options, before: "not JSON",
        lambda key, options, before: "[]",
        lambda key, options, before: "{}",
        lambda key, options, before: '{"rawId": 1, "response": null}',
        lambda key, options, before: "",
    ],
    ids=["signature", "replayed", "origin", "host", "text", "list", "empty", "types", "nothing"],
)
def test_an_answer_that_proves_nothing_does_not_let_in(answer):
    user, key = make_user("reviewer"), Authenticator()
    with_passkey(log_in(user), key)
    client = log_in(user)
    before = key.used(client.get(VERIFY).context["options"])
    options = client.get(VERIFY).context["options"]

    refused = client.post(VERIFY, {"answer": answer(key, options, before)})

    assert "That did not work" in text_of(refused)
    assert led_to(client, "/admin/", "get") == VERIFY


# Resetting another person's


def verified(group, **fields):
    user = make_user(group, **fields)
    device = with_app(user)
    client = log_in(user)
    client.user = user
    client.post(VERIFY, {"code": code_of(device)})
    return client


@pytest.mark.usefixtures("second_factor_required")
def test_an_administrator_resets_the_second_factor_of_another_with_a_reason_in_the_journal():
    administrator, reviewer = verified("administrator"), verified("reviewer")
    address = f"/admin/auth/user/{reviewer.user.pk}/reset-second-factor/"

    asked = administrator.post(address, {"reason": ""})
    administrator.post(address, {"reason": "Lost the phone; I called back."})

    assert "This field is required" in text_of(asked)
    assert led_to(reviewer, "/admin/", "get") == SET_UP
    entry = Journal.objects.get(verb="second_factor_reset")
    assert (entry.who, entry.subject_ref, entry.reason) == (
        administrator.user.username,
        reviewer.user.username,
        "Lost the phone; I called back.",
    )


@pytest.mark.usefixtures("second_factor_required")
def test_nobody_resets_the_own_one_or_that_of_a_superuser_above():
    administrator, superuser = verified("administrator"), verified(None, is_superuser=True)

    statuses = [
        administrator.post(f"/admin/auth/user/{user.pk}/reset-second-factor/", {"reason": "Lost"}).status_code
        for user in (administrator.user, superuser.user)
    ]

    assert statuses == [403, 403]
    assert superuser.get("/admin/").status_code == 200


def test_the_command_resets_it_where_no_administrator_is_left():
    user = make_user(None, is_superuser=True)
    with_app(user)

    call_command("reset_second_factor", user.username, reason="Lost")

    assert not TOTPDevice.objects.exists()
    assert Journal.objects.get().who == "command line"
    with pytest.raises(CommandError, match="has no second factor"):
        call_command("reset_second_factor", user.username, reason="Lost")
