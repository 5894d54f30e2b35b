"""The fate of a weight: what is noted is what the trainer has, and it tells why a zero stays."""

import pytest
import torch

from core.inspect.fate import MOST_POINTS, MOST_WATCHED, Tug, tug
from core.inspect.moment import QuestionError
from core.spec import LaneSpec, Move
from tests.core.inspect.conftest import Lab


def lab_with(folder, **fields):
    return Lab(folder, updates=4, lanes=(LaneSpec(**{"strength": 3e-3, "warmup": 0.0} | fields),))


RULES = [
    ("l1", "proximal", 1e-3),
    ("l1", "uniform_threshold", 0.3),
    ("elastic_net", "proximal", 1e-3),
    ("group_lasso", "proximal", 2e-2),
    ("sparse_group_lasso", "proximal", 1e-3),
    ("l1", "clip_and_kill", 3e-2),
]
"""Each with a λ that makes zeros soon."""


def judged(lane, strength, before):
    """For each zero of fc1 what pulls at it by the gradients as they are, weights as they were."""
    gradients = lane.method.pulling(lane.net.fc1.weight)
    return {
        (unit, place): tug(lane.spec, before[unit], gradients[unit], place, strength)
        for unit, place in (before == 0.0).nonzero().tolist()
    }


@pytest.mark.parametrize(("penalty", "method", "strength"), RULES)
@pytest.mark.parametrize(("optimizer", "momentum"), [("adam", 0.9), ("sgd", 0.9), ("sgd", 0.5)])
def test_the_rule_in_force_tells_which_zeros_stay(tmp_path, penalty, method, strength, optimizer, momentum):
    """Against the next updates: with the batch in the average it decides, without it it is a forecast."""
    rule = {"optimizer": optimizer, "momentum": momentum, "method": method, "penalty": penalty}
    rate = 1e-3 if optimizer == "adam" else 0.05
    lane_spec = LaneSpec(**rule, learning_rate=rate, strength=strength, warmup=0.0)
    run = Lab(tmp_path, updates=40, model="small_cnn", lanes=(lane_spec,)).run
    lane, weight = run.lanes[0], run.lanes[0].net.fc1.weight
    decided, forecast = [], []
    for _ in range(4):
        before, ended = weight.detach().clone(), lane.method.ended(weight)
        told = judged(lane, strength, before)
        run.advance()
        after = judged(lane, strength, before)
        for place in told:
            stayed = float(weight.detach()[place]) == 0.0
            if bool(ended[place]):
                assert stayed
                continue
            forecast.append((abs(told[place].data) <= told[place].limit) == stayed)
            if abs(abs(after[place].data) - after[place].limit) > 1e-3 * after[place].limit:
                decided.append((abs(after[place].data) <= after[place].limit) == stayed)
    if method == "clip_and_kill":
        assert int(ended.sum()) > 5
        assert decided == forecast == []
        return
    assert len(decided) > 100
    assert all(decided)
    assert sum(forecast) / len(forecast) > 0.9


def test_in_a_living_group_nothing_holds_a_zero():
    spec = LaneSpec(penalty="group_lasso")
    w, g = torch.tensor([0.0, 0.3]), torch.tensor([1e-4, 0.0])
    assert tug(spec, w, g, 0, 1e-3) == Tug(pytest.approx(1e-4), 0.0, "0")
    # All zero: the norm of (3, 4)·1e-4 against λ√2.
    ended = tug(spec, torch.zeros(2), torch.tensor([3e-4, 4e-4]), 0, 1e-3)
    assert (ended.data, ended.limit) == (pytest.approx(5e-4), pytest.approx(1e-3 * 2**0.5))
    # Not zero: λ√2 · w/‖w‖ = λ√2 · 0.6.
    living = tug(spec, torch.tensor([0.3, 0.4]), g, 0, 1e-3)
    assert (living.data, living.limit) == (pytest.approx(1e-4), pytest.approx(1e-3 * 2**0.5 * 0.6))


def test_clip_and_kill_holds_no_zero_that_it_has_not_killed():
    told = tug(LaneSpec(method="clip_and_kill"), torch.zeros(1), torch.tensor([4e-4]), 0, 1e-3)
    assert told == Tug(pytest.approx(4e-4), 0.0, "0")


