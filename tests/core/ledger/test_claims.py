"""Claims of the ledger that hold by arithmetic: against a definition, by hand or by another library."""

import lzma
import math
import statistics

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import ElasticNet, Lasso
from torch import nn
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from core.experiments import Trained
from core.lab.lambda_path.path import path
from core.lab.lambda_path.words import knee_sentence
from core.lab.smaller_model.questions import refit_sentence
from core.lessons.how_zeros_happen import network
from core.lessons.how_zeros_happen.two_weights import RULES, steady_path
from core.lessons.l1_in_a_cnn.results import FACTORS
from core.lessons.what_is_l1.four_weights import CLASSES, VALUES
from core.maths.method import Pull
from core.maths.methods import METHODS, Proximal, Spred
from core.maths.optimizers import OPTIMIZERS
from core.maths.penalties import PENALTIES, GroupLasso
from core.runs.examples.histories import example
from core.smaller import sizes
from core.smaller.blocks import Block
from core.spec import LaneSpec, strength_text


def kept(name):
    """The runs of a computed example."""
    return [Trained(each.view.spec, each.points, each.frames) for each in example(name).histories]


def test_two_of_the_eight_classes_are_wrong():
    wrong = (VALUES > 0).astype(int) != CLASSES
    assert np.flatnonzero(wrong).tolist() == [2, 3]


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_l2_makes_zeros_only_of_weights_without_gradient(optimizer):
    # The second weight is behind a pixel that is always black.
    w = nn.Parameter(torch.tensor([0.5, 0.5]))
    method = Proximal([w], LaneSpec(optimizer=optimizer, learning_rate=0.01, momentum=0.9))
    for _ in range(3000):
        method.update((w[0] - 1.0) ** 2 + 0.0 * w[1], Pull(PENALTIES["l2"](), [w], [1.0]))
    pulled, idle = w.detach().tolist()
    assert pulled == pytest.approx(2.0 / 3.0, rel=0.05)
    assert (idle == 0.0) if optimizer == "adam" else (abs(idle) < 1e-6)


def test_adam_divides_an_idle_weight_to_zero_within_an_epoch_or_two():
    w = nn.Parameter(torch.tensor([0.5]))
    method = Proximal([w], LaneSpec(learning_rate=1e-3))
    for _ in range(40):
        method.update(0.0 * w.sum(), Pull(PENALTIES["l2"](), [w], [1e-3]))
    # τ = ηλ/ε = 100: each update divides by 101, and 45 decimals are soon gone.
    assert float(w.detach()) == 0.0


@pytest.mark.parametrize("strength", [0.1, 0.2, 0.42, 0.6])
@pytest.mark.parametrize("method", ["textbook_sgd", "textbook_adam"])
def test_near_zero_the_textbook_goes_past_and_back(method, strength):
    late = steady_path(method, strength)[-15:, 1]
    assert late.min() < 0.0 < late.max()


def test_what_the_zeros_of_the_example_cost():
    found = path(kept("lambda_path"))
    knee, cliff = found.knee, found.cliff
    assert found.stops[knee].kinds["selected"] < found.stops[knee].zero_percent / 2 / 100 * found.weights
    between = [stop.score for stop in found.stops[knee : cliff + 1]]
    assert between == sorted(between, reverse=True)
    first = next(i for i, stop in enumerate(found.stops) if stop.zero_percent > 90.0)
    assert first >= cliff


@pytest.mark.parametrize("name", ["zeros_by_method", "inside_the_network"])
def test_training_longer_makes_more_zeros(name):
    history = example(name).histories[0]
    lane = len(history.points) - 1 if name == "inside_the_network" else network.PROXIMAL
    points = history.points[lane]
    early = next(point for point in points if point.epoch >= points[-1].epoch / 2)
    assert points[-1].n_zeros > early.n_zeros


