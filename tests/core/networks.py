"""Networks for tests that look into one: of every kind, with as many zeros as a trained one has."""

import torch
from torch import nn

from core.maths.models import MODELS, seeded

SIZE = 8


def network(kind: str, zeros: float = 0.0, seed: int = 0, size: int = SIZE) -> nn.Module:
    """A network with that share of its weights at zero, and its running means away from their start."""
    net = seeded(kind, size=size, channels=1, n_classes=10, seed=seed).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in net.named_parameters():
            if name.endswith("weight"):
                parameter.mul_(torch.rand(parameter.shape, generator=generator) >= zeros)
            else:
                parameter.add_(torch.randn(parameter.shape, generator=generator) * 0.1)
        for name, buffer in net.named_buffers():
            if "running" in name:
                buffer.copy_(torch.rand(buffer.shape, generator=generator) + 0.1)
    return net


def images(n: int = 16, size: int = SIZE, seed: int = 1) -> torch.Tensor:
    return torch.rand(n, 1, size, size, generator=torch.Generator().manual_seed(seed))


KINDS = list(MODELS)
