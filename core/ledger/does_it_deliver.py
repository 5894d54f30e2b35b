"""The cards of Does it deliver?."""

from collections.abc import Mapping
from statistics import fmean
from types import MappingProxyType

from core.bands import NEARLY_ZERO
from core.experiments import Trained
from core.ledger.row import Row
from core.lessons.does_it_deliver import disadvantages
from core.lessons.does_it_deliver.claims import CLAIMS
from core.lessons.how_zeros_happen import network
from core.lessons.l1_in_a_cnn import layers
from core.registry import EXPERIMENTS
from core.runs.examples.histories import example
from core.spec import PRUNE_ROUNDS, LaneSpec


def epochs(name: str) -> int:
    """Of an experiment's first run."""
    return EXPERIMENTS[name].specs[0].epochs


def lanes(name: str) -> tuple[LaneSpec, ...]:
    """Of an experiment's first run."""
    return EXPERIMENTS[name].specs[0].lanes


def zeros(name: str, lane: int) -> float:
    """Percent of exact zeros of a lane of an example, mean of its seeds."""
    kept = example(name)
    assert kept is not None
    runs = (
        (each.view.spec, each.points, [frame for frame in each.frames if frame]) for each in kept.histories
    )
    return fmean(Trained(*run).zero_percent(lane) for run in runs)


ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "card_sparsity": Row(
            claim=(
                "How many exact zeros the textbook recipe and the proximal step make, and "
                "what a generous ε makes of them."
            ),
            holds="trained",
            says={
                "core/lessons/does_it_deliver/claims.py": (
                    (
                        "Digits, 40 epochs, three copies of one network: no penalty and the textbook "
                        "recipe by Adam, the proximal step by SGD."
                    ),
                ),
                "core/lessons/does_it_deliver/advantages.py": (
                    (
                        "The textbook recipe leaves {} % of the weights exactly at zero; call "
                        "everything below 1e-4 zero and it is {} %."
                    ),
                    "The proximal step leaves {} % exact zeros at {} % validation accuracy.{}",
                ),
            },
            tests=(
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_sparsity_counts_exact_zeros_and_tells_what_epsilon_would_say"
                ),
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_every_claim_is_measured_on_its_example"
                ),
            ),
            experiments=("sparsity",),
            numbers={
                "3": lambda: len(lanes("sparsity")),
                "40": lambda: epochs("sparsity"),
                "1e-4": lambda: NEARLY_ZERO,
            },
        ),
        "card_features": Row(
            claim="How much of a selection of pixels another sample of images shares.",
            holds="trained",
            says={
                "core/lessons/does_it_deliver/claims.py": (
                    "Train on two samples of {} images.",
                    (
                        "The linear network, one weight per pixel and digit, on three samples without a"
                        " common image, {} in each: L1, and the elastic net (L1 and L2 mixed)."
                    ),
                ),
                "core/lessons/does_it_deliver/selection.py": (
                    "L1 keeps {} of the {} pixel weights.",
                    "The elastic net keeps {} and shares {}, by chance {} %.",
                    "Here a weight is a pixel; in a CNN it is not.",
                    (
                        "Of what samples without a common image select, {} is shared, by chance {} %:"
                        " it selects, but not always the same."
                    ),
                    "With chance taken off (Kuncheva’s index, 1 is all) it is {} and {}.",
                ),
            },
            tests=(
                "tests/core/lessons/does_it_deliver/test_claims.py::test_overlap_is_jaccard",
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_every_claim_is_measured_on_its_example"
                ),
                "tests/core/lessons/does_it_deliver/test_claims.py::test_kuncheva_takes_chance_off",
            ),
            experiments=("feature_selection",),
            numbers={"3": lambda: len(CLAIMS["feature_selection"].experiment.specs)},
        ),
        "card_overfitting": Row(
            claim="What L1, L2 and no penalty reach with few images and wrong labels.",
            holds="trained",
            says={
                "core/lessons/does_it_deliver/claims.py": (
                    "L1 prevents overfitting.",
                    ("600 images, 30 % of them with a wrong label: how many points of accuracy does L1 add?"),
                    (
                        "Three seeds, 120 epochs: no penalty, L1 and L2, each at a λ near its best; and "
                        "the rival that costs nothing, no penalty but stopping early."
                    ),
                ),
                "core/lessons/does_it_deliver/advantages.py": (
                    "L2 against L1: {}.",
                    (
                        "With 600 images, 30 % of them wrongly labelled, L1 takes validation accuracy "
                        "from {} to {} %: {}."
                    ),
                    (
                        "The rival without a penalty, λ = 0 stopped at its best epoch (about {} of {}),"
                        " has {} %, {} ({})."
                    ),
                    (
                        "The epoch was chosen by these same images, both λ by some of them: a little "
                        "too good, all three."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_generalization_is_told_seed_by_seed_and_against_stopping_early"
                ),
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_every_claim_is_measured_on_its_example"
                ),
            ),
            experiments=("generalization",),
            numbers={
                "3": lambda: len(lanes("generalization")),
                "600": lambda: CLAIMS["generalization"].experiment.specs[0].train_size,
                "30": lambda: 100 * CLAIMS["generalization"].experiment.specs[0].label_noise,
                "120": lambda: epochs("generalization"),
            },
        ),
        "card_interpretability": Row(
            claim="How many filters are dead; what a living one looks for is the reader's to judge.",
            holds="trained",
            says={
                "core/lessons/does_it_deliver/claims.py": (
                    "40 epochs: no penalty, L1, and the group lasso that removes whole filters.",
                ),
                "core/lessons/does_it_deliver/advantages.py": (
                    (
                        "Of 32 filters {} are off with L1 and {} with the group lasso, at {} and {} % "
                        "zeros in all, {} and {} % right."
                    ),
                    (
                        "What a filter that stays looks for is yours to judge from its kernel, green "
                        "positive, purple negative, hatched zero: there is no number for it."
                    ),
                    "Which filters the network does without, you can read.",
                ),
                "core/lessons/course/check.py": (
                    "What a surviving weight means is another question.",
                    "And that a weight stays does not say what it means.",
                ),
            },
            tests=(
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_every_claim_is_measured_on_its_example"
                ),
            ),
            experiments=("interpretability",),
            numbers={"40": lambda: epochs("interpretability"), "32": lambda: layers.CHANNELS[1]},
        ),
        "card_precision": Row(
            claim="At which λ accuracy falls, and how many zeros cost nothing.",
            holds="trained",
            says={
                "core/lessons/does_it_deliver/claims.py": (
                    (
                        "40 epochs, seven values of λ; and the rival, no penalty but the smallest "
                        "weights pruned in five rounds."
                    ),
                    "All are refitted for the last 40 %.",
                ),
                "core/lessons/does_it_deliver/disadvantages.py": (
                    "At {} zeros magnitude pruning has {} against L1.",
                    (
                        "All this by SGD after {} epochs: λ path asks the same by Adam after fewer, and gets "
                        "other numbers."
                    ),
                    "Accuracy falls by {}: up to {} % zeros cost less.",
                    (
                        "The sparsest network that still works has {} % zeros and costs {} points; at "
                        "the last λ {} % are right."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_precision_names_the_first_strength_that_costs_more_than_a_point"
                ),
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_every_claim_is_measured_on_its_example"
                ),
                "tests/core/lab/lambda_path/test_rivals.py::test_the_card_on_precision_asks_the_same_by_other_settings",
            ),
            experiments=("precision", "pruning_rivals"),
            numbers={
                "40": lambda: epochs("precision"),
                "7": lambda: len(disadvantages.PRECISION_STRENGTHS),
                "5": lambda: PRUNE_ROUNDS,
            },
        ),
        "card_kink": Row(
            claim=("How far three methods are from the best total after as many steps, and their zeros."),
            holds="trained",
            says={
                "core/lessons/does_it_deliver/claims.py": (
                    (
                        "The linear network, where the optimum is known: 10,000 full-batch steps by "
                        "three methods at λ = 3e-3."
                    ),
                ),
                "core/lessons/does_it_deliver/disadvantages.py": (
                    (
                        "After {} steps the subgradient is {} above the lowest total seen, the proximal"
                        " step {}; after {} they are {} and {}, and FISTA, which adds momentum, {}."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/lessons/does_it_deliver/test_figures.py::test_convergence_ends_where_the_card_says"
                ),
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_every_claim_is_measured_on_its_example"
                ),
            ),
            experiments=("non_smooth",),
            numbers={
                "3": lambda: len(lanes("non_smooth")),
                "10,000": lambda: epochs("non_smooth"),
                "3e-3": lambda: CLAIMS["non_smooth"].experiment.specs[0].lanes[0].strength,
            },
        ),
        "card_linear_only": Row(
            claim="L1 works in the CNN; with a strong λ the way matters.",
            holds="trained",
            says={
                "core/lessons/does_it_deliver/claims.py": (
                    ("40 epochs on digits: λ = 1e-4; λ = 3e-3 at once; λ = 3e-3 rising over the first 30 %."),
                ),
                "core/lessons/does_it_deliver/disadvantages.py": (
                    "L1 works in this CNN: {} % right with {} % zeros.",
                    (
                        "But no CNN is a convex problem, and the way matters: at λ = 3e-3 from the"
                        " first step it is {} % ({} % zeros), after a warm-up {} % ({} %).{}"
                    ),
                    "λ = 3e-3 from the first step",
                    "λ = 3e-3 after a warm-up",
                ),
            },
            tests=(
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_the_trap_is_named_by_what_was_measured"
                ),
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_every_claim_is_measured_on_its_example"
                ),
            ),
            experiments=("linear_only",),
            numbers={
                "40": lambda: epochs("linear_only"),
                "1e-4": lambda: lanes("linear_only")[0].strength,
                "3e-3": lambda: lanes("linear_only")[1].strength,
                "30": lambda: 100 * lanes("linear_only")[2].warmup,
            },
        ),
        "card_smaller": Row(
            claim=("What the zeros save in a file, and that an ordinary layer does not get faster by them."),
            holds="8 bytes a non-zero and 4 a row as CSR; 4 a non-zero and a bit a weight as bitmap",
            says={
                "core/lessons/does_it_deliver/claims.py": (
                    (
                        "40 epochs: the textbook recipe, and the proximal step at λ = 1e-3, whose bytes"
                        " you see."
                    ),
                    "At λ = 1e-3 some 95 % of the weights are exactly zero.",
                    (
                        "Store the others, 4 bytes each, and one bit per weight for where they are: how "
                        "many of the bytes are left?"
                    ),
                ),
                "core/lessons/does_it_deliver/half_truths.py": (
                    (
                        "With {} % exact zeros the weights need {} % of the bytes as bitmap and values,"
                        " {} % as CSR, whatever made them zero."
                    ),
                    "The textbook recipe has {} % exact zeros and saves nothing.",
                    "A smaller file is not a faster network: an ordinary layer multiplies by zeros too.",
                    "The page Smaller model measures yours.",
                    "dense, 32-bit floats",
                    "CSR, 32-bit indices and row starts",
                ),
            },
            tests=(
                (
                    "tests/core/lessons/does_it_deliver/test_half_truths.py::test_csr_takes_as_many_bytes_as_scipy_s"
                ),
                (
                    "tests/core/lessons/does_it_deliver/test_half_truths.py::test_sizes_break_even_where_the_theory_has_it"
                ),
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_every_claim_is_measured_on_its_example"
                ),
            ),
            experiments=("smaller",),
            numbers={
                "40": lambda: epochs("smaller"),
                "1e-3": lambda: lanes("smaller")[1].strength,
                "32": lambda: 8 * 4,
                "4": lambda: 32 / 8,
                "95": lambda: round(zeros("smaller", 1)),
            },
        ),
        "card_fully_connected": Row(
            claim="How many zeros and how much accuracy, by penalised layers.",
            holds="trained",
            says={
                "core/lessons/does_it_deliver/claims.py": (
                    "40 epochs at λ = 1e-3, penalty on only the convolutions, only fc1, all layers.",
                ),
                "core/lessons/does_it_deliver/half_truths.py": (
                    (
                        "With fc1 alone penalised {} % of all weights are zero at {} % validation "
                        "accuracy, with the convolutions alone {} % at {} %, with all layers {} % at {}"
                        " %."
                    ),
                    (
                        "fc1 is the usual target because it holds most weights: {} % of them here, 95 %"
                        " on 28 × 28 images.{}"
                    ),
                ),
            },
            tests=(
                "tests/core/lessons/l1_in_a_cnn/test_layers.py::test_fc1_by_hand",
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_every_claim_is_measured_on_its_example"
                ),
            ),
            experiments=("fully_connected",),
            numbers={
                "40": lambda: epochs("fully_connected"),
                "1e-3": lambda: lanes("fully_connected")[0].strength,
                "95": lambda: round(layers.share_percent(28, ["fc1"])),
                "28": lambda: 28,
            },
        ),
        "card_reversible": Row(
            claim="Which weights return when λ falls.",
            holds="trained",
            says={
                "core/lessons/does_it_deliver/claims.py": (
                    "λ falls to 1e-5 in three networks full of zeros.",
                    (
                        "40 epochs: proximal and clip and kill at λ = 1e-3, proximal at λ = 1e-2 "
                        "without warm-up, which kills all weights."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/lessons/does_it_deliver/test_half_truths.py::test_a_way_back_is_counted_from_the_moment_before_the_fall"
                ),
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_every_claim_is_measured_on_its_example"
                ),
            ),
            experiments=("zeros_return",),
            numbers={
                "3": lambda: len(lanes("zeros_return")),
                "40": lambda: epochs("zeros_return"),
                "1e-5": lambda: network.LOWERED,
                "1e-3": lambda: lanes("zeros_return")[0].strength,
                "1e-2": lambda: lanes("zeros_return")[2].strength,
            },
        ),
    }
)
