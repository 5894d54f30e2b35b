"""Images through the network: themselves, answers, feature maps, and which pixels matter."""

from collections.abc import Iterator

import torch
from torch import Tensor

from core.inspect.fields import Fields
from core.inspect.moment import Answer, Moment, QuestionError, finite, rounded
from core.inspect.packing import pixels
from core.smaller.blocks import Chain, answers, applied, convolved
from core.training.pieces import Work

MOST_IMAGES_SENT = 24
"""In one answer: the images of CIFAR-10 then take 74 kB."""

OCCLUDED_TOGETHER = 64


def valid_images(moment: Moment, fields: Fields) -> Answer:
    """Some validation images with their labels, and how many there are. Fields: `indices`."""
    data = moment.images
    chosen = fields.indices("indices", len(data.valid_y), MOST_IMAGES_SENT)
    fields.done()
    labels = data.valid_y[chosen].tolist()
    return {"images": pixels(data.valid_x[chosen]), "labels": labels, "total": len(data.valid_y)}


@torch.no_grad()
def predict(moment: Moment, fields: Fields) -> Answer:
    """What every lane says to some images: probabilities, or the number itself where there are no labels.

    Fields: `images` or `indices`. A lane that diverged says nothing.
    """
    x = fields.images()
    fields.done()
    labelled = not moment.images.valid_y.is_floating_point()
    lanes = []
    for lane, net in enumerate(moment.nets):
        if not finite(net):
            lanes.append({"lane": lane, "probabilities": None, "values": None})
            continue
        logits = net(x)
        said = rounded(logits.softmax(1) if labelled else logits)
        kind = "probabilities" if labelled else "values"
        lanes.append({"lane": lane, "probabilities": None, "values": None, kind: said})
    return {"lanes": lanes}


@torch.no_grad()
def feature_maps(moment: Moment, fields: Fields) -> Answer:
    """What each filter sees in an image, after ReLU and before pooling, N × filters × height × width.

    Fields: `lane`, and one image in `images` or `indices`.
    """
    lane, x = fields.lane(), _one(fields.images())
    fields.done()
    layers = {}
    for block in moment.chain(lane):
        if block.kind == "conv":
            layers[block.name] = pixels(convolved(block, x).relu()[0])
            x = applied(block, x)
    if not layers:
        raise QuestionError("This network has no convolutions, so it has no feature maps.")
    return {"lane": lane, "layers": layers}


def input_map(moment: Moment, fields: Fields) -> Answer | Work[Answer]:
    """Which input pixels matter. Fields: `lane`, `kind`, and for an image `images` or `indices`, `label`.

    `kind` is `weights` (the weight image of every label; linear network only), `gradient_times_input` (the
    slope of the label's logit times the pixel, summed over colours) or `occlusion` (how much the label's
    probability falls when a patch of zeros covers the place). Without `label` it is the one the lane gives.
    """
    lane = fields.lane()
    kind = fields.one_of("kind", ("weights", "gradient_times_input", "occlusion"))
    chain = moment.chain(lane)
    if kind == "weights":
        fields.done()
        return {"lane": lane, "kind": kind, "maps": _weight_images(chain, moment)}
    classes = moment.classes
    x = _one(fields.images())
    with torch.no_grad():
        given = int(answers(chain, x).argmax())
    label = fields.whole("label", 0, classes - 1, default=given)
    fields.done()
    head = {"lane": lane, "kind": kind, "label": label, "answer": given}
    if kind == "gradient_times_input":
        return head | {"map": rounded(gradient_times_input(chain, x, label), 3)}
    return _occluded(head, chain, x, label)


def _weight_images(chain: Chain, moment: Moment) -> object:
    if len(chain) > 1:
        raise QuestionError("Only the linear network has one weight image per label: choose another kind.")
    data = moment.images
    return rounded(chain[0].weight.reshape(-1, data.channels, data.size, data.size), 3)


def gradient_times_input(chain: Chain, x: Tensor, label: int) -> Tensor:
    """∂logit/∂x · x of one image, summed over its colours: size × size."""
    x = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(answers(chain, x)[0, label], x)
    return (slope * x.detach())[0].sum(0)


def occlusion(chain: Chain, x: Tensor, label: int, patch: int, stride: int) -> Iterator[Tensor]:
    """The fall of the label's probability for each place of a patch of zeros; a few places at a time."""
    size = x.shape[-1]
    corners = [(r, c) for r in range(0, size, stride) for c in range(0, size, stride)]
    with torch.no_grad():
        whole = answers(chain, x).softmax(1)[0, label]
    for start in range(0, len(corners), OCCLUDED_TOGETHER):
        some = corners[start : start + OCCLUDED_TOGETHER]
        covered = x.repeat(len(some), 1, 1, 1)
        for image, (row, column) in zip(covered, some, strict=True):
            top, left = row - (patch - stride) // 2, column - (patch - stride) // 2
            image[:, max(top, 0) : top + patch, max(left, 0) : left + patch] = 0.0
        with torch.no_grad():
            remaining = answers(chain, covered).softmax(1)[:, label]
        yield whole - remaining


def _occluded(head: Answer, chain: Chain, x: Tensor, label: int) -> Work[Answer]:
    # A quarter of the image, in places half a patch apart at most.
    patch, stride = max(2, x.shape[-1] // 4), max(1, x.shape[-1] // 14)
    parts = []
    for part in occlusion(chain, x, label, patch, stride):
        parts.append(part)
        yield
    places = -(-x.shape[-1] // stride)
    return head | {
        "patch": patch,
        "stride": stride,
        "map": rounded(torch.cat(parts).reshape(places, places), 3),
    }


def _one(x: Tensor) -> Tensor:
    if len(x) != 1:
        raise QuestionError("This question is about one image at a time.")
    return x
