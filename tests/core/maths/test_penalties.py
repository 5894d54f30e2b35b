"""Penalties against their definitions."""

import pytest
import torch

from core.maths import groups
from core.maths.penalties import PENALTIES
from core.spec import LaneSpec
from core.words import SMOOTH

GRID = torch.linspace(-4.0, 4.0, 16_001, dtype=torch.float64)
POINTS = torch.tensor([-3.0, -0.5, -0.4, 0.0, 0.3, 0.5, 0.6, 2.0], dtype=torch.float64)

SPARSE = [kind for kind in PENALTIES if kind not in ("none", "l2")]


def objective(penalty, w, v, threshold):
    """τ · R(w) + ½ (w − v)² for one weight."""
    return threshold * penalty.value(w.reshape(1, 1)) + (w - v) ** 2 / 2


def test_registry_has_every_word_of_the_spec():
    words = LaneSpec.model_json_schema()["properties"]["penalty"]["enum"]
    assert set(PENALTIES) == set(words)


def test_no_exact_zeros_are_promised_of_those_without_a_corner_and_of_no_other():
    assert {kind for kind, penalty in PENALTIES.items() if not penalty.corner} == SMOOTH


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
    each = penalty.prox(v, torch.full_like(v, 0.45))
    torch.testing.assert_close(each, penalty.prox(v, 0.45), rtol=1e-14, atol=0)


@pytest.mark.parametrize("kind", PENALTIES)
@pytest.mark.parametrize("per_entry", [False, True])
def test_threshold_zero_is_the_identity_bit_for_bit(kind, per_entry):
    v = torch.randn(50, 40, generator=torch.Generator().manual_seed(0))
    threshold = torch.zeros_like(v) if per_entry else 0.0
    assert torch.equal(PENALTIES[kind]().prox(v, threshold).view(torch.int32), v.view(torch.int32))


@pytest.mark.parametrize("kind", SPARSE)
@pytest.mark.parametrize("per_entry", [False, True])
def test_what_a_large_threshold_leaves_is_plus_zero(kind, per_entry):
    v = torch.tensor([[0.5, -0.5, 0.2, -0.2, 0.0, -0.0, -1e-30]])
    w = PENALTIES[kind](alpha=1.0 if kind == "elastic_net" else 0.5).prox(
        v, torch.full_like(v, 0.5) if per_entry else 0.5
    )
    assert torch.equal(w.view(torch.int32), torch.zeros_like(v).view(torch.int32))


@pytest.mark.parametrize("kind", PENALTIES)
@pytest.mark.parametrize("per_entry", [False, True])
def test_what_is_not_a_number_stays_so(kind, per_entry):
    v = torch.tensor([[float("nan")]])
    assert PENALTIES[kind]().prox(v, torch.full_like(v, 0.5) if per_entry else 0.5).isnan().all()


def metric_objective(penalty, w, v, threshold):
    """R(w) + Σ (w − v)² / 2τ, for a stack of tensors w."""
    values = torch.stack([penalty.value(each) for each in w])
    return values + ((w - v) ** 2 / (2 * threshold)).flatten(1).sum(1)


@pytest.mark.parametrize("kind", PENALTIES)
@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("shape", [(3, 5), (2, 3, 2, 2), (6,)])
def test_no_change_of_the_prox_makes_it_better_in_any_metric(kind, alpha, shape):
    generator = torch.Generator().manual_seed(len(shape))
    penalty = PENALTIES[kind](alpha=alpha)
    noise = torch.randn(200, *shape, generator=generator, dtype=torch.float64)
    sizes = 10.0 ** torch.linspace(-6.0, 0.0, 200, dtype=torch.float64)
    for scale in (0.03, 0.3, 3.0):
        v = torch.randn(shape, generator=generator, dtype=torch.float64)
        threshold = scale * torch.rand(shape, generator=generator, dtype=torch.float64) + 1e-3
        w = penalty.prox(v, threshold)
        others = w + noise * sizes.reshape(-1, *[1] * len(shape))
        # Also along what a shrink does: one common factor, for each group and for all of them.
        others = torch.cat([others, torch.stack([w * factor for factor in (0.0, 0.9, 0.999, 1.001, 1.1)])])
        others = torch.cat([others, torch.stack([torch.where(noise[0] > 0, w, each) for each in (0 * w, v)])])
        best = metric_objective(penalty, w.unsqueeze(0), v, threshold)
        assert bool((metric_objective(penalty, others, v, threshold) >= best - 1e-12).all())


