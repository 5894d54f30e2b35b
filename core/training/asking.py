"""Questions about runs, answered between two turns; a long one is worked out a piece at a time."""

import time
import traceback
from collections import OrderedDict, deque
from dataclasses import dataclass

import torch

from core.checkpoints import Checkpoints, NotKeptError, moment_name
from core.training.device import use_threads
from core.training.inspect.fate import Watches
from core.training.inspect.moment import Moment, QuestionError, from_file, live, spec_in
from core.training.inspect.questions import Context, Work, begin
from core.training.loader import Loader
from core.training.protocol import Ask
from core.training.session import Emit, Session
from core.training.vision import VISION, DataError

MOST_PENDING = 64
"""Questions that are being worked out; more are refused."""

READ_KEPT = 3
"""Moments read from files that stay in memory: the next question is often about the same one."""

WATCHES_KEPT = 50
"""Runs whose watched weights are remembered, going or ended."""


@dataclass
class _Pending:
    ask: Ask
    moment: Moment
    work: Work


class Asking:
    """The questions this worker has been asked."""

    def __init__(self, store: Checkpoints, loader: Loader, emit: Emit) -> None:
        self._store = store
        self._loader = loader
        self._emit = emit
        self._pending: deque[_Pending] = deque()
        self._read: OrderedDict[tuple[str, int, int], Moment] = OrderedDict()
        self._watches: OrderedDict[str, Watches] = OrderedDict()
        self._rest_until = 0.0

    @property
    def busy(self) -> bool:
        """Whether a question is being worked out."""
        return bool(self._pending)

    def wait(self) -> float:
        """Seconds until the next piece of work may begin."""
        return max(0.0, self._rest_until - time.monotonic())

    def take(self, ask: Ask, session: Session | None) -> None:
        """Begin to answer; what takes one piece is answered at once."""
        if len(self._pending) >= MOST_PENDING:
            self._refuse(ask, "Too many questions are waiting: ask again in a moment.")
            return
        try:
            moment = self._moment(ask, session)
            context = Context(ask.run, self._watched(ask.run, session), self._store)
            work = begin(ask.question, ask.fields, moment, context)
        except (QuestionError, DataError) as error:
            self._refuse(ask, str(error))
        except Exception as error:
            self._fail(ask, error)
        else:
            self._go_on(_Pending(ask, moment, work))

    def advance(self, training: bool) -> None:
        """One piece of the question that waited longest; half of the time belongs to the runs that train."""
        if not self._pending or self.wait():
            return
        started = time.monotonic()
        self._go_on(self._pending.popleft())
        now = time.monotonic()
        self._rest_until = now + (now - started) if training else now

    def _go_on(self, pending: _Pending) -> None:
        ask = pending.ask
        use_threads(pending.moment.images.size)
        try:
            answer = next(pending.work)
            if answer is None:
                self._pending.append(pending)
            else:
                head = {"id": ask.id, "run": ask.run, "question": ask.question}
                said = head | {"step": pending.moment.step, "live": pending.moment.experiment is not None}
                self._emit("answer", said | {"answer": answer})
        except QuestionError as error:
            self._refuse(ask, str(error))
        except BrokenPipeError:
            raise
        except Exception as error:
            self._fail(ask, error)

    def _refuse(self, ask: Ask, message: str) -> None:
        self._emit("refused", {"id": ask.id, "run": ask.run, "message": message})

    def _fail(self, ask: Ask, error: Exception) -> None:
        traceback.print_exc()
        if isinstance(error, MemoryError | torch.OutOfMemoryError):
            self._refuse(ask, "The device has not enough memory to answer this.")
        else:
            self._refuse(ask, f"This could not be worked out: an unexpected {type(error).__name__}.")

    def _watched(self, run: str, session: Session | None) -> Watches:
        watches = session.watches if session is not None else self._watches.get(run, Watches())
        self._watches[run] = watches
        self._watches.move_to_end(run)
        if len(self._watches) > WATCHES_KEPT:
            self._watches.popitem(last=False)
        return watches

    def _moment(self, ask: Ask, session: Session | None) -> Moment:
        steps = self._store.steps(ask.run)
        now = [] if session is None else [session.experiment.step]
        if not steps and not now:
            raise QuestionError("No weights of this run are kept: start it again to look inside.")
        wanted = ask.step if ask.step is not None else max(now or steps)
        # Of two that are equally near the run itself, which comes first.
        nearest = min(now + steps, key=lambda step: abs(step - wanted))
        if session is not None and nearest in now:
            return live(session.experiment)
        return self._from_file(ask.run, nearest)

    def _from_file(self, run: str, step: int) -> Moment:
        path = self._store.path(run, moment_name(step))
        try:
            key = (run, step, path.stat().st_mtime_ns)
            if key not in self._read:
                self._read[key] = self._opened(run, step, str(path))
                if len(self._read) > READ_KEPT:
                    self._read.popitem(last=False)
            return self._read[key]
        except (OSError, NotKeptError):
            raise QuestionError("The weights of this moment are no longer kept.") from None

    def _opened(self, run: str, step: int, path: str) -> Moment:
        spec, step = spec_in(path)
        if not self._loader.has(spec.dataset):
            self._loader.begin(spec.dataset)
            title = VISION[spec.dataset].title
            raise QuestionError(f"{title} is being loaded: ask again in a moment.")
        return from_file(self._store.read(run, moment_name(step)), spec, step, self._loader.images(spec))
