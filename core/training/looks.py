"""What is found by looking at many images, bit by bit, when there is time: scores, and optimality."""

import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import asdict, replace

import torch
from torch import Tensor

from core.data.images import Images
from core.maths.groups import Target
from core.maths.losses import Loss
from core.maths.models import Linear, has_batch_norm
from core.maths.optimality import Problem, duality_gap, kkt, strength_max
from core.maths.penalties import L1, NoPenalty
from core.maths.state import State
from core.snapshots import Optimality
from core.spec import LaneSpec
from core.training.lane import Lane
from core.training.measures import outputs
from core.training.pieces import Allowance, Pieces, Work

LOOK_BUDGET = 0.01
"""Share of the training time that looking at the validation images may take, unless it is asked for."""

EVENTFUL_ALLOWANCE = 0.1
"""Seconds granted at the start and at a change, when people look."""

CHUNK = 128
"""Images whose gradient is taken at once: 3 ms on digits, 40 ms at 28 × 28 on two CPU cores."""

MIN_CHUNKS = 10
"""How far chunks differ by chance tells the noise of a batch: a few are needed."""

ASKED_SECONDS = 1.0
"""What an inspection takes at most when a person asks for one; digits need 0.05, the rest goes on later."""


class Exam:
    """How the lanes of a run do on the validation images, and once, when all is done, on the test images.

    Attributes:
        found: by lane, the step of its last look at the validation images and its mean score then (see
            `losses`).
        tested: by lane, its mean score on the test images; empty until the last update is made.
        allowance: the time there is for the next look.
    """

    def __init__(self, lanes: Sequence[Lane], loss: Loss, images: Images) -> None:
        self.found: dict[int, tuple[int, float]] = {}
        self.tested: dict[int, float] = {}
        self.allowance = Allowance(EVENTFUL_ALLOWANCE)
        self._lanes = lanes
        self._loss = loss
        self._images = images

    def state(self) -> State:
        """What it has found."""
        found = {str(lane): list(each) for lane, each in self.found.items()}
        return {"found": found, "tested": {str(lane): each for lane, each in self.tested.items()}}

    def restore(self, state: State) -> None:
        """Know again what was found."""
        self.found = {int(lane): (step, score) for lane, (step, score) in state["found"].items()}
        self.tested = {int(lane): score for lane, score in state["tested"].items()}

    @property
    def due(self) -> bool:
        """Whether there is time for a look, or nobody has looked yet."""
        return not self.found or self.allowance.left > 0.0

    def look(self, step: int, last: bool) -> Work[None]:
        """Look at all validation images after `step` updates; rest where others may have a turn, not train.

        There is no rest within EVALUATION_CHUNK images. MNIST's take a lane a second.

        Args:
            step: updates done.
            last: there will be no more: look at the test images too.
        """
        return Pieces(self._look_at_all(step, last)).resting(self.allowance)

    def _look_at_all(self, step: int, last: bool) -> Work[None]:
        for index, lane in enumerate(self._lanes):
            if not lane.diverged and self.found.get(index, (-1, 0.0))[0] != step:
                # Before the first update all lanes are one network.
                if step == 0 and index > 0:
                    self.found[index] = self.found[0]
                else:
                    self.found[index] = (step, (yield from self._score(lane, *self._valid)))
            if last and not lane.diverged and index not in self.tested:
                self.tested[index] = yield from self._score(lane, *self._test)

    @property
    def _valid(self) -> tuple[Tensor, Tensor]:
        return self._images.valid_x, self._images.valid_y

    @property
    def _test(self) -> tuple[Tensor, Tensor]:
        return self._images.test_x, self._images.test_y

    def _score(self, lane: Lane, x: Tensor, y: Tensor) -> Work[float]:
        answers: list[Tensor] = []
        for part in outputs(lane.net, x):
            if answers:
                yield
            answers.append(part)
        scores = self._loss.scores(torch.cat(answers), y)
        return float(scores.sum()) / len(scores)


