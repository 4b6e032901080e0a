"""Run the demonstration as the README says, on a free port and a database of its own; fail unless it answers.

Usage: serves_demo.py FOLDER. Waits at most a minute and ends the server it started.
"""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PAGES = ["/", "/monuments/", "/monuments.json", "/health/"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answered(url, server, until):
    """Wait for the server and return the status of ``url``; a server that ended is not waited for."""
    while True:
        try:
            with urlopen(url, timeout=10) as answer:  # noqa: S310
                return answer.status
        except URLError as trouble:
            if hasattr(trouble, "code"):
                return trouble.code
            if server.poll() is not None or time.monotonic() > until:
                sys.exit(f"{url} did not answer: {trouble}")
            time.sleep(0.1)


def main(folder):
    port, began = free_port(), time.monotonic()
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{Path(folder).resolve() / 'demo.sqlite3'}"}
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)  # noqa: S603
    try:
        for page in PAGES:
            status = answered(f"http://127.0.0.1:{port}{page}", server, began + 60)
            print(f"{status} {page} after {time.monotonic() - began:.1f} s", flush=True)
            if status != 200:
                sys.exit(f"{page} answered {status}.")
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main(sys.argv[1])
