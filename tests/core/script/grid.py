"""Runs whose scripts together hold all that a script may say."""

from core.maths.optimizers import OPTIMIZERS
from core.script.recipe import Change
from core.script.reference import VALUES
from core.spec import MODEL_LAYERS, LaneSpec, RunSpec

LANE = LaneSpec(strength=1e-3, warmup=0.0)
RATES = {"adam": 1e-3, "sgd": 0.05}


def run(*lanes: LaneSpec, **fields) -> RunSpec:
    """Five updates an epoch, four epochs."""
    return RunSpec.checked({"train_size": 320, "epochs": 4, "lanes": lanes} | fields)


def alone(**fields) -> RunSpec:
    """One lane: what λ = 0 beside it prints, other runs test."""
    lane = LANE.changed(**fields)
    return run(lane.changed(learning_rate=RATES[lane.optimizer]))


SPECS = {
    **{
        f"{method}_{rule}": alone(method=method, optimizer=rule)
        for method in ("textbook", "proximal", "uniform_threshold", "clip_and_kill")
        for rule in OPTIMIZERS
    },
    **{
        f"{penalty}_{method}_{rule}": alone(penalty=penalty, method=method, optimizer=rule, alpha=0.3)
        for penalty in VALUES
        for method, rule in (("proximal", "adam"), ("proximal", "sgd"), ("textbook", "adam"))
    },
    "clipped_squares": alone(penalty="l2", method="clip_and_kill", optimizer="sgd"),
    "clipped_groups": alone(penalty="sparse_group_lasso", method="clip_and_kill"),
    **{
        f"on_{model}": run(LANE.without_penalty(), LANE, model=model)
        for model in MODEL_LAYERS
        if model != "textbook_cnn"
    },
    "angles": run(LANE.without_penalty(), LANE, dataset="rotated_digits", label_noise=0.2, model="linear"),
    "bfloat16": run(LANE.without_penalty(), LANE, precision="bfloat16", model="small_cnn"),
    "only_fc1": alone(layers=["fc1"]),
    "biases_of_two": alone(layers=["conv1", "fc2"], include_bias=True),
    "all_biases": alone(include_bias=True, method="textbook"),
    **{
        f"multipliers_{method}": alone(multipliers={"fc1": 0.5, "conv1": 0.0}, method=method)
        for method in ("textbook", "proximal", "uniform_threshold", "clip_and_kill")
    },
    "spred_adam": alone(method="spred", warmup=0.3),
    "spred_sgd": alone(method="spred", optimizer="sgd", multipliers={"conv1": 0.5}, layers=["conv1", "fc1"]),
    "spred_polish_adam": alone(method="spred", polish=0.4, warmup=0.2),
    # ηλ = 1 takes a weight without gradient to exactly zero: one of a pixel that is always black.
    "spred_polish_zeros": run(
        LANE.changed(
            method="spred", optimizer="sgd", momentum=0.0, learning_rate=0.125, strength=8.0, polish=0.4
        ),
        model="linear",
    ),
    **{
        f"biases_in_groups_{method}_{rule}": alone(
            penalty="group_lasso", include_bias=True, method=method, optimizer=rule, polish=0.2
        )
        for method in ("textbook", "proximal", "uniform_threshold")
        for rule in OPTIMIZERS
    },
    "biases_in_both": run(
        LANE.without_penalty(),
        LANE.changed(penalty="group_lasso", include_bias=True, multipliers={"fc1": 0.5}),
        LANE.changed(penalty="sparse_group_lasso", alpha=0.2, include_bias=True, layers=["conv1", "fc1"]),
    ),
    "warmup": alone(warmup=0.5),
    "polish_adam": alone(polish=0.4, warmup=0.2),
    "freeze": alone(freeze=0.4),
    "freeze_then_polish": run(LANE.changed(freeze=0.6, polish=0.2), LANE.changed(freeze=0.2), LANE),
    "pruned_adam": run(LANE.without_penalty().changed(prune=0.9), LANE),
    "pruned_at_once": run(LANE.without_penalty().changed(prune=0.9, prune_rounds=1), LANE),
    "pruned_sgd": alone(prune=0.8, optimizer="sgd", penalty="none"),
    "polish_sgd": alone(polish=0.4, optimizer="sgd"),
    "polish_without_momentum": alone(polish=0.4, optimizer="sgd", momentum=0.0),
    "no_momentum": alone(optimizer="sgd", momentum=0.0),
    "wrong_labels": run(LANE, label_noise=0.3, seed=7, batch_size=48),
    "all_images": run(LANE, train_size=0, label_noise=0.1, epochs=1),
    "only_plain": run(LANE.without_penalty()),
    "zero_strength": run(LANE.changed(strength=0.0), LANE.changed(layers=[])),
    "methods": run(
        *(LANE.changed(method=method) for method in ("textbook", "proximal", "uniform_threshold")),
        LANE.changed(method="clip_and_kill"),
        LANE.without_penalty(),
    ),
    "penalties": run(*(LANE.changed(penalty=kind, alpha=0.2) for kind in VALUES)),
    "mixtures": run(*(LANE.changed(penalty="elastic_net", alpha=share) for share in (0.1, 0.9))),
    "optimizers": run(
        LANE.changed(polish=0.3),
        LANE.changed(optimizer="sgd", learning_rate=0.05, polish=0.5),
        LANE.changed(optimizer="sgd", learning_rate=0.02, momentum=0.5, include_bias=True),
    ),
    "everything_differs": run(
        LANE.changed(layers=["fc1"], warmup=0.4, multipliers={"fc1": 2.0}),
        LANE.changed(layers=["conv2", "fc2"], include_bias=True, polish=0.3),
        LANE.without_penalty(),
    ),
    "groups_beside_biases": run(LANE.changed(penalty="group_lasso"), LANE.changed(include_bias=True)),
    "path": run(*(LANE.changed(strength=strength) for strength in (1e-3, 1e-2, 1e-2))),
}

MOVED = run(LANE.without_penalty(), LANE.changed(strength=1e-3))
CHANGES = {
    "strength": (Change(7, 1, "strength", 5e-2), Change(14, 1, "strength", 0.0)),
    "layers": (Change(10, 1, "layers", frozenset({"fc1", "bn1"})), Change(10, 1, "include_bias", True)),
    "from_zero": (Change(12, 0, "strength", 1e-2),),
}
