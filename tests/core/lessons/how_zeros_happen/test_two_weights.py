"""Two weights, four methods: against closed forms, torch, and what the run's own methods do."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from core.lessons.how_zeros_happen import two_weights as lesson
from core.maths.method import Pull
from core.maths.methods import METHODS
from core.maths.penalties import PENALTIES
from core.spec import LaneSpec

SPECS = {
    "textbook_sgd": ("textbook", "sgd"),
    "textbook_adam": ("textbook", "adam"),
    "proximal": ("proximal", "sgd"),
    "clip_and_kill": ("clip_and_kill", "sgd"),
}


def walked_by_the_trainer(name, strength: float, momentum: float, updates: int) -> np.ndarray:
    """The same two weights by core.maths, in float64."""
    method, optimizer = SPECS[name]
    spec = LaneSpec(method=method, optimizer=optimizer, learning_rate=lesson.RATES[name], momentum=momentum)
    w = nn.Parameter(torch.tensor(lesson.STARTS, dtype=torch.float64))
    pulls = torch.tensor(lesson.PULLS, dtype=torch.float64)
    trainer, penalty, rows = (
        METHODS[method]([w], spec),
        PENALTIES["l1"](alpha=0.5),
        [w.detach().numpy().copy()],
    )
    for _ in range(updates):
        trainer.update(((w - pulls) ** 2).sum() / 2, Pull(penalty, [w], [strength]))
        rows.append(w.detach().numpy().copy())
    return np.stack(rows)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("strength", [0.0, 0.2, 0.6])
@pytest.mark.parametrize("method", lesson.RULES)
def test_every_method_is_the_trainers(method, strength, momentum):
    n = 40
    ours = lesson.path(method, [strength] * n, [lesson.RATES[method]] * n, momentum=momentum)
    np.testing.assert_allclose(ours, walked_by_the_trainer(method, strength, momentum, n), atol=1e-9)


@pytest.mark.parametrize("strength", np.arange(0.0, 0.62, 0.04).round(2))
def test_the_proximal_step_ends_at_the_lowest_total(strength):
    grid = np.linspace(-1, 1, 20_001)
    for pull, found, end in zip(
        lesson.PULLS, lesson.best(strength), lesson.steady_path("proximal", strength)[-1], strict=True
    ):
        total = (grid - pull) ** 2 / 2 + strength * np.abs(grid)
        assert found == pytest.approx(grid[np.argmin(total)], abs=1e-4)
        assert end == pytest.approx(found, abs=1e-6)
        assert (end == 0.0) == (found == 0.0)


@pytest.mark.parametrize("strength", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("method", ["textbook_sgd", "textbook_adam"])
def test_the_textbook_makes_no_zero(method, strength):
    assert not (lesson.steady_path(method, strength)[-40:] == 0.0).any()


def test_hover_height_is_the_closed_form_and_proportional_to_strength():
    for strength, found in zip(lesson.HOVER_STRENGTHS, lesson.hover("textbook_sgd"), strict=True):
        assert found == pytest.approx(lesson.hover_height(strength, lesson.HOVER_RATE), rel=1e-6)
        assert lesson.hover_height(strength, lesson.HOVER_RATE) == pytest.approx(0.02 * strength / 1.98)


@pytest.mark.parametrize("momentum", lesson.MOMENTA)
def test_hovering_stays_below_the_longest_step_and_never_lands(momentum):
    found = np.array(lesson.hover("textbook_sgd", momentum))
    bounds = [lesson.hover_bound(s, lesson.HOVER_RATE, momentum) for s in lesson.HOVER_STRENGTHS]
    assert (found > 0.0).all()
    assert (found < bounds).all()
    slope = np.polyfit(np.log(lesson.HOVER_STRENGTHS), np.log(found), 1)[0]
    assert slope == pytest.approx(1.0, abs=0.1)


def test_adam_hovers_at_a_tenth_of_its_rate_whatever_the_strength():
    found = np.array(lesson.hover("textbook_adam")) / lesson.HOVER_RATE
    assert ((found > 0.05) & (found < 0.2)).all()
    assert abs(np.polyfit(np.log(lesson.HOVER_STRENGTHS), np.log(found), 1)[0]) < 0.1
    assert set(lesson.hover("proximal", 0.9)) == {0.0}
    assert set(lesson.hover("clip_and_kill")) == {0.0}


def test_what_was_killed_stays_and_what_is_proximal_comes_back():
    killed = lesson.lowered_path("clip_and_kill", 0.4, 0.0)[-1]
    # w₁ was carried across zero by the data, not by λ.
    assert (killed == 0.0).tolist() == [False, True]
    half = lesson.lowered_path("proximal", 0.4, 0.0)[lesson.N_UPDATES // 2]
    assert half[1] == 0.0
    np.testing.assert_allclose(lesson.lowered_path("proximal", 0.4, 0.0)[-1], lesson.PULLS, atol=1e-3)
    assert lesson.lowered_path("proximal", 0.4, 0.06)[-1][1] == 0.0


def test_a_falling_rate_makes_no_zeros_and_a_fast_one_prevents_them():
    for half_life in (2.0, 5.0, 20.0, math.inf):
        assert not (lesson.decayed("textbook_sgd", half_life) == 0.0).any()
    # 0.25 · Σ ½^(t/2) = 0.85 is all the way there is; w₂ goes a share of it: it needs more.
    assert lesson.decayed("proximal", 2.0)[-1] > 0.1
    assert lesson.decayed("proximal", 20.0)[-1] == 0.0


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("size", lesson.BATCH_SIZES)
def test_the_share_of_leaving_is_that_of_many_draws(size, momentum):
    average = lesson.averaged(lesson.batch_gradients(size, 200_000), momentum)
    share = float((np.abs(average) > lesson.STAY_STRENGTH).mean())
    assert share == pytest.approx(lesson.leaving_share(size, momentum), abs=0.01)


def test_a_zero_leaves_exactly_when_the_averaged_gradient_is_larger_than_strength():
    rate, momentum = 0.1, 0.9
    for gradient in (-0.25, -0.19, 0.1, 0.21):
        rule = lesson.RULES["proximal"](momentum)
        for _ in range(400):
            # Held at zero, as the picture does.
            w = rule(np.zeros(1), np.array([gradient]), np.array(lesson.STAY_STRENGTH), rate)
        assert (w[0] != 0.0) == (abs(gradient) > lesson.STAY_STRENGTH)
