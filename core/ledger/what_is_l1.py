"""What L1 is: price, slopes, shrinks, and when a weight is zero."""

from collections.abc import Mapping
from types import MappingProxyType

from core.ledger.row import Row
from core.lessons.what_is_l1 import four_weights, four_weights_figures

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "total_loss": Row(
            claim="The total is the data loss plus λ times the sum of the sizes of the weights.",
            holds="definition",
            says={
                "core/lessons/course/glossary.py": (
                    "The L1 norm: the sizes of all penalised weights, added up.",
                    "Data loss plus penalty: what training makes small.",
                    (
                        "The regularization strength: the price of one unit of the penalty, in loss; under "
                        "L1, of |w|."
                    ),
                    "A weight: a number that an input is multiplied by, and that training changes.",
                    (
                        "The data loss: how wrong the predictions are on the training images, without "
                        "the penalty."
                    ),
                ),
                "pages/ui/what_is_l1/bill.py": (
                    (
                        "L1 adds the sizes |w| of all weights, times λ , the regularization strength , "
                        "to the loss you know."
                    ),
                    "Every weight pays λ for each unit of its size, so it has to earn its price.",
                ),
                "pages/ui/guided_path/stops.py": (
                    "The total is the data loss plus λ times the sum of all sizes.",
                    "λ is the price of one unit of |w|.",
                ),
                "pages/what_is_l1.py": (
                    (
                        "A penalty that pushes weights to zero: at a moderate λ the network keeps those it "
                        "needs."
                    ),
                ),
                "pages/browser/live/formula.js": (
                    "total = data loss ({}) + λ × {}; the numbers appear when a run starts.",
                ),
            },
            tests=(
                "tests/core/lessons/what_is_l1/test_four_weights.py::test_the_bill_adds_up",
                "tests/core/maths/test_penalties.py::test_l1_worked_by_hand",
            ),
        ),
        "bargains": Row(
            claim=(
                "A weight is worth its price while its absence would raise the data loss by more than λ|w|."
            ),
            holds="arithmetic on eight examples",
            says={
                "core/lessons/what_is_l1/four_weights_figures.py": (
                    "The lowest total at λ = {} is {}, {}.",
                    "{} is not worth its price: it costs {} and lowers the data loss by {}.",
                    "At zero, your total would be {} lower.",
                    "Each of your weights is at zero or earns its price.",
                    "{} does harm: at zero, your total would be {} lower.",
                ),
            },
            tests=(
                (
                    "tests/core/lessons/what_is_l1/test_four_weights.py::test_the_worst_bargain_is_the_weight_whose_zero_helps_most"
                ),
                (
                    "tests/core/lessons/what_is_l1/test_four_weights.py::test_every_weight_left_in_the_best_earns_its_price"
                ),
                (
                    "tests/core/lessons/what_is_l1/test_four_weights.py::test_best_for_a_class_is_scikit_learns_logistic_regression"
                ),
            ),
        ),
        "wrong_labels_of_eight": Row(
            claim=(
                "Two of the eight classes are wrong on purpose; the others say whether the value is above 0."
            ),
            holds="the page's own examples",
            says={
                "pages/ui/what_is_l1/bill.py": (
                    (
                        "A class is 1 where the value is above 0, but for two labels that are wrong on "
                        "purpose."
                    ),
                    "The eight examples",
                ),
                "core/lessons/what_is_l1/four_weights_figures.py": (
                    "nine weights after L2",
                    "nine weights after L1",
                ),
            },
            tests=("tests/core/ledger/test_claims.py::test_two_of_the_eight_classes_are_wrong",),
            numbers={"8": lambda: len(four_weights.VALUES), "9": lambda: len(four_weights_figures.SAMPLE)},
        ),
        "slopes": Row(
            claim=(
                "L1 pushes a tiny weight as hard as a large one, L2 in proportion to its "
                "size; at the kink any slope from −1 to 1 touches |w|."
            ),
            holds="d|w|/dw = ±1, d½w²/dw = w",
            says={
                "core/lessons/what_is_l1/four_weights_figures.py": (
                    "At w = {} {}: L1 pushes {} L2.",
                    (
                        "At w = 0 |w| has a kink: its slope may be anything from −1 to 1: times λ, enough "
                        "to hold the weight there while the data loss pulls with at most λ."
                    ),
                    "½w² is flat and holds nothing.",
                ),
                "pages/what_is_l1.py": (
                    "The slope is how hard a penalty pushes a weight towards zero.",
                    "L1 pushes a tiny weight as hard as a large one.",
                    "L2 , the penalty with ½w², lets go: the smaller the weight, the weaker the push.",
                ),
                "pages/ui/guided_path/stops.py": (
                    "L1 pushes a tiny weight as hard as a large one; L2 lets go.",
                ),
                "core/lessons/course/check.py": ("At zero, |w| has a kink.",),
                "core/lessons/course/glossary.py": (
                    (
                        "The slope of a line that touches a curve from below: at the kink of |w|, any "
                        "from −1 to 1."
                    ),
                ),
                "core/words.py": (
                    "L2 only shrinks.",
                    (
                        "Pulls as hard on a small weight as on a large one: at the optimum single "
                        "weights are exactly zero."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/lessons/what_is_l1/test_four_weights_figures.py::test_slopes_are_those_of_the_penalties"
                ),
                ("tests/core/maths/test_penalties.py::test_value_and_autograd_agree_with_finite_differences"),
                "tests/core/maths/test_penalties.py::test_residual_is_zero_where_the_prox_stands_still",
            ),
        ),
        "two_shrinks": Row(
            claim=("The soft threshold subtracts τ and stops at zero; L2 divides and does not get there."),
            holds="prox of τ|w| and of τ½w², Parikh & Boyd (2014)",
            says={
                "core/lessons/what_is_l1/four_weights_figures.py": (
                    (
                        "With τ = {} the soft threshold sets {} of these 9 weights to exactly 0; plain "
                        "shrinkage sets none of them."
                    ),
                ),
                "pages/what_is_l1.py": (
                    "A step down the data loss brings a weight to v; then the penalty takes its share.",
                    "L1 subtracts τ and stops at zero: the soft threshold S.",
                    "L2 divides : small gets smaller, never zero on paper.",
                    "Source: Parikh & Boyd (2014), Proximal Algorithms .",
                    "In plain gradient descent τ is the learning rate times λ.",
                ),
                "core/maths/penalties.py": ('Source: Parikh & Boyd (2014), "Proximal Algorithms".',),
                "core/lessons/course/glossary.py": (
                    "The soft threshold: moves a weight towards zero by τ and stops at zero.",
                    (
                        "The threshold: how much the soft threshold takes off a weight in one update, η"
                        " · λ in plain gradient descent."
                    ),
                    "The proximal map: the point that best trades a small penalty against staying near.",
                    "For L1 it is the soft threshold.",
                ),
            },
            tests=(
                "tests/core/maths/test_penalties.py::test_prox_minimises_its_objective",
                (
                    "tests/core/lessons/what_is_l1/test_four_weights.py::test_steps_minimise_what_they_are_defined_by"
                ),
                (
                    "tests/core/lessons/what_is_l1/test_four_weights_figures.py::test_shrinkage_counts_its_zeros"
                ),
                (
                    "tests/core/lessons/what_is_l1/test_four_weights.py::test_soft_threshold_by_hand_and_without_a_minus_zero"
                ),
            ),
            numbers={"9": lambda: len(four_weights_figures.SAMPLE)},
        ),
        "zeros_without_gradient": Row(
            claim=(
                "A weight that gets no gradient is taken to zero by any shrink, L2's too; one"
                " that gets a gradient is not by L2."
            ),
            holds="a threshold ηλ/ε under Adam; nothing pulls back",
            says={
                "pages/ui/what_is_l1/network.py": (
                    (
                        "With L2 you will see exact zeros, too: weights that get no gradient at all, as"
                        " those behind a pixel that never has ink."
                    ),
                    (
                        "Nothing pulls at them, so each update divides them again, until the computer "
                        "rounds to zero; Adam, which divides them by a large factor, is there soon."
                    ),
                    "L1 also sets weights to zero that the data loss does pull at.",
                ),
                "core/words.py": (
                    (
                        "Pulls every weight in proportion to its size: weights get small, and one that "
                        "gets a gradient does not become exactly zero."
                    ),
                ),
                "core/maths/README.md": (
                    "- A weight without any gradient has D = ε, so τ = ηλ/ε takes it to zero at once.",
                ),
                "core/maths/penalties.py": (
                    (
                        "Weights that never get a gradient still end at 0.0 by underflow under Adam, "
                        "whose τ = ηλ/ε is huge there."
                    ),
                ),
            },
            tests=(
                "tests/core/ledger/test_claims.py::test_l2_makes_zeros_only_of_weights_without_gradient",
                "tests/core/ledger/test_claims.py::test_adam_divides_an_idle_weight_to_zero_within_an_epoch_or_two",
                (
                    "tests/core/maths/test_methods.py::test_proximal_adam_takes_a_weight_without_gradient_to_zero_and_rightly"
                ),
            ),
        ),
        "one_weight": Row(
            claim=(
                "With a data loss of one valley the lowest total is at w = 0 exactly when "
                "|L′(0)| ≤ λ; L2 comes closer and never arrives."
            ),
            holds="convexity: 0 is a subgradient of the total at 0",
            says={
                "core/lessons/what_is_l1/least_squares_figures.py": (
                    "λ = {} is less than {}, the pull of the data loss at 0: the minimum is at w₁ = {}.",
                    (
                        "λ = {} is more than {}, the pull of the data loss at 0: the minimum is exactly"
                        " at w₁ = 0."
                    ),
                    "L2 at λ = {}: the minimum is at w₁ = {}.",
                    "It comes closer, never to 0, while the data loss pulls.",
                ),
                "pages/what_is_l1.py": (
                    "w₁ alone predicts the values of eight examples.",
                    "At zero, the data loss pulls with |L′(0)| = {}.",
                    "If λ is at least that, the pull cannot lift the weight off zero.",
                    "The rule holds for a data loss with one valley, such as this parabola.",
                ),
                "pages/ui/guided_path/stops.py": (
                    "The lowest point is at zero as soon as the data loss pulls less than λ there.",
                ),
            },
            tests=(
                (
                    "tests/core/lessons/what_is_l1/test_least_squares.py::test_one_weight_is_exactly_zero_once_lambda_passes_the_slope_at_zero"
                ),
                (
                    "tests/core/lessons/what_is_l1/test_least_squares.py::test_one_weights_solution_is_the_lowest_point_of_a_grid"
                ),
                "tests/core/lessons/what_is_l1/test_least_squares.py::test_solutions_are_scikit_learns",
            ),
            numbers={"8": lambda: len(four_weights.VALUES)},
        ),
        "two_weights": Row(
            claim=(
                "The solution is where contour and diamond touch and the pulls balance; at a "
                "corner one weight is zero."
            ),
            holds="optimality conditions of the lasso",
            says={
                "core/lessons/what_is_l1/least_squares_figures.py": (
                    "Neither weight is pulled harder than λ: both are exactly 0.",
                    "Without a penalty the solution is {}, the lowest data loss.",
                    "The pulls balance away from the axes: no zero.",
                    "Both pulls are λ strong in each direction, so they balance.",
                    "The data loss pulls w₂ with {}, less than λ: w₂ sticks at exactly 0.",
                ),
                "pages/what_is_l1.py": (
                    "w₁ and w₂ predict the values of eight examples.",
                    "On a contour the data loss is the same, on the diamond the penalty is.",
                    "The solution is where they touch, and where the two arrows balance.",
                    "A corner of the diamond lies on an axis: there, one weight is zero.",
                ),
                "pages/ui/guided_path/stops.py": (
                    "The diamond has corners on the axes; the circle has none: try it.",
                ),
            },
            tests=(
                (
                    "tests/core/lessons/what_is_l1/test_least_squares.py::test_the_two_pulls_balance_at_the_solution"
                ),
                (
                    "tests/core/lessons/what_is_l1/test_least_squares_figures.py::test_two_weights_balance_and_only_the_diamond_sticks_to_an_axis"
                ),
                (
                    "tests/core/lessons/what_is_l1/test_least_squares.py::test_a_contour_lies_on_its_level_and_below_the_lowest_there_is_none"
                ),
            ),
            numbers={"8": lambda: len(four_weights.VALUES)},
        ),
        "zero_stays": Row(
            claim=(
                "Under the proximal step with L1 a zero stays exactly while its averaged "
                "gradient is at most λ; η cancels. Which weights get there it does not tell."
            ),
            holds="S_ηλ(ηḡ) = 0 ⟺ |ḡ| ≤ λ",
            says={
                "pages/ui/what_is_l1/network.py": (
                    (
                        "The rule for every weight that is zero: it stays there while the data loss "
                        "pulls it less than λ."
                    ),
                    "A network has many valleys, so the rule does not tell which weights get there.",
                ),
                "pages/ui/guided_path/stops.py": ("A zero stays while the averaged gradient is at most λ.",),
                "pages/how_zeros_happen.py": (
                    "ḡ is the gradient of the data loss, averaged by momentum.",
                    "The proximal step moves by ηḡ and takes ηλ back: η cancels .",
                    "What counts is the noise of ḡ.",
                    "Here one image's gradient is {} ± {}, and λ = {}.",
                ),
                "core/lessons/how_zeros_happen/noise_figures.py": (
                    (
                        "Batches of {}, μ = {}: the averaged gradient is larger than λ = {} in {} of {}"
                        " updates."
                    ),
                    "The zero stays.",
                    "In each of them a weight at zero would leave it.",
                ),
                "pages/ui/inside_the_network/sections.py": (
                    (
                        "Under the proximal step with L1, a weight that is zero comes back only when "
                        "the data loss pulls harder than λ."
                    ),
                ),
                "core/lab/inside_the_network/figures.py": (
                    (
                        "{} Where a weight is not zero, the data loss and the penalty pull equally hard"
                        " in the end; now its |averaged gradient| is {} against {} = {}."
                    ),
                    "Step {}: the weight is {}.",
                    "{} Nothing pulls it towards zero.",
                    "{}{} = {} {} {}, so {}, on the gradients so far.",
                    "Nothing holds it at zero: it leaves with the next gradient.",
                ),
                "core/lessons/course/glossary.py": (
                    "The gradient of the data loss by a weight: its pull on the weight.",
                ),
                "core/maths/README.md": (
                    (
                        "η cancels: a smaller rate makes no zeros; less noise in the average does "
                        "(larger batches, momentum), and time."
                    ),
                    (
                        "The rule says which zeros stay, not which weights get there: the problem of a "
                        "network is not convex."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights.py::test_a_zero_leaves_exactly_when_the_averaged_gradient_is_larger_than_strength"
                ),
                "tests/core/inspect/test_fate.py::test_the_rule_in_force_tells_which_zeros_stay",
                (
                    "tests/core/lessons/how_zeros_happen/test_noise_figures.py::test_staying_counts_the_updates_beyond_the_band"
                ),
                (
                    "tests/core/lessons/how_zeros_happen/test_two_weights.py::test_the_share_of_leaving_is_that_of_many_draws"
                ),
                (
                    "tests/core/lab/inside_the_network/test_figures.py::test_the_sentence_is_by_the_rule_in_force"
                ),
                (
                    "tests/core/lab/inside_the_network/test_figures.py::test_the_sentence_says_why_the_weight_is_where_it_is"
                ),
            ),
        ),
        "training_and_inference": Row(
            claim=(
                "In training the optimizer lowers data loss and penalty; in inference the "
                "penalty is gone and a zero weight adds 0 · x = 0."
            ),
            holds="definition; z = Σ wᵢxᵢ",
            says={
                "pages/ui/what_is_l1/network.py": (
                    "During training the optimizer lowers both terms.",
                    "During inference the penalty is gone, and only weights that are not zero contribute.",
                ),
                "pages/ui/how_zeros_happen/network.py": (
                    "During inference the penalty is gone, and a zero weight adds 0 · x = 0 to every sum.",
                    (
                        "During training every weight counts: it pays λ|w|, and the gradient is worked "
                        "out for a zero, too, because it may come back."
                    ),
                ),
                "core/lessons/how_zeros_happen/network_figures.py": (
                    "Of {} multiplications for one image {} meet a weight that is not zero, {} %.",
                    "The others add exactly 0.",
                ),
                "core/lessons/course/glossary.py": (
                    "A weight that is 0.0 to the last bit: it can be left out, and no answer changes.",
                ),
            },
            tests=(
                (
                    "tests/core/lessons/how_zeros_happen/test_network.py::test_multiplications_are_those_of_the_forward_pass"
                ),
                "tests/core/training/test_run.py::test_numbers_on_the_screen_add_up",
            ),
            experiments=("zeros_by_method",),
            numbers={"0.0": lambda: 0.0},
        ),
    }
)
