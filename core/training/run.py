"""One run: all lanes, updated in lockstep on the same batches; changes come in between two updates."""

import math
import time
from collections.abc import Callable, Iterable, Iterator

import torch
from torch import Tensor

from core.data.batches import Batches
from core.data.images import Images, load
from core.maths import precision, schedule
from core.maths.losses import LOSSES
from core.maths.method import Method
from core.maths.models import seeded
from core.maths.state import State
from core.refusals import SpecError
from core.snapshots import Event, Score, Snapshot
from core.spec import LaneSpec, Move, RunSpec
from core.training import alarms, stacked
from core.training.lane import LOSS_WINDOW, Lane, Recent
from core.training.looks import EVENTFUL_ALLOWANCE, LOOK_BUDGET, Exam, Inspector
from core.training.measures import histogram_limits, look
from core.training.pieces import Pieces, Work

Change = tuple[int, Move]
"""A lane's index and what to change of it."""


class Run:
    """A run in progress.

    Attributes:
        id: what its snapshots and events are marked with.
        spec: the run's spec, with the changes made since it started.
        step: updates done; `total_steps`: updates in the whole run.
        images: what it learns from, is watched and is tested on.
        exam: how the lanes do on the validation images, and on the test images at the end.

    Args:
        together: update all lanes in the same kernels; by default where that is faster.
    """

    def __init__(
        self,
        spec: RunSpec,
        device: torch.device,
        id: str = "",
        images: Images | None = None,
        *,
        together: bool | None = None,
    ) -> None:
        precision.check(device, spec.precision)
        self.spec = spec
        self.id = id
        self.step = 0
        data = self.images = images or load(spec, device)
        self._batches = Batches(self.images, spec.batch_size, spec.seed)
        self.total_steps = spec.epochs * self._batches.per_epoch
        self._loss = LOSSES[spec.loss]
        net = seeded(
            spec.model, size=data.size, channels=data.channels, n_classes=data.n_outputs, seed=spec.seed
        ).to(device)
        self._limits = histogram_limits(net)
        if together is None:
            together = stacked.pays(device, net, spec.lanes)
        # Channels last, which is how `seeded` lays them out, are not what stacked weights can be.
        net = net.to(memory_format=torch.contiguous_format) if together else net
        # Where every update sees all images there is no noise for a mean to smooth.
        self._window = LOSS_WINDOW if self._batches.per_epoch > 1 else 1
        self.lanes = [
            Lane(net, lane, self._loss, *self.next_batch(), spec.precision, self._window)
            for lane in spec.lanes
        ]
        self._together = stacked.Together(self.lanes) if together else None
        self._last: dict[int, Snapshot] = {}
        self.exam = Exam(self.lanes, self._loss, data)
        self._inspector = Inspector(self.lanes, data, spec.batch_size)
        self._guessing = self._loss.guessing(data.train_y)

    @property
    def done(self) -> bool:
        """Whether nothing is left to train: all updates made, or every lane diverged."""
        return self.step >= self.total_steps or self.diverged

    @property
    def diverged(self) -> bool:
        """Whether every lane has stopped because its loss was not finite."""
        return all(lane.diverged for lane in self.lanes)

    def next_batch(self) -> tuple[Tensor, Tensor]:
        """The images and labels of the next update; that update will see them as well."""
        return self._batches.at(self.step)

    @property
    def everything(self) -> tuple[Tensor, Tensor]:
        """All training images and their targets: what an update of a lane with full batches sees."""
        return self.images.train_x, self.images.train_y

    @property
    def steps_to_epoch_end(self) -> int:
        """Updates until the running epoch is over, at least one."""
        return self._batches.per_epoch - self.step % self._batches.per_epoch

    def strength(self, lane: LaneSpec) -> float:
        """The λ in force now: during warm-up it rises linearly to the spec's, in the refit it is 0."""
        return schedule.strength(lane, self.step, self.total_steps)

    def n_freezes(self, lane: LaneSpec) -> int:
        """How often its zeros are to have been frozen before the next update."""
        return schedule.n_freezes(lane, self.step, self.total_steps)

    def n_prunings(self, lane: LaneSpec) -> int:
        """How many rounds of magnitude pruning are to have been before the next update."""
        return schedule.n_prunings(lane, self.step, self.total_steps)

    def advance(self) -> list[Event]:
        """Make one update of every lane on the next batch; say what went wrong, if anything did."""
        started = time.perf_counter()
        batch = self.next_batch()
        strengths = {lane: self.strength(lane.spec) for lane in self.lanes if not lane.diverged}
        for lane in strengths:
            lane.freeze(self.n_freezes(lane.spec))
            lane.prune(self.n_prunings(lane.spec))
        if self._together is not None:
            self._together.update(*batch, strengths)
        else:
            for lane, strength in strengths.items():
                lane.update(*(self.everything if lane.full_batch else batch), strength)
        self.step += 1
        if self.step % self._batches.per_epoch == 0:
            for lane in strengths:
                lane.reach.end_epoch()
        # A look costs a wait for the device, so it is taken once per window and misses no loss.
        events = self._alarms() if self.step % self._window == 0 else []
        self.allow_looks(LOOK_BUDGET * (time.perf_counter() - started))
        return events

    def allow_looks(self, seconds: float) -> None:
        """Grant time for looking at the validation images, and as much for how near an optimum is.

        Of the training time, or when nobody trains.
        """
        self.exam.allowance.grant(seconds)
        self._inspector.allowance.grant(seconds)

    def state(self) -> State:
        """All that what follows depends on, but the spec, with the changes made since it started.

        A run of the same spec, on the same kind of machine, goes on from it with the same numbers. When the
        validation images were looked at depends on the time there was, so that is kept, too.
        """
        stopped = {
            str(index): each.model_dump(mode="json")
            for index, each in self._last.items()
            if self.lanes[index].diverged
        }
        return {
            "step": self.step,
            "lanes": [lane.state() for lane in self.lanes],
            "methods": [method.state() for method in self._methods],
            "exam": self.exam.state(),
            "optimality": self._inspector.state(),
            "stopped": stopped,
        }

    def restore(self, state: State) -> None:
        """Go on from where a run of this spec was; before the first update."""
        self.step = state["step"]
        for lane, kept in zip(self.lanes, state["lanes"], strict=True):
            lane.restore(kept)
        for method, kept in zip(self._methods, state["methods"], strict=True):
            method.restore(kept)
        self.exam.restore(state["exam"])
        self._inspector.restore(state["optimality"])
        self._last = {int(i): Snapshot.model_validate(each) for i, each in state["stopped"].items()}

    @property
    def _methods(self) -> list[Method]:
        """Each once: lanes that are updated together share theirs."""
        return list(dict.fromkeys(lane.method for lane in self.lanes))

    def change(self, lane: int, move: Move) -> list[Event]:
        """Change λ, the penalised layers or the penalised biases of a lane; no weight changes.

        Raises:
            SpecError: there is no such lane, or its penalty refuses the move; nothing has changed then.
        """
        if not 0 <= lane < len(self.lanes):
            raise SpecError(f"lane must be from 0 to {len(self.lanes) - 1}, got '{lane}'.")
        old = self.lanes[lane].spec
        new = move.of(old)
        self.lanes[lane].change(new)
        self.allow_looks(EVENTFUL_ALLOWANCE)
        lanes = tuple(each.spec for each in self.lanes)
        self.spec = self.spec.model_copy(update={"lanes": lanes})
        return alarms.changes(self.id, lane, self.step, old, new)

    def looking(self, asked: bool) -> Pieces[None]:
        """Look at the validation images piece by piece: see `Exam.look`. No update may come in between.

        Args:
            asked: a person waits: then look how near an optimum is, too, however little time there was.
        """
        return Pieces(self._looks(asked))

    def _looks(self, asked: bool) -> Work[None]:
        yield from self.exam.look(self.step, last=self.step >= self.total_steps)
        # Not before the first update: the first picture should not wait for it.
        if asked and self.step > 0:
            yield from self._inspector.asked(self.step, self._strengths())

    def _strengths(self) -> list[float]:
        return [self.strength(lane.spec) for lane in self.lanes]

    def snapshot(self, asked: bool = False) -> tuple[list[Snapshot], list[Event]]:
        """Every lane as it is now, and the alarms that this look raised.

        A lane that diverged shows its last finite snapshot, with that snapshot's step.

        Args:
            asked: look at the validation images and optimality now; otherwise only when there is time for it.
        """
        events: list[Event] = []
        if asked or self.exam.due:
            self.looking(asked).finish()
        self._inspector.look(self.step, self._strengths())
        for index, lane in enumerate(self.lanes):
            if not lane.diverged:
                events += self._look(index, lane)
        return [self._last[index] for index in range(len(self.lanes)) if index in self._last], events

    def _look(self, index: int, lane: Lane) -> list[Event]:
        recent = lane.recent()
        if recent.first_not_finite is not None:
            return self._stop(index, recent)
        try:
            view = look(lane.net, lane.spec.layers, self._limits, lane.reach)
        except ValueError:
            return self._stop(index, recent)
        strength = self.strength(lane.spec)
        penalty = strength * recent.norm
        valid_step, score = self.exam.found[index]
        tested = self.exam.tested.get(index)
        if not all(map(math.isfinite, (recent.score, score, tested or 0.0))):
            # Weights that are finite still can answer with more than a number holds.
            return self._stop(index, recent)
        self._last[index] = Snapshot(
            run=self.id,
            lane=index,
            step=self.step,
            epoch=self.step / self._batches.per_epoch,
            strength=strength,
            norm=recent.norm,
            data_loss=recent.loss,
            penalty=penalty,
            total=recent.loss + penalty,
            score=Score(
                self._loss.score_name,
                recent.score,
                score,
                len(self.images.valid_y),
                tested,
                len(self.images.test_y),
            ),
            valid_step=valid_step,
            layers=dict(view.layers),
            kernels=view.kernels,
            kernel_kinds=view.kernel_kinds,
            optimality=self._inspector.found.get(index) if strength else None,
        )
        return []

    def _alarms(self) -> list[Event]:
        going = [
            alarms.Seen(index, lane, lane.recent(), self.strength(lane.spec))
            for index, lane in enumerate(self.lanes)
            if not lane.diverged
        ]
        stopped = [each for each in going if each.recent.first_not_finite is not None]
        events = [event for each in stopped for event in self._stop(each.index, each.recent)]
        return events + alarms.collapses(self.id, self.step, going, self._guessing)

    def _stop(self, index: int, recent: Recent) -> list[Event]:
        self.lanes[index].diverged = True
        bad = recent.first_not_finite
        step = self.step if bad is None else self.step - len(recent.losses) + bad + 1
        return [alarms.diverged(self.id, index, step, self.lanes[index].spec)]


def train(
    spec: RunSpec,
    device: torch.device,
    *,
    every: int = 64,
    changes: Callable[[int], Iterable[Change]] = lambda step: (),
) -> Iterator[Snapshot | Event]:
    """Train a run; yield its snapshots, and its events as they happen.

    Args:
        spec: what to train.
        device: where.
        every: updates between two snapshots; there is one at step 0 and one at the end as well.
        changes: asked between two updates, with the updates done; the changes to make then.
    """
    run = Run(spec, device)
    yield from _shown(run, asked=True)
    while not run.done:
        for lane, move in changes(run.step):
            yield from run.change(lane, move)
        yield from run.advance()
        if run.done or run.step % every == 0:
            yield from _shown(run, asked=run.done)


def _shown(run: Run, asked: bool) -> Iterator[Snapshot | Event]:
    snapshots, events = run.snapshot(asked)
    yield from events
    yield from snapshots