@pytest.mark.parametrize("curvature", [0.1, 1.0, 50.0])
def test_the_hover_height_at_another_curvature(curvature):
    rate, strength, w = 0.02, 0.3, 0.0137
    heights = []
    for _ in range(20_000):
        w -= rate * (curvature * w + strength * math.copysign(1.0, w))
        heights.append(abs(w))
    expected = rate * strength / (2.0 - rate * curvature)
    assert statistics.fmean(heights[-200:]) == pytest.approx(expected, rel=0.05)


def hover(ratio):
    """Mean |w| in units of η under textbook Adam, where the gradient is noise of λ/ratio and nothing else."""
    draws, rule = np.random.default_rng(0), RULES["textbook_adam"](0.0)
    w, heights = draws.normal(size=400) * 1e-3, []
    for _ in range(3000):
        w = rule(w, draws.normal(size=400), np.asarray(ratio), 1e-3)
        heights.append(np.abs(w).mean())
    return statistics.fmean(heights[-1000:]) / 1e-3


def test_with_noise_adams_hovering_does_depend_on_the_strength():
    small, middle, large = hover(0.1), hover(1.0), hover(10.0)
    assert small > 2 * middle > 4 * large


def test_how_far_a_steady_pull_carries_a_weight_with_momentum():
    moved = {}
    for momentum, rate in ((0.0, 0.2), (0.9, 0.05), (0.9, 0.02)):
        w = nn.Parameter(torch.zeros(1, dtype=torch.float64))
        optimizer = torch.optim.SGD([w], lr=rate, momentum=momentum)
        for _ in range(2000):
            w.grad = torch.ones(1, dtype=torch.float64)
            optimizer.step()
        moved[momentum, rate] = -float(w.detach())
    plain, long, equal = (
        LaneSpec(optimizer="sgd", momentum=momentum, learning_rate=rate) for momentum, rate in moved
    )
    assert moved[0.9, 0.05] / moved[0.0, 0.2] == pytest.approx(2.5, rel=0.01)
    assert "2.5 times as far" in network.reach_sentence(plain, long)
    assert moved[0.9, 0.02] / moved[0.0, 0.2] == pytest.approx(1.0, rel=0.01)
    assert "as far in both" in network.reach_sentence(plain, equal)


@given(st.floats(0.1, 1e3), st.floats(0.1, 1e3), st.sampled_from(FACTORS))
def test_two_penalised_layers_have_a_best_split(first, second, factor):
    least = 2.0 * math.sqrt(first * second)
    assert first / factor + second * factor >= least * (1 - 1e-12)
    best = math.sqrt(first / second)
    assert first / best == pytest.approx(second * best)
    assert first / best + second * best == pytest.approx(least)


def test_batch_norm_ignores_a_positive_factor_only_and_not_near_epsilon():
    torch.manual_seed(0)
    z, norm = torch.randn(256, 4, 2, 2), nn.BatchNorm2d(4, affine=False)
    plain = norm(z)
    torch.testing.assert_close(norm(3.0 * z), plain, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(norm(-3.0 * z), -plain, rtol=1e-4, atol=1e-4)
    assert float((norm(1e-3 * z) - plain).abs().max()) > 0.5


def test_before_batch_norm_no_weights_but_zero_are_at_rest():
    torch.manual_seed(0)
    conv, norm = nn.Conv2d(1, 4, 3, bias=False).double(), nn.BatchNorm2d(4, eps=1e-12).double()
    x = torch.randn(64, 1, 8, 8, dtype=torch.float64)
    loss = F.cross_entropy(norm(conv(x)).relu().mean((2, 3)), torch.randint(4, (64,)))
    (gradient,) = torch.autograd.grad(loss, conv.weight)
    along, size = float((conv.weight.detach() * gradient).sum()), float(conv.weight.detach().abs().sum())
    assert abs(along) < 1e-9
    # At rest under λ the two would have to add up: ⟨w, ∇L⟩ = −λ Σ|w|.
    assert 1e-6 * size > 100 * abs(along)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=20))
