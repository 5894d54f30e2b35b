"""What the page says of the real network's runs is what the runs hold; counts against torch."""

import pytest
import torch

from core.lessons import how_zeros_happen_runs as lesson
from core.lessons.experiments import Experiment, Trained, Turn
from core.runs.examples import example
from core.training.models import seeded


def kept(name: str) -> tuple[Trained, int | None]:
    history = example(name).histories[0]
    fell = next((event.step for event in history.events if event.kind == "change"), None)
    return Trained(history.view.spec, history.points, history.frames), fell


def every(name: str) -> list[Trained]:
    return [Trained(h.view.spec, h.points, h.frames) for h in example(name).histories]


@pytest.mark.parametrize("name", lesson.EXPERIMENTS)
def test_the_kept_results_are_of_these_settings(name):
    specs = tuple(history.view.spec for history in example(name).histories)
    assert specs == lesson.EXPERIMENTS[name].specs


def test_only_proximal_and_clipping_make_zeros_and_momentum_makes_more():
    run, _ = kept("zeros_by_method")
    sgd, adam, plain, momentum, killed = (run.zero_percent(lane) for lane in range(5))
    assert sgd == adam == 0.0
    assert 0.0 < plain < momentum
    assert killed > 0.0
    assert f"{momentum:.1f} %" in lesson.methods_verdict(run)
    assert lesson.zero_share(run, 3)[-1][1] == pytest.approx(momentum)


def test_batches_differ_in_size_not_in_updates_and_momentum_keeps_more_zeros():
    found = every("zeros_by_batch")
    assert [run.spec.batch_size for run in found] == list(lesson.BATCHES)
    updates = [run.points[0][-1]["step"] for run in found]
    assert max(updates) < 1.05 * min(updates)
    assert all(run.zero_percent(1) > 2 * run.zero_percent(0) for run in found)
    assert found[0].zero_percent(1) < found[1].zero_percent(1) < found[2].zero_percent(1)
    for run in found:
        said = f"{run.zero_percent(0):.0f} % without momentum, {run.zero_percent(1):.0f} % with"
        assert f"atches of {run.spec.batch_size}: {said}" in lesson.batches_verdict(found)


def test_weights_come_back_unless_killed_or_all_dead():
    run, fell = kept("zeros_return")
    turn = lesson.EXPERIMENTS["zeros_return"].turn
    last = run.points[0][-1]["step"]
    assert fell == round(turn.share * last)
    proximal, killed, dead = (lesson.returned(run, lane, fell) for lane in range(3))
    assert proximal.lowest < proximal.before - 10
    shares = [share for _, share in lesson.zero_share(run, 1)]
    assert shares == sorted(shares)
    assert killed.lowest >= killed.before
    assert dead.before > 99.0
    assert dead.end > 90.0
    assert run.test_percent(2) < lesson.GUESSING
    assert f"to {proximal.lowest:.0f} %" in lesson.return_verdict(run, fell)
    assert "not fallen" in lesson.return_verdict(run, None)
    assert lesson.returned(run, 0, None).lowest == lesson.returned(run, 0, None).end


def test_multiplications_are_those_of_the_forward_pass():
    run, _ = kept("zeros_by_method")
    net, seen = seeded("textbook_cnn", size=8, channels=1, n_classes=10, seed=0), {}
    for name, layer in net.named_children():
        layer.register_forward_hook(
            lambda module, _, out, name=name: seen.update(
                {name: out[0].numel() // len(module.weight) * module.weight.numel()}
            )
        )
    net(torch.zeros(1, 1, 8, 8))
    counted = lesson.multiplications(run, lesson.PROXIMAL)
    assert {each.layer: each.every for each in counted} == seen
    for each in counted:
        layer = run.layers(lesson.PROXIMAL)[each.layer]
        assert each.needed * layer["weights"] == each.every * (layer["weights"] - layer["zeros"])
    # conv1 by hand: 32 kernels of 9 weights at 64 places.
    assert counted[0].every == 32 * 9 * 64


def test_an_experiment_may_turn():
    assert Experiment(lesson.EXPERIMENTS["zeros_return"].specs, Turn(0.5, 0.0)).turn.strength == 0.0
