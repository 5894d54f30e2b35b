"""Which combinations the bands are measured for, and what is counted in a network."""

import argparse

import pytest

from benchmarks.bands import METHODS, MODELS, combinations, shares
from benchmarks.compare import snapshot
from core.spec import LEARNING_RATES, LaneSpec


def asked(**changed):
    options = {
        "dataset": "digits",
        "penalty": "l1",
        "models": list(MODELS),
        "methods": [method for method, _ in METHODS],
        "optimizers": list(LEARNING_RATES),
        "epochs": 60,
        "train_size": 0,
    }
    return argparse.Namespace(**(options | changed))


def test_every_combination_that_can_be_is_there_once_the_most_used_first():
    found = list(combinations(asked()))
    keys = [(spec.model, spec.lanes[0].method, spec.lanes[0].optimizer) for spec in found]
    assert len(set(keys)) == len(keys) == len(MODELS) * (len(METHODS) - 1) + 1
    assert keys[:2] == [("textbook_cnn", "proximal", "adam"), ("small_cnn", "proximal", "adam")]
    assert [model for model, method, _ in keys if method == "fista"] == ["linear"]


def test_what_is_not_asked_for_is_left_out():
    found = list(combinations(asked(models=["linear"], methods=["proximal", "fista"], optimizers=["sgd"])))
    assert [spec.lanes[0].method for spec in found] == ["proximal"]


@pytest.mark.parametrize("optimizer", LEARNING_RATES)
def test_a_lane_starts_at_its_optimizer_s_rate(optimizer):
    for spec in combinations(asked(optimizers=[optimizer])):
        assert spec.lanes[0].learning_rate == LEARNING_RATES[optimizer]


def test_adam_s_rate_is_that_of_a_new_lane():
    lane = LaneSpec()
    assert lane.learning_rate == LEARNING_RATES[lane.optimizer]


def test_shares_are_of_the_penalised_weights():
    zeros, nearly, selected = shares(snapshot("r", 1, 1000))
    assert zeros == pytest.approx(0.45)
    assert selected == pytest.approx(0.30)
    assert nearly == pytest.approx(snapshot("r", 1, 1000).layers["fc1"].below[1], abs=0.2)