class Inspector:
    """How near each lane is to an optimum, over all training images.

    One lane after the other, each at weights that are copied first, so that training may go on. None with
    BatchNorm: what is trained there is a function of each batch, and no λ > 0 on a convolution before it has
    a stationary point but 0. Scaling w changes no output, so ⟨w, ∇L⟩ = 0; a stationary point needs −λ‖w‖₁.

    Attributes:
        found: by lane, the last complete look.
        allowance: the time there is to go on looking.
    """

    def __init__(self, lanes: Sequence[Lane], images: Images, batch_size: int) -> None:
        self.found: dict[int, Optimality] = {}
        self.allowance = Allowance()
        self._lanes = lanes
        self._images = images
        self._batch_size = batch_size
        n_images = len(images.train_y)
        # A shuffle of its own: the digits of one writer stand together, and would make chunks too different.
        order = torch.randperm(n_images, generator=torch.Generator().manual_seed(0))
        n_chunks = max(MIN_CHUNKS, math.ceil(n_images / CHUNK))
        self._chunks = order.to(images.train_y.device).tensor_split(n_chunks)
        self._seen: dict[int, tuple[int, float, LaneSpec]] = {}
        self._going: Pieces[None] | None = None

    def state(self) -> State:
        """What it has found."""
        return {str(lane): asdict(each) for lane, each in self.found.items()}

    def restore(self, state: State) -> None:
        """Know again what was found; a look that had begun begins anew."""
        self.found = {int(lane): Optimality(**each) for lane, each in state.items()}

    def look(self, step: int, strengths: Sequence[float]) -> None:
        """Go on looking while there is time for it.

        Args:
            step: updates done.
            strengths: λ in force for each lane.
        """
        while self.allowance.left > 0.0 and self._go_on(step, strengths, self.allowance):
            pass

    def asked(self, step: int, strengths: Sequence[float]) -> Work[None]:
        """Look for a person who waits for it, for ASKED_SECONDS; rest where others may have a turn."""
        allowance = Allowance(ASKED_SECONDS, most=ASKED_SECONDS)
        while allowance.left > 0.0 and self._go_on(step, strengths, allowance):
            yield

    def _go_on(self, step: int, strengths: Sequence[float], allowance: Allowance) -> bool:
        """One chunk of images more; False when all that there is has been looked at."""
        if self._going is None or self._going.over:
            self._going = self._next(step, strengths)
        if self._going is None:
            return False
        self._going.advance(allowance)
        return True

    def _next(self, step: int, strengths: Sequence[float]) -> Pieces[None] | None:
        """A look at the lane whose last one is the longest ago, if there is news of any."""
        waiting = [
            index
            for index, lane in enumerate(self._lanes)
            if strengths[index] > 0.0
            and lane.pull.targets
            and not has_batch_norm(lane.net)
            and not lane.diverged
            and not isinstance(lane.pull.penalty, NoPenalty)
            and self._seen.get(index) != (step, strengths[index], lane.spec)
        ]
        if not waiting:
            return None
        index = min(waiting, key=lambda each: self._seen[each][0] if each in self._seen else -1)
        self._seen[index] = (step, strengths[index], self._lanes[index].spec)
        return Pieces(self._inspect(index, step, strengths[index]))

    def _inspect(self, index: int, step: int, strength: float) -> Work[None]:
        lane = self._lanes[index]
        problem = _frozen(lane)
        means = [torch.zeros_like(each) for each in problem.pull.parameters]
        squares = [torch.zeros_like(each) for each in problem.pull.parameters]
        for chunk in self._chunks:
            gradients = self._gradients(problem, chunk)
            share = len(chunk) / len(self._images.train_y)
            torch._foreach_add_(means, gradients, alpha=share)
            torch._foreach_add_(squares, torch._foreach_mul(gradients, gradients), alpha=share)
            yield
        residuals = kkt(problem, means, strength) / strength
        noise = 0.0 if lane.full_batch else self._noise(means, squares)
        gap, largest = self._of_linear(problem, strength)
        numbers = [float(residuals.max()), float(residuals.mean()), noise]
        if all(map(math.isfinite, numbers)):
            worst, mean, _ = numbers
            self.found[index] = Optimality(
                step=step,
                strength=strength,
                kkt_max=worst,
                kkt_mean=mean,
                noise=noise,
                gap=gap,
                strength_max=largest,
            )

    def _gradients(self, problem: Problem, chunk: Tensor) -> list[Tensor]:
        x, y = self._images.batch(chunk)
        loss = problem.data_loss(problem.net(x), y)
        return list(torch.autograd.grad(loss, problem.pull.parameters))

    def _noise(self, means: Sequence[Tensor], squares: Sequence[Tensor]) -> float:
        """The standard error of a batch's gradient, root mean square over the weights; drawn without return.

        K chunks of n/K images scatter around the mean with variance S²(K − 1)/n, batches of B images with
        S²(1/B − 1/n), where S² is the variance between images. The root is of the mean over all weights: of
        so few chunks the root for each weight, or a variance cut off at zero, would be off on one side.
        """
        n_images, n_chunks = len(self._images.train_y), len(self._chunks)
        factor = n_images / (n_chunks - 1) * max(1.0 / self._batch_size - 1.0 / n_images, 0.0)
        scatter = torch.cat([(s - m * m).flatten() for m, s in zip(means, squares, strict=True)]).mean()
        return math.sqrt(max(float(scatter), 0.0) * factor)

    @torch.no_grad()
    def _of_linear(self, problem: Problem, strength: float) -> tuple[float | None, float | None]:
        """Duality gap and λ_max, where there is theory for them."""
        if not isinstance(problem.net, Linear):
            return None, None
        x, y = self._images.train_x.flatten(1), self._images.train_y
        with torch.enable_grad():
            largest = strength_max(problem, x, y)
        weight, bias = problem.net.parameters()
        ((target, factor), *others), penalty = problem.pull, problem.pull.penalty
        if others or target is not weight or not isinstance(penalty, L1) or y.is_floating_point():
            return None, largest
        return duality_gap((weight, bias), x, y, strength * factor), largest


def _frozen(lane: Lane) -> Problem:
    """The lane's objective with a copy of its network as it is now."""
    net = deepcopy(lane.net)
    copies = dict(zip(map(id, lane.net.parameters()), net.parameters(), strict=True))

    def copied(target: Target) -> Target:
        if isinstance(target, tuple):
            weight, bias = target
            return copies[id(weight)], copies[id(bias)]
        return copies[id(target)]

    targets = [copied(target) for target in lane.pull.targets]
    return Problem(net, replace(lane.pull, targets=targets), lane.loss.loss)
