"""L1 in a CNN: areas are weights, bars are the run's numbers, every position has its words."""

import re

import pytest

from core.figures import l1_in_a_cnn as figures
from core.figures import l1_in_a_cnn_runs as run_figures
from core.figures.parts import ROLES, roles_in
from core.lessons import l1_in_a_cnn as lesson
from core.lessons import l1_in_a_cnn_runs as results
from tests.core.lessons.test_l1_in_a_cnn_runs import kept

MOVING = {
    "to scale": figures.to_scale(["fc1"]),
    "rescaling": run_figures.rescaling(kept("zeros_by_target"), 0),
    "kernels": run_figures.kernels(kept("interpretability")),
}
STILL = {
    "possible": run_figures.by_target(None),
    "by target": run_figures.by_target(kept("zeros_by_target")),
    "batch norm": run_figures.batch_norm(kept("batch_norm_target")),
}


@pytest.mark.parametrize("name", [*MOVING, *STILL])
def test_words_numbers_roles_and_axes(name):
    drawing = MOVING.get(name) or STILL[name]
    assert set(roles_in([drawing.fig, list(drawing.frames)])) <= ROLES
    assert len({frame["label"] for frame in drawing.frames}) == len(drawing.frames)
    assert len({tuple(t["name"] for t in frame["traces"]) for frame in drawing.frames}) <= 1
    for record in drawing.frames or [{"summary": drawing.summary, "table": drawing.table}]:
        assert record["summary"]
        assert record["table"]
    axes = [value for key, value in drawing.fig["layout"].items() if re.match("[xy]axis", key)]
    assert all("title" in axis for axis in axes)


def test_areas_are_weights_and_do_not_overlap():
    for frame, size in zip(figures.to_scale([]).frames, figures.SIZES, strict=True):
        right = 0.0
        for square, layer in zip(frame["traces"], lesson.network(size), strict=True):
            assert square["width"] * square["y"][0] == pytest.approx(layer.weights, rel=1e-3)
            assert square["x"][0] - square["width"] / 2 > right
            right = square["x"][0] + square["width"] / 2
            assert f"{layer.weights:,}" in str(frame["layout"]["annotations"])
        assert "Nothing is penalised" in frame["summary"]


def test_chosen_layers_are_filled_and_their_share_is_said():
    frame = figures.to_scale(["fc1"]).frames[-1]
    filled = [t["name"] for t in frame["traces"] if t["marker"]["color"].endswith("/1")]
    assert filled == ["fc1"]
    assert "at most 95.3 %" in frame["summary"]


def test_bars_are_bounds_and_zeros():
    run = kept("zeros_by_target")
    bounds, zeros = (trace["x"] for trace in STILL["by target"].fig["data"])
    assert bounds == pytest.approx(lesson.predicted(), rel=1e-3)
    assert zeros == pytest.approx([run.zero_percent(i) for i in range(5)], rel=1e-3)


def test_hatches_are_the_zeros():
    run = kept("interpretability")
    for lane, frame in enumerate(MOVING["kernels"].frames):
        hatched = sum(cell != "" for row in frame["traces"][0]["text"] for cell in row)
        assert hatched == run.layers(lane)["conv1"]["zeros"]


def test_before_the_run_only_what_is_possible_is_drawn():
    (bars,) = STILL["possible"].fig["data"]
    assert bars["x"] == pytest.approx(lesson.predicted(), rel=1e-3)
    assert all("zeros (%)" not in row for row in STILL["possible"].table)


def test_norm_bars_say_sums_and_channels():
    run = kept("batch_norm_target")
    off, norms = STILL["batch norm"].fig["data"]
    assert off["text"] == [f"{results.channels_off(run, i)} of 96" for i in range(3)]
    found = [results.layer_norm(run, i, results.CONV) for i in range(3)]
    assert norms["x"] == pytest.approx([100 * each / max(found) for each in found], rel=1e-3)
    assert [float(text) for text in norms["text"]] == pytest.approx(found, rel=1e-2)


def test_rescaling_says_the_price_of_both_layers():
    first, *_, last = MOVING["rescaling"].frames
    conv1, conv2 = (trace["y"][0] for trace in first["traces"])
    assert "as trained" in first["summary"]
    assert f"{conv1 / 100 + 100 * conv2:.2g}"[:3] in last["summary"]
