"""What the λ path's figures show is what its record says, and they are small on their way to the screen."""

import dataclasses
import gzip
import json
import math

import pytest

from core.figures import lambda_path as figures
from core.figures import lambda_weights, lambda_words
from core.figures.parts import ROLES, roles_in
from core.lessons.experiments import Trained
from core.lessons.lambda_path import EXPERIMENTS, Path, Stop, norms, path, weights
from core.runs import examples

RECORD = Path(
    stops=(
        Stop(0.0, (98.0, 96.0), (0.0, 0.0), (200, 200)),
        Stop(1e-4, (97.0, 96.0), (25.0, 35.0), (150, 130)),
        Stop(1e-3, (90.0, 60.0), (75.0, 85.0), (50, 30)),
        Stop(1e-2, (10.0, 10.0), (100.0, 100.0), (0, 0)),
    ),
    weights=200,
    in_degrees=False,
    knee=1,
    cliff=2,
)


def named(fig, name):
    return next(trace for trace in fig["data"] if trace["name"] == name)


@pytest.mark.parametrize(("across", "x"), [("zeros", [0, 30, 80, 100]), ("left", [200, 140, 40, 1])])
def test_a_dot_stands_for_the_mean_of_the_seeds(across, x):
    fig = figures.accuracy(RECORD, across)
    dots = named(fig, "mean of the seeds")
    assert dots["x"] == x
    assert dots["y"] == [97.0, 96.5, 75.0, 10.0]
    assert dots["customdata"] == [0, 1, 2, 3]
    band = named(fig, "seeds, from worst to best")
    assert band["y"] == [98, 97, 90, 10, 10, 60, 96, 96]
    assert named(fig, "one seed")["y"] == [98, 96, 97, 96, 90, 60, 10, 10]


def test_knee_and_cliff_are_named_at_their_dots():
    for across, places in (("zeros", [30, 80]), ("left", [math.log10(140), math.log10(40)])):
        marks = figures.accuracy(RECORD, across)["layout"]["annotations"]
        assert [mark["text"] for mark in marks] == ["knee: λ = 1e-4", "cliff: λ = 1e-3"]
        assert [mark["x"] for mark in marks] == pytest.approx(places)
        assert [mark["y"] for mark in marks] == [96.5, 75.0]


def test_the_second_axis_counts_weights_at_the_same_places():
    upper = figures.accuracy(RECORD, "zeros")["layout"]["xaxis2"]
    assert dict(zip(upper["tickvals"], upper["ticktext"], strict=True)) == {
        0: "200", 20: "160", 40: "120", 60: "80", 80: "40", 100: "0"
    }  # fmt: skip
    upper = figures.accuracy(RECORD, "left")["layout"]["xaxis2"]
    assert upper["tickvals"] == pytest.approx([200.0, 20.0, 2.0])
    assert upper["ticktext"] == ["0", "90", "99"]


def test_one_seed_has_no_band():
    alone = Path(
        tuple(Stop(s.strength, s.scores[:1], s.zeros[:1], s.left[:1]) for s in RECORD.stops), 200, False, 1, 2
    )
    fig = figures.accuracy(alone, "zeros")
    assert not named(fig, "seeds, from worst to best")["visible"]
    assert named(fig, "a dot per λ")["y"] == [98, 97, 90, 10]


def test_every_score_is_inside_the_axis():
    low, high = figures.score_range(RECORD)
    assert 0.0 <= low < 10.0
    assert high > 98.0
    assert figures.near_range(RECORD) == (87.0, high)


def test_accuracies_keep_one_axis_while_they_rise():
    early = dataclasses.replace(
        RECORD, stops=tuple(dataclasses.replace(s, scores=(9.0, 12.0)) for s in RECORD.stops)
    )
    assert figures.score_range(early) == figures.score_range(RECORD)


@pytest.mark.parametrize("across", ["zeros", "left"])
def test_no_label_lies_on_a_mark_or_on_another(across):
    # λs that all end with no weights left, as beyond a cliff: one is marked, the others are not named.
    fallen = tuple(Stop(s, (10.0, 10.0), (100.0, 100.0), (0, 0)) for s in (2e-3, 3e-3, 1e-2))
    record = dataclasses.replace(RECORD, stops=(*RECORD.stops[:2], *fallen), cliff=2)
    dots = named(figures.accuracy(record, across), "mean of the seeds")
    assert dots["text"] == ["0", "", "", "", ""]
    assert named(figures.accuracy(RECORD, across), "mean of the seeds")["text"] == ["0", "", "", "1e-2"]


