"""How far weights are from an optimum of their objective, in the numbers that lasso theory has for it.

W: weights of a linear model, one row per class; X: images, n × pixels; Y: labels as rows of zeros with a one;
P: the probabilities that the model gives; λ: strength; R: the penalty; g: gradient of the data loss over all
training images. Any float type: errors are of its size.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.maths.groups import joined, parts
from core.maths.method import Pull

DataLoss = Callable[[Tensor, Tensor], Tensor]
"""The mean loss of outputs, one row per image, against targets."""

INTERCEPT_STEPS = 30
BISECTIONS = 60

MAX_RATIO = 1e6
"""A λ_max of more than this many times the largest slope is none: L2 alone makes no zeros."""

ROUNDING = 100.0
"""A probability this many float epsilons below zero is zero."""


@dataclass(frozen=True)
class Problem:
    """A network and its objective, data loss + λ · what pulls at λ = 1.

    Attributes:
        net: whose parameters the targets are.
        pull: at λ = 1, so that its strengths are what λ is multiplied by for each target.
    """

    net: nn.Module
    pull: Pull
    data_loss: DataLoss


def kkt(problem: Problem, gradients: Sequence[Tensor], strength: float) -> Tensor:
    """The KKT residual of every penalised weight at λ = `strength`, in one row, all ≥ 0.

    Zero where a weight is stationary; all zero at an optimum, but also in a network of nothing but zeros.

    Args:
        problem: at the weights to judge.
        gradients: g for each of `problem.pull.parameters`.
        strength: λ.
    """
    pull = problem.pull.times(strength)
    by_parameter = dict(zip(map(id, pull.parameters), gradients, strict=True))
    residuals = [
        pull.penalty.residual(
            joined(parts(target)).detach(), joined([by_parameter[id(each)] for each in parts(target)]), own
        )
        for target, own in pull
    ]
    return torch.cat([residual.flatten() for residual in residuals])


def strength_max(problem: Problem, x: Tensor, y: Tensor) -> float | None:
    """λ_max of a linear model: the smallest λ at which every penalised weight is zero; None if no λ does it.

    A bias that is not penalised is at its optimum then: the shares of the labels, or the mean angle. With L1,
    λ_max = ‖(Y − P)ᵀX‖_∞ / n.

    Args:
        problem: whose weights do not matter.
        x: the training images, flat or not.
        y: their targets.
    """
    weight, bias = problem.net.parameters()
    start = torch.zeros_like(bias) if _has(problem, bias) else _best_constant(y, len(bias)).to(bias.dtype)
    point = (torch.zeros_like(weight).requires_grad_(), start.requires_grad_())
    slopes = torch.autograd.grad(problem.data_loss(F.linear(x.flatten(1), *point), y), point)
    by_parameter = {id(weight): slopes[0], id(bias): slopes[1]}
    of_targets = [
        joined([by_parameter[id(each)] for each in parts(target)]) for target in problem.pull.targets
    ]

    def zeros_are_optimal(strength: float) -> bool:
        return not any(
            bool(problem.pull.penalty.residual(torch.zeros_like(slope), slope, own).any())
            for slope, own in zip(of_targets, problem.pull.times(strength).strengths, strict=True)
        )

    return _smallest(zeros_are_optimal, max((float(slope.abs().max()) for slope in of_targets), default=0.0))


def _has(problem: Problem, parameter: Tensor) -> bool:
    return any(parameter is each for each in problem.pull.parameters)


def _best_constant(y: Tensor, n_outputs: int) -> Tensor:
    """The outputs that are best where they are the same for every image."""
    if y.is_floating_point():
        return y.mean().reshape(1)
    shares = y.bincount(minlength=n_outputs).float() / len(y)
    return shares.clamp_min(torch.finfo(shares.dtype).tiny).log()


def _smallest(enough: Callable[[float], bool], guess: float) -> float | None:
    low, high = 0.0, guess
    while not enough(high):
        low, high = high, 2.0 * high
        if high > MAX_RATIO * guess:
            return None
    for _ in range(BISECTIONS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def duality_gap(point: tuple[Tensor, Tensor], x: Tensor, y: Tensor, strength: float) -> float | None:
    """At most how much softmax regression with λ Σ|W| at (W, b) is above its least value.

    Any Q with rows of probabilities, the label shares as column means and ‖(Y − Q)ᵀX‖_∞ ≤ λn proves that no
    objective is below the mean entropy of Q's rows. Here Q = Y − aR, with R = Y − P after a refit of the
    biases, without its column means, and the largest a ≤ 1 that the bound allows.

    Args:
        point: W, classes × pixels, and b.
        x: X.
        y: the labels.
        strength: λ.

    Returns:
        The gap, ≥ 0; None when a row of Q is not one of probabilities.
    """
    outputs = F.linear(x, *point)
    labels = F.one_hot(y, outputs.shape[1]).to(outputs.dtype)
    missed = labels - _refitted(outputs, labels)
    missed -= missed.mean(0)
    slope = float((missed.T @ x).abs().max()) / len(y)
    q = labels - missed * (min(1.0, strength / slope) if slope else 1.0)
    if float(q.min()) < -ROUNDING * torch.finfo(q.dtype).eps:
        return None
    q = q.clamp_min(0.0)
    bound = -float(torch.xlogy(q, q).sum(1).mean())
    value = float(F.cross_entropy(outputs, y)) + strength * float(point[0].abs().sum())
    return max(value - bound, 0.0)


def _refitted(outputs: Tensor, labels: Tensor) -> Tensor:
    """The probabilities after the biases have moved, by Newton's method, to where column means agree."""
    for _ in range(INTERCEPT_STEPS):
        p = outputs.softmax(1)
        off = (labels.mean(0) - p.mean(0)).double().cpu()
        curvature = (torch.diag(p.mean(0)) - p.T @ p / len(p)).double().cpu()
        # Biases may all rise together: of the many solutions the pseudo-inverse takes the smallest.
        step = torch.linalg.pinv(curvature, hermitian=True) @ off
        outputs = outputs + step.clamp(-1.0, 1.0).to(outputs)
        if float(off.abs().max()) < torch.finfo(outputs.dtype).eps:
            break
    return outputs.softmax(1)
