"""Colours, elements, legends, squares: what all views share."""

import pytest

from core.figures.theme import PALETTES


@pytest.mark.parametrize(
    ("share", "colour"), [(0, "rgb(0,16,255)"), (1, "rgb(255,16,0)"), (0.2, "rgb(51,16,204)")]
)
def test_a_colour_on_the_way_to_another(modules, share, colour):
    assert modules.call("shared/look.js", "mix", "#0010FF", "#FF1000", share) == colour


def test_a_colour_with_an_opacity(modules):
    assert modules.call("shared/look.js", "fade", "#0010FF", 0.3) == "rgba(0,16,255,0.3)"
    assert modules.call("shared/look.js", "channels", "#0010ff") == [0, 16, 255]


@pytest.mark.parametrize("theme", PALETTES)
def test_the_theme_is_told_by_the_background_and_worn_as_variables(modules, theme):
    script = """async ([background, palettes]) => {
      const { lookOf, wear } = await import("/shared/look.js");
      const [outer, inner] = [document.createElement("div"), document.createElement("div")];
      outer.style.background = background;
      outer.append(inner);
      document.body.append(outer);
      const look = lookOf(inner, palettes);
      wear(inner, look);
      const worn = (name) => inner.style.getPropertyValue(`--sl-${name}`);
      return [look.name, inner.dataset.theme, worn("ink"), worn("data-loss"), worn("conv1")];
    }"""
    palettes = {name: palette.model_dump() for name, palette in PALETTES.items()}
    mine = palettes[theme]
    wanted = [theme, theme, mine["ink"], mine["data_loss"], mine["layers"]["conv1"]]
    assert modules.run(script, [mine["background"], palettes]) == wanted


def test_an_element_has_attributes_listeners_and_children(modules):
    script = """async () => {
      const { el } = await import("/shared/dom.js");
      const heard = [];
      const node = el("button", { type: "button", hidden: true, title: null, disabled: false, tabindex: 0,
        onclick: () => heard.push("click") }, "a", null, el("i", {}, "b"), undefined);
      node.click();
      return [node.outerHTML, heard];
    }"""
    html = '<button type="button" hidden="" tabindex="0">a<i>b</i></button>'
    assert modules.run(script) == [html, ["click"]]


def test_what_is_the_same_is_not_written_again(modules):
    script = """async () => {
      const { setText, setAttribute } = await import("/shared/dom.js");
      const node = document.createElement("p");
      const seen = [];
      const watch = new MutationObserver(() => {});
      watch.observe(node, { attributes: true, childList: true, characterData: true, subtree: true });
      for (const [text, value] of [["a", 1], ["a", 1], ["b", true], ["b", null], ["b", undefined]]) {
        setText(node, text);
        setAttribute(node, "data-x", value);
        seen.push([watch.takeRecords().length, node.getAttribute("data-x")]);
      }
      return seen;
    }"""
    assert modules.run(script) == [[2, "1"], [0, "1"], [2, "true"], [1, None], [0, None]]


def test_of_a_row_of_choices_one_holds_and_a_change_is_told(modules):
    script = """async () => {
      const { segmented } = await import("/shared/dom.js");
      const told = [];
      const row = { group: "g", label: "Axis", options: [["lin", "linear"], ["log", "log"]], value: "log" };
      const node = segmented({ ...row, onChange: (value) => told.push(value) });
      document.body.append(node);
      const inputs = [...node.querySelectorAll("input")];
      const before = inputs.map((input) => input.checked);
      inputs[0].click();
      return [before, inputs.map((input) => input.checked), told, node.getAttribute("aria-label")];
    }"""
    assert modules.run(script) == [[False, True], [True, False], ["lin"], "Axis"]


