"""λ by layer, and λ over time: multipliers, and the share of a run without penalty."""

import pytest
import torch
from torch.nn import functional as F

from core.spec import RunSpec
from core.training.data import load
from tests.core.training.test_loop import CPU, ON_BATCHES, PROX, SGD, advanced, same, started, weights


@pytest.mark.parametrize("lane", [PROX, SGD, *(PROX.changed(method=m) for m in ON_BATCHES)], ids=str)
def test_a_multiplier_is_another_strength_for_its_layer(lane):
    # One update: fc1 as at half the λ, conv1 as without penalty, the others as before.
    factors = {"fc1": 0.5, "conv1": 0.0}
    experiment = started(
        lane, lane.changed(multipliers=factors), lane.changed(strength=5e-4), lane.without_penalty()
    )
    advanced(experiment, 1)
    whole, scaled, half, none = (weights(experiment, index) for index in range(4))
    expected = {"fc1.weight": half, "conv1.weight": none}
    for name in scaled:
        torch.testing.assert_close(scaled[name], expected.get(name, whole)[name], rtol=1e-6, atol=0)


def test_the_reported_penalty_counts_the_multipliers():
    (shown,), _ = started(PROX.changed(multipliers={"fc1": 0.5, "conv1": 0.0})).snapshot()
    norms = {name: layer.norm for name, layer in shown.layers.items()}
    assert shown.norm == pytest.approx(0.5 * norms["fc1"] + norms["conv2"] + norms["fc2"], rel=1e-6)
    assert shown.penalty == shown.strength * shown.norm


@pytest.mark.parametrize("lane", [PROX, SGD, SGD.changed(momentum=0.0)], ids=str)
def test_freezing_keeps_the_zeros_and_the_penalty(lane):
    experiment = started(lane, lane.changed(freeze=0.5), lane.changed(freeze=0.5, polish=0.25), epochs=4)
    advanced(experiment, 46)
    before = weights(experiment, 1)
    assert same(before, weights(experiment, 0))
    advanced(experiment, 23)
    # So far it freezes as well, and then it refits.
    middle = weights(experiment, 2)
    assert same(weights(experiment, 1), middle)
    assert [each.strength for each in experiment.snapshot()[0]] == [1e-3, 1e-3, 0.0]
    advanced(experiment, 23)
    after, free, refitted = weights(experiment, 1), weights(experiment, 0), weights(experiment, 2)
    assert all(bool((w[before[name] == 0] == 0).all()) for name, w in after.items())
    assert not all(bool((w[before[name] == 0] == 0).all()) for name, w in free.items())
    # λ pulls on, so that more weights become zero; the refit keeps all that there are when it begins.
    n_zeros = [sum(int((w == 0).sum()) for w in each.values()) for each in (before, middle)]
    assert 1_000 < n_zeros[0] < n_zeros[1]
    assert all(torch.equal(w == 0, middle[name] == 0) for name, w in refitted.items())


@pytest.mark.parametrize("lane", [PROX, SGD, SGD.changed(momentum=0.0)], ids=str)
def test_polishing_keeps_the_zeros_and_refits_the_rest(lane):
    polished = lane.changed(polish=0.5)
    experiment = started(lane, polished, epochs=6)
    advanced(experiment, 69)
    before = weights(experiment, 1)
    # Up to here it is the same lane, bit for bit.
    assert same(before, weights(experiment, 0))
    assert [each.strength for each in experiment.snapshot()[0]] == [1e-3, 0.0]
    advanced(experiment, 69)
    after, shrunk = weights(experiment, 1), weights(experiment, 0)
    for name, w in after.items():
        assert torch.equal(w == 0, before[name] == 0)
        assert not torch.equal(w, before[name])
    assert sum(int((w == 0).sum()) for w in after.values()) > 2_000
    # Without the pull of the penalty the data loss is lower: the bias of the shrinkage is gone.
    images = load(RunSpec(), CPU)
    losses = [
        float(F.cross_entropy(lane.net(images.train_x), images.train_y).detach()) for lane in experiment.lanes
    ]
    assert losses[1] < losses[0]
    assert not same(after, shrunk)
