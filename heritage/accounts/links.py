"""Links to set a password: for whoever was invited, and for whoever has forgotten it. Each works once, for some days."""

import logging
import threading
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from heritage.accounts.checks import mail_may_be_sent
from heritage.accounts.journal import note
from heritage.registry.models import Journal
from heritage.registry.models.journal import ACCOUNT
from heritage.registry.steps import now

log = logging.getLogger(__name__)
AGAIN_AFTER = timedelta(minutes=10)  # so that nobody's mailbox is filled by others


class Tokens(PasswordResetTokenGenerator):
    """Signs the account with its password, e-mail and last log-in: a link ends when one of them changes, or the account closes."""

    key_salt = "heritage.accounts.links"

    def check_token(self, user, token):
        return user is not None and user.is_active and super().check_token(user, token)


tokens = Tokens()


def link_for(request, user):
    """Return the address at which ``user`` sets a password, on the host that was asked for."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return request.build_absolute_uri(reverse("admin:set_password", args=[uid, tokens.make_token(user)]))


def issue(request, user, verb, reason=""):
    """Make a link for ``user`` and mail it where that can be done; return (link, whether it is mailed)."""
    link = link_for(request, user)
    is_mailed = bool(user.email) and mail_may_be_sent()
    note(user, verb, request.user, reason=reason, after={"mailed": is_mailed})
    if is_mailed:
        send(user, _("Your account at %(register)s") % {"register": settings.REGISTER_NAME}, "invitation", link)
    return link, is_mailed


def send_forgotten(request, email):
    """Mail a link to each account with this address, unless one was mailed a little while ago. Nobody is told whether there is one."""
    if not mail_may_be_sent():
        return
    for user in get_user_model().objects.filter(email__iexact=email, is_active=True, is_staff=True).exclude(email=""):
        before = Journal.objects.filter(subject_ref=user.get_username(), subject_kind=ACCOUNT, verb="link_requested")
        if not before.filter(at__gte=now() - AGAIN_AFTER).exists():
            note(user, "link_requested")
            send(user, _("Set a new password"), "forgotten", link_for(request, user))


def send(user, subject, template, link=""):
    """Mail it in a thread of its own, so that the answer takes the same time whether there is such an account or not."""
    context = {
        "user": user,
        "link": link,
        "register": settings.REGISTER_NAME,
        "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
    }
    message = EmailMessage(subject, render_to_string(f"accounts/mail/{template}.txt", context), to=[user.email])
    threading.Thread(target=deliver, args=[message], name="mail").start()


def deliver(message):
    try:
        message.send()
    except OSError:  # smtplib's faults are of this kind
        log.exception("A mail about an account could not be sent.")
