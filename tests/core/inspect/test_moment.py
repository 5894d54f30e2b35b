"""A moment from a file of weights is the moment they were kept at."""

import pytest
import torch

from core.inspect.moment import QuestionError, from_file, live, spec_in, to_file
from tests.core.networks import KINDS, network


def test_a_file_of_weights_gives_the_moment_back(lab, tmp_path):
    moment = live(lab.run)
    data = to_file(moment.spec, moment.step, moment.nets)
    path = tmp_path / "weights"
    path.write_bytes(data)
    assert spec_in(str(path)) == (moment.spec, 30)
    read = from_file(data, moment.spec, 30, moment.images)
    for mine, theirs in zip(moment.nets, read.nets, strict=True):
        for name, value in mine.state_dict().items():
            assert torch.equal(value, theirs.state_dict()[name])
    assert read.run is None


def test_it_says_what_the_data_do_not_reach_where_that_was_noted(lab):
    moment = live(lab.run)
    reaches = [lane.reach for lane in lab.run.lanes]
    read = from_file(to_file(moment.spec, 30, moment.nets, reaches), moment.spec, 30, moment.images)
    for mine, theirs in zip(moment.unreached, read.unreached, strict=True):
        assert list(mine) == list(theirs) == ["conv1", "conv2", "fc1", "fc2"]
        assert bool(mine["fc1"].never.any())
        for layer, each in mine.items():
            assert torch.equal(each.never, theirs[layer].never)
            assert torch.equal(each.no_longer, theirs[layer].no_longer)
    silent = from_file(to_file(moment.spec, 30, moment.nets), moment.spec, 30, moment.images)
    assert silent.unreached == ({}, {})


@pytest.mark.parametrize("kind", KINDS)
def test_so_it_does_for_every_network(lab, kind):
    spec = lab.run.spec.model_copy(update={"model": kind})
    nets = [network(kind, 0.5, seed) for seed in (1, 2)]
    read = from_file(to_file(spec, 0, nets), spec, 0, lab.run.images)
    x = lab.run.images.valid_x[:5]
    for mine, theirs in zip(nets, read.nets, strict=True):
        with torch.no_grad():
            assert torch.equal(mine(x), theirs(x))


def test_a_damaged_file_of_weights_is_one_sentence(lab, tmp_path):
    data = to_file(lab.run.spec, 1, [lane.net for lane in lab.run.lanes])
    for bad in (b"", b"nonsense", data[:200], data[:-100]):
        (tmp_path / "bad").write_bytes(bad)
        with pytest.raises(QuestionError, match="cannot be read"):
            spec_in(str(tmp_path / "bad"))
        with pytest.raises(QuestionError, match="cannot be read"):
            from_file(bad, lab.run.spec, 1, lab.run.images)
    other = lab.run.spec.model_copy(update={"model": "small_cnn"})
    with pytest.raises(QuestionError, match="cannot be read"):
        from_file(data, other, 1, lab.run.images)
