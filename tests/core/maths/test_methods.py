"""Methods against theory: on a convex problem their fixed points solve it for the λ on the screen."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.nn import functional as F

from core.data.images import digits
from core.maths.method import Pull
from core.maths.methods import METHODS, Proximal
from core.maths.optimizers import OPTIMIZERS, Sgd
from core.maths.penalties import PENALTIES
from core.spec import LaneSpec

STRENGTH = 0.02
CASES = [("sgd", 0.0), ("sgd", 0.5), ("sgd", 0.9), ("adam", 0.0)]
RATES = {("sgd", 0.0): 0.6, ("sgd", 0.5): 0.9, ("sgd", 0.9): 0.6, ("adam", 0.0): 0.05}
N_UPDATES = 1500
ZEROS = {
    "l2": (0.0, 0.0),
    "elastic_net": (0.5, 0.8),
    "group_lasso": (0.0, 0.0),
    "sparse_group_lasso": (0.2, 0.6),
}
"""Between which shares of zeros a solution at STRENGTH lies, where it is not that of l1, (0.5, 0.9)."""


@pytest.fixture(scope="module")
def problem():
    """400 real digits, each informative pixel standardised: convex, and solved in a second."""
    images = digits()
    x, y = images.train_x[:400].flatten(1).double(), images.train_y[:400]
    x = x[:, x.std(0) > 0.05]
    return (x - x.mean(0)) / x.std(0), y


def random_start(data):
    generator = torch.Generator().manual_seed(0)
    return torch.randn(10, data[0].shape[1], generator=generator, dtype=torch.float64) * 0.3


def solve(data, method, kind, strength, start=None):
    """Full-batch softmax regression without intercept; the weights and their gradient after many updates."""
    x, y = data
    w = nn.Parameter(torch.zeros(10, x.shape[1], dtype=torch.float64) if start is None else start)
    stepper, penalty = method([w]), PENALTIES[kind]()
    for _ in range(N_UPDATES):
        stepper.update(F.cross_entropy(x @ w.T, y), Pull(penalty, [w], [strength]))
    loss = F.cross_entropy(x @ w.T, y)
    (gradient,) = torch.autograd.grad(loss, w)
    return w.detach(), gradient, float(loss.detach()) + strength * float(penalty.value(w.detach()))


def spec_for(optimizer, momentum):
    return LaneSpec(
        optimizer=optimizer, momentum=momentum, learning_rate=RATES[optimizer, momentum], strength=STRENGTH
    )


def worst_residual(kind, w, gradient, strength=STRENGTH):
    return float(PENALTIES[kind]().residual(w, gradient, strength).max())


@pytest.mark.parametrize("kind", [kind for kind in PENALTIES if kind != "none"])
@pytest.mark.parametrize(("optimizer", "momentum"), CASES)
def test_fixed_point_solves_the_problem_at_this_strength(problem, kind, optimizer, momentum):
    spec = spec_for(optimizer, momentum)
    w, gradient, _ = solve(problem, lambda params: Proximal(params, spec), kind, STRENGTH)
    assert worst_residual(kind, w, gradient) < 0.01 * STRENGTH
    low, high = ZEROS.get(kind, (0.5, 0.9))
    assert low <= float((w == 0).double().mean()) <= high


@pytest.mark.parametrize(("optimizer", "momentum"), CASES)
def test_whole_groups_end_where_theory_ends_them(problem, optimizer, momentum):
    strength = 0.07  # 5 of the 10 rows are zero; at STRENGTH none is
    spec = spec_for(optimizer, momentum)
    w, gradient, _ = solve(problem, lambda params: Proximal(params, spec), "group_lasso", strength)
    assert worst_residual("group_lasso", w, gradient, strength) < 0.01 * strength
    assert ((w == 0).sum(1) == w.shape[1]).tolist().count(True) == 5
    assert int((w == 0).any(1).sum()) == 5


def test_every_optimizer_is_among_the_cases():
    assert {optimizer for optimizer, _ in CASES} == set(OPTIMIZERS)


class ForgetsMomentum(Sgd):
    def thresholds(self, targets, strengths):
        return [self.learning_rate * strength for strength in strengths]


def test_without_the_momentum_in_its_threshold_it_solves_another_problem(problem):
    spec = spec_for(*CASES[2])

    def method(params):
        stepper = Proximal(params, spec)
        stepper._optimizer = ForgetsMomentum(params, spec)
        return stepper

    w, gradient, _ = solve(problem, method, "l1", STRENGTH)
    assert worst_residual("l1", w, gradient) > 0.1 * STRENGTH


@pytest.mark.parametrize("kind", ["l1", "elastic_net", "sparse_group_lasso"])
@pytest.mark.parametrize(
    ("wrong", "case"),
    [("uniform_threshold", CASES[2]), ("uniform_threshold", CASES[3])]
    + [("clip_and_kill", case) for case in CASES],
)
def test_the_counter_examples_miss_the_optimum(problem, kind, wrong, case):
    spec = spec_for(*case)
    # From random weights, as a network starts: on their way through zero they are killed by mistake.
    start = random_start(problem)
    w, gradient, reached = solve(problem, lambda params: METHODS[wrong](params, spec), kind, STRENGTH, start)
    _, _, optimum = solve(problem, lambda params: Proximal(params, spec), kind, STRENGTH)
    assert worst_residual(kind, w, gradient) > 0.1 * STRENGTH
    assert reached > optimum + 1e-4
    assert bool((w == 0).any())


def test_one_threshold_for_all_is_right_for_plain_sgd(problem):
    spec = spec_for("sgd", 0.0)
    w, gradient, _ = solve(problem, lambda params: METHODS["uniform_threshold"](params, spec), "l1", STRENGTH)
    assert worst_residual("l1", w, gradient) < 0.01 * STRENGTH


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_clip_and_kill_never_revives(problem, optimizer):
    x, y = problem
    start = torch.randn(10, x.shape[1], generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    dead = {}
    for method in ("clip_and_kill", "proximal"):
        w = nn.Parameter(start * 0.1)
        spec = LaneSpec(method=method, optimizer=optimizer, learning_rate=0.01)
        stepper, penalty = METHODS[method]([w], spec), PENALTIES["l1"]()
        for step in range(600):
            if step == 300:
                dead[method] = w.detach() == 0
            strength = 0.1 if step < 300 else 0.0
            stepper.update(F.cross_entropy(x @ w.T, y), Pull(penalty, [w], [strength]))
        revived = dead[method] & (w != 0)
        assert int(dead[method].sum()) > 50
        assert bool(revived.any()) == (method == "proximal")


def test_one_update_of_clip_and_kill_by_hand():
    w = nn.Parameter(torch.tensor([[1.0, 0.02, -0.02, 0.0]]))
    stepper = METHODS["clip_and_kill"]([w], LaneSpec(optimizer="sgd", learning_rate=0.1, momentum=0.0))
    # step: 1 − 0.1 · 2 = 0.8; pull 0.1 · 0.25 = 0.025: two cross zero, and one was there and is not pulled
    stepper.update((w * torch.tensor([[2.0, 0.0, 0.0, 0.0]])).sum(), Pull(PENALTIES["l1"](), [w], [0.25]))
    torch.testing.assert_close(w.detach(), torch.tensor([[0.775, 0.0, 0.0, 0.0]]))
    # λ = 0 and a pull away from zero: the two stay dead, the last one lives
    stepper.update(-w.sum(), Pull(PENALTIES["l1"](), [w], [0.0]))
    torch.testing.assert_close(w.detach(), torch.tensor([[0.875, 0.0, 0.0, 0.1]]))


def playgrounds_update(w, dead, gradient, rate, strength):
    """`updateWeights` of TensorFlow Playground's nn.ts for one link under L1, as its authors wrote it."""
    if dead:
        return 0.0, True
    slope = -1.0 if w < 0.0 else 1.0 if w > 0.0 else 0.0
    w = w - rate * gradient
    new = w - rate * strength * slope
    return (0.0, True) if w * new < 0.0 else (new, False)


