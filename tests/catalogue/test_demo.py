"""The first command: what it sets up, what it keeps, and what it refuses."""

import re
import socket

import pytest
from django.core.management import CommandError, call_command

from heritage.catalogue.models import Edition
from heritage.registry.models import Monument, Place

pytestmark = pytest.mark.django_db


def test_the_demonstration_publishes_what_may_be_published_and_keeps_the_rest_as_drafts(capsys):
    call_command("demo", no_serve=True)

    assert "5 drafts stay at the desk" in capsys.readouterr().out
    assert (Monument.objects.count(), Monument.objects.drafts().count()) == (59, 5)
    assert Edition.objects.current().filter(subject="monument").count() == Monument.objects.published().count() == 54
    assert not Place.objects.drafts().exists()


def test_each_account_opens_the_desk_with_the_password_that_is_printed(client, capsys):
    call_command("demo", no_serve=True)

    accounts = re.findall(r"Account (\w+) +password (\S+)", capsys.readouterr().out)

    assert [name for name, _password in accounts] == ["curator", "reviewer", "administrator"]
    for name, password in accounts:
        assert client.login(username=name, password=password)
        assert client.get("/admin/").status_code == 200


def test_run_again_it_keeps_what_is_there(capsys):
    call_command("demo", no_serve=True)
    Monument.objects.drafts().first().delete()
    editions = Edition.objects.count()

    call_command("demo", no_serve=True)

    assert "it is kept as it is" in capsys.readouterr().out
    assert (Monument.objects.count(), Edition.objects.count()) == (58, editions)


def test_a_port_in_use_is_refused_before_anything_is_set_up():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is in use; choose another with --port."):
            call_command("demo", port=port)

    assert not Monument.objects.exists()


def test_a_port_that_does_not_exist_is_wrong_use():
    with pytest.raises(CommandError, match="Port 70000 does not exist") as refusal:
        call_command("demo", port=70000)

    assert refusal.value.returncode == 2
