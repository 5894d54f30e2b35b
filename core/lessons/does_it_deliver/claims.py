"""What the textbook claims of L1, and what to train to see for yourself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from core.experiments import MAX_RUNS, Experiment, Trained
from core.lessons.does_it_deliver import advantages, disadvantages, half_truths, selection
from core.lessons.does_it_deliver.results import Result
from core.lessons.how_zeros_happen import network
from core.spec import PRUNED_BY, TRAIN_IMAGES, LaneSpec, RunSpec, strength_text

Kind = Literal["advantage", "disadvantage", "myth"]

ADAM = LaneSpec()
SGD = LaneSpec(optimizer="sgd", learning_rate=0.05)
TEXTBOOK = ADAM.changed(method="textbook", strength=1e-3, include_bias=True, warmup=0.0)
FULL_BATCH = 2048
"""More than digits have: every update sees all training images."""
REFIT = 1.0 - PRUNED_BY
"""Share of the run in which L1 is refitted beside magnitude pruning, which is refitted as long."""
SAMPLE = TRAIN_IMAGES["digits"] // MAX_RUNS
"""Images of each seed's sample: as many as three samples can have without a common one."""


@dataclass(frozen=True)
class Claim:
    """One card.

    Attributes:
        claim: what the textbook says, in its spirit.
        question: what to predict, a number in `unit` from `low` to `high`, or one of `choices`.
        setup: what will be trained, in a sentence.
        measure: the result of the finished, or still going, runs.
    """

    kind: Kind
    claim: str
    question: str
    setup: str
    experiment: Experiment
    measure: Callable[[Sequence[Trained]], Result]
    unit: str = "%"
    low: float = 0.0
    high: float = 100.0
    choices: tuple[str, ...] = ()


