"""The WSGI application that the server runs."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http.request import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heritage.settings")


class Request(WSGIRequest):
    """A request whose texts are UTF-8, whatever it declares. What is declared is left to ``middleware.WrongInput``.

    Django would decode the address with any codec that Python has, and fail before a middleware can answer.
    """

    def _set_content_type_params(self, meta):
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Handler(WSGIHandler):
    """Django's, with such requests."""

    request_class = Request


django.setup(set_prefix=False)
application = Handler()