def test_the_share_of_l1_decides_in_an_elastic_net():
    told = tug(LaneSpec(penalty="elastic_net", alpha=0.25), torch.zeros(1), torch.tensor([4e-4]), 0, 1e-3)
    assert (told.data, told.limit, told.rule) == (pytest.approx(4e-4), pytest.approx(2.5e-4), "λα")


def test_a_frozen_zero_has_ended(tmp_path):
    lab = Lab(tmp_path, updates=3, epochs=1, lanes=(LaneSpec(strength=3e-3, warmup=0.0, polish=0.5),))
    zero = int((lab.run.lanes[0].net.fc1.weight.detach().flatten() == 0.0).nonzero()[0])
    assert lab.ask("watch", lane=0, layer="fc1", index=zero)["ended"]


def test_plain_descent_has_no_average_and_says_so(tmp_path):
    lab = lab_with(tmp_path, optimizer="sgd", momentum=0.0)
    assert lab.ask("watch", lane=0, layer="fc1", index=0)["gradients"] == [None]


def test_fista_has_no_average_and_a_weight_of_it_can_be_watched(tmp_path):
    lane = LaneSpec(method="fista", strength=1e-3, warmup=0.0)
    told = Lab(tmp_path, updates=4, model="linear", lanes=(lane,)).ask("watch", lane=0, layer="fc1", index=0)
    assert (told["gradients"], told["strengths"]) == ([None], [1e-3])


def test_a_weight_in_a_group_with_its_bias_has_a_lambda(tmp_path):
    lab = lab_with(tmp_path, penalty="group_lasso", include_bias=True)
    fc1, method = lab.run.lanes[0].net.fc1, lab.run.lanes[0].method
    with torch.no_grad():
        fc1.weight.zero_()
        fc1.bias.zero_()
    pulled = int(method.averaged_gradient(fc1.weight).abs().argmax())
    told = lab.ask("watch", lane=0, layer="fc1", index=pulled)
    assert told["strengths"] == [3e-3]
    assert told["limits"] == [pytest.approx(3e-3 * (fc1.weight.shape[1] + 1) ** 0.5, rel=1e-3)]
    assert told["rule"] == "λ√n"


def test_the_fate_of_a_weight_is_noted_at_every_look(own):
    weight = own.run.lanes[1].net.fc1.weight
    expected = [float(weight.detach().flatten()[11])]
    own.ask("watch", lane=1, layer="fc1", index=11)
    for _ in range(3):
        own.run.advance()
        own.watches.look(own.run)
        expected.append(float(weight.detach().flatten()[11]))
    own.watches.look(own.run)
    told = own.ask("fate", lane=1, layer="fc1", index=11)
    assert told["steps"] == [3, 4, 5, 6]
    assert told["values"] == pytest.approx(expected, rel=1e-4)
    assert told["strengths"] == [1e-3] * 4
    assert all(gradient is not None for gradient in told["gradients"])
    own.ask("unwatch", lane=1, layer="fc1", index=11)
    with pytest.raises(QuestionError, match="was not noted"):
        own.ask("fate", lane=1, layer="fc1", index=11)


def test_a_weight_nothing_acts_on_has_no_lambda(own):
    own.run.change(1, Move(layers={"conv1"}))
    assert own.ask("watch", lane=1, layer="fc1", index=0)["strengths"] == [0.0]
    assert own.ask("watch", lane=1, layer="conv1", index=0)["strengths"] == [1e-3]


def test_what_is_watched_is_bounded(own):
    for index in range(MOST_WATCHED + 3):
        own.ask("watch", lane=0, layer="fc2", index=index)
    assert len(own.watches.points) == MOST_WATCHED
    assert (0, "fc2", 0) not in own.watches.points
    for _ in range(3 * MOST_POINTS):
        own.run.step += 1
        own.watches.look(own.run)
    told = own.ask("fate", lane=0, layer="fc2", index=MOST_WATCHED)
    assert MOST_POINTS / 2 <= len(told["steps"]) <= MOST_POINTS
    assert told["steps"] == sorted(set(told["steps"]))
    assert (told["steps"][0], told["steps"][-1]) == (3, 3 + 3 * MOST_POINTS)
