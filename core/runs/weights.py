"""The weights of runs: questions about them to the worker, and the files that keep them."""

from collections.abc import Callable
from typing import Any

from core.checkpoints import Checkpoints, NotKeptError
from core.runs.questions import Questions, waited
from core.runs.views import Refused, RunView

MOST_PINNED = 6
"""Runs whose files one owner may keep for good; all others' make room for newer ones."""


class Weights:
    """What can be asked and kept about the weights of a run. Not for the event loop.

    Args:
        questions: on their way to the worker and back.
        files: where the worker keeps weights.
        view: a run as it is now; None when there is none.
    """

    def __init__(
        self, questions: Questions, files: Checkpoints, view: Callable[[str], RunView | None]
    ) -> None:
        self._questions = questions
        self._files = files
        self._view = view

    def ask(
        self,
        owner: str,
        run: str,
        question: str,
        *,
        step: int | None = None,
        timeout: float = 10.0,
        **fields: Any,
    ) -> dict[str, Any]:
        """What the worker answers to a question of `core.training.inspect` about a run; waits for it.

        The answer says in `step` which moment it is about, and in `live` whether the run is there right now.
        Who knows a run may ask; the quota is the owner's.

        Raises:
            Refused: the worker refuses, is gone or takes too long, or the owner asks too much.
        """
        return waited(self._questions.ask(owner, run, question, step, fields), timeout)

    def steps(self, run: str) -> list[int]:
        """The steps at which the weights of a run were kept, in order."""
        return self._files.steps(run)

    def read(self, run: str, name: str) -> bytes:
        """A file that the worker wrote for somebody who asked. Raises Refused."""
        try:
            return self._files.read(run, name)
        except NotKeptError as error:
            raise Refused(str(error)) from None

    def lay(self, run: str, name: str, data: bytes) -> None:
        """Put a file beside a run's weights, for a question to read. Raises Refused."""
        try:
            self._files.keep(run, name, data)
        except NotKeptError as error:
            raise Refused(str(error)) from None

    def take_away(self, run: str, name: str) -> None:
        """Let such a file go again."""
        self._files.remove(run, name)

    def pin(self, owner: str, run: str, pinned: bool = True) -> None:
        """Keep the files of a run for good, or no longer.

        Raises:
            Refused: not this owner's run, MOST_PINNED are, or the folder cannot be written.
        """
        view = self._view(run)
        if view is None or view.owner != owner:
            raise Refused("This run is not yours: only who started it can keep its weights for good.")
        others = sum(self._is_of(owner, other) for other in self._files.pins() if other != run)
        if pinned and others >= MOST_PINNED:
            raise Refused(f"The weights of {others} runs are kept for good: let one of them go first.")
        try:
            self._files.pin(run, pinned)
        except NotKeptError as error:
            raise Refused(str(error)) from None

    def forget(self, run: str) -> None:
        """Let the files of a run go: it was deleted."""
        self._files.forget(run)

    def _is_of(self, owner: str, run: str) -> bool:
        view = self._view(run)
        return view is not None and view.owner == owner
