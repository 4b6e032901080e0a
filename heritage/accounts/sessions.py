"""Sessions at the desk: they end after a while without use, and need the second factor of whoever has or must have one.

What somebody typed into a page whose session has ended is kept in the new session until the same person has logged in again.
"""

import time
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from heritage.accounts.journal import note
from heritage.accounts.second_factor import SET_UP, is_required, is_set_up, mark

BEGAN, LAST_USED, HELD = "began_at", "last_used_at", "held_post"
WRITTEN_EVERY = 60  # seconds
#: Addresses of a page's own script: a page that is left open is not somebody at work.
UNATTENDED = ("_progress", "jsi18n")
LOG_IN = {"login", "logout", "set_password", "password_reset"}
WITHOUT_SECOND_FACTOR = {"login", "logout", "jsi18n", "set_password", "password_reset"}
VERIFYING = WITHOUT_SECOND_FACTOR | {"second_factor_verify"}
SETTING_UP = WITHOUT_SECOND_FACTOR | {
    "second_factor",
    "second_factor_app",
    "second_factor_passkey",
    "password_change",
    "password_change_done",
}


def on_desk(request):
    """Tell whether the address belongs to the desk."""
    return "admin" in request.resolver_match.namespaces


def name_of(request):
    return request.resolver_match.url_name or ""


@receiver(user_logged_in)
def begin(request, user, **signal):
    """Write down when a session began, and whether its account has a second factor."""
    request.session[BEGAN] = request.session[LAST_USED] = int(time.time())
    if HELD in request.session:
        request.session.set_expiry(None)
    mark(request, user)


class TimeOut:
    """Middleware that ends sessions nobody has used for a while, and every session after some hours."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, arguments, named):
        if not on_desk(request):
            return None
        if not request.user.is_authenticated:
            return self.anonymous(request)
        session, now = request.session, int(time.time())
        began, used = session.setdefault(BEGAN, now), session.setdefault(LAST_USED, now)
        if why := ended(now - began, now - used):
            return end(request, why)
        if now - used > WRITTEN_EVERY and not name_of(request).endswith(UNATTENDED):
            session[LAST_USED] = now
        if is_sent_again(request):
            del session[HELD]
        return None

    def anonymous(self, request):
        """Tell whoever sends something without a session, rather than let it vanish behind a page to log in."""
        if request.method == "POST" and name_of(request) not in LOG_IN:
            return told(request, is_held=False)
        return None


def may_work(request):
    """Tell whether whoever is signed in may work at the desk: the session has not ended, and has the second factor it needs."""
    user, session, now = request.user, request.session, int(time.time())
    if not user.is_authenticated or ended(now - session.get(BEGAN, now), now - session.get(LAST_USED, now)):
        return False
    if user.is_verified():
        return True
    return not is_required(user) and not (session.get(SET_UP) and is_set_up(user))


def ended(age, idle):
    """Return why a session of ``age`` seconds that was ``idle`` for so many has ended, or an empty text."""
    if idle >= settings.SESSION_IDLE_MINUTES * 60:
        return _("You were logged out because you had not used the desk for %(minutes)s minutes.") % {
            "minutes": settings.SESSION_IDLE_MINUTES
        }
    if age >= settings.SESSION_HOURS * 3600:
        return _("You were logged out because a session lasts %(hours)s hours at most.") % {
            "hours": settings.SESSION_HOURS
        }
    return ""


def end(request, why):
    """End the session; keep what was sent, and lead to logging in and back. Pages that need no session go on without it."""
    user, posted = request.user, held(request)
    note(user, "time_out")
    logout(request)
    if name_of(request) in LOG_IN:
        return None
    if posted:
        request.session[HELD] = posted
        request.session.set_expiry(settings.SESSION_HOURS * 3600)
        return told(request, is_held=True, why=why)
    messages.info(request, why)
    return to("admin:login", request.get_full_path() if request.method == "GET" else reverse("admin:index"))


def held(request):
    """Return what the request sends as {user, path, fields, files}, or None where it is nothing that somebody typed."""
    if request.method != "POST" or name_of(request) in SETTING_UP | VERIFYING:
        return None
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]
    return {"user": request.user.pk, "path": request.get_full_path(), "fields": fields, "files": sorted(request.FILES)}


def is_sent_again(request):
    posted = request.session.get(HELD)
    return bool(posted) and request.method == "POST" and posted["path"] == request.get_full_path()


def told(request, is_held, why=""):
    after = reverse("admin:held") if is_held else request.get_full_path()
    context = {
        "title": _("Your session has ended"),
        "is_held": is_held,
        "why": why,
        "login_url": f"{reverse('admin:login')}?{urlencode({'next': after})}",
    }
    return TemplateResponse(request, "accounts/ended.html", context, status=403)


def to(name, after):
    """Lead to a page, and from there to the address ``after``."""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': after})}")


class SecondFactor:
    """Middleware that lets nobody do anything at the desk without the second factor that the account has or needs."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, arguments, named):
        if not on_desk(request) or not request.user.is_authenticated or request.user.is_verified():
            return None
        required = is_required(request.user)
        if not required and not request.session.get(SET_UP):
            return None
        is_there = is_set_up(request.user)
        if name_of(request) in (VERIFYING if is_there else SETTING_UP):
            return None
        if not is_there and not required:
            return None
        after = request.get_full_path() if request.method == "GET" else reverse("admin:index")
        return to("admin:second_factor_verify" if is_there else "admin:second_factor", after)
