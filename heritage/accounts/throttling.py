"""Log-ins are throttled with ``django-axes``: after some failures an address may not try an account again for some minutes.

What is locked is the pair of account and address, so that nobody can lock a curator out from elsewhere. An address that
tries many accounts is locked as a whole, unless it is this machine or unknown: then a proxy stands in front, and its clients
cannot be told apart.
"""

from ipaddress import IPv6Address, ip_address, ip_network

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.db.models import Sum
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

ADDRESS_LIMIT = 50  #: failures of one address, whatever the accounts
NOWHERE = "0.0.0.0"  # noqa: S104 not to bind to, but where the server does not say


def client_address(request):
    """Return the address that a request comes from; of an IPv6 network, which one client has as a whole, its first.

    ``X-Forwarded-For`` can be written by anyone: only what our own proxy added, the last of it, is believed, and only where
    there is such a proxy.
    """
    told = [request.META.get("REMOTE_ADDR", "")]
    if settings.BEHIND_TLS_PROXY:
        told.insert(0, request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2])
    return next((found for one in told if (found := network_of(one.strip()))), NOWHERE)


def network_of(text):
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, 64), strict=False).network_address)
    return str(address)


class Handler(AxesDatabaseHandler):
    """Counts failures in the database, for each pair of account and address and for each address."""

    def is_locked(self, request, credentials=None):
        return super().is_locked(request, credentials) or address_is_locked(request.axes_ip_address)


def address_is_locked(address):
    """Tell whether ``address`` failed too often, with whatever accounts."""
    if address == NOWHERE or ip_address(address).is_loopback:
        return False
    recent = AccessAttempt.objects.filter(
        ip_address=address, attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME
    )
    return (recent.aggregate(total=Sum("failures_since_start"))["total"] or 0) >= ADDRESS_LIMIT


class Backend(AxesStandaloneBackend):
    """Refuses who is locked before a password is looked at. Programs on this machine, which send no request, are let pass."""

    def authenticate(self, request, username=None, password=None, **credentials):
        if request is None:
            return None
        return super().authenticate(request, username=username, password=password, **credentials)


def locked_page(request, response=None, credentials=None):
    """Answer whoever is locked, in the same words whether there is such an account or not."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    words = {"title": _("Too many attempts to log in"), "minutes": seconds // 60}
    context = {**admin.site.each_context(request), **words}
    answer = TemplateResponse(request, "accounts/locked.html", context, status=429, headers={"Retry-After": seconds})
    return answer.render()


def is_locked(user):
    """Tell whether ``user`` is locked from some address."""
    recent = timezone.now() - settings.AXES_COOLOFF_TIME
    counts = AccessAttempt.objects.filter(username=user.get_username(), attempt_time__gte=recent).values("ip_address")
    return counts.annotate(total=Sum("failures_since_start")).filter(total__gte=settings.AXES_FAILURE_LIMIT).exists()


def unlock(user):
    """Let ``user`` try again from everywhere."""
    AxesProxyHandler.reset_attempts(username=user.get_username())
