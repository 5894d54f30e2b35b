/* Where the parts of the λ path stand. */

/** @import { Chart } from "../shared/chart.js" */
/** @import { Option, Palettes } from "../shared/types.d.ts" */
/** @import { LayerState } from "../live/types.d.ts" */
/** @import { Model, Ui } from "./types.d.ts" */

import { chooser, el, panel, setAttribute, setText } from "../shared/dom.js";
import { Legend } from "../shared/legend.js";
import { count, percent, unbroken } from "../shared/format.js";
import { ZerosBar, ZerosLegend, ZerosLine } from "../shared/zeros.js";
import { Kernels, kernelsTitle } from "../weights/kernels.js";
import { LayerChoice } from "../weights/layerchoice.js";
import { Numbers } from "../figure/numbers.js";
import { SavedChart } from "../saving/saved_chart.js";
import { Saving } from "../saving/saving.js";

/** @type {Option[]} */
const ACROSS = [["zeros", "exact zeros"], ["left", "weights left (log)"]];
/** @type {Option[]} */
const DOWN = [["all", "all"], ["near", "near λ = 0"]];
/** @type {Option[]} */
const LOOKS = [["inside_the_network", "Look inside it"], ["smaller_model", "Make it smaller"]];
/** @type {Option[]} */
const SCALES = [["linear", "linear"], ["log", "log"]];

/** @typedef {"accuracy" | "histogram"} ChartName */

/**
 * All parts, empty: what stands in the view, the charts in it, and what draws the rest.
 * @param {object} view
 * @param {string} view.key
 * @param {Ui} view.ui
 * @param {() => void} view.redraw
 * @param {(i: number) => void} view.onMove
 * @param {() => void} view.onOpen
 * @param {(page: string) => void} view.onLook
 * @param {(name: ChartName) => Chart<Model>} view.chartOf the chart of a name
 */
export function build({ key, ui, redraw, onMove, onOpen, onLook, chartOf }) {
  /** @type {Record<"across" | "down" | "histogramScale", string>} */
  const choices = ui;
  const choose = chooser({ key, ui: choices, redraw });
  /** @param {ChartName} name */
  const chart = (name) => ({
    node: el("div", { class: "sl-plot", role: "img", "data-chart": name, "aria-label": name }),
    legend: new Legend({ onChange: redraw }),
    saving: new Saving(new SavedChart(() => chartOf(name))),
  });
  const accuracy = {
    ...chart("accuracy"),
    ring: el("i", { class: "path-ring", hidden: true, "aria-hidden": "true" }),
  };
  const histogram = chart("histogram");
  const slider = new Slider({ onMove, onOpen, onLook });
  const layer = new LayerChoice({ group: `${key}-layer`, ui, redraw });
  const kernels = new Kernels();
  const layers = new Layers();
  const numbers = new Numbers({ onOpen: redraw });
  /** @param {Node[]} parts */
  const foot = (...parts) => el("div", { class: "fig-foot" }, ...parts);
  const path = panel("Accuracy against exact zeros", {
    name: "path",
    body: [
      accuracy.legend.node,
      el("div", { class: "path-plot" }, accuracy.node, accuracy.ring),
      slider.node,
      layers.node,
      foot(numbers.node, accuracy.saving.node),
    ],
    controls: [choose("across", "Across", ACROSS), choose("down", "Score axis", DOWN)],
  });
  const weights = panel("Weights", {
    name: "histogram",
    body: [histogram.legend.node, histogram.node, foot(histogram.saving.node)],
    controls: [layer.node, choose("histogramScale", "Count axis", SCALES)],
  });
  const mosaic = panel("Kernels", {
    name: "kernels",
    unit: "of conv1",
    body: [kernels.node],
    controls: [kernels.saving.node],
  });
  /** @param {Model} model @param {Palettes} palettes */
  const draw = (model, palettes) => {
    const { data: { title, table, spec }, layers: [first], frames: { own }, look } = model;
    path.retitle(title);
    for (const part of [slider, layer, layers]) part.draw(model);
    kernels.draw({ frame: own, layer: first, network: spec, look });
    kernels.saving.draw({ name: "lambda_path_kernels", palettes, sentence: kernels.sentence });
    mosaic.retitle(...kernelsTitle(first, spec));
    numbers.draw(table);
  };
  const node = el("div", { class: "sl-grid path-grid" }, path.node, weights.node, mosaic.node);
  return { node, charts: { accuracy, histogram }, draw };
}

