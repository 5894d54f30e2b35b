"""Which images an update sees."""

import pytest
import torch

from core.data.batches import Batches
from core.data.images import Images


def counted(n_images):
    x = torch.arange(n_images, dtype=torch.float32).reshape(-1, 1, 1, 1)
    y = torch.arange(n_images)
    return Images(x, y, x, y, x, y, n_outputs=n_images)


@pytest.mark.parametrize("n_images", [100, 96, 20])
def test_every_image_once_an_epoch_in_another_order(n_images):
    batches = Batches(counted(n_images), batch_size=32, seed=0)
    assert batches.per_epoch == -(-n_images // 32)
    epochs = [
        [batches.at(epoch * batches.per_epoch + step) for step in range(batches.per_epoch)]
        for epoch in range(2)
    ]
    orders = [torch.cat([y for _, y in epoch]) for epoch in epochs]
    assert all(torch.equal(x.flatten(), y.float()) for epoch in epochs for x, y in epoch)
    assert all(sorted(order.tolist()) == list(range(n_images)) for order in orders)
    assert not torch.equal(*orders)


def test_the_seed_decides_and_asking_again_changes_nothing():
    images = counted(100)
    first, again, other = (Batches(images, batch_size=32, seed=seed) for seed in (3, 3, 4))
    ys = [first.at(step)[1] for step in range(8)]
    assert all(torch.equal(y, again.at(step)[1]) for step, y in enumerate(ys) for _ in range(2))
    assert not torch.equal(torch.cat(ys[:4]), torch.cat([other.at(step)[1] for step in range(4)]))
