"""What the λ path's figures show is what its record says, and they are small on their way to the screen."""

import dataclasses
import gzip
import json
import math

import pytest

from core.experiments import Trained
from core.figures.traces import ROLES, roles_in
from core.lab.lambda_path import figures, weights_figures
from core.lab.lambda_path.path import EXPERIMENTS, Path, Stop, norms, path, weights
from core.runs.examples import histories
from tests.core.lab.lambda_path.record import RECORD, named


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
    low, high = figures.near_range(RECORD)
    assert low == 87.0
    assert 100.0 < high < 104.0, "room for a label and no tick above 100 %"


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
    dots = named(figures.accuracy(record, across), "λ")
    assert dots["text"] == ["0", "", "", "", ""]
    assert named(figures.accuracy(RECORD, across), "λ")["text"] == ["0", "", "", "1e-2"]


def test_no_line_goes_through_the_name_of_the_dot_it_falls_to():
    # From 75 to 10 % right over the last 20 % of the zeros: steep, and there is no room on its right.
    places = named(figures.accuracy(RECORD, "zeros"), "λ")["textposition"]
    assert places == ["top center", "top center", "top center", "middle left"]
    # From 40 weights to 1, most of a log axis.
    assert named(figures.accuracy(RECORD, "left"), "λ")["textposition"][-1] == "top center"


def test_the_knees_name_has_room_under_the_upper_axis():
    # On a plot 200 px high it stands 35 px above its dot, with half a line above.
    low, high = figures.score_range(RECORD)
    knee = figures.accuracy(RECORD, "zeros")["layout"]["annotations"][0]
    assert 200 * (high - 97.0) / (high - low) + knee["ay"] >= 8


def test_no_label_lies_on_the_line_to_the_knees_name():
    record = dataclasses.replace(
        RECORD,
        stops=(
            RECORD.stops[0],
            *(Stop(s, (97.0, 97.0), (z, z), (0, 0)) for s, z in ((1e-4, 30.0), (2e-4, 40.0), (3e-4, 60.0))),
        ),
        knee=1,
        cliff=None,
    )
    dots = named(figures.accuracy(record, "zeros"), "λ")
    assert dots["text"] == ["0", "", "", "3e-4"]


def test_a_name_stands_on_the_side_where_there_is_room():
    knee, cliff = figures.accuracy(RECORD, "zeros")["layout"]["annotations"]
    assert (knee["xanchor"], cliff["xanchor"]) == ("left", "right")
    assert knee["ax"] > 0 > cliff["ax"]


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_examples_are_of_their_experiment_and_small_on_the_way(name):
    kept = histories.example(name)
    assert tuple(history.view.spec for history in kept.histories) == EXPERIMENTS[name].specs
    runs = [Trained(h.view.spec, h.points, h.frames) for h in kept.histories]
    record = path(runs)
    drawn = [
        figures.accuracy(record, "zeros"),
        figures.accuracy(record, "left"),
        weights_figures.norms(record, norms(runs[0])),
        weights_figures.weights(record, next(iter(runs[0].layers(0))), weights(runs[0])),
    ]
    assert {*roles_in(drawn)} <= ROLES
    for figure in drawn:
        assert len(gzip.compress(json.dumps(figure, allow_nan=False).encode())) < 100_000
    assert len(histories.frames(name)) < 100_000
    assert record.stops[0].zero_percent == 0.0
    assert record.cliff is not None
    assert record.stops[record.cliff].zero_percent > record.stops[record.knee].zero_percent > 20.0
