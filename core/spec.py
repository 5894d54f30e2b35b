"""What a run is: small frozen values, checked once, at the door."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from core.refusals import Checked, Count, Number, SpecError, shown

DatasetKind = Literal["digits", "rotated_digits", "mnist", "fashion_mnist", "cifar10"]
ModelKind = Literal["textbook_cnn", "small_cnn", "textbook_cnn_bn", "linear"]
MethodKind = Literal["textbook", "proximal", "uniform_threshold", "clip_and_kill", "spred", "fista"]
OptimizerKind = Literal["sgd", "adam"]
PenaltyKind = Literal["none", "l1", "l2", "elastic_net", "group_lasso", "sparse_group_lasso"]
LossKind = Literal["cross_entropy", "mean_squared_error"]
PrecisionKind = Literal["float32", "bfloat16"]
LayerName = Literal["conv1", "bn1", "conv2", "bn2", "fc1", "fc2"]

LAYERS: tuple[LayerName, ...] = get_args(LayerName)
"""Every network's layer names, from input to output."""

MATRIX_LAYERS: frozenset[LayerName] = frozenset({"conv1", "conv2", "fc1", "fc2"})
"""Layers whose weights have units (filters or rows): what a penalty targets unless told otherwise."""

MODEL_LAYERS: dict[ModelKind, tuple[LayerName, ...]] = {
    "textbook_cnn": ("conv1", "conv2", "fc1", "fc2"),
    "small_cnn": ("conv1", "conv2", "fc1", "fc2"),
    "textbook_cnn_bn": ("conv1", "bn1", "conv2", "bn2", "fc1", "fc2"),
    "linear": ("fc1",),
}
"""The layers that each network has, from input to output."""

GROUP_PENALTIES: frozenset[PenaltyKind] = frozenset({"group_lasso", "sparse_group_lasso"})
"""The penalties that need layers with units."""

MIXTURES: frozenset[PenaltyKind] = frozenset({"elastic_net", "sparse_group_lasso"})
"""The penalties that use α."""

PRUNE_ROUNDS = 5
"""In how many rounds a lane is pruned unless told otherwise."""

PRUNED_BY = 0.6
"""Share of the run at which the last round of magnitude pruning comes; then the others are refitted."""

TRAIN_IMAGES: dict[DatasetKind, int] = {
    "digits": 1157,
    "rotated_digits": 1157,
    "mnist": 50_000,
    "fashion_mnist": 50_000,
    "cifar10": 41_667,
}
"""How many training images each dataset has, without those for validation."""

FOLDS = 3
"""Parts of the training images in a cross-validation, as many as a reader may have runs."""

STRENGTHS = (0.0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)
"""The stops of the λ slider."""


def strength_text(strength: float) -> str:
    """A strength as people write it: 0, 0.5, 1e-2, 3e-4."""
    if strength == 0.0 or abs(strength) >= 0.1:
        return f"{strength:g}"
    mantissa, exponent = f"{strength:.2e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


LEARNING_RATES: dict[OptimizerKind, float] = {"adam": 1e-3, "sgd": 0.05}
"""The learning rate η that each optimizer starts with, at batch 64."""

MAX_LANES = 12

Strength = Annotated[Number, Field(ge=0.0, le=10.0)]
Switch = Annotated[bool, Field(strict=True)]


def _layer_set(value: Any) -> Any:
    if isinstance(value, str):
        raise ValueError("a list of layer names")
    return value


LayerSet = Annotated[
    frozenset[LayerName],
    BeforeValidator(_layer_set),
    PlainSerializer(lambda names: [name for name in LAYERS if name in names], return_type=list[str]),
]

MAX_MULTIPLIER = 1000.0


def _by_layer(value: Any) -> tuple[tuple[str, float], ...]:
    try:
        factors = {name: _factor(each) for name, each in dict(value).items()}
    except (TypeError, ValueError, OverflowError):
        factors = {"": 0.0}
    if not factors.keys() <= set(LAYERS):
        raise ValueError(f"numbers from 0 to {MAX_MULTIPLIER:g} by layer name, as in conv1:0.5")
    return tuple((name, factors[name]) for name in LAYERS if factors.get(name, 1.0) != 1.0)


def _factor(value: Any) -> float:
    if isinstance(value, bool) or not 0.0 <= float(value) <= MAX_MULTIPLIER:
        raise ValueError
    return float(value)


Multipliers = Annotated[
    tuple[tuple[LayerName, float], ...],
    BeforeValidator(_by_layer),
    PlainSerializer(dict, return_type=dict[str, float]),
]
"""Factors by layer, as pairs so that a spec stays frozen; a factor of 1 is left out. In JSON a mapping."""


