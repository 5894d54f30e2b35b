"""The words for choices: every kind of the spec has its own, and they agree with what they speak of."""

import re
from typing import get_args

import pytest

from core import spec as specs
from core import words
from core.data.vision import VISION
from core.lab.compare_runs.settings import lane_title
from core.lab.smaller_model.questions import lane_name
from core.maths.penalties import PENALTIES
from core.script.recipe import recipe
from core.spec import LaneSpec, RunSpec
from tests.written import SHARES

TABLES = {
    "DatasetKind": words.DATASETS,
    "ModelKind": words.MODELS,
    "MethodKind": words.METHODS,
    "PenaltyKind": words.PENALTIES,
    "OptimizerKind": words.OPTIMIZERS,
    "PrecisionKind": words.PRECISIONS,
    "LossKind": words.LOSSES,
}


@pytest.mark.parametrize("kind", [name for name in vars(specs) if name.endswith("Kind")])
def test_every_kind_of_the_spec_has_its_words_and_no_other(kind):
    assert set(TABLES[kind]) == set(get_args(getattr(specs, kind)))


def test_every_field_that_is_a_choice_has_its_table():
    fields = {**RunSpec.model_fields, **LaneSpec.model_fields}
    chosen = {name: get_args(field.annotation) for name, field in fields.items() if name in words.CHOICES}
    assert chosen.keys() == words.CHOICES.keys()
    assert all(set(words.CHOICES[name]) == set(kinds) for name, kinds in chosen.items())


@pytest.mark.parametrize("field", words.CHOICES)
def test_no_two_choices_are_called_alike(field):
    table = words.CHOICES[field].values()
    for texts in ([each.name for each in table], [each.label for each in table]):
        assert all(texts)
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("table", [words.METHODS, words.PENALTIES], ids=["methods", "penalties"])
def test_a_caption_says_in_a_sentence_what_becomes_of_zeros(table):
    for choice in table.values():
        assert re.search(r"zeros?\b", choice.caption, re.IGNORECASE), choice.caption
        assert choice.caption.endswith((".", ".)"))
        assert len(choice.caption) < 200


@pytest.mark.parametrize("kind", words.PENALTIES)
def test_the_symbol_of_a_penalty_is_what_the_trainer_says_it_is(kind):
    """α stands in the symbols of the mixtures alone, and every penalty has both ways to write it."""
    penalty = words.PENALTIES[kind]
    assert ("α" in penalty.symbol) == (kind in specs.MIXTURES) == (r"\alpha" in penalty.tex)
    assert ("‖" in penalty.symbol) == (kind in specs.GROUP_PENALTIES) == (r"\lVert" in penalty.tex)
    assert penalty.label.lower() == f"{penalty.name}: {penalty.symbol}".lower()
    assert set(words.PENALTIES) == set(PENALTIES)


@pytest.mark.parametrize("kind", words.PENALTIES)
def test_a_symbol_stands_after_a_factor_without_changing_its_meaning(kind):
    """λ·R(w): a sum must be inside Σ(…), or λ would multiply its first term alone."""
    depth, outside = 0, ""
    for sign in words.PENALTIES[kind].symbol:
        depth += (sign == "(") - (sign == ")")
        outside += sign if depth == 0 else ""
    assert depth == 0
    assert "+" not in outside


def test_datasets_are_called_as_the_trainer_calls_them_and_their_size_is_right():
    for kind, vision in VISION.items():
        assert words.DATASETS[kind].name == vision.title
        assert f" {vision.download_bytes / 1e6:.0f} MB" in words.DATASETS[kind].label


def test_how_the_weights_move_by_hand():
    assert words.method_and_optimizer("proximal", "sgd") == "proximal with SGD"
    assert words.method_and_optimizer("fista", "adam") == "FISTA"


def test_the_warning_is_for_a_penalty_that_batch_norm_undoes():
    def lane(*layers: str) -> RunSpec:
        return RunSpec.beside_zero(LaneSpec(layers=frozenset(layers)), model="textbook_cnn_bn")

    assert words.warning(lane("conv1", "fc1")) == words.BEFORE_BATCH_NORM
    assert words.warning(lane("bn1", "fc1")) == ""
    assert words.warning(RunSpec()) == ""
    without = RunSpec(model="textbook_cnn_bn", lanes=(LaneSpec().without_penalty(),))
    assert words.warning(without) == ""


@pytest.mark.parametrize(
    ("size", "text"),
    [(84_685.6, "84,700"), (846.85, "847"), (0.47087, "0.471"), (0.0, "0")],
)
def test_a_size_is_written_in_full(size, text):
    assert words.size_text(size) == text


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"prune": 0.9}, "magnitude pruning, 90 %"),
        ({"prune": 0.955, "prune_rounds": 1}, "magnitude pruning at once, 95.5 %"),
        ({"prune": 0.5, "prune_rounds": 3}, "magnitude pruning in 3 rounds, 50 %"),
    ],
)
def test_a_pruned_lane_is_called_so_wherever_it_is_named(fields, name):
    lane = LaneSpec().without_penalty().changed(**fields)
    spec = RunSpec(lanes=(LaneSpec().without_penalty(), lane, LaneSpec()))
    assert [words.pruning_name(lane), lane_title(spec, 1), lane_name(spec, 1)] == [name] * 3
    assert name in recipe(spec).names()


@pytest.mark.parametrize(("share", "text"), SHARES)
def test_only_a_whole_is_100_percent_and_only_nothing_0(share, text):
    assert words.percent(share) == text


def test_what_pruning_took_was_not_selected_by_lambda():
    kinds = {"selected": 50, "cut_off": 25, "idle": 0}
    assert words.zeros_text(kinds, 100, by_size=True) == "50 % selected (by size), 25 % cut off"
    assert words.zeros_text(kinds, 100) == "50 % selected, 25 % cut off"
