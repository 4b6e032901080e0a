"""Middleware: requests that no view can answer are told so with status 400, before or after a view stumbles over them."""

import logging

from django.db import DataError, NotSupportedError

from heritage.public.answers import not_understood

log = logging.getLogger(__name__)
ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii"}


class WrongInput:
    """Answers 400 to texts in another encoding than UTF-8, and to values that no column of the database can hold."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        declared = request.content_params.get("charset", "utf-8").strip().lower()
        if declared not in ENCODINGS:
            if request.method not in ("GET", "HEAD"):
                return not_understood(request)
            request.encoding = "utf-8"  # it has no body, and addresses are in UTF-8 always
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not is_unstorable(exception):
            return None
        log.warning("A value of the request cannot be stored or compared: %s", request.path, exc_info=exception)
        return not_understood(request)


def is_unstorable(exception):
    """Tell whether a value was refused by the database or its driver: too large a number, a text that is not one, a comparison it has not."""
    if isinstance(exception, OverflowError):
        return "too large to convert to SQLite" in str(exception)
    if isinstance(exception, UnicodeEncodeError):
        return exception.reason == "surrogates not allowed"
    return isinstance(exception, DataError | NotSupportedError)
