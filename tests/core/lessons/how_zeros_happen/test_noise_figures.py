"""Hovering, a falling rate and staying: what is drawn is what was computed."""

import pytest

from core.lessons.how_zeros_happen import noise_figures
from core.lessons.how_zeros_happen import two_weights as lesson


def test_what_hovers_stays_below_its_bound_and_adam_ignores_strength():
    for frame, momentum in zip(noise_figures.hovering().frames, lesson.MOMENTA, strict=True):
        bounds, measured = (trace["y"] for trace in frame["traces"])
        assert all(height <= bound for height, bound in zip(measured, bounds, strict=True))
        # ηλ/(1 − μ), by hand.
        by_hand = [lesson.HOVER_RATE * s / (1 - momentum) for s in lesson.HOVER_STRENGTHS]
        assert bounds == pytest.approx(by_hand, rel=1e-3)
    worked_out, adam = noise_figures.hovering().fig["data"]
    assert worked_out["y"] == pytest.approx(
        [lesson.HOVER_RATE * s / (2 - lesson.HOVER_RATE) for s in lesson.HOVER_STRENGTHS], rel=1e-3
    )
    # λ grows a hundredfold from the first to the last.
    assert max(adam["y"]) < 1.5 * min(adam["y"])


def test_a_falling_rate_is_drawn_above_the_floor_unless_exactly_zero():
    for frame in noise_figures.falling_rate().frames:
        textbook, proximal = (t["y"] for t in frame["traces"])
        assert min(textbook) > noise_figures.FLOOR
        assert ("from update" in frame["summary"]) == (noise_figures.FLOOR in proximal)


def test_staying_counts_the_updates_beyond_the_band():
    for frames in noise_figures.staying().frames.values():
        for frame in frames:
            beyond = sum(abs(y) > lesson.STAY_STRENGTH for y in frame["traces"][1]["y"])
            assert f"in {beyond} of {lesson.STAY_UPDATES}" in frame["summary"]
            assert ("The zero stays" in frame["summary"]) == (beyond == 0)
            assert max(map(abs, frame["traces"][0]["y"])) < 1.5
