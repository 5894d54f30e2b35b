"""One lane: a copy of the network with its own objective, and what it did in its last updates."""

import math
from collections import deque
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from core.maths import schedule
from core.maths.groups import Target, joined, parts
from core.maths.losses import Loss
from core.maths.method import Pull
from core.maths.methods import METHODS
from core.maths.models import layer_names, penalised
from core.maths.penalties import L1, PENALTIES
from core.maths.precision import autocast
from core.maths.pruning import prune
from core.maths.state import State
from core.spec import GROUP_PENALTIES, LaneSpec, LayerName, PrecisionKind
from core.training.reach import Reach

LOSS_WINDOW = 16
"""Losses, penalties and training scores on the screen are means over this many last updates."""


@dataclass(frozen=True)
class Recent:
    """The last updates of a lane in numbers.

    Attributes:
        losses: of each update's batch, before it.
        norm: R(w) of the same weights, mean.
        score: in the same batches.
    """

    losses: tuple[float, ...]
    norm: float
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
        window: how many last updates it remembers; FISTA's always one.

    Attributes:
        method: how it is updated, alone or with other lanes.
        pull: what its penalty does at λ = 1: its strengths are the multipliers of their layers.
        diverged: its loss was not finite, so it stopped for good.
        n_freezes: how often its zeros were frozen: from then on they stay zero.
        n_prunings: how many rounds of magnitude pruning it has had.
        collapsed: nearly all of its weights are zero, and it only guesses.
        reach: which of its weights the data have pulled on.
    """

    def __init__(
        self,
        net: nn.Module,
        spec: LaneSpec,
        loss: Loss,
        x: Tensor,
        y: Tensor,
        precision: PrecisionKind = "float32",
        window: int = LOSS_WINDOW,
    ) -> None:
        self.net = deepcopy(net)
        self.precision = precision
        self.loss = loss
        self.diverged = False
        self.collapsed = False
        self.n_freezes = self.n_prunings = 0
        self.reach = Reach(self.net)
        self.method = METHODS[spec.method](self.net.parameters(), spec)
        # All images give the same answer in every update: there is no noise for a mean to smooth.
        n_last = 1 if self.full_batch else window
        self._window: deque[tuple[Tensor, Tensor, Tensor]] = deque(maxlen=n_last)
        self._norms: deque[Tensor] = deque(maxlen=n_last)
        with torch.no_grad():
            # By a copy: a look in training mode would move the running statistics of BatchNorm.
            outputs = deepcopy(net)(x)
            self._before = (loss.loss(outputs, y), outputs, y)
        self.spec = spec
        self.change(spec)

    def change(self, spec: LaneSpec) -> None:
        """Go on with another λ or other targets; no weight changes."""
        targets: list[Target] = []
        factors: list[float] = []
        for layer in (name for name in layer_names(self.net) if name in spec.layers):
            own = self._targets(layer, spec)
            targets += own
            factors += [spec.multiplier(layer)] * len(own)
        self.pull = Pull(PENALTIES[spec.penalty](alpha=spec.alpha), targets, factors)
        if spec.layers != self.spec.layers or spec.include_bias != self.spec.include_bias:
            # Those of other targets say nothing of these.
            self._norms.clear()
        self.spec = spec

    def _targets(self, layer: LayerName, spec: LaneSpec) -> Sequence[Target]:
        parameters = penalised(self.net, [layer], spec.include_bias)
        if spec.include_bias and spec.penalty in GROUP_PENALTIES:
            weight, bias = parameters
            return [(weight, bias)]
        return parameters

    @property
    def full_batch(self) -> bool:
        """Whether its updates want all training images, not a batch of them."""
        return self.method.full_batch

    def state(self) -> State:
        """All that its next updates and looks depend on, but its spec and its method."""
        return {
            "net": dict(self.net.state_dict()),
            "reach": self.reach.state(),
            "window": [list(each) for each in self._window],
            "norms": list(self._norms),
            "n_freezes": self.n_freezes,
            "n_prunings": self.n_prunings,
            "diverged": self.diverged,
            "collapsed": self.collapsed,
        }

    def restore(self, state: State) -> None:
        """Go on from where a lane of the same spec was."""
        self.net.load_state_dict(state["net"])
        self.reach.restore(state["reach"])
        device = next(self.net.parameters()).device
        for seen in state["window"]:
            loss, outputs, y = (each.to(device) for each in seen)
            self._window.append((loss, outputs, y))
        self._norms.extend(each.to(device) for each in state["norms"])
        self.n_freezes, self.n_prunings = state["n_freezes"], state["n_prunings"]
        self.diverged, self.collapsed = state["diverged"], state["collapsed"]

    def freeze(self, n_freezes: int) -> None:
        """Let every weight that is zero stay so, unless that was done so often before."""
        if self.n_freezes < n_freezes:
            self.method.freeze_zeros(list(self.net.parameters()))
            self.n_freezes = n_freezes

    def prune(self, n_prunings: int) -> None:
        """Let the smallest weights be zero for good, as many as so many rounds take, unless that was done."""
        if self.n_prunings < n_prunings:
            everything = list(self.net.parameters())
            share = schedule.pruned(self.spec, n_prunings)
            prune([each for each in everything if each.ndim > 1], share)
            self.method.freeze_zeros(everything)
            self.n_prunings = n_prunings

    def update(self, x: Tensor, y: Tensor, strength: float) -> None:
        """One update on the batch (x, y) with λ = strength."""
        self.method.look_ahead(x, self.loss.curvature)
        norm = self.norm()
        with autocast(x.device, self.precision):
            outputs = self.net(x)
        outputs = outputs.float()
        loss = self.loss.loss(outputs, y)
        self.reach.note(self.method.update(loss, self.pull.times(strength)))
        self.remember(loss.detach(), outputs.detach(), y, norm)

    def remember(self, loss: Tensor, outputs: Tensor, y: Tensor, norm: Tensor) -> None:
        """Take in what an update saw of its batch, and R(w) before it."""
        # Kept on the device, and read only when someone looks: no update waits for a transfer.
        self._window.append((loss, outputs, y))
        self._norms.append(norm)

    @torch.no_grad()
    def recent(self) -> Recent:
        """The last updates; before the first one, loss and score on the first batch."""
        window = list(self._window) or [self._before]
        losses = torch.stack([loss for loss, _, _ in window])
        outputs = torch.cat([outputs for _, outputs, _ in window])
        targets = torch.cat([targets for _, _, targets in window])
        total = self.loss.scores(outputs, targets).sum()
        norm = torch.stack(list(self._norms) or [self.norm()]).mean()
        *numbers, mean, score = torch.cat([losses, norm.reshape(1), total.reshape(1)]).tolist()
        return Recent(tuple(numbers), mean, score / len(targets))

    @torch.no_grad()
    def norm(self) -> Tensor:
        """R(w) over the targeted parameters as they are now, each times the multiplier of its layer.

        Without a penalty it is Σ|w| of all weights: what a penalty has made of it can be compared.
        """
        if not self.pull.targets:
            return torch.zeros((), device=next(self.net.parameters()).device)
        penalty = L1() if self.spec.penalty == "none" else self.pull.penalty
        terms = [factor * penalty.value(joined(parts(target))) for target, factor in self.pull]
        return torch.stack(terms).sum()

    @torch.no_grad()
    def zero_share(self) -> float:
        """The larger of two shares of exact zeros: among the targeted parameters, and among all weights."""
        everything = [parameter for parameter in self.net.parameters() if parameter.ndim >= 2]
        return max(_zero_share(self.pull.parameters), _zero_share(everything))


def _zero_share(parameters: Sequence[Tensor]) -> float:
    if not parameters:
        return 0.0
    zeros = torch.stack([(parameter == 0).sum() for parameter in parameters]).sum()
    return int(zeros) / sum(parameter.numel() for parameter in parameters)
