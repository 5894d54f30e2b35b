"""Do it yourself: one layer divided by c, the next multiplied by c. The same outputs, another penalty."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import nn

from core.inspect.errors import logits_in_parts
from core.inspect.fields import Fields
from core.inspect.moment import Answer, Moment, QuestionError, rounded
from core.maths.penalties import PENALTIES
from core.smaller.blocks import Block, Chain
from core.spec import LaneSpec


def rescaled(chain: Sequence[Block], factor: float) -> Chain:
    """The first layer's weights and biases divided by a factor > 0, the second's weights multiplied by it.

    ReLU and pooling pass a positive factor on, so the function stays.
    """
    first, second, *others = chain
    return (
        replace(first, weight=first.weight / factor, bias=first.bias / factor),
        replace(second, weight=second.weight * factor),
        *others,
    )


@torch.no_grad()
def rescale(moment: Moment, fields: Fields) -> Answer:
    """Try it on a copy: the largest difference of a logit, and the penalty before and after.

    Fields: `lane`, `factor` (100 unless given).
    """
    lane, factor = fields.lane(), fields.number("factor", 1e-3, 1e3, default=100.0)
    fields.done()
    before = moment.chain(lane)
    normalised = any(isinstance(module, nn.BatchNorm2d) for module in moment.nets[lane].children())
    if len(before) < 2 or normalised:
        raise QuestionError("This needs two layers in a row without a normalization: choose another network.")
    after = rescaled(before, factor)
    x = moment.images.valid_x
    old, new = (torch.cat(list(logits_in_parts(chain, x))) for chain in (before, after))
    spec = moment.spec.lanes[lane]
    return {
        "lane": lane,
        "factor": factor,
        "layers": [before[0].name, before[1].name],
        "images": len(x),
        "largest_difference": float((old - new).abs().max()),
        "largest_logit": float(old.abs().max()),
        "before": _penalties(before, spec),
        "after": _penalties(after, spec),
    }


def _penalties(chain: Sequence[Block], spec: LaneSpec) -> Answer:
    penalty = PENALTIES[spec.penalty](alpha=spec.alpha)
    norms, total = {}, 0.0
    for block in chain:
        norms[block.name] = rounded(block.weight.abs().sum())
        if block.name in spec.layers:
            parts = [block.weight, block.bias] if spec.include_bias else [block.weight]
            factor = dict(spec.multipliers).get(block.name, 1.0)
            total += spec.strength * factor * sum(float(penalty.value(part)) for part in parts)
    return {"norms": norms, "penalty": total}
