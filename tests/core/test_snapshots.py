import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.snapshots import BINS, EPSILONS, Event, Snapshot
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


def test_either_accuracies_or_errors():
    none = {"train_accuracy": None, "test_accuracy": None, "train_error": None, "test_error": None}
    for pair in ({"train_accuracy": 0.5, "test_accuracy": 0.5}, {"train_error": 7.0, "test_error": 8.0}):
        assert Snapshot.model_validate(snapshot().model_dump() | none | pair).test_step == 0
    for pair in (
        {},
        {"train_error": 7.0},
        {"train_accuracy": 0.5, "test_error": 8.0},
        dict.fromkeys(none, 1.0),
    ):
        with pytest.raises(ValidationError, match="either both"):
            Snapshot.model_validate(snapshot().model_dump() | none | pair)


def test_epsilons_rise():
    assert list(EPSILONS) == sorted(EPSILONS)
