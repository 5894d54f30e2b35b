"""What comes with a question, checked one by one; what is wrong is said in one sentence."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.inspect.moment import Moment, QuestionError
from core.refusals import shown

MAX_IMAGES = 8
MAX_TEXT = 100


class Fields:
    """The values of a question, for the moment it is about. Every method raises QuestionError."""

    def __init__(self, values: dict[str, Any], moment: Moment) -> None:
        self._values = dict(values)
        self._moment = moment

    def has(self, name: str) -> bool:
        """Whether a value came along."""
        return self._values.get(name) is not None

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number from low to high."""
        value = self._take(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise QuestionError(f"{name} must be a whole number from {low} to {high}, got {shown(value)}.")
        return value

    def number(self, name: str, low: float, high: float, default: float | None = None) -> float:
        """A number from low to high."""
        value = self._take(name, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise QuestionError(f"{name} must be a number from {low:g} to {high:g}, got {shown(value)}.")
        return float(value)

    def numbers(self, name: str, low: float, high: float, most: int) -> list[float]:
        """A list of numbers from low to high."""
        values = self._take(name, None)
        good = isinstance(values, list) and 0 < len(values) <= most
        if not good or not all(type(each) in (int, float) and low <= each <= high for each in values):
            raise QuestionError(f"{name} must be 1 to {most} numbers from {low:g} to {high:g}.")
        return [float(each) for each in values]

    def one_of(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """One of some words."""
        value = self._take(name, default)
        if value not in choices:
            raise QuestionError(f"{name} must be one of {', '.join(choices)}, got {shown(value)}.")
        return str(value)

    def text(self, name: str) -> str:
        """A short text."""
        value = self._take(name, None)
        if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
            raise QuestionError(f"{name} must be 1 to {MAX_TEXT} characters, got {shown(value)}.")
        return value

    def lane(self, name: str = "lane", default: int | None = None) -> int:
        """The number of a lane."""
        return self.whole(name, 0, len(self._moment.nets) - 1, default)

    def indices(self, name: str, limit: int, most: int) -> list[int]:
        """A list of whole numbers below a limit."""
        values = self._take(name, None)
        good = isinstance(values, list) and 0 < len(values) <= most
        if not good or not all(type(each) is int and 0 <= each < limit for each in values):
            raise QuestionError(f"{name} must be 1 to {most} whole numbers from 0 to {limit - 1}.")
        return list(values)

    def images(self) -> Tensor:
        """The pixels in `images`, or the validation images numbered in `indices`: N × C × size × size."""
        if self.has("images"):
            return self._pixels(self._take("images", None))
        known = self._moment.images.valid_x
        return known[self.indices("indices", len(known), MAX_IMAGES)]

    def done(self) -> None:
        """Refuse what nobody asked for."""
        if self._values:
            raise QuestionError(f"This question has no {shown(next(iter(self._values)))}.")

    def _take(self, name: str, default: Any) -> Any:
        value = self._values.pop(name, None)
        return default if value is None else value

    def _pixels(self, value: Any) -> Tensor:
        data = self._moment.images
        shape = (data.size, data.size) if data.channels == 1 else (data.channels, data.size, data.size)
        wanted = " × ".join(map(str, shape))
        sentence = f"images must be 1 to {MAX_IMAGES} arrays of {wanted} numbers from 0 to 1."
        if not isinstance(value, list) or not 0 < len(value) <= MAX_IMAGES:
            raise QuestionError(sentence)
        try:
            pixels = np.array(value)
        except ValueError:  # Rows of different lengths.
            raise QuestionError(sentence) from None
        if pixels.shape[1:] != shape or pixels.dtype.kind not in "if":
            raise QuestionError(sentence)
        if not (math.isfinite(pixels.sum()) and pixels.min() >= 0.0 and pixels.max() <= 1.0):
            raise QuestionError(sentence)
        on_device = torch.tensor(pixels, dtype=torch.float32).to(data.valid_x.device)
        return on_device.reshape(-1, data.channels, data.size, data.size)
