"""Right and wrong on the test images: the confusion matrix, and where two lanes disagree."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from core.training.chain import Block, answers
from core.training.inspect.fields import Fields
from core.training.inspect.moment import Answer, Moment

TOGETHER = 256
"""Test images looked at before the runs of others get their turn."""

MOST_SHOWN = 48


def logits_in_parts(chain: Sequence[Block], x: Tensor) -> Iterator[Tensor]:
    """The logits of many images, some at a time."""
    for start in range(0, len(x), TOGETHER):
        # Closed before the yield: what others do meanwhile may need gradients.
        with torch.no_grad():
            logits = answers(chain, x[start : start + TOGETHER])
        yield logits


def confusion(moment: Moment, fields: Fields) -> Iterator[Answer | None]:
    """How often each label (row) got each answer (column) on the test images. Fields: `lane`."""
    lane = fields.lane()
    fields.done()
    n, labels = moment.classes, moment.images.test_y
    given = []
    for part in logits_in_parts(moment.chain(lane), moment.images.test_x):
        given.append(part.argmax(1))
        yield None
    matrix = (n * labels + torch.cat(given)).bincount(minlength=n * n).reshape(n, n)
    right = int(matrix.diagonal().sum())
    yield {"lane": lane, "matrix": matrix.tolist(), "accuracy": right / len(labels)}


def disagreements(moment: Moment, fields: Fields) -> Iterator[Answer | None]:
    """Test images that `lane` gets wrong and `other` gets right, and the reverse.

    Of each the count, and the first ones with their numbers, labels and the two answers. Fields: `lane`,
    `other` (0 unless given).
    """
    lane, other = fields.lane(), fields.lane("other", default=0)
    fields.done()
    labels, _ = moment.images.test_y, moment.classes
    said: list[Tensor] = []
    for each in (lane, other):
        parts = []
        for part in logits_in_parts(moment.chain(each), moment.images.test_x):
            parts.append(part.argmax(1))
            yield None
        said.append(torch.cat(parts))
    right = [answer == labels for answer in said]
    yield {
        "lane": lane,
        "other": other,
        "lane_wrong": _shown(~right[0] & right[1], labels, said),
        "other_wrong": _shown(right[0] & ~right[1], labels, said),
    }


def _shown(which: Tensor, labels: Tensor, said: Sequence[Tensor]) -> Answer:
    chosen = which.nonzero().flatten()[:MOST_SHOWN]
    return {
        "count": int(which.sum()),
        "indices": chosen.tolist(),
        "labels": labels[chosen].tolist(),
        "lane_answers": said[0][chosen].tolist(),
        "other_answers": said[1][chosen].tolist(),
    }
