"""The networks, as a student would write them."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.spec import LayerName


class TextbookCNN(nn.Module):
    """conv – ReLU – maxpool – conv – ReLU – maxpool – fc – ReLU – fc.

    The code pools before it applies ReLU: the two commute, also in their gradients, and ReLU then has a
    quarter of the entries to look at (28 × 28 images: 18.3 instead of 20.3 ms per update).

    Each pooling halves height and width, so an image of `size` pixels arrives at fc1 with size // 4:
    28 × 28 becomes 64 · 7 · 7 features (not 64 · 28 · 28, as a well-known listing has it).

    Args:
        size: height and width of the images, in pixels, at least 4.
        channels: colour channels of the images.
        n_classes: how many labels to tell apart.
    """

    def __init__(self, size: int, channels: int = 1, n_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, padding=1)
        self.fc1 = nn.Linear(64 * (size // 4) * (size // 4), 128)
        self.fc2 = nn.Linear(128, n_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Images, N × channels × size × size, to logits, N × n_classes."""
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = F.relu(self.fc1(x.flatten(1)))
        logits: Tensor = self.fc2(x)
        return logits


class SmallCNN(nn.Module):
    """The same layers with a quarter of the channels and units, for slow machines.

    On 28 × 28 images 26,698 parameters instead of 421,642.

    Args:
        size: height and width of the images, in pixels, at least 4.
        channels: colour channels of the images.
        n_classes: how many labels to tell apart.
    """

    def __init__(self, size: int, channels: int = 1, n_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 8, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, kernel_size=3, padding=1)
        self.fc1 = nn.Linear(16 * (size // 4) * (size // 4), 32)
        self.fc2 = nn.Linear(32, n_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Images, N × channels × size × size, to logits, N × n_classes."""
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = F.relu(self.fc1(x.flatten(1)))
        logits: Tensor = self.fc2(x)
        return logits


MODELS: dict[str, type[TextbookCNN] | type[SmallCNN]] = {"textbook_cnn": TextbookCNN, "small_cnn": SmallCNN}
"""The networks, by their names in the spec."""


def seeded(kind: str, *, size: int, channels: int, n_classes: int, seed: int) -> nn.Module:
    """A network with the weights that `torch.manual_seed(seed)` gives; the global generator is left alone."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        net: nn.Module = MODELS[kind](size, channels, n_classes)
    # The layout in memory, not the numbers: a step takes 0.65 of the time on a CPU (digits and 28 × 28).
    return net.to(memory_format=torch.channels_last)


def penalised(net: nn.Module, layers: Iterable[LayerName], include_bias: bool) -> list[nn.Parameter]:
    """The parameters a penalty acts on: weights of `layers` with ≥ 2 dimensions; biases on request."""
    chosen = frozenset(layers)
    return [
        parameter
        for name, module in net.named_children()
        if name in chosen
        for parameter in module.parameters(recurse=False)
        if parameter.ndim >= 2 or include_bias
    ]