def test_clip_and_kill_is_the_playgrounds_rule():
    # By hand: 0.01 − 0.1 · 0.11 = −0.001: the data carry it across, λ pushes it on to −0.011, and it lives.
    assert playgrounds_update(0.01, False, 0.11, 0.1, 0.1) == (pytest.approx(-0.011), False)
    draws = torch.Generator().manual_seed(0)
    rate, strength, n = 0.1, 0.1, 200
    start = torch.cat([torch.tensor([0.01]), 0.05 * torch.randn(n, generator=draws)]).double()
    w = nn.Parameter(start.clone())
    stepper = METHODS["clip_and_kill"]([w], LaneSpec(optimizer="sgd", learning_rate=rate, momentum=0.0))
    links = [(value, False) for value in start.tolist()]
    for update in range(50):
        gradients = torch.randn(n + 1, generator=draws).double()
        gradients[0] = 0.11 if update == 0 else gradients[0]
        stepper.update((w * gradients).sum(), Pull(PENALTIES["l1"](), [w], [strength]))
        links = [
            playgrounds_update(*link, gradient, rate, strength)
            for link, gradient in zip(links, gradients.tolist(), strict=True)
        ]
        torch.testing.assert_close(w.detach(), torch.tensor([value for value, _ in links]).double())
        assert stepper.ended(w).tolist() == [dead for _, dead in links]
    # Some died, and not all of those that crossed.
    assert 20 < sum(dead for _, dead in links) < n - 20


def test_clip_and_kill_does_not_kill_where_there_is_no_corner():
    # 1 − 0.1 · 9.5 = 0.05, and L2 pulls by 0.1 · 1 as it stood: to −0.05, where it lives.
    w = nn.Parameter(torch.tensor([[1.0]]))
    stepper = METHODS["clip_and_kill"]([w], LaneSpec(optimizer="sgd", learning_rate=0.1, momentum=0.0))
    stepper.update(9.5 * w.sum(), Pull(PENALTIES["l2"](), [w], [1.0]))
    torch.testing.assert_close(w.detach(), torch.tensor([[-0.05]]))


