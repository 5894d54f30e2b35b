"""Models out and in: safetensors, JSON and ONNX files beside the checkpoints, each checked first."""

import json
from collections.abc import Iterator
from dataclasses import replace

from core.checkpoints import MAX_JSON_BYTES, MAX_MODEL_BYTES, Checkpoints, NotKeptError
from core.inspect.errors import TOGETHER, logits_in_parts
from core.inspect.fields import Fields
from core.inspect.moment import Answer, Moment, QuestionError, described
from core.inspect.smaller import largest_difference, size_table
from core.smaller.blocks import Chain
from core.smaller.dead_units import compacted
from core.smaller.model_files import (
    ModelFileError,
    description,
    numbers,
    read_model,
)
from core.smaller.onnx_export import run_by_onnxruntime, to_onnx
from core.training.pieces import Work

FORMATS = ("safetensors", "onnx")


def export(moment: Moment, fields: Fields, run: str, store: Checkpoints) -> Work[Answer]:
    """Write a lane to files beside the run's checkpoints, and answer their names.

    Fields: `lane`, `which` (full or compact), `format`: safetensors, with a JSON file of the same name, or
    onnx, run by ONNX Runtime on all validation images first; `largest_difference` is what a logit then
    differs by from the full network's.
    """
    lane = fields.lane()
    which = fields.one_of("which", ("full", "compact"))
    kind = fields.one_of("format", FORMATS)
    fields.done()
    whole = moment.chain(lane)
    chain = whole if which == "full" else compacted(whole).chain
    size, channels = moment.images.size, moment.images.channels
    difference: float | None = None
    if kind == "safetensors":
        notes = json.loads(described(moment.spec, moment.step)) | {"lane": lane, "which": which}
        files = {"safetensors": numbers(chain), "json": description(chain, size, channels, notes)}
    else:
        files, difference = {"onnx": to_onnx(chain, size, channels)}, 0.0
        yield
        for part in _onnx_differences(files["onnx"], whole, moment):
            difference = max(difference, part)
            yield
    stem = f"{moment.step:09d}-lane{lane}-{which}"
    try:
        for ending, data in files.items():
            store.keep(run, f"{stem}.{ending}", data)
    except NotKeptError as error:
        raise QuestionError(str(error)) from None
    named = {ending: f"{stem}.{ending}" for ending in files}
    return {"files": named, "bytes": sum(map(len, files.values())), "largest_difference": difference}


def _onnx_differences(data: bytes, chain: Chain, moment: Moment) -> Iterator[float]:
    network, x = run_by_onnxruntime(data), moment.images.valid_x
    for start in range(0, len(x), TOGETHER):
        some = x[start : start + TOGETHER]
        yield largest_difference(chain, network(some), some)


def load(moment: Moment, fields: Fields, run: str, store: Checkpoints) -> Work[Answer]:
    """Read a model back and try it on this run's validation images.

    Fields: `file`, the name without its ending of a safetensors and a JSON file beside the run's checkpoints.
    """
    name = fields.text("file")
    fields.done()
    try:
        # One byte more than allowed is enough to refuse a file.
        data = store.read(run, f"{name}.safetensors", MAX_MODEL_BYTES + 1)
        read = read_model(data, store.read(run, f"{name}.json", MAX_JSON_BYTES + 1))
    except (NotKeptError, ModelFileError) as error:
        raise QuestionError(str(error)) from None
    own = moment.images
    if (read.size, read.channels, len(read.chain[-1].bias)) != (own.size, own.channels, moment.classes):
        raise QuestionError(
            f"This model takes images of {read.size} × {read.size} pixels, {read.channels} colours, gives "
            f"{len(read.chain[-1].bias)} answers: it does not fit this run's images."
        )
    right, device, together = 0, own.valid_x.device, read.together(TOGETHER)
    chain = tuple(replace(b, weight=b.weight.to(device), bias=b.bias.to(device)) for b in read.chain)
    for i, part in enumerate(logits_in_parts(chain, own.valid_x, together)):
        labels = own.valid_y[i * together : (i + 1) * together]
        right += int((part.argmax(1) == labels).sum())
        yield
    layers = [{"name": b.name, "kind": b.kind, "shape": list(b.weight.shape)} for b in read.chain]
    return {
        "layers": layers,
        "sizes": size_table(read.chain, read.size),
        "accuracy": right / len(own.valid_y),
        "images": len(own.valid_y),
    }
