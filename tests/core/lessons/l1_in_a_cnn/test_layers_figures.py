"""L1 in a CNN: areas are weights, bars are the run's numbers, every position has its words."""

import re

import pytest

from core.figures.traces import ROLES, roles_in
from core.lessons.l1_in_a_cnn import layers as lesson
from core.lessons.l1_in_a_cnn import layers_figures as figures
from core.lessons.l1_in_a_cnn import results_figures
from tests.core.lessons.l1_in_a_cnn.test_results import kept

MOVING = {
    "to scale": figures.to_scale(["fc1"]),
    "rescaling": results_figures.rescaling(kept("zeros_by_target")[0], 0),
    "kernels": results_figures.kernels(kept("interpretability")[0]),
}
STILL = {
    "possible": results_figures.by_target([]),
    "by target": results_figures.by_target(kept("zeros_by_target")),
    "batch norm": results_figures.batch_norm(kept("batch_norm_target")),
}


@pytest.mark.parametrize("name", [*MOVING, *STILL])
def test_words_numbers_roles_and_axes(name):
    drawing = MOVING.get(name) or STILL[name]
    assert set(roles_in([drawing.fig, list(drawing.frames)])) <= ROLES
    assert len({frame["at"]["label"] for frame in drawing.frames}) == len(drawing.frames)
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
