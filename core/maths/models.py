"""The networks, as a student would write them."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.spec import LAYERS, LayerName


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


class TextbookCNNWithBatchNorm(nn.Module):
    """The standard CNN with batch normalization after each convolution.

    What a convolution's weights are multiplied by, its normalization divides out again: L1 on a convolution
    that is followed by one makes its weights small without making the function simpler. L1 on the weight of
    bn1 or bn2, which is γ, has a meaning: a channel whose γ is 0 is off. It passes on the constant β,
    whatever its filter is, and can be removed.

    In training mode a batch is normalized by its own mean and variance, and the running ones follow; in
    evaluation mode by the running ones, so that an image's answer does not depend on its neighbours.

    Args:
        size: height and width of the images, in pixels, at least 4.
        channels: colour channels of the images.
        n_classes: how many labels to tell apart.
    """

    def __init__(self, size: int, channels: int = 1, n_classes: int = 10) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 32, kernel_size=3, padding=1)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, kernel_size=3, padding=1)
        self.bn2 = nn.BatchNorm2d(64)
        self.fc1 = nn.Linear(64 * (size // 4) * (size // 4), 128)
        self.fc2 = nn.Linear(128, n_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Images, N × channels × size × size, to logits, N × n_classes."""
        x = F.relu(F.max_pool2d(self.bn1(self.conv1(x)), 2))
        x = F.relu(F.max_pool2d(self.bn2(self.conv2(x)), 2))
        x = F.relu(self.fc1(x.flatten(1)))
        logits: Tensor = self.fc2(x)
        return logits


class Linear(nn.Module):
    """One fully connected layer: softmax regression on the pixels, where lasso theory holds literally.

    Args:
        size: height and width of the images, in pixels.
        channels: colour channels of the images.
        n_classes: how many labels to tell apart.
    """

    def __init__(self, size: int, channels: int = 1, n_classes: int = 10) -> None:
        super().__init__()
        self.fc1 = nn.Linear(channels * size * size, n_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Images, N × channels × size × size, to logits, N × n_classes."""
        logits: Tensor = self.fc1(x.flatten(1))
        return logits


Network = TextbookCNN | SmallCNN | TextbookCNNWithBatchNorm | Linear

MODELS: dict[str, type[Network]] = {
    "textbook_cnn": TextbookCNN,
    "small_cnn": SmallCNN,
    "textbook_cnn_bn": TextbookCNNWithBatchNorm,
    "linear": Linear,
}
"""The networks, by their names in the spec."""


def seeded(kind: str, *, size: int, channels: int, n_classes: int, seed: int) -> nn.Module:
    """A network with the weights that `torch.manual_seed(seed)` gives; the global generator is left alone."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        net: nn.Module = MODELS[kind](size, channels, n_classes)
    # The layout in memory, not the numbers: a step takes 0.65 of the time on a CPU (digits and 28 × 28).
    return net.to(memory_format=torch.channels_last)


def layer_names(net: nn.Module) -> list[LayerName]:
    """The layers of a network, from input to output."""
    return [name for name in LAYERS if hasattr(net, name)]


def has_batch_norm(net: nn.Module) -> bool:
    """Whether a network's outputs depend on the whole batch while it trains."""
    return any(isinstance(module, nn.BatchNorm2d) for module in net.modules())


def penalised(net: nn.Module, layers: Iterable[LayerName], include_bias: bool) -> list[nn.Parameter]:
    """The parameters a penalty acts on: the weights of `layers`; biases on request."""
    chosen = frozenset(layers)
    return [
        parameter
        for layer, module in net.named_children()
        if layer in chosen
        for name, parameter in module.named_parameters(recurse=False)
        if name == "weight" or include_bias
    ]
