"""Fate, slow motion, rescaling: what is drawn is what the training process said."""

import pytest

from core.figures.traces import ROLES, roles_in
from core.lab.inside_the_network import figures


def known(values, gradients=None, strengths=None, limits=None, rule="λ", ended=False):
    n = len(values)
    strengths = strengths or [1e-3] * n
    return {
        "steps": list(range(0, 10 * n, 10)),
        "values": values,
        "gradients": gradients or [None] + [5e-4] * (n - 1),
        "strengths": strengths,
        "limits": limits or strengths,
        "rule": rule,
        "ended": ended,
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
        (0.0, -5e-4, 1e-3, "proximal", "5e-4 ≤ λ = 1e-3, so it stays at zero, on the gradients so far"),
        (
            0.0,
            2e-3,
            1e-3,
            "proximal",
            "2e-3 > λ = 1e-3, so it is about to leave zero, on the gradients so far",
        ),
        (-0.25, 1e-3, 1e-3, "proximal", "the weight is −0.25"),
        (0.25, 1e-3, 0.0, "proximal", "Nothing pulls it towards zero"),
        (0.0, None, 1e-3, "proximal", "exactly 0"),
        (1e-5, 1e-3, 1e-3, "textbook", "nothing stops a weight at zero"),
    ],
)
def test_the_sentence_says_why_the_weight_is_where_it_is(value, gradient, strength, method, words):
    own = known([0.1, value], [None, gradient], [strength] * 2)
    assert words in figures.fate([own], ["yours"], method).summary


@pytest.mark.parametrize(
    ("gradient", "limit", "rule", "words"),
    [
        (4e-4, 5e-4, "λα", "4e-4 ≤ λα = 5e-4"),
        (2e-3, 4e-3, "λ√n", "‖averaged gradient of its unit‖ = 2e-3 ≤ λ√n = 4e-3"),
        (2e-3, 1e-3, "λ(1−α)√n", "beyond λα = 2e-3 > λ(1−α)√n = 1e-3"),
        (1e-9, 0.0, "0", "Nothing holds it at zero"),
        (0.0, 0.0, "0", "= 0 ≤ 0, so it stays"),
    ],
)
def test_the_sentence_is_by_the_rule_in_force(gradient, limit, rule, words):
    own = known([0.1, 0.0], [None, gradient], [1e-3] * 2, [None, limit], rule)
    assert words in figures.fate([own], ["yours"], "proximal").summary


@pytest.mark.parametrize(
    ("method", "words"), [("clip_and_kill", "clip and kill keeps"), ("proximal", "frozen")]
)
def test_what_has_ended_is_not_said_to_leave(method, words):
    own = known([0.1, 0.0], [None, 1.0], ended=True)
    said = figures.fate([own], ["yours"], method).summary
    assert words in said
    assert "leave" not in said


UPDATE = {
    "layer": "fc1",
    "method": "proximal",
    "penalty": "l1",
    "alpha": 0.25,
    "members": 1,
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
    assert [frame["at"]["label"][0] for frame in frames] == ["1", "2", "3", "4", "5"]
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


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("textbook", "no shrink of its own"),
        ("spred", "no shrink of its own"),
        ("proximal", "nothing shrinks"),
    ],
)
def test_an_update_without_a_shrink_says_why(method, words):
    still = {"method": method, "threshold": None, "after": UPDATE["stepped"]}
    frames = figures.slow_motion(UPDATE | still).frames
    assert words in frames[3]["summary"]
    assert parts(frames[3])["threshold"]["y"] == [None, None]


@pytest.mark.parametrize(
    ("penalty", "words", "bar"),
    [
        ("l1", "stops at zero.", [0.004, 0.006]),
        ("l2", "does not stop at zero", [None, None]),
        ("elastic_net", "α = 0.25 of the threshold pulls, 1 + 0.75 of it divides", [0.001, 0.0015]),
        ("group_lasso", "The 65 weights of a unit shrink together, by √65 times", [None, None]),
        ("sparse_group_lasso", "by √65 times 0.75 of their thresholds", [0.001, 0.0015]),
    ],
)
def test_the_shrink_is_said_by_the_rule_in_force(penalty, words, bar):
    shrink = figures.slow_motion(UPDATE | {"penalty": penalty, "members": 65}).frames[3]
    assert words in shrink["summary"]
    assert parts(shrink)["threshold"]["y"] == bar
    assert ("stops at zero" in shrink["summary"]) == (bar != [None, None])


def test_clip_and_kill_is_said_to_kill():
    said = figures.slow_motion(UPDATE | {"method": "clip_and_kill"}).frames[3]["summary"]
    assert "zero for ever" in said
    assert "stops at zero" not in said


def test_many_weights_are_cut_to_what_can_be_told_apart():
    many = {name: UPDATE[name] * 40 for name in ("before", "gradient", "stepped", "threshold", "after")}
    drawing = figures.slow_motion(UPDATE | many | {"indices": list(range(80))})
    assert len(drawing.table) == figures.MOST_DRAWN


def test_rescaling_shows_every_layer_before_and_after():
    norms = {"conv1": 20.0, "conv2": 300.0, "fc1": 7.0}
    answer = {
        "layers": ["conv1", "conv2"],
        "factor": 100.0,
        "images": 258,
        "largest_difference": 3e-6,
        "largest_logit": 12.0,
        "before": {"norms": norms, "penalty": 1.0},
        "after": {"norms": norms | {"conv1": 0.2, "conv2": 3e4}, "penalty": 1.0},
    }
    drawing = figures.rescaled(answer)
    larger = answer | {
        "after": answer["after"] | {"norms": dict.fromkeys(answer["after"]["norms"], 1000000.0)}
    }
    axes = [figures.rescaled(each, [answer, larger]).fig["layout"]["yaxis"] for each in (answer, larger)]
    assert axes[0] == axes[1]
    assert axes[0]["range"][1] > 6.0
    assert trace(drawing.fig, "before")["y"] == [20.0, 300.0, 7.0]
    assert trace(drawing.fig, "after")["y"] == [0.2, 3e4, 7.0]
    assert "conv1 ÷ 100, conv2 × 100" in drawing.summary
    assert "3e-6" in drawing.summary
    assert drawing.table[0] == {"layer": "conv1", "before": 20.0, "after": 0.2}


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (1e-3, "1e-3"), (-2.5e-4, "−2.5e-4"), (0.25, "0.25"), (12.34, "12.3")]
)
def test_numbers_are_written_as_everywhere(value, text):
    assert figures.written(value) == text


def test_updates_side_by_side_have_the_same_axes():
    names = ("before", "stepped", "after", "gradient")
    small = UPDATE | {name: [w / 1000 for w in UPDATE[name]] for name in names}
    layouts = [figures.slow_motion(each, [small, UPDATE]).fig["layout"] for each in (small, UPDATE)]
    for axis in ("yaxis", "yaxis2"):
        assert layouts[0][axis] == layouts[1][axis]