def test_a_group_penalty_is_at_least_the_l1_norm(weights):
    w = torch.tensor([weights], dtype=torch.float64)
    assert float(GroupLasso().value(w)) >= float(w.abs().sum()) - 1e-9


def test_in_a_living_group_only_a_weight_without_gradient_is_zero():
    torch.manual_seed(0)
    x, y = torch.randn(200, 5, dtype=torch.float64), torch.randn(200, 1, dtype=torch.float64)
    x[:, 2] = 0.0
    w = nn.Parameter(torch.ones(1, 5, dtype=torch.float64))
    method = Proximal([w], LaneSpec(optimizer="sgd", momentum=0.0, learning_rate=0.1))
    for _ in range(3000):
        method.update(((x @ w.T - y) ** 2).mean(), Pull(GroupLasso(), [w], [0.01]))
    black, *others = (abs(float(w.detach()[0, i])) for i in (2, 0, 1, 3, 4))
    assert black < 1e-12 < 1e-6 < min(others)


def test_a_format_that_knows_more_goes_below_the_counting_bound():
    rng = np.random.default_rng(0)
    weights = np.zeros((64, 64), np.float32)
    # Zeros in whole rows, and values of few digits, as bfloat16 has them.
    weights[:16] = (rng.integers(-99, 100, (16, 64)) / 128).astype(np.float32)
    block = Block("fc1", "linear", torch.from_numpy(weights), torch.zeros(64))
    planes = np.frombuffer(weights.tobytes(), np.uint8).reshape(-1, 4).T.tobytes()
    packed = lzma.compress(planes)
    assert np.array_equal(
        np.frombuffer(lzma.decompress(packed), np.uint8)
        .reshape(4, -1)
        .T.copy()
        .view(np.float32)
        .reshape(64, 64),
        weights,
    )
    assert len(packed) + 4 * 64 < sizes.bound_bytes([block])


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support")
@pytest.mark.parametrize("zeros", [0.0, 0.5, 0.99])
def test_a_dense_product_counts_the_zeros_and_a_csr_product_has_a_term_for_each_other_weight(zeros):
    torch.manual_seed(0)
    w, x = torch.randn(128, 3136) * (torch.rand(128, 3136) >= zeros), torch.randn(3136, 64)
    with FlopCounterMode(display=False) as counted:
        product = w @ x
    # A multiplication and an addition for each weight and column, zero or not.
    assert counted.get_total_flops() == 2 * 128 * 3136 * 64
    rows = w.to_sparse_csr()
    terms = rows.values().unsqueeze(1) * x[rows.col_indices()]
    assert len(terms) == int(w.count_nonzero())
    by_row = torch.arange(128).repeat_interleave(rows.crow_indices().diff())
    summed = torch.zeros(128, 64).index_add(0, by_row, terms)
    torch.testing.assert_close(summed, product, rtol=1e-4, atol=1e-3)
    torch.testing.assert_close(rows @ x, product, rtol=1e-4, atol=1e-3)


def test_what_a_penalty_leaves_is_too_small_and_a_refit_restores_it():
    rng = np.random.default_rng(0)
    x, true = rng.normal(size=(400, 10)), np.array([2.0, -1.5, 1.0] + [0.0] * 7)
    y = x @ true + 0.1 * rng.normal(size=400)
    lasso = Lasso(alpha=0.3, fit_intercept=False).fit(x, y)
    kept_weights = np.flatnonzero(lasso.coef_)
    assert kept_weights.tolist() == [0, 1, 2]
    assert (np.abs(lasso.coef_[:3]) < np.abs(true[:3]) - 0.2).all()
    refitted = np.linalg.lstsq(x[:, kept_weights], y, rcond=None)[0]
    assert refitted == pytest.approx(true[:3], abs=0.03)


