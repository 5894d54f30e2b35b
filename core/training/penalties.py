"""Penalties R(w) and their proximal maps. v: before the shrink; w: after it.

A proximal map solves  w = argmin_w  R(w) + Σᵢ (wᵢ − vᵢ)² / 2τᵢ.  One threshold τ for all entries is the
usual map; one per entry is the map in a diagonal metric, which an optimizer with a rate per weight needs. A
new penalty is a class with three methods and one line in PENALTIES; no optimizer knows which one it has.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Penalty(ABC):
    """A penalty on one parameter tensor; the penalty of a network is the sum over its tensors."""

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


PENALTIES: dict[str, type[Penalty]] = {"none": NoPenalty, "l1": L1}
"""The penalties, by their names in the spec."""
