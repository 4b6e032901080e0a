"""Who sends a request, as far as its size is concerned, and how much they may send."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django_otp.middleware import OTPMiddleware

from heritage.accounts.sessions import may_work
from heritage.limits import limit_of


def sender_limit(request):
    """Return the most bytes that ``request`` may send. A session that has ended, or lacks its second factor, is nobody's."""
    return limit_of(request.path_info, request.user if may_work(request) else AnonymousUser())


def body_limit(environ):
    """Return the most bytes that the sender of a request, as WSGI has it, may send; reads nothing of its body."""
    close_old_connections()
    request = WSGIRequest(environ)
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request.user = get_user(request)
    return OTPMiddleware(sender_limit)(request)
