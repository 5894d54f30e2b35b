"""Questions on their way to a trainer and answers on their way back; a flood costs only who sends it."""

import json
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from core.cost import LONG_QUESTIONS, MAX_STEP
from core.refusals import shown
from core.runs.views import Refused, RunView

MOST_PER_OWNER = 4
"""Questions of one owner that the trainers may have at a time, of the long ones and of the others each."""

MOST = 48
"""Questions of everybody, of the long ones and of the others each."""

MOST_BYTES = 100_000
"""Of a question; a trainer takes lines of 131,072 bytes."""

FORGET_SECONDS = 120.0
"""A question that got no answer for so long no longer counts; nobody has waited for it as long."""

TOO_SLOW = "The answer took too long: the training process is busy, ask again in a moment."
LOST = "Worker lost: the training process ended unexpectedly, ask again in a moment."


@dataclass
class _Asked:
    owner: str
    long: bool
    since: float
    answer: Future[dict[str, Any]] = field(default_factory=Future)


class Questions:
    """What was asked and not yet answered. Thread-safe.

    Args:
        send: hands a message to a trainer; False when there is none.
        view: a run as it is now, None when there is none.
        place: the run that is trained in a run's place, and which step it has shown; None where none is. Told
            the question, as some need a training of their own.
        clock: seconds that only go forward.
    """

    def __init__(
        self,
        send: Callable[[Mapping[str, Any]], bool],
        view: Callable[[str], RunView | None],
        place: Callable[[str, str], tuple[str, int | None] | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._send = send
        self._view = view
        self._place = place
        self._clock = clock
        self._lock = Lock()
        self._asked: dict[str, _Asked] = {}

    def ask(
        self, owner: str, run: str, question: str, step: int | None, fields: Mapping[str, Any]
    ) -> Future[dict[str, Any]]:
        """Send a question; the answer, or Refused, comes by the future.

        It counts until then, or until the future is cancelled: the trainer then drops it. Not for the event
        loop: the store may take its time.

        Raises:
            Refused: there is no such run or step, the owner or everybody has too many questions waiting,
                this one is no JSON or too long, or there is no trainer.
        """
        if step is not None and (type(step) is not int or not 0 <= step <= MAX_STEP):
            raise Refused(f"step must be a whole number from 0 to {MAX_STEP}, got {shown(step)}.")
        in_place = self._place(run, question)
        view = self._view(run)
        if view is None:
            raise Refused("There is no such run.")
        if view.state == "queued":
            raise Refused("This run has not started yet: ask when it trains.", retry=True)
        number = secrets.token_urlsafe(12)
        message = {**fields, "op": "ask", "id": number, "run": run, "question": question, "step": step}
        if in_place is not None:
            leader, shown_step = in_place
            message |= {"twin": leader, "step": shown_step if step is None else step}
        try:
            n_bytes = len(json.dumps(message, allow_nan=False))
        except (TypeError, ValueError, RecursionError):
            raise Refused("A question must be made of finite numbers, texts and lists.") from None
        if n_bytes > MOST_BYTES:
            raise Refused(f"A question must be at most {MOST_BYTES // 1000} kB.")
        asked = self._admit(owner, number, question in LONG_QUESTIONS)
        if not self._send(message):
            self._take(number)
            raise Refused(LOST, retry=True)
        asked.answer.add_done_callback(lambda answer: self._withdraw(run, number, answer))
        return asked.answer

    def _withdraw(self, run: str, number: str, answer: Future[dict[str, Any]]) -> None:
        """Tell the trainer of a question whose asker has gone."""
        if answer.cancelled() and self._take(number) is not None:
            self._send({"op": "withdraw", "run": run, "id": number})

    def receive(self, message: dict[str, Any]) -> None:
        """Take in an `answer` or a `refused` of a trainer."""
        asked = self._take(str(message["id"]))
        if asked is None:
            return
        with suppress(InvalidStateError):  # Who asked may have gone.
            if "answer" in message:
                head = {"step": message["step"], "live": message["live"]}
                asked.answer.set_result(message["answer"] | head)
            else:
                refused = Refused(str(message["message"]), retry=bool(message["retry"]))
                asked.answer.set_exception(refused)

    def lose(self, numbers: Collection[str]) -> None:
        """A trainer is gone: no answer will come to what it was asked."""
        for asked in filter(None, map(self._take, numbers)):
            with suppress(InvalidStateError):
                asked.answer.set_exception(Refused(LOST, retry=True))

    def _admit(self, owner: str, number: str, long: bool) -> _Asked:
        now = self._clock()
        with self._lock:
            self._asked = {
                key: each for key, each in self._asked.items() if now - each.since < FORGET_SECONDS
            }
            alike = [each for each in self._asked.values() if each.long == long]
            own = sum(each.owner == owner for each in alike)
            if own >= MOST_PER_OWNER:
                raise Refused(f"You have {own} questions waiting for an answer: wait for one of them.")
            if len(alike) >= MOST:
                raise Refused("Too many questions are waiting: ask again in a moment.", retry=True)
            asked = self._asked[number] = _Asked(owner, long, now)
            return asked

    def _take(self, number: str) -> _Asked | None:
        with self._lock:
            return self._asked.pop(number, None)


def waited(answer: Future[dict[str, Any]], timeout: float) -> dict[str, Any]:
    """The answer, at most `timeout` seconds from now; later nobody waits for it. Raises Refused."""
    try:
        return answer.result(timeout)
    except TimeoutError:
        answer.cancel()
        raise Refused(TOO_SLOW, retry=True) from None
