"""The guided path: which page, which control, and what to do there."""

from dataclasses import dataclass
from typing import Literal

from core.lab.lambda_path.path import FALLEN, KEPT
from core.lessons.l1_in_a_cnn.layers import share_percent
from core.lessons.l1_in_pytorch import BUG
from core.registry import EXPERIMENTS
from core.spec import PRESETS, RunSpec, strength_text

FAR = 1e6
"""No end to a goal."""

Done = Literal[
    "started", "trained", "changed", "moved", "answered", "asked", "revealed", "checked", "finished"
]


@dataclass(frozen=True)
class Stop:
    """One thing to do.

    Attributes:
        name: of the stop; progress is kept under it.
        page: stem of the page.
        control: Streamlit key of the control it points at.
        title: in the list of stops.
        instruction: what to do, in one or two sentences.
        afterwards: what the reader has just seen, in a few sentences.
        done: the condition, see `pages.ui.guided_path.progress.is_done`.
        of: what the condition is about: a widget's key, a method, an experiment, "before" or "after".
        goal: for "moved" and "answered" from where to where the value has to be; None: any will do.
        watch: the chart of the live view that the words name; it comes into view once the deed has begun.
    """

    name: str
    page: str
    control: str
    title: str
    instruction: str
    afterwards: str
    done: Done
    of: str = ""
    goal: tuple[float, float] | None = None
    watch: str = ""


def _strength(spec: RunSpec) -> str:
    return strength_text(spec.lanes[-1].strength)


RECIPE, EXACT = PRESETS["textbook_recipe"], PRESETS["exact_zeros"]
TARGETS = EXPERIMENTS["zeros_by_target"].specs[0]

WITHOUT_FC1 = {size: share_percent(size, ("conv1", "conv2", "fc2")) for size in (28, 8)}
"""Most zeros, in percent of all weights, where fc1 is left out; by pixels a side."""