def test_a_choice_is_kept_and_drawn(modules):
    script = """async () => {
      const { chooser } = await import("/shared/dom.js");
      const ui = { scale: "log" };
      let drawn = 0;
      const choose = chooser({ key: "k", ui, redraw: () => (drawn += 1) });
      const node = choose("scale", "Axis", [["lin", "linear"], ["log", "log"]]);
      document.body.append(node);
      node.querySelector("[value=lin]").click();
      return [ui.scale, drawn, node.querySelector("input").name];
    }"""
    assert modules.run(script) == ["lin", 1, "k-scale"]


def test_a_panel_takes_another_title(modules):
    script = """async () => {
      const { panel } = await import("/shared/dom.js");
      const one = panel("Kernels", { name: "kernels", unit: "of conv1", body: [] });
      const read = () => [one.node.querySelector("h2").textContent, one.node.getAttribute("aria-label")];
      const before = read();
      one.retitle("Weights", "of fc1");
      return [before, read()];
    }"""
    assert modules.run(script) == [["Kernels of conv1", "Kernels"], ["Weights of fc1", "Weights"]]


LEGEND = """async ([traces, presses]) => {
  const { Legend } = await import("/shared/legend.js");
  let changes = 0;
  const legend = new Legend({ onChange: () => (changes += 1) });
  document.body.append(legend.node);
  legend.apply(traces);
  for (const name of presses) legend.node.querySelector(`[data-series="${name}"]`).click();
  const shown = legend.apply(traces).map((trace) => trace.visible);
  const said = (node) => [node.textContent, node.getAttribute("aria-pressed")];
  const buttons = [...legend.lines.children].map(said);
  return { shown, buttons, changes };
}"""
TRACES = [
    {"type": "scatter", "name": "total", "line": {"color": "#000", "width": 2}},
    {"type": "bar", "name": "yours", "marker": {"color": "#123"}},
    {
        "type": "bar",
        "name": "zero, yours",
        "legendgroup": "yours",
        "showlegend": False,
        "marker": {"color": "#123"},
    },
]


def test_a_legend_has_a_button_for_each_named_trace(modules):
    found = modules.run(LEGEND, [TRACES, []])
    assert found == {"shown": [True] * 3, "buttons": [["total", "true"], ["yours", "true"]], "changes": 0}


def test_a_press_hides_a_trace_with_its_group_and_another_brings_it_back(modules):
    found = modules.run(LEGEND, [TRACES, ["yours"]])
    assert (found["shown"], found["buttons"][1][1], found["changes"]) == ([True, False, False], "false", 1)
    assert modules.run(LEGEND, [TRACES, ["yours", "yours"]])["shown"] == [True] * 3


def test_a_legend_shows_the_way_out_of_a_zoom(modules):
    script = """async () => {
      const { Legend } = await import("/shared/legend.js");
      const legend = new Legend({ onChange: () => {} });
      let resets = 0;
      legend.onReset = () => (resets += 1);
      const before = legend.reset.hidden;
      legend.showReset(true);
      legend.reset.click();
      return [before, legend.reset.hidden, resets];
    }"""
    assert modules.run(script) == [True, False, 1]


