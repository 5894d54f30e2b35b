"""Datasets brought to the device beside the training: a thread for each that is on its way."""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread

import torch

from core.data.device import release_memory
from core.data.images import Images, for_run, load, read
from core.data.vision import VISION
from core.spec import RunSpec

NEWS_SECONDS = 0.25
"""Between two news of a download."""


@dataclass(frozen=True)
class Loading:
    """How far a dataset is: a few words, and the share of its download that is done."""

    dataset: str
    text: str
    share: float


@dataclass(frozen=True)
class Loaded:
    """A dataset is there; or it is not, because of `error`."""

    dataset: str
    error: Exception | None = None


News = Loading | Loaded
"""What the thread that loads a dataset tells the one that trains."""


class Loader:
    """The datasets that are not the app's own: one copy of each, shared by all runs.

    Args:
        device: where the images go.
        report: called from the loading threads; the last news of a dataset is `Loaded`.
    """

    def __init__(self, device: torch.device, report: Callable[[News], None]) -> None:
        self._device = device
        self._report = report
        self._images: dict[str, Images] = {}
        self._latest: dict[str, Loading] = {}

    def has(self, dataset: str) -> bool:
        """Whether a run on it can start without waiting."""
        return dataset not in VISION or dataset in self._images

    def images(self, spec: RunSpec) -> Images:
        """The images of a run, on a dataset it `has`."""
        if spec.dataset in self._images:
            return for_run(self._images[spec.dataset], spec)
        return load(spec, self._device)

    def begin(self, dataset: str) -> Loading:
        """Load a dataset unless that is under way; how far it is."""
        if dataset not in self._latest:
            self._latest[dataset] = Loading(dataset, f"Loading {VISION[dataset].title}", 0.0)
            Thread(target=self._load, args=(dataset,), name=f"load-{dataset}", daemon=True).start()
        return self._latest[dataset]

    def settle(self, dataset: str) -> None:
        """Take in that a load is over: after a failure the next run may try again."""
        del self._latest[dataset]

    def _load(self, dataset: str) -> None:
        spoken = 0.0

        def tell(text: str, share: float) -> None:
            nonlocal spoken
            news, before = Loading(dataset, text, share), self._latest[dataset]
            self._latest[dataset] = news
            if text != before.text and (share == 1.0 or time.monotonic() >= spoken + NEWS_SECONDS):
                spoken = time.monotonic()
                self._report(news)

        error: Exception | None = None
        try:
            self._images[dataset] = read(dataset, self._device, tell)
        except Exception as caught:
            traceback.print_exc()
            error = caught
        release_memory()
        self._report(Loaded(dataset, error))
