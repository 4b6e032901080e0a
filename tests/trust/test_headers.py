"""Headers of every answer: what browsers may do, and what of the desk is kept nowhere."""

import pytest
from django.test import Client
from django.urls import reverse

from heritage.headers import POLICY
from tests.registry.conftest import signed_in

pytestmark = pytest.mark.django_db

DENIED = ["camera", "microphone", "geolocation", "payment", "usb", "serial", "hid", "display-capture"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 200),
        ("/map/", 200),
        ("/health/", 200),
        ("/monuments.json", 200),
        ("/monuments/cbdmnsbk26bd/", 404),
        ("/nowhere/", 404),
        ("/static/admin/css/base.css", 200),
        ("/static/nowhere.css", 404),
        ("/admin/", 302),
        ("/admin/login/", 200),
    ],
)
def test_every_answer_says_what_a_page_may_use(address, status):
    answer = Client().get(address)
    answer.close()

    assert answer.status_code == status
    assert answer.headers["Permissions-Policy"] == POLICY
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("feature", DENIED)
def test_nobody_may_use(feature):
    assert f"{feature}=()" in POLICY.split(", ")


def test_a_refusal_of_the_host_and_of_a_forged_form_say_it_too():
    host = Client().get("/", HTTP_HOST="evil.example")
    forged = Client(enforce_csrf_checks=True).post(reverse("admin:login"), {"username": "a"})

    assert [(answer.status_code, answer.headers["Permissions-Policy"]) for answer in (host, forged)] == [
        (400, POLICY),
        (403, POLICY),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/jsi18n/",
        "/admin/registry/source/",
        "/admin/second-factor/",
        "/admin/nowhere/",
        "/admin/login/",
    ],
)
def test_what_the_desk_shows_is_kept_by_no_cache_and_no_search_engine(address):
    for client in (signed_in("reviewer"), Client()):
        answer = client.get(address)
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_pages_for_readers_may_still_be_kept_and_found():
    answer = Client().get("/")

    assert "no-store" not in answer.headers.get("Cache-Control", "")
    assert "X-Robots-Tag" not in answer.headers


def test_the_pages_of_accounts_have_no_script_or_style_in_them():
    client = signed_in("contributor")

    for name in (
        "second_factor",
        "second_factor_app",
        "second_factor_passkey",
        "second_factor_codes",
        "password_change",
    ):
        shown = client.get(reverse(f"admin:{name}"))
        body = shown.content.decode()
        policy = shown.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert " style=" not in body
        assert "<style" not in body
        scripts = [part.split(">")[0] for part in body.split("<script")[1:]]
        assert [one for one in scripts if "src=" not in one and "application/json" not in one] == []