@pytest.mark.parametrize("kind", PENALTIES)
def test_value_and_autograd_agree_with_finite_differences(kind):
    penalty = PENALTIES[kind](alpha=0.3)
    w = torch.randn(2, 3, 2, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    moving = w.clone().requires_grad_()
    (slope,) = torch.autograd.grad(penalty.value(moving) + 0.0 * moving.sum(), moving)
    for index in range(w.numel()):
        step = torch.zeros(w.numel(), dtype=torch.float64)
        step[index] = 1e-6
        step = step.reshape(w.shape)
        difference = float(penalty.value(w + step) - penalty.value(w - step)) / 2e-6
        assert difference == pytest.approx(float(slope.flatten()[index]), abs=1e-8)


@pytest.mark.parametrize("kind", PENALTIES)
def test_value_has_a_finite_slope_at_zero(kind):
    w = torch.zeros(2, 3, requires_grad=True)
    (PENALTIES[kind]().value(w) + 0.0 * w.sum()).backward()
    assert torch.equal(w.grad, torch.zeros(2, 3))


@pytest.mark.parametrize("kind", PENALTIES)
def test_residual_is_zero_where_the_prox_stands_still(kind):
    # w = prox(w − g, λ) for the λ and g of a prox that was just made; with another gradient it is not.
    penalty, generator = PENALTIES[kind](alpha=0.3), torch.Generator().manual_seed(1)
    for strength in (0.1, 0.5, 2.0):
        v = torch.randn(8, 5, generator=generator, dtype=torch.float64)
        w = penalty.prox(v, strength)
        assert float(penalty.residual(w, w - v, strength).max()) < 1e-12
        moved = penalty.residual(w, w - v + 3.0, strength)
        assert float(moved.max()) > 0.1


def ended_by_bisection(v, threshold):
    """The group prox in a metric, one group at a time, by halving an interval that holds its norm."""
    if float(((v / threshold) ** 2).sum()) <= 1.0:
        return torch.zeros_like(v)
    low, high = 0.0, float(v.norm())
    for _ in range(200):
        middle = (low + high) / 2
        if float(((v / (middle + threshold)) ** 2).sum()) > 1.0:
            low = middle
        else:
            high = middle
    return v * high / (high + threshold)


@pytest.mark.parametrize("decades", [0, 1, 2, 4, 8])
@pytest.mark.parametrize("reach", [0.5, 0.999, 1.001, 1.2, 3.0, 100.0])
def test_groups_in_a_metric_are_those_of_a_bisection(decades, reach):
    # `reach` is ‖v/τ‖, at most 1 when a group ends; the thresholds of a group span so many decades.
    generator = torch.Generator().manual_seed(decades)
    threshold = 10.0 ** (-decades * torch.rand(30, 40, generator=generator, dtype=torch.float64))
    v = threshold * torch.randn(30, 40, generator=generator, dtype=torch.float64)
    v = v * reach / (v / threshold).norm(dim=1, keepdim=True)
    ours = groups.shrink(v, threshold)
    theirs = torch.stack([ended_by_bisection(*each) for each in zip(v, threshold, strict=True)])
    assert bool((ours == 0).all()) == (reach < 1.0)
    assert float(((ours - theirs).norm(dim=1) / v.norm(dim=1)).max()) < (1e-12 if decades <= 2 else 1e-5)


def test_groups_do_not_depend_on_the_layout_in_memory():
    v = torch.randn(8, 4, 3, 3, generator=torch.Generator().manual_seed(0))
    last = v.to(memory_format=torch.channels_last)
    for threshold in (0.1, torch.full_like(v, 0.1)):
        w = groups.shrink(last, threshold)
        assert w.is_contiguous(memory_format=torch.channels_last)
        torch.testing.assert_close(w, groups.shrink(v, threshold))


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


def test_l2_worked_by_hand():
    l2, w = PENALTIES["l2"](), torch.tensor([3.0, -2.0])
    assert l2.value(w) == 6.5
    assert l2.prox(w, 1.0).tolist() == [1.5, -1.0]
    assert l2.prox(w, torch.tensor([0.5, 3.0])).tolist() == [2.0, -0.5]
    assert l2.residual(w, torch.tensor([-1.5, 0.5]), 0.5).tolist() == [0.0, 0.5]


def test_elastic_net_worked_by_hand():
    net, w = PENALTIES["elastic_net"](alpha=0.5), torch.tensor([3.0, -2.0, 0.0])
    assert net.value(w) == 0.5 * 5.0 + 0.5 * 6.5
    assert net.prox(torch.tensor([4.0, -1.0, 9.0]), 2.0).tolist() == [1.5, 0.0, 4.0]
    assert net.residual(w, torch.tensor([-2.0, 1.5, 0.75]), 1.0).tolist() == [0.0, 0.0, 0.25]


def test_group_lasso_worked_by_hand():
    lasso = PENALTIES["group_lasso"]()
    w = torch.tensor([[3.0, 4.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    assert lasso.value(w) == 2.0 * 5.0
    # 5 − 2·1.25 is half of 5; the second group, of norm 2, ends at 2.5
    v = torch.tensor([[3.0, 4.0, 0.0, 0.0], [1.0, -1.0, 1.0, -1.0]])
    assert lasso.prox(v, 1.25).tolist() == [[1.5, 2.0, 0.0, 0.0], [0.0] * 4]
    gradient = torch.tensor([[-0.6, -0.8, 0.0, 0.0], [0.6, 0.8, 0.0, 0.0]])
    assert float(lasso.residual(w, gradient, 0.5).max()) < 1e-7
    # at λ = 0.25 the radius is 0.5: half of the gradient is too much
    torch.testing.assert_close(
        lasso.residual(w, gradient, 0.25), torch.tensor([[0.3, 0.4, 0.0, 0.0], [0.3, 0.4, 0.0, 0.0]])
    )


def test_group_lasso_takes_biases_one_by_one():
    assert PENALTIES["group_lasso"]().value(torch.tensor([3.0, -4.0])) == 7.0
    assert PENALTIES["group_lasso"]().prox(torch.tensor([3.0, -0.5]), 1.0).tolist() == [2.0, 0.0]


def test_sparse_group_lasso_worked_by_hand():
    both = PENALTIES["sparse_group_lasso"](alpha=0.5)
    v = torch.tensor([[4.25, -5.25, 1.0, 0.0]])
    assert both.value(torch.tensor([[3.0, 4.0, 0.0, 0.0]])) == 0.5 * 7.0 + 0.5 * 2.0 * 5.0
    # L1 at 1.25: (3, −4, 0, 0); then 5 − 2·1.25 is half of 5
    assert both.prox(v, 2.5).tolist() == [[1.5, -2.0, 0.0, 0.0]]


def test_mixtures_end_in_what_they_mix():
    v = torch.randn(6, 7, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    ends = {"elastic_net": ("l2", "l1"), "sparse_group_lasso": ("group_lasso", "l1")}
    for kind, pure in ends.items():
        for alpha, end in zip((0.0, 1.0), pure, strict=True):
            mixed, alone = PENALTIES[kind](alpha=alpha), PENALTIES[end]()
            torch.testing.assert_close(mixed.value(v), alone.value(v))
            torch.testing.assert_close(mixed.prox(v, 0.4), alone.prox(v, 0.4))
            torch.testing.assert_close(mixed.residual(v, -v, 0.4), alone.residual(v, -v, 0.4))


def test_l1_has_slope_zero_at_zero():
    w = torch.tensor([2.0, 0.0, -1.0], requires_grad=True)
    PENALTIES["l1"]().value(w).backward()
    assert w.grad.tolist() == [1.0, 0.0, -1.0]
