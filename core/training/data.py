"""The images a run learns from: loaded once, on the device, as plain tensors."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from core.spec import RunSpec
from core.training.losses import LOSSES
from core.training.rotation import turned
from core.training.vision import VISION, Tell, load_raw, too_few

_DATA_STREAM = 2**31
"""Added to the seed: the subset and the wrong targets must not repeat the draws that order the batches."""


@dataclass(frozen=True)
class Images:
    """Training and test images with what is to be told of each, on one device.

    Attributes:
        train_x, test_x: float32, images × channels × height × width, in [0, 1].
        train_y, test_y: int64 labels from 0 to n_outputs − 1, or float32 angles in units of 45°.
        n_outputs: how many numbers a network is to give: one per label, or one angle.
    """

    train_x: Tensor
    train_y: Tensor
    test_x: Tensor
    test_y: Tensor
    n_outputs: int

    @property
    def size(self) -> int:
        """Height and width of an image, in pixels."""
        return self.train_x.shape[-1]

    @property
    def channels(self) -> int:
        """Colour channels of an image."""
        return self.train_x.shape[1]


def load(spec: RunSpec, device: torch.device) -> Images:
    """The data of a run: the dataset, loaded once, cut to `train_size`, with `label_noise` wrong targets.

    Which images are kept and which targets are wrong depends on the run's seed; the split into training and
    test images does not.
    """
    return for_run(_on_device(spec.dataset, device), spec)


def for_run(images: Images, spec: RunSpec) -> Images:
    """A whole dataset cut to `train_size`, with `label_noise` wrong targets; what is not cut is shared.

    Raises:
        DataError: it has fewer images, as a data folder may that somebody else filled.
    """
    if spec.train_size > len(images.train_y):
        raise too_few(spec.dataset, len(images.train_y), spec.train_size)
    device = images.train_y.device
    generator = torch.Generator().manual_seed(spec.seed + _DATA_STREAM)
    if 0 < spec.train_size < len(images.train_y):
        kept = torch.randperm(len(images.train_y), generator=generator)[: spec.train_size].to(device)
        images = replace(images, train_x=images.train_x[kept], train_y=images.train_y[kept])
    if spec.label_noise:
        n_wrong = round(spec.label_noise * len(images.train_y))
        chosen = torch.randperm(len(images.train_y), generator=generator)[:n_wrong].to(device)
        targets = images.train_y.clone()
        targets[chosen] = LOSSES[spec.loss].wrong(targets[chosen], images.n_outputs, generator)
        images = replace(images, train_y=targets)
    return images


@cache
def _on_device(dataset: str, device: torch.device) -> Images:
    return read(dataset, device, lambda text, share: None)


def read(dataset: str, device: torch.device, tell: Tell) -> Images:
    """Read, or first download, a whole dataset to the device, saying how far it is.

    Raises:
        DataError: it is not there and cannot be had.
    """
    images = DATASETS[dataset](tell)
    return replace(
        images,
        train_x=images.train_x.to(device),
        train_y=images.train_y.to(device),
        test_x=images.test_x.to(device),
        test_y=images.test_y.to(device),
    )


def digits() -> Images:
    """scikit-learn's 1,797 bundled 8×8 digits: 1,437 to train on, 360 to test on, classes in proportion."""
    # Its file, not its `load_digits`: importing scikit-learn takes 1.3 seconds and 150 MB.
    package = find_spec("sklearn")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("The digits come with scikit-learn, which is not installed.")
    file = Path(package.submodule_search_locations[0], "datasets", "data", "digits.csv.gz")
    table = torch.from_numpy(np.loadtxt(file, delimiter=",", dtype=np.float32))
    x, y = (table[:, :64] / 16.0).reshape(-1, 1, 8, 8), table[:, 64].long()
    # Shuffled, then sorted by label: every fifth is a fair share of each class.
    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(0))
    order = order[y[order].argsort(stable=True)]
    in_test = torch.zeros(len(y), dtype=torch.bool)
    in_test[order[::5]] = True
    return Images(x[~in_test], y[~in_test], x[in_test], y[in_test], n_outputs=10)


def rotated_digits() -> Images:
    """The digits, split as `digits` are, each turned by an angle of its own whatever the run's seed."""
    images, generator = digits(), torch.Generator().manual_seed(0)
    train_x, train_y = turned(images.train_x, generator)
    test_x, test_y = turned(images.test_x, generator)
    return Images(train_x, train_y, test_x, test_y, n_outputs=1)


def from_torchvision(dataset: str, tell: Tell) -> Images:
    """One of `vision.VISION`, with its own training and test images."""
    raw = load_raw(dataset, tell)
    return Images(_scaled(raw.train_x), raw.train_y, _scaled(raw.test_x), raw.test_y, n_outputs=10)


def _scaled(pixels: Tensor) -> Tensor:
    return pixels.to(torch.float32, memory_format=torch.contiguous_format).div_(255.0)


DATASETS: dict[str, Callable[[Tell], Images]] = {
    "digits": lambda tell: digits(),
    "rotated_digits": lambda tell: rotated_digits(),
    **{name: partial(from_torchvision, name) for name in VISION},
}
"""How to read each dataset, by its name in the spec. Images are square."""
