"""What zeros are good for."""

from collections.abc import Mapping
from types import MappingProxyType

from core.ledger.row import Row

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "bytes": Row(
            claim=(
                "Zeros save bytes in a format that leaves enough of them out: 4 bytes for each "
                "dense number, 4 more for a column in CSR, a bit in a bitmap."
            ),
            holds="counted",
            says={
                "pages/ui/smaller_model/sections.py": (
                    "Zeros save bytes only in a format that leaves them out, and enough of them.",
                    "A dense file stores each zero in 4 bytes.",
                    "gzip finds some of them.",
                    "CSR pays 4 bytes for each non-zero's column, a bitmap one bit for each weight.",
                ),
                "core/lessons/course/glossary.py": (
                    (
                        "A way to store a matrix with many zeros: only the other values, each with its "
                        "column, and where each row begins."
                    ),
                ),
                "core/lessons/course/check.py": (
                    (
                        "The file can shrink; a layer gets faster when whole units are removed, or, if it is "
                        "large, when nearly all its weights are zero and its kernel skips them."
                    ),
                ),
            },
            tests=(
                "tests/core/smaller/test_sizes.py::test_bytes_of_eight_weights_by_hand",
                "tests/core/smaller/test_sizes.py::test_csr_bytes_are_scipys",
                (
                    "tests/core/smaller/test_sizes.py::test_gzip_is_of_the_numbers_as_they_are_and_can_be_undone"
                ),
            ),
            numbers={"4": lambda: 4},
        ),
        "counting_bound": Row(
            claim=(
                "The counting bound is what a format needs that knows only how many weights "
                "of each layer are zero and keeps 4 bytes for every other number; others can "
                "go below."
            ),
            holds="log₂ of the ways to choose the places",
            says={
                "pages/ui/smaller_model/sections.py": (
                    (
                        "The counting bound is what a format needs that knows only how many weights of "
                        "each layer are zero, and keeps 4 bytes for every other number: one that packs "
                        "values, or uses that zeros come in rows, can go below."
                    ),
                ),
                "core/smaller/sizes.py": (
                    (
                        "The least for whoever knows only how many there are and keeps 4 bytes of each;"
                        " who packs values, or uses that zeros come in rows, can go below."
                    ),
                ),
            },
            tests=(
                "tests/core/smaller/test_sizes.py::test_no_way_of_storing_beats_the_bound",
                (
                    "tests/core/ledger/test_claims.py::test_a_format_that_knows_more_goes_below_the_counting_bound"
                ),
            ),
            numbers={"4": lambda: 4},
        ),
        "kernels": Row(
            claim=(
                "A dense kernel multiplies by a zero as fast as by any number; a CSR kernel "
                "wins where nearly all weights of a large layer are zero; a smaller dense "
                "network is faster as far as multiplications take the time."
            ),
            holds="counted in the test; timed by the benchmark and on the page",
            says={
                "pages/ui/smaller_model/sections.py": (
                    "A dense kernel multiplies by a zero as fast as by any number.",
                    (
                        "A CSR kernel skips zeros but looks up a place for each number: it wins where "
                        "nearly all weights of a large layer are zero; on a small one it can lose even then."
                    ),
                    (
                        "Removing whole units leaves a smaller dense network: faster as far as "
                        "multiplications are what takes the time."
                    ),
                    (
                        "Median and quartiles of up to {} times on {}; whoever trains on this machine "
                        "meanwhile is part of the spread."
                    ),
                    "Speed: from zeros only in large layers, nearly empty",
                    "Timing each network up to 30 times …",
                ),
                "pages/smaller_model.py": (
                    "Speed in a dense kernel: no.",
                    "With dead units removed: it depends, see below.",
                ),
                "core/lessons/course/check.py": (
                    "An ordinary layer multiplies by zeros, too.",
                    "An ordinary layer takes as long for a zero as for any number.",
                    (
                        "A much smaller layer is faster, and so is a kernel for sparse matrices on a large "
                        "layer once nearly all its weights are zero."
                    ),
                ),
                "core/lab/smaller_model/figures.py": ("{} multiply–adds an image; {} when compact ({}).",),
            },
            tests=(
                (
                    "tests/core/ledger/test_claims.py::test_a_dense_product_counts_the_zeros_and_a_csr_product_has_a_term_for_each_other_weight"
                ),
                "tests/core/smaller/test_latency.py::test_every_way_to_run_it_gives_the_same_answers",
                "tests/core/smaller/test_sizes.py::test_the_textbook_network_on_28_pixels_by_hand",
            ),
            commands=("benchmarks.kernels",),
            numbers={"30": lambda: 30},
        ),
        "pruning": Row(
            claim=(
                "Near zero is not zero: a bound ε has to be chosen, and a network without "
                "penalty can be pruned to as many zeros."
            ),
            holds="definition",
            says={
                "pages/ui/smaller_model/sections.py": (
                    "Near zero is not zero: somebody has to choose ε.",
                    "Every weight |w| < ε of the lane “{}” is set to zero.",
                    (
                        "Setting the smallest weights of an ordinary network to zero, all at once, "
                        "needs no penalty."
                    ),
                    "A penalty has to beat that at the same number of zeros.",
                    "At {} % zeros: this lane {}, the rival {}, of {} validation images.",
                ),
                "core/lab/smaller_model/figures.py": (
                    "{}: {} % zeros, {} % of {} validation images right.",
                    "All |w| < {} set to zero",
                    "As it was trained",
                ),
                "core/lessons/course/glossary.py": (
                    "What one calls nearly zero: a weight with |w| < ε is small, but not zero.",
                ),
            },
            tests=(
                "tests/core/smaller/test_pruning.py::test_pruning_by_hand",
                (
                    "tests/core/smaller/test_pruning.py::test_magnitude_pruning_gives_the_zeros_asked_for_and_keeps_the_largest"
                ),
                "tests/core/inspect/test_smaller.py::test_pruning_to_equal_zeros_is_a_fair_rival",
            ),
        ),
        "refit": Row(
            claim=(
                "A penalty chooses which weights stay and makes those too small; whether it "
                "chose better than size alone, the refitted rivals tell."
            ),
            holds=(
                "soft threshold shrinks what stays; the refit minimises the data loss on the same support"
            ),
            says={
                "pages/ui/smaller_model/sections.py": (
                    "A penalty chooses which weights stay, and makes those too small.",
                    "Refitting trains them on for {} updates without penalty; every zero stays.",
                    (
                        "Whether the penalty chose better than size alone, the rivals tell, each with about "
                        "as many zeros and refitted as long: a network without penalty whose smallest "
                        "weights are set to zero at once, and one whose weights were pruned in {} rounds "
                        "while it trained."
                    ),
                    "One of {} validation images is {} points: less than a few of them is chance.",
                ),
                "core/lab/smaller_model/questions.py": (
                    "Refitted, {} of {} images right than this lane: {}, here.",
                    "Refitted, {}, against this lane: {}, here.",
                    "Refitted for {} updates: this lane {} %, the rival {} %{}.",
                    "This run has not trained {}: no such rival here.",
                ),
            },
            tests=(
                (
                    "tests/core/ledger/test_claims.py::test_what_a_penalty_leaves_is_too_small_and_a_refit_restores_it"
                ),
                (
                    "tests/core/inspect/test_afterwards.py::test_refitting_lowers_the_data_loss_and_keeps_every_zero"
                ),
                "tests/core/inspect/test_afterwards.py::test_a_rival_is_refitted_at_equal_zeros",
                "tests/core/lab/smaller_model/test_questions.py::test_a_rival_that_was_not_trained_is_named",
                (
                    "tests/core/ledger/test_claims.py::test_the_refitted_rivals_are_ahead_or_no_more_than_by_chance"
                ),
                "tests/core/ledger/test_claims.py::test_refitted_seeds_are_compared_pair_by_pair",
            ),
        ),
        "files": Row(
            claim="The files hold numbers and shapes, no code; ONNX Runtime gives the same logits.",
            holds="safetensors and JSON",
            says={
                "pages/ui/smaller_model/sections.py": (
                    "safetensors holds the numbers, JSON the shape; neither can hold code.",
                    (
                        "ONNX Runtime has run the ONNX file on the validation images: its logits differ"
                        " from the whole network's by at most {} ."
                    ),
                    "What comes back is checked first: names, sizes and shapes before any number.",
                ),
                "core/lab/smaller_model/questions.py": (
                    (
                        "The ONNX file, run by ONNX Runtime, differs from the whole network by at most "
                        "{} in a logit."
                    ),
                    ("Trained in Sparsity Lab on {}, network {}, seed {}; lane {} ({}), weights of step {}."),
                ),
                "pages/ui/smaller_model/files.py": (
                    "Sizes, names and shapes are checked before a number is read.",
                    (
                        "{}” is refused: a model comes back as .safetensors and .json only, for these "
                        "cannot hold code."
                    ),
                ),
            },
            tests=(
                "tests/core/smaller/test_model_files.py::test_a_pickle_is_not_opened",
                "tests/core/smaller/test_onnx_export.py::test_onnx_runtime_gives_the_same_logits",
            ),
        ),
        "zero_kinds": Row(
            claim=(
                "A zero is selected (by the penalty or by its size, against a gradient), cut off (lost its "
                "gradient when a unit died or was read no more) or idle (had none in "
                "any update of this run so far)."
            ),
            holds="counted by the gradients of every training image",
            says={
                "core/words.py": (
                    (
                        "A zero weight although the data have a gradient there: the penalty pulled it to "
                        "zero, or magnitude pruning took it for its size."
                    ),
                    (
                        "A zero weight that has had no gradient for a whole epoch at least: its unit "
                        "died, or nobody reads it."
                    ),
                    "At a smaller λ it can return.",
                    (
                        "A zero weight that no image has pulled at in this run so far: behind a blank "
                        "pixel, or of a silent unit, perhaps due to λ."
                    ),
                    "L2 leaves such zeros, too.",
                ),
            },
            tests=(
                "tests/core/training/test_reach.py::test_the_three_kinds_worked_by_hand",
                "tests/core/training/test_reach.py::test_weights_that_were_cut_off_return_when_lambda_falls",
                "tests/core/training/test_reach.py::test_every_weight_is_what_the_images_one_by_one_say",
            ),
        ),
    }
)
