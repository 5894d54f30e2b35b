"""How zeros happen: every position of every slider draws and says the numbers of core.lessons."""

import re

import numpy as np
import pytest

from core.figures import how_zeros_happen as figures
from core.figures import how_zeros_happen_runs as run_figures
from core.figures import how_zeros_noise as noise
from core.figures.parts import ROLES, roles_in
from core.lessons import how_zeros_happen as lesson
from core.lessons import how_zeros_happen_runs as runs
from tests.core.lessons.test_how_zeros_happen_runs import every, kept

MOVING = {
    "four methods": figures.four_methods(),
    "lowered": figures.lowered(),
    "hovering": noise.hovering(),
    "falling rate": noise.falling_rate(),
    "staying": noise.staying(),
}


@pytest.mark.parametrize("name", MOVING)
def test_every_position_has_its_words_and_the_same_traces(name):
    drawing = MOVING[name]
    series = drawing.frames if isinstance(drawing.frames, dict) else {"": drawing.frames}
    assert set(roles_in([drawing.fig, *series.values()])) <= ROLES
    for frames in series.values():
        assert len({frame["label"] for frame in frames}) == len(frames)
        assert len({tuple(t["name"] for t in frame["traces"]) for frame in frames}) == 1
        assert all(frame["summary"] and frame["table"] for frame in frames)
    axes = [value for key, value in drawing.fig["layout"].items() if re.match("[xy]axis", key)]
    assert all("title" in axis for axis in axes)


def test_four_panels_draw_the_paths_and_count_their_zeros():
    for frame, strength in zip(figures.four_methods().frames, figures.STRENGTHS, strict=True):
        weights = [t for t in frame["traces"] if t["name"].startswith("w")]
        for i, method in enumerate(figures.NAMES):
            path = lesson.steady_path(method, strength)
            drawn = np.transpose([weights[2 * i]["y"], weights[2 * i + 1]["y"]])
            np.testing.assert_allclose(drawn, path, atol=1e-3)
            zeros = int((path[-1] == 0).sum())
            assert frame["table"][i]["exact zeros"] == zeros
            assert figures.NAMES[method] in frame["layout"]["annotations"][i]["text"]
        right, proximal = frame["table"][4]["exact zeros"], frame["table"][2]["exact zeros"]
        assert right == proximal == int((lesson.best(strength) == 0).sum())
    killed = [f for f in figures.four_methods().frames if "also killed" in f["summary"]]
    assert killed
    assert all(f["table"][3]["exact zeros"] > f["table"][4]["exact zeros"] for f in killed)


def test_lowered_names_who_comes_back():
    for frame, later in zip(figures.lowered().frames, figures.LATER, strict=True):
        back = lesson.lowered_path("proximal", figures.LATER[0], later)[-1][1] != 0.0
        assert ("w₂ left zero again" in frame["summary"]) == back == (later < lesson.PULLS[1])


def test_a_falling_rate_is_drawn_above_the_floor_unless_exactly_zero():
    for frame in noise.falling_rate().frames:
        textbook, proximal = (t["y"] for t in frame["traces"])
        assert min(textbook) > noise.FLOOR
        assert ("from update" in frame["summary"]) == (noise.FLOOR in proximal)


def test_staying_counts_the_updates_beyond_the_band():
    for frames in noise.staying().frames.values():
        for frame in frames:
            beyond = sum(abs(y) > lesson.STAY_STRENGTH for y in frame["traces"][1]["y"])
            assert f"in {beyond} of {lesson.STAY_UPDATES}" in frame["summary"]
            assert ("The zero stays" in frame["summary"]) == (beyond == 0)
            assert max(map(abs, frame["traces"][0]["y"])) < 1.5


def test_the_networks_curves_and_bars_hold_the_runs_numbers():
    run, _ = kept("zeros_by_method")
    drawing = run_figures.zeros_by_method(run)
    for i, trace in enumerate(drawing.fig["data"]):
        assert trace["name"] == runs.METHOD_LANES[i]
        assert trace["y"][-1] == pytest.approx(run.zero_percent(i), abs=0.05)
    run, fell = kept("zeros_return")
    assert run_figures.zeros_return(run, fell).fig["layout"]["shapes"][0]["x0"] == fell
    assert "shapes" not in run_figures.zeros_return(run, None).fig["layout"]
    counted = runs.multiplications(run, 0)
    bars = run_figures.multiplications(counted)
    every, needed = (sum(t["x"]) for t in bars.fig["data"])
    assert needed < every
    assert f"{sum(c.needed for c in counted):,}" in bars.summary
    assert set(roles_in([drawing.fig, bars.fig])) <= ROLES


def test_batches_are_drawn_the_smallest_on_top():
    found = every("zeros_by_batch")
    drawing = run_figures.zeros_by_batch(found)
    assert set(roles_in(drawing.fig)) <= ROLES
    for trace, lane in zip(drawing.fig["data"], (1, 0), strict=True):
        assert trace["y"][-1] == "16 images"
        assert trace["x"][::-1] == pytest.approx([run.zero_percent(lane) for run in found], rel=1e-3)
    assert len(drawing.table) == 6
