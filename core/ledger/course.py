"""What is counted on the way through the lesson."""

from collections.abc import Mapping
from dataclasses import astuple
from types import MappingProxyType

from core.lab.compare_runs.figures import STROKES
from core.lab.lambda_path.path import Grid
from core.ledger.row import Row
from core.lessons.course.check import TOPICS
from core.lessons.does_it_deliver.claims import CLAIMS
from core.lessons.how_zeros_happen.two_weights_figures import NAMES
from core.lessons.l1_in_a_cnn.layers import TARGETS
from core.lessons.what_is_l1.four_weights import N_WEIGHTS
from core.spec import MAX_LANES

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "questions": Row(
            claim="The same six questions are asked before and after the lesson.",
            holds="counted",
            says={
                "pages/check.py": (
                    "Six questions before the lesson, six others after it.",
                    "Answer all six.",
                    "What is right you see after the lesson, with six other questions.",
                ),
                "pages/ui/guided_path/stops.py": (
                    "Six questions, before",
                    "Six questions, after",
                    "Answer six questions.",
                    "Six other questions on the same things.",
                    "At the end each answer names the page that shows it.",
                ),
                "pages/summary.py": ("What L1 delivered {} Six questions, twice {}",),
                "core/classes/guide/lectures.py": ("L1 in a CNN, with six questions before and after",),
            },
            tests=(
                (
                    "tests/core/lessons/course/test_check.py::test_six_questions_cover_every_misconception_once_and_say_where_it_is_seen"
                ),
            ),
            numbers={"6": lambda: len(TOPICS)},
        ),
        "pinned": Row(
            claim="At most six runs are laid over each other, each in a stroke of its own.",
            holds="counted",
            says={
                "pages/compare_runs.py": (
                    (
                        "Pin up to six runs to lay them over each other, and tick one as baseline to "
                        "see what differs."
                    ),
                ),
                "pages/ui/compare_runs/acts.py": (
                    "Six runs are pinned: take one off to see it in the figures.",
                ),
            },
            tests=(
                (
                    "tests/pages/ui/compare_runs/test_items.py::test_more_than_can_be_told_apart_are_refused_in_a_sentence"
                ),
            ),
            numbers={"6": lambda: len(STROKES)},
        ),
        "bill": Row(
            claim="The bar shows what the four weights cost.",
            holds="counted",
            says={
                "pages/ui/guided_path/stops.py": ("Change λ : your bar shows what the four weights cost.",),
            },
            tests=(
                (
                    "tests/core/lessons/what_is_l1/test_four_weights_figures.py::test_the_bill_draws_what_is_paid_and_names_the_bad_bargain"
                ),
            ),
            numbers={"4": lambda: N_WEIGHTS},
        ),
        "grid": Row(
            claim="A path's grid is five numbers.",
            holds="counted",
            says={
                "core/lab/lambda_path/path.py": ("A path's grid must be five numbers joined by _, got {}.",),
            },
            tests=("tests/core/lab/lambda_path/test_path.py::test_a_grid_survives_the_link",),
            numbers={"5": lambda: len(astuple(Grid()))},
        ),
        "what_is_in_it": Row(
            claim="As many λs, runs, updates, claims and questions as the README says.",
            holds="counted",
            says={
                "README.md": (
                    (
                        "one click trains up to 12 λs from the same weights: accuracy against zeros, knee "
                        "and cliff, each weight over λ; another click chooses λ by the validation images"
                    ),
                    (
                        "up to six of your runs over each other, differences from a baseline, seeds as mean "
                        "with range; CSV, Parquet, JSON, PNG, SVG"
                    ),
                    (
                        "four updates on two weights and in the real network; what batch size, momentum and "
                        "a lower λ change"
                    ),
                    "ten claims as cards: predict, run, reveal",
                    (
                        "six questions before the lesson, six others after it; one printable A4 sheet with "
                        "your own numbers"
                    ),
                ),
            },
            tests=(
                "tests/browser/test_guided_path.py::test_with_every_card_open_the_summary_is_one_sheet",
                "tests/core/lessons/course/test_check.py::test_the_questions_after_are_others_on_the_same_things",
            ),
            numbers={
                "12": lambda: MAX_LANES,
                "4": lambda: len(NAMES),
                "10": lambda: len(CLAIMS),
                "6": lambda: len(TOPICS),
            },
        ),
        "five_targets": Row(
            claim="Five networks differ in their penalised layers.",
            holds="counted",
            says={
                "pages/ui/guided_path/stops.py": (
                    "Press Run it : five networks, at λ = {} each with other layers penalised.",
                ),
            },
            tests=("tests/core/lessons/l1_in_a_cnn/test_results_figures.py::test_bars_are_bounds_and_zeros",),
            experiments=("zeros_by_target",),
            numbers={"5": lambda: len(TARGETS)},
        ),
        "summary": Row(
            claim="The summary says the reader's own figures in three sentences.",
            holds="computed",
            says={
                "pages/ui/guided_path/stops.py": (
                    "Your figures in three sentences, and a table of what was measured.",
                ),
            },
            tests=("tests/core/lessons/course/test_summary.py::test_every_claim_has_a_row",),
            numbers={"3": lambda: 3},
        ),
    }
)
