"""What has to be known of something that trains to go on with it exactly: a tree, its leaves tensors."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

State = dict[str, Any]
"""Dicts and lists, whose leaves are tensors, numbers, truth values, texts and None."""


def by_place(values: Mapping[Tensor, Any], parameters: Sequence[Tensor]) -> State:
    """What is known by parameter, under the parameters' places instead."""
    return {str(i): values[each] for i, each in enumerate(parameters) if each in values}


def by_parameter(values: State, parameters: Sequence[Tensor]) -> dict[Tensor, Any]:
    """The inverse of `by_place`."""
    return {parameters[int(i)]: value for i, value in values.items()}


def like(parameter: Tensor, values: Tensor) -> Tensor:
    """A copy of these values that lies in memory as the parameter does: fused kernels look at no strides."""
    return torch.empty_like(parameter, dtype=values.dtype).copy_(values)


def overwrite(tensors: Sequence[Tensor], values: Sequence[Tensor]) -> None:
    """Give tensors other values, where they are."""
    with torch.no_grad():
        for tensor, value in zip(tensors, values, strict=True):
            tensor.copy_(value)
