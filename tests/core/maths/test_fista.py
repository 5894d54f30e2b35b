"""FISTA on softmax regression over all digits: fixed points, scikit-learn, and what it leaves alone."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import Lasso, LogisticRegression
from torch.nn import functional as F

from core.data.images import digits
from core.maths.fista import MARGIN, Fista, metric
from core.maths.losses import LOSSES
from core.maths.method import Pull
from core.maths.models import seeded
from core.maths.penalties import PENALTIES
from core.spec import LaneSpec, Move, RunSpec
from core.training.run import Run

STRENGTH = 0.01
CURVATURE = LOSSES["cross_entropy"].curvature
LANE = LaneSpec(method="fista", strength=STRENGTH, warmup=0.0)


@pytest.fixture(scope="module")
def problem():
    images = digits()
    return images.train_x.flatten(1).double(), images.train_y


def fresh():
    return seeded("linear", size=8, channels=1, n_classes=10, seed=0).double()


def solved(data, kind, strength, n_updates, biased=False, watch=lambda net, step: None):
    """The network after `n_updates`, and its objective after each of them."""
    x, y = data
    net, penalty, objectives = fresh(), PENALTIES[kind](), []
    targets = list(net.parameters()) if biased else [net.fc1.weight]
    if biased and "group" in kind:
        targets = [tuple(targets)]
    fista = Fista(net.parameters(), LANE)
    for step in range(n_updates):
        fista.look_ahead(x, CURVATURE)
        fista.update(F.cross_entropy(net(x), y), Pull(penalty, targets, [strength] * len(targets)))
        with torch.no_grad():
            size = sum(float(penalty.value(each)) for each in net.parameters() if biased or each.ndim == 2)
            objectives.append(float(F.cross_entropy(net(x), y)) + strength * size)
        watch(net, step + 1)
    return net, objectives


def slopes(net, data):
    return torch.autograd.grad(F.cross_entropy(net(data[0]), data[1]), list(net.parameters()))


@pytest.mark.parametrize("kind", [kind for kind in PENALTIES if kind != "none"])
@pytest.mark.parametrize("biased", [False, True])
def test_fixed_point_solves_the_problem_at_this_strength(problem, kind, biased):
    net, _ = solved(problem, kind, STRENGTH, 1200 if biased else 500, biased)
    of_w, of_b = slopes(net, problem)
    w, b = net.fc1.weight.detach(), net.fc1.bias.detach()
    if biased and "group" in kind:
        w, of_w = torch.cat([w, b[:, None]], 1), torch.cat([of_w, of_b[:, None]], 1)
    elif biased:
        assert float(PENALTIES[kind]().residual(b, of_b, STRENGTH).max()) < 1e-3 * STRENGTH
    else:
        assert float(of_b.abs().max()) < 1e-3 * STRENGTH
    assert float(PENALTIES[kind]().residual(w, of_w, STRENGTH).max()) < 1e-3 * STRENGTH


@pytest.mark.parametrize(("kind", "l1_ratio"), [("l1", 1.0), ("elastic_net", 0.5)])
def test_scikit_learn_finds_the_same_weights(problem, kind, l1_ratio):
    x, y = problem
    saga = LogisticRegression(
        l1_ratio=l1_ratio, C=1.0 / (len(y) * STRENGTH), solver="saga", tol=1e-8, max_iter=20_000
    ).fit(x.numpy(), y.numpy())
    w, b = torch.tensor(saga.coef_), torch.tensor(saga.intercept_)
    size = l1_ratio * float(w.abs().sum()) + (1.0 - l1_ratio) * float(w.square().sum()) / 2
    theirs = float(F.cross_entropy(F.linear(x, w, b), y)) + STRENGTH * size
    net, objectives = solved(problem, kind, STRENGTH, 1000)
    assert abs(objectives[-1] - theirs) < 1e-9 * max(1.0, theirs)
    ours = net.fc1.weight.detach()
    np.testing.assert_allclose(ours, w, atol=1e-4)
    undecided = (slopes(net, problem)[0].abs() - STRENGTH * l1_ratio).abs() < 1e-6
    assert torch.equal((ours == 0) | undecided, (w == 0) | undecided)


@pytest.mark.parametrize("biased", [False, True])
def test_the_step_is_safe_and_no_shorter_than_it_must_be(problem, biased):
    x, _ = problem
    design = torch.cat([x, torch.ones(len(x), 1)], 1) if biased else x - x.mean(0)
    exact = CURVATURE * float(torch.linalg.matrix_norm(design, 2)) ** 2 / len(x)
    assert exact <= metric(x, CURVATURE, biased).of_weights <= (MARGIN + 1e-4) * exact


def test_it_falls_as_fast_as_its_theorem_says(problem):
    # F_k − F* ≤ 2 ‖w₀ − w*‖² L/(k + 1)², in the metric of its two steps and without restarts before k.
    net, objectives = solved(problem, "l1", STRENGTH, 1000)
    space = metric(problem[0], CURVATURE, False)
    pairs = zip(net.parameters(), fresh().parameters(), strict=True)
    apart = [(new - old).detach() for new, old in pairs]
    c = apart[1] + apart[0] @ space.mean
    squared = space.of_weights * float(apart[0].square().sum()) + space.of_biases * float(c.square().sum())
    for k in (1, 3, 10, 30, 100):
        assert objectives[k - 1] - objectives[-1] <= 2.0 * squared / (k + 1) ** 2


def test_a_live_change_of_strength_ends_at_the_new_optimum():
    spec = RunSpec(model="linear", lanes=(LANE,))
    changed, straight = (Run(each, torch.device("cpu")) for each in (spec, spec))
    changed.change(0, Move(strength=0.03))
    for step in range(600):
        if step == 200:
            before = changed.lanes[0].net.fc1.weight.detach().clone()
            changed.change(0, Move(strength=STRENGTH))
            assert torch.equal(changed.lanes[0].net.fc1.weight, before)
        changed.advance()
        straight.advance()
    weights = [each.lanes[0].net.fc1.weight.detach() for each in (changed, straight)]
    torch.testing.assert_close(*weights, atol=2e-3, rtol=0.0)
    assert float((before - weights[0]).abs().max()) > 0.1


def test_polish_refits_the_survivors_and_keeps_zeros():
    lane = LANE.changed(polish=0.5)
    run = Run(RunSpec(model="linear", epochs=20, lanes=(lane,)), torch.device("cpu"))
    weight = run.lanes[0].net.fc1.weight
    losses = []
    while not run.done:
        if run.step == 190:
            zeros = weight == 0
        run.advance()
        losses.append(run.lanes[0].recent().loss)
    assert 400 < int(zeros.sum()) < 640
    assert torch.equal(weight == 0, zeros)
    assert losses[-1] < losses[189] - 0.1


def test_every_update_sees_all_images():
    run = Run(RunSpec(model="linear", lanes=(LANE, LANE.changed(method="proximal"))), torch.device("cpu"))
    run.advance()
    for lane, n_images in zip(run.lanes, (1157, 64), strict=True):
        assert len(lane._window[-1][2]) == n_images


def test_squared_error_has_a_step_of_its_own(problem):
    # Its step would be four times too long with the curvature of cross-entropy, and the loss would explode.
    x, angles = problem[0], problem[1].double() / 9.0
    net = torch.nn.Linear(64, 1).double()
    fista, penalty = Fista(net.parameters(), LANE), PENALTIES["l1"]()
    for _ in range(1500):
        fista.look_ahead(x, LOSSES["mean_squared_error"].curvature)
        fista.update(F.mse_loss(net(x).squeeze(1), angles), Pull(penalty, [net.weight], [STRENGTH]))
    lasso = Lasso(alpha=STRENGTH / 2.0, tol=1e-10, max_iter=100_000).fit(x.numpy(), angles.numpy())
    np.testing.assert_allclose(net.weight.detach()[0], lasso.coef_, atol=1e-4)
    assert float(net.bias.detach()) == pytest.approx(float(lasso.intercept_), abs=1e-4)
