"""The guided path: which page, which control, and what to do there."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from core.lessons.l1_in_pytorch import BUG

FAR = 1e6
"""No end to a goal."""

Done = Literal["started", "trained", "changed", "moved", "answered", "revealed", "checked", "opened"]

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "check": "Check yourself",
        "train_live": "Train live",
        "what_is_l1": "What is L1?",
        "how_zeros_happen": "How zeros happen",
        "l1_in_a_cnn": "L1 in a CNN",
        "l1_in_pytorch": "L1 in PyTorch",
        "does_it_deliver": "Does it deliver?",
        "summary": "Your summary",
    }
)
"""Titles of the pages that the path leads to, as the menu has them."""


@dataclass(frozen=True)
class Stop:
    """One thing to do.

    Attributes:
        name: of the stop; progress is kept under it.
        page: stem of the page's file.
        control: Streamlit key of the control it points at.
        title: in the list of stops.
        instruction: what to do, in one or two sentences.
        afterwards: what the reader has just seen, in one sentence.
        done: the condition, see `core.lessons.guided_path_progress.is_done`.
        of: what the condition is about: a widget's key, a method, an experiment, "before" or "after".
        goal: for "moved" and "answered" from where to where the value has to be; None: any will do.
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


STOPS: tuple[Stop, ...] = (
    Stop(
        "check_before",
        "check",
        "check_before",
        "Six questions, before",
        "Answer six questions. Guessing is fine: you will meet them again at the end.",
        "Now find out for yourself who is right.",
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
        "train_strength",
        "Move λ",
        "Move **λ** and watch the bar of exact zeros.",
        "λ is the price of one unit of weight. The mark in the charts says when you moved it.",
        "changed",
        "train_strength",
    ),
    Stop(
        "textbook",
        "train_live",
        "train_textbook_recipe",
        "Train the textbook recipe",
        "Press **Textbook recipe** and watch. How many weights are exactly zero?",
        "Next to none: a penalty that is added to the loss makes weights small, not zero.",
        "trained",
        "textbook",
    ),
    Stop(
        "exact",
        "train_live",
        "train_exact_zeros",
        "Train for exact zeros",
        "Press **Exact zeros** and watch the same chart.",
        "The proximal step shrinks after each update and stops at zero: that is where zeros come from.",
        "trained",
        "proximal",
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
        "A weight is zero where the data loss pulls less than λ.",
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
        "Raise **λ**. Which methods land exactly on zero?",
        "The same objective, but the update decides whether a weight can rest at zero.",
        "moved",
    ),
    Stop(
        "stay",
        "how_zeros_happen",
        "how_zeros_stay",
        "Why a zero stays",
        "Make the **batch** larger, to 128 images or more. How often does the weight leave zero?",
        "A zero stays while the averaged gradient is smaller than λ.",
        "moved",
        goal=(128.0, FAR),
    ),
    Stop(
        "layers",
        "l1_in_a_cnn",
        "l1_in_a_cnn_layers",
        "Choose layers",
        "Choose which layers to penalise. How many zeros can they make?",
        "fc1 holds most of the weights: leave it out, and few zeros are possible.",
        "changed",
        "l1_in_a_cnn_layers",
    ),
    Stop(
        "targets",
        "l1_in_a_cnn",
        "zeros_by_target_run",
        "Penalise five targets",
        "Press **Run it**: five networks, each with other layers penalised.",
        "What was possible stands beside what came.",
        "revealed",
        "zeros_by_target",
    ),
    Stop(
        "bug",
        "l1_in_pytorch",
        "pytorch_guess",
        "Spot the bug",
        "One line of the listing stops it at the first batch. **Click it.**",
        "The same page has your own run as a script and a notebook.",
        "answered",
        "pytorch_guess",
        goal=(BUG, BUG),
    ),
    Stop(
        "claim_sparsity",
        "does_it_deliver",
        "deliver_card_sparsity",
        "Test a claim",
        "Predict, then press **Run it** and wait for the result.",
        "A claim, your guess, a measurement: so goes every card on this page.",
        "revealed",
        "sparsity",
    ),
    Stop(
        "claim_linear",
        "does_it_deliver",
        "deliver_card_linear_only",
        "Test a myth",
        "Is L1 for linear models only? Predict, then press **Run it**.",
        "It works here too, but too strong a λ at once can kill a network for good.",
        "revealed",
        "linear_only",
    ),
    Stop(
        "check_after",
        "check",
        "check_after",
        "Six questions, after",
        "The same six questions. What do you answer now?",
        "Your two scores stand side by side.",
        "checked",
        "after",
    ),
    Stop(
        "summary",
        "summary",
        "summary_print",
        "Take it with you",
        "Your own numbers on one page: print it, or save it as PDF.",
        "That was the lesson. Everything stays open to you.",
        "opened",
    ),
)
"""In the order in which they are walked; every page of the lesson has one."""

NAMES = tuple(stop.name for stop in STOPS)
