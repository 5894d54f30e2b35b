"""Exact zeros by what made them: in words, as a bar, as a curve, and on canvases."""

import base64

import pytest
import torch

from core.inspect import packing
from core.snapshots import Zeros
from core.training.reach import Unreached
from core.words import zeros_text
from tests.browser_modules.runs import SPEC, point, update

NBSP = "\u00a0"


@pytest.mark.parametrize(
    "zeros",
    [Zeros(510, 300, 0), Zeros(510, 300, 110), Zeros(300, 300, 0), Zeros(0, 0, 0), Zeros(9, None, None)],
)
@pytest.mark.parametrize("by_size", [False, True])
def test_both_sides_tell_the_kinds_alike(modules, zeros, by_size):
    sent = {"zeros": zeros.all, "idle": zeros.idle, "cut_off": zeros.cut_off, "by_size": by_size}
    told = modules.call("shared/zeros.js", "kindsText", sent, 1000)
    assert told.replace(NBSP, " ") == zeros_text(zeros.by_kind, 1000, by_size)


BAR = """async (layer) => {
  const { ZerosBar, ZerosLine } = await import("/shared/zeros.js");
  const [bar, line] = [new ZerosBar(), new ZerosLine()];
  for (const part of [bar, line]) part.draw(layer);
  const widths = Object.entries(bar.parts).map(([kind, { style }]) => [kind, style.width]);
  return [Object.fromEntries(widths), line.node.textContent];
}"""


def test_a_bar_has_a_part_for_each_kind_or_one_where_nobody_knows(modules):
    widths, line = modules.run(BAR, {"weights": 200, "zeros": 100, "idle": 60, "cut_off": 10})
    assert widths == {"selected": "15%", "cut_off": "5%", "idle": "30%", "unknown": "0%"}
    assert line.replace(NBSP, " ") == "15 %selected5 %cut off30 %idle"
    widths, line = modules.run(BAR, {"weights": 200, "zeros": 100})
    assert widths == {"selected": "0%", "cut_off": "0%", "idle": "0%", "unknown": "50%"}
    assert "%" not in line


CHART = """async ([spec, updates]) => {
  const { History } = await import("/live/history.js");
  const { zerosChart } = await import("/live/timecharts.js");
  const history = new History("r", spec);
  for (const update of updates) history.apply(update);
  const look = { layers: { fc1: "red" }, muted: "grey", reference: "grey" };
  const now = { own: history.pointAt(history.yours, null), other: history.pointAt(0, null) };
  const model = { history, look, layers: ["fc1"], dotted: [], symbols: { fc1: "circle" },
    sizes: { fc1: 200 }, now, ui: {}, at: null };
  const { traces, layout, label } = zerosChart(model);
  return [traces.map(({ name, y }) => [name, y]), layout.yaxis.title.text, label];
}"""


def moment(step, zeros, **kinds):
    return [point(step, lane) | {"zeros": {"fc1": zeros * lane}, **kinds} for lane in (0, 1)]


def test_the_curve_is_of_selected_zeros_and_all_stand_thin_beside_it(modules):
    told = moment(20, 100, idle={"fc1": 60}, cut_off={"fc1": 10})
    traces, axis, label = modules.run(CHART, [SPEC, [update(points=moment(0, 0) + told)]])
    assert [[name, y] for name, y in traces if "λ = 0" not in name] == [
        ["fc1", [None, 15]],
        ["fc1, all", [0, 50]],
        ["all zeros", []],
    ]
    assert axis == "exact zeros, selected (%)"
    assert label.replace(NBSP, " ").endswith("fc1 50 % (15 % selected, 5 % cut off, 30 % idle).")


def test_of_a_run_that_did_not_note_kinds_all_zeros_are_drawn_and_not_called_selected(modules):
    traces, axis, label = modules.run(CHART, [SPEC, [update(points=moment(0, 0) + moment(20, 100))]])
    assert [[name, y] for name, y in traces if "λ = 0" not in name] == [["fc1", [0, 50]]]
    assert axis == "exact zeros (%)"
    assert "selected" not in label


def test_of_a_pruned_lane_it_says_that_size_selected_the_zeros(modules):
    told = moment(20, 100, idle={"fc1": 60}, cut_off={"fc1": 0})
    pruned = SPEC | {"lanes": [SPEC["lanes"][0], SPEC["lanes"][1] | {"prune": 0.9}]}
    *_, label = modules.run(CHART, [pruned, [update(points=told)]])
    assert "20 % selected (by size), 30 % idle" in label.replace(NBSP, " ")


