"""The listings do what the page says of them: they are run, and PyTorch agrees with the arithmetic."""

import inspect
import math
import re

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from core.data.images import load
from core.lessons import l1_in_pytorch as lesson
from core.maths.models import TextbookCNN
from core.script.assemble import sections
from core.spec import PRESETS, LaneSpec, RunSpec
from core.training.run import Run

CPU = torch.device("cpu")
N_STEPS = 10


def network(size: int, fixed: bool = True) -> nn.Module:
    code = "\n".join(lesson.NETWORK)
    if fixed:
        side = size // 4
        code = code.replace("64 * 28 * 28", f"64 * {side} * {side}")
    names = {"nn": nn, "F": F}
    exec(code, names)
    return names["CNN"]()


def trained(lines: tuple[lesson.Line, ...], lane: LaneSpec) -> tuple[nn.Module, nn.Module]:
    """What a listing makes of ten batches of digits, and what the trainer makes of them."""
    run = Run(RunSpec(lanes=(lane,)), CPU)
    images, order = load(RunSpec(), CPU), torch.Generator().manual_seed(0)
    chosen = [batch for _ in range(2) for batch in torch.randperm(1157, generator=order).split(64)]
    batches = [(images.train_x[each], images.train_y[each]) for each in chosen[:N_STEPS]]
    torch.manual_seed(0)
    code = "\n".join(line.code for line in lines if line.mark != "gone")
    # A small λ and few updates: near a collapse, and after long, rounding is all one sees.
    code = code.replace("range(10)", "range(1)").replace("lam = 0.001", "lam = 1e-5")
    names = {"torch": torch, "math": math, "Tensor": torch.Tensor, "F": F, "LEARNING_RATE": 1e-3}
    names |= {"CNN": lambda: network(8), "batches": batches}
    parts = {each.title: each.code for each in sections(PRESETS["exact_zeros"])}
    helpers = [parts["Penalty"], parts["Update"]]
    exec("\n\n".join([*helpers, lesson.SHRINK]), names)
    exec(code, names)
    for _ in range(N_STEPS):
        run.advance()
    return names["model"], run.lanes[0].net


@pytest.mark.parametrize(("lines", "method"), [(lesson.RECIPE, "textbook"), (lesson.PROXIMAL, "proximal")])
def test_the_listings_train_as_the_app_does(lines, method):
    lane = PRESETS["textbook_recipe"].lanes[1].changed(method=method, strength=1e-5)
    mine, apps = trained(lines, lane)
    weights = dict(apps.named_parameters())
    zeros = {"mine": 0, "apps": 0}
    for name, w in mine.named_parameters():
        # Adam's first steps have the size η whatever the gradient's: where that is nearly 0, rounding shows.
        near = (w - weights[name]).abs() < 1e-5
        assert near.float().mean() > 0.97
        zeros["mine"] += int((w == 0).sum())
        zeros["apps"] += int((weights[name] == 0).sum())
    if method == "textbook":
        assert zeros == {"mine": 0, "apps": 0}
    else:
        assert zeros["mine"] == pytest.approx(zeros["apps"], rel=1e-2)
        assert zeros["mine"] > 100


def test_two_lines_differ_from_the_recipe():
    kept = [line.code for line in lesson.PROXIMAL if line.mark != "new"]
    assert kept == [line.code for line in lesson.RECIPE]
    assert [line.code.strip() for line in lesson.PROXIMAL if line.mark == "new"] == [
        "loss = data_loss",
        "shrink(model.parameters(), optimizer, lam)",
    ]


@pytest.mark.parametrize("expects", [*lesson.PATCHES.values(), 3136])
def test_the_walk_is_what_pytorch_does(expects):
    net = network(28, fixed=False)
    net.fc1 = nn.Linear(expects, 128)
    seen: list[tuple[int, ...]] = []
    for layer in (net.conv1, net.conv2, net.pool, net.fc1, net.fc2):
        layer.register_forward_hook(lambda _, __, out: seen.append(tuple(out.shape[1:])))
    way = lesson.walk(expects)
    batch = torch.zeros(64, 1, 28, 28)
    if way.error:
        # Some versions of PyTorch put the operation's name before it.
        with pytest.raises(RuntimeError, match=re.escape(way.error.removeprefix("RuntimeError: "))):
            net(batch)
    else:
        net(batch)
    maps = [each for each in way.shapes if each.step in ("conv1", "conv2", "pool")]
    told = [(each.channels, each.size, each.size) for each in maps]
    assert told == [shape for shape in seen if len(shape) == 3]
    assert [each.numbers for each in way.shapes if each.step in ("fc1", "fc2")] == [
        shape[0] for shape in seen if len(shape) == 1
    ]


def test_the_bug_is_the_line_that_the_app_writes_differently():
    ours = inspect.getsource(TextbookCNN)
    assert "64 * 28 * 28" in lesson.NETWORK[lesson.BUG]
    assert "64 * (size // 4) * (size // 4)" in ours
    assert set(lesson.REPLIES) == {i for i, line in enumerate(lesson.NETWORK) if line}
    assert [reply.startswith("Yes") for reply in lesson.REPLIES.values()].count(True) == 1
    assert lesson.REPLIES[lesson.BUG].startswith("Yes")


@pytest.mark.parametrize(("size", "channels"), [(28, 1), (8, 1), (32, 3)])
def test_the_counts_are_those_of_the_network(size, channels):
    net = TextbookCNN(size, channels)
    for each in lesson.counts(size, channels):
        layer = net.get_submodule(each.layer)
        assert (each.weights, each.biases) == (layer.weight.numel(), layer.bias.numel())


def test_the_textbooks_network_by_hand():
    counts = lesson.counts()
    assert sum(each.weights + each.biases for each in counts) == 421_642
    assert sum(each.biases for each in counts) == 32 + 64 + 128 + 10 == 234
