"""The λ path."""

from collections.abc import Mapping
from types import MappingProxyType

from core.ledger.row import Row

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "knee": Row(
            claim=(
                "Knee: the largest λ that costs at most a point; cliff: the first after it "
                "that costs more than ten. With one seed it is rough."
            ),
            holds="definition; the example's knees by seed",
            says={
                "pages/ui/guided_path/stops.py": (
                    (
                        "Up to the knee accuracy has lost {} point at most, but few of those zeros are "
                        "selected."
                    ),
                    "From there on zeros cost more and more; at the cliff over {} points are gone.",
                    (
                        "Where weights are left, training longer at the same λ makes more zeros, by and "
                        "large: they come and go on the way."
                    ),
                ),
                "core/lab/lambda_path/words.py": (
                    "Knee : the largest λ whose mean score is within {} {} of that at λ = 0.",
                    "Cliff : the first λ after it that has lost more than {} {}s.",
                    "By {} the knee is at {}; of the mean, at {}.",
                    "Layers, weights and kernels are of {}; the numbers above are means.",
                    (
                        "From one run the knee is rough: other validation images, or another seed of a CNN, "
                        "may move it by several λs."
                    ),
                    ("{}λ = {}: {} on the {} with {} of {} weights left ({} exactly zero{})."),
                ),
            },
            tests=(
                "tests/core/lab/lambda_path/test_path.py::test_knee_and_cliff",
                "tests/core/lab/lambda_path/test_words.py::test_whose_weights_are_shown_is_told_where_there_are_several_runs",
                "tests/core/ledger/test_claims.py::test_what_the_zeros_of_the_example_cost",
                "tests/core/ledger/test_claims.py::test_training_longer_makes_more_zeros",
                "tests/core/ledger/test_claims.py::test_the_knees_of_the_example_differ_by_seed",
                "tests/core/ledger/test_claims.py::test_the_knee_is_told_by_seed",
            ),
            experiments=("lambda_path",),
        ),
        "one_standard_error": Row(
            claim=(
                "The chosen λ is the largest whose mean validation score is within one standard error of the "
                "best; the test images are looked at behind a button, for that λ alone."
            ),
            holds=(
                "definition: Breiman et al. (1984), 3.4.3; Hastie, Tibshirani & Friedman (2009), 7.10; of "
                "seeds √(s²/k + e²), of folds s/√k and at least e, which is half the width of Wilson's "
                "(1927) interval for one standard error"
            ),
            says={
                "core/lab/lambda_path/words.py": (
                    (
                        "{}: the largest whose {}, {} {}, is within one standard error of the best, {} at "
                        "λ = {}."
                    ),
                    "{}: its {}, {}, is the best, and no larger λ is within one standard error of it.",
                    (
                        "Standard error: √(s²/k + e²), with s over k = {} seeds and e = √(np(1 − p) + ¼)/"
                        "(n + 1), Wilson's, for n = {} validation images, of which p are right."
                    ),
                    "Standard error: s/√k, with s over k = {} {}s.",
                    (
                        "Standard error: s/√k, with s over k = {} thirds of the training images, each held "
                        "out once, but at least √(np(1 − p) + ¼)/(n + 1), Wilson's, for n = {} held-out "
                        "images, of which p are right."
                    ),
                    "Test, looked at once: {}{} {} {}, {} test images.",
                ),
                "pages/ui/lambda_path/bar.py": (
                    (
                        "Trains the path with several seeds, the linear model with each third of its "
                        "training images held out once, and takes the largest λ whose score is within one "
                        "standard error of the best."
                    ),
                ),
            },
            tests=(
                "tests/core/lab/lambda_path/test_choice.py::test_the_rule_by_hand",
                "tests/core/lab/lambda_path/test_choice.py::test_the_choice_of_three_seeds_by_hand",
                "tests/core/test_uncertainty.py::test_the_error_of_seeds_has_both_parts",
                (
                    "tests/core/test_uncertainty.py::test_the_error_of_folds_is_their_spread_but_at_least_that_of_all_their_images"
                ),
                (
                    "tests/core/data/test_images.py::test_the_thirds_of_the_digits_are_whole_forms_and_every_training_image_is_held_out_once"
                ),
                (
                    "tests/pages/test_lambda_path.py::test_one_press_chooses_lambda_by_three_seeds_and_the_test_is_behind_another"
                ),
            ),
            experiments=("lambda_path",),
        ),
        "pruning_rivals": Row(
            claim=(
                "At equal zeros, updates and refit L1 is held against magnitude pruning, seed by seed; the "
                "sentence says where it wins and where it loses."
            ),
            holds="paired differences of the three seeds",
            says={
                "core/lab/lambda_path/rivals.py": (
                    (
                        "Pruning against L1, refitted as long, in points, ± one standard error over the "
                        "seeds: {}."
                    ),
                    (
                        "L1's sparsest networks that still work, over {} % right, have {} % zeros; "
                        "where more are asked for, it is they that are compared, with fewer zeros than "
                        "the rivals."
                    ),
                    (
                        "All this by Adam after {} epochs; on Does it deliver?, “{}” asks the same by SGD "
                        "after more, and gets other numbers."
                    ),
                ),
                "pages/ui/lambda_path/rivals.py": (
                    "Zeros can be had without a penalty.",
                    (
                        "λ of L2 and the epoch to stop at are chosen by these same validation images: a "
                        "little too good, both."
                    ),
                ),
            },
            tests=(
                "tests/core/lab/lambda_path/test_rivals.py::test_l1_wins_or_loses_only_where_all_seeds_agree",
                "tests/core/lab/lambda_path/test_rivals.py::test_all_are_trained_alike",
                "tests/core/lab/lambda_path/test_rivals.py::test_the_card_on_precision_asks_the_same_by_other_settings",
                "tests/core/lab/lambda_path/test_rivals.py::test_the_conclusion_is_that_of_the_numbers",
            ),
            experiments=("pruning_rivals", "precision"),
        ),
        "no_solution_path": Row(
            claim=(
                "Each λ is a run of its own; for the linear network the lasso's own path lies"
                " beside it, and from λ_max on every penalised weight is zero at the optimum."
            ),
            holds="‖∇L(0)‖_∞ = λ_max",
            says={
                "pages/lambda_path.py": (
                    (
                        "Press Train the path : the same network starts from the same weights at many "
                        "λs at once."
                    ),
                ),
                "pages/ui/lambda_path/charts.py": (
                    "From λ_max = {} on, every penalised weight is zero at the optimum.",
                    "Where the dotted lines part from these, the run has not reached its optimum yet.",
                ),
                "pages/browser/live/optimality.js": (
                    "From this λ on, every penalised weight is zero at the optimum.",
                ),
                "core/lab/lambda_path/words.py": (
                    (
                        "{} Each λ is a run of its own from the same weights, for the same number of "
                        "updates: an optimum only where training has reached it."
                    ),
                    "Σ|w| of each layer after the same number of updates, from λ = 0 to λ = {}: {}.",
                ),
            },
            tests=(
                ("tests/core/maths/test_optimality.py::test_from_the_largest_strength_on_everything_is_zero"),
                "tests/core/maths/test_optimality.py::test_scikit_learn_agrees_on_the_largest_strength",
                "tests/core/lab/lambda_path/test_lasso.py::test_the_weights_are_optimal",
            ),
            experiments=("lambda_path_linear",),
        ),
    }
)
