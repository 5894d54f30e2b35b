"""Slow motion: what is told of an update is what the trainer does."""

import pytest
import torch
from torch.nn import functional as F

from core.inspect.moment import QuestionError
from core.inspect.slow_motion import one_update
from core.maths.methods import METHODS
from core.maths.penalties import PENALTIES
from core.spec import LaneSpec
from tests.core.inspect.conftest import Lab


def weights(run, lane=0):
    return [each.detach().clone() for each in run.lanes[lane].net.parameters()]


def lab_with(folder, **fields):
    return Lab(folder, updates=4, lanes=(LaneSpec(**{"strength": 3e-3, "warmup": 0.0} | fields),))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_slow_motion_ends_where_the_real_update_does_and_moves_nothing(tmp_path, method, optimizer):
    lane = LaneSpec(method=method, optimizer=optimizer, strength=3e-3, warmup=0.0)
    model = "linear" if method == "fista" else "textbook_cnn"
    run = Lab(tmp_path, updates=4, model=model, lanes=(lane,)).run
    before = weights(run)
    made = one_update(run, 0, "fc1")
    assert all(torch.equal(a, b) for a, b in zip(before, weights(run), strict=True))
    run.advance()
    assert torch.equal(made.after, run.lanes[0].net.fc1.weight)
    assert not torch.equal(made.before, made.after)


def test_its_gradient_and_loss_are_those_of_the_next_batch(tmp_path):
    run = lab_with(tmp_path).run
    x, y = run.next_batch()
    net = run.lanes[0].net
    loss = F.cross_entropy(net(x), y)
    (gradient,) = torch.autograd.grad(loss, net.fc2.weight)
    made = one_update(run, 0, "fc2")
    assert made.loss == pytest.approx(float(loss.detach()))
    assert torch.allclose(made.gradient, gradient)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_shrink_is_the_proximal_map_of_what_the_step_gave(tmp_path, optimizer):
    made = one_update(lab_with(tmp_path, optimizer=optimizer, learning_rate=1e-3).run, 0, "fc1")
    shrunk = PENALTIES["l1"](alpha=0.5).prox(made.stepped, made.threshold)
    assert torch.equal(shrunk, made.after)
    landed = (made.before != 0) & (made.after == 0)
    assert landed.any()
    assert (made.stepped[landed].abs() <= made.threshold[landed]).all()
    assert not torch.equal(made.stepped, made.before)


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("biased", [False, True])
def test_the_shrink_is_told_for_every_penalty_and_with_biases(tmp_path, penalty, optimizer, biased):
    lab = lab_with(tmp_path, penalty=penalty, optimizer=optimizer, learning_rate=1e-3, include_bias=biased)
    made = one_update(lab.run, 0, "fc1")
    before = weights(lab.run)
    lab.run.advance()
    assert torch.equal(made.after, lab.run.lanes[0].net.fc1.weight)
    assert not any(torch.equal(a, b) for a, b in zip(before, weights(lab.run), strict=True))
    n = made.before.shape[1] + biased
    assert made.members == (n if "group" in penalty else 1)
    if penalty != "none":
        assert made.threshold.shape == made.after.shape
    if penalty == "l2":
        torch.testing.assert_close(made.after, made.stepped / (1.0 + made.threshold))
    if "group" not in penalty and penalty != "none":
        shrunk = PENALTIES[penalty](alpha=0.5).prox(made.stepped, made.threshold)
        torch.testing.assert_close(made.after, shrunk)
    if penalty == "group_lasso" and optimizer == "sgd":
        # All of a unit by one factor.
        unit = int(made.after.abs().sum(1).argmax())
        factors = made.after[unit] / made.stepped[unit]
        torch.testing.assert_close(factors, factors.mean().expand_as(factors))
        assert 0.0 < float(factors.mean()) < 1.0


def test_clip_and_kill_pushes_by_the_slope_before_the_step(tmp_path):
    run = lab_with(tmp_path, method="clip_and_kill", optimizer="sgd").run
    made, lane = one_update(run, 0, "fc1"), run.spec.lanes[0]
    assert lane.learning_rate == 1e-3
    torch.testing.assert_close(made.threshold, 3e-6 * made.before.sign().abs())
    alive = made.after != 0.0
    pushed = made.stepped - made.threshold * made.before.sign()
    torch.testing.assert_close(made.after[alive], pushed[alive])
    assert not torch.equal(made.stepped, made.after)


@pytest.mark.parametrize("unpenalised", [{"strength": 0.0}, {"layers": ["conv1"]}, {"penalty": "none"}])
def test_where_nothing_pulls_there_is_no_threshold(tmp_path, unpenalised):
    made = one_update(lab_with(tmp_path, **unpenalised).run, 0, "fc1")
    assert (made.threshold, made.strength) == (None, 0.0)
    assert torch.equal(made.stepped, made.after)


def test_without_a_shrink_of_its_own_the_step_is_all_there_is(tmp_path):
    made = one_update(lab_with(tmp_path, method="textbook").run, 0, "fc1")
    assert made.threshold is None
    assert torch.equal(made.stepped, made.after)


def test_the_answer_counts_and_chooses_what_lands_on_zero(tmp_path):
    lab = lab_with(tmp_path)
    answer = lab.ask("slow_motion", lane=0, layer="fc1")
    made = one_update(lab.run, 0, "fc1")
    landed = ((made.before != 0) & (made.after == 0)).sum()
    assert answer["landed"] == int(landed) > 0
    assert answer["zeros_before"] == int((made.before == 0).sum())
    assert answer["after"][0] == 0.0 != answer["before"][0]
    chosen = lab.ask("slow_motion", lane=0, layer="fc2", indices=[3, 1])
    expected = lab.run.lanes[0].net.fc2.weight.detach().flatten()[[3, 1]]
    assert chosen["before"] == pytest.approx(expected.tolist(), rel=1e-4)


def test_slow_motion_is_refused_when_no_update_will_come(tmp_path):
    lab = Lab(tmp_path, updates=4, epochs=1, train_size=256)
    assert lab.run.done
    with pytest.raises(QuestionError, match="trains or is paused"):
        lab.ask("slow_motion", lane=0, layer="fc1")
