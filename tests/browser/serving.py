"""The app as a newcomer starts it, for tests and benchmarks that look at it from outside."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx2
import psutil

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync"]

PATIENCE = 60.0
"""Seconds in which everything is there. Machines are shared: what comes late is not wrong."""

Answer = TypeVar("Answer")


@dataclass
class Server:
    """A running app.

    Attributes:
        abroad: what its processes asked of the Internet, which swallows it.
    """

    url: str
    process: subprocess.Popen[bytes]
    abroad: list[bytes]

    def trainers(self) -> list[psutil.Process]:
        """The processes that train."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [process for process in children if "core.worker" in process.cmdline()]


@contextmanager
def serving(
    folder: Path, *, ready: bool = True, port: int = 0, script: Path = ROOT / "app.py", **settings: str
) -> Iterator[Server]:
    """Start `streamlit run app.py` on a free port, or that, with its database in `folder`; end it afterwards.

    With `ready`, wait until the worker can train. `settings` are the operator's, of the environment.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    nowhere = folder / "nowhere"
    nowhere.touch()  # A file in the way of the data folder: nothing is downloaded.
    env = {
        "SPARSITY_LAB_DATABASE": f"sqlite:///{folder}/lab.sqlite",
        "SPARSITY_LAB_DATA": str(nowhere),
        **settings,
    }
    abroad: list[bytes] = []
    env = os.environ | env | dict.fromkeys(("no_proxy", "NO_PROXY"), "")
    env |= dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), _black_hole(abroad))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    server = Server(f"http://localhost:{port}", process, abroad)
    try:
        if ready:
            wait_until(lambda: _healthy(server.url), seconds=2 * PATIENCE)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def wait_until(is_true: Callable[[], Answer], seconds: float = PATIENCE) -> Answer:
    """Ask until the answer is true; the last answer, or a failure that shows it."""
    end = time.monotonic() + seconds
    while not (answer := is_true()):
        assert time.monotonic() < end, f"still {answer!r} after {seconds} s"
        time.sleep(0.05)
    return answer


def _black_hole(asked: list[bytes]) -> str:
    """The address of a proxy that answers nobody, as a firewall does, and remembers what it was asked."""
    listener = socket.create_server(("127.0.0.1", 0))
    kept = []  # a connection that nobody holds would be closed

    def listen() -> None:
        while True:
            connection, _ = listener.accept()
            kept.append(connection)
            asked.append(connection.recv(1000).partition(b"\r\n")[0])

    threading.Thread(target=listen, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _healthy(url: str) -> bool:
    try:
        return bool(httpx2.get(f"{url}/api/health", timeout=2).json()["worker"] == "ready")
    except (httpx2.HTTPError, KeyError, ValueError):
        return False