@pytest.mark.parametrize(
    ("own", "at_once", "in_rounds", "told"),
    [
        (0.97, 0.95, 0.95, "“b” has 20 fewer of 1,000 images right than this lane: the penalty wins"),
        (0.95, 0.97, 0.95, "“a” has 20 more and “b” has 0 more of 1,000 images right than this lane: the "),
        (0.95, 0.97, 0.95, "the penalty loses"),
        (0.95, 0.92, 0.97, "the penalty loses"),
        (0.970, 0.972, 0.9, "no more than chance"),
    ],
)
def test_the_refitted_rivals_are_ahead_or_no_more_than_by_chance(own, at_once, in_rounds, told):
    mine, *rivals = ([{"accuracies": (0.9, after)}] for after in (own, at_once, in_rounds))
    assert told in refit_sentence(mine, dict(zip("ab", rivals, strict=True)), images=1000)


def test_refitted_seeds_are_compared_pair_by_pair():
    own, rival = ([{"accuracies": (0.9, after)} for after in some] for some in ((0.9, 0.92), (0.95, 0.99)))
    # +5 and +7 points: 6 on average, s/√2 = 1.
    told = "Refitted, “a” has +6.0 ± 1.0 points, more in 2 of 2 seeds, against this lane: the penalty loses"
    assert told in refit_sentence(own, {"a": rival}, images=1000)
    # Ten images are known to no more than ±11 points.
    assert "no more than chance" in refit_sentence(own, {"a": rival}, images=10)


def test_the_knee_is_told_by_seed():
    one = path(kept("lambda_path")[:1])
    knee = one.stops[one.knee].strength
    assert "another seed of a CNN, may move it" in knee_sentence(one, [one])
    assert knee_sentence(one, [one, one]).count(strength_text(knee)) == 3


def test_the_knees_of_the_example_differ_by_seed():
    knees = [path([run]).knee for run in kept("lambda_path")]
    assert max(knees) - min(knees) >= 2


def test_the_linear_networks_loss_is_convex():
    torch.manual_seed(0)
    x, y = torch.randn(100, 8, dtype=torch.float64), torch.randint(3, (100,))
    for _ in range(50):
        a, b, t = torch.randn(3, 8).double() * 3, torch.randn(3, 8).double() * 3, float(torch.rand(1))
        between = F.cross_entropy(x @ (t * a + (1 - t) * b).T, y)
        assert between <= t * F.cross_entropy(x @ a.T, y) + (1 - t) * F.cross_entropy(x @ b.T, y) + 1e-12


def test_spred_reaches_zero_by_underflow_only():
    w = nn.Parameter(torch.tensor([0.5]))
    method = Spred([w], LaneSpec(method="spred", optimizer="sgd", momentum=0.0, learning_rate=0.1))
    values = []
    for _ in range(6000):
        method.update(0.0 * w.sum(), Pull(PENALTIES["l1"](), [w], [0.1]))
        values.append(float(w.detach()))
    assert values[999] != 0.0
    assert values[-1] == 0.0
    last = next(value for value in reversed(values) if value != 0.0)
    assert abs(last) < 1e-37


def test_the_elastic_net_shares_between_twins_and_l1_need_not():
    rng = np.random.default_rng(0)
    one = rng.normal(size=200)
    x, y = np.stack([one, one], axis=1), 2.0 * one
    a, b = (
        ElasticNet(alpha=0.1, l1_ratio=0.5, fit_intercept=False, tol=1e-10, max_iter=100_000).fit(x, y).coef_
    )
    assert a == pytest.approx(b, rel=1e-3)
    a, b = Lasso(alpha=0.1, fit_intercept=False).fit(x, y).coef_
    assert min(abs(a), abs(b)) < 0.01 * max(abs(a), abs(b))


def test_every_method_and_optimizer_that_the_rows_name_is_there():
    assert {"proximal", "textbook", "uniform_threshold", "clip_and_kill", "spred", "fista"} == set(METHODS)
    assert {"adam", "sgd"} == set(OPTIMIZERS)
