"""One run: all lanes, updated in lockstep on the same batches; changes come in between two updates."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import Tensor

from core.snapshots import Event, Snapshot
from core.spec import LaneSpec, RunSpec
from core.training import alarms
from core.training.data import Images, load
from core.training.lane import LOSS_WINDOW, Lane, Recent
from core.training.losses import LOSSES
from core.training.measures import histogram_limits, look, score
from core.training.models import seeded

TEST_BUDGET = 0.01
"""Share of the training time that looking at the test images may take, unless it is asked for."""

MAX_ALLOWANCE = 0.5
"""Seconds of looking at test images that may be saved up."""

EVENTFUL_ALLOWANCE = 0.1
"""Seconds granted at the start and at a change, when people look."""

Change = tuple[int, dict[str, Any]]
"""A lane's index and the fields of its spec to change: strength, layers, include_bias."""


class Experiment:
    """A run in progress.

    Attributes:
        spec: the run's spec, with the changes made since it started.
        step: updates done; `total_steps`: updates in the whole run.
    """

    def __init__(
        self, spec: RunSpec, device: torch.device, run: str = "", images: Images | None = None
    ) -> None:
        self.spec = spec
        self.run = run
        self.step = 0
        self._images = images or load(spec, device)
        self._per_epoch = -(-len(self._images.train_y) // spec.batch_size)
        self.total_steps = spec.epochs * self._per_epoch
        data = self._images
        self._loss = LOSSES[spec.loss]
        net = seeded(
            spec.model, size=data.size, channels=data.channels, n_classes=data.n_outputs, seed=spec.seed
        ).to(device)
        self._limits = histogram_limits(net)
        self._order = torch.Generator().manual_seed(spec.seed)
        self._epoch_batches = self._shuffled()
        self.lanes = [Lane(net, lane, self._loss, *self._batch()) for lane in spec.lanes]
        self._last: dict[int, Snapshot] = {}
        self._tested: dict[int, tuple[int, float]] = {}
        self._test_allowance = EVENTFUL_ALLOWANCE
        self._guessing = self._loss.guessing(data.train_y)

    @property
    def done(self) -> bool:
        """Whether nothing is left to train: all updates made, or every lane diverged."""
        return self.step >= self.total_steps or self.diverged

    @property
    def diverged(self) -> bool:
        """Whether every lane has stopped because its loss was not finite."""
        return all(lane.diverged for lane in self.lanes)

    @property
    def image_size(self) -> int:
        """Height and width of the images, in pixels."""
        return self._images.size

    @property
    def steps_to_epoch_end(self) -> int:
        """Updates until the running epoch is over, at least one."""
        return self._per_epoch - self.step % self._per_epoch

    def strength(self, lane: LaneSpec) -> float:
        """The λ in force now: during warm-up it rises linearly to the spec's, while polishing it is 0."""
        if self.polishing(lane):
            return 0.0
        ramp = lane.warmup * self.total_steps
        return lane.strength * min(1.0, self.step / ramp) if ramp else lane.strength

    def polishing(self, lane: LaneSpec) -> bool:
        """Whether the penalty has done its work and the next update refits the weights that are left."""
        return lane.polish > 0.0 and self.step >= (1.0 - lane.polish) * self.total_steps

    def advance(self) -> list[Event]:
        """Make one update of every lane on the next batch; say what went wrong, if anything did."""
        started = time.perf_counter()
        x, y = self._batch()
        for lane in self.lanes:
            if not lane.diverged:
                if self.polishing(lane.spec):
                    lane.polish()
                lane.update(x, y, self.strength(lane.spec))
        self.step += 1
        if self.step % self._per_epoch == 0:
            self._epoch_batches = self._shuffled()
        # A look costs a wait for the device, so it is taken once per window and misses no loss.
        events = self._alarms() if self.step % LOSS_WINDOW == 0 else []
        self.allow_testing(TEST_BUDGET * (time.perf_counter() - started))
        return events

    def allow_testing(self, seconds: float) -> None:
        """Grant time for looking at the test images: of the training time, or when nobody trains."""
        self._test_allowance = min(self._test_allowance + seconds, MAX_ALLOWANCE)

    def change(self, lane: int, **fields: Any) -> list[Event]:
        """Change λ, the penalised layers or the penalised biases of a lane; no weight changes.

        Raises:
            SpecError: a value is refused; nothing has changed then.
        """
        old = self.lanes[lane].spec
        new = old.changed(**fields)
        self.lanes[lane].change(new)
        self.allow_testing(EVENTFUL_ALLOWANCE)
        lanes = tuple(each.spec for each in self.lanes)
        self.spec = self.spec.model_copy(update={"lanes": lanes})
        return alarms.changes(self.run, lane, self.step, old, new)

    def snapshot(self, test: bool = False) -> tuple[list[Snapshot], list[Event]]:
        """Every lane as it is now, and the alarms that this look raised.

        A lane that diverged shows its last finite snapshot, with that snapshot's step.

        Args:
            test: look at all test images now; otherwise only when there is time for it.
        """
        events: list[Event] = []
        if test or not self._tested or self._test_allowance > 0.0:
            self._test()
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
        test_step, test_score = self._tested[index]
        self._last[index] = Snapshot(
            run=self.run,
            lane=index,
            step=self.step,
            epoch=self.step / self._per_epoch,
            strength=strength,
            norm=norm,
            data_loss=recent.loss,
            penalty=penalty,
            total=recent.loss + penalty,
            test_step=test_step,
            layers=dict(view.layers),
            kernels=view.kernels,
            **{f"train_{name}": recent.score, f"test_{name}": test_score},
        )
        return []

    def _test(self) -> None:
        started = time.perf_counter()
        for index, lane in enumerate(self.lanes):
            if not lane.diverged and self._tested.get(index, (-1, 0.0))[0] != self.step:
                # Before the first update all lanes are one network; MNIST's test images take it a second.
                if self.step == 0 and index > 0:
                    self._tested[index] = self._tested[0]
                    continue
                reached = score(lane.net, self._loss, self._images.test_x, self._images.test_y)
                self._tested[index] = (self.step, reached)
        self._test_allowance -= time.perf_counter() - started

    def _alarms(self) -> list[Event]:
        events: list[Event] = []
        for index, lane in enumerate(self.lanes):
            if lane.diverged:
                continue
            recent = lane.recent()
            if recent.first_not_finite is not None:
                events += self._stop(index, recent)
            else:
                events += alarms.collapse(self.run, index, self.step, lane, recent.score, self._guessing)
        return events

    def _stop(self, index: int, recent: Recent) -> list[Event]:
        self.lanes[index].diverged = True
        bad = recent.first_not_finite
        step = self.step if bad is None else self.step - len(recent.losses) + bad + 1
        return [alarms.diverged(self.run, index, step, self.lanes[index].spec)]

    def _batch(self) -> tuple[Tensor, Tensor]:
        chosen = self._epoch_batches[self.step % self._per_epoch]
        return self._images.train_x[chosen], self._images.train_y[chosen]

    def _shuffled(self) -> tuple[Tensor, ...]:
        order = torch.randperm(len(self._images.train_y), generator=self._order)
        return torch.split(order.to(self._images.train_y.device), self.spec.batch_size)


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
