"""How the reading room answers: reading only, one shape of errors, a strong ETag on everything."""

import hashlib
import sys
from functools import partial, wraps

from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from heritage.public.cost import TooCostly, bounded
from heritage.public.stamps import published, stamp
from heritage.registry.vocabulary import WithdrawalReason
from heritage.storage_errors import storage_error

DATA = (".json", ".geojson", ".jsonl", ".csv")
RETRY_AFTER = 15  # seconds
NARROWER = {
    "q": lazy("Use rarer words, or more letters of them."),
    "on": lazy("Leave the day out to ask about the register of today."),
    "bbox": lazy("Choose a smaller part of the map."),
    "sort": lazy("Leave the order out."),
    "page_size": lazy("Ask for fewer on a page."),
    "happened_from": lazy("Choose a shorter span of time."),
    "happened_to": lazy("Choose a shorter span of time."),
    "mode": lazy("Choose one way of reporting."),
}
REVALIDATE = "public, max-age=0, must-revalidate"


class Mistakes(Exception):
    """Parameters that cannot be answered: messages by the name of the parameter."""

    def __init__(self, fields):
        super().__init__(fields)
        self.fields = fields


class Gone(Exception):
    """The record was withdrawn. ``reason_class`` is a code of ``WithdrawalReason``."""

    def __init__(self, reason_class):
        super().__init__(reason_class)
        self.reason_class = reason_class


class Closed(Gone):
    """This version of the record was closed; the record itself may be published."""


class Moved(Exception):
    """The record was merged into another."""

    def __init__(self, into):
        super().__init__(into)
        self.into = into


def reader(view=None, *, follows=None, tagged=None):
    """Make ``view`` answer GET and HEAD only, with errors in its own format and conditional requests honoured.

    ``follows`` returns what the answer depends on (see ``stamps``), which makes its ETag; without it the bytes do.
    ``tagged`` returns the ETag that the answer will have, for readers who have it already.
    """
    if view is None:
        return partial(reader, follows=follows, tagged=tagged)

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        state = follows(**kwargs) if follows else None
        request.published = state if follows is published else None
        tag = stamp(request, state) if follows else ""
        if tagged and "If-None-Match" in request.headers:
            tag = tagged(**kwargs) or ""
        return unchanged(request, tag) or conditional(request, answered(view, request, *args, **kwargs), tag)

    answer.csrf_exempt = True
    return answer


def answered(view, request, *args, **kwargs):
    """Return what ``view`` answers, or what it answers instead."""
    try:
        with bounded():
            return view(request, *args, **kwargs)
    except TooCostly:
        return too_costly(request)
    except Mistakes as mistakes:
        return error(request, 400, _("Some parameters cannot be understood."), mistakes.fields)
    except Moved as moved:
        return HttpResponsePermanentRedirect(moved_address(request, moved.into))
    except Closed as closed:
        return closed_version(request, closed.reason_class)
    except Gone as gone:
        return withdrawn(request, gone.reason_class)
    except Http404:
        return not_found(request)


def unchanged(request, tag):
    """Return 304 where the reader has the answer with this tag, else ``None``. A star asks whether there is any answer."""
    asked = request.headers.get("If-None-Match", "")
    if not tag or tag not in asked:
        return None
    response = get_conditional_response(request, tag)
    if response is not None:
        response.headers["ETag"], response.headers["Cache-Control"] = tag, REVALIDATE
    return response


def conditional(request, response, tag=""):
    """Give ``response`` its ETag and answer 304 where the reader has it already."""
    response.headers.setdefault("Cache-Control", REVALIDATE)
    if response.status_code != 200:
        return response
    if not response.has_header("ETag"):
        response.headers["ETag"] = tag or f'"{hashlib.sha256(response.content).hexdigest()}"'
    return get_conditional_response(request, response.headers["ETag"], response=response)


def moved_address(request, into):
    """Return the address of the record ``into`` in the format that was asked for; versions lead to the current one."""
    name = request.resolver_match.url_name.replace("version", "monument")
    return reverse(name, args=[into])


def verbatim(edition):
    """Return the record of ``edition`` byte for byte."""
    body = edition.record.encode()
    return HttpResponse(body, content_type="application/json", headers={"ETag": f'"{edition.sha256}"'})


def data(content, content_type="application/json"):
    """Return ``content``, or the JSON text that it is, as JSON with letters as they are."""
    if isinstance(content, str):
        return HttpResponse(content, content_type=content_type)
    return JsonResponse(content, content_type=content_type, json_dumps_params={"ensure_ascii": False})


def wants_data(request):
    return request.path.endswith(DATA)


def error(request, status, message, fields=None, heading=""):
    """Return an error page, or for data formats the one JSON shape."""
    if wants_data(request):
        shape = {"error": {"status": status, "message": str(message), "fields": fields or {}}}
        return JsonResponse(shape, status=status, json_dumps_params={"ensure_ascii": False})
    context = {
        "status": status,
        "heading": heading or message,
        "message": message,
        "fields": fields or {},
        "section": "",
    }
    return render(request, "public/error.html", context, status=status)


def not_found(request, exception=None):
    return error(
        request,
        404,
        _("Nothing is published at this address. It may never have been, or the address may be mistyped."),
        heading=_("Not found"),
    )


def withdrawn(request, reason_class):
    return error(
        request,
        410,
        _("This record was published and has been withdrawn. Class of the reason: %s.")
        % WithdrawalReason.label_of(reason_class),
        fields={"reason_class": [reason_class]},
        heading=_("Withdrawn"),
    )


def closed_version(request, reason_class):
    return error(
        request,
        410,
        _("This version was published and has been closed. Class of the reason: %s.")
        % WithdrawalReason.label_of(reason_class),
        fields={"reason_class": [reason_class]},
        heading=_("Closed version"),
    )


def refused(request, exception=None):
    return error(request, 403, _("You may not do this here."), heading=_("Refused"))


def too_costly(request):
    """Answer that the question took too long, and by which of its parameters it can be made smaller."""
    told = _("This question takes the register too long to answer. Narrow it and ask again.")
    fields = {name: [str(hint)] for name, hint in NARROWER.items() if request.GET.get(name)}
    return unavailable(error(request, 503, told, fields, heading=_("Too much at once")))


def unavailable(answer, seconds=RETRY_AFTER):
    """Return ``answer`` with word of when to ask again; nobody is to keep it until then."""
    answer.headers["Retry-After"] = str(seconds)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def not_understood(request, exception=None):
    return error(request, 400, _("The request cannot be understood."), heading=_("Not understood"))


def failed(request):
    """Answer what no view answered. Django calls it while it handles the exception."""
    if unsaved := storage_error(sys.exc_info()[1]):
        return error(request, unsaved.status, unsaved.message, heading=_("Not saved"))
    return error(
        request,
        500,
        _("Something went wrong on our side. The register itself is not harmed; please try again later."),
        heading=_("Something went wrong"),
    )
