"""Passkeys over WebAuthn: what the browser is asked, and what its answers are worth. Source: W3C Web Authentication, level 2."""

import json
import struct

from django.conf import settings
from django.http.request import split_domain_port
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from heritage.accounts.models import Passkey
from heritage.accounts.second_factor import passkeys_of

STATE = "passkey_state"


class Unaccepted(Exception):
    """The browser's answer does not prove anything."""


def server(request):
    """Return the relying party: the host that was asked for, which ``ALLOWED_HOSTS`` vouches for."""
    origin = f"{request.scheme}://{request.get_host()}"
    party = PublicKeyCredentialRpEntity(id=host_of(request), name=settings.REGISTER_NAME)
    return Fido2Server(party, verify_origin=lambda told: told == origin)


def host_of(request):
    return split_domain_port(request.get_host())[0]


def credentials_of(user):
    return [AttestedCredentialData(bytes(one.credential)) for one in passkeys_of(user)]


def begin_registration(request):
    """Return what the browser needs to make a passkey, and remember what was asked."""
    user = request.user
    options, request.session[STATE] = server(request).register_begin(
        PublicKeyCredentialUserEntity(
            id=str(user.pk).encode(), name=user.get_username(), display_name=user.get_full_name() or user.get_username()
        ),
        credentials_of(user),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options)


def finish_registration(request, answer, name):
    """Store the passkey that the browser made; return it. Raises: Unaccepted."""
    made = understood(server(request).register_complete, asked(request), read(answer))
    return Passkey.objects.create(user=request.user, name=name, credential=bytes(made.credential_data))


def begin_authentication(request):
    """Return what the browser needs to use a passkey, and remember what was asked."""
    options, request.session[STATE] = server(request).authenticate_begin(
        credentials_of(request.user), user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options)


def finish_authentication(request, answer):
    """Return the passkey that the browser has used. Raises: Unaccepted."""
    known = credentials_of(request.user)
    used = understood(server(request).authenticate_complete, asked(request), known, read(answer))
    found = next(
        one
        for one in passkeys_of(request.user)
        if AttestedCredentialData(bytes(one.credential)).credential_id == used.credential_id
    )
    found.last_used_at = timezone.now()
    found.save(update_fields=["last_used_at"])
    return found


def asked(request):
    """Return what was asked last, which may be answered once. Raises: Unaccepted."""
    try:
        return request.session.pop(STATE)
    except KeyError as nothing:
        raise Unaccepted from nothing


def read(answer):
    try:
        return json.loads(answer)
    except (ValueError, RecursionError) as broken:
        raise Unaccepted from broken


def understood(step, *arguments):
    """Return what a ``step`` of the protocol gives. Raises: Unaccepted, whatever was wrong with what a browser sent."""
    try:
        return step(*arguments)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, struct.error) as wrong:
        raise Unaccepted from wrong
