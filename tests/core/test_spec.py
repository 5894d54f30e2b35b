import json
import re
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.link import LANE_FIELDS, OF_THE_PENALTY, RUN_FIELDS, from_link, misnamed, to_link
from core.refusals import MAX_JSON_CHARS, SpecError
from core.spec import (
    LAYERS,
    MATRIX_LAYERS,
    MAX_LANES,
    MODEL_LAYERS,
    LaneSpec,
    MethodKind,
    ModelKind,
    PenaltyKind,
    PrecisionKind,
    RunSpec,
    strength_text,
)
from tests.written import STRENGTHS

LANES = st.builds(
    LaneSpec,
    method=st.sampled_from([kind for kind in get_args(MethodKind) if kind not in ("fista", "spred")]),
    optimizer=st.sampled_from(["sgd", "adam"]),
    learning_rate=st.floats(0.0, 1.0, exclude_min=True),
    momentum=st.floats(0.0, 1.0, exclude_max=True),
    penalty=st.sampled_from(get_args(PenaltyKind)),
    alpha=st.floats(0.0, 1.0),
    strength=st.floats(0.0, 10.0),
    layers=st.frozensets(st.sampled_from(sorted(MATRIX_LAYERS))),
    multipliers=st.dictionaries(st.sampled_from(LAYERS), st.floats(0.0, 1000.0)),
    include_bias=st.booleans(),
    warmup=st.floats(0.0, 1.0),
    freeze=st.floats(0.0, 0.9),
    polish=st.floats(0.0, 0.9),
    prune=st.floats(0.0, 0.999),
    prune_rounds=st.integers(1, 20),
)
SPECS = st.builds(
    RunSpec,
    model=st.sampled_from(["textbook_cnn", "small_cnn", "textbook_cnn_bn"]),
    precision=st.sampled_from(get_args(PrecisionKind)),
    train_size=st.just(0) | st.integers(10, 1157),
    label_noise=st.floats(0.0, 0.9),
    seed=st.integers(0, 2**31 - 1),
    batch_size=st.integers(1, 2048),
    epochs=st.integers(1, 1000),
    lanes=st.lists(LANES, min_size=1, max_size=MAX_LANES).map(tuple),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*RUN_FIELDS, *LANE_FIELDS, "lanes", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)
LINKS = st.dictionaries(
    st.sampled_from([*RUN_FIELDS, *LANE_FIELDS, "lanes", "run"]),
    st.text(max_size=30)
    | st.sampled_from(["1e999", "nan", "-1", "1,2", "fc1.fc2", "0.1", "3", "²", "9" * 40]),
    max_size=6,
)

SENTENCE = re.compile(r"\S.* must be .+, got .+\.", re.DOTALL)


def is_one_sentence(error: SpecError) -> bool:
    text = str(error)
    return SENTENCE.fullmatch(text) is not None and "\n" not in text and len(text) < 400


def valid_or_refused(make) -> None:
    """What `make` returns is a spec that checks again; or it refuses in one sentence."""
    refused = None
    try:
        spec = make()
    except SpecError as error:
        refused = error
    if refused is None:
        assert type(spec).checked(spec.model_dump()) == spec
    else:
        assert is_one_sentence(refused), str(refused)


@given(SPECS)
def test_json_round_trip(spec):
    text = spec.to_json()
    assert RunSpec.from_json(text) == spec
    assert json.loads(text, parse_constant=pytest.fail)["seed"] == spec.seed


@given(SPECS)
def test_link_round_trip(spec):
    assert from_link(to_link(spec)) == spec


@given(ANYTHING)
@example({"lanes": [{}] * (MAX_LANES + 1)})
@example({"seed": 10**5000})
@example({"seed": True})
@example({"lanes": [{"layers": "conv1"}]})
@example({"train_size": 3})
def test_any_values_make_a_spec_or_a_sentence(values):
    valid_or_refused(lambda: RunSpec.checked(values))
    valid_or_refused(lambda: LaneSpec.checked(values))


@given(st.text() | ANYTHING.map(json.dumps))
@example("[" * 100_000)
@example("[" * 10_000)
@example('{"seed": 1' + "0" * 10_000 + "}")
@example('{"seed": NaN}')
def test_any_text_makes_a_spec_or_a_sentence(text):
    valid_or_refused(lambda: RunSpec.from_json(text))


