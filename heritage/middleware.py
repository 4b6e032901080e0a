"""Refuses what is too large, too slow or too much at once, in the form that the address answers in."""

from threading import BoundedSemaphore

from django.contrib import admin
from django.utils.translation import gettext as _

from heritage.limits import LATE, REFUSED, SMALL, TOO_BUSY, smallest_limit
from heritage.public.answers import error, unavailable
from heritage.senders import sender_limit

DOWNLOADS = 8  # for readers at once in one process, and as many for curators


def limit_bodies(get_response):
    """Refuse a body that is too large for its sender before a byte of it is read."""

    def answer(request):
        refused = request.META.get(REFUSED)
        if refused == LATE:
            return late(request)
        if refused == TOO_BUSY:
            return busy(request, _("Too much is being sent to the register at the moment. Send it again in a moment."))
        size = content_length(request)
        # Whoever sends little need not be known, which would take a look at the session.
        if size > smallest_limit(request.path_info) and size > sender_limit(request):
            return too_large(request)
        return get_response(request)

    return answer


def content_length(request):
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def too_large(request):
    told = _(
        "What was sent is larger than this address takes. Send less at once, or sign in first if it is a file for the register."
    )
    return error(request, 413, told, heading=_("Too large"))


def late(request):
    told = _("What was being sent did not arrive in time. Check the connection and send it again.")
    return error(request, 408, told, heading=_("Too slow"))


def busy(request, told):
    """Answer that the register has no room for this just now, and when to try again."""
    return unavailable(error(request, 503, told, heading=_("Too busy")))


def limit_downloads(get_response):
    """Let only so many downloads run at once: each is made and sent for as long as its reader takes."""
    of_readers, of_curators = BoundedSemaphore(DOWNLOADS), BoundedSemaphore(DOWNLOADS)

    def answer(request):
        response = get_response(request)
        if not response.streaming or request.method == "HEAD" or is_small(response):
            return response
        slots = of_curators if is_of_desk(request) else of_readers
        if not slots.acquire(blocking=False):
            response.close()
            return busy(request, _("Several downloads are running at the moment. Start this one again in a moment."))
        response.close = released(slots, response.close)
        return response

    return answer


def is_small(response):
    return int(response.headers.get("Content-Length", SMALL + 1)) <= SMALL


def is_of_desk(request):
    return request.resolver_match is not None and admin.site.name in request.resolver_match.namespaces


def released(slots, close):
    """Return ``close`` that frees the slot of a download once, however often it is called."""
    held = [slots]

    def release():
        if held:
            held.pop().release()
        close()

    return release
