"""L1 in a CNN: layers, rescaling, BatchNorm, groups."""

from collections.abc import Mapping
from types import MappingProxyType

from core.lab.smaller_model.questions import TOLERANCE
from core.ledger.row import Row
from core.lessons.l1_in_a_cnn import layers, layers_figures, results

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "where_weights_are": Row(
            claim=("fc1 holds most weights; only penalised layers can have zeros, so they set the limit."),
            holds="3 · 3 · in · out and in · out",
            says={
                "core/lessons/l1_in_a_cnn/layers_figures.py": (
                    "{}: at most {} % of all weights can become zero.",
                    "{} With images of {} × {} pixels fc1 alone holds {} %.",
                    "Nothing is penalised: no zeros.",
                ),
                "core/lessons/l1_in_a_cnn/results.py": ("At most: {} of all weights.",),
                "pages/ui/l1_in_a_cnn/network.py": (
                    (
                        "Each square is as large as its layer has weights: two convolutions and two "
                        "fully connected layers for 28 × 28 images, the standard CNN."
                    ),
                    "L1 makes zeros only in the layers you choose, so they set the limit.",
                    "Then shrink the image to the 8 × 8 of digits: which square shrinks, and why?",
                ),
                "core/lessons/course/check.py": (
                    "fc1 has by far the most weights.",
                    "Any layer can be penalised.",
                    "Any layer can be penalised, and λ pulls at no other.",
                    "Penalise fc1 alone, and most weights of the whole network become zero.",
                    "In this network fc1 has most of the weights.",
                ),
                "pages/ui/guided_path/stops.py": (
                    (
                        "Leave fc1 out, and of all weights {} % can become zero with images of 28 × 28 "
                        "pixels, {} % with the 8 × 8 of digits, which come next."
                    ),
                ),
                "pages/l1_in_a_cnn.py": (
                    "Usually the fully connected layers are chosen: most weights are there.",
                    "{} networks on digits, same start, same λ, each with other layers penalised.",
                ),
                "core/words.py": (
                    "The standard network: two convolutions, two fully connected layers.",
                    "A quarter of the filters and units: faster on a slow machine.",
                    "Two convolutions: 32 and 64 filters, 128 units",
                    "Small: 8 and 16, 32 units",
                ),
                "pages/ui/l1_in_a_cnn/own.py": ("Rescale my own network by 100",),
            },
            tests=(
                "tests/core/lessons/l1_in_a_cnn/test_layers.py::test_layers_are_those_of_the_network",
                "tests/core/lessons/l1_in_a_cnn/test_layers.py::test_fc1_by_hand",
                (
                    "tests/core/lessons/l1_in_a_cnn/test_layers_figures.py::test_chosen_layers_are_filled_and_their_share_is_said"
                ),
                (
                    "tests/core/lessons/l1_in_a_cnn/test_results.py::test_no_target_makes_more_zeros_than_it_has_weights"
                ),
                "tests/core/training/test_run.py::test_untargeted_parameters_get_the_plain_update",
            ),
            numbers={
                "28": lambda: layers_figures.SIZES[-1],
                "8": lambda: layers_figures.SIZES[0],
                "32": lambda: layers.CHANNELS[1],
                "64": lambda: layers.CHANNELS[2],
                "128": lambda: layers.HIDDEN,
                "16": lambda: layers.CHANNELS[2] / 4,
                "100": lambda: results.FACTORS[-1],
            },
        ),
        "conv1_is_harder": Row(
            claim=(
                "A weight of conv1 works at every place of the image and gets, on average, a "
                "larger gradient than one of fc1: more λ is needed to hold it at zero."
            ),
            holds="measured in the test and by the example",
            says={
                "pages/l1_in_a_cnn.py": (
                    (
                        "A weight of fc1 is used once per image, one of conv1 at all {} places of an 8 "
                        "× 8 image."
                    ),
                    "On average a weight of conv1 gets the larger gradient, so it is harder to hold at zero.",
                ),
                "core/lessons/l1_in_a_cnn/results.py": ("Of their own weights conv1 lost {} %, fc1 {} %.{}",),
            },
            tests=(
                (
                    "tests/core/ledger/test_trained_claims.py::test_a_weight_of_conv1_gets_a_larger_gradient_than_one_of_fc1"
                ),
                (
                    "tests/core/lessons/l1_in_a_cnn/test_results.py::test_conv1_keeps_more_of_its_own_weights_than_fc1"
                ),
            ),
            experiments=("zeros_by_target",),
            numbers={"8": lambda: layers_figures.SIZES[0]},
        ),
        "targets": Row(
            claim="Zeros and accuracy by penalised layers, as trained.",
            holds="trained",
            says={
                "core/lessons/l1_in_a_cnn/results.py": (
                    (
                        "λ = {}: of all weights conv1 alone makes {} % zero, both convolutions {} %, "
                        "fc1 {} %, all layers {} %."
                    ),
                    "Right on the validation images: {}, {}, {} and {} %.",
                    "fc1 alone: you said {} % , measured {} % .",
                    "There are {} biases beside {} weights.",
                    "Penalising them too changes the zeros by {}, and the validation accuracy by {}.",
                ),
                "pages/ui/l1_in_a_cnn/drawings.py": ("{} The textbook recipe penalises them.",),
            },
            tests=(
                (
                    "tests/core/lessons/l1_in_a_cnn/test_results.py::test_no_target_makes_more_zeros_than_it_has_weights"
                ),
                (
                    "tests/core/lessons/l1_in_a_cnn/test_results.py::test_what_the_biases_change_is_told_pair_by_pair"
                ),
                "tests/core/lessons/l1_in_a_cnn/test_results_figures.py::test_bars_are_bounds_and_zeros",
                "tests/core/lessons/l1_in_a_cnn/test_results.py::test_a_guess_is_held_against_fc1_alone",
            ),
            experiments=("zeros_by_target",),
        ),
        "wrong_labels": Row(
            claim=(
                "L1 raises accuracy where labels are wrong; with right labels it gains about nothing "
                "here, and too large a λ costs."
            ),
            holds="three seeds trained in the test; the cards",
            says={
                "pages/l1_in_a_cnn.py": (
                    "L1 raises accuracy most where labels are wrong: [see it measured]({}).",
                ),
                "core/lessons/course/check.py": (
                    "It helps where a network would learn wrong labels by heart; so does stopping early.",
                    (
                        "With right labels, as on the card “Sparsity costs precision”, it gains about "
                        "nothing here, and too large a λ costs accuracy."
                    ),
                    "The network can learn fewer of the wrong labels by heart.",
                    "Stopping early does it, too.",
                    (
                        "With right labels, as on the card “Sparsity costs precision”, L1 gains about "
                        "nothing here, and too large a λ costs accuracy."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/ledger/test_trained_claims.py::test_l1_helps_against_wrong_labels_and_not_with_few_right_ones"
                ),
                (
                    "tests/core/lessons/course/test_check.py::test_the_card_that_shows_right_labels_is_on_the_page_that_is_named"
                ),
                (
                    "tests/core/lessons/does_it_deliver/test_claims.py::test_the_examples_show_what_the_lesson_says"
                ),
            ),
            experiments=(
                "generalization",
                "precision",
            ),
        ),
        "rescaling": Row(
            claim=(
                "ReLU lets conv1 be divided and conv2 multiplied by c: the outputs stay, and "
                "a penalty on conv1 alone is c times smaller; with both penalised the least "
                "is 2√(AB), where both Σ|w| are equal."
            ),
            holds="c·ReLU(x/c) = ReLU(x) for c > 0; A/c + cB ≥ 2√(AB)",
            says={
                "pages/l1_in_a_cnn.py": (
                    (
                        "Divide conv1, weights and biases, by c and multiply the weights of conv2 by c:"
                        " the outputs stay, and the penalty on conv1 is c times smaller."
                    ),
                    (
                        "With both layers penalised there is a best c: where both Σ|w| are equal, their"
                        " sum is 2√(AB), with A and B the two before."
                    ),
                    "The weights are those of the network whose conv1 alone is penalised.",
                ),
                "core/lessons/l1_in_a_cnn/results.py": (
                    "On {} validation images the outputs move by {} at most (the largest is {}).",
                    "The penalty on conv1 goes from {} to {}.",
                ),
                "core/lessons/l1_in_a_cnn/results_figures.py": (
                    "c = {}: Σ|w| of conv1 goes from {} to {}, and the features are the same, {}.",
                    "Both layers together: {} instead of {}; the least is {}, at c = {}.",
                    "c = 1, as trained: Σ|w| is {} in conv1 and {} in conv2.",
                ),
                "pages/ui/inside_the_network/sections.py": (
                    (
                        "Divide the first layer's weights and biases by a factor and multiply the "
                        "second layer's weights by it: ReLU passes the factor on, and the outputs stay."
                    ),
                    (
                        "An L1 penalty on the first layer alone gets as small as you like, and nothing "
                        "has become simpler."
                    ),
                    "One on both layers is smallest where both Σ|w| are equal.",
                ),
                "core/lab/inside_the_network/figures.py": (
                    (
                        "{} ÷ {}, {} × {}: the largest difference of a logit on {} validation images is"
                        " {}, the largest logit {}."
                    ),
                ),
                "core/maths/README.md": (
                    "- One layer's penalty can be gamed: conv1 ÷ 100, conv2 × 100 gives the same outputs.",
                    "With both penalised the least is 2√(AB), A and B their Σ",
                ),
            },
            tests=(
                (
                    "tests/core/inspect/test_rescale.py::test_rescaling_keeps_the_outputs_and_changes_the_penalty"
                ),
                (
                    "tests/core/inspect/test_rescale.py::test_with_conv1_alone_penalised_rescaling_games_the_penalty"
                ),
                "tests/core/ledger/test_claims.py::test_two_penalised_layers_have_a_best_split",
                (
                    "tests/core/lessons/l1_in_a_cnn/test_results.py::test_rescaling_real_kernels_keeps_the_features_and_moves_the_sums"
                ),
            ),
        ),
        "gaming": Row(
            claim="Whether training has moved size from conv1 to conv2, the example tells, seed by seed.",
            holds="trained",
            says={
                "core/lessons/l1_in_a_cnn/results.py": (
                    "With only conv1 penalised its Σ|w| is {}, without any penalty {}.",
                    "grew in {}: part of the saving was paid there.",
                    "did not grow to make up for it, here.",
                ),
            },
            tests=(
                ("tests/core/lessons/l1_in_a_cnn/test_results.py::test_gaming_is_said_only_where_conv2_grew"),
            ),
            experiments=("zeros_by_target",),
        ),
        "batch_norm": Row(
            claim=(
                "BatchNorm divides out the size of the kernel before it, for c > 0 and "
                "outputs far above √ε; so there a penalty is for nothing and only 0 is a "
                "point of rest. On γ it ends channels."
            ),
            holds="BN(cz) = BN(z) gives ⟨w, ∇L⟩ = 0, a point of rest needs ⟨w, ∇L⟩ = −λ‖w‖₁",
            says={
                "pages/l1_in_a_cnn.py": (
                    (
                        "BatchNorm divides by the spread of its input z, so the size of the kernel "
                        "before it means nothing: it can shrink, and its penalty with it, while the "
                        "outputs stay."
                    ),
                    "c > 0, and c z not so small that the ε under the root counts.",
                    (
                        "L1 works on any layer that learns: put it on the scale γ , and a channel with "
                        "γ = 0 is dead."
                    ),
                ),
                "core/words.py": (
                    "BatchNorm scales up again what a penalty on the convolution before it shrinks.",
                    "Penalise bn1 and bn2 (γ) instead.",
                    "Penalise bn1 and bn2 instead: where γ is 0, a channel is dead.",
                    (
                        "BatchNorm undoes any shrinking of conv1 and conv2: their size means nothing, "
                        "and they come to rest at 0 only."
                    ),
                    (
                        "No optimality with BatchNorm: scaling a convolution before it changes no "
                        "output, so ⟨w, ∇L⟩ = 0 at every w, and an optimum would need ⟨w, ∇L⟩ = −λ‖w‖₁."
                    ),
                    "Only w = 0 has both.",
                ),
                "core/lessons/l1_in_a_cnn/results.py": (
                    (
                        "L1 on the convolutions: their Σ|w| is {} instead of {}, {} of {} channels are "
                        "dead, and {} instead of {} % are right."
                    ),
                    "L1 on the scales γ: {} of {} channels are dead, {} % are right.",
                ),
                "core/maths/README.md": (
                    (
                        "- Before a BatchNorm no λ > 0 has a stationary point but 0: only γ ( bn1 , bn2"
                        " ) is worth a penalty there."
                    ),
                ),
                "core/lessons/l1_in_a_cnn/layers.py": (
                    "λ is {}; both are refitted without penalty over the last {} % of the run.",
                ),
            },
            tests=(
                "tests/core/maths/test_batch_norm.py::test_a_convolution_before_it_is_scale_free",
                (
                    "tests/core/ledger/test_claims.py::test_batch_norm_ignores_a_positive_factor_only_and_not_near_epsilon"
                ),
                "tests/core/ledger/test_claims.py::test_before_batch_norm_no_weights_but_zero_are_at_rest",
                (
                    "tests/core/maths/test_batch_norm.py::test_by_default_gamma_is_free_and_as_a_target_it_ends_channels"
                ),
                (
                    "tests/core/maths/test_batch_norm.py::test_a_channel_with_gamma_zero_says_the_same_whatever_its_filter_is"
                ),
                (
                    "tests/core/lessons/l1_in_a_cnn/test_results.py::test_penalised_convolutions_shrink_before_a_batch_norm_and_scales_go_out"
                ),
            ),
            experiments=("batch_norm_target",),
        ),
        "groups": Row(
            claim=(
                "L1 leaves holes in filters that stay; the group lasso ends whole ones, pulls"
                " harder at the same λ, and leaves single zeros only where a weight gets no "
                "gradient."
            ),
            holds="√n‖w‖₂ ≥ ‖w‖₁ (Cauchy–Schwarz); the group's subdifferential is a ball",
            says={
                "pages/l1_in_a_cnn.py": (
                    "L1 counts every weight by itself, and leaves holes in filters that stay.",
                    "The group lasso counts a filter's n weights as one: they reach zero together.",
                    "At the same λ it pulls harder, as √n·‖w‖₂ is at least Σ|w|.",
                ),
                "core/lessons/course/check.py": (
                    "L1 prices each weight by itself, so filters that stay have holes.",
                    "Group lasso selects filters as a whole.",
                    "Group lasso prices a filter as one, and keeps or drops it.",
                    "Under L1 a filter goes only when each of its weights does.",
                ),
                "core/lessons/l1_in_a_cnn/results.py": (
                    "{}, seed {}: {} of {} filters of conv1 are dead, and {} zeros are holes in the others.",
                    "In all layers {} of {} filters and units are dead.",
                ),
                "core/words.py": (
                    (
                        "Pulls whole filters and units: at the optimum all weights of one are exactly "
                        "zero together; in one that stays, only weights without any gradient are."
                    ),
                    (
                        "L1 within groups: at the optimum whole filters and units are exactly zero, and"
                        " single weights in the others."
                    ),
                ),
                "pages/ui/train_live/controls.py": (
                    (
                        "A penalty by groups counts the bias of a filter or unit as a member of its "
                        "group; the others pull each bias on its own."
                    ),
                ),
                "core/maths/penalties.py": (
                    "R(w) = Σ_g √|g| ‖w_g‖₂: whole filters and units become zero at once.",
                ),
            },
            tests=(
                (
                    "tests/core/lessons/l1_in_a_cnn/test_results.py::test_only_the_group_lasso_puts_out_whole_filters_with_their_zeros"
                ),
                "tests/core/ledger/test_claims.py::test_a_group_penalty_is_at_least_the_l1_norm",
                (
                    "tests/core/ledger/test_claims.py::test_in_a_living_group_only_a_weight_without_gradient_is_zero"
                ),
                "tests/core/maths/test_methods.py::test_whole_groups_end_where_theory_ends_them",
            ),
            experiments=("interpretability",),
        ),
        "smaller_when_dead": Row(
            claim=(
                "A dead filter or unit gives the same whatever it sees; removed, a dense "
                "network is smaller and the same function."
            ),
            holds="its constant moves into the next biases",
            says={
                "pages/l1_in_a_cnn.py": (
                    (
                        "A dense network gets smaller only by whole filters and units that are dead, or "
                        "that nothing reads."
                    ),
                ),
                "core/lessons/course/glossary.py": (
                    "A filter or unit whose weights are all zero: it gives the same whatever it sees.",
                ),
                "pages/ui/smaller_model/sections.py": (
                    (
                        "A filter or unit that reads nothing, or that nobody reads, can go, and the "
                        "function stays."
                    ),
                    "What a constant unit gave is folded into the next layer's biases.",
                ),
                "core/lab/smaller_model/questions.py": (
                    (
                        "On all {} validation images the largest difference of a logit is {} ; the "
                        "tolerance is {} (1e-4 of the largest logit, {}): {}."
                    ),
                ),
            },
            tests=(
                "tests/core/smaller/test_dead_units.py::test_the_compact_network_is_the_same_function",
                (
                    "tests/core/smaller/test_dead_units.py::test_so_it_is_on_any_network_and_nothing_removable_is_left"
                ),
                (
                    "tests/core/smaller/test_dead_units.py::test_a_trained_sparse_network_becomes_smaller_and_stays_itself"
                ),
            ),
            numbers={"1e-4": lambda: TOLERANCE},
        ),
    }
)
