"""The batches of a run: every training image once an epoch, in another order each time."""

import torch
from torch import Tensor

from core.data.images import Images


class Batches:
    """What each update sees; the seed decides the order.

    Attributes:
        per_epoch: updates in an epoch; the last batch of one may be smaller.
    """

    def __init__(self, images: Images, batch_size: int, seed: int) -> None:
        self.per_epoch = -(-len(images.train_y) // batch_size)
        self._images = images
        self._batch_size = batch_size
        self._orders = torch.Generator().manual_seed(seed)
        self._epoch = -1
        self._chosen: tuple[Tensor, ...] = ()

    def at(self, step: int) -> tuple[Tensor, Tensor]:
        """Images and labels of the update after `step` others, which may not be before one asked earlier."""
        return self._images.batch(self.chosen(step))

    def chosen(self, step: int) -> Tensor:
        """Which images those are."""
        while self._epoch < step // self.per_epoch:
            self._chosen = self._shuffled()
            self._epoch += 1
        return self._chosen[step % self.per_epoch]

    def _shuffled(self) -> tuple[Tensor, ...]:
        targets = self._images.train_y
        order = torch.randperm(len(targets), generator=self._orders)
        return torch.split(order.to(targets.device), self._batch_size)
