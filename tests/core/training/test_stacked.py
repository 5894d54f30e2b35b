"""Lanes updated together do what they do one after another."""

import pytest
import torch

from core.maths.methods import METHODS, OPTIMIZERS
from core.maths.penalties import PENALTIES
from core.spec import LaneSpec, Move, RunSpec
from core.training.run import Run
from core.training.stacked import can

CPU = torch.device("cpu")
BASE = LaneSpec(strength=1e-3, warmup=0.0)
SGD = BASE.changed(optimizer="sgd", learning_rate=0.05)
JOINT_METHODS = [name for name in METHODS if name != "fista"]
N_UPDATES = 8


def both(*lanes, device=CPU, **fields):
    """The same run twice: lanes one after another, and together."""
    spec = RunSpec(lanes=lanes, **{"model": "small_cnn", **fields})
    return tuple(Run(spec, device, together=together) for together in (False, True))


def advanced(runs, n_updates=N_UPDATES):
    return [[event for _ in range(n_updates) for event in each.advance()] for each in runs]


def assert_same(runs, share=0.999):
    """Weights within rounding, but for a few that an update left on the other side of the zero."""
    for apart, joint in zip(*(each.lanes for each in runs), strict=True):
        for one, other in zip(apart.net.parameters(), joint.net.parameters(), strict=True):
            close = torch.isclose(one, other, rtol=1e-3, atol=2e-5)
            assert float(close.double().mean()) >= share, float((one - other).abs().max())


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("method", JOINT_METHODS)
def test_every_method_steps_as_it_does_alone(method, optimizer, device):
    base = (BASE if optimizer == "adam" else SGD).changed(method=method)
    runs = both(base, base.changed(strength=1e-2), base.changed(strength=0.0), device=device)
    advanced(runs)
    assert_same(runs)
    assert not torch.equal(*(lane.net.fc1.weight for lane in runs[1].lanes[:2]))


@pytest.mark.parametrize("penalty", PENALTIES)
def test_every_penalty_shrinks_as_it_does_alone(penalty, device):
    lane = BASE.changed(penalty=penalty, include_bias=True, multipliers={"fc1": 2.0})
    lanes = lane, lane.changed(layers=["fc1", "conv2"]), SGD.changed(penalty=penalty)
    # With seed 0 rounding decides, in one filter, which of four pixels of one image is the largest: under the
    # sparse group lasso four of conv2's 1,152 weights are off then.
    runs = both(*lanes, device=device, seed=1)
    advanced(runs)
    assert_same(runs)
    shown = [each.snapshot()[0] for each in runs]
    for apart, joint in zip(*shown, strict=True):
        assert joint.data_loss == pytest.approx(apart.data_loss, rel=1e-3)
        assert joint.norm == pytest.approx(apart.norm, rel=1e-3)
        assert joint.score.train == pytest.approx(apart.score.train, abs=0.01)


def test_the_angle_is_learned_together_too(device):
    runs = both(BASE, SGD, dataset="rotated_digits", device=device)
    advanced(runs)
    assert_same(runs)


def test_twelve_lanes_are_twelve_lanes(device):
    lanes = [BASE.changed(strength=10.0**-exponent) for exponent in range(1, 7)]
    runs = both(*lanes, *(lane.changed(method="textbook") for lane in lanes), device=device)
    advanced(runs)
    assert_same(runs)
    zeros = [lane.zero_share() for lane in runs[1].lanes]
    assert zeros[0] > 0.9 > zeros[2] > zeros[4]
    assert zeros[6:] == [0.0] * 6


def test_changes_come_in_between_two_updates(device):
    runs = both(BASE, BASE, device=device)
    for each in runs:
        advanced([each], 4)
        each.change(1, Move(strength=1e-2, layers=["fc1"], include_bias=True))
        advanced([each], 4)
    assert_same(runs)
    assert runs[1].lanes[1].zero_share() > 1.5 * runs[1].lanes[0].zero_share()


@pytest.mark.parametrize("phase", ["freeze", "polish"])
@pytest.mark.parametrize("lane", [BASE, SGD, BASE.changed(method="spred")])
def test_one_lane_keeps_its_zeros_and_the_others_do_not(lane, phase, device):
    polished = lane.changed(strength=1e-2, **{phase: 0.5})
    runs = both(lane, polished, epochs=2, train_size=512, device=device)
    advanced(runs)
    before = [w.detach().clone() for w in runs[1].lanes[1].net.parameters()]
    advanced(runs)
    assert_same(runs)
    assert [each.n_freezes for each in runs[1].lanes] == [0, 1]
    for then, now in zip(before, runs[1].lanes[1].net.parameters(), strict=True):
        assert bool((now[then == 0] == 0).all())


def test_a_lane_that_diverges_drops_out(device):
    wild = SGD.changed(learning_rate=1.0, momentum=0.99, strength=0.0)
    runs = both(BASE, wild, wild.changed(learning_rate=0.05, momentum=0.9), device=device, epochs=20)
    with torch.no_grad():
        for each in runs:
            each.lanes[1].net.fc2.weight.fill_(float("inf"))
    told = advanced(runs, 24)
    assert [[(each.lane, each.kind, each.step) for each in events] for events in told] == [
        [(1, "diverged", 1)]
    ] * 2
    still = runs[1].lanes[1].net.fc1.bias.detach().clone()
    advanced(runs, 4)
    assert torch.equal(still.isnan(), runs[1].lanes[1].net.fc1.bias.isnan())
    assert [lane.diverged for lane in runs[1].lanes] == [False, True, False]
    shown, _ = runs[1].snapshot()
    assert {each.lane for each in shown} == {0, 2}
    # 28 updates of rounding apart: most weights still agree.
    for index in (0, 2):
        loss = [each.lanes[index].recent().loss for each in runs]
        assert loss[1] == pytest.approx(loss[0], rel=0.02)


def test_what_cannot_be_together_is_not(device):
    spec = RunSpec(model="textbook_cnn_bn", lanes=(BASE, BASE))
    run = Run(spec, device)
    assert not can(run.lanes[0].net, spec.lanes)
    assert run._together is None


def test_together_by_default_where_a_kernel_is_dear(device):
    many, one = Run(RunSpec(), device), Run(RunSpec(lanes=(BASE,)), device)
    assert (many._together is not None) == (device.type != "cpu")
    assert one._together is None


def test_lanes_that_differ_only_in_what_can_change_share_a_method():
    _, joint = both(BASE, BASE.changed(strength=1e-2, layers=["fc1"]), SGD, BASE.changed(method="textbook"))
    first, second, third, fourth = (lane.method for lane in joint.lanes)
    assert first is second
    assert len({first, third, fourth}) == 3
