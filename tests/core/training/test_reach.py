"""Idle, cut off, selected: against gradients taken image by image on a copy, and worked by hand."""

from copy import deepcopy

import pytest
import torch
from torch import nn
from torch.func import functional_call, grad, vmap
from torch.nn import functional as F

from core.maths.methods import METHODS
from core.spec import LaneSpec, Move, RunSpec
from core.training.measures import histogram_limits, look
from core.training.reach import Reach
from core.training.run import Run, train

CPU = torch.device("cpu")
LANE = LaneSpec(strength=1e-3, warmup=0.0, learning_rate=1e-2)
SMALL = {"train_size": 96, "batch_size": 32}
PER_EPOCH = 3


def running(*lanes, together=False, **fields):
    return Run(
        RunSpec(lanes=lanes, **({"model": "small_cnn", "epochs": 20} | SMALL | fields)),
        CPU,
        together=together,
    )


def reached_by_image(net, x, y):
    """By layer: the weights by which any of the images' own losses has a slope, without our code."""
    parameters = {name: each.detach() for name, each in net.named_parameters()}

    def loss(parameters, image, label):
        return F.cross_entropy(functional_call(net, parameters, (image[None],)), label[None])

    slopes = vmap(grad(loss), in_dims=(None, 0, 0))(parameters, x, y)
    return {name[:-7]: (slopes[name] != 0).any(0) for name in slopes if name.endswith(".weight")}


def assert_noted(run, lane, epochs):
    """Train for so many epochs and compare the kind of every weight with what the images say."""
    ever, lately = {}, {}
    for _ in range(epochs):
        lately = {}
        for _ in range(PER_EPOCH):
            seen = reached_by_image(run.lanes[lane].net, *run.next_batch())
            lately = {name: lately.get(name, False) | each for name, each in seen.items()}
            run.advance()
        ever = {name: ever.get(name, False) | each for name, each in lately.items()}
    net = run.lanes[lane].net
    view = look(net, (), histogram_limits(net), run.lanes[lane].reach)
    shown = view.layers
    for name in ever:
        zero = net.get_parameter(f"{name}.weight") == 0
        found = run.lanes[lane].reach.of(name)
        assert torch.equal(found.never, ~ever[name]), name
        assert torch.equal(found.no_longer, ever[name] & ~lately[name]), name
        assert shown[name].idle == int((zero & ~ever[name]).sum())
        assert shown[name].cut_off == int((zero & ever[name] & ~lately[name]).sum())
    name = next(iter(shown))
    first = net.get_parameter(f"{name}.weight")
    noted = torch.tensor([int(kind) for kind in view.kernel_kinds]).view(first.shape)
    assert torch.equal(noted == 1, (first == 0) & ~ever[name])
    assert torch.equal(noted == 2, (first == 0) & ever[name] & ~lately[name])
    return shown


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("method", [name for name in METHODS if name != "fista"])
def test_every_weight_is_what_the_images_one_by_one_say(method, together):
    # Of two lanes, the penalised one; stacked as well. The penalty's own pull is not in what is noted.
    run = running(LANE.changed(strength=0.0), LANE.changed(method=method), together=together)
    shown = assert_noted(run, lane=1, epochs=4)
    never = run.lanes[1].reach.of("fc1").never
    assert 0 < int(never.sum()) < never.numel()
    if method == "proximal":
        assert shown["fc1"].idle > 0
        assert shown["fc1"].kinds.selected > 0


def test_a_large_penalty_cuts_weights_off_and_they_are_told_from_idle_ones():
    run = running(LANE.changed(strength=3e-2))
    shown = assert_noted(run, lane=0, epochs=12)
    assert sum(layer.cut_off for layer in shown.values()) > 0


def test_weights_that_were_cut_off_return_when_lambda_falls():
    run = running(LANE.changed(strength=1e-2))
    for _ in range(6 * PER_EPOCH):
        run.advance()
    net, reach = run.lanes[0].net, run.lanes[0].reach
    weights = {name[:-7]: each for name, each in net.named_parameters() if name.endswith(".weight")}
    cut_off = {name: (each == 0) & reach.of(name).no_longer for name, each in weights.items()}
    assert sum(int(each.sum()) for each in cut_off.values()) > 0
    run.change(0, Move(strength=0.0))
    for _ in range(6 * PER_EPOCH):
        run.advance()
    assert sum(int((weights[name] != 0)[each].sum()) for name, each in cut_off.items()) > 0