@pytest.mark.parametrize(("kind", "l1_ratio"), [("l1", 1.0), ("elastic_net", 0.5)])
def test_scikit_learn_finds_the_same_weights(problem, kind, l1_ratio):
    x, y = problem
    saga = LogisticRegression(
        l1_ratio=l1_ratio,
        C=1.0 / (len(y) * STRENGTH),
        solver="saga",
        tol=1e-8,
        max_iter=20_000,
        fit_intercept=False,
    )
    theirs = torch.tensor(saga.fit(x.numpy(), y.numpy()).coef_)
    # scikit-learn's own definition of its penalty, not ours
    size = l1_ratio * float(theirs.abs().sum()) + (1.0 - l1_ratio) * float(theirs.square().sum()) / 2
    objective = float(F.cross_entropy(x @ theirs.T, y)) + STRENGTH * size
    ours, gradient, our_objective = solve(
        problem, lambda params: Proximal(params, spec_for(*CASES[2])), kind, STRENGTH
    )
    assert abs(our_objective - objective) < 1e-9 * max(1.0, objective)
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
    undecided = (gradient.abs() - STRENGTH * l1_ratio).abs() < 1e-6
    assert torch.equal((ours == 0) | undecided, (theirs == 0) | undecided)


@pytest.mark.parametrize("factor", [1.001, 0.999])
def test_the_largest_useful_strength(problem, factor):
    # Above λ_max = ‖∇loss(0)‖_∞ nothing leaves zero; just below, something does.
    x, y = problem
    w = torch.zeros(10, x.shape[1], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(F.cross_entropy(x @ w.T, y), w)
    strength = factor * float(gradient.abs().max())
    solution, _, _ = solve(problem, lambda params: Proximal(params, spec_for("sgd", 0.0)), "l1", strength)
    assert bool((solution != 0).any()) == (factor < 1.0)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_textbook_method_makes_no_zeros(problem, optimizer):
    spec = LaneSpec(method="textbook", optimizer=optimizer, learning_rate=0.01)
    x, y = problem
    start = torch.randn(10, x.shape[1], generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    w = nn.Parameter(start * 0.1)
    stepper, penalty = METHODS["textbook"]([w], spec), PENALTIES["l1"]()
    for _ in range(300):
        stepper.update(F.cross_entropy(x @ w.T, y), Pull(penalty, [w], [0.05]))
    assert int((w == 0).sum()) == 0
    assert float((w.abs() < 0.02).double().mean()) > 0.5


def test_one_update_of_proximal_sgd_by_hand():
    w = nn.Parameter(torch.tensor([[1.0, 0.02]]))
    spec = LaneSpec(optimizer="sgd", learning_rate=0.1, momentum=0.5)
    loss = (w * torch.tensor([[2.0, 0.0]])).sum()
    Proximal([w], spec).update(loss, Pull(PENALTIES["l1"](), [w], [0.25]))
    # step: 1 − 0.1 · 2 = 0.8; threshold 0.1 · 0.25 / 0.5 = 0.05
    torch.testing.assert_close(w.detach(), torch.tensor([[0.75, 0.0]]))


def test_one_update_of_proximal_adam_by_hand():
    w = nn.Parameter(torch.tensor([[1.0, 1.0, 0.001]]))
    loss = (w * torch.tensor([[2.0, 0.5, 0.0]])).sum()
    Proximal([w], LaneSpec(learning_rate=0.1)).update(loss, Pull(PENALTIES["l1"](), [w], [0.25]))
    # first step: m̂/D = 1, D = |g|: 1 − 0.1 = 0.9, then ηλ/D: 0.0125 and 0.05; without a gradient D = ε
    torch.testing.assert_close(w.detach(), torch.tensor([[0.8875, 0.85, 0.0]]))


@pytest.mark.parametrize("strength", [1e-6, 1e-2])
def test_proximal_adam_takes_a_weight_without_gradient_to_zero_and_rightly(strength):
    # Zero gradient, any λ > 0: |g| ≤ λ, so that zero is the optimum. λ = 0 moves nothing; else ηλ/ε a step.
    w = nn.Parameter(torch.tensor([[5.0, -5.0]]))
    stepper, l1 = Proximal([w], LaneSpec(learning_rate=1e-3)), PENALTIES["l1"]()
    stepper.update((w * torch.tensor([[-2.0, 0.0]])).sum(), Pull(l1, [w], [0.0]))
    assert w.detach()[0, 1] == -5.0
    stepper.update((w * torch.tensor([[-2.0, 0.0]])).sum(), Pull(l1, [w], [strength]))
    moved = 1e-3 * strength / 1e-8
    torch.testing.assert_close(float(w.detach()[0, 1]), min(0.0, moved - 5.0))
    for _ in range(50):
        stepper.update((w * torch.tensor([[-2.0, 0.0]])).sum(), Pull(l1, [w], [strength]))
    assert w.detach()[0, 1] == 0.0
    assert w.detach()[0, 0] > 4.99
    assert float(l1.residual(w.detach(), torch.tensor([[-2.0, 0.0]]), strength)[0, 1]) == 0.0
