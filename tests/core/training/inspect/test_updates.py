"""Slow motion, the fate of a weight, rescaling: what is told is what the trainer does."""

import pytest
import torch
from torch.nn import functional as F

from core.spec import LaneSpec
from core.training.inspect.fate import MOST_POINTS, MOST_WATCHED
from core.training.inspect.moment import QuestionError
from core.training.inspect.slow_motion import one_update
from core.training.methods import METHODS
from core.training.penalties import PENALTIES
from tests.core.training.inspect.conftest import Lab


def weights(experiment, lane=0):
    return [each.detach().clone() for each in experiment.lanes[lane].net.parameters()]


def lab_with(folder, **fields):
    return Lab(folder, updates=4, lanes=(LaneSpec(**{"strength": 3e-3, "warmup": 0.0} | fields),))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_slow_motion_ends_where_the_real_update_does_and_moves_nothing(tmp_path, method, optimizer):
    lane = LaneSpec(method=method, optimizer=optimizer, strength=3e-3, warmup=0.0)
    model = "linear" if method == "fista" else "textbook_cnn"
    experiment = Lab(tmp_path, updates=4, model=model, lanes=(lane,)).experiment
    before = weights(experiment)
    made = one_update(experiment, 0, "fc1")
    assert all(torch.equal(a, b) for a, b in zip(before, weights(experiment), strict=True))
    experiment.advance()
    assert torch.equal(made.after, experiment.lanes[0].net.fc1.weight)
    assert not torch.equal(made.before, made.after)


def test_its_gradient_and_loss_are_those_of_the_next_batch(tmp_path):
    experiment = lab_with(tmp_path).experiment
    x, y = experiment.next_batch()
    net = experiment.lanes[0].net
    loss = F.cross_entropy(net(x), y)
    (gradient,) = torch.autograd.grad(loss, net.fc2.weight)
    made = one_update(experiment, 0, "fc2")
    assert made.loss == pytest.approx(float(loss.detach()))
    assert torch.allclose(made.gradient, gradient)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_shrink_is_the_proximal_map_of_what_the_step_gave(tmp_path, optimizer):
    made = one_update(lab_with(tmp_path, optimizer=optimizer, learning_rate=1e-3).experiment, 0, "fc1")
    shrunk = PENALTIES["l1"](alpha=0.5).prox(made.stepped, made.threshold)
    assert torch.equal(shrunk, made.after)
    landed = (made.before != 0) & (made.after == 0)
    assert landed.any()
    assert (made.stepped[landed].abs() <= made.threshold[landed]).all()
    assert not torch.equal(made.stepped, made.before)


def test_without_a_shrink_of_its_own_the_step_is_all_there_is(tmp_path):
    made = one_update(lab_with(tmp_path, method="textbook").experiment, 0, "fc1")
    assert made.threshold is None
    assert torch.equal(made.stepped, made.after)


def test_the_answer_counts_and_chooses_what_lands_on_zero(tmp_path):
    lab = lab_with(tmp_path)
    answer = lab.ask("slow_motion", lane=0, layer="fc1")
    made = one_update(lab.experiment, 0, "fc1")
    landed = ((made.before != 0) & (made.after == 0)).sum()
    assert answer["landed"] == int(landed) > 0
    assert answer["zeros_before"] == int((made.before == 0).sum())
    assert answer["after"][0] == 0.0 != answer["before"][0]
    chosen = lab.ask("slow_motion", lane=0, layer="fc2", indices=[3, 1])
    expected = lab.experiment.lanes[0].net.fc2.weight.detach().flatten()[[3, 1]]
    assert chosen["before"] == pytest.approx(expected.tolist(), rel=1e-4)


def test_slow_motion_is_refused_when_no_update_will_come(tmp_path):
    lab = Lab(tmp_path, updates=4, epochs=1, train_size=256)
    assert lab.experiment.done
    with pytest.raises(QuestionError, match="trains or is paused"):
        lab.ask("slow_motion", lane=0, layer="fc1")


@pytest.mark.parametrize(("optimizer", "momentum"), [("adam", 0.9), ("sgd", 0.9), ("sgd", 0.5)])
def test_a_zero_weight_stays_exactly_when_its_averaged_gradient_is_at_most_lambda(
    tmp_path, optimizer, momentum
):
    """The criterion the page shows, checked on every weight of a layer over ten updates."""
    rate = 1e-3 if optimizer == "adam" else 0.05
    lab = lab_with(tmp_path, optimizer=optimizer, momentum=momentum, learning_rate=rate, strength=1e-3)
    experiment, lane = lab.experiment, lab.experiment.lanes[0]
    zeros = 0
    for _ in range(10):
        was_zero = lane.net.fc1.weight.detach() == 0
        experiment.advance()
        mean = lane.method.averaged_gradient(lane.net.fc1.weight)
        is_zero = lane.net.fc1.weight.detach() == 0
        clear = was_zero & ((mean.abs() - 1e-3).abs() > 1e-6)
        assert torch.equal(is_zero[clear], (mean.abs() <= 1e-3)[clear])
        zeros += int(clear.sum())
    assert zeros > 1000


