"""What goes wrong with a lane, and how it is told."""

import math

import pytest
import torch

from core.maths.methods import METHODS
from core.maths.optimizers import OPTIMIZERS
from core.snapshots import Snapshot
from core.spec import LaneSpec, Move, RunSpec, strength_text
from core.training.alarms import PATIENCE, changes
from core.training.lane import LOSS_WINDOW
from core.training.run import Run, train

CPU = torch.device("cpu")
PROX = LaneSpec(strength=1e-3, warmup=0.0)
SGD = LaneSpec(optimizer="sgd", learning_rate=0.05, strength=1e-3, warmup=0.0)


def started(*lanes, device=CPU):
    return Run(RunSpec(lanes=lanes), device)


def advanced(run, n_updates):
    return [event for _ in range(n_updates) for event in run.advance()]


def zeros(snapshot):
    return sum(layer.zeros for layer in snapshot.layers.values())


def overshoot(run, lane):
    """What a far too large update leaves behind: weights whose logits overflow."""
    with torch.no_grad():
        run.lanes[lane].net.fc2.weight.fill_(3e38)


@pytest.mark.parametrize("looks", [(), (20,), (20, 21), (20, 21, 22)])
def test_divergence_stops_one_lane_and_keeps_its_history(looks, device):
    run = started(PROX.without_penalty(), SGD.without_penalty(), device=device)
    advanced(run, 16)
    (kept, _), events = run.snapshot()
    for _ in range(16):
        if run.step == 20:
            overshoot(run, 0)
        events += run.advance()
        if run.step in looks:
            events += run.snapshot()[1]
    assert [(each.kind, each.lane, each.step) for each in events] == [("diverged", 0, 21)]
    assert "learning rate" in events[0].text
    (bad, good), events = run.snapshot(asked=True)
    assert events == []
    assert bad.step == (20 if 20 in looks else 16)
    assert bad.layers.keys() == kept.layers.keys()
    assert good.step == 32
    assert all(math.isfinite(each.total) for each in (bad, good))
    assert not run.done


def test_a_huge_learning_rate_never_makes_a_number_that_is_not_finite():
    lanes = [
        LaneSpec(
            method=method, optimizer=optimizer, learning_rate=1.0, momentum=0.999, strength=10.0, warmup=0.0
        )
        for method in METHODS
        if method != "fista"
        for optimizer in OPTIMIZERS
    ]
    for each in train(RunSpec(lanes=tuple(lanes), epochs=2), CPU, every=3):
        if isinstance(each, Snapshot):
            assert "null" not in each.model_dump_json(exclude_none=True)


def test_a_run_ends_when_all_lanes_diverged():
    run = started(PROX, SGD)
    advanced(run, 1)
    run.snapshot()
    overshoot(run, 0)
    overshoot(run, 1)
    kinds = [each.kind for each in advanced(run, LOSS_WINDOW)]
    assert kinds == ["diverged", "diverged"]
    assert run.diverged
    assert run.done
    assert [each.step for each in run.snapshot(asked=True)[0]] == [1, 1]


def test_collapse_is_told_once_and_explained():
    run = started(LaneSpec().without_penalty(), PROX.changed(strength=1e-2))
    events = advanced(run, 64)
    assert [(each.kind, each.lane, each.step % LOSS_WINDOW) for each in events] == [("collapsed", 1, 0)]
    assert "warm-up" in events[0].text
    shown = run.snapshot()[0]
    assert zeros(shown[1]) >= 0.999 * 52_768
    assert shown[1].score.train < 0.2
    assert zeros(shown[0]) == 0


def test_a_collapse_names_the_way_out():
    run = started(LaneSpec().without_penalty(), PROX.changed(strength=1e-2))
    (event,) = advanced(run, 64)
    assert "At λ = 1e-2 " in event.text
    assert all(way in event.text for way in ("smaller λ", "warm-up", "Reset"))


def test_a_collapse_during_warmup_names_the_strength_in_force():
    run = started(LaneSpec().without_penalty(), PROX.changed(strength=10.0, warmup=1.0))
    (event,) = advanced(run, 256)
    reached = strength_text(10.0 * event.step / run.total_steps)
    assert f"λ = {reached}, still warming up," in event.text
    assert "λ = 10" not in event.text


@pytest.mark.parametrize("beside", [(), (SGD.without_penalty(),)])
def test_without_a_network_at_zero_like_it_nobody_is_blamed_alone(beside):
    """η = 1 with μ = 0.99 ruins any network, whatever λ is; one with another rate beside it tells nothing."""
    ruined = SGD.changed(learning_rate=1.0, momentum=0.99)
    events = advanced(started(ruined, *beside), 400)
    (event,) = [each for each in events if each.kind == "collapsed"]
    assert "nobody can tell" in event.text
    assert all(way in event.text for way in ("smaller λ", "warm-up", "learning rate below 1"))


def test_a_learning_rate_that_ruins_both_lanes_is_blamed_and_not_the_strength():
    ruined = PROX.changed(learning_rate=1.0, strength=1e-2)
    run = started(ruined.without_penalty(), ruined)
    events = advanced(run, 400)
    (event,) = [each for each in events if each.kind == "collapsed"]
    assert event.lane == 1
    assert event.step >= PATIENCE
    assert "learning rate" in event.text
    assert "Reset" in event.text
    assert "λ was too large" not in event.text


def test_warmup_avoids_that_collapse():
    assert advanced(started(LaneSpec(strength=3e-3, warmup=0.1)), 160) == []


def test_a_collapsed_layer_recovers_when_its_strength_falls():
    # The layers before it keep their weights, so its gradient is not zero.
    run = started(PROX.changed(layers=["fc2"], strength=1.0))
    kinds = [each.kind for each in advanced(run, 32)]
    run.change(0, Move(strength=0.0))
    kinds += [each.kind for each in advanced(run, 160)]
    assert kinds == ["collapsed", "recovered"]


def test_a_change_of_layers_says_which_were_freed_and_which_penalised():
    both, one = LaneSpec(layers={"conv2", "fc1"}), LaneSpec(layers={"conv1", "fc1"})
    (event,) = changes("r", 1, 7, both, one)
    assert event.text == "conv2 freed; conv1 penalised"
    (event,) = changes("r", 1, 7, both, LaneSpec(layers=frozenset()))
    assert event.text == "conv2, fc1 freed"
    (event,) = changes("r", 1, 7, one, one.changed(strength=3e-3))
    assert event.text == "λ 1e-4 → 3e-3"
