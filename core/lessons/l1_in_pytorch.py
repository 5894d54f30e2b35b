"""The textbook recipe in PyTorch: its terms, its bug, what it penalises, and the exact version."""

from dataclasses import dataclass
from typing import Literal

Term = Literal["none", "data", "penalty", "both"]
"""Which term of the total loss a line is about."""

Mark = Literal["same", "gone", "new"]
"""What became of a line from one version to the next."""


@dataclass(frozen=True)
class Line:
    """A line of a listing.

    Attributes:
        code: with its indentation.
        term: what of the formula it is about.
        formula: that, in the formula's letters; "" when there is nothing to say.
        mark: whether it is as in the version before.
    """

    code: str
    term: Term = "none"
    formula: str = ""
    mark: Mark = "same"


RECIPE = (
    Line("model = CNN()"),
    Line("optimizer = torch.optim.Adam(model.parameters(), lr=0.001)", formula="η = 0.001"),
    Line("lam = 0.001", "penalty", "λ"),
    Line(""),
    Line("for epoch in range(10):"),
    Line("    for images, labels in batches:"),
    Line("        logits = model(images)", "data", "f(x; w)"),
    Line("        data_loss = F.cross_entropy(logits, labels)", "data", "data loss"),
    Line("        l1_norm = sum(p.abs().sum() for p in model.parameters())", "penalty", "Σ|w|"),
    Line("        loss = data_loss + lam * l1_norm", "both", "data loss + λ·Σ|w|"),
    Line("        optimizer.zero_grad()"),
    Line("        loss.backward()", "both", "g + λ·sign(w)"),
    Line("        optimizer.step()", "both", "w ← w − step(g + λ·sign(w))"),
)
"""The textbook's training loop. `CNN` is NETWORK with its bug mended."""

PROXIMAL = (
    *RECIPE[:8],
    Line(RECIPE[8].code, "penalty", "Σ|w|, to report"),
    Line(RECIPE[9].code, "both", "", "gone"),
    Line("        loss = data_loss", "data", "data loss", "new"),
    Line("        optimizer.zero_grad()"),
    Line("        loss.backward()", "data", "g"),
    Line("        optimizer.step()", "data", "v = w − step(g)"),
    Line("        shrink(model.parameters(), optimizer, lam)", "penalty", "w = S(v, τ)", "new"),
)
"""The same loop with the proximal step: two lines differ."""

SHRINK = """@torch.no_grad()
def shrink(weights, optimizer, lam):
    for w in weights:
        w.copy_(soft_threshold(w, threshold(optimizer, w, lam)))"""
"""What PROXIMAL calls; its two functions are those of every generated script."""

SOURCES = {
    "The soft threshold": "L1.prox",
    "The thresholds": "Adam.thresholds",
    "The proximal update": "Proximal.follow",
    "The textbook's update": "Textbook.follow",
    "The slopes it adds": "slopes_of",
}
"""Names of the trainer's own code, by what a reader calls it."""

NETWORK = (
    "class CNN(nn.Module):",
    "    def __init__(self):",
    "        super().__init__()",
    "        self.conv1 = nn.Conv2d(1, 32, kernel_size=3, padding=1)",
    "        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, padding=1)",
    "        self.pool = nn.MaxPool2d(2)",
    "        self.fc1 = nn.Linear(64 * 28 * 28, 128)",
    "        self.fc2 = nn.Linear(128, 10)",
    "",
    "    def forward(self, x):",
    "        x = self.pool(F.relu(self.conv1(x)))",
    "        x = self.pool(F.relu(self.conv2(x)))",
    "        x = x.flatten(1)",
    "        x = F.relu(self.fc1(x))",
    "        return self.fc2(x)",
)
"""The network as a well-known listing prints it."""

BUG = 6
"""Index of the line of NETWORK that stops it."""

REPLIES = {
    0: "Not this line: a network is a class that inherits from nn.Module.",
    1: "Not this line: here the layers are made.",
    2: "Not this line: nn.Module starts first, so that it sees the layers.",
    3: "Not this line: a 3 × 3 kernel with padding 1 keeps 28 × 28, and gray images have 1 channel.",
    4: "Not this line: conv1 gives 32 channels, and conv2 takes 32.",
    5: "Not this line, but remember what it does: each pooling halves height and width.",
    6: "Yes. After two poolings a 28 × 28 image is 7 × 7, so fc1 gets 64·7·7 numbers, not 64·28·28.",
    7: "Not this line: fc1 gives 128 numbers, and there are 10 digits.",
    9: "Not this line: here an image goes through the layers.",
    10: "Not this line: convolution, ReLU, pooling. The image is 14 × 14 now.",
    11: "Not this line: the same again. The image is 7 × 7 now: which line has not noticed?",
    12: "Not this line: it lays all channels and pixels of an image out in one row.",
    13: "It stops here, but the mistake is made elsewhere: what did fc1 expect?",
    14: "Not this line, if the one before it ran.",
}
"""What to say of each line that one can suspect."""

PATCHES = {"64 · 28 · 28": 64 * 28 * 28, "64 · 14 · 14": 64 * 14 * 14, "64 · 7 · 7": 64 * 7 * 7}
"""What one may give fc1 to expect."""


@dataclass(frozen=True)
class Shape:
    """What comes out of a step of the network for one image: `channels` maps of `size` × `size`, or a row."""

    step: str
    channels: int
    size: int

    @property
    def numbers(self) -> int:
        """How many numbers there are."""
        return self.channels * self.size * self.size


@dataclass(frozen=True)
class Walk:
    """An image's way through the network.

    Attributes:
        shapes: what came out of each step, the image first, as far as it got.
        error: what PyTorch says where it stops; "" when it comes through.
    """

    shapes: tuple[Shape, ...]
    error: str


def walk(fc1_expects: int, size: int = 28, n_images: int = 64) -> Walk:
    """Send a batch through NETWORK whose fc1 takes `fc1_expects` numbers: arithmetic, no network runs.

    A 3 × 3 convolution with padding 1 keeps the size; pooling by 2 halves it, rounded down.
    """
    shapes = [Shape("image", 1, size)]
    for layer, channels in (("conv1", 32), ("conv2", 64)):
        shapes.append(Shape(layer, channels, size))
        size //= 2
        shapes.append(Shape("pool", channels, size))
    row = shapes[-1].numbers
    shapes.append(Shape("flatten", row, 1))
    if row != fc1_expects:
        message = f"mat1 and mat2 shapes cannot be multiplied ({n_images}x{row} and {fc1_expects}x128)"
        return Walk(tuple(shapes), f"RuntimeError: {message}")
    return Walk((*shapes, Shape("fc1", 128, 1), Shape("fc2", 10, 1)), "")


@dataclass(frozen=True)
class Count:
    """How many weights and biases a layer has."""

    layer: Literal["conv1", "conv2", "fc1", "fc2"]
    weights: int
    biases: int


def counts(size: int = 28, channels: int = 1) -> tuple[Count, ...]:
    """Weights and biases of the standard network: each bias belongs to one output unit."""
    features = 64 * (size // 4) ** 2
    return (
        Count("conv1", 32 * channels * 9, 32),
        Count("conv2", 64 * 32 * 9, 64),
        Count("fc1", 128 * features, 128),
        Count("fc2", 10 * 128, 10),
    )
