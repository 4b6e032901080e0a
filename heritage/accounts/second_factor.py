"""The second factor: who needs one, who has one, and how it is given, made and taken away.

Kinds: an authenticator app (TOTP, RFC 6238), passkeys (WebAuthn), and recovery codes for whoever has lost these.
"""

import secrets
from base64 import b32encode

import segno
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django_otp import login as give
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from heritage.accounts.journal import note
from heritage.accounts.models import Passkey

EVERYONE, REVIEWERS, OPTIONAL = "everyone", "reviewers", "optional"
#: Whoever may do one of these decides about what readers see, about other people's accounts, or takes the desk away whole.
WEIGHTY = (
    "registry.publish_monument",
    "registry.publish_place",
    "auth.add_user",
    "auth.change_user",
    "auth.change_group",
    "archive.deposit_whole_desk",
)
APP, CODES = _("authenticator app"), _("recovery codes")
NUMBER_OF_CODES = 10
SET_UP = "second_factor_set_up"


def is_required(user):
    """Tell whether ``user`` may do nothing at the desk without a second factor."""
    if settings.SECOND_FACTOR == EVERYONE:
        return True
    if settings.SECOND_FACTOR == OPTIONAL:
        return False
    return user.is_superuser or any(user.has_perm(one) for one in WEIGHTY)


def app_of(user):
    """Return the authenticator app of ``user``, or None."""
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).first()


def passkeys_of(user):
    return Passkey.objects.devices_for_user(user, confirmed=True)


def codes_of(user):
    """Return the container of the recovery codes of ``user``, or None."""
    return StaticDevice.objects.devices_for_user(user, confirmed=True).first()


def is_set_up(user):
    """Tell whether ``user`` has a second factor. Recovery codes alone are none."""
    return app_of(user) is not None or passkeys_of(user).exists()


def told_of(users):
    """Annotate accounts with whether they have one, as ``has_second_factor``."""
    devices = [table.objects.filter(user=OuterRef("pk"), confirmed=True) for table in (TOTPDevice, Passkey)]
    return users.annotate(has_second_factor=Exists(devices[0]) | Exists(devices[1]))


def mark(request, user):
    """Keep in the session whether the account has a second factor, so that pages need not ask the database."""
    request.session[SET_UP] = is_set_up(user)


def accept(request, device, how):
    """Let the session pass as verified with ``device``, under a new key."""
    give(request, device)
    request.session.cycle_key()
    mark(request, request.user)
    note(request.user, "second_factor_given", after={"with": str(how)})


# An authenticator app


def waiting_app(user):
    """Return the app that ``user`` is setting up: its secret stays the same until a code of it was typed."""
    found = TOTPDevice.objects.devices_for_user(user, confirmed=False).first()
    return found or TOTPDevice.objects.create(user=user, name=str(APP), confirmed=False)


def secret_text(device):
    """Return the secret of an app as people type it: base 32 in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def qr_code(device):
    """Return the QR code of an app that is being set up as SVG."""
    return segno.make(device.config_url, error="m", micro=False).svg_inline(
        scale=5, border=4, light="#fff", dark="#000", omitsize=False
    )


@transaction.atomic
def confirm_app(user, code):
    """Make the app that ``user`` is setting up the one in use, if ``code`` is right; return it or None."""
    device = TOTPDevice.objects.select_for_update().get(pk=waiting_app(user).pk)
    if not device.verify_token(code):
        return None
    TOTPDevice.objects.devices_for_user(user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    note(user, SET_UP, after={"kind": str(APP)})
    return device


# Recovery codes


@transaction.atomic
def make_codes(user):
    """Return new recovery codes; earlier ones are worth nothing from now on."""
    StaticDevice.objects.devices_for_user(user).delete()
    device = StaticDevice.objects.create(user=user, name=str(CODES))
    codes = [secrets.token_hex(8) for _number in range(NUMBER_OF_CODES)]
    for code in codes:
        device.token_set.create(token=code)
    note(user, "recovery_codes_made")
    return [f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}" for code in codes]


def codes_left(user):
    device = codes_of(user)
    return device.token_set.count() if device else 0


# Giving it


@transaction.atomic
def matching(user, typed):
    """Return (device, what it is) that the ``typed`` code belongs to, or None. Wrong codes make it wait, longer each time."""
    code = "".join(letter for letter in typed if letter.isalnum()).lower()
    found, kind = (app_of(user), APP) if code.isdecimal() and len(code) <= 8 else (codes_of(user), CODES)
    if found is None:
        return None
    device = type(found).objects.select_for_update().get(pk=found.pk)
    return (device, kind) if device.verify_token(code) else None


# Taking it away


def remove(user, device, kind):
    """Take one device away from ``user``, who asked for it."""
    device.delete()
    if not is_set_up(user):
        StaticDevice.objects.devices_for_user(user).delete()
    note(user, "second_factor_removed", before={"kind": str(kind)})


@transaction.atomic
def reset(user, by, reason):
    """Take all of the second factor away from ``user``; whoever needs one sets it up anew after the next log-in."""
    kinds = [str(APP)] * (app_of(user) is not None) + [one.name for one in passkeys_of(user)]
    for table in (TOTPDevice, StaticDevice, Passkey):
        table.objects.devices_for_user(user).delete()
    note(user, "second_factor_reset", by, reason=reason, before={"kinds": kinds})
