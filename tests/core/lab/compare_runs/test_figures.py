"""Charts of compared runs: what is drawn is what was measured, light enough to send."""

import gzip
import json

import numpy as np

from core.figures.traces import ROLES, roles_in
from core.lab.compare_runs.curves import MOST_POINTS, Compared, Curve
from core.lab.compare_runs.figures import MOST_DOTS, STROKES, over_steps, two_histograms
from core.runs.store.shelf import MOST_PINNED
from core.snapshots import Frame
from core.spec import RunSpec
from tests.core.runs import made

STEPS = np.array([0.0, 10.0, 20.0])


def frame(limit: float, zeros: int, *layers: str) -> Frame:
    found = made.layer(weights=100, zeros=zeros, limit=limit, counts=(zeros, 100 - 2 * zeros))
    return made.frame(dict.fromkeys(layers, found))


def test_six_strokes_that_differ_in_hue():
    assert len({hue for hue, _ in STROKES}) == len(STROKES) == MOST_PINNED
    assert {hue for hue, _ in STROKES} <= ROLES


def test_curves_are_drawn_and_told_with_their_last_value():
    drawing = over_steps([Curve("a", 0, STEPS, STEPS / 2), Curve("b", 3, STEPS, STEPS)], "zeros")
    a, b = drawing.fig["data"]
    assert (a["x"], a["y"], a["line"]["color"]) == ([0, 10, 20], [0, 5, 10], "role:data_loss")
    assert (b["line"]["color"], b["line"]["dash"]) == ("role:fc2", "dash")
    assert (
        drawing.summary
        == "Weights exactly zero, each at its own last step: a: 10 % at step 20; b: 20 % at step 20."
    )
    assert drawing.table[0] == {"run": "a", "last step": 20, "Weights exactly zero (%)": 10.0}
    assert drawing.fig["layout"]["yaxis"]["title"]["text"] == "Weights exactly zero (%)"


def test_a_band_goes_there_along_the_smallest_and_back_along_the_largest():
    drawing = over_steps([Curve("a", 0, STEPS, STEPS, STEPS - 1, STEPS + 1, 3)], "loss")
    band, mean = drawing.fig["data"]
    assert band["x"] == [0, 10, 20, 20, 10, 0]
    assert band["y"] == [-1, 9, 19, 21, 11, 1]
    assert band["showlegend"] is False
    assert band["legendgroup"] == mean["legendgroup"]
    assert (drawing.table[0]["smallest"], drawing.table[0]["largest"]) == (19.0, 21.0)


def test_a_difference_says_from_what_and_in_points():
    drawing = over_steps([Curve("b", 1, STEPS, STEPS)], "accuracy", baseline="a")
    assert (
        drawing.summary
        == "Validation accuracy minus that of a, each at its own last step: b: 20 points at step 20."
    )
    assert drawing.fig["layout"]["yaxis"]["title"]["text"] == "Validation accuracy: difference (points)"


def test_nothing_yet_is_empty_axes_with_a_sentence():
    drawing = over_steps([], "loss")
    assert drawing.fig["data"] == []
    assert drawing.summary == "Data loss: no numbers yet."


def test_histograms_stand_over_each_other_layer_by_layer():
    left = Compared("a", 0, RunSpec(), 1, (), frame(0.01, 10, "conv1", "fc1"))
    right = Compared("b", 1, RunSpec(), 1, (), frame(0.02, 20, "fc1", "fc2"))
    drawing = two_histograms(left, right)
    (only,) = drawing.frames
    assert only["at"]["label"] == "fc1"
    a, b = only["traces"]
    assert (a["x"], a["y"]) == ([-0.01, 0, 0.01], [10, 80, 80])
    assert (b["x"], b["y"]) == ([-0.02, 0, 0.02], [10, 30, 30])
    assert "a: 10 % (10 % selected); b: 20 % (20 % selected)" in only["summary"]
    assert only["table"][1] == {
        "run": "b",
        "weights": 100,
        "exactly zero (%)": 20.0,
        "of all weights": "20 % selected",
    }


def test_runs_without_a_common_layer_are_told_so():
    left = Compared("a", 0, RunSpec(), 1, (), frame(0.01, 10, "conv1"))
    right = Compared("b", 1, RunSpec(), 1, (), frame(0.01, 10, "linear"))
    assert "no layer in common" in two_histograms(left, right).summary


def test_the_heaviest_figure_is_under_100_kb_gzipped():
    rng = np.random.default_rng(0)
    steps = np.arange(MOST_POINTS) * 7.0
    noise = rng.normal(size=(MOST_PINNED, 3, MOST_POINTS))
    drawn = [Curve(f"run {i}", i, steps, *noise[i], 3) for i in range(MOST_PINNED)]
    drawing = over_steps(drawn, "loss")
    assert len(gzip.compress(json.dumps(drawing.fig).encode())) < 100_000
    assert set(roles_in(drawing.fig)) <= ROLES


def test_few_measurements_of_a_test_are_dotted():
    modes = {
        (metric, n): over_steps([Curve("a", 0, np.arange(n), np.arange(n))], metric).fig["data"][0]["mode"]
        for metric in ("loss", "accuracy", "error", "zeros")
        for n in (MOST_DOTS, MOST_DOTS + 1)
    }
    dotted = {which for which, mode in modes.items() if mode == "lines+markers"}
    assert dotted == {("accuracy", MOST_DOTS), ("error", MOST_DOTS)}


def test_runs_without_numbers_are_said_to_have_none():
    left, right = (Compared(label, slot, RunSpec(), 1, [], None) for slot, label in enumerate("ab"))
    assert two_histograms(left, right).summary == "No numbers yet: a and b."
    assert two_histograms(left, left).summary == "No numbers yet: a."


def test_a_single_moment_stands_on_the_whole_scale():
    once = Curve("a", 0, STEPS[:1], np.array([9.9]))
    assert over_steps([once], "accuracy").fig["layout"]["yaxis"]["range"] == [0, 100]
    assert over_steps([], "zeros").fig["layout"]["yaxis"]["range"] == [0, 100]
    grown = Curve("a", 0, STEPS, 90 + STEPS / 10)
    assert "range" not in over_steps([grown], "accuracy").fig["layout"]["yaxis"]
    assert "range" not in over_steps([once], "loss").fig["layout"]["yaxis"]


def test_where_something_was_moved_a_line_in_the_runs_hue_says_so():
    moved = Curve("b", 1, STEPS, STEPS, marks=(10,))
    shapes = over_steps([Curve("a", 0, STEPS, STEPS), moved], "loss").fig["layout"]["shapes"]
    assert [(each["x0"], each["line"]["color"]) for each in shapes] == [(10, "role:penalty")]
