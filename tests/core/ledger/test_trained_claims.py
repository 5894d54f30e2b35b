"""Claims of the ledger that hold by training: small networks, fixed seeds, and room for chance."""

from statistics import fmean

import pytest
import torch
from torch.nn import functional as F

from core.spec import LaneSpec, Move, RunSpec
from core.training.run import Run
from tests.core.maths.test_fista import problem, solved

CPU = torch.device("cpu")

__all__ = ["problem"]


def made(lane, updates, **fields):
    """A run of one lane after so many updates."""
    run = Run(RunSpec(lanes=(lane,), **fields), CPU)
    return advanced(run, updates)


def advanced(run, updates):
    for _ in range(updates):
        run.advance()
    return run


@torch.no_grad()
def right(run, lane=0):
    """Percent of the validation images."""
    found = run.lanes[lane].net(run.images.valid_x).argmax(1)
    return 100.0 * float((found == run.images.valid_y).float().mean())


def zeros(run):
    """Percent of the weights."""
    weights = [p for name, p in run.lanes[0].net.named_parameters() if name.endswith("weight")]
    return 100.0 * sum(int((w == 0).sum()) for w in weights) / sum(w.numel() for w in weights)


def test_a_dead_network_stays_dead_far_below_and_may_start_anew_without_penalty():
    lane = LaneSpec(strength=1e-2, warmup=0.0)
    run = made(lane, 150, epochs=200)
    assert zeros(run) > 99.9
    net = run.lanes[0].net
    loss = F.cross_entropy(net(run.images.train_x), run.images.train_y)
    slopes = dict(zip(*zip(*net.named_parameters(), strict=True), strict=True))
    gradients = torch.autograd.grad(loss, list(slopes.values()))
    largest = {name: float(g.abs().max()) for name, g in zip(slopes, gradients, strict=True)}
    assert all(largest[f"{name}.weight"] == 0.0 for name in ("conv1", "conv2", "fc1"))
    assert largest["fc2.weight"] < 1e-2
    run.change(0, Move(strength=1e-5))
    advanced(run, 600)
    assert zeros(run) > 98.0
    assert right(run) < 15.0
    run.change(0, Move(strength=0.0))
    advanced(run, 1200)
    assert right(run) > 80.0


def test_l1_helps_against_wrong_labels_and_not_with_few_right_ones():
    lanes = (LaneSpec(strength=0.0), LaneSpec(strength=1e-3))
    few = [advanced(Run(RunSpec(lanes=lanes, seed=i, train_size=100, epochs=120), CPU), 240) for i in (0, 1)]
    plain, penalised = (fmean(right(run, lane) for run in few) for lane in (0, 1))
    assert penalised <= plain + 1.0
    wrong = Run(RunSpec(lanes=lanes, train_size=600, label_noise=0.3, epochs=120), CPU)
    early = right(advanced(wrong, 300))
    advanced(wrong, 900)
    assert right(wrong, 1) > right(wrong) + 5.0
    # So does stopping early, without any penalty.
    assert early > right(wrong) + 5.0


@pytest.mark.parametrize("updates", [0, 150])
def test_a_weight_of_conv1_gets_a_larger_gradient_than_one_of_fc1(updates):
    run = made(LaneSpec(strength=0.0), updates, epochs=40)
    net = run.lanes[0].net
    loss = F.cross_entropy(net(run.images.train_x[:512]), run.images.train_y[:512])
    conv1, fc1 = torch.autograd.grad(loss, [net.conv1.weight, net.fc1.weight])
    assert float(conv1.abs().mean()) > 1.5 * float(fc1.abs().mean())


def test_fista_takes_more_updates_at_a_smaller_strength(problem):
    def updates_needed(strength):
        _, objectives = solved(problem, "l1", strength, 600)
        least = min(objectives)
        return next(i for i, value in enumerate(objectives) if value - least < 1e-4)

    assert updates_needed(1e-3) > updates_needed(1e-2) > updates_needed(3e-2)
