"""Right and wrong on the validation images: the confusion matrix, and where two lanes disagree."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from core.inspect.fields import Fields
from core.inspect.moment import Answer, Moment
from core.smaller.blocks import Block, answers
from core.training.pieces import Work
from core.uncertainty import only_one_right

TOGETHER = 256
"""Validation images looked at before the runs of others get their turn."""

MOST_SHOWN = 48


def logits_in_parts(chain: Sequence[Block], x: Tensor, together: int = TOGETHER) -> Iterator[Tensor]:
    """The logits of many images, so many together."""
    for start in range(0, len(x), together):
        # Closed before the yield: what others do meanwhile may need gradients.
        with torch.no_grad():
            logits = answers(chain, x[start : start + together])
        yield logits


def confusion(moment: Moment, fields: Fields) -> Work[Answer]:
    """How often each label (row) got each answer (column) on the validation images. Fields: `lane`."""
    lane = fields.lane()
    fields.done()
    n, labels = moment.classes, moment.images.valid_y
    given = []
    for part in logits_in_parts(moment.chain(lane), moment.images.valid_x):
        given.append(part.argmax(1))
        yield
    matrix = (n * labels + torch.cat(given)).bincount(minlength=n * n).reshape(n, n)
    right = int(matrix.diagonal().sum())
    return {"lane": lane, "matrix": matrix.tolist(), "accuracy": right / len(labels)}


def disagreements(moment: Moment, fields: Fields) -> Work[Answer]:
    """Validation images that `lane` gets wrong and `other` gets right, and the reverse.

    Of each the count, and the first ones with their numbers, labels and the two answers; how many images
    there are, and McNemar's p of the two counts. Fields: `lane`, `other` (0 unless given).
    """
    lane, other = fields.lane(), fields.lane("other", default=0)
    fields.done()
    labels, _ = moment.images.valid_y, moment.classes
    said: list[Tensor] = []
    for each in (lane, other):
        parts = []
        for part in logits_in_parts(moment.chain(each), moment.images.valid_x):
            parts.append(part.argmax(1))
            yield
        said.append(torch.cat(parts))
    right = [answer == labels for answer in said]
    wrong_here, wrong_there = ~right[0] & right[1], right[0] & ~right[1]
    return {
        "lane": lane,
        "other": other,
        "images": len(labels),
        "p": only_one_right(int(wrong_here.sum()), int(wrong_there.sum())),
        "lane_wrong": _shown(wrong_here, labels, said),
        "other_wrong": _shown(wrong_there, labels, said),
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
