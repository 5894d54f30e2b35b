"""L1 in PyTorch: the listing, its bug, your run as code."""

from collections.abc import Mapping
from types import MappingProxyType

from core.ledger.row import Row
from core.lessons import l1_in_pytorch

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "listing": Row(
            claim=(
                "The listing's loop is the formula, line by line; its sum runs over all "
                "weights and biases, nearly all of them in fc1."
            ),
            holds="the listing trains as the app does",
            says={
                "pages/l1_in_pytorch.py": (
                    "The coloured lines are the formula; the grey ones would be there without a penalty.",
                    "model.parameters() is every parameter: all layers, biases too.",
                    "The sum runs over {} numbers.",
                    "{} of them are biases: they multiply no input, so a zero bias saves next to nothing.",
                    (
                        "The app leaves them out unless you ask ( Textbook recipe , or More → Penalise "
                        "biases too )."
                    ),
                    "Nearly all the others are in fc1.",
                ),
            },
            tests=(
                "tests/core/lessons/test_l1_in_pytorch.py::test_the_listings_train_as_the_app_does",
                "tests/core/lessons/test_l1_in_pytorch.py::test_the_counts_are_those_of_the_network",
                "tests/core/lessons/test_l1_in_pytorch.py::test_two_lines_differ_from_the_recipe",
            ),
        ),
        "the_bug": Row(
            claim="After two poolings a 28 × 28 image is 7 × 7: fc1 gets 64 · 7 · 7 numbers.",
            holds="pooling halves height and width",
            says={
                "core/lessons/l1_in_pytorch.py": (
                    "Not this line: a network is a class that inherits from nn.Module.",
                    "Not this line: here the layers are made.",
                    "Not this line: nn.Module starts first, so that it sees the layers.",
                    (
                        "Not this line: a 3 × 3 kernel with padding 1 keeps 28 × 28, and gray images "
                        "have 1 channel."
                    ),
                    "Not this line: conv1 gives 32 channels, and conv2 takes 32.",
                    "Not this line, but remember what it does: each pooling halves height and width.",
                    "Not this line: fc1 gives 128 numbers, and there are 10 digits.",
                    "Not this line: here an image goes through the layers.",
                    "Not this line: convolution, ReLU, pooling.",
                    "Not this line: the same again.",
                    "Not this line: it lays all channels and pixels of an image out in one row.",
                    "Not this line, if the one before it ran.",
                    (
                        "After two poolings a 28 × 28 image is 7 × 7, so fc1 gets 64·7·7 numbers, not "
                        "64·28·28."
                    ),
                    "The image is 14 × 14 now.",
                    "The image is 7 × 7 now: which line has not noticed?",
                ),
                "pages/l1_in_pytorch.py": (
                    "A well-known listing prints this network for 28 × 28 images.",
                    "One line stops it at the first batch.",
                    "64 images go in, 64 × 10 numbers come out: it runs.",
                    "padding=1 keeps its height and width.",
                    "Run one batch of 64 images through it",
                ),
                "pages/ui/guided_path/stops.py": ("One line of the listing stops it at the first batch.",),
            },
            tests=(
                "tests/core/lessons/test_l1_in_pytorch.py::test_the_walk_is_what_pytorch_does",
                (
                    "tests/core/lessons/test_l1_in_pytorch.py::test_the_bug_is_the_line_that_the_app_writes_differently"
                ),
                "tests/core/lessons/test_l1_in_pytorch.py::test_the_textbooks_network_by_hand",
            ),
            numbers={
                "3": lambda: 3,
                "28": lambda: 28,
                "32": lambda: l1_in_pytorch.counts()[0].biases,
                "7": lambda: l1_in_pytorch.walk(1).shapes[-2].size,
                "14": lambda: l1_in_pytorch.walk(1).shapes[2].size,
                "64": lambda: l1_in_pytorch.counts()[1].biases,
                "128": lambda: l1_in_pytorch.counts()[2].biases,
                "10": lambda: l1_in_pytorch.counts()[3].biases,
            },
        ),
        "your_run_as_code": Row(
            claim="A run's script prints the numbers that the app shows.",
            holds="executed scripts",
            says={
                "pages/ui/l1_in_pytorch/your_run.py": (
                    "One file, with only what your run uses.",
                    (
                        "It needs PyTorch and scikit-learn (torchvision for MNIST, Fashion-MNIST and "
                        "CIFAR-10) and prints the numbers that you see in the app."
                    ),
                    "Your run ended with these numbers; the script's last lines are to say the same.",
                ),
                "pages/ui/guided_path/stops.py": (
                    "fc1 has to know how large the image is.",
                    "Below stands your own run as a script and a notebook.",
                ),
            },
            tests=("tests/core/script/test_assemble.py::test_a_script_prints_the_numbers_of_the_app",),
        ),
    }
)
