"""Files of a lane: read back as the same network, or refused in one sentence."""

import json

import pytest
import torch

from core.checkpoints import Checkpoints
from core.inspect import errors
from core.inspect.moment import QuestionError
from core.smaller.blocks import Block
from core.smaller.model_files import MAX_LAYER_BYTES, MAX_TOGETHER, description, numbers
from core.smaller.onnx_export import run_by_onnxruntime


@pytest.mark.parametrize("which", ["full", "compact"])
def test_an_export_is_read_back_as_the_same_network(lab, which):
    files = lab.ask("export", lane=1, which=which, format="safetensors")["files"]
    assert set(files) == {"safetensors", "json"}
    notes = json.loads(lab.store.read("r", files["json"]))["notes"]
    assert (notes["lane"], notes["step"], notes["which"]) == (1, 30, which)
    assert notes["spec"] == json.loads(lab.run.spec.to_json())
    read = lab.ask("load", file=files["json"].removesuffix(".json"))
    assert read["accuracy"] == lab.ask("confusion", lane=1)["accuracy"]
    assert read["images"] == 258
    assert read["sizes"] == lab.ask("sizes", lane=1)[which]


@pytest.mark.parametrize("which", ["full", "compact"])
def test_an_onnx_export_gives_the_logits_of_the_lane(lab, which):
    answer = lab.ask("export", lane=1, which=which, format="onnx")
    x = lab.run.images.valid_x[:9]
    with torch.no_grad():
        expected = lab.net(1)(x)
    said = run_by_onnxruntime(lab.store.read("r", answer["files"]["onnx"]))(x)
    assert torch.allclose(said, expected, atol=1e-3)
    assert answer["largest_difference"] <= 1e-3


def test_what_cannot_be_kept_or_loaded_is_one_sentence(own):
    for name in ("nothing", "../../etc/passwd", "x" * 101, 3):
        with pytest.raises(QuestionError, match=r"\.$"):
            own.ask("load", file=name)
    own.store.keep("r", "bad.safetensors", b"\x80\x04pickle")
    own.store.keep("r", "bad.json", b"{}")
    with pytest.raises(QuestionError, match="does not describe"):
        own.ask("load", file="bad")
    own.store = Checkpoints(own.store.folder, 10)
    with pytest.raises(QuestionError, match="more than all checkpoints may"):
        own.ask("export", lane=0, which="full", format="safetensors")


def chain(*shapes):
    """A network of zeros: a shape of four is a convolution's."""
    blocks = enumerate((torch.zeros(shape), torch.zeros(shape[0])) for shape in shapes)
    return [Block(f"l{i}", "conv" if w.ndim == 4 else "linear", w, bias) for i, (w, bias) in blocks]


@pytest.mark.parametrize(
    ("shapes", "bytes_", "products"),
    [
        # 0.24 MB of weights; all validation images at once would take 1.3 GB.
        ([(20_000, 1, 1, 1), (1, 20_000, 1, 1), (10, 4)], 4 * 64 * 20_001, 64 * 20_000 + 16 * 20_000 + 40),
        # 4.7 MB of weights; all validation images at once would take 5 thousand million multiplications.
        ([(120, 1, 7, 7), (200, 120, 7, 7), (10, 800)], 4 * 64 * 121, 64 * 5880 + 16 * 200 * 5880 + 8000),
    ],
)
def test_a_file_that_is_wide_or_long_is_looked_at_a_few_images_a_piece(
    own, monkeypatch, shapes, bytes_, products
):
    looked, answers = [], errors.answers
    monkeypatch.setattr(errors, "answers", lambda c, x: looked.append(len(x)) or answers(c, x))
    network = chain(*shapes)
    own.store.keep("r", "odd.safetensors", numbers(network))
    own.store.keep("r", "odd.json", description(network, 8, 1, {}))
    assert 0.0 <= own.ask("load", file="odd")["accuracy"] < 0.3
    assert sum(looked) == len(own.run.images.valid_y)
    assert 1 < max(looked) < 256
    assert max(looked) * bytes_ <= MAX_LAYER_BYTES
    assert max(looked) * products <= MAX_TOGETHER
