"""A unit's bias inside its group: n + 1 members, which end together."""

import math

import pytest
import torch
from torch import nn

from core.maths import groups
from core.maths.method import Pull
from core.maths.methods import METHODS, Proximal
from core.maths.optimizers import OPTIMIZERS
from core.maths.penalties import PENALTIES
from core.spec import GROUP_PENALTIES, LaneSpec, RunSpec
from core.training.run import Run
from tests.core.maths.test_penalties import ended_by_bisection

CPU = torch.device("cpu")
GROUPED = LaneSpec(penalty="group_lasso", include_bias=True, warmup=0.0)


def layer(shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(len(shape))
    weight = torch.randn(shape, generator=generator, dtype=dtype)
    if weight.ndim == 4:
        weight = weight.to(memory_format=torch.channels_last)
    return nn.Parameter(weight), nn.Parameter(torch.randn(shape[0], generator=generator, dtype=dtype))


@pytest.mark.parametrize("shape", [(6, 5), (6, 2, 3, 3)])
def test_joined_and_written_back_nothing_has_changed(shape):
    weight, bias = layer(shape)
    before = weight.detach().clone(), bias.detach().clone()
    whole = groups.joined((weight, bias)).detach()
    assert whole.shape == (6, weight[0].numel() + 1)
    assert torch.equal(whole[:, -1], bias)
    with torch.no_grad():
        for each in (weight, bias):
            each.zero_()
        groups.write((weight, bias), whole)
    assert torch.equal(weight, before[0])
    assert torch.equal(bias, before[1])


def test_value_and_update_by_hand():
    weight = nn.Parameter(torch.tensor([[2.0, 1.0, 2.0], [0.0, 0.0, 0.0], [0.5, 0.0, 0.0]]))
    bias = nn.Parameter(torch.tensor([4.0, 3.0, 0.0]))
    lasso = PENALTIES["group_lasso"]()
    # groups of four, √4 = 2: ‖(2, 1, 2, 4)‖ = 5, ‖(0, 0, 0, 3)‖ = 3, ½
    assert float(lasso.value(groups.joined((weight, bias))).detach()) == 2.0 * (5.0 + 3.0 + 0.5)
    spec = LaneSpec(optimizer="sgd", learning_rate=0.5, momentum=0.0)
    pull = Pull(lasso, [(weight, bias)], [1.25])
    Proximal([weight, bias], spec).update(0.0 * (weight.sum() + bias.sum()), pull)
    # τ√|g| = 0.5 · 1.25 · 2 = 1.25: a quarter of 5, 5/12 of 3, and more than ½
    torch.testing.assert_close(weight.detach(), torch.tensor([[1.5, 0.75, 1.5], [0.0] * 3, [0.0] * 3]))
    torch.testing.assert_close(bias.detach(), torch.tensor([3.0, 1.75, 0.0]))


@pytest.mark.parametrize("shape", [(6, 5), (6, 2, 3, 3)])
@pytest.mark.parametrize("strength", [0.1, 0.5, 2.0])
def test_in_adams_metric_as_a_bisection_has_it(shape, strength):
    weight, bias = layer(shape)
    plain = [nn.Parameter(each.detach().clone()) for each in (weight, bias)]
    spec = LaneSpec(learning_rate=0.5)
    slopes = layer(shape)

    def loss(parameters):
        return sum((w * slope.detach()).sum() for w, slope in zip(parameters, slopes, strict=True))

    stepper, lasso = Proximal([weight, bias], spec), PENALTIES["group_lasso"]()
    stepper.update(loss((weight, bias)), Pull(lasso, [(weight, bias)], [strength]))
    rule = OPTIMIZERS["adam"](plain, spec)
    rule.descend_along(torch.autograd.grad(loss(plain), plain))
    stepped = groups.joined(plain).detach()
    threshold = groups.joined(rule.thresholds(plain, [strength, strength])) * math.sqrt(stepped.shape[1])
    expected = torch.stack([ended_by_bisection(*each) for each in zip(stepped, threshold, strict=True)])
    torch.testing.assert_close(groups.joined((weight, bias)).detach(), expected, rtol=1e-9, atol=1e-12)
    if strength == 2.0:
        assert bool((expected == 0).all(1).any())


@pytest.mark.parametrize("kind", sorted(GROUP_PENALTIES))
def test_the_residual_knows_the_bias(kind):
    weight, bias = layer((8, 5))
    penalty, before = PENALTIES[kind](alpha=0.3), groups.joined((weight, bias)).detach()
    ended = penalty.prox(before, 0.9)
    assert bool((ended[:, -1] == 0).any())
    assert float(penalty.residual(ended, ended - before, 0.9).max()) < 1e-12


@pytest.mark.parametrize("kind", sorted(GROUP_PENALTIES))
def test_a_lane_ends_units_with_their_bias_or_not_at_all(kind):
    lane = GROUPED.changed(penalty=kind, strength=1e-4)
    run = Run(RunSpec(lanes=(lane, lane.changed(include_bias=False))), CPU)
    # Under the sparse group lasso a unit's weights may be zero before its bias is: of one unit after 120
    # updates, of none from 130 on.
    for _ in range(160):
        run.advance()
    inside, free = (each.net.fc1 for each in run.lanes)
    ended = (inside.weight == 0).all(1)
    assert 5 < int(ended.sum()) < 128
    assert bool((inside.bias[ended] == 0).all())
    if kind == "group_lasso":
        assert torch.equal(inside.bias == 0, ended)
    assert not bool((free.bias == 0).any())


def test_the_norm_on_the_screen_counts_the_biases():
    run = Run(RunSpec(lanes=(GROUPED.changed(layers=["fc2"]),)), CPU)
    net = run.lanes[0].net
    rows = torch.cat([net.fc2.weight, net.fc2.bias[:, None]], dim=1).detach().double()
    by_hand = math.sqrt(129) * float(rows.square().sum(1).sqrt().sum())
    assert run.snapshot()[0][0].norm == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize("method", [name for name in METHODS if name != "spred"])
def test_every_method_takes_a_weight_with_its_bias(method):
    lane = GROUPED.changed(method=method, strength=1e-3)
    run = Run(RunSpec(model="linear", lanes=(lane,)), CPU)
    before = [each.detach().clone() for each in run.lanes[0].net.fc1.parameters()]
    run.advance()
    after = list(run.lanes[0].net.fc1.parameters())
    assert not any(torch.equal(*each) for each in zip(before, after, strict=True))