class LaneSpec(Checked):
    """One network's objective: mean data loss + strength · penalty(targeted weights).

    Attributes:
        method: how the penalty enters the update; see `core.maths.methods`.
        optimizer: the rule that steps down the data loss.
        learning_rate: η > 0.
        momentum: μ of sgd; adam does not use it.
        penalty: what is penalised; see `core.maths.penalties`.
        alpha: α of elastic_net and sparse_group_lasso, the share of L1; the others do not use it.
        strength: λ ≥ 0, in loss per unit of penalty.
        layers: names of the layers whose weights are penalised; those the network lacks are of no effect.
        multipliers: what λ is multiplied by in a layer, where that is not 1.
        include_bias: penalise the biases of these layers too; a group penalty then counts a unit's bias
            as a member of its group.
        warmup: share of the run over which λ rises linearly from 0 to `strength`.
        freeze: share of the run, at its end, in which what is zero at its start stays so; λ pulls on.
        polish: share of the run, at its end, without penalty: zeros stay zero and the others are refitted.
        prune: share of all weights that magnitude pruning makes zero for good, the smallest first, in rounds
            between which the others are trained on; 0 prunes none. No penalty is needed for it.
        prune_rounds: how many rounds; 1 prunes all at once.
    """

    method: MethodKind = "proximal"
    optimizer: OptimizerKind = "adam"
    learning_rate: Number = Field(default=1e-3, gt=0.0, le=1.0)
    momentum: Number = Field(default=0.9, ge=0.0, lt=1.0)
    penalty: PenaltyKind = "l1"
    alpha: Number = Field(default=0.5, ge=0.0, le=1.0)
    strength: Strength = 1e-4
    layers: LayerSet = MATRIX_LAYERS
    multipliers: Multipliers = ()
    include_bias: Switch = False
    warmup: Number = Field(default=0.1, ge=0.0, le=1.0)
    freeze: Number = Field(default=0.0, ge=0.0, le=0.9)
    polish: Number = Field(default=0.0, ge=0.0, le=0.9)
    prune: Number = Field(default=0.0, ge=0.0, le=0.999)
    prune_rounds: Count = Field(default=PRUNE_ROUNDS, ge=1, le=20)

    @model_validator(mode="after")
    def _groups_need_units(self) -> Self:
        if complaint := self._without_units():
            raise ValueError(complaint)
        return self

    def _without_units(self) -> str:
        """What is wrong with the layers of a penalty that needs units; empty when nothing is."""
        flat = [name for name in LAYERS if name in self.layers - MATRIX_LAYERS]
        if self.penalty not in GROUP_PENALTIES or not flat:
            return ""
        have = ", ".join(name for name in LAYERS if name in MATRIX_LAYERS)
        got = shown(", ".join(flat))
        return f"layers must be some of {have} for {self.penalty}, which needs units, got {got}"

    @model_validator(mode="after")
    def _spred_is_l1(self) -> Self:
        if self.method == "spred" and self.penalty not in ("l1", "none"):
            raise ValueError(f"penalty must be l1 for spred, got '{self.penalty}'")
        return self

    def without_penalty(self) -> "LaneSpec":
        """The λ = 0 lane to set beside this one: the same optimizer, nothing of the penalty."""
        targets = {"alpha": 0.5, "layers": MATRIX_LAYERS, "multipliers": (), "include_bias": False}
        nothing = dict.fromkeys(("strength", "warmup", "freeze", "polish", "prune"), 0.0)
        rounds = {"prune_rounds": PRUNE_ROUNDS}
        return self.model_copy(update={"penalty": "none", **targets, **nothing, **rounds})

    def multiplier(self, layer: LayerName) -> float:
        """What λ is multiplied by in this layer."""
        return dict(self.multipliers).get(layer, 1.0)

    def changed(self, **fields: Any) -> "LaneSpec":
        """A copy with other values, checked again. Raises SpecError."""
        return LaneSpec.checked(self.model_dump() | fields)

    def moved(self, **fields: Any) -> "LaneSpec":
        """A copy with values of a `Move`, checked there. Raises SpecError when the penalty refuses them."""
        moved = self.model_copy(update=fields)
        if complaint := moved._without_units():
            raise SpecError(f"{complaint}.")
        return moved

    def steered(self, wanted: "LaneSpec") -> "LaneSpec":
        """A copy with what of another lane, checked there, this one can take over. Raises SpecError."""
        return self.moved(**{name: getattr(wanted, name) for name in LIVE_FIELDS})


