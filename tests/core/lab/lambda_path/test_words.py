"""A λ path in words: every number is the record's."""

import dataclasses

from core.experiments import Trained
from core.lab.lambda_path import path as lesson
from core.lab.lambda_path import words
from core.spec import RunSpec
from tests.core.lab.lambda_path.record import RECORD


def test_a_sentence_tells_the_numbers_of_a_dot():
    assert words.sentence(RECORD, 1) == (
        "The knee: λ = 1e-4: 96.50 % right on the validation images with 140 of 200 weights left "
        "(30 % exactly zero)."
    )
    assert all(words.sentence(RECORD, i) in words.summary(RECORD) for i in (0, 1, 3))


def test_the_table_has_the_mean_and_the_range_of_the_seeds():
    assert words.table(RECORD)[2] == {
        "λ": "1e-3",
        "validation accuracy": "75.00 %",
        "worst to best seed": "60.0 to 90.0",
        "exactly zero": "80 %",
        "of all weights": "–",
        "weights left": "40",
    }
    errors = words.table(dataclasses.replace(RECORD, in_degrees=True))[2]
    assert errors["mean validation error"] == "75.00°"
    # The smaller an error, the better.
    assert errors["worst to best seed"] == "90.0 to 60.0"


def test_a_loss_that_is_just_too_large_for_a_knee_is_seen_to_be():
    first, second, *rest = RECORD.stops
    stops = (first, dataclasses.replace(second, scores=(97.0, 94.94)), *rest)
    told = words.table(dataclasses.replace(RECORD, stops=stops))
    before, after = (float(row["validation accuracy"].split()[0]) for row in told[:2])
    # 97.00 and 95.97: with one decimal fewer, 97.0 and 96.0.
    assert before - after > lesson.KEPT


def test_whose_weights_are_shown_is_told_where_there_are_several_runs():
    run = Trained(RunSpec(seed=7), [], [])
    assert words.whose(RECORD, run).startswith("Layers, weights and kernels are of seed 7 alone;")
    folds = dataclasses.replace(RECORD, in_folds=True)
    assert words.whose(folds, run).startswith("Layers, weights and kernels are of the first third held out;")
    one = tuple(dataclasses.replace(stop, scores=stop.scores[:1]) for stop in RECORD.stops)
    assert words.whose(dataclasses.replace(RECORD, stops=one), run) == ""


def test_the_kinds_of_zeros_are_told_where_they_are_known():
    kinds = {"selected": 20.0, "cut_off": 0.0, "idle": 40.0}
    stops = (RECORD.stops[0], dataclasses.replace(RECORD.stops[1], kinds=kinds), *RECORD.stops[2:])
    told = dataclasses.replace(RECORD, stops=stops)
    assert words.sentence(told, 1).endswith("(30 % exactly zero: 10 % selected, 20 % idle).")
    assert words.table(told)[1]["of all weights"] == "10 % selected, 20 % idle"


def test_a_cliff_is_named_and_errors_are_in_degrees():
    assert words.sentence(RECORD, 2).startswith("The cliff: λ = 1e-3: 75.00 % right")
    errors = dataclasses.replace(RECORD, in_degrees=True)
    assert words.sentence(errors, 0).startswith("λ = 0: 97.00° off")


def test_one_seed_has_no_range():
    stops = tuple(dataclasses.replace(stop, scores=stop.scores[:1]) for stop in RECORD.stops)
    alone = words.table(dataclasses.replace(RECORD, stops=stops))
    assert [row["worst to best seed"] for row in alone] == ["98.0", "97.0", "90.0", "10.0"]


def test_the_sizes_of_the_layers_are_told_at_both_ends():
    told = words.norms_sentence(RECORD, {"conv1": (40.0, 50.0, 20.0, 0.0), "fc1": (1234.0, 1.0, 0.5, 0.25)})
    assert told.startswith("Σ|w| of each layer after the same number of updates, from λ = 0 to λ = 1e-2: ")
    assert told.endswith("conv1 from 40 to 0; fc1 from 1,230 to 0.25.")
