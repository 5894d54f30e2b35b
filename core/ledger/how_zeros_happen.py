"""How zeros happen, stay and go."""

from collections.abc import Mapping
from types import MappingProxyType

from core.ledger.row import Row
from core.lessons.how_zeros_happen import network, two_weights, two_weights_figures
from core.spec import PRESETS

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "textbook_hovers": Row(
            claim=(
                "Added to the loss, L1 makes next to no weight exactly zero: near zero each "
                "update steps over it; a proximal step stops there."
            ),
            holds="sign w is ±1 however small w is, so the step does not shrink with it",
            says={
                "core/lessons/course/check.py": (
                    "The update steps over it again and again, so weights hover around zero.",
                    "A proximal step stops there.",
                    "Small is not zero, and how many are below a limit depends on the limit.",
                    "A proximal step makes exact zeros, which can be left out.",
                ),
                "pages/how_zeros_happen.py": (
                    (
                        "Textbook adds the penalty to the loss and differentiates: near zero it goes "
                        "past and back."
                    ),
                    "Proximal stops at zero.",
                ),
                "pages/ui/guided_path/stops.py": (
                    "Next to none: a penalty that is added to the loss makes weights small, not zero.",
                    "The proximal step shrinks after each step down the data loss and stops at zero.",
                    "λ and epochs differ, too: compare the zeros alone.",
                    "The same objective, but the update decides whether a weight can rest at zero.",
                ),
                "pages/l1_in_pytorch.py": (
                    (
                        "The recipe makes next to no weight exactly zero (train it live and look): each"
                        " update steps over it."
                    ),
                    (
                        "Take the penalty out of the loss and shrink after the step: a weight within τ "
                        "of zero lands on it."
                    ),
                ),
                "core/words.py": (
                    (
                        "Steps down the data loss, then shrinks every weight as its own rate demands: "
                        "exact zeros, and where it comes to rest, the conditions of an optimum hold."
                    ),
                    (
                        "Adds λ·R(w) to the loss and differentiates: weights hover around zero, next to"
                        " none is exactly zero."
                    ),
                ),
                "pages/ui/train_live/bar.py": (
                    "Proximal Adam, λ = 1e-4: weights land exactly on zero.",
                    "Adam, η = 1e-3, λ = 1e-3 added to the loss, all weights and biases, 10 epochs.",
                ),
                "benchmarks/README.md": (
                    "Proximal Adam, λ = 1e-4, 20 epochs",
                    "Proximal Adam, λ = 1e-4, 200 epochs",
                ),
                "README.md": (
                    "Added to the loss, L1 makes next to no weight exactly zero; its proximal step does.",
                ),
                "core/maths/methods.py": (
                    (
                        "Add λ Σ R to the loss and let autograd do the rest: weights hover around zero "
                        "and never land on it."
                    ),
                ),
                "core/lab/inside_the_network/figures.py": (
                    (
                        "{} The textbook method adds λ·R(w) to the loss and differentiates: nothing "
                        "stops a weight at zero or keeps it there."
                    ),
                ),
            },
            tests=(
                "tests/core/lessons/how_zeros_happen/test_two_weights.py::test_the_textbook_makes_no_zero",
                "tests/core/ledger/test_claims.py::test_near_zero_the_textbook_goes_past_and_back",
                "tests/core/maths/test_methods.py::test_the_textbook_method_makes_no_zeros",
                "tests/core/training/test_run.py::test_proximal_makes_exact_zeros_and_textbook_none",
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights.py::test_the_proximal_step_ends_at_the_lowest_total"
                ),
                "tests/core/maths/test_methods.py::test_fixed_point_solves_the_problem_at_this_strength",
            ),
            experiments=(
                "zeros_by_method",
                "sparsity",
            ),
            numbers={
                "1e-4": lambda: PRESETS["exact_zeros"].lanes[-1].strength,
                "1e-3": lambda: PRESETS["textbook_recipe"].lanes[-1].strength,
                "10": lambda: PRESETS["textbook_recipe"].epochs,
            },
        ),
        "hover_height": Row(
            claim=(
                "Where nothing else pulls, a weight hovers at about ηλ/(2 − ηh) under SGD (h:"
                " curvature), below ηλ/(1 − μ) with momentum; under Adam λ cancels, unless "
                "noise of the batches is larger than λ."
            ),
            holds="the two-cycle of w → (1 − ηh)w − ηλ sign w",
            says={
                "core/lessons/how_zeros_happen/noise_figures.py": (
                    "η = {}, μ = {}: a λ 100 times as large makes SGD hover {} times as high.",
                    "Adam hovers at about {}·η whatever λ is, as there is no other gradient.",
                    "Proximal, and clip and kill: exactly 0.",
                    "ηλ/(2−η), worked out for μ = 0",
                ),
                "pages/how_zeros_happen.py": (
                    (
                        "Here nothing pulls at the weight but λ, and it overshoots by one step of the "
                        "penalty, every time."
                    ),
                    "The ≈ is for a data loss of curvature 1.",
                    (
                        "Adam divides the averaged gradient m̂ by its size √v̂, so λ cancels where λ is"
                        " all the gradient there is."
                    ),
                    "How many weights are “below 0.001” then depends on your learning rate.",
                ),
                "pages/ui/guided_path/stops.py": ("How many weights are exactly zero?",),
            },
            tests=(
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights.py::test_hover_height_is_the_closed_form_and_proportional_to_strength"
                ),
                "tests/core/ledger/test_claims.py::test_the_hover_height_at_another_curvature",
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights.py::test_hovering_stays_below_the_longest_step_and_never_lands"
                ),
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights.py::test_adam_hovers_at_a_tenth_of_its_rate_whatever_the_strength"
                ),
                (
                    "tests/core/ledger/test_claims.py::test_with_noise_adams_hovering_does_depend_on_the_strength"
                ),
            ),
            numbers={
                "100": lambda: two_weights.HOVER_STRENGTHS[-1] / two_weights.HOVER_STRENGTHS[0],
                "0.001": lambda: 1e-3,
                "2": lambda: 2,
            },
        ),
        "falling_rate": Row(
            claim=("A falling rate makes no zeros; one that falls too fast stops the weight on its way."),
            holds="|w| ≈ η_t λ/(2 − η_t) > 0",
            says={
                "pages/how_zeros_happen.py": (
                    (
                        "The hovering shrinks with η, and stays above zero as long as η does: a falling"
                        " rate makes no zeros."
                    ),
                    "One that falls too fast stops the weight on its way.",
                ),
                "core/lessons/how_zeros_happen/noise_figures.py": (
                    "The proximal step is at exactly 0 from update {} on.",
                    "{}, too fast: {}, and the proximal step does not arrive either: {}.",
                ),
            },
            tests=(
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights.py::test_a_falling_rate_makes_no_zeros_and_a_fast_one_prevents_them"
                ),
                (
                    "tests/core/lessons/how_zeros_happen/test_noise_figures.py::test_a_falling_rate_is_drawn_above_the_floor_unless_exactly_zero"
                ),
            ),
        ),
        "less_noise": Row(
            claim=(
                "Less noise in the averaged gradient, by a larger batch or momentum, lets a "
                "zero leave less often."
            ),
            holds="the average has √((1 − μ)/(1 + μ)) of a batch's noise σ/√B",
            says={
                "pages/ui/how_zeros_happen/network.py": (
                    (
                        "You saw it with one weight: a larger batch has less noise, momentum averages "
                        "some of it away, and a zero leaves less often."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights.py::test_the_share_of_leaving_is_that_of_many_draws"
                ),
            ),
        ),
        "reach": Row(
            claim=(
                "Momentum adds gradients up: a steady pull moves a weight η/(1 − μ) per unit,"
                " and that makes zeros, too."
            ),
            holds="b → g/(1 − μ)",
            says={
                "core/lessons/how_zeros_happen/network.py": (
                    (
                        "Momentum adds gradients up: a steady pull moves a weight {} times as far with "
                        "it, and that makes zeros, too."
                    ),
                    (
                        "Momentum adds gradients up, η is as much smaller: a steady pull moves a weight"
                        " as far in both."
                    ),
                    "Exact zeros after about {} updates, about as many for each batch size.",
                    (
                        "Momentum adds {} to {} points; {} images instead of {} add {} without "
                        "momentum, and see {} times as many images."
                    ),
                    "Less noise made more zeros each time.",
                    "Less noise did not make more zeros each time: it is not all that counts.",
                ),
                "core/maths/README.md": (
                    (
                        "Momentum adds gradients up to g/(1 − μ), so the shrink is as much stronger: τ "
                        "= ηλ would solve the problem for λ(1 − μ), ten times too weak at μ = 0.9."
                    ),
                ),
                "pages/ui/how_zeros_happen/network.py": (
                    (
                        "Now the standard CNN on digits with the proximal step: three batch sizes, "
                        "about as many updates each, so the larger batches see more images, without "
                        "momentum (η = {}) and with (μ = {}, η = {})."
                    ),
                    "The SGD networks step equally far, η/(1 − μ) = {}; Adam has η = {}.",
                ),
            },
            tests=(
                (
                    "tests/core/ledger/test_claims.py::test_how_far_a_steady_pull_carries_a_weight_with_momentum"
                ),
                (
                    "tests/core/lessons/how_zeros_happen/test_network.py::test_batches_differ_in_size_not_in_updates"
                ),
                (
                    "tests/core/lessons/how_zeros_happen/test_network.py::test_all_step_equally_far_with_momentum_and_without"
                ),
            ),
            experiments=("zeros_by_batch",),
            numbers={"3": lambda: len(network.BATCHES)},
        ),
        "four_methods": Row(
            claim=(
                "In the network, too, the textbook methods make next to no zero and the "
                "proximal step makes them; how many, its example tells."
            ),
            holds="trained",
            says={
                "core/lessons/how_zeros_happen/network.py": (
                    "λ = {}: the textbook methods have {} % and {} % exact zeros.",
                    (
                        "The proximal step has {} %, with momentum {} %, and {} % of the validation "
                        "images right."
                    ),
                    "Clip and kill: {} %.{}",
                ),
                "pages/ui/how_zeros_happen/network.py": (
                    (
                        "Now with the standard CNN, the proximal step without momentum and with it: same "
                        "start, same batches, same λ."
                    ),
                    "The methods in the real network",
                    "Which of the other three makes most?",
                ),
            },
            tests=(
                (
                    "tests/core/lessons/how_zeros_happen/test_network.py::test_only_proximal_and_clipping_make_zeros"
                ),
                (
                    "tests/core/test_registry.py::test_what_is_shown_beforehand_was_trained_with_these_settings"
                ),
            ),
            experiments=("zeros_by_method",),
            numbers={"3": lambda: 3},
        ),
        "two_weights_toy": Row(
            claim=(
                "Which of two weights rest at zero, method by method: the proximal step ends "
                "where the lowest total is."
            ),
            holds="the toy's updates are the trainer's",
            says={
                "core/lessons/how_zeros_happen/two_weights_figures.py": (
                    "λ pulls too weakly to hold even w₂ at zero.",
                    "Without λ nothing pulls to zero.",
                    "{}, both textbook methods hover and make none.",
                ),
                "pages/how_zeros_happen.py": (
                    "The dotted lines are the weights of the lowest total: which method ends there?",
                    "g is the gradient of the data loss, η the learning rate, S the soft threshold.",
                    "Same penalty, four updates",
                ),
                "pages/ui/guided_path/stops.py": ("Four methods, one problem",),
            },
            tests=(
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights.py::test_every_method_is_the_trainers"
                ),
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights_figures.py::test_four_panels_draw_the_paths_and_count_their_zeros"
                ),
            ),
            numbers={"4": lambda: len(two_weights.RULES)},
        ),
        "zeros_return": Row(
            claim=(
                "When λ falls, weights whose pull is now stronger than λ leave zero; a killed one never does."
            ),
            holds="S_ηλ(ηḡ) ≠ 0 for |ḡ| > λ",
            says={
                "pages/how_zeros_happen.py": (
                    "Nothing holds a zero but the rule itself.",
                    "Lower λ, and weights whose pull is now the stronger one return.",
                    "A killed weight never does.",
                    "λ starts at 0.4 and falls after 30 updates.",
                ),
                "core/lessons/how_zeros_happen/two_weights_figures.py": (
                    "λ falls from {} to {} at update {}.",
                    "λ stays at {} after update {}, too.",
                    "Clip and kill: {}, killed, at 0 for ever.",
                ),
                "core/lessons/how_zeros_happen/network.py": (
                    "λ fell to {} at update {}.",
                    "Proximal: zeros went {}.",
                    "Clip and kill: {}.",
                    "Where all had died: {}, and {} % are right: {}.{}",
                    "λ has not fallen yet: the zeros grow.",
                ),
                "core/lessons/course/check.py": (
                    "In a living one, weights do return when λ falls.",
                    "In a living network weights return from a proximal step.",
                ),
                "pages/ui/how_zeros_happen/network.py": (
                    (
                        "Halfway λ falls to {} in three networks: two had λ = {}, by the proximal step "
                        "and by clip and kill; one had λ = {} in full from the first update on, without "
                        "warm-up, which kills it."
                    ),
                    (
                        "In a network there is one exception: a whole network that is dead , all of its "
                        "weights zero."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights.py::test_what_was_killed_stays_and_what_is_proximal_comes_back"
                ),
                "tests/core/maths/test_methods.py::test_clip_and_kill_never_revives",
                (
                    "tests/core/lessons/how_zeros_happen/test_network.py::test_weights_come_back_unless_killed_or_all_dead"
                ),
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights_figures.py::test_lowered_names_who_comes_back"
                ),
            ),
            experiments=("zeros_return",),
            numbers={
                "3": lambda: len(network.RETURN_LANES),
                "0.4": lambda: two_weights_figures.LATER[0],
                "30": lambda: two_weights.N_UPDATES // 2,
            },
        ),
        "dead_network": Row(
            claim=(
                "A dead network gets next to no gradient: it stays dead even at a λ far below;"
                " at λ near 0 it may start anew."
            ),
            holds=(
                "with all weights zero only fc2 (through positive biases of fc1) and the "
                "biases have a gradient"
            ),
            says={
                "core/lessons/course/check.py": (
                    (
                        "A dead network gets next to no gradient: it stays dead even at a λ far "
                        "below; at λ near 0 it may start anew."
                    ),
                    (
                        "A dead one, where no signal passes, gets next to no gradient and stays "
                        "dead even at a λ far below."
                    ),
                ),
                "core/training/alarms.py": (
                    (
                        "A dead network gets next to no gradient: it stays dead even at a λ far "
                        "below; at λ near 0 it may start anew."
                    ),
                    (
                        "At {} nearly every penalised weight is zero and the network only guesses: λ "
                        "was too large too early."
                    ),
                    "At {} nearly every penalised weight is zero and the network only guesses.",
                    "Choose a smaller λ or {} and press Reset.",
                    (
                        "Nearly every penalised weight is zero and the network only guesses, but so "
                        "does the network without penalty: not λ is to blame but the learning rate."
                    ),
                    ("Lane {} has come back: weights have left zero and it does better than guessing again."),
                    "Set it below {} and press Reset.",
                    (
                        "λ was too large too early, or the learning rate is too large: without a "
                        "network at λ = 0 beside it nobody can tell."
                    ),
                ),
                "pages/ui/how_zeros_happen/network.py": (
                    (
                        "No image passes, and next to no gradient: it stays dead even at a λ far "
                        "below; at λ near 0 it may start anew."
                    ),
                    "A dead unit of a living network may come back sooner.",
                ),
                "pages/ui/guided_path/stops.py": (
                    "It works here too; too large a λ at once can kill a network.",
                ),
                "core/README.md": (
                    (
                        'Because λ = 3e-3 from step 0 kills the standard CNN (the card "limited to '
                        'linear models"), and a dead one gets next to no gradient.'
                    ),
                ),
                "core/maths/README.md": (
                    (
                        "It stays dead even at a λ far below; at λ near 0 it may start anew through the "
                        "last layer and the biases."
                    ),
                    (
                        "- All weights zero, with the last biases at their best, is a KKT point of a "
                        "deep ReLU network for every λ > 0: too large a λ too early collapses it."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/ledger/test_trained_claims.py::test_a_dead_network_stays_dead_far_below_and_may_start_anew_without_penalty"
                ),
                "tests/core/training/test_reach.py::test_weights_that_were_cut_off_return_when_lambda_falls",
                "tests/core/training/test_alarms.py::test_warmup_avoids_that_collapse",
                "tests/core/training/test_alarms.py::test_collapse_is_told_once_and_explained",
                (
                    "tests/core/training/test_alarms.py::test_without_a_network_at_zero_like_it_nobody_is_blamed_alone"
                ),
            ),
            experiments=(
                "zeros_return",
                "linear_only",
            ),
        ),
    }
)
