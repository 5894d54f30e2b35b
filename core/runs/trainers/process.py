"""A trainer's process seen from the server: lines in, lines out."""

import json
import logging
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from core.runs.config import ROOT

log = logging.getLogger(__name__)

Message = dict[str, Any]

CLOSING_SECONDS = 2.0

FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
"""glibc keeps an arena per thread: with 50 runs a trainer took 910 MB, with two arenas 760."""


def _found_at(root: Path) -> dict[str, str]:
    """What lets a child find the program's packages, also where Python looks in no working directory."""
    places = [str(root), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(places)}


class TrainerProcess:
    """One process, its pipes and the threads at them.

    Args:
        command: what to run, in the repository's root.
        on_message: called from the reader thread with each JSON object the process writes.
        on_exit: called once from the reader thread when its output ends, however it ended.
        settings: of its environment, beside the server's own.
    """

    def __init__(
        self,
        command: Sequence[str],
        on_message: Callable[[Message], None],
        on_exit: Callable[[], None],
        settings: Mapping[str, str],
    ) -> None:
        # Its own session: Ctrl-C in the server's terminal is for the server, which then closes the
        # trainer's stdin. stderr is inherited: its complaints go to the server's log.
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, **FEW_ARENAS, **_found_at(ROOT), **settings},
        )
        self._on_message = on_message
        self._on_exit = on_exit
        self._outbox: SimpleQueue[bytes | None] = SimpleQueue()
        self._threads = (
            Thread(target=self._read, name="trainer-reader", daemon=True),
            Thread(target=self._write, name="trainer-writer", daemon=True),
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

    def end_input(self) -> None:
        """Let its stdin end, which ends it."""
        self._outbox.put(None)

    def kill(self) -> None:
        """End it by force, and do not wait for that: its reader notices."""
        self._process.kill()

    def close(self) -> None:
        """End the process: by the end of its stdin, and by force when that takes too long."""
        self.end_input()
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
            log.debug("the trainer's stdin is closed")
        try:
            stdin.close()
        except OSError:
            log.debug("the trainer left unread lines behind")

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
        self._on_exit()

    def _take(self, line: bytes) -> None:
        try:
            self._on_message(json.loads(line))
        except Exception:
            # One bad line costs one snapshot; an end of this thread would cost every run.
            log.exception("a line of a trainer was not understood: %.200r", line)