def test_a_name_stands_on_the_side_where_there_is_room():
    knee, cliff = figures.accuracy(RECORD, "zeros")["layout"]["annotations"]
    assert (knee["xanchor"], cliff["xanchor"]) == ("left", "right")
    assert knee["ax"] > 0 > cliff["ax"]


def test_strengths_stand_on_a_log_scale_and_zero_a_step_before():
    assert lambda_weights.places([0.0, 1e-3, 1e-2, 1e-1]) == pytest.approx([-4.0, -3.0, -2.0, -1.0])


def test_several_layers_are_compared_with_themselves_at_zero():
    fig = lambda_weights.norms(RECORD, {"conv1": (50.0, 40.0, 10.0, 0.0), "fc1": (400.0, 100.0, 4.0, 0.0)})
    assert named(fig, "conv1")["y"] == [100, 80, 20, 0]
    assert named(fig, "fc1")["y"] == [100, 25, 1, 0]


def test_one_layer_is_shown_as_it_is_and_what_is_far_above_is_written():
    fig = lambda_weights.norms(RECORD, {"fc1": (1264.0, 150.0, 40.0, 0.0)})
    assert named(fig, "fc1")["y"] == [1264, 150, 40, 0]
    assert fig["layout"]["yaxis"]["range"] == pytest.approx([0.0, 168.0])
    assert [note["text"] for note in fig["layout"]["annotations"]] == ["↑ λ = 0: 1,264"]


def test_weights_are_lines_with_a_gap_between():
    trace = lambda_weights.weights(RECORD, "fc1", [(1.0, 0.5, 0.0, 0.0), (-1.0, -1.0, -0.2, 0.0)])["data"][0]
    assert trace["y"] == [1, 0.5, 0, 0, None, -1, -1, -0.2, 0, None]
    assert trace["x"] == [-5, -4, -3, -2, None] * 2


def test_a_sentence_tells_the_numbers_of_a_dot():
    assert lambda_words.sentence(RECORD, 1) == (
        "The knee: λ = 1e-4: 96.5 % right on the test images with 140 of 200 weights left "
        "(30.0 % exactly zero)."
    )
    assert all(lambda_words.sentence(RECORD, i) in lambda_words.summary(RECORD) for i in (0, 1, 3))


def test_the_table_has_the_mean_and_the_range_of_the_seeds():
    assert lambda_words.table(RECORD)[2] == {
        "λ": "1e-3",
        "test accuracy": "75.0 %",
        "worst to best seed": "60.0 to 90.0",
        "exactly zero": "80.0 %",
        "weights left": "40",
    }
    errors = lambda_words.table(dataclasses.replace(RECORD, in_degrees=True))[2]
    assert errors["mean test error"] == "75.0 °"
    # The smaller an error, the better.
    assert errors["worst to best seed"] == "90.0 to 60.0"


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_examples_are_of_their_experiment_and_small_on_the_way(name):
    kept = examples.example(name)
    assert tuple(history.view.spec for history in kept.histories) == EXPERIMENTS[name].specs
    runs = [Trained(h.view.spec, h.points, h.frames) for h in kept.histories]
    record = path(runs)
    drawn = [
        figures.accuracy(record, "zeros"),
        figures.accuracy(record, "left"),
        lambda_weights.norms(record, norms(runs[0])),
        lambda_weights.weights(record, next(iter(runs[0].layers(0))), weights(runs[0])),
    ]
    assert {*roles_in(drawn)} <= ROLES
    for figure in drawn:
        assert len(gzip.compress(json.dumps(figure, allow_nan=False).encode())) < 100_000
    assert len(examples.frames(name)) < 100_000
    assert record.stops[0].zero_percent == 0.0
    assert record.cliff is not None
    assert record.stops[record.cliff].zero_percent > record.stops[record.knee].zero_percent > 20.0
