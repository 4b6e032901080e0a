"""The site of the desk with its accounts: logging in and out with entries in the journal, the second factor, links."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import path
from django.utils import timezone

from heritage.accounts import views
from heritage.accounts.checks import mail_may_be_sent
from heritage.accounts.forms import LogInForm
from heritage.accounts.journal import note, note_failure
from heritage.registry.workbench import Workbench

UPLOADS_KEPT = 24 * 60 * 60  # seconds after which no request is still at work on an upload


class DeskSite(Workbench):
    """The workbench, for whoever has logged in."""

    login_template = "accounts/login.html"
    login_form = LogInForm

    def get_urls(self):
        own = [
            path("second-factor/", self.admin_view(views.second_factor), name="second_factor"),
            path("second-factor/app/", self.admin_view(views.app), name="second_factor_app"),
            path("second-factor/app/remove/", self.admin_view(views.remove_app), name="second_factor_app_remove"),
            path("second-factor/passkey/", self.admin_view(views.passkey), name="second_factor_passkey"),
            path(
                "second-factor/passkey/<int:pk>/remove/", self.admin_view(views.remove_passkey), name="passkey_remove"
            ),
            path("second-factor/codes/", self.admin_view(views.codes), name="second_factor_codes"),
            path("second-factor/verify/", self.admin_view(views.verify), name="second_factor_verify"),
            path("held/", self.admin_view(views.held), name="held"),
            path("set-password/<uidb64>/<token>/", views.SetPassword.as_view(), name="set_password"),
            path("forgotten-password/", views.forgotten_password, name="password_reset"),
        ]
        return [*own, *super().get_urls()]

    def each_context(self, request):
        return {**super().each_context(request), "second_factor_optional": settings.SECOND_FACTOR == "optional"}

    def login(self, request, extra_context=None):
        context = {"mail": mail_may_be_sent(), "contact": settings.ADMINISTRATOR_CONTACT, **(extra_context or {})}
        answer = super().login(request, context)
        if request.method != "POST":
            return answer
        if answer.status_code == 302:
            note(request.user, "log_in")
            clear()
        elif getattr(request, "axes_locked_out", False):
            if request.axes_failures_since_start is not None:  # locked by this attempt, rather than before it
                note_failure(request.POST.get("username", ""))
                note_failure(request.POST.get("username", ""), "lock_out")
        else:
            note_failure(request.POST.get("username", ""))
        return answer

    def logout(self, request, extra_context=None):
        user = request.user
        answer = super().logout(request, extra_context)
        if user.is_authenticated and not request.user.is_authenticated:
            note(user, "log_out")
        return answer

    def password_change(self, request, extra_context=None):
        answer = super().password_change(request, extra_context)
        if request.method == "POST" and answer.status_code == 302:
            note(request.user, "change_password")
        return answer


def clear():
    """Delete what is of no use any longer: ended sessions, forgotten attempts to log in, and what killed uploads left behind."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME).delete()
    for left in Path(tempfile.gettempdir()).glob("tmp*.upload*"):  # as Django names them
        with suppress(OSError):  # gone already
            found = left.stat()
            if found.st_uid == os.getuid() and found.st_mtime < now.timestamp() - UPLOADS_KEPT:
                left.unlink()
