"""What the thread that loads a dataset tells the one that trains."""

from dataclasses import dataclass


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