@given(LINKS)
@example({"lanes": "2", "strength": "1,2,3"})
@example({"lanes": "9" * 5000})
@example({"seed": "9" * 5000})
@example({"learning_rate": "inf"})
@example({"train_size": "5000"})
@example({"multipliers": "conv1:0.5_fc1:2"})
@example({"multipliers": "conv1:0.5_fc1"})
@example({"multipliers": "conv9:1"})
@example({"multipliers": "conv1:nan,"})
def test_any_link_makes_a_spec_or_a_sentence(link):
    valid_or_refused(lambda: from_link(link))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"batch_size": 0}, "batch_size must be at least 1, got '0'."),
        ({"epochs": 1.5}, "epochs must be a whole number, got '1.5'."),
        (
            {"dataset": "faces"},
            "dataset must be 'digits', 'rotated_digits', 'mnist', 'fashion_mnist' or 'cifar10', got 'faces'.",
        ),
        ({"seed": True}, "seed must be a whole number, got 'True'."),
        ({"lanes": []}, "lanes must be at least 1 long, got '[]'."),
        ({"lanes": [{"strength": float("nan")}]}, "lanes.0.strength must be a finite number, got 'nan'."),
        ({"lanes": [{"momentum": 1.0}]}, "lanes.0.momentum must be less than 1.0, got '1.0'."),
        ({"sed": 1}, "sed must be left out: there is no such setting, got '1'."),
        ({"train_size": 5}, "train_size must be 0 (all images) or at least 10, got '5'."),
        ({"train_size": 1158}, "train_size must be at most 1157 for digits, got '1158'."),
        (
            {"dataset": "cifar10", "train_size": 10**30},
            f"train_size must be at most 41667 for cifar10, got '{10**30}'.",
        ),
    ],
)
def test_the_sentence_names_field_expected_and_got(values, sentence):
    with pytest.raises(SpecError) as refused:
        RunSpec.checked(values)
    assert str(refused.value) == sentence


def test_too_much_json_is_refused_unread():
    with pytest.raises(SpecError, match=f"at most {MAX_JSON_CHARS}"):
        RunSpec.from_json("[" * (MAX_JSON_CHARS + 1))


def test_parameters_that_are_no_settings_are_left_alone():
    assert from_link({"run": "abc", "theme": "dark"}) == RunSpec()
    assert to_link(RunSpec()) == {}


def test_a_link_worked_by_hand():
    lane = LaneSpec(strength=3e-3, layers=frozenset({"fc2", "fc1"}))
    spec = RunSpec.beside_zero(lane, seed=7)
    assert to_link(spec) == {"seed": "7", "strength": "0.003", "layers": "fc1.fc2"}
    path = RunSpec(lanes=tuple(LaneSpec(strength=strength) for strength in (1e-4, 1.0)))
    assert to_link(path) == {"penalty": "l1,l1", "strength": "0.0001,1.0", "warmup": "0.1,0.1"}


@pytest.mark.parametrize("name", sorted(OF_THE_PENALTY))
def test_one_value_of_a_penalty_leaves_the_lane_without_one_alone(name):
    values = {"penalty": "l2", "strength": "1e-2", "alpha": "0.1", "layers": "fc1", "include_bias": "true"}
    values |= {"multipliers": "fc1:2", "warmup": "0.2", "freeze": "0.2", "polish": "0.2"}
    given = {name: values[name]}
    zero, penalised = from_link(given).lanes
    assert zero == RunSpec().lanes[0]
    assert penalised != RunSpec().lanes[1]


@pytest.mark.parametrize("text", ["0,001", "0,5", "0,1", "1,5"])
def test_a_decimal_comma_is_refused_in_a_sentence_that_says_why(text):
    with pytest.raises(SpecError, match=f"strength must be written with a point.*got '{text}'"):
        from_link({"strength": text})


