"""From zeros to consequences, measured: what a lane weighs, how fast it is, and what is left of it."""

from collections.abc import Sequence
from dataclasses import asdict

import torch
from torch import Tensor

from core.inspect.errors import logits_in_parts
from core.inspect.fields import Fields
from core.inspect.moment import Answer, Moment
from core.smaller import latency as timing
from core.smaller import sizes as measures
from core.smaller.blocks import Block, Chain, answers, n_parameters
from core.smaller.dead_units import compacted
from core.smaller.pruning import pruned_below, pruned_to
from core.training.pieces import Pieces, Work


def compact(moment: Moment, fields: Fields) -> Work[Answer]:
    """The lane without its dead units, and the proof on all validation images that it is the same function.

    Fields: `lane`.
    """
    lane = fields.lane()
    fields.done()
    whole = moment.chain(lane)
    small = compacted(whole)
    proof = Proof()
    yield from proof.made(whole, small.chain, moment)
    layers = [
        {"name": a.name, "units": len(a.weight), "left": len(b.weight), "shape": list(b.weight.shape)}
        for a, b in zip(whole, small.chain, strict=True)
    ]
    return {
        "lane": lane,
        "layers": layers,
        "kept": {b.name: units.tolist() for b, units in zip(small.chain, small.kept, strict=True)},
        "parameters": [n_parameters(whole), n_parameters(small.chain)],
        **proof.shown(),
    }


class Proof:
    """Two networks side by side on the validation images."""

    def __init__(self) -> None:
        self._difference = self._scale = 0.0
        self._right = [0, 0]
        self._images = 0
        self._labelled = True

    def made(self, one: Chain, other: Chain, moment: Moment) -> Work[None]:
        """Look at all validation images, some at a time."""
        labels = moment.images.valid_y
        self._labelled = not labels.is_floating_point()
        pairs = zip(
            logits_in_parts(one, moment.images.valid_x),
            logits_in_parts(other, moment.images.valid_x),
            strict=True,
        )
        for a, b in pairs:
            true = labels[self._images : self._images + len(a)]
            self._images += len(a)
            self._difference = max(self._difference, float((a - b).abs().max()))
            self._scale = max(self._scale, float(a.abs().max()))
            for i, logits in enumerate((a, b)):
                self._right[i] += int((logits.argmax(1) == true).sum())
            yield

    def shown(self) -> Answer:
        """The largest difference of a logit, the largest logit, and both accuracies."""
        shares = [right / self._images for right in self._right] if self._labelled else None
        return {
            "largest_difference": self._difference,
            "largest_logit": self._scale,
            "images": self._images,
            "accuracies": shares,
        }


def sizes(moment: Moment, fields: Fields) -> Work[Answer]:
    """Bytes of the whole and of the compact network, stored in each way, and multiplications an image.

    Fields: `lane`.
    """
    lane = fields.lane()
    fields.done()
    whole, found = moment.chain(lane), {}
    for name, chain in (("full", whole), ("compact", compacted(whole).chain)):
        found[name] = size_table(chain, moment.images.size)
        yield
    return {"lane": lane, **found}


def size_table(chain: Sequence[Block], size: int) -> Answer:
    """The numbers of `core.smaller.sizes` for one network."""
    return {
        "parameters": n_parameters(chain),
        "weights": sum(block.weight.numel() for block in chain),
        "zeros": measures.n_zeros(chain),
        "dense": measures.dense_bytes(chain),
        "gzip": measures.gzip_bytes(chain),
        "csr": measures.csr_bytes(chain),
        "bitmap": measures.bitmap_bytes(chain),
        "bound": round(measures.bound_bytes(chain)),
        "multiply_adds": measures.multiply_adds(chain, size),
        "multiply_adds_nonzero": measures.multiply_adds(chain, size, skip_zeros=True),
    }


def latency(moment: Moment, fields: Fields) -> Work[Answer]:
    """Milliseconds at batch 1 and 256: dense, as compressed rows, and compact. Fields: `lane`.

    Median and quartiles, on the worker's device, while other runs may train beside it.
    """
    lane = fields.lane()
    fields.done()
    whole = moment.chain(lane)
    networks = {
        "dense": timing.dense(whole),
        "csr": timing.as_csr(whole),
        "compact": timing.dense(compacted(whole).chain),
    }
    found: Answer = {"lane": lane, "device": str(moment.images.valid_x.device), "milliseconds": []}
    for batch in timing.BATCHES:
        x = _batch(moment.images.valid_x, batch)
        timed = {name: Pieces(timing.measured(network, x)) for name, network in networks.items()}
        yield from _in_turns(list(timed.values()))
        rows = [{"network": name, "batch": batch, **asdict(each.found)} for name, each in timed.items()]
        found["milliseconds"] += rows
    return found


def _in_turns(works: Sequence[Pieces[timing.Latency]]) -> Work[None]:
    """Time all networks by turns: what slows the machine down for a while then slows all of them."""
    while going := [each for each in works if not each.over]:
        for each in going:
            each.advance()
            yield


def _batch(x: Tensor, n: int) -> Tensor:
    return x.repeat(-(-n // len(x)), 1, 1, 1)[:n]


def prune(moment: Moment, fields: Fields) -> Work[Answer]:
    """Set weights of a lane to zero afterwards, on a copy, and look at the validation images again.

    Fields: `lane`, and `epsilon` (all |w| < ε), `zeros` (so many, the smallest) or `like` (as many as that
    lane has exact zeros).
    """
    lane = fields.lane()
    whole = moment.chain(lane)
    if fields.has("epsilon"):
        pruned = pruned_below(whole, fields.number("epsilon", 0.0, 1e6))
    elif fields.has("like"):
        pruned = pruned_to(whole, measures.n_zeros(moment.chain(fields.lane("like"))))
    else:
        pruned = pruned_to(whole, fields.whole("zeros", 0, sum(block.weight.numel() for block in whole)))
    fields.done()
    proof = Proof()
    yield from proof.made(whole, pruned, moment)
    layers = {block.name: int((block.weight == 0.0).sum()) for block in pruned}
    return {
        "lane": lane,
        "weights": sum(block.weight.numel() for block in whole),
        "zeros": sum(layers.values()),
        "layers": layers,
        "parameters_compact": n_parameters(compacted(pruned).chain),
        **proof.shown(),
    }


@torch.no_grad()
def largest_difference(chain: Sequence[Block], other: Tensor, x: Tensor) -> float:
    """Of a logit, between a network and what another said to the same images."""
    return float((answers(chain, x).cpu() - other.cpu()).abs().max())
