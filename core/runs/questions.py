"""Questions on their way to the worker and answers on their way back; a flood costs only who sends it."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from core.runs.views import Refused, RunView

MOST_PER_OWNER = 4
"""Questions of one owner that the worker may have at a time."""

MOST = 48

MOST_BYTES = 100_000
"""Of a question; the worker takes lines of 131,072 bytes."""

FORGET_SECONDS = 120.0
"""A question that got no answer for so long no longer counts."""

TOO_SLOW = "The answer took too long: the training process is busy, ask again in a moment."
LOST = "Worker lost: the training process ended unexpectedly, ask again in a moment."


@dataclass
class _Asked:
    owner: str
    since: float
    answer: Future[dict[str, Any]] = field(default_factory=Future)


class Questions:
    """What was asked and not yet answered. Thread-safe.

    Args:
        send: hands a message to the worker; False when there is none.
        view: a run as it is now, None when there is none.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        send: Callable[[Mapping[str, Any]], bool],
        view: Callable[[str], RunView | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._send = send
        self._view = view
        self._clock = clock
        self._lock = Lock()
        self._asked: dict[str, _Asked] = {}

    def ask(
        self, owner: str, run: str, question: str, step: int | None, fields: Mapping[str, Any]
    ) -> Future[dict[str, Any]]:
        """Send a question; the answer, or Refused, comes by the future. It counts until the worker is done.

        Not for the event loop: the store may take its time.

        Raises:
            Refused: there is no such run, the owner or everybody has too many questions waiting, this one is
                no JSON or too long, or there is no worker.
        """
        view = self._view(run)
        if view is None:
            raise Refused("There is no such run.")
        if view.state == "queued":
            raise Refused("This run has not started yet: ask when it trains.")
        number = secrets.token_urlsafe(12)
        message = {**fields, "op": "ask", "id": number, "run": run, "question": question, "step": step}
        try:
            n_bytes = len(json.dumps(message, allow_nan=False))
        except (TypeError, ValueError, RecursionError):
            raise Refused("A question must be made of finite numbers, texts and lists.") from None
        if n_bytes > MOST_BYTES:
            raise Refused(f"A question must be at most {MOST_BYTES // 1000} kB.")
        asked = self._admit(owner, number)
        if not self._send(message):
            self._take(number)
            raise Refused(LOST)
        return asked.answer

    def receive(self, message: dict[str, Any]) -> None:
        """Take in an `answer` or a `refused` of the worker."""
        asked = self._take(str(message["id"]))
        if asked is None:
            return
        with suppress(InvalidStateError):  # Who asked may have gone.
            if "answer" in message:
                head = {"step": message["step"], "live": message["live"]}
                asked.answer.set_result(message["answer"] | head)
            else:
                asked.answer.set_exception(Refused(str(message["message"])))

    def lose(self) -> None:
        """The worker is gone: no answer will come."""
        with self._lock:
            lost, self._asked = self._asked, {}
        for asked in lost.values():
            with suppress(InvalidStateError):
                asked.answer.set_exception(Refused(LOST))

    def _admit(self, owner: str, number: str) -> _Asked:
        now = self._clock()
        with self._lock:
            self._asked = {
                key: each for key, each in self._asked.items() if now - each.since < FORGET_SECONDS
            }
            own = sum(each.owner == owner for each in self._asked.values())
            if own >= MOST_PER_OWNER:
                raise Refused(f"You have {own} questions waiting for an answer: wait for one of them.")
            if len(self._asked) >= MOST:
                raise Refused("Too many questions are waiting: ask again in a moment.")
            asked = self._asked[number] = _Asked(owner, now)
            return asked

    def _take(self, number: str) -> _Asked | None:
        with self._lock:
            return self._asked.pop(number, None)


def waited(answer: Future[dict[str, Any]], timeout: float) -> dict[str, Any]:
    """The answer, at most `timeout` seconds from now. Raises Refused."""
    try:
        return answer.result(timeout)
    except TimeoutError:
        raise Refused(TOO_SLOW) from None
