"""A client that costs next to nothing, so that what is measured is the server: kept connections, plain sockets."""

import selectors
import socket
import time
from dataclasses import dataclass

END = b"\r\n\r\n"
LONGEST = 120  # seconds that an answer may take
IDLE = 5  # seconds after which a server may close a connection that nobody uses


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict
    body: bytes


class Connection:
    """One kept connection."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), LONGEST)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()

    def send(self, request):
        self.received.clear()
        self.length = None
        self.socket.sendall(request)

    def receive(self):
        """Take in what has come; tell whether the answer is whole."""
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionResetError("The server closed the connection.")
        self.received += part
        if self.length is None:
            end = self.received.find(END)
            if end < 0:
                return False
            self.length = end + len(END) + self.announced(end)
        return len(self.received) >= self.length

    def announced(self, end):
        """Return the length of the body; a "not modified" has none."""
        self.head = self.received[:end].decode("latin-1").split("\r\n")
        self.status = int(self.head[0].split(" ", 2)[1])
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in self.head[1:])}
        if "transfer-encoding" in self.headers:
            raise ValueError("An answer without its length cannot be measured.")
        return 0 if self.status == 304 else int(self.headers["content-length"])

    def answer(self):
        return Answer(self.status, self.headers, bytes(self.received[self.received.find(END) + len(END) :]))

    def close(self):
        self.socket.close()


class Client:
    """One reader, who asks one thing after another."""

    def __init__(self, port):
        self.port, self.connection, self.used = port, Connection(port), time.perf_counter()

    def __enter__(self):
        return self

    def __exit__(self, *trouble):
        self.connection.close()

    def ask(self, request):
        """Send the bytes of a request; return the seconds until the answer was whole. What was idle for long is opened anew first."""
        if time.perf_counter() - self.used > IDLE:
            self.connection.close()
            self.connection = Connection(self.port)
        began = time.perf_counter()
        self.connection.send(request)
        while not self.connection.receive():
            pass
        self.used = time.perf_counter()
        return self.used - began

    def get(self, address, **headers):
        self.ask(request_of(address, **headers))
        return self.connection.answer()


def request_of(address, **headers):
    """Return the bytes of a GET request."""
    lines = [f"GET {address} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def crowd(port, requests, clients=16, seconds=2.0, warm=0.5, least=200, most=8.0):
    """Let ``clients`` ask at once, each again as soon as it has its answer; return (seconds of each answer, a second).

    The first ``warm`` seconds are not counted. It goes on for ``seconds`` and until ``least`` answers, at most ``most`` seconds
    but for two answers each.
    """
    selector, started, took = selectors.DefaultSelector(), {}, []
    connections = [Connection(port) for _ in range(clients)]
    asked = 0
    began = time.perf_counter()
    for connection in connections:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        started[connection] = time.perf_counter()
        connection.send(requests[asked % len(requests)])
        asked += 1
    while True:
        for key, _mask in selector.select():
            connection = key.data
            if connection.receive():
                now = time.perf_counter()
                if now - began > warm:
                    took.append(now - started[connection])
                started[connection] = now
                connection.send(requests[asked % len(requests)])
                asked += 1
        passed = time.perf_counter() - began - warm
        if len(took) >= (2 * clients if passed > most else least) and passed > seconds:
            break
    for connection in connections:
        connection.close()
    selector.close()
    return took, len(took) / passed
