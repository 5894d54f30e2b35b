"""Which of the shown sentences claim nothing: instructions, what the program does, what is only quoted."""

from collections.abc import Mapping
from types import MappingProxyType

INSTRUCTIONS = frozenset(
    {
        "Answer",
        "Bring",
        "Change",
        "Choose",
        "Compare",
        "Draw",
        "Follow",
        "Let",
        "Look",
        "Make",
        "Move",
        "Pick",
        "Pin",
        "Point",
        "Predict",
        "Press",
        "Raise",
        "Run",
        "Slide",
        "Take",
        "Then",
        "Train",
    }
)
"""A sentence that begins with one of these says what to do."""

PROGRAM: Mapping[str, str] = MappingProxyType(
    {
        "core/lab/compare_runs/figures.py": "what a figure has nothing to draw of",
        "core/lab/lambda_path/path.py": "refusals of a grid",
        "pages/check.py": "how the questions are asked",
        "pages/compare_runs.py": "what can be done with runs",
        "pages/does_it_deliver.py": "how a card works",
        "pages/guided_path.py": "how the path works",
        "pages/hold_a_class.py": "how a class is held",
        "pages/ui/hold_a_class/": "how a class is held",
        "pages/inside_the_network.py": "what a run waits for",
        "pages/make_a_lesson.py": "what a lesson is",
        "pages/ui/make_a_lesson/": "how a lesson is made",
        "pages/smaller_model.py": "whose numbers these are",
        "pages/summary.py": "what the sheet is",
        "pages/train_live.py": "whose run this is, and what the next press does",
        "pages/ui/compare_runs/": "what can be done with runs",
        "pages/ui/duration.py": "how long something takes",
        "pages/ui/experiment/": "whose numbers these are, and how long it takes",
        "pages/ui/guided_path/": "how the path works",
        "pages/ui/inside_the_network/sections.py": "how to look at a run",
        "pages/ui/l1_in_a_cnn/own.py": "what is to be run first",
        "pages/ui/l1_in_pytorch/your_run.py": "whose run is shown",
        "pages/ui/lambda_path/": "how a path is trained",
        "pages/ui/session.py": "links and runs that are no more",
        "pages/ui/smaller_model/": "what can be measured of a run, and files",
        "pages/ui/shell.py": "whose runs these are where no cookie is kept",
        "pages/ui/summary/": "what is the reader's, to take along and to delete",
        "pages/ui/train_live/": "what a button does",
        "pages/browser/": "what a view waits for, or has nothing to draw of",
    }
)
"""Files, or folders, with sentences on the program beside their claims, and what these are about.

Only a sentence that no row quotes is taken for one of them, and it may state no number.
"""

QUOTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "core/lessons/course/check.py": (
            "You add λ Σ|w| to the loss and train with Adam.",
            "L1 has set nine of ten weights of a CNN to zero.",
            "Nine of ten weights are zero.",
            "A large λ at once has set every weight of a CNN to zero.",
            "By the textbook recipe, many weights end below 1e-4.",
            "You want whole filters to go, not single weights.",
            "600 images, three labels in ten are wrong.",
            "Most weights of a network are zero.",
            "You penalise conv1 and conv2 alone.",
            "A CNN still reads digits with nine of ten weights at zero.",
        ),
        "core/lessons/does_it_deliver/claims.py": (
            "L1 makes many weights exactly zero.",
            "L1 selects the important features.",
            "A sparse network is easier to interpret.",
            "Sparsity costs precision.",
            "The kink at zero makes L1 hard to optimise.",
            "L1 is limited to linear models, unless combined with L2.",
            "Sparse models are smaller and faster.",
            "Fully connected layers are the ones to penalise.",
            "Just turn it down again.",
        ),
        "core/lab/smaller_model/questions.py": (
            "Measured on this dataset's validation images only, while other networks may have trained on the "
            "same machine.",
            "A toy of a course: not for decisions about people.",
        ),
        "pages/l1_in_a_cnn.py": (
            "Green weights are positive, purple ones negative, hatched ones exactly zero.",
        ),
        "pages/ui/how_zeros_happen/network.py": (
            "You saw them with two weights.",
            "Here you see it for the proximal network with momentum, from above.",
        ),
    }
)
"""Premises of a question, what the textbook claims on a card, and captions that only point."""

NUMBERS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "README.md": {
            "600": "seats of a class",
            "45": "minutes of another",
            "24": "hours until a class is deleted",
            "3.11": "a version of Python",
            "6": "gigabytes on the disk; a row counts the questions",
            "1,797": "images of scikit-learn's file",
            "12": "megabytes of a download; a row counts the λs",
            "31": "megabytes of a download",
            "170": "megabytes of a download",
            "32": "characters of a secret, which core/runs/store/owners.py asks for",
            "20": "steps, which tests/pages/ui/guided_path/test_stops.py counts; minutes of a lecture",
            "50": "minutes that a reader should have, which nobody has timed",
        },
        "core/lessons/course/check.py": dict.fromkeys(
            ("9", "10", "3", "600", "1e-4"), "a question's premise"
        ),
        "core/lab/lambda_path/path.py": {"10": "the largest λ that is not refused"},
        "pages/guided_path.py": {"50": "minutes that a reader should have, which nobody has timed"},
        "pages/ui/guided_path/stops.py": {
            "128": "images of a batch at which the stop is done",
            "0.4": "λ at which the stop is done",
            "90": "percent of zeros at which the stop is done",
        },
        "pages/ui/hold_a_class/opened.py": {"24": "hours that a class lasts"},
        "pages/ui/session.py": {"2": "lanes that a page can show"},
    }
)
"""Numbers that are no result, by the file they stand in, and what they are."""
