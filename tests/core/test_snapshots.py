import json
from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.snapshots import (
    BINS,
    EPSILONS,
    Event,
    Frame,
    Point,
    Score,
    ScoreKind,
    Snapshot,
    Zeros,
)
from tests.core.runs.made import event, snapshot


def test_json_round_trip():
    made = snapshot(lane=1, step=42)
    text = made.model_dump_json()
    assert Snapshot.model_validate_json(text) == made
    assert len(json.loads(text)["layers"]["conv1"]["counts"]) == BINS
    marked = event(step=3, field="strength", old="0.0", new="0.003")
    assert Event.model_validate_json(marked.model_dump_json()) == marked


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive_exactly(value):
    made = snapshot().model_copy(update={"data_loss": value, "kernels": ((value,),)})
    assert Snapshot.model_validate_json(made.model_dump_json()) == made


def test_layers_keep_their_order():
    made = snapshot()
    again = Snapshot.model_validate_json(made.model_dump_json())
    assert list(again.layers) == list(made.layers)


def test_a_record_is_frozen_and_takes_nothing_else():
    with pytest.raises(ValidationError):
        snapshot().step = 3
    with pytest.raises(ValidationError, match="extra"):
        Snapshot.model_validate(snapshot().model_dump() | {"mood": "good"})
    with pytest.raises(ValidationError):
        event(kind="party")


@pytest.mark.parametrize("kind", get_args(ScoreKind))
def test_a_score_is_one_kind_for_all_parts_of_the_images(kind):
    said = snapshot().model_dump() | {"score": {"kind": kind, "train": 7.0, "valid": 8.0, "n_valid": 9}}
    assert Snapshot.model_validate(said).score == Score(kind, 7.0, 8.0, 9, None, 0)


@pytest.mark.parametrize(
    "score", [None, {"kind": "accuracy", "valid": 0.5}, {"kind": "f1", "train": 1, "valid": 1, "n_valid": 1}]
)
def test_a_score_that_is_none_is_refused(score):
    with pytest.raises(ValidationError, match="score"):
        Snapshot.model_validate(snapshot().model_dump() | {"score": score})


def test_a_point_and_a_frame_are_parts_of_their_snapshot():
    shown = snapshot(lane=1, step=42)
    point, frame = Point.of(shown, "News."), Frame.of(shown)
    for part, apart in ((point, {"zeros", "idle", "cut_off", "dead", "text"}), (frame, set())):
        same = {field.name for field in fields(part)} - apart
        assert {name: getattr(part, name) for name in same} == {name: getattr(shown, name) for name in same}
    assert point.text == "News."
    assert point.zeros == {name: layer.zeros for name, layer in shown.layers.items()}
    assert point.dead == {name: layer.dead for name, layer in shown.layers.items()}
    assert point.idle == {name: layer.idle for name, layer in shown.layers.items()}
    assert point.cut_off == {name: layer.cut_off for name, layer in shown.layers.items()}
    # Four layers of 100 weights, of which 42 are zero at step 42.
    assert (point.n_zeros, frame.n_zeros, frame.weights) == (168, 168, 400)


def test_zeros_by_kind_worked_by_hand():
    both = Zeros.total([Zeros(10, 3, 2), Zeros(5, 1, 0)])
    assert both == Zeros(15, 4, 2)
    assert both.selected == 9
    assert Zeros.total([]).selected == 0


def test_a_kind_that_nobody_knows_is_not_none_of_them():
    shown = snapshot(lane=1, step=42)
    fc1 = shown.layers["fc1"].model_copy(update={"idle": None, "cut_off": None})
    unknown = shown.model_copy(update={"layers": shown.layers | {"fc1": fc1}})
    assert fc1.kinds.selected is None
    for each in (Point.of(unknown), Frame.of(unknown)):
        assert (each.kinds.all, each.kinds.idle, each.kinds.selected) == (168, None, None)
    # Of each layer's 42 zeros 21 are idle and 6 are cut off.
    for each in (Point.of(shown), Frame.of(shown)):
        assert (each.kinds.all, each.kinds.idle, each.kinds.cut_off, each.kinds.selected) == (168, 84, 24, 60)


def test_epsilons_rise():
    assert list(EPSILONS) == sorted(EPSILONS)
