"""A smaller model, asked for: equality, sizes and files of a lane that trained."""

import json

import pytest
import torch

from core.checkpoints import Checkpoints
from core.training.inspect.moment import QuestionError, from_file, live, spec_in, to_file
from core.training.onnx_export import run_by_onnxruntime
from tests.core.training.networks import KINDS, network


def n_zeros(net):
    return sum(int((w == 0).sum()) for w in net.parameters() if w.ndim >= 2)


def test_the_compact_lane_is_proven_equal_on_all_test_images(lab):
    answer = lab.ask("compact", lane=1)
    assert answer["images"] == 360
    assert answer["largest_difference"] <= 1e-4 * answer["largest_logit"]
    assert answer["accuracies"][0] == answer["accuracies"][1] == lab.ask("confusion", lane=1)["accuracy"]
    assert answer["parameters"][0] == sum(each.numel() for each in lab.net(1).parameters())
    assert answer["parameters"][1] < answer["parameters"][0]
    assert [len(units) for units in answer["kept"].values()] == [each["left"] for each in answer["layers"]]


def test_the_sizes_are_of_the_whole_and_of_the_compact_lane(lab):
    answer, compact = lab.ask("sizes", lane=1), lab.ask("compact", lane=1)
    assert [answer[name]["parameters"] for name in ("full", "compact")] == compact["parameters"]
    assert answer["full"]["zeros"] == n_zeros(lab.net(1))
    assert answer["full"]["dense"] == 4 * compact["parameters"][0]


def test_pruning_to_equal_zeros_is_a_fair_rival(lab):
    answer = lab.ask("prune", lane=0, like=1)
    assert answer["zeros"] == n_zeros(lab.net(1))
    assert lab.ask("prune", lane=0, zeros=1000)["zeros"] == 1000
    assert lab.ask("prune", lane=0, epsilon=0.0)["largest_difference"] < 1e-5
    everything = lab.ask("prune", lane=0, epsilon=1e6)
    assert everything["zeros"] == everything["weights"]
    assert n_zeros(lab.net(0)) == 0


def test_latency_has_a_row_for_each_network_and_batch(lab):
    rows = lab.ask("latency", lane=1)["milliseconds"]
    assert [(row["network"], row["batch"]) for row in rows] == [
        (name, batch) for batch in (1, 256) for name in ("dense", "csr", "compact")
    ]
    assert all(0 < row["low"] <= row["median"] <= row["high"] for row in rows)


@pytest.mark.parametrize("which", ["full", "compact"])
def test_an_export_is_read_back_as_the_same_network(lab, which):
    files = lab.ask("export", lane=1, which=which, format="safetensors")["files"]
    assert set(files) == {"safetensors", "json"}
    notes = json.loads(lab.store.read("r", files["json"]))["notes"]
    assert (notes["lane"], notes["step"], notes["which"]) == (1, 30, which)
    assert notes["spec"] == json.loads(lab.experiment.spec.to_json())
    read = lab.ask("load", file=files["json"].removesuffix(".json"))
    assert read["accuracy"] == lab.ask("confusion", lane=1)["accuracy"]
    assert read["sizes"] == lab.ask("sizes", lane=1)[which]


@pytest.mark.parametrize("which", ["full", "compact"])
def test_an_onnx_export_gives_the_logits_of_the_lane(lab, which):
    answer = lab.ask("export", lane=1, which=which, format="onnx")
    x = lab.experiment.images.test_x[:9]
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


def test_a_file_of_weights_gives_the_moment_back(lab, tmp_path):
    moment = live(lab.experiment)
    data = to_file(moment.spec, moment.step, moment.nets)
    path = tmp_path / "weights"
    path.write_bytes(data)
    assert spec_in(str(path)) == (moment.spec, 30)
    read = from_file(data, moment.spec, 30, moment.images)
    for mine, theirs in zip(moment.nets, read.nets, strict=True):
        for name, value in mine.state_dict().items():
            assert torch.equal(value, theirs.state_dict()[name])
    assert read.experiment is None


@pytest.mark.parametrize("kind", KINDS)
def test_so_it_does_for_every_network(lab, kind):
    spec = lab.experiment.spec.model_copy(update={"model": kind})
    nets = [network(kind, 0.5, seed) for seed in (1, 2)]
    read = from_file(to_file(spec, 0, nets), spec, 0, lab.experiment.images)
    x = lab.experiment.images.test_x[:5]
    for mine, theirs in zip(nets, read.nets, strict=True):
        with torch.no_grad():
            assert torch.equal(mine(x), theirs(x))


def test_a_damaged_file_of_weights_is_one_sentence(lab, tmp_path):
    data = to_file(lab.experiment.spec, 1, [lane.net for lane in lab.experiment.lanes])
    for bad in (b"", b"nonsense", data[:200], data[:-100]):
        (tmp_path / "bad").write_bytes(bad)
        with pytest.raises(QuestionError, match="cannot be read"):
            spec_in(str(tmp_path / "bad"))
        with pytest.raises(QuestionError, match="cannot be read"):
            from_file(bad, lab.experiment.spec, 1, lab.experiment.images)
    other = lab.experiment.spec.model_copy(update={"model": "small_cnn"})
    with pytest.raises(QuestionError, match="cannot be read"):
        from_file(data, other, 1, lab.experiment.images)
