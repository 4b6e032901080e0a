"""What the server runs: the WSGI application behind ASGI, so that slow clients hold memory for a while, and never a thread.

A body is taken in whole before a thread is asked for it, up to what its sender may send; an answer is handed over whole, or if it
is a stream piece by piece as the reader takes it. Both end when a client is slower than ``SLOWEST``. Source: ASGI 3.0, PEP 3333.
"""

import asyncio
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from tempfile import SpooledTemporaryFile
from urllib.parse import unquote_to_bytes

from django.db import close_old_connections

from heritage.limits import ANONYMOUS, LATE, LOG_IN, MEGABYTE, REFUSED, SMALL, TOO_BUSY, smallest_limit
from heritage.wsgi import application as django_application

# isort: split
from heritage.senders import body_limit  # needs the apps, which are there now

THREADS = 4  # that answer requests
STREAMING_THREADS = 2  # that make the pieces of downloads
HELD = 64 * MEGABYTE  # of bodies that wait at once; who signs in, or is signed in, may send all the same
PATIENCE = 15  # seconds in which a client must take a piece, or send something
SLOWEST = 8_000  # bytes a second that it must send on the whole, after those seconds
PIECE = 1 << 16
BODY = "http.response.body"
UNREADABLE = {"type": "http.response.start", "status": 400, "headers": [(b"content-length", b"0")]}


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
        self.held = 0

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        environ = environ_of(scope)
        loop = asyncio.get_running_loop()
        body = Body(environ) if has_body(environ) else None
        try:
            if body:
                # A task of asyncio, which can be told to wait no longer; the server's own cannot.
                await loop.create_task(self.take_in(body, receive))
            answer = await loop.run_in_executor(self.pages, self.ask, environ)
            if answer.body is None:
                await loop.create_task(self.stream(answer, receive, send))
            else:
                await send(answer.head)
                await send({"type": BODY, "body": answer.body})
        except TooSlow:
            return
        except Gone:  # or still there, and what it sends is no body
            await send(UNREADABLE)
            await send({"type": BODY, "body": b""})
        finally:
            if body:
                self.held -= body.in_memory
                body.file.close()

    async def take_in(self, body, receive):
        """Read a body, or as much of it as says that it is to be refused."""
        began, more = time.monotonic(), True
        try:
            while more:
                if max(body.size, body.declared) > body.most or self.held > HELD:
                    await self.look_up(body)
                if body.is_refused(self.held):
                    return
                left = min(PATIENCE, began + PATIENCE + body.size / SLOWEST - time.monotonic())
                message = await asyncio.wait_for(receive(), left)
                if message["type"] == "http.disconnect":
                    raise Gone
                more = message.get("more_body", False)
                self.held -= body.in_memory
                body.add(message.get("body", b""))
                self.held += body.in_memory
        except TimeoutError:
            body.environ[REFUSED] = LATE
            return
        if body.size < body.declared:
            raise Gone
        body.finish()

    async def look_up(self, body):
        """Find out who sends a body that is more than anybody may send."""
        if not body.is_known:
            loop = asyncio.get_running_loop()
            body.most = await loop.run_in_executor(self.pages, body_limit, body.environ)
            body.is_known = True

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

    async def stream(self, answer, receive, send):
        """Send the parts of a download while its reader takes them, and cut it off where he does not."""
        loop = asyncio.get_running_loop()
        gone = loop.create_task(disconnected(receive))
        try:
            await send(answer.head)
            while not gone.done() and (piece := await loop.run_in_executor(self.streams, answer.piece)):
                await asyncio.wait_for(send({"type": BODY, "body": piece, "more_body": True}), PATIENCE)
            if not gone.done():
                await send({"type": BODY, "body": b""})
        except TimeoutError as stalled:
            raise TooSlow from stalled
        finally:
            gone.cancel()
            await loop.run_in_executor(self.streams, answer.close)


async def disconnected(receive):
    """Wait until a client has closed its connection: to send to it then fails without a word."""
    while (await receive())["type"] != "http.disconnect":
        pass


class Body:
    """The body of a request, in memory up to what anybody may send and beyond that on the disk."""

    def __init__(self, environ):
        self.environ, self.file = environ, SpooledTemporaryFile(ANONYMOUS)  # noqa: SIM115 closed by the server
        self.declared, self.size = int(environ["CONTENT_LENGTH"] or 0), 0
        self.most, self.is_known = smallest_limit(environ["PATH_INFO"]), False

    def add(self, part):
        """Take in a part that came."""
        self.file.write(part)
        self.size += len(part)

    @property
    def in_memory(self):
        return self.size if self.size <= ANONYMOUS else 0

    def is_refused(self, held):
        """Tell whether no more of it is to be read, and leave word why."""
        size = max(self.size, self.declared)
        if size > self.most:
            self.environ["CONTENT_LENGTH"] = str(size)  # by which it is refused
            return True
        if held > HELD and self.most <= ANONYMOUS and size > LOG_IN:
            self.environ[REFUSED] = TOO_BUSY
            return True
        return False

    def finish(self):
        """Hand the whole body on."""
        self.environ["CONTENT_LENGTH"] = str(self.size)
        self.environ["wsgi.input"] = self.file
        self.file.seek(0)


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
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        put(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def put(environ, name, value):
    """Put a header into ``environ``; one that came several times is one with several values. Source: RFC 9110, 5.3."""
    if "_" in name:  # could be taken for another header, one that a proxy sets
        return
    key = name.upper().replace("-", "_")
    key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
    between = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{between}{value}" if environ.get(key) else value


def allow_connections():
    """Let the process have as many open connections as the system grants; the usual number is a fraction of it."""
    _usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


allow_connections()
application = Server(django_application)
