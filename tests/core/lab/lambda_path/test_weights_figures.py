"""How the weights of a λ path go to zero: places, scales and gaps by hand."""

import pytest

from core.lab.lambda_path import weights_figures
from tests.core.lab.lambda_path.record import RECORD, named


def test_strengths_stand_on_a_log_scale_and_zero_a_step_before():
    assert weights_figures.places([0.0, 1e-3, 1e-2, 1e-1]) == pytest.approx([-4.0, -3.0, -2.0, -1.0])


def test_several_layers_are_compared_with_themselves_at_zero():
    fig = weights_figures.norms(RECORD, {"conv1": (50.0, 40.0, 10.0, 0.0), "fc1": (400.0, 100.0, 4.0, 0.0)})
    assert named(fig, "conv1")["y"] == [100, 80, 20, 0]
    assert named(fig, "fc1")["y"] == [100, 25, 1, 0]


def test_one_layer_is_shown_as_it_is_and_what_is_far_above_is_written():
    fig = weights_figures.norms(RECORD, {"fc1": (1264.0, 150.0, 40.0, 0.0)})
    assert named(fig, "fc1")["y"] == [1264, 150, 40, 0]
    assert fig["layout"]["yaxis"]["range"] == pytest.approx([0.0, 168.0])
    assert [note["text"] for note in fig["layout"]["annotations"]] == ["↑ λ = 0: 1,264"]


def test_weights_are_lines_with_a_gap_between():
    trace = weights_figures.weights(RECORD, "fc1", [(1.0, 0.5, 0.0, 0.0), (-1.0, -1.0, -0.2, 0.0)])["data"][0]
    assert trace["y"] == [1, 0.5, 0, 0, None, -1, -1, -0.2, 0, None]
    assert trace["x"] == [-5, -4, -3, -2, None] * 2
