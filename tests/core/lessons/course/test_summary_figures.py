"""The summary's curve ends at the zeros of the run."""

import pytest

from core.experiments import Trained
from core.lessons.course import summary_figures
from core.runs.examples.histories import example


def test_every_lane_is_a_curve_that_ends_at_its_zeros():
    history, *_ = example("sparsity").histories
    run = Trained(history.view.spec, history.points, [frame for frame in history.frames if frame])
    drawing = summary_figures.zeros(run)
    for lane, curve in enumerate(drawing.fig["data"]):
        assert curve["y"][-1] == pytest.approx(run.zero_percent(lane), abs=0.1)
        assert len(curve["x"]) == len(run.points[lane])
    assert f"λ = 3e-4: {run.zero_percent(2):.3g} %" in drawing.summary