def test_in_the_linear_network_the_idle_weights_are_those_of_pixels_that_are_never_lit():
    for lane in (LANE, LANE.changed(method="fista")):
        run = running(lane, model="linear")
        for _ in range(PER_EPOCH):
            run.advance()
        dark = ~(run.images.train_x.flatten(1) != 0).any(0)
        assert 0 < int(dark.sum()) < 64
        assert torch.equal(run.lanes[0].reach.of("fc1").never, dark.expand(10, 64))


def test_the_zeros_of_l2_are_idle_and_none_is_selected():
    spec = RunSpec(model="small_cnn", epochs=8, lanes=(LANE.changed(penalty="l2", strength=1e-2),), **SMALL)
    (*_, last) = [each for each in train(spec, CPU) if hasattr(each, "layers")]
    layer = last.layers["fc1"]
    assert layer.zeros > 0
    assert (layer.idle, layer.cut_off, layer.kinds.selected) == (layer.zeros, 0, 0)


def test_frozen_zeros_stay_selected_as_long_as_the_data_pull_on_them():
    run = running(LANE.changed(freeze=0.5), epochs=8)
    for _ in range(8 * PER_EPOCH):
        run.advance()
    (shown,), _ = run.snapshot()
    assert run.lanes[0].n_freezes == 1
    assert sum(layer.kinds.selected for layer in shown.layers.values()) > 0


def test_with_batch_norm_a_channel_that_is_off_cuts_off_its_filter():
    run = running(LANE.changed(layers=["bn1", "conv1"]), model="textbook_cnn_bn")
    net = run.lanes[0].net
    for _ in range(PER_EPOCH):
        run.advance()
    with torch.no_grad():
        # Its constant, below zero, is cut away by ReLU: no image says anything about it any more.
        net.bn1.weight[0], net.bn1.bias[0] = 0.0, -100.0
    for _ in range(2 * PER_EPOCH):
        run.advance()
    reach = run.lanes[0].reach
    assert bool(reach.of("conv1").no_longer[0].all())
    assert bool(reach.of("bn1").no_longer[0])
    assert not bool(reach.of("conv1").no_longer.all())


def test_a_change_of_lambda_forgets_nothing():
    run = running(LANE)
    for _ in range(2 * PER_EPOCH):
        run.advance()
    before = run.lanes[0].reach.of("fc1").never
    run.change(0, Move(strength=0.0, layers=["fc2"]))
    assert torch.equal(run.lanes[0].reach.of("fc1").never, before)


def test_nothing_is_called_idle_before_every_image_was_seen():
    run = running(LANE)
    for _ in range(PER_EPOCH):
        (shown,), _ = run.snapshot()
        assert [(each.idle, each.cut_off, each.kinds.selected) for each in shown.layers.values()] == [
            (None, None, None)
        ] * 4
        run.advance()
    (shown,), _ = run.snapshot()
    assert all(each.idle is not None for each in shown.layers.values())


def test_the_three_kinds_worked_by_hand():
    net = nn.Module()
    net.fc1 = nn.Linear(4, 1)
    reach, none = Reach(net), torch.zeros(1)
    # Weight 0 always has a gradient, 1 in the first epoch only, 2 never, 3 never but in the running epoch.
    for slopes in ([1.0, -1.0, 0.0, 0.0], [-1.0, 0.0, 0.0, 0.0]):
        reach.note([torch.tensor([slopes]), none])
        reach.end_epoch()
    assert reach.of("fc1").never.tolist() == [[False, False, True, True]]
    assert reach.of("fc1").no_longer.tolist() == [[False, True, False, False]]
    # Gradients of both signs must not add up to none.
    for slope in (2.0, -2.0):
        reach.note([torch.tensor([[0.0, 0.0, 0.0, slope]]), none])
    assert reach.of("fc1").never.tolist() == [[False, False, True, False]]
    # A whole epoch is over, and only what came in it counts: weight 0 had none, and 1 comes back.
    reach.end_epoch()
    reach.note([torch.tensor([[0.0, 1.0, 0.0, 0.0]]), none])
    assert reach.of("fc1").no_longer.tolist() == [[True, False, False, False]]
    # A copy notes for itself.
    other = deepcopy(reach)
    other.note([torch.tensor([[1.0, 0.0, 0.0, 0.0]]), none])
    assert reach.of("fc1").no_longer.tolist() == [[True, False, False, False]]
