"""Penalties against their definitions."""

import pytest
import torch

from core.spec import LaneSpec
from core.training.penalties import PENALTIES

GRID = torch.linspace(-4.0, 4.0, 16_001, dtype=torch.float64)
POINTS = torch.tensor([-3.0, -0.5, -0.4, 0.0, 0.3, 0.5, 0.6, 2.0], dtype=torch.float64)


def objective(penalty, w, v, threshold):
    """τ · R(w) + ½ (w − v)² for one weight."""
    return threshold * penalty.value(w.reshape(1, 1)) + (w - v) ** 2 / 2


def test_registry_has_every_word_of_the_spec():
    words = LaneSpec.model_json_schema()["properties"]["penalty"]["enum"]
    assert set(PENALTIES) == set(words)


@pytest.mark.parametrize("kind", PENALTIES)
@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.5, 1.5])
def test_prox_minimises_its_objective(kind, threshold):
    penalty = PENALTIES[kind]()
    for v in POINTS:
        best = min(float(objective(penalty, w, v, threshold)) for w in GRID[::40])
        w = penalty.prox(v.reshape(1, 1), threshold).squeeze()
        assert float(objective(penalty, w, v, threshold)) <= best + 1e-12


@pytest.mark.parametrize("kind", PENALTIES)
def test_a_threshold_per_entry_is_as_good_as_one_for_all(kind):
    penalty = PENALTIES[kind]()
    v = POINTS.reshape(2, 4)
    torch.testing.assert_close(
        penalty.prox(v, torch.full_like(v, 0.45)), penalty.prox(v, 0.45), rtol=0, atol=0
    )


@pytest.mark.parametrize("kind", PENALTIES)
@pytest.mark.parametrize("per_entry", [False, True])
def test_threshold_zero_is_the_identity_bit_for_bit(kind, per_entry):
    v = torch.randn(50, 40, generator=torch.Generator().manual_seed(0))
    threshold = torch.zeros_like(v) if per_entry else 0.0
    assert torch.equal(PENALTIES[kind]().prox(v, threshold).view(torch.int32), v.view(torch.int32))


@pytest.mark.parametrize("per_entry", [False, True])
def test_l1_gives_plus_zero_up_to_the_threshold(per_entry):
    v = torch.tensor([[0.5, -0.5, 0.2, -0.2, 0.0, -0.0, -1e-30]])
    w = PENALTIES["l1"]().prox(v, torch.full_like(v, 0.5) if per_entry else 0.5)
    assert torch.equal(w.view(torch.int32), torch.zeros_like(v).view(torch.int32))


def test_l1_keeps_what_is_not_a_number():
    assert PENALTIES["l1"]().prox(torch.tensor([float("nan")]), 0.5).isnan().all()


def test_none_at_three_worked_by_hand():
    none = PENALTIES["none"]()
    assert none.value(torch.tensor([3.0])) == 0.0
    assert none.prox(torch.tensor([3.0]), 0.5) == 3.0
    assert none.residual(torch.tensor([3.0]), torch.tensor([-0.25]), 1.0) == 0.25


def test_l1_worked_by_hand():
    l1 = PENALTIES["l1"]()
    w = torch.tensor([3.0, -2.0, 0.0, 0.0])
    gradient = torch.tensor([-0.5, 0.25, 0.4, -0.75])
    assert l1.value(w) == 5.0
    assert l1.prox(w, 0.5).tolist() == [2.5, -1.5, 0.0, 0.0]
    assert l1.prox(w, torch.tensor([1.0, 4.0, 1.0, 1.0])).tolist() == [2.0, 0.0, 0.0, 0.0]
    assert l1.residual(w, gradient, 0.5).tolist() == [0.0, 0.25, 0.0, 0.25]


def test_l1_has_slope_zero_at_zero():
    w = torch.tensor([2.0, 0.0, -1.0], requires_grad=True)
    PENALTIES["l1"]().value(w).backward()
    assert w.grad.tolist() == [1.0, 0.0, -1.0]
