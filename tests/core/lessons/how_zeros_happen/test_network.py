"""What the page says of the real network's runs is what the runs hold; counts against torch."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from core.experiments import Experiment, Trained, Turn
from core.lessons.how_zeros_happen import network as lesson
from core.maths.models import seeded
from core.runs.examples.histories import example


def every(name: str) -> list[Trained]:
    return [Trained(h.view.spec, h.points, h.frames) for h in example(name).histories]


def fallen() -> list[int]:
    """The steps at which λ fell in the example."""
    return [
        next(event.step for event in history.events if event.kind == "change")
        for history in example("zeros_return").histories
    ]


def told(values: Sequence[float], digits: int) -> str:
    """Mean ± standard error, by numpy."""
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    return f"{np.mean(values):.{digits}f} ± {error:.{digits}f}"


@pytest.mark.parametrize("name", lesson.EXPERIMENTS)
def test_the_kept_results_are_of_these_settings(name):
    specs = tuple(history.view.spec for history in example(name).histories)
    assert specs == lesson.EXPERIMENTS[name].specs


def test_only_proximal_and_clipping_make_zeros():
    runs = every("zeros_by_method")
    sgd, adam, plain, momentum, killed = ([run.zero_percent(i) for run in runs] for i in range(5))
    assert {*sgd, *adam} == {0.0}
    assert min(*plain, *momentum, *killed) > 30.0
    verdict = lesson.methods_verdict(runs)
    right = told([run.valid_percent(3) for run in runs], 1)
    assert f"step has {told(plain, 1)} %, with momentum {told(momentum, 1)} %, and {right} %" in verdict
    assert f"Clip and kill: {told(killed, 1)} %." in verdict
    assert lesson.zero_share(runs[0], 3)[-1][1] == pytest.approx(momentum[0])


def test_all_step_equally_far_with_momentum_and_without():
    lanes = [spec.lanes for spec in lesson.EXPERIMENTS["zeros_by_batch"].specs]
    far = {round(lane.learning_rate / (1.0 - lane.momentum), 9) for pair in lanes for lane in pair}
    assert far == {0.3}
    assert {lane.momentum for pair in lanes for lane in pair} == {0.0, 0.9}


def test_batches_differ_in_size_not_in_updates():
    groups = lesson.by_batch(every("zeros_by_batch"))
    assert [[run.spec.batch_size for run in group] for group in groups] == [[n] * 3 for n in lesson.BATCHES]
    updates = [run.points[0][-1].step for group in groups for run in group]
    assert max(updates) < 1.05 * min(updates)
    verdict = lesson.batches_verdict(groups)
    for group in groups:
        without, momentum = ([run.zero_percent(lane) for run in group] for lane in (0, 1))
        said = f"{told(without, 0)} % without momentum, {told(momentum, 0)} % with"
        assert f"atches of {group[0].spec.batch_size} ({group[0].spec.epochs} epochs): {said}" in verdict
    # 24, 35 and 27 % without momentum: a larger batch has less noise, and fewer zeros at last.
    means = [[np.mean([run.zero_percent(lane) for run in group]) for group in groups] for lane in (0, 1)]
    assert means[0] != sorted(means[0])
    assert "Less noise did not make more zeros each time" in verdict
    # Of the shares as they stand beside it.
    gains = np.subtract(np.round(means[1]), np.round(means[0]))
    least, most = (f"{each:+.0f}".replace("-", "−") for each in (gains.min(), gains.max()))
    assert f"Momentum adds {least} to {most} points" in verdict


def test_weights_come_back_unless_killed_or_all_dead():
    runs, steps = every("zeros_return"), fallen()
    turn = lesson.EXPERIMENTS["zeros_return"].turn
    assert steps == [round(turn.share * run.points[0][-1].step) for run in runs]
    proximal, killed, dead = (lesson.returns(runs, lane, steps) for lane in range(3))
    for run, living, gone, none in zip(runs, proximal, killed, dead, strict=True):
        assert living.lowest < living.before - 10
        shares = [share for _, share in lesson.zero_share(run, 1)]
        assert shares == sorted(shares)
        assert gone.lowest >= gone.before
        assert none.before > 99.0
        # fc2 leaves zero now and then, and falls back: not one moment counts, but their mean.
        assert none.before - lesson.NOTABLE < none.mean
        assert run.valid_percent(2) < lesson.GUESSING
    assert min(each.lowest for each in dead) < 100.0 - lesson.NOTABLE
    verdict = lesson.return_verdict(runs, steps)
    before, lowest, end = (
        told([getattr(each, when) for each in proximal], 0) for when in ("before", "lowest", "end")
    )
    assert f"went from {before} to {lowest} % at the lowest and are {end} % now, weights came back" in verdict
    assert (verdict.count(", weights came back"), verdict.count("none came back")) == (1, 1)
    assert verdict.count("a few came back for a while") == 1


def test_before_the_fall_nothing_is_said_to_come_back():
    runs, steps = every("zeros_return"), fallen()
    assert "not fallen" in lesson.return_verdict(runs, [None] * 3)
    assert lesson.returned(runs[0], 0, None).lowest == lesson.returned(runs[0], 0, None).end
    # Where it has fallen in one run alone, that one is told.
    one = lesson.return_verdict(runs, [steps[0], None, None])
    assert one == lesson.return_verdict(runs[:1], steps[:1])
    assert "±" not in one


def test_seeds_that_do_not_agree_are_counted():
    def back(lowest: float, mean: float) -> lesson.Return:
        return lesson.Return(10, 80.0, lowest, mean, 80.0)

    back_for_good, never = back(40.0, 50.0), back(80.0, 80.0)
    assert lesson._who([back_for_good, never, back_for_good]) == "weights came back in 2 of 3 seeds"
    assert lesson._who([never, back(78.0, 79.0)]) == "a few came back for a while in 1 of 2 seeds"


def test_multiplications_are_those_of_the_forward_pass():
    runs = every("zeros_by_method")
    net, seen = seeded("textbook_cnn", size=8, channels=1, n_classes=10, seed=0), {}
    for name, layer in net.named_children():
        layer.register_forward_hook(
            lambda module, _, out, name=name: seen.update(
                {name: out[0].numel() // len(module.weight) * module.weight.numel()}
            )
        )
    net(torch.zeros(1, 1, 8, 8))
    counted = lesson.multiplications(runs, lesson.PROXIMAL)
    assert {each.layer: each.every for each in counted} == seen
    for each in counted:
        for run, needed in zip(runs, each.needed.values, strict=True):
            layer = run.layers(lesson.PROXIMAL)[each.layer]
            assert needed * layer.weights == each.every * (layer.weights - layer.zeros)
    # conv1 by hand: 32 kernels of 9 weights at 64 places.
    assert counted[0].every == 32 * 9 * 64


def test_an_experiment_may_turn():
    assert Experiment(lesson.EXPERIMENTS["zeros_return"].specs, Turn(0.5, 0.0)).turn.strength == 0.0
