"""What goes wrong with a lane, and how it is told."""

import math

import pytest
import torch

from core.snapshots import Snapshot
from core.spec import LaneSpec, RunSpec, strength_text
from core.training.alarms import PATIENCE
from core.training.lane import LOSS_WINDOW
from core.training.loop import Experiment, train
from core.training.methods import METHODS
from core.training.optimizers import OPTIMIZERS

CPU = torch.device("cpu")
PROX = LaneSpec(strength=1e-3, warmup=0.0)
SGD = LaneSpec(optimizer="sgd", learning_rate=0.05, strength=1e-3, warmup=0.0)


def started(*lanes, device=CPU):
    return Experiment(RunSpec(lanes=lanes), device)


def advanced(experiment, n_updates):
    return [event for _ in range(n_updates) for event in experiment.advance()]


def zeros(snapshot):
    return sum(layer.zeros for layer in snapshot.layers.values())


def overshoot(experiment, lane):
    """What a far too large update leaves behind: weights whose logits overflow."""
    with torch.no_grad():
        experiment.lanes[lane].net.fc2.weight.fill_(3e38)


@pytest.mark.parametrize("looks", [(), (20,), (20, 21), (20, 21, 22)])
def test_divergence_stops_one_lane_and_keeps_its_history(looks, device):
    experiment = started(PROX.without_penalty(), SGD.without_penalty(), device=device)
    advanced(experiment, 16)
    (kept, _), events = experiment.snapshot()
    for _ in range(16):
        if experiment.step == 20:
            overshoot(experiment, 0)
        events += experiment.advance()
        if experiment.step in looks:
            events += experiment.snapshot()[1]
    assert [(each.kind, each.lane, each.step) for each in events] == [("diverged", 0, 21)]
    assert "learning rate" in events[0].text
    (bad, good), events = experiment.snapshot(test=True)
    assert events == []
    assert bad.step == (20 if 20 in looks else 16)
    assert bad.layers.keys() == kept.layers.keys()
    assert good.step == 32
    assert all(math.isfinite(each.total) for each in (bad, good))
    assert not experiment.done


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
    experiment = started(PROX, SGD)
    advanced(experiment, 1)
    experiment.snapshot()
    overshoot(experiment, 0)
    overshoot(experiment, 1)
    kinds = [each.kind for each in advanced(experiment, LOSS_WINDOW)]
    assert kinds == ["diverged", "diverged"]
    assert experiment.diverged
    assert experiment.done
    assert [each.step for each in experiment.snapshot(test=True)[0]] == [1, 1]


def test_collapse_is_told_once_and_explained():
    experiment = started(LaneSpec().without_penalty(), PROX.changed(strength=1e-2))
    events = advanced(experiment, 64)
    assert [(each.kind, each.lane, each.step % LOSS_WINDOW) for each in events] == [("collapsed", 1, 0)]
    assert "warm-up" in events[0].text
    shown = experiment.snapshot()[0]
    assert zeros(shown[1]) >= 0.999 * 52_768
    assert shown[1].train_accuracy < 0.2
    assert zeros(shown[0]) == 0


def test_a_collapse_names_the_way_out():
    experiment = started(LaneSpec().without_penalty(), PROX.changed(strength=1e-2))
    (event,) = advanced(experiment, 64)
    assert "At λ = 1e-2 " in event.text
    assert all(way in event.text for way in ("smaller λ", "warm-up", "Reset"))


def test_a_collapse_during_warmup_names_the_strength_in_force():
    experiment = started(LaneSpec().without_penalty(), PROX.changed(strength=10.0, warmup=1.0))
    (event,) = advanced(experiment, 256)
    reached = strength_text(10.0 * event.step / experiment.total_steps)
    assert f"λ = {reached}, still warming up," in event.text
    assert "λ = 10" not in event.text


def test_a_learning_rate_that_ruins_both_lanes_is_blamed_and_not_the_strength():
    ruined = PROX.changed(learning_rate=1.0, strength=1e-2)
    experiment = started(ruined.without_penalty(), ruined)
    events = advanced(experiment, 400)
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
    experiment = started(PROX.changed(layers=["fc2"], strength=1.0))
    kinds = [each.kind for each in advanced(experiment, 32)]
    experiment.change(0, strength=0.0)
    kinds += [each.kind for each in advanced(experiment, 160)]
    assert kinds == ["collapsed", "recovered"]
