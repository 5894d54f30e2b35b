"""The app as a newcomer starts it, for tests and benchmarks that look at it from outside."""

import os
import shutil
import socket
import subprocess
import sys
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

Answer = TypeVar("Answer")


@dataclass
class Server:
    """A running app."""

    url: str
    process: subprocess.Popen[bytes]

    def worker(self) -> psutil.Process:
        """The process that trains."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return next(p for p in children if "core.training.worker" in p.cmdline())


@contextmanager
def serving(folder: Path, *, ready: bool = True) -> Iterator[Server]:
    """Start `streamlit run app.py` on a free port with its database in `folder`; end it afterwards.

    With `ready`, wait until the worker can train.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), f"--server.port={port}"]
    nowhere = folder / "nowhere"
    nowhere.touch()  # A file in the way of the data folder: nothing is downloaded.
    env = {
        "SPARSITY_LAB_DATABASE": f"sqlite:///{folder}/lab.sqlite",
        "SPARSITY_LAB_DATA": str(nowhere),
    }
    env = os.environ | env
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    server = Server(f"http://localhost:{port}", process)
    try:
        if ready:
            wait_until(lambda: _healthy(server.url), seconds=60)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def wait_until(is_true: Callable[[], Answer], seconds: float = 15.0) -> Answer:
    """Ask until the answer is true; the last answer, or a failure that shows it."""
    end = time.monotonic() + seconds
    while not (answer := is_true()):
        assert time.monotonic() < end, f"still {answer!r} after {seconds} s"
        time.sleep(0.05)
    return answer


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _healthy(url: str) -> bool:
    try:
        return bool(httpx2.get(f"{url}/api/health", timeout=2).json()["worker"] == "ready")
    except (httpx2.HTTPError, KeyError, ValueError):
        return False
