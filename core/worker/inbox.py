"""Commands as they arrive on stdin, read by a thread of their own so that training never waits for them."""

import os
import queue
import threading
from typing import BinaryIO

from core.data.loader import News
from core.worker.protocol import MAX_LINE_BYTES, BadLineError, Command, Line, parse

SHOWN_LINE = 200
"""Characters of a line that are kept."""

END_OF_INPUT = None

Message = Line | News | None
"""A line; news of a dataset being loaded; or END_OF_INPUT."""


class Inbox:
    """What came in and was not yet obeyed.

    Attributes:
        commands: in order of arrival, with news of datasets between them; END_OF_INPUT when the input ended
            before any update was trained.
        over: set when the input has ended.
        waiting: whether whoever obeys has nothing else to do than to wait for the next one.
        trained: to be set before the first update: from then on the end of the input ends the process at
            once, even while it trains or is stuck in a write, because whoever owned it is gone.
    """

    def __init__(self, source: BinaryIO) -> None:
        self.commands: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.trained = threading.Event()
        self.over = threading.Event()
        self.waiting = False
        self._source = source
        threading.Thread(target=self._read, name="stdin", daemon=True).start()

    def next(self, wait_seconds: float | None) -> Message:
        """The next one; waits for it so long, or for ever. Raises queue.Empty."""
        self.waiting = True
        try:
            return self.commands.get(timeout=wait_seconds)
        finally:
            self.waiting = False

    def _read(self) -> None:
        while line := self._source.readline(MAX_LINE_BYTES + 1):
            if line.strip():
                self.commands.put(Line(_text(line), _command(line)))
            while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
                line = self._source.readline(MAX_LINE_BYTES + 1)
        self.over.set()
        if self.trained.is_set():
            os._exit(0)
        self.commands.put(END_OF_INPUT)


def _command(line: bytes) -> Command | BadLineError:
    try:
        return parse(line)
    except BadLineError as error:
        return error


def _text(line: bytes) -> str:
    # No character takes more than four bytes.
    return line[: 4 * SHOWN_LINE].decode("utf-8", errors="replace").rstrip("\r\n")[:SHOWN_LINE]
