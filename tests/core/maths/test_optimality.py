"""Numbers of lasso theory against scikit-learn, their definitions, and hand-made cases."""

import numpy as np
import pytest
import sklearn.datasets
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.nn import functional as F

from core.data.images import digits
from core.maths.method import Pull
from core.maths.optimality import Problem, duality_gap, kkt, strength_max
from core.maths.penalties import PENALTIES
from core.spec import LaneSpec, RunSpec
from core.training.run import Run
from tests.core.maths.test_fista import LANE, fresh, solved

CPU = torch.device("cpu")
STRENGTH = 0.01


@pytest.fixture(scope="module")
def data():
    images = digits()
    return images.train_x.flatten(1).double(), images.train_y


def problem_of(kind="l1", biased=False, alpha=0.5):
    net = fresh()
    weight, bias = net.parameters()
    targets = [weight, bias] if biased else [weight]
    if biased and "group" in kind:
        targets = [(weight, bias)]
    return Problem(net, Pull(PENALTIES[kind](alpha=alpha), targets, [1.0] * len(targets)), F.cross_entropy)


def test_the_known_largest_strength_of_all_digits():
    x, y = sklearn.datasets.load_digits(return_X_y=True)
    found = strength_max(problem_of(), torch.tensor(x) / 16.0, torch.tensor(y))
    assert found == pytest.approx(0.0634977, abs=5e-8)


@pytest.mark.parametrize(("factor", "n_nonzero"), [(1.001, 0), (0.999, 1)])
def test_scikit_learn_agrees_on_the_largest_strength(factor, n_nonzero):
    x, y = sklearn.datasets.load_digits(return_X_y=True)
    x = x / 16.0
    strength = factor * strength_max(problem_of(), torch.tensor(x), torch.tensor(y))
    saga = LogisticRegression(
        l1_ratio=1.0, C=1.0 / (len(y) * strength), solver="saga", tol=1e-8, max_iter=20_000, random_state=0
    )
    assert int((saga.fit(x, y).coef_ != 0).sum()) == n_nonzero


@pytest.mark.parametrize("kind", ["l1", "elastic_net", "group_lasso", "sparse_group_lasso"])
@pytest.mark.parametrize("biased", [False, True])
def test_from_the_largest_strength_on_everything_is_zero(data, kind, biased):
    largest = strength_max(problem_of(kind, biased), *data)
    for factor in (1.01, 0.97):
        net, _ = solved(data, kind, factor * largest, 300, biased)
        penalised = list(net.parameters()) if biased else [net.fc1.weight]
        assert any(bool(each.any()) for each in penalised) == (factor < 1.0)


@pytest.mark.parametrize(("kind", "alpha"), [("none", 0.5), ("l2", 0.5), ("elastic_net", 0.0)])
def test_without_a_corner_at_zero_no_strength_is_enough(data, kind, alpha):
    assert strength_max(problem_of(kind, alpha=alpha), *data) is None


def test_the_largest_strength_for_angles(data):
    # Least squares: ‖Xᵀ(y − ȳ)‖_∞ · 2/n.
    x, angles = data[0], data[1].double() / 9.0
    net = nn.Linear(64, 1).double()
    pull = Pull(PENALTIES["l1"](), [net.weight], [1.0])
    problem = Problem(net, pull, lambda out, y: F.mse_loss(out.squeeze(1), y))
    expected = 2.0 * np.abs(x.numpy().T @ (angles - angles.mean()).numpy()).max() / len(x)
    assert strength_max(problem, x, angles) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("strength", [0.01, 0.05])
def test_the_duality_gap_bounds_the_distance_and_vanishes(data, strength):
    gaps = {}

    def watch(net, step):
        if step in (1, 3, 10, 100, 1000):
            gaps[step] = duality_gap(tuple(each.detach() for each in net.parameters()), *data, strength)

    _, objectives = solved(data, "l1", strength, 1000, watch=watch)
    assert all(gap >= objectives[step - 1] - objectives[-1] - 1e-12 for step, gap in gaps.items())
    assert 0.0 <= gaps[1000] < 1e-8 < gaps[1]


def test_the_duality_gap_by_hand():
    # Two images, two classes, W = 0, b = 0, λ ≥ λ_max = ¼: P = ½, R = ±½, a = 1: Q = P, gap = log 2 − log 2.
    x, y = torch.tensor([[1.0], [0.0]]), torch.tensor([0, 1])
    point = (torch.zeros(2, 1), torch.zeros(2))
    assert duality_gap(point, x, y, 0.25) == pytest.approx(0.0, abs=1e-7)
    # λ = ⅛ allows a = ½: Q = (¾, ¼), whose entropy is 0.5623.
    assert duality_gap(point, x, y, 0.125) == pytest.approx(0.6931472 - 0.5623351, abs=1e-6)
    # Biases may be wrong: the bound refits them, the value does not. softmax(1, 0) = 0.7311, 0.2689.
    wrong = (point[0], torch.tensor([1.0, 0.0]))
    assert duality_gap(wrong, x, y, 0.25) == pytest.approx((0.3132617 + 1.3132617) / 2 - 0.6931472, abs=1e-6)


