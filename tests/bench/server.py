"""An application served as the register is: granian, two workers, this machine only."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.client import Client
from tests.bench.databases import HOUSE, family

OURS = ("heritage.server:application", "heritage.settings", ["--interface", "asginl"])
STOCK = (
    "tests.bench.stock:application",
    "tests.bench.stock_settings",
    ["--interface", "wsgi", "--blocking-threads", "4"],
)
COMMAND = [sys.executable, "-m", "granian", "--workers", "2"]
LONGEST = 60  # seconds until the first answer


class Server:
    """A server of one register; a context manager that ends it."""

    def __init__(self, application, register):
        self.target, self.settings, self.served = application
        self.register, self.port = register, free_port()

    def __enter__(self):
        environment = self.register.environment | {"DJANGO_SETTINGS_MODULE": self.settings}
        where = ["--no-ws", "--host", "127.0.0.1", "--port", str(self.port), self.target]
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        self.process = subprocess.Popen([*COMMAND, *self.served, *where], cwd=HOUSE, env=environment, **streams)
        try:
            self.wait()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *trouble):
        self.end()

    def wait(self):
        until = time.monotonic() + LONGEST
        while True:
            try:
                with Client(self.port) as client:
                    client.get("/")
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    sys.exit(f"The server of {self.target} on {self.register.name} did not start.")
                time.sleep(0.1)

    def processor_time(self):
        """Return the seconds of processor time that the server's processes have used (Linux; elsewhere 0)."""
        return sum(nanoseconds(pid) for pid in family(self.process.pid)) / 1e9

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def nanoseconds(pid):
    """Source: the first number of schedstat in /proc, by thread."""
    return sum(int(thread.read_text().split()[0]) for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def loads():
    """Return how many processes want the processors, on average of one, five and fifteen minutes."""
    return [round(load, 2) for load in os.getloadavg()]
