"""Norms and shrinkage of groups of weights. A group is what one unit reads: W[o, …] of output unit o.

For a convolution that is one filter, for a fully connected layer one row; the entries of a vector are
groups of one. A unit's bias is no group of its own: it joins the unit's weights (`joined`), or is not
penalised. Norms and shrinkage keep the memory layout of their tensor, so nothing is copied.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

NEWTON_STEPS = 12
"""At most so many steps towards the norm of a shrunk group; 2 to 4 are taken for a network's layers in Adam's
metric. When the thresholds of a group differ by at most a factor of 100, 6 steps reach all digits of float64;
the worst found over 12 decades, groups built to be hard, was off by 2e-6 ‖v‖."""


Target = Tensor | tuple[Tensor, Tensor]
"""What a penalty acts on as a whole: one parameter, or a weight with the bias that its groups hold."""


def parts(target: Target) -> tuple[Tensor, ...]:
    """The parameters of a target."""
    return target if isinstance(target, tuple) else (target,)


def joined(parts: Sequence[Tensor]) -> Tensor:
    """One tensor with the groups of all parts: a weight as it is, or units × (weights + 1), the bias last."""
    if len(parts) == 1:
        return parts[0]
    weight, bias = parts
    return torch.cat([weight.flatten(1), bias.unsqueeze(1)], dim=1)


def write(target: Target, values: Tensor) -> None:
    """Give the parameters of a target the values of a tensor such as `joined` makes."""
    if isinstance(target, tuple):
        weight, bias = target
        weight.copy_(values[:, :-1].reshape(weight.shape))
        bias.copy_(values[:, -1])
    else:
        target.copy_(values)


def root_size(w: Tensor) -> float:
    """√|g|: the root of the number of weights in a group of w."""
    return math.sqrt(w[0].numel())


def norms(w: Tensor) -> Tensor:
    """‖w_g‖₂ of every group, broadcastable to w. Autograd's slope at a group of zeros is 0."""
    return torch.linalg.vector_norm(w, dim=tuple(range(1, w.ndim)), keepdim=True) if w.ndim > 1 else w.abs()


def shrink(v: Tensor, threshold: float | Tensor) -> Tensor:
    """The w that minimises  Σ_g ‖w_g‖₂ + Σᵢ (wᵢ − vᵢ)² / 2τᵢ ; groups end as a whole, at +0.0.

    One τ for all: w_g = v_g · max(0, 1 − τ/‖v_g‖). One τ per entry: w_g is zero iff ‖v/τ‖ ≤ 1 within the
    group, else wᵢ = vᵢ θ/(θ + τᵢ), where θ = ‖w_g‖ is the root of Σ (vᵢ/(θ + τᵢ))² = 1. NaN stays NaN.

    Args:
        v: any shape with at least one dimension.
        threshold: τ ≥ 0, in the units of v, a number or one per entry; 0 gives v back.

    Example: the map of the group (3, 4) at τ = 1 is (2.4, 3.2).

    Source: Yuan & Lin (2006) for the map; Deleu & Bengio (2021), "Structured Sparsity Inducing Adaptive
    Optimizers for Deep Learning", for the metric.
    """
    norm = _norms_to_be(v, threshold) if isinstance(threshold, Tensor) else norms(v) - threshold
    # A group that ends has θ ≤ 0; of the others no factor is 0/0. The last sum makes +0.0 of −0.0.
    return torch.where(norm <= 0.0, 0.0, v * (norm / (norm + threshold))) + 0.0


def _norms_to_be(v: Tensor, threshold: Tensor) -> Tensor:
    """θ of every group, 0 where the group ends.

    1/‖v/(θ + τ)‖ is concave and increasing in θ, so Newton's method for "it equals 1" never overshoots from
    below, and in one step from anywhere when all τ are equal. Start: no entry may exceed 1 in the sum, and
    the largest τ for all would shrink at least as much.
    """
    smallest = torch.finfo(v.dtype).tiny
    norm = torch.maximum(norms(v) - _largest(threshold), _largest(v.abs() - threshold)).clamp_min(0.0)
    for _ in range(NEWTON_STEPS):
        reach = (norm + threshold).clamp_min(smallest)
        ratio = v / reach
        root = norms(ratio)
        slope = _sums(ratio.square_().div_(reach)).clamp_min(smallest)
        # For h(θ) = 1/root − 1 the step −h/h' is (root − 1) · root² / Σ ratio²/reach.
        step = (root - 1.0).clamp_min(0.0) * root.square() / slope
        norm = norm + step
        if _settled(step, norm):
            break
    return norm


def _settled(step: Tensor, norm: Tensor) -> bool:
    """Whether the next step would be lost in rounding: its size is about the square of the last one's."""
    # Elsewhere to look is to wait for the device, which takes longer than the steps saved.
    return norm.device.type == "cpu" and bool((step <= torch.finfo(norm.dtype).eps ** 0.5 * norm).all())


def _sums(x: Tensor) -> Tensor:
    return x.sum(dim=tuple(range(1, x.ndim)), keepdim=True) if x.ndim > 1 else x


def _largest(x: Tensor) -> Tensor:
    return x.amax(dim=tuple(range(1, x.ndim)), keepdim=True) if x.ndim > 1 else x
