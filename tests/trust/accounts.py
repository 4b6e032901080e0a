"""What the tests of accounts share: logging in as people do, and authenticator apps."""

import time

from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.registry.make import PASSWORD


def log_in(user):
    """Return a browser in which ``user`` has given the password."""
    client = Client()
    client.post(reverse("admin:login"), {"username": user.username, "password": PASSWORD})
    return client


def with_app(user):
    """Give ``user`` an authenticator app; return it."""
    return TOTPDevice.objects.create(user=user, name="authenticator app")


def code_of(device):
    """Return the code that the app shows now."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return f"{totp.token():06d}"
