/* Where the parts of the λ path stand. */

import { el, panel, retitle, segmented, setAttribute, setText } from "../shared/dom.js";
import { Legend } from "../shared/legend.js";
import { count, percent } from "../shared/format.js";
import { Kernels } from "../live/kernels.js";
import { LayerChoice } from "../live/layerchoice.js";
import { Numbers } from "../figure/numbers.js";
import { Saving } from "../figure/saving.js";

const ACROSS = [["zeros", "exact zeros"], ["left", "weights left (log)"]];
const DOWN = [["all", "all"], ["near", "near λ = 0"]];
const LOOKS = [["inside_the_network", "Look inside it"], ["smaller_model", "Make it smaller"]];
const SCALES = [["linear", "linear"], ["log", "log"]];

/** All parts, empty: {root, charts, draw(model)}. */
export function build({ key, ui, redraw, onMove, onOpen, onLook, picture }) {
  const choose = (field, label, options) =>
    segmented({
      group: `${key}-${field}`, label, options, value: ui[field],
      onChange: (value) => {
        ui[field] = value;
        redraw();
      },
    }).node;
  const charts = { accuracy: chart("accuracy", redraw), histogram: chart("histogram", redraw) };
  charts.accuracy.ring = el("i", { class: "path-ring", hidden: true, "aria-hidden": "true" });
  const slider = new Slider({ onMove, onOpen, onLook });
  const layer = new LayerChoice({ group: `${key}-layer`, ui, redraw });
  const kernels = new Kernels({ ui });
  const cards = new Layers();
  const numbers = new Numbers({ onOpen: redraw });
  for (const [name, each] of Object.entries(charts)) {
    each.saving = new Saving({ key: `path_${name}`, picture: () => picture(name) });
  }
  const foot = (...parts) => el("div", { class: "fig-foot" }, ...parts);
  const root = el(
    "div", { class: "lv path", "data-testid": "lambda-path" },
    el(
      "div", { class: "lv-grid path-grid" },
      panel("Accuracy against exact zeros", {
        name: "path",
        body: [
          charts.accuracy.legend.node,
          el("div", { class: "path-plot" }, charts.accuracy.node, charts.accuracy.ring),
          slider.node, cards.node, foot(numbers.node, charts.accuracy.saving.node),
        ],
        controls: [choose("across", "Across", ACROSS), choose("down", "Score axis", DOWN)],
      }),
      panel("Weights", {
        name: "histogram", body: [charts.histogram.legend.node, charts.histogram.node, foot(charts.histogram.saving.node)],
        controls: [layer.node, choose("histogramScale", "Count axis", SCALES)],
      }),
      panel("Kernels", { name: "kernels", unit: "of conv1", body: [kernels.node] }),
    ),
  );
  const draw = (model) => {
    retitle(charts.accuracy.node.closest(".lv-panel"), model.data.title);
    for (const part of [slider, layer, kernels, cards]) part.draw(model);
    numbers.draw(model.data.table);
  };
  return { root, charts, draw };
}

function chart(name, redraw) {
  const node = el("div", { class: "lv-plot", role: "img", "data-chart": name, "aria-label": name });
  return { node, legend: new Legend({ onChange: redraw }) };
}

/* The way along the path, what stands at the λ it is on, and the way to a run of it. */
class Slider {
  constructor({ onMove, onOpen, onLook }) {
    this.input = el("input", {
      type: "range", min: 0, step: 1, class: "lv-range", "aria-label": "λ along the path",
      oninput: () => onMove(Number(this.input.value)),
    });
    this.value = el("output", { class: "path-value", "aria-hidden": "true" });
    this.words = el("p", { class: "path-words" });
    this.open = el("button", { type: "button", class: "path-open", onclick: onOpen });
    const looks = LOOKS.map(([page, text]) => el("button", { type: "button", class: "path-look", onclick: () => onLook(page) }, text));
    this.looks = el("div", { class: "path-looks", role: "group", "aria-label": "Look at this λ on another page" }, ...looks);
    this.node = el(
      "div", { class: "path-way" },
      el("div", { class: "path-slider" }, el("span", { class: "path-name", "aria-hidden": "true" }, "λ"), this.input, this.value),
      el("div", { class: "path-said" }, this.words, el("div", { class: "path-go" }, this.open, this.looks)),
    );
  }

  draw({ ui, data, trouble }) {
    const stop = data.stops[ui.chosen];
    setAttribute(this.input, "max", data.stops.length - 1);
    this.input.value = ui.chosen;
    setAttribute(this.input, "aria-valuetext", `λ = ${stop.label}`);
    this.input.style.setProperty("--lv-done", `${(100 * ui.chosen) / Math.max(1, data.stops.length - 1)}%`);
    setText(this.value, stop.label);
    setText(this.open, `Open λ = ${stop.label} as a run`);
    setAttribute(this.looks, "hidden", !data.own);
    setText(this.words, trouble || stop.summary);
  }
}

/* A bar per layer: how much of it is exactly zero, and its silent units. */
class Layers {
  constructor() {
    this.node = el("div", { class: "path-layers" });
    this.rows = {};
  }

  draw({ frames, layers }) {
    this.#follow(layers);
    for (const [name, row] of Object.entries(this.rows)) {
      const layer = frames.own?.layers[name];
      const part = layer ? layer.zeros / layer.weights : 0;
      setText(row.share, layer ? percent(part) : "–");
      setText(row.zeros, layer ? `${count(layer.zeros)} of ${count(layer.weights)} are 0; ` : "");
      setText(row.dead, layer ? `${layer.dead} of ${layer.units} ${name.startsWith("fc") ? "units" : "filters"} silent` : "");
      row.fill.style.transform = `scaleX(${part})`;
    }
  }

  #follow(layers) {
    if (String(layers) === this.shown) return;
    this.shown = String(layers);
    this.rows = Object.fromEntries(layers.map((name) => [name, layerRow(name)]));
    this.node.replaceChildren(...Object.values(this.rows).map((row) => row.node));
  }
}

function layerRow(name) {
  const row = {
    share: el("span", { class: "lv-card-share" }), zeros: el("span"), dead: el("span"),
    fill: el("span", { class: "lv-bar-fill" }),
  };
  row.node = el(
    "div", { class: "path-layer", style: `--lv-hue: var(--lv-${name})` },
    el("div", { class: "path-layer-head" }, el("h3", { class: "lv-card-name" }, name), row.share),
    el("span", { class: "lv-bar", "aria-hidden": "true" }, row.fill),
    el("p", { class: "lv-card-line" }, row.zeros, row.dead),
  );
  return row;
}
