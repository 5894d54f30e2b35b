"""Names and words of settings, and which of them differ."""

import pytest

from core.lab.compare_runs.settings import (
    ALWAYS,
    LABELS,
    changes,
    detailed,
    differing,
    distinct,
    lane_title,
    moved,
    moved_title,
    phrase,
    settings,
    title,
)
from core.registry import EXPERIMENTS
from core.runs.store.shelf import can_be_name
from core.spec import LaneSpec, RunSpec
from core.words import CHOICES
from tests.core.runs.made import event


def test_every_setting_has_its_words():
    assert set(LABELS) == {*RunSpec.model_fields, *LaneSpec.model_fields} - {"lanes"}
    assert set(ALWAYS) | CHOICES.keys() <= set(LABELS)


def test_usual_settings_are_told_once_and_unusual_ones_beside_them():
    assert settings(RunSpec(), 1) == {
        "strength": "1e-4",
        "penalty": "L1",
        "method": "proximal",
        "seed": "0",
        "epochs": "200",
        "optimizer": "Adam",
        "dataset": "digits",
        "model": "standard CNN",
    }
    lane = LaneSpec(layers=frozenset({"fc1"}), include_bias=True, multipliers=(("fc1", 3.0),))
    more = settings(RunSpec(lanes=(lane,), train_size=100), 0)
    assert {name: more[name] for name in more if name not in ALWAYS} == {
        "layers": "fc1",
        "multipliers": "fc1 ×3",
        "include_bias": "yes",
        "train_size": "100",
    }
    assert set(settings(RunSpec(), 0)) == set(ALWAYS), "a lane without penalty has no layers to tell"


@pytest.mark.parametrize(
    ("field", "word", "sentence"),
    [("strength", "1e-4", "λ = 1e-4"), ("seed", "3", "seed 3"), ("method", "proximal", "proximal")],
)
def test_a_setting_stands_alone(field, word, sentence):
    assert phrase(field, word) == sentence


def test_what_differs_from_the_baseline():
    rows = [{"seed": "0", "method": "a"}, {"seed": "1", "method": "a"}, {"seed": "0", "alpha": "1"}]
    assert differing(rows, 0) == [frozenset(), {"seed"}, {"method", "alpha"}]


def test_without_a_baseline_what_differs_from_most():
    rows = [{"seed": "0"}, {"seed": "0"}, {"seed": "1"}]
    assert differing(rows) == [frozenset(), frozenset(), {"seed"}]
    assert differing(rows[1:]) == [{"seed"}, {"seed"}], "of two, both differ"
    assert differing([]) == []


def test_namesakes_are_told_apart_by_what_differs_or_by_a_number():
    names = ["mine", "mine", "mine", "other", "twin", "twin"]
    details = [["a", "seed 0"], ["a", "seed 1"], ["a", "seed 1"], ["b", "seed 0"], ["b", "x"], ["b", "x"]]
    assert detailed(names, details)[:3] == ["mine, seed 0", "mine, seed 1", "mine, seed 1"]
    assert distinct(names, details) == [
        "mine, seed 0",
        "mine, seed 1",
        "mine, seed 1 (2)",
        "other",
        "twin",
        "twin (2)",
    ]


def lanes(*some: LaneSpec) -> RunSpec:
    return RunSpec(lanes=some)


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        (RunSpec(), "L1 1e-4"),
        (RunSpec.beside_zero(LaneSpec(method="textbook", strength=1e-3)), "L1 1e-3 textbook"),
        (RunSpec.beside_zero(LaneSpec(), model="linear"), "L1 1e-4, linear"),
        (lanes(LaneSpec().without_penalty()), "No penalty"),
        (lanes(*(LaneSpec(strength=s) for s in (1e-2, 1e-6, 1e-4))), "L1 path, λ 1e-6 to 1e-2"),
        (lanes(LaneSpec(), LaneSpec(), LaneSpec(strength=0.5)), "L1, λ 1e-4, 0.5"),
        (lanes(LaneSpec(), LaneSpec(method="textbook")), "proximal, textbook"),
        (lanes(LaneSpec(), LaneSpec(penalty="l2")), "L1, L2"),
        (lanes(LaneSpec(), LaneSpec(learning_rate=0.1)), "L1 1e-4, 2 lanes"),
    ],
)
def test_a_run_is_called_by_its_settings(spec, name):
    assert title(spec) == name


def test_lanes_are_told_apart_by_what_differs():
    spec = lanes(LaneSpec().without_penalty(), LaneSpec(), LaneSpec(method="textbook"))
    assert [lane_title(spec, i) for i in range(3)] == ["no penalty", "proximal", "textbook"]
    assert lane_title(RunSpec(), 1) == "λ = 1e-4"


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_lessons_runs_have_names_of_their_own(name):
    for spec in EXPERIMENTS[name].specs:
        told_apart = [lane_title(spec, lane) for lane in range(len(spec.lanes))]
        assert len(set(told_apart)) == len(told_apart)
        assert 2 <= len(title(spec)) <= 60


def test_a_name_may_hold_the_letters_people_write():
    assert can_be_name("Große λ 1e-3_b")


def test_a_run_whose_lambda_was_moved_says_from_where_to_where_and_when():
    spec, other = RunSpec.beside_zero(LaneSpec(strength=1e-2)), event(lane=0)
    moves = [
        event(step=600, field="strength", text="λ 1e-4 → 1e-2"),
        event(step=900, field="layers", text="−conv2"),
    ]
    collapsed = event(step=1000, kind="collapsed", text="dead")
    assert changes([other, *moves, collapsed], 1) == moves
    assert moved_title(spec, moves) == "L1 1e-2, λ and layers moved"
    assert moved_title(spec, []) == title(spec) == "L1 1e-2"
    assert moved(moves) == "λ 1e-4 → 1e-2 at step 600; −conv2 at step 900"
    assert moved(moves * 3) == "λ 1e-4 → 1e-2 at step 600; 4 more; −conv2 at step 900"
    assert moved([]) == ""
