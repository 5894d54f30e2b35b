"""From the settings on the screen to those with one more choice made: what no longer fits goes with it.

Each raises SpecError, one sentence, when the choice cannot be.
"""

from core.spec import (
    LEARNING_RATES,
    MATRIX_LAYERS,
    MODEL_LAYERS,
    TRAIN_IMAGES,
    DatasetKind,
    ModelKind,
    RunSpec,
)


def with_lane(spec: RunSpec, field: str, value: object) -> RunSpec:
    """Another value in the reader's lane, and beside it the lane at λ = 0 that goes with it."""
    lane = spec.lanes[-1].changed(**{field: value})
    if field == "optimizer" and lane.learning_rate in LEARNING_RATES.values():
        # Adam's rate is 50 times too small for SGD: nothing would happen. A rate of one's own stays.
        lane = lane.changed(learning_rate=LEARNING_RATES[lane.optimizer])
    return RunSpec.checked(spec.model_dump() | {"lanes": (lane.without_penalty(), lane)})


def with_model(spec: RunSpec, model: ModelKind) -> RunSpec:
    """Another network: what it cannot have is no longer penalised, nor done by a method it has not."""
    if spec.lanes[-1].method == "fista" and model != "linear":
        spec = with_lane(spec, "method", "proximal")
    if spec.model == "linear" and spec.lanes[-1].layers:
        # Its one layer was all of it: of the next network all layers are penalised too.
        spec = with_lane(spec, "layers", MATRIX_LAYERS)
    kept = spec.lanes[-1].layers & (MATRIX_LAYERS | frozenset(MODEL_LAYERS.get(model, ())))
    has_some = kept & frozenset(MODEL_LAYERS.get(model, ()))
    other = with_lane(spec, "layers", kept if has_some or not spec.lanes[-1].layers else MATRIX_LAYERS)
    return RunSpec.checked(other.model_dump() | {"model": model})


def with_dataset(spec: RunSpec, dataset: DatasetKind) -> RunSpec:
    """Other images: of a smaller dataset all, where more were asked for than it has."""
    train_size = spec.train_size if spec.train_size <= TRAIN_IMAGES.get(dataset, 0) else 0
    return RunSpec.checked(spec.model_dump() | {"dataset": dataset, "train_size": train_size})
