"""What a run is: small frozen values, checked once, at the door; as JSON and as a link."""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

DatasetKind = Literal["digits"]
ModelKind = Literal["textbook_cnn"]
MethodKind = Literal["textbook", "proximal"]
OptimizerKind = Literal["sgd", "adam"]
PenaltyKind = Literal["none", "l1"]
LayerName = Literal["conv1", "conv2", "fc1", "fc2"]

LAYERS: tuple[LayerName, ...] = get_args(LayerName)
"""Layer names, from input to output."""

ALL_LAYERS = frozenset(LAYERS)

STRENGTHS = (0.0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
"""The stops of the λ slider."""

MAX_LANES = 12
MAX_JSON_CHARS = 20_000


class SpecError(ValueError):
    """A setting was refused. `str()` is one sentence: the field, what it must be, what it was."""


def _no_booleans(value: Any) -> Any:
    # Python counts True as 1; a person who wrote `true` for a number made a mistake.
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


def _layer_set(value: Any) -> Any:
    if isinstance(value, str):
        raise ValueError("must be a list of layer names")
    return value


Number = Annotated[float, BeforeValidator(_no_booleans), Field(allow_inf_nan=False)]
Count = Annotated[int, BeforeValidator(_no_booleans)]
LayerSet = Annotated[
    frozenset[LayerName],
    BeforeValidator(_layer_set),
    PlainSerializer(lambda names: [name for name in LAYERS if name in names], return_type=list[str]),
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def checked(cls, values: Any) -> Self:
        """Build from untrusted values.

        Raises:
            SpecError: one sentence that names the field, what it must be and what it was.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise SpecError(_sentence(error)) from None

    def to_json(self) -> str:
        """Compact JSON with every field."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of `to_json`. Raises SpecError."""
        if len(text) > MAX_JSON_CHARS:
            raise SpecError(
                f"The settings must be at most {MAX_JSON_CHARS} characters of JSON, got {len(text)}."
            )
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            raise SpecError(f"The settings must be JSON, got {_shown(text)}.") from None
        return cls.checked(values)


class LaneSpec(_Frozen):
    """One network's objective: mean data loss + strength · penalty(targeted weights).

    Attributes:
        method: how the penalty enters the update; see `core.training.methods`.
        optimizer: the rule that steps down the data loss.
        learning_rate: η > 0.
        momentum: μ of sgd; adam does not use it.
        penalty: what is penalised; see `core.training.penalties`.
        strength: λ ≥ 0, in loss per unit of penalty.
        layers: names of the layers whose weights are penalised.
        include_bias: penalise the biases of these layers too.
        warmup: share of the run over which λ rises linearly from 0 to `strength`.
    """

    method: MethodKind = "proximal"
    optimizer: OptimizerKind = "adam"
    learning_rate: Number = Field(default=1e-3, gt=0.0, le=1.0)
    momentum: Number = Field(default=0.9, ge=0.0, lt=1.0)
    penalty: PenaltyKind = "l1"
    strength: Number = Field(default=1e-4, ge=0.0, le=10.0)
    layers: LayerSet = ALL_LAYERS
    include_bias: bool = Field(default=False, strict=True)
    warmup: Number = Field(default=0.1, ge=0.0, le=1.0)

    def without_penalty(self) -> "LaneSpec":
        """The λ = 0 lane to set beside this one: the same optimizer, nothing of the penalty."""
        plain = {
            "penalty": "none",
            "strength": 0.0,
            "layers": ALL_LAYERS,
            "include_bias": False,
            "warmup": 0.0,
        }
        return self.model_copy(update=plain)

    def changed(self, **fields: Any) -> "LaneSpec":
        """A copy with other values, checked again. Raises SpecError."""
        return LaneSpec.checked(self.model_dump() | fields)


class RunSpec(_Frozen):
    """One experiment: data, network, one seed, and the lanes trained on it in lockstep.

    Attributes:
        dataset: which images.
        model: which network.
        train_size: how many training images to keep; 0 keeps all.
        label_noise: share of training labels replaced by a wrong one.
        seed: of the initial weights, the batches and the label noise.
        batch_size: images per update.
        epochs: passes over the training images.
        lanes: the networks; all start from the same weights and see the same batches.
    """

    dataset: DatasetKind = "digits"
    model: ModelKind = "textbook_cnn"
    train_size: Count = Field(default=0, ge=0, le=60_000)
    label_noise: Number = Field(default=0.0, ge=0.0, le=0.9)
    seed: Count = Field(default=0, ge=0, le=2**31 - 1)
    batch_size: Count = Field(default=64, ge=1, le=2048)
    epochs: Count = Field(default=200, ge=1, le=1000)
    lanes: tuple[LaneSpec, ...] = Field(
        default=(LaneSpec().without_penalty(), LaneSpec()), min_length=1, max_length=MAX_LANES
    )

    @model_validator(mode="after")
    def _enough_images_for_a_batch(self) -> Self:
        if 0 < self.train_size < 10:
            raise ValueError(f"train_size must be 0 (all images) or at least 10, got '{self.train_size}'")
        return self

    @classmethod
    def beside_zero(cls, lane: LaneSpec, **fields: Any) -> "RunSpec":
        """A live run: the λ = 0 lane and `lane`. Raises SpecError."""
        return cls.checked({"lanes": (lane.without_penalty(), lane), **fields})

    def to_link(self) -> dict[str, str]:
        """Link parameters: every value that is not the default, lane values comma-separated.

        Layers of one lane are joined by dots: `layers=fc1.fc2`. One value for all lanes is
        written once.
        """
        default = type(self)()
        link = {
            name: _written(getattr(self, name))
            for name in RUN_FIELDS
            if getattr(self, name) != getattr(default, name)
        }
        if len(self.lanes) != len(default.lanes):
            link["lanes"] = str(len(self.lanes))
        for name in LANE_FIELDS:
            values = [getattr(lane, name) for lane in self.lanes]
            if values != [getattr(lane, name) for lane in _default_lanes(len(values))]:
                written = [_written(value) for value in values]
                link[name] = written[0] if len(set(written)) == 1 else ",".join(written)
        return link

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> "RunSpec":
        """The inverse of `to_link`; parameters that are no setting are left alone.

        Raises:
            SpecError: the first value that cannot be, in one sentence.
        """
        values: dict[str, Any] = {name: link[name] for name in RUN_FIELDS if name in link}
        lanes = [lane.model_dump() for lane in _default_lanes(_lane_count(link))]
        for name in LANE_FIELDS:
            if name in link:
                for lane, text in zip(lanes, _per_lane(name, link[name], len(lanes)), strict=True):
                    lane[name] = _read(name, text)
        return cls.checked({**values, "lanes": tuple(lanes)})


RUN_FIELDS = tuple(name for name in RunSpec.model_fields if name != "lanes")
LANE_FIELDS = tuple(LaneSpec.model_fields)

PRESETS: dict[str, RunSpec] = {
    "textbook_recipe": RunSpec.beside_zero(
        LaneSpec(method="textbook", strength=1e-3, include_bias=True, warmup=0.0), epochs=10
    ),
    "exact_zeros": RunSpec.beside_zero(LaneSpec()),
}
"""Settings one click away: the textbook's own recipe, and the one that makes exact zeros."""


def _default_lanes(n_lanes: int) -> tuple[LaneSpec, ...]:
    lane = LaneSpec()
    return (lane,) if n_lanes == 1 else (lane.without_penalty(),) + (lane,) * (n_lanes - 1)


def _lane_count(link: Mapping[str, str]) -> int:
    text = link.get("lanes", "2")
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MAX_LANES):
        raise SpecError(f"lanes must be a whole number from 1 to {MAX_LANES}, got {_shown(text)}.")
    return int(text)


def _per_lane(name: str, text: str, n_lanes: int) -> Iterable[str]:
    parts = text.split(",")
    if len(parts) == 1:
        return parts * n_lanes
    if len(parts) != n_lanes:
        raise SpecError(f"{name} must be one value or {n_lanes} separated by commas, got {_shown(text)}.")
    return parts


def _written(value: Any) -> str:
    if isinstance(value, frozenset):
        return ".".join(name for name in LAYERS if name in value)
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)


