"""One more choice made: the rest of the settings goes with it, and what cannot be is refused."""

from typing import get_args

import pytest

from core.refusals import SpecError
from core.spec import LEARNING_RATES, MATRIX_LAYERS, MODEL_LAYERS, TRAIN_IMAGES, LaneSpec, ModelKind, RunSpec
from pages.ui.train_live.edits import with_dataset, with_lane, with_model

SPEC = RunSpec.beside_zero(LaneSpec())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("strength", 3e-3),
        ("penalty", "l2"),
        ("method", "textbook"),
        ("layers", frozenset({"fc1"})),
        ("momentum", 0.5),
    ],
)
def test_a_choice_changes_its_field_and_the_lane_beside_it_goes_along(field, value):
    other = with_lane(SPEC, field, value)
    assert other.lanes[1] == SPEC.lanes[1].changed(**{field: value})
    assert other.lanes[0] == other.lanes[1].without_penalty()
    assert other.model_copy(update={"lanes": SPEC.lanes}) == SPEC


def test_a_choice_that_cannot_be_is_one_sentence():
    with pytest.raises(SpecError, match="strength") as refused:
        with_lane(SPEC, "strength", -1.0)
    assert str(refused.value).count(". ") == 0


@pytest.mark.parametrize(("before", "after"), [("adam", "sgd"), ("sgd", "adam")])
def test_an_optimizer_brings_its_rate_but_leaves_ones_own(before, after):
    spec = with_lane(SPEC, "optimizer", before)
    assert with_lane(spec, "optimizer", after).lanes[1].learning_rate == LEARNING_RATES[after]
    own = with_lane(spec, "learning_rate", 0.123)
    assert with_lane(own, "optimizer", after).lanes[1].learning_rate == 0.123


@pytest.mark.parametrize("before", get_args(ModelKind))
@pytest.mark.parametrize("after", get_args(ModelKind))
def test_every_network_follows_every_other_and_something_stays_penalised(before, after):
    spec = with_model(with_model(SPEC, before), after)
    assert spec.model == after
    assert spec.lanes[1].layers & set(MODEL_LAYERS[after])


def test_layers_the_next_network_has_stay_as_they_were_chosen():
    fc2 = with_lane(SPEC, "layers", frozenset({"fc2"}))
    assert with_model(fc2, "small_cnn").lanes[1].layers == {"fc2"}
    norms = with_lane(with_model(SPEC, "textbook_cnn_bn"), "layers", frozenset({"bn1"}))
    assert with_model(norms, "textbook_cnn").lanes[1].layers == MATRIX_LAYERS
    nothing = with_lane(SPEC, "layers", frozenset())
    assert with_model(nothing, "small_cnn").lanes[1].layers == frozenset()


def test_fista_stays_with_the_linear_network():
    linear = with_lane(with_model(SPEC, "linear"), "method", "fista")
    assert with_model(linear, "small_cnn").lanes[1].method == "proximal"
    assert with_model(linear, "linear").lanes[1].method == "fista"


@pytest.mark.parametrize("dataset", TRAIN_IMAGES)
def test_a_smaller_dataset_gives_all_it_has(dataset):
    most = TRAIN_IMAGES[dataset]
    asked = RunSpec(dataset=max(TRAIN_IMAGES, key=TRAIN_IMAGES.__getitem__), train_size=1000)
    assert with_dataset(asked, dataset).train_size == (1000 if most >= 1000 else 0)
    assert with_dataset(asked, dataset).dataset == dataset


def test_a_dataset_that_does_not_exist_is_refused():
    with pytest.raises(SpecError, match="dataset"):
        with_dataset(SPEC, "cats")
