"""What is told while a run goes."""

from collections.abc import Mapping
from types import MappingProxyType

from core.lab.inside_the_network import first_run
from core.ledger.row import Row

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "news": Row(
            claim="What just happened in a live run, told by its numbers.",
            holds="computed",
            says={
                "core/narration.py": ("No weight has moved yet.",),
            },
            tests=(
                "tests/core/test_narration.py::test_share_of_weights_lost_in_the_look_back_worked_by_hand",
                "tests/core/test_narration.py::test_collapse_outranks_everything_until_recovered",
            ),
        ),
        "divergence": Row(
            claim="A loss that is no longer finite: the updates overshoot.",
            holds="η above 2/h grows the error",
            says={
                "core/training/alarms.py": (
                    (
                        "The loss of lane {} is no longer finite at step {}, so the lane stopped: its "
                        "updates overshoot."
                    ),
                    "Start again with a learning rate below {}.",
                ),
            },
            tests=(
                "tests/core/training/test_alarms.py::test_divergence_stops_one_lane_and_keeps_its_history",
            ),
        ),
        "trained_once": Row(
            claim="Runs of the same settings, seed and speed that nobody has moved are one training.",
            holds="a step's numbers depend on the spec, the seed and the moves alone",
            says={
                "pages/browser/live/status.js": ("trained once for all with these settings",),
            },
            tests=(
                "tests/core/runs/convoys/test_convoys.py::test_thirty_who_start_the_same_are_one_training",
                "tests/core/runs/convoys/test_convoys.py::test_who_is_trained_with_others_is_told_so",
                (
                    "tests/core/runs/convoys/test_trained.py::test_who_leaves_and_who_stays_have_the_numbers_of_runs_that_were_alone"
                ),
            ),
        ),
        "first_run": Row(
            claim="What the example of Inside the network is.",
            holds="its spec",
            says={
                "pages/ui/inside_the_network/bar.py": ("Digits, λ = 1e-3, 30 epochs: some seconds.",),
            },
            tests=(
                (
                    "tests/core/test_registry.py::test_what_is_shown_beforehand_was_trained_with_these_settings"
                ),
            ),
            numbers={
                "1e-3": lambda: first_run.FIRST.lanes[-1].strength,
                "30": lambda: first_run.FIRST.epochs,
            },
        ),
        "sampling_error": Row(
            claim=(
                "An accuracy p of n images is off by √(p(1 − p)/n), typically: they are a sample; where all "
                "are right, or none, it may be off as well."
            ),
            holds=(
                "the standard deviation of a share of n independent images; half the width of Wilson's "
                "(1927) interval for one standard error, which is next to it"
            ),
            says={
                "core/lab/compare_runs/curves.py": ("{} (± one standard error: {} validation images).",),
                "pages/browser/live/score.js": (
                    "± is one standard error: how far a share of so few images is typically off by chance.",
                ),
                "core/lessons/seeds.py": (
                    "± is one standard error over the seeds.",
                    "The images are a sample too: {}, the same for every seed.",
                ),
            },
            tests=(
                "tests/core/test_uncertainty.py::test_the_error_of_a_share_is_how_far_samples_of_it_scatter",
                "tests/core/test_uncertainty.py::test_the_error_of_a_share_is_half_of_wilsons_interval_of_scipy",
                "tests/core/test_uncertainty.py::test_the_words_name_the_images",
                "tests/core/lessons/test_seeds.py::test_mean_and_error_by_hand",
                "tests/core/lessons/test_seeds.py::test_what_the_sign_is_stands_where_there_is_one",
                "tests/core/lessons/test_seeds.py::test_each_networks_accuracy_is_within_the_range_of_errors",
            ),
        ),
        "pairs_by_seed": Row(
            claim=(
                "Runs of the same settings are compared with a reference seed by seed: the standard error of "
                "the mean of k differences is s/√k, and what a seed does to both is in none of them."
            ),
            holds="definition of a paired comparison; scipy.stats.ttest_rel agrees",
            says={
                "core/lab/compare_runs/pairs.py": (
                    (
                        "Each run minus {}, seed by seed: the mean of the differences ± its standard error, "
                        "s/√k over k seeds; what a seed does to both drops out."
                    ),
                ),
            },
            tests=(
                "tests/core/lab/compare_runs/test_pairs.py::test_seeds_against_their_own_lanes_by_hand",
                (
                    "tests/core/lab/compare_runs/test_pairs.py::test_the_error_of_the_mean_difference_is_that_of_scipys_paired_test"
                ),
            ),
        ),
        "pairs": Row(
            claim=(
                "Two lanes on the same images are compared by those that one of them alone gets right; if "
                "neither is better, these fall to either side like coins (McNemar's exact test)."
            ),
            holds="the binomial distribution; scipy.stats.binomtest agrees",
            says={
                "pages/browser/inside/mistakes.js": (
                    "{}: on these images both make the same mistakes.",
                    "no difference that {} images can show",
                    "{}: {} (McNemar’s exact test of the pairs, {}).",
                ),
            },
            tests=(
                "tests/core/test_uncertainty.py::test_the_p_of_two_counts_is_the_binomial_test_of_scipy",
                "tests/core/test_uncertainty.py::test_five_against_three_by_hand",
                "tests/core/inspect/test_errors.py::test_disagreements_are_wrong_here_and_right_there",
                "tests/browser_modules/test_inside.py::test_two_lanes_are_compared_as_pairs_of_answers",
            ),
        ),
        "numbers_shown": Row(
            claim="Curves, tables and histograms say the run's own numbers.",
            holds="computed",
            says={
                "core/lessons/course/summary_figures.py": ("Weights that are exactly zero: {}.{}",),
                "core/lab/compare_runs/figures.py": (
                    "{}, each at its own last step: {}.",
                    "{}, weights that are not zero.",
                    "Exactly zero, and not drawn: {}.",
                ),
                "pages/browser/inside/mistakes.js": ("{} of the validation images right, {}.",),
                "pages/browser/live/timecharts.js": (
                    "Loss at step {}: total {}, of which data loss {} and penalty {}; λ = 0 lane {}.",
                    "{} at step {}: validation {}, training {}; λ = 0 lane validation {}.",
                    "Weights exactly zero at step {}: {}.",
                ),
                "core/narration.py": ("{} at step {}: since then",),
                "pages/browser/weights/histogram.js": (
                    "Histogram of {} weights of {} between {} and {}: {}; λ = 0 lane {}.",
                ),
                "pages/browser/weights/kernels.js": (
                    "{} units of {} at step {}: {} of {} weights exactly zero${kinds &&",
                ),
                "core/lessons/l1_in_a_cnn/results.py": ("{} % of the validation images are right.",),
                "pages/ui/smaller_model/sections.py": ("Validation accuracy before: {}; after: {}.",),
                "core/lessons/course/summary.py": (
                    (
                        "{}, at λ = {}, {} of your network's weights were exactly zero, and its {} was "
                        "{}; without penalty it was {}."
                    ),
                    "Of {} claims you have {}run {} yourself{}.",
                    "You had {} of {} questions right before the lesson, and {} of {} others after it.",
                    "You have trained no network on Train live yet.",
                    "{}” {} You guessed {} and measured {}.",
                    "The twelve questions are not all answered yet.",
                ),
            },
            tests=(
                (
                    "tests/core/lab/compare_runs/test_figures.py::test_curves_are_drawn_and_told_with_their_last_value"
                ),
                "tests/core/training/test_measures.py::test_layers_against_numpy",
                (
                    "tests/core/lessons/course/test_summary_figures.py::test_every_lane_is_a_curve_that_ends_at_its_zeros"
                ),
            ),
        ),
    }
)
