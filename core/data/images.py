"""The images a run learns from: loaded once, on the device, as plain tensors."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.data.rotation import turned
from core.data.vision import VISION, Tell, load_raw, too_few
from core.maths.losses import LOSSES
from core.spec import FOLDS, RunSpec

_DATA_STREAM = 2**31
"""Added to the seed: the subset and the wrong targets must not repeat the draws that order the batches."""


@dataclass(frozen=True)
class Images:
    """Images in three parts with what is to be told of each, on one device.

    A run learns from its training images; whatever is chosen is chosen by its validation images; the test
    images are looked at once, when it is over.

    Attributes:
        shared_x: the images that a run learns from, or that `kept` takes them from, shared by all runs on a
            dataset. float32, images × channels × height × width, in [0, 1], like valid_x and test_x.
        train_y, valid_y, test_y: int64 labels from 0 to n_outputs − 1, or float32 angles in units of 45°.
        n_outputs: how many numbers a network is to give: one per label, or one angle.
        kept: int64, which of `shared_x` are the training images; None: all, in their order.
    """

    shared_x: Tensor
    train_y: Tensor
    valid_x: Tensor
    valid_y: Tensor
    test_x: Tensor
    test_y: Tensor
    n_outputs: int
    kept: Tensor | None = None

    @property
    def train_x(self) -> Tensor:
        """All training images together: a copy where they are some of the shared ones."""
        return self.shared_x if self.kept is None else self.shared_x[self.kept]

    def batch(self, chosen: Tensor) -> tuple[Tensor, Tensor]:
        """Some training images and their targets, by their place among the training images."""
        return self.shared_x[chosen if self.kept is None else self.kept[chosen]], self.train_y[chosen]

    def some(self, chosen: Tensor) -> "Images":
        """With these training images alone, by their place among them; no image is copied."""
        kept = chosen if self.kept is None else self.kept[chosen]
        return replace(self, kept=kept, train_y=self.train_y[chosen])

    @property
    def size(self) -> int:
        """Height and width of an image, in pixels."""
        return self.shared_x.shape[-1]

    @property
    def channels(self) -> int:
        """Colour channels of an image."""
        return self.shared_x.shape[1]

    def to(self, device: torch.device) -> "Images":
        """The same on another device; what is there already is shared."""
        moved: dict[str, Any] = {
            name: value.to(device) for name, value in vars(self).items() if isinstance(value, Tensor)
        }
        return replace(self, **moved)


def load(spec: RunSpec, device: torch.device) -> Images:
    """The data of a run: the dataset, loaded once, cut to `train_size`, with `label_noise` wrong targets.

    Which images are kept and which targets are wrong depends on the run's seed; the split does not. The seeds
    take their images one after the other from one order: of as many as there are, those of consecutive seeds
    share none.
    """
    return for_run(_on_device(spec.dataset, device), spec)


def for_run(images: Images, spec: RunSpec) -> Images:
    """A whole dataset, its training images cut to `train_size` and with `label_noise` wrong targets.

    With a `fold` a third of the training images, of which `train_size` then leaves all there are, takes the
    place of the validation images. What stays as it is is shared: the test images always, and whatever is
    watched has its true targets.

    Raises:
        DataError: it has fewer images, as a data folder may that somebody else filled.
    """
    if spec.train_size > len(images.train_y):
        raise too_few(spec.dataset, len(images.train_y), spec.train_size)
    device = images.train_y.device
    generator = torch.Generator().manual_seed(spec.seed + _DATA_STREAM)
    if spec.fold:
        images = held_out(images, spec)
    if 0 < spec.train_size < len(images.train_y):
        order = torch.randperm(len(images.train_y), generator=torch.Generator().manual_seed(_DATA_STREAM))
        kept = order.roll(-spec.seed * spec.train_size)[: spec.train_size].to(device)
        images = images.some(kept)
    if spec.label_noise:
        n_wrong = round(spec.label_noise * len(images.train_y))
        chosen = torch.randperm(len(images.train_y), generator=generator)[:n_wrong].to(device)
        targets = images.train_y.clone()
        targets[chosen] = LOSSES[spec.loss].wrong(targets[chosen], images.n_outputs, generator)
        images = replace(images, train_y=targets)
    return images


def held_out(images: Images, spec: RunSpec) -> Images:
    """The fold's third of the training images in the place of the validation images, out of the training.

    Thirds are neighbours in the file, of the digits whole forms: nobody's form is in two of them.
    """
    n = len(images.train_y)
    starts = THIRDS.get(spec.dataset) or tuple(-(-n * i // FOLDS) for i in range(FOLDS))
    low, high = (*starts, n)[spec.fold - 1 : spec.fold + 1]
    others = torch.cat([torch.arange(low), torch.arange(high, n)]).to(images.train_y.device)
    x, y = images.train_x[low:high], images.train_y[low:high]
    return replace(images.some(others), valid_x=x, valid_y=y)


@cache
def _on_device(dataset: str, device: torch.device) -> Images:
    return read(dataset, device, lambda text, share: None)


def read(dataset: str, device: torch.device, tell: Tell) -> Images:
    """Read, or first download, a whole dataset to the device, saying how far it is.

    Raises:
        DataError: it is not there and cannot be had.
    """
    return DATASETS[dataset](tell).to(device)


VALID_FROM, TEST_FROM = 1157, 1415
"""The bundled digits before these are for training and for validation; both are the first of a form."""

THIRDS = {"digits": (0, 386, 776), "rotated_digits": (0, 386, 776)}
"""Where the thirds of the training images begin that are not just thirds: each with the first of a form."""


def digits() -> Images:
    """scikit-learn's 1,797 bundled 8×8 digits: 1,157 for training, 258 for validation, 382 for the test.

    They were written on forms, about 130 to a form, and stand in the file form after form: each begins with
    the digits 0 to 9 three times over, which is how one sees where it starts. The file is cut between forms,
    nine for training, two for validation and three for the test, so that nobody's form is in two parts. There
    are 14 forms, and by the source 13 writers: at most one of them can be in two parts.

    Source: Alpaydin & Kaynak (1998), "Optical Recognition of Handwritten Digits", UCI; this is its test file.
    """
    # Its file, not its `load_digits`: importing scikit-learn takes 1.3 seconds and 150 MB.
    package = find_spec("sklearn")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("The digits come with scikit-learn, which is not installed.")
    file = Path(package.submodule_search_locations[0], "datasets", "data", "digits.csv.gz")
    table = torch.from_numpy(np.loadtxt(file, delimiter=",", dtype=np.float32))
    x, y = (table[:, :64] / 16.0).reshape(-1, 1, 8, 8), table[:, 64].long()
    parts = slice(VALID_FROM), slice(VALID_FROM, TEST_FROM), slice(TEST_FROM, None)
    train, valid, test = ((x[part], y[part]) for part in parts)
    return Images(*train, *valid, *test, n_outputs=10)


def rotated_digits() -> Images:
    """The digits, split as `digits` are, each turned by an angle of its own whatever the run's seed."""
    images, generator = digits(), torch.Generator().manual_seed(0)
    train, valid, test = (turned(x, generator) for x in (images.train_x, images.valid_x, images.test_x))
    return Images(*train, *valid, *test, n_outputs=1)


MOST_VALID = 10_000
"""Validation images of a large dataset: an accuracy of 98 % is then known to 0.14 points."""


def from_torchvision(dataset: str, tell: Tell) -> Images:
    """One of `vision.VISION` with its own test images; the last sixth of the others is for validation.

    MNIST's test images come from other writers than its training images. Whether its last 10,000 training
    images share writers with the others is not known: there the validation accuracy may be too good.
    """
    raw = load_raw(dataset, tell)
    first = len(raw.train_y) - min(len(raw.train_y) // 6, MOST_VALID)
    x, y = _scaled(raw.train_x), raw.train_y
    return Images(x[:first], y[:first], x[first:], y[first:], _scaled(raw.test_x), raw.test_y, n_outputs=10)


def _scaled(pixels: Tensor) -> Tensor:
    return pixels.to(torch.float32, memory_format=torch.contiguous_format).div_(255.0)


DATASETS: dict[str, Callable[[Tell], Images]] = {
    "digits": lambda tell: digits(),
    "rotated_digits": lambda tell: rotated_digits(),
    **{name: partial(from_torchvision, name) for name in VISION},
}
"""How to read each dataset, by its name in the spec. Images are square."""
