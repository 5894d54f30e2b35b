"""One weight and two: minima, pulls and shapes are drawn where the solution is."""

import numpy as np
import pytest

from core.lessons.what_is_l1 import least_squares_figures as figures
from core.lessons.what_is_l1.least_squares import penalty_pull, solution
from tests.core.lessons.what_is_l1.test_four_weights_figures import ONE, TWO, trace


@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_one_weight_marks_the_lowest_point_of_the_curve(penalty):
    for frame, strength in zip(
        figures.one_weight(ONE).frames[figures.NAMES[penalty]],
        figures.STRENGTHS,
        strict=True,
    ):
        minimum, total = trace(frame, "minimum of the total"), trace(frame, "total")
        assert minimum["y"][0] <= min(total["y"]) + 1e-3
        assert minimum["x"][0] == pytest.approx(solution(ONE, penalty, strength)[0], abs=1e-3)
        at_zero = minimum["x"][0] == 0.0
        assert at_zero == (penalty == "l1" and strength > ONE.pull[0])
        assert ("exactly at w₁ = 0" in frame["summary"]) == at_zero


@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_two_weights_balance_and_only_the_diamond_sticks_to_an_axis(penalty):
    frames = figures.two_weights(TWO).frames[figures.SHAPES[penalty]]
    for frame, strength in zip(frames, figures.STRENGTHS, strict=True):
        w = solution(TWO, penalty, strength)
        (x, y), pull = (trace(frame, "solution")[axis] for axis in "xy"), penalty_pull(TWO, penalty, strength)
        np.testing.assert_allclose([*x, *y], w, atol=1e-3)
        ends = [
            (t["x"][1] - t["x"][0], t["y"][1] - t["y"][0]) for t in frame["traces"] if "pull" in t["name"]
        ]
        np.testing.assert_allclose(ends[0], -figures.ARROW * pull, atol=2e-3)
        np.testing.assert_allclose(np.add(*ends), 0, atol=2e-3)
        assert ("exactly 0" in frame["summary"]) == (penalty == "l1" and bool((w == 0).any()))
    assert any("w₂ sticks at exactly 0" in frame["summary"] for frame in frames) == (penalty == "l1")


def test_the_drawn_shapes_go_through_the_solution():
    for penalty, name in figures.SHAPES.items():
        frame = figures.two_weights(TWO).frames[name][20]
        w, shape = solution(TWO, penalty, figures.STRENGTHS[20]), trace(frame, "same penalty")
        corners = np.stack([shape["x"], shape["y"]])
        size = np.abs(corners).sum(0) if penalty == "l1" else np.hypot(*corners)
        np.testing.assert_allclose(size, np.abs(w).sum() if penalty == "l1" else np.hypot(*w), atol=2e-3)


def turns(x, y, layout):
    """By how many degrees a line turns at each of its points, on axes drawn as long as each other."""
    (left, right), (low, high) = (layout[name]["range"] for name in ("xaxis", "yaxis"))
    ahead = np.unwrap(np.arctan2(np.diff(y) / (high - low), np.diff(x) / (right - left)))
    return np.abs(np.degrees(np.diff(ahead)))


def test_no_curve_has_a_corner_but_where_a_weight_is_zero():
    drawn = figures.one_weight(ONE)
    for name, frames in drawn.frames.items():
        for each in [*drawn.fig["data"], *frames[20]["traces"]]:
            if each["mode"] == "lines" and each["line"].get("shape") != "spline":
                bends = turns(each["x"], each["y"], drawn.fig["layout"])
                kinks = np.array(each["x"][1:-1]) == 0.0
                assert kinks.any()
                assert each["line"]["simplify"] is False
                assert bends[~kinks].max() < 3.5, f"{name}, {each['name']}"
    frames = figures.two_weights(TWO).frames
    for penalty, shape in (("l1", "linear"), ("l2", "spline")):
        frame = frames[figures.SHAPES[penalty]][20]
        assert trace(frame, "same penalty")["line"]["shape"] == shape
        assert trace(frame, "data loss")["line"]["shape"] == "spline"
