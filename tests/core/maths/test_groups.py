"""Groups: norms by numpy, and a shrink that minimises what it says it minimises."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.maths import groups

SHAPES = [(6,), (4, 5), (3, 2, 3, 3)]


def some(shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def objective(w, v, threshold):
    """Σ_g ‖w_g‖ + Σ (w − v)² / 2τ, group by group in numpy."""
    flat = w.reshape(len(w), -1).numpy()
    return np.linalg.norm(flat, axis=1).sum() + float(((w - v) ** 2 / (2.0 * threshold)).sum())


@pytest.mark.parametrize("shape", SHAPES)
def test_norms_and_sizes_are_those_of_what_a_unit_reads(shape):
    w = some(shape)
    expected = np.linalg.norm(w.reshape(len(w), -1).numpy(), axis=1)
    np.testing.assert_allclose(groups.norms(w).flatten(), expected)
    assert groups.root_size(w) == pytest.approx(np.sqrt(w.numel() / len(w)))
    assert (groups.norms(w) * w).shape == w.shape


def test_the_slope_of_a_norm_at_a_group_of_zeros_is_zero():
    w = torch.tensor([[0.0, 0.0], [3.0, 4.0]], requires_grad=True)
    groups.norms(w).sum().backward()
    torch.testing.assert_close(w.grad, torch.tensor([[0.0, 0.0], [0.6, 0.8]]))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("metric", [False, True])
def test_no_step_away_from_the_shrunk_weights_is_better(shape, metric):
    v = some(shape)
    # With one τ per entry, over two decades; with one for all, about half of the groups end.
    threshold = 10.0 ** some(shape, seed=1).clamp(-1.0, 1.0) if metric else float(groups.norms(v).median())
    w = groups.shrink(v, threshold)
    least = objective(w, v, threshold)
    for seed in range(40):
        for size in (1e-4, 1e-2, 0.3):
            assert objective(w + size * some(shape, 10 + seed), v, threshold) >= least - 1e-12
    assert objective(torch.zeros_like(v), v, threshold) >= least
    assert least < objective(v, v, threshold)


def test_equal_thresholds_per_entry_are_one_threshold():
    v = some((4, 5))
    torch.testing.assert_close(groups.shrink(v, torch.full_like(v, 0.7)), groups.shrink(v, 0.7))


def test_a_group_by_hand_and_its_positive_zero():
    torch.testing.assert_close(groups.shrink(torch.tensor([[3.0, 4.0]]), 1.0), torch.tensor([[2.4, 3.2]]))
    ended = groups.shrink(torch.tensor([[-0.3, -0.4]]), 0.5)
    assert ended.tolist() == [[0.0, 0.0]]
    assert not ended.signbit().any()
    assert groups.shrink(torch.tensor([[float("nan"), 1.0]]), 0.5).isnan().all()


@given(st.floats(-3.0, 3.0), st.floats(-3.0, 3.0), st.floats(1e-2, 10.0), st.floats(1e-2, 10.0))
def test_a_group_ends_exactly_when_its_norm_in_the_metric_is_at_most_one(a, b, s, t):
    v, tau = torch.tensor([[a, b]], dtype=torch.float64), torch.tensor([[s, t]], dtype=torch.float64)
    reach = float((v / tau).norm())
    if abs(reach - 1.0) > 1e-9:
        assert bool((groups.shrink(v, tau) == 0.0).all()) == (reach < 1.0)


@pytest.mark.parametrize("shape", [(4, 5), (3, 2, 3, 3)])
def test_a_weight_and_its_bias_are_joined_and_written_back(shape):
    weight, bias = some(shape), some((shape[0],), seed=1)
    target = (weight.clone(), bias.clone())
    whole = groups.joined(groups.parts(target))
    assert whole.shape == (shape[0], weight[0].numel() + 1)
    assert torch.equal(whole[:, -1], bias)
    groups.write(target, 2.0 * whole)
    assert torch.equal(target[0], 2.0 * weight)
    assert torch.equal(target[1], 2.0 * bias)


def test_one_parameter_is_a_target_as_it_is():
    w = some((3, 2))
    assert groups.parts(w) == (w,)
    assert groups.joined([w]) is w
    groups.write(w, torch.ones(3, 2, dtype=torch.float64))
    assert float(w.sum()) == 6.0
