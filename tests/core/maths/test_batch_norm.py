"""BatchNorm: batches in training, running statistics in evaluation, γ as a target of its own."""

from copy import deepcopy

import pytest
import torch
from torch.nn import functional as F

from core.data.images import load
from core.refusals import SpecError
from core.spec import LAYERS, LaneSpec, RunSpec
from core.training.measures import outputs
from core.training.run import Run

CPU = torch.device("cpu")
LANE = LaneSpec(strength=1e-3, warmup=0.0)


def started(*lanes, **fields):
    return Run(RunSpec(model="textbook_cnn_bn", lanes=lanes, **fields), CPU)


def advanced(run, n_updates):
    for _ in range(n_updates):
        run.advance()
    return run


def everything(run, lane=0):
    return run.lanes[lane].net.state_dict()


def test_a_look_changes_nothing_and_the_first_update_sees_fresh_statistics():
    run = started(LANE, LANE.without_penalty())
    before = deepcopy(everything(run))
    assert int(before["bn1.num_batches_tracked"]) == 0
    run.snapshot(asked=True)
    after = everything(run)
    assert all(torch.equal(before[name], after[name]) for name in before)
    advanced(run, 3)
    assert int(everything(run)["bn1.num_batches_tracked"]) == 3


def test_the_running_mean_is_that_of_the_batches():
    run = started(LANE.without_penalty())
    net = deepcopy(run.lanes[0].net)
    x, _ = run.next_batch()
    advanced(run, 1)
    mean = net.conv1(x).mean((0, 2, 3))
    torch.testing.assert_close(everything(run)["bn1.running_mean"], 0.1 * mean.detach())


def test_an_images_answer_does_not_depend_on_its_neighbours():
    run = advanced(started(LANE.without_penalty()), 40)
    images, net = load(run.spec, CPU), run.lanes[0].net
    x = images.test_x[:60]
    with torch.no_grad():
        alone = torch.cat([answer for i in range(60) for answer in outputs(net, x[i : i + 1])])
        together = torch.cat(list(outputs(net, x)))
    torch.testing.assert_close(together, alone)
    assert net.training
    net.eval()
    torch.testing.assert_close(net(x).detach(), alone)


def test_a_lane_alone_is_the_lane_among_others():
    alone, together = started(LANE), started(LANE.without_penalty(), LANE, LANE.changed(optimizer="sgd"))
    for each in (alone, together):
        advanced(each, 20).snapshot(asked=True)
        advanced(each, 20)
    one, other = everything(alone), everything(together, 1)
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_by_default_gamma_is_free_and_as_a_target_it_ends_channels():
    free = started(LANE)
    assert not any(free.snapshot()[0][0].layers[name].targeted for name in ("bn1", "bn2"))
    lane = LANE.changed(layers=["bn1", "bn2"], strength=3e-3, learning_rate=0.01)
    run = advanced(started(lane), 200)
    layers = run.snapshot()[0][0].layers
    assert tuple(layers) == LAYERS
    assert (layers["bn2"].weights, layers["bn2"].units) == (64, 64)
    assert 0 < layers["bn2"].zeros == layers["bn2"].dead < 64
    assert layers["conv1"].zeros == layers["fc1"].zeros == 0


def test_a_channel_with_gamma_zero_says_the_same_whatever_its_filter_is():
    net = started(LANE).lanes[0].net.eval()
    x = torch.rand(5, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        net.bn1.weight[3], net.bn1.bias[3] = 0.0, 0.7
        before = net(x)
        net.conv1.weight[3] *= -5.0
        assert torch.equal(net(x), before)
        torch.testing.assert_close(net.bn1(net.conv1(x))[:, 3], torch.full((5, 8, 8), 0.7))


def test_a_convolution_before_it_is_scale_free():
    net = started(LANE).lanes[0].net
    x, y = torch.rand(64, 1, 8, 8, generator=torch.Generator().manual_seed(0)), torch.arange(64) % 10
    with torch.no_grad():
        before = F.cross_entropy(net(x), y)
        size = float(net.conv2.weight.abs().sum())
        net.conv2.weight *= 0.5
        net.conv2.bias *= 0.5
        assert float(net.conv2.weight.abs().sum()) == pytest.approx(0.5 * size)
        # exactly, but for the 1e-5 that BatchNorm adds to a variance
        torch.testing.assert_close(F.cross_entropy(net(x), y), before, rtol=2e-3, atol=0)


def test_groups_need_layers_that_have_them():
    with pytest.raises(SpecError, match=r"^layers must be .* which needs units, got 'bn1'.$"):
        LaneSpec.checked({"penalty": "group_lasso", "layers": ["conv1", "bn1"]})


def test_an_unknown_layer_and_one_the_network_lacks_are_one_sentence_each():
    with pytest.raises(SpecError, match=r"^layers\S* must be 'conv1', .* got 'conv9'.$"):
        LaneSpec.checked({"layers": ["conv9"]})
    with pytest.raises(SpecError, match=r"^layers must be some of fc1 for linear, got 'conv1'.$"):
        RunSpec.checked({"model": "linear", "lanes": [{"layers": ["conv1"]}]})


@pytest.mark.parametrize(("alpha", "expected"), [(1.5, "at most 1.0"), (-0.1, "at least 0.0")])
def test_a_share_outside_zero_to_one_is_one_sentence(alpha, expected):
    with pytest.raises(SpecError) as refused:
        LaneSpec.checked({"penalty": "elastic_net", "alpha": alpha})
    assert str(refused.value) == f"alpha must be {expected}, got '{alpha}'."