CLAIMS: Mapping[str, Claim] = MappingProxyType(
    {
        "sparsity": Claim(
            kind="advantage",
            claim="L1 makes many weights exactly zero.",
            question="What share of the weights does the textbook recipe set exactly to zero?",
            setup=(
                "Digits, 40 epochs, three copies of one network: no penalty and the textbook recipe by Adam, "
                "the proximal step by SGD."
            ),
            experiment=Experiment.over_seeds(
                RunSpec(epochs=40, lanes=(ADAM.without_penalty(), TEXTBOOK, SGD.changed(strength=3e-4)))
            ),
            measure=advantages.sparsity,
        ),
        "feature_selection": Claim(
            kind="advantage",
            claim="L1 selects the important features.",
            question=(
                f"Train on two samples of {SAMPLE} images. Of the pixels that either selects, how many do "
                "both?"
            ),
            setup=(
                "The linear network, one weight per pixel and digit, on three samples without a "
                f"common image, {SAMPLE} in each: L1, and the elastic net (L1 and L2 mixed)."
            ),
            experiment=Experiment.over_seeds(
                RunSpec(
                    model="linear",
                    train_size=SAMPLE,
                    batch_size=FULL_BATCH,
                    epochs=1000,
                    lanes=(
                        ADAM.changed(method="fista", strength=3e-3, warmup=0.0),
                        ADAM.changed(method="fista", penalty="elastic_net", strength=3e-3, warmup=0.0),
                    ),
                )
            ),
            measure=selection.feature_selection,
        ),
        "generalization": Claim(
            kind="advantage",
            claim="L1 prevents overfitting.",
            question=(
                "600 images, 30 % of them with a wrong label: how many points of accuracy does L1 add?"
            ),
            setup=(
                "Three seeds, 120 epochs: no penalty, L1 and L2, each at a λ near its best; and the rival "
                "that costs nothing, no penalty but stopping early."
            ),
            experiment=Experiment.over_seeds(
                RunSpec(
                    epochs=120,
                    train_size=600,
                    label_noise=0.3,
                    lanes=(
                        ADAM.without_penalty(),
                        ADAM.changed(strength=1e-3),
                        ADAM.changed(penalty="l2", strength=1e-2),
                    ),
                )
            ),
            measure=advantages.generalization,
            unit="points",
            low=-30.0,
            high=30.0,
        ),
        "interpretability": Claim(
            kind="advantage",
            claim="A sparse network is easier to interpret.",
            question="Will you be able to read what a surviving filter looks for?",
            setup="40 epochs: no penalty, L1, and the group lasso that removes whole filters.",
            experiment=Experiment.over_seeds(
                RunSpec(
                    epochs=40,
                    lanes=(
                        SGD.without_penalty(),
                        SGD.changed(strength=1e-3),
                        SGD.changed(penalty="group_lasso", strength=1e-3),
                    ),
                )
            ),
            measure=advantages.interpretability,
            choices=(advantages.YES, advantages.NO),
        ),
        "precision": Claim(
            kind="disadvantage",
            claim="Sparsity costs precision.",
            question=f"At which λ will accuracy first be {disadvantages.FELL:g} point below that of λ = 0?",
            setup=(
                "40 epochs, seven values of λ; and the rival, no penalty but the smallest weights pruned "
                "in five rounds. All are refitted for the last 40 %."
            ),
            experiment=Experiment.over_seeds(
                RunSpec(
                    epochs=40,
                    lanes=(
                        *(
                            SGD.changed(strength=each, polish=REFIT)
                            for each in disadvantages.PRECISION_STRENGTHS
                        ),
                        *(SGD.without_penalty().changed(prune=each) for each in disadvantages.PRUNED_SHARES),
                    ),
                )
            ),
            measure=disadvantages.precision,
            choices=(
                *(f"λ = {strength_text(strength)}" for strength in disadvantages.PRECISION_STRENGTHS[1:]),
                disadvantages.NEVER,
            ),
        ),
        "non_smooth": Claim(
            kind="disadvantage",
            claim="The kink at zero makes L1 hard to optimise.",
            question="How many weights will the textbook’s method, the subgradient, set exactly to zero?",
            setup=(
                "The linear network, where the optimum is known: 10,000 full-batch steps by three methods at "
                "λ = 3e-3."
            ),
            experiment=Experiment(
                (
                    RunSpec(
                        model="linear",
                        batch_size=FULL_BATCH,
                        epochs=10_000,
                        lanes=tuple(
                            LaneSpec(
                                method=method,
                                optimizer="sgd",
                                learning_rate=0.3,
                                momentum=0.0,
                                strength=3e-3,
                                warmup=0.0,
                            )
                            for method in ("textbook", "proximal", "fista")
                        ),
                    ),
                )
            ),
            measure=disadvantages.non_smooth,
        ),
        "linear_only": Claim(
            kind="disadvantage",
            claim="L1 is limited to linear models, unless combined with L2.",
            question=(
                "The CNN with a weak λ, with a strong one at once, with a strong one after a warm-up: L1 …"
            ),
            setup="40 epochs on digits: λ = 1e-4; λ = 3e-3 at once; λ = 3e-3 rising over the first 30 %.",
            experiment=Experiment.over_seeds(
                RunSpec(
                    epochs=40,
                    lanes=(
                        ADAM.changed(strength=1e-4),
                        ADAM.changed(strength=3e-3, warmup=0.0),
                        ADAM.changed(strength=3e-3, warmup=0.3),
                    ),
                )
            ),
            measure=disadvantages.linear_only,
            choices=(disadvantages.WORKS, disadvantages.DIES, disadvantages.NEEDS),
        ),
        "smaller": Claim(
            kind="myth",
            claim="Sparse models are smaller and faster.",
            question=(
                "At λ = 1e-3 some 95 % of the weights are exactly zero. Store the others, 4 bytes each, and "
                "one bit per weight for where they are: how many of the bytes are left?"
            ),
            setup="40 epochs: the textbook recipe, and the proximal step at λ = 1e-3, whose bytes you see.",
            experiment=Experiment.over_seeds(
                RunSpec(epochs=40, lanes=(TEXTBOOK, SGD.changed(strength=1e-3)))
            ),
            measure=half_truths.smaller,
        ),
        "fully_connected": Claim(
            kind="myth",
            claim="Fully connected layers are the ones to penalise.",
            question="Only fc1 is penalised: what share of all weights will be zero?",
            setup="40 epochs at λ = 1e-3, penalty on only the convolutions, only fc1, all layers.",
            experiment=Experiment.over_seeds(
                RunSpec(
                    epochs=40,
                    lanes=tuple(
                        SGD.changed(strength=1e-3, layers=layers)
                        for layers in ({"conv1", "conv2"}, {"fc1"}, SGD.layers)
                    ),
                )
            ),
            measure=half_truths.fully_connected,
        ),
        "zeros_return": Claim(
            kind="myth",
            claim="Was λ too large? Just turn it down again.",
            question="λ falls to 1e-5 in three networks full of zeros. In which do the weights return?",
            setup=(
                "40 epochs: proximal and clip and kill at λ = 1e-3, proximal at λ = 1e-2 without warm-up, "
                "which kills all weights. Halfway λ falls."
            ),
            experiment=network.EXPERIMENTS["zeros_return"],
            measure=half_truths.reversible,
            choices=(half_truths.PROXIMAL_ONLY, half_truths.ALL, half_truths.NONE),
        ),
    }
)
"""The cards of the page, by the name of their experiment."""
