"""The training process seen from the server: lines in, lines out, and a new one when it dies."""

import json
import logging
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Literal

from core.runs.settings import ROOT

log = logging.getLogger(__name__)

WorkerState = Literal["starting", "ready", "lost"]

Message = dict[str, Any]

STEADY_SECONDS = 10.0
"""A worker that lived so long died by accident: the next one starts at once."""

LONGEST_WAIT = 30.0
"""Seconds between two starts of a worker that keeps dying at once."""

CLOSING_SECONDS = 2.0

FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
"""glibc keeps an arena per thread: with 50 runs the worker took 910 MB, with two arenas 760."""


class WorkerProcess:
    """One process, its pipes and the threads at them.

    Args:
        command: what to run, in the repository's root.
        on_message: called from the reader thread with each JSON object the process writes.
        on_exit: called once from the reader thread when its output ends, however it ended.
    """

    def __init__(
        self,
        command: Sequence[str],
        on_message: Callable[[Message], None],
        on_exit: Callable[["WorkerProcess"], None],
    ) -> None:
        # Its own session: Ctrl-C in the server's terminal is for the server, which then closes the
        # worker's stdin. stderr is inherited: the worker's complaints go to the server's log.
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env=os.environ | FEW_ARENAS,
        )
        self._on_message = on_message
        self._on_exit = on_exit
        self._outbox: SimpleQueue[bytes | None] = SimpleQueue()
        self._threads = (
            Thread(target=self._read, name="worker-reader", daemon=True),
            Thread(target=self._write, name="worker-writer", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def send(self, message: Mapping[str, Any]) -> None:
        """Hand a line to the process; never blocks, and a dead process is noticed by its reader."""
        self._outbox.put(json.dumps(message, allow_nan=False).encode() + b"\n")

    def close(self) -> None:
        """End the process: by the end of its stdin, and by force when that takes too long."""
        self._outbox.put(None)
        try:
            self._process.wait(CLOSING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join(CLOSING_SECONDS)

    def _write(self) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        try:
            while (line := self._outbox.get()) is not None:
                stdin.write(line)
                stdin.flush()
        except OSError:
            log.debug("the worker's stdin is closed")
        try:
            stdin.close()
        except OSError:
            log.debug("the worker left unread lines behind")

    def _read(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        with stdout:
            for line in stdout:
                self._take(line)
        # Its output is closed: a process that still lives can be of no use.
        self._process.kill()
        self._process.wait()
        self._outbox.put(None)
        self._on_exit(self)

    def _take(self, line: bytes) -> None:
        try:
            self._on_message(json.loads(line))
        except Exception:
            # One bad line costs one snapshot; an end of this thread would cost every run.
            log.exception("a line of the worker was not understood: %.200r", line)


class Worker:
    """The worker the runs talk to: a `WorkerProcess`, replaced when it dies.

    A worker that dies at once is started again after a growing pause, by `tick`.

    Attributes:
        state: `starting` until the process says hello, `lost` between two processes.
        device: what it trains on, for a person.
    """

    def __init__(self, command: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        self.state: WorkerState = "starting"
        self.device = ""
        self._command = command
        self._on_message: Callable[[Message], None] = lambda message: None
        self._on_lost: Callable[[], None] = lambda: None
        self._clock = clock
        self._lock = Lock()
        self._process: WorkerProcess | None = None
        self._closed = False
        self._started = 0.0
        self._wait = 0.0

    @property
    def pid(self) -> int | None:
        """The process id; None while there is no process."""
        process = self._process
        return process.pid if process is not None else None

    def start(self, on_message: Callable[[Message], None], on_lost: Callable[[], None]) -> None:
        """Start the process; both are called from a thread of its own."""
        with self._lock:
            self._on_message, self._on_lost = on_message, on_lost
            self._start()

    def send(self, message: Mapping[str, Any]) -> bool:
        """Hand a message over; False when there is no worker to take it."""
        process = self._process
        if process is None:
            return False
        process.send(message)
        return True

    def tick(self) -> None:
        """Start a lost worker again when its pause is over."""
        with self._lock:
            due = self._clock() - self._started >= self._wait
            if self._process is None and due and not self._closed:
                self._start()

    def close(self) -> None:
        """End the process for good."""
        with self._lock:
            self._closed = True
            process, self._process = self._process, None
        if process is not None:
            process.close()

    def _start(self) -> None:
        self.state = "starting"
        self._started = self._clock()
        try:
            self._process = WorkerProcess(self._command, self._receive, self._lost)
        except OSError:
            log.exception("the worker cannot be started")
            self.state = "lost"
            self._wait = LONGEST_WAIT

    def _receive(self, message: Message) -> None:
        if message.get("event") == "hello":
            self.state = "ready"
            self.device = f"{str(message['device']).upper()} · {message['name']}"
            log.info("worker ready on %s, torch %s", self.device, message.get("torch"))
        self._on_message(message)

    def _lost(self, process: WorkerProcess) -> None:
        with self._lock:
            if self._closed:
                return
            self._process = None
            self.state = "lost"
            lived = self._clock() - self._started
            self._wait = 0.0 if lived >= STEADY_SECONDS else min(max(2 * self._wait, 1.0), LONGEST_WAIT)
        log.error("the worker (process %s) ended after %.0f s", process.pid, lived)
        self._on_lost()
        self.tick()
