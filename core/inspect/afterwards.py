"""What is done to a lane after its training, on a copy: pruned at many bounds, or its support refitted."""

from dataclasses import replace

import torch
from torch import Tensor

from core.inspect.errors import TOGETHER, logits_in_parts
from core.inspect.fields import Fields
from core.inspect.moment import Answer, Moment
from core.maths.losses import LOSSES
from core.smaller import sizes as measures
from core.smaller.blocks import Chain, answers
from core.smaller.pruning import pruned_below, pruned_to
from core.training.pieces import Work

MOST_BOUNDS = 40

MOST_IMAGES = 2000
"""Validation images a path is looked at with: 26 bounds on all 10,000 of MNIST would take half a minute."""

REFIT_RATE = 1e-3
MOST_UPDATES = 500


def prune_path(moment: Moment, fields: Fields) -> Work[Answer]:
    """Zeros and right answers of a lane when all weights |w| < ε are set to zero, for every ε asked for.

    Fields: `lane`, `epsilons` (1 to MOST_BOUNDS). The answer's `accuracies` are of the first `images`
    validation images.
    """
    lane = fields.lane()
    bounds = fields.numbers("epsilons", 0.0, 1e6, MOST_BOUNDS)
    fields.done()
    whole, _ = moment.chain(lane), moment.classes
    x, labels = moment.images.valid_x[:MOST_IMAGES], moment.images.valid_y[:MOST_IMAGES]
    zeros, accuracies = [], []
    for bound in bounds:
        pruned = pruned_below(whole, bound)
        right = yield from _right(pruned, x, labels)
        zeros.append(measures.n_zeros(pruned))
        accuracies.append(right / len(labels))
    return {
        "lane": lane,
        "epsilons": bounds,
        "weights": sum(block.weight.numel() for block in whole),
        "zeros": zeros,
        "accuracies": accuracies,
        "images": len(labels),
    }


def refit(moment: Moment, fields: Fields) -> Work[Answer]:
    """Train the weights that are not zero on, without penalty, while the zeros stay: the support is refitted.

    Fields: `lane`, `updates`, and optionally `like`: the lane is first pruned, by magnitude, to as many zeros
    as that lane has. Adam, all biases free, the run's batch size; a normalization stays folded.
    Source: Belloni & Chernozhukov (2013), "Least squares after model selection", for the linear model.
    """
    lane, updates = fields.lane(), fields.whole("updates", 1, MOST_UPDATES)
    chain = moment.chain(lane)
    if fields.has("like"):
        chain = pruned_to(chain, measures.n_zeros(moment.chain(fields.lane("like"))))
    fields.done()
    _ = moment.classes
    x, labels = moment.images.valid_x, moment.images.valid_y
    before = yield from _right(chain, x, labels)
    fitted = yield from refitted(chain, moment, updates)
    after = yield from _right(fitted, x, labels)
    return {
        "lane": lane,
        "updates": updates,
        "zeros": [measures.n_zeros(each) for each in (chain, fitted)],
        "accuracies": [right / len(labels) for right in (before, after)],
    }


def refitted(chain: Chain, moment: Moment, updates: int) -> Work[Chain]:
    """Adam on the weights that are not zero, an update a piece; it returns the chain.

    The batches are drawn at random with the run's seed.
    """
    images, loss = moment.images, LOSSES[moment.spec.loss]
    fitted = tuple(
        replace(b, weight=b.weight.clone().requires_grad_(True), bias=b.bias.clone().requires_grad_(True))
        for b in chain
    )
    parts = [part for b in fitted for part in (b.weight, b.bias)]
    masks = [part for b in chain for part in (b.weight != 0.0, torch.ones_like(b.bias))]
    optimizer = torch.optim.Adam(parts, lr=REFIT_RATE)
    draw = torch.Generator().manual_seed(moment.spec.seed)
    for _ in range(updates):
        batch = torch.randint(len(images.train_y), (moment.spec.batch_size,), generator=draw)
        batch = batch.to(images.train_y.device)
        with torch.enable_grad():
            x, y = images.batch(batch)
            cost = loss.loss(answers(fitted, x), y)
            gradients = torch.autograd.grad(cost, parts)
        for part, gradient, mask in zip(parts, gradients, masks, strict=True):
            # Adam never moves a weight whose gradient was always zero.
            part.grad = gradient * mask
        optimizer.step()
        yield
    return tuple(replace(b, weight=b.weight.detach(), bias=b.bias.detach()) for b in fitted)


def _right(chain: Chain, x: Tensor, labels: Tensor) -> Work[int]:
    """Count right answers, some images a piece; it returns the number."""
    right = 0
    for i, logits in enumerate(logits_in_parts(chain, x)):
        right += int((logits.argmax(1) == labels[i * TOGETHER : (i + 1) * TOGETHER]).sum())
        yield
    return right