STOPS: tuple[Stop, ...] = (
    Stop(
        "check_before",
        "check",
        "check_before",
        "Six questions, before",
        "Answer six questions. Guessing is fine: what is right comes at the end.",
        "At the end each answer names the page that shows it.",
        "checked",
        "before",
    ),
    Stop(
        "play",
        "train_live",
        "train_play",
        "Start two networks",
        "Press **Play**. Two copies of one network learn: one without penalty, one with yours.",
        "Same start, same images: every difference you see is the work of λ.",
        "started",
    ),
    Stop(
        "strength",
        "train_live",
        "train_lambda",
        "Move λ",
        "Move **λ** and watch the chart *Exact zeros*.",
        "λ is the price of one unit of |w|. The mark in the charts says when you moved it.",
        "changed",
        "train_strength",
        watch="zeros",
    ),
    Stop(
        "textbook",
        "train_live",
        "train_textbook_recipe",
        "Train the textbook recipe",
        f"Press **Textbook recipe**: it sets λ = {_strength(RECIPE)} and {RECIPE.epochs} epochs. How many "
        "weights are exactly zero?",
        "Next to none: a penalty that is added to the loss makes weights small, not zero.",
        "trained",
        "textbook",
        watch="zeros",
    ),
    Stop(
        "exact",
        "train_live",
        "train_exact_zeros",
        "Train for exact zeros",
        f"Press **Exact zeros**: it sets λ = {_strength(EXACT)} and {EXACT.epochs} epochs. Watch the chart "
        "*Exact zeros* again.",
        "The proximal step shrinks after each step down the data loss and stops at zero. λ and epochs "
        "differ, too: compare the zeros alone.",
        "trained",
        "proximal",
        watch="zeros",
    ),
    Stop(
        "inside",
        "inside_the_network",
        "inside_part",
        "Look inside",
        "Selected zeros are hatched here, cut-off ones striped, idle ones dotted. Open **Draw a digit** and "
        "ask both networks.",
        "Weights that are zero add nothing to any answer. Do both networks still read?",
        "asked",
    ),
    Stop(
        "price",
        "what_is_l1",
        "what_is_l1_strength",
        "Raise the price",
        "Change **λ**: your bar shows what the four weights cost.",
        "The total is the data loss plus λ times the sum of all sizes.",
        "changed",
        "what_is_l1_strength",
    ),
    Stop(
        "slope",
        "what_is_l1",
        "what_is_l1_price",
        "Compare |w| and w²",
        "Move **w** close to 0. Which penalty still pushes?",
        "L1 pushes a tiny weight as hard as a large one; L2 lets go.",
        "moved",
        goal=(-0.1, 0.1),
    ),
    Stop(
        "one_weight",
        "what_is_l1",
        "what_is_l1_one_weight",
        "Push one weight to zero",
        "Raise **λ** until the lowest point sits at w = 0.",
        "The lowest point is at zero as soon as the data loss pulls less than λ there.",
        "moved",
        goal=(1.785, FAR),
    ),
    Stop(
        "two_weights",
        "what_is_l1",
        "what_is_l1_two_weights",
        "Meet the corner",
        "Raise **λ** until the solution sticks to the axis, where w₂ = 0.",
        "The diamond has corners on the axes; the circle has none: try it.",
        "moved",
        goal=(1.1, FAR),
    ),
    Stop(
        "four_methods",
        "how_zeros_happen",
        "how_zeros_methods",
        "Four methods, one problem",
        "Raise **λ** to 0.4 or more. Which methods land exactly on zero?",
        "The same objective, but the update decides whether a weight can rest at zero.",
        "moved",
        goal=(0.395, FAR),
    ),
    Stop(
        "stay",
        "how_zeros_happen",
        "how_zeros_stay",
        "Why a zero stays",
        "Make the **batch** larger, to 128 images or more. How often does the weight leave zero?",
        "A zero stays while the averaged gradient is at most λ.",
        "moved",
        goal=(128.0, FAR),
    ),
    Stop(
        "layers",
        "l1_in_a_cnn",
        "l1_in_a_cnn_layers",
        "Choose layers",
        "Choose which layers to penalise. How many zeros can they make?",
        f"Leave fc1 out, and of all weights {WITHOUT_FC1[28]:.0f} % can become zero with images of 28 × 28 "
        f"pixels, {WITHOUT_FC1[8]:.0f} % with the 8 × 8 of digits, which come next.",
        "changed",
        "l1_in_a_cnn_layers",
    ),
    Stop(
        "targets",
        "l1_in_a_cnn",
        "zeros_by_target_run",
        "Penalise other layers",
        f"Press **Run it**: five networks, at λ = {strength_text(TARGETS.lanes[0].strength)} each with other "
        "layers penalised. Or **Only show the result**.",
        "One bar is what was possible, the other what came.",
        "revealed",
        "zeros_by_target",
    ),
    Stop(
        "path",
        "lambda_path",
        "path_view",
        "Walk along λ",
        "Drag along the path until more than 90 % of the weights are zero. What has it cost?",
        f"Up to the knee accuracy has lost {KEPT:g} point at most, but few of those zeros are selected. From "
        f"there on zeros cost more and more; at the cliff over {FALLEN:g} points are gone. Where weights "
        "are left, training longer at the same λ makes more zeros, by and large: they come and go on the "
        "way.",
        "moved",
        goal=(90.0, FAR),
    ),
    Stop(
        "bug",
        "l1_in_pytorch",
        "pytorch_guess",
        "Spot the bug",
        "One line of the listing stops it at the first batch. **Press it.**",
        "fc1 has to know how large the image is. Below stands your own run as a script and a notebook.",
        "answered",
        "pytorch_guess",
        goal=(BUG, BUG),
    ),
    Stop(
        "claim_sparsity",
        "does_it_deliver",
        "deliver_card_sparsity",
        "Test a claim",
        "Predict, then press **Run it** and wait for the result, or **Only show the result**.",
        "A claim, your guess, a measurement: so goes every card on this page.",
        "revealed",
        "sparsity",
    ),
    Stop(
        "claim_linear",
        "does_it_deliver",
        "deliver_card_linear_only",
        "Test a disadvantage",
        "Is L1 for linear models only? Predict, then press **Run it** or **Only show the result**.",
        "It works here too; too large a λ at once can kill a network.",
        "revealed",
        "linear_only",
    ),
    Stop(
        "check_after",
        "check",
        "check_after",
        "Six questions, after",
        "Six other questions on the same things. What do you answer now?",
        "What is right, and why, stands below.",
        "checked",
        "after",
    ),
    Stop(
        "summary",
        "summary",
        "summary_print",
        "Take it with you",
        "Your figures in three sentences, and a table of what was measured. Read it, print it, then press "
        "**Finish**.",
        "That was the lesson. Everything stays open to you.",
        "finished",
    ),
)
"""In the order in which they are walked; every page of the lesson has one, and three of the laboratory."""

NAMES = tuple(stop.name for stop in STOPS)
