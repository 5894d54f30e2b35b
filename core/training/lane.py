"""One lane: a copy of the network with its own objective, and what it did in its last updates."""

import math
from collections import deque
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.spec import GROUP_PENALTIES, LaneSpec, LayerName, PrecisionKind
from core.training.groups import Target, joined, parts
from core.training.losses import Loss
from core.training.methods import METHODS
from core.training.models import layer_names, penalised
from core.training.penalties import PENALTIES
from core.training.precision import autocast

LOSS_WINDOW = 16
"""Losses and training scores on the screen are means over this many last updates."""


@dataclass(frozen=True)
class Recent:
    """The last updates of a lane in numbers."""

    losses: tuple[float, ...]
    score: float

    @property
    def loss(self) -> float:
        """Mean of the batch losses."""
        return math.fsum(self.losses) / len(self.losses)

    @property
    def first_not_finite(self) -> int | None:
        """Index of the first loss that is infinite or not a number, if there is one."""
        return next((index for index, loss in enumerate(self.losses) if not math.isfinite(loss)), None)


class Lane:
    """A network, how it is updated, and its last LOSS_WINDOW batches.

    Args:
        net: the initial weights; the lane makes its own copy.
        spec: its objective.
        loss: the data loss of the objective.
        x, y: the first batch, which it is measured on until its first update.
        precision: of the forward pass, and of the backward pass with it.

    Attributes:
        method: how it is updated, alone or with other lanes.
        diverged: its loss was not finite, so it stopped for good.
        n_freezes: how often its zeros were frozen: from then on they stay zero.
        collapsed: nearly all of its weights are zero, and it only guesses.
    """

    def __init__(
        self,
        net: nn.Module,
        spec: LaneSpec,
        loss: Loss,
        x: Tensor,
        y: Tensor,
        precision: PrecisionKind = "float32",
    ) -> None:
        self.net = deepcopy(net)
        self.precision = precision
        self.loss = loss
        self.penalty = PENALTIES[spec.penalty](alpha=spec.alpha)
        self.diverged = False
        self.collapsed = False
        self.n_freezes = 0
        self.method = METHODS[spec.method](self.net.parameters(), spec)
        # All images give the same answer in every update: there is no noise for a mean to smooth.
        n_last = 1 if self.full_batch else LOSS_WINDOW
        self._window: deque[tuple[Tensor, Tensor, Tensor]] = deque(maxlen=n_last)
        with torch.no_grad():
            # By a copy: a look in training mode would move the running statistics of BatchNorm.
            outputs = deepcopy(net)(x)
            self._before = (loss.loss(outputs, y), outputs, y)
        self.change(spec)

    def change(self, spec: LaneSpec) -> None:
        """Go on with another λ or other targets; no weight changes."""
        self.spec = spec
        self.targets: list[Target] = []
        self._factors: list[float] = []
        for layer in (name for name in layer_names(self.net) if name in spec.layers):
            targets = self._targets(layer)
            self.targets += targets
            self._factors += [spec.multiplier(layer)] * len(targets)

    def _targets(self, layer: LayerName) -> Sequence[Target]:
        parameters = penalised(self.net, [layer], self.spec.include_bias)
        if self.spec.include_bias and self.spec.penalty in GROUP_PENALTIES:
            weight, bias = parameters
            return [(weight, bias)]
        return parameters

    @property
    def full_batch(self) -> bool:
        """Whether its updates want all training images, not a batch of them."""
        return self.method.full_batch

    def strengths(self, strength: float) -> list[float]:
        """For each target its own λ, where the lane's is `strength`."""
        return [strength * factor for factor in self._factors]

    def freeze(self, n_freezes: int) -> None:
        """Let every weight that is zero stay so, unless that was done so often before."""
        if self.n_freezes < n_freezes:
            self.method.freeze_zeros(list(self.net.parameters()))
            self.n_freezes = n_freezes

    def update(self, x: Tensor, y: Tensor, strength: float) -> None:
        """One update on the batch (x, y) with λ = strength."""
        self.method.look_ahead(x, self.loss.curvature)
        with autocast(x.device, self.precision):
            outputs = self.net(x)
        outputs = outputs.float()
        loss = self.loss.loss(outputs, y)
        self.method.update(loss, self.penalty, self.targets, self.strengths(strength))
        self.remember(loss.detach(), outputs.detach(), y)

    def remember(self, loss: Tensor, outputs: Tensor, y: Tensor) -> None:
        """Take in what an update saw of its batch."""
        # Kept on the device, and read only when someone looks: no update waits for a transfer.
        self._window.append((loss, outputs, y))

    @torch.no_grad()
    def recent(self) -> Recent:
        """The last updates; before the first one, loss and score on the first batch."""
        window = list(self._window) or [self._before]
        losses = torch.stack([loss for loss, _, _ in window])
        outputs = torch.cat([outputs for _, outputs, _ in window])
        targets = torch.cat([targets for _, _, targets in window])
        total = self.loss.scores(outputs, targets).sum()
        numbers: list[float] = torch.cat([losses, total.reshape(1)]).tolist()
        return Recent(tuple(numbers[:-1]), numbers[-1] / len(targets))

    @torch.no_grad()
    def norm(self) -> float:
        """R(w) over the targeted parameters as they are now, each times the multiplier of its layer."""
        if not self.targets:
            return 0.0
        terms = [
            factor * self.penalty.value(joined(parts(target)))
            for factor, target in zip(self._factors, self.targets, strict=True)
        ]
        return float(torch.stack(terms).sum())

    @torch.no_grad()
    def zero_share(self) -> float:
        """The larger of two shares of exact zeros: among the targeted parameters, and among all weights."""
        everything = [parameter for parameter in self.net.parameters() if parameter.ndim >= 2]
        targeted = [parameter for target in self.targets for parameter in parts(target)]
        return max(_zero_share(targeted), _zero_share(everything))


def _zero_share(parameters: Sequence[Tensor]) -> float:
    if not parameters:
        return 0.0
    zeros = torch.stack([(parameter == 0).sum() for parameter in parameters]).sum()
    return int(zeros) / sum(parameter.numel() for parameter in parameters)