/* The way along the path, what stands at the λ it is on, and the way to a run of it. */
class Slider {
  /** @param {{ onMove: (i: number) => void, onOpen: () => void, onLook: (page: string) => void }} parts */
  constructor({ onMove, onOpen, onLook }) {
    this.input = el("input", {
      type: "range",
      min: 0,
      step: 1,
      class: "sl-range",
      "aria-label": "λ along the path",
      oninput: () => {
        onMove(Number(this.input.value));
      },
    });
    this.value = el("output", { class: "path-value", "aria-hidden": "true" });
    this.words = el("p", { class: "path-words" });
    this.open = el("button", { type: "button", class: "path-open", onclick: onOpen });
    const looks = LOOKS.map(([page, text]) =>
      el("button", { type: "button", class: "path-look", onclick: () => onLook(page) }, text)
    );
    const group = { role: "group", "aria-label": "Look at this λ on another page" };
    this.looks = el("div", { class: "path-looks", ...group }, ...looks);
    const name = el("span", { class: "path-name", "aria-hidden": "true" }, "λ");
    this.node = el(
      "div",
      { class: "path-way" },
      el("div", { class: "path-slider" }, name, this.input, this.value),
      el("div", { class: "path-said" }, this.words, el("div", { class: "path-go" }, this.open, this.looks)),
    );
  }

  /** @param {Model} model */
  draw({ chosen, data, trouble }) {
    const { label, summary } = data.stops[chosen];
    const last = data.stops.length - 1;
    setAttribute(this.input, "max", last);
    this.input.value = String(chosen);
    setAttribute(this.input, "aria-valuetext", `λ = ${label}`);
    this.input.style.setProperty("--sl-done", `${(100 * chosen) / Math.max(1, last)}%`);
    setText(this.value, label);
    setText(this.open, `Open λ = ${label} as a run`);
    setAttribute(this.looks, "hidden", !data.own);
    setText(this.words, unbroken(trouble || summary));
  }
}

/* How much of each layer is exactly zero, and its silent units. */
class Layers {
  shown = "";
  /** @type {LayerBar[]} */
  bars = [];

  constructor() {
    this.rows = el("div", { class: "path-layers" });
    this.legend = new ZerosLegend();
    this.whose = el("p", { class: "sl-card-line path-whose" });
    this.node = el("div", {}, this.whose, this.rows, this.legend.node);
  }

  /** @param {Model} model */
  draw({ frames, layers, data }) {
    this.legend.draw(data.zeros);
    setText(this.whose, data.whose);
    setAttribute(this.whose, "hidden", data.whose ? null : true);
    if (String(layers) !== this.shown) {
      this.shown = String(layers);
      this.bars = layers.map((name) => new LayerBar(name));
      this.rows.replaceChildren(...this.bars.map(({ node }) => node));
    }
    for (const bar of this.bars) bar.draw(frames.own?.layers[bar.name]);
  }
}

class LayerBar {
  /** @param {string} name of the layer */
  constructor(name) {
    this.name = name;
    this.share = el("span", { class: "sl-card-share" });
    this.zeros = el("span");
    this.dead = el("span");
    this.kinds = new ZerosLine();
    this.bar = new ZerosBar();
    this.node = el(
      "div",
      { class: "path-layer", style: `--sl-hue: var(--sl-${name})` },
      el("div", { class: "path-layer-head" }, el("h3", { class: "sl-card-name" }, name), this.share),
      this.bar.node,
      this.kinds.node,
      el("p", { class: "sl-card-line" }, this.zeros, this.dead),
    );
  }

  /** @param {LayerState | undefined} layer */
  draw(layer) {
    const part = layer ? layer.zeros / layer.weights : 0;
    const units = this.name.startsWith("fc") ? "units" : "filters";
    setText(this.share, layer ? percent(part) : "–");
    setText(this.zeros, layer ? `${count(layer.zeros)} of ${count(layer.weights)} are 0; ` : "");
    setText(this.dead, layer ? `${layer.dead} of ${layer.units} ${units} dead` : "");
    this.bar.draw(layer);
    this.kinds.draw(layer);
  }
}