@pytest.mark.parametrize(
    ("trace", "marks"),
    [
        (
            {"type": "scatter", "line": {"color": "red", "width": 2.2, "dash": "dash"}},
            [("M0 6h20", {"stroke": "red", "stroke-width": 2.2, "stroke-dasharray": "6 4"})],
        ),
        (
            {"type": "scatter", "line": {"color": "red", "width": 0.5, "dash": "dashdot"}},
            [("M0 6h20", {"stroke-width": 2, "stroke-dasharray": "7 2.5 2 2.5"})],
        ),
        (
            {"type": "scatter", "fill": "tozeroy", "fillcolor": "pink", "line": {"color": "red", "width": 1}},
            [(None, {"fill": "pink", "stroke": "red"})],
        ),
        (
            {"type": "bar", "marker": {"color": "blue"}, "opacity": 0.6},
            [(None, {"fill": "blue", "stroke": "none", "opacity": 0.6})],
        ),
        (
            {"type": "bar", "marker": {"color": "grey", "pattern": {"shape": "/", "fgcolor": "black"}}},
            [
                (None, {"fill": "grey"}),
                ("M1 6l5 -5M1 11l10 -10M6 11l10 -10M11 11l8 -8M16 11l3 -3", {"stroke": "black"}),
            ],
        ),
        (
            {"type": "scatter", "mode": "markers", "marker": {"color": "blue", "symbol": "square-open"}},
            [("M6 2h8v8h-8Z", {"fill": "none", "stroke": "blue"})],
        ),
        (
            {
                "type": "scatter",
                "mode": "lines+markers",
                "line": {"color": "red"},
                "marker": {"symbol": "diamond"},
            },
            [
                ("M0 6h20", {"stroke-dasharray": "none"}),
                ("M10 .8l5.2 5.2l-5.2 5.2l-5.2 -5.2Z", {"fill": "red"}),
            ],
        ),
    ],
)
def test_a_mark_looks_like_its_trace(modules, trace, marks):
    found = modules.call("shared/legend.js", "markOf", trace)
    assert [looks.get("d") for _, looks in found] == [path for path, _ in marks]
    for (_, looks), (_, wanted) in zip(found, marks, strict=True):
        assert {name: looks[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("n", "convolution", "shape"),
    [
        (9, True, {"planes": 1, "side": 3, "columns": 8}),
        (27, True, {"planes": 3, "side": 3, "columns": 4}),
        (64, False, {"planes": 1, "side": 8, "columns": 5}),
        (3072, False, {"planes": 3, "side": 32, "columns": 5}),
    ],
)
def test_a_unit_is_one_square_or_three(modules, n, convolution, shape):
    assert modules.call("shared/mosaic.js", "shapeOf", [0.5] * n, convolution) == shape


def test_an_empty_place_is_as_large_as_the_smallest_unit(modules):
    assert modules.call("shared/mosaic.js", "shapeOf", None, True)["side"] == 3
    assert modules.call("shared/mosaic.js", "shapeOf", None, False)["side"] == 8


def test_a_mosaic_tells_sign_size_and_exact_zeros(modules):
    script = """async (look) => {
      const { drawMosaic } = await import("/shared/mosaic.js");
      const room = document.createElement("div");
      Object.assign(room.style, { width: "120px", height: "120px" });
      const canvas = document.createElement("canvas");
      room.append(canvas);
      document.body.append(room);
      drawMosaic(canvas, [[1, -1, 0, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2]], { limit: 1, look, convolution: true });
      const pen = canvas.getContext("2d");
      const cell = canvas.width / 3.5;
      const at = (column) => [...pen.getImageData(cell * (column + 0.75), cell * 0.5, 1, 1).data].slice(0, 3);
      return [at(0), at(1)];
    }"""
    look = PALETTES["light"].model_dump()
    colours = [[int(look[name][i : i + 2], 16) for i in (1, 3, 5)] for name in ("positive", "negative")]
    assert modules.run(script, look) == colours


def test_a_negative_weight_has_a_sign_for_those_who_print_in_grey(modules):
    script = """async (look) => {
      const { drawMosaic } = await import("/shared/mosaic.js");
      const room = document.createElement("div");
      Object.assign(room.style, { width: "120px", height: "120px" });
      const canvas = document.createElement("canvas");
      room.append(canvas);
      document.body.append(room);
      drawMosaic(canvas, [[1, -1, -0.1, 1, 1, 1, 1, 1, 1]], { limit: 1, look, convolution: true });
      const pen = canvas.getContext("2d");
      const cell = canvas.width / 3.5;
      const pixel = (x, y) => String(pen.getImageData(cell * x, cell * y, 1, 1).data);
      const at = (column, row) => pixel(column + 0.75, row + 0.25);
      return [0, 1, 2].map((column) => at(column, 0.5) !== at(column, 0.2));
    }"""
    assert modules.run(script, PALETTES["light"].model_dump()) == [False, True, True]
