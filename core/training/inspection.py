"""How near each lane is to an optimum, over all training images: looked at bit by bit, when there is time."""

import math
import time
from collections.abc import Iterator, Sequence
from copy import deepcopy

import torch
from torch import Tensor

from core.snapshots import Optimality
from core.spec import LaneSpec
from core.training.data import Images
from core.training.groups import Target
from core.training.lane import Lane
from core.training.models import Linear
from core.training.optimality import Problem, duality_gap, kkt, strength_max
from core.training.penalties import L1, NoPenalty

CHUNK = 128
"""Images whose gradient is taken at once: 3 ms on digits, 40 ms at 28 × 28 on two CPU cores."""

MIN_CHUNKS = 10
"""How far chunks differ by chance tells the noise of a batch: a few are needed."""

MAX_ALLOWANCE = 0.5
"""Seconds of inspection that may be saved up."""

ASKED_SECONDS = 1.0
"""What an inspection takes at most when a person asks for one; digits need 0.05, the rest goes on later."""


class Inspector:
    """Looks at one lane after the other, each at weights it has copied, so that training may go on.

    Attributes:
        found: by lane, the last complete look.
    """

    def __init__(self, lanes: Sequence[Lane], images: Images, batch_size: int) -> None:
        self.found: dict[int, Optimality] = {}
        self._lanes = lanes
        self._images = images
        self._batch_size = batch_size
        n_images = len(images.train_y)
        # A shuffle of its own: the digits of one writer stand together, and would make chunks too different.
        order = torch.randperm(n_images, generator=torch.Generator().manual_seed(0))
        n_chunks = max(MIN_CHUNKS, math.ceil(n_images / CHUNK))
        self._chunks = order.to(images.train_y.device).tensor_split(n_chunks)
        self._seen: dict[int, tuple[int, float, LaneSpec]] = {}
        self._going: Iterator[None] | None = None
        self._allowance = 0.0

    def allow(self, seconds: float) -> None:
        """Grant time: of the training time, or when nobody trains."""
        self._allowance = min(self._allowance + seconds, MAX_ALLOWANCE)

    def look(self, step: int, strengths: Sequence[float], asked: bool) -> None:
        """Go on looking while there is time for it.

        Args:
            step: updates done.
            strengths: λ in force for each lane.
            asked: whether a person is waiting for it; it may then take ASKED_SECONDS.
        """
        started = time.perf_counter()
        seconds = ASKED_SECONDS if asked else self._allowance
        while (spent := time.perf_counter() - started) < seconds:
            self._going = self._going or self._next(step, strengths)
            if self._going is None:
                break
            if next(self._going, "over") == "over":
                self._going = None
        if not asked:
            self._allowance -= spent

    def _next(self, step: int, strengths: Sequence[float]) -> Iterator[None] | None:
        """A look at the lane whose last one is the longest ago, if there is news of any."""
        waiting = [
            index
            for index, lane in enumerate(self._lanes)
            if strengths[index] > 0.0
            and lane.targets
            and not lane.diverged
            and not isinstance(lane.penalty, NoPenalty)
            and self._seen.get(index) != (step, strengths[index], lane.spec)
        ]
        if not waiting:
            return None
        index = min(waiting, key=lambda each: self._seen[each][0] if each in self._seen else -1)
        self._seen[index] = (step, strengths[index], self._lanes[index].spec)
        return self._inspect(index, step, strengths[index])

    def _inspect(self, index: int, step: int, strength: float) -> Iterator[None]:
        lane = self._lanes[index]
        problem = _frozen(lane)
        means = [torch.zeros_like(each) for each in problem.parameters]
        squares = [torch.zeros_like(each) for each in problem.parameters]
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
        outputs = problem.net(self._images.train_x[chunk])
        loss = problem.data_loss(outputs, self._images.train_y[chunk])
        return list(torch.autograd.grad(loss, problem.parameters))

    def _noise(self, means: Sequence[Tensor], squares: Sequence[Tensor]) -> float:
        """Mean over the weights of the standard error of a batch's gradient, batches drawn without return.

        K chunks of n/K images scatter around the mean with variance S²K/n · (K − 1)/K, batches of B images
        with S²(1/B − 1/n), where S² is the variance between images.
        """
        n_images, n_chunks = len(self._images.train_y), len(self._chunks)
        factor = n_images / (n_chunks - 1) * max(1.0 / self._batch_size - 1.0 / n_images, 0.0)
        errors = [(s - m * m).clamp_min(0.0).mul(factor).sqrt() for m, s in zip(means, squares, strict=True)]
        return float(torch.cat([error.flatten() for error in errors]).mean())

    @torch.no_grad()
    def _of_linear(self, problem: Problem, strength: float) -> tuple[float | None, float | None]:
        """Duality gap and λ_max, where there is theory for them."""
        if not isinstance(problem.net, Linear):
            return None, None
        x, y = self._images.train_x.flatten(1), self._images.train_y
        with torch.enable_grad():
            largest = strength_max(problem, x, y)
        weight, bias = problem.net.parameters()
        (target, *others), factor = problem.targets, problem.factors[0]
        if others or target is not weight or not isinstance(problem.penalty, L1) or y.is_floating_point():
            return None, largest
        return duality_gap((weight, bias), x, y, strength * factor), largest


def _frozen(lane: Lane) -> Problem:
    """The lane's objective with a copy of its network as it is now, judged in evaluation mode."""
    net = deepcopy(lane.net).eval()
    copies = dict(zip(map(id, lane.net.parameters()), net.parameters(), strict=True))

    def copied(target: Target) -> Target:
        if isinstance(target, tuple):
            weight, bias = target
            return copies[id(weight)], copies[id(bias)]
        return copies[id(target)]

    return Problem(
        net, lane.penalty, [copied(each) for each in lane.targets], lane.strengths(1.0), lane.loss.loss
    )
