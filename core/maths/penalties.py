"""Penalties R(w) and their proximal maps. v: before the shrink; w: after it.

A proximal map solves  w = argmin_w  R(w) + Σᵢ (wᵢ − vᵢ)² / 2τᵢ.  One threshold τ for all entries is the
usual map; one per entry is the map in a diagonal metric, which an optimizer with a rate per weight needs. A
new penalty is a class with three methods and one line in PENALTIES; no optimizer knows which one it has. The
other places that want to hear of it are listed in core/README.md, "Where to write".
λ: strength, α: share of Σ|w| in a mixture, g: gradient of the data loss.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from core.maths import groups


@dataclass(frozen=True)
class Penalty(ABC):
    """A penalty on one tensor; the penalty of a network is the sum over its targets (`groups.Target`).

    Attributes:
        alpha: α in [0, 1], the share of Σ|w|; only the penalties that mix it with another one use it.
    """

    corner: ClassVar[bool] = True
    """Whether R has a corner at zero, so that a minimum may lie exactly there."""

    alpha: float = 0.5

    @abstractmethod
    def value(self, w: Tensor) -> Tensor:
        """R(w), a scalar that autograd can differentiate."""

    @abstractmethod
    def prox(self, v: Tensor, threshold: float | Tensor) -> Tensor:
        """The proximal map of R at v.

        Args:
            v: any shape.
            threshold: τ ≥ 0, in the units of v, a number or one per entry; 0 gives v back.
        """

    @abstractmethod
    def residual(self, w: Tensor, gradient: Tensor, strength: float) -> Tensor:
        """How far each entry is from optimal: the distance of −gradient from strength · ∂R(w), shape of w."""


@dataclass(frozen=True)
class NoPenalty(Penalty):
    """R(w) = 0."""

    corner = False

    def value(self, w: Tensor) -> Tensor:
        """Zero."""
        return w.new_zeros(())

    def prox(self, v: Tensor, threshold: float | Tensor) -> Tensor:
        """V itself."""
        return v

    def residual(self, w: Tensor, gradient: Tensor, strength: float) -> Tensor:
        """|gradient|: at a solution it is zero."""
        return gradient.abs()


@dataclass(frozen=True)
class L1(Penalty):
    """R(w) = Σ|w|, the lasso."""

    def value(self, w: Tensor) -> Tensor:
        """Σ|w|. Autograd's slope of |w| at 0 is 0."""
        return w.abs().sum()

    def prox(self, v: Tensor, threshold: float | Tensor) -> Tensor:
        """Move every entry towards zero by `threshold`, stopping at +0.0: v − clamp(v, −τ, τ).

        `sign(v) · max(|v| − τ, 0)` is the same map, but leaves −0.0 of small negative entries. NaN stays NaN.

        Example: the map of (3.0, −0.2) at τ = 0.5 is (2.5, 0.0).

        Source: Parikh & Boyd (2014), "Proximal Algorithms".
        """
        return v - v.clamp(-threshold, threshold)  # type: ignore[arg-type]

    def residual(self, w: Tensor, gradient: Tensor, strength: float) -> Tensor:
        """|g + λ sign w| where w ≠ 0; max(|g| − λ, 0) where w = 0."""
        at_zero = (gradient.abs() - strength).clamp_min(0.0)
        return torch.where(w == 0, at_zero, (gradient + strength * w.sign()).abs())


@dataclass(frozen=True)
class L2(Penalty):
    """R(w) = ½ Σw², weight decay: every weight shrinks in proportion, and none lands on zero.

    Weights that never get a gradient still end at 0.0 by underflow under Adam, whose τ = ηλ/ε is huge there.
    """

    corner = False

    def value(self, w: Tensor) -> Tensor:
        """½ Σw²."""
        return w.square().sum() / 2

    def prox(self, v: Tensor, threshold: float | Tensor) -> Tensor:
        """v/(1 + τ).

        Example: the map of 3.0 at τ = 0.5 is 2.0.
        """
        return v / (1.0 + threshold)

    def residual(self, w: Tensor, gradient: Tensor, strength: float) -> Tensor:
        """|g + λw|."""
        return (gradient + strength * w).abs()


