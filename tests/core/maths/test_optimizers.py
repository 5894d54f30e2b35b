"""The optimizers' rules are torch.optim's, bit for bit; their thresholds balance their own steps."""

import pytest
import torch
from torch import nn

from core.maths.optimizers import ADAM_BETAS, ADAM_EPS, OPTIMIZERS, Adam, Sgd
from core.spec import LaneSpec

N_STEPS = 25
CASES = [("sgd", 0.0), ("sgd", 0.9), ("adam", 0.0)]


def spec_of(kind, momentum=0.9, rate=0.05):
    return LaneSpec(optimizer=kind, momentum=momentum, learning_rate=rate)


def gradients(n=N_STEPS, shape=(3, 4), seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(shape, generator=generator) for _ in range(n)]


def theirs(kind, momentum, w):
    if kind == "sgd":
        return torch.optim.SGD([w], lr=0.05, momentum=momentum)
    return torch.optim.Adam([w], lr=0.05, betas=ADAM_BETAS, eps=ADAM_EPS, fused=True)


@pytest.mark.parametrize(("kind", "momentum"), CASES)
def test_the_steps_are_those_of_torch_optim(kind, momentum):
    ours, other = nn.Parameter(torch.ones(3, 4)), nn.Parameter(torch.ones(3, 4))
    rule, reference = OPTIMIZERS[kind]([ours], spec_of(kind, momentum)), theirs(kind, momentum, other)
    for gradient in gradients():
        rule.descend_along([gradient])
        other.grad = gradient.clone()
        reference.step()
        torch.testing.assert_close(ours, other, rtol=1e-6, atol=1e-7)


def test_a_gradient_laid_out_differently_gives_the_same_step():
    ends = []
    for transposed in (False, True):
        w = nn.Parameter(torch.ones(3, 4))
        gradient = gradients(1)[0]
        rule = Adam([w], spec_of("adam"))
        rule.descend_along([gradient.T.contiguous().T if transposed else gradient])
        ends.append(w.detach())
    assert torch.equal(*ends)


def test_the_gradient_of_a_sum_is_one_number_spread_out():
    w = nn.Parameter(torch.ones(3, 4))
    (slope,) = torch.autograd.grad(w.sum(), w)
    Sgd([w], spec_of("sgd", 0.0, rate=0.5)).descend_along([slope])
    assert torch.equal(w.detach(), torch.full((3, 4), 0.5))


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_the_threshold_of_sgd_is_what_a_constant_gradient_moves_in_the_end(momentum):
    w = nn.Parameter(torch.zeros(1, 1))
    rule = Sgd([w], spec_of("sgd", momentum))
    strength = 0.2
    for _ in range(400):
        before = w.detach().clone()
        rule.descend_along([torch.full((1, 1), strength)])
    (threshold,) = rule.thresholds([w], [strength])
    assert float(before - w.detach()) == pytest.approx(threshold, rel=1e-4)


def test_the_thresholds_of_adam_are_what_a_constant_gradient_moves_each_weight():
    w = nn.Parameter(torch.zeros(1, 3))
    rule, gradient = Adam([w], spec_of("adam")), torch.tensor([[1e-3, 0.1, 5.0]])
    before = w.detach().clone()
    for _ in range(400):
        before = w.detach().clone()
        rule.descend_along([gradient])
    # η m̂/D at m̂ = g = λ is ηλ/D.
    (threshold,) = rule.thresholds([w], [0.1])
    torch.testing.assert_close((before - w.detach())[0, 1], threshold[0, 1], rtol=1e-4, atol=0.0)
    torch.testing.assert_close(threshold, 0.05 * 0.1 / (gradient + ADAM_EPS), rtol=1e-4, atol=0.0)


def test_a_weight_that_never_had_a_gradient_has_the_largest_threshold():
    w = nn.Parameter(torch.zeros(1, 2))
    rule = Adam([w], spec_of("adam", rate=1e-3))
    rule.descend_along([torch.tensor([[1.0, 0.0]])])
    (threshold,) = rule.thresholds([w], [1e-4])
    assert float(threshold[0, 1]) == pytest.approx(1e-3 * 1e-4 / ADAM_EPS, rel=1e-5)


@pytest.mark.parametrize(("kind", "momentum"), CASES)
def test_the_averaged_gradient_is_the_mean_with_falling_weights(kind, momentum):
    w, stranger = nn.Parameter(torch.zeros(3, 4)), nn.Parameter(torch.zeros(3, 4))
    rule = OPTIMIZERS[kind]([w], spec_of(kind, momentum))
    given = gradients()
    for gradient in given:
        rule.descend_along([gradient])
    assert rule.averaged_gradient(stranger) is None
    mean = rule.averaged_gradient(w)
    decay = ADAM_BETAS[0] if kind == "adam" else momentum
    if decay == 0.0:
        assert mean is None
        return
    weights = torch.tensor([(1.0 - decay) * decay**age for age in reversed(range(N_STEPS))])
    if kind == "adam":
        weights /= weights.sum()
    expected = sum(weight * gradient for weight, gradient in zip(weights, given, strict=True))
    torch.testing.assert_close(mean, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("kind", "momentum"), CASES)
def test_frozen_zeros_stay_whatever_comes(kind, momentum):
    w = nn.Parameter(torch.ones(3, 4))
    rule = OPTIMIZERS[kind]([w], spec_of(kind, momentum))
    for gradient in gradients(5):
        rule.descend_along([gradient])
    with torch.no_grad():
        w[0] = 0.0
    rule.freeze_zeros([w])
    moved = w.detach().clone()
    for gradient in gradients(5, seed=1):
        rule.descend_along([gradient])
    assert torch.equal(w[0].detach(), torch.zeros(4))
    assert bool((w[1:] != moved[1:]).all())
