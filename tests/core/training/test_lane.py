"""A lane: what its penalty pulls at, what its last updates were, and how many zeros it has."""

import math

import pytest
import torch

from core.data.images import digits
from core.maths.losses import LOSSES
from core.maths.models import seeded
from core.spec import LaneSpec
from core.training.lane import LOSS_WINDOW, Lane, Recent

IMAGES = digits()
X, Y = IMAGES.train_x[:32], IMAGES.train_y[:32]


def made(model="small_cnn", **fields):
    net = seeded(model, size=8, channels=1, n_classes=10, seed=0)
    return Lane(net, LaneSpec(**{"warmup": 0.0, "strength": 1e-3} | fields), LOSSES["cross_entropy"], X, Y)


def names(lane):
    by_id = {id(each): name for name, each in lane.net.named_parameters()}
    return [by_id[id(each)] for each in lane.pull.parameters]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["conv1.weight", "conv2.weight", "fc1.weight", "fc2.weight"]),
        ({"layers": ["fc1", "conv1"]}, ["conv1.weight", "fc1.weight"]),
        ({"layers": ["fc1"], "include_bias": True}, ["fc1.weight", "fc1.bias"]),
        ({"layers": []}, []),
    ],
)
def test_the_pull_is_at_the_chosen_layers_from_input_to_output(fields, expected):
    assert names(made(**fields)) == expected


def test_a_bias_is_a_member_of_its_group_and_else_a_target_of_its_own():
    grouped = made(penalty="group_lasso", layers=["fc1"], include_bias=True)
    assert len(grouped.pull.targets) == 1
    assert len(made(layers=["fc1"], include_bias=True).pull.targets) == 2


def test_its_pull_is_at_a_strength_of_one_so_that_multipliers_are_its_strengths():
    lane = made(multipliers={"fc1": 0.5, "conv1": 0.0}, layers=["conv1", "fc1", "fc2"], strength=0.3)
    assert lane.pull.strengths == [0.0, 0.5, 1.0]
    assert lane.pull.times(0.2).strengths == pytest.approx([0.0, 0.1, 0.2])
    norms = [float(each.detach().abs().sum()) for each in lane.pull.parameters]
    assert float(lane.norm()) == pytest.approx(0.5 * norms[1] + norms[2], rel=1e-6)


def test_a_change_moves_the_pull_and_no_weight():
    lane = made()
    before = [each.detach().clone() for each in lane.net.parameters()]
    lane.change(lane.spec.changed(layers=["fc2"], penalty="l2"))
    assert names(lane) == ["fc2.weight"]
    assert float(lane.norm()) == pytest.approx(
        float(lane.net.fc2.weight.detach().square().sum()) / 2, rel=1e-6
    )
    assert all(torch.equal(a, b) for a, b in zip(before, lane.net.parameters(), strict=True))


def test_before_its_first_update_it_is_measured_on_the_first_batch():
    lane = made()
    with torch.no_grad():
        logits = lane.net(X)
    recent = lane.recent()
    assert recent.loss == pytest.approx(float(torch.nn.functional.cross_entropy(logits, Y)))
    assert recent.score == pytest.approx(float((logits.argmax(1) == Y).float().mean()))


def test_it_remembers_a_window_of_updates():
    lane = made()
    outputs = torch.eye(10)[Y]
    for loss in range(40):
        said = outputs if loss >= 40 - LOSS_WINDOW else -outputs
        lane.remember(torch.tensor(float(loss)), said, Y, torch.tensor(2.0 * loss))
    recent = lane.recent()
    assert recent.norm == pytest.approx(2.0 * recent.loss)
    assert recent.losses == tuple(float(loss) for loss in range(40 - LOSS_WINDOW, 40))
    assert recent.score == 1.0


def test_the_first_loss_that_is_no_number_is_found():
    assert Recent((1.0, 2.0), 0.0, 0.5).first_not_finite is None
    assert Recent((1.0, math.inf, math.nan), 0.0, 0.5).first_not_finite == 1
    assert Recent((math.nan,), 0.0, 0.5).first_not_finite == 0


def test_the_share_of_zeros_is_the_larger_of_targets_and_all_weights():
    lane = made(layers=["fc2"])
    with torch.no_grad():
        lane.net.conv1.weight.zero_()
        lane.net.fc2.weight[:5] = 0.0
    weights = [each for each in lane.net.parameters() if each.ndim >= 2]
    share = (lane.net.conv1.weight.numel() + 160) / sum(each.numel() for each in weights)
    assert share < 0.5 == lane.zero_share()
    lane.change(lane.spec.changed(layers=[]))
    assert lane.zero_share() == pytest.approx(share)


def test_zeros_are_frozen_as_often_as_asked_and_stay():
    lane = made(strength=0.0)
    with torch.no_grad():
        lane.net.fc1.weight[0] = 0.0
    lane.freeze(1)
    for _ in range(3):
        lane.update(X, Y, 0.0)
    assert bool((lane.net.fc1.weight[0] == 0.0).all())
    assert lane.n_freezes == 1
    with torch.no_grad():
        lane.net.fc1.weight[1] = 0.0
    lane.freeze(1)
    lane.update(X, Y, 0.0)
    assert not bool((lane.net.fc1.weight[1] == 0.0).all())


def test_batch_norm_is_measured_without_being_moved():
    lane = made("textbook_cnn_bn")
    assert torch.equal(lane.net.bn1.running_mean, torch.zeros(32))
    assert int(lane.net.bn1.num_batches_tracked) == 0
