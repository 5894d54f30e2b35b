"""Inside the network."""

from collections.abc import Mapping
from types import MappingProxyType

from core.ledger.row import Row

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "one_update": Row(
            claim="One update in five sub-steps: forward, gradient, step, shrink, landed.",
            holds="the update made on a copy",
            says={
                "core/lab/inside_the_network/figures.py": (
                    (
                        "This method has no shrink of its own: the penalty, if there is one, was part "
                        "of the step."
                    ),
                    "The images of the batch",
                    "Backwards: how much the data loss rises when each weight grows a little.",
                    ("The optimizer moves every weight down the gradient of data loss and penalty together."),
                    (
                        "The optimizer moves both factors of every weight, which decay with λ: the "
                        "weight is u·v."
                    ),
                    (
                        "The optimizer moves every weight down its gradient; Adam and momentum, down the "
                        "average of its last ones, which may point the other way."
                    ),
                    (
                        "Of {} weights of {}, {} landed on exactly zero in this update and {} left it; "
                        "{} had been zero before."
                    ),
                    "5 landed on zero",
                    (
                        "λ moves every weight by ηλ times the slope that the penalty had before the "
                        "update (the bar around zero)."
                    ),
                    "From the point that momentum looks ahead to, one step down the data gradient.",
                    (
                        "Every weight is divided by 1 + its threshold: it gets smaller and does not "
                        "stop at zero."
                    ),
                    (
                        "Every weight {}, then is divided: α = {alpha:g} of the threshold pulls, 1 + "
                        "{rest:g} of it divides."
                    ),
                    "Every weight {}, by α = {alpha:g} of it.",
                    (
                        "The {members} weights of a unit shrink together, by √{members} times their "
                        "thresholds: a unit within that is zero as a whole."
                    ),
                    "λ is 0 for this layer in this update: nothing shrinks.",
                    "{} go through the network: the data loss is {}.",
                ),
                "pages/ui/inside_the_network/sections.py": (
                    "The next update of a layer, made on a copy.",
                    "Move the slider through its five sub-steps.",
                ),
                "pages/ui/smaller_model/sections.py": (
                    "Every weight |w| < ε of the lane “{}” is set to zero.",
                ),
                "pages/ui/what_is_l1/bill.py": (
                    "Every weight pays λ for each unit of its size, so it has to earn its price.",
                ),
                "core/maths/optimizers.py": (
                    (
                        "Every weight has its own rate η/D, so its shrink is τ = ηλ/D: the metric then "
                        "drops out of the fixed point."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/inspect/test_slow_motion.py::test_slow_motion_ends_where_the_real_update_does_and_moves_nothing"
                ),
                (
                    "tests/core/inspect/test_slow_motion.py::test_the_shrink_is_the_proximal_map_of_what_the_step_gave"
                ),
                (
                    "tests/core/inspect/test_slow_motion.py::test_the_answer_counts_and_chooses_what_lands_on_zero"
                ),
                (
                    "tests/core/lab/inside_the_network/test_figures.py::test_the_shrink_is_said_by_the_rule_in_force"
                ),
                (
                    "tests/core/lab/inside_the_network/test_figures.py::test_an_update_without_a_shrink_says_why"
                ),
            ),
            numbers={"5": lambda: 5},
        ),
        "what_it_looks_at": Row(
            claim="Occlusion, gradient × input and weight images say what they are called.",
            holds="definitions",
            says={
                "pages/browser/inside/sees.js": (
                    (
                        "Occlusion: how much the probability of the lane's answer falls when a small "
                        "patch without ink covers the place."
                    ),
                    "Green: covering it hurts; violet: it helps.",
                    "Gradient × input: the slope of the answer's logit at each pixel, times the pixel.",
                    (
                        "Green speaks for the answer, violet against; it is a slope right here, not the"
                        " effect of taking the pixel away."
                    ),
                    "The weights themselves: one image per digit.",
                    (
                        "Green pixels speak for the digit, violet ones against, hatched ones are "
                        "exactly zero and never matter."
                    ),
                ),
            },
            tests=(
                (
                    "tests/core/inspect/test_pictures.py::test_occlusion_is_the_fall_of_the_probability_under_a_patch"
                ),
                (
                    "tests/core/inspect/test_pictures.py::test_gradient_times_input_is_the_fall_when_a_pixel_fades_a_little"
                ),
                "tests/core/inspect/test_pictures.py::test_only_the_linear_network_has_weight_images",
            ),
        ),
    }
)