@pytest.mark.parametrize("text", ["fc1.fc2", "fc1,fc2"])
def test_layers_are_listed_with_dots_or_commas(text):
    assert from_link({"layers": text}).lanes[1].layers == {"fc1", "fc2"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lambda", "called strength"),
        ("Strength", "called strength"),
        ("learningrate", "called learning_rate"),
        ("speed", "set on the page alone"),
        ("paused", "set on the page alone"),
        ("strength", ""),
        ("run", ""),
        ("utm_source", ""),
        ("path", ""),
        ("grid", ""),
        ("lane", ""),
    ],
)
def test_a_parameter_that_nearly_is_a_setting_is_told(name, words):
    said = misnamed({name: "1"})
    assert (words in said) if words else (said == "")


def test_multipliers_worked_by_hand():
    lane = LaneSpec(multipliers={"fc1": 2, "conv1": 0.5, "fc2": 1})
    assert lane.multipliers == (("conv1", 0.5), ("fc1", 2.0))
    assert [lane.multiplier(layer) for layer in LAYERS] == [0.5, 1.0, 1.0, 1.0, 2.0, 1.0]
    assert to_link(RunSpec.beside_zero(lane)) == {"multipliers": "conv1:0.5_fc1:2"}
    assert json.loads(lane.to_json())["multipliers"] == {"conv1": 0.5, "fc1": 2.0}
    assert hash(lane) == hash(LaneSpec(multipliers={"conv1": 0.5, "fc1": 2.0}))


@pytest.mark.parametrize("bad", [{"conv9": 1}, {"fc1": -1}, {"fc1": True}, {"fc1": 10**400}, 3, "fc1:2"])
def test_multipliers_are_refused_in_one_sentence(bad):
    with pytest.raises(SpecError, match=r"multipliers must be numbers from 0 to 1000 by layer name"):
        LaneSpec.checked({"multipliers": bad})


def test_the_lane_beside_is_the_same_without_penalty():
    lane = LaneSpec(optimizer="sgd", learning_rate=0.05)
    zero, yours = RunSpec.beside_zero(lane).lanes
    assert yours == lane
    assert (zero.penalty, zero.strength, zero.optimizer, zero.learning_rate) == ("none", 0.0, "sgd", 0.05)


def test_changed_checks_again():
    assert LaneSpec().changed(strength=0.01).strength == 0.01
    with pytest.raises(SpecError, match="strength must be at most 10"):
        LaneSpec().changed(strength=11)


def test_every_network_and_layer_has_its_place():
    assert set(MODEL_LAYERS) == set(get_args(ModelKind))
    assert {name for layers in MODEL_LAYERS.values() for name in layers} == set(LAYERS)
    assert all(tuple(sorted(layers, key=LAYERS.index)) == layers for layers in MODEL_LAYERS.values())


def test_a_network_without_the_targeted_layers_is_refused():
    message = "layers must be some of fc1 for linear, got 'conv1, fc2'."
    with pytest.raises(SpecError, match=re.escape(message)):
        RunSpec.beside_zero(LaneSpec(layers=frozenset({"fc2", "conv1"})), model="linear")
    assert RunSpec.beside_zero(LaneSpec(), model="linear").layer_names == ("fc1",)


def test_fista_needs_the_linear_network():
    with pytest.raises(SpecError, match=r"model must be linear for method fista, got 'textbook_cnn'\."):
        RunSpec.beside_zero(LaneSpec(method="fista"))
    assert RunSpec.beside_zero(LaneSpec(method="fista"), model="linear").lanes[1].method == "fista"


@pytest.mark.parametrize("penalty", ["group_lasso", "sparse_group_lasso"])
def test_groups_need_layers_with_units(penalty):
    lane = {"penalty": penalty, "layers": ["bn1", "fc1"]}
    message = rf"layers must be some of conv1, conv2, fc1, fc2 for {penalty}, which needs units, got 'bn1'\."
    with pytest.raises(SpecError, match=message):
        LaneSpec.checked(lane)
    with pytest.raises(SpecError, match=f"^{message}$"):
        RunSpec.checked({"model": "textbook_cnn_bn", "lanes": [lane]})


def test_the_dataset_decides_the_loss():
    assert RunSpec(dataset="rotated_digits").loss == "mean_squared_error"
    assert RunSpec(dataset="mnist").loss == "cross_entropy"


def test_a_spec_is_frozen():
    with pytest.raises(ValidationError):
        RunSpec().seed = 3


@pytest.mark.parametrize(("value", "text"), STRENGTHS)
def test_a_strength_is_written_in_three_digits(value, text):
    assert strength_text(value) == text
