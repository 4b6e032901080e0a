"""What the server runs: the WSGI application behind ASGI, so that slow clients hold memory for a while, and never a thread.

A body is taken in whole before a thread is asked for it, up to what its sender may send; an answer is handed over whole, or if it
is a stream piece by piece as the reader takes it. Both end when a client is slower than ``SLOWEST``. Source: ASGI 3.0, PEP 3333.
"""

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from tempfile import SpooledTemporaryFile
from urllib.parse import unquote_to_bytes

from django.db import close_old_connections

from heritage.limits import ANONYMOUS, LATE, REFUSED, TOO_BUSY, body_limit, smallest_limit
from heritage.wsgi import application as django_application

THREADS = 4  # that answer requests
STREAMING_THREADS = 2  # that make the pieces of downloads
BODIES = 64  # that are taken in at once from people who are not signed in
PATIENCE = 15  # seconds that a client may always take
SLOWEST = 8_000  # bytes a second that it must take or send beyond those
SMALL = 1 << 20  # bytes of a file that is handed over whole
PIECE = 1 << 16


class TooSlow(Exception):
    """A client did not send or take anything for too long."""


class Gone(Exception):
    """A client has closed its connection."""


class Server:
    """The WSGI ``application`` as one of ASGI. One for each process."""

    def __init__(self, application):
        self.application = application
        self.pages = ThreadPoolExecutor(THREADS, "page")
        self.streams = ThreadPoolExecutor(STREAMING_THREADS, "stream")
        self.bodies = 0

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        environ = environ_of(scope)
        loop = asyncio.get_running_loop()
        try:
            if has_body(environ):
                # A task of asyncio, which can be told to wait no longer; the server's own cannot.
                await loop.create_task(self.take_in(environ, receive))
            answer = await loop.run_in_executor(self.pages, self.ask, environ)
            if answer.body is None:
                await loop.create_task(self.stream(answer, send))
            else:
                await send(answer.head)
                await send({"type": "http.response.body", "body": answer.body})
        except (Gone, TooSlow):
            return
        finally:
            environ["wsgi.input"].close()

    async def take_in(self, environ, receive):
        """Read the body of a request, or as much of it as says that it is to be refused."""
        signed_in = self.bodies >= BODIES and await self.limit(environ) > smallest_limit(environ["PATH_INFO"])
        if self.bodies >= BODIES and not signed_in:
            environ[REFUSED] = TOO_BUSY
            return
        self.bodies += 1
        try:
            await self.read(environ, receive)
        except TimeoutError:
            environ[REFUSED] = LATE
        finally:
            self.bodies -= 1

    async def read(self, environ, receive):
        declared, most, known = int(environ["CONTENT_LENGTH"] or 0), smallest_limit(environ["PATH_INFO"]), False
        began, size, more, body = time.monotonic(), 0, True, environ["wsgi.input"]
        while more:
            if not known and max(size, declared) > most:
                most, known = await self.limit(environ), True
            if max(size, declared) > most:
                environ["CONTENT_LENGTH"] = str(max(size, declared))
                return
            message = await asyncio.wait_for(receive(), began + PATIENCE + size / SLOWEST - time.monotonic())
            if message["type"] == "http.disconnect":
                raise Gone
            size, more = size + len(message.get("body", b"")), message.get("more_body", False)
            body.write(message.get("body", b""))
        if size < declared:
            raise Gone
        environ["CONTENT_LENGTH"] = str(size)
        body.seek(0)

    async def limit(self, environ):
        return await asyncio.get_running_loop().run_in_executor(self.pages, body_limit, environ)

    def ask(self, environ):
        """Return the ``Answer`` of the application; a small file is read at once."""
        answer = Answer()
        answer.parts = self.application(environ, answer.start)
        if environ["REQUEST_METHOD"] == "HEAD":
            answer.body = b""
        elif not getattr(answer.parts, "streaming", False) or answer.length <= SMALL:
            answer.body = b"".join(answer.parts)
        if answer.body is not None:
            answer.close()
        return answer

    async def stream(self, answer, send):
        """Send the parts of a download while its reader takes them, and cut it off where he does not."""
        loop, began, sent = asyncio.get_running_loop(), time.monotonic(), 0
        try:
            await send(answer.head)
            while piece := await loop.run_in_executor(self.streams, answer.piece):
                message = {"type": "http.response.body", "body": piece, "more_body": True}
                try:
                    await asyncio.wait_for(send(message), began + PATIENCE + sent / SLOWEST - time.monotonic())
                except TimeoutError as stalled:
                    raise TooSlow from stalled
                sent += len(piece)
            await send({"type": "http.response.body", "body": b""})
        finally:
            await loop.run_in_executor(self.streams, answer.close)


class Answer:
    """What the application answers: its head, and its body whole or in pieces."""

    def __init__(self):
        self.body, self.parts, self.rest, self.head = None, None, None, None
        self.length = float("inf")

    def start(self, status, headers, exc_info=None):
        self.head = {
            "type": "http.response.start",
            "status": int(status.split(" ", 1)[0]),
            "headers": [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers],
        }
        lengths = [int(value) for name, value in headers if name.lower() == "content-length"]
        self.length = lengths[0] if lengths else float("inf")

    def piece(self):
        """Return the next part of a stream, made of as many small ones as come to some size; empty at its end."""
        close_old_connections()
        self.rest = self.rest or iter(self.parts)
        found, size = [], 0
        while size < PIECE and (part := next(self.rest, None)) is not None:
            found.append(part)
            size += len(part)
        return b"".join(found)

    def close(self):
        if hasattr(self.parts, "close"):
            self.parts.close()


def has_body(environ):
    return environ["CONTENT_LENGTH"] not in ("", "0") or "HTTP_TRANSFER_ENCODING" in environ


def environ_of(scope):
    """Return the request as WSGI has it. Source: PEP 3333, "environ Variables"."""
    server = scope.get("server") or ("localhost", None)
    client = scope.get("client") or ("", 0)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "CONTENT_TYPE": "",
        "CONTENT_LENGTH": "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        put(environ, name.decode("latin-1"), value.decode("latin-1"))
    environ["wsgi.input"] = SpooledTemporaryFile(ANONYMOUS) if has_body(environ) else BytesIO()  # noqa: SIM115 closed by the server
    return environ


def put(environ, name, value):
    """Put a header into ``environ``; one that came several times is one with several values. Source: RFC 9110, 5.3."""
    if "_" in name:  # could be taken for another header, one that a proxy sets
        return
    key = name.upper().replace("-", "_")
    key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
    between = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{between}{value}" if environ.get(key) else value


application = Server(django_application)