def test_plain_descent_has_no_average_and_says_so(tmp_path):
    lab = lab_with(tmp_path, optimizer="sgd", momentum=0.0)
    assert lab.ask("watch", lane=0, layer="fc1", index=0)["gradients"] == [None]


def test_fista_has_no_average_and_a_weight_of_it_can_be_watched(tmp_path):
    lane = LaneSpec(method="fista", strength=1e-3, warmup=0.0)
    told = Lab(tmp_path, updates=4, model="linear", lanes=(lane,)).ask("watch", lane=0, layer="fc1", index=0)
    assert (told["gradients"], told["strengths"]) == ([None], [1e-3])


def test_a_weight_in_a_group_with_its_bias_has_a_lambda(tmp_path):
    lab = lab_with(tmp_path, penalty="group_lasso", include_bias=True)
    assert lab.ask("watch", lane=0, layer="fc1", index=0)["strengths"] == [3e-3]


def test_the_fate_of_a_weight_is_noted_at_every_look(own):
    weight = own.experiment.lanes[1].net.fc1.weight
    expected = [float(weight.detach().flatten()[11])]
    own.ask("watch", lane=1, layer="fc1", index=11)
    for _ in range(3):
        own.experiment.advance()
        own.watches.look(own.experiment)
        expected.append(float(weight.detach().flatten()[11]))
    own.watches.look(own.experiment)
    told = own.ask("fate", lane=1, layer="fc1", index=11)
    assert told["steps"] == [3, 4, 5, 6]
    assert told["values"] == pytest.approx(expected, rel=1e-4)
    assert told["strengths"] == [1e-3] * 4
    assert all(gradient is not None for gradient in told["gradients"])
    own.ask("unwatch", lane=1, layer="fc1", index=11)
    with pytest.raises(QuestionError, match="Nobody has watched"):
        own.ask("fate", lane=1, layer="fc1", index=11)


def test_a_weight_nothing_acts_on_has_no_lambda(own):
    own.experiment.change(1, layers={"conv1"})
    assert own.ask("watch", lane=1, layer="fc1", index=0)["strengths"] == [0.0]
    assert own.ask("watch", lane=1, layer="conv1", index=0)["strengths"] == [1e-3]


def test_what_is_watched_is_bounded(own):
    for index in range(MOST_WATCHED + 3):
        own.ask("watch", lane=0, layer="fc2", index=index)
    assert len(own.watches.points) == MOST_WATCHED
    assert (0, "fc2", 0) not in own.watches.points
    for _ in range(3 * MOST_POINTS):
        own.experiment.step += 1
        own.watches.look(own.experiment)
    told = own.ask("fate", lane=0, layer="fc2", index=MOST_WATCHED)
    assert MOST_POINTS / 2 <= len(told["steps"]) <= MOST_POINTS
    assert told["steps"] == sorted(set(told["steps"]))
    assert (told["steps"][0], told["steps"][-1]) == (3, 3 + 3 * MOST_POINTS)


def test_rescaling_keeps_the_outputs_and_changes_the_penalty(lab):
    answer = lab.ask("rescale", lane=1, factor=100)
    assert answer["largest_difference"] <= 1e-4 * answer["largest_logit"]
    net = lab.net(1)
    size = {
        name: float(net.get_parameter(f"{name}.weight").detach().abs().sum()) for name in ("conv1", "conv2")
    }
    before, after = answer["before"], answer["after"]
    assert before["norms"]["conv1"] == pytest.approx(size["conv1"], rel=1e-3)
    assert after["norms"]["conv1"] == pytest.approx(size["conv1"] / 100, rel=1e-3)
    assert after["norms"]["conv2"] == pytest.approx(size["conv2"] * 100, rel=1e-3)
    moved = 1e-3 * (size["conv1"] * (1 / 100 - 1) + size["conv2"] * (100 - 1))
    assert after["penalty"] - before["penalty"] == pytest.approx(moved, rel=1e-3)


def test_with_conv1_alone_penalised_rescaling_games_the_penalty(own):
    own.experiment.change(1, layers={"conv1"})
    answer = own.ask("rescale", lane=1, factor=100)
    assert answer["after"]["penalty"] == pytest.approx(answer["before"]["penalty"] / 100, rel=1e-3)


@pytest.mark.parametrize("factor", [0, -1, 1e9, float("nan"), "2", True])
def test_a_factor_must_be_a_sensible_number(lab, factor):
    with pytest.raises(QuestionError, match="factor must be a number"):
        lab.ask("rescale", lane=1, factor=factor)
