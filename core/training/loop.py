"""One run: all lanes, updated in lockstep on the same batches; changes come in between two updates."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import Tensor

from core.snapshots import Event, Snapshot
from core.spec import LaneSpec, RunSpec
from core.training import alarms, precision, schedule
from core.training import together as joint
from core.training.batches import Batches
from core.training.data import Images, load
from core.training.exam import EVENTFUL_ALLOWANCE, TEST_BUDGET, Exam
from core.training.inspection import Inspector
from core.training.lane import LOSS_WINDOW, Lane, Recent
from core.training.losses import LOSSES
from core.training.measures import histogram_limits, look
from core.training.models import seeded

Change = tuple[int, dict[str, Any]]
"""A lane's index and the fields of its spec to change: strength, layers, include_bias."""


class Experiment:
    """A run in progress.

    Attributes:
        spec: the run's spec, with the changes made since it started.
        step: updates done; `total_steps`: updates in the whole run.
        images: what it learns from and is tested on.
        exam: how the lanes do on the test images.

    Args:
        together: update all lanes in the same kernels; by default where that is faster.
    """

    def __init__(
        self,
        spec: RunSpec,
        device: torch.device,
        run: str = "",
        images: Images | None = None,
        *,
        together: bool | None = None,
    ) -> None:
        precision.check(device, spec.precision)
        self.spec = spec
        self.run = run
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
            together = joint.pays(device, net, spec.lanes)
        # Channels last, which is how `seeded` lays them out, are not what stacked weights can be.
        net = net.to(memory_format=torch.contiguous_format) if together else net
        self.lanes = [Lane(net, lane, self._loss, *self.next_batch(), spec.precision) for lane in spec.lanes]
        self._together = joint.Together(self.lanes) if together else None
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
    def steps_to_epoch_end(self) -> int:
        """Updates until the running epoch is over, at least one."""
        return self._batches.per_epoch - self.step % self._batches.per_epoch

    def strength(self, lane: LaneSpec) -> float:
        """The λ in force now: during warm-up it rises linearly to the spec's, in the refit it is 0."""
        return schedule.strength(lane, self.step, self.total_steps)

    def n_freezes(self, lane: LaneSpec) -> int:
        """How often its zeros are to have been frozen before the next update."""
        return schedule.n_freezes(lane, self.step, self.total_steps)

    def advance(self) -> list[Event]:
        """Make one update of every lane on the next batch; say what went wrong, if anything did."""
        started = time.perf_counter()
        batch, everything = self.next_batch(), (self.images.train_x, self.images.train_y)
        strengths = {lane: self.strength(lane.spec) for lane in self.lanes if not lane.diverged}
        for lane in strengths:
            lane.freeze(self.n_freezes(lane.spec))
        if self._together is not None:
            self._together.update(*batch, strengths)
        else:
            for lane, strength in strengths.items():
                lane.update(*(everything if lane.full_batch else batch), strength)
        self.step += 1
        # A look costs a wait for the device, so it is taken once per window and misses no loss.
        events = self._alarms() if self.step % LOSS_WINDOW == 0 else []
        self.allow_looks(TEST_BUDGET * (time.perf_counter() - started))
        return events

    def allow_looks(self, seconds: float) -> None:
        """Grant time for looking at the test images, and as much for how near an optimum is.

        Of the training time, or when nobody trains.
        """
        self.exam.allow(seconds)
        self._inspector.allow(seconds)

    def change(self, lane: int, **fields: Any) -> list[Event]:
        """Change λ, the penalised layers or the penalised biases of a lane; no weight changes.

        Raises:
            SpecError: a value is refused; nothing has changed then.
        """
        old = self.lanes[lane].spec
        new = old.changed(**fields)
        self.lanes[lane].change(new)
        self.allow_looks(EVENTFUL_ALLOWANCE)
        lanes = tuple(each.spec for each in self.lanes)
        self.spec = self.spec.model_copy(update={"lanes": lanes})
        return alarms.changes(self.run, lane, self.step, old, new)

    def looking(self, asked: bool) -> Iterator[None]:
        """Look at the test images bit by bit: see `Exam.look`. No update may come in between.

        Args:
            asked: a person waits: then look how near an optimum is, too, however little time there was.
        """
        yield from self.exam.look(self.step)
        # Not before the first update: the first picture should not wait for it.
        if asked and self.step > 0:
            yield from self._inspector.asked(self.step, self._strengths())

    def _strengths(self) -> list[float]:
        return [self.strength(lane.spec) for lane in self.lanes]

    def snapshot(self, test: bool = False) -> tuple[list[Snapshot], list[Event]]:
        """Every lane as it is now, and the alarms that this look raised.

        A lane that diverged shows its last finite snapshot, with that snapshot's step.

        Args:
            test: look at test images and optimality now; otherwise only when there is time for it.
        """
        events: list[Event] = []
        if test or self.exam.due:
            for _ in self.looking(asked=test):
                pass
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
            view = look(lane.net, lane.spec.layers, self._limits)
        except ValueError:
            return self._stop(index, recent)
        norm, strength = lane.norm(), self.strength(lane.spec)
        penalty = strength * norm
        name = self._loss.score_name
        test_step, test_score = self.exam.found[index]
        self._last[index] = Snapshot(
            run=self.run,
            lane=index,
            step=self.step,
            epoch=self.step / self._batches.per_epoch,
            strength=strength,
            norm=norm,
            data_loss=recent.loss,
            penalty=penalty,
            total=recent.loss + penalty,
            test_step=test_step,
            layers=dict(view.layers),
            kernels=view.kernels,
            **{f"train_{name}": recent.score, f"test_{name}": test_score},
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
        return events + alarms.collapses(self.run, self.step, going, self._guessing)

    def _stop(self, index: int, recent: Recent) -> list[Event]:
        self.lanes[index].diverged = True
        bad = recent.first_not_finite
        step = self.step if bad is None else self.step - len(recent.losses) + bad + 1
        return [alarms.diverged(self.run, index, step, self.lanes[index].spec)]


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
    experiment = Experiment(spec, device)
    yield from _shown(experiment, test=True)
    while not experiment.done:
        for lane, fields in changes(experiment.step):
            yield from experiment.change(lane, **fields)
        yield from experiment.advance()
        if experiment.done or experiment.step % every == 0:
            yield from _shown(experiment, test=experiment.done)


def _shown(experiment: Experiment, test: bool) -> Iterator[Snapshot | Event]:
    snapshots, events = experiment.snapshot(test)
    yield from events
    yield from snapshots