KERNELS = """async (frame) => {
  const { Kernels } = await import("/weights/kernels.js");
  const kernels = new Kernels();
  document.body.append(kernels.node);
  const look = { layers: {}, neutral: "#ffffff", positive: "#00ff00", negative: "#ff00ff" };
  const network = { model: "small_cnn", dataset: "digits" };
  kernels.draw({ frame, layer: "conv1", network, look });
  const keys = [...kernels.node.querySelectorAll(".lv-key")].filter(({ hidden }) => !hidden);
  return [keys.map((key) => key.textContent).slice(1, -1), kernels.drawn[2].kinds];
}"""


@pytest.mark.parametrize(
    ("idle", "sent", "legend", "kinds"),
    [
        (1, "0010", ["zero: selected", "cut off", "idle"], [0, 0, 1, 0]),
        (1, "", ["exactly 0"], []),
        (None, "", ["exactly 0"], []),
    ],
)
def test_kernels_are_hatched_by_kind_where_the_feed_tells_it(modules, idle, sent, legend, kinds):
    layer = {
        "weights": 4,
        "zeros": 2,
        "idle": idle,
        "cut_off": idle and 0,
        "limit": 1.0,
        "dead": 0,
        "units": 1,
    }
    frame = {"step": 3, "kernels": [[0.5, 0, 0, 1]], "layers": {"conv1": layer}, "kernel_kinds": sent}
    assert modules.run(KERNELS, frame) == [legend, kinds]


def test_kinds_come_out_as_they_went_in(modules):
    weight = torch.tensor([[0.0, 1.0, 0.0, 0.0, 0.0]])
    never = torch.tensor([[True, True, False, False, True]])
    no_longer = torch.tensor([[False, False, True, False, False]])
    sent = packing.kinds(weight, Unreached(never, no_longer))
    script = """async ([data, n]) => {
      const { unpackedKinds } = await import("/inside/unpack.js");
      return [...unpackedKinds(data, n)];
    }"""
    assert len(base64.b64decode(sent["data"])) == 2
    assert modules.run(script, [sent["data"], 5]) == [1, 0, 2, 0, 1]


@pytest.mark.parametrize(
    ("shape", "channels", "inputs", "places"),
    [
        ([10, 4], 1, [1], [False, True, False, False]),
        # Of two channels, four places each: both are 0 at place 3 only.
        ([5, 8], 2, [0, 3, 7], [False, False, False, True]),
        ([5, 8], 2, [0, 3], None),
        ([5, 8], 0, [0, 3, 7], None),
        ([5, 4], 1, [], None),
    ],
)
def test_dark_places_are_those_that_are_0_in_every_channel(modules, shape, channels, inputs, places):
    assert modules.call("inside/idle.js", "placesOf", shape, channels, inputs) == places


def test_units_and_pixels_that_nothing_ever_pulled_on_are_named(modules):
    kinds = {"idle": 9, "cut_off": 0, "data": "", "units": [3, 7], "inputs": [0, 2]}
    layer = {"shape": [10, 4], "kinds": kinds, "alone": True, "channels": 1}
    assert modules.call("inside/idle.js", "idleText", layer, "fc1") == (
        "Reached by no image so far: 2 of 10 units silent: 3, 7; 2 of 4 pixels always without ink, dotted "
        "at the left."
    )
    assert modules.call("inside/idle.js", "idleText", layer | {"kinds": None}, "fc1") == ""


SHADES = """async (kind) => {
  const { hatch } = await import("/shared/mosaic.js");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [24, 24];
  const pen = canvas.getContext("2d");
  hatch(pen, 0, 0, 24, { background: "#ffffff", hatch: "#000000" }, kind);
  return [...pen.getImageData(0, 0, 24, 24).data].filter((_, i) => i % 4 === 0);
}"""


def test_the_three_kinds_differ_in_form_not_in_colour_alone(modules):
    shades = [torch.tensor(modules.run(SHADES, kind)).reshape(24, 24) for kind in (0, 1, 2)]
    for drawn in shades:
        assert (drawn < 128).any()
        assert (drawn > 128).any()
    hatched, dotted, striped = ((drawn < 128).float() for drawn in shades)
    # Stripes stand upright: a column is all or none of it. Dots leave whole rows free, and hatching none.
    assert all(column.unique().numel() == 1 for column in striped.T)
    assert (dotted.sum(1) == 0).any()
    assert not (hatched.sum(1) == 0).any()
    assert not torch.equal(hatched, striped)