class Move(Checked):
    """What is changed of a lane while it trains: the fields that are given; the others stay as they are."""

    strength: Strength = 0.0
    layers: LayerSet = MATRIX_LAYERS
    include_bias: Switch = False

    def of(self, lane: LaneSpec) -> LaneSpec:
        """The lane after the move. Raises SpecError when its penalty refuses the layers."""
        return lane.moved(**{name: getattr(self, name) for name in self.model_fields_set})


class Moved(Checked):
    """A move that was made: a run is its spec and its moves, in their order.

    Attributes:
        step: updates done before it.
        lane: the index of the lane.
        move: what was changed.
    """

    step: Count = Field(ge=0)
    lane: Count = Field(ge=0, lt=MAX_LANES)
    move: Move

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it: of the move what was given alone."""
        return self.model_dump(mode="json", exclude_unset=True)


LIVE_FIELDS = tuple(Move.model_fields)
"""What of a lane can change while it trains; anything else takes a restart."""


class RunSpec(Checked):
    """One experiment: data, network, one seed, and the lanes trained on it in lockstep.

    Attributes:
        dataset: which images.
        model: which network.
        precision: of the forward and backward pass; the weights and the proximal step stay float32.
        train_size: how many training images to keep; 0 keeps all.
        label_noise: share of training labels replaced by a wrong one, or of angles by a random one.
        fold: which third of the training images is held out and stands for the validation images, for
            cross-validation; 0 holds out none.
        seed: of the initial weights, the batches and the label noise.
        batch_size: images per update.
        epochs: passes over the training images.
        lanes: the networks; all start from the same weights and see the same batches.
    """

    dataset: DatasetKind = "digits"
    model: ModelKind = "textbook_cnn"
    precision: PrecisionKind = "float32"
    train_size: Count = Field(default=0, ge=0)
    label_noise: Number = Field(default=0.0, ge=0.0, le=0.9)
    fold: Count = Field(default=0, ge=0, le=FOLDS)
    seed: Count = Field(default=0, ge=0, le=2**31 - 1)
    batch_size: Count = Field(default=64, ge=1, le=2048)
    epochs: Count = Field(default=200, ge=1, le=10_000)
    lanes: tuple[LaneSpec, ...] = Field(
        default=(LaneSpec().without_penalty(), LaneSpec()), min_length=1, max_length=MAX_LANES
    )

    @model_validator(mode="after")
    def _as_many_images_as_there_are(self) -> Self:
        if 0 < self.train_size < 10:
            raise ValueError(f"train_size must be 0 (all images) or at least 10, got '{self.train_size}'")
        most = TRAIN_IMAGES[self.dataset]
        if self.train_size > most:
            raise ValueError(f"train_size must be at most {most} for {self.dataset}, got '{self.train_size}'")
        return self

    @model_validator(mode="after")
    def _lanes_fit_the_network(self) -> Self:
        has = MODEL_LAYERS[self.model]
        for lane in self.lanes:
            if lane.layers and not lane.layers & frozenset(has):
                got = ", ".join(name for name in LAYERS if name in lane.layers)
                raise ValueError(
                    f"layers must be some of {', '.join(has)} for {self.model}, got {shown(got)}"
                )
            if lane.method == "fista" and self.model != "linear":
                raise ValueError(f"model must be linear for method fista, got {shown(self.model)}")
        return self

    @property
    def loss(self) -> LossKind:
        """The data loss: rotated digits ask for an angle, all others for a label."""
        return "mean_squared_error" if self.dataset == "rotated_digits" else "cross_entropy"

    @property
    def layer_names(self) -> tuple[LayerName, ...]:
        """The layers of the run's network, from input to output."""
        return MODEL_LAYERS[self.model]

    def after(self, moves: Iterable[Moved]) -> "RunSpec":
        """These settings with moves made, in their order. Raises SpecError when a penalty refuses one."""
        lanes = list(self.lanes)
        for made in moves:
            lanes[made.lane] = made.move.of(lanes[made.lane])
        return self.model_copy(update={"lanes": tuple(lanes)})

    @classmethod
    def beside_zero(cls, lane: LaneSpec, **fields: Any) -> "RunSpec":
        """A live run: the λ = 0 lane and `lane`. Raises SpecError."""
        return cls.checked({"lanes": (lane.without_penalty(), lane), **fields})


PRESETS: dict[str, RunSpec] = {
    "textbook_recipe": RunSpec.beside_zero(
        LaneSpec(method="textbook", strength=1e-3, include_bias=True, warmup=0.0), epochs=10
    ),
    "exact_zeros": RunSpec.beside_zero(LaneSpec()),
}
"""Settings one click away: the textbook's own recipe, and the one that makes exact zeros."""