def test_the_residuals_by_hand():
    net = nn.Linear(3, 1, bias=False)
    with torch.no_grad():
        net.weight.copy_(torch.tensor([[2.0, 0.0, 0.0]]))
    problem = Problem(net, Pull(PENALTIES["l1"](), [net.weight], [2.0]), F.mse_loss)
    residuals = kkt(problem, [torch.tensor([[-0.5, 0.3, -0.1]])], 0.1)
    torch.testing.assert_close(residuals, torch.tensor([0.3, 0.1, 0.0]))


def advanced(spec, n_updates):
    run = Run(spec, CPU)
    for _ in range(n_updates):
        run.advance()
    return run


def test_a_snapshot_tells_how_near_the_optimum_is():
    run = advanced(RunSpec.beside_zero(LANE, model="linear"), 600)
    other, own = run.snapshot(asked=True)[0]
    assert other.optimality is None
    found = own.optimality
    assert (found.step, found.strength, found.noise) == (600, STRENGTH, 0.0)
    assert 0.0 <= found.kkt_mean <= found.kkt_max < 1e-3
    assert 0.0 <= found.gap < 1e-4
    # With zero weights the least loss answers with each class's share: λ_max is the largest slope there.
    x, y = run.images.train_x.flatten(1), F.one_hot(run.images.train_y, 10).float()
    assert found.strength_max == pytest.approx(float((x.T @ (y.mean(0) - y) / len(x)).abs().max()), rel=1e-4)


def test_the_look_is_over_all_images_and_leaves_training_alone():
    spec = RunSpec(lanes=(LaneSpec(warmup=0.0),), train_size=300)
    seen, unseen = advanced(spec, 20), advanced(spec, 20)
    found = seen.snapshot(asked=True)[0][0].optimality
    net, images = unseen.lanes[0].net, unseen.images
    weights = [each for each in net.parameters() if each.ndim > 1]
    gradients = torch.autograd.grad(F.cross_entropy(net(images.train_x), images.train_y), weights)
    residuals = torch.cat(
        [PENALTIES["l1"]().residual(w, g, 1e-4).flatten() for w, g in zip(weights, gradients, strict=True)]
    )
    assert found.kkt_max == pytest.approx(residuals.max().item() / 1e-4, rel=1e-3)
    assert found.kkt_mean == pytest.approx(residuals.mean().item() / 1e-4, rel=1e-3)
    assert found.gap is None
    assert found.strength_max is None
    for each in (seen, unseen):
        each.advance()
    assert all(
        torch.equal(*pair)
        for pair in zip(seen.lanes[0].net.parameters(), unseen.lanes[0].net.parameters(), strict=True)
    )


def test_the_noise_is_that_of_batches_drawn_at_random():
    lane = LaneSpec(method="proximal", strength=0.01, warmup=0.0)
    run = advanced(RunSpec(model="linear", lanes=(lane,)), 50)
    found = run.snapshot(asked=True)[0][0].optimality
    net, images = run.lanes[0].net, run.images
    generator, squares = torch.Generator().manual_seed(1), 0.0
    (full,) = torch.autograd.grad(F.cross_entropy(net(images.train_x), images.train_y), net.fc1.weight)
    for _ in range(400):
        batch = torch.randperm(len(images.train_y), generator=generator)[:64]
        loss = F.cross_entropy(net(images.train_x[batch]), images.train_y[batch])
        squares += (torch.autograd.grad(loss, net.fc1.weight)[0] - full).square() / 400
    # Twelve chunks tell a standard deviation to 20 %, and that of 640 weights together better.
    assert found.noise == pytest.approx(float(squares.mean().sqrt()), rel=0.1)


def test_scaling_before_batch_norm_changes_no_output_so_only_zero_could_be_stationary():
    run = advanced(RunSpec(model="textbook_cnn_bn", lanes=(LaneSpec(warmup=0.0),)), 20)
    net, (x, y) = run.lanes[0].net, run.next_batch()
    w = net.conv2.weight
    (gradient,) = torch.autograd.grad(F.cross_entropy(net(x), y), w)
    aligned = float((w.detach() * gradient).sum())
    # What the data say along w, beside what a stationary point would need, −λ‖w‖₁.
    assert abs(aligned) < 1e-2 * 1e-3 * float(w.detach().abs().sum())


def test_with_batch_norm_nobody_looks():
    run = advanced(RunSpec(model="textbook_cnn_bn", lanes=(LaneSpec(warmup=0.0),)), 20)
    assert run.snapshot(asked=True)[0][0].optimality is None


def test_nobody_waits_for_it_unasked():
    run = advanced(RunSpec(lanes=(LaneSpec(warmup=0.0),)), 3)
    assert run.snapshot()[0][0].optimality is None
    for _ in range(50):
        run.allow_looks(0.5)
        found = run.snapshot()[0][0].optimality
        if found is not None:
            break
    assert found.step == 3
