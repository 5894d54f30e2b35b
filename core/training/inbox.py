"""Commands as they arrive on stdin, read by a thread of their own so that training never waits for them."""

import os
import queue
import threading
from typing import BinaryIO

from core.training.protocol import MAX_LINE_BYTES, BadLineError, Command, parse

END_OF_INPUT = None


class Inbox:
    """What came in and was not yet obeyed.

    Attributes:
        commands: in order of arrival; END_OF_INPUT when the input ended before any update was trained.
        trained: to be set at the first update: from then on the end of the input ends the process at once,
            even while it trains or is stuck in a write, because whoever owned it is gone.
    """

    def __init__(self, source: BinaryIO) -> None:
        self.commands: queue.SimpleQueue[Command | BadLineError | None] = queue.SimpleQueue()
        self.trained = threading.Event()
        self._source = source
        threading.Thread(target=self._read, name="stdin", daemon=True).start()

    def _read(self) -> None:
        while line := self._source.readline(MAX_LINE_BYTES + 1):
            if line.strip():
                self.commands.put(_command(line))
            while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
                line = self._source.readline(MAX_LINE_BYTES + 1)
        if self.trained.is_set():
            os._exit(0)
        self.commands.put(END_OF_INPUT)


def _command(line: bytes) -> Command | BadLineError:
    try:
        return parse(line)
    except BadLineError as error:
        return error
