"""Lanes updated in the same kernels: a GPU takes about as long to start one as to run it on a small network.

The forward and backward passes of all lanes are one, by `vmap` over their stacked parameters; lanes that
differ only in λ and in what it acts on share one method, which is handed the parameters of all. A CPU is
faster lane after lane (vmap takes 1.4 to 1.5 times as long there), and BatchNorm needs it: its running
statistics are written to during the forward pass. The numbers are the same, up to the order of sums.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

from core.maths.method import Method, Pull
from core.maths.methods import METHODS
from core.maths.precision import DTYPES
from core.spec import LaneSpec
from core.training.lane import Lane

SHARED = ("method", "optimizer", "learning_rate", "momentum", "penalty", "alpha")
"""What lanes must have in common to share a method: what cannot change while they train."""


def pays(device: torch.device, net: nn.Module, lanes: Sequence[LaneSpec]) -> bool:
    """Whether these lanes are faster together."""
    return device.type != "cpu" and len(lanes) > 1 and can(net, lanes)


def can(net: nn.Module, lanes: Sequence[LaneSpec]) -> bool:
    """Whether they can be updated together: FISTA looks at all images, and BatchNorm has buffers."""
    return not any(True for _ in net.buffers()) and all(lane.method != "fista" for lane in lanes)


class Together:
    """All lanes of a run; those that have diverged are left out.

    Args:
        lanes: before their first update; their methods are replaced by shared ones.
    """

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self._names = [name for name, _ in lanes[0].net.named_parameters()]
        self._parameters: dict[Lane, list[Tensor]] = {lane: list(lane.net.parameters()) for lane in lanes}
        self._teams: list[tuple[Method, list[Lane]]] = []
        for _, members in groupby(sorted(lanes, key=_shared), key=_shared):
            team = list(members)
            everything = [parameter for lane in team for parameter in self._parameters[lane]]
            method = METHODS[team[0].spec.method](everything, team[0].spec)
            for lane in team:
                lane.method = method
            self._teams.append((method, team))

    def update(self, x: Tensor, y: Tensor, strengths: Mapping[Lane, float]) -> None:
        """One update on the batch (x, y) of each lane that has a strength: its λ."""
        losses, outputs = self._forward(list(strengths), x, y)
        norms = [lane.norm() for lane in strengths]
        pulls = [(method, _pull(team, strengths)) for method, team in self._teams]
        moving = [w for lane in strengths for w in self._parameters[lane]]
        gradient = dict(zip(moving, torch.autograd.grad(losses.sum(), moving), strict=True))
        for method, pull in pulls:
            # A lane that has diverged stays where it is.
            along = [gradient[w] if w in gradient else torch.zeros_like(w) for w in method.parameters]
            method.follow(along, pull)
        for lane, loss, said, norm in zip(strengths, losses.detach(), outputs.detach(), norms, strict=True):
            lane.reach.note([gradient[w] for w in self._parameters[lane]])
            lane.remember(loss, said, y, norm)

    def _forward(self, lanes: Sequence[Lane], x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        """Losses, one a lane, and outputs, lanes × images × outputs, both with their graph."""
        columns = zip(*(self._parameters[lane] for lane in lanes), strict=True)
        lane = lanes[0]
        # Within vmap autocast does not reach every layer; without BatchNorm a cast beforehand does the same.
        dtype = DTYPES[lane.precision]
        stacked = {
            name: torch.stack(column).to(dtype) for name, column in zip(self._names, columns, strict=True)
        }

        def one(parameters: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
            outputs: Tensor = functional_call(lane.net, parameters, (x.to(dtype),)).float()
            return lane.loss.loss(outputs, y), outputs

        losses, outputs = vmap(one)(stacked)
        return losses, outputs


def _shared(lane: Lane) -> tuple[Any, ...]:
    return tuple(getattr(lane.spec, field) for field in SHARED)


def _pull(team: Sequence[Lane], strengths: Mapping[Lane, float]) -> Pull:
    """What pulls in these lanes, whose penalty is one, at the λ of each."""
    pulls = [lane.pull.times(strengths[lane]) for lane in team if lane in strengths]
    targets, each = [t for pull in pulls for t in pull.targets], [s for pull in pulls for s in pull.strengths]
    return Pull(team[0].pull.penalty, targets, each)
