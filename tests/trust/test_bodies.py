"""A body is refused for its size before a byte of it is read or stored, and its sender is told so by the register."""

import io
from itertools import product

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from heritage import limits
from heritage.accounts.sessions import BEGAN, LAST_USED
from heritage.limits import ANONYMOUS, LOG_IN, SIGNED_IN
from heritage.middleware import limit_bodies
from heritage.senders import body_limit
from tests.registry.make import PASSWORD, make_user

pytestmark = pytest.mark.django_db

UPLOADS = 2 * settings.IMPORT_MAX_MB * 1_000_000 + 1_000_000
CSRF = {"HTTP_COOKIE": "csrftoken=" + "a" * 32}
FORM = "multipart/form-data; boundary=x"
TYPES = [FORM, "application/x-www-form-urlencoded", "application/json", "text/plain", ""]


class Unread(io.RawIOBase):
    """A body that fails when it is read."""

    def readable(self):
        return True

    def readinto(self, buffer):
        raise AssertionError("a byte of the body was read")


def send(client, address, size, content_type=FORM, **extra):
    """Send a body that says it has ``size`` bytes, of which none may be read."""
    body = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(size)}
    return client.generic("POST", address, b"", content_type, **body | extra)


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/admin/login/", LOG_IN),
        ("/admin/", ANONYMOUS),
        ("/admin/intake/batch/add/", ANONYMOUS),
        ("/admin/registry/media/add/", ANONYMOUS),
        ("/monuments/", ANONYMOUS),
        ("/no/such/address/", ANONYMOUS),
    ],
)
def test_a_body_from_somebody_unknown_that_is_too_large_is_refused_unread(client, address, most):
    for content_type, extra in product(TYPES, ({}, CSRF)):
        answer = send(client, address, most + 1, content_type, **extra)

        assert answer.status_code == 413
        assert "larger than this address takes" in answer.content.decode()


def test_programs_are_told_in_their_own_form(client):
    answer = send(client, "/monuments.json", ANONYMOUS + 1)

    assert answer.status_code == 413
    assert answer.json()["error"]["status"] == 413


@pytest.mark.parametrize("cookie", ["sessionid=made-up", "sessionid=" + "a" * 32, "messages=x; csrftoken=y"])
def test_a_cookie_alone_makes_nobody_signed_in(client, cookie):
    assert send(client, "/admin/intake/batch/add/", ANONYMOUS + 1, HTTP_COOKIE=cookie).status_code == 413


def test_somebody_who_was_deactivated_is_signed_in_no_longer(client):
    user = make_user("contributor")
    client.force_login(user)
    user.is_active = False
    user.save()

    assert send(client, "/admin/intake/batch/add/", ANONYMOUS + 1).status_code == 413


@pytest.mark.django_db(transaction=True)  # the server takes connections of its own
@pytest.mark.parametrize("seconds", ["SESSION_IDLE_MINUTES * 60", "SESSION_HOURS * 3600"])
def test_the_cookie_of_a_session_that_has_ended_makes_nobody_signed_in(client, seconds):
    name, by = seconds.split(" * ")
    client.force_login(make_user("contributor"))
    session = client.session
    session[BEGAN if name == "SESSION_HOURS" else LAST_USED] -= getattr(settings, name) * int(by)
    session.save()
    environ = client._base_environ(PATH_INFO="/admin/intake/batch/add/")

    assert body_limit(environ) == ANONYMOUS
    assert send(client, "/admin/intake/batch/add/", ANONYMOUS + 1).status_code == 413


@pytest.mark.django_db(transaction=True)  # the server takes connections of its own
def test_a_password_without_its_second_factor_makes_nobody_signed_in(client, settings):
    settings.SECOND_FACTOR = "reviewers"
    client.force_login(make_user("reviewer"))

    assert body_limit(client._base_environ(PATH_INFO="/admin/registry/media/add/")) == ANONYMOUS
    assert send(client, "/admin/registry/media/add/", ANONYMOUS + 1).status_code == 413


@pytest.mark.django_db(transaction=True)  # the server takes connections of its own
def test_the_server_knows_who_is_signed_in(client):
    client.force_login(make_user("contributor"))

    assert body_limit(client._base_environ(PATH_INFO="/admin/registry/media/add/")) == UPLOADS


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/admin/login/", LOG_IN),
        ("/admin/registry/monument/add/", SIGNED_IN),
        ("/admin/registry/source/add/", SIGNED_IN),
        ("/monuments/", SIGNED_IN),
        ("/admin/intake/batch/add/", UPLOADS),
        ("/admin/registry/media/add/", UPLOADS),
    ],
)
def test_curators_send_large_files_only_where_files_are_kept(rf, address, most):
    user = make_user("contributor")

    assert limits.limit_of(address, user) == most


def test_what_is_too_large_for_a_curator_is_refused_unread(client):
    client.force_login(make_user("contributor"))

    assert send(client, "/admin/registry/monument/add/", SIGNED_IN + 1).status_code == 413
    assert send(client, "/admin/intake/batch/add/", UPLOADS + 1).status_code == 413


def test_a_large_file_of_a_curator_arrives(client, settings, tmp_path):
    settings.IMPORTS_DIR = tmp_path
    client.force_login(make_user("contributor"))
    file = SimpleUploadedFile("list.csv", b"name\n" + b"Chapel of the bridge\n" * 200_000)

    client.post("/admin/intake/batch/add/", {"file": file})

    [path] = tmp_path.glob("*/list.csv")
    assert path.stat().st_size == file.size > ANONYMOUS


@pytest.mark.parametrize("length", ["", "many", "-5"])
def test_a_length_that_is_no_number_is_none(rf, length):
    request = rf.post("/admin/", CONTENT_LENGTH=length)

    assert limit_bodies(lambda request: "answered")(request) == "answered"


def test_a_log_in_of_usual_size_works(client):
    user = make_user("contributor")

    answer = client.post(
        "/admin/login/?next=/admin/", {"username": user.username, "password": PASSWORD, "next": "/admin/"}
    )

    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")


def test_hundreds_of_fields_are_refused_with_a_reason(client):
    answer = client.get("/monuments.json?" + "&".join(f"kind={number}" for number in range(1_001)))

    assert answer.status_code == 400