def _read(name: str, text: str) -> Any:
    if name == "layers":
        return [part for part in text.split(".") if part]
    if name == "include_bias":
        return {"true": True, "false": False}.get(text, text)
    return text


def _shown(value: Any) -> str:
    try:
        text = value if isinstance(value, str) else repr(value)
    except ValueError:  # Python writes no whole number of more than 4,300 digits.
        text = "a number too long to write"
    text = " ".join(text.split())
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"


_EXPECTED = {
    "greater_than": "greater than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "finite_number": "a finite number",
    "literal_error": "{expected}",
    "extra_forbidden": "left out: there is no such setting",
    "too_long": "at most {max_length} long",
    "too_short": "at least {min_length} long",
    "bool_type": "true or false",
}
_EXPECTED |= dict.fromkeys(("float_type", "float_parsing"), "a number")
_EXPECTED |= dict.fromkeys(
    ("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number"
)
_EXPECTED |= dict.fromkeys(("frozen_set_type", "tuple_type"), "a list")
_EXPECTED |= dict.fromkeys(("model_type", "model_attributes_type"), "a set of named values")


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    if first["type"] == "value_error" and not first["loc"]:
        return str(first["ctx"]["error"]) + "."
    field = ".".join(str(part) for part in first["loc"]) or "The settings"
    if first["type"] == "value_error":
        expected = str(first["ctx"]["error"]).removeprefix("must be ")
    else:
        template = _EXPECTED.get(first["type"], first["msg"])
        expected = template.format(**first.get("ctx", {}))
    return f"{_shown(field)[1:-1]} must be {expected}, got {_shown(first['input'])}."
