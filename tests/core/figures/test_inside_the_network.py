"""Fate, slow motion, rescaling: what is drawn is what the training process said."""

import pytest

from core.figures import inside_the_network as figures
from core.figures.parts import ROLES, roles_in


def known(values, gradients=None, strengths=None):
    n = len(values)
    return {
        "steps": list(range(0, 10 * n, 10)),
        "values": values,
        "gradients": gradients or [None] + [5e-4] * (n - 1),
        "strengths": strengths or [1e-3] * n,
    }


def trace(fig, name):
    return next(each for each in fig["data"] if each["name"] == name)


def test_the_fate_shows_both_lanes_and_marks_exact_zeros():
    drawing = figures.fate([known([0.2, 0.3, 0.4]), known([0.2, 0.0, 0.0])], ["λ = 0", "yours"], "proximal")
    assert trace(drawing.fig, "λ = 0")["y"] == [0.2, 0.3, 0.4]
    assert trace(drawing.fig, "λ = 0")["line"]["dash"] == "dash"
    assert trace(drawing.fig, "yours")["y"] == [0.2, 0.0, 0.0]
    assert trace(drawing.fig, "exactly 0")["y"] == [None, 0.0, 0.0]
    assert trace(drawing.fig, "averaged gradient, yours")["y"] == [None, 5e-4, 5e-4]
    band = [each["y"] for each in drawing.fig["data"] if each["name"] == "from −λ to λ"]
    assert band == [[-1e-3] * 3, [1e-3] * 3]
    assert set(roles_in(drawing.fig)) <= ROLES


@pytest.mark.parametrize(
    ("value", "gradient", "strength", "method", "words"),
    [
        (0.0, -5e-4, 1e-3, "proximal", "5e-4 ≤ λ = 1e-3, so it stays at zero"),
        (0.0, 2e-3, 1e-3, "proximal", "2e-3 > λ = 1e-3, so it is about to leave zero"),
        (-0.25, 1e-3, 1e-3, "proximal", "the weight is −0.25"),
        (0.25, 1e-3, 0.0, "proximal", "Nothing pulls it towards zero"),
        (0.0, None, 1e-3, "proximal", "exactly 0"),
        (1e-5, 1e-3, 1e-3, "textbook", "does not stay there"),
    ],
)
def test_the_sentence_says_why_the_weight_is_where_it_is(value, gradient, strength, method, words):
    own = known([0.1, value], [None, gradient], [strength] * 2)
    assert words in figures.fate([own], ["yours"], method).summary


UPDATE = {
    "layer": "fc1",
    "loss": 0.5,
    "weights": 100,
    "zeros_before": 7,
    "landed": 1,
    "left": 0,
    "indices": [3, 8],
    "before": [0.01, -0.2],
    "gradient": [1.5, -0.3],
    "stepped": [0.001, -0.1],
    "threshold": [0.002, 0.003],
    "after": [0.0, -0.097],
}


def parts(frame):
    return {each["name"]: each for each in frame["traces"]}


def test_the_sub_steps_follow_the_weights_from_before_to_zero():
    frames = figures.slow_motion(UPDATE).frames
    assert [frame["label"][0] for frame in frames] == ["1", "2", "3", "4", "5"]
    positions = [parts(frame)["weight"]["y"] for frame in frames]
    assert positions == [[0.01, -0.2], [0.01, -0.2], [0.001, -0.1], [0.0, -0.097], [0.0, -0.097]]
    assert parts(frames[0])["data gradient"]["y"] == [None, None]
    assert parts(frames[1])["data gradient"]["y"] == [1.5, -0.3]
    assert parts(frames[3])["threshold"]["base"] == [-0.002, -0.003]
    assert parts(frames[3])["threshold"]["y"] == [0.004, 0.006]
    assert parts(frames[4])["landed on exactly 0"]["y"] == [0.0, None]
    assert "0.5" in frames[0]["summary"]
    assert "1 landed on exactly zero" in frames[4]["summary"]
    assert {len(frame["traces"]) for frame in frames} == {5}


def test_nothing_leaves_the_axes_while_the_slider_moves():
    drawing = figures.slow_motion(UPDATE)
    low, high = drawing.fig["layout"]["yaxis"]["range"]
    shown = [y for frame in drawing.frames for y in parts(frame)["weight"]["y"]]
    assert low < min(shown) <= max(shown) < high


def test_a_method_without_a_shrink_says_so():
    frames = figures.slow_motion(UPDATE | {"threshold": None, "after": UPDATE["stepped"]}).frames
    assert "no shrink of its own" in frames[3]["summary"]
    assert parts(frames[3])["threshold"]["y"] == [None, None]


def test_many_weights_are_cut_to_what_can_be_told_apart():
    many = {name: UPDATE[name] * 40 for name in ("before", "gradient", "stepped", "threshold", "after")}
    drawing = figures.slow_motion(UPDATE | many | {"indices": list(range(80))})
    assert len(drawing.table) == figures.MOST_DRAWN


def test_rescaling_shows_every_layer_before_and_after():
    norms = {"conv1": 20.0, "conv2": 300.0, "fc1": 7.0}
    answer = {
        "layers": ["conv1", "conv2"],
        "factor": 100.0,
        "images": 256,
        "largest_difference": 3e-6,
        "largest_logit": 12.0,
        "before": {"norms": norms, "penalty": 1.0},
        "after": {"norms": norms | {"conv1": 0.2, "conv2": 3e4}, "penalty": 1.0},
    }
    drawing = figures.rescaled(answer)
    assert trace(drawing.fig, "before")["y"] == [20.0, 300.0, 7.0]
    assert trace(drawing.fig, "after")["y"] == [0.2, 3e4, 7.0]
    assert "conv1 ÷ 100, conv2 × 100" in drawing.summary
    assert "3e-6" in drawing.summary
    assert drawing.table[0] == {"layer": "conv1", "before": 20.0, "after": 0.2}


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (1e-3, "1e-3"), (-2.5e-4, "−2.5e-4"), (0.25, "0.25"), (12.34, "12.3")]
)
def test_numbers_are_written_as_everywhere(value, text):
    assert figures.said(value) == text
