"""What is asked about a lane, and the answers in words, each by hand."""

import json

import pytest

from core.lab.smaller_model.questions import (
    EPSILONS,
    EXAMPLE,
    NETWORKS,
    Answer,
    accuracy,
    card,
    compared,
    dense_lane,
    equal,
    first_lane,
    lane_name,
    missing_rivals,
    once_refitted,
    percent,
    proof_sentence,
    questions,
    textbook_lane,
    times,
    with_error,
    with_point,
)
from core.registry import EXPERIMENTS
from core.spec import LaneSpec, RunSpec
from tests.core.lab.smaller_model.test_figures import PROOF, SIZES

LATENCY: Answer = {
    "device": "a processor",
    "milliseconds": [
        {"network": "dense", "batch": 1, "low": 1.0, "median": 2.0, "high": 3.0},
        {"network": "csr", "batch": 1, "low": 2.9, "median": 5.0, "high": 6.0},
        {"network": "compact", "batch": 1, "low": 0.2, "median": 0.5, "high": 0.9},
    ],
}
ANSWERS = {
    "sizes": SIZES | {"step": 1234},
    "compact": PROOF,
    "latency": LATENCY,
    "onnx": {"largest_difference": 3e-6},
}


@pytest.mark.parametrize(
    ("lanes", "first", "dense", "textbook"),
    [
        (("none", "textbook", "proximal"), 2, 0, 1),
        (("none", "textbook"), 1, 0, 1),
        (("proximal",), 0, None, 0),
        (("none",), 0, None, 0),
        (("none", "proximal", "textbook"), 1, 0, 2),
    ],
)
def test_the_lanes_are_found_by_what_they_are(lanes, first, dense, textbook):
    own = LaneSpec(strength=1e-3)
    made = [own.without_penalty() if kind == "none" else own.changed(method=kind) for kind in lanes]
    spec = RunSpec(lanes=tuple(made))
    assert first_lane(spec) == first
    assert dense_lane(spec, first) == dense
    assert textbook_lane(spec, first) == textbook
    assert ("rival" in questions(spec, first)) == (dense is not None)
    assert lane_name(spec, 0) == ("no penalty" if lanes[0] == "none" else "L1, proximal, λ = 1e-3")


def test_pruning_bounds_are_zero_and_six_a_decade():
    assert EPSILONS[:2] == (0.0, 1e-4)
    assert (EPSILONS[7], EPSILONS[-1]) == (1e-3, 1.0)
    assert list(EPSILONS) == sorted(set(EPSILONS))


def test_every_question_is_about_a_lane_of_the_run():
    for run in (EXAMPLE, *EXPERIMENTS["sparsity"].specs):
        for lane in range(len(run.lanes)):
            asked = questions(run, lane).values()
            assert all(0 <= fields["lane"] < len(run.lanes) for _, fields in asked)


def test_two_networks_are_equal_up_to_the_tolerance_of_the_largest_logit():
    at = {"images": 258, "largest_logit": 20.0}
    assert equal(at | {"largest_difference": 2e-3})
    assert not equal(at | {"largest_difference": 2.1e-3})
    # Small logits are not held against a smaller bound than 1e-4.
    assert equal({"largest_logit": 0.1, "largest_difference": 1e-4})
    assert "**0.0021**; the tolerance is 0.002" in proof_sentence(at | {"largest_difference": 2.1e-3})
    assert proof_sentence(at | {"largest_difference": 2.1e-3}).endswith("**not** the same function.")


def test_shares_of_right_answers_and_their_absence():
    assert (percent(0.925), percent(None)) == ("92.5 %", "no labels")
    assert accuracy(PROOF | {"accuracies": [0.9, 0.8]}, 1) == 0.8
    assert accuracy(PROOF | {"accuracies": None}) is None


def test_times_are_called_different_only_when_their_quartiles_are_apart():
    assert times(LATENCY, "csr", 1)["median"] == 5.0
    assert compared(LATENCY, "csr", 1) == "2.5 times as long (no more than the spread)"
    assert compared(LATENCY, "compact", 1) == "0.25 times as long"
    slow = {"network": "csr", "batch": 1, "low": 3.1, "median": 5.0, "high": 6.0}
    apart = {"milliseconds": [LATENCY["milliseconds"][0], slow]}
    assert compared(apart, "csr", 1) == "2.5 times as long"


def test_the_card_has_every_number_and_settings_that_can_be_read_back():
    text = card(EXAMPLE, 3, ANSWERS.__getitem__)
    assert "lane 3 (L1, proximal, λ = 1e-3), weights of step 1,234." in text
    assert "on digits, network standard CNN, seed 0" in text
    assert "| validation accuracy | 90.0 % ± 1.9 points: 258 validation images | 90.0 % ±" in text
    assert "| bytes, dense: every number | 400,000 | 200,000 |" in text
    assert all(f"| {name} | 1 |" in text for name in NETWORKS.values())
    written = text.split("```json\n")[1].split("\n```")[0]
    assert RunSpec.checked(json.loads(written)) == EXAMPLE


def test_a_rival_that_was_not_trained_is_named():
    assert missing_rivals(EXAMPLE, 3) == ""
    two = RunSpec(lanes=(EXAMPLE.lanes[0], EXAMPLE.lanes[3]))
    assert "one that was pruned in rounds" in missing_rivals(two, 1)
    assert "to prune at once" not in missing_rivals(two, 1)
    alone = RunSpec(lanes=(EXAMPLE.lanes[3],))
    assert "to prune at once nor one that was pruned in rounds" in missing_rivals(alone, 0)


def test_what_a_refit_makes_of_both_stands_beside_what_they_were():
    own, rival = ({"accuracies": (0.5, right)} for right in (0.98, 0.97))
    assert "this lane 98.0 %, the rival 97.0 %." in once_refitted([own], [rival])
    assert "97.0 ± 0.0 % (means over the seeds)." in once_refitted([own] * 2, [rival] * 2)


def test_the_rival_stands_on_its_own_line():
    path = {"zeros": [0, 50, 100], "accuracies": [0.95, 0.9, 0.1], "weights": 100}
    found = with_point(path, {"zeros": 70, "accuracies": [0.95, 0.85]})
    assert (found["zeros"], found["accuracies"]) == ([0, 50, 70, 100], [0.95, 0.9, 0.85, 0.1])


def test_an_accuracy_in_a_sentence_has_its_error():
    # √(258 · 0.9 · 0.1 + ¼)/259 is 1.870 points.
    assert with_error(PROOF, 1) == "90.0 ± 1.9 %"
    assert with_error(PROOF | {"accuracies": None}, 0) == "no labels"
