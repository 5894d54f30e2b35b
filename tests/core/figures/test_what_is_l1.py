"""What is L1?: the pictures say and show the numbers of core.lessons, at every position of their sliders."""

import re

import numpy as np
import pytest

from core.figures import least_squares as squares
from core.figures import what_is_l1 as figures
from core.figures.parts import ROLES, roles_in
from core.lessons import what_is_l1 as lesson
from core.lessons.least_squares import mean_squared_error, penalty_pull, solution

ONE, TWO = mean_squared_error(0), mean_squared_error(0, 1)
YOURS = lesson.bill("cross_entropy", (1.2, 0.6, 0.5, -0.4), 0.1)
BEST = lesson.best("cross_entropy", 0.1)


def trace(frame, name: str):
    return next(t for t in frame["traces"] if t["name"] == name)


DRAWINGS = {
    "bill": figures.bill(YOURS, BEST),
    "price": figures.price(),
    "shrinkage": figures.shrinkage(),
    "one weight": squares.one_weight(ONE),
    "two weights": squares.two_weights(TWO),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_position_has_its_words_and_the_same_traces(name):
    drawing = DRAWINGS[name]
    series = drawing.frames if isinstance(drawing.frames, dict) else {"": drawing.frames}
    assert set(roles_in([drawing.fig, *series.values()])) <= ROLES
    for frames in series.values():
        assert len({frame["label"] for frame in frames}) == len(frames)
        assert len({tuple(t["name"] for t in frame["traces"]) for frame in frames}) <= 1
        assert all(frame["summary"] and frame["table"] for frame in frames)
    axes = [value for key, value in drawing.fig["layout"].items() if re.match("[xy]axis", key)]
    assert all("title" in axis for axis in axes)


def test_the_bill_draws_what_is_paid_and_names_the_bad_bargain():
    drawing = figures.bill(YOURS, BEST)
    for row, account in enumerate((YOURS, BEST)):
        assert sum(t["x"][row] for t in drawing.fig["data"]) == pytest.approx(account.total, abs=1e-3)
    found = lesson.worst_bargain(YOURS)
    assert drawing.summary.startswith(f"{figures.weight_name(found.index)} is not worth its price")
    assert f"{BEST.total:.3f}, with w₃ = w₄ = 0" in drawing.summary
    assert drawing.fig["layout"]["xaxis"]["range"][1] >= YOURS.total
    assert figures.bill(BEST, BEST).summary.startswith("Each of your weights")
    harm = figures.bill(lesson.bill("mse", (1.2, 0.4, -2.0, 0.0), 0.1), BEST)
    assert harm.summary.startswith("w₃ does harm")


def test_slopes_are_those_of_the_penalties():
    for frame in figures.price().frames:
        value, half_square, slope, l2 = (t["y"][0] for t in frame["traces"])
        w = frame["traces"][0]["x"][0]
        assert (value, half_square, slope, l2) == pytest.approx((abs(w), w * w / 2, np.sign(w), w), abs=1e-3)
    words = {frame["label"]: frame["summary"] for frame in figures.price().frames}
    assert words["w = 0.25"].endswith("L1 pushes 4 times as hard as L2.")
    assert words["w = −1.00"].endswith("L1 pushes as hard as L2.")
    assert words["w = 1.50"].endswith("L1 pushes less hard than L2.")
    assert "kink" in words["w = 0.00"]


def test_shrinkage_counts_its_zeros():
    for frame in figures.shrinkage().frames:
        zeros = trace(frame, "nine weights after L1")["y"].count(0.0)
        assert f"sets {zeros} of these 9" in frame["summary"]
        assert trace(frame, "nine weights after L2")["y"].count(0.0) == 0


@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_one_weight_marks_the_lowest_point_of_the_curve(penalty):
    for frame, strength in zip(
        squares.one_weight(ONE).frames[squares.NAMES[penalty]], squares.STRENGTHS, strict=True
    ):
        minimum, total = trace(frame, "minimum of the total"), trace(frame, "total")
        assert minimum["y"][0] <= min(total["y"]) + 1e-3
        assert minimum["x"][0] == pytest.approx(solution(ONE, penalty, strength)[0], abs=1e-3)
        at_zero = minimum["x"][0] == 0.0
        assert at_zero == (penalty == "l1" and strength > ONE.pull[0])
        assert ("exactly at w₁ = 0" in frame["summary"]) == at_zero


@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_two_weights_balance_and_only_the_diamond_sticks_to_an_axis(penalty):
    frames = squares.two_weights(TWO).frames[squares.SHAPES[penalty]]
    for frame, strength in zip(frames, squares.STRENGTHS, strict=True):
        w = solution(TWO, penalty, strength)
        (x, y), pull = (trace(frame, "solution")[axis] for axis in "xy"), penalty_pull(TWO, penalty, strength)
        np.testing.assert_allclose([*x, *y], w, atol=1e-3)
        ends = [
            (t["x"][1] - t["x"][0], t["y"][1] - t["y"][0]) for t in frame["traces"] if "pull" in t["name"]
        ]
        np.testing.assert_allclose(ends[0], -squares.ARROW * pull, atol=2e-3)
        np.testing.assert_allclose(np.add(*ends), 0, atol=2e-3)
        assert ("exactly 0" in frame["summary"]) == (penalty == "l1" and bool((w == 0).any()))
    assert any("w₂ sticks at exactly 0" in frame["summary"] for frame in frames) == (penalty == "l1")


def test_the_drawn_shapes_go_through_the_solution():
    for penalty, name in squares.SHAPES.items():
        frame = squares.two_weights(TWO).frames[name][20]
        w, shape = solution(TWO, penalty, squares.STRENGTHS[20]), trace(frame, "same penalty")
        corners = np.stack([shape["x"], shape["y"]])
        size = np.abs(corners).sum(0) if penalty == "l1" else np.hypot(*corners)
        np.testing.assert_allclose(size, np.abs(w).sum() if penalty == "l1" else np.hypot(*w), atol=2e-3)
