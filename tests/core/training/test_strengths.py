"""λ by layer, and λ over time: multipliers, and the share of a run without penalty."""

import math

import pytest
import torch
from torch.nn import functional as F

from core.data.images import load
from core.spec import Move, RunSpec
from core.training.run import Run
from tests.core.training.test_run import CPU, ON_BATCHES, PROX, SGD, advanced, same, started, weights


@pytest.mark.parametrize("lane", [PROX, SGD, *(PROX.changed(method=m) for m in ON_BATCHES)])
def test_a_multiplier_is_another_strength_for_its_layer(lane):
    # One update: fc1 as at half the λ, conv1 as without penalty, the others as before.
    factors = {"fc1": 0.5, "conv1": 0.0}
    run = started(
        lane, lane.changed(multipliers=factors), lane.changed(strength=5e-4), lane.without_penalty()
    )
    advanced(run, 1)
    whole, scaled, half, none = (weights(run, index) for index in range(4))
    expected = {"fc1.weight": half, "conv1.weight": none}
    for name in scaled:
        torch.testing.assert_close(scaled[name], expected.get(name, whole)[name], rtol=1e-6, atol=0)


def test_the_reported_penalty_counts_the_multipliers():
    (shown,), _ = started(PROX.changed(multipliers={"fc1": 0.5, "conv1": 0.0})).snapshot()
    norms = {name: layer.norm for name, layer in shown.layers.items()}
    assert shown.norm == pytest.approx(0.5 * norms["fc1"] + norms["conv2"] + norms["fc2"], rel=1e-6)
    assert shown.penalty == shown.strength * shown.norm


@pytest.mark.parametrize("lane", [PROX, SGD, SGD.changed(momentum=0.0)])
def test_pruning_takes_the_smallest_weights_for_good_and_trains_the_others_on(lane):
    plain = lane.without_penalty()
    run = started(plain, plain.changed(prune=0.9), epochs=5)
    matrices = [name for name, w in weights(run, 0).items() if w.ndim > 1]
    advanced(run, math.ceil(0.12 * run.total_steps))
    # Up to here it is the same lane, bit for bit.
    before = weights(run, 0)
    assert same(before, weights(run, 1))
    advanced(run, 1)
    after = weights(run, 1)
    kept = torch.cat([before[name].abs()[after[name] != 0] for name in matrices])
    gone = torch.cat([before[name].abs()[after[name] == 0] for name in matrices])
    assert float(gone.max()) < float(kept.min())
    assert len(gone) == round((1.0 - 0.1**0.2) * (len(gone) + len(kept)))
    advanced(run, run.total_steps - run.step)
    last = weights(run, 1)
    zeros = sum(int((last[name] == 0).sum()) for name in matrices)
    assert zeros == round(0.9 * (len(gone) + len(kept)))
    assert all(bool((last[name][after[name] == 0] == 0).all()) for name in matrices)
    assert not same(last, after)


def objective(net, x, y, strength):
    with torch.no_grad():
        return float(F.cross_entropy(net(x), y) + strength * net.fc1.weight.abs().sum())


@pytest.mark.parametrize("method", ["proximal", "textbook", "fista"])
def test_with_all_images_the_total_is_the_objective_and_never_below_its_least(method):
    lane = PROX.changed(method=method, optimizer="sgd", learning_rate=0.3, momentum=0.0, strength=3e-3)
    spec = {"model": "linear", "batch_size": 2048, "epochs": 1000}
    best = Run(RunSpec(lanes=(lane.changed(method="fista"),), **spec), CPU)
    advanced(best, 800)
    images = best.images
    least = objective(best.lanes[0].net, images.train_x, images.train_y, 3e-3)
    run = Run(RunSpec(lanes=(lane,), **spec), CPU)
    for step in range(40):
        before = objective(run.lanes[0].net, images.train_x, images.train_y, 3e-3)
        advanced(run, 1)
        ((shown,), _) = run.snapshot()
        # FISTA measures where momentum has looked ahead to.
        if method != "fista" or step == 0:
            assert shown.total - least == pytest.approx(before - least, abs=1e-6)
        assert shown.total > least - 1e-7


def test_with_batches_the_total_is_the_mean_of_the_objectives_that_updates_saw():
    run, totals = started(PROX), []
    net, weights_of = run.lanes[0].net, run.lanes[0].pull.parameters
    for _ in range(25):
        with torch.no_grad():
            x, y = run.next_batch()
            size = sum(float(w.abs().sum()) for w in weights_of)
            totals.append(float(F.cross_entropy(net(x), y)) + 1e-3 * size)
        advanced(run, 1)
    ((shown,), _) = run.snapshot()
    assert shown.total == pytest.approx(sum(totals[-16:]) / 16, rel=1e-5)
    run.change(0, Move(layers={"fc2"}))
    ((moved,), _) = run.snapshot()
    assert moved.norm == pytest.approx(float(net.fc2.weight.detach().abs().sum()), rel=1e-6)


@pytest.mark.parametrize("lane", [PROX, SGD, SGD.changed(momentum=0.0)])
def test_freezing_keeps_the_zeros_and_the_penalty(lane):
    run = started(lane, lane.changed(freeze=0.5), lane.changed(freeze=0.5, polish=0.25), epochs=4)
    advanced(run, 38)
    before = weights(run, 1)
    assert same(before, weights(run, 0))
    advanced(run, 19)
    # So far it freezes as well, and then it refits.
    middle = weights(run, 2)
    assert same(weights(run, 1), middle)
    assert [each.strength for each in run.snapshot()[0]] == [1e-3, 1e-3, 0.0]
    advanced(run, 19)
    after, free, refitted = weights(run, 1), weights(run, 0), weights(run, 2)
    assert all(bool((w[before[name] == 0] == 0).all()) for name, w in after.items())
    assert not all(bool((w[before[name] == 0] == 0).all()) for name, w in free.items())
    # λ pulls on, so that more weights become zero; the refit keeps all that there are when it begins.
    n_zeros = [sum(int((w == 0).sum()) for w in each.values()) for each in (before, middle)]
    assert 1_000 < n_zeros[0] < n_zeros[1]
    assert all(torch.equal(w == 0, middle[name] == 0) for name, w in refitted.items())


@pytest.mark.parametrize("lane", [PROX, SGD, SGD.changed(momentum=0.0)])
def test_polishing_keeps_the_zeros_and_refits_the_rest(lane):
    polished = lane.changed(polish=0.5)
    run = started(lane, polished, epochs=8)
    advanced(run, 76)
    before = weights(run, 1)
    # Up to here it is the same lane, bit for bit.
    assert same(before, weights(run, 0))
    assert [each.strength for each in run.snapshot()[0]] == [1e-3, 0.0]
    advanced(run, 76)
    after, shrunk = weights(run, 1), weights(run, 0)
    for name, w in after.items():
        assert torch.equal(w == 0, before[name] == 0)
        assert not torch.equal(w, before[name])
    assert sum(int((w == 0).sum()) for w in after.values()) > 2_000
    # Without the pull of the penalty the data loss is lower: the bias of the shrinkage is gone.
    images = load(RunSpec(), CPU)
    losses = [float(F.cross_entropy(lane.net(images.train_x), images.train_y).detach()) for lane in run.lanes]
    assert losses[1] < losses[0]
    assert not same(after, shrunk)