@dataclass(frozen=True)
class ElasticNet(Penalty):
    """R(w) = Σ α|w| + (1 − α) w²/2: zeros as from L1, and correlated weights share instead of competing.

    Source: Zou & Hastie (2005), "Regularization and variable selection via the elastic net".
    """

    def value(self, w: Tensor) -> Tensor:
        """Σ α|w| + (1 − α) w²/2."""
        return self.alpha * w.abs().sum() + (1.0 - self.alpha) * w.square().sum() / 2

    def prox(self, v: Tensor, threshold: float | Tensor) -> Tensor:
        """The L1 map at τα, then divided by 1 + τ(1 − α).

        Example: the map of 3.0 at τ = 1, α = 0.5 is 2.5/1.5.
        """
        return L1().prox(v, threshold * self.alpha) / (1.0 + threshold * (1.0 - self.alpha))

    def residual(self, w: Tensor, gradient: Tensor, strength: float) -> Tensor:
        """That of L1 at λα, with the gradient of the smooth part, λ(1 − α)w, added to g."""
        return L1().residual(w, gradient + strength * (1.0 - self.alpha) * w, strength * self.alpha)


@dataclass(frozen=True)
class GroupLasso(Penalty):
    """R(w) = Σ_g √|g| ‖w_g‖₂: whole filters and units become zero at once.

    A unit's bias, when biases are penalised, is one more member of its group, which then has √(n + 1).

    Source: Yuan & Lin (2006), "Model selection and estimation in regression with grouped variables".
    """

    def value(self, w: Tensor) -> Tensor:
        """Σ_g √|g| ‖w_g‖. Autograd's slope at a group of zeros is 0."""
        return groups.root_size(w) * groups.norms(w).sum()

    def prox(self, v: Tensor, threshold: float | Tensor) -> Tensor:
        """The map of `groups.shrink` at τ√|g|.

        Example: the map of the group (3, 4) at τ = 1/√2 is (2.4, 3.2).
        """
        return groups.shrink(v, threshold * groups.root_size(v))

    def residual(self, w: Tensor, gradient: Tensor, strength: float) -> Tensor:
        """|g + λ√|g| w/‖w_g‖| in a living group; in a group of zeros what ‖g_g‖ has beyond λ√|g|."""
        radius, norm = strength * groups.root_size(w), groups.norms(w)
        alive = gradient + radius * w / norm
        return torch.where(norm == 0, groups.shrink(gradient, radius), alive).abs()


@dataclass(frozen=True)
class SparseGroupLasso(Penalty):
    """R(w) = α Σ|w| + (1 − α) Σ_g √|g| ‖w_g‖₂: groups end, and single weights within the living ones.

    Source: Simon, Friedman, Hastie & Tibshirani (2013), "A Sparse-Group Lasso".
    """

    def value(self, w: Tensor) -> Tensor:
        """α Σ|w| + (1 − α) Σ_g √|g| ‖w_g‖."""
        return self.alpha * w.abs().sum() + (1.0 - self.alpha) * GroupLasso().value(w)

    def prox(self, v: Tensor, threshold: float | Tensor) -> Tensor:
        """The L1 map at τα, then the group map at τ(1 − α): exact also with a threshold per entry.

        Example: the map of the group (3.5, 4.5) at τ = 1, α = 0.5 is (3, 4)·(1 − √2/10).
        """
        return GroupLasso().prox(L1().prox(v, threshold * self.alpha), threshold * (1.0 - self.alpha))

    def residual(self, w: Tensor, gradient: Tensor, strength: float) -> Tensor:
        """In a living group as L1 at λα, the group's pull added to g; else as a group of the L1 map of g."""
        of_l1, of_groups = strength * self.alpha, strength * (1.0 - self.alpha)
        norm = groups.norms(w)
        pulled = gradient + of_groups * groups.root_size(w) * w / norm
        ended = GroupLasso().residual(w, L1().prox(gradient, of_l1), of_groups)
        return torch.where(norm == 0, ended, L1().residual(w, pulled, of_l1))


PENALTIES: dict[str, type[Penalty]] = {
    "none": NoPenalty,
    "l1": L1,
    "l2": L2,
    "elastic_net": ElasticNet,
    "group_lasso": GroupLasso,
    "sparse_group_lasso": SparseGroupLasso,
}
"""The penalties, by their names in the spec."""
