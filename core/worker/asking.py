"""Questions about runs, answered between two turns, a piece at a time; long ones in a line of their own."""

import traceback
from collections import OrderedDict, deque
from dataclasses import dataclass

import torch

from core.checkpoints import Checkpoints, NotKeptError, moment_name
from core.cost import LONG_QUESTIONS
from core.data.loader import Loader
from core.data.vision import VISION, DataError
from core.inspect.fate import Watches
from core.inspect.moment import Answer, Moment, QuestionError, from_file, live, spec_in
from core.inspect.questions import Context, begin
from core.training.pieces import Allowance, Pieces
from core.worker.job import Emit, Job
from core.worker.protocol import Ask

MOST_PENDING = 128
"""Questions that are being worked out; more are refused."""

READ_KEPT = 3
"""Moments read from files that stay in memory: the next question is often about the same one."""

WATCHES_KEPT = 50
"""Runs whose watched weights are remembered, going or ended."""


@dataclass
class _Pending:
    ask: Ask
    moment: Moment
    work: Pieces[Answer]

    @property
    def long(self) -> bool:
        """Whether it waits in the line of the long ones."""
        return self.ask.question in LONG_QUESTIONS


class Asking:
    """The questions this worker has been asked.

    Those that wait take turns, a piece each. Of the long ones only the first is worked out, so that some are
    answered in time rather than all too late; it has every second piece while others wait.
    """

    def __init__(self, store: Checkpoints, loader: Loader, emit: Emit) -> None:
        self._store = store
        self._loader = loader
        self._emit = emit
        self._pending: deque[_Pending] = deque()
        self._long: deque[_Pending] = deque()
        self._long_is_next = True
        self._read: OrderedDict[tuple[str, int, int], Moment] = OrderedDict()
        self._watches: OrderedDict[str, Watches] = OrderedDict()
        # After each piece as much time for the runs; none is saved up.
        self._allowance = Allowance(most=0.0, pace=1.0)

    @property
    def busy(self) -> bool:
        """Whether a question is being worked out."""
        return bool(self._pending or self._long)

    def wait(self) -> float:
        """Seconds until the next piece of work may begin."""
        return self._allowance.wait()

    def take(self, ask: Ask, job: Job | None, twin: Job | None = None) -> None:
        """Begin to answer; what takes one piece is answered at once, a long one when its turn has come.

        Args:
            ask: the question.
            job: the run it is about, if it is trained here.
            twin: the equal run that is trained in its place.
        """
        if len(self._pending) + len(self._long) >= MOST_PENDING:
            self._refuse(ask, "Too many questions are waiting: ask again in a moment.", retry=True)
            return
        try:
            moment = self._moment(ask, job or twin)
            context = Context(ask.run, self._watched(ask.run, job), self._store)
            work = begin(ask.question, ask.fields, moment, context)
        except QuestionError as error:
            self._refuse(ask, str(error), retry=error.retry)
        except DataError as error:
            self._refuse(ask, str(error))
        except Exception as error:
            self._fail(ask, error)
        else:
            pending = _Pending(ask, moment, work)
            if pending.long:
                self._long.append(pending)
            else:
                self._go_on(pending)

    def withdraw(self, id: str) -> None:
        """Drop a question that nobody waits for; it is refused, so that each gets one reply."""
        for line in (self._pending, self._long):
            for pending in [each for each in line if each.ask.id == id]:
                line.remove(pending)
                self._refuse(pending.ask, "Nobody waits for this answer any more.")

    def advance(self, training: bool) -> None:
        """One piece of the question that waited longest; half of the time belongs to the runs that train."""
        if not self.busy or self.wait():
            return
        line = self._long if self._long and (self._long_is_next or not self._pending) else self._pending
        self._long_is_next = line is self._pending
        self._go_on(line.popleft(), self._allowance if training else None)

    def _go_on(self, pending: _Pending, allowance: Allowance | None = None) -> None:
        ask = pending.ask
        try:
            if pending.work.advance(allowance):
                head = {"id": ask.id, "run": ask.run, "question": ask.question}
                said = head | {"step": pending.moment.step, "live": pending.moment.run is not None}
                self._emit("answer", said | {"answer": pending.work.found})
            elif pending.long:
                self._long.appendleft(pending)
            else:
                self._pending.append(pending)
        except QuestionError as error:
            self._refuse(ask, str(error), retry=error.retry)
        except BrokenPipeError:
            raise
        except Exception as error:
            self._fail(ask, error)

    def refuse(self, id: str, run: str, message: str, *, retry: bool = False) -> None:
        """Write that a question is not answered, and why."""
        self._emit("refused", {"id": id, "run": run, "message": message, "retry": retry})

    def _refuse(self, ask: Ask, message: str, *, retry: bool = False) -> None:
        self.refuse(ask.id, ask.run, message, retry=retry)

    def _fail(self, ask: Ask, error: Exception) -> None:
        traceback.print_exc()
        if isinstance(error, MemoryError | torch.OutOfMemoryError):
            self._refuse(ask, "The device has not enough memory to answer this.")
        else:
            self._refuse(ask, f"This could not be worked out: an unexpected {type(error).__name__}.")

    def _watched(self, run: str, job: Job | None) -> Watches:
        watches = job.watches if job is not None else self._watches.get(run, Watches())
        self._watches[run] = watches
        self._watches.move_to_end(run)
        if len(self._watches) > WATCHES_KEPT:
            self._watches.popitem(last=False)
        return watches

    def _moment(self, ask: Ask, job: Job | None) -> Moment:
        steps = self._store.steps(ask.run)
        now = [] if job is None else [job.run.step]
        if not steps and not now:
            raise QuestionError("No weights of this run are kept: start it again to look inside.")
        wanted = ask.step if ask.step is not None else max(now or steps)
        # Of two that are equally near the run itself, which comes first.
        nearest = min(now + steps, key=lambda step: abs(step - wanted))
        if job is not None and nearest in now:
            return live(job.run)
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
            raise QuestionError(f"{title} is being loaded: ask again in a moment.", retry=True)
        return from_file(self._store.read(run, moment_name(step)), spec, step, self._loader.images(spec))
