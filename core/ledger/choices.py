"""What one can choose, and the words for it."""

from collections.abc import Mapping
from types import MappingProxyType

from core.ledger.row import Row

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "linear": Row(
            claim=(
                "One layer with cross-entropy is a convex problem: every way down ends at the"
                " same lowest loss."
            ),
            holds="the log-sum-exp of a linear map is convex",
            says={
                "core/words.py": (
                    "One layer on the pixels: a convex problem, so lasso theory holds to the letter.",
                ),
                "core/lessons/course/glossary.py": (
                    "Bent upwards everywhere, as a bowl: every way down ends at the same lowest loss.",
                ),
            },
            tests=(
                "tests/core/ledger/test_claims.py::test_the_linear_networks_loss_is_convex",
                "tests/core/maths/test_fista.py::test_scikit_learn_finds_the_same_weights",
            ),
        ),
        "uniform_threshold": Row(
            claim=(
                "One threshold ηλ for all weights makes exact zeros, but after Adam or "
                "momentum not those of the optimum."
            ),
            holds="momentum steps 1/(1 − μ) as far, Adam by η/D",
            says={
                "core/words.py": (
                    "A counter-example: shrinks every weight by ηλ whatever the optimizer.",
                    "Exact zeros, but after Adam or momentum not those of the optimum.",
                ),
                "core/maths/methods.py": (
                    (
                        "Wrong on purpose: shrink every weight by ηλ, whatever the optimizer; exact "
                        "zeros, but the wrong ones."
                    ),
                ),
                "core/maths/README.md": (
                    (
                        "Momentum adds gradients up to g/(1 − μ), so the shrink is as much stronger: τ "
                        "= ηλ would solve the problem for λ(1 − μ), ten times too weak at μ = 0.9."
                    ),
                ),
            },
            tests=(
                "tests/core/maths/test_methods.py::test_the_counter_examples_miss_the_optimum",
                "tests/core/maths/test_methods.py::test_one_threshold_for_all_is_right_for_plain_sgd",
            ),
        ),
        "clip_and_kill": Row(
            claim=(
                "Clip and kill sets a weight that the penalty pulls across zero to zero for "
                "ever: exact zeros, not those of the optimum."
            ),
            holds="its dead weights are masked",
            says={
                "core/words.py": (
                    (
                        "Sets a weight that λ pulls across zero to zero for ever: exact zeros, but not "
                        "those of the optimum, and none comes back when λ falls."
                    ),
                    "TensorFlow Playground does so for L1, without momentum.",
                ),
                "pages/how_zeros_happen.py": (
                    (
                        "Clip and kill , as in popular playgrounds, sets a weight that λ carries across"
                        " zero to zero for ever."
                    ),
                ),
                "core/lab/inside_the_network/figures.py": (
                    "Whom that carries across zero is zero for ever.",
                ),
            },
            tests=(
                "tests/core/maths/test_methods.py::test_one_update_of_clip_and_kill_by_hand",
                "tests/core/maths/test_methods.py::test_clip_and_kill_never_revives",
                "tests/core/maths/test_methods.py::test_the_counter_examples_miss_the_optimum",
                "tests/core/lab/inside_the_network/test_figures.py::test_clip_and_kill_is_said_to_kill",
            ),
        ),
        "spred": Row(
            claim=(
                "spred's stationary points are L1's; weights shrink towards zero and reach it"
                " only by underflow, late in a long run."
            ),
            holds="min ½(u² + v²) over uv = w is |w|",
            says={
                "core/words.py": (
                    (
                        "Writes each weight as u·v and decays both factors, which adds up to L1: "
                        "weights shrink towards zero, slowly under SGD, and reach it only by underflow,"
                        " late in a long run."
                    ),
                ),
                "core/maths/methods.py": (
                    (
                        "Under SGD a weight that should be zero shrinks by a factor per update: tiny "
                        "values, and zeros only where u·v underflows."
                    ),
                ),
                "core/maths/README.md": ("tiny, zero by underflow",),
            },
            tests=(
                (
                    "tests/core/maths/test_spred.py::test_it_approaches_the_optimum_of_l1_without_a_single_zero"
                ),
                "tests/core/maths/test_spred.py::test_in_a_network_weights_get_tiny_and_none_is_zero",
                "tests/core/ledger/test_claims.py::test_spred_reaches_zero_by_underflow_only",
            ),
        ),
        "fista": Row(
            claim="FISTA ends at the optimum of the linear network; the smaller λ, the more updates.",
            holds="Beck & Teboulle (2009)",
            says={
                "core/words.py": (
                    (
                        "One accelerated proximal step per update, on all images: exact zeros, and in "
                        "the end the optimum itself; the smaller λ, the more updates it takes."
                    ),
                    "No rate, no batch; epochs are as with batches.",
                ),
                "core/lessons/course/glossary.py": (
                    "The proximal step with a momentum of its own; for convex problems.",
                ),
            },
            tests=(
                "tests/core/maths/test_fista.py::test_scikit_learn_finds_the_same_weights",
                "tests/core/maths/test_fista.py::test_it_falls_as_fast_as_its_theorem_says",
                (
                    "tests/core/ledger/test_trained_claims.py::test_fista_takes_more_updates_at_a_smaller_strength"
                ),
                "tests/core/maths/test_fista.py::test_every_update_sees_all_images",
            ),
        ),
        "elastic_net": Row(
            claim="The elastic net has exact zeros, and weights that do the same job share it.",
            holds="½(1 − α)w² makes equal columns' weights equal",
            says={
                "core/words.py": (
                    (
                        "L1 and L2 mixed: at the optimum there are exact zeros, and weights that do the"
                        " same job share it instead of competing."
                    ),
                ),
                "core/lessons/course/glossary.py": ("In the elastic net, the share of L1; the rest is L2.",),
            },
            tests=(
                (
                    "tests/core/ledger/test_claims.py::test_the_elastic_net_shares_between_twins_and_l1_need_not"
                ),
                "tests/core/maths/test_penalties.py::test_elastic_net_worked_by_hand",
            ),
        ),
        "no_penalty": Row(
            claim="Without penalty nothing pulls weights to zero.",
            holds="λR = 0",
            says={
                "core/words.py": ("Nothing pulls the weights to zero: no exact zeros.",),
            },
            tests=(
                (
                    "tests/core/training/test_run.py::test_without_penalty_a_lane_is_the_plain_optimizer_bit_for_bit"
                ),
            ),
        ),
        "end_of_run": Row(
            claim=(
                "Frozen zeros stay; a refit trains the others without penalty and takes the shrinkage back."
            ),
            holds="masks, λ = 0",
            says={
                "pages/ui/train_live/controls.py": (
                    (
                        "What is zero when this last share of the run begins stays zero, while λ pulls "
                        "at the rest: 0.2 is the last fifth, 0 is never."
                    ),
                    "Zeros stop coming and going with the noise of the batches.",
                    (
                        "Freezes the zeros and refits the weights that are left, without penalty, over "
                        "this last share of the run: 0.2 is the last fifth, 0 is never."
                    ),
                    "It takes back how much the penalty shrank them.",
                ),
            },
            tests=(
                "tests/core/training/test_strengths.py::test_freezing_keeps_the_zeros_and_the_penalty",
                ("tests/core/training/test_strengths.py::test_polishing_keeps_the_zeros_and_refits_the_rest"),
            ),
            numbers={"0.2": lambda: 1 / 5},
        ),
        "optimality": Row(
            claim=(
                "The optimality line says how far gradients miss λ, and bounds the distance from the optimum."
            ),
            holds="KKT conditions; duality gap",
            says={
                "core/lessons/course/glossary.py": (
                    (
                        "The conditions of an optimum under L1 (Karush, Kuhn, Tucker): at w = 0 the "
                        "pull of the data loss is at most λ; elsewhere it equals λ."
                    ),
                ),
                "pages/browser/live/optimality.js": (
                    (
                        "At an optimum the gradient of the data loss and λ balance on every weight that is "
                        "not zero, and on a zero the gradient is at most λ."
                    ),
                    (
                        "The weight that is furthest from optimal: by how much λ and its gradient miss "
                        "each other."
                    ),
                    (
                        "0 is an optimum, but a network of nothing but zeros shows 0 too: look at the "
                        "accuracy as well."
                    ),
                    "The same, mean over all penalised weights.",
                    (
                        "How far the gradient of one batch typically is from that of all training "
                        "images: far above λ, weights near zero come and go by chance."
                    ),
                    "None where every update takes all images.",
                    (
                        "No look at all training images was over within an epoch before this step, at this "
                        "λ: with many images, or beside busy others, one takes longer than a run waits at "
                        "its end."
                    ),
                    "Duality gap: your total loss is at most this much above the least that is possible.",
                ),
            },
            tests=(
                "tests/core/maths/test_optimality.py::test_the_residuals_by_hand",
                "tests/browser_modules/test_live.py::test_a_run_that_is_over_promises_no_look_at_optimality",
                (
                    "tests/core/maths/test_optimality.py::test_the_duality_gap_bounds_the_distance_and_vanishes"
                ),
                "tests/core/maths/test_optimality.py::test_the_noise_is_that_of_batches_drawn_at_random",
            ),
        ),
        "words": Row(
            claim="What the words mean.",
            holds="definitions",
            says={
                "core/lessons/course/glossary.py": (
                    "The learning rate: how far one update moves along the gradient.",
                    "Momentum: how much of its last move an update of SGD keeps.",
                    "The unit of cross-entropy, which is −ln of a probability.",
                    ("One copy of the network in a run; all lanes have the same start and the same batches."),
                    "The images of one update.",
                    "One pass through all training images.",
                    "The first part of a run, in which λ rises from 0 to its value.",
                    "The share of weights that are exactly zero; 0 % means not a single one.",
                ),
                "pages/inside_the_network.py": (
                    "Two copies of one network, one trained without and one with your penalty.",
                ),
                "pages/ui/guided_path/stops.py": (
                    "Two copies of one network learn: one without penalty, one with yours.",
                    "Same start, same images: every difference you see is the work of λ.",
                ),
                "core/narration.py": ("All networks start from the same weights, and none of them is zero.",),
                "pages/browser/live/status.js": (
                    "The same starting weights in both lanes; from here on only λ differs.",
                ),
                "pages/ui/train_live/controls.py": (
                    "λ by layer: what λ is multiplied by there.",
                    "1 is λ itself, 0 leaves the layer free.",
                ),
            },
            tests=(
                "tests/core/lessons/course/test_glossary.py::test_values_are_the_settings",
                "tests/core/lessons/course/test_glossary.py::test_measured_values_are_the_run_s",
                "tests/core/maths/test_losses.py::test_cross_entropy_by_hand",
                "tests/core/data/test_batches.py::test_every_image_once_an_epoch_in_another_order",
                "tests/core/maths/test_schedule.py::test_warm_up_by_hand",
                "tests/core/training/test_run.py::test_lanes_start_equal_and_see_the_same_batches",
            ),
        ),
        "bands": Row(
            claim=(
                "The bands of λ: where more than 1 % of the penalised weights are selected zeros, where"
                " accuracy falls by more than a standard error, where the network only "
                "guesses, each when trained at it from the start."
            ),
            holds="measured by the command",
            says={
                "pages/ui/train_live/bands.py": (
                    (
                        "The largest λ at which accuracy was still that of λ = 0, within a standard "
                        "error, when trained at it from the start."
                    ),
                    (
                        "The smallest λ at which accuracy was more than a standard error lower, when "
                        "trained at it from the start."
                    ),
                    "The smallest λ at which the network only guessed, when trained at it from the start.",
                    "No λ of the slider was both strong enough and without a loss of accuracy.",
                    "At no λ of the slider did accuracy fall before the network collapsed.",
                    "At no λ of the slider did the network collapse.",
                    (
                        "On {}, {}, {}: {} seeds, {} epochs, η = {}, {} training images, every layer "
                        "penalised, λ from the first update on{}."
                    ),
                    "Longer or shorter runs{}, and a λ that is moved late, give other bands.",
                    "Below the first of these λ is called too weak.",
                    "What each λ does has not been measured for these settings.",
                    "How hard the penalty pulls the penalised weights to zero.",
                ),
                "pages/lambda_path.py": (
                    "All but λ and epochs is as it was set on Train live.",
                    "Yours takes its settings from Train live.",
                ),
                "benchmarks/README.md": (
                    (
                        "core/bands.json , measured by benchmarks.bands : ten λ, three seeds, 60 "
                        "epochs, every layer penalised."
                    ),
                    (
                        "Zeros begin: more than 1 % of the penalised weights are selected zeros; "
                        "falls: more than a standard error below λ = 0."
                    ),
                ),
            },
            tests=(
                "tests/core/test_bands.py::test_bands_worked_by_hand",
                "tests/pages/ui/train_live/test_bands.py::test_the_strip_says_in_words_what_it_shows",
                "tests/pages/ui/train_live/test_bands.py::test_the_bands_say_under_which_condition_they_hold",
                "tests/pages/ui/train_live/test_bands.py::test_where_the_strip_says_that_accuracy_holds_it_does",
                (
                    "tests/pages/ui/lambda_path/test_bar.py::test_a_path_says_that_train_live_trains_longer_and_has_other_bands"
                ),
            ),
            commands=("benchmarks.bands",),
        ),
        "images": Row(
            claim="Which images there are and what is asked of them.",
            holds="the data's own sizes",
            says={
                "core/words.py": (
                    "Digits, 8 × 8: built in",
                    "Rotated digits, 8 × 8: predict the angle",
                    "MNIST, 28 × 28: 12 MB to download",
                    "Fashion-MNIST, 28 × 28: 31 MB to download",
                    "CIFAR-10, 32 × 32 in colour: 170 MB",
                ),
                "pages/ui/train_live/controls.py": (
                    (
                        "Rotated digits ask for a number instead, by how many degrees (−45° to 45°) "
                        "each digit is turned: the data loss is the mean squared error."
                    ),
                    (
                        "Handwritten digits, clothes or photographs, ten kinds each: the network names "
                        "the kind, and the data loss is cross-entropy."
                    ),
                    (
                        "Both kinds of digits are built in; the others are downloaded when the first "
                        "run on one starts, or read from the data folder."
                    ),
                    (
                        "The small network trains faster on a slow machine, above all on 28 × 28 images"
                        " and larger."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/test_words.py::test_datasets_are_called_as_the_trainer_calls_them_and_their_size_is_right"
                ),
                "tests/core/data/test_rotation.py::test_angles_fill_the_range_whatever_the_seed",
            ),
            numbers={
                "10": lambda: 10,
                "8": lambda: 8,
                "28": lambda: 28,
                "32": lambda: 32,
                "12": lambda: 12,
                "31": lambda: 31,
                "170": lambda: 170,
                "45": lambda: 45,
            },
        ),
        "bfloat16": Row(
            claim=(
                "bfloat16 keeps fewer digits in the passes through the network, never in weights or shrink."
            ),
            holds="8 bits of mantissa instead of 24",
            says={
                "core/words.py": ("bfloat16: pays on 28 × 28",),
                "pages/ui/train_live/controls.py": (
                    (
                        "bfloat16 keeps 8 binary digits instead of 24 in the passes through the "
                        "network, never in the weights or the proximal step: faster at 28 × 28 on a "
                        "processor made for it, slower at 8 × 8."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/maths/test_precision.py::test_the_network_computes_in_bfloat16_and_the_weights_stay_float32"
                ),
                "tests/core/maths/test_precision.py::test_it_differs_from_float32_by_rounding",
            ),
            commands=("benchmarks.training",),
            numbers={"28": lambda: 28, "8": lambda: 8, "24": lambda: 24},
        ),
    }
)
